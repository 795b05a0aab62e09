//! A workbook alone comes in, the tree of an input file goes out: sheet 公文 holds keys and values,
//! sheet 变量 names and values, sheet 检查设置 rules and their levels, every other visible sheet is a
//! table.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::context::Context;
use super::super::keys::{self, SECTIONS};
use super::super::node::{Kind, Node, Style};
use super::grid::{Content, Grid, Row};
use super::header::clean;
use super::{Book, BookError, GUIDE, Source, place, table};
use crate::diag::{Diagnostic, Origin};
use crate::model::{Aliases, Sourced, Table};

/// The sheet of keys and values.
pub const CIRCULAR: &str = "公文";
const VARIABLES: &str = "变量";
const CHECKS: &str = "检查设置";

/// What the two columns of a sheet of pairs may be headed.
const HEADS: &[(&str, &str)] = &[
    ("键", "值"),
    ("名称", "值"),
    ("规则", "级别"),
    ("代码", "级别"),
];

/// Tells whether a workbook alone is a circular.
pub fn holds_circular(book: &Book) -> bool {
    let mut sheets = book.sheets.iter();
    sheets.any(|sheet| sheet.name == CIRCULAR && !sheet.hidden)
}

/// Reads the tree and the tables of a workbook; what cannot be read at all is the error.
pub fn circular(
    book: &Book,
    file: &Arc<str>,
    cx: &mut Context,
) -> Result<Option<(Node, Vec<Table>)>, BookError> {
    let mut grids = Vec::new();
    for sheet in book.sheets.iter().filter(|sheet| !sheet.hidden) {
        if !GUIDE.contains(&sheet.name.as_str()) {
            grids.push((sheet.name.clone(), book.grid(&sheet.name)?));
        }
    }
    let take = |name: &str, grids: &mut Vec<(String, Grid)>| {
        let index = grids.iter().position(|(sheet, _)| sheet == name)?;
        Some(grids.remove(index).1)
    };
    let Some(keys) = take(CIRCULAR, &mut grids) else {
        let names: Vec<&str> = book
            .sheets
            .iter()
            .map(|sheet| sheet.name.as_str())
            .collect();
        let message = "没有名为“公文”的工作表，不知道文种、标题等";
        let hint = format!(
            "加一个工作表“公文”，A列写键（文种、标题……），B列写值；文件里有：{}",
            names.join("、")
        );
        let first = names.first().copied().unwrap_or(CIRCULAR);
        cx.error(
            "input/sheet/missing",
            &place(file, first)((0, 0)),
            message,
            hint,
        );
        return Ok(None);
    };
    let mut entries = pairs(&keys, file, CIRCULAR, cx);
    if let Some(grid) = take(VARIABLES, &mut grids) {
        let origin = place(file, VARIABLES)((0, 0));
        let variables = pairs(&grid, file, VARIABLES, cx);
        entries.push((text(VARIABLES, &origin), map(variables, &origin)));
    }
    if let Some(grid) = take(CHECKS, &mut grids) {
        let origin = place(file, CHECKS)((0, 0));
        let settings = pairs(&grid, file, CHECKS, cx);
        entries.push((text("检查", &origin), checks(settings, &origin)));
    }
    let mut tables = Vec::new();
    for (sheet, grid) in grids {
        if grid.is_empty() {
            continue;
        }
        let place = place(file, &sheet);
        let source = Source {
            name: Sourced::new(sheet.clone(), place((0, 0))),
            grid,
            place: &place,
            aliases: Aliases::new(Vec::new()),
        };
        tables.extend(table(source, cx));
    }
    let start = place(file, CIRCULAR)((0, 0));
    Ok(Some((map(gathered(entries, &start, cx), &start), tables)))
}

/// The pairs of a sheet: the first filled column holds keys, the next one values; what stands further
/// to the right is told where no value stands before it. A row without a key continues the value above
/// it on a new line.
fn pairs(grid: &Grid, file: &Arc<str>, sheet: &str, cx: &mut Context) -> Vec<(Node, Node)> {
    let place = place(file, sheet);
    let own = |row: u32, cells: &Row| -> Vec<u32> {
        let own = cells
            .iter()
            .filter(|(index, cell)| cell.at == (row, **index));
        own.map(|(index, _)| *index).collect()
    };
    let columns = grid.rows.iter().flat_map(|(row, cells)| own(*row, cells));
    let mut columns = columns.collect::<BTreeSet<u32>>().into_iter();
    let Some(first) = columns.next() else {
        return Vec::new();
    };
    let second = columns.next().unwrap_or(first + 1);
    let mut pairs: Vec<(Node, Node)> = Vec::new();
    let mut last_row = 0;
    for (row, cells) in &grid.rows {
        let key = cells.get(&first).filter(|cell| cell.at == (*row, first));
        let value = cells.get(&second).filter(|cell| cell.at == (*row, second));
        let beside = own(*row, cells).into_iter().find(|column| *column > second);
        if let (None, Some(column)) = (value, beside) {
            let text = cells[&column].content.text();
            let message = format!("“{text}”写在值的一列右边，没有用到；值的一列是空的");
            let hint = "是值的，移到左边一列；是批注的，删去，或写进单元格的批注";
            cx.error("input/sheet/beside", &place((*row, column)), message, hint);
        }
        let (written, origin) = match value {
            Some(cell) => (letters(&cell.content, &place(cell.at), cx), place(cell.at)),
            None => (String::new(), place((*row, second))),
        };
        match (key, pairs.last_mut()) {
            (Some(key), _) => {
                let name = clean(key.content.text());
                let name = name.trim_end_matches(['：', ':']);
                if !HEADS.contains(&(name, written.as_str())) {
                    pairs.push((text(name, &place(key.at)), text(&written, &origin)));
                }
            }
            (None, Some((_, value))) => {
                // A blank row between two texts is a blank line: a new paragraph.
                let breaks = "\n".repeat((row - last_row).min(2) as usize);
                if let Kind::Scalar { text, .. } = &mut value.kind {
                    text.push_str(&breaks);
                    text.push_str(&written);
                    value.breaks += breaks.len() as u32;
                }
            }
            (None, None) => {}
        }
        last_row = *row;
    }
    pairs
}

