//! The rows of column names: where they stand below titles, and the name of each column.

use super::grid::{Cell, Content, Grid, Row};
use crate::model::is_known_column;

/// Column names stand within the first rows that hold anything.
const FIRST_ROWS: usize = 30;

/// A column name has some words; a title or a note has more.
const LONGEST_NAME: usize = 24;

/// The rows of column names.
#[derive(Debug)]
pub struct Header {
    pub top: u32,
    pub bottom: u32,
    pub columns: Vec<Column>,
    /// Nothing but the place tells that these are the column names.
    pub unsure: bool,
}

/// A column with its name and the cell of the name.
#[derive(Debug)]
pub struct Column {
    pub index: u32,
    pub name: String,
    pub at: (u32, u32),
}

impl Header {
    /// Finds the column names. `known` tells further names that the user expects.
    pub fn find(grid: &Grid, known: &dyn Fn(&str) -> bool) -> Option<Header> {
        let first = || {
            grid.rows
                .iter()
                .filter(|(row, cells)| has_own(**row, cells))
        };
        let width = first()
            .take(2 * FIRST_ROWS)
            .map(|(_, cells)| cells.len())
            .max()?;
        let candidates: Vec<(u32, usize)> = first()
            .take(FIRST_ROWS)
            .filter(|(_, cells)| can_be_names(cells, width))
            .map(|(row, cells)| (*row, hits(cells, known)))
            .collect();
        let sure = candidates.iter().position(|(_, hits)| *hits > 0);
        let (top, hits) = candidates[..].get(sure.unwrap_or(0)).copied()?;
        let is_first = first().next().is_some_and(|(row, _)| *row == top);
        let bottom = bottom(grid, top);
        let columns = columns(grid, top, bottom);
        Some(Header {
            top,
            bottom,
            columns,
            unsure: hits == 0 && !is_first,
        })
    }
}

/// Tells whether a row holds more than what merged cells above reach into it.
pub fn has_own(row: u32, cells: &Row) -> bool {
    cells.values().any(|cell| cell.at.0 == row)
}

/// The different cells of a row: a merged one counts once.
pub fn distinct(cells: &Row) -> Vec<&Cell> {
    let mut distinct: Vec<&Cell> = Vec::new();
    for cell in cells.values() {
        if distinct.last().is_none_or(|last| last.at != cell.at) {
            distinct.push(cell);
        }
    }
    distinct
}

/// Short words in more than half of the columns, none of them `填报单位：甲镇`; one may end in a colon.
fn can_be_names(cells: &Row, width: usize) -> bool {
    const COLONS: [char; 2] = ['：', ':'];
    let short = |cell: &Cell| match &cell.content {
        Content::Text(text) => {
            let name = clean(text);
            let inner = name.trim_end_matches(COLONS);
            name.chars().count() <= LONGEST_NAME && !inner.contains(COLONS) && !inner.contains('。')
        }
        // A year or a month over a column.
        Content::Date(_) => true,
        _ => false,
    };
    let names = distinct(cells);
    let ends = names
        .iter()
        .filter(|cell| clean(cell.content.text()).ends_with(COLONS));
    let ends = ends.count();
    cells.values().all(short)
        && cells.len() * 2 > width
        && (names.len() > 1 || width == 1)
        && (ends == 0 || ends == 1 && names.len() > 2)
}

fn hits(cells: &Row, known: &dyn Fn(&str) -> bool) -> usize {
    let names = distinct(cells)
        .into_iter()
        .map(|cell| clean(cell.content.text()));
    names
        .filter(|name| is_known_column(name) || known(name))
        .count()
}

/// The last row of names: merged names reach down to it, or stand above it side by side.
fn bottom(grid: &Grid, top: u32) -> u32 {
    let Some(cells) = grid.rows.get(&top) else {
        return top;
    };
    let mut bottom = top;
    for cell in distinct(cells) {
        let Some(region) = grid.merged_at(cell.at) else {
            continue;
        };
        let wide = region.right > region.left && region.bottom == top;
        let below = || {
            let row = grid.rows.get(&(top + 1));
            row.is_some_and(|row| {
                let mut leaves = row.range(region.left..=region.right);
                leaves.any(|(_, leaf)| matches!(leaf.content, Content::Text(_)))
                    && distinct(row)
                        .iter()
                        .all(|leaf| matches!(leaf.content, Content::Text(_)))
            })
        };
        let reach = if wide && below() {
            top + 1
        } else {
            region.bottom
        };
        bottom = bottom.max(reach.min(top + 3));
    }
    bottom
}

/// The name of a column is its lowest one; where two columns share it, the names above are put
/// before it: 整改情况 over 已整改 gives 整改情况已整改.
fn columns(grid: &Grid, top: u32, bottom: u32) -> Vec<Column> {
    let mut indices: Vec<u32> = grid
        .rows
        .range(top..=bottom)
        .flat_map(|(_, cells)| cells.keys().copied())
        .collect();
    indices.sort_unstable();
    indices.dedup();
    let parts = |index: u32| {
        let mut parts: Vec<&Cell> = Vec::new();
        for cell in (top..=bottom).filter_map(|row| grid.cell(row, index)) {
            if parts.last().is_none_or(|last| last.at != cell.at) {
                parts.push(cell);
            }
        }
        parts
    };
    let named: Vec<(u32, Vec<&Cell>)> = indices.into_iter().map(|i| (i, parts(i))).collect();
    let mut columns: Vec<Column> = Vec::new();
    for (index, parts) in &named {
        let Some(leaf) = parts.last() else {
            continue;
        };
        let name = clean(leaf.content.text());
        let same = |(other, others): &&(u32, Vec<&Cell>)| {
            let their = others.last();
            other != index
                && their.is_some_and(|t| t.at != leaf.at && clean(t.content.text()) == name)
        };
        let name = match named.iter().find(same) {
            Some(_) => parts
                .iter()
                .map(|part| clean(part.content.text()))
                .collect(),
            None => name,
        };
        // One name merged over several columns, nothing below it: one column.
        let covered = columns.last().is_some_and(|last| last.at == leaf.at);
        if !covered || has_content_of_its_own(grid, *index, bottom) {
            columns.push(Column {
                index: *index,
                name,
                at: leaf.at,
            });
        }
    }
    columns
}

fn has_content_of_its_own(grid: &Grid, column: u32, bottom: u32) -> bool {
    let cells = grid
        .rows
        .range(bottom + 1..)
        .filter_map(|(_, cells)| cells.get(&column));
    cells.into_iter().any(|cell| cell.at.1 == column)
}

/// A column name without the blanks and line breaks that widen it on the sheet.
pub fn clean(text: &str) -> String {
    match text.bytes().any(|b| b.is_ascii_alphabetic()) {
        true => text.split_whitespace().collect::<Vec<_>>().join(" "),
        false => text.split_whitespace().collect(),
    }
}
