//! A number as a cell holds it comes in; its letters as the cell shows it go out.

use rust_decimal::{Decimal, RoundingStrategy};

use super::grid::Content;
use crate::model::Date;

/// What of a number format matters to the words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    #[default]
    General,
    /// `61%`, with so many decimals.
    Percent(u32),
    /// `000012`: so many digits at least.
    Padded(usize),
    /// A day without its time.
    Day,
    /// `2021年9月`.
    Month,
}

impl Shown {
    /// Reads a number format as a workbook writes it, such as `0.0%` or `yyyy"年"m"月"`.
    pub fn new(code: &str) -> Self {
        let first = code.split(';').next().unwrap_or_default();
        let bare = without_literals(first);
        if bare.contains('%') {
            let decimals = bare.split('.').nth(1).unwrap_or_default();
            let digits = decimals
                .chars()
                .take_while(|c| matches!(c, '0' | '#'))
                .count();
            return Shown::Percent(digits as u32);
        }
        if bare.len() > 1 && bare.bytes().all(|b| b == b'0') {
            return Shown::Padded(bare.len());
        }
        let lower = bare.to_lowercase();
        match (
            lower.contains('y'),
            lower.contains('d'),
            lower.contains('h'),
        ) {
            (true, false, false) if lower.contains('m') => Shown::Month,
            (_, true, false) => Shown::Day,
            _ => Shown::General,
        }
    }

    /// The content of a number that is shown so.
    pub fn number(self, value: f64) -> Content {
        match self {
            Shown::Percent(digits) => percent(value, digits),
            Shown::Padded(digits) if value >= 0.0 && value.fract() == 0.0 => {
                let text = format!("{value:0digits$}");
                match text.starts_with('0') && text.len() > 1 {
                    true => Content::Text(text),
                    false => decimal(value),
                }
            }
            _ => decimal(value),
        }
    }
}

/// A format code without quoted letters, escaped ones and what stands in square brackets.
fn without_literals(code: &str) -> String {
    let mut bare = String::new();
    let mut characters = code.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => while characters.next().is_some_and(|c| c != '"') {},
            '[' => while characters.next().is_some_and(|c| c != ']') {},
            '\\' | '_' | '*' => {
                characters.next();
            }
            c => bare.push(c),
        }
    }
    bare
}

/// A number in its shortest form: the 15 digits that a workbook keeps, so that 0.1+0.2 is 0.3.
pub fn decimal(value: f64) -> Content {
    let value: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    let value = if value == 0.0 { 0.0 } else { value };
    Content::Number(value.to_string())
}

fn percent(value: f64, digits: u32) -> Content {
    let Content::Number(text) = decimal(value) else {
        return decimal(value);
    };
    match text
        .parse::<Decimal>()
        .ok()
        .and_then(|v| v.checked_mul(Decimal::ONE_HUNDRED))
    {
        Some(percent) => {
            let half_up = RoundingStrategy::MidpointAwayFromZero;
            let mut percent = percent.round_dp_with_strategy(digits, half_up);
            percent.rescale(digits);
            Content::Percent(format!("{percent}%"))
        }
        None => Content::Number(text),
    }
}

/// The written form of a date typed as text, with or without padding: `2021.9.16`, `2021-09-16`,
/// `2021/9/16`, `2021年9月16日`. A date without its year stays as it is.
pub fn serial_date(text: &str) -> Option<String> {
    text.parse::<Date>().ok().map(|date| date.to_string())
}

/// The day of a serial number in one of the two systems of days.
pub fn day_of_serial(serial: u32, date_1904: bool) -> Option<String> {
    let base = if date_1904 {
        (1904, 1, 1)
    } else {
        (1899, 12, 30)
    };
    let base = chrono::NaiveDate::from_ymd_opt(base.0, base.1, base.2)?;
    let day = base.checked_add_days(chrono::Days::new(serial.into()))?;
    use chrono::Datelike;
    Date::new(day.year(), day.month(), day.day()).map(|date| date.to_string())
}

/// Full-width digits and the signs of numbers in their half-width form; `None` where there is none.
pub fn half_width(text: &str) -> Option<String> {
    let half = |c: char| match c {
        '０'..='９' | '．' | '－' | '／' | '％' | '，' => {
            char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)
        }
        c => c,
    };
    let changed: String = text.chars().map(half).collect();
    (changed != text).then_some(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_a_cell_shows_them() {
        let text = |code: &str, value| Shown::new(code).number(value).text().to_owned();
        assert_eq!(text("General", 12.0), "12");
        assert_eq!(text("General", 0.1 + 0.2), "0.3");
        assert_eq!(text("0.00", 12.5), "12.5");
        assert_eq!(text("0%", 0.6138), "61%");
        assert_eq!(text("0.0%", 0.6125), "61.3%");
        assert_eq!(text("0.00%", 1.0), "100.00%");
        assert_eq!(text("000000", 12.0), "000012");
        assert_eq!(text("0", 12.0), "12");
        assert_eq!(text("#,##0", 15785.0), "15785");
        assert_eq!(text("General", 1e20), "100000000000000000000");
    }

    #[test]
    fn formats_of_days_and_months_are_told_apart() {
        assert_eq!(Shown::new("yyyy\"年\"m\"月\"d\"日\""), Shown::Day);
        assert_eq!(Shown::new("[$-804]yyyy\"年\"m\"月\""), Shown::Month);
        assert_eq!(Shown::new("mm-dd-yy"), Shown::Day);
        assert_eq!(Shown::new("m/d/yy h:mm"), Shown::General);
        assert_eq!(Shown::new("General"), Shown::General);
    }

    #[test]
    fn both_systems_of_days_give_the_same_day() {
        assert_eq!(
            day_of_serial(44455, false).as_deref(),
            Some("2021年9月16日")
        );
        assert_eq!(day_of_serial(42993, true).as_deref(), Some("2021年9月16日"));
    }
}
