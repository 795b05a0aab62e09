//! Ledgers as offices keep them: the same rows out of every format, every bad cell named, and
//! hostile files refused in words.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use hongtou::diag::{Diagnostic, Diagnostics, Severity};
use hongtou::load::load;
use hongtou::model::{Circular, Table, ValueKind};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

const HEAD: &str = "文种: 问题通报\n标题: 关于甲的通报\n署名: 甲局\n成文日期: 2026年7月1日\n";

fn read(path: &Path) -> (Option<Circular>, Vec<Diagnostic>) {
    let mut diagnostics = Diagnostics::default();
    let loaded = load(path, &mut diagnostics).unwrap();
    (loaded.circular, diagnostics.sorted())
}

/// Loads a ledger through an input file beside it; `more` are further lines of the table.
fn ledger(bytes: &[u8], more: &str) -> (Option<Circular>, Vec<Diagnostic>) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("台账"), bytes).unwrap();
    let input = folder.path().join("通报.yaml");
    fs::write(
        &input,
        format!("{HEAD}表格:\n  问题清单:\n    文件: 台账\n{more}"),
    )
    .unwrap();
    read(&input)
}

fn file(name: &str) -> PathBuf {
    crate::root().join("tests/files").join(name)
}

/// The columns and rows of a table, cells joined by `|`.
fn shown(table: &Table) -> Vec<String> {
    let names = table.columns().iter().map(|column| column.value.as_str());
    let mut lines = vec![names.collect::<Vec<_>>().join("|")];
    for row in table.rows() {
        let cells = row.iter().map(|cell| match &cell.kind {
            ValueKind::Scalar(scalar) => scalar.text(),
            _ => "?",
        });
        lines.push(cells.collect::<Vec<_>>().join("|"));
    }
    lines
}

/// Places and codes, the place without the folder.
fn faults(diagnostics: &[Diagnostic]) -> Vec<String> {
    let place = |d: &Diagnostic| d.origin.to_string().rsplit('/').next().unwrap().to_owned();
    diagnostics
        .iter()
        .map(|d| format!("{} {}", place(d), d.code))
        .collect()
}

fn errors(diagnostics: &[Diagnostic]) -> Vec<String> {
    let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error);
    faults(&errors.cloned().collect::<Vec<_>>())
}

const ROWS: [&str; 5] = [
    "序号|区域|主办单位|问题类型|条数|已整改|未整改|整改期限",
    "1|东部|甲镇人民政府|更新不及时|3|1|2|2021年9月16日",
    "2|东部|乙镇人民政府|更新不及时|12|12|0|2021年9月16日",
    "3|西部|县水利局|用词不规范|2.5|0|2.5|2021年9月16日",
    "4|西部|县财政局|共3处，2021.9.16前整改|4|4|0|9月16日",
];

fn book(mut fill: impl FnMut(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet().set_name("问题清单").unwrap());
    book.save_to_buffer().unwrap()
}

