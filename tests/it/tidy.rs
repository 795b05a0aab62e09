//! The code itself: stages use only earlier stages, and only the report prints.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What each stage may use besides itself.
const STAGES: &[(&str, &[&str])] = &[
    ("diag", &[]),
    ("model", &["diag"]),
    ("load", &["diag", "model"]),
    ("compose", &["diag", "model"]),
    ("document", &["compose", "diag", "model"]),
    ("check", &["diag", "document", "model"]),
    ("typeset", &["diag", "document", "model"]),
    ("conform", &["diag", "document", "model", "typeset"]),
    ("trace", &["diag", "document", "model", "typeset"]),
];

/// What stands above the stages and calls them.
const ABOVE: &[&str] = &["batch", "cli", "watch"];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in crate::entries(folder) {
        if entry.is_dir() {
            files.extend(sources(&entry));
        } else if entry.extension().is_some_and(|ending| ending == "rs") {
            files.push(entry);
        }
    }
    files
}

fn code(file: &Path) -> String {
    let text = std::fs::read_to_string(file).unwrap();
    let text = text.split("#[cfg(test)]").next().unwrap().to_owned();
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn stages_use_only_earlier_stages() {
    let folders: Vec<String> = crate::entries(&crate::root().join("src"))
        .iter()
        .filter(|entry| entry.is_dir())
        .map(|folder| folder.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    let stages = STAGES.iter().map(|(stage, _)| *stage);
    let known: BTreeSet<&str> = stages.chain(ABOVE.iter().copied()).collect();
    assert_eq!(
        folders.iter().map(String::as_str).collect::<BTreeSet<_>>(),
        known
    );
    let files = ["output", "pipeline"];
    let modules: Vec<&str> = known.into_iter().chain(files).collect();
    for (stage, allowed) in STAGES {
        for file in sources(&crate::root().join("src").join(stage)) {
            let code = code(&file);
            for module in modules.iter().copied() {
                let used = code.contains(&format!("crate::{module}"));
                let fine = module == *stage || allowed.contains(&module);
                assert!(!used || fine, "{} uses {module}", file.display());
            }
        }
    }
}

#[test]
fn only_the_report_prints_and_nothing_below_the_command_line_reads_clock_or_environment() {
    for file in sources(&crate::root().join("src")) {
        let code = code(&file);
        let above =
            |part: std::path::Component| part.as_os_str() == "cli" || part.as_os_str() == "watch";
        let above = file.components().any(above);
        let report = file.ends_with("src/cli/report.rs");
        for print in [
            "print!(",
            "println!(",
            "eprint!(",
            "eprintln!(",
            "dbg!(",
            "io::stdout",
            "io::stderr",
        ] {
            assert!(report || !code.contains(print), "{} prints", file.display());
        }
        for outside in [
            "std::env::var",
            "SystemTime::now",
            "Instant::now",
            "Local::now",
            "Utc::now",
        ] {
            assert!(
                above || !code.contains(outside),
                "{} uses {outside}",
                file.display()
            );
        }
    }
}

#[test]
fn nothing_is_left_open() {
    for file in sources(&crate::root().join("src")) {
        let text = std::fs::read_to_string(&file).unwrap();
        for mark in ["todo!(", "unimplemented!(", "TODO", "FIXME"] {
            assert!(!text.contains(mark), "{} holds {mark}", file.display());
        }
    }
}
