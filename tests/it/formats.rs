//! The gallery below `examples/formats`: each file builds without a fault, with and without its seals, as
//! a draft, on preprinted paper and as plain text; its pages show what its name says.

use std::path::{Path, PathBuf};

use hongtou::conform::{Force, Verdict};
use hongtou::diag::Severity;
use hongtou::model::{Edition, RedHeader};
use hongtou::pipeline::{self, Outcome};
use hongtou::typeset::{InkLine, Pages, Part, Standard};

/// Every file but the one that is a draft by its words.
fn gallery() -> Vec<PathBuf> {
    let mut files = crate::entries(&crate::root().join("examples/formats"));
    files.retain(|file| file.extension().is_some_and(|ending| ending == "yaml"));
    files.retain(|file| !name(file).starts_with("草稿"));
    files
}

fn name(file: &Path) -> String {
    file.file_stem().unwrap().to_string_lossy().into_owned()
}

fn run(file: &Path, edition: Edition) -> Outcome {
    let outcome = pipeline::run_edition(file, None, edition, None)
        .unwrap_or_else(|refusal| panic!("{}: {refusal}", file.display()));
    let faults: Vec<_> = outcome
        .diagnostics
        .iter()
        .filter(|fault| fault.severity != Severity::Note)
        .collect();
    assert!(faults.is_empty(), "{}: {faults:#?}", file.display());
    outcome
}

fn pages(name: &str, edition: Edition) -> Pages {
    let file = crate::root()
        .join("examples/formats")
        .join(format!("{name}.yaml"));
    run(&file, edition).pages.unwrap()
}

fn sealed() -> Edition {
    Edition {
        seal: true,
        ..Edition::default()
    }
}

fn has_pictures(file: &Path) -> bool {
    let text = std::fs::read_to_string(file).unwrap();
    text.contains("印章图:") || text.contains("图: 图/签名")
}

#[test]
fn every_file_builds_without_a_fault_in_every_edition() {
    let files = gallery();
    assert!(files.len() >= 15, "{files:?}");
    for file in files {
        let text = run(&file, Edition::default()).document.unwrap().to_string();
        assert!(!text.is_empty());
        for red_header in [RedHeader::Preprinted, RedHeader::None] {
            run(
                &file,
                Edition {
                    red_header: Some(red_header),
                    ..Edition::default()
                },
            );
        }
        if has_pictures(&file) {
            let pages = run(&file, sealed()).pages.unwrap();
            let drawn = pages
                .images()
                .iter()
                .filter(|image| image.part == Part::Seal);
            assert!(drawn.count() > 0, "{}", name(&file));
            assert!(pages.pdf().starts_with(b"%PDF"));
        }
    }
}

#[test]
fn no_seal_is_drawn_unless_it_is_asked_for() {
    for file in gallery() {
        let pages = run(&file, Edition::default()).pages.unwrap();
        let mut seals = pages
            .images()
            .iter()
            .filter(|image| image.part == Part::Seal);
        assert!(seals.next().is_none(), "{}", name(&file));
    }
}

#[test]
fn nothing_lies_outside_the_type_area_but_what_belongs_there() {
    for file in gallery() {
        let pages = run(&file, Edition::default()).pages.unwrap();
        // One mirrors its margins: its even pages stand 2 mm further to the left.
        if name(&file) == "单位版式" {
            continue;
        }
        let outside = |line: &&InkLine| {
            !matches!(line.part, Part::PageNumber)
                && (line.left < 27.9
                    || line.right > 184.1
                    || line.top < 36.5
                    || line.bottom > 262.1)
        };
        for line in pages.ink().iter().filter(outside) {
            // The mark of a letter stands above it.
            let letter = name(&file).starts_with("信函") && line.part == Part::IssuerMark;
            assert!(letter, "{}: {line}", name(&file));
        }
    }
}

#[test]
fn the_plain_copy_has_no_red_and_keeps_all_words() {
    let count = |edition| {
        let pages = pages("文件-单一机关-预留印章", edition);
        let red = pages
            .ink()
            .iter()
            .filter(|line| line.fill == "#e60012")
            .count();
        let text = pages
            .ink()
            .iter()
            .filter(|line| line.part == Part::MainText);
        (red, text.map(|line| line.text.clone()).collect::<String>())
    };
    let plain = Edition {
        red_header: Some(RedHeader::None),
        ..Edition::default()
    };
    let ((red, text), (none, same)) = (count(Edition::default()), count(plain));
    assert!(red > 0 && none == 0);
    assert_eq!(text, same);
}

