//! 发文台账: a row for each notice comes in, a workbook goes out. What people have written into an
//! older one (dates of receipt and reply, remarks, columns and rows of their own) is carried over.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use calamine::Data;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook, Worksheet,
    XlsxError,
};

use crate::load::Book;
use crate::output::{self, Waiting};

/// The name of the ledger.
pub const NAME: &str = "发文台账.xlsx";

const SHEET: &str = "发文台账";

/// How the status of a notice begins that could not be made; the reason follows.
pub const FAILED: &str = "失败：";

/// The status of a notice that no run has come to.
pub const NOT_MADE: &str = "未生成";

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

/// As many bytes of a ledger's styles are looked at.
const LONGEST_STYLES: u64 = 10_000_000;

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

/// An older ledger.
#[derive(Default)]
struct Old {
    /// The columns, in their order.
    columns: Vec<String>,
    rows: BTreeMap<String, OldRow>,
    /// The units in their order.
    units: Vec<String>,
    /// Whether it says anything that has no place in the new one: on another sheet, in a row without
    /// a unit or a second row of one, in a column without a name or a second one of it, by a formula, a
    /// note or a colour.
    has_more: bool,
}

impl Old {
    /// Whether it has all columns of another and the same rows, in whatever order.
    fn says_the_same(&self, other: &Old) -> bool {
        let mut columns = other.columns.iter();
        columns.all(|column| self.columns.contains(column)) && self.rows == other.rows
    }
}

/// A row of an older ledger.
#[derive(PartialEq)]
struct OldRow {
    /// Whether the program wrote it: such a row bears the digest of a file, or says that there is none.
    is_ours: bool,
    /// Its cells that are not empty, by column.
    cells: BTreeMap<String, Data>,
}

impl OldRow {
    /// Whether people have written something beside what the program writes.
    fn is_written_on(&self) -> bool {
        !self.is_ours || self.cells.keys().any(|column| !is_own(column))
    }

    /// Whether a new row of the same unit leaves out what people have typed.
    fn says_more(&self) -> bool {
        let anew = ["单位", "问题数", "状态"];
        let mut columns = self.cells.keys();
        !self.is_ours && columns.any(|column| is_own(column) && !anew.contains(&column.as_str()))
    }

    fn file(&self) -> Option<String> {
        self.cells.get("文件").map(ToString::to_string)
    }
}

/// Whether a column is the program's.
fn is_own(column: &str) -> bool {
    COLUMNS.iter().any(|(own, _)| *own == column)
}

/// Writes the ledger of a folder, where it differs from the one that is there. An older ledger
/// that cannot be read is left alone; one that says more than can be carried over is kept under
/// another name, which is given.
pub fn write(folder: &Path, rows: &[Row]) -> Result<Option<PathBuf>, String> {
    let path = folder.join(NAME);
    let bytes = std::fs::read(&path).ok();
    let old = match &bytes {
        Some(bytes) => read(bytes).ok_or_else(|| {
            let path = path.display();
            format!(
                "错误：{path} 不是可以读取的发文台账，没有覆盖：要有名为“发文台账”的工作表，第一行是列名，其中有“单位”\n  建议：把工作表名和列名改回来（上面加了标题行的，删去标题行），再运行一次；里面没有要留的内容，才把它移到别处"
            )
        })?,
        None => Old::default(),
    };
    let made = book(folder, rows, &old).and_then(|mut book| book.save_to_buffer());
    let made = made.map_err(|error| format!("错误：无法写成 {}：{error}", path.display()))?;
    // Colours and notes that people have given its cells are not carried over: it is written anew only
    // where it has to say something else.
    if read(&made).is_some_and(|new| old.says_the_same(&new)) {
        return Ok(None);
    }
    let says_more = |row: &Row| old.rows.get(&row.unit).is_some_and(OldRow::says_more);
    let is_lost = old.has_more || rows.iter().any(says_more);
    let aside = bytes
        .filter(|_| is_lost)
        .map(|old| (output::aside(&path), old));
    if let Some((aside, old)) = &aside {
        put(aside, old)?;
    }
    put(&path, &made)?;
    Ok(aside.map(|(aside, _)| aside))
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let written = Waiting::with(path, bytes).and_then(Waiting::put);
    written.map_err(|error| error.to_string())
}

