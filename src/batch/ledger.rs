//! 发文台账: a row for each notice comes in, a workbook goes out. What people have written into an
//! older one (dates of receipt and reply, remarks, columns of their own) is carried over.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::{Path, PathBuf};

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook, Worksheet,
    XlsxError,
};

use crate::output::Waiting;

/// The name of the ledger.
pub const NAME: &str = "发文台账.xlsx";

const SHEET: &str = "发文台账";

/// The program's own columns and their widths in characters.
const COLUMNS: [(&str, f64); 10] = [
    ("序号", 6.0),
    ("发文字号", 22.0),
    ("单位", 26.0),
    ("标题", 44.0),
    ("成文日期", 16.0),
    ("页数", 6.0),
    ("问题数", 8.0),
    ("状态", 14.0),
    ("文件", 30.0),
    ("校验值", 20.0),
];

/// The column by which rows are known again.
const UNIT: usize = 2;

/// The columns for people.
const PEOPLE: [(&str, f64); 3] = [("签收日期", 14.0), ("回复日期", 14.0), ("备注", 24.0)];

/// As many links as a sheet may hold.
const MOST_LINKS: usize = 60_000;

/// One row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub serial: Option<usize>,
    pub number: Option<String>,
    pub unit: String,
    pub title: String,
    pub date: String,
    pub pages: Option<usize>,
    pub findings: usize,
    pub status: String,
    /// The path of the file from the ledger's folder; empty where there is none.
    pub file: String,
    pub sha256: String,
}

/// What people have written, by unit: column and value.
#[derive(Default)]
struct Kept {
    /// The columns in their order.
    columns: Vec<String>,
    rows: BTreeMap<String, BTreeMap<String, Data>>,
    /// The units in their order.
    units: Vec<String>,
    /// Whether there are sheets beside the ledger's, with something on them.
    sheets: bool,
    /// The units of rows that people have added: they bear neither a serial nor the digest of a file, and
    /// say more than is carried over.
    added: Vec<String>,
}

/// Writes the ledger of a folder, where it differs from the one that is there. An older ledger
/// that cannot be read is left alone; one that holds sheets or rows of people's own, which are not
/// carried over, is kept under another name, which is given.
pub fn write(folder: &Path, rows: &[Row]) -> Result<Option<PathBuf>, String> {
    let path = folder.join(NAME);
    let old = std::fs::read(&path).ok();
    let kept = match &old {
        Some(bytes) => kept(bytes).ok_or_else(|| {
            let path = path.display();
            format!(
                "错误：{path} 不是可以读取的发文台账，没有覆盖\n  建议：把它移到别处，再运行一次"
            )
        })?,
        None => Kept::default(),
    };
    let made = book(rows, &kept).and_then(|mut book| book.save_to_buffer());
    let bytes = made.map_err(|error| format!("错误：无法写成 {}：{error}", path.display()))?;
    if old.as_ref() == Some(&bytes) {
        return Ok(None);
    }
    let known = |unit: &String| rows.iter().any(|row| row.unit == *unit);
    let is_lost = kept.sheets || !kept.added.iter().all(known);
    let aside = old.filter(|_| is_lost).map(|old| (aside(folder), old));
    if let Some((aside, old)) = &aside {
        put(aside, old)?;
    }
    put(&path, &bytes)?;
    Ok(aside.map(|(aside, _)| aside))
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let written = Waiting::with(path, bytes).and_then(Waiting::put);
    written.map_err(|error| error.to_string())
}

/// A name for an older ledger that nothing bears yet.
fn aside(folder: &Path) -> PathBuf {
    let names = (1..).map(|number| folder.join(format!("发文台账-旧{number}.xlsx")));
    let mut free = names.filter(|path| !path.exists());
    free.next()
        .expect("a folder holds no endless number of files")
}

