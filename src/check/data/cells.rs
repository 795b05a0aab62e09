//! Single cells: deadlines and dates against the date of the circular, and codes against the form
//! that the user has declared.

use super::columns::is_done;
use super::text;
use crate::diag::{Diagnostic, Rule, Strength};
use crate::model::{Circular, Date, Scalar, Sourced, Table, Value, ValueKind};

pub const RULES: &[Rule] = &[DEADLINE, AFTER, PERIOD, WRITTEN, FORM];

const DEADLINE: Rule = Rule::new("findings/deadline/before-doc-date", "整改期限早于成文日期")
    .warning()
    .rests_on(Strength::Practice, "公文校对惯例")
    .example(
        "整改期限: 2026年6月30日（成文日期: 2026年7月1日）",
        "整改期限: 2026年7月31日",
    );
const AFTER: Rule = Rule::new(
    "findings/date/after-doc-date",
    "检查、发现的日期晚于成文日期",
)
.warning()
.rests_on(Strength::Practice, "公文校对惯例")
.example(
    "检查日期: 2026年7月6日（成文日期: 2026年7月1日）",
    "检查日期: 2026年6月26日",
);
const PERIOD: Rule = Rule::new(
    "findings/period/after-doc-date",
    "变量里的检查时间晚于成文日期",
)
.warning()
.rests_on(Strength::Practice, "公文校对惯例")
.example(
    "检查时间: 7月1日至6日（成文日期: 2026年7月1日）",
    "检查时间: 6月22日至26日",
);
const WRITTEN: Rule = Rule::new("findings/date/form", "日期没有写成年、月、日，会照原样印出")
    .warning()
    .rests_on(Strength::Practice, "公文校对惯例")
    .example("整改期限: 10/30", "整改期限: 10月30日");
const FORM: Rule = Rule::new("findings/code/form", "编码不合“检查”里写的样式")
    .example("新媒体标识码: 150525M3", "新媒体标识码: 150525M003");

/// Columns and variables that say until when something is to be done, and when something was.
const DEADLINES: &[&str] = &[
    "整改期限",
    "整改时限",
    "完成时限",
    "办结时限",
    "整改截止日期",
    "上报期限",
    "报送期限",
];
const PAST: &[&str] = &[
    "检查日期",
    "检查时间",
    "发现日期",
    "发现时间",
    "抽查日期",
    "抽查时间",
    "监测日期",
    "监测时间",
];

pub fn faults(circular: &Circular, table: &Table) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    // Last period's deadlines are over.
    let last = table.is_last_period();
    let state = table.known_column("状态");
    let state = state.or_else(|| table.column("整改情况"));
    for (index, column) in table.columns().iter().enumerate() {
        let name = column.value.as_str();
        let cells = || table.rows().iter().map(move |row| &row[index]);
        if DEADLINES.contains(&name) && !last {
            let rows = table.rows().iter().filter(|row| is_open(row, state));
            faults.extend(rows.filter_map(|row| deadline(&row[index], circular)));
        }
        if PAST.contains(&name) {
            faults.extend(cells().filter_map(|cell| after(cell, circular)));
        }
        if is_of_days(name) {
            faults.extend(written(name, cells()));
        }
        // The unit's come first; the circular's own count.
        let mut forms = circular.checks.forms.iter().rev();
        let form = forms.find(|(column, _)| column.value == name);
        if let Some((_, forms)) = form {
            faults.extend(cells().filter_map(|cell| code(cell, name, forms)));
        }
    }
    faults
}

/// Whether a finding is still to be mended, as far as its row tells.
fn is_open(row: &[Value], state: Option<usize>) -> bool {
    match state.map(|state| &row[state].kind) {
        Some(ValueKind::Scalar(state)) => !is_done(state.text().trim()),
        _ => true,
    }
}

/// Whether a column or variable of this name holds days.
fn is_of_days(name: &str) -> bool {
    let ends = ["日期", "期限", "时限"];
    ends.iter().any(|word| name.ends_with(word))
        || DEADLINES.contains(&name)
        || PAST.contains(&name)
}