/// The ledger of `tests/files/make.py` by another writer.
fn odd_ledger() -> Vec<u8> {
    let plain = Format::new();
    let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    book(|sheet| {
        let title = "某县2021年第三季度政务新媒体问题台账";
        sheet.merge_range(1, 1, 1, 9, title, &plain).unwrap();
        sheet.write(2, 1, "填报单位：某县人民政府办公室").unwrap();
        let names = [
            (1, "序号"),
            (2, "区域"),
            (3, "主办\n单位"),
            (4, "问题类型"),
            (5, "条 数"),
        ];
        for (column, name) in names.into_iter().chain([(9, "整改期限")]) {
            sheet
                .merge_range(4, column, 5, column, name, &plain)
                .unwrap();
        }
        sheet.merge_range(4, 7, 4, 8, "整改情况", &plain).unwrap();
        sheet.write(5, 7, "已整改").unwrap();
        sheet.write(5, 8, "未整改").unwrap();
        sheet.merge_range(6, 2, 8, 2, "东部", &plain).unwrap();
        sheet.merge_range(10, 2, 11, 2, "西部", &plain).unwrap();
        let texts: [(u32, u16, &str); 15] = [
            (6, 3, " 甲镇人民政府\n"),
            (6, 4, "更新不及时"),
            (7, 3, "乙镇人民政府"),
            (7, 4, "更新不及时"),
            (7, 5, "１２"),
            (7, 9, "2021.9.16"),
            (8, 3, "小计"),
            (10, 3, "县水利局"),
            (10, 4, "用词不规范"),
            (10, 9, "2021年9月16日"),
            (11, 3, "县财政局　"),
            (11, 4, "共3处，2021.9.16前整改"),
            (11, 5, "4"),
            (11, 9, "9月16日"),
            (13, 1, "合　计"),
        ];
        for (row, column, text) in texts {
            sheet.write(row, column, text).unwrap();
        }
        sheet.write(12, 2, "小计").unwrap();
        let numbers: [(u32, u16, f64); 24] = [
            (6, 1, 1.0),
            (6, 5, 3.0),
            (6, 7, 1.0),
            (6, 8, 2.0),
            (7, 1, 2.0),
            (7, 7, 12.0),
            (7, 8, 0.0),
            (8, 5, 15.0),
            (8, 7, 13.0),
            (8, 8, 2.0),
            (10, 1, 3.0),
            (10, 5, 2.5),
            (10, 7, 0.0),
            (10, 8, 2.5),
            (11, 1, 4.0),
            (11, 7, 4.0),
            (11, 8, 0.0),
            (12, 5, 6.5),
            (12, 7, 4.0),
            (12, 8, 2.5),
            (13, 5, 21.5),
            (13, 7, 17.0),
            (13, 8, 4.5),
            (6, 5, 3.0),
        ];
        for (row, column, number) in numbers {
            sheet.write(row, column, number).unwrap();
        }
        let date = ExcelDateTime::from_ymd(2021, 9, 16).unwrap();
        sheet.write_with_format(6, 9, date, &day).unwrap();
        sheet
            .merge_range(15, 1, 15, 9, "备注：1.本表由各单位填报。", &plain)
            .unwrap();
        sheet.write(16, 1, "2.数量以核查为准。").unwrap();
        sheet.write(17, 1, "填表人：张某").unwrap();
        sheet.write(17, 4, "审核人：李某").unwrap();
    })
}

#[test]
fn every_format_gives_the_same_rows_at_the_same_addresses() {
    let mut ledgers = vec![("rust_xlsxwriter".to_owned(), odd_ledger())];
    for name in [
        "openpyxl.xlsx",
        "openpyxl-1904.xlsx",
        "libreoffice.xlsx",
        "libreoffice.xls",
        "libreoffice.ods",
        "sheetjs.xlsb",
    ] {
        ledgers.push((name.to_owned(), fs::read(file(name)).unwrap()));
    }
    for (name, bytes) in ledgers {
        let (circular, diagnostics) = ledger(&bytes, "");
        assert_eq!(errors(&diagnostics), [""; 0], "{name}");
        let table = &circular.unwrap().tables[0];
        assert_eq!(shown(table), ROWS, "{name}");
        let place = |row: usize, column: usize| {
            let place = table.rows()[row][column].origin.to_string();
            place.rsplit('/').next().unwrap().to_owned()
        };
        assert_eq!(place(0, 2), "台账:问题清单!D7", "{name}");
        assert_eq!(
            place(1, 1),
            "台账:问题清单!C7",
            "a merged cell stands at its first, {name}"
        );
        assert_eq!(place(3, 7), "台账:问题清单!J12", "{name}");
        let notes = [
            "台账:问题清单!F8 tables/cell/rewritten",
            "台账:问题清单!D9 tables/row/left-out",
        ];
        assert_eq!(faults(&diagnostics), notes, "{name}");
    }
}

