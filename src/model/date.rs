//! 日期: a calendar day as circulars write it.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

/// A calendar day, written `2026年7月1日` without padding (GB/T 9704—2012, 7.3.5.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NaiveDate);

impl Date {
    /// The day, where the calendar has it.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Date)
    }

    pub fn year(self) -> i32 {
        self.0.year()
    }

    pub fn month(self) -> u32 {
        self.0.month()
    }

    pub fn day(self) -> u32 {
        self.0.day()
    }

    /// The form of a draft: month and day are left open.
    pub fn open(self) -> String {
        format!("{}年　月　日", self.year())
    }

    /// The day of the week, Monday being 0.
    pub fn weekday(self) -> usize {
        self.0.weekday().num_days_from_monday() as usize
    }

    /// How many days it is from `other` to this day; less than zero where this one is earlier.
    pub fn days_since(self, other: Date) -> i64 {
        (self.0 - other.0).num_days()
    }
}

/// Why a text is no [`Date`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    /// Not of the form `2026年7月1日` or `2026-7-1`.
    Form,
    /// Of that form, but no day of the calendar.
    NoSuchDay,
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DateError::Form => "日期的写法无法识别",
            DateError::NoSuchDay => "日历上没有这一天",
        })
    }
}

impl FromStr for Date {
    type Err = DateError;

    /// Reads `2026年7月1日`, `2026-7-1`, `2026.7.1` or `2026/7/1`, padded or not.
    fn from_str(text: &str) -> Result<Self, DateError> {
        let text = text.trim();
        let parts: Vec<&str> = match text.strip_suffix('日') {
            Some(text) => text.split(['年', '月']).collect(),
            None => ['-', '.', '/']
                .iter()
                .map(|separator| text.split(*separator).collect::<Vec<_>>())
                .find(|parts| parts.len() == 3)
                .ok_or(DateError::Form)?,
        };
        let &[year, month, day] = parts.as_slice() else {
            return Err(DateError::Form);
        };
        let number = |part: &str, digits: std::ops::RangeInclusive<usize>| {
            let good = digits.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            good.then(|| part.parse::<u32>().ok())
                .flatten()
                .ok_or(DateError::Form)
        };
        let (year, month, day) = (
            number(year, 4..=4)?,
            number(month, 1..=2)?,
            number(day, 1..=2)?,
        );
        Date::new(year as i32, month, day).ok_or(DateError::NoSuchDay)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}年{}月{}日", self.year(), self.month(), self.day())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_each_written_form_and_writes_the_standard_one() {
        for text in [
            "2026年7月1日",
            "2026年07月01日",
            "2026-07-01",
            "2026.7.1",
            "2026/7/01",
        ] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), "2026年7月1日");
        }
    }

    #[test]
    fn refuses_days_that_no_calendar_has() {
        assert_eq!("2026年2月30日".parse::<Date>(), Err(DateError::NoSuchDay));
        assert_eq!("2026年13月1日".parse::<Date>(), Err(DateError::NoSuchDay));
        assert_eq!("26年7月1日".parse::<Date>(), Err(DateError::Form));
        assert_eq!("2026年7月1号".parse::<Date>(), Err(DateError::Form));
    }
}