/// Says once of a column that its days are printed with strokes, or as one figure.
fn written<'a>(name: &str, cells: impl Iterator<Item = &'a Value>) -> Option<Diagnostic> {
    let mut found = cells.filter_map(|cell| Some((cell, text(cell)?, badly_written(text(cell)?)?)));
    let (first, typed, day) = found.next()?;
    let message = match found.count() {
        0 => format!("“{name}”写作“{typed}”，会照原样印出"),
        more => format!(
            "“{name}”有{}格的日期写作“{typed}”一类，会照原样印出",
            more + 1
        ),
    };
    let hint = match day {
        Some(day) => format!("写作“{day}”"),
        None => "写明月、日，如“10月30日”".to_owned(),
    };
    Some(WRITTEN.fault(&first.origin, message).hint(hint))
}

/// Whether a day is written as figures and marks, or with blanks in it, and the words for it, where it
/// is one: `20261030`, `2026-10-30 00:00:00`, `10/30`, `2026 年 10 月 30 日`, each with or without 前.
fn badly_written(text: &str) -> Option<Option<String>> {
    const FEWEST: usize = 3;
    /// As many figures without a mark are no count of days: `20261030`.
    const FEWEST_ALONE: usize = 5;
    let text = text.trim_end_matches('前').trim();
    let figures = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = |char: char| char.is_ascii_digit() || "/-.: T".contains(char);
    let fewest = if figures == text.len() {
        FEWEST_ALONE
    } else {
        FEWEST
    };
    if figures >= fewest && text.chars().all(letters) {
        return Some(day_of_figures(text.split([' ', 'T']).next()?));
    }
    let plain = crate::model::without_blanks(text);
    let is_day = plain.ends_with('日') && plain.contains('月') && figures > 1;
    (is_day && plain.len() < text.len()).then_some(Some(plain))
}

/// The words for a day of figures.
fn day_of_figures(text: &str) -> Option<String> {
    let all_digits = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = match text.find(['/', '-', '.']) {
        Some(at) => text.split(char::from(text.as_bytes()[at])).collect(),
        None if text.len() == 8 && all_digits(&text) => vec![&text[..4], &text[4..6], &text[6..]],
        None => return None,
    };
    let figure = |part: &str| part.parse::<u32>().ok().filter(|_| all_digits(&part));
    // A leap year, which has every day.
    const ANY: i32 = 2000;
    match *parts.as_slice() {
        [month, day] if month.len() <= 2 && day.len() <= 2 => {
            let (month, day) = (figure(month)?, figure(day)?);
            Date::new(ANY, month, day).map(|_| format!("{month}月{day}日"))
        }
        [year, month, day] if year.len() == 4 => {
            let year = i32::try_from(figure(year)?).ok()?;
            Date::new(year, figure(month)?, figure(day)?).map(|date| date.to_string())
        }
        _ => None,
    }
}

/// The faults of 变量: a deadline that is over, a period that is not.
pub fn variables(circular: &Circular) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for (name, value) in &circular.variables {
        if is_of_days(&name.value) {
            faults.extend(written(&name.value, std::iter::once(value)));
        }
        let ValueKind::Scalar(Scalar::Text(text)) = &value.kind else {
            continue;
        };
        let Some(date) = last_day(text, circular.doc_date.value) else {
            continue;
        };
        let signed = &circular.doc_date;
        if PAST.contains(&name.value.as_str()) && date > signed.value {
            let message = format!("“{}”到{date}，晚于成文日期{}", name.value, signed.value);
            faults.push(at_date(&PERIOD, value, message, signed));
        }
        if DEADLINES.contains(&name.value.as_str()) && date < signed.value {
            let message = format!("“{}”{date}早于成文日期{}", name.value, signed.value);
            faults.push(at_date(&DEADLINE, value, message, signed));
        }
    }
    faults
}

fn at_date(rule: &Rule, value: &Value, message: String, signed: &Sourced<Date>) -> Diagnostic {
    let fault = rule
        .fault(&value.origin, message)
        .hint("查对这个日期和成文日期");
    fault.related(&signed.origin, "成文日期写在这里")
}

/// The last day of `6月22日至26日`; without a year the one nearest to `near`.
fn last_day(text: &str, near: Date) -> Option<Date> {
    if let Ok(date) = text.parse::<Date>() {
        return Some(date);
    }
    let (head, day) = text
        .trim()
        .trim_end_matches("前")
        .strip_suffix('日')
        .map(split_figure)?;
    let day: u32 = day.parse().ok()?;
    let month_at = text.rfind('月')?;
    let (before, month) = split_figure(&text[..month_at]);
    let year = before.strip_suffix('年').map(|text| split_figure(text).1);
    let year = year.or_else(|| head.rfind('年').map(|at| split_figure(&head[..at]).1));
    let month: u32 = month.parse().ok()?;
    match year
        .filter(|year| year.len() == 4)
        .and_then(|year| year.parse().ok())
    {
        Some(year) => Date::new(year, month, day),
        None => (near.year() - 1..=near.year() + 1)
            .filter_map(|year| Date::new(year, month, day))
            .min_by_key(|date| date.days_since(near).abs()),
    }
}

