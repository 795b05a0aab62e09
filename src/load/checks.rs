//! 检查: the levels of rules, the unit's word list, and the forms of codes.

use super::attachments::names;
use super::context::Context;
use super::csv;
use super::fields::Fields;
use super::keys;
use super::node::{Kind, Node};
use super::read::{self, LoadError};
use crate::diag::{Diagnostic, Origin, Severity};
use crate::model::{Checks, LexiconEntry, RuleSetting, Sourced};

/// Reads 检查: its own keys, or the name of a file that holds them.
pub fn checks(node: Option<Node>, cx: &mut Context) -> Checks {
    let mut checks = Checks::default();
    let Some(node) = node.filter(|node| !node.is_empty()) else {
        return checks;
    };
    match node.kind {
        Kind::Scalar { .. } => {
            if let Some(file) = cx.text(node, "检查") {
                read_file(&file, &mut checks, cx);
            }
        }
        _ => read_keys(node, &mut checks, true, cx),
    }
    checks
}

/// Reads the keys; `may_name_file` tells whether a unit's file may be among them.
fn read_keys(node: Node, checks: &mut Checks, may_name_file: bool, cx: &mut Context) {
    let Some(mut fields) = Fields::read(node, keys::CHECKS, "“检查”", cx) else {
        return;
    };
    if let Some(file) = fields.take("file").and_then(|node| cx.text(node, "文件")) {
        match may_name_file {
            true => read_file(&file, checks, cx),
            false => cx.error(
                "checks/file/nested",
                &file.origin,
                "检查设置的文件里不能再写“文件”",
                "删去这一行，把设置写在一个文件里",
            ),
        }
    }
    if let Some(node) = fields.take("rules").filter(|node| !node.is_empty()) {
        let entries = cx.mapping(node, "“规则”").unwrap_or_default();
        for (code, value) in cx.named(entries) {
            checks.rules.extend(setting(code, value, cx));
        }
    }
    let lexicon = fields
        .take("lexicon")
        .and_then(|node| cx.text(node, "词表"));
    if let Some(file) = lexicon {
        checks
            .lexicon
            .extend(lexicon_file(&file, cx).unwrap_or_default());
    }
    if let Some(node) = fields.take("forms").filter(|node| !node.is_empty()) {
        let entries = cx.mapping(node, "“编码”").unwrap_or_default();
        for (column, node) in cx.named(entries) {
            let forms = names(Some(node), "编码", cx);
            let forms = forms.into_iter().map(|form| form.value).collect();
            checks.forms.push((column, forms));
        }
    }
}

/// `警告`, or `略去（理由）`.
fn setting(code: Sourced<String>, node: Node, cx: &mut Context) -> Option<RuleSetting> {
    let text = cx.required_text(Some(node), &code.value)?;
    let typed = text.value.trim();
    let (word, rest) = typed.split_at(
        typed
            .find(['（', '(', '，', '：', '、', ' '])
            .unwrap_or(typed.len()),
    );
    let level = match word {
        "错误" | "error" => Some(Severity::Error),
        "警告" | "warning" => Some(Severity::Warning),
        "说明" | "note" => Some(Severity::Note),
        "略去" | "off" => None,
        _ => {
            let message = format!("没有“{word}”这个级别");
            let hint = "写“错误”“警告”“说明”，或“略去（理由）”";
            cx.error("checks/level/form", &text.origin, message, hint);
            return None;
        }
    };
    let reason = rest.trim_matches(['（', '）', '(', ')', '，', '：', '、', ' ']);
    Some(RuleSetting {
        code,
        level,
        reason: (!reason.is_empty()).then(|| reason.to_owned()),
    })
}

/// Reads the unit's file of settings.
fn read_file(file: &Sourced<String>, checks: &mut Checks, cx: &mut Context) {
    match cx.yaml(&cx.path(&file.value, &file.origin)) {
        Ok(node) => {
            if let Some(node) = node {
                read_keys(node, checks, false, cx);
            }
        }
        Err(error) => unreadable(&error, file, cx),
    }
}

fn unreadable(error: &LoadError, file: &Sourced<String>, cx: &mut Context) {
    let hint = "检查文件名；文件路径从输入文件所在的文件夹算起";
    cx.error(
        "checks/file/unreadable",
        &file.origin,
        error.to_string(),
        hint,
    );
}

/// Reads the unit's word list.
fn lexicon_file(file: &Sourced<String>, cx: &mut Context) -> Option<Vec<LexiconEntry>> {
    let path = cx.path(&file.value, &file.origin);
    cx.files.push(path.clone());
    let bytes = match read::bytes(&path) {
        Ok(bytes) => bytes,
        Err(error) => {
            unreadable(&error, file, cx);
            return None;
        }
    };
    let Some(text) = csv::decode(&bytes) else {
        let message = format!("“{}”既不是 UTF-8 也不是 GB 18030 编码的文字", file.value);
        let hint = "另存为 UTF-8 编码的文字文件";
        cx.error("checks/file/unreadable", &file.origin, message, hint);
        return None;
    };
    let shown = Context::file_name(&path);
    cx.sources.insert(shown.clone(), text.as_str().into());
    match LexiconEntry::list(&text) {
        Ok(list) => Some(list),
        Err(line) => {
            let place = Origin::text(&shown, line as u32, 1);
            let fault = Diagnostic::error("checks/lexicon/line", &place, "词表的这一行读不懂");
            let hint = "每行写“错的词、对的词、例外、级别”，之间用制表符（Tab）隔开；后两项可以不写，级别是错误、警告或说明";
            cx.report(fault.hint(hint));
            None
        }
    }
}
