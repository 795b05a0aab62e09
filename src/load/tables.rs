//! 表格 written in the input file: rows as mappings, or as lists under named columns.

use super::attachments::names;
use super::context::Context;
use super::fields::Fields;
use super::keys::{self, nearest};
use super::ledger;
use super::node::{Kind, Node, Style};
use super::variables::{TABLE, check_name, value};
use super::workbook::Wanted;
use crate::diag::{Diagnostic, Origin};
use crate::model::{Aliases, Scalar, Sourced, Table, Value};

/// Reads 表格.
pub fn tables(node: Option<Node>, cx: &mut Context) -> Vec<Table> {
    let Some(node) = node.filter(|node| !node.is_empty()) else {
        return Vec::new();
    };
    let entries = cx.mapping(node, "“表格”").unwrap_or_default();
    let named = cx.named(entries);
    named
        .into_iter()
        .filter_map(|(name, node)| {
            check_name(&name, &TABLE, cx);
            let named = name.value.clone();
            let table = table(name, node, cx);
            cx.named_tables.insert(named, table.is_some());
            table
        })
        .collect()
}

fn table(name: Sourced<String>, node: Node, cx: &mut Context) -> Option<Table> {
    match node.kind {
        Kind::List(rows) => Some(free_rows(name, rows, cx)),
        Kind::Map(_) => described(name, node, cx),
        Kind::Scalar { .. } if node.is_empty() => Some(Table::new(name, Vec::new(), Vec::new())),
        Kind::Scalar { .. } => {
            let what = format!("表格“{}”", name.value);
            let hint = "每行以“- ”开头，写作“- 列名: 值”；或写“文件: 台账.xlsx”";
            cx.wrong_kind(&node, &what, "若干行", hint);
            None
        }
    }
}

/// A table written as {列, 行} or {文件}.
fn described(name: Sourced<String>, node: Node, cx: &mut Context) -> Option<Table> {
    let mut fields = Fields::read(node, keys::TABLE, &format!("表格“{}”", name.value), cx)?;
    let columns = fields.take("columns");
    let rows = fields.take("rows");
    if let Some(file) = fields.take("file") {
        if let Some(other) = columns.or(rows) {
            let message = "表格写了“文件”，就不再写“列”和“行”";
            cx.error(
                "tables/file/conflict",
                &other.origin,
                message,
                "只留其中一种写法",
            );
        }
        let file = cx.required_text(Some(file), "文件")?;
        let mut text = |key: &str, what: &str| {
            let node = fields.take(key)?;
            cx.text(node, what)
        };
        let (sheet, range) = (text("sheet", "工作表"), text("range", "区域"));
        let wanted = Wanted {
            name,
            file,
            sheet,
            range,
            aliases: aliases(fields.take("column_aliases"), cx),
        };
        return ledger::table(wanted, cx);
    }
    for key in ["sheet", "range", "column_aliases"] {
        if let Some((origin, _)) = fields.take_with_origin(key) {
            let message = "这一项只用于台账文件，这张表格没有写“文件”";
            cx.error(
                "tables/file/absent",
                &origin,
                message,
                "加一行“文件: 台账.xlsx”",
            );
        }
    }
    let rows = rows
        .and_then(|rows| cx.list(rows, "“行”", false))
        .unwrap_or_default();
    if columns.is_none() {
        return Some(free_rows(name, rows, cx));
    }
    let columns = unique(names(columns, "列", cx), cx);
    let rows = rows
        .into_iter()
        .filter_map(|row| fixed_row(row, &columns, cx))
        .collect();
    Some(Table::new(name, columns, rows))
}

/// Reads 列别名: each column of the templates with its names in the ledger.
fn aliases(node: Option<Node>, cx: &mut Context) -> Aliases {
    let Some(node) = node.filter(|node| !node.is_empty()) else {
        return Aliases::new(Vec::new());
    };
    let entries = cx.mapping(node, "“列别名”").unwrap_or_default();
    let named = cx.named(entries).into_iter().map(|(name, node)| {
        let aliases = names(Some(node), "列别名", cx);
        (
            name.value,
            aliases.into_iter().map(|alias| alias.value).collect(),
        )
    });
    Aliases::new(named.collect())
}

/// Drops the second of two columns of one name, with a report.
pub fn unique(columns: Vec<Sourced<String>>, cx: &mut Context) -> Vec<Sourced<String>> {
    let mut unique: Vec<Sourced<String>> = Vec::new();
    for column in columns {
        match unique.iter().find(|first| first.value == column.value) {
            Some(first) => {
                let message = format!("有两列都叫“{}”", column.value);
                let diagnostic =
                    Diagnostic::error("tables/column/duplicate", &column.origin, message)
                        .hint("给其中一列换一个名称")
                        .related(&first.origin, "第一列在这里");
                cx.report(diagnostic);
            }
            None => unique.push(column),
        }
    }
    unique
}

