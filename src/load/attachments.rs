//! 附件: each with its own words, or one of the circular's tables, or both.

use super::circular::without_colon;
use super::context::Context;
use super::fields::Fields;
use super::forms::{self, DOC_DATE};
use super::keys::{self, nearest};
use super::node::Node;
use super::pictures;
use crate::diag::Diagnostic;
use crate::model::{
    Attachment, AttachmentTable, ColumnGroup, Picture, PictureFormat, Sourced, Table,
};

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
    let landscape = forms::orientation(fields.take("orientation"), cx);
    let images = pictures(&mut fields, cx);
    let file = file(&mut fields, cx);
    let separate = forms::yes_or_no(fields.take("bound_separately"), "另行装订", cx);
    let mut text = |key: &str, what: &str| {
        let node = fields.take(key)?;
        cx.text(node, what)
    };
    Some(Attachment {
        recipients: text("recipients", "主送机关").map(without_colon),
        text: text("main_text", "正文"),
        signature: text("signature", "署名"),
        issuer_mark: text("issuer_mark", "发文机关标志"),
        doc_number: text("doc_number", "发文字号"),
        title: title?,
        landscape,
        images,
        file,
        bound_separately: separate.is_some_and(|separate| separate.value),
        table,
        doc_date,
    })
}

/// 图, which are no PDF.
fn pictures(fields: &mut Fields, cx: &mut Context) -> Vec<Sourced<Picture>> {
    let names = names(fields.take("images"), "图", cx);
    let mut all = Vec::new();
    for path in names {
        let Some(picture) = pictures::picture(path, cx) else {
            continue;
        };
        if picture.value.format == PictureFormat::Pdf {
            let message = format!("“{}”是 PDF，不能写在“图”里", picture.value.path);
            let hint = "写作“外来文件: 文件”";
            cx.error("pictures/file/format", &picture.origin, message, hint);
        } else {
            all.push(picture);
        }
    }
    all
}

/// 外来文件 and its 页.
fn file(fields: &mut Fields, cx: &mut Context) -> Option<(Sourced<Picture>, Vec<usize>)> {
    let pages = fields.take("pages").and_then(|node| cx.text(node, "页"));
    let pages = pages.map(|pages| pages_of(&pages, cx)).unwrap_or_default();
    let path = fields
        .take("file")
        .and_then(|node| cx.text(node, "外来文件"))?;
    let picture = pictures::picture(path, cx)?;
    if picture.value.format != PictureFormat::Pdf {
        let message = format!("“{}”不是 PDF", picture.value.path);
        let hint = "外来文件用 PDF；图写在“图”里";
        cx.error("pictures/file/format", &picture.origin, message, hint);
        return None;
    }
    Some((picture, pages))
}

/// `1-3,5` as page numbers.
fn pages_of(text: &Sourced<String>, cx: &mut Context) -> Vec<usize> {
    let number = |text: &str| {
        text.trim()
            .parse::<usize>()
            .ok()
            .filter(|page| (1..=2000).contains(page))
    };
    let mut pages = Vec::new();
    for part in text.value.split([',', '，', '、']) {
        let ends = part
            .split_once(['-', '—', '～', '至'])
            .unwrap_or((part, part));
        match (number(ends.0), number(ends.1)) {
            (Some(first), Some(last)) if first <= last => pages.extend(first..=last),
            _ => {
                let message = format!("“页”里的“{}”不是页码", part.trim());
                let hint = "写作“1-3,5”，页码用半角数字";
                cx.error("pictures/pages/form", &text.origin, message, hint);
                return Vec::new();
            }
        }
    }
    pages
}

fn table(fields: &mut Fields, tables: &[Table], cx: &mut Context) -> Option<AttachmentTable> {
    let columns = fields.take("columns");
    let merged = fields.take("merged_columns");
    let groups = fields.take("column_groups");
    let name = fields.take("table").and_then(|node| cx.text(node, "表格"));
    let Some(name) = name else {
        if let Some(node) = columns.or(merged).or(groups) {
            let message = "附件写了列，却没有写用哪张表";
            let hint = "加一行“表格: 表名”，表名在最外层的“表格”下面";
            cx.error("body/attachment/no-table", &node.origin, message, hint);
        }
        return None;
    };
    let columns = names(columns, "列", cx);
    let merged = names(merged, "合并列", cx);
    let groups = column_groups(groups, cx);
    match tables.iter().find(|table| table.name.value == name.value) {
        Some(table) => {
            for column in columns.iter().chain(&merged) {
                check_column(column, table, cx);
            }
            let printed = match columns.is_empty() {
                true => table.columns(),
                false => &columns,
            };
            check_groups(&groups, printed, cx);
        }
        None => no_such_table(&name, tables, cx),
    }
    Some(AttachmentTable {
        name,
        columns,
        merged,
        groups,
    })
}

