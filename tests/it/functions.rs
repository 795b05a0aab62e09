//! The filters and functions of templates: every example of the reference gives what it says, and
//! every printed value keeps the cells it came from.

use std::collections::BTreeSet;

use hongtou::compose::marks::Mark;
use hongtou::compose::{REFERENCE, Templates, compose, letters};
use hongtou::diag::{Diagnostic, Diagnostics, Origin};
use hongtou::load::load;

/// An example of the reference as it stands in a template.
pub fn template(example: &str) -> String {
    match example.contains("{%") {
        true => example.to_owned(),
        false => format!("{{{{ {example} }}}}"),
    }
}

/// The text that a template gives on the circular of the examples, and the cells of its values.
fn run(template: &str) -> Result<(String, Vec<String>), Vec<Diagnostic>> {
    let path = crate::root().join("tests/functions/circular.yaml");
    let mut diagnostics = Diagnostics::default();
    let mut circular = load(&path, &mut diagnostics).unwrap().circular.unwrap();
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let text = circular.main_text.whole.as_mut().unwrap();
    text.value = template.to_owned();
    let draft = compose(&circular, &Templates::default(), &mut diagnostics);
    let draft = draft.ok_or_else(|| diagnostics.sorted())?;
    let cells = draft.marks.iter().flat_map(|mark| match mark {
        Mark::Printed(printed) => printed.cells.to_vec(),
        Mark::Typed(_) => Vec::new(),
    });
    Ok((
        letters(&draft.main_text, &draft.marks),
        cells.map(|cell| written(&cell)).collect(),
    ))
}

/// What stands at a place of the circular, up to the next comma or bracket.
fn written(place: &Origin) -> String {
    let Origin::Text { file, line, column } = place else {
        return place.to_string();
    };
    let text = std::fs::read_to_string(file.as_ref()).unwrap();
    let line = text.lines().nth(*line as usize - 1).unwrap();
    let rest: String = line.chars().skip(*column as usize - 1).collect();
    rest.split([',', '}', ']']).next().unwrap().to_owned()
}

fn text(template: &str) -> String {
    run(template)
        .unwrap_or_else(|faults| panic!("{template}: {faults:?}"))
        .0
}

/// The letters of the cells behind the values that a template prints.
fn cells(template: &str) -> BTreeSet<String> {
    run(template)
        .unwrap_or_else(|faults| panic!("{template}: {faults:?}"))
        .1
        .into_iter()
        .collect()
}

fn fault(template: &str) -> String {
    let faults = run(template).expect_err(template);
    faults
        .iter()
        .map(|fault| {
            let hint = fault.hint.as_deref().unwrap_or_default();
            format!("{}: {}（{hint}）", fault.code, fault.message)
        })
        .collect()
}