/// Reads what people have written into a ledger; `None` where it is none.
fn kept(bytes: &[u8]) -> Option<Kept> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).ok()?;
    let range = book.worksheet_range(SHEET).ok()?;
    let mut rows = range.rows();
    let head: Vec<String> = rows.next()?.iter().map(ToString::to_string).collect();
    let unit = head.iter().position(|name| name == COLUMNS[UNIT].0)?;
    let own = |name: &str| COLUMNS.iter().any(|(own, _)| *own == name);
    let marks = ["序号", "校验值"].map(|mark| head.iter().position(|name| name == mark));
    let others = book.sheet_names().into_iter().filter(|name| name != SHEET);
    let others: Vec<String> = others.collect();
    let mut kept = Kept {
        sheets: others.iter().any(|name| {
            let range = book.worksheet_range(name);
            range.is_ok_and(|range| range.used_cells().next().is_some())
        }),
        columns: head
            .iter()
            .filter(|name| !name.is_empty() && !own(name))
            .cloned()
            .collect(),
        ..Kept::default()
    };
    for row in rows {
        let name = row.get(unit)?.to_string();
        let cells = head.iter().zip(row);
        let cells = cells
            .filter(|(column, cell)| kept.columns.contains(column) && !matches!(cell, Data::Empty));
        let cells: BTreeMap<_, _> = cells.map(|(c, cell)| (c.clone(), cell.clone())).collect();
        let marked = |mark: &Option<usize>| {
            let cell = mark.and_then(|mark| row.get(mark));
            cell.is_some_and(|cell| !matches!(cell, Data::Empty))
        };
        // Of a row that is carried over the program writes these anew.
        let anew = ["单位", "问题数", "状态"];
        let more = head.iter().zip(row).any(|(column, cell)| {
            own(column) && !anew.contains(&column.as_str()) && !matches!(cell, Data::Empty)
        });
        if !marks.iter().any(marked) && (more || cells.is_empty() && !name.is_empty()) {
            kept.added.push(name.clone());
        }
        if !name.is_empty() && !cells.is_empty() && !kept.rows.contains_key(&name) {
            kept.units.push(name.clone());
            kept.rows.insert(name, cells);
        }
    }
    Some(kept)
}

struct Formats {
    head: Format,
    cell: Format,
    link: Format,
    date: Format,
}

/// The workbook; its date of creation is fixed, so that it is the same every time.
fn book(rows: &[Row], kept: &Kept) -> Result<Workbook, XlsxError> {
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
    for column in &kept.columns {
        if !people.iter().any(|(name, _)| name == column) {
            people.push((column, 16.0));
        }
    }
    for (index, (name, width)) in (0..).zip(COLUMNS.iter().chain(&people)) {
        sheet.set_column_width(index, *width)?;
        sheet.write_with_format(0, index, *name, &formats.head)?;
    }
    let columns = (COLUMNS.len() + people.len()) as u16;
    // A unit that is gone keeps what people have written about it.
    let units: BTreeSet<&str> = rows.iter().map(|row| row.unit.as_str()).collect();
    let gone = kept
        .units
        .iter()
        .filter(|unit| !units.contains(unit.as_str()));
    let gone = gone.map(|unit| Row {
        unit: unit.clone(),
        status: "不再发文".to_owned(),
        ..Row::default()
    });
    let all: Vec<Row> = rows.iter().cloned().chain(gone).collect();
    for (line, row) in (1..).zip(&all) {
        write_row(sheet, line, row, &formats)?;
        let written = kept.rows.get(&row.unit);
        for (index, (name, _)) in (COLUMNS.len() as u16..).zip(&people) {
            let cell = written.and_then(|cells| cells.get(*name));
            write_kept(sheet, (line, index), cell, &formats)?;
        }
    }
    sheet.set_freeze_panes(1, 3)?;
    sheet.autofilter(0, 0, all.len() as u32, columns - 1)?;
    sheet.set_landscape();
    sheet.set_paper_size(9); // A4.
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    Ok(book)
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
    if row.file.is_empty() || line as usize > MOST_LINKS {
        sheet.write_string_with_format(line, 8, &row.file, cell)?;
    } else {
        let shown = row.file.rsplit('/').next().unwrap_or(&row.file);
        let url = Url::new(format!("file:///{}", row.file)).set_text(shown);
        sheet.write_url_with_format(line, 8, url, &formats.link)?;
    }
    Ok(())
}

