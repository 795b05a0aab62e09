//! `hongtou check`, `rules` and `explain` as a clerk runs them: many files, every form of the report,
//! and the commented copy of a workbook.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

const HEAD: &str = "文种: 问题通报\n标题: 甲局关于乙的通报\n署名: 甲局\n成文日期: 2026年7月1日\n";

fn hongtou(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_hongtou"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// A folder with a good circular, one with a warning, and one with an error below another folder.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), format!("{HEAD}{text}")).unwrap();
    };
    std::fs::create_dir(folder.path().join("乡镇")).unwrap();
    write("一.yaml", "正文: 现将有关情况通报如下。\n");
    write("二.yaml", "正文: |\n  检查了12个账号,已经通报。\n");
    write("乡镇/三.yaml", "正文: |\n  请于9月31日前报送。\n");
    std::fs::write(folder.path().join("设置.yaml"), "规则: {}\n").unwrap();
    folder
}

#[test]
fn a_folder_is_checked_file_by_file_and_summed_up() {
    let folder = folder();
    let (code, out, err) = hongtou(folder.path(), &["check", "."]);
    let passed_over = "没有检查（没有“文种”一行，不是公文）：./设置.yaml\n";
    assert_eq!((code, err.as_str()), (1, passed_over));
    let expected = "\
./一.yaml：没有发现问题
./乡镇/三.yaml

【文字】1处
./乡镇/三.yaml:6:5: 错误[text/date/no-such-day]: 日历上没有“9月31日”这一天
  6 |   请于9月31日前报送。
    |   \u{3000}\u{3000}^
  建议：查对年、月、日

./乡镇/三.yaml：共 1 个错误

./二.yaml

【文字】1处
./二.yaml:6:11: 警告[text/mark/half-width]: 这里的“,”是半角标点
  6 |   检查了12个账号,已经通报。
    |   \u{3000}\u{3000}\u{3000}  \u{3000}\u{3000}\u{3000}^
  建议：改为全角的“，”

./二.yaml：共 1 个警告

检查3份，2份有问题：共 1 个错误、1 个警告
";
    assert_eq!(out, expected);
    // Nothing is written.
    assert!(!folder.path().join("一.pdf").exists());
}

#[test]
fn warnings_alone_end_with_0_and_a_missing_file_with_2() {
    let folder = folder();
    assert_eq!(hongtou(folder.path(), &["check", "二.yaml"]).0, 0);
    let (code, _, err) = hongtou(folder.path(), &["check", "一.yaml", "四.yaml"]);
    assert_eq!(code, 2);
    assert!(err.contains("四.yaml"), "{err}");
    let empty = tempfile::tempdir().unwrap();
    let (code, _, err) = hongtou(empty.path(), &["check", "."]);
    assert_eq!(code, 2);
    assert!(err.contains("没有输入文件"), "{err}");
}

#[test]
fn what_is_left_out_on_purpose_is_counted() {
    let folder = folder();
    let settings = "检查: {规则: {text/mark/half-width: 略去（上级来文原样）}}\n";
    let text = format!("{HEAD}{settings}正文: |\n  检查了12个账号,已经通报。\n");
    std::fs::write(folder.path().join("二.yaml"), text).unwrap();
    let (code, out, _) = hongtou(folder.path(), &["check", "二.yaml"]);
    assert_eq!(code, 0);
    assert_eq!(out, "二.yaml：没有发现问题（另有1处按“检查”的设置略去）\n");
    let (_, out, _) = hongtou(folder.path(), &["check", "--json", "二.yaml"]);
    let json: Value = serde_json::from_str(&out).unwrap();
    let silenced = &json["files"][0]["silenced"][0];
    assert_eq!(silenced["reason"], "上级来文原样");
    let (_, out, _) = hongtou(folder.path(), &["check", "--sarif", "二.yaml"]);
    let sarif: Value = serde_json::from_str(&out).unwrap();
    let suppression = &sarif["runs"][0]["results"][0]["suppressions"][0];
    assert_eq!(suppression["justification"], "上级来文原样");
}

#[test]
fn json_and_sarif_name_rule_place_and_cure() {
    let folder = folder();
    let (code, out, _) = hongtou(folder.path(), &["check", "--json", "二.yaml", "乡镇"]);
    assert_eq!(code, 1);
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["files"][1]["errors"], 1);
    let first = &json["files"][0]["diagnostics"][0];
    assert_eq!(first["code"], "text/mark/half-width");
    assert_eq!(first["place"]["column"], 11);

    let (_, out, _) = hongtou(folder.path(), &["check", "--sarif", "二.yaml", "乡镇"]);
    let sarif: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]));
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert!(region["startLine"].as_u64().unwrap() > 0);
    }
    assert_eq!(run["results"][1]["level"], "error");
}

