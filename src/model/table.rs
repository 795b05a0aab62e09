//! 表格 and 变量: the facts that words are computed from, each value with its place.

use std::hash::{Hash, Hasher};

use super::{Aliases, Sourced, aliases, is_known_column, sameness};
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

    /// Whether a 状态 says that a finding is mended; blanks and a full stop say nothing.
    pub fn is_mended(&self) -> bool {
        sameness(self.text(), None) == "已整改"
    }

    /// A number that is counted.
    pub fn count(number: usize) -> Self {
        Scalar::Number {
            text: number.to_string(),
            value: number as f64,
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
    /// Whether it is that number, be it typed as a number or as words.
    fn is_number(&self, number: usize) -> bool {
        let ValueKind::Scalar(scalar) = &self.kind else {
            return false;
        };
        scalar.text().parse() == Ok(number)
    }

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
    /// The column 序号, where it counts the rows from 1.
    counter: Option<usize>,
}

/// The table of findings that the built-in words speak of.
pub const LEDGER: &str = "问题清单";

/// How the names of tables of the last period begin.
pub const LAST_PERIOD: &str = "上期";

/// The column that people number rows in.
const COUNTER: &str = "序号";

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
        let counter = columns.iter().position(|column| column.value == COUNTER);
        let counts = |column: &usize| {
            let mut rows = (1..).zip(&rows);
            rows.all(|(number, row): (usize, _)| row[*column].is_number(number))
        };
        Table {
            counter: counter.filter(counts),
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

    /// A table of its own of some of the rows, in that order. Where 序号 counts the rows of this one,
    /// it counts those of the new one.
    pub fn with_rows(&self, rows: &[usize]) -> Self {
        let mut rows: Vec<Vec<Value>> = rows.iter().map(|row| self.rows[*row].clone()).collect();
        if let Some(column) = self.counter {
            for (number, row) in (1..).zip(&mut rows) {
                row[column].kind = ValueKind::Scalar(Scalar::count(number));
            }
        }
        Table {
            name: self.name.clone(),
            columns: self.columns.clone(),
            rows,
            aliases: self.aliases.clone(),
            counter: self.counter,
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

    /// Whether it is a table of the last period, whose rows are no findings of this one.
    pub fn is_last_period(&self) -> bool {
        self.name.value.starts_with(LAST_PERIOD)
    }

    /// The column that is meant by a name of ledgers which the table lacks, as it seems: it has one letter
    /// other. Shorter names are too like each other.
    pub fn misspelt(&self, name: &str) -> Option<&Sourced<String>> {
        const SHORT: usize = 3;
        let letters = name.chars().count();
        if letters <= SHORT || !is_known_column(name) || self.known_column(name).is_some() {
            return None;
        }
        let is_meant = |column: &&Sourced<String>| {
            !is_known_column(&column.value)
                && column.value.chars().count() == letters
                && strsim::osa_distance(&column.value, name) == 1
        };
        self.columns.iter().find(is_meant)
    }

    /// The index of the column of that name, or of the first that ledgers call otherwise. Templates
    /// ask for the names that stand in the file; checks ask for what a column holds.
    pub fn known_column(&self, name: &str) -> Option<usize> {
        let position = |name: &str| self.columns.iter().position(|column| column.value == name);
        let common = || aliases::common(name).find_map(position);
        self.column(name).or_else(common)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(numbers: &[&str]) -> Table {
        let origin = Origin::Program;
        let text = |text: &str| Value::scalar(Scalar::Text(text.to_owned()), origin.clone());
        let columns = ["序号", "单位"].map(|name| Sourced::new(name.to_owned(), origin.clone()));
        let rows = numbers
            .iter()
            .map(|number| vec![text(number), text("甲镇")]);
        let name = Sourced::new("问题清单".to_owned(), origin.clone());
        Table::new(name, columns.into(), rows.collect())
    }

    fn numbers(table: &Table) -> Vec<&str> {
        let texts = table.rows().iter().map(|row| match &row[0].kind {
            ValueKind::Scalar(scalar) => scalar.text(),
            ValueKind::List(_) | ValueKind::Map(_) => "",
        });
        texts.collect()
    }

    /// A notice to one unit with rows 17 and 23 alone looks as if pages were missing.
    #[test]
    fn rows_of_their_own_are_counted_anew_where_the_column_only_counts() {
        let part = table(&["1", "2", "3"]).with_rows(&[1, 2]);
        assert_eq!(numbers(&part), ["1", "2"]);
        assert_eq!(numbers(&part.with_rows(&[1])), ["1"]);
        for own in [["A1", "A2", "A3"], ["1", "3", "2"], ["1", "", "3"]] {
            assert_eq!(numbers(&table(&own).with_rows(&[1, 2])), own[1..]);
        }
    }
}
