//! 发文台账: a row for each notice comes in, a workbook goes out. What people have written into an
//! older one (dates of receipt and reply, remarks, columns and rows of their own) is carried over.

mod book;
mod old;

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use book::{Gone, book};
use old::{Old, OldRow};

use crate::model::Register;
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
const UNIT: &str = "单位";

/// Whether a column is the program's.
fn is_own(column: &str) -> bool {
    COLUMNS.iter().any(|(own, _)| *own == column)
}

/// The columns for people.
const PEOPLE: [(&str, f64); 3] = [("签收日期", 14.0), ("回复日期", 14.0), ("备注", 24.0)];

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

impl Row {
    /// Whether its file is what this run would make.
    pub fn is_made(&self) -> bool {
        !self.file.is_empty() && !self.status.starts_with(FAILED)
    }
}

/// Writes the ledger of a folder, where it differs from the one that is there. An older ledger
/// that cannot be read is left alone; one that says more than can be carried over is kept under
/// another name, which is given.
pub fn write(
    folder: &Path,
    rows: &[Row],
    register: Option<&Register>,
) -> Result<Option<PathBuf>, String> {
    let path = folder.join(NAME);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => {
            return Err(format!(
                "错误：无法读取 {}，没有覆盖：{error}",
                path.display()
            ));
        }
    };
    let old = match &bytes {
        Some(bytes) => old::read(bytes, register).ok_or_else(|| {
            let path = path.display();
            format!(
                "错误：{path} 不是可以读取的发文台账，没有覆盖：要有名为“发文台账”的工作表，第一行是列名，其中有“单位”\n  建议：把工作表名和列名改回来（上面加了标题行的，删去标题行），再运行一次；里面没有要留的内容，才把它移到别处"
            )
        })?,
        None => Old::default(),
    };
    let gone = gone(folder, rows, &old);
    let made = book(rows, &gone, &old).and_then(|mut book| book.save_to_buffer());
    let made = made.map_err(|error| format!("错误：无法写成 {}：{error}", path.display()))?;
    // Colours and notes that people have given its cells are not carried over: it is written anew only
    // where it has to say something else.
    if old::read(&made, register).is_some_and(|new| old.says_the_same(&new)) {
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
    let old = bytes
        .and_then(|bytes| old::read(&bytes, None))
        .unwrap_or_default();
    let by_hand = old.rows.iter().filter(|(_, row)| !row.is_ours);
    let number = |row: &OldRow| row.cells.get("发文字号").map(ToString::to_string);
    Given {
        has_own: old.rows.values().any(|row| row.is_ours),
        by_hand: by_hand
            .filter_map(|(unit, row)| Some((number(row)?, unit.clone())))
            .collect(),
    }
}

/// The rows of an older ledger that stay, of units without a new one: rows of people's own, and the
/// program's where people have written on them or their file is left. A file that another unit's notice
/// is made into now is not theirs.
fn gone<'a>(folder: &Path, rows: &[Row], old: &'a Old) -> Vec<Gone<'a>> {
    let units: BTreeSet<&str> = rows.iter().map(|row| row.unit.as_str()).collect();
    let files: BTreeSet<&str> = rows.iter().map(|row| row.file.as_str()).collect();
    let is_theirs = |file: String| !files.contains(file.as_str()) && folder.join(file).is_file();
    let gone = old
        .units
        .iter()
        .filter(|unit| !units.contains(unit.as_str()));
    let gone = gone.filter_map(|unit| old.rows.get(unit)).map(|row| Gone {
        row,
        has_file: row.file().is_some_and(is_theirs),
    });
    gone.filter(|gone| gone.has_file || gone.row.is_written_on())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};
    use rust_xlsxwriter::{Format, Workbook};

    use super::*;

    fn write(folder: &Path, rows: &[Row]) -> Result<Option<PathBuf>, String> {
        super::write(folder, rows, None)
    }

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
            book(&[row("甲镇")], &[], &Old::default())
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
        let mut book = book(&[row("甲镇")], &[], &Old::default()).unwrap();
        book.add_worksheet().set_name("催办").unwrap();
        book.save(folder.path().join(NAME)).unwrap();
        assert_eq!(write(folder.path(), &[row("乙镇")]), Ok(None), "empty");
        let mut book = self::book(&[row("甲镇")], &[], &Old::default()).unwrap();
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
            let mut book = book(&[row("甲镇")], &[], &Old::default()).unwrap();
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
        for (number, at) in (1..).zip([
            (1, 14),
            (1_048_575, 16_383),
            (1, 12),
            (1, 2),
            (1, 2),
            (1, 12),
            (1, 12),
        ]) {
            let mut book = book(&[row("甲镇")], &[], &Old::default()).unwrap();
            let sheet = book.worksheet_from_index(0).unwrap();
            match number {
                3 => sheet.write_formula(at.0, at.1, "=1+1").unwrap(),
                4 => sheet.set_cell_format(at.0, at.1, &yellow).unwrap(),
                6 => {
                    let rate = Format::new().set_num_format("0%");
                    sheet.write_with_format(at.0, at.1, 0.5, &rate).unwrap()
                }
                7 => sheet.write_url(at.0, at.1, "https://example.cn/").unwrap(),
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

    /// A clerk writes the short name; it must not become a row of a unit that is gone.
    #[test]
    fn a_unit_that_is_written_by_its_short_name_keeps_its_row() {
        let folder = tempfile::tempdir().unwrap();
        let place =
            |text: &str| crate::model::Sourced::new(text.to_owned(), crate::diag::Origin::Program);
        let register = Register::new(vec![crate::model::Unit {
            name: place("甲镇人民政府"),
            short: vec![place("甲镇")],
            group: None,
            order: None,
            addressee: None,
        }]);
        let full = row("甲镇人民政府");
        let mut book = book(std::slice::from_ref(&full), &[], &Old::default()).unwrap();
        let sheet = book.worksheet_from_index(0).unwrap();
        sheet.write_string(1, 2, "甲镇").unwrap();
        sheet.write_string(1, 12, "已签收").unwrap();
        book.save(folder.path().join(NAME)).unwrap();
        let bytes = std::fs::read(folder.path().join(NAME)).unwrap();
        super::write(folder.path(), std::slice::from_ref(&full), Some(&register)).unwrap();
        assert_eq!(std::fs::read(folder.path().join(NAME)).unwrap(), bytes);
        let more = [full, row("乙镇")];
        super::write(folder.path(), &more, Some(&register)).unwrap();
        let cells = cells(folder.path());
        assert_eq!(cells.len(), 3);
        assert_eq!([&cells[1][2], &cells[1][12]], ["甲镇人民政府", "已签收"]);
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
