//! Faulty inputs: each file below `tests/check` says which faults it has, on their lines. A line
//! that cannot carry a comment is named in the first lines: `# error@3: code`. A file that begins
//! with `# input: 台账.xlsx` speaks for the workbook beside it; `# options: --seal` asks for another
//! edition.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use hongtou::batch::{self, Folder, Numbering, Options, Run};
use hongtou::cli::report;
use hongtou::compose::Templates;
use hongtou::diag::{Diagnostic, Diagnostics, Origin, Severity, Sources};
use hongtou::load::load;
use hongtou::model::Edition;
use hongtou::pipeline;
use hongtou::typeset::Fonts;

#[test]
fn every_file_has_the_faults_it_says() {
    let mut wrong = String::new();
    for path in fixtures() {
        let expected = expectations(&fs::read_to_string(&path).unwrap());
        let (diagnostics, sources, made) = run(&path);
        let found: BTreeSet<_> = diagnostics.iter().map(summary).collect();
        if found != expected {
            let report = report::text(&diagnostics, &sources);
            wrong.push_str(&format!(
                "{}\nexpected {expected:#?}\n{report}\n",
                path.display()
            ));
        }
        // Some files set levels of their own.
        let own_levels = fs::read_to_string(&path).unwrap().contains("\n检查:");
        for diagnostic in diagnostics.iter().filter(|_| !own_levels) {
            let rule = pipeline::rules().find(|rule| rule.code == diagnostic.code);
            let weighs = rule.map(|rule| rule.severity);
            assert_eq!(weighs, Some(diagnostic.severity), "{diagnostic}");
        }
        let has_errors = diagnostics.iter().any(|d| d.severity == Severity::Error);
        assert_eq!(!made, has_errors, "{}", path.display());
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_code_has_a_file() {
    let tested: BTreeSet<String> = fixtures()
        .iter()
        .flat_map(|path| expectations(&fs::read_to_string(path).unwrap()))
        .map(|(_, _, code)| code)
        .collect();
    let codes: Vec<&str> = pipeline::rules().map(|rule| rule.code).collect();
    let missing: Vec<_> = codes
        .iter()
        .filter(|code| !tested.contains(**code))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
    let known: BTreeSet<&str> = codes.iter().copied().collect();
    assert_eq!(known.len(), codes.len());
    for code in &tested {
        assert!(known.contains(code.as_str()), "{code} is not listed");
    }
}

#[test]
fn messages_are_chinese_sentences_without_full_stop() {
    for path in fixtures() {
        for diagnostic in &run(&path).0 {
            let Diagnostic {
                code,
                message,
                hint,
                ..
            } = diagnostic;
            let hint = hint.as_deref().unwrap_or_default();
            let note = diagnostic.severity == Severity::Note;
            assert!(
                note || !hint.is_empty(),
                "{code} has no hint: {}",
                path.display()
            );
            for text in [message.as_str(), hint]
                .into_iter()
                .filter(|text| !text.is_empty())
            {
                assert!(!text.ends_with(['。', '.']), "{text}");
                assert!(text.chars().any(|c| c > '\u{4e00}'), "{text}");
            }
        }
    }
}

/// The faults of a file, its sources, and whether something came of it. Files in `whole` go through
/// all stages, the others are loaded.
fn run(path: &Path) -> (Vec<Diagnostic>, Sources, bool) {
    let text = fs::read_to_string(path).unwrap();
    let other = text
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("# input: "));
    let path = &other.map_or(path.to_owned(), |name| path.with_file_name(name));
    if path.parent().unwrap().ends_with("batch") {
        return batch(path, &text);
    }
    if path.parent().unwrap().ends_with("whole") {
        let wished = |option: &str| {
            let mut lines = text
                .lines()
                .filter_map(|line| line.strip_prefix("# options: "));
            lines.any(|options| options.split(' ').any(|wished| wished == option))
        };
        let edition = Edition {
            draft: wished("--draft"),
            seal: wished("--seal"),
            copies_before: if wished("--copies-before=999999") {
                999_999
            } else {
                0
            },
            ..Edition::default()
        };
        let outcome = pipeline::run_edition(path, None, edition, None).unwrap();
        return (
            outcome.diagnostics,
            outcome.sources,
            outcome.pages.is_some(),
        );
    }
    let mut diagnostics = Diagnostics::default();
    let loaded = load(path, &mut diagnostics).unwrap();
    (
        diagnostics.sorted(),
        loaded.sources,
        loaded.circular.is_some(),
    )
}

/// Runs a batch into a new folder. A first line `# before: 甲函〔2026〕5号 甲镇 乙镇` gives the numbers
/// of an earlier run.
fn batch(path: &Path, text: &str) -> (Vec<Diagnostic>, Sources, bool) {
    let mut diagnostics = Diagnostics::default();
    let loaded = pipeline::load(path, &mut diagnostics).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut numbering = Numbering::default();
    let before = text
        .lines()
        .next()
        .and_then(|l| l.strip_prefix("# before: "));
    if let Some((first, units)) = before.and_then(|before| before.split_once(' ')) {
        numbering.first = first.to_owned();
        numbering.units = units.split(' ').map(str::to_owned).collect();
    }
    let mut made = false;
    if let Some(circular) = &loaded.circular
        && let Some(plan) = batch::plan(circular, numbering, &mut diagnostics)
    {
        let run = Run {
            plan: &plan,
            templates: &Templates::default(),
            fonts: &Fonts::embedded(),
            options: &Options::default(),
        };
        let folder = Folder::open(folder.path()).unwrap();
        let summary = run.make(folder, &AtomicBool::new(false), &mut |_| {});
        let summary = summary.unwrap();
        made = summary.failures().next().is_none();
        for done in summary.done {
            diagnostics.extend(done.diagnostics);
        }
    }
    (diagnostics.sorted(), loaded.sources, made)
}

/// Severity, line and code. A fault in a second file counts at line 0.
type Expectation = (String, u32, String);

fn expectations(text: &str) -> BTreeSet<Expectation> {
    let mut expectations = BTreeSet::new();
    for (number, line) in (1..).zip(text.split('\n')) {
        let comments = line.split('#').skip(1);
        for comment in comments {
            let Some((head, code)) = comment.split_once(": ") else {
                continue;
            };
            let (severity, line) = match head.trim().split_once('@') {
                Some((severity, line)) => (severity, line.parse().unwrap()),
                None => (head.trim(), number),
            };
            if matches!(severity, "error" | "warning" | "note") {
                expectations.insert((severity.to_owned(), line, code.trim().to_owned()));
            }
        }
    }
    expectations
}

fn summary(diagnostic: &Diagnostic) -> Expectation {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let line = match &diagnostic.origin {
        Origin::Text { file, line, .. } if file.ends_with(".yaml") => *line,
        _ => 0,
    };
    (severity.to_owned(), line, diagnostic.code.to_owned())
}

fn fixtures() -> Vec<PathBuf> {
    let mut files = Vec::new();
    collect(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check"),
        &mut files,
    );
    files.sort();
    assert!(!files.is_empty());
    files
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            files.push(path);
        }
    }
}
