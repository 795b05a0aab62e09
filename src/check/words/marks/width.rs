//! Marks that are of the wrong width, and blanks where there should be none.

use super::first_of;
use crate::check::words::reading::{Reading, is_han};
use crate::diag::{Diagnostic, Rule, Strength};

pub const RULES: &[Rule] = &[HALF_WIDTH, STRAIGHT, BLANK];

/// A half-width mark beside Chinese letters; marks take the room of a letter (5.1).
const HALF_WIDTH: Rule = Rule::new("text/mark/half-width", "汉字之间用了半角标点")
    .warning()
    .rests_on(Strength::Standard, "GB/T 15834—2011，5.1")
    .example(
        "检查了12个账号,发现3个问题.",
        "检查了12个账号，发现3个问题。",
    );

const STRAIGHT: Rule = Rule::new("text/mark/straight-quote", "汉字两侧用了直引号")
    .warning()
    .rests_on(Strength::Standard, "GB/T 15834—2011，4.8")
    .example("落实\"三审\"制度。", "落实“三审”制度。");

const BLANK: Rule = Rule::new("text/mark/blank", "文字中间有空格")
    .warning()
    .rests_on(Strength::Practice, "公文校对惯例")
    .example(
        "各乡镇、各部 门要认真落实，抓紧整改。",
        "各乡镇、各部门要认真落实，抓紧整改。",
    );

pub fn faults(reading: &Reading) -> impl Iterator<Item = Diagnostic> {
    [half_width(reading), straight(reading), blank(reading)]
        .into_iter()
        .flatten()
}

const FULL: &[(char, char)] = &[
    (',', '，'),
    (';', '；'),
    (':', '：'),
    ('?', '？'),
    ('!', '！'),
    ('.', '。'),
    ('(', '（'),
    (')', '）'),
];

fn half_width(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.plain.as_str();
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let at = |index: usize| chars.get(index).map(|(_, char)| *char);
    let mut places = Vec::new();
    for (index, (start, char)) in chars.iter().enumerate() {
        let before = index.checked_sub(1).and_then(at);
        let behind = at(index + 1);
        let after_chinese =
            before.is_some_and(|char| is_han(char) || "”’）》】〕％%〓".contains(char));
        let before_chinese = behind.is_none_or(|char| is_han(char) || "“‘《（〓".contains(char));
        let found = match char {
            ',' | ';' | '?' | '!' | ':' => {
                let joins = after_chinese && behind.is_none_or(|char| !char.is_ascii_punctuation());
                let behind_figure =
                    before.is_some_and(|char| char.is_ascii_digit()) && behind.is_some_and(is_han);
                joins || (behind_figure && *char != ':')
            }
            '.' => after_chinese && before_chinese && !is_ordinal(text, *start),
            _ => false,
        };
        if found {
            places.push((*start, start + 1));
        }
    }
    places.extend(half_brackets(text).map(|at| (at, at + 1)));
    places.sort_unstable();
    let first = text[places.first()?.0..].chars().next()?;
    let (_, full) = FULL.iter().find(|(half, _)| *half == first)?;
    let message = format!("这里的“{first}”是半角标点");
    first_of(
        reading,
        &HALF_WIDTH,
        &places,
        message,
        format!("改为全角的“{full}”"),
    )
}

/// The half-width brackets around Chinese letters.
fn half_brackets(text: &str) -> impl Iterator<Item = usize> {
    let pair = move |(open, _): (usize, &str)| {
        let inner = open + text[open..].chars().next().map_or(0, char::len_utf8);
        let close = inner + text[inner..].find(['(', '（', ')', '）'])?;
        let fine = text[close..].starts_with(['(', '（'])
            || !text[inner..close].contains(is_han)
            || text[..open].ends_with(']')
            || is_ordinal(text, close);
        (!fine).then_some([open, close])
    };
    let pairs = text.match_indices(['(', '（']).filter_map(pair);
    pairs
        .flatten()
        .filter(move |at| text[*at..].starts_with(['(', ')']))
}

/// Tells whether a mark ends the ordinal at the start of a paragraph, which is another rule's.
fn is_ordinal(text: &str, mark: usize) -> bool {
    let head = text[..mark].trim_start_matches(['(', '（']);
    !head.is_empty()
        && head
            .chars()
            .all(|char| "一二三四五六七八九十0123456789".contains(char))
}

fn straight(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.plain.as_str();
    let quoted = |mark: char| {
        let mut places = text.match_indices(mark).map(|(at, _)| at);
        let (open, close) = (places.next()?, places.next()?);
        let inner = &text[open + 1..close];
        inner.contains(is_han).then_some((open, inner))
    };
    // km' and '90后 have a mark of another kind.
    let single =
        quoted('\'').filter(|(_, inner)| inner.starts_with(is_han) && inner.ends_with(is_han));
    let (open, inner) = quoted('"').or(single)?;
    let fault = reading.fault(&STRAIGHT, open, open + 1, "汉字两侧用了直引号".to_owned());
    Some(fault.hint(format!("改为“{inner}”")))
}

fn blank(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.plain.as_str();
    if !reading.is_prose() || !text.contains(['，', '。', '；']) {
        return None;
    }
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let run = |indices: &mut dyn Iterator<Item = usize>| {
        indices.take_while(|index| is_han(chars[*index].1)).count()
    };
    let mut places = Vec::new();
    for index in 1..chars.len().saturating_sub(1) {
        let (start, char) = chars[index];
        if !is_blank(char) {
            continue;
        }
        let mut end = index;
        while end < chars.len() && is_blank(chars[end].1) {
            end += 1;
        }
        let Some((_, behind)) = chars.get(end) else {
            break;
        };
        let left = run(&mut (0..index).rev());
        let right = run(&mut (end..chars.len()));
        // Names set apart, or spread to the width of others: 乔某 刘某某, 李　某.
        let between = left > 0 && right > 0 && !(left <= 4 && right <= 4);
        let after_mark = "，、；。".contains(chars[index - 1].1) && right > 0;
        if between || after_mark || in_date(chars[index - 1].1, *behind) {
            places.push((start, start + char.len_utf8()));
        }
    }
    let message = "文字中间有空格".to_owned();
    let hint = "删去空格；YAML 里一段话分几行写的，用“|”开头".to_owned();
    first_of(reading, &BLANK, &places, message, hint)
}

fn is_blank(char: char) -> bool {
    matches!(char, ' ' | '\u{3000}' | '\u{a0}')
}

/// 7月 15日, 15 日.
fn in_date(before: char, behind: char) -> bool {
    "年月".contains(before) && behind.is_ascii_digit()
        || before.is_ascii_digit() && "年月日".contains(behind)
}
