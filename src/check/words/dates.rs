//! Dates in the words: days that no calendar has, weekdays that do not agree, ranges that run
//! backwards, and dates that the date of the circular forbids.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex, bytes};

use super::reading::Reading;
use crate::check::facts::Facts;
use crate::diag::{Diagnostic, Rule, Strength};
use crate::model::Date;

pub const RULES: &[Rule] = &[NO_SUCH_DAY, WEEKDAY, REVERSED, DEADLINE, AFTER];

const NO_SUCH_DAY: Rule = Rule::new("text/date/no-such-day", "文中的日期在日历上不存在")
    .example("请于9月31日前报送。", "请于9月30日前报送。");
const WEEKDAY: Rule = Rule::new("text/date/weekday", "日期与星期不符").example(
    "2026年7月6日（星期二）召开。",
    "2026年7月6日（星期一）召开。",
);
const REVERSED: Rule = Rule::new("text/range/reversed", "起止颠倒")
    .warning()
    .example("6月26日至22日检查。", "6月22日至26日检查。");
const DEADLINE: Rule = Rule::new("text/deadline/before-doc-date", "要求的期限早于成文日期")
    .warning()
    .rests_on(Strength::Practice, "公文校对惯例")
    .example("请于6月10日前报送整改情况。", "请于7月10日前报送整改情况。");
const AFTER: Rule = Rule::new("text/date/after-doc-date", "“截至”的日期晚于成文日期")
    .warning()
    .rests_on(Strength::Practice, "公文校对惯例")
    .example("截至7月31日，已整改12个。", "截至6月30日，已整改12个。");

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is sound")
}

/// A day with its month, behind which 日 or the mark of a range stands. It is looked for in nearly every
/// text, and by bytes the pattern is made in half the time.
static DAY: LazyLock<bytes::Regex> = LazyLock::new(|| {
    bytes::Regex::new(
        r"(?-u)(?:^|[^0-9])(?:([0-9]{4})年)?([0-9]{1,2})月([0-9]{1,2})(?:日|(?:\s|　)?(?:至|到|—|～|-|－))",
    )
    .expect("the pattern is sound")
});
/// What may stand right behind a day.
static WEEKDAY_BEHIND: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[（(]?(?:星期|周|礼拜)([一二三四五六日天])[）)]?"));
static TO_DAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^\s?(?:至|到|—|～|-|－)\s?(?:([0-9]{4})年)?(?:([0-9]{1,2})月)?([0-9]{1,2})日")
});
static WEEKDAY_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:星期|周|礼拜)([一二三四五六日天])[（(](?:([0-9]{4})年)?([0-9]{1,2})月([0-9]{1,2})日[）)]",
    )
});
static MONTHS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:^|[^0-9年月第])([0-9]{1,2})月?(?:至|—|～|-|－)([0-9]{1,2})月(?:[^0-9]|$)")
});
static YEARS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:^|[^0-9])((?:19|20)[0-9]{2})年?(?:至|—|～|-|－)((?:19|20)[0-9]{2})年")
});
static VALUES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[^0-9.])([0-9]+(?:\.[0-9]+)?)%?[～~]([0-9]+(?:\.[0-9]+)?)(?:%|天|个|人|万|亿|元|家|条|件|次|名)",
    )
});
static AS_OF: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"截至(?:到)?(?:([0-9]{4})年)?([0-9]{1,2})月(?:([0-9]{1,2})日|底|末)")
});

/// What a pattern finds in a text that `may` have it. A pattern is made when it is first needed, which
/// takes as long as looking through a hundred pages.
fn finds<'a>(
    pattern: &'static LazyLock<Regex>,
    text: &'a str,
    may: bool,
) -> impl Iterator<Item = Captures<'a>> {
    may.then(|| pattern.captures_iter(text))
        .into_iter()
        .flatten()
}

/// A day as a text says it.
struct Said {
    start: usize,
    /// Behind 日, where it is said.
    end: usize,
    whole: bool,
    year: Option<u32>,
    month: u32,
    day: u32,
}

