//! Which rows, and in which order: filter, group, sort, rank, top.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::Error;
use minijinja::value::{Kwargs, Value};
use rust_decimal::Decimal;

use super::numbers::{ranks, total};
use super::order::Weight;
use super::{Tools, fault, items, list, need_column, need_rows, option, rows_of, scalar};
use crate::compose::objects::{Computed, Group, Item, List, Rows, Sheet, scalar_value};
use crate::diag::{Diagnostic, Origin};
use crate::model::totals::is_total;
use crate::model::{self, Scalar, Sourced, Table, named_units, sameness};

pub fn count(value: &Value, tools: &Tools) -> Result<Value, Error> {
    if value.is_undefined() {
        return Err(Error::from(minijinja::ErrorKind::UndefinedError));
    }
    if let Some(rows) = rows_of(value) {
        need_no_total(&rows, &rows.rows, tools)?;
        rows.rows.iter().for_each(|row| rows.sheet.note_row(*row));
        return Ok(Value::from(rows.rows.len()));
    }
    if let Some(list) = value.downcast_object_ref::<List>() {
        let cells = list.items.iter().flat_map(|item| item.parts(&list.reads).1);
        cells.for_each(|cell| list.reads.note(&cell));
    }
    if let Some(text) = value.as_str() {
        return Ok(Value::from(text.chars().count()));
    }
    value
        .len()
        .map(Value::from)
        .ok_or_else(|| fault("“计数”只能用在表格或列表上"))
}

/// Stops at a row of totals that was written among the rows that are to be reckoned with: it would be
/// counted twice. (Those of a workbook are left out when it is read.)
pub fn need_no_total(rows: &Rows, members: &[usize], tools: &Tools) -> Result<(), Error> {
    let typed = 0..rows.sheet.table.columns().len();
    for row in members {
        let cells = typed.clone().map(|column| rows.sheet.cell(*row, column));
        let is_word = |cell: &&model::Value| matches!(&cell.kind, model::ValueKind::Scalar(Scalar::Text(text)) if !text.trim().is_empty());
        let is_number = |cell: &model::Value| {
            matches!(cell.kind, model::ValueKind::Scalar(Scalar::Number { .. }))
        };
        let words: Vec<&model::Value> = cells.clone().filter(is_word).collect();
        if let [word] = words[..]
            && is_total(scalar(word).text())
            && cells.clone().any(is_number)
        {
            let message = "这一行是合计行，会当作一行数据计入";
            let fault = Diagnostic::error("tables/row/total-counted", &word.origin, message);
            let hint = "删去这一行，合计在正文里用“求和”算出；要印出合计行的，另写一张表";
            return Err(tools.faults.stop(fault.hint(hint)));
        }
    }
    Ok(())
}

/// Keeps the rows whose cells say what is wanted, or drops them; what says the same is the same, as in a
/// grouping. The cells that decided are noted for the rows that stay.
pub fn filter(value: &Value, wanted: &Kwargs, keep: bool, tools: &Tools) -> Result<Value, Error> {
    let rows = need_rows(value)?;
    if wanted.args().next().is_none() {
        let filter = if keep { "筛选" } else { "排除" };
        return Err(fault(format!(
            "“{filter}”要写明哪一列等于什么，如 {filter}(状态=\"已整改\")"
        )));
    }
    let register = tools.register.as_deref();
    // Of a column what it may say, words also as they are compared.
    let mut tests = Vec::new();
    for name in wanted.args() {
        let value = wanted.get::<Value>(name)?;
        let values: Vec<Value> = match value.kind() {
            minijinja::value::ValueKind::Seq | minijinja::value::ValueKind::Iterable => {
                value.try_iter()?.collect()
            }
            _ => vec![value],
        };
        let same = |value: &Value| value.as_str().map(|text| sameness(text, register));
        let values = values.into_iter().map(|value| (same(&value), value));
        tests.push((need_column(&rows, name)?, values.collect::<Vec<_>>()));
    }
    let equal = |cell: &model::Value, values: &[(Option<String>, Value)]| {
        let cell = scalar(cell);
        values.iter().any(|(same, value)| match same {
            Some(same) => {
                value.as_str() == Some(cell.text()) || sameness(cell.text(), register) == *same
            }
            None => scalar_value(cell) == *value,
        })
    };
    let cell = |row: usize, column: usize| rows.sheet.cell(row, column);
    let all = |row: usize| {
        tests
            .iter()
            .all(|(column, wanted)| equal(cell(row, *column), wanted))
    };
    let kept: Vec<usize> = rows
        .rows
        .iter()
        .copied()
        .filter(|row| all(*row) == keep)
        .collect();
    for row in &kept {
        for (column, _) in &tests {
            rows.sheet.read(*row, *column);
        }
    }
    Ok(rows.with(kept))
}

