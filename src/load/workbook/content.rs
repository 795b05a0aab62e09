//! What a cell holds: calamine's value comes in, the content as the sheet shows it goes out.

use calamine::{CellErrorType, Data, DataRef, ExcelDateTime};

use super::format::{Shown, decimal, serial_date};
use super::grid::Content;

/// calamine has the borrowed form from one reader and the owned one from another.
pub trait FromData<'a> {
    fn from_data(data: &'a Data) -> Self;
}

impl<'a> FromData<'a> for DataRef<'a> {
    fn from_data(data: &'a Data) -> Self {
        match data {
            Data::Int(value) => DataRef::Int(*value),
            Data::Float(value) => DataRef::Float(*value),
            Data::String(text) => DataRef::SharedString(text),
            Data::Bool(value) => DataRef::Bool(*value),
            Data::DateTime(value) => DataRef::DateTime(*value),
            Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
            Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
            Data::Error(error) => DataRef::Error(error.clone()),
            Data::Empty => DataRef::Empty,
        }
    }
}

/// What a cell holds; `None` where it is empty or holds blanks only.
pub fn content(data: &DataRef, shown: Shown) -> Option<Content> {
    Some(match data {
        DataRef::Empty => return None,
        DataRef::Int(value) => shown.number(*value as f64),
        DataRef::Float(value) => shown.number(*value),
        DataRef::Bool(value) => Content::Bool(*value),
        DataRef::String(text) => return words(text),
        DataRef::SharedString(text) => return words(text),
        DataRef::DateTime(date) => moment(date, shown),
        DataRef::DateTimeIso(text) => iso(text, shown),
        DataRef::DurationIso(text) => Content::Text(text.clone()),
        DataRef::Error(CellErrorType::GettingData) => Content::Error("#GETTING_DATA".to_owned()),
        DataRef::Error(error) => Content::Error(error.to_string()),
    })
}

/// LibreOffice keeps the result of a failed formula as words.
const FAILED: &[&str] = &[
    "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!", "#SPILL!",
];

fn words(text: &str) -> Option<Content> {
    let text = text.trim();
    if FAILED.contains(&text) || (text.starts_with("Err:") && text.len() == 7) {
        return Some(Content::Error(text.to_owned()));
    }
    (!text.is_empty()).then(|| Content::Text(text.to_owned()))
}

fn moment(date: &ExcelDateTime, shown: Shown) -> Content {
    if date.is_duration() {
        return decimal(date.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let text = match shown {
        Shown::Month => format!("{year}年{month}月"),
        _ if date.as_f64() < 1.0 => format!("{hour}:{minute:02}"),
        _ if (hour, minute, second) == (0, 0, 0) || shown == Shown::Day => {
            format!("{year}年{month}月{day}日")
        }
        _ => format!("{year}年{month}月{day}日{hour}:{minute:02}"),
    };
    Content::Date(text)
}

/// `2021-09-16` or `2021-09-16T08:30:00`, as an ods and a strict xlsx have it.
fn iso(text: &str, shown: Shown) -> Content {
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    let Some(date) = serial_date(date) else {
        return Content::Text(text.to_owned());
    };
    let midnight = time.chars().all(|c| matches!(c, '0' | ':' | '.' | 'Z'));
    match time.get(..5) {
        Some(time) if !midnight && shown != Shown::Day => Content::Date(format!("{date}{time}")),
        _ => Content::Date(date),
    }
}
