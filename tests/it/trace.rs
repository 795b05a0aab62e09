//! The trace of the example with the most figures: every one leads back to its cells.

use calamine::Reader;
use hongtou::diag::Origin;
use hongtou::document::{Block, Document, Words};
use hongtou::pipeline::{self, Outcome};
use hongtou::trace::Entry;

fn ejinhoro() -> Outcome {
    pipeline::run(
        &crate::root().join("examples/ejinhoro-2024q1/circular.yaml"),
        None,
    )
    .unwrap()
}

/// The only entry of this value and expression.
fn entry<'a>(entries: &'a [Entry], value: &str, expression: &str) -> &'a Entry {
    let fits = |entry: &&Entry| {
        entry.value == value
            && entry
                .expression
                .as_deref()
                .is_some_and(|e| e.contains(expression))
    };
    let found: Vec<&Entry> = entries.iter().filter(fits).collect();
    assert_eq!(found.len(), 1, "{value} {expression}");
    found[0]
}

fn texts(entry: &Entry) -> Vec<&str> {
    entry
        .cells
        .iter()
        .map(|cell| cell.text.as_deref().unwrap())
        .collect()
}

#[test]
fn every_sum_leads_back_to_the_cells_that_make_it() {
    let trace = ejinhoro().trace().unwrap();
    let sums = [
        (15785, "新媒体以前年度|求和", 35),
        (123, "新媒体本年度|求和", 18),
        (57, "筛选(层级=\"自治区\")|求和", 14),
        (18, "筛选(层级=\"市本级\")|求和", 5),
        (75, "网站抽查|求和", 19),
        (6, "隐私泄露|求和", 2),
    ];
    for (sum, expression, cells) in sums {
        let entry = entry(&trace.0, &sum.to_string(), expression);
        // What 筛选 tested stands among the cells too, as words.
        let figures: Vec<i64> = texts(entry)
            .iter()
            .filter_map(|text| text.parse().ok())
            .collect();
        assert_eq!(
            (figures.len(), figures.iter().sum::<i64>()),
            (cells, sum),
            "{expression}"
        );
        assert!(
            entry
                .lines
                .iter()
                .any(|(_, line)| line.contains(&sum.to_string()))
        );
        assert_eq!(entry.part, "正文");
    }
    assert_eq!(texts(entry(&trace.0, "61%", "占比")), ["52", "85"]);
    let book = crate::root().join("examples/ejinhoro-2024q1/问题台账.xlsx");
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(book).unwrap();
    let mut in_the_book = 0;
    for cell in trace.0.iter().flat_map(|entry| &entry.cells) {
        if let Origin::Cell {
            sheet, row, column, ..
        } = &cell.origin
        {
            in_the_book += 1;
            let range = book.worksheet_range(sheet).unwrap();
            let value = range.get_value((*row, *column)).unwrap().to_string();
            assert_eq!(
                cell.text.as_deref(),
                Some(value.as_str()),
                "{}",
                cell.origin
            );
        }
    }
    assert!(in_the_book > 200);
}

fn paragraphs(document: &Document) -> Vec<&Words> {
    let words = |block| match block {
        &Block::Paragraph(ref words)
        | &Block::Heading {
            run_in: ref words, ..
        } => Some(words),
        _ => None,
    };
    document.main_text.iter().filter_map(words).collect()
}

#[test]
fn no_digit_of_the_four_lists_is_typed_and_each_has_its_entry() {
    let outcome = ejinhoro();
    let trace = outcome.trace().unwrap();
    let starts = ["其中，自治区抽查发现", "本年度问题共有", "以前年度的错别字"];
    let lists: Vec<&Words> = paragraphs(outcome.document.as_ref().unwrap())
        .into_iter()
        .filter(|words| starts.iter().any(|start| words.text().starts_with(start)))
        .collect();
    assert_eq!(lists.len(), 3);
    let mut figures = 0;
    for run in lists.iter().flat_map(|words| &words.0) {
        if run.text.contains(|char: char| char.is_ascii_digit()) {
            figures += 1;
            assert!(!run.cells.is_empty(), "{} is typed", run.text);
            let entries = trace.0.iter().filter(|entry| {
                entry.value == run.text && entry.template.as_ref() == Some(&run.origin)
            });
            assert_eq!(entries.count(), 1, "{}", run.text);
        }
    }
    // Four sums, four counts, four lists.
    assert_eq!(figures, 12);
}

