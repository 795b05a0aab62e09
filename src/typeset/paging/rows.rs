//! A table's rows divided over pages. A cell that covers several rows shows its words on each page it
//! reaches, if they fit there.

use std::borrow::Cow;
use std::collections::VecDeque;

use serde::{Serialize, Serializer};

use crate::typeset::setting::{self, CellLines};
use crate::typeset::sheet::{CellData, Row, Span, TableData, spans};

/// The rows of one table on one page.
pub struct Piece<'a> {
    table: &'a TableData,
    rows: Vec<Numbered<'a>>,
}

/// A row and its number in the table.
#[derive(Clone)]
struct Numbered<'a> {
    number: usize,
    row: Cow<'a, Row>,
}

/// How high rows are together, in points.
pub fn height(rows: &[Row]) -> f64 {
    rows.iter().map(|row| row.height).sum()
}

/// Divides a table: `first` points hold the rows of its first page, which may be none, and `rest` those
/// of each page after it.
pub fn divide(table: &TableData, first: f64, rest: f64) -> Vec<Piece<'_>> {
    const MOST_TRIES: usize = 8;
    let spans = spans(&table.rows);
    let mut rows: VecDeque<Numbered> = (0..)
        .zip(&table.rows)
        .map(|(number, row)| Numbered {
            number,
            row: Cow::Borrowed(row),
        })
        .collect();
    if spans.is_empty() {
        return cut(table, rows, first, rest);
    }
    for _ in 1..MOST_TRIES {
        let mut pieces = cut(table, rows.clone(), first, rest);
        let short = show_spans(&mut pieces, &spans, &table.rows);
        if short.is_empty() {
            return pieces;
        }
        for (number, more) in short {
            rows[number].row.to_mut().height += more;
        }
    }
    let mut pieces = cut(table, rows, first, rest);
    show_spans(&mut pieces, &spans, &table.rows);
    pieces
}

fn cut<'a>(
    table: &'a TableData,
    mut rows: VecDeque<Numbered<'a>>,
    first: f64,
    rest: f64,
) -> Vec<Piece<'a>> {
    const ROUNDING: f64 = 1e-6;
    let mut pieces = Vec::new();
    while pieces.is_empty() || !rows.is_empty() {
        let mut room = if pieces.is_empty() { first } else { rest };
        let mut piece = Piece {
            table,
            rows: Vec::new(),
        };
        while let Some(next) = rows.pop_front() {
            if next.row.height <= room + ROUNDING {
                room -= next.row.height;
                piece.rows.push(next);
                continue;
            }
            let number = next.number;
            let torn = if next.row.height > rest {
                next.row.tear(room)
            } else {
                None
            };
            if let Some((upper, lower)) = torn {
                let part = |row| Numbered {
                    number,
                    row: Cow::Owned(row),
                };
                piece.rows.push(part(upper));
                rows.push_front(part(lower));
            } else if piece.rows.is_empty() && !pieces.is_empty() {
                // No page holds it, and it cannot be divided.
                piece.rows.push(next);
            } else {
                rows.push_front(next);
            }
            break;
        }
        pieces.push(piece);
    }
    // A row does not stand alone under 续表 where another can keep it company.
    const LEFT: usize = 2;
    if let [.., before, last] = pieces.as_mut_slice()
        && let [lone] = last.rows.as_slice()
        && before.rows.len() > LEFT
        && let Some(company) = before.rows.last()
        && company.number != lone.number
        && company.row.height + lone.row.height <= rest + ROUNDING
    {
        last.rows.splice(0..0, before.rows.pop());
    }
    pieces
}

/// Settles what each page shows of the cells that cover several rows. Gives the rows that have to be
/// higher, and by how much, for all words to be shown.
fn show_spans(pieces: &mut [Piece], spans: &[Span], rows: &[Row]) -> Vec<(usize, f64)> {
    let mut short = Vec::new();
    for span in spans {
        let whole = &rows[span.start].cells[span.column];
        let parts: Vec<(usize, Vec<usize>)> = pieces
            .iter()
            .enumerate()
            .map(|(index, piece)| (index, piece.places(span)))
            .filter(|(_, places)| !places.is_empty())
            .collect();
        let heights: Vec<f64> = parts
            .iter()
            .map(|(index, places)| pieces[*index].height_of(places))
            .collect();
        let (shown, missing) = shares(&whole.cell, &heights);
        if missing > 0.0 {
            short.push((span.end - 1, missing));
        }
        for ((index, places), cell) in parts.iter().zip(shown) {
            for (nth, place) in places.iter().enumerate() {
                let here = &mut pieces[*index].rows[*place].row.to_mut().cells[span.column];
                *here = CellData {
                    cell: cell.clone(),
                    rows: if nth == 0 { places.len() } else { 0 },
                    columns: whole.columns,
                };
            }
        }
    }
    short
}