/// The rows that are still to be mended: those whose 状态 is another than 已整改, all where the table has
/// no such column. The cells that decided are noted.
pub fn open(value: &Value) -> Result<Value, Error> {
    let mut rows = need_rows(value)?;
    if let Some(state) = rows.sheet.column("状态") {
        let sheet = rows.sheet.clone();
        rows.rows
            .retain(|row| !scalar(sheet.cell(*row, state)).is_mended());
        for row in &rows.rows {
            sheet.read(*row, state);
        }
    }
    Ok(Value::from_object(rows))
}

/// The rows of each value of a column, in the order of first appearance; values that say the same are
/// one.
fn groups(rows: &Rows, column: usize, tools: &Tools) -> Vec<Vec<usize>> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for row in &rows.rows {
        let name = scalar(rows.sheet.cell(*row, column)).text();
        let same = sameness(name, tools.register.as_deref());
        let place = *places.entry(same).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[place].push(*row);
    }
    groups
}

/// Stops at the first empty cell of a column that was typed.
pub fn need_filled(rows: &Rows, column: usize, tools: &Tools) -> Result<(), Error> {
    let sheet = &rows.sheet;
    let Some(name) = sheet.table.columns().get(column) else {
        return Ok(());
    };
    let cell = |row: &usize| sheet.cell(*row, column);
    let is_empty = |cell: &&model::Value| match &cell.kind {
        model::ValueKind::Scalar(scalar) => scalar.text().trim().is_empty(),
        _ => false,
    };
    match rows.rows.iter().map(cell).find(is_empty) {
        Some(cell) => {
            let message = format!("“{}”一列有一格是空的，正文里要用到它", name.value);
            let fault = Diagnostic::error("tables/cell/empty", &cell.origin, message);
            Err(tools.faults.stop(fault.hint("补上这一格")))
        }
        None => Ok(()),
    }
}

pub fn group(value: &Value, column: &str, tools: &Tools) -> Result<Value, Error> {
    let rows = need_rows(value)?;
    let column = need_column(&rows, column)?;
    need_filled(&rows, column, tools)?;
    let group = |members: Vec<usize>| {
        let name = rows.sheet.cell(members[0], column).clone();
        let sheet = rows.sheet.clone();
        Value::from_object(Group {
            name,
            rows: Rows {
                sheet,
                rows: members,
            },
        })
    };
    Ok(groups(&rows, column, tools)
        .into_iter()
        .map(group)
        .collect())
}

/// One row for each value of a column, with the number of its rows and the sums of other columns.
pub fn summary(
    value: &Value,
    column: &str,
    sums: &[String],
    tools: &Tools,
) -> Result<Value, Error> {
    let rows = need_rows(value)?;
    let index = need_column(&rows, column)?;
    let groups = groups(&rows, index, tools);
    let name = |members: &Vec<usize>| vec![rows.sheet.cell(members[0], index).clone()];
    let header = Sourced::new(column.to_owned(), rows.sheet.table.name.origin.clone());
    let names = groups.iter().map(name).collect();
    let table = Table::new(rows.sheet.table.name.clone(), vec![header], names);
    let mut sheet = Sheet::new(Arc::new(table), &rows.sheet.reads);
    let mut counts = BTreeMap::new();
    for (place, members) in groups.iter().enumerate() {
        let cells: Arc<[Origin]> = members
            .iter()
            .flat_map(|row| rows.sheet.places(*row, index))
            .collect();
        counts.insert(place, (figure(Decimal::from(members.len()), &cells), cells));
    }
    sheet = sheet.with_column(Computed {
        name: "个数".into(),
        cells: counts,
    });
    for column in sums {
        let index = need_column(&rows, column)?;
        let mut totals = BTreeMap::new();
        for (place, members) in groups.iter().enumerate() {
            let (sum, cells) = total(&rows, members, index, tools)?;
            totals.insert(place, (figure(sum, &cells), cells.into()));
        }
        sheet = sheet.with_column(Computed {
            name: column.clone(),
            cells: totals,
        });
    }
    let rows = (0..groups.len()).collect();
    Ok(Value::from_object(Rows { sheet, rows }))
}

/// A computed number as a cell, at the first of the cells behind it.
pub fn figure(number: Decimal, cells: &[Origin]) -> model::Value {
    let text = number.normalize().to_string();
    let value = text.parse().unwrap_or(f64::NAN);
    let origin = cells.first().cloned().unwrap_or(Origin::Program);
    model::Value::scalar(Scalar::Number { text, value }, origin)
}

