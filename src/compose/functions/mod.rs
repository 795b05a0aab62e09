//! The filters and functions of text templates, each under a Chinese and an English name. They
//! count, sum, sort and join rows; what they read is noted, so that each figure keeps its cells.

mod dates;
mod defined;
mod numbers;
pub mod order;
mod periods;
mod reference;
mod register;
mod rows;
mod table;
mod words;

pub use defined::add_function;
pub use reference::{Entry, REFERENCE};
pub use table::table_markdown;

use std::fmt;
use std::sync::Arc;

use minijinja::value::{ArgType, Kwargs, Rest, Value};
use minijinja::{Environment, Error, ErrorKind};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::marks::UNPRINTABLE;
use super::objects::{Group, Item, List, Rows, number_value};
use super::reads::Reads;
use crate::diag::{Diagnostic, Origin};
use crate::model::{self, Register, Scalar, ValueKind};

/// What filters need besides their arguments.
#[derive(Clone, Debug, Default)]
pub struct Tools {
    pub faults: Faults,
    pub reads: Arc<Reads>,
    /// 机构名录, where the circular has one.
    pub register: Option<Arc<Register>>,
}

/// What minijinja brings along and a circular has no use for, or what shows the program's insides.
const UNUSED: &[&str] = &[
    "safe",
    "escape",
    "e",
    "lower",
    "upper",
    "title",
    "capitalize",
    "dictsort",
    "items",
    "lines",
    "attr",
    "list",
    "string",
    "bool",
    "batch",
    "slice",
    "indent",
    "groupby",
    "chain",
    "zip",
    "pprint",
    "format",
    "tojson",
    "urlencode",
    "dict",
    "debug",
    "namespace",
];

/// Adds every filter and function to `environment`.
pub fn add(environment: &mut Environment<'_>, tools: &Tools) {
    for name in UNUSED {
        environment.remove_filter(name);
        environment.remove_global(name);
    }
    macro_rules! filters {
        ($($name:literal => $filter:expr),* $(,)?) => {
            $(for name in both($name) {
                defined::add_filter(environment, name, $filter(tools.clone()));
            })*
        };
    }
    filters! {
        "计数" => |tools: Tools| move |value: Value| rows::count(&value, &tools),
        "筛选" => |tools: Tools| move |rows: Value, wanted: Kwargs| {
            rows::filter(&rows, &wanted, true, &tools)
        },
        "排除" => |tools: Tools| move |rows: Value, wanted: Kwargs| {
            rows::filter(&rows, &wanted, false, &tools)
        },
        "未整改" => |_| |rows: Value| rows::open(&rows),
        "分组" => |tools: Tools| move |rows: Value, column: String| {
            rows::group(&rows, &column, &tools)
        },
        "汇总" => |tools: Tools| move |rows: Value, column: String, sums: Rest<String>| {
            rows::summary(&rows, &column, &sums, &tools)
        },
        "排序" => |tools: Tools| move |rows: Value, columns: Rest<String>, options: Kwargs| {
            rows::sort(&rows, &columns, &options, &tools)
        },
        "排名" => |tools: Tools| move |rows: Value, column: String, options: Kwargs| {
            rows::rank(&rows, &column, &options, &tools)
        },
        "前" => |tools: Tools| move |value: Value, number: usize, options: Kwargs| {
            rows::top(&value, number, &options, &tools)
        },
        "取列" => |tools: Tools| move |rows: Value, column: String| {
            rows::pluck(&rows, &column, &tools)
        },
        "去重" => |tools: Tools| move |value: Value| rows::unique(&value, &tools),
        "各单位" => |tools: Tools| move |rows: Value, column: String| {
            rows::units(&rows, &column, &tools)
        },
        "有列" => |_| rows::has_column,
        "求和" => |tools: Tools| move |rows: Value, column: String| {
            numbers::sum(&rows, &column, &tools)
        },
        "最大" => |tools: Tools| move |rows: Value, column: String| {
            numbers::extreme(&rows, &column, true, &tools)
        },
        "最小" => |tools: Tools| move |rows: Value, column: String| {
            numbers::extreme(&rows, &column, false, &tools)
        },
        "平均" => |tools: Tools| move |rows: Value, column: String, options: Kwargs| {
            numbers::average(&rows, &column, &options, &tools)
        },
        "占比列" => |tools: Tools| move |rows: Value, column: String, options: Kwargs| {
            numbers::shares(&rows, &column, &options, &tools)
        },
        "保留" => |_| numbers::round,
        "对比" => |tools: Tools| move |now: Value, last: Value, options: Kwargs| {
            periods::compare(&now, &last, &options, &tools)
        },
        "名录顺序" => |tools: Tools| move |rows: Value, column: String, more: Rest<String>| {
            register::order(&rows, &column, &more, &tools)
        },
        "全称" => |tools: Tools| move |unit: Value| register::full(&unit, &tools),
        "简称" => |tools: Tools| move |unit: Value| register::short(&unit, &tools),
        "类别" => |tools: Tools| move |unit: Value| register::group(&unit, &tools),
        "主送称谓" => |tools: Tools| move |unit: Value| register::addressee(&unit, &tools),
        "引号" => |tools: Tools| move |value: Value| words::quoted(&value, &tools),
        "顿号" => |tools: Tools| move |value: Value, options: Kwargs| {
            words::join_list(&value, &options, &tools)
        },
        "单位列表" => |tools: Tools| move |
            rows: Value, unit: String, count: String, measure: Option<String>, options: Kwargs
        | words::unit_list(&rows, (&unit, &count), measure, &options, &tools),
        "并列" => |tools: Tools| move |rows: Value, unit: String, column: String, options: Kwargs| {
            words::ranking(&rows, &unit, &column, &options, &tools)
        },
        "中文数字" => |_| words::chinese,
        "数量词" => |_| words::measured,
        "序数" => |_| words::ordinal,
        "逐位" => |_| words::digits,
        "脱敏" => |tools: Tools| move |value: Value| words::masked(&value, &tools),
        "年" => |_| dates::year,
        "月" => |_| dates::month,
        "日" => |_| dates::day,
        "月日" => |_| dates::month_day,
        "季度" => |_| dates::quarter,
    }
    /// Adds filters that can be called as functions too, with the value before the bar first.
    macro_rules! functions {
        ($($name:literal => $function:expr),* $(,)?) => {
            $(for name in both($name) {
                defined::add_filter(environment, name, $function);
                defined::add_function(environment, name, $function);
            })*
        };
    }
    functions! {
        "占比" => numbers::share,
        "比上期" => periods::difference,
        "环比" => periods::change,
        "同比" => periods::change,
        "百分点" => periods::points,
        "相隔天数" => dates::days_between,
    }
    let all = tools.clone();
    environment.add_filter("length", move |value: Value| rows::count(&value, &all));
    let all = tools.clone();
    environment.add_filter("join", move |value: Value, between: Option<String>| {
        words::join_with(&value, &between.unwrap_or_default(), &all)
    });
    let all = tools.clone();
    environment.add_filter("trim", move |value: Value, chars: Option<String>| {
        words::trim(&value, chars.as_deref(), &all)
    });
}