/// Reads 列组: each heading with the columns below it.
fn column_groups(node: Option<Node>, cx: &mut Context) -> Vec<ColumnGroup> {
    let Some(node) = node.filter(|node| !node.is_empty()) else {
        return Vec::new();
    };
    let entries = cx.mapping(node, "“列组”").unwrap_or_default();
    let groups = cx
        .named(entries)
        .into_iter()
        .map(|(heading, node)| ColumnGroup {
            heading,
            columns: names(Some(node), "列组", cx),
        });
    groups.collect()
}

/// The columns of a group must be printed side by side, and each under one heading only.
fn check_groups(groups: &[ColumnGroup], printed: &[Sourced<String>], cx: &mut Context) {
    let mut taken = vec![false; printed.len()];
    for group in groups {
        let places = group.columns.iter().map(|column| {
            let same = |printed: &Sourced<String>| printed.value == column.value;
            printed.iter().position(same).ok_or(column)
        });
        let places: Result<Vec<usize>, _> = places.collect();
        let (origin, message) = match places {
            Err(column) => (
                &column.origin,
                format!(
                    "列组“{}”里的“{}”不是要印的列",
                    group.heading.value, column.value
                ),
            ),
            Ok(places) if places.is_empty() || !places.windows(2).all(|p| p[0] + 1 == p[1]) => (
                &group.heading.origin,
                format!("列组“{}”里的列不是依次相邻的", group.heading.value),
            ),
            Ok(places) if places.iter().any(|place| taken[*place]) => (
                &group.heading.origin,
                format!("列组“{}”里有一列已在别的组", group.heading.value),
            ),
            Ok(places) => {
                places.into_iter().for_each(|place| taken[place] = true);
                continue;
            }
        };
        let names: Vec<&str> = printed.iter().map(|column| column.value.as_str()).collect();
        let hint = format!(
            "要印的列依次是：{}；写作“问题数: [列一, 列二]”",
            names.join("、")
        );
        cx.error("body/attachment/column-group", origin, message, hint);
    }
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
    let code = "body/attachment/no-such-column";
    let message = format!("表格“{}”没有“{}”这一列", table.name.value, column.value);
    if let Some(misspelt) = table.misspelt(&column.value) {
        return cx.report(misspelt_column(code, message, misspelt, column));
    }
    let known: Vec<&str> = table.columns().iter().map(|c| c.value.as_str()).collect();
    let hint = match nearest(&column.value, known.iter().copied()) {
        _ if known.iter().any(|name| name.contains(['，', '；'])) => {
            "台账的格与格之间用半角逗号隔开，现在用的是全角的".to_owned()
        }
        _ if column.value.starts_with(['【', '［', '（', '「']) => {
            "列名用半角方括号括起来，写作“[列一, 列二]”".to_owned()
        }
        _ if column.value.contains('、') => {
            "列名之间用半角逗号，写作“[列一, 列二]”，或每列另起一行写“- 列名”".to_owned()
        }
        Some(nearest) => format!("是否要写“{nearest}”"),
        None => format!("这张表有：{}", known.join("、")),
    };
    cx.error(code, &column.origin, message, hint);
}

/// The fault of a column that is asked for by its right name: told where the table misspells it.
pub fn misspelt_column(
    code: &'static str,
    message: String,
    misspelt: &Sourced<String>,
    wanted: &Sourced<String>,
) -> Diagnostic {
    let (wrong, right) = (&misspelt.value, &wanted.value);
    Diagnostic::error(
        code,
        &misspelt.origin,
        format!("{message}，这里的“{wrong}”疑是它"),
    )
    .hint(format!("写错的话改为“{right}”"))
    .related(&wanted.origin, "这里用到了这一列")
}

fn no_such_table(name: &Sourced<String>, tables: &[Table], cx: &mut Context) {
    match cx.named_tables.get(&name.value) {
        // Why it could not be read is told at its place.
        Some(false) => return,
        Some(true) => {
            let message = format!("表格“{}”不拆给各单位，通知里用不到它", name.value);
            let hint = format!(
                "每份通知都要印的表，在“批量”下写上“共用表格: [{}]”",
                name.value
            );
            let code = "body/attachment/no-such-table";
            return cx.error(code, &name.origin, message, hint);
        }
        None => {}
    }
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