/// A row of a table whose columns are given.
fn fixed_row(row: Node, columns: &[Sourced<String>], cx: &mut Context) -> Option<Vec<Value>> {
    let origin = row.origin.clone();
    match row.kind {
        Kind::List(cells) => {
            check_cells(cells.len(), columns, &origin, cx);
            Some(
                cells
                    .into_iter()
                    .filter_map(|cell| value(cell, cx))
                    .collect(),
            )
        }
        Kind::Map(entries) => {
            let mut cells = empty_cells(columns.len(), &origin);
            for (name, node) in cx.named(entries) {
                match columns.iter().position(|column| column.value == name.value) {
                    Some(index) => cells[index] = value(node, cx)?,
                    None => unknown_column(&name, columns, cx),
                }
            }
            Some(cells)
        }
        Kind::Scalar { .. } => {
            wrong_row(&row, cx);
            None
        }
    }
}

/// Reports a row with more or fewer cells than there are columns.
pub fn check_cells(cells: usize, columns: &[Sourced<String>], origin: &Origin, cx: &mut Context) {
    let merged = columns.iter().any(|column| column.value.contains('，'));
    if cells == columns.len() || merged {
        return;
    }
    let message = format!("这一行有{cells}格，表格有{}列", columns.len());
    let names: Vec<&str> = columns.iter().map(|column| column.value.as_str()).collect();
    let hint = if cells < columns.len() {
        "空着的格写作“~”；格与格之间用半角逗号"
    } else {
        "删去多出的格；格里的半角逗号会把一格分成两格，应加半角引号"
    };
    let hint = format!("各列是：{}；{hint}", names.join("、"));
    cx.error("tables/row/cells", origin, message, hint);
}

fn unknown_column(name: &Sourced<String>, columns: &[Sourced<String>], cx: &mut Context) {
    let known: Vec<&str> = columns.iter().map(|column| column.value.as_str()).collect();
    let hint = match nearest(&name.value, known.iter().copied()) {
        Some(nearest) => format!("是否要写“{nearest}”"),
        None => format!("各列是：{}", known.join("、")),
    };
    let message = format!("表格没有“{}”这一列", name.value);
    cx.error("tables/column/unknown", &name.origin, message, hint);
}

/// A table without 列: its columns are those of the rows, in the order of their first appearance.
fn free_rows(name: Sourced<String>, rows: Vec<Node>, cx: &mut Context) -> Table {
    let mut read = Vec::new();
    let mut whole = true;
    for row in rows {
        let origin = row.origin.clone();
        whole &= !has_bare_key(&row);
        if let Some(entries) = row_entries(row, cx) {
            read.push((origin, entries));
        }
    }
    if whole {
        check_columns(&read, cx);
    }
    let mut columns: Vec<Sourced<String>> = Vec::new();
    let mut filled = Vec::new();
    for (origin, entries) in read {
        let mut cells = empty_cells(columns.len(), &origin);
        for (column, node) in entries {
            let index = columns.iter().position(|known| known.value == column.value);
            let index = index.unwrap_or_else(|| {
                columns.push(column);
                columns.len() - 1
            });
            if cells.len() <= index {
                cells.extend(empty_cells(index + 1 - cells.len(), &origin));
            }
            if let Some(value) = value(node, cx) {
                cells[index] = value;
            }
        }
        filled.push(cells);
    }
    Table::new(name, columns, filled)
}

/// Tells whether the row has a key without colon; its columns are not what was meant.
fn has_bare_key(row: &Node) -> bool {
    let Kind::Map(entries) = &row.kind else {
        return false;
    };
    let bare = |key: &Node| {
        matches!(
            &key.kind,
            Kind::Scalar {
                style: Style::Bare,
                ..
            }
        )
    };
    entries.iter().any(|(key, _)| bare(key))
}

/// A row with its place and its cells under their columns.
type Row = (Origin, Vec<(Sourced<String>, Node)>);