/// The Chinese and the English name of a filter.
fn both(chinese: &'static str) -> [&'static str; 2] {
    let entry = REFERENCE.iter().find(|entry| entry.0 == chinese);
    let (_, english, ..) = entry.expect("each filter stands in the reference");
    [chinese, english]
}

/// Where a filter leaves a fault that stands at a cell rather than in the template.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<std::sync::Mutex<Option<Diagnostic>>>);

impl Faults {
    /// Keeps the fault and gives the error that stops the template.
    pub fn stop(&self, diagnostic: Diagnostic) -> Error {
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

/// An option under its Chinese or its English name.
pub fn option<'a, T>(options: &'a Kwargs, names: [&'a str; 2]) -> Result<Option<T>, Error>
where
    T: ArgType<'a, Output = T>,
{
    match names.into_iter().find(|name| options.has(name)) {
        Some(name) => options
            .get(name)
            .map(Some)
            .map_err(|_| fault(format!("“{name}=”后面的内容不对"))),
        None => Ok(None),
    }
}

/// The rows behind a table's name, a filter's result or a group.
fn rows_of(value: &Value) -> Option<Rows> {
    let group = || {
        value
            .downcast_object_ref::<Group>()
            .map(|group| group.rows.clone())
    };
    value.downcast_object_ref::<Rows>().cloned().or_else(group)
}

fn need_rows(value: &Value) -> Result<Rows, Error> {
    // A misspelt table is told as such.
    if value.is_undefined() {
        return Err(Error::from(minijinja::ErrorKind::UndefinedError));
    }
    rows_of(value).ok_or_else(|| fault("这个过滤器只能用在表格（或筛选、分组、排序后的表格）上"))
}

/// A column that a table does not have.
#[derive(Debug)]
pub struct NoColumn {
    pub column: String,
    /// Where the table names its columns.
    pub names: Origin,
}

impl fmt::Display for NoColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no column {}", self.column)
    }
}

impl std::error::Error for NoColumn {}

fn need_column(rows: &Rows, name: &str) -> Result<usize, Error> {
    rows.sheet.column(name).ok_or_else(|| {
        let table = &rows.sheet.table;
        let columns = rows.sheet.columns().join("、");
        let message = format!(
            "表格“{}”没有“{name}”一列，现有的列是：{columns}",
            table.name.value
        );
        let names = table.columns().first().unwrap_or(&table.name);
        fault(message).with_source(NoColumn {
            column: name.to_owned(),
            names: names.origin.clone(),
        })
    })
}

fn scalar(value: &model::Value) -> &Scalar {
    match &value.kind {
        ValueKind::Scalar(scalar) => scalar,
        _ => &Scalar::Empty,
    }
}

/// The items of a list with the cells behind each; nothing is noted for a tracked list.
fn items(value: &Value) -> Result<Vec<(Value, Vec<Origin>)>, Error> {
    if let Some(list) = value.downcast_object_ref::<List>() {
        return Ok(list
            .items
            .iter()
            .map(|item| item.parts(&list.reads))
            .collect());
    }
    if rows_of(value).is_some() || value.as_str().is_some() {
        return Err(fault("这里要用列表；表格先用“取列”取出一列"));
    }
    let items = value.try_iter().map_err(|_| fault("这里要用列表"))?;
    Ok(items.map(|item| (item, Vec::new())).collect())
}

/// The items of a tracked list with the cells behind each, for a loop over it.
pub fn list_items(value: &Value) -> Vec<(Value, Vec<Origin>)> {
    match value.downcast_object_ref::<List>() {
        Some(_) => items(value).unwrap_or_default(),
        None => Vec::new(),
    }
}

/// A list whose items keep their cells.
fn list(items: impl IntoIterator<Item = (Value, Vec<Origin>)>, tools: &Tools) -> Value {
    let items = items
        .into_iter()
        .map(|(value, cells)| Item::Made(value, cells))
        .collect();
    Value::from_object(List {
        items,
        reads: tools.reads.clone(),
    })
}

/// The letters of a value, or why it has none.
pub fn letters(value: &Value) -> Result<String, Error> {
    use minijinja::value::ValueKind;
    match value.kind() {
        ValueKind::String => match value.as_str().unwrap_or_default() {
            text if text.contains(UNPRINTABLE) => Err(not_a_word()),
            text => Ok(text.to_owned()),
        },
        ValueKind::Number if value.is_integer() => Ok(value.to_string()),
        ValueKind::Number => number_letters(value),
        ValueKind::Undefined => Err(Error::from(ErrorKind::UndefinedError)),
        ValueKind::Bool => Err(fault("真假值不能写进正文，请用“{% if %}”")),
        ValueKind::None => Err(fault("这个值是空的")),
        _ => Err(fault(
            "列表或表格不能直接写进正文，请用“顿号”“计数”等过滤器，或函数“表格”",
        )),
    }
}

fn not_a_word() -> Error {
    fault("列表里的每一项是一行（或一组），不是文字，先用“取列”取出一列")
}

/// The letters of a decimal, of fifteen digits as decimals are meant (0.1 + 0.2 is 0.3); more than
/// six places mean a division was not rounded.
fn number_letters(value: &Value) -> Result<String, Error> {
    let number = decimal(value)
        .ok_or_else(|| fault("这个数太大"))?
        .normalize();
    match number.scale() <= 6 {
        true => Ok(number.to_string()),
        false => Err(fault(format!(
            "“{number}”的小数位太多，请用“保留(位数)”四舍五入"
        ))),
    }
}

/// The letters of an item of a list, as they were typed in its cell.
fn item_letters(item: &Value, cells: &[Origin], tools: &Tools) -> Result<String, Error> {
    use minijinja::value::ValueKind;
    match item.kind() {
        ValueKind::Seq | ValueKind::Iterable | ValueKind::Map | ValueKind::Plain => {
            Err(not_a_word())
        }
        _ => tools
            .reads
            .letters(item, cells)
            .map_or_else(|| letters(item), Ok),
    }
}

/// Changes a text, or each item of a list.
fn each(
    value: &Value,
    tools: &Tools,
    change: impl Fn(&str) -> Result<(String, Vec<Origin>), Error>,
) -> Result<Value, Error> {
    use minijinja::value::ValueKind;
    if !matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable) {
        let cells = tools.reads.current_letters(value);
        let (text, cells) = change(&cells.map_or_else(|| letters(value), Ok)?)?;
        cells.iter().for_each(|cell| tools.reads.note(cell));
        return Ok(Value::from(text));
    }
    let mut changed = Vec::new();
    for (item, mut cells) in items(value)? {
        let (text, more) = change(&item_letters(&item, &cells, tools)?)?;
        cells.extend(more);
        changed.push((Value::from(text), cells));
    }
    Ok(list(changed, tools))
}

/// The exact number of a value; text that is a number counts as one.
pub fn decimal(value: &Value) -> Option<Decimal> {
    if value.is_integer() {
        let number = i128::try_from(value.clone()).ok()?;
        return Decimal::try_from_i128_with_scale(number, 0).ok();
    }
    match value.kind() {
        // The decimal of fifteen digits that was meant: 0.1 + 0.2 is 0.3.
        minijinja::value::ValueKind::Number => f64::try_from(value.clone())
            .ok()
            .and_then(Decimal::from_f64),
        _ => value.to_string().trim().parse().ok(),
    }
}

fn need_decimal(value: &Value) -> Result<Decimal, Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    if rows_of(value).is_some() || value.downcast_object_ref::<List>().is_some() {
        return Err(fault("这里要用数字；表格和列表先用“计数”或“求和”"));
    }
    decimal(value).ok_or_else(|| fault(format!("“{value}”不是数字")))
}

/// A number as templates compute with it.
fn number(decimal: Decimal) -> Value {
    let text = decimal.normalize().to_string();
    number_value(&text, text.parse().unwrap_or(f64::NAN))
}