/// The days of a text with their months.
fn said(text: &str) -> impl Iterator<Item = Said> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let found = DAY.captures_at(text.as_bytes(), at)?;
        let group = |index| found.get(index).map(|group| group.range());
        let number = |index| text[group(index)?].parse::<u32>().ok();
        let day = group(3)?;
        // The mark of a range stands before the next day, too.
        at = day.end;
        let whole = text[day.end..].starts_with('日');
        Some(Said {
            start: group(1).or(group(2))?.start,
            end: day.end + if whole { '日'.len_utf8() } else { 0 },
            whole,
            year: number(1),
            month: number(2)?,
            day: number(3)?,
        })
    })
}

/// The faults of the dates of a text; `cell` leaves out what only sentences say.
pub fn faults(reading: &Reading, facts: &Facts, cell: bool) -> Vec<Diagnostic> {
    let text = reading.plain.as_str();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let mut faults = Vec::new();
    let signs = reading.signs;
    let weekdays = signs.day && has(&["星期", "周", "礼拜"]);
    for day in signs.day.then(|| said(text)).into_iter().flatten() {
        if is_lunar(text, day.start) {
            continue;
        }
        if day.whole {
            faults.extend(exists(reading, &day));
        }
        if day.whole && weekdays {
            faults.extend(weekday_behind(reading, facts, &day));
        }
        if day.whole && !cell {
            faults.extend(until(reading, facts, &day));
        }
        if signs.span {
            faults.extend(to_day(reading, &day));
        }
    }
    for found in finds(&WEEKDAY_FIRST, text, weekdays) {
        let weekday = found.get(1).map(|weekday| weekday.range());
        let named = || {
            let (month, day) = (number(&found, 3)?, number(&found, 4)?);
            Some(dates(number(&found, 2), month, day, facts))
        };
        faults.extend(
            weekday
                .zip(named())
                .and_then(|(said, dates)| weekday_of(reading, said, &dates)),
        );
    }
    for found in finds(&MONTHS, text, signs.span && signs.month) {
        // 9月至7月 is a school year, 10—3月 a winter.
        let back = number(&found, 1).zip(number(&found, 2));
        let reversed = back.is_some_and(|(month, other)| {
            (1..3).contains(&month.saturating_sub(other)) && month < 9
        });
        faults.extend(order(reading, &found, reversed));
    }
    for found in finds(&YEARS, text, signs.span && signs.year) {
        faults.extend(order(
            reading,
            &found,
            number(&found, 1) > number(&found, 2),
        ));
    }
    for found in finds(&VALUES, text, signs.span && signs.tilde) {
        let value = |index: usize| found[index].parse::<f64>().unwrap_or_default();
        faults.extend(order(reading, &found, value(1) > value(2)));
    }
    if cell {
        return faults;
    }
    let as_of = finds(&AS_OF, text, signs.up_to).filter_map(|found| as_of(reading, facts, &found));
    faults.extend(as_of);
    faults
}

fn number(found: &Captures, index: usize) -> Option<u32> {
    found.get(index)?.as_str().parse().ok()
}

/// Where the first group of a find starts, and where all of it ends.
fn place(found: &Captures) -> (usize, usize) {
    let start = found
        .iter()
        .skip(1)
        .flatten()
        .next()
        .map_or(0, |group| group.start());
    (start, found.get(0).map_or(start, |all| all.end()))
}

fn is_lunar(text: &str, at: usize) -> bool {
    text[..at].ends_with("农历") || text[..at].ends_with("阴历")
}

/// The date of a month and day; without a year the one nearest to the circular's date.
fn date(year: Option<u32>, month: u32, day: u32, facts: &Facts) -> Option<Date> {
    if let Some(year) = year {
        return Date::new(year as i32, month, day);
    }
    let year = facts.doc_date.year();
    let near = (year - 1..=year + 1).filter_map(|year| Date::new(year, month, day));
    near.min_by_key(|date| date.days_since(facts.doc_date).abs())
}