/// Every row has the columns of the others.
fn check_columns(rows: &[Row], cx: &mut Context) {
    let mut found = Vec::new();
    // The rows that have a column, in the order of the first appearance of the columns.
    let mut columns: Vec<(&str, Vec<usize>)> = Vec::new();
    for (number, (_, entries)) in rows.iter().enumerate() {
        for (column, _) in entries {
            match columns.iter_mut().find(|(name, _)| *name == column.value) {
                Some((_, numbers)) => numbers.push(number),
                None => columns.push((&column.value, vec![number])),
            }
        }
    }
    // Columns that a row may go without.
    const OPTIONAL: [&str; 4] = ["备注", "简称", "顺序", "主送称谓"];
    let partial = |numbers: &[usize]| numbers.len() < rows.len();
    let mut excused: Vec<(&str, usize)> = Vec::new();
    let mut rare: Vec<&str> = Vec::new();
    for (index, (name, numbers)) in columns.iter().enumerate() {
        if !partial(numbers) {
            continue;
        }
        let usual = columns.iter().enumerate().filter(|(other, (_, theirs))| {
            let more = (theirs.len(), index) > (numbers.len(), *other);
            more && !numbers
                .iter()
                .any(|number| theirs.binary_search(number).is_ok())
        });
        let usual = usual.map(|(_, (name, _))| *name);
        if let Some(meant) = nearest(name, usual) {
            let theirs = columns.iter().find(|(other, _)| *other == meant);
            let alike = theirs.is_some_and(|(_, theirs)| theirs.len() == numbers.len());
            for number in numbers {
                found.push(similar(&rows[*number], name, meant, alike));
                excused.push((meant, *number));
            }
            rare.push(name);
        } else if numbers.len() * 2 < rows.len() && !OPTIONAL.contains(name) {
            let (with, without) = (numbers.len(), rows.len() - numbers.len());
            let message = format!("只有{with}行写了“{name}”一列，另外{without}行没有");
            let hint = missing_hint(name);
            let origin = key_origin(&rows[numbers[0]], name);
            let code = "tables/row/column-missing";
            found.push(Diagnostic::error(code, origin, message).hint(hint));
            rare.push(name);
        }
    }
    let usual = columns
        .iter()
        .filter(|(name, numbers)| partial(numbers) && !rare.contains(name))
        .filter(|(name, _)| !OPTIONAL.contains(name));
    let usual: Vec<_> = usual.collect();
    for (number, (origin, _)) in rows.iter().enumerate() {
        let missing = usual.iter().filter(|(name, numbers)| {
            numbers.binary_search(&number).is_err() && !excused.contains(&(*name, number))
        });
        let missing: Vec<&str> = missing.map(|(name, _)| *name).collect();
        if let [first, ..] = missing.as_slice() {
            let message = format!("这一行缺少“{}”，其他行有", missing.join("”“"));
            let hint = missing_hint(first);
            let code = "tables/row/column-missing";
            found.push(Diagnostic::error(code, origin, message).hint(hint));
        }
    }
    found.into_iter().for_each(|fault| cx.report(fault));
}

fn missing_hint(column: &str) -> String {
    format!("没有内容的写“{column}: \"\"”；空着的格很多时，改用“列: […]”列明所有列，再写“行:”")
}

/// A column that looks like a misspelt one of the other rows; where as many rows have either, nobody
/// can tell which is right.
fn similar(row: &Row, name: &str, meant: &str, alike: bool) -> Diagnostic {
    let message = format!("这一行写的是“{name}”，其他行写的是“{meant}”");
    let cure = match alike {
        true => "看哪一个写错了，改成相同的".to_owned(),
        false => format!("写错的话改为“{meant}”"),
    };
    let hint = format!("{cure}；确是另一列，就用“列: […]”列明所有列，再写“行:”");
    Diagnostic::error("tables/column/similar", key_origin(row, name), message).hint(hint)
}

fn key_origin<'a>((origin, entries): &'a Row, name: &str) -> &'a Origin {
    let key = entries.iter().find(|(column, _)| column.value == name);
    key.map_or(origin, |(column, _)| &column.origin)
}

fn row_entries(row: Node, cx: &mut Context) -> Option<Vec<(Sourced<String>, Node)>> {
    match row.kind {
        Kind::Map(entries) => Some(cx.named(entries)),
        Kind::List(_) => {
            let message = "这一行只有值，没有列名";
            let hint = "改为“列: [列名, 列名]”和“行:”两项，或者每格写作“列名: 值”";
            cx.error("tables/column/missing", &row.origin, message, hint);
            None
        }
        Kind::Scalar { .. } => {
            wrong_row(&row, cx);
            None
        }
    }
}

fn wrong_row(row: &Node, cx: &mut Context) {
    let hint = "写作“- 列名: 值”，冒号用半角，后面空一格";
    cx.wrong_kind(row, "表格的一行", "若干“列名: 值”", hint);
}

fn empty_cells(count: usize, origin: &Origin) -> Vec<Value> {
    vec![Value::scalar(Scalar::Empty, origin.clone()); count]
}
