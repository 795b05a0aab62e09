//! The README says what the program says: its tables come out of the program. `UPDATE=1 cargo test`
//! writes them anew.

use hongtou::diag::{Rule, group};
use hongtou::{compose, load, pipeline};

fn filters() -> String {
    let row = |(chinese, english, example, what, result): &compose::Entry| {
        let example = crate::functions::template(example).replace('|', "\\|");
        format!(
            "| {chinese} | `{english}` | {what} | `{example}` | {} |\n",
            result.trim_end()
        )
    };
    let rows: String = compose::REFERENCE.iter().map(row).collect();
    format!("| 中文名 | 英文名 | 作用 | 例 | 得到 |\n| --- | --- | --- | --- | --- |\n{rows}")
}

fn codes() -> String {
    let mut rules: Vec<_> = pipeline::rules().collect();
    rules.sort_by_key(|rule| group(rule.code).0);
    let row = |rule: &&Rule| {
        let (level, strength) = (rule.severity.label(), rule.strength.label());
        let basis = match rule.source {
            "" => strength.to_owned(),
            source => format!("{strength}：{source}"),
        };
        format!("| `{}` | {level} | {} | {basis} |\n", rule.code, rule.about)
    };
    let rows: String = rules.iter().map(row).collect();
    format!("| 代码 | 级别 | 意思 | 依据 |\n| --- | --- | --- | --- |\n{rows}")
}

#[test]
fn its_tables_are_those_of_the_program() {
    let path = crate::root().join("README.zh-CN.md");
    let kept = std::fs::read_to_string(&path).unwrap();
    let mut text = kept.clone();
    for (name, table) in [
        ("键", load::reference()),
        ("过滤器", filters()),
        ("代码", codes()),
        ("语料", crate::corpus::table()),
    ] {
        let (open, close) = (
            format!("<!-- {name}：由程序生成 -->"),
            format!("<!-- {name}：完 -->"),
        );
        let start = text.find(&open).unwrap() + open.len();
        let end = text.find(&close).unwrap();
        text.replace_range(start..end, &format!("\n\n{}\n\n", table.trim()));
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
        return;
    }
    assert!(
        kept == text,
        "README.zh-CN.md is behind the program (UPDATE=1 mends it)"
    );
}

#[test]
fn the_english_one_states_the_figures_of_the_checks() {
    let path = crate::root().join("README.md");
    let kept = std::fs::read_to_string(&path).unwrap();
    let (open, close) = ("<!-- checks: made by the tests -->", "<!-- checks: end -->");
    let (head, rest) = kept.split_once(open).unwrap();
    let (_, tail) = rest.split_once(close).unwrap();
    let summary = crate::corpus::summary();
    let text = format!("{head}{open}{summary}{close}{tail}");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
        return;
    }
    assert!(
        kept == text,
        "README.md is behind the program (UPDATE=1 mends it)"
    );
}

/// The first ```yaml block is the clerk's first circular; the second replaces a section of it.
#[test]
fn its_first_circular_builds_without_a_fault() {
    let readme = std::fs::read_to_string(crate::root().join("README.zh-CN.md")).unwrap();
    let blocks: Vec<&str> = readme
        .split("```yaml\n")
        .skip(1)
        .map(|block| block.split_once("```").unwrap().0)
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("通报.yaml");
    for text in [
        blocks[0].to_owned(),
        format!("{}\n{}", blocks[0], blocks[1]),
    ] {
        std::fs::write(&file, &text).unwrap();
        let outcome = pipeline::run(&file, None).unwrap();
        let faults: Vec<String> = outcome
            .diagnostics
            .iter()
            .map(ToString::to_string)
            .collect();
        assert!(outcome.pages.is_some(), "{faults:#?}");
        assert!(faults.is_empty(), "{faults:#?}");
    }
}
