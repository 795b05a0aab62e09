//! The command as a clerk runs it: messages, exit codes, and what is left on disk.

use std::path::Path;
use std::process::{Command, Output};

pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

pub fn hongtou(folder: &Path, arguments: &[&str]) -> Run {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_hongtou"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

pub const GOOD: &str = "文种: 问题通报
标题: 某县人民政府办公室关于政务新媒体检查情况的通报
发文机关标志: 某县人民政府办公室文件
发文字号: 某政办发〔2026〕1号
主送机关: 各乡镇人民政府
正文: |
  现将有关情况通报如下。
署名: 某县人民政府办公室
成文日期: 2026年7月1日
";

pub fn folder(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("通报.yaml"), text).unwrap();
    folder
}

#[test]
fn a_good_file_gives_a_pdf_beside_it_and_exit_0() {
    let folder = folder(GOOD);
    let run = hongtou(folder.path(), &["build", "通报.yaml"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(run.out, "已生成 通报.pdf（共1页）\n");
    assert!(
        std::fs::read(folder.path().join("通报.pdf"))
            .unwrap()
            .starts_with(b"%PDF-")
    );
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = folder(GOOD);
    for output in ["一.pdf", "二.pdf"] {
        assert_eq!(
            hongtou(folder.path(), &["build", "通报.yaml", "-o", output]).code,
            0
        );
    }
    let read = |name| std::fs::read(folder.path().join(name)).unwrap();
    assert!(read("一.pdf") == read("二.pdf"));
}

#[test]
fn a_fault_gives_exit_1_and_leaves_the_older_pdf_as_it_was() {
    let folder = folder(&GOOD.replace("2026年7月1日", "2026年2月30日"));
    let pdf = folder.path().join("通报.pdf");
    std::fs::write(&pdf, "旧的").unwrap();
    let run = hongtou(folder.path(), &["build", "通报.yaml"]);
    assert_eq!(run.code, 1);
    assert!(
        run.err
            .contains("通报.yaml:9:7: 错误[body/doc-date/no-such-day]"),
        "{}",
        run.err
    );
    assert_eq!(std::fs::read_to_string(&pdf).unwrap(), "旧的");
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(names.len(), 2, "no temporary file stays");
}

#[test]
fn every_broken_input_is_answered_in_chinese_at_its_place() {
    let bomb: String = (1..=9).fold(
        "变量:\n  a0: &a0 [x, x, x, x, x, x, x, x, x]\n".into(),
        |text, level| {
            let alias = format!("*a{}, ", level - 1).repeat(9);
            format!(
                "{text}  a{level}: &a{level} [{}]\n",
                alias.trim_end_matches(", ")
            )
        },
    );
    let garbage: String = "胡言乱语{[}] \u{7f}\t:".repeat(500_000);
    let cases: [(&str, String, &str); 9] = [
        (
            "full-width colon",
            GOOD.replace("文种: ", "文种："),
            "通报.yaml:1:",
        ),
        ("tab indent", GOOD.replace("  现将", "\t现将"), "通报.yaml:"),
        (
            "duplicate key",
            format!("{GOOD}文种: 问题通报\n"),
            "通报.yaml:10:",
        ),
        ("no title", GOOD.replace("标题: ", "标頭: "), "标题"),
        (
            "no such date",
            GOOD.replace("7月1日", "13月1日"),
            "通报.yaml:9:",
        ),
        (
            "template typo",
            GOOD.replace("现将", "{{ 没有 }}现将"),
            "通报.yaml:7:6: 错误[template/name/unknown]",
        ),
        (
            "unclosed brace",
            GOOD.replace("现将", "{{ 署名 现将"),
            "通报.yaml:7:",
        ),
        ("alias bomb", format!("{GOOD}{bomb}"), "通报.yaml"),
        ("garbage", garbage, "通报.yaml"),
    ];
    for (name, text, expected) in cases {
        let folder = folder(&text);
        let pdf = folder.path().join("通报.pdf");
        std::fs::write(&pdf, "旧的").unwrap();
        let run = hongtou(folder.path(), &["build", "通报.yaml"]);
        assert!(run.code == 1 || run.code == 2, "{name}: exit {}", run.code);
        assert!(
            run.err.contains(expected) && run.err.contains("错误"),
            "{name}: {}",
            run.err
        );
        assert!(
            run.err.len() < 8000,
            "{name}: {} bytes of message",
            run.err.len()
        );
        assert_eq!(std::fs::read_to_string(&pdf).unwrap(), "旧的", "{name}");
    }
}

#[test]
fn a_missing_file_gives_exit_2_and_says_where_it_was_looked_for() {
    let folder = folder(GOOD);
    let run = hongtou(folder.path(), &["build", "通告.yaml"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("通告.yaml"), "{}", run.err);
}

#[test]
fn an_output_that_cannot_be_written_gives_exit_2() {
    let folder = folder(GOOD);
    let run = hongtou(
        folder.path(),
        &["build", "通报.yaml", "-o", "没有/通报.pdf"],
    );
    assert_eq!(run.code, 2);
    assert!(
        run.err
            .contains("无法写入 没有/通报.pdf：所在的文件夹不存在"),
        "{}",
        run.err
    );
    let run = hongtou(folder.path(), &["build", "通报.yaml", "-o", "通报.yaml"]);
    assert_eq!(run.code, 2);
    assert_eq!(
        std::fs::read_to_string(folder.path().join("通报.yaml")).unwrap(),
        GOOD
    );
}

#[test]
fn json_lists_the_faults_for_programs() {
    let folder = folder(&GOOD.replace("〔2026〕", "[2026]"));
    let run = hongtou(folder.path(), &["build", "通报.yaml", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let fault = &json["diagnostics"][0];
    assert_eq!(fault["code"], "header/doc-number/brackets");
    assert_eq!(
        (&fault["place"]["line"], &fault["severity"]),
        (&4.into(), &"error".into())
    );
    assert_eq!(run.code, 1);
}

#[test]
fn pages_come_as_png_and_svg() {
    let folder = folder(GOOD);
    assert_eq!(
        hongtou(folder.path(), &["build", "通报.yaml", "--format", "png"]).code,
        0
    );
    assert_eq!(
        hongtou(folder.path(), &["build", "通报.yaml", "--format", "svg"]).code,
        0
    );
    assert!(
        std::fs::read(folder.path().join("通报-1.png"))
            .unwrap()
            .starts_with(b"\x89PNG")
    );
    assert!(
        std::fs::read(folder.path().join("通报-1.svg"))
            .unwrap()
            .starts_with(b"<svg")
    );
}

#[test]
fn a_copied_template_takes_the_place_of_the_built_in_one() {
    let text = GOOD.replace(
        "正文: |\n  现将有关情况通报如下。\n",
        "模板目录: 模板\n表格: {问题清单: []}\n",
    );
    let folder = folder(&text);
    let run = hongtou(folder.path(), &["template", "copy", "问题通报", "模板"]);
    assert_eq!(run.code, 0, "{}", run.err);
    std::fs::write(
        folder.path().join("模板/缘由.md"),
        "本单位自己的{{ 开头 }}。",
    )
    .unwrap();
    let run = hongtou(folder.path(), &["build", "通报.yaml"]);
    assert!(
        run.err
            .contains("缘由.md:1:10: 错误[template/name/unknown]"),
        "{}",
        run.err
    );
    let run = hongtou(folder.path(), &["template", "copy", "问题通报", "模板"]);
    assert_eq!(run.code, 2, "an existing folder is not written over");
}

#[test]
fn a_trace_is_written_beside_the_pdf_and_only_when_the_build_is_good() {
    let good = GOOD
        .replace("现将", "共{{ 数 }}条，现将")
        .replace("署名:", "变量: {数: 12}\n署名:");
    let folder = folder(&good);
    let arguments = ["build", "通报.yaml", "--trace", "来历.json"];
    let run = hongtou(folder.path(), &arguments);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(run.out, "已生成 通报.pdf、来历.json（共1页）\n");
    let trace = folder.path().join("来历.json");
    let entries: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&trace).unwrap()).unwrap();
    assert_eq!(entries.as_array().unwrap().len(), 1);
    let entry = &entries[0];
    assert_eq!(
        (&entry["value"], &entry["expression"]),
        (&"12".into(), &"数".into())
    );
    assert_eq!(entry["template"], "通报.yaml:7:4");
    assert_eq!(entry["cells"][0]["at"], "通报.yaml:8:9");
    assert_eq!(entry["cells"][0]["text"], "12");
    assert_eq!(entry["lines"][0]["page"], 1);

    let before = std::fs::read(&trace).unwrap();
    std::fs::write(
        folder.path().join("通报.yaml"),
        good.replace("共{{", "共{{ 无 }}{{"),
    )
    .unwrap();
    assert_eq!(hongtou(folder.path(), &arguments).code, 1);
    assert_eq!(std::fs::read(&trace).unwrap(), before);
}

#[test]
fn a_trace_never_replaces_the_input_or_the_pdf() {
    let folder = folder(GOOD);
    for target in ["通报.yaml", "通报.pdf"] {
        let run = hongtou(folder.path(), &["build", "通报.yaml", "--trace", target]);
        assert_eq!(run.code, 2, "{}", run.err);
    }
    assert_eq!(
        std::fs::read_to_string(folder.path().join("通报.yaml")).unwrap(),
        GOOD
    );
    assert!(!folder.path().join("通报.pdf").exists());
}

/// Pages are numbered after the output's name is known: one of them once replaced a picture of the
/// circular's own.
/// A slip of the name gave the other circular's PDF the letters of a trace.
#[test]
fn a_trace_or_report_takes_no_papers_place() {
    let folder = folder(GOOD);
    for (option, name) in [
        ("--trace", "旧.pdf"),
        ("--report", "旧.PDF"),
        ("--trace", "台账.xlsx"),
    ] {
        std::fs::write(folder.path().join(name), "旧的").unwrap();
        let run = hongtou(folder.path(), &["build", "通报.yaml", option, name]);
        assert_eq!(run.code, 2, "{option} {name}");
        assert_eq!(
            std::fs::read_to_string(folder.path().join(name)).unwrap(),
            "旧的"
        );
    }
}

/// Pages of no ending would be known by no program.
#[test]
fn pictures_of_pages_get_their_ending() {
    let folder = folder(GOOD);
    let run = hongtou(
        folder.path(),
        &["build", "通报.yaml", "--format", "svg", "-o", "页"],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(folder.path().join("页-1.svg").exists());
}

#[test]
fn numbered_pages_never_replace_what_was_read() {
    let drawing = r#"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>"#;
    let attachment = "附件:\n  - {标题: 流程图, 图: 通报-1.svg}\n";
    let folder = folder(&FULL.replace("附件:\n", attachment));
    let own = folder.path().join("通报-1.svg");
    std::fs::write(&own, drawing).unwrap();
    let run = hongtou(folder.path(), &["build", "通报.yaml", "--format", "svg"]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert_eq!(std::fs::read_to_string(&own).unwrap(), drawing);
}

/// A circular with every element that a paper of the general format may have.
const FULL: &str = "文种: 问题通报
份号: '000001'
密级和保密期限: 机密★1年
紧急程度: 加急
发文机关标志: 某县人民政府办公室文件
发文字号: 某政办〔2026〕8号
标题: 某县人民政府办公室关于政务新媒体检查情况的通报
主送机关: 各镇人民政府
正文: |
  现将检查情况通报如下。

  # 总体情况。

  各镇人民政府高度重视政务新媒体的内容保障，安排专人每天查看，发现问题及时改正，没有发现新的问题。
附件:
  - {标题: 检查结果, 正文: 各项都好。}
  - {标题: 问题清单, 正文: 没有问题。}
署名: 某县人民政府办公室
成文日期: 2026年7月1日
附注: 此件公开发布
抄送机关: 某市人民政府办公室
印发机关: 某县人民政府办公室
印发日期: 2026年7月1日
";

#[test]
fn a_report_measures_every_clause_and_breaks_none() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("通报.yaml"), FULL).unwrap();
    let run = hongtou(
        folder.path(),
        &["build", "通报.yaml", "--report", "检验.json"],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let text = std::fs::read_to_string(folder.path().join("检验.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let measures = report["measures"].as_array().unwrap();
    assert!(measures.len() > 60);
    for measure in measures {
        // A circular either has room for a seal or has not; this one has no table.
        let of_table = measure["what"].as_str().unwrap().starts_with("表格");
        let absent = measure["clause"] == "7.3.5.2" || of_table;
        let expected = if absent { "无此项" } else { "符合" };
        assert_eq!(measure["verdict"], expected, "{measure:#?}");
    }
    let arguments = ["build", "通报.yaml", "--report", "检验.html"];
    assert_eq!(hongtou(folder.path(), &arguments).code, 0);
    let html = std::fs::read_to_string(folder.path().join("检验.html")).unwrap();
    assert!(html.contains("各项都符合") && !html.contains("http://www.example"));
}

#[test]
fn one_file_is_not_for_the_press_and_for_archives() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("通报.yaml"), FULL).unwrap();
    let arguments = ["build", "通报.yaml", "--press", "--standard", "ua-1,a-2b"];
    let run = hongtou(folder.path(), &arguments);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("只能用屏幕上的颜色"), "{}", run.err);
    assert!(run.err.contains("排印两次"), "{}", run.err);
    assert!(!folder.path().join("通报.pdf").exists());
    // A picture has no inks and follows no standard of PDF.
    for option in [&["--press"][..], &["--standard", "a-2b"]] {
        let arguments = [&["build", "通报.yaml", "-o", "通报.png"], option].concat();
        let run = hongtou(folder.path(), &arguments);
        assert_eq!(run.code, 2);
        assert!(
            run.err.contains(option[0]) && run.err.contains("只用于 PDF"),
            "{}",
            run.err
        );
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let run = hongtou(folder.path(), &["build", "通报.yaml", "--press"]);
    assert_eq!(run.code, 0, "{}", run.err);
}

#[test]
fn each_file_has_its_own_schema() {
    let folder = tempfile::tempdir().unwrap();
    let keys = |arguments: &[&str]| {
        let run = hongtou(folder.path(), arguments);
        let schema: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        let keys = schema["properties"].as_object().unwrap();
        keys.keys().cloned().collect::<Vec<String>>()
    };
    let (circular, profile) = (keys(&["schema"]), keys(&["schema", "版式"]));
    assert_eq!(circular, keys(&["schema", "公文"]));
    let has = |keys: &[String], key: &str| keys.iter().any(|known| known == key);
    assert!(has(&circular, "标题") && !has(&circular, "行距"));
    assert!(has(&profile, "行距") && has(&profile, "印刷红色") && !has(&profile, "标题"));
}

#[test]
fn a_pdf_for_archives_and_one_to_be_read_aloud_say_so() {
    let folder = tempfile::tempdir().unwrap();
    // A table over pages, whose tags are the hardest to keep whole.
    let rows: String = (1..60)
        .map(|row| format!("    - {{单位: 第{row}镇人民政府, 说明: 更新不及时}}\n"))
        .collect();
    let text = format!("{FULL}表格:\n  清单:\n{rows}").replace("正文: 没有问题。", "表格: 清单");
    std::fs::write(folder.path().join("通报.yaml"), text).unwrap();
    for (standards, marks) in [
        ("a-2b", &["pdfaid:part>2<", "pdfaid:conformance>B<"][..]),
        ("ua-1", &["pdfuaid:part>1<"]),
        ("a-2b,ua-1", &["pdfaid:part>2<", "pdfuaid:part>1<"]),
    ] {
        let arguments = ["build", "通报.yaml", "--standard", standards];
        let run = hongtou(folder.path(), &arguments);
        assert_eq!(run.code, 0, "{standards}: {}", run.err);
        let pdf = std::fs::read(folder.path().join("通报.pdf")).unwrap();
        let pdf = String::from_utf8_lossy(&pdf);
        for mark in marks {
            assert!(pdf.contains(mark), "{standards}: {mark}");
        }
    }
}
