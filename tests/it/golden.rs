//! Golden cases: each stage's result is kept as text beside its input. `UPDATE=1 cargo test`
//! accepts new ones; read the diff as carefully as code.

use std::path::Path;

use hongtou::pipeline;

#[test]
fn every_case_stops_at_each_stage_with_the_kept_result() {
    let mut differing = Vec::new();
    for case in crate::entries(&crate::root().join("tests/golden")) {
        let input = case.join("input.yaml");
        let name = input.strip_prefix(crate::root()).unwrap();
        let outcome = pipeline::run(name, None).unwrap_or_else(|refusal| panic!("{refusal}"));
        let faults: Vec<String> = outcome
            .diagnostics
            .iter()
            .map(ToString::to_string)
            .collect();
        let document = outcome.document.as_ref().map(ToString::to_string);
        let pages = outcome.pages.as_ref().map(|pages| pages.ink_text());
        let results = [
            (
                "faults.txt",
                Some(faults.join("\n")).filter(|text| !text.is_empty()),
            ),
            ("body.md", outcome.markdown.clone()),
            ("document.txt", document),
            ("pages.txt", pages),
        ];
        for (file, result) in results {
            differing.extend(differs(&case.join(file), result.as_deref()));
        }
    }
    assert!(
        differing.is_empty(),
        "differ from what is kept (UPDATE=1 accepts):\n{}",
        differing.join("\n")
    );
}

/// Compares with the kept file, or keeps anew.
fn differs(kept: &Path, result: Option<&str>) -> Option<String> {
    let result = result.map(|text| format!("{}\n", text.trim_end()));
    if std::env::var_os("UPDATE").is_some() {
        match result {
            Some(text) => std::fs::write(kept, text).unwrap(),
            None => drop(std::fs::remove_file(kept)),
        }
        return None;
    }
    let old = std::fs::read_to_string(kept).ok();
    if old == result {
        return None;
    }
    let (old, new) = (old.unwrap_or_default(), result.unwrap_or_default());
    let line = old
        .lines()
        .zip(new.lines())
        .position(|(old, new)| old != new);
    let at = line.unwrap_or(old.lines().count().min(new.lines().count()));
    let shown = |text: &str| text.lines().nth(at).unwrap_or("(nothing)").to_owned();
    Some(format!(
        "{}:{}\n  kept {}\n  now  {}",
        kept.display(),
        at + 1,
        shown(&old),
        shown(&new)
    ))
}
