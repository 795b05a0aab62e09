//! Loading as a whole: good inputs in both tongues, and hostile ones.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use hongtou::cli::report;
use hongtou::diag::{Diagnostic, Diagnostics};
use hongtou::load::{LoadError, Loaded, load};
use hongtou::model::{Circular, Scalar, Seal, ValueKind};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Folder(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    fn load(&self, content: impl AsRef<[u8]>) -> (Loaded, Vec<Diagnostic>) {
        let path = self.write("通报.yaml", content);
        let mut diagnostics = Diagnostics::default();
        let loaded = load(&path, &mut diagnostics).unwrap();
        (loaded, diagnostics.sorted())
    }
}

fn codes(content: impl AsRef<[u8]>) -> Vec<&'static str> {
    let (_, diagnostics) = Folder::new().load(content);
    diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code)
        .collect()
}

fn error(content: impl AsRef<[u8]>) -> String {
    let folder = Folder::new();
    let path = folder.write("通报.yaml", content);
    load(&path, &mut Diagnostics::default())
        .unwrap_err()
        .to_string()
}

const LEAST: &str = "文种: 问题通报\n标题: 关于甲的通报\n署名: 甲局\n成文日期: 2026年7月1日\n";

const WHOLE: &str = r#"
文种: 季度检查通报
份号: 000012
密级和保密期限: 机密★1年
紧急程度: 特急
发文机关标志: 甲县人民政府办公室文件
发文字号: 甲政办〔2026〕12号
标题: |-
  甲县人民政府办公室
  关于第二季度检查情况的通报
主送机关: 各镇人民政府：
正文:
  缘由: |
    根据𬭎㛃䶮要求
  结尾: ""
附件:
  - 标题: 问题清单
    表格: 问题清单
    列: [序号, 单位]
    合并列: 单位
署名: 甲县人民政府办公室
成文日期: 2026-07-01
印章: 不盖章
附注: （联系人：李某）
抄送机关: 县委办公室。
印发机关: 甲县人民政府办公室
印发日期: 2026年7月2日
变量: {季度: 二, 比例: 1.50}
表格:
  问题清单:
    - {单位: 甲镇, 数量: 3, 备注: ~}
    - {单位: 乙镇, 数量: ~, 备注: 无}
  名单:
    列: [姓名, 编号]
    行:
      - [李某, 007]
      - {编号: "12", 姓名: 王某}
"#;

fn english(text: &str) -> String {
    const NAMES: &[(&str, &str)] = &[
        ("文种:", "kind:"),
        ("份号:", "copy_number:"),
        ("密级和保密期限:", "secrecy:"),
        ("紧急程度:", "urgency:"),
        ("发文机关标志:", "issuer_mark:"),
        ("发文字号:", "doc_number:"),
        ("标题:", "title:"),
        ("主送机关:", "recipients:"),
        ("正文:", "main_text:"),
        ("缘由:", "reasons:"),
        ("结尾:", "closing:"),
        ("\n附件:", "\nattachments:"),
        ("    表格:", "    table:"),
        ("合并列:", "merged_columns:"),
        ("    列:", "    columns:"),
        ("    行:", "    rows:"),
        ("署名:", "signature:"),
        ("成文日期:", "doc_date:"),
        ("印章:", "seal:"),
        ("附注:", "note:"),
        ("抄送机关:", "cc_recipients:"),
        ("印发机关:", "print_office:"),
        ("印发日期:", "print_date:"),
        ("\n变量:", "\nvariables:"),
        ("\n表格:", "\ntables:"),
    ];
    NAMES
        .iter()
        .fold(text.to_owned(), |text, (chinese, english)| {
            text.replace(chinese, english)
        })
}

fn circular(content: &str) -> Circular {
    let (loaded, diagnostics) = Folder::new().load(content);
    let report = report::text(&diagnostics, &loaded.sources);
    assert_eq!(report, "");
    loaded.circular.unwrap()
}

