//! Punctuation: what GB/T 15834—2011 says of the marks that circulars get wrong most.

use super::reading::{Kind, Reading, is_han};
use crate::diag::{Diagnostic, Rule, Strength};

pub const RULES: &[Rule] = &[
    HALF_WIDTH,
    STRAIGHT,
    BETWEEN,
    BEFORE_DENG,
    ELLIPSIS,
    DASH,
    DOUBLED,
    UNBALANCED,
    NESTED,
    BLANK,
    NO_END,
];

const STANDARD: &str = "GB/T 15834—2011";

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

/// No mark is normally put between quotations or titles side by side (4.5).
const BETWEEN: Rule = Rule::new("text/mark/between-quotes", "相邻的引号或书名号之间用了顿号")
    .warning()
    .rests_on(Strength::Normal, "GB/T 15834—2011，4.5")
    .example(
        "按照“谁开设、谁主管”、“谁发布、谁负责”的原则。",
        "按照“谁开设、谁主管”“谁发布、谁负责”的原则。",
    );

const BEFORE_DENG: Rule = Rule::new("text/mark/before-deng", "“等”前面用了顿号")
    .warning()
    .rests_on(Strength::Normal, STANDARD)
    .example("涉及教育、医疗、等方面。", "涉及教育、医疗等方面。");

const ELLIPSIS: Rule = Rule::new("text/mark/ellipsis", "省略号不是六个点")
    .warning()
    .rests_on(Strength::Standard, "GB/T 15834—2011，4.11")
    .example("包括文字、图片、视频...", "包括文字、图片、视频……");

const DASH: Rule = Rule::new("text/mark/dash", "破折号用半角连字符写成")
    .warning()
    .rests_on(Strength::Standard, "GB/T 15834—2011，4.10")
    .example(
        "政务新媒体--群众身边的窗口。",
        "政务新媒体——群众身边的窗口。",
    );

const DOUBLED: Rule = Rule::new("text/mark/doubled", "标点重复或前后冲突")
    .warning()
    .rests_on(Strength::Practice, "公文校对惯例")
    .example("请抓紧整改，。", "请抓紧整改。");

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

const BLANK: Rule = Rule::new("text/mark/blank", "汉字之间有空格")
    .warning()
    .rests_on(Strength::Practice, "公文校对惯例")
    .example(
        "各乡镇、各部 门要认真落实，抓紧整改。",
        "各乡镇、各部门要认真落实，抓紧整改。",
    );

const NO_END: Rule = Rule::new("text/mark/no-end", "一段话的末尾没有标点")
    .warning()
    .rests_on(Strength::Practice, "公文校对惯例")
    .example(
        "各单位要高度重视，抓紧整改，按时报送整改情况",
        "各单位要高度重视，抓紧整改，按时报送整改情况。",
    );

/// The faults of running text; of a cell only those that no form of a table excuses.
pub fn faults(reading: &Reading) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    if reading.kind != Kind::Cell {
        faults.extend(half_width(reading));
        faults.extend(straight(reading));
        faults.extend(between(reading));
        faults.extend(before_deng(reading));
        faults.extend(ellipsis(reading));
        faults.extend(dash(reading));
        faults.extend(blank(reading));
        faults.extend(no_end(reading));
    }
    faults.extend(doubled(reading));
    faults.extend(unbalanced(reading));
    faults.extend(nested(reading));
    faults
}

/// One fault for all places of a kind in a paragraph: the first of them, and how many there are.
fn first_of(
    reading: &Reading,
    rule: &Rule,
    places: &[(usize, usize)],
    message: String,
    hint: String,
) -> Option<Diagnostic> {
    let (start, end) = *places.first()?;
    let message = match places.len() {
        1 => message,
        count => format!("{message}（这一段里共{count}处）"),
    };
    Some(reading.fault(rule, start, end, message).hint(hint))
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
    let places: Vec<usize> = reading.plain.match_indices('"').map(|(at, _)| at).collect();
    let [open, close, ..] = places[..] else {
        return None;
    };
    let inner = &reading.plain[open + 1..close];
    if !inner.contains(is_han) {
        return None;
    }
    let fault = reading.fault(&STRAIGHT, open, open + 1, "汉字两侧用了直引号".to_owned());
    Some(fault.hint(format!("改为“{inner}”")))
}

fn between(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.plain.as_str();
    let mut places = Vec::new();
    for (pair, open) in [("”、“", "“"), ("》、《", "《"), ("’、‘", "‘")] {
        for (at, _) in text.match_indices(pair) {
            let sentence = text[..at].rfind(['。', '；']).unwrap_or(0);
            let end = text[at..]
                .find(['。', '；'])
                .map_or(text.len(), |length| at + length);
            // Where one of the row has a bracket behind it, the marks may stand for all of it.
            if !text[sentence..end].contains(&format!("）、{open}")) {
                places.push((at + "”".len(), at + "”、".len()));
            }
        }
    }
    places.sort_unstable();
    let message = "相邻的引号或书名号之间不用顿号".to_owned();
    let hint = "删去顿号；引号后面另有括注的，顿号照用".to_owned();
    first_of(reading, &BETWEEN, &places, message, hint)
}