#[test]
fn a_draft_is_marked_on_each_page_and_leaves_number_and_dates_open() {
    let draft = Edition {
        draft: true,
        ..Edition::default()
    };
    let mut files = gallery();
    files.push(crate::root().join("examples/formats/草稿-待核实.yaml"));
    for file in files {
        let outcome = run(&file, draft);
        let document = outcome.document.unwrap();
        let pages = outcome.pages.unwrap();
        for page in 1..=pages.len() {
            let marks = pages.ink().iter().filter(|line| line.page == page);
            let marks = marks.filter(|line| line.part == Part::Draft).count();
            assert!(marks >= 2, "{} page {page}", name(&file));
        }
        assert!(document.doc_date.text().ends_with("年　月　日"));
        if let Some(number) = &document.doc_number {
            assert!(number.text().ends_with("　号"), "{}", number.text());
        }
        assert!(document.copy_number.is_none());
        let mut seals = pages
            .images()
            .iter()
            .filter(|image| image.part == Part::Seal);
        assert!(seals.all(|seal| seal.outline));
    }
}

#[test]
fn a_draft_shows_its_version_and_blocks_the_formal_copy() {
    let file = crate::root().join("examples/formats/草稿-待核实.yaml");
    let draft = Edition {
        draft: true,
        ..Edition::default()
    };
    let pages = run(&file, draft).pages.unwrap();
    assert!(pages.ink().iter().any(|line| line.text.contains("第2稿")));
    assert!(
        pages
            .ink()
            .iter()
            .any(|line| line.text == "样政办发〔2026〕　号")
    );
    let formal = pipeline::run(&file, None).unwrap();
    let codes: Vec<_> = formal.diagnostics.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["header/doc-number/open", "text/marker/unverified"]);
    assert!(formal.pages.is_none());
}

#[test]
fn copies_count_their_numbers_on() {
    for copies_before in [0, 7] {
        let edition = Edition {
            copies_before,
            ..Edition::default()
        };
        let pages = pages("文件-涉密-份号密级紧急程度", edition);
        let number = pages
            .ink()
            .iter()
            .find(|line| line.part == Part::CopyNumber);
        assert_eq!(number.unwrap().text, format!("{:06}", 12 + copies_before));
    }
}

#[test]
fn titles_have_as_many_lines_as_their_file_says() {
    for (name, count) in [
        ("标题-一行", 1),
        ("文件-单一机关-不盖章", 2),
        ("标题-三行", 3),
        ("标题-四行-版记另占一面", 4),
    ] {
        let pages = pages(name, Edition::default());
        let title = pages.ink().iter().filter(|line| line.part == Part::Title);
        assert_eq!(title.count(), count, "{name}");
    }
}

#[test]
fn the_habits_of_a_unit_are_followed_and_listed() {
    let file = crate::root().join("examples/formats/单位版式.yaml");
    let outcome = run(&file, Edition::default());
    let listed = |code| {
        let notes = outcome
            .diagnostics
            .iter()
            .filter(move |note| note.code == code);
        notes.map(|note| note.message.clone()).collect::<Vec<_>>()
    };
    let departs = listed("page/profile/departs");
    assert_eq!(departs.len(), 1, "{departs:?}");
    assert!(departs[0].contains("第三层标题加粗") && departs[0].contains("7.3.3"));
    assert_eq!(listed("page/profile/habit").len(), 8);
    let pages = outcome.pages.as_ref().unwrap();
    let ink = |part| pages.ink().iter().filter(move |line| line.part == part);
    let mark = ink(Part::IssuerMark).next().unwrap();
    assert_eq!(mark.fill, "#ff0000");
    assert!((mark.bottom - mark.top - 18.0).abs() < 0.1);
    let text: Vec<_> = ink(Part::MainText)
        .filter(|line| line.size == 16.0)
        .collect();
    let pitch = text[1].baseline - text[0].baseline;
    assert!((pitch - 28.95 * 25.4 / 72.0).abs() < 0.01, "{pitch}");
    // Even pages have the narrow margin at the left.
    let even = text.iter().filter(|line| line.page == 2);
    let left = even.map(|line| line.cells[0]).fold(f64::INFINITY, f64::min);
    assert!((left - 26.0).abs() < 0.05, "{left}");
    let cell = ink(Part::MainText)
        .find(|line| line.text == "更新不及时")
        .unwrap();
    assert_eq!(cell.family, "Noto Serif SC");
    let title = ink(Part::AttachmentTitle(1)).next().unwrap();
    assert_eq!((title.family.as_str(), title.size), ("Noto Sans SC", 16.0));
    let report = outcome.report.as_ref().unwrap();
    assert_eq!(report.broken_musts().count(), 0);
    let measured = report.measures.iter();
    let mut titles = measured.filter(|measure| measure.what.starts_with("附件标题字体字号"));
    let title = titles.next().unwrap();
    assert!(title.expected.starts_with("三号黑体"), "{}", title.expected);
    assert_eq!(title.verdict, Verdict::Kept);
    // The proof lists each habit with the standard's word.
    assert_eq!(report.habits.len(), 9);
    let html = report.html(pages);
    for habit in &report.habits {
        assert!(
            html.contains(&habit.what) && html.contains(habit.standard),
            "{}",
            habit.what
        );
    }
}

