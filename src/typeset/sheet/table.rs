//! A table made ready: the size of its letters, the widths of its columns, the lines of its cells.

use std::sync::Arc;

use serde::Serialize;

use super::{Label, Maker, Part};
use crate::diag::Origin;
use crate::document::{Cell, TableBlock, Words};
use crate::typeset::columns::{self, Demand};
use crate::typeset::fonts::Role;
use crate::typeset::lines::{self, Grid, Line, Shape};
use crate::typeset::measures::{MM, measures};

#[derive(Clone, Serialize)]
pub struct TableData {
    /// A name of its own, by which 续表 finds where the table starts.
    name: String,
    size: f64,
    pitch: f64,
    widths: Vec<f64>,
    head: Vec<CellData>,
    rows: Vec<Vec<CellData>>,
    continued: Label,
    /// Whether the table stays with the block below.
    pub sticky: bool,
    /// Whether the table stays on one page.
    pub whole: bool,
    /// Whether these are the last rows of the table above, carried over to a new page.
    carried: bool,
}

#[derive(Clone, Serialize)]
struct CellData {
    lines: Vec<Line>,
    /// How many rows the cell covers; 0 where one above covers it.
    rows: usize,
    align: &'static str,
    breakable: bool,
}

/// A column whose widest cell has at most this many characters is centred.
const SHORT: f64 = 9.0;

/// A word longer than this many characters may be broken to keep its column narrow.
const LONG_WORD: f64 = 8.0;

/// A table no higher than this part of the type area is not divided over pages.
const WHOLE: f64 = 0.3;

impl TableData {
    /// Takes the last `count` rows off, to stand on a new page under a head of their own; nothing
    /// where that would divide a cell or leave no row.
    pub fn carry_over(&mut self, count: usize) -> Option<TableData> {
        let split = self.rows.len().checked_sub(count).filter(|at| *at > 0)?;
        let divided = self.rows[split].iter().any(|cell| cell.rows == 0);
        if divided {
            return None;
        }
        Some(TableData {
            name: format!("{}-carried", self.name),
            rows: self.rows.split_off(split),
            carried: true,
            sticky: true,
            whole: true,
            ..self.clone()
        })
    }
}

/// The height of rows in points, were each as high as its highest cell that covers one row.
fn height(rows: &[Vec<CellData>], size: f64) -> f64 {
    let measures = measures();
    let lines = |row: &Vec<CellData>| {
        let single = row.iter().filter(|cell| cell.rows == 1);
        single.map(|cell| cell.lines.len()).max().unwrap_or(1)
    };
    let row =
        |row| lines(row) as f64 * size * measures.table_line_em + 2.0 * measures.table_inset_y_pt;
    rows.iter().map(row).sum()
}

