//! The filters and functions of text templates, each under a Chinese and an English name. They
//! count, sum, sort and join rows; what they read is noted, so that each figure keeps its cells.

use std::cmp::Ordering;
use std::sync::Arc;

use minijinja::value::{Kwargs, Rest, Value};
use minijinja::{Environment, Error, ErrorKind};
use rust_decimal::{Decimal, RoundingStrategy};

use super::objects::{Group, List, Rows, row_origin};
use crate::diag::Diagnostic;
use crate::model::{self, Scalar, Sourced, ValueKind, chinese_number};

/// What the README and `hongtou template functions` say of each filter: names, use, what it gives.
pub const REFERENCE: &[(&str, &str, &str, &str)] = &[
    ("计数", "count", "问题清单|计数", "行数，或一个列表的项数"),
    (
        "求和",
        "sum",
        "问题清单|求和(\"数量\")",
        "一列数字之和；空格子和不是数字的格子报错",
    ),
    (
        "筛选",
        "where",
        "问题清单|筛选(级别=\"自治区\")",
        "各列都等于所给值的行；给列表时等于其中之一",
    ),
    (
        "排除",
        "without",
        "问题清单|排除(状态=\"已整改\")",
        "去掉各列都等于所给值的行",
    ),
    (
        "分组",
        "group",
        "问题清单|分组(\"问题类型\")",
        "按一列的值分组；每组有“名称”和“行”，也可直接计数、求和",
    ),
    (
        "排序",
        "sort",
        "清单|排序(\"类别\", \"-数量\", 次序=[\"镇\", \"旗直部门\"])",
        "按列排序，“-”为从大到小；“次序”规定第一列各值的先后；并列的保持原来先后",
    ),
    ("前", "top", "清单|前(3)", "最前面几行或几项"),
    ("取列", "pluck", "清单|取列(\"单位\")", "一列的值"),
    (
        "去重",
        "unique",
        "清单|取列(\"单位\")|去重",
        "去掉重复的值，保持先后",
    ),
    (
        "引号",
        "quoted",
        "清单|取列(\"账号\")|引号",
        "每一项加上引号“”",
    ),
    (
        "顿号",
        "join_list",
        "列表|顿号(末=\"和\")",
        "用顿号连接；相邻的引号、书名号之间不加顿号；“末”是最后两项之间的字",
    ),
    (
        "单位列表",
        "unit_list",
        "清单|单位列表(\"单位\", \"数量\", \"条\")",
        "甲（3条）、乙（2条）",
    ),
    (
        "占比",
        "share",
        "采用数|占比(报送数, 位数=1)",
        "百分比，四舍五入，缺省不留小数",
    ),
    ("保留", "round", "x|保留(2)", "四舍五入，保留几位小数"),
    (
        "有列",
        "has_column",
        "问题清单|有列(\"状态\")",
        "表格有没有这一列",
    ),
    ("中文数字", "chinese", "n|中文数字", "十二、一百零五"),
];

/// Adds every filter to `environment`; faults that stand at a cell go to `faults`.
pub fn add(environment: &mut Environment<'_>, faults: &Faults) {
    fn both<F>(environment: &mut Environment<'_>, chinese: &'static str, add: F)
    where
        F: Fn(&mut Environment<'_>, &'static str),
    {
        let entry = REFERENCE.iter().find(|entry| entry.0 == chinese);
        let (_, english, ..) = entry.expect("each filter stands in the reference");
        add(environment, chinese);
        add(environment, english);
    }
    macro_rules! filters {
        ($($name:literal => $filter:expr),* $(,)?) => {
            $(both(environment, $name, |environment, name| {
                let faults = faults.clone();
                environment.add_filter(name, $filter(faults));
            });)*
        };
    }
    filters! {
        "计数" => |_| count,
        "求和" => |faults: Faults| move |rows: Value, column: String| sum(&rows, &column, &faults),
        "筛选" => |_| |rows: Value, wanted: Kwargs| filter(&rows, &wanted, true),
        "排除" => |_| |rows: Value, wanted: Kwargs| filter(&rows, &wanted, false),
        "分组" => |_| group,
        "排序" => |faults: Faults| move |rows: Value, columns: Rest<String>, options: Kwargs| {
            sort(&rows, &columns, &options, &faults)
        },
        "前" => |_| top,
        "取列" => |_| pluck,
        "去重" => |_| unique,
        "引号" => |_| quoted,
        "顿号" => |_| join_list,
        "单位列表" => |_| unit_list,
        "占比" => |_| share,
        "保留" => |_| round,
        "有列" => |_| has_column,
        "中文数字" => |_| chinese,
    }
    environment.add_filter("length", count);
}

