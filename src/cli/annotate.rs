//! A copy of each faulty workbook: the sheet's cells as they are, a comment in each faulty one, so
//! that it can be sent back to those who filled it in.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, Note, Workbook, Worksheet, XlsxError,
};

use super::check::Checked;
use crate::diag::{Diagnostic, Origin};
use crate::load::{self, SheetCopy};
use crate::output::write_all;

/// The comments of a workbook: by sheet, then by row and column.
type Comments = BTreeMap<String, BTreeMap<(u32, u32), Vec<String>>>;

/// Writes the copies into `folder` and gives their paths.
pub fn annotate(all: &[Checked], folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut books: BTreeMap<PathBuf, Comments> = BTreeMap::new();
    for diagnostic in all.iter().flat_map(|one| &one.diagnostics) {
        let Origin::Cell {
            file,
            sheet,
            row,
            column,
        } = &diagnostic.origin
        else {
            continue;
        };
        let comments = books.entry(PathBuf::from(&**file)).or_default();
        let cells = comments.entry(sheet.to_string()).or_default();
        let cell = cells.entry((*row, *column)).or_default();
        let comment = comment(diagnostic);
        if !cell.contains(&comment) {
            cell.push(comment);
        }
    }
    if books.is_empty() {
        return Ok(Vec::new());
    }
    let cause =
        |error: std::io::Error| format!("错误：无法新建文件夹 {}：{error}", folder.display());
    std::fs::create_dir_all(folder).map_err(cause)?;
    let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    for (path, comments) in &books {
        let bytes = copy(path, comments)?;
        files.push((target(folder, path, &files, &bytes), bytes));
    }
    write_all(&files)?;
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

fn comment(diagnostic: &Diagnostic) -> String {
    let mut comment = format!("{}：{}", diagnostic.severity.label(), diagnostic.message);
    if let Some(hint) = &diagnostic.hint {
        comment.push_str(&format!("\n建议：{hint}"));
    }
    comment
}

/// `台账.xlsx` → `台账-批注.xlsx`; a second book of that name gets a number, and so does one where a file
/// of that name holds something else: it may have been filled in.
fn target(folder: &Path, path: &Path, taken: &[(PathBuf, Vec<u8>)], bytes: &[u8]) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let names = std::iter::once(format!("{stem}-批注.xlsx"));
    let names = names.chain((2..).map(|number| format!("{stem}-批注{number}.xlsx")));
    let is_free = |target: &PathBuf| match std::fs::read(target) {
        Ok(there) => there == bytes,
        Err(error) => error.kind() == ErrorKind::NotFound,
    };
    names
        .map(|name| folder.join(name))
        .find(|target| !taken.iter().any(|(other, _)| other == target) && is_free(target))
        .expect("numbers do not end")
}

fn copy(path: &Path, comments: &Comments) -> Result<Vec<u8>, String> {
    let mut workbook = Workbook::new();
    let start = ExcelDateTime::from_ymd(2000, 1, 1).map_err(|error| error.to_string());
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&start?));
    for (sheet, cells) in comments {
        let found = load::sheet_copy(path, sheet)
            .map_err(|error| format!("错误：“{}”{error}", path.display()))?;
        let worksheet = workbook.add_worksheet();
        fill(worksheet, sheet, &found, cells)
            .map_err(|error| format!("错误：无法写出“{}”的批注：{error}", path.display()))?;
    }
    workbook
        .save_to_buffer()
        .map_err(|error| format!("错误：无法写出“{}”的批注：{error}", path.display()))
}

fn fill(
    worksheet: &mut Worksheet,
    name: &str,
    found: &SheetCopy,
    comments: &BTreeMap<(u32, u32), Vec<String>>,
) -> Result<(), XlsxError> {
    worksheet.set_name(name)?;
    let plain = Format::new().set_text_wrap();
    let faulty = Format::new()
        .set_text_wrap()
        .set_background_color(Color::RGB(0xFF_E6_99));
    for (top, left, bottom, right) in &found.merged {
        worksheet.merge_range(*top, small(*left), *bottom, small(*right), "", &plain)?;
    }
    for cell in &found.cells {
        let (row, column) = (cell.row, small(cell.column));
        let format = if comments.contains_key(&(cell.row, cell.column)) {
            &faulty
        } else {
            &plain
        };
        match cell.number {
            Some(number) => worksheet.write_number_with_format(row, column, number, format)?,
            None => worksheet.write_string_with_format(row, column, &cell.text, format)?,
        };
    }
    for ((row, column), texts) in comments {
        if !found
            .cells
            .iter()
            .any(|cell| (cell.row, cell.column) == (*row, *column))
        {
            worksheet.write_blank(*row, small(*column), &faulty)?;
        }
        let note = Note::new(texts.join("\n\n"))
            .set_author("hongtou")
            .set_width(320)
            .set_height(120);
        worksheet.insert_note(*row, small(*column), &note)?;
    }
    worksheet.set_autofit_max_width(400);
    worksheet.autofit();
    Ok(())
}

/// A column as workbooks count it; there are no more than 16,384.
fn small(column: u32) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}
