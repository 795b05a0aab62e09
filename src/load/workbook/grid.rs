//! The cells of one sheet that hold something, each with its address.

use std::collections::BTreeMap;

use calamine::Dimensions;

use super::hidden::Hidden;

/// The cells that merged regions may cover in all.
const MOST_COVERED: u64 = 2_000_000;

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Words without blanks at their ends.
    Text(String),
    /// A number, in its shortest form.
    Number(String),
    /// A share as shown: `61%`.
    Percent(String),
    /// A date or a time as circulars write it.
    Date(String),
    Bool(bool),
    /// `#REF!` and the like.
    Error(String),
    /// A formula that was never computed.
    NoValue,
}

impl Content {
    /// The letters of the cell.
    pub fn text(&self) -> &str {
        match self {
            Content::Text(text)
            | Content::Number(text)
            | Content::Percent(text)
            | Content::Date(text)
            | Content::Error(text) => text,
            Content::Bool(value) => truth(*value),
            Content::NoValue => "",
        }
    }
}

/// The letters of a truth value as a sheet shows it.
pub fn truth(value: bool) -> &'static str {
    if value { "TRUE" } else { "FALSE" }
}

/// A cell; `at` is where its content stands, which for a merged cell is its first one.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub at: (u32, u32),
    pub content: Content,
}

/// The cells of a row by their columns.
pub type Row = BTreeMap<u32, Cell>;

/// The cells of a sheet. Rows and columns count from 0 at the sheet's first cell.
#[derive(Debug, Default)]
pub struct Grid {
    pub rows: BTreeMap<u32, Row>,
    pub merged: Vec<Region>,
    /// What the sheet does not show; it is read all the same.
    pub hidden: Hidden,
    /// Days count from 1904 instead of 1900.
    pub date_1904: bool,
}

/// A rectangle of cells, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    pub top: u32,
    pub left: u32,
    pub bottom: u32,
    pub right: u32,
}

impl Region {
    fn holds(&self, row: u32, column: u32) -> bool {
        (self.top..=self.bottom).contains(&row) && (self.left..=self.right).contains(&column)
    }

    /// Reads `A3:F40`, `A:F` or `3:40`, with or without `$`.
    pub fn parse(text: &str) -> Option<Region> {
        let text: String = text
            .chars()
            .filter(|c| *c != '$' && !c.is_whitespace())
            .collect();
        let text = text.replace('：', ":").to_ascii_uppercase();
        let (first, last) = text.split_once(':')?;
        let (first, last) = (corner(first)?, corner(last)?);
        let region = Region {
            top: first.0.unwrap_or(0),
            left: first.1.unwrap_or(0),
            bottom: last.0.unwrap_or(u32::MAX),
            right: last.1.unwrap_or(u32::MAX),
        };
        (region.top <= region.bottom && region.left <= region.right).then_some(region)
    }
}

/// `F40` → row 39, column 5; either part may be missing.
fn corner(text: &str) -> Option<(Option<u32>, Option<u32>)> {
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let (letters, digits) = text.split_at(letters);
    if letters.len() > 3 || text.is_empty() {
        return None;
    }
    let column = letters
        .bytes()
        .fold(0, |sum, b| sum * 26 + u32::from(b - b'A') + 1);
    let row = match digits {
        "" => None,
        digits => Some(digits.parse::<u32>().ok()?.checked_sub(1)?),
    };
    Some((row, column.checked_sub(1)))
}

impl From<Dimensions> for Region {
    fn from(dimensions: Dimensions) -> Self {
        Region {
            top: dimensions.start.0,
            left: dimensions.start.1,
            bottom: dimensions.end.0,
            right: dimensions.end.1,
        }
    }
}

impl Grid {
    pub fn put(&mut self, at: (u32, u32), content: Content) {
        self.rows
            .entry(at.0)
            .or_default()
            .insert(at.1, Cell { at, content });
    }

    /// Lets a merged cell hold for every cell it covers, as far as the sheet is used. What a
    /// covered cell keeps hidden is not read.
    pub fn spread(&mut self) {
        let Some(last_row) = self.rows.keys().next_back().copied() else {
            return;
        };
        let last_column = self.rows.values().filter_map(|row| row.keys().next_back());
        let last_column = last_column.max().copied().unwrap_or(0);
        // Regions that overlap or cover whole sheets must not cost more than the sheet itself.
        let mut left = MOST_COVERED;
        for region in self.merged.clone() {
            let rows = u64::from(region.bottom.min(last_row).saturating_sub(region.top)) + 1;
            let columns = u64::from(region.right.min(last_column).saturating_sub(region.left)) + 1;
            let Some(rest) = left.checked_sub(rows * columns) else {
                continue;
            };
            left = rest;
            let anchor = (region.top, region.left);
            let first = self.cell(anchor.0, anchor.1).cloned();
            for row in region.top..=region.bottom.min(last_row) {
                for column in region.left..=region.right.min(last_column) {
                    if (row, column) == anchor {
                        continue;
                    }
                    match &first {
                        Some(first) => {
                            self.rows
                                .entry(row)
                                .or_default()
                                .insert(column, first.clone());
                        }
                        None => {
                            self.rows.entry(row).or_default().remove(&column);
                        }
                    }
                }
            }
        }
    }

    pub fn cell(&self, row: u32, column: u32) -> Option<&Cell> {
        self.rows.get(&row)?.get(&column)
    }

    /// The part inside a region.
    pub fn cut(mut self, region: Region) -> Grid {
        self.rows.retain(|row, cells| {
            cells.retain(|column, _| region.holds(*row, *column));
            !cells.is_empty()
        });
        self
    }

    /// The merged region that begins at a cell.
    pub fn merged_at(&self, at: (u32, u32)) -> Option<&Region> {
        self.merged
            .iter()
            .find(|region| (region.top, region.left) == at)
    }

    pub fn is_empty(&self) -> bool {
        self.rows.values().all(Row::is_empty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ranges_as_workbooks_write_them() {
        let region = |top, left, bottom, right| {
            Some(Region {
                top,
                left,
                bottom,
                right,
            })
        };
        assert_eq!(Region::parse("A3:F40"), region(2, 0, 39, 5));
        assert_eq!(Region::parse("$a$3：$aa$40"), region(2, 0, 39, 26));
        assert_eq!(Region::parse("B:D"), region(0, 1, u32::MAX, 3));
        for wrong in [
            "A3",
            "F40:A3",
            "3A:4B",
            "A0:B2",
            ":",
            "问题!A1:B2",
            "AAAA1:B2",
        ] {
            assert_eq!(Region::parse(wrong), None, "{wrong}");
        }
    }
}
