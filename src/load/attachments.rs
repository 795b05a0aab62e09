//! 附件: each with its own words, or one of the circular's tables, or both.

use super::circular::without_colon;
use super::context::Context;
use super::fields::Fields;
use super::forms::{self, DOC_DATE};
use super::keys::{self, nearest};
use super::node::Node;
use crate::model::{Attachment, AttachmentTable, Sourced, Table};

/// The column that counts rows where a table has none of that name.
const COUNTER: &str = "序号";

/// Reads the list of attachments.
pub fn attachments(node: Option<Node>, tables: &[Table], cx: &mut Context) -> Vec<Attachment> {
    let Some(node) = node else {
        return Vec::new();
    };
    let items = cx.list(node, "“附件”", false).unwrap_or_default();
    items
        .into_iter()
        .filter_map(|item| attachment(item, tables, cx))
        .collect()
}

fn attachment(node: Node, tables: &[Table], cx: &mut Context) -> Option<Attachment> {
    let mut fields = Fields::read(node, keys::ATTACHMENT, "附件", cx)?;
    let title = cx.required_text(fields.take("title"), "附件标题");
    let table = table(&mut fields, tables, cx);
    let doc_date = fields.take("doc_date").filter(|node| !node.is_empty());
    let doc_date = doc_date.and_then(|node| forms::date(node, &DOC_DATE, cx));
    let mut text = |key: &str, what: &str| {
        let node = fields.take(key)?;
        cx.text(node, what)
    };
    Some(Attachment {
        recipients: text("recipients", "主送机关").map(without_colon),
        text: text("main_text", "正文"),
        signature: text("signature", "署名"),
        title: title?,
        table,
        doc_date,
    })
}

fn table(fields: &mut Fields, tables: &[Table], cx: &mut Context) -> Option<AttachmentTable> {
    let columns = fields.take("columns");
    let merged = fields.take("merged_columns");
    let name = fields.take("table").and_then(|node| cx.text(node, "表格"));
    let Some(name) = name else {
        if let Some(node) = columns.or(merged) {
            let message = "附件写了列，却没有写用哪张表";
            let hint = "加一行“表格: 表名”，表名在最外层的“表格”下面";
            cx.error("body/attachment/no-table", &node.origin, message, hint);
        }
        return None;
    };
    let columns = names(columns, "列", cx);
    let merged = names(merged, "合并列", cx);
    match tables.iter().find(|table| table.name.value == name.value) {
        Some(table) => {
            for column in columns.iter().chain(&merged) {
                check_column(column, table, cx);
            }
        }
        None => no_such_table(&name, tables, cx),
    }
    Some(AttachmentTable {
        name,
        columns,
        merged,
    })
}

/// Reads a list of names.
pub fn names(node: Option<Node>, what: &str, cx: &mut Context) -> Vec<Sourced<String>> {
    let Some(node) = node else {
        return Vec::new();
    };
    let items = cx.list(node, &format!("“{what}”"), true);
    let mut names = Vec::new();
    for item in items.unwrap_or_default() {
        let Some(name) = cx.required_text(Some(item), "列名") else {
            continue;
        };
        if name.value.contains('，') {
            let message = format!("“{what}”里的列名用全角逗号分隔，会当作一列");
            let hint = format!("改用半角逗号，写作“[{}]”", name.value.replace('，', ", "));
            cx.error("input/list/full-width-comma", &name.origin, message, hint);
        }
        names.push(name);
    }
    names
}

fn check_column(column: &Sourced<String>, table: &Table, cx: &mut Context) {
    if column.value == COUNTER
        || column.value.contains('，')
        || table.column(&column.value).is_some()
    {
        return;
    }
    let known: Vec<&str> = table.columns().iter().map(|c| c.value.as_str()).collect();
    let hint = match nearest(&column.value, known.iter().copied()) {
        _ if column.value.contains('、') => {
            "列名之间用半角逗号，写作“[列一, 列二]”，或每列另起一行写“- 列名”".to_owned()
        }
        Some(nearest) => format!("是否要写“{nearest}”"),
        None => format!("这张表有：{}", known.join("、")),
    };
    let message = format!("表格“{}”没有“{}”这一列", table.name.value, column.value);
    cx.error(
        "body/attachment/no-such-column",
        &column.origin,
        message,
        hint,
    );
}

fn no_such_table(name: &Sourced<String>, tables: &[Table], cx: &mut Context) {
    let known: Vec<&str> = tables
        .iter()
        .map(|table| table.name.value.as_str())
        .collect();
    let hint = match nearest(&name.value, known.iter().copied()) {
        Some(nearest) => format!("是否要写“{nearest}”"),
        None if known.is_empty() => "先在最外层的“表格”下面写出这张表".to_owned(),
        None => format!("已有的表格：{}", known.join("、")),
    };
    let message = format!("没有名为“{}”的表格", name.value);
    cx.error("body/attachment/no-such-table", &name.origin, message, hint);
}