#[test]
fn reads_every_key_under_both_names() {
    for text in [WHOLE.to_owned(), english(WHOLE)] {
        let circular = circular(&text);
        assert_eq!(circular.kind.value, "季度检查通报");
        let header = circular.header;
        assert_eq!(header.copy_number.unwrap().value.to_string(), "000012");
        assert_eq!(header.secrecy.unwrap().value.to_string(), "机密★1年");
        assert_eq!(header.urgency.unwrap().value.to_string(), "特急");
        assert_eq!(
            header.doc_number.unwrap().value.to_string(),
            "甲政办〔2026〕12号"
        );
        assert_eq!(header.issuer_mark.unwrap().value, "甲县人民政府办公室文件");
        assert_eq!(
            circular.title.value,
            "甲县人民政府办公室\n关于第二季度检查情况的通报"
        );
        assert_eq!(circular.recipients.unwrap().value, "各镇人民政府");
        let sections: Vec<_> = circular
            .main_text
            .sections
            .iter()
            .map(|(n, t)| (n.value.as_str(), t.value.as_str()))
            .collect();
        assert_eq!(sections, [("缘由", "根据𬭎㛃䶮要求\n"), ("结尾", "")]);
        let table = circular.attachments[0].table.as_ref().unwrap();
        assert_eq!(
            (table.columns.len(), table.merged[0].value.as_str()),
            (2, "单位")
        );
        assert_eq!(circular.doc_date.value.to_string(), "2026年7月1日");
        assert_eq!(circular.seal, Seal::None);
        assert_eq!(circular.note.unwrap().value, "联系人：李某");
        assert_eq!(circular.imprint.cc_recipients.unwrap().value, "县委办公室");
        assert_eq!(
            circular.imprint.print_date.unwrap().value.to_string(),
            "2026年7月2日"
        );
        assert_eq!(circular.variables.len(), 2);
        assert_eq!(circular.tables.len(), 2);
    }
}

#[test]
fn cells_keep_their_letters_and_columns_their_order() {
    let tables = circular(WHOLE).tables;
    let letters = |index: usize| -> Vec<Vec<Scalar>> {
        let scalar = |kind: &ValueKind| match kind {
            ValueKind::Scalar(scalar) => scalar.clone(),
            other => panic!("{other:?}"),
        };
        let rows = tables[index].rows().iter();
        rows.map(|row| row.iter().map(|cell| scalar(&cell.kind)).collect())
            .collect()
    };
    let text = |text: &str| Scalar::Text(text.to_owned());
    let columns: Vec<_> = tables[0]
        .columns()
        .iter()
        .map(|c| c.value.as_str())
        .collect();
    assert_eq!(columns, ["单位", "数量", "备注"]);
    assert_eq!(letters(0)[1], [text("乙镇"), Scalar::Empty, text("无")]);
    assert_eq!(letters(1)[0], [text("李某"), text("007")]);
    assert_eq!(letters(1)[1], [text("王某"), text("12")]);
}

#[test]
fn a_byte_order_mark_and_dos_line_breaks_change_nothing() {
    let text = format!("\u{feff}{}附注: 一\r\n", LEAST.replace('\n', "\r\n"));
    let circular = circular(&text);
    assert_eq!(
        circular.kind.origin.to_string().rsplit(':').next(),
        Some("5")
    );
    assert!(
        circular
            .note
            .unwrap()
            .origin
            .to_string()
            .ends_with("通报.yaml:5:5")
    );
    assert_eq!(circular.title.value, "关于甲的通报");
}

#[test]
fn reads_a_table_from_a_gb_18030_file_beside_the_input() {
    let folder = Folder::new();
    let (gb, _, _) = encoding_rs::GB18030.encode("单位,数量\r\n䶮镇,3\r\n");
    folder.write("台账.csv", gb);
    let (loaded, diagnostics) = folder.load(format!("{LEAST}表格: {{台账: {{文件: 台账.csv}}}}\n"));
    assert_eq!(diagnostics, []);
    let cell = loaded.circular.unwrap().tables[0].rows()[0][1].clone();
    assert!(
        cell.origin.to_string().ends_with("台账.csv:2:4"),
        "{}",
        cell.origin
    );
    assert_eq!(loaded.files.len(), 2);
    assert_eq!(loaded.sources.files().count(), 2);
}

#[test]
fn an_empty_file_is_named_so() {
    for content in ["", "\u{feff}", "# 只有注释\n", "\n\n", "~\n", "---\n"] {
        assert_eq!(codes(content), ["input/yaml/empty"], "{content:?}");
    }
}

#[test]
fn a_list_or_a_text_at_the_top_is_no_circular() {
    assert_eq!(codes("- 文种: 问题通报\n"), ["input/value/form"]);
    assert_eq!(codes("关于甲的通报\n"), ["input/value/form"]);
}

