//! Tables and variables as minijinja sees them. Every cell that a template or a filter looks at is
//! noted in [`Reads`].

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, Value};

use super::functions::{decimal, letters};
use super::marks::{UNPRINTABLE, is_mark};
use super::reads::Reads;
use crate::diag::Origin;
use crate::model::{self, Scalar, Table, ValueKind};

/// A scalar as minijinja computes with it.
pub fn scalar_value(scalar: &Scalar) -> Value {
    match scalar {
        Scalar::Empty => Value::from(""),
        Scalar::Text(text) => Value::from(text.as_str()),
        Scalar::Bool { value, .. } => Value::from(*value),
        Scalar::Number { text, value } => number_value(text, *value),
    }
}

/// A number as minijinja computes with it: exact, or else its letters, which the filters of numbers
/// take as well.
pub fn number_value(text: &str, value: f64) -> Value {
    if let Ok(whole) = text.parse::<i64>() {
        return match text {
            "-0" => Value::from(value),
            _ => Value::from(whole),
        };
    }
    if let Ok(whole) = text.parse::<i128>() {
        return Value::from(whole);
    }
    let computed = Value::from(value);
    let exact = text
        .parse()
        .is_ok_and(|typed| decimal(&computed) == Some(typed));
    if exact { computed } else { Value::from(text) }
}

/// The letters of a number that computing would not give back.
fn kept_letters(scalar: &Scalar) -> Option<&str> {
    let Scalar::Number { text, value } = scalar else {
        return None;
    };
    let computed = number_value(text, *value);
    let is_letters = computed.is_integer() || computed.as_str().is_some();
    (!is_letters && letters(&computed).ok().as_ref() != Some(text)).then_some(text)
}

/// Looks at a value and all that it holds: the letters to keep go to `letters`, and characters that
/// are the program's own to `foreign`.
pub fn survey(
    value: &model::Value,
    letters: &mut BTreeMap<Origin, String>,
    foreign: &mut Vec<(char, Origin)>,
) {
    match &value.kind {
        ValueKind::Scalar(scalar) => {
            if let Some(char) = scalar.text().chars().find(|char| is_mark(*char)) {
                foreign.push((char, value.origin.clone()));
            }
            if let Some(text) = kept_letters(scalar) {
                letters.insert(value.origin.clone(), text.to_owned());
            }
        }
        ValueKind::List(items) => items.iter().for_each(|item| survey(item, letters, foreign)),
        ValueKind::Map(entries) => entries
            .iter()
            .for_each(|(_, value)| survey(value, letters, foreign)),
    }
}

/// Wraps a value of the input, so that reading it is noted.
pub fn tracked(value: &model::Value, reads: &Arc<Reads>) -> Value {
    match &value.kind {
        ValueKind::Scalar(scalar) => {
            reads.note(&value.origin);
            scalar_value(scalar)
        }
        ValueKind::List(items) => Value::from_object(List {
            items: items.iter().cloned().map(Item::Typed).collect(),
            reads: reads.clone(),
        }),
        ValueKind::Map(entries) => Value::from_object(Map {
            entries: entries.clone(),
            reads: reads.clone(),
        }),
    }
}

/// One item of a [`List`].
#[derive(Clone, Debug)]
pub enum Item {
    /// A value of the input.
    Typed(model::Value),
    /// A value that a filter made, with the cells behind it.
    Made(Value, Vec<Origin>),
}

impl Item {
    /// The value, and the cells behind it; nothing is noted.
    pub fn parts(&self, reads: &Arc<Reads>) -> (Value, Vec<Origin>) {
        match self {
            Item::Made(value, cells) => (value.clone(), cells.clone()),
            Item::Typed(value) => match &value.kind {
                ValueKind::Scalar(scalar) => (scalar_value(scalar), vec![value.origin.clone()]),
                _ => (tracked(value, reads), vec![value.origin.clone()]),
            },
        }
    }
}

/// A list of 变量, a column of a table, or what a filter made of them.
#[derive(Debug)]
pub struct List {
    pub items: Vec<Item>,
    pub reads: Arc<Reads>,
}

impl Object for List {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match self.items.get(key.as_usize()?)? {
            Item::Typed(value) => Some(tracked(value, &self.reads)),
            Item::Made(value, cells) => {
                cells.iter().for_each(|cell| self.reads.note(cell));
                Some(value.clone())
            }
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.items.len())
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char(UNPRINTABLE)
    }
}

/// A mapping of 变量.
#[derive(Debug)]
struct Map {
    entries: Vec<(model::Sourced<String>, model::Value)>,
    reads: Arc<Reads>,
}

impl Object for Map {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        let (_, value) = self.entries.iter().find(|(name, _)| name.value == key)?;
        Some(tracked(value, &self.reads))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let names = self
            .entries
            .iter()
            .map(|(name, _)| Value::from(name.value.as_str()));
        Enumerator::Values(names.collect())
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char(UNPRINTABLE)
    }
}

/// A column that a filter computed, such as 名次: for each row its value and the cells behind it.
#[derive(Debug)]
pub struct Computed {
    pub name: String,
    pub cells: BTreeMap<usize, (model::Value, Arc<[Origin]>)>,
}

