//! 结构层次 typed by hand: wrong forms, gaps and repeats (GB/T 9704—2012, 7.3.3), and ordinals that
//! the program puts a second time.

use super::reading::{Kind, Reading};
use crate::check::figures::numbers::value;
use crate::diag::{Diagnostic, Rule, Strength};
use crate::document::Block;

pub const RULES: &[Rule] = &[FORM, TWICE, SEQUENCE, GARBLED, END_MARK, NOTHING];

const CLAUSE: &str = "GB/T 9704—2012，7.3.3";

const FORM: Rule = Rule::new("text/level/form", "层次序数后面的标点不对")
    .warning()
    .rests_on(Strength::Standard, CLAUSE)
    .example(
        "（一）、加强领导。各单位要高度重视。",
        "（一）加强领导。各单位要高度重视。",
    );
const TWICE: Rule = Rule::new("text/level/twice", "标题里又写了层次序数，会印成两个")
    .warning()
    .rests_on(Strength::Standard, CLAUSE);
const SEQUENCE: Rule = Rule::new("text/level/sequence", "手写的序数重复、跳过或颠倒")
    .warning()
    .rests_on(Strength::Standard, CLAUSE)
    .example(
        "一是更新不及时。二是内容不准。二是互动不够。",
        "一是更新不及时。二是内容不准。三是互动不够。",
    );
const GARBLED: Rule = Rule::new("text/level/garbled", "段首本应是层次序数的地方是别的字")
    .warning()
    .rests_on(Strength::Practice, "公文校对惯例");
const END_MARK: Rule = Rule::new("text/level/end-mark", "单独成行的标题末尾有标点")
    .warning()
    .rests_on(Strength::Practice, "公文校对惯例");

const NOTHING: Rule = Rule::new("text/level/nothing-below", "标题下面没有文字")
    .warning()
    .rests_on(Strength::Practice, "公文校对惯例");

/// A heading of more characters may be all that there is to say.
const SHORT: usize = 20;

/// Headings with nothing below them, as when a template has found no row for one.
pub fn bare(blocks: &[Block]) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        let Block::Heading {
            level,
            words,
            run_in,
            ..
        } = block
        else {
            continue;
        };
        let has_text = match blocks.get(index + 1) {
            None => false,
            Some(Block::Heading { level: next, .. }) => next > level,
            Some(_) => true,
        };
        let text = words.text();
        if run_in.is_empty() && !has_text && text.chars().count() <= SHORT {
            let message = format!("标题“{}”下面没有文字", text.trim());
            let fault = NOTHING.fault(&words.origin(), message);
            faults.push(
                fault.hint(
                    "补上文字或删去标题；由模板逐行写出的，查对筛选的条件与台账里的字是否相同",
                ),
            );
        }
    }
    faults
}

const NUMERALS: &str = "一二三四五六七八九十";

/// A kind of ordinal, in the order of the levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Style {
    /// 一、
    First,
    /// （一）
    Second,
    /// 1.
    Third,
    /// （1）
    Fourth,
    /// 第一，: at the start of a sentence.
    Nth,
    /// 一是, 一要: inside a paragraph.
    Is,
    Must,
}

struct Ordinal {
    style: Style,
    number: u32,
    start: usize,
    end: usize,
}

/// The faults of each reading by itself.
pub fn faults(reading: &Reading) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    match reading.kind {
        Kind::Heading { alone } => {
            faults.extend(twice(reading));
            faults.extend(alone.then(|| end_mark(reading)).flatten());
        }
        // Its number is printed before it.
        Kind::AttachmentTitle => faults.extend(twice(reading)),
        Kind::Paragraph => {
            faults.extend(form(reading));
            faults.extend(nth_form(reading));
            faults.extend(bracketed(reading));
        }
        _ => {}
    }
    faults
}

fn twice(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.plain.as_str();
    let (ordinal, right) = leading(text)?;
    let number = &text[ordinal.start..ordinal.end];
    let fine = ordinal.style == Style::Third && !right;
    if fine || text[ordinal.end..].trim().is_empty() {
        return None;
    }
    let (message, hint) = match reading.kind {
        Kind::AttachmentTitle => (
            format!("附件标题里写了序数“{number}”，附件的序数由程序来编"),
            "删去手写的序数",
        ),
        _ => (
            format!("标题里写了序数“{number}”，程序还会自动编一个"),
            "删去手写的序数；“#”的个数就是层次",
        ),
    };
    let fault = reading.fault(&TWICE, ordinal.start, ordinal.end, message);
    Some(fault.hint(hint))
}

