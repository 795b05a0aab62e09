//! Marks that come in pairs: quotation marks, book titles, brackets.

use super::first_of;
use crate::check::words::reading::Reading;
use crate::diag::{Diagnostic, Rule, Strength};

pub const RULES: &[Rule] = &[BETWEEN, UNBALANCED, NESTED];

/// No mark is normally put between quotations or titles side by side (4.5).
const BETWEEN: Rule = Rule::new("text/mark/between-quotes", "相邻的引号或书名号之间用了顿号")
    .warning()
    .rests_on(Strength::Normal, "GB/T 15834—2011，4.5")
    .example(
        "按照“谁开设、谁主管”、“谁发布、谁负责”的原则。",
        "按照“谁开设、谁主管”“谁发布、谁负责”的原则。",
    );

const UNBALANCED: Rule = Rule::new("text/mark/unbalanced", "引号、括号或书名号没有成对")
    .warning()
    .rests_on(Strength::Standard, "GB/T 15834—2011，4.8、4.9、4.15")
    .example(
        "按照《政府信息公开条例的规定办理。",
        "按照《政府信息公开条例》的规定办理。",
    );

const NESTED: Rule = Rule::new(
    "text/mark/nested",
    "引号里又用双引号，或书名号里又用双书名号",
)
.warning()
.rests_on(Strength::Standard, "GB/T 15834—2011，4.8、4.15")
.example(
    "根据《关于印发《检查指标》的通知》办理。",
    "根据《关于印发〈检查指标〉的通知》办理。",
);

pub fn between(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.plain.as_str();
    let mut places = Vec::new();
    let mut start = 0;
    for sentence in text.split_inclusive(['。', '；']) {
        for (pair, open) in [("”、“", "“"), ("》、《", "《"), ("’、‘", "‘")] {
            // Where one of the row has a bracket behind it, the marks may stand for all of it.
            if !sentence.contains(pair) || sentence.contains(&format!("）、{open}")) {
                continue;
            }
            let found = sentence.match_indices(pair).map(|(at, _)| at);
            let found = found.filter(|at| !is_of_couples(sentence, *at, pair));
            places.extend(found.map(|at| (start + at + "”".len(), start + at + "”、".len())));
        }
        start += sentence.len();
    }
    places.sort_unstable();
    let message = "相邻的引号或书名号之间不用顿号".to_owned();
    let hint = "删去顿号；引号后面另有括注的，顿号照用".to_owned();
    first_of(reading, &BETWEEN, &places, message, hint)
}

const PAIRS: &[(char, char)] = &[
    ('“', '”'),
    ('‘', '’'),
    ('《', '》'),
    ('〈', '〉'),
    ('（', '）'),
    ('(', ')'),
    ('〔', '〕'),
    ('【', '】'),
    ('[', ']'),
];

/// “好”与“坏”、“多”与“少”: the mark between couples stands for both. `at` is where the close of the
/// first couple is.
fn is_of_couples(text: &str, at: usize, pair: &str) -> bool {
    const JOINS: &[char] = &['与', '和', '及', '或', '到'];
    let mut marks = pair.chars();
    let (Some(close), Some(open)) = (marks.next(), marks.next_back()) else {
        return false;
    };
    let head = text[..at].rfind(open).map(|start| &text[..start]);
    let first = head.and_then(|head| head.strip_suffix(JOINS));
    let behind = &text[at + pair.len()..];
    let tail = behind.split_once(close).map(|(_, tail)| tail);
    let second = tail.and_then(|tail| tail.strip_prefix(JOINS));
    first.is_some_and(|head| head.ends_with(close))
        && second.is_some_and(|tail| tail.starts_with(open))
}

/// Brackets of either width belong together.
fn class(char: char) -> char {
    match char {
        '(' => '（',
        ')' => '）',
        other => other,
    }
}

pub fn unbalanced(reading: &Reading) -> Vec<Diagnostic> {
    /// A paragraph with more is no paragraph.
    const MOST: usize = 20;
    let text = reading.open.as_str();
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut faults = Vec::new();
    let mut lone = |at: usize, char: char| {
        let name = match char {
            '“' | '”' | '‘' | '’' => "引号",
            '《' | '》' | '〈' | '〉' => "书名号",
            _ => "括号",
        };
        let message = format!("{name}“{char}”没有成对");
        let hint = "补上另一半，或删去这一半";
        faults.push(
            reading
                .fault(&UNBALANCED, at, at + char.len_utf8(), message)
                .hint(hint),
        );
    };
    for (at, char) in text.char_indices() {
        if PAIRS.iter().any(|(start, _)| *start == char) {
            open.push((at, char));
            continue;
        }
        let Some((start, _)) = PAIRS.iter().find(|(_, end)| *end == char) else {
            continue;
        };
        match open
            .iter()
            .rposition(|(_, other)| class(*other) == class(*start))
        {
            // What was opened inside and not closed is at fault.
            Some(index) => {
                open.drain(index..)
                    .skip(1)
                    .for_each(|(at, char)| lone(at, char));
            }
            None if is_item_mark(text, at) || is_apostrophe(text, at) => {}
            None => lone(at, char),
        }
    }
    open.into_iter().for_each(|(at, char)| lone(at, char));
    faults.truncate(MOST);
    faults
}

/// `1）` and `一）` at the start of an item.
fn is_item_mark(text: &str, at: usize) -> bool {
    let head = text[..at].trim_end_matches(|char: char| {
        char.is_ascii_alphanumeric() || "一二三四五六七八九十".contains(char)
    });
    head.len() < at && (head.is_empty() || head.ends_with(['。', '；', '：', '，', '、', ' ']))
}

fn is_apostrophe(text: &str, at: usize) -> bool {
    text[at..].starts_with('’') && text[..at].ends_with(|char: char| char.is_ascii_alphabetic())
}

pub fn nested(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.open.as_str();
    for (open, close, inner) in [('《', '》', "〈〉"), ('“', '”', "‘’")] {
        let mut depth = 0;
        let balanced = text.matches(open).count() == text.matches(close).count();
        for (at, char) in text.char_indices() {
            if char == close {
                depth -= 1;
            } else if char == open && depth > 0 && balanced {
                let message = format!("“{open}{close}”里面又用了“{open}{close}”");
                let fault = reading.fault(&NESTED, at, at + char.len_utf8(), message);
                return Some(fault.hint(format!("里面一层改用“{inner}”")));
            } else if char == open {
                depth += 1;
            }
        }
    }
    None
}