#[test]
fn a_csv_with_title_totals_and_notes_gives_the_same_rows() {
    let text = "台账,,,\n,,,\n序号,单位,条数,期限\n1,甲镇,3,2021.9.16\n2, 乙镇 ,１２,2021/9/16\n\
                合计,,15,\n备注：以核查为准,,,\n";
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    for bytes in [text.as_bytes(), &gb] {
        let (circular, diagnostics) = ledger(bytes, "");
        assert_eq!(errors(&diagnostics), [""; 0]);
        let rows = [
            "序号|单位|条数|期限",
            "1|甲镇|3|2021年9月16日",
            "2|乙镇|12|2021年9月16日",
        ];
        assert_eq!(shown(&circular.unwrap().tables[0]), rows);
    }
    let (_, diagnostics) = ledger(text.replace("15", "16").as_bytes(), "");
    assert_eq!(errors(&diagnostics), ["台账:6:5 tables/total/differs"]);
}

/// Rows of totals and notes were counted as data where their words were not the usual ones alone.
#[test]
fn totals_and_notes_are_told_whatever_stands_around_their_words() {
    for label in [
        "合计（万元）",
        "合计(个)",
        "【合计】",
        "合计*",
        "合计数",
        "合计3个单位",
        "总数",
        "汇总",
        "Total",
        "平均",
        "其中：乡镇",
    ] {
        let number = if label == "平均" { "2.5" } else { "5" };
        let text = format!("单位,条数\n甲镇,3\n乙镇,2\n{label},{number}\n");
        let (circular, diagnostics) = ledger(text.as_bytes(), "");
        assert_eq!(
            shown(&circular.unwrap().tables[0]),
            ["单位|条数", "甲镇|3", "乙镇|2"],
            "{label}"
        );
        assert_eq!(
            faults(&diagnostics),
            ["台账:4:1 tables/row/left-out"],
            "{label}"
        );
    }
    let bytes = book(|sheet| {
        for (row, (unit, count)) in [("单位", ""), ("甲镇", "3")].into_iter().enumerate() {
            sheet.write(row as u32, 0, unit).unwrap();
            sheet.write(row as u32, 1, count).unwrap();
        }
        sheet.write(0, 1, "条数").unwrap();
        let format = rust_xlsxwriter::Format::new();
        sheet
            .merge_range(2, 0, 2, 1, "※以上数据截至9月30日", &format)
            .unwrap();
    });
    let (circular, _) = ledger(&bytes, "");
    assert_eq!(shown(&circular.unwrap().tables[0]).len(), 2);
}

/// What a finding says is no total, whatever word it begins or ends with.
#[test]
fn words_of_a_finding_are_no_total() {
    for what in [
        "累计3次未报信息",
        "财政支出合计（未公开）",
        "其中：两个栏目未更新",
        "平均",
        "汇总",
        "总数",
    ] {
        let text = format!("单位,问题,条数\n甲镇,未更新,3\n乙镇,{what},1\n丙镇,,\n");
        let (circular, diagnostics) = ledger(text.as_bytes(), "");
        assert_eq!(shown(&circular.unwrap().tables[0]).len(), 4, "{what}");
        assert!(
            !faults(&diagnostics)
                .iter()
                .any(|fault| fault.contains("left-out")),
            "{what}"
        );
    }
}

/// Two rows and small counts come to their sum by chance, and a table with its total has it already.
#[test]
fn a_last_row_that_may_be_a_total_is_told_where_chance_is_small() {
    let told = |rows: &str| {
        let (_, diagnostics) = ledger(format!("单位,条数,已改\n{rows}").as_bytes(), "");
        faults(&diagnostics)
            .iter()
            .any(|fault| fault.contains("like-total"))
    };
    assert!(told("甲镇,3,0\n乙镇,4,0\n丙镇,5,0\n全县,12,0\n"));
    assert!(!told("甲镇,1,1\n乙镇,1,1\n丙镇,2,2\n"));
    assert!(!told(
        "甲镇,5,5\n乙镇,4,4\n丙镇,3,3\n丁镇,12,12\n合计,24,24\n"
    ));
    assert!(!told("甲镇,3,1\n乙镇,4,1\n丙镇,5,1\n丁镇,12,1\n"));
}