/// A table with the columns that filters have added.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub table: Arc<Table>,
    pub computed: Vec<Arc<Computed>>,
    pub reads: Arc<Reads>,
}

impl Sheet {
    pub fn new(table: Arc<Table>, reads: &Arc<Reads>) -> Self {
        Sheet {
            table,
            computed: Vec::new(),
            reads: reads.clone(),
        }
    }

    /// The index of a column; the last computed one of that name comes before the table's own.
    pub fn column(&self, name: &str) -> Option<usize> {
        let computed = self.computed.iter().rposition(|column| column.name == name);
        let own = || self.table.column(name);
        computed
            .map(|index| self.table.columns().len() + index)
            .or_else(own)
    }

    /// The names of all columns.
    pub fn columns(&self) -> Vec<&str> {
        let own = self
            .table
            .columns()
            .iter()
            .map(|column| column.value.as_str());
        let computed = self.computed.iter().map(|column| column.name.as_str());
        own.chain(computed).collect()
    }

    /// The cell of a row, unnoted; `column` is an index that [`Sheet::column`] gave.
    pub fn cell(&self, row: usize, column: usize) -> &model::Value {
        match column.checked_sub(self.table.columns().len()) {
            None => &self.table.rows()[row][column],
            Some(index) => {
                let cells = &self.computed[index].cells;
                &cells
                    .get(&row)
                    .expect("a computed column has a cell for each row it goes with")
                    .0
            }
        }
    }

    /// The places behind a cell.
    pub fn places(&self, row: usize, column: usize) -> Vec<Origin> {
        match column.checked_sub(self.table.columns().len()) {
            None => vec![self.table.rows()[row][column].origin.clone()],
            Some(index) => self.computed[index]
                .cells
                .get(&row)
                .map(|cell| cell.1.to_vec())
                .unwrap_or_default(),
        }
    }

    /// The cell of a row; reading it is noted.
    pub fn read(&self, row: usize, column: usize) -> &model::Value {
        self.places(row, column)
            .iter()
            .for_each(|place| self.reads.note(place));
        self.cell(row, column)
    }

    /// The sheet with one more column.
    pub fn with_column(&self, column: Computed) -> Self {
        let mut sheet = self.clone();
        sheet.computed.push(Arc::new(column));
        sheet
    }

    /// Notes that a row was looked at: its first cell.
    pub fn note_row(&self, row: usize) {
        self.reads.note(&row_origin(&self.table, row));
    }
}

/// Some rows of a sheet, in an order; what a table's name gives, and what filters give back.
#[derive(Clone, Debug)]
pub struct Rows {
    pub sheet: Sheet,
    /// The numbers of the rows.
    pub rows: Vec<usize>,
}

impl Rows {
    /// The same sheet with other rows.
    pub fn with(&self, rows: Vec<usize>) -> Value {
        Value::from_object(Rows {
            sheet: self.sheet.clone(),
            rows,
        })
    }
}

impl Object for Rows {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let row = *self.rows.get(key.as_usize()?)?;
        let sheet = self.sheet.clone();
        Some(Value::from_object(Row { sheet, row }))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.rows.len())
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char(UNPRINTABLE)
    }
}

/// One row; `行.列名` reads a cell.
#[derive(Debug)]
struct Row {
    sheet: Sheet,
    row: usize,
}

impl Object for Row {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let column = self.sheet.column(key.as_str()?)?;
        let cell = self.sheet.read(self.row, column);
        match &cell.kind {
            ValueKind::Scalar(scalar) => Some(scalar_value(scalar)),
            _ => Some(tracked(cell, &self.sheet.reads)),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.sheet.columns().into_iter().map(Value::from).collect())
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char(UNPRINTABLE)
    }
}

/// Rows that share a value: `组.名称`, `组.行`; filters take it like its rows.
#[derive(Debug)]
pub struct Group {
    pub name: model::Value,
    pub rows: Rows,
}

impl Object for Group {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "名称" | "name" => Some(tracked(&self.name, &self.rows.sheet.reads)),
            "行" | "rows" => Some(self.rows.with(self.rows.rows.clone())),
            _ => None,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(&["名称", "行"])
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char(UNPRINTABLE)
    }
}

/// The names that every template sees; reading one that is a value is noted.
#[derive(Debug)]
pub struct Names {
    pub values: Vec<(String, model::Value)>,
    pub tables: Vec<Arc<Table>>,
    pub reads: Arc<Reads>,
}

impl Object for Names {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        if let Some((_, value)) = self.values.iter().find(|(name, _)| name == key) {
            return Some(tracked(value, &self.reads));
        }
        let table = self.tables.iter().find(|table| table.name.value == key)?;
        let rows = (0..table.rows().len()).collect();
        let sheet = Sheet::new(table.clone(), &self.reads);
        Some(Value::from_object(Rows { sheet, rows }))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let values = self.values.iter().map(|(name, _)| name.as_str());
        let tables = self.tables.iter().map(|table| table.name.value.as_str());
        Enumerator::Values(values.chain(tables).map(Value::from).collect())
    }
}

/// The place of a row: that of its first cell.
pub fn row_origin(table: &Table, row: usize) -> Origin {
    table.rows()[row]
        .first()
        .map_or(&table.name.origin, |cell| &cell.origin)
        .clone()
}