fn end_mark(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.plain.trim_end();
    let mark = text
        .chars()
        .next_back()
        .filter(|char| "，；：、".contains(*char))?;
    let (start, end) = (text.len() - mark.len_utf8(), text.len());
    let message = format!("单独成行的标题末尾不用“{mark}”");
    Some(
        reading
            .fault(&END_MARK, start, end, message)
            .hint("删去这个标点；要与下一段接排的，标题以“。”结尾"),
    )
}

fn form(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.plain.as_str();
    let (ordinal, right) = leading(text)?;
    if right {
        return None;
    }
    let digits: String = text[ordinal.start..ordinal.end]
        .chars()
        .filter(|char| NUMERALS.contains(*char) || char.is_ascii_digit())
        .collect();
    let written = match ordinal.style {
        Style::First => format!("{digits}、"),
        Style::Second => format!("（{digits}）"),
        Style::Third => format!("{digits}."),
        _ => format!("（{digits}）"),
    };
    let found = &text[ordinal.start..ordinal.end];
    let message = format!("层次序数“{found}”的标点不对");
    let fault = reading.fault(&FORM, ordinal.start, ordinal.end, message);
    Some(fault.hint(format!("写作“{written}”；或改用“#”标题，序数由程序编")))
}

/// 第一、 and 首先、, which take a comma.
fn nth_form(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.plain.as_str();
    let starts = |head: &str| head.is_empty() || head.ends_with(['。', '；', '：']);
    let nth = nths(text, '、')
        .into_iter()
        .map(|(start, end, _)| (start, end));
    let words = ["首先", "其次", "再次", "最后"]
        .into_iter()
        .flat_map(|word| {
            let places = text.match_indices(word);
            let places = places.filter(|(at, _)| text[at + word.len()..].starts_with('、'));
            places.map(|(at, _)| (at, at + word.len() + '、'.len_utf8()))
        });
    // 第一、二季度, 首先、其次 are lists.
    let list = |end: usize| {
        let behind = &text[end..];
        behind.starts_with(|char| NUMERALS.contains(char) || "第其再最".contains(char))
    };
    let mut places = nth.chain(words);
    let (start, end) = places.find(|(start, end)| starts(&text[..*start]) && !list(*end))?;
    let found = text[start..end].trim_end_matches('、');
    let message = format!("“{found}”后面不用顿号");
    let fault = reading.fault(&FORM, start, end, message);
    Some(fault.hint(format!("写作“{found}，”")))
}

/// Where 第一 and its like stand before a mark: start, end behind the mark, and the number.
fn nths(text: &str, mark: char) -> Vec<(usize, usize, u32)> {
    let places = text.match_indices('第').filter_map(|(at, word)| {
        let behind = &text[at + word.len()..];
        let length = behind.find(|char| !NUMERALS.contains(char))?;
        let number = count(behind.get(..length).filter(|figure| !figure.is_empty())?)?;
        let end = at + word.len() + length;
        let marked = text[end..].starts_with(mark);
        marked.then_some((at, end + mark.len_utf8(), number))
    });
    places.collect()
}