/// The dates that a month and day may be: without a year the nearest one and that of the circular's year,
/// as what is to be done lies ahead, and what was found behind.
fn dates(year: Option<u32>, month: u32, day: u32, facts: &Facts) -> Vec<Date> {
    let near = date(year, month, day, facts);
    let own = Date::new(facts.doc_date.year(), month, day).filter(|_| year.is_none());
    near.into_iter().chain(own).collect()
}

/// The fault of a day that no calendar has.
fn exists(reading: &Reading, said: &Said) -> Option<Diagnostic> {
    // Every fourth year is asked where the year is not said.
    let year = said.year.map_or(2024, |year| year as i32);
    if Date::new(year, said.month, said.day).is_some() {
        return None;
    }
    let written = &reading.plain[said.start..said.end];
    let message = format!("日历上没有“{written}”这一天");
    let fault = reading.fault(&NO_SUCH_DAY, said.start, said.end, message);
    Some(fault.hint("查对年、月、日"))
}

/// The fault of the weekday behind a day.
fn weekday_behind(reading: &Reading, facts: &Facts, said: &Said) -> Option<Diagnostic> {
    let behind = &reading.plain[said.end..];
    let found = WEEKDAY_BEHIND.captures(behind)?;
    // 7月6日周一至周五 says another thing.
    let goes_on = behind[found[0].len()..].starts_with(['至', '到', '—', '、', '和']);
    if goes_on {
        return None;
    }
    let weekday = found.get(1)?;
    let place = said.end + weekday.start()..said.end + weekday.end();
    let dates = dates(said.year, said.month, said.day, facts);
    weekday_of(reading, place, &dates)
}

/// The fault of a weekday that is not that of any date it may stand by.
fn weekday_of(reading: &Reading, weekday: Range<usize>, dates: &[Date]) -> Option<Diagnostic> {
    let names = ["一", "二", "三", "四", "五", "六", "日"];
    let right = |date: &Date| names[date.weekday()];
    let stated = reading.plain[weekday.clone()].replace('天', "日");
    let date = dates.first()?;
    if dates.iter().any(|date| right(date) == stated) {
        return None;
    }
    let message = format!("{date}是星期{}，不是星期{stated}", right(date));
    let fault = reading.fault(&WEEKDAY, weekday.start, weekday.end, message);
    Some(fault.hint("查对日期和星期"))
}

/// The fault of a range that ends before the day it starts with.
fn to_day(reading: &Reading, said: &Said) -> Option<Diagnostic> {
    let found = TO_DAY.captures(&reading.plain[said.end..])?;
    let (other_month, other_day) = (number(&found, 2).unwrap_or(said.month), number(&found, 3)?);
    let (from, to) = ((said.month, said.day), (other_month, other_day));
    let reversed = match (said.year, number(&found, 1)) {
        (Some(year), Some(other)) => (year, from) > (other, to),
        // 12月20日至1月10日 goes over the end of the year.
        _ => from > to && said.month - other_month.min(said.month) < 6,
    };
    reversed.then(|| backwards(reading, said.start, said.end + found[0].len()))
}

fn order(reading: &Reading, found: &Captures, reversed: bool) -> Option<Diagnostic> {
    let (start, end) = place(found);
    reversed.then(|| backwards(reading, start, end))
}

fn backwards(reading: &Reading, start: usize, end: usize) -> Diagnostic {
    let message = format!("“{}”的起止颠倒", &reading.plain[start..end]);
    let fault = reading.fault(&REVERSED, start, end, message);
    fault.hint("查对起止，小的、早的写在前面")
}

/// Behind 17时.
fn at_hour(behind: &str) -> &str {
    let hour = behind.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let figures = behind.len() - hour.len();
    let said = hour.strip_prefix('时');
    said.filter(|_| matches!(figures, 1 | 2)).unwrap_or(behind)
}

/// Tells whether the end of a text asks for something.
fn is_asked(text: &str) -> bool {
    const ASK: [&str; 6] = ["请", "务必", "必须", "须", "要于", "要在"];
    /// As far before the day.
    const LETTERS: usize = 42;
    let clause = text.rfind(['。', '；']).map_or(0, |stop| stop);
    let far = text.char_indices().rev().nth(LETTERS - 1);
    let clause = &text[clause.max(far.map_or(0, |(at, _)| at))..];
    ASK.iter().any(|word| clause.contains(word))
}