/// Where a filter leaves a fault that stands at a cell rather than in the template.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<std::sync::Mutex<Option<Diagnostic>>>);

impl Faults {
    /// Keeps the fault and gives the error that stops the template.
    fn stop(&self, diagnostic: Diagnostic) -> Error {
        let error = fault(diagnostic.message.clone());
        *self.0.lock().expect("no holder of the lock panics") = Some(diagnostic);
        error
    }

    pub fn take(&self) -> Option<Diagnostic> {
        self.0.lock().expect("no holder of the lock panics").take()
    }
}

/// An error in the way a filter is used; its message is Chinese and is shown as it is.
pub fn fault(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.into())
}

/// The rows behind a table's name, a filter's result or a group.
fn rows_of(value: &Value) -> Option<Rows> {
    let share = |rows: &Rows| Rows {
        table: rows.table.clone(),
        rows: rows.rows.clone(),
        reads: rows.reads.clone(),
    };
    let rows = value.downcast_object_ref::<Rows>().map(share);
    rows.or_else(|| {
        value
            .downcast_object_ref::<Group>()
            .map(|group| share(&group.rows))
    })
}

fn need_rows(value: &Value) -> Result<Rows, Error> {
    rows_of(value).ok_or_else(|| fault("这个过滤器只能用在表格（或筛选、分组、排序后的表格）上"))
}

fn need_column(rows: &Rows, name: &str) -> Result<usize, Error> {
    rows.table.column(name).ok_or_else(|| {
        let columns: Vec<&str> = rows
            .table
            .columns()
            .iter()
            .map(|c| c.value.as_str())
            .collect();
        let table = &rows.table.name.value;
        fault(format!(
            "表格“{table}”没有“{name}”一列，现有的列是：{}",
            columns.join("、")
        ))
    })
}

fn scalar(value: &model::Value) -> &Scalar {
    match &value.kind {
        ValueKind::Scalar(scalar) => scalar,
        _ => &Scalar::Empty,
    }
}

fn count(value: Value) -> Result<Value, Error> {
    if let Some(rows) = rows_of(&value) {
        rows.rows
            .iter()
            .for_each(|row| rows.reads.note(&row_origin(&rows.table, *row)));
        return Ok(Value::from(rows.rows.len()));
    }
    if let Some(text) = value.as_str() {
        return Ok(Value::from(text.chars().count()));
    }
    value
        .len()
        .map(Value::from)
        .ok_or_else(|| fault("“计数”只能用在表格或列表上"))
}

/// The exact number of a cell or value; text that is a number counts as one.
fn decimal(value: &Value) -> Option<Decimal> {
    if let Some(number) = value.as_i64() {
        return Some(Decimal::from(number));
    }
    value.to_string().trim().parse().ok()
}

fn number(decimal: Decimal) -> Value {
    let decimal = decimal.normalize();
    match decimal.to_string().parse::<i64>() {
        Ok(number) => Value::from(number),
        Err(_) => Value::from(decimal.to_string().parse::<f64>().unwrap_or(f64::NAN)),
    }
}

