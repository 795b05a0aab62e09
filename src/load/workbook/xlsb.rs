//! What calamine does not tell of an xlsb: which cells of a sheet are merged, which rows and columns
//! are hidden, and whether it reads all cells. The records are those of [MS-XLSB].

use std::io::{Cursor, Read};

use super::error::BookError;
use super::grid::Region;
use super::hidden::{self, Hidden};

const ROW: u16 = 0;
const COLUMNS: u16 = 60;
const SHEET: u16 = 156;
const MERGED: u16 = 176;

/// Cells without their column, which calamine passes over without a word.
const SHORT: std::ops::RangeInclusive<u16> = 12..=18;

/// The layout of one sheet.
#[derive(Default)]
pub struct Layout {
    pub merged: Vec<Region>,
    pub hidden: Hidden,
    has_short: bool,
}

/// The layout of a sheet; empty where the file is damaged, which calamine reports.
pub fn layout(bytes: &[u8], sheet: &str) -> Result<Layout, BookError> {
    let layout = read(bytes, sheet).unwrap_or_default();
    match layout.has_short {
        true => Err(BookError::Short),
        false => Ok(layout),
    }
}

fn read(bytes: &[u8], sheet: &str) -> Option<Layout> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut part = |name: &str| {
        let mut content = Vec::new();
        archive.by_name(name).ok()?.read_to_end(&mut content).ok()?;
        Some(content)
    };
    let mut link = None;
    for (kind, data) in records(&part("xl/workbook.bin")?) {
        if kind == SHEET {
            let (id, rest) = wide(data.get(8..)?)?;
            if wide(rest)?.0 == sheet {
                link = Some(id);
            }
        }
    }
    let links = part("xl/_rels/workbook.bin.rels")?;
    let target = hidden::target(&links[..], &link?)?;
    let name = match target.strip_prefix('/') {
        Some(whole) => whole.to_owned(),
        None => format!("xl/{target}"),
    };
    let mut layout = Layout::default();
    for (kind, data) in records(&part(&name)?) {
        let number = |at: usize| Some(u32::from_le_bytes(data.get(at..at + 4)?.try_into().ok()?));
        match kind {
            MERGED => layout.merged.push(Region {
                top: number(0)?,
                bottom: number(4)?,
                left: number(8)?,
                right: number(12)?,
            }),
            ROW if data.get(11)? & 0x10 != 0 => {
                layout.hidden.rows.insert(number(0)?);
            }
            COLUMNS if data.get(16)? & 1 != 0 => layout.hidden.hide_columns(number(0)?, number(4)?),
            kind if SHORT.contains(&kind) => layout.has_short = true,
            _ => {}
        }
    }
    Some(layout)
}

/// The records of a part: kind and data. Ends where one is cut off.
fn records(mut rest: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let (low, mut tail) = rest.split_first()?;
        let mut kind = u16::from(*low);
        if low & 0x80 != 0 {
            let (high, after) = tail.split_first()?;
            kind = u16::from(low & 0x7f) | u16::from(high & 0x7f) << 7;
            tail = after;
        }
        let mut length = 0_usize;
        for shift in [0, 7, 14, 21] {
            let (byte, after) = tail.split_first()?;
            length |= usize::from(byte & 0x7f) << shift;
            tail = after;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let (data, after) = tail.split_at_checked(length)?;
        rest = after;
        Some((kind, data))
    })
}

/// A string of counted UTF-16 letters, and what follows it.
fn wide(data: &[u8]) -> Option<(String, &[u8])> {
    let (count, rest) = data.split_at_checked(4)?;
    let count = u32::from_le_bytes(count.try_into().ok()?);
    let (letters, rest) = rest.split_at_checked(usize::try_from(count).ok()?.checked_mul(2)?)?;
    let units = letters
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    Some((String::from_utf16(&units.collect::<Vec<_>>()).ok()?, rest))
}
