//! Tables and variables as minijinja sees them. Every cell that a template or a filter looks at is
//! noted in [`Reads`].

use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, Value};

use super::reads::Reads;
use crate::diag::Origin;
use crate::model::{self, Scalar, Table, ValueKind};

/// A scalar as minijinja computes with it.
pub fn scalar_value(scalar: &Scalar) -> Value {
    match scalar {
        Scalar::Empty => Value::from(""),
        Scalar::Text(text) => Value::from(text.as_str()),
        Scalar::Bool(bool) => Value::from(*bool),
        Scalar::Number { text, value } => match text.parse::<i64>() {
            Ok(number) => Value::from(number),
            Err(_) => Value::from(*value),
        },
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
            items: items.clone(),
            reads: reads.clone(),
        }),
        ValueKind::Map(entries) => Value::from_object(Map {
            entries: entries.clone(),
            reads: reads.clone(),
        }),
    }
}

/// A list of 变量, or a column of a table.
#[derive(Debug)]
pub struct List {
    pub items: Vec<model::Value>,
    pub reads: Arc<Reads>,
}

impl Object for List {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let item = self.items.get(key.as_usize()?)?;
        Some(tracked(item, &self.reads))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.items.len())
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
}

/// Some rows of a table, in an order; what a table's name gives, and what filters give back.
#[derive(Debug)]
pub struct Rows {
    pub table: Arc<Table>,
    /// The numbers of the rows.
    pub rows: Vec<usize>,
    pub reads: Arc<Reads>,
}

impl Rows {
    /// The cell of a row; `column` is an index of the table's columns.
    pub fn cell(&self, row: usize, column: usize) -> &model::Value {
        &self.table.rows()[row][column]
    }

    /// The same table with other rows.
    pub fn with(&self, rows: Vec<usize>) -> Value {
        Value::from_object(Rows {
            table: self.table.clone(),
            rows,
            reads: self.reads.clone(),
        })
    }

    fn row(&self, row: usize) -> Value {
        let table = self.table.clone();
        Value::from_object(Row {
            table,
            row,
            reads: self.reads.clone(),
        })
    }
}

impl Object for Rows {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(self.row(*self.rows.get(key.as_usize()?)?))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.rows.len())
    }
}

/// One row; `行.列名` reads a cell.
#[derive(Debug)]
struct Row {
    table: Arc<Table>,
    row: usize,
    reads: Arc<Reads>,
}

impl Object for Row {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let column = self.table.column(key.as_str()?)?;
        Some(tracked(&self.table.rows()[self.row][column], &self.reads))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let names = self
            .table
            .columns()
            .iter()
            .map(|column| Value::from(column.value.as_str()));
        Enumerator::Values(names.collect())
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
            "名称" | "name" => Some(tracked(&self.name, &self.rows.reads)),
            "行" | "rows" => Some(self.rows.with(self.rows.rows.clone())),
            _ => None,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(&["名称", "行"])
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
        let reads = self.reads.clone();
        Some(Value::from_object(Rows {
            table: table.clone(),
            rows,
            reads,
        }))
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
