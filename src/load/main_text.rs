//! 正文: the whole of it, or section by section.

use super::context::Context;
use super::fields::Fields;
use super::keys;
use super::node::{Kind, Node};
use crate::diag::Diagnostic;
use crate::model::{MainText, Sourced};

/// Reads 正文.
pub fn main_text(node: Option<Node>, cx: &mut Context) -> MainText {
    let mut main_text = MainText::default();
    let Some(node) = node.filter(|node| !node.is_empty()) else {
        return main_text;
    };
    match node.kind {
        Kind::Map(_) => main_text.sections = sections(node, cx),
        Kind::Scalar { .. } => main_text.whole = cx.text(node, "正文"),
        Kind::List(_) => {
            let hint = "在“正文:”后面写“|”，文字另起行并缩进两格；或按节写“缘由: |”等";
            cx.wrong_kind(&node, "“正文”", "文字或各节", hint);
        }
    }
    main_text
}

type Section = (Sourced<String>, Sourced<String>);

fn sections(node: Node, cx: &mut Context) -> Vec<Section> {
    let Some(mut fields) = Fields::read(node, keys::SECTIONS, "正文", cx) else {
        return Vec::new();
    };
    let mut sections = Vec::new();
    for key in keys::SECTIONS {
        if let Some((origin, node)) = fields.take_with_origin(key.english) {
            let name = Sourced::new(key.chinese.to_owned(), origin);
            sections.extend(section(name, node, cx));
        }
    }
    sections
}

fn section(name: Sourced<String>, node: Node, cx: &mut Context) -> Option<Section> {
    if node.is_empty() {
        let message = format!("正文的“{}”没有填写，按没有这一行处理", name.value);
        let diagnostic = Diagnostic::warning("body/main-text/empty-section", &name.origin, message)
            .hint(format!(
                "要用内置的文字就删去这一行；要略去这一节就写“{}: \"\"”",
                name.value
            ));
        cx.report(diagnostic);
        return None;
    }
    let text = cx.text_or_empty(node, &name.value)?;
    Some((name, text))
}
