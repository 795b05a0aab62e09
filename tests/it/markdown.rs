//! What a clerk types into 正文 comes out as typed, whatever Markdown would make of it.

use hongtou::pipeline;

fn text_of(main_text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("通报.yaml");
    let lines: String = main_text
        .lines()
        .map(|line| format!("  {line}\n"))
        .collect();
    let head = "文种: 问题通报\n标题: 甲局关于乙的通报\n署名: 甲局\n成文日期: 2026年7月1日\n";
    std::fs::write(&file, format!("{head}正文: |\n{lines}")).unwrap();
    let outcome = pipeline::run(&file, None).unwrap();
    let faults: Vec<String> = outcome
        .diagnostics
        .iter()
        .map(ToString::to_string)
        .collect();
    let document = outcome.document.unwrap_or_else(|| panic!("{faults:#?}"));
    let shown: Vec<String> = document.main_text.iter().map(ToString::to_string).collect();
    let bare = |text: &str| {
        let parts = text
            .split('〈')
            .map(|part| part.split_once('〉').map_or(part, |(_, text)| text));
        parts.collect::<String>()
    };
    shown.iter().map(|block| bare(block)).collect()
}

#[test]
fn lines_that_markdown_would_swallow_stay() {
    for line in [
        "[县水利局]: 3个",
        "乙[注1]丙",
        "按照规定[^1]办理",
        "~~~ 说明",
        "```",
        "甲_乙_丙*丁*",
        "<b>甲</b>&amp;",
    ] {
        assert_eq!(text_of(line), format!("段 {line}\n"));
    }
    assert_eq!(text_of("本次共3个\n---"), "段 本次共3个---\n");
    assert_eq!(
        text_of("[注1]: 说明\n\n乙[注1]丙"),
        "段 [注1]: 说明\n段 乙[注1]丙\n"
    );
}

#[test]
fn stress_stands_beside_chinese_marks_too() {
    assert_eq!(
        text_of("**“重点”**内容，甲**要求：**乙"),
        "段 **“重点”**内容，甲**要求：**乙\n"
    );
    assert_eq!(
        text_of("**一要提高站位。**各单位"),
        "段 **一要提高站位。**各单位\n"
    );
    assert_eq!(text_of("单个**照印"), "段 单个**照印\n");
}

#[test]
fn an_escaped_bar_stays_in_its_cell() {
    let table = "|甲|乙|\n|-|-|\n|丙\\|丁|戊|";
    assert_eq!(text_of(table), "表头 甲 | 乙\n  行 丙|丁 | 戊\n");
}

#[test]
fn a_heading_typed_with_its_paragraph_ends_at_its_full_stop() {
    let shown = |text: &str| {
        text_of(text)
            .lines()
            .map(str::trim)
            .collect::<Vec<_>>()
            .join("/")
    };
    let apart = shown("## 更新不及时。\n\n甲镇三个月没有更新。");
    assert!(apart.contains("接排"), "{apart}");
    assert_eq!(shown("## 更新不及时。甲镇三个月没有更新。"), apart);
    // What follows is a paragraph of its own.
    let two = shown("## 更新不及时。甲镇三个月没有更新。\n\n乙镇也是。");
    assert!(
        two.starts_with(&apart) && two.ends_with("乙镇也是。"),
        "{two}"
    );
    // A full stop inside a quotation or brackets ends nothing.
    for whole in [
        "## 落实“停办。”的要求",
        "## 甲（见附件。）的问题",
        "## 更新不及时。",
    ] {
        assert!(!shown(whole).contains("接排"), "{whole}");
    }
}