#[test]
fn a_total_that_differs_from_its_rows_is_an_error_at_its_cell() {
    let bytes = book(|sheet| {
        for (row, (unit, count)) in [
            ("单位", None),
            ("甲镇", Some(3)),
            ("乙镇", Some(5)),
            ("合计", Some(9)),
        ]
        .into_iter()
        .enumerate()
        {
            sheet.write(row as u32, 0, unit).unwrap();
            match count {
                Some(count) => sheet.write(row as u32, 1, count).unwrap(),
                None => sheet.write(row as u32, 1, "条数").unwrap(),
            };
        }
    });
    let (circular, diagnostics) = ledger(&bytes, "");
    assert!(circular.is_none());
    assert_eq!(
        errors(&diagnostics),
        ["台账:问题清单!B4 tables/total/differs"]
    );
    let fault = diagnostics
        .iter()
        .find(|d| d.severity == Severity::Error)
        .unwrap();
    assert!(
        fault.message.contains('9') && fault.message.contains('8'),
        "{}",
        fault.message
    );
}

#[test]
fn bad_cells_are_named_as_the_user_sees_them() {
    let bytes = fs::read(file("faults.xlsx")).unwrap();
    let (_, diagnostics) = ledger(&bytes, "");
    let expected = [
        "台账:问题清单!B2 tables/cell/formula-no-value",
        "台账:问题清单!B3 tables/cell/formula-fault",
    ];
    assert_eq!(errors(&diagnostics), expected);
    assert!(diagnostics[1].message.contains("#REF!"));
}

#[test]
fn numbers_and_shares_read_as_the_sheet_shows_them() {
    let bytes = book(|sheet| {
        sheet
            .write_row(0, 0, ["单位", "整改率", "编号", "金额", "期限", "起始月"])
            .unwrap();
        sheet.write(1, 0, "甲镇").unwrap();
        sheet
            .write_with_format(1, 1, 0.6138, &Format::new().set_num_format("0%"))
            .unwrap();
        sheet
            .write_with_format(1, 2, 12, &Format::new().set_num_format("0000"))
            .unwrap();
        sheet.write(1, 3, 0.1 + 0.2).unwrap();
        sheet.write(1, 4, 44455).unwrap();
        let month = Format::new().set_num_format("yyyy\"年\"m\"月\"");
        sheet.write_with_format(1, 5, 44455, &month).unwrap();
    });
    let (circular, _) = ledger(&bytes, "");
    let rows = shown(&circular.unwrap().tables[0]);
    assert_eq!(rows[1], "甲镇|61%|0012|0.3|2021年9月16日|2021年9月");
}

#[test]
fn a_column_is_found_under_its_other_names_and_keeps_its_own() {
    let bytes = book(|sheet| {
        sheet
            .write_row(0, 0, ["牵头单位", "开设主体", "存在问题"])
            .unwrap();
        sheet.write_row(1, 0, ["甲局", "乙镇", "没有更新"]).unwrap();
    });
    let table = |more: &str| ledger(&bytes, more).0.unwrap().tables.remove(0);
    let common = table("");
    assert_eq!(common.column("责任单位"), Some(1));
    assert_eq!(common.column("开设主体"), Some(1));
    assert_eq!(common.column("问题描述"), Some(2));
    assert_eq!(common.column("数量"), None);
    let own = table("    列别名: {责任单位: [牵头单位]}\n");
    assert_eq!(own.column("责任单位"), Some(0));
}