fn before_deng(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.plain.as_str();
    let other = "级待候于同次额值距高效离腰第位分外闲";
    let places: Vec<(usize, usize)> = text
        .match_indices("、等")
        .filter(|(at, found)| {
            let next = text[at + found.len()..].chars().next();
            next.is_none_or(|char| !other.contains(char))
        })
        .map(|(at, found)| (at, at + found.len()))
        .collect();
    let message = "“等”前面不用顿号".to_owned();
    first_of(
        reading,
        &BEFORE_DENG,
        &places,
        message,
        "删去“等”前面的顿号".to_owned(),
    )
}

fn ellipsis(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.plain.as_str();
    let mut places = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let Some(first) = rest.chars().next() else {
            break;
        };
        let run = rest.chars().take_while(|char| *char == first).count();
        let length = run * first.len_utf8();
        let before = text[..at].chars().next_back();
        let found = match first {
            '.' => run > 2 && before.is_some_and(|char| !char.is_ascii()),
            '。' => run > 1,
            '…' => run != 2 && run != 4,
            '·' | '・' => run > 2,
            _ => false,
        };
        if found {
            places.push((at, at + length));
        }
        at += length;
    }
    let message = "省略号应是六个点，占两个字的位置".to_owned();
    first_of(
        reading,
        &ELLIPSIS,
        &places,
        message,
        "写作“……”；不是省略号的，只留一个句号".to_owned(),
    )
}

fn dash(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.plain.as_str();
    let between = |at: usize, length: usize| {
        let before = text[..at].chars().next_back();
        let behind = text[at + length..].chars().next();
        before.is_some_and(is_han) && behind.is_some_and(is_han)
    };
    let places: Vec<(usize, usize)> = ["--", "－－", "––"]
        .iter()
        .flat_map(|mark| text.match_indices(mark))
        .filter(|(at, mark)| between(*at, mark.len()))
        .map(|(at, mark)| (at, at + mark.len()))
        .collect();
    let message = "破折号用连字符写成".to_owned();
    first_of(
        reading,
        &DASH,
        &places,
        message,
        "写作“——”，占两个字的位置".to_owned(),
    )
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
        if !matches!(char, ' ' | '\u{3000}' | '\u{a0}') || !is_han(chars[index - 1].1) {
            continue;
        }
        let mut end = index;
        while end < chars.len() && matches!(chars[end].1, ' ' | '\u{3000}' | '\u{a0}') {
            end += 1;
        }
        let left = run(&mut (0..index).rev());
        let right = run(&mut (end..chars.len()));
        // Names set apart, or spread to the width of others: 乔某 刘某某, 李　某.
        if right > 0 && !(left <= 4 && right <= 4) {
            places.push((start, start + char.len_utf8()));
        }
    }
    let message = "汉字之间有空格".to_owned();
    let hint = "删去空格；YAML 里一段话分几行写的，用“|”开头".to_owned();
    first_of(reading, &BLANK, &places, message, hint)
}

fn no_end(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.open.trim_end();
    let last = text.chars().next_back()?;
    let prose = text.contains('。') || text.matches('，').count() > 1;
    // 联系地址：…, 附件：….
    let labelled = text
        .find('：')
        .is_some_and(|at| text[..at].chars().count() <= 8 && !text[..at].contains('，'));
    let ends = is_han(last) || "，、；".contains(last);
    if reading.kind != Kind::Paragraph || !prose || labelled || !ends || text.chars().count() < 15 {
        return None;
    }
    let (start, end) = (text.len() - last.len_utf8(), text.len());
    let (message, hint) = match is_han(last) {
        true => ("这一段话的末尾没有标点", "在末尾加句号"),
        false => ("这一段话没有说完就断了", "补全这一段，末尾用句号"),
    };
    Some(
        reading
            .fault(&NO_END, start, end, message.to_owned())
            .hint(hint),
    )
}

fn doubled(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.open.as_str();
    let marks = ['，', '。', '；', '：', '、'];
    let mut places = Vec::new();
    let mut previous: Option<(usize, char)> = None;
    for (at, char) in text.char_indices() {
        if let Some((start, before)) = previous
            && marks.contains(&char)
            && marks.contains(&before)
            && (before, char) != ('。', '。')
        {
            places.push((start, at + char.len_utf8()));
        }
        previous = Some((at, char));
    }
    places.extend(
        text.match_indices("。”。")
            .map(|(at, found)| (at, at + found.len())),
    );
    let (start, end) = *places.first()?;
    let found = &text[start..end];
    let message = format!("标点“{found}”重复或前后冲突");
    first_of(
        reading,
        &DOUBLED,
        &places,
        message,
        "只留一个标点".to_owned(),
    )
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

/// Brackets of either width belong together.
fn class(char: char) -> char {
    match char {
        '(' => '（',
        ')' => '）',
        other => other,
    }
}

fn unbalanced(reading: &Reading) -> Vec<Diagnostic> {
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

fn nested(reading: &Reading) -> Option<Diagnostic> {
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