fn write_kept(
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
        Some(other) => {
            sheet.write_string_with_format(line, column, other.to_string(), &formats.cell)?
        }
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(unit: &str) -> Row {
        Row {
            serial: Some(1),
            number: Some("甲函〔2026〕5号".to_owned()),
            unit: unit.to_owned(),
            title: "通知".to_owned(),
            date: "2026年7月1日".to_owned(),
            pages: Some(2),
            findings: 3,
            status: "已生成".to_owned(),
            file: "01-甲 镇.pdf".to_owned(),
            sha256: "0123".to_owned(),
        }
    }

    fn cells(folder: &Path) -> Vec<Vec<String>> {
        let bytes = std::fs::read(folder.join(NAME)).unwrap();
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        let range = book.worksheet_range(SHEET).unwrap();
        let row = |row: &[Data]| row.iter().map(ToString::to_string).collect();
        range.rows().map(row).collect()
    }

    #[test]
    fn the_same_rows_give_the_same_bytes() {
        let bytes = || {
            book(&[row("甲镇")], &Kept::default())
                .unwrap()
                .save_to_buffer()
                .unwrap()
        };
        assert_eq!(bytes(), bytes());
    }

    #[test]
    fn what_people_wrote_stays_with_its_unit() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[row("甲镇"), row("乙镇")]).unwrap();
        // A clerk notes a receipt, a remark and a column of their own.
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name(SHEET).unwrap();
        let date = Format::new().set_num_format("yyyy/m/d");
        for (column, name) in ["单位", "状态", "签收日期", "经办"].into_iter().enumerate()
        {
            sheet.write_string(0, column as u16, name).unwrap();
        }
        sheet.write_string(1, 0, "乙镇").unwrap();
        sheet.write_string(1, 1, "改动过").unwrap();
        sheet
            .write_number_with_format(1, 2, 46_000.0, &date)
            .unwrap();
        sheet.write_string(1, 3, "张").unwrap();
        sheet.write_string(2, 0, "丙镇").unwrap();
        sheet.write_string(2, 3, "李").unwrap();
        book.save(folder.path().join(NAME)).unwrap();
        write(folder.path(), &[row("甲镇"), row("乙镇")]).unwrap();
        let cells = cells(folder.path());
        let column = |name| cells[0].iter().position(|cell| cell == name).unwrap();
        assert_eq!(cells[1][column("签收日期")], "");
        assert_eq!(cells[2][column("签收日期")], "46000");
        assert_eq!(cells[2][column("经办")], "张");
        assert_eq!(cells[2][column("状态")], "已生成");
        assert_eq!(
            (cells[3][2].as_str(), cells[3][column("经办")].as_str()),
            ("丙镇", "李")
        );
        let bytes = std::fs::read(folder.path().join(NAME)).unwrap();
        write(folder.path(), &[row("甲镇"), row("乙镇")]).unwrap();
        assert_eq!(std::fs::read(folder.path().join(NAME)).unwrap(), bytes);
    }

    #[test]
    fn sheets_and_rows_of_peoples_own_are_kept_beside() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(write(folder.path(), &[row("甲镇")]), Ok(None));
        let mut book = book(&[row("甲镇")], &Kept::default()).unwrap();
        book.add_worksheet().set_name("催办").unwrap();
        book.save(folder.path().join(NAME)).unwrap();
        assert_eq!(write(folder.path(), &[row("乙镇")]), Ok(None), "empty");
        let mut book = self::book(&[row("甲镇")], &Kept::default()).unwrap();
        let sheet = book.add_worksheet();
        sheet.set_name("催办").unwrap();
        sheet.write_string(0, 0, "甲镇已催").unwrap();
        book.save(folder.path().join(NAME)).unwrap();
        let old = std::fs::read(folder.path().join(NAME)).unwrap();
        let aside = folder.path().join("发文台账-旧1.xlsx");
        assert_eq!(
            write(folder.path(), &[row("甲镇")]),
            Ok(Some(aside.clone()))
        );
        assert_eq!(std::fs::read(&aside).unwrap(), old);
        // A row typed by hand has neither a serial nor a file.
        let mut book = self::book(&[row("甲镇")], &Kept::default()).unwrap();
        let sheet = book.worksheet_from_index(0).unwrap();
        sheet.write_string(2, UNIT as u16, "县水利局").unwrap();
        book.save(folder.path().join(NAME)).unwrap();
        let aside = folder.path().join("发文台账-旧2.xlsx");
        assert_eq!(write(folder.path(), &[row("甲镇")]), Ok(Some(aside)));
        assert_eq!(write(folder.path(), &[row("甲镇")]), Ok(None));
        // Its remark is carried over, its title is not.
        let mut book = self::book(&[row("甲镇")], &Kept::default()).unwrap();
        let sheet = book.worksheet_from_index(0).unwrap();
        for (column, text) in [(2, "县水利局"), (3, "关于防汛的通知"), (12, "已寄")] {
            sheet.write_string(2, column, text).unwrap();
        }
        book.save(folder.path().join(NAME)).unwrap();
        let aside = folder.path().join("发文台账-旧3.xlsx");
        assert_eq!(write(folder.path(), &[row("甲镇")]), Ok(Some(aside)));
        assert_eq!(cells(folder.path())[2][12], "已寄");
        assert_eq!(write(folder.path(), &[row("甲镇"), row("乙镇")]), Ok(None));
    }

    #[test]
    fn a_file_that_is_no_ledger_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(NAME), "别的").unwrap();
        assert!(write(folder.path(), &[row("甲镇")]).is_err());
        assert_eq!(
            std::fs::read(folder.path().join(NAME)).unwrap(),
            "别的".as_bytes()
        );
    }
}
