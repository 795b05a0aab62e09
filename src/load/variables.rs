//! 变量: free names with any values, and the rules for names that templates can use.

use super::context::Context;
use super::node::{Kind, Node, scalar};
use crate::diag::Diagnostic;
use crate::model::{Sourced, Table, Value, ValueKind, template_mark};

/// Names that templates give already: what the circular itself has, then the words of the template
/// language.
const TAKEN: &[&str] = &[
    "署名",
    "成文日期",
    "发文字号",
    "文种",
    "表格",
    "附件",
    "loop",
    "self",
    "super",
    "true",
    "false",
    "none",
    "True",
    "False",
    "None",
    "and",
    "or",
    "not",
    "in",
    "is",
    "if",
    "else",
    "elif",
    "for",
    "set",
    "range",
    "dict",
    "namespace",
    "debug",
    "caller",
    "varargs",
    "kwargs",
];

/// Reads 变量.
pub fn variables(
    node: Option<Node>,
    tables: &[Table],
    cx: &mut Context,
) -> Vec<(Sourced<String>, Value)> {
    let Some(node) = node.filter(|node| !node.is_empty()) else {
        return Vec::new();
    };
    let entries = cx.mapping(node, "“变量”").unwrap_or_default();
    let named = cx.named(entries);
    let mut variables = Vec::new();
    for (name, node) in named {
        check_name(&name, &VARIABLE, cx);
        if tables.iter().any(|table| table.name.value == name.value) {
            let message = format!("“{}”已经是一张表格的名称", name.value);
            cx.error(
                "variables/name/taken",
                &name.origin,
                message,
                "给变量或表格换一个名称",
            );
        }
        warn_marks(&node, &name.value, cx);
        if let Some(value) = value(node, cx) {
            variables.push((name, value));
        }
    }
    variables
}

/// Warns of template marks anywhere in a variable, which is printed as it is.
fn warn_marks(node: &Node, name: &str, cx: &mut Context) {
    match &node.kind {
        Kind::Scalar { text, .. } => {
            if let Some(at) = template_mark(text) {
                let origin = node.origin.after(&text[..at]);
                let message = format!("变量“{name}”的值里有模板的花括号，会照原样印出");
                let fault = Diagnostic::warning("variables/value/template", &origin, message);
                cx.report(fault.hint("要算出的值直接写在“正文”等里；确是原文就不用改"));
            }
        }
        Kind::List(items) => items.iter().for_each(|item| warn_marks(item, name, cx)),
        Kind::Map(entries) => entries
            .iter()
            .for_each(|(_, value)| warn_marks(value, name, cx)),
    }
}

/// Reads any value.
pub fn value(node: Node, cx: &mut Context) -> Option<Value> {
    let origin = node.origin;
    let kind = match node.kind {
        Kind::Scalar { text, style } => ValueKind::Scalar(scalar(&text, style)),
        Kind::List(items) => ValueKind::List(
            items
                .into_iter()
                .filter_map(|item| value(item, cx))
                .collect(),
        ),
        Kind::Map(entries) => {
            let named = cx.named(entries);
            let read = named
                .into_iter()
                .filter_map(|(name, node)| Some((name, value(node, cx)?)));
            ValueKind::Map(read.collect())
        }
    };
    Some(Value { kind, origin })
}

/// What is named, with the codes of its faults.
pub struct Named {
    what: &'static str,
    form: &'static str,
    taken: &'static str,
}

pub const VARIABLE: Named = Named {
    what: "变量名",
    form: "variables/name/form",
    taken: "variables/name/taken",
};

pub const TABLE: Named = Named {
    what: "表格名",
    form: "tables/name/form",
    taken: "tables/name/taken",
};

/// Reports a name that templates cannot use.
pub fn check_name(name: &Sourced<String>, named: &Named, cx: &mut Context) {
    let text = &name.value;
    let good = |c: char| c.is_alphabetic() || c.is_ascii_digit() || c == '_';
    if text.is_empty() || !text.chars().all(good) || text.starts_with(|c: char| c.is_ascii_digit())
    {
        let message = format!("{}“{text}”不能在模板里使用", named.what);
        let hint = "名称只用汉字、字母、数字和下划线，不以数字开头，中间不空格";
        cx.error(named.form, &name.origin, message, hint);
    } else if TAKEN.contains(&text.as_str()) {
        let message = format!("“{text}”在模板里已有别的用途，不能作{}", named.what);
        let hint = format!("换一个名称，如“本次{text}”");
        cx.error(named.taken, &name.origin, message, hint);
    }
}
