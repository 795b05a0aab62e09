//! How much the checks find, and how often they speak without cause: sentences and small circulars
//! of our own writing below `tests/sentences`, each with the codes that it should get. What comes
//! out stands in the READMEs (see `readme.rs`).

use std::collections::BTreeSet;
use std::path::Path;

use hongtou::check;
use hongtou::compose::{Templates, compose};
use hongtou::diag::Diagnostics;
use hongtou::document::document;
use hongtou::pipeline;

/// A circular without a fault; what a case writes takes the place of its keys.
const BASE: &[(&str, &str)] = &[
    ("文种", "问题通报"),
    ("标题", "甲局关于乙的通报"),
    ("署名", "甲局"),
    ("成文日期", "2026年7月1日"),
    ("正文", "现将有关情况通报如下。"),
    ("附注", "此件公开发布"),
];

/// Keys of a circular with the codes that they should get.
struct Case {
    line: usize,
    expected: BTreeSet<String>,
    keys: String,
}

impl Case {
    /// The codes of errors, warnings and notes that a clerk would be told, pages apart.
    fn found(&self, folder: &Path) -> BTreeSet<String> {
        let mut text = String::new();
        for (key, value) in BASE {
            let own = self
                .keys
                .lines()
                .any(|line| line.starts_with(&format!("{key}:")));
            if !own {
                text.push_str(&format!("{key}: {value}\n"));
            }
        }
        text.push_str(&self.keys);
        let file = folder.join("公文.yaml");
        std::fs::write(&file, text).unwrap();
        let mut diagnostics = Diagnostics::default();
        let loaded = pipeline::load(&file, &mut diagnostics).unwrap();
        if let Some(circular) = &loaded.circular {
            let draft = compose(circular, &Templates::default(), &mut diagnostics);
            let document = draft.and_then(|draft| document(circular, &draft, &mut diagnostics));
            check::check(circular, document.as_ref(), &mut diagnostics);
        }
        diagnostics
            .iter()
            .map(|fault| fault.code.to_owned())
            .collect()
    }
}

/// A line each; with `faulty` its codes come first.
fn sentences(file: &str, faulty: bool) -> Vec<Case> {
    let text = read(file);
    let lines = (1..).zip(text.lines());
    let lines = lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    let case = |(line, text): (usize, &str)| {
        let (codes, sentence) = match faulty {
            true => text.split_once(' ').unwrap(),
            false => ("-", text),
        };
        let paragraphs: Vec<String> = sentence
            .split('¶')
            .map(|text| format!("  {text}\n"))
            .collect();
        Case {
            line,
            expected: expected(codes),
            keys: format!("正文: |\n{}", paragraphs.join("\n")),
        }
    };
    lines.map(case).collect()
}

/// Small circulars, each below `=== code`.
fn circulars(file: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (line, text) in (1..).zip(read(file).lines()) {
        match (text.strip_prefix("=== "), cases.last_mut()) {
            (Some(codes), _) => cases.push(Case {
                line,
                expected: expected(codes),
                keys: String::new(),
            }),
            (None, Some(case)) => case.keys.push_str(&format!("{text}\n")),
            (None, None) => {}
        }
    }
    cases
}

fn expected(codes: &str) -> BTreeSet<String> {
    let codes = codes.split('+').filter(|code| *code != "-");
    codes.map(str::to_owned).collect()
}

fn read(file: &str) -> String {
    std::fs::read_to_string(crate::root().join("tests/sentences").join(file)).unwrap()
}

/// What came of the cases of one file.
#[derive(Default)]
pub struct Tally {
    pub faulty: usize,
    pub found: usize,
    pub clean: usize,
    pub alarms: usize,
    /// What is not as it should be, a line each.
    pub slips: Vec<String>,
}

fn tally(cases: &[Case]) -> Tally {
    let folder = tempfile::tempdir().unwrap();
    let mut tally = Tally::default();
    for case in cases {
        let found = case.found(folder.path());
        if case.expected.is_empty() {
            tally.clean += 1;
            tally.alarms += usize::from(!found.is_empty());
        } else {
            tally.faulty += 1;
            tally.found += usize::from(case.expected.is_subset(&found));
        }
        if found != case.expected {
            let Case {
                line,
                expected,
                keys,
            } = case;
            tally
                .slips
                .push(format!("{line}: {expected:?} → {found:?}\n{keys}"));
        }
    }
    tally
}

#[test]
fn show() {
    for (name, cases) in [
        ("faulty", sentences("unseen-faulty.txt", true)),
        ("clean", sentences("unseen-clean.txt", false)),
        ("data", circulars("unseen-data.txt")),
    ] {
        let tally = tally(&cases);
        println!(
            "{name}: faulty {} found {} clean {} alarms {} slips {}\n{}",
            tally.faulty,
            tally.found,
            tally.clean,
            tally.alarms,
            tally.slips.len(),
            tally.slips.join("")
        );
    }
}
