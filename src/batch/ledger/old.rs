//! An older ledger: the bytes of a workbook come in, what it says of each unit goes out, and whether
//! it says more than a new one can.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use calamine::Data;

use super::{FAILED, NOT_MADE, SHEET, UNIT, is_own};
use crate::load::Book;
use crate::model::Register;

/// As many bytes of a part of the workbook are looked at.
const LONGEST: u64 = 50_000_000;

/// An older ledger.
#[derive(Default)]
pub struct Old {
    /// The columns, in their order.
    pub columns: Vec<String>,
    pub rows: BTreeMap<String, OldRow>,
    /// The units in their order, by full name where a register knows them.
    pub units: Vec<String>,
    /// Whether it says anything that has no place in the new one: on another sheet, in a row without
    /// a unit or a second row of one, in a column without a name or a second one of it, by a formula, a
    /// note, a colour, a link or a way of showing numbers.
    pub has_more: bool,
}

impl Old {
    /// Whether it has all columns of another and the same rows, in whatever order.
    pub fn says_the_same(&self, other: &Old) -> bool {
        let mut columns = other.columns.iter();
        columns.all(|column| self.columns.contains(column)) && self.rows == other.rows
    }
}

/// A row of an older ledger.
#[derive(PartialEq)]
pub struct OldRow {
    /// Whether the program wrote it: such a row bears the digest of a file, or says that there is none.
    pub is_ours: bool,
    /// Its cells that are not empty, by column.
    pub cells: BTreeMap<String, Data>,
}

impl OldRow {
    /// Whether people have written something beside what the program writes.
    pub fn is_written_on(&self) -> bool {
        !self.is_ours || self.cells.keys().any(|column| !is_own(column))
    }

    /// Whether a new row of the same unit leaves out what people have typed.
    pub fn says_more(&self) -> bool {
        let anew = ["单位", "问题数", "状态"];
        let mut columns = self.cells.keys();
        !self.is_ours && columns.any(|column| is_own(column) && !anew.contains(&column.as_str()))
    }

    pub fn file(&self) -> Option<String> {
        self.cells.get("文件").map(ToString::to_string)
    }
}

/// Reads a ledger; `None` where it is none. A unit that is written by a short name of the register is
/// that unit.
pub fn read(bytes: &[u8], register: Option<&Register>) -> Option<Old> {
    let book = Book::open(bytes.to_vec()).ok()?.ok()?;
    let values = book.values(SHEET).ok()?;
    let mut rows = values.rows.into_values();
    let head = rows.next()?;
    let mut head: BTreeMap<u32, String> = head
        .into_iter()
        .map(|(column, name)| (column, name.to_string()))
        .collect();
    let unit = *head.iter().find(|(_, name)| *name == UNIT)?.0;
    let mut others = book.sheets.iter().filter(|sheet| sheet.name != SHEET);
    let mut old = Old {
        has_more: values.has_formulas
            || others.any(|sheet| {
                let values = book.values(&sheet.name);
                values.is_ok_and(|values| !values.rows.is_empty())
            }),
        ..Old::default()
    };
    let mut names = BTreeSet::new();
    let columns = head.len();
    head.retain(|_, name| names.insert(name.clone()));
    old.has_more |= head.len() < columns;
    old.columns = head.values().cloned().collect();
    for row in rows {
        let typed = row.get(&unit).map(ToString::to_string);
        let known = |name: String| {
            let unit = register.and_then(|register| register.find(&name));
            unit.map_or(name, |unit| unit.name.value.clone())
        };
        let name = typed.map(known);
        let count = row.len();
        let cells = row.into_iter();
        let cells = cells.filter_map(|(column, cell)| Some((head.get(&column)?.clone(), cell)));
        let mut cells: BTreeMap<String, Data> = cells.collect();
        old.has_more |= cells.len() < count;
        let Some(name) = name.filter(|name| !old.rows.contains_key(name)) else {
            old.has_more = true;
            continue;
        };
        cells.insert(UNIT.to_owned(), Data::String(name.clone()));
        let status = cells.get("状态").map(ToString::to_string);
        let is_failed =
            status.is_some_and(|status| status == NOT_MADE || status.starts_with(FAILED));
        let is_ours = is_failed || cells.contains_key("校验值");
        old.units.push(name.clone());
        old.rows.insert(name, OldRow { is_ours, cells });
    }
    let links = old.rows.values().filter(|row| row.file().is_some()).count();
    old.has_more |= is_marked(bytes, links);
    Some(old)
}

/// Whether people have given cells notes, colours, links or ways of showing numbers of their own;
/// `links` is how many the program may have written.
fn is_marked(bytes: &[u8], links: usize) -> bool {
    // None, and that of the head.
    const FILLS: usize = 2;
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else {
        return false;
    };
    let names = archive.file_names().filter_map(Result::ok);
    let names: Vec<String> = names.map(|name| name.to_string()).collect();
    let mut part = |name: &str| {
        let mut text = String::new();
        let read = archive.by_name(name);
        let _ = read.is_ok_and(|file| file.take(LONGEST).read_to_string(&mut text).is_ok());
        text
    };
    let styles = part("xl/styles.xml");
    let between = |start: &str, end: &str| {
        let inner = styles.split_once(start).map_or("", |(_, inner)| inner);
        inner.split_once(end).map_or("", |(inner, _)| inner)
    };
    let used = between("<cellXfs", "</cellXfs>");
    let fills: BTreeSet<&str> = values_of(used, "fillId").collect();
    let own = between("<numFmts", "</numFmts>");
    let codes: BTreeMap<&str, &str> = values_of(own, "numFmtId")
        .zip(values_of(own, "formatCode"))
        .collect();
    let mut formats = values_of(used, "numFmtId");
    let relations = names
        .iter()
        .filter(|name| name.starts_with("xl/worksheets/_rels/"));
    let targets: usize = relations
        .map(|name| part(name).matches("/hyperlink\"").count())
        .sum();
    names.iter().any(|name| name.contains("comments"))
        || fills.len() > FILLS
        || formats.any(|format| !is_plain(format, &codes))
        || targets > links
}

/// The values of an attribute, one after the other.
fn values_of<'a>(xml: &'a str, attribute: &str) -> impl Iterator<Item = &'a str> {
    let parts = xml.split(attribute).skip(1);
    parts.filter_map(|part| part.strip_prefix("=\"")?.split('"').next())
}

/// Whether a cell of this format is written anew as it was: as it is typed, as text or as a date.
fn is_plain(format: &str, codes: &BTreeMap<&str, &str>) -> bool {
    match codes.get(format) {
        Some(code) => {
            let general = ["general", "g/通用格式", "@"];
            general.contains(&code.to_lowercase().as_str()) || code.contains(['y', 'Y', '年'])
        }
        // General, text, and the dates of ECMA-376, 18.8.30, the Chinese ones too.
        None => matches!(
            format.parse(),
            Ok(0 | 14..=17 | 22 | 27..=36 | 49 | 50..=58)
        ),
    }
}