fn sum(value: &Value, column: &str, faults: &Faults) -> Result<Value, Error> {
    let rows = need_rows(value)?;
    let index = need_column(&rows, column)?;
    let mut total = Decimal::ZERO;
    for row in &rows.rows {
        let cell = rows.cell(*row, index);
        let text = scalar(cell).text();
        let number = text.trim().parse::<Decimal>().map_err(|_| {
            let message = match text.trim() {
                "" => format!("“{column}”是空的，不能求和"),
                text => format!("“{column}”的“{text}”不是数字，不能求和"),
            };
            let diagnostic = Diagnostic::error("tables/cell/not-a-number", &cell.origin, message);
            faults.stop(diagnostic.hint("填写阿拉伯数字；没有的填0"))
        })?;
        rows.reads.note(&cell.origin);
        total = total
            .checked_add(number)
            .ok_or_else(|| fault("数字太大，无法求和"))?;
    }
    Ok(number(total))
}

fn filter(value: &Value, wanted: &Kwargs, keep: bool) -> Result<Value, Error> {
    let rows = need_rows(value)?;
    let mut tests = Vec::new();
    for name in wanted.args() {
        tests.push((need_column(&rows, name)?, wanted.get::<Value>(name)?));
    }
    let equal = |cell: &model::Value, wanted: &Value| {
        let cell = scalar(cell);
        let same = |wanted: &Value| match wanted.as_str() {
            Some(text) => cell.text() == text,
            None => super::objects::scalar_value(cell) == *wanted,
        };
        match wanted.kind() {
            minijinja::value::ValueKind::Seq => wanted
                .try_iter()
                .is_ok_and(|mut items| items.any(|item| same(&item))),
            _ => same(wanted),
        }
    };
    let all = |row: usize| {
        tests
            .iter()
            .all(|(index, wanted)| equal(rows.cell(row, *index), wanted))
    };
    Ok(rows.with(
        rows.rows
            .iter()
            .copied()
            .filter(|row| all(*row) == keep)
            .collect(),
    ))
}

fn group(value: Value, column: String) -> Result<Value, Error> {
    let rows = need_rows(&value)?;
    let index = need_column(&rows, &column)?;
    let mut groups: Vec<(&str, Vec<usize>)> = Vec::new();
    for row in &rows.rows {
        let name = scalar(rows.cell(*row, index)).text();
        match groups.iter_mut().find(|(other, _)| *other == name) {
            Some((_, members)) => members.push(*row),
            None => groups.push((name, vec![*row])),
        }
    }
    let group = |(_, members): &(&str, Vec<usize>)| {
        let name = rows.cell(members[0], index).clone();
        let (table, reads) = (rows.table.clone(), rows.reads.clone());
        Value::from_object(Group {
            name,
            rows: Rows {
                table,
                rows: members.clone(),
                reads,
            },
        })
    };
    Ok(groups.iter().map(group).collect())
}

