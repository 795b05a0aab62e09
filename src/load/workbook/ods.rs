//! What calamine does not tell of an ods: which cells are merged, which show a percentage, and how
//! many cells its repeats unfold to.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::error::BookError;
use super::grid::Region;
use super::hidden::Hidden;

/// The layout of one sheet.
#[derive(Default)]
pub struct Layout {
    pub merged: Vec<Region>,
    /// The decimals of each cell that shows a percentage.
    pub percentages: BTreeMap<(u32, u32), u32>,
    pub hidden: Hidden,
}

/// Refuses a sheet whose repeated rows and columns unfold to more than `most` filled cells.
pub fn check_size(bytes: &[u8], most: usize) -> Result<(), BookError> {
    let mut filled = 0_u64;
    walk(bytes, |cell| {
        if cell.filled {
            filled = filled.saturating_add(u64::from(cell.rows) * u64::from(cell.columns));
        }
    })?;
    match filled > most as u64 {
        true => Err(BookError::TooManyCells),
        false => Ok(()),
    }
}

/// Reads the layout of a sheet.
pub fn layout(bytes: &[u8], sheet: &str) -> Result<Layout, BookError> {
    let mut layout = Layout::default();
    walk(bytes, |cell| {
        if cell.sheet != sheet {
            return;
        }
        let (row, column) = cell.at;
        // Repeats reach to the end of the sheet where nothing is filled.
        if cell.filled && cell.hidden.0 {
            layout
                .hidden
                .rows
                .extend(row..row.saturating_add(cell.rows));
        }
        if cell.filled && cell.hidden.1 {
            layout.hidden.columns.insert(column);
        }
        if cell.spans != (1, 1) {
            layout.merged.push(Region {
                top: row,
                left: column,
                bottom: row.saturating_add(cell.spans.0 - 1),
                right: column.saturating_add(cell.spans.1 - 1),
            });
        }
        if let Some(digits) = cell.percent {
            for row in row..row.saturating_add(cell.rows) {
                for column in column..column.saturating_add(cell.columns) {
                    layout.percentages.insert((row, column), digits);
                }
            }
        }
    })?;
    Ok(layout)
}

/// One cell element, with its repeats.
struct Element<'a> {
    sheet: &'a str,
    at: (u32, u32),
    rows: u32,
    columns: u32,
    /// Rows and columns that it covers.
    spans: (u32, u32),
    percent: Option<u32>,
    filled: bool,
    /// Whether its row is hidden, and its column.
    hidden: (bool, bool),
}

fn walk(bytes: &[u8], mut look: impl FnMut(&Element)) -> Result<(), BookError> {
    let text = content(bytes)?;
    let mut reader = Reader::from_str(&text);
    let (mut sheet, mut row, mut rows, mut column) = (String::new(), 0_u32, 1_u32, 0_u32);
    // The decimals stand in the text that is shown.
    let mut pending: Option<(Pending, String)> = None;
    let mut depth = 0_u32;
    // Columns are told before the rows: whether those from a column on are hidden.
    let mut columns: Vec<(u32, bool)> = Vec::new();
    let mut row_hidden = false;
    loop {
        let event = reader.read_event().map_err(|_| BookError::Damaged)?;
        let (element, empty) = match &event {
            Event::Start(element) => (element, false),
            Event::Empty(element) => (element, true),
            Event::Text(shown) => {
                if let Some((_, text)) = &mut pending {
                    text.push_str(&shown.xml10_content());
                }
                continue;
            }
            Event::End(end) => {
                let name = end.name();
                match name.as_ref() {
                    "table:table" => depth = depth.saturating_sub(1),
                    "table:table-row" if depth == 1 => row = row.saturating_add(rows),
                    "table:table-cell" | "table:covered-table-cell" => {
                        if let Some((cell, text)) = pending.take() {
                            look(&cell.element(&sheet, rows, &text));
                        }
                    }
                    _ => {}
                }
                continue;
            }
            Event::Eof => return Ok(()),
            _ => continue,
        };
        match element.name().as_ref() {
            "table:table" => {
                depth += 1;
                (row, column) = (0, 0);
                columns.clear();
                sheet = attribute(element, "table:name").unwrap_or_default();
            }
            "table:table-column" => {
                columns.push((column, is_hidden(element)));
                column = column.saturating_add(number(element, "table:number-columns-repeated"));
            }
            "table:table-row" => {
                row_hidden = is_hidden(element);
                rows = number(element, "table:number-rows-repeated");
                column = 0;
                if empty {
                    row = row.saturating_add(rows);
                }
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let cell = Pending {
                    at: (row, column),
                    columns: number(element, "table:number-columns-repeated"),
                    spans: (
                        number(element, "table:number-rows-spanned"),
                        number(element, "table:number-columns-spanned"),
                    ),
                    value_type: attribute(element, "office:value-type"),
                    hidden: (row_hidden, in_hidden(&columns, column)),
                };
                column = column.saturating_add(cell.columns);
                if empty {
                    look(&cell.element(&sheet, rows, ""));
                } else {
                    pending = Some((cell, String::new()));
                }
            }
            _ => {}
        }
    }
}

/// A cell whose text is still to come.
struct Pending {
    at: (u32, u32),
    columns: u32,
    spans: (u32, u32),
    value_type: Option<String>,
    hidden: (bool, bool),
}

impl Pending {
    fn element<'a>(&self, sheet: &'a str, rows: u32, text: &str) -> Element<'a> {
        let percent = self.value_type.as_deref() == Some("percentage");
        let decimals = text
            .trim_end_matches(['%', ' '])
            .split_once('.')
            .map_or("", |(_, d)| d);
        Element {
            sheet,
            at: self.at,
            rows,
            columns: self.columns,
            spans: self.spans,
            percent: percent.then_some(decimals.len() as u32),
            filled: self.value_type.is_some(),
            hidden: self.hidden,
        }
    }
}

fn in_hidden(columns: &[(u32, bool)], column: u32) -> bool {
    let before = columns.iter().rev().find(|(from, _)| *from <= column);
    before.is_some_and(|(_, hidden)| *hidden)
}

/// A row or column that was hidden by hand or by a filter.
fn is_hidden(element: &BytesStart) -> bool {
    attribute(element, "table:visibility").is_some_and(|value| value != "visible")
}

fn content(bytes: &[u8]) -> Result<String, BookError> {
    let damaged = |_| BookError::Damaged;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut text = String::new();
    let mut part = archive.by_name("content.xml").map_err(damaged)?;
    part.read_to_string(&mut text)
        .map_err(|_| BookError::Damaged)?;
    Ok(text)
}

pub fn attribute(element: &BytesStart, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).ok()??;
    let value = attribute
        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
        .ok()?;
    Some(value.into_owned())
}

fn number(element: &BytesStart, name: &str) -> u32 {
    let number = attribute(element, name).and_then(|text| text.parse().ok());
    number.unwrap_or(1_u32).max(1)
}