/// The fault of a day before which something must be done, and which is over.
fn until(reading: &Reading, facts: &Facts, said: &Said) -> Option<Diagnostic> {
    let text = reading.plain.as_str();
    let before = ["之前", "以前", "前"];
    let behind = at_hour(&text[said.end..]);
    let word = before.iter().find(|word| behind.starts_with(**word))?;
    let (start, end) = (said.start, text.len() - behind.len() + word.len());
    if !is_asked(&text[..start]) {
        return None;
    }
    let date = date(said.year, said.month, said.day, facts)?;
    let sentence = text[..start].rfind(['。', '；']).map_or(0, |at| at);
    let stop = text[end..]
        .find('。')
        .map_or(text.len(), |length| end + length);
    let told = ["已", "曾", "逾期", "未按", "要求", "通知", "规定", "原定"];
    // 须于6月10日前报送，仍有3个单位没有报送 tells of what was.
    let not_done = ["未", "没有", "仍", "尚", "逾期", "均", "已", "才"];
    let past = told.iter().any(|word| text[sentence..start].contains(word))
        || not_done.iter().any(|word| text[end..stop].contains(word));
    if date >= facts.doc_date || past {
        return None;
    }
    let message = format!("要求的期限{date}早于成文日期{}", facts.doc_date);
    Some(
        reading
            .fault(&DEADLINE, start, end, message)
            .hint("查对期限和成文日期"),
    )
}

fn as_of(reading: &Reading, facts: &Facts, found: &Captures) -> Option<Diagnostic> {
    let (start, end) = place(found);
    let (date, said) = match number(found, 3) {
        Some(day) => {
            let date = date(number(found, 1), number(found, 2)?, day, facts)?;
            (date, date.to_string())
        }
        // 8月底: later than all of July.
        None => {
            let year = number(found, 1).map_or(facts.doc_date.year(), |year| year as i32);
            let first = Date::new(year, number(found, 2)?, 1)?;
            (first, reading.plain[start..end].to_owned())
        }
    };
    if date <= facts.doc_date {
        return None;
    }
    let message = format!("“截至”的日期{said}晚于成文日期{}", facts.doc_date);
    Some(
        reading
            .fault(&AFTER, start, end, message)
            .hint("查对这个日期；说的是将来就不用“截至”"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::passage::Passage;
    use crate::check::words::reading::Kind;
    use crate::check::words::signs::Signs;

    const PIECES: &[&str] = &[
        "2026年",
        "2025",
        "1",
        "6",
        "10",
        "31",
        "年",
        "月",
        "日",
        "%",
        "天",
        "至",
        "到",
        "—",
        "～",
        "-",
        " ",
        "前",
        "17时",
        "星期一",
        "（周三）",
        "请",
        "要于",
        "。",
        "，",
        "截至",
        "底",
        "9月31日",
        "6月26",
        "7月6日",
        "3.5",
        "2.5",
    ];

    /// What a text's signs leave out, no rule would have found.
    #[test]
    fn no_fault_is_passed_over() {
        let facts = Facts::plain();
        let all = Signs::of("截至2026年6月26日～7月1日");
        assert!(all.day && all.month && all.year && all.span && all.tilde && all.up_to);
        let mut next = super::super::tests::chance(11);
        let mut count = 0;
        for _ in 0..20_000 {
            let letters = 2 + next(7);
            let text: String = (0..letters).map(|_| PIECES[next(PIECES.len())]).collect();
            let mut reading = Reading::new(Kind::Paragraph, true, Passage::typed(&text), &facts);
            let seen = faults(&reading, &facts, false);
            reading.signs = all;
            let whole = faults(&reading, &facts, false);
            assert_eq!(seen, whole, "{text}");
            count += whole.len();
        }
        assert!(count > 1_000, "{count}");
    }
}
