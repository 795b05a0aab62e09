//! One sheet of a workbook as it is, for copying: every filled cell with its address.

use std::path::Path;

use super::Book;
use super::grid::Content;
use crate::load::read;

/// A sheet's cells and merged regions; rows and columns count from 0.
#[derive(Clone, Debug, Default)]
pub struct SheetCopy {
    pub cells: Vec<SheetCell>,
    /// First row and column, last row and column.
    pub merged: Vec<(u32, u32, u32, u32)>,
}

/// A filled cell.
#[derive(Clone, Debug)]
pub struct SheetCell {
    pub row: u32,
    pub column: u32,
    pub text: String,
    /// The number, where it is one.
    pub number: Option<f64>,
}

/// Reads a sheet of a workbook; the refusal says why it cannot be read.
pub fn sheet_copy(path: &Path, sheet: &str) -> Result<SheetCopy, String> {
    let bytes = read::bytes(path).map_err(|error| error.to_string())?;
    let book = Book::open(bytes).map_err(|error| error.to_string())?;
    let book = book.map_err(|_| "不是电子表格".to_owned())?;
    let grid = book.grid(sheet).map_err(|error| error.to_string())?;
    let mut copy = SheetCopy::default();
    for (row, cells) in &grid.rows {
        for (column, cell) in cells
            .iter()
            .filter(|(column, cell)| cell.at == (*row, **column))
        {
            let number = match &cell.content {
                Content::Number(text) => text.parse().ok(),
                _ => None,
            };
            copy.cells.push(SheetCell {
                row: *row,
                column: *column,
                text: cell.content.text().to_owned(),
                number,
            });
        }
    }
    let merged = grid.merged.iter();
    copy.merged = merged
        .map(|region| (region.top, region.left, region.bottom, region.right))
        .collect();
    Ok(copy)
}