#[test]
fn finds_all_faults_of_a_file_at_once() {
    let text =
        "文种: 问题通报\n标提: 一\n发文字号: 甲[2026]1号\n份号: 12\n成文日期: 2026年2月30日\n";
    let expected = [
        "input/key/missing",
        "input/key/unknown",
        "header/doc-number/brackets",
        "header/copy-number/form",
        "body/doc-date/no-such-day",
    ];
    assert_eq!(codes(text), expected);
}

#[test]
fn bombs_and_garbage_are_refused_quickly() {
    let bomb: String = ('b'..='j')
        .zip('a'..='i')
        .map(|(name, last)| {
            format!(
                "{name}: &{name} [{}]\n",
                vec![format!("*{last}"); 9].join(", ")
            )
        })
        .collect();
    let hostile = [
        format!("a: &a [x, x]\n{bomb}"),
        "[".repeat(100_000),
        "- ".repeat(100_000),
        "{a: ".repeat(100_000),
        format!("标题: {}", "[".repeat(1000)),
        (0..1000)
            .map(|depth| format!("{}甲:\n", " ".repeat(depth)))
            .collect(),
    ];
    for text in hostile {
        let start = Instant::now();
        assert_eq!(codes(&text), ["input/yaml/too-complex"], "{}", &text[..40]);
        assert!(
            start.elapsed() < Duration::from_secs(120),
            "{}",
            &text[..40]
        );
    }
}

#[test]
fn ten_megabytes_of_garbage_give_a_short_report_quickly() {
    let signs: Vec<char> = "{}\":\na%é- \t'甲：".chars().collect();
    let mixed: String = (0..4_000_000_usize)
        .map(|i| signs[(i * 7919 + i / 13) % signs.len()])
        .collect();
    let texts = [
        mixed,
        "x: y z\n".repeat(300_000),
        "甲：乙\n".repeat(300_000),
        "a".repeat(10_000_000),
        "\t\n甲 ".repeat(500_000),
    ];
    for text in texts {
        let start = Instant::now();
        let (loaded, diagnostics) = Folder::new().load(&text);
        assert!(loaded.circular.is_none());
        let report = report::text(&diagnostics, &loaded.sources);
        let first: String = text.chars().take(20).collect();
        assert!(
            (1..=60).contains(&diagnostics.len()),
            "{} for {first:?}",
            diagnostics.len()
        );
        assert!(report.len() < 40_000, "{}", report.len());
        assert!(
            start.elapsed() < Duration::from_secs(300),
            "{:?} for {first:?}",
            start.elapsed()
        );
    }
}

#[test]
fn nul_bytes_and_escapes_never_reach_the_terminal() {
    for text in [
        "标题: \0甲\n",
        "标题: \u{1b}[2J甲\n",
        "\u{1b}]0;x\u{7}: 1\n",
        "\"\\e[31m\": 1\n",
        "\"甲\\n乙\": 1\n",
    ] {
        let (loaded, diagnostics) = Folder::new().load(text);
        assert!(!diagnostics.is_empty());
        let report = report::text(&diagnostics, &loaded.sources);
        assert!(
            !report.contains(|c: char| c.is_control() && c != '\n'),
            "{report}"
        );
    }
}

#[test]
fn says_why_a_file_cannot_be_read() {
    let folder = Folder::new();
    let missing = load(
        &folder.0.path().join("没有.yaml"),
        &mut Diagnostics::default(),
    );
    let missing = missing.unwrap_err();
    assert!(matches!(missing, LoadError::Missing { .. }));
    assert!(missing.to_string().contains("查找的位置"), "{missing}");
    let is_folder = load(folder.0.path(), &mut Diagnostics::default()).unwrap_err();
    assert!(matches!(is_folder, LoadError::Folder { .. }));
    assert!(error(b"PK\x03\x04....").contains("已损坏"));
    assert!(error(vec![b'a'; 16 * 1024 * 1024 + 1]).contains("超过 16 MB"));
}

#[cfg(unix)]
#[test]
fn a_device_is_refused_at_once() {
    let device = load(
        std::path::Path::new("/dev/zero"),
        &mut Diagnostics::default(),
    );
    let device = device.unwrap_err().to_string();
    assert!(device.contains("不是普通文件"), "{device}");
}

