//! Data of the circular: cells, rows and dates, before any words are made of them. Each fault stands
//! at its cell.

mod cells;
mod columns;
mod elements;
mod rates;
mod rows;

use std::collections::BTreeSet;

use super::facts::Facts;
use super::words;
use crate::diag::{Diagnostic, Diagnostics, Rule};
use crate::model::{Circular, Scalar, Table, Value, ValueKind};

/// The rules of data.
pub static RULES: std::sync::LazyLock<Vec<Rule>> = std::sync::LazyLock::new(|| {
    [
        elements::RULES,
        columns::RULES,
        cells::RULES,
        rows::RULES,
        rates::RULES,
    ]
    .concat()
});

/// Checks the elements of the circular and the cells and rows of its tables.
pub fn check(circular: &Circular, facts: &Facts, diagnostics: &mut Diagnostics) {
    diagnostics.extend(elements::faults(circular));
    diagnostics.extend(cells::variables(circular));
    for table in circular
        .tables
        .iter()
        .filter(|table| table.name.value != "机构名录")
    {
        diagnostics.extend(words_of(table, facts));
        diagnostics.extend(columns::faults(table));
        diagnostics.extend(cells::faults(circular, table));
        diagnostics.extend(rows::faults(table));
        diagnostics.extend(rates::faults(table));
    }
}

/// Faults of the words in the cells; a name is as its owner writes it.
fn words_of(table: &Table, facts: &Facts) -> Vec<Diagnostic> {
    let account = table.known_column("账号名称");
    let mut faults = Vec::new();
    // A large ledger says the same in thousands of cells.
    let mut sound: BTreeSet<(usize, &str)> = BTreeSet::new();
    for row in table.rows() {
        for (index, cell) in row
            .iter()
            .enumerate()
            .filter(|(index, _)| account != Some(*index))
        {
            let Some(text) = text(cell) else { continue };
            if sound.contains(&(index, text)) {
                continue;
            }
            let column = table.columns()[index].value.as_str();
            let found = words::cell_faults(column, text, &cell.origin, facts);
            if found.is_empty() {
                sound.insert((index, text));
            }
            faults.extend(found);
        }
    }
    faults
}

/// The letters of a cell that has some.
fn text(cell: &Value) -> Option<&str> {
    match &cell.kind {
        ValueKind::Scalar(Scalar::Text(text) | Scalar::Number { text, .. }) => {
            Some(text.trim()).filter(|text| !text.is_empty())
        }
        _ => None,
    }
}

/// The letters of a row's cell in a column, without blanks.
fn letters(row: &[Value], column: usize) -> String {
    text(&row[column])
        .map(crate::model::without_blanks)
        .unwrap_or_default()
}