#[test]
fn cells_of_attached_tables_stand_in_the_trace_with_their_page() {
    let file = crate::root().join("examples/otog-front-2020q3/circular.yaml");
    let trace = pipeline::run(&file, None).unwrap().trace().unwrap();
    let found: Vec<&Entry> = trace
        .0
        .iter()
        .filter(|e| e.part == "附件1" && e.value == "41")
        .collect();
    let [cell] = found[..] else {
        panic!("{found:#?}")
    };
    assert_eq!(
        (cell.expression.as_ref(), cell.block, texts(cell)),
        (None, 2, vec!["41"])
    );
    assert!(matches!(&cell.lines[..], [(page, line)] if *page > 1 && line == "41"));
}

#[test]
fn two_runs_give_the_same_trace() {
    let json = || ejinhoro().trace().unwrap().json();
    assert_eq!(json(), json());
}

/// The codes and lines of the faults when `from` is replaced in the example.
fn faults_after(from: &str, to: &str) -> Vec<(String, String)> {
    let folder = crate::cells::copy_of("ejinhoro-2024q1");
    let edited = folder.path().join("circular.yaml");
    let source = std::fs::read_to_string(&edited).unwrap();
    assert_eq!(source.matches(from).count(), 1, "{from}");
    std::fs::write(&edited, source.replace(from, to)).unwrap();
    let outcome = pipeline::run(&edited, None).unwrap();
    let fault = |fault: &hongtou::diag::Diagnostic| {
        let Origin::Text { file, line, .. } = &fault.origin else {
            panic!("{fault}")
        };
        assert!(!fault.related.is_empty());
        (
            fault.code.to_owned(),
            outcome.sources.line(file, *line).unwrap().to_owned(),
        )
    };
    let faults = outcome.diagnostics.iter();
    faults
        .filter(|fault| fault.code.starts_with("figures/"))
        .map(fault)
        .collect()
}

#[test]
fn a_total_typed_wrong_by_hand_is_caught_at_its_line() {
    let total = "figures/total/differs-from-parts";
    let cases = [
        ("{{ 新媒体本年度|求和(\"数量\") }}条", "124条", total),
        ("{{ 新媒体以前年度|求和(\"数量\") }}条", "15784条", total),
        (
            "严重表述问题{{ 网站抽查|求和(\"数量\") }}条",
            "严重表述问题76条",
            total,
        ),
        ("{{ 隐私泄露|求和(\"数量\") }}条", "7条", total),
        (
            "{{ 新媒体本年度|计数 }}个单位",
            "17个单位",
            "figures/count/differs-from-list",
        ),
        (
            "{{ 市网站采用|占比(报送市网站) }}",
            "63%",
            "figures/rate/differs-from-figures",
        ),
    ];
    for (from, to, code) in cases {
        let faults = faults_after(from, to);
        assert_eq!(faults.len(), 1, "{to}: {faults:#?}");
        assert_eq!(faults[0].0, code);
        assert!(faults[0].1.contains(to), "{faults:#?}");
    }
}

#[test]
fn every_place_that_a_value_leads_to_is_shown_with_its_letters() {
    for example in [
        "ejinhoro-2024q1",
        "naiman-notice",
        "otog-front-2020q3",
        "quarter-end",
        "sanming-2021q3",
    ] {
        let file = crate::root().join("examples").join(example);
        let outcome = pipeline::run(&file.join("circular.yaml"), None).unwrap();
        let entries = outcome.trace().unwrap().0;
        assert!(entries.iter().any(|entry| !entry.cells.is_empty()));
        for (entry, cell) in entries
            .iter()
            .flat_map(|entry| entry.cells.iter().map(move |cell| (entry, cell)))
        {
            assert!(cell.text.is_some(), "{example}: {entry:?}");
        }
    }
}