/// What the ledger of a folder says of numbers.
#[derive(Debug, Default)]
pub struct Given {
    /// Whether it has rows that the program wrote.
    pub has_own: bool,
    /// The numbers in rows that people have added, with their units.
    pub by_hand: Vec<(String, String)>,
}

/// Reads the numbers of a folder's ledger; none where it cannot be read.
pub fn given(folder: &Path) -> Given {
    let bytes = std::fs::read(folder.join(NAME)).ok();
    let old = bytes.and_then(|bytes| read(&bytes)).unwrap_or_default();
    let by_hand = old.rows.iter().filter(|(_, row)| !row.is_ours);
    let number = |row: &OldRow| row.cells.get("发文字号").map(ToString::to_string);
    Given {
        has_own: old.rows.values().any(|row| row.is_ours),
        by_hand: by_hand
            .filter_map(|(unit, row)| Some((number(row)?, unit.clone())))
            .collect(),
    }
}

/// Reads a ledger; `None` where it is none.
fn read(bytes: &[u8]) -> Option<Old> {
    let book = Book::open(bytes.to_vec()).ok()?.ok()?;
    let values = book.values(SHEET).ok()?;
    let mut rows = values.rows.into_values();
    let head = rows.next()?;
    let mut head: BTreeMap<u32, String> = head
        .into_iter()
        .map(|(column, name)| (column, name.to_string()))
        .collect();
    let unit = head.iter().find(|(_, name)| *name == COLUMNS[UNIT].0);
    let unit = *unit?.0;
    let mut others = book.sheets.iter().filter(|sheet| sheet.name != SHEET);
    let mut old = Old {
        has_more: values.has_formulas
            || is_marked(bytes)
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
        let name = row.get(&unit).map(ToString::to_string);
        let count = row.len();
        let cells = row.into_iter();
        let cells = cells.filter_map(|(column, cell)| Some((head.get(&column)?.clone(), cell)));
        let cells: BTreeMap<String, Data> = cells.collect();
        old.has_more |= cells.len() < count;
        let Some(name) = name.filter(|name| !old.rows.contains_key(name)) else {
            old.has_more = true;
            continue;
        };
        let status = cells.get("状态").map(ToString::to_string);
        let is_failed =
            status.is_some_and(|status| status == NOT_MADE || status.starts_with(FAILED));
        let is_ours = is_failed || cells.contains_key("校验值");
        old.units.push(name.clone());
        old.rows.insert(name, OldRow { is_ours, cells });
    }
    Some(old)
}

/// Whether people have given cells notes or colours of their own.
fn is_marked(bytes: &[u8]) -> bool {
    // None, and that of the head.
    const FILLS: usize = 2;
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else {
        return false;
    };
    let mut styles = String::new();
    let read = archive.by_name("xl/styles.xml");
    let read = read.is_ok_and(|file| {
        file.take(LONGEST_STYLES)
            .read_to_string(&mut styles)
            .is_ok()
    });
    let mut names = archive.file_names();
    let has_notes = names.any(|name| name.is_ok_and(|name| name.contains("comments")));
    let used = styles.split_once("<cellXfs").map_or("", |(_, used)| used);
    let used = used.split_once("</cellXfs>").map_or("", |(used, _)| used);
    let fills = used.split("fillId=\"").skip(1);
    let fills: BTreeSet<_> = fills.filter_map(|fill| fill.split('"').next()).collect();
    has_notes || (read && fills.len() > FILLS)
}

struct Formats {
    head: Format,
    cell: Format,
    link: Format,
    date: Format,
}

