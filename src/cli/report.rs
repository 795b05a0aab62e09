//! Diagnostics and the text of the files come in, what the user reads goes out. Only this file
//! prints.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};
use unicode_width::UnicodeWidthChar;

use super::build::Written;
use super::check::Checked;
use crate::diag::{Diagnostic, Origin, Severity, Sources, group};

/// The columns that a source line may take before it is cut around the fault.
const WIDTH: usize = 76;

/// Whether something that was asked for could not be printed.
static LOST: AtomicBool = AtomicBool::new(false);

/// Prints what was asked for. A reader that has gone away is no fault of ours.
pub fn say(text: &str) {
    let mut out = std::io::stdout();
    let said = writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush());
    let Err(error) = said else { return };
    if error.kind() != ErrorKind::BrokenPipe && !LOST.swap(true, Ordering::Relaxed) {
        let cause = match error.kind() {
            ErrorKind::StorageFull => "磁盘已满".to_owned(),
            _ => error.to_string(),
        };
        complain(&format!("错误：结果没有全部写出：{cause}"));
    }
}

/// Tells whether something was not printed for another cause than a reader that has gone away.
pub fn has_lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// Prints what the user must know beside the result.
pub fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", text.trim_end());
}

/// Says that nothing could be made: as JSON to programs, as words to people.
pub fn refuse(refusal: &str, as_json: bool) {
    if as_json {
        say(&format!("{:#}", json!({ "refused": refusal })));
    }
    complain(refusal);
}

/// As many faults of one code as a user can mend in one go.
const MOST_ALIKE: usize = 50;

/// Writes diagnostics as text: place, message, the line of the fault, the cure; then the sum.
pub fn text(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut report = String::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        let count = counts.entry(diagnostic.code).or_default();
        *count += 1;
        if *count <= MOST_ALIKE {
            report.push_str(&entry(diagnostic, sources));
        }
    }
    for (code, count) in counts.into_iter().filter(|(_, count)| *count > MOST_ALIKE) {
        let more = count - MOST_ALIKE;
        report.push_str(&format!(
            "[{code}] 还有{more}处，没有列出；加“--json”全部列出\n"
        ));
    }
    if !diagnostics.is_empty() {
        report.push_str(&summary(diagnostics));
        report.push('\n');
    }
    report
}

/// Writes what checks came to: each input with its findings under the groups' names, then the sum.
pub fn checked(all: &[Checked]) -> String {
    let mut report = String::new();
    for one in all.iter().filter(|one| one.refused.is_none()) {
        let input = harmless(&one.input.display().to_string());
        if one.diagnostics.is_empty() {
            report.push_str(&format!(
                "{input}：没有发现问题{}\n",
                left_out(one.silenced.len())
            ));
            continue;
        }
        report.push_str(&format!("{input}\n"));
        let mut groups: Vec<(usize, &str)> =
            one.diagnostics.iter().map(|d| group(d.code)).collect();
        groups.sort_unstable();
        groups.dedup();
        for (place, name) in groups {
            let of_group = one.diagnostics.iter().filter(|d| group(d.code).0 == place);
            let of_group: Vec<&Diagnostic> = of_group.collect();
            report.push_str(&format!("\n【{name}】{}处\n", of_group.len()));
            for diagnostic in of_group {
                report.push_str(&entry(diagnostic, &one.sources));
            }
        }
        let sum = summary(&one.diagnostics);
        report.push_str(&format!(
            "\n{input}：{sum}{}\n\n",
            left_out(one.silenced.len())
        ));
    }
    if all.len() > 1 {
        let found: Vec<Diagnostic> = all.iter().flat_map(|one| one.diagnostics.clone()).collect();
        let faulty = |one: &&Checked| one.diagnostics.iter().any(|d| d.severity != Severity::Note);
        let faulty = all.iter().filter(faulty).count();
        let silenced = all.iter().map(|one| one.silenced.len()).sum();
        let sum = if found.is_empty() {
            "没有发现问题".to_owned()
        } else {
            summary(&found)
        };
        report.push_str(&format!(
            "检查{}份，{faulty}份有问题：{sum}{}\n",
            all.len(),
            left_out(silenced)
        ));
    }
    report
}

/// What was left out on purpose is counted all the same.
fn left_out(count: usize) -> String {
    match count {
        0 => String::new(),
        count => format!("（另有{count}处按“检查”的设置略去）"),
    }
}

/// Writes what checks came to as one JSON object for other programs.
pub fn checked_json(all: &[Checked], annotated: &Result<Vec<PathBuf>, String>) -> String {
    let file = |one: &Checked| {
        let silenced = one.silenced.iter().map(|silenced| {
            let mut entry = json_entry(&silenced.diagnostic);
            entry["reason"] = json!(silenced.reason);
            entry
        });
        json!({
            "file": one.input.display().to_string(),
            "refused": one.refused,
            "errors": count(&one.diagnostics, Severity::Error),
            "warnings": count(&one.diagnostics, Severity::Warning),
            "notes": count(&one.diagnostics, Severity::Note),
            "diagnostics": one.diagnostics.iter().map(json_entry).collect::<Vec<_>>(),
            "silenced": silenced.collect::<Vec<_>>(),
        })
    };
    format!(
        "{:#}\n",
        json!({
            "files": all.iter().map(file).collect::<Vec<_>>(),
            "annotated": paths(annotated.as_deref().unwrap_or_default()),
            "refused": annotated.as_ref().err(),
        })
    )
}