fn letters(content: &Content, origin: &Origin, cx: &mut Context) -> String {
    if matches!(content, Content::Error(_) | Content::NoValue) {
        let message = "这一格的公式没有可用的值";
        let hint = "直接写上文字，或在电子表格软件里改正公式后保存";
        cx.error("tables/cell/formula-fault", origin, message, hint);
    }
    content.text().to_owned()
}

/// Puts sections under 正文, and 附件1, 附件1表格 … into the list of 附件.
fn gathered(entries: Vec<(Node, Node)>, start: &Origin, cx: &mut Context) -> Vec<(Node, Node)> {
    let mut gathered = Vec::new();
    let mut sections = Vec::new();
    let mut attachments: BTreeMap<u32, Vec<(Node, Node)>> = BTreeMap::new();
    for (key, value) in entries {
        let name = key.text().unwrap_or_default().to_owned();
        let numbered = numbered(&name);
        if keys::find(SECTIONS, &name).is_some() {
            sections.push((key, value));
        } else if let Some((number, part)) = numbered {
            let value = if part == "列" || part == "合并列" {
                names(value)
            } else {
                value
            };
            let key = Node {
                kind: scalar(part),
                ..key
            };
            attachments.entry(number).or_default().push((key, value));
        } else {
            gathered.push((key, value));
        }
    }
    let whole = gathered.iter().find(|(key, _)| {
        let name = key.text().unwrap_or_default();
        keys::find(keys::CIRCULAR, name).is_some_and(|key| key.english == "main_text")
    });
    if let (Some((section, _)), Some((whole, _))) = (sections.first(), whole) {
        let (name, other) = (whole.text(), section.text());
        let (name, other) = (name.unwrap_or_default(), other.unwrap_or_default());
        let message = format!("“{name}”和“{other}”都写了，只能写一种");
        let hint = format!("全文自己写的，只写“{name}”；只改几节的，只写那几节");
        let fault = Diagnostic::error("input/key/duplicate", &section.origin, message);
        cx.report(fault.hint(hint).related(&whole.origin, "全文写在这里"));
    } else if let Some((first, _)) = sections.first() {
        let origin = first.origin.clone();
        gathered.push((text("正文", &origin), map(sections, &origin)));
    }
    if !attachments.is_empty() {
        let item = |entries: Vec<(Node, Node)>| {
            let origin = entries
                .first()
                .map_or(start, |(key, _)| &key.origin)
                .clone();
            map(entries, &origin)
        };
        let items: Vec<Node> = attachments.into_values().map(item).collect();
        let origin = items[0].origin.clone();
        let list = Node {
            kind: Kind::List(items),
            origin: origin.clone(),
            breaks: 0,
        };
        gathered.push((text("附件", &origin), list));
    }
    gathered
}

/// Puts the codes of rules under 规则, and `编码标识码` under 编码.
fn checks(settings: Vec<(Node, Node)>, start: &Origin) -> Node {
    let (mut others, mut rules, mut forms) = (Vec::new(), Vec::new(), Vec::new());
    for (key, value) in settings {
        let name = key.text().unwrap_or_default();
        let column = name.strip_prefix("编码").filter(|name| !name.is_empty());
        if let Some(column) = column {
            let column = column.trim_start_matches(['的', '：', ':', '-', ' ']);
            let key = text(column, &key.origin);
            forms.push((key, names(value)));
        } else if name.contains('/') {
            rules.push((key, value));
        } else {
            others.push((key, value));
        }
    }
    for (name, entries) in [("规则", rules), ("编码", forms)] {
        if let Some((first, _)) = entries.first() {
            let origin = first.origin.clone();
            others.push((text(name, &origin), map(entries, &origin)));
        }
    }
    map(others, start)
}

/// `附件2表格` → 2 and 表格; `附件2` → 2 and 标题.
fn numbered(name: &str) -> Option<(u32, &str)> {
    let rest = name.strip_prefix("附件")?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let number = rest[..digits].parse().ok()?;
    let part = rest[digits..].trim_start_matches(['的', '-', '－', '.']);
    Some((number, if part.is_empty() { "标题" } else { part }))
}

/// Splits `序号、责任单位` into a list.
fn names(value: Node) -> Node {
    let Some(text_) = value.text() else {
        return value;
    };
    let names = text_
        .split(['、', '，', ',', '\n'])
        .map(str::trim)
        .filter(|n| !n.is_empty());
    let items = names.map(|name| text(name, &value.origin)).collect();
    Node {
        kind: Kind::List(items),
        ..value
    }
}

fn scalar(text: &str) -> Kind {
    Kind::Scalar {
        text: text.to_owned(),
        style: Style::Plain,
    }
}

fn text(text: &str, origin: &Origin) -> Node {
    Node {
        kind: scalar(text),
        origin: origin.clone(),
        breaks: 0,
    }
}

fn map(entries: Vec<(Node, Node)>, origin: &Origin) -> Node {
    Node {
        kind: Kind::Map(entries),
        origin: origin.clone(),
        breaks: 0,
    }
}
