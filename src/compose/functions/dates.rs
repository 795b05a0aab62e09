//! Days: their parts, their quarter, and how far they are apart.

use chrono::NaiveDate;
use minijinja::Error;
use minijinja::value::{Kwargs, Value};

use super::{fault, option};
use crate::model::{Date, chinese_number};

fn date(value: &Value) -> Result<Date, Error> {
    let text = value.to_string();
    let reason = |error| {
        fault(format!(
            "“{text}”不是完整的日期（{error}），应如“2026年7月1日”"
        ))
    };
    text.parse().map_err(reason)
}

pub fn year(value: Value) -> Result<i32, Error> {
    date(&value).map(Date::year)
}

pub fn month(value: Value) -> Result<u32, Error> {
    date(&value).map(Date::month)
}

pub fn day(value: Value) -> Result<u32, Error> {
    date(&value).map(Date::day)
}

pub fn month_day(value: Value) -> Result<String, Error> {
    date(&value).map(|date| format!("{}月{}日", date.month(), date.day()))
}

/// 2026年第三季度; without the year 第三季度, in short 三季度.
pub fn quarter(value: Value, options: Kwargs) -> Result<String, Error> {
    let year = option(&options, ["年", "year"])?.unwrap_or(true);
    let short = option(&options, ["简", "short"])?.unwrap_or(false);
    options.assert_all_used()?;
    let date = date(&value)?;
    let quarter = chinese_number(date.month().div_ceil(3));
    Ok(match (year, short) {
        (_, true) => format!("{quarter}季度"),
        (true, false) => format!("{}年第{quarter}季度", date.year()),
        (false, false) => format!("第{quarter}季度"),
    })
}

/// The days from one day to another; negative where the second comes first.
pub fn days_between(first: Value, second: Value) -> Result<i64, Error> {
    let day = |value: &Value| {
        let date = date(value)?;
        NaiveDate::from_ymd_opt(date.year(), date.month(), date.day())
            .ok_or_else(|| fault("日历上没有这一天"))
    };
    Ok((day(&second)? - day(&first)?).num_days())
}