/// Counts the diagnostics: 共 2 个错误、1 个警告.
fn summary(diagnostics: &[Diagnostic]) -> String {
    let counts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|severity| (severity.label(), count(diagnostics, severity)))
        .filter(|(_, count)| *count > 0)
        .map(|(label, count)| format!("{count} 个{label}"))
        .collect();
    format!("共 {}", counts.join("、"))
}

fn paths(paths: &[PathBuf]) -> Vec<String> {
    paths
        .iter()
        .map(|path| path.display().to_string())
        .collect()
}

/// Writes diagnostics as one JSON object for other programs.
pub fn json(diagnostics: &[Diagnostic]) -> String {
    format!("{:#}\n", faults(diagnostics))
}

/// Writes what a build came to as one JSON object for other programs.
pub fn built_json(diagnostics: &[Diagnostic], written: &Result<Written, String>) -> String {
    let mut report = faults(diagnostics);
    let files = written.as_ref().ok();
    report["written"] = json!(files.map_or(Vec::new(), |written| paths(&written.files)));
    report["older"] = json!(files.map_or(Vec::new(), |written| paths(&written.older)));
    report["refused"] = json!(written.as_ref().err());
    format!("{report:#}\n")
}

fn faults(diagnostics: &[Diagnostic]) -> Value {
    let entries: Vec<Value> = diagnostics.iter().map(json_entry).collect();
    json!({
        "errors": count(diagnostics, Severity::Error),
        "warnings": count(diagnostics, Severity::Warning),
        "notes": count(diagnostics, Severity::Note),
        "diagnostics": entries,
    })
}

fn count(diagnostics: &[Diagnostic], severity: Severity) -> usize {
    let of_severity = |diagnostic: &&Diagnostic| diagnostic.severity == severity;
    diagnostics.iter().filter(of_severity).count()
}

pub fn entry(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut entry = harmless(&diagnostic.to_string());
    entry.push('\n');
    entry.push_str(&excerpt(&diagnostic.origin, sources).unwrap_or_default());
    if let Some(hint) = &diagnostic.hint {
        entry.push_str(&format!("  建议：{}\n", harmless(hint)));
    }
    for (origin, word) in &diagnostic.related {
        entry.push_str(&harmless(&format!("  另见：{origin}: {word}")));
        entry.push('\n');
    }
    entry
}

/// The source line of a fault and a caret below its column.
fn excerpt(origin: &Origin, sources: &Sources) -> Option<String> {
    let Origin::Text { file, line, column } = origin else {
        return None;
    };
    let source = sources.line(file, *line)?;
    let (shown, caret) = window(source, (*column as usize).saturating_sub(1));
    let number = line.to_string();
    let gutter = " ".repeat(number.len());
    Some(format!("  {number} | {shown}\n  {gutter} | {caret}^\n"))
}

/// Cuts a line around character `at`; gives the part to show and the blanks that reach below `at`.
fn window(line: &str, at: usize) -> (String, String) {
    let characters: Vec<char> = line.chars().collect();
    let at = at.min(characters.len());
    let width = |range: std::ops::Range<usize>| -> usize {
        characters[range].iter().map(|c| columns(*c)).sum()
    };
    let end_of_line = characters.len();
    let (mut start, mut end) = (at, at);
    while start > 0 && width(start - 1..at) <= WIDTH / 2 {
        start -= 1;
    }
    while end < end_of_line && width(start..end + 1) <= WIDTH {
        end += 1;
    }
    while start > 0 && width(start - 1..end) <= WIDTH {
        start -= 1;
    }
    let cut = |here: bool| if here { "…" } else { "" };
    let shown: String = characters[start..end].iter().map(|c| shown(*c)).collect();
    let shown = format!("{}{shown}{}", cut(start > 0), cut(end < end_of_line));
    let before = characters[start..at].iter().map(|c| blank(*c));
    let blanks = cut(start > 0).chars().map(|_| " ".to_owned()).chain(before);
    (shown, blanks.collect())
}

/// A character as it is printed: what would steer a terminal or hide is written out.
fn shown(c: char) -> String {
    match c {
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c))
            .map(String::from)
            .unwrap_or_default(),
        '\x7f' => "␡".to_owned(),
        c if is_hidden(c) => format!("<{:04X}>", u32::from(c)),
        c => c.to_string(),
    }
}

/// Control characters beyond ASCII, and those that take no room or turn the direction of writing.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        )
}

/// The text with all that would steer a terminal or hide written out.
pub fn harmless(text: &str) -> String {
    text.chars().map(shown).collect()
}