/// A text without the figure that ends it, and that figure.
fn split_figure(text: &str) -> (&str, &str) {
    let head = text.trim_end_matches(|char: char| char.is_ascii_digit());
    (head, &text[head.len()..])
}

fn deadline(cell: &Value, circular: &Circular) -> Option<Diagnostic> {
    let date = last_day(text(cell)?, circular.doc_date.value)?;
    let signed = &circular.doc_date;
    let message = format!("整改期限{date}早于成文日期{}", signed.value);
    (date < signed.value).then(|| at_date(&DEADLINE, cell, message, signed))
}

fn after(cell: &Value, circular: &Circular) -> Option<Diagnostic> {
    let date = last_day(text(cell)?, circular.doc_date.value)?;
    let signed = &circular.doc_date;
    let message = format!("{date}晚于成文日期{}", signed.value);
    (date > signed.value).then(|| at_date(&AFTER, cell, message, signed))
}

fn code(cell: &Value, column: &str, forms: &[String]) -> Option<Diagnostic> {
    let code = text(cell)?;
    if forms.iter().any(|form| fits(code, form)) {
        return None;
    }
    let message = format!("{column}“{code}”不合样式");
    let fault = FORM.fault(&cell.origin, message);
    Some(fault.hint(format!(
        "样式是“{}”（“数”代表一位数字，“字”代表一个字母）",
        forms.join("”或“")
    )))
}

/// Tells whether a code has a form: 数 is a digit, 字 a letter, anything else itself.
fn fits(code: &str, form: &str) -> bool {
    let fits = |(char, form): (char, char)| match form {
        '数' => char.is_ascii_digit(),
        '字' => char.is_ascii_alphabetic(),
        form => char == form,
    };
    code.chars().count() == form.chars().count() && code.chars().zip(form.chars()).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_of_a_period_is_read() {
        let near = Date::new(2026, 7, 1).unwrap();
        let day = |text: &str| last_day(text, near).map(|date| date.to_string());
        assert_eq!(day("6月22日至26日").as_deref(), Some("2026年6月26日"));
        assert_eq!(day("6月22日至7月3日").as_deref(), Some("2026年7月3日"));
        assert_eq!(day("2025年12月30日").as_deref(), Some("2025年12月30日"));
        assert_eq!(day("3月5日前").as_deref(), Some("2026年3月5日"));
        assert_eq!(day("2026-07-05").as_deref(), Some("2026年7月5日"));
        assert_eq!(day("10月底"), None);
        assert_eq!(day("立行立改"), None);
    }

    #[test]
    fn days_of_figures_are_told_from_other_figures() {
        for (typed, day) in [
            ("20261030", Some("2026年10月30日")),
            ("2026-10-30", Some("2026年10月30日")),
            ("2026-10-30 00:00:00", Some("2026年10月30日")),
            ("2026/1/5前", Some("2026年1月5日")),
            ("10/30", Some("10月30日")),
            ("10.30前", Some("10月30日")),
            ("2-29", Some("2月29日")),
            ("2026 年 10 月 30 日", Some("2026年10月30日")),
            ("46325", None),
            ("26.10.30", None),
            ("2026.2.30", None),
        ] {
            let day = day.map(str::to_owned);
            assert_eq!(badly_written(typed), Some(day), "{typed}");
        }
        for other in [
            "2026年10月30日",
            "10月30日前",
            "10月底",
            "1.5%",
            "3",
            "30",
            "30个",
            "/",
            "立行立改",
            "10：30",
            "9月14日至18日",
        ] {
            assert_eq!(badly_written(other), None, "{other}");
        }
    }

    #[test]
    fn codes_fit_their_form_letter_by_letter() {
        assert!(fits("150525M003", "数数数数数数M数数数"));
        assert!(!fits("150525M3", "数数数数数数M数数数"));
        assert!(!fits("150525N003", "数数数数数数M数数数"));
        assert!(fits("AB-1", "字字-数"));
    }
}
