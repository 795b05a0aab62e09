//! The rows of a table, and what it takes to divide them over pages.

use std::iter;

use crate::typeset::setting::CellLines;

/// A row, as high as its words need.
#[derive(Clone)]
pub struct Row {
    /// In points.
    pub height: f64,
    pub cells: Vec<CellData>,
    /// Whether this is a part of a row that is higher than a page.
    pub torn: bool,
}

/// A cell in its row.
#[derive(Clone)]
pub struct CellData {
    pub cell: CellLines,
    /// How many rows the cell covers; 0 where another covers it.
    pub rows: usize,
    /// How many columns it covers.
    pub columns: usize,
}

/// A cell that covers several rows: its column, its first row and the row after its last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    pub column: usize,
    pub start: usize,
    pub end: usize,
}

impl Row {
    /// Makes a row as high as its highest cell that covers no other row.
    pub fn new(cells: Vec<CellData>) -> Row {
        let single = cells.iter().filter(|cell| cell.rows == 1);
        let heights = single.map(|cell| cell.cell.height());
        let empty = cells.first().map(|cell| cell.cell.height_of(1));
        Row {
            height: heights.chain(empty).fold(0.0, f64::max),
            cells,
            torn: false,
        }
    }

    /// Whether each cell is one of its own.
    pub fn is_plain(&self) -> bool {
        let plain = |cell: &CellData| (cell.rows, cell.columns) == (1, 1);
        !self.torn && self.cells.iter().all(plain)
    }

    /// Divides a row that no page holds: what fits `room`, and the rest; nothing where no line of text
    /// would stand in one of them.
    pub fn tear(&self, room: f64) -> Option<(Row, Row)> {
        const LEAST_LINES: usize = 2;
        let least = self.cells.first()?.cell.height_of(LEAST_LINES);
        if room < least || self.height - room < least {
            return None;
        }
        let (mut upper, mut lower) = (self.clone(), self.clone());
        for (above, below) in iter::zip(&mut upper.cells, &mut lower.cells) {
            if above.rows != 1 {
                continue;
            }
            let count = above.cell.lines_in(room).min(above.cell.lines.len());
            below.cell.lines = above.cell.lines.split_off(count);
        }
        let rest = Row::new(lower.cells);
        let own = self.cells.iter().filter(|cell| cell.rows == 1);
        let needed = own.map(|cell| cell.cell.height()).fold(0.0, f64::max);
        // A row that merged cells have made higher keeps its height.
        let stretched = if needed < self.height {
            self.height - room
        } else {
            0.0
        };
        upper = Row {
            height: room,
            torn: true,
            ..upper
        };
        let lower = Row {
            height: rest.height.max(stretched),
            torn: true,
            ..rest
        };
        Some((upper, lower))
    }
}

/// The cells of a table that cover several rows.
pub fn spans(rows: &[Row]) -> Vec<Span> {
    let mut spans = Vec::new();
    for (start, row) in rows.iter().enumerate() {
        for (column, cell) in row.cells.iter().enumerate() {
            if cell.rows > 1 {
                let end = (start + cell.rows).min(rows.len());
                spans.push(Span { column, start, end });
            }
        }
    }
    spans
}

/// Makes rows so high, evenly, that each cell which covers several of them holds its words.
pub fn stretch(rows: &mut [Row]) {
    for span in spans(rows) {
        let needed = rows[span.start].cells[span.column].cell.height();
        let covered = &mut rows[span.start..span.end];
        let height: f64 = covered.iter().map(|row| row.height).sum();
        let more = (needed - height).max(0.0) / covered.len() as f64;
        covered.iter_mut().for_each(|row| row.height += more);
    }
}
