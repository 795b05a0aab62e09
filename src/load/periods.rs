//! 上期: last period's tables come in, they go out beside this period's, their names led by 上期.

use super::context::Context;
use super::keys::{self, TABLE};
use super::node::{Kind, Node, Style};
use super::tables;
use crate::diag::{Diagnostic, Origin};
use crate::model::{LAST_PERIOD, LEDGER, Sourced, Table};

/// Reads 上期 into `tables`.
pub fn last_period(field: Option<(Origin, Node)>, tables: &mut Vec<Table>, cx: &mut Context) {
    let Some((origin, node)) = field.filter(|(_, node)| !node.is_empty()) else {
        return;
    };
    let one = |node: Node| vec![(key(LEDGER, &origin), node)];
    let entries = match node.kind {
        Kind::Map(entries) if !entries.iter().all(|(key, _)| is_table_key(key)) => entries,
        _ => one(node),
    };
    for (name, node) in entries {
        let last = table(name, node, tables, cx);
        for table in last {
            match tables
                .iter()
                .find(|known| known.name.value == table.name.value)
            {
                Some(known) => {
                    let message = format!("“表格”里已有“{}”", table.name.value);
                    let fault = Diagnostic::error("tables/name/taken", &table.name.origin, message)
                        .hint("“上期”和“表格”里只留一处")
                        .related(&known.name.origin, "“表格”里的在这里");
                    cx.report(fault);
                }
                None => tables.push(table),
            }
        }
    }
}

/// One table of the last period: its rows, or the name of another table, or of a file.
fn table(name: Node, node: Node, known: &[Table], cx: &mut Context) -> Vec<Table> {
    let Some(text) = cx.key_text(&name) else {
        return Vec::new();
    };
    let title = key(&format!("{LAST_PERIOD}{text}"), &name.origin);
    if let Some(table) = named(&node, known) {
        let mut table = table.clone();
        table.name = Sourced::new(format!("{LAST_PERIOD}{text}"), name.origin);
        return vec![table];
    }
    let node = described(node);
    let kind = Kind::Map(vec![(title, node)]);
    let node = Node {
        kind,
        origin: name.origin,
        breaks: 0,
    };
    tables::tables(Some(node), cx)
}

/// The table whose name `node` is.
pub fn named<'a>(node: &Node, tables: &'a [Table]) -> Option<&'a Table> {
    let name = node.text()?;
    tables.iter().find(|table| table.name.value == name)
}

/// A single value becomes the file of a table.
pub fn described(node: Node) -> Node {
    if node.is_empty() || node.text().is_none() {
        return node;
    }
    let origin = node.origin.clone();
    let kind = Kind::Map(vec![(key("文件", &origin), node)]);
    Node {
        kind,
        origin,
        breaks: 0,
    }
}

/// A key as if it had been written there.
pub fn key(text: &str, origin: &Origin) -> Node {
    let kind = Kind::Scalar {
        text: text.to_owned(),
        style: Style::Plain,
    };
    Node {
        kind,
        origin: origin.clone(),
        breaks: 0,
    }
}

fn is_table_key(key: &Node) -> bool {
    key.text()
        .is_some_and(|text| keys::find(TABLE, text).is_some())
}