#[test]
fn cells_of_a_csv_file_are_trimmed_and_long_figures_are_text() {
    let folder = Folder::new();
    let csv = "户名,账号,数量\n　甲 镇\u{a0},6222020000000000001,\t12　\n乙镇 ,1.50,3\n";
    folder.write("清单.csv", csv);
    let (loaded, diagnostics) = folder.load(format!(
        "{LEAST}变量: {{卡: 6222020000000000001}}\n表格: {{清单: {{文件: 清单.csv}}}}\n"
    ));
    assert_eq!(diagnostics, []);
    let circular = loaded.circular.unwrap();
    let row = &circular.tables[0].rows()[0];
    let card = ValueKind::Scalar(Scalar::Text("6222020000000000001".to_owned()));
    assert_eq!(
        row[0].kind,
        ValueKind::Scalar(Scalar::Text("甲 镇".to_owned()))
    );
    assert_eq!(row[1].kind, card);
    assert_eq!(
        row[2].kind,
        ValueKind::Scalar(Scalar::Number {
            text: "12".to_owned(),
            value: 12.0
        })
    );
    assert_eq!(circular.variables[0].1.kind, card);
}

#[test]
fn a_template_under_another_ending_is_named() {
    let folder = Folder::new();
    std::fs::create_dir(folder.0.path().join("模板")).unwrap();
    for name in [
        "结尾.md",
        "结尾.md.txt",
        "缘由.MD",
        "缘由.md.bak",
        "说明.txt",
    ] {
        folder.write(&format!("模板/{name}"), "甲。\n");
    }
    let (loaded, diagnostics) = folder.load(format!("{LEAST}模板目录: 模板\n"));
    let codes: Vec<_> = diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, ["template/file/unknown"; 2], "{diagnostics:?}");
    assert_eq!(loaded.templates.len(), 1);
}

/// Each text that uses the cell told it again.
#[test]
fn an_empty_cell_is_told_once_however_many_texts_use_it() {
    let words = "涉及{{ 清单|取列(\"单位\")|顿号 }}";
    let table = "表格:\n  清单:\n    列: [单位, 问题]\n    行: [[甲镇, 一], [\"\", 二]]\n";
    let content = format!("{LEAST}正文: '{words}。'\n附注: '{words}'\n{table}");
    let folder = Folder::new();
    let path = folder.write("通报.yaml", content);
    let faults = hongtou::pipeline::run(&path, None).unwrap().diagnostics;
    let codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["tables/cell/empty"]);
}

/// The two hundredth warning once made every later error vanish, and a PDF was made.
#[test]
fn many_warnings_hide_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("通报.yaml");
    let mut text = String::from(
        "文种: 问题通报\n标题: 关于甲的通报\n署名: 甲局\n成文日期: 2026年7月1日\n正文: 甲。\n变量:\n",
    );
    for number in 0..250 {
        text.push_str(&format!("  甲{number}: 乙 #丙\n"));
    }
    text.push_str("署名人: 甲\n");
    std::fs::write(&path, text).unwrap();
    let mut diagnostics = Diagnostics::default();
    load(&path, &mut diagnostics).unwrap();
    let codes = diagnostics.iter().map(|fault| fault.code);
    let unknown = codes.clone().filter(|code| *code == "input/key/unknown");
    assert_eq!(unknown.count(), 1);
    let more = codes.filter(|code| *code == "input/faults/too-many");
    assert_eq!(more.count(), 1);
}

/// People number rows before they fill them in, and note something below.
#[test]
fn rows_with_a_number_alone_are_no_data() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = "序号,责任单位,问题描述\n1,甲镇,一处\n2,乙镇,两处\n3,,\n4,,\n";
    std::fs::write(folder.path().join("台账.csv"), ledger).unwrap();
    let text = "文种: 问题通报\n标题: 关于甲的通报\n署名: 甲局\n成文日期: 2026年7月1日\n正文: 甲。\n表格: {问题清单: {文件: 台账.csv}}\n";
    let path = folder.path().join("通报.yaml");
    std::fs::write(&path, text).unwrap();
    let mut diagnostics = Diagnostics::default();
    let circular = load(&path, &mut diagnostics).unwrap().circular.unwrap();
    assert_eq!(circular.tables[0].rows().len(), 2);
    let told = diagnostics.iter().map(|fault| fault.message.as_str());
    let told: String = told.collect();
    assert!(told.contains("2行") && told.contains("只有序号"), "{told}");
}