/// The workbook; its date of creation is fixed, so that it is the same every time.
fn book(folder: &Path, rows: &[Row], old: &Old) -> Result<Workbook, XlsxError> {
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
    let gone = gone(folder, rows, old);
    let all: Vec<(&str, f64)> = COLUMNS.iter().chain(&people).copied().collect();
    for (line, (row, has_file)) in (rows.len() as u32 + 1..).zip(&gone) {
        write_gone(sheet, line, row, *has_file, &all, &formats)?;
    }
    sheet.set_freeze_panes(1, 3)?;
    sheet.autofilter(0, 0, (rows.len() + gone.len()) as u32, columns - 1)?;
    sheet.set_landscape();
    sheet.set_paper_size(9); // A4.
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    Ok(book)
}

/// The rows of an older ledger that stay, of units without a new one, and whether the file that each
/// names is there: rows of people's own, and the program's where people have written on them or
/// their file is left. A file that another unit's notice is made into now is not theirs.
fn gone<'a>(folder: &Path, rows: &[Row], old: &'a Old) -> Vec<(&'a OldRow, bool)> {
    let units: BTreeSet<&str> = rows.iter().map(|row| row.unit.as_str()).collect();
    let files: BTreeSet<&str> = rows.iter().map(|row| row.file.as_str()).collect();
    let is_theirs = |file: String| !files.contains(file.as_str()) && folder.join(file).is_file();
    let gone = old
        .units
        .iter()
        .filter(|unit| !units.contains(unit.as_str()));
    let gone = gone.filter_map(|unit| old.rows.get(unit));
    let gone = gone.map(|row| (row, row.file().is_some_and(is_theirs)));
    gone.filter(|(row, has_file)| *has_file || row.is_written_on())
        .collect()
}

