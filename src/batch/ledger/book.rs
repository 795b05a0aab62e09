//! The ledger as a workbook: its rows and those of an older one come in, the workbook goes out.

use calamine::Data;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook, Worksheet,
    XlsxError,
};

use super::old::{Old, OldRow};
use super::{COLUMNS, PEOPLE, Row, SHEET, is_own};

/// As many links as a sheet may hold.
const MOST_LINKS: usize = 60_000;

/// A row of an older ledger that stays, of a unit without a new one.
pub struct Gone<'a> {
    pub row: &'a OldRow,
    /// Whether the file that it names is there, and its own.
    pub has_file: bool,
}

struct Formats {
    head: Format,
    cell: Format,
    link: Format,
    date: Format,
}

/// The workbook; its date of creation is fixed, so that it is the same every time.
pub fn book(rows: &[Row], gone: &[Gone], old: &Old) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_ymd(2026, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let bordered = Format::new()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::VerticalCenter);
    let formats = Formats {
        head: bordered
            .clone()
            .set_bold()
            .set_align(FormatAlign::Center)
            .set_background_color(0xF2F2F2),
        cell: bordered.clone().set_text_wrap(),
        link: bordered
            .clone()
            .set_font_color(0x0563C1)
            .set_underline(rust_xlsxwriter::FormatUnderline::Single),
        date: bordered.set_num_format("yyyy-mm-dd"),
    };
    let sheet = book.add_worksheet();
    sheet.set_name(SHEET)?;
    let mut people: Vec<(&str, f64)> = PEOPLE.to_vec();
    for column in old.columns.iter().filter(|column| !is_own(column)) {
        if !people.iter().any(|(name, _)| name == column) {
            people.push((column, 16.0));
        }
    }
    for (index, (name, width)) in (0..).zip(COLUMNS.iter().chain(&people)) {
        sheet.set_column_width(index, *width)?;
        sheet.write_with_format(0, index, *name, &formats.head)?;
    }
    let columns = (COLUMNS.len() + people.len()) as u16;
    let written = |unit: &str, name: &str| old.rows.get(unit)?.cells.get(name);
    for (line, row) in (1..).zip(rows) {
        write_row(sheet, line, row, &formats)?;
        for (index, (name, _)) in (COLUMNS.len() as u16..).zip(&people) {
            write_old(sheet, (line, index), written(&row.unit, name), &formats)?;
        }
    }
    let all: Vec<(&str, f64)> = COLUMNS.iter().chain(&people).copied().collect();
    for (line, gone) in (rows.len() as u32 + 1..).zip(gone) {
        write_gone(sheet, line, gone, &all, &formats)?;
    }
    sheet.set_freeze_panes(1, 3)?;
    sheet.autofilter(0, 0, (rows.len() + gone.len()) as u32, columns - 1)?;
    sheet.set_landscape();
    sheet.set_paper_size(9); // A4.
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    Ok(book)
}

fn write_gone(
    sheet: &mut Worksheet,
    line: u32,
    Gone { row, has_file }: &Gone,
    columns: &[(&str, f64)],
    formats: &Formats,
) -> Result<(), XlsxError> {
    for (index, (name, _)) in (0..).zip(columns) {
        let at = (line, index);
        match *name {
            "序号" if row.is_ours => write_old(sheet, at, None, formats)?,
            "状态" if row.is_ours => {
                sheet.write_string_with_format(line, index, "不再发文", &formats.cell)?;
            }
            "文件" => write_file(
                sheet,
                at,
                &row.file().unwrap_or_default(),
                *has_file,
                formats,
            )?,
            name => write_old(sheet, at, row.cells.get(name), formats)?,
        }
    }
    Ok(())
}

fn write_row(
    sheet: &mut Worksheet,
    line: u32,
    row: &Row,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let cell = &formats.cell;
    let count = |count: Option<usize>| count.map(|count| count as f64);
    for (column, number) in [
        (0, count(row.serial)),
        (5, count(row.pages)),
        (6, Some(row.findings as f64)),
    ] {
        match number {
            Some(number) => sheet.write_with_format(line, column, number, cell)?,
            None => sheet.write_blank(line, column, cell)?,
        };
    }
    let number = row.number.clone().unwrap_or_default();
    for (column, text) in [
        (1, &number),
        (2, &row.unit),
        (3, &row.title),
        (4, &row.date),
        (7, &row.status),
        (9, &row.sha256),
    ] {
        sheet.write_string_with_format(line, column, text, cell)?;
    }
    write_file(sheet, (line, 8), &row.file, !row.file.is_empty(), formats)
}

/// Writes the name of a file, as a link where it is there.
fn write_file(
    sheet: &mut Worksheet,
    (line, column): (u32, u16),
    file: &str,
    is_there: bool,
    formats: &Formats,
) -> Result<(), XlsxError> {
    if !is_there || line as usize > MOST_LINKS {
        sheet.write_string_with_format(line, column, file, &formats.cell)?;
    } else {
        let shown = file.rsplit('/').next().unwrap_or(file);
        let url = Url::new(format!("file:///{file}")).set_text(shown);
        sheet.write_url_with_format(line, column, url, &formats.link)?;
    }
    Ok(())
}

/// Writes a cell of an older ledger.
fn write_old(
    sheet: &mut Worksheet,
    (line, column): (u32, u16),
    cell: Option<&Data>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match cell {
        None | Some(Data::Empty) => sheet.write_blank(line, column, &formats.date)?,
        Some(Data::DateTime(date)) => {
            sheet.write_number_with_format(line, column, date.as_f64(), &formats.date)?
        }
        Some(Data::Float(number)) => {
            sheet.write_number_with_format(line, column, *number, &formats.cell)?
        }
        Some(Data::Int(number)) => {
            sheet.write_number_with_format(line, column, *number as f64, &formats.cell)?
        }
        Some(Data::Bool(value)) => {
            sheet.write_boolean_with_format(line, column, *value, &formats.cell)?
        }
        Some(other) => {
            sheet.write_string_with_format(line, column, other.to_string(), &formats.cell)?
        }
    };
    Ok(())
}