/// The columns a character takes on a terminal.
fn columns(c: char) -> usize {
    shown(c).chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// Blanks as wide as the character: a wide one is a wide blank, so that the caret stands right also
/// where wide characters are not exactly two columns.
fn blank(c: char) -> String {
    match columns(c) {
        2 if shown(c).chars().count() == 1 => "\u{3000}".to_owned(),
        columns => " ".repeat(columns),
    }
}

pub fn json_entry(diagnostic: &Diagnostic) -> Value {
    let mut entry = json!({
        "severity": match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        "code": diagnostic.code,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "place": json_place(&diagnostic.origin),
    });
    let related = diagnostic.related.iter();
    let related: Vec<Value> = related
        .map(|(origin, word)| json!({ "message": word, "place": json_place(origin) }))
        .collect();
    entry["related"] = json!(related);
    entry
}

fn json_place(origin: &Origin) -> Value {
    match origin {
        Origin::Program => Value::Null,
        Origin::Text { file, line, column } => {
            json!({ "file": &**file, "line": line, "column": column })
        }
        Origin::Cell { file, sheet, .. } => {
            let place = origin.to_string();
            let cell = place.rsplit('!').next();
            json!({ "file": &**file, "sheet": &**sheet, "cell": cell })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(line: &str, column: u32, message: &str) -> String {
        let mut sources = Sources::default();
        sources.insert("甲.yaml".into(), format!("# 注\n{line}\n").into());
        let origin = Origin::text(&"甲.yaml".into(), 2, column);
        text(&[Diagnostic::error("a/b/c", &origin, message)], &sources)
    }

    #[test]
    fn shows_place_line_caret_cure_and_sum() {
        let file = "通报.yaml".into();
        let mut sources = Sources::default();
        let source = "发文字号: ×发[2024]1号\r\n标题: 一\r\n";
        sources.insert("通报.yaml".into(), source.into());
        let place = Origin::text(&file, 1, 9);
        let message = "年份两侧应使用六角括号“〔〕”";
        let first = Diagnostic::error("header/doc-number/brackets", &place, message)
            .hint("写作“×发〔2024〕1号”")
            .related(&Origin::text(&file, 2, 1), "标题写在这里");
        let second = Diagnostic::warning("a/b/c", &Origin::Program, "二");
        let expected = "\
通报.yaml:1:9: 错误[header/doc-number/brackets]: 年份两侧应使用六角括号“〔〕”
  1 | 发文字号: ×发[2024]1号
    | \u{3000}\u{3000}\u{3000}\u{3000}   \u{3000}^
  建议：写作“×发〔2024〕1号”
  另见：通报.yaml:2:1: 标题写在这里
程序: 警告[a/b/c]: 二
共 1 个错误、1 个警告
";
        assert_eq!(text(&[first, second], &sources), expected);
        assert_eq!(text(&[], &sources), "");
    }

    #[test]
    fn the_caret_stands_below_the_character() {
        let caret = |line: &str, column| {
            let report = report(line, column, "一");
            let lines: Vec<&str> = report.lines().collect();
            let width = |text: &str| text.chars().filter_map(|c| c.width()).sum::<usize>();
            let before = lines[1].find('@').map(|at| width(&lines[1][..at]));
            (before, width(lines[2].trim_end_matches('^')))
        };
        for (line, column) in [
            ("甲@", 2),
            ("𬭎㛃䶮 a@", 6),
            ("\t\u{7f}@", 3),
            ("\u{202e}\u{200b}@", 3),
            ("e\u{301}@", 3),
        ] {
            let (before, caret) = caret(line, column);
            assert_eq!(before, Some(caret), "{line:?}");
        }
        let long = format!("{}@{}", "长".repeat(500), "短".repeat(500));
        let (before, caret) = caret(&long, 501);
        assert_eq!(before, Some(caret));
    }

    #[test]
    fn long_lines_are_cut_around_the_fault() {
        let report = report(&"长".repeat(1000), 500, "一");
        let line = report.lines().nth(1).unwrap();
        assert!(line.contains("…长") && line.ends_with("长…"), "{line}");
        assert!(line.chars().count() < 50);
    }

    #[test]
    fn nothing_in_the_input_steers_the_terminal() {
        let report = report("\u{1b}[2J\0\u{9b}1m\u{202e}", 1, "键“\u{1b}[0m\n”");
        assert!(report.contains("␛[2J␀<009B>1m<202E>"), "{report}");
        assert!(report.contains("“␛[0m␊”"), "{report}");
    }

    #[test]
    fn a_place_past_the_end_is_shown_at_the_end() {
        assert!(report("甲", 99, "一").contains("\n    | \u{3000}^\n"));
    }

    #[test]
    fn json_names_every_place() {
        let cell = Origin::Cell {
            file: "台账.xlsx".into(),
            sheet: "问题清单".into(),
            row: 6,
            column: 2,
        };
        let diagnostic = Diagnostic::error("a/b/c", &cell, "一").hint("二");
        let json: Value = serde_json::from_str(&json(&[diagnostic])).unwrap();
        assert_eq!(json["errors"], 1);
        let first = &json["diagnostics"][0];
        assert_eq!(first["place"]["cell"], "C7");
        assert_eq!(first["place"]["sheet"], "问题清单");
        assert_eq!(first["hint"], "二");
    }
}
