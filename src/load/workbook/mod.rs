//! Workbooks: the cells of a sheet become a [`Table`], or a workbook alone becomes the tree of an
//! input file.
//!
//! `book` (bytes → `kind` → sheets → `content` in a `grid`) → `header` and `rows` (→ [`Table`]) or `tree` (→ nodes).

mod book;
mod content;
mod error;
mod format;
mod grid;
mod header;
mod hidden;
mod kind;
mod ods;
mod rows;
mod sheet;
mod totals;
mod tree;
mod xlsb;

use std::path::Path;
use std::sync::Arc;

pub use book::{Book, reads_workbook};
pub use error::BookError;
pub use grid::{Content, Grid};
pub use header::Header;
pub use rows::{Source, table};
pub use sheet::{SheetCell, SheetCopy, sheet_copy};
pub use tree::{circular, holds_circular};

use super::context::Context;
use super::keys::nearest;
use crate::diag::{Diagnostic, Origin};
use crate::model::{Aliases, Sourced, Table};
use book::Sheet;
use grid::Region;

/// The sheet that explains a workbook to people.
const GUIDE: &[&str] = &["填写说明", "填表说明", "使用说明"];

/// What the input file says of a table in a workbook.
pub struct Wanted {
    pub name: Sourced<String>,
    pub file: Sourced<String>,
    pub sheet: Option<Sourced<String>>,
    pub range: Option<Sourced<String>>,
    pub aliases: Aliases,
}

/// Reads the table that an input file asks for.
pub fn from_book(book: &Book, path: &Path, wanted: Wanted, cx: &mut Context) -> Option<Table> {
    let file = Context::file_name(path);
    let (sheet, grid) = sheet(book, &file, &wanted, cx)?;
    let grid = match &wanted.range {
        Some(range) => grid.cut(region(range, cx)?),
        None => grid,
    };
    if grid.is_empty() {
        let at = wanted
            .range
            .or(wanted.sheet)
            .map_or(wanted.file.origin, |text| text.origin);
        let message = format!("工作表“{sheet}”的这一范围里没有内容");
        cx.error("tables/sheet/empty", &at, message, "查对“工作表”和“区域”");
        return None;
    }
    let place = place(&file, &sheet);
    let source = Source {
        name: wanted.name,
        grid,
        place: &place,
        aliases: wanted.aliases,
    };
    table(source, cx)
}

/// Gives the place of a cell of a sheet.
fn place(file: &Arc<str>, sheet: &str) -> impl Fn((u32, u32)) -> Origin + use<> {
    let (file, sheet): (Arc<str>, Arc<str>) = (file.clone(), sheet.into());
    move |(row, column)| Origin::Cell {
        file: file.clone(),
        sheet: sheet.clone(),
        row,
        column,
    }
}

fn region(range: &Sourced<String>, cx: &mut Context) -> Option<Region> {
    let region = Region::parse(&range.value);
    if region.is_none() {
        let message = format!("区域“{}”的写法无法识别", range.value);
        let hint = "写左上角和右下角两格，如“A3:F40”；整列写“A:F”";
        cx.error("tables/range/form", &range.origin, message, hint);
    }
    region
}

/// The sheet that is named; without a name, the one called like the table, or the first visible one
/// that holds anything.
fn sheet(
    book: &Book,
    file: &Arc<str>,
    wanted: &Wanted,
    cx: &mut Context,
) -> Option<(String, Grid)> {
    let named = match &wanted.sheet {
        Some(name) => {
            let found = book.sheets.iter().find(|sheet| sheet.name == name.value);
            if found.is_none() {
                no_such_sheet(book, name, cx);
                return None;
            }
            found
        }
        None => {
            let mut names = vec![wanted.name.value.as_str()];
            // A sheet beside the ledgers is rarely called by the whole word.
            names.extend((names[0] == "机构名录").then_some("名录"));
            let mut names = names.into_iter();
            names.find_map(|name| book.sheets.iter().find(|sheet| sheet.name == name))
        }
    };
    let read = |sheet: &Sheet, cx: &mut Context| {
        let grid = grid(book, sheet, &wanted.file, cx)?;
        Some((sheet.name.clone(), grid))
    };
    if let Some(sheet) = named {
        return read(sheet, cx);
    }
    let mut filled = Vec::new();
    for sheet in book.sheets.iter().filter(|sheet| is_shown(sheet)) {
        let (name, grid) = read(sheet, cx)?;
        if !grid.is_empty() {
            filled.push((name, grid));
        }
    }
    let names: Vec<String> = filled.iter().map(|(name, _)| name.clone()).collect();
    let first = filled.into_iter().next();
    match (&first, names.len()) {
        (None, _) => {
            let message = format!("“{}”里没有内容", wanted.file.value);
            let hint = "查对文件；隐藏的工作表要用“工作表”写明才读取";
            cx.error("tables/sheet/empty", &wanted.file.origin, message, hint);
        }
        (Some((name, _)), 2..) => {
            let message = format!("表格“{}”读取的是工作表“{name}”", wanted.name.value);
            let hint = format!("要用别的，就写“工作表: …”；有：{}", names.join("、"));
            let at = place(file, name)((0, 0));
            cx.report(Diagnostic::note("tables/sheet/guessed", &at, message).hint(hint));
        }
        _ => {}
    }
    first
}

fn is_shown(sheet: &Sheet) -> bool {
    !sheet.hidden && !GUIDE.contains(&sheet.name.as_str())
}

fn no_such_sheet(book: &Book, name: &Sourced<String>, cx: &mut Context) {
    let known: Vec<&str> = book
        .sheets
        .iter()
        .map(|sheet| sheet.name.as_str())
        .collect();
    let hint = match nearest(&name.value, known.iter().copied()) {
        Some(nearest) => format!("是否要写“{nearest}”"),
        None => format!("文件里有：{}", known.join("、")),
    };
    let message = format!("没有名为“{}”的工作表", name.value);
    cx.error("tables/sheet/missing", &name.origin, message, hint);
}

fn grid(book: &Book, sheet: &Sheet, file: &Sourced<String>, cx: &mut Context) -> Option<Grid> {
    match book.grid(&sheet.name) {
        Ok(grid) => Some(grid),
        Err(error) => {
            let message = format!("“{}”的工作表“{}”{error}", file.value, sheet.name);
            cx.error(code(&error), &file.origin, message, error.hint());
            None
        }
    }
}

/// Reports a file that is no workbook after all.
pub fn refuse(error: &BookError, file: &Sourced<String>, cx: &mut Context) {
    let message = format!("“{}”{error}", file.value);
    cx.error(code(error), &file.origin, message, error.hint());
}

fn code(error: &BookError) -> &'static str {
    match error {
        BookError::Password => "tables/file/password",
        BookError::Foreign(_) | BookError::Short => "tables/file/unsupported",
        BookError::Damaged => "tables/file/damaged",
        BookError::TooLarge | BookError::TooManyCells => "tables/file/too-large",
    }
}