#[test]
fn every_example_gives_what_the_reference_says() {
    let mut wrong = Vec::new();
    for (chinese, english, example, _, result) in REFERENCE {
        let source = template(example);
        for source in [
            source.clone(),
            source.replace(&format!("|{chinese}"), &format!("|{english}")),
        ] {
            match run(&source) {
                Ok((text, _)) if text == *result => {}
                other => wrong.push(format!("{source}\n  says {result}\n  gives {other:?}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_example_on_cells_keeps_its_cells() {
    let literal = ["全称", "简称", "类别", "主送称谓"];
    let without = [
        "有列",
        "中文数字",
        "数量词",
        "序数",
        "逐位",
        "环比",
        "同比",
        "百分点",
    ];
    for (chinese, _, example, ..) in REFERENCE {
        let expected = !without.contains(chinese);
        assert_eq!(!cells(&template(example)).is_empty(), expected, "{chinese}");
        assert!(
            literal
                .iter()
                .all(|name| REFERENCE.iter().any(|entry| entry.0 == *name))
        );
    }
}

fn set(items: &[&str]) -> BTreeSet<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

#[test]
fn values_keep_the_very_cells_they_came_from() {
    for (template, expected) in [
        (
            "{{ 清单|筛选(类别=\"镇\")|求和(\"数量\") }}",
            &["镇", "3"][..],
        ),
        ("{{ 清单|最大(\"数量\") }}", &["3", "5", "1"]),
        (
            "{{ 清单|筛选(单位=\"甲镇\")|单位列表(\"单位\", \"数量\") }}",
            &["甲镇", "3"],
        ),
        (
            "{{ 清单|占比列(\"数量\")|前(1)|取列(\"占比\")|顿号 }}",
            &["3", "5", "1"],
        ),
        (
            "{{ 清单|排名(\"数量\")|前(1)|取列(\"名次\")|顿号 }}",
            &["5"],
        ),
        (
            "{{ 问题清单|汇总(\"责任单位\")|前(1)|取列(\"个数\")|顿号 }}",
            &["甲镇"],
        ),
        ("{{ \"水利局\"|全称 }}", &["县水利局"]),
        ("{{ \"甲镇\"|类别 }}", &["镇"]),
        ("{{ 采用数|占比(报送数) }}", &["52", "85"]),
        ("{{ 比上期(采用数, 报送数) }}", &["52", "85"]),
        (
            "{{ 备注|脱敏 }}",
            &["张三，150123199001011234，13812345678"],
        ),
        ("{{ 账号|引号|前(1)|顿号 }}", &["甲镇发布"]),
    ] {
        assert_eq!(cells(template), set(expected), "{template}");
    }
}

#[test]
fn each_turn_of_a_loop_has_the_cells_of_its_own_item() {
    let printed = |template: &str| run(template).unwrap().1;
    let names = ["甲镇", "水利局", "乙镇", "教育局"];
    assert_eq!(
        printed("{% for 名 in 清单|取列(\"单位\") %}{{ 名 }}{% endfor %}"),
        names
    );
    let chosen = "{% for 名 in 清单|取列(\"单位\") if 名 != \"水利局\" -%}\n{{ 名 }}{% endfor %}";
    assert_eq!(text(chosen), "甲镇乙镇教育局");
    assert_eq!(printed(chosen), ["甲镇", "乙镇", "教育局"]);
    let rows = "{% for 行 in 清单|筛选(类别=\"镇\") %}{{ 行.单位 }}{% endfor %}";
    assert_eq!(printed(rows), ["甲镇", "乙镇"]);
    let unique = "{% for 名 in 问题清单|取列(\"责任单位\")|去重 %}{{ 名 }}{% endfor %}";
    assert_eq!(printed(unique), ["甲镇", "甲镇", "水利局"]);
}

#[test]
fn matched_rows_keep_the_keys_of_both_periods() {
    let compared = "问题清单|对比(上期问题清单, 键=[\"责任单位\", \"问题描述\"])";
    let resolved = cells(&format!("{{{{ ({compared}).已整改|计数 }}}}"));
    // One is gone, the other says that it is mended.
    let mended = ["甲镇", "首页两周没有更新", "首页 两周没有更新"];
    assert_eq!(
        resolved,
        set(&[&mended[..], &["乙镇", "链接失效"]].concat())
    );
    let repeated = cells(&format!("{{{{ ({compared}).屡查屡犯|计数 }}}}"));
    assert_eq!(
        repeated,
        set(&["甲镇", "首页两周没有更新", "首页 两周没有更新"])
    );
}

#[test]
fn decimals_print_as_they_are_meant() {
    assert_eq!(
        text("{{ 0.1 + 0.2 }} {{ 1.1 * 3 }} {{ 采用数 + 报送数 }}"),
        "0.3 3.3 137"
    );
    assert!(fault("{{ 采用数 / 报送数 }}").contains("小数位太多"));
}

/// Letters have another order than what they say: 100% stood behind 9%, 10月 before 9月.
#[test]
fn what_is_compared_and_sorted_is_what_the_letters_say() {
    for (template, gives) in [
        ("{% if 占比(1, 10) > 40 %}多{% else %}少{% endif %}", "少"),
        (
            "{% if (清单|平均(\"数量\")) > 1000 %}多{% else %}少{% endif %}",
            "少",
        ),
        (
            "{% if (10 / 3)|保留(2) >= 3.3 %}多{% else %}少{% endif %}",
            "多",
        ),
        (
            "{% if \"2026年2月1日\" < 成文日期 %}先{% else %}后{% endif %}",
            "先",
        ),
        (
            "{% for 行 in 清单 if 行.数量 >= \"3\" %}{{ 行.单位 }}{% endfor %}",
            "甲镇水利局乙镇",
        ),
        ("{{ \"多\" if 报送数 > 采用数 else \"少\" }}", "多"),
        (
            "{% set 多 = 报送数 > 采用数 and not 采用数 > 报送数 %}{{ \"多\" if 多 }}",
            "多",
        ),
        (
            "{{ 清单|占比列(\"数量\", 位数=1)|排序(\"-占比\")|单位列表(\"单位\", \"占比\") }}",
            "水利局（41.7%）、甲镇（25.0%）、乙镇（25.0%）、教育局（8.3%）",
        ),
    ] {
        assert_eq!(text(template), gives, "{template}");
    }
    let refused = fault("{% for 行 in 清单 if 行.单位 > 3 %}{{ 行.单位 }}{% endfor %}");
    assert!(refused.contains("tables/cell/not-a-number") && refused.contains("“甲镇”（文字）"));
    assert!(fault("{% if 清单 > 3 %}甲{% endif %}").contains("比不出大小"));
    assert!(fault("{% if 没有 > 3 %}甲{% endif %}").contains("没有名为“没有”的值"));
}

#[test]
fn empty_tables_give_a_result_or_a_clear_fault() {
    for (template, expected) in [
        ("{{ 空清单|计数 }}{{ 空清单|求和(\"数量\") }}", "00"),
        (
            "{{ 空清单|排序(\"-数量\")|前(3, 并列=\"数量\")|单位列表(\"单位\", \"数量\", 空=\"无\") }}",
            "无",
        ),
        ("{{ 空清单|取列(\"单位\")|去重|引号|顿号 }}", ""),
        (
            "{{ 空清单|排名(\"数量\")|计数 }}{{ 空清单|占比列(\"数量\")|计数 }}",
            "00",
        ),
        (
            "{{ 空清单|汇总(\"单位\", \"数量\")|计数 }}{{ 空清单|分组(\"单位\")|计数 }}",
            "00",
        ),
        (
            "{{ 空清单|名录顺序(\"单位\")|计数 }}{{ 空清单|并列(\"单位\", \"数量\") }}",
            "0",
        ),
        ("{{ (空清单|对比(清单, 键=\"单位\")).已整改|计数 }}", "4"),
    ] {
        assert_eq!(text(template), expected, "{template}");
    }
    for template in ["{{ 空清单|最大(\"数量\") }}", "{{ 空清单|平均(\"数量\") }}"] {
        assert!(
            fault(template).contains("表格没有行"),
            "{}",
            fault(template)
        );
    }
    assert!(fault("{{ 3|占比(0) }}").contains("分母是零"));
    assert!(fault("{{ 环比(3, 0) }}").contains("比上期"));
}

#[test]
fn changes_are_worded() {
    for (template, expected) in [
        (
            "{{ 比上期(3, 5, \"条\") }} {{ 比上期(5, 5) }} {{ 比上期(0.3, 0.1) }}",
            "减少2条 持平 增加0.2",
        ),
        (
            "{{ 环比(7, 8) }} {{ 环比(0, 0) }} {{ 环比(10001, 10000) }}",
            "下降12.5% 持平 基本持平",
        ),
        (
            "{{ 百分点(60, 61.25, 位数=2) }} {{ 百分点(\"60%\", 60) }}",
            "下降1.25个百分点 持平",
        ),
    ] {
        assert_eq!(text(template), expected, "{template}");
    }
}

#[test]
fn an_attachment_is_called_by_number_title_or_part_of_a_title() {
    assert_eq!(
        text("{{ 附件(2) }}{{ 附件(\"问题清单\") }}{{ 附件(\"整改\") }}"),
        "附件2附件1附件2"
    );
    assert!(fault("{{ 附件(\"问题\") }}").contains("有3个附件"));
    assert!(fault("{{ 附件(4) }}").contains("共有3个附件"));
    assert!(fault("{{ 附件(\"\") }}").contains("没有标题"));
}

#[test]
fn the_register_orders_groups_and_sorts_within_them() {
    let listed = "{{ 清单|名录顺序(\"单位\", \"-数量\")|取列(\"单位\")|全称|顿号 }}";
    assert_eq!(
        text(listed),
        "甲镇人民政府、乙镇人民政府、县水利局、县教育局"
    );
    let grouped = "{% for 组 in 问题清单|名录顺序(\"责任单位\")|分组(\"类别\") %}{{ 组.名称 }}{{ 组|计数 }} {% endfor %}";
    assert_eq!(text(grouped), "镇2 县直部门1 ");
    assert!(fault("{{ \"丙镇\"|全称 }}").contains("机构名录里没有“丙镇”"));
}

#[test]
fn computed_columns_stand_in_tables_of_the_text() {
    let table = text("{{ 表格(清单|排名(\"数量\"), 列=[\"名次\", \"单位\"]) }}");
    assert!(
        table.contains("|名次|单位|") && table.contains("|2|乙镇|"),
        "{table}"
    );
}

#[test]
fn the_quarterly_circular_compares_with_the_last_period() {
    let path = crate::root().join("tests/functions/periods.yaml");
    let whole = |change: &dyn Fn(&str) -> String| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("通报.yaml");
        std::fs::write(&file, change(&std::fs::read_to_string(&path).unwrap())).unwrap();
        let outcome = hongtou::pipeline::run(&file, None).unwrap();
        assert!(outcome.pages.is_some(), "{:?}", outcome.diagnostics);
        outcome.markdown.unwrap().replace('\n', "")
    };
    let text = whole(&str::to_owned);
    for part in [
        "与上期相比，问题总数增加1个。上期通报的2个问题中，已整改1个，未整改到位1个。",
        "本期新增2个。同一问题连续两期被通报的单位有：甲镇。",
    ] {
        assert!(text.contains(part), "{text}");
    }
    let none = |text: &str| text.split("上期:\n").next().unwrap().to_owned();
    assert!(!whole(&none).contains("上期"));
    let empty = |text: &str| format!("{}上期: {{列: [责任单位, 问题描述]}}\n", none(text));
    assert!(whole(&empty).contains("上期检查未发现需要通报的问题。"));
    let mended =
        |text: &str| text.replace("问题描述: 首页没有更新}\n    -", "问题描述: 别的}\n    -");
    assert!(whole(&mended).contains("上期通报的2个问题均已整改。"));
}

/// What a template gives on a circular with these tables.
fn on_tables(tables: &str, template: &str) -> Result<String, Vec<Diagnostic>> {
    let head = "文种: 问题通报\n标题: 甲局关于乙的通报\n署名: 甲局\n成文日期: 2026年7月1日\n";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("通报.yaml");
    let text = format!("{head}表格:\n  表: {tables}\n正文: 甲\n");
    std::fs::write(&file, text).unwrap();
    let mut diagnostics = Diagnostics::default();
    let mut circular = load(&file, &mut diagnostics).unwrap().circular.unwrap();
    circular.main_text.whole.as_mut().unwrap().value = template.to_owned();
    let draft = compose(&circular, &Templates::default(), &mut diagnostics);
    let draft = draft.ok_or_else(|| diagnostics.sorted())?;
    Ok(letters(&draft.main_text, &draft.marks))
}

#[test]
fn numbers_keep_the_letters_of_their_cells() {
    let table = "[{数: 1.50}, {数: 20.00}, {数: 10.0}, {数: -0}, {数: 1234567890123456789}, {数: 12345678901234567890123}, {数: 0.12345678901234567890}]";
    let kept = "1.50、20.00、10.0、-0、1234567890123456789、12345678901234567890123、0.12345678901234567890";
    for template in [
        "{% for 行 in 表 %}{{ 行.数 }}{% if not loop.last %}、{% endif %}{% endfor %}",
        "{% for 数 in 表|取列(\"数\") %}{{ 数 }}{% if not loop.last %}、{% endif %}{% endfor %}",
        "{{ 表|取列(\"数\")|顿号 }}",
        "{{ 表|取列(\"数\")|join(\"、\") }}",
    ] {
        assert_eq!(
            on_tables(table, template).as_deref(),
            Ok(kept),
            "{template}"
        );
    }
    let table = "[{甲: 1.50, 乙: 10.0}]";
    for (template, expected) in [
        ("{{ 表[0].甲 * 2 }} {{ 表[0].甲 + 表[0].乙 }}", "3 11.5"),
        ("{% if 表[0].乙 > 9 %}大{% endif %}{{ 表|计数 }}", "大1"),
        ("{{ 表|求和(\"甲\") }} {{ 表[0].乙|int }}", "1.50 10"),
        ("{{ 表|筛选(甲=1.5)|计数 }}", "1"),
        (
            "{{ 表[0].甲 ~ \"万元\" }} {{ \"共\" ~ 表[0].乙 ~ \"万元、\" ~ 表[0].甲 ~ \"公里\" }}",
            "1.50万元 共10.0万元、1.50公里",
        ),
        ("{{ 表[0].甲 ~ \"、1.5\" }}", "1.50、1.5"),
        ("{{ 表[0].甲 * 2 ~ \"个\" }}", "3个"),
        ("{% set 数 = 表[0].甲 ~ \"个\" %}{{ 数 }}", "1.50个"),
    ] {
        assert_eq!(
            on_tables(table, template).as_deref(),
            Ok(expected),
            "{template}"
        );
    }
}

/// A unit that is written in several ways is one unit, and a cell may name several.
#[test]
fn each_unit_counts_once() {
    let table = r#"[{单位: 甲镇, 类: 更新不及时}, {单位: "甲 镇", 类: 更新不及时。}, {单位: "甲镇、乙镇", 类: "更新\n不及时"}, {单位: 乙镇；丙局, 类: 更新不及时}]"#;
    for (template, expected) in [
        ("{{ 表|各单位(\"单位\")|计数 }}", "3"),
        ("{{ 表|各单位(\"单位\")|顿号 }}", "甲镇、乙镇、丙局"),
        ("{{ 表|取列(\"单位\")|去重|计数 }}", "3"),
        ("{{ 表|分组(\"类\")|计数 }}", "1"),
        ("{{ 表|汇总(\"类\")|计数 }}", "1"),
    ] {
        let found = on_tables(table, template);
        assert_eq!(found.as_deref(), Ok(expected), "{template}");
    }
}

/// A deadline that says 前 gets no other.
#[test]
fn a_deadline_is_followed_by_one_word() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("通报.yaml");
    for kind in ["问题通报", "季度检查通报"] {
        for term in ["10月30日", "10月30日前"] {
            let text = format!(
                "文种: {kind}\n标题: 甲局关于乙的通报\n署名: 甲局\n成文日期: 2026年9月1日\n表格:\n  问题清单:\n    - {{责任单位: 丙局, 问题类型: 更新不及时, 问题描述: 首页没有更新}}\n变量: {{检查时间: 8月, 检查对象: 各局网站, 时期: 2026年第三季度, 整改期限: {term}, 报送单位: 甲局, 联系人: 值班室, 联系电话: 0000-0000000}}\n"
            );
            std::fs::write(&file, text).unwrap();
            let outcome = hongtou::pipeline::run(&file, None).unwrap();
            let words = outcome
                .markdown
                .unwrap_or_else(|| panic!("{:?}", outcome.diagnostics));
            assert!(words.contains("10月30日前"), "{words}");
            assert!(!words.contains("前前"), "{words}");
        }
    }
}

/// One document counted a unit once by a grouping and otherwise by a filter.
#[test]
fn a_filter_and_a_grouping_mean_the_same_by_a_name() {
    for unit in ["甲镇", "甲镇人民政府", " 甲镇 "] {
        let rows = format!("{{{{ 问题清单|筛选(责任单位=\"{unit}\")|计数 }}}}");
        assert_eq!(text(&rows), "2", "{unit}");
    }
    assert_eq!(text("{{ 问题清单|排除(状态=\"已整改。\")|计数 }}"), "2");
    assert_eq!(text("{{ 问题清单|筛选(责任单位=\"县水务局\")|计数 }}"), "1");
}

#[test]
fn rows_never_print_their_insides() {
    for template in [
        "{{ 清单|顿号 }}",
        "{{ 清单|join }}",
        "{{ 清单|分组(\"类别\")|顿号 }}",
        "{{ 清单|分组(\"类别\")|join(\"、\") }}",
        "{{ [清单[0]]|顿号 }}",
        "{{ 清单 ~ 1 }}",
        "{{ 清单[0] ~ 1 }}",
        "{{ 清单|分组(\"类别\") ~ 1 }}",
        "{{ 账号 ~ 1 }}",
        "{{ 清单[0]|引号 }}",
        "{{ 清单|first }}",
    ] {
        let fault = fault(template);
        assert!(
            fault.starts_with("template/run/refused: ") && !fault.contains('{'),
            "{template} {fault}"
        );
    }
    for name in ["string", "pprint", "tojson", "safe", "upper"] {
        let fault = fault(&format!("{{{{ 清单|{name} }}}}"));
        assert!(fault.starts_with("template/filter/unknown"), "{fault}");
    }
    assert!(fault("{{ debug() }}").contains("没有名为“debug”的"));
    assert!(fault("{% set 格 = namespace() %}").contains("没有名为“namespace”的"));
}

#[test]
fn faults_are_chinese_and_show_no_calls_of_the_program() {
    for (template, expected) in [
        ("{{ 1 / 0 }}", "不能除以零"),
        ("{{ 清单 }}", "检查“清单”"),
        ("{{ \"共\" ~ (1 / 3) ~ \"条\" }}", "检查“(1 / 3)”"),
        ("{{ 1 + \"a\" }}", "两边不能这样运算"),
        ("{{ \"甲\" * 900000000 }}", "太长"),
        ("{{ \"甲\" * 3000000 }}", "太长"),
        ("{% for 数 in range(99999999) %}{% endfor %}", "项数太多"),
        ("{% macro 甲() %}{{ 甲() }}{% endmacro %}{{ 甲() }}", "太深"),
        ("{{ 清单|筛选()|计数 }}", "要写明"),
        ("{{ 占比(1, 2, 位数=-1) }}", "0到10的整数"),
        ("{{ 1.5|保留(-1) }}", "0到10的整数"),
        ("{{ 占比(1, 2, 小数=1) }}", "没有“小数”这个选项"),
        ("{% set 甲 = 没有 + 1 %}", "没有名为“没有”的值"),
    ] {
        let fault = fault(template);
        assert!(
            fault.contains(expected) && !fault.contains("__"),
            "{template} {fault}"
        );
    }
}

#[test]
fn cells_that_are_no_numbers_say_the_cure() {
    for (cell, cure) in [
        ("\"1,000\"", "千位逗号"),
        ("３", "半角"),
        ("3条", "单位不写"),
        ("50%", "百分号"),
        ("三", "阿拉伯数字"),
    ] {
        let faults = on_tables(&format!("[{{数: {cell}}}]"), "{{ 表|求和(\"数\") }}").unwrap_err();
        assert!(
            faults[0].hint.as_ref().unwrap().contains(cure),
            "{faults:?}"
        );
    }
}
