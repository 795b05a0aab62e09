//! The five examples on real facts: they build without a fault, and one changed row changes what
//! depends on it and nothing else.

use std::path::{Path, PathBuf};

use hongtou::diag::Severity;
use hongtou::document::Document;
use hongtou::pipeline::{self, Outcome};

fn examples() -> Vec<PathBuf> {
    let folders = crate::entries(&crate::root().join("examples"));
    folders
        .into_iter()
        .map(|folder| folder.join("circular.yaml"))
        .filter(|file| file.exists())
        .collect()
}

fn run(file: &Path) -> Outcome {
    pipeline::run(file, None).unwrap_or_else(|refusal| panic!("{}: {refusal}", file.display()))
}

fn text(document: &Document) -> Vec<String> {
    let shown = document.to_string();
    // Places are left out: an edited row may move them.
    let line = |line: &str| {
        let parts = line
            .split('〈')
            .map(|part| part.split_once('〉').map_or(part, |(_, text)| text));
        parts.collect::<String>()
    };
    shown.lines().map(line).collect()
}

#[test]
fn every_example_builds_without_a_fault() {
    let examples = examples();
    assert!(examples.len() >= 5);
    for file in examples {
        let outcome = run(&file);
        let faults: Vec<_> = outcome
            .diagnostics
            .iter()
            .filter(|fault| fault.severity != Severity::Note)
            .collect();
        assert!(faults.is_empty(), "{}: {faults:#?}", file.display());
        assert!(outcome.pages.is_some());
    }
}

#[test]
fn figures_of_the_examples_are_those_of_the_real_papers() {
    let facts: [(&str, &[&str]); 5] = [
        (
            "ejinhoro-2024q1",
            &[
                "15785条",
                "123条",
                "57条",
                "18条",
                "75条",
                "采用率为61%",
                "旗公安局（921条）",
            ],
        ),
        ("naiman-notice", &["以下八类问题"]),
        (
            "naiman-serious",
            &["等9个政务新媒体", "“活力苇莲苏”“富饶的甸子”"],
        ),
        ("otog-front-2020q3", &["64个", "21个"]),
        ("sanming-2021q3", &["35个"]),
    ];
    for (name, facts) in facts {
        let file = crate::root()
            .join("examples")
            .join(name)
            .join("circular.yaml");
        let words = text(&run(&file).document.unwrap()).join("\n");
        for fact in facts {
            assert!(words.contains(fact), "{name} lacks {fact}");
        }
    }
}

#[test]
fn lists_of_units_follow_the_rule_of_the_real_paper() {
    let file = crate::root().join("examples/ejinhoro-2024q1/circular.yaml");
    let words = text(&run(&file).document.unwrap()).join("\n");
    let order = [
        "阿勒腾席热镇人民政府（1390条）、乌兰木伦镇人民政府（1339条）、纳林陶亥镇人民政府（1077条）",
        "伊金霍洛镇人民政府（714条）、旗公安局（921条）、旗文化和旅游局（778条）",
        "旗发展和改革委员会（90条）、旗医疗保障局（90条）、旗财政局（87条）",
    ];
    for part in order {
        assert!(words.contains(part), "{part}");
    }
}

const BOOK: &str = "问题台账.xlsx";

/// Every line of ejinhoro-2024q1 that differs after cells of a sheet, counted from 1, were edited.
fn changed(sheet: usize, cells: &[(&str, &str)]) -> Vec<(String, String)> {
    let folder = crate::cells::copy_of("ejinhoro-2024q1");
    let file = folder.path().join("circular.yaml");
    let before = text(&run(&file).document.unwrap());
    crate::cells::edit(&folder.path().join(BOOK), sheet, cells);
    let after = text(&run(&file).document.unwrap());
    assert_eq!(before.len(), after.len());
    before
        .into_iter()
        .zip(after)
        .filter(|(before, after)| before != after)
        .collect()
}

#[test]
fn one_edited_cell_changes_what_depends_on_it_and_nothing_else() {
    // An office program works out the total below anew.
    let changes = changed(3, &[("D21", "50"), ("D22", "124")]);
    assert_eq!(changes.len(), 1, "{changes:#?}");
    let (before, after) = &changes[0];
    assert_eq!(
        *after,
        before
            .replace("123条", "124条")
            .replace("（49条）", "（50条）")
    );
}

#[test]
fn a_row_that_becomes_larger_moves_up_in_its_list() {
    let changes = changed(4, &[("D9", "1000"), ("D39", "16698")]);
    assert_eq!(changes.len(), 1, "{changes:#?}");
    assert!(
        changes[0]
            .1
            .contains("伊金霍洛镇人民政府（714条）、旗财政局（1000条）、旗公安局（921条）")
    );
    assert!(changes[0].1.contains("16698条"));
}

#[test]
fn an_edited_cell_shows_in_the_trace() {
    let folder = crate::cells::copy_of("ejinhoro-2024q1");
    let cells = [("D21", "50"), ("D22", "124")];
    crate::cells::edit(&folder.path().join(BOOK), 3, &cells);
    let trace = run(&folder.path().join("circular.yaml")).trace().unwrap();
    let sum = trace.0.iter().find(|entry| entry.value == "124").unwrap();
    let cell = sum
        .cells
        .iter()
        .find(|cell| cell.text.as_deref() == Some("50"));
    assert!(
        cell.unwrap()
            .origin
            .to_string()
            .ends_with("问题台账.xlsx:新媒体本年度!D21")
    );
}

#[test]
fn a_total_of_the_ledger_that_its_rows_do_not_give_is_a_fault_at_its_cell() {
    let folder = crate::cells::copy_of("ejinhoro-2024q1");
    crate::cells::edit(&folder.path().join(BOOK), 3, &[("D22", "124")]);
    let outcome = run(&folder.path().join("circular.yaml"));
    let fault = outcome
        .diagnostics
        .iter()
        .find(|f| f.severity == Severity::Error);
    assert!(
        fault
            .unwrap()
            .origin
            .to_string()
            .ends_with("问题台账.xlsx:新媒体本年度!D22")
    );
}
