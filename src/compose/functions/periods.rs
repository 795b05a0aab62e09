//! This period beside the last one: figures, and rows matched by key columns.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::Error;
use minijinja::value::{Enumerator, Kwargs, Object, Value};
use rust_decimal::Decimal;

use super::numbers::{digits, half_up};
use super::{Tools, fault, need_column, need_decimal, need_rows, option, scalar};
use crate::compose::marks::UNPRINTABLE;
use crate::compose::objects::Rows;
use crate::diag::Diagnostic;
use crate::model::{Register, sameness};

fn minus(now: Decimal, last: Decimal) -> Result<Decimal, Error> {
    now.checked_sub(last)
        .ok_or_else(|| fault("数字太大，无法计算"))
}

/// 增加3条, 减少3条 or 持平.
pub fn difference(now: Value, last: Value, measure: Option<String>) -> Result<String, Error> {
    let measure = measure.unwrap_or_default();
    let difference = minus(need_decimal(&now)?, need_decimal(&last)?)?;
    let word = if difference.is_sign_negative() {
        "减少"
    } else {
        "增加"
    };
    Ok(match difference.is_zero() {
        true => "持平".to_owned(),
        false => format!("{word}{}{measure}", difference.abs().normalize()),
    })
}

/// 上升12.5%, 下降12.5% or 持平.
pub fn change(now: Value, last: Value, options: Kwargs) -> Result<String, Error> {
    let words = words(&options, "上升", "下降")?;
    let digits = digits(&options)?.unwrap_or(1);
    options.assert_all_used()?;
    let (now, last) = (need_decimal(&now)?, need_decimal(&last)?);
    if now == last {
        return Ok("持平".to_owned());
    }
    if last <= Decimal::ZERO {
        return Err(fault(format!(
            "上期是{last}，算不出升降的百分比；可改用“比上期”"
        )));
    }
    let change = minus(now, last)?.checked_mul(Decimal::ONE_HUNDRED);
    let change = change.and_then(|change| change.checked_div(last));
    let change = change.ok_or_else(|| fault("数字太大，无法计算"))?;
    Ok(worded(change, digits, &words, "%"))
}

/// 提高1.2个百分点, 下降1.2个百分点 or 持平, between two percentages.
pub fn points(now: Value, last: Value, options: Kwargs) -> Result<String, Error> {
    let words = words(&options, "提高", "下降")?;
    let digits = digits(&options)?.unwrap_or(1);
    options.assert_all_used()?;
    let percent = |value: &Value| {
        let text = value.to_string();
        match text.strip_suffix(['%', '％']) {
            Some(number) => need_decimal(&Value::from(number)),
            None => need_decimal(value),
        }
    };
    let difference = minus(percent(&now)?, percent(&last)?)?;
    Ok(match difference.is_zero() {
        true => "持平".to_owned(),
        false => worded(difference, digits, &words, "个百分点"),
    })
}

fn words(options: &Kwargs, up: &str, down: &str) -> Result<[String; 2], Error> {
    Ok([
        option(options, ["升", "up"])?.unwrap_or_else(|| up.to_owned()),
        option(options, ["降", "down"])?.unwrap_or_else(|| down.to_owned()),
    ])
}

/// A change that is not zero; one that rounds to zero is 基本持平.
fn worded(change: Decimal, digits: u32, [up, down]: &[String; 2], unit: &str) -> String {
    let figure = half_up(change.abs(), digits);
    match figure.chars().all(|char| "0.".contains(char)) {
        true => "基本持平".to_owned(),
        false if change.is_sign_negative() => format!("{down}{figure}{unit}"),
        false => format!("{up}{figure}{unit}"),
    }
}