pub fn sort(
    value: &Value,
    columns: &[String],
    options: &Kwargs,
    tools: &Tools,
) -> Result<Value, Error> {
    let rows = need_rows(value)?;
    let order: Option<Vec<String>> = option(options, ["次序", "order"])?;
    options.assert_all_used()?;
    let keys = sort_keys(&rows, columns)?;
    let Some((first, _)) = keys.first().copied() else {
        return Err(fault("“排序”要写明按哪一列，如 排序(\"-数量\")"));
    };
    let order = order.as_deref();
    for (column, _) in keys.iter().skip(usize::from(order.is_some())) {
        need_one_kind(&rows, *column, tools)?;
    }
    let rank = |row: usize| {
        let text = scalar(rows.sheet.cell(row, first)).text();
        order.and_then(|order| order.iter().position(|item| item == text))
    };
    if let (Some(order), Some(row)) = (order, rows.rows.iter().find(|row| rank(**row).is_none())) {
        let cell = rows.sheet.cell(*row, first);
        let text = scalar(cell).text();
        let message = format!("“{text}”不在排序的次序（{}）之中", order.join("、"));
        let fault = Diagnostic::error("tables/cell/not-in-order", &cell.origin, message);
        return Err(tools
            .faults
            .stop(fault.hint("改正这一格，或在“次序”里加上它")));
    }
    let mut sorted = rows.rows.clone();
    sorted.sort_by(|a, b| match order {
        Some(_) => {
            let ordering = rank(*a).cmp(&rank(*b));
            let ordering = if keys[0].1 {
                ordering.reverse()
            } else {
                ordering
            };
            ordering.then_with(|| by_keys(&rows, &keys[1..], *a, *b))
        }
        None => by_keys(&rows, &keys, *a, *b),
    });
    Ok(rows.with(sorted))
}

/// The columns to sort by, and whether the largest comes first (`-` before the name).
pub fn sort_keys(rows: &Rows, columns: &[String]) -> Result<Vec<(usize, bool)>, Error> {
    let key = |column: &String| {
        let name = column.strip_prefix('-');
        Ok((need_column(rows, name.unwrap_or(column))?, name.is_some()))
    };
    columns.iter().map(key).collect()
}

