//! `hongtou rules` and `hongtou explain`: the table of rules as people read it.

use super::Status;
use super::report::{complain, say};
use crate::diag::{Rule, group};
use crate::pipeline;

/// Lists every rule under its group.
pub fn rules() -> Status {
    let mut rules: Vec<&Rule> = pipeline::rules().collect();
    rules.sort_by_key(|rule| group(rule.code).0);
    let mut text = String::new();
    let mut last = "";
    for rule in rules {
        let name = group(rule.code).1;
        if name != last {
            text.push_str(&format!("\n【{name}】\n"));
            last = name;
        }
        let (level, strength) = (rule.severity.label(), rule.strength.label());
        text.push_str(&format!(
            "{}  {level}·{strength}  {}\n",
            rule.code, rule.about
        ));
    }
    say(text.trim_start());
    say("\n用“hongtou explain 代码”看一条的依据和例子");
    Status::Fine
}

/// Explains one rule.
pub fn explain(code: &str) -> Status {
    let code = code.trim().trim_matches(['[', ']']);
    let Some(rule) = pipeline::rules().find(|rule| rule.code == code) else {
        let mut near: Vec<(usize, &str)> = pipeline::rules()
            .map(|rule| (strsim::osa_distance(code, rule.code), rule.code))
            .collect();
        near.sort_unstable();
        let near: Vec<&str> = near.iter().take(3).map(|(_, code)| *code).collect();
        complain(&format!(
            "错误：没有“{code}”这个代码\n  建议：最接近的是 {}；用“hongtou rules”查看所有代码",
            near.join("、")
        ));
        return Status::Stopped;
    };
    say(&text(rule));
    Status::Fine
}

fn text(rule: &Rule) -> String {
    let mut text = format!("{}\n  {}\n", rule.code, rule.about);
    let mut line = |name: &str, words: &str| {
        if !words.is_empty() {
            text.push_str(&format!("  {name}：{words}\n"));
        }
    };
    line("级别", rule.severity.label());
    line(
        "依据",
        &match rule.source {
            "" => rule.strength.label().to_owned(),
            source => format!("{source}（{}）", rule.strength.label()),
        },
    );
    line("错例", rule.wrong);
    line("正例", rule.right);
    text.push_str(&settings(rule));
    text
}

/// How the user can set the rule.
fn settings(rule: &Rule) -> String {
    match crate::check::is_settable(rule, None) {
        true => format!(
            "  要改级别或略去，在输入文件里写：\n    检查:\n      规则:\n        {}: 略去（理由）\n",
            rule.code
        ),
        false => "  这一错误使公文无法生成，不能略去\n".to_owned(),
    }
}