fn write_gone(
    sheet: &mut Worksheet,
    line: u32,
    row: &OldRow,
    has_file: bool,
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
                has_file,
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
        Some(other) => {
            sheet.write_string_with_format(line, column, other.to_string(), &formats.cell)?
        }
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use calamine::{Reader, Xlsx};

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
            book(Path::new(""), &[row("甲镇")], &Old::default())
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
    fn sheets_of_peoples_own_are_kept_beside() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(write(folder.path(), &[row("甲镇")]), Ok(None));
        let mut book = book(folder.path(), &[row("甲镇")], &Old::default()).unwrap();
        book.add_worksheet().set_name("催办").unwrap();
        book.save(folder.path().join(NAME)).unwrap();
        assert_eq!(write(folder.path(), &[row("乙镇")]), Ok(None), "empty");
        let mut book = self::book(folder.path(), &[row("甲镇")], &Old::default()).unwrap();
        let sheet = book.add_worksheet();
        sheet.set_name("催办").unwrap();
        sheet.write_string(0, 0, "甲镇已催").unwrap();
        book.save(folder.path().join(NAME)).unwrap();
        let old = std::fs::read(folder.path().join(NAME)).unwrap();
        assert_eq!(write(folder.path(), &[row("甲镇")]), Ok(None), "the same");
        assert_eq!(std::fs::read(folder.path().join(NAME)).unwrap(), old);
        let aside = folder.path().join("发文台账-旧1.xlsx");
        assert_eq!(
            write(folder.path(), &[row("乙镇")]),
            Ok(Some(aside.clone()))
        );
        assert_eq!(std::fs::read(&aside).unwrap(), old);
    }

    #[test]
    fn rows_that_people_have_added_stay() {
        let folder = tempfile::tempdir().unwrap();
        let typed = |cells: &[(u32, u16, &str)]| {
            let mut book = book(folder.path(), &[row("甲镇")], &Old::default()).unwrap();
            let sheet = book.worksheet_from_index(0).unwrap();
            for (line, column, text) in cells {
                sheet.write_string(*line, *column, *text).unwrap();
            }
            book.save(folder.path().join(NAME)).unwrap();
        };
        typed(&[
            (2, 0, "32"),
            (2, 2, "县水利局"),
            (2, 3, "关于防汛的通知"),
            (2, 7, "待印"),
            (2, 12, "已寄"),
        ]);
        assert_eq!(write(folder.path(), &[row("甲镇"), row("乙镇")]), Ok(None));
        let cells = cells(folder.path());
        let texts = |columns: [usize; 4]| columns.map(|column| cells[3][column].as_str());
        assert_eq!(
            texts([2, 3, 7, 12]),
            ["县水利局", "关于防汛的通知", "待印", "已寄"]
        );
        assert_eq!(texts([0, 5, 6, 9]), ["32", "", "", ""]);
        // A second row of one unit has no place, nor the title of one that has another now.
        typed(&[(2, 2, "甲镇"), (2, 3, "关于防汛的通知")]);
        let aside = folder.path().join("发文台账-旧1.xlsx");
        assert_eq!(
            write(folder.path(), &[row("甲镇"), row("乙镇")]),
            Ok(Some(aside))
        );
        typed(&[(2, 2, "乙镇"), (2, 3, "关于防汛的通知")]);
        let aside = folder.path().join("发文台账-旧2.xlsx");
        assert_eq!(
            write(folder.path(), &[row("甲镇"), row("乙镇")]),
            Ok(Some(aside))
        );
        assert_eq!(write(folder.path(), &[row("甲镇"), row("乙镇")]), Ok(None));
    }

    /// Typed by accident in the last cell, a letter made the reader ask for 400 GB and the run die.
    #[test]
    fn what_cannot_be_carried_over_is_kept_beside() {
        let folder = tempfile::tempdir().unwrap();
        let yellow = Format::new().set_background_color(0xFFFF00);
        for (number, at) in (1..).zip([(1, 14), (1_048_575, 16_383), (1, 12), (1, 2), (1, 2)]) {
            let mut book = book(folder.path(), &[row("甲镇")], &Old::default()).unwrap();
            let sheet = book.worksheet_from_index(0).unwrap();
            match number {
                3 => sheet.write_formula(at.0, at.1, "=1+1").unwrap(),
                4 => sheet.set_cell_format(at.0, at.1, &yellow).unwrap(),
                5 => sheet
                    .insert_note(at.0, at.1, &rust_xlsxwriter::Note::new("已催"))
                    .unwrap(),
                _ => sheet.write_string(at.0, at.1, "误").unwrap(),
            };
            book.save(folder.path().join(NAME)).unwrap();
            let old = std::fs::read(folder.path().join(NAME)).unwrap();
            let aside = folder.path().join(format!("发文台账-旧{number}.xlsx"));
            let changed = |file: &str| Row {
                file: file.to_owned(),
                ..row("甲镇")
            };
            assert_eq!(
                write(folder.path(), &[changed("甲.pdf")]),
                Ok(Some(aside.clone())),
                "{number}"
            );
            assert_eq!(std::fs::read(aside).unwrap(), old);
            assert_eq!(
                write(folder.path(), &[changed("乙.pdf")]),
                Ok(None),
                "{number}"
            );
        }
    }

    #[test]
    fn a_unit_that_is_gone_keeps_its_number() {
        let folder = tempfile::tempdir().unwrap();
        let of = |unit: &str, file: &str| Row {
            file: file.to_owned(),
            ..row(unit)
        };
        let (first, file) = (of("甲镇", "01.pdf"), "02.pdf");
        write(folder.path(), &[first.clone(), of("乙镇", file)]).unwrap();
        std::fs::write(folder.path().join(file), "已发").unwrap();
        write(folder.path(), std::slice::from_ref(&first)).unwrap();
        let gone = cells(folder.path())[2].clone();
        let number = row("乙镇").number.unwrap();
        assert_eq!(gone[..3], ["", number.as_str(), "乙镇"]);
        assert_eq!([gone[7].as_str(), &gone[8]], ["不再发文", file]);
        // Its file is another unit's now.
        write(folder.path(), &[first.clone(), of("丙镇", file)]).unwrap();
        assert_eq!(cells(folder.path()).len(), 3);
        // Its file is deleted, and nobody has written anything on it.
        write(folder.path(), &[first.clone(), of("乙镇", file)]).unwrap();
        std::fs::remove_file(folder.path().join(file)).unwrap();
        write(folder.path(), &[first]).unwrap();
        assert_eq!(cells(folder.path()).len(), 2);
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