/// （1）…；（2）… inside one paragraph: a gap or a repeat.
fn bracketed(reading: &Reading) -> Option<Diagnostic> {
    /// A figure of three letters and the bracket behind it.
    const LONGEST: usize = 4;
    let text = reading.plain.as_str();
    let mut last: Option<(u32, bool)> = None;
    for (at, open) in text.match_indices('（') {
        let inner = &text[at + open.len()..];
        let mut letters = inner.char_indices().take(LONGEST);
        let Some((length, _)) = letters.find(|(_, letter)| *letter == '）') else {
            continue;
        };
        let figure = &inner[..length];
        let chinese = figure.chars().all(|char| NUMERALS.contains(char));
        let digits = figure.len() < 3 && figure.bytes().all(|byte| byte.is_ascii_digit());
        let head = &text[..at];
        let starts = head.is_empty() || head.ends_with(['。', '；', '：']);
        let number = count(figure).filter(|_| starts && (chinese || digits));
        let Some(number) = number else { continue };
        let goes_on = last.is_none_or(|(last, kind)| kind != chinese || number == last + 1);
        if number != 1 && !goes_on {
            let (before, _) = last?;
            let end = at + open.len() + figure.len() + '）'.len_utf8();
            let written = &text[at..end];
            let message = match number == before {
                true => format!("序数“{written}”重复了"),
                false => format!("序数“{written}”前面是第{before}，不连续"),
            };
            let fault = reading.fault(&SEQUENCE, at, end, message);
            let hint = format!("这里应是第{}，请查对序数", before + 1);
            return Some(fault.hint(hint));
        }
        last = Some((number, chinese));
    }
    None
}

/// The ordinal that a paragraph begins with, and whether it is in the right form.
fn leading(text: &str) -> Option<(Ordinal, bool)> {
    let inner = text.strip_prefix(['（', '(']);
    let head = inner.unwrap_or(text);
    let start = text.len() - head.len();
    let chinese = head
        .chars()
        .next()
        .is_some_and(|char| NUMERALS.contains(char));
    let is_digit = |char: char| match chinese {
        true => NUMERALS.contains(char),
        false => char.is_ascii_digit(),
    };
    let length = head.find(|char| !is_digit(char)).unwrap_or(head.len());
    if length == 0 || head[..length].chars().count() > 3 {
        return None;
    }
    let number = count(&head[..length])?;
    let behind = &head[length..];
    let mark = behind.chars().next()?;
    let end = start + length + mark.len_utf8();
    let next = behind.chars().nth(1);
    let (style, end, right) = match (inner, chinese, mark) {
        (Some(_), _, '）' | ')') => {
            let extra = next.filter(|char| "、.．，".contains(*char));
            let full = text.starts_with('（') && mark == '）';
            let style = if chinese {
                Style::Second
            } else {
                Style::Fourth
            };
            let end = end + extra.map_or(0, char::len_utf8);
            (style, end, full && extra.is_none())
        }
        (None, true, '、') => (Style::First, end, true),
        // 一，二 and 一.五 are no ordinals.
        (None, true, '.' | '．') => (Style::First, end, false),
        (None, true, '，' | ',')
            if next.is_some_and(|char| !NUMERALS.contains(char) && char != '是') =>
        {
            (Style::First, end, false)
        }
        (None, false, '.') if !next.is_some_and(|char| char.is_ascii_digit()) => {
            (Style::Third, end, true)
        }
        (None, false, '、' | '．') => (Style::Third, end, false),
        _ => return None,
    };
    let start = 0;
    Some((
        Ordinal {
            style,
            number,
            start,
            end,
        },
        right,
    ))
}

fn count(figure: &str) -> Option<u32> {
    match figure {
        "一" => Some(1),
        _ => value(figure)?.to_string().parse().ok(),
    }
}

/// 一是…二是…, 一要…二要… of a paragraph, in their order.
fn inner(text: &str) -> Vec<Ordinal> {
    let mut ordinals = Vec::new();
    for (style, word) in [(Style::Is, '是'), (Style::Must, '要')] {
        for (at, _) in text.match_indices(word) {
            let head = text[..at].trim_end_matches(|char| NUMERALS.contains(char));
            let bounded =
                head.is_empty() || head.ends_with(['。', '；', '，', '：', '、', '！', ' ']);
            if head.len() < at
                && bounded
                && let Some(number) = count(&text[head.len()..at])
            {
                let end = at + word.len_utf8();
                let start = head.len();
                ordinals.push(Ordinal {
                    style,
                    number,
                    start,
                    end,
                });
            }
        }
    }
    let starts = |start: usize| start == 0 || text[..start].ends_with(['。', '；', '：']);
    let nths = nths(text, '，').into_iter();
    let nths = nths.filter(|(start, ..)| starts(*start));
    ordinals.extend(nths.map(|(start, end, number)| Ordinal {
        style: Style::Nth,
        number,
        start,
        end,
    }));
    ordinals.sort_by_key(|ordinal| ordinal.start);
    ordinals
}

