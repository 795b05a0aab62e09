//! Which of two values is more: numbers by size, days by the calendar, words by their code points. What
//! cannot be weighed is a fault, never a silent order of letters.

use std::cmp::Ordering;

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};
use rust_decimal::Decimal;

use super::{Faults, decimal, fault};
use crate::compose::reads::Reads;
use crate::diag::Diagnostic;
use crate::model::Date;

/// What the letters of a cell come to.
#[derive(Clone, Debug, PartialEq)]
pub enum Weight {
    Empty,
    Number(Decimal),
    /// The figure before `%`.
    Percent(Decimal),
    Day(Date),
    /// A day without its year.
    DayOfYear(u32, u32),
    Words(String),
}

impl Weight {
    pub fn of(text: &str) -> Weight {
        let text = text.trim();
        if text.is_empty() {
            return Weight::Empty;
        }
        if let Ok(number) = text.parse() {
            return Weight::Number(number);
        }
        let percent = text.strip_suffix(['%', '％']).map(str::trim);
        if let Some(Ok(number)) = percent.map(str::parse) {
            return Weight::Percent(number);
        }
        let day = text.trim_end_matches('前');
        match (day.parse(), day_of_year(day)) {
            (Ok(date), _) => Weight::Day(date),
            (_, Some((month, day))) => Weight::DayOfYear(month, day),
            _ => Weight::Words(text.to_owned()),
        }
    }

    /// The order of two weights of one kind; nothing where they cannot be compared.
    pub fn compare(&self, other: &Weight) -> Option<Ordering> {
        Some(match (self, other) {
            (Weight::Number(a), Weight::Number(b)) | (Weight::Percent(a), Weight::Percent(b)) => {
                a.cmp(b)
            }
            (Weight::Day(a), Weight::Day(b)) => a.cmp(b),
            (Weight::DayOfYear(a, b), Weight::DayOfYear(c, d)) => (a, b).cmp(&(c, d)),
            (Weight::Words(a), Weight::Words(b)) => a.cmp(b),
            (Weight::Empty, Weight::Empty) => Ordering::Equal,
            _ => return None,
        })
    }

    /// What people call it.
    pub fn name(&self) -> &'static str {
        match self {
            Weight::Empty => "空的",
            Weight::Number(_) => "数字",
            Weight::Percent(_) => "百分数",
            Weight::Day(_) => "日期",
            Weight::DayOfYear(..) => "没有年份的日期",
            Weight::Words(_) => "文字",
        }
    }
}

/// Reads `9月30日`.
fn day_of_year(text: &str) -> Option<(u32, u32)> {
    // A leap year, which has every day.
    const ANY: i32 = 2000;
    let (month, day) = text.strip_suffix('日')?.split_once('月')?;
    let figure = |text: &str| text.parse().ok().filter(|_| text.len() <= 2);
    let (month, day) = (figure(month)?, figure(day)?);
    Date::new(ANY, month, day).map(|_| (month, day))
}

/// Whether `a < b` and the like hold. Words have no more and less; their fault stands at the cell that
/// was read last, where there is one.
///
/// Each side is its name, where it has one, and its value.
pub fn holds(
    [(name, a), (other_name, b)]: [(&str, &Value); 2],
    sign: &str,
    reads: &Reads,
    faults: &Faults,
) -> Result<bool, Error> {
    let (one, other) = (weight(name, a)?, weight(other_name, b)?);
    let is_part = |number: &Decimal| *number > Decimal::ZERO && *number < Decimal::ONE;
    let compared = match (&one, &other) {
        // 61.2% beside 0.9: the one counts in hundredths, the other in wholes.
        (Weight::Percent(_), Weight::Number(part)) | (Weight::Number(part), Weight::Percent(_))
            if is_part(part) =>
        {
            None
        }
        (Weight::Words(_), _) | (_, Weight::Words(_)) => None,
        // 整改率 61.2% beside 60: both are hundredths.
        (Weight::Percent(a), Weight::Number(b)) | (Weight::Number(a), Weight::Percent(b)) => {
            Some(a.cmp(b))
        }
        (one, other) => one.compare(other),
    };
    let Some(ordering) = compared else {
        let said = |value: &Value, weight: &Weight| match weight {
            Weight::Empty => "空的值".to_owned(),
            weight => format!("“{value}”（{}）", weight.name()),
        };
        let message = format!("{}和{}比不出大小", said(a, &one), said(b, &other));
        let hint = "两边都要是数字，或者都是写全年、月、日的日期；量词和千分号不写在格子里";
        return Err(match reads.last() {
            Some(cell) => {
                let diagnostic = Diagnostic::error("tables/cell/not-a-number", &cell, message);
                faults.stop(diagnostic.hint(hint))
            }
            None => fault(message),
        });
    };
    Ok(match sign {
        "<" => ordering.is_lt(),
        "<=" => ordering.is_le(),
        ">" => ordering.is_gt(),
        _ => ordering.is_ge(),
    })
}

fn weight(name: &str, value: &Value) -> Result<Weight, Error> {
    match value.kind() {
        ValueKind::Undefined => {
            let detail = format!("`{name}` is undefined");
            Err(Error::new(ErrorKind::UndefinedError, detail))
        }
        ValueKind::Number => decimal(value)
            .map(Weight::Number)
            .ok_or_else(|| fault("这个数太大")),
        ValueKind::String => Ok(Weight::of(value.as_str().unwrap_or_default())),
        ValueKind::None => Ok(Weight::Empty),
        _ => Err(fault("列表、表格和真假值比不出大小；行数用“计数”")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_weighed_as_what_they_say() {
        let kinds = [
            "",
            "12",
            "-1.5",
            "9%",
            "85.5％",
            "2026年2月1日",
            "2026-02-01",
            "9月30日前",
            "56条",
        ];
        let names = kinds.map(|text| Weight::of(text).name());
        assert_eq!(
            names,
            [
                "空的",
                "数字",
                "数字",
                "百分数",
                "百分数",
                "日期",
                "日期",
                "没有年份的日期",
                "文字"
            ]
        );
        let less = |a: &str, b: &str| Weight::of(a).compare(&Weight::of(b)) == Some(Ordering::Less);
        assert!(less("9%", "85.5%") && less("85.5%", "100%"));
        assert!(less("2026年2月1日", "2026年10月1日") && less("2月1日", "9月30日"));
        assert_eq!(Weight::of("12").compare(&Weight::of("56条")), None);
    }
}