fn sort(
    value: &Value,
    columns: &[String],
    options: &Kwargs,
    faults: &Faults,
) -> Result<Value, Error> {
    let rows = need_rows(value)?;
    let order: Option<Vec<String>> = options.get("次序").or_else(|_| options.get("order"))?;
    options.assert_all_used()?;
    let mut keys = Vec::new();
    for column in columns {
        let name = column.strip_prefix('-');
        keys.push((need_column(&rows, name.unwrap_or(column))?, name.is_some()));
    }
    let (Some((first, _)), order) = (keys.first().copied(), order.as_deref()) else {
        return Err(fault("“排序”要写明按哪一列，如 排序(\"-数量\")"));
    };
    let rank = |row: usize| {
        let text = scalar(rows.cell(row, first)).text();
        order.and_then(|order| order.iter().position(|item| item == text))
    };
    if let (Some(order), Some(row)) = (order, rows.rows.iter().find(|row| rank(**row).is_none())) {
        let cell = rows.cell(*row, first);
        let text = scalar(cell).text();
        let message = format!("“{text}”不在排序的次序（{}）之中", order.join("、"));
        let fault = Diagnostic::error("tables/cell/not-in-order", &cell.origin, message);
        return Err(faults.stop(fault.hint("改正这一格，或在“次序”里加上它")));
    }
    let mut sorted = rows.rows.clone();
    sorted.sort_by(|a, b| {
        let mut comparisons = keys.iter().enumerate().map(|(place, (index, descending))| {
            let ordering = match order {
                Some(_) if place == 0 => rank(*a).cmp(&rank(*b)),
                _ => compare(scalar(rows.cell(*a, *index)), scalar(rows.cell(*b, *index))),
            };
            if *descending {
                ordering.reverse()
            } else {
                ordering
            }
        });
        comparisons
            .find(|ordering| ordering.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    Ok(rows.with(sorted))
}

/// Numbers by size, before words; words by their code points.
fn compare(a: &Scalar, b: &Scalar) -> Ordering {
    let decimal = |scalar: &Scalar| scalar.text().trim().parse::<Decimal>().ok();
    match (decimal(a), decimal(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.text().cmp(b.text()),
    }
}

fn top(value: Value, number: usize) -> Result<Value, Error> {
    match rows_of(&value) {
        Some(rows) => Ok(rows.with(rows.rows.iter().copied().take(number).collect())),
        None => Ok(value.try_iter()?.take(number).collect()),
    }
}

fn pluck(value: Value, column: String) -> Result<Value, Error> {
    let rows = need_rows(&value)?;
    let index = need_column(&rows, &column)?;
    let items = rows
        .rows
        .iter()
        .map(|row| rows.cell(*row, index).clone())
        .collect();
    Ok(Value::from_object(List {
        items,
        reads: rows.reads.clone(),
    }))
}

fn unique(value: Value) -> Result<Value, Error> {
    let mut seen: Vec<Value> = Vec::new();
    for item in value.try_iter()? {
        if !seen.contains(&item) {
            seen.push(item);
        }
    }
    Ok(seen.into_iter().collect())
}

fn quoted(value: Value) -> Result<Value, Error> {
    if let Some(text) = value.as_str() {
        return Ok(Value::from(format!("“{text}”")));
    }
    Ok(value
        .try_iter()?
        .map(|item| Value::from(format!("“{item}”")))
        .collect())
}

fn join_list(value: Value, options: Kwargs) -> Result<String, Error> {
    let last: Option<String> = options.get("末").or_else(|_| options.get("last"))?;
    options.assert_all_used()?;
    let items: Vec<String> = value.try_iter()?.map(|item| item.to_string()).collect();
    Ok(join(&items, last.as_deref()))
}

/// Joins by 顿号, which GB/T 15834—2011 leaves out between neighbouring quotation marks and book
/// titles (`甲、乙`, `“甲”“乙”`).
fn join(items: &[String], last: Option<&str>) -> String {
    let mut text = String::new();
    for (index, item) in items.iter().enumerate() {
        let quoted = text.ends_with(['”', '》']) && item.starts_with(['“', '《']);
        match last {
            _ if index == 0 => {}
            Some(last) if index + 1 == items.len() => text.push_str(last),
            _ if quoted => {}
            _ => text.push('、'),
        }
        text.push_str(item);
    }
    text
}

fn unit_list(
    value: Value,
    unit: String,
    count: String,
    measure: Option<String>,
) -> Result<String, Error> {
    let rows = need_rows(&value)?;
    let (unit, count) = (need_column(&rows, &unit)?, need_column(&rows, &count)?);
    let measure = measure.unwrap_or_default();
    let item = |row: &usize| {
        let (unit, count) = (rows.cell(*row, unit), rows.cell(*row, count));
        rows.reads.note(&unit.origin);
        rows.reads.note(&count.origin);
        format!(
            "{}（{}{measure}）",
            scalar(unit).text(),
            scalar(count).text()
        )
    };
    Ok(join(&rows.rows.iter().map(item).collect::<Vec<_>>(), None))
}

fn half_up(decimal: Decimal, digits: u32) -> String {
    let rounded = decimal.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    format!("{rounded:.*}", digits as usize)
}

fn need_decimal(value: &Value) -> Result<Decimal, Error> {
    decimal(value).ok_or_else(|| fault(format!("“{value}”不是数字")))
}

fn share(part: Value, whole: Value, options: Kwargs) -> Result<String, Error> {
    let digits: Option<u32> = options.get("位数").or_else(|_| options.get("digits"))?;
    options.assert_all_used()?;
    let (part, whole) = (need_decimal(&part)?, need_decimal(&whole)?);
    let share = (part * Decimal::ONE_HUNDRED).checked_div(whole);
    let share = share.ok_or_else(|| fault("“占比”的分母是零"))?;
    Ok(format!("{}%", half_up(share, digits.unwrap_or(0))))
}

fn round(value: Value, digits: Option<u32>) -> Result<String, Error> {
    Ok(half_up(need_decimal(&value)?, digits.unwrap_or(0)))
}

fn has_column(value: Value, column: String) -> Result<bool, Error> {
    Ok(need_rows(&value)?.table.column(&column).is_some())
}

fn chinese(value: Value) -> Result<String, Error> {
    let number = value.as_i64().and_then(|number| u32::try_from(number).ok());
    number
        .map(chinese_number)
        .ok_or_else(|| fault(format!("“{value}”不是不小于零的整数")))
}

/// The Markdown of a table in the text; each cell is printed by `print` with its place.
pub fn table_markdown(
    rows: &Value,
    columns: Option<Vec<String>>,
    print: impl Fn(&model::Value) -> String,
) -> Result<String, Error> {
    let rows = need_rows(rows)?;
    let table = &rows.table;
    let names = columns.unwrap_or_else(|| {
        table
            .columns()
            .iter()
            .map(|column| column.value.clone())
            .collect()
    });
    let mut indexes = Vec::new();
    for name in &names {
        let counted = name == "序号" && table.column(name).is_none();
        indexes.push(if counted {
            None
        } else {
            Some(need_column(&rows, name)?)
        });
    }
    let head = |index: &Option<usize>| match index {
        Some(index) => print(&text_value(&table.columns()[*index])),
        None => "序号".to_owned(),
    };
    let line = |cells: Vec<String>| format!("|{}|\n", cells.join("|"));
    let mut text = line(indexes.iter().map(head).collect());
    text.push_str(&line(vec!["---".to_owned(); indexes.len()]));
    for (number, row) in rows.rows.iter().enumerate() {
        let cell = |index: &Option<usize>| match index {
            Some(index) => print(rows.cell(*row, *index)),
            None => (number + 1).to_string(),
        };
        text.push_str(&line(indexes.iter().map(cell).collect()));
    }
    Ok(format!("\n\n{text}\n\n"))
}

fn text_value(text: &Sourced<String>) -> model::Value {
    model::Value::scalar(Scalar::Text(text.value.clone()), text.origin.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_neighbours_take_no_mark_between_them() {
        let join = |items: &[&str], last| {
            join(
                &items
                    .iter()
                    .map(|item| (*item).to_owned())
                    .collect::<Vec<_>>(),
                last,
            )
        };
        assert_eq!(join(&["甲", "乙", "丙"], None), "甲、乙、丙");
        assert_eq!(join(&["“甲”", "“乙”", "丙"], None), "“甲”“乙”、丙");
        assert_eq!(join(&["甲", "乙", "丙"], Some("和")), "甲、乙和丙");
        assert_eq!(join(&[], Some("和")), "");
    }

    #[test]
    fn halves_round_up() {
        assert_eq!(half_up("0.5".parse().unwrap(), 0), "1");
        assert_eq!(half_up("2.5".parse().unwrap(), 0), "3");
        assert_eq!(half_up("1.005".parse().unwrap(), 2), "1.01");
        assert_eq!(half_up("61".parse().unwrap(), 1), "61.0");
    }
}