/// The last ordinals of each style, and where the last one stands.
#[derive(Default)]
struct Counts(Vec<(Style, u32, usize)>);

impl Counts {
    fn last(&self, style: Style) -> Option<(u32, usize)> {
        let found = self.0.iter().find(|(known, ..)| *known == style);
        found.map(|(_, number, reading)| (*number, *reading))
    }

    /// Counts on; what stands below begins anew.
    fn put(&mut self, style: Style, number: u32, reading: usize) {
        self.0.retain(|(known, ..)| *known < style);
        self.0.push((style, number, reading));
    }
}

/// The faults of the ordinals of a whole text, one after the other.
pub fn sequences(readings: &[&Reading]) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let mut counts = Counts::default();
    let mut garbled = Vec::new();
    for (index, reading) in readings.iter().enumerate() {
        if matches!(reading.kind, Kind::Heading { .. }) {
            // Headings are numbered by the program; what was typed below the last one is over.
            counts = Counts::default();
        }
        if !reading.is_prose() {
            continue;
        }
        let text = reading.plain.as_str();
        let mut ordinals = Vec::new();
        if reading.kind == Kind::Paragraph {
            let leading =
                leading(text).filter(|(ordinal, _)| !text[ordinal.end..].trim().is_empty());
            match leading {
                Some((ordinal, _)) => ordinals.push(ordinal),
                None => garbled.extend(lost(text, &counts).map(|expected| (index, expected))),
            }
        }
        ordinals.extend(inner(text));
        for ordinal in ordinals {
            faults.extend(out_of_order(readings, index, &ordinal, &counts));
            if ordinal.style == Style::First {
                // The ordinal that seemed lost comes after all.
                garbled.retain(|(_, expected)| *expected != ordinal.number);
            }
            counts.put(ordinal.style, ordinal.number, index);
        }
    }
    faults.extend(
        garbled
            .into_iter()
            .map(|(index, expected)| not_a_numeral(readings[index], expected)),
    );
    faults
}

fn out_of_order(
    readings: &[&Reading],
    index: usize,
    ordinal: &Ordinal,
    counts: &Counts,
) -> Option<Diagnostic> {
    let (last, place) = counts.last(ordinal.style)?;
    if ordinal.number == 1 || ordinal.number == last + 1 {
        return None;
    }
    let reading = readings[index];
    let written = &reading.plain[ordinal.start..ordinal.end];
    let message = match ordinal.number == last {
        true => format!("序数“{written}”重复了"),
        false => format!("序数“{written}”前面是第{last}，不连续"),
    };
    let fault = reading.fault(&SEQUENCE, ordinal.start, ordinal.end, message);
    let fault = fault.hint(format!(
        "这里应是第{}，请查对序数，看有没有漏写的段落",
        last + 1
    ));
    Some(match place == index {
        true => fault,
        false => fault.related(
            &readings[place].passage.place(0),
            format!("前面的第{last}在这里"),
        ),
    })
}

/// The number that is expected where a paragraph begins with one letter and 、 behind 一、 and 二、.
fn lost(text: &str, counts: &Counts) -> Option<u32> {
    // 市、县两级 begins a sentence well enough.
    let levels = "省市县区旗盟州镇乡村组党政军农林牧渔工商学男女老中东西南北国内外人企事书报网端微屏图文表人财物水电路";
    let mut chars = text.chars();
    let first = chars.next()?;
    let lone =
        super::reading::is_han(first) && chars.next() == Some('、') && !levels.contains(first);
    let (last, _) = counts.last(Style::First).filter(|(last, _)| *last > 1)?;
    (lone && !NUMERALS.contains(first)).then_some(last + 1)
}

fn not_a_numeral(reading: &Reading, expected: u32) -> Diagnostic {
    let first = reading.plain.chars().next().unwrap_or_default();
    let message = format!("段首的“{first}、”不像层次序数，前面已有第{}", expected - 1);
    let fault = reading.fault(&GARBLED, 0, first.len_utf8(), message);
    fault.hint(format!("这里似应是第{expected}个层次，查对这个字"))
}