impl Maker<'_> {
    pub fn table(&mut self, part: Part, table: &TableBlock) -> TableData {
        self.tables += 1;
        let measures = measures();
        let roomy = measures.table_size_pt;
        let shares = self.shares(table);
        let demands = demands(&shares, roomy);
        // Crowded: the words ask for more than four times the width there is, or no column could
        // keep its words whole.
        let natural: f64 = demands.iter().map(|demand| demand.natural).sum();
        let least: f64 = demands.iter().map(|demand| demand.least).sum();
        let crowded = natural > measures.width() * 4.0 || least > measures.width();
        let size = if crowded {
            measures.table_crowded_size_pt
        } else {
            roomy
        };
        let demands = self::demands(&shares, size);
        let widths = columns::widths(&demands, measures.width());
        let columns: Vec<Column> = demands
            .iter()
            .zip(&widths)
            .map(|(demand, width)| Column {
                room: width - 2.0 * measures.table_inset_x_pt,
                short: demand.natural <= *width
                    && demand.natural - 2.0 * measures.table_inset_x_pt <= SHORT * size,
            })
            .collect();
        let continued = Words::plain("续表", &Origin::Program);
        let head = table
            .head
            .iter()
            .zip(&columns)
            .map(|(words, column)| self.cell(part, words, 1, Role::HeiTi, column, size, true))
            .collect();
        let rows: Vec<Vec<CellData>> = table
            .rows
            .iter()
            .map(|row| {
                let mut cells: Vec<CellData> = row
                    .iter()
                    .zip(&columns)
                    .map(|(cell, column)| self.body_cell(part, cell, column, size))
                    .collect();
                // One cell that may not break would keep the whole row together.
                if cells.iter().any(|cell| cell.rows == 1 && cell.breakable) {
                    cells.iter_mut().for_each(|cell| cell.breakable = true);
                }
                cells
            })
            .collect();
        TableData {
            name: format!("table-{}", self.tables),
            size,
            pitch: size * measures.table_line_em,
            widths,
            head,
            continued: self.label(Part::Continued, &continued, Role::FangSong),
            sticky: false,
            whole: height(&rows, size) <= WHOLE * measures.area_height * MM,
            carried: false,
            rows,
        }
    }

    /// What the words of each column ask for, in em and without the cells' insets.
    fn shares(&self, table: &TableBlock) -> Vec<Demand> {
        const EM: Grid = Grid {
            size: 1.0,
            cell: 1.0,
        };
        let natural = |words: &Words, role| {
            words
                .text()
                .split('\n')
                .map(|line| Words::plain(line, &Origin::Program))
                .map(|line| lines::width(self.fonts, &line, role, EM))
                .fold(0.0, f64::max)
        };
        (0..table.head.len())
            .map(|index| {
                let head = natural(&table.head[index], Role::HeiTi);
                // A head may break, but not into single characters.
                let mut share = Demand {
                    least: 2.0,
                    natural: head,
                    total: head,
                };
                for cell in table.rows.iter().filter_map(|row| row.get(index)) {
                    let width = natural(&cell.words, Role::FangSong);
                    let word = lines::widest_word(self.fonts, &cell.words, Role::FangSong, EM);
                    share.least = share.least.max(word.min(LONG_WORD));
                    share.natural = share.natural.max(width);
                    share.total += width;
                }
                share
            })
            .collect()
    }

    fn body_cell(&mut self, part: Part, cell: &Cell, column: &Column, size: f64) -> CellData {
        self.cell(
            part,
            &cell.words,
            cell.rows,
            Role::FangSong,
            column,
            size,
            column.short,
        )
    }

    #[allow(clippy::too_many_arguments)]
    fn cell(
        &mut self,
        part: Part,
        words: &Words,
        rows: usize,
        role: Role,
        column: &Column,
        size: f64,
        centred: bool,
    ) -> CellData {
        let shape = Shape {
            grid: Grid { size, cell: size },
            width: column.room,
            first: 0.0,
            rest: 0.0,
            justify: false,
        };
        let mut lines = lines::break_lines(self.fonts, &[(words, role)], &shape);
        let all = Arc::new(words.clone());
        for line in &mut lines {
            line.tag = self.source(part, all.clone(), line.start);
        }
        let measures = measures();
        let height =
            lines.len() as f64 * size * measures.table_line_em + 2.0 * measures.table_inset_y_pt;
        // What would not fit a page even after a head of four lines may break, and so may what
        // covers several rows.
        let most = measures.area_height * MM - 6.0 * size * measures.table_line_em;
        CellData {
            lines,
            rows,
            align: if centred { "center" } else { "left" },
            breakable: height > most || rows > 1,
        }
    }
}

/// What columns ask for at a size, with the insets of their cells.
fn demands(shares: &[Demand], size: f64) -> Vec<Demand> {
    const ROUNDING: f64 = 0.5;
    let inset = 2.0 * measures().table_inset_x_pt + ROUNDING;
    shares
        .iter()
        .map(|share| Demand {
            least: share.least * size + inset,
            natural: share.natural * size + inset,
            total: share.total * size + inset,
        })
        .collect()
}

/// What a cell needs to know of its column.
struct Column {
    room: f64,
    /// Whether every cell of the column is short and so centred.
    short: bool,
}
