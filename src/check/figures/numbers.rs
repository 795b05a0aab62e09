//! Text to its counted numbers: `123条`, `18个`, `3万元`, `九家`.

use rust_decimal::Decimal;

/// A number with its measure word.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    pub start: usize,
    /// Behind the measure word.
    pub end: usize,
    pub value: Decimal,
    pub measure: &'static str,
    /// How many brackets, quotation marks and book titles it stands inside of.
    pub depth: usize,
    /// Whether the number is the exact one: 约, 近, 余 and the like are not.
    pub exact: bool,
}

/// Measure words; a longer one before the one that it begins with.
const MEASURES: &[&str] = &[
    "万元", "亿元", "批次", "人次", "条次", "件次", "家次", "公里", "个", "条", "家", "件", "项",
    "起", "处", "篇", "份", "类", "户", "名", "人", "张", "台", "辆", "宗", "例", "批", "所", "座",
    "套", "款", "元", "亩", "吨", "种", "次",
];

/// Words that begin like a measure word and are none.
const NO_MEASURES: &[&str] = &[
    "个百分点",
    "个月",
    "个工作日",
    "个小时",
    "个季度",
    "个星期",
    "个自然日",
    "处理",
    "处置",
    "处分",
    "处罚",
    "人民",
    "人大",
    "项目",
    "条例",
    "起来",
    "家庭",
    "名单",
    "名称",
    "次日",
    "批准",
    "批复",
    "所在",
];

/// Words before a number that make it an ordinal or an estimate.
const BEFORE: &[&str] = &[
    "第",
    "约",
    "近",
    "超",
    "逾",
    "前",
    "后",
    "不足",
    "至少",
    "最多",
    "超过",
    "大约",
    "将近",
    "数",
    "每",
    "近期",
    "不少于",
    "不超过",
    "不到",
    "高于",
    "低于",
    "多于",
    "少于",
    "达到或超过",
    "任意",
    "某",
];

/// Words behind a number that make it an estimate or a bound.
const BEHIND: &[&str] = &["以上", "以下", "以内", "左右", "多", "余", "之多", "上下"];

/// All counted numbers of a text.
pub fn numbers(text: &str) -> Vec<Number> {
    let mut numbers = Vec::new();
    let mut depth = 0;
    let mut at = 0;
    while let Some(char) = text[at..].chars().next() {
        match char {
            '（' | '(' | '“' | '《' | '〔' | '〈' | '‘' | '【' => depth += 1,
            '）' | ')' | '”' | '》' | '〕' | '〉' | '’' | '】' => {
                depth = usize::saturating_sub(depth, 1)
            }
            _ => {}
        }
        let length = figure_length(&text[at..]);
        if length == 0 {
            at += char.len_utf8();
            continue;
        }
        let figure = &text[at..at + length];
        if let Some((value, measure)) = value(figure).zip(measure(&text[at + length..])) {
            let end = at + length + measure.len();
            if stands_alone(&text[..at]) && counts(figure, measure) {
                numbers.push(Number {
                    start: at,
                    end,
                    value,
                    measure,
                    depth,
                    exact: exact(&text[..at], &text[end..]),
                });
            }
        }
        at += length;
    }
    numbers
}

/// Tells whether a figure behind `before` is no piece of a code, a range or a time; one letter
/// behind a Chinese word is part of a name, as in 旗A5条.
fn stands_alone(before: &str) -> bool {
    let name = before
        .strip_suffix(|char: char| char.is_ascii_alphabetic())
        .unwrap_or(before);
    !name.ends_with(|char: char| char.is_ascii_alphanumeric() || "-—–～~.·/:%".contains(char))
}

/// Chinese figures count only before common measure words: 三元区 is a place.
fn counts(figure: &str, measure: &str) -> bool {
    figure.starts_with(is_digit) || "个条家项件处类篇份".contains(measure)
}

fn exact(before: &str, behind: &str) -> bool {
    let range = before.strip_suffix(['至', '到']).is_some_and(|rest| {
        rest.ends_with(|char: char| is_figure(char) || char == '个' || char == '条')
    });
    !range
        && !BEFORE.iter().any(|word| before.ends_with(word))
        && !BEHIND.iter().any(|word| behind.starts_with(word))
}

const CHINESE: &str = "〇零一二两三四五六七八九十百";

fn is_digit(char: char) -> bool {
    char.is_ascii_digit() || ('０'..='９').contains(&char)
}

fn is_figure(char: char) -> bool {
    is_digit(char) || CHINESE.contains(char)
}

/// The length of the figure that `text` begins with.
fn figure_length(text: &str) -> usize {
    let Some(first) = text.chars().next() else {
        return 0;
    };
    let goes_on = |char: char| match is_digit(first) {
        true => is_digit(char) || char == '.' || char == ',',
        false => CHINESE.contains(char),
    };
    match is_figure(first) {
        true => text.find(|char| !goes_on(char)).unwrap_or(text.len()),
        false => 0,
    }
}

/// The measure word that `text` begins with.
fn measure(text: &str) -> Option<&'static str> {
    let none = NO_MEASURES.iter().any(|word| text.starts_with(word));
    let measure = MEASURES
        .iter()
        .find(|word| text.starts_with(**word))
        .copied();
    measure.filter(|_| !none)
}

/// The value of a figure; nothing for 一 alone, which is seldom a count.
pub fn value(figure: &str) -> Option<Decimal> {
    if figure.starts_with(is_digit) {
        let ascii: String = figure
            .chars()
            .map(ascii)
            .filter(|char| *char != ',')
            .collect();
        return ascii.parse().ok();
    }
    if figure == "一" {
        return None;
    }
    let (mut total, mut digit) = (0_i64, None);
    for char in figure.chars() {
        match char {
            '百' => total += digit.take().unwrap_or(1) * 100,
            '十' => total += digit.take().unwrap_or(1) * 10,
            '〇' | '零' if digit.is_none() => {}
            '两' if digit.is_none() => digit = Some(2),
            _ if digit.is_none() => {
                digit = "〇一二三四五六七八九"
                    .chars()
                    .position(|c| c == char)
                    .map(|d| d as i64)
            }
            _ => return None,
        }
    }
    Some(Decimal::from(total + digit.unwrap_or(0))).filter(|value| !value.is_zero())
}

fn ascii(char: char) -> char {
    match char {
        '０'..='９' => char::from(b'0' + (u32::from(char) - u32::from('０')) as u8),
        _ => char,
    }
}