/// Compares two rows column by column.
pub fn by_keys(rows: &Rows, keys: &[(usize, bool)], a: usize, b: usize) -> Ordering {
    let cell = |row, column| scalar(rows.sheet.cell(row, column));
    let mut comparisons = keys.iter().map(|(column, descending)| {
        let ordering = compare(cell(a, *column), cell(b, *column));
        if *descending {
            ordering.reverse()
        } else {
            ordering
        }
    });
    comparisons
        .find(|ordering| ordering.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// Stops at the first cell that is of another kind than those before it, as 56条 among numbers: letters
/// have another order than what they say. Empty cells stand among words only.
pub fn need_one_kind(rows: &Rows, column: usize, tools: &Tools) -> Result<(), Error> {
    let weight = |row: &usize| Weight::of(scalar(rows.sheet.cell(*row, column)).text());
    let is_words = |weight: &Weight| matches!(weight, Weight::Words(_) | Weight::Empty);
    let mut weights = rows.rows.iter().map(|row| (*row, weight(row)));
    // What a ledger counts or dates is what some of its cells say.
    let first = weights.find(|(_, weight)| !is_words(weight));
    let Some((_, first)) = first else {
        return Ok(());
    };
    let kind = std::mem::discriminant(&first);
    let odd = rows.rows.iter().map(|row| (*row, weight(row)));
    let odd = odd
        .into_iter()
        .find(|(_, weight)| std::mem::discriminant(weight) != kind);
    let Some((row, odd)) = odd else {
        return Ok(());
    };
    let cell = rows.sheet.cell(row, column);
    let name = rows.sheet.columns()[column];
    let text = match &odd {
        Weight::Empty => "空的一格".to_owned(),
        odd => format!("“{}”是{}", scalar(cell).text(), odd.name()),
    };
    let message = format!("“{name}”一列里别的格是{}，{text}，排不出先后", first.name());
    let fault = Diagnostic::error("tables/cell/not-a-number", &cell.origin, message);
    Err(tools
        .faults
        .stop(fault.hint("这一列的各格写法要相同：都是数字，或者都是写全年、月、日的日期")))
}

/// By what the letters say; by their code points where they say nothing that can be compared.
fn compare(a: &Scalar, b: &Scalar) -> Ordering {
    let (one, other) = (Weight::of(a.text()), Weight::of(b.text()));
    one.compare(&other)
        .unwrap_or_else(|| a.text().cmp(b.text()))
}

/// The rows by a column of numbers, the largest first, with a column 名次: equal numbers share a
/// place, and the place after them is left out (1, 2, 2, 4).
pub fn rank(value: &Value, column: &str, options: &Kwargs, tools: &Tools) -> Result<Value, Error> {
    let rows = need_rows(value)?;
    let ascending = option(options, ["升序", "ascending"])?.unwrap_or(false);
    options.assert_all_used()?;
    Ok(Value::from_object(ranked(&rows, column, ascending, tools)?))
}

pub fn ranked(rows: &Rows, column: &str, ascending: bool, tools: &Tools) -> Result<Rows, Error> {
    let index = need_column(rows, column)?;
    need_no_total(rows, &rows.rows, tools)?;
    let ranks = ranks(rows, index, tools)?;
    let mut numbers: Vec<(usize, Decimal)> = rows.rows.iter().copied().zip(ranks).collect();
    numbers.sort_by(|(_, a), (_, b)| if ascending { a.cmp(b) } else { b.cmp(a) });
    let mut cells = BTreeMap::new();
    let mut place = 0;
    for (number, (row, value)) in numbers.iter().enumerate() {
        if number == 0 || numbers[number - 1].1 != *value {
            place = number + 1;
        }
        let places = rows.sheet.places(*row, index);
        cells.insert(*row, (figure(Decimal::from(place), &places), places.into()));
    }
    let sheet = rows.sheet.with_column(Computed {
        name: "名次".into(),
        cells,
    });
    Ok(Rows {
        sheet,
        rows: numbers.into_iter().map(|(row, _)| row).collect(),
    })
}

/// The first rows or items; with 并列 also the rows that equal the last of them in that column.
pub fn top(value: &Value, number: usize, options: &Kwargs, tools: &Tools) -> Result<Value, Error> {
    let ties: Option<String> = option(options, ["并列", "ties"])?;
    options.assert_all_used()?;
    let Some(rows) = rows_of(value) else {
        if let Some(list) = value.downcast_object_ref::<List>() {
            let items = list.items.iter().take(number).cloned().collect();
            return Ok(Value::from_object(List {
                items,
                reads: list.reads.clone(),
            }));
        }
        return Ok(list(items(value)?.into_iter().take(number), tools));
    };
    let mut end = number.min(rows.rows.len());
    if let (Some(column), Some(last)) = (ties, end.checked_sub(1)) {
        let column = need_column(&rows, &column)?;
        let cell = |place: usize| scalar(rows.sheet.cell(rows.rows[place], column));
        while end < rows.rows.len() && compare(cell(end), cell(last)).is_eq() {
            end += 1;
        }
    }
    Ok(rows.with(rows.rows[..end].to_vec()))
}

pub fn pluck(value: &Value, column: &str, tools: &Tools) -> Result<Value, Error> {
    let rows = need_rows(value)?;
    let column = need_column(&rows, column)?;
    need_filled(&rows, column, tools)?;
    let sheet = &rows.sheet;
    let item = |row: &usize| match column < sheet.table.columns().len() {
        true => Item::Typed(sheet.cell(*row, column).clone()),
        false => {
            let value = scalar_value(scalar(sheet.cell(*row, column)));
            Item::Made(value, sheet.places(*row, column))
        }
    };
    let items = rows.rows.iter().map(item).collect();
    Ok(Value::from_object(List {
        items,
        reads: sheet.reads.clone(),
    }))
}

/// Each value once; it keeps the cells of all its equals.
pub fn unique(value: &Value, tools: &Tools) -> Result<Value, Error> {
    Ok(list(once_each(items(value)?, tools), tools))
}

/// The units that the cells of a column name, each once.
pub fn units(value: &Value, column: &str, tools: &Tools) -> Result<Value, Error> {
    if let Some(rows) = rows_of(value) {
        need_no_total(&rows, &rows.rows, tools)?;
    }
    let mut units = Vec::new();
    for (item, cells) in items(&pluck(value, column, tools)?)? {
        let register = tools.register.as_deref();
        match item.as_str() {
            Some(text) => {
                let names = named_units(text, register).into_iter();
                units.extend(names.map(|name| (Value::from(name), cells.clone())));
            }
            None => units.push((item, cells)),
        }
    }
    Ok(list(once_each(units, tools), tools))
}

/// Items that say the same as one, at the place and in the letters of the first.
fn once_each(items: Vec<(Value, Vec<Origin>)>, tools: &Tools) -> Vec<(Value, Vec<Origin>)> {
    let mut places: BTreeMap<Value, usize> = BTreeMap::new();
    let mut seen: Vec<(Value, Vec<Origin>)> = Vec::new();
    for (item, cells) in items {
        let same = match item.as_str() {
            Some(text) => Value::from(sameness(text, tools.register.as_deref())),
            None => item.clone(),
        };
        match places.get(&same) {
            Some(place) => seen[*place].1.extend(cells),
            None => {
                places.insert(same, seen.len());
                seen.push((item, cells));
            }
        }
    }
    seen
}

pub fn has_column(value: Value, column: String) -> Result<bool, Error> {
    Ok(need_rows(&value)?.sheet.column(&column).is_some())
}
