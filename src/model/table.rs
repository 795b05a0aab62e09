//! 表格 and 变量: the facts that words are computed from, each value with its place.

use std::hash::{Hash, Hasher};

use super::{Aliases, Sourced, aliases};
use crate::diag::Origin;

/// One value as typed, kept in its own letters so that nothing is changed silently.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// Nothing was typed.
    Empty,
    /// Words; also a date, an identifier, or digits typed in quotation marks.
    Text(String),
    /// A number, with its letters as typed (`1.50` stays `1.50` until it is computed with).
    Number { text: String, value: f64 },
    /// A truth value, with its letters as typed: `true` in YAML, `TRUE` in a workbook.
    Bool { text: &'static str, value: bool },
}

impl Scalar {
    /// The letters as typed; empty for [`Scalar::Empty`].
    pub fn text(&self) -> &str {
        match self {
            Scalar::Empty => "",
            Scalar::Text(text) | Scalar::Number { text, .. } => text,
            Scalar::Bool { text, .. } => text,
        }
    }
}

impl Hash for Scalar {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        self.text().hash(state);
    }
}

/// A value of 变量, or a cell: a scalar, a list or a mapping, with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    pub kind: ValueKind,
    pub origin: Origin,
}

/// The place does not count.
impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.kind.hash(state);
    }
}

/// What a [`Value`] holds.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum ValueKind {
    Scalar(Scalar),
    List(Vec<Value>),
    Map(Vec<(Sourced<String>, Value)>),
}

impl Value {
    /// A single value.
    pub fn scalar(scalar: Scalar, origin: Origin) -> Self {
        Value {
            kind: ValueKind::Scalar(scalar),
            origin,
        }
    }
}

/// 表格: named rows; `问题清单` and the like are 台账 (ledgers) of 问题 (findings).
///
/// Invariant: every row has as many cells as there are columns.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Table {
    pub name: Sourced<String>,
    columns: Vec<Sourced<String>>,
    rows: Vec<Vec<Value>>,
    aliases: Aliases,
}

impl Table {
    /// Makes a table; short rows are filled with empty cells at `name`'s place, and cells past the
    /// last column are dropped (the loader has reported both).
    pub fn new(
        name: Sourced<String>,
        columns: Vec<Sourced<String>>,
        mut rows: Vec<Vec<Value>>,
    ) -> Self {
        for row in &mut rows {
            let origin = row.last().map_or(&name.origin, |cell| &cell.origin).clone();
            row.resize(columns.len(), Value::scalar(Scalar::Empty, origin));
        }
        Table {
            name,
            columns,
            rows,
            aliases: Aliases::default(),
        }
    }

    /// Adds names under which its columns are found as well.
    pub fn with_aliases(mut self, aliases: Aliases) -> Self {
        self.aliases = aliases;
        self
    }

    /// The table with some of its rows, in that order.
    pub fn with_rows(&self, rows: &[usize]) -> Self {
        Table {
            name: self.name.clone(),
            columns: self.columns.clone(),
            rows: rows.iter().map(|row| self.rows[*row].clone()).collect(),
            aliases: self.aliases.clone(),
        }
    }

    pub fn columns(&self) -> &[Sourced<String>] {
        &self.columns
    }

    pub fn rows(&self) -> &[Vec<Value>] {
        &self.rows
    }

    /// The index of the column of that name; where there is none, of the first that stands under
    /// another name for it.
    pub fn column(&self, name: &str) -> Option<usize> {
        let position = |name: &str| self.columns.iter().position(|column| column.value == name);
        position(name).or_else(|| self.aliases.of(name).find_map(position))
    }

    /// The index of the column of that name, or of the first that ledgers call otherwise. Templates
    /// ask for the names that stand in the file; checks ask for what a column holds.
    pub fn known_column(&self, name: &str) -> Option<usize> {
        let position = |name: &str| self.columns.iter().position(|column| column.value == name);
        let common = || aliases::common(name).find_map(position);
        self.column(name).or_else(common)
    }
}