#[test]
fn a_colon_behind_one_name_hides_no_row_of_names() {
    let bytes = book(|sheet| {
        sheet.write_row(0, 0, ["填报单位：", "甲局"]).unwrap();
        sheet
            .write_row(1, 0, ["责任单位", "数量", "备注："])
            .unwrap();
        sheet.write_row(2, 0, ["乙镇", "3", "已改"]).unwrap();
    });
    let table = ledger(&bytes, "").0.unwrap().tables.remove(0);
    assert_eq!(shown(&table), ["责任单位|数量|备注：", "乙镇|3|已改"]);
}

#[test]
fn sheet_and_range_may_be_named() {
    let mut book = Workbook::new();
    let first = book.add_worksheet().set_name("总表").unwrap();
    first.write_row(0, 0, ["单位", "条数"]).unwrap();
    first.write_row(1, 0, ["甲镇", "1"]).unwrap();
    first.write_row(5, 3, ["单位", "条数"]).unwrap();
    first.write_row(6, 3, ["乙镇", "2"]).unwrap();
    let hidden = book
        .add_worksheet()
        .set_name("旧")
        .unwrap()
        .set_hidden(true);
    hidden.write_row(0, 0, ["单位", "条数"]).unwrap();
    hidden.write_row(1, 0, ["丙镇", "3"]).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let rows = |more: &str| {
        let (circular, diagnostics) = ledger(&bytes, more);
        let shown = circular.map(|circular| shown(&circular.tables[0])[1..].join(" "));
        (shown.unwrap_or_default(), errors(&diagnostics))
    };
    assert_eq!(rows("    区域: D6:E7\n"), ("乙镇|2".to_owned(), vec![]));
    assert_eq!(rows("    工作表: 旧\n"), ("丙镇|3".to_owned(), vec![]));
    for (more, code) in [
        ("    工作表: 新\n", "tables/sheet/missing"),
        ("    区域: D6\n", "tables/range/form"),
        ("    区域: X1:Z9\n", "tables/sheet/empty"),
    ] {
        assert!(rows(more).1[0].ends_with(code), "{more}{:?}", rows(more));
    }
}

fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(*name, options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A compound file's directory entry with that name.
fn compound(name: &str) -> Vec<u8> {
    let mut bytes = vec![0; 4096];
    bytes[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    for (index, unit) in name.encode_utf16().enumerate() {
        bytes[1024 + 2 * index..][..2].copy_from_slice(&unit.to_le_bytes());
    }
    bytes
}

/// Files that are no readable workbook, each with its code and a word of the message.
fn hostile() -> Vec<(Vec<u8>, &'static str, &'static str)> {
    let zeros = vec![b' '; 300 * 1024 * 1024];
    vec![
        (
            packed(&[
                ("xl/workbook.xml", b"<a/>"),
                ("xl/sharedStrings.xml", &zeros),
            ]),
            "tables/file/too-large",
            "解压后超过",
        ),
        (
            fs::read(file("password.xlsx")).unwrap(),
            "tables/file/password",
            "密码",
        ),
        (compound("EncryptedPackage"), "tables/file/password", "密码"),
        (
            compound("WordDocument"),
            "tables/file/unsupported",
            "文字文档",
        ),
        (
            packed(&[("word/document.xml", b"<a/>")]),
            "tables/file/unsupported",
            "docx",
        ),
        (
            packed(&[("a.txt", b"1")]),
            "tables/file/unsupported",
            "压缩文件",
        ),
        (
            packed(&[("xl/workbook.xml", b"<a/>")]),
            "tables/file/damaged",
            "已损坏",
        ),
        (b"%PDF-1.7".to_vec(), "tables/file/unsupported", "PDF"),
        (b"<html><table>".to_vec(), "tables/file/unsupported", "网页"),
    ]
}

#[test]
fn hostile_files_are_refused_in_words() {
    for (bytes, code, word) in hostile() {
        let (_, diagnostics) = ledger(&bytes, "");
        assert_eq!(
            errors(&diagnostics),
            [format!("通报.yaml:7:9 {code}")],
            "{word}"
        );
        assert!(
            diagnostics[0].message.contains(word),
            "{}",
            diagnostics[0].message
        );
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("台账.xlsx");
        fs::write(&path, &bytes).unwrap();
        if word != "网页" {
            let refusal = load(&path, &mut Diagnostics::default())
                .unwrap_err()
                .to_string();
            assert!(refusal.contains(word), "{refusal}");
        }
    }
}

#[test]
fn a_truncated_workbook_is_refused_at_every_length() {
    for name in ["openpyxl.xlsx", "libreoffice.xls", "libreoffice.ods"] {
        let bytes = fs::read(file(name)).unwrap();
        for length in (8..bytes.len()).step_by(97) {
            let (circular, diagnostics) = ledger(&bytes[..length], "");
            let known = ["tables/file/damaged", "tables/file/unsupported"];
            let refused = diagnostics.first().is_some_and(|d| known.contains(&d.code));
            assert!(
                refused || circular.is_some(),
                "{name} {length}: {:?}",
                faults(&diagnostics)
            );
        }
    }
}

#[test]
fn two_cells_at_the_ends_of_a_sheet_cost_no_memory() {
    let bytes = book(|sheet| {
        sheet.write_row(0, 0, ["单位", "条数"]).unwrap();
        sheet.write_row(1_048_575, 0, ["甲镇", "1"]).unwrap();
        sheet.write(1_048_575, 16_383, "远").unwrap();
    });
    let (_, diagnostics) = ledger(&bytes, "");
    assert_eq!(
        errors(&diagnostics),
        ["台账:问题清单!XFD1 tables/column/empty"]
    );
}

fn hongtou(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_hongtou"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn a_starter_of_every_kind_builds_at_once_and_is_always_the_same() {
    for (kind, input) in [
        ("季度检查通报", "通报.yaml"),
        ("问题通报", "通报.yaml"),
        ("专项工作通知", "通知.yaml"),
        ("整改通知", "通报.yaml"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        for name in ["一", "二"] {
            assert_eq!(
                hongtou(folder.path(), &["new", name, "--kind", kind]),
                (0, String::new())
            );
        }
        let read = |name| fs::read(folder.path().join(name).join("台账.xlsx")).unwrap();
        assert!(read("一") == read("二"), "{kind}");
        let (code, refusal) = hongtou(folder.path(), &["new", "一", "--kind", kind]);
        assert!(code == 2 && refusal.contains("已有文件"), "{refusal}");
        let file = folder.path().join("一").join(input);
        assert_eq!(
            hongtou(folder.path(), &["build", file.to_str().unwrap()]),
            (0, String::new())
        );
        assert!(file.with_extension("pdf").exists());
    }
    let folder = tempfile::tempdir().unwrap();
    hongtou(folder.path(), &["new", "一", "--kind", "整改通知"]);
    let (code, told) = hongtou(folder.path(), &["batch", "一/通报.yaml", "-o", "二"]);
    assert!(code == 0 && !told.contains("警告"), "{told}");
    let made = fs::read_dir(folder.path().join("二")).unwrap();
    let made = made.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let made: Vec<String> = made
        .filter(|name| name.ends_with("-整改通知.pdf"))
        .collect();
    assert_eq!(made.len(), 5, "{made:?}");
    let folder = tempfile::tempdir().unwrap();
    let (code, refusal) = hongtou(folder.path(), &["new", "一", "--kind", "喜报"]);
    assert!(
        code == 2 && refusal.contains("内置的有：季度检查通报"),
        "{refusal}"
    );
}

/// A workbook alone: sheet 公文 with these pairs, and a ledger.
fn alone(pairs: &[(&str, &str)]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("公文").unwrap();
    for (row, (key, value)) in (1..).zip(pairs) {
        sheet.write(row, 0, *key).unwrap();
        sheet.write(row, 1, *value).unwrap();
    }
    let variables = book.add_worksheet().set_name("变量").unwrap();
    variables.write_row(0, 0, ["检查时间", "6月22日"]).unwrap();
    variables
        .write_row(1, 0, ["检查对象", "政务新媒体"])
        .unwrap();
    let ledger = book.add_worksheet().set_name("问题清单").unwrap();
    ledger
        .write_row(0, 0, ["序号", "开设主体", "问题类型"])
        .unwrap();
    ledger
        .write_row(1, 0, ["1", "甲镇人民政府", "更新不及时"])
        .unwrap();
    ledger
        .write_row(2, 0, ["2", "乙镇人民政府", "用词不规范"])
        .unwrap();
    let old = book
        .add_worksheet()
        .set_name("旧 表")
        .unwrap()
        .set_hidden(true);
    old.write(0, 0, "不读").unwrap();
    book.add_worksheet().set_name("Sheet4").unwrap();
    book.save_to_buffer().unwrap()
}

const PAIRS: [(&str, &str); 12] = [
    ("文种：", "问题通报"),
    ("发文机关标志", "某县人民政府办公室文件"),
    ("发文字号", "某政办发〔2026〕1号"),
    ("标题", "某县人民政府办公室关于政务新媒体检查情况的通报"),
    ("主送机关", "各乡镇人民政府"),
    ("缘由", "第一段，共{{ 问题清单|计数 }}个问题。"),
    ("", ""),
    ("", "第二段，涉及{{ 问题清单|取列(\"责任单位\")|顿号 }}。"),
    ("署名", "某县人民政府办公室"),
    ("成文日期", "2026年7月1日"),
    ("附件1", "问题清单"),
    ("附件1表格", "问题清单"),
];

#[test]
fn a_workbook_alone_is_an_input() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("台账.xlsx");
    fs::write(&path, alone(&PAIRS)).unwrap();
    let outcome = hongtou::pipeline::run(&path, None).unwrap();
    assert_eq!(
        faults(&outcome.diagnostics),
        [""; 0],
        "{:#?}",
        outcome.diagnostics
    );
    let markdown = outcome.markdown.unwrap();
    assert!(
        markdown.contains("第一段，共2个问题。\n\n第二段，涉及甲镇人民政府、乙镇人民政府。"),
        "{markdown}"
    );
    let (circular, _) = read(&path);
    let circular = circular.unwrap();
    assert_eq!(circular.tables.len(), 1);
    assert!(
        circular
            .title
            .origin
            .to_string()
            .ends_with("台账.xlsx:公文!B5")
    );
    assert_eq!(
        circular.attachments[0].table.as_ref().unwrap().name.value,
        "问题清单"
    );
    assert_eq!(
        hongtou(folder.path(), &["build", "台账.xlsx"]),
        (0, String::new())
    );
    assert!(folder.path().join("台账.pdf").exists());
}

#[test]
fn faults_of_a_workbook_alone_stand_at_its_cells() {
    for (key, wrong, expected) in [
        (
            "成文日期",
            ("成文日期", "2026年2月30日"),
            "台账.xlsx:公文!B11 body/doc-date/no-such-day",
        ),
        (
            "标题",
            ("标提", "甲"),
            "台账.xlsx:公文!A5 input/key/unknown",
        ),
        (
            "附件1表格",
            ("附件1表格", "清单"),
            "台账.xlsx:公文!B13 body/attachment/no-such-table",
        ),
        (
            "发文字号",
            ("发文字号", "某政办发[2026]1号"),
            "台账.xlsx:公文!B4 header/doc-number/brackets",
        ),
        (
            "主送机关",
            ("主送机关", "{{ 没有 }}"),
            "台账.xlsx:公文!B6 template/name/unknown",
        ),
        // 缘由 is a part of 正文, so both cannot stand.
        (
            "主送机关",
            ("正文", "全文自己写。"),
            "台账.xlsx:公文!A7 input/key/duplicate",
        ),
    ] {
        let pairs = PAIRS.map(|pair| if pair.0 == key { wrong } else { pair });
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("台账.xlsx");
        fs::write(&path, alone(&pairs)).unwrap();
        let outcome = hongtou::pipeline::run(&path, None).unwrap();
        assert_eq!(errors(&outcome.diagnostics), [expected]);
    }
}

#[test]
fn a_truth_value_is_printed_as_the_sheet_shows_it() {
    let bytes = book(|sheet| {
        sheet.write_row(0, 0, ["单位", "已整改"]).unwrap();
        sheet.write(1, 0, "甲镇").unwrap();
        sheet.write(1, 1, true).unwrap();
        sheet.write(2, 0, "乙镇").unwrap();
        sheet.write(2, 1, false).unwrap();
    });
    let (circular, _) = ledger(&bytes, "");
    let table = circular.unwrap().tables[0].clone();
    let texts = table.rows().iter().map(|row| match &row[1].kind {
        ValueKind::Scalar(scalar) => scalar.text().to_owned(),
        other => panic!("{other:?}"),
    });
    assert_eq!(texts.collect::<Vec<_>>(), ["TRUE", "FALSE"]);
}

#[test]
fn hidden_rows_and_columns_count_and_are_told() {
    let hidden_xlsx = fs::read(crate::root().join("tests/check/tables/hidden.xlsx")).unwrap();
    let hidden_ods = fs::read(file("hidden.ods")).unwrap();
    let written = book(|sheet| {
        sheet.write_row(0, 0, ["单位", "数量", "备注栏"]).unwrap();
        for (row, (unit, count)) in [("甲镇", 1), ("乙镇", 2), ("丙镇", 4), ("丁镇", 8)]
            .into_iter()
            .enumerate()
        {
            sheet.write(row as u32 + 1, 0, unit).unwrap();
            sheet.write(row as u32 + 1, 1, count).unwrap();
            sheet.write(row as u32 + 1, 2, "甲").unwrap();
        }
        sheet.set_row_hidden(2).unwrap();
        sheet.set_row_hidden(3).unwrap();
        sheet.set_column_hidden(2).unwrap();
    });
    for bytes in [hidden_xlsx, hidden_ods, written] {
        let (circular, diagnostics) = ledger(&bytes, "");
        assert_eq!(circular.unwrap().tables[0].rows().len(), 4);
        let told: Vec<_> = faults(&diagnostics);
        let told: Vec<_> = told
            .iter()
            .filter_map(|t| t.split_once('!'))
            .map(|(_, t)| t)
            .collect();
        assert_eq!(told, ["C1 tables/sheet/hidden", "A3 tables/sheet/hidden"]);
        assert!(diagnostics[1].message.contains("有2行"), "{diagnostics:?}");
    }
}

#[test]
fn an_xlsb_whose_cells_cannot_all_be_read_is_refused() {
    let (circular, diagnostics) = ledger(&fs::read(file("sheetjs-short.xlsb")).unwrap(), "");
    assert!(circular.is_none());
    assert_eq!(diagnostics[0].code, "tables/file/unsupported");
}

#[test]
fn a_ledger_of_wps_is_read_by_its_content() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(file("libreoffice.xls"), folder.path().join("台账.et")).unwrap();
    let input = folder.path().join("通报.yaml");
    fs::write(
        &input,
        format!("{HEAD}表格:\n  问题清单: {{文件: 台账.et}}\n"),
    )
    .unwrap();
    let (circular, _) = read(&input);
    assert_eq!(shown(&circular.unwrap().tables[0]), ROWS);
}