#[test]
fn a_faulty_ledger_comes_back_with_comments_in_its_cells() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("问题清单").unwrap();
    for (row, cells) in [
        ["责任单位", "问题描述", "数量"],
        ["甲镇人民政府", "首页超过两周没有更新", "3"],
        ["乙镇人民政府", "没有做好布署", "4"],
    ]
    .iter()
    .enumerate()
    {
        for (column, text) in cells.iter().enumerate() {
            let (row, column) = (row as u32, column as u16);
            match text.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, *text).unwrap(),
            };
        }
    }
    book.save(folder.path().join("台账.xlsx")).unwrap();
    let text = format!("{HEAD}表格: {{问题清单: {{文件: 台账.xlsx}}}}\n正文: 甲。\n");
    std::fs::write(folder.path().join("通报.yaml"), text).unwrap();
    let (code, out, err) = hongtou(folder.path(), &["check", "通报.yaml", "--xlsx", "退回"]);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("台账.xlsx:问题清单!B3: 警告[text/words/lexicon]"),
        "{out}"
    );

    let path = folder.path().join("退回/台账-批注.xlsx");
    let bytes = std::fs::read(&path).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut comments = String::new();
    std::io::Read::read_to_string(
        &mut archive.by_name("xl/comments1.xml").unwrap(),
        &mut comments,
    )
    .unwrap();
    assert!(comments.contains("ref=\"B3\""), "{comments}");
    assert!(
        comments.contains("布署") && comments.contains("部署"),
        "{comments}"
    );
    // The cells are as they were, numbers as numbers.
    let mut copy: calamine::Xlsx<_> = calamine::open_workbook(&path).unwrap();
    let range = calamine::Reader::worksheet_range(&mut copy, "问题清单").unwrap();
    let cell = |row, column| range.get_value((row, column)).unwrap().to_string();
    assert_eq!(cell(2, 1), "没有做好布署");
    assert_eq!(range.get_value((1, 2)), Some(&calamine::Data::Float(3.0)));
    // The ledger itself is not touched, and a second check gives the same bytes.
    let first = std::fs::read(&path).unwrap();
    hongtou(folder.path(), &["check", "通报.yaml", "--xlsx", "退回"]);
    assert_eq!(std::fs::read(&path).unwrap(), first);
    // A ledger kept as text has no cells to comment on, and one without a fault needs none.
    std::fs::write(
        folder.path().join("台账.csv"),
        "责任单位,问题描述\n乙镇,没有做好布署\n",
    )
    .unwrap();
    let text = format!("{HEAD}表格: {{问题清单: {{文件: 台账.csv}}}}\n正文: 甲。\n");
    std::fs::write(folder.path().join("二.yaml"), text).unwrap();
    let (_, _, err) = hongtou(folder.path(), &["check", "二.yaml", "--xlsx", "退回"]);
    assert!(err.contains("台账.csv 是文字文件，不能加批注"), "{err}");
    std::fs::write(folder.path().join("三.yaml"), format!("{HEAD}正文: 甲。\n")).unwrap();
    let (_, _, err) = hongtou(folder.path(), &["check", "三.yaml", "--xlsx", "退回"]);
    assert!(err.contains("没有写出批注的台账"), "{err}");
    // What could not be written is told to programs as well.
    let into_a_file = ["check", "通报.yaml", "--json", "--xlsx", "台账.xlsx/退回"];
    let (code, out, _) = hongtou(folder.path(), &into_a_file);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let reason = json["refused"].as_str().unwrap();
    assert!(code == 2 && reason.contains("台账.xlsx/退回"), "{reason}");
}

#[test]
fn a_workbook_alone_sets_its_rules_on_a_sheet_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let mut sheet = |name: &str, rows: &[&[&str]]| {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (row, cells) in (0..).zip(rows) {
            for (column, text) in (0..).zip(*cells) {
                sheet.write_string(row, column, *text).unwrap();
            }
        }
    };
    sheet(
        "公文",
        &[
            &["文种", "问题通报"],
            &["标题", "甲局关于乙的通报"],
            &["署名", "甲局"],
            &["成文日期", "2026年7月1日"],
            &["正文", "检查了12个账号,已经通报。"],
        ],
    );
    sheet("清单", &[&["责任单位", "标识码"], &["甲镇", "1M"]]);
    sheet(
        "检查设置",
        &[
            &["规则", "级别"],
            &["text/mark/half-width", "略去（上级来文原样）"],
            &["findings/code/form", "警告"],
            &["编码标识码", "数数M"],
        ],
    );
    book.save(folder.path().join("台账.xlsx")).unwrap();
    // Of a folder it is checked as well, a ledger is not.
    let (code, out, err) = hongtou(folder.path(), &["check", "."]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(
        out.contains("./台账.xlsx:清单!B2: 警告[findings/code/form]"),
        "{out}"
    );
    assert!(
        out.contains("共 1 个警告（另有1处按“检查”的设置略去）"),
        "{out}"
    );
}

#[test]
fn every_rule_is_listed_and_explained() {
    let folder = tempfile::tempdir().unwrap();
    let (_, list, _) = hongtou(folder.path(), &["rules"]);
    for rule in hongtou::pipeline::rules() {
        assert!(list.contains(rule.code), "{}", rule.code);
        assert!(rule.code.split('/').count() == 3, "{}", rule.code);
        assert!(
            !rule.about.is_empty() && !rule.about.ends_with('。'),
            "{}",
            rule.code
        );
        assert_eq!(
            rule.wrong.is_empty(),
            rule.right.is_empty(),
            "{}",
            rule.code
        );
    }
    let (code, text, _) = hongtou(folder.path(), &["explain", "[text/date/padded]"]);
    assert_eq!(code, 0);
    for part in [
        "一般",
        "GB/T 9704—2012，7.3.5.4",
        "错例：2024年04月19日",
        "略去（理由）",
    ] {
        assert!(text.contains(part), "{text}");
    }
    let (code, _, err) = hongtou(folder.path(), &["explain", "text/date/paded"]);
    assert_eq!(code, 2);
    assert!(err.contains("text/date/padded"), "{err}");
}