/// What each part of a divided cell shows: all of its words where they fit, or where they fit nowhere as
/// many lines as it holds. And how much higher the last part should be.
fn shares(cell: &CellLines, heights: &[f64]) -> (Vec<CellLines>, f64) {
    const ROUNDING: f64 = 1e-6;
    let with = |lines: &[_]| CellLines {
        lines: lines.to_vec(),
        ..cell.clone()
    };
    let fits = |height: &f64| cell.height() <= height + ROUNDING;
    if heights.iter().any(fits) {
        let all = heights.iter().map(|height| match fits(height) {
            true => cell.clone(),
            false => with(&[]),
        });
        return (all.collect(), 0.0);
    }
    let mut rest = cell.lines.as_slice();
    let mut shown = Vec::new();
    let mut missing = 0.0;
    for (index, height) in heights.iter().enumerate() {
        let last = index + 1 == heights.len();
        let count = if last {
            rest.len()
        } else {
            cell.lines_in(*height).min(rest.len())
        };
        let (here, next) = rest.split_at(count);
        shown.push(with(here));
        rest = next;
        if last {
            missing = (cell.height_of(count) - height - ROUNDING).max(0.0);
        }
    }
    (shown, missing)
}

impl Piece<'_> {
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How high its rows are, without the head, in points.
    pub fn height(&self) -> f64 {
        self.rows.iter().map(|each| each.row.height).sum()
    }

    /// What a line of it belongs to.
    pub fn tag(&self) -> Option<usize> {
        let rows = self.table.head.iter().chain(&self.table.rows);
        let mut lines = rows
            .flat_map(|row| &row.cells)
            .flat_map(|cell| &cell.cell.lines);
        lines.next().map(|line| line.tag)
    }

    /// Which of its rows a cell covers.
    fn places(&self, span: &Span) -> Vec<usize> {
        let covered = |each: &Numbered| (span.start..span.end).contains(&each.number);
        let places = self.rows.iter().enumerate();
        places
            .filter(|(_, each)| covered(each))
            .map(|(place, _)| place)
            .collect()
    }

    fn height_of(&self, places: &[usize]) -> f64 {
        let rows = places.iter().map(|place| &self.rows[*place].row);
        rows.map(|row| row.height).sum()
    }
}

/// What the templates are told of a piece.
#[derive(Serialize)]
struct PieceData<'a> {
    size: f64,
    widths: &'a [f64],
    /// The heights of all rows, those of the head first.
    heights: Vec<f64>,
    head: Vec<RowData<'a>>,
    rows: Vec<RowData<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum RowData<'a> {
    /// All its cells are alike, and each covers but its own row and column.
    Plain {
        #[serde(serialize_with = "setting::sealed_all")]
        cells: Vec<&'a CellLines>,
    },
    Open {
        torn: bool,
        cells: Vec<OpenCell<'a>>,
    },
}

/// A cell of which the templates must know more than that it is there.
#[derive(Serialize)]
struct OpenCell<'a> {
    #[serde(serialize_with = "setting::sealed")]
    cell: &'a CellLines,
    rows: usize,
    columns: usize,
}

impl<'a> From<&'a Row> for RowData<'a> {
    fn from(row: &'a Row) -> Self {
        if row.is_plain() {
            let cells = row.cells.iter().map(|cell| &cell.cell).collect();
            return RowData::Plain { cells };
        }
        // Those of no row are covered by others.
        let cells = row.cells.iter().filter(|cell| cell.rows > 0);
        RowData::Open {
            torn: row.torn,
            cells: cells
                .map(|cell| OpenCell {
                    cell: &cell.cell,
                    rows: cell.rows,
                    columns: cell.columns,
                })
                .collect(),
        }
    }
}

impl Serialize for Piece<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let head = &self.table.head;
        let rows = self.rows.iter().map(|each| &*each.row);
        PieceData {
            size: self.table.size,
            widths: &self.table.widths,
            heights: head
                .iter()
                .chain(rows.clone())
                .map(|row| row.height)
                .collect(),
            head: head.iter().map(RowData::from).collect(),
            rows: rows.map(RowData::from).collect(),
        }
        .serialize(to)
    }
}
