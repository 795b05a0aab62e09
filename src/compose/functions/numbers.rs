//! What the numbers of a column come to: sums, extremes, averages and shares.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::Error;
use minijinja::value::{Kwargs, Value};
use rust_decimal::{Decimal, RoundingStrategy};

use super::rows::need_no_total;
use super::{Tools, fault, need_column, need_decimal, need_rows, number, option, scalar};
use crate::compose::objects::{Computed, Rows};
use crate::diag::{Diagnostic, Origin};
use crate::model::{self, Scalar};

/// The number in a cell, or a fault there; nothing is noted.
pub fn cell_number(
    rows: &Rows,
    row: usize,
    column: usize,
    tools: &Tools,
) -> Result<Decimal, Error> {
    let cell = rows.sheet.cell(row, column);
    let text = scalar(cell).text().trim();
    text.parse().map_err(|_| {
        let column = rows.sheet.columns()[column];
        let message = match text {
            "" => format!("“{column}”是空的，不能求和、比较"),
            text => format!("“{column}”的“{text}”不是数字，不能求和、比较"),
        };
        let diagnostic = Diagnostic::error("tables/cell/not-a-number", &cell.origin, message);
        tools.faults.stop(diagnostic.hint(cure(text)))
    })
}

/// The numbers by which rows are ranked: those of percentages, where the whole column holds such. A fault
/// at the first cell that has none; nothing is noted.
pub fn ranks(rows: &Rows, column: usize, tools: &Tools) -> Result<Vec<Decimal>, Error> {
    percentages(rows, column).map_or_else(
        || {
            let numbers = rows.rows.iter();
            numbers
                .map(|row| cell_number(rows, *row, column, tools))
                .collect()
        },
        Ok,
    )
}

fn percentages(rows: &Rows, column: usize) -> Option<Vec<Decimal>> {
    let text = |row: &usize| scalar(rows.sheet.cell(*row, column)).text();
    rows.rows.iter().map(|row| percentage(text(row))).collect()
}

fn percentage(text: &str) -> Option<Decimal> {
    let number = text.trim().strip_suffix(['%', '％'])?;
    number.trim().parse().ok()
}

/// What to do about a cell that should be a number.
fn cure(text: &str) -> &'static str {
    let plain: String = text.split([',', '，']).collect();
    let is_number = |text: &str| text.trim().parse::<Decimal>().is_ok();
    let wide = |char: char| ('０'..='９').contains(&char) || char == '．' || char == '－';
    if text.is_empty() {
        "填写阿拉伯数字；没有的填0"
    } else if is_number(&plain) {
        "去掉千位逗号"
    } else if text.ends_with(['%', '％']) {
        "写成小数，或去掉百分号"
    } else if text.chars().any(wide) {
        "数字、小数点、负号改用半角"
    } else if is_number(text.trim_end_matches(|char: char| !char.is_ascii_digit())) {
        "单位不写在格子里，只写数字"
    } else {
        "填写阿拉伯数字；没有的填0"
    }
}

/// The sum of a column over some rows, and the cells it came from; nothing is noted.
pub fn total(
    rows: &Rows,
    members: &[usize],
    column: usize,
    tools: &Tools,
) -> Result<(Decimal, Vec<Origin>), Error> {
    need_no_total(rows, members, tools)?;
    let mut sum = Decimal::ZERO;
    let mut cells = Vec::new();
    for row in members {
        let number = cell_number(rows, *row, column, tools)?;
        sum = sum
            .checked_add(number)
            .ok_or_else(|| fault("数字太大，无法求和"))?;
        cells.extend(rows.sheet.places(*row, column));
    }
    Ok((sum, cells))
}

fn noted(value: &Value, column: &str, tools: &Tools) -> Result<(Rows, usize, Decimal), Error> {
    let rows = need_rows(value)?;
    let column = need_column(&rows, column)?;
    let (sum, cells) = total(&rows, &rows.rows, column, tools)?;
    cells.iter().for_each(|cell| rows.sheet.reads.note(cell));
    Ok((rows, column, sum))
}

pub fn sum(value: &Value, column: &str, tools: &Tools) -> Result<Value, Error> {
    noted(value, column, tools).map(|(_, _, sum)| number(sum))
}

pub fn extreme(value: &Value, column: &str, most: bool, tools: &Tools) -> Result<Value, Error> {
    let rows = need_rows(value)?;
    let index = need_column(&rows, column)?;
    let mut best: Option<(Decimal, usize)> = None;
    for (row, number) in rows.rows.iter().zip(ranks(&rows, index, tools)?) {
        let is_better = best.is_none_or(|(best, _)| match most {
            true => number > best,
            false => number < best,
        });
        if is_better {
            best = Some((number, *row));
        }
    }
    for row in &rows.rows {
        rows.sheet.read(*row, index);
    }
    let (number, row) = best.ok_or_else(|| no_rows(if most { "最大" } else { "最小" }))?;
    let text = scalar(rows.sheet.cell(row, index)).text();
    Ok(match percentage(text) {
        Some(_) => Value::from(text),
        None => super::number(number),
    })
}

pub fn average(
    value: &Value,
    column: &str,
    options: &Kwargs,
    tools: &Tools,
) -> Result<String, Error> {
    let digits = digits(options)?;
    options.assert_all_used()?;
    let (rows, _, sum) = noted(value, column, tools)?;
    let average = sum
        .checked_div(Decimal::from(rows.rows.len()))
        .ok_or_else(|| no_rows("平均"))?;
    Ok(half_up(average, digits.unwrap_or(0)))
}

fn no_rows(filter: &str) -> Error {
    fault(format!(
        "表格没有行，“{filter}”算不出来；先写“{{% if 表格|计数 > 0 %}}”"
    ))
}