#[test]
fn a_copy_for_the_press_has_the_inks_of_the_standard_alone() {
    let press = Edition {
        press: true,
        ..Edition::default()
    };
    for file in gallery() {
        let outcome = run(&file, press);
        let pages = outcome.pages.as_ref().unwrap();
        let lines = pages.ink().iter().map(|line| &line.fill);
        let rules = pages.rules().iter().map(|rule| &rule.fill);
        for fill in lines.chain(rules) {
            let inks = ["C0 M80 Y80 K0", "C0 M0 Y0 K100"];
            assert!(inks.contains(&fill.as_str()), "{}: {fill}", name(&file));
        }
        let report = outcome.report.as_ref().unwrap();
        let inks = report.measures.iter().filter(|m| m.clause == "6.2");
        let broken = inks.clone().find(|m| m.verdict == Verdict::Broken);
        assert_eq!((inks.count(), broken), (2, None), "{}", name(&file));
        // An archive's standard refuses inks, and says so instead of writing other colours.
        assert!(pages.pdf_as(&[Standard::A2b]).is_err());
    }
    // On a screen there are no inks to measure.
    let outcome = run(&gallery()[0], Edition::default());
    let report = outcome.report.unwrap();
    assert!(report.measures.iter().all(|m| m.clause != "6.2"));
}

#[test]
fn the_inks_of_a_unit_are_printed_and_told_to_differ() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("通知.yaml");
    let gallery = crate::root().join("examples/formats/文件-单一机关-不盖章.yaml");
    let text = std::fs::read_to_string(gallery).unwrap();
    std::fs::write(&file, text + "\n版式: 版式.yaml\n").unwrap();
    std::fs::write(folder.path().join("版式.yaml"), "印刷红色: M100 Y100\n").unwrap();
    let press = Edition {
        press: true,
        ..Edition::default()
    };
    let outcome = run(&file, press);
    let mark = outcome.pages.as_ref().unwrap().ink();
    let mark = mark.iter().find(|line| line.part == Part::IssuerMark);
    assert_eq!(mark.unwrap().fill, "C0 M100 Y100 K0");
    let departs = outcome.diagnostics.iter();
    let mut departs = departs.filter(|note| note.code == "page/profile/departs");
    assert!(departs.next().unwrap().message.contains("6.2"));
    let report = outcome.report.unwrap();
    let red = report
        .measures
        .iter()
        .find(|m| m.what.starts_with("红色油墨"));
    let red = red.unwrap();
    assert_eq!((red.verdict, red.force), (Verdict::Broken, Force::Normally));
}

#[test]
fn recipients_move_to_the_imprint_where_page_one_has_no_room() {
    let file = crate::root().join("examples/formats/文件-主送机关移至版记.yaml");
    let outcome = run(&file, Edition::default());
    let report = outcome.report.unwrap();
    let moved = report
        .measures
        .iter()
        .filter(|m| m.what.contains("移至版记"));
    let verdicts: Vec<_> = moved.map(|m| m.verdict).collect();
    assert_eq!(verdicts, [Verdict::Kept; 2]);
    assert!(report.measures.iter().all(|m| m.verdict != Verdict::Broken));
}