/// Two tables matched by key columns.
pub fn compare(now: &Value, last: &Value, options: &Kwargs, tools: &Tools) -> Result<Value, Error> {
    let keys: Option<Value> = option(options, ["键", "keys"])?;
    options.assert_all_used()?;
    let names: Vec<String> = match keys {
        Some(keys) if keys.as_str().is_some() => vec![keys.to_string()],
        Some(keys) => keys.try_iter()?.map(|key| key.to_string()).collect(),
        None => Vec::new(),
    };
    if names.is_empty() {
        return Err(fault(
            "“对比”要写明按哪几列对应，如 对比(上期问题清单, 键=[\"责任单位\", \"问题描述\"])",
        ));
    }
    let now = Period::new(need_rows(now)?, &names, tools)?;
    let last = Period::new(need_rows(last)?, &names, tools)?;
    Ok(Value::from_object(Comparison { now, last }))
}

/// The rows of one period by their keys, in the order of the rows.
#[derive(Debug)]
struct Period {
    rows: Rows,
    columns: Vec<usize>,
    /// What the key cells of each row say, and the row.
    keys: BTreeMap<Vec<String>, usize>,
    register: Option<Arc<Register>>,
}

impl Period {
    fn new(rows: Rows, names: &[String], tools: &Tools) -> Result<Self, Error> {
        let columns = names.iter().map(|name| need_column(&rows, name));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let mut period = Period {
            rows,
            columns,
            keys: BTreeMap::new(),
            register: tools.register.clone(),
        };
        for row in period.rows.rows.clone() {
            let key = period.key(row);
            if let Some(first) = period.keys.insert(key, row) {
                let cell = |row: usize| period.rows.sheet.cell(row, period.columns[0]);
                let message = format!(
                    "两行的{}都相同，分不清两期之间对应的是哪一行",
                    quoted(names)
                );
                let diagnostic =
                    Diagnostic::error("tables/key/duplicate", &cell(row).origin, message)
                        .hint("删去重复的一行，或在“键”里多写一列")
                        .related(&cell(first).origin, "先写的一行在这里");
                return Err(tools.faults.stop(diagnostic));
            }
        }
        Ok(period)
    }

    fn key(&self, row: usize) -> Vec<String> {
        let same = |column: &usize| {
            let text = scalar(self.rows.sheet.cell(row, *column)).text();
            sameness(text, self.register.as_deref())
        };
        self.columns.iter().map(same).collect()
    }

    /// Whether a row says itself that it is mended.
    fn is_mended(&self, row: usize) -> bool {
        let state = self.rows.sheet.column("状态");
        state.is_some_and(|state| scalar(self.rows.sheet.cell(row, state)).is_mended())
    }

    /// The rows whose partner in `other`, the row with the same key, is `wanted`. Their key cells are
    /// noted, and those of their partners.
    fn with_partner(&self, other: &Period, wanted: impl Fn(Option<usize>) -> bool) -> Value {
        let mut found = Vec::new();
        for row in &self.rows.rows {
            let partner = other.keys.get(&self.key(*row));
            if wanted(partner.copied()) {
                self.note(*row);
                partner.into_iter().for_each(|row| other.note(*row));
                found.push(*row);
            }
        }
        self.rows.with(found)
    }

    fn note(&self, row: usize) {
        for column in &self.columns {
            self.rows.sheet.read(row, *column);
        }
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("“{name}”")).collect()
}

/// What 对比 gives; each part is rows.
#[derive(Debug)]
struct Comparison {
    now: Period,
    last: Period,
}

impl Object for Comparison {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let is_open = |now: Option<usize>| now.is_some_and(|row| !self.now.is_mended(row));
        match key.as_str()? {
            // Rows of the last period: those that are not there any more, or say that they are mended.
            "已整改" | "resolved" => {
                Some(self.last.with_partner(&self.now, |now| !is_open(now)))
            }
            "未整改" | "unresolved" => Some(self.last.with_partner(&self.now, is_open)),
            // Rows of this period.
            "新增" | "new" => Some(self.now.with_partner(&self.last, |last| last.is_none())),
            "连续两期" | "屡查屡犯" | "repeated" => {
                Some(self.now.with_partner(&self.last, |last| last.is_some()))
            }
            _ => None,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(&["已整改", "未整改", "新增", "连续两期"])
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Write::write_char(f, UNPRINTABLE)
    }
}