/// 位数: how many decimals.
pub fn digits(options: &Kwargs) -> Result<Option<u32>, Error> {
    option(options, ["位数", "digits"])?
        .map(|digits| places(&digits))
        .transpose()
}

/// How many decimals a value says.
fn places(value: &Value) -> Result<u32, Error> {
    let places = value.as_i64().and_then(|places| u32::try_from(places).ok());
    places
        .filter(|places| *places <= 10)
        .ok_or_else(|| fault("小数的位数要写0到10的整数"))
}

/// Rounds half away from zero and keeps that many decimals.
pub fn half_up(decimal: Decimal, digits: u32) -> String {
    let rounded = decimal.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    format!("{rounded:.*}", digits as usize)
}

pub fn share(part: Value, whole: Value, options: Kwargs) -> Result<String, Error> {
    let digits = digits(&options)?;
    options.assert_all_used()?;
    let (part, whole) = (need_decimal(&part)?, need_decimal(&whole)?);
    let share = part
        .checked_mul(Decimal::ONE_HUNDRED)
        .and_then(|part| part.checked_div(whole));
    let share = share.ok_or_else(|| fault("“占比”的分母是零，或数字太大"))?;
    Ok(format!("{}%", half_up(share, digits.unwrap_or(0))))
}

/// The rows with a column 占比 of percentages that add up to 100%.
pub fn shares(
    value: &Value,
    column: &str,
    options: &Kwargs,
    tools: &Tools,
) -> Result<Value, Error> {
    let digits = digits(options)?.unwrap_or(0);
    options.assert_all_used()?;
    let rows = need_rows(value)?;
    let index = need_column(&rows, column)?;
    let (_, all) = total(&rows, &rows.rows, index, tools)?;
    let all: Arc<[Origin]> = all.into();
    let mut numbers = Vec::new();
    for row in &rows.rows {
        numbers.push(cell_number(&rows, *row, index, tools)?);
    }
    let shares = adding_up(&numbers, digits)
        .ok_or_else(|| fault("“占比列”的合计是零，或有负数，算不出占比"))?;
    let mut cells = BTreeMap::new();
    for (row, share) in rows.rows.iter().zip(shares) {
        let origin = rows.sheet.cell(*row, index).origin.clone();
        let text = Scalar::Text(format!("{share:.*}%", digits as usize));
        let value = model::Value::scalar(text, origin);
        cells.insert(*row, (value, all.clone()));
    }
    let sheet = rows.sheet.with_column(Computed {
        name: "占比".into(),
        cells,
    });
    Ok(Value::from_object(Rows {
        sheet,
        rows: rows.rows,
    }))
}

/// Percentages of that many decimals that add up to 100: each is rounded down, and what is left
/// goes to those with the largest rests, of equal ones to the first.
fn adding_up(numbers: &[Decimal], digits: u32) -> Option<Vec<Decimal>> {
    let sum = numbers
        .iter()
        .try_fold(Decimal::ZERO, |sum, number| sum.checked_add(*number))?;
    if numbers
        .iter()
        .any(|number| number.is_sign_negative() && !number.is_zero())
    {
        return None;
    }
    if numbers.is_empty() {
        return Some(Vec::new());
    }
    let mut shares = Vec::new();
    let mut rests = Vec::new();
    let step = Decimal::new(1, digits);
    let whole = sum.checked_mul(step)?;
    for (place, number) in numbers.iter().enumerate() {
        // What is left is exact, where a quotient has been rounded: equal rests are equal.
        let hundredfold = number.checked_mul(Decimal::ONE_HUNDRED)?;
        let rest = hundredfold.checked_rem(whole)?;
        let down = hundredfold.checked_sub(rest)?.checked_div(sum)?;
        shares.push(down.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero));
        rests.push((rest, place));
    }
    let left = (Decimal::ONE_HUNDRED - shares.iter().copied().sum::<Decimal>()) / step;
    let left: usize = left.round().to_string().parse().ok()?;
    rests.sort_by(|(a, first), (b, second)| b.cmp(a).then(first.cmp(second)));
    for (_, place) in rests.into_iter().take(left) {
        shares[place] += step;
    }
    Some(shares)
}

pub fn round(value: Value, digits: Option<Value>) -> Result<String, Error> {
    let digits = digits.map(|digits| places(&digits)).transpose()?;
    Ok(half_up(need_decimal(&value)?, digits.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_round_up() {
        assert_eq!(half_up("0.5".parse().unwrap(), 0), "1");
        assert_eq!(half_up("2.5".parse().unwrap(), 0), "3");
        assert_eq!(half_up("1.005".parse().unwrap(), 2), "1.01");
        assert_eq!(half_up("61".parse().unwrap(), 1), "61.0");
    }

    #[test]
    fn shares_add_up_to_the_whole() {
        let shares = |numbers: &[i64], digits| {
            let numbers: Vec<Decimal> = numbers.iter().map(|n| Decimal::from(*n)).collect();
            let shares = adding_up(&numbers, digits)?;
            Some(shares.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert_eq!(shares(&[1, 1, 1], 0).unwrap(), ["34", "33", "33"]);
        assert_eq!(shares(&[1, 1, 1], 1).unwrap(), ["33.4", "33.3", "33.3"]);
        assert_eq!(shares(&[2, 1, 3, 0], 0).unwrap(), ["33", "17", "50", "0"]);
        // Of equal rests the first gets more.
        assert_eq!(shares(&[336, 32, 12], 0).unwrap(), ["89", "8", "3"]);
        assert_eq!(shares(&[], 0).unwrap(), [""; 0]);
        assert_eq!(shares(&[0, 0], 0), None);
        assert_eq!(shares(&[3, -1], 0), None);
    }
}
