//! Totals and what is of them: `75条，其中甲镇57条、乙镇18条`, `35个（甲县30个、乙县5个）`.

use super::names::{is_name, is_named_unit, is_partial};
use super::numbers::Number;
use super::totals::{compare, units_clause};
use crate::check::passage::Passage;
use crate::diag::Diagnostic;

/// Compares every total of a passage with the parts that 其中 or a bracket names.
pub fn faults(passage: &Passage, numbers: &[Number]) -> Vec<Diagnostic> {
    let totals =
        (0..numbers.len()).filter(|index| numbers[*index].exact && numbers[*index].depth == 0);
    let both = |index: usize| {
        let later = &numbers[index..];
        [of_which(passage, later), in_brackets(passage, later)]
            .into_iter()
            .flatten()
    };
    totals.flat_map(both).collect()
}

/// Verbs that tell by whom something was found: what one found, the other did not.
const FOUND: &[&str] = &[
    "发现",
    "查出",
    "检出",
    "抽查",
    "通报",
    "反馈",
    "转办",
    "交办",
    "检测出",
];

/// `75条，其中甲镇57条、乙镇18条`: the first of `numbers` is the total.
fn of_which(passage: &Passage, numbers: &[Number]) -> Option<Diagnostic> {
    let text = passage.text.as_str();
    let (total, later) = numbers.split_first()?;
    let rest = &text[total.end..];
    let at = rest.find("其中")?;
    let between = &rest[..at];
    let noun = between
        .find(['，', '。', '；', '：'])
        .map(|at| &between[..at])?;
    let clause = between[noun.len()..].trim_matches(['，', '。', '；', '：']);
    let clause = clause.trim_start_matches('共').trim_start_matches("涉及");
    let units = clause.is_empty() || units_clause(&format!("{clause}，")) == Some("，");
    if noun.chars().count() > 10 || !units || is_partial(noun) {
        return None;
    }
    let start = total.end + at + "其中".len();
    let start =
        start + text[start..].len() - text[start..].trim_start_matches(['，', '：', '有']).len();
    let end = start
        + text[start..]
            .find(['。', '！', '？'])
            .unwrap_or(text.len() - start);
    let mut parts = Vec::new();
    let mut clause_start = start;
    for number in later
        .iter()
        .filter(|n| n.start >= start && n.end <= end && n.depth == 0)
    {
        if number.measure != total.measure {
            continue;
        }
        if !number.exact {
            return None;
        }
        let head = &text[clause_start..number.start];
        let head = head.rsplit(['，', '；', '、']).next().unwrap_or(head);
        let tail = &text[number.end..end];
        let tail = &tail[..tail.find(['，', '；', '、', '（']).unwrap_or(tail.len())];
        parts.push((number, head, tail));
        clause_start = number.end;
    }
    let words = outside_brackets(&text[start..end]);
    let same_noun = parts.iter().all(|(_, _, tail)| {
        tail.is_empty() || noun.is_empty() || *tail == noun || noun.ends_with(tail)
    });
    if parts.len() < 2 || is_partial(&words) || words.contains('共') || !is_closed(&parts) {
        return None;
    }
    let complement = complements(&parts);
    if !same_noun && !complement {
        return None;
    }
    let parts: Vec<&Number> = parts.iter().map(|(number, ..)| *number).collect();
    compare(passage, total, &parts)
}

/// `text` without its bracketed stretches.
fn outside_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let outside = |char: &char| {
        match char {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    };
    text.chars().filter(outside).collect()
}

type NamedPart<'a> = (&'a Number, &'a str, &'a str);

/// Tells whether the parts leave nothing out and do not overlap: units, finders, or a thing and its
/// opposite.
fn is_closed(parts: &[NamedPart]) -> bool {
    let verb = |head: &str| FOUND.iter().find(|verb| head.ends_with(**verb));
    let units = parts
        .iter()
        .all(|(_, head, tail)| is_named_unit(head) && !tail.contains(['的', '已', '未']));
    let first = parts.first().and_then(|(_, head, _)| verb(head));
    let found = first.is_some() && parts.iter().all(|(_, head, _)| verb(head) == first);
    let heads: std::collections::BTreeSet<&str> = parts.iter().map(|(_, head, _)| *head).collect();
    (units || found) && heads.len() == parts.len() || complements(parts)
}

/// 已整改50条、未整改7条; 合格50个，不合格2个; 57条已整改，18条未整改.
fn complements(parts: &[NamedPart]) -> bool {
    let [(_, head, tail), (_, other_head, other_tail)] = parts else {
        return false;
    };
    let opposite = |yes: &str, no: &str| {
        let yes = yes
            .trim_start_matches('已')
            .trim_start_matches("完成")
            .trim_end_matches(['的', '了']);
        let no = no.trim_end_matches(['的', '了']);
        let no = ["尚未", "没有", "未", "不"]
            .iter()
            .find_map(|word| no.strip_prefix(word));
        no.is_some_and(|no| !yes.is_empty() && no.trim_start_matches("完成") == yes)
    };
    opposite(head, other_head) && tail == other_tail
        || head.is_empty() && other_head.is_empty() && opposite(tail, other_tail)
}

/// `35个没有注销（市级3个、某县32个）`: the first of `numbers` is the total.
fn in_brackets(passage: &Passage, numbers: &[Number]) -> Option<Diagnostic> {
    let text = passage.text.as_str();
    let (total, later) = numbers.split_first()?;
    let rest = &text[total.end..];
    let at = rest.find(['（', '('])?;
    let noun = &rest[..at];
    if noun.chars().count() > 12
        || noun.contains(['，', '。', '；', '：', '、'])
        || is_partial(noun)
    {
        return None;
    }
    let start = total.end + at + rest[at..].chars().next()?.len_utf8();
    let end = start + text[start..].find(['）', ')', '（', '('])?;
    let inside = text[start..end].split(['、', '，', '；']);
    let mut parts = Vec::new();
    let mut from = start;
    for item in inside {
        let to = from + item.len();
        let number = later
            .iter()
            .find(|n| n.start >= from && n.end == to && n.depth == total.depth + 1)?;
        let name = &text[from..number.start];
        let ends = number.measure == total.measure && number.exact;
        if !ends || !is_name(name) || !(is_named_unit(name) || name.ends_with('级')) {
            return None;
        }
        parts.push(number);
        from = to + "、".len();
    }
    (parts.len() > 1)
        .then(|| compare(passage, total, &parts))
        .flatten()
}
