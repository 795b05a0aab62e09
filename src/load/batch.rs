//! 批量: the section comes in, the [`Batch`] goes out. What a notice does not say for itself is as
//! in the circular that it goes with.

use super::attachments::{misspelt_column, names};
use super::circular::paper;
use super::context::Context;
use super::fields::Fields;
use super::forms::open_number;
use super::keys::{self, NOT_IN_NOTICE, NOT_TAKEN_OVER, nearest};
use super::node::{Kind, Node};
use super::periods::key;
use super::read::LoadError;
use super::register;
use crate::diag::Origin;
use crate::model::{Batch, Circular, Form, Register, Sourced, Table, Value};

/// What the column of units is called where nothing else is said.
const COLUMN: &str = "责任单位";

/// What a notice's templates call its unit and its serial.
const NAMES: [&str; 2] = ["单位", "序号"];

/// The kind of a notice that names none.
const KIND: &str = "整改通知";

/// The entries of the whole file that notices take over; nothing where there is no 批量.
pub fn office(node: &Node) -> Vec<(Node, Node)> {
    let Kind::Map(entries) = &node.kind else {
        return Vec::new();
    };
    let known = |key: &Node| keys::find(keys::CIRCULAR, key.text()?).map(|key| key.english);
    if !entries.iter().any(|(key, _)| known(key) == Some("batch")) {
        return Vec::new();
    }
    let taken_over = |name: &&str| !NOT_IN_NOTICE.contains(name) && !NOT_TAKEN_OVER.contains(name);
    let office = entries
        .iter()
        .filter(|(key, _)| known(key).filter(taken_over).is_some());
    office.cloned().collect()
}

/// What the circular's words are computed from.
pub struct Data<'a> {
    pub variables: &'a [(Sourced<String>, Value)],
    pub tables: &'a [Table],
    pub register: Option<&'a Register>,
}

/// Reads 批量, whose notices take over the entries of `office`.
pub fn batch(
    (origin, node): (Origin, Node),
    office: Vec<(Node, Node)>,
    data: &Data,
    cx: &mut Context,
) -> Option<Batch> {
    let Data {
        variables,
        tables,
        register,
    } = *data;
    check_names(variables, tables, cx);
    let mut fields = Fields::read(node, keys::BATCH, "“批量”", cx)?;
    let column = fields
        .take("column")
        .and_then(|node| cx.text(node, "拆分列"))
        .unwrap_or_else(|| Sourced::new(COLUMN.to_owned(), origin.clone()));
    let groups = names(fields.take("groups"), "类别", cx);
    check_groups(&groups, register, cx);
    let shared = names(fields.take("shared_tables"), "共用表格", cx);
    check_shared(&shared, tables, cx);
    let may_name = names(fields.take("may_name"), "可提及", cx);
    let file_name = fields
        .take("file_name")
        .and_then(|node| cx.text(node, "文件名"));
    let split = split(&column, &shared, tables, register, cx);
    let number = fields.take_with_origin("first_number");
    if let Some((_, node)) = number
        .as_ref()
        .filter(|(_, node)| open_number(node).is_some())
    {
        let message = "起始字号没有顺序号，各份通知编不了号";
        let hint = "写上第一份通知的号，如 ×政办函〔2026〕31号；不要字号就删去这一行";
        cx.error("header/doc-number/serial", &node.origin, message, hint);
    }
    // Where none is split, that is told: it is not told again of each table that notices print.
    let seen = |table: &&Table| {
        let name = &table.name.value;
        split.is_empty()
            || split.contains(name)
            || shared.iter().any(|shared| shared.value == *name)
    };
    let seen: Vec<Table> = tables
        .iter()
        .filter(seen)
        .map(|t| t.with_rows(&[]))
        .collect();
    let mut form = |name: &str, cx: &mut Context| {
        let (at, node) = fields.take_with_origin(name)?;
        form(node, at, &number, &office, &seen, cx)
    };
    let quiet = form("quiet_notice", cx);
    Some(Batch {
        notice: form("notice", cx)?,
        column,
        split,
        shared,
        groups,
        may_name,
        file_name,
        quiet,
    })
}

/// The words of a notice: its own entries, then those of the office. Of `tables`, which are those
/// that the notice sees, no row is read.
fn form(
    node: Node,
    at: Origin,
    number: &Option<(Origin, Node)>,
    office: &[(Node, Node)],
    tables: &[Table],
    cx: &mut Context,
) -> Option<Form> {
    let node = match node.text() {
        Some(_) if !node.is_empty() => file(node, cx)?,
        _ => node,
    };
    let origin = node.origin.clone();
    let mut entries = cx.mapping(node, "通知")?;
    let known = |key: &Node| keys::find(keys::CIRCULAR, key.text()?).map(|key| key.english);
    for (key, _) in &entries {
        if let Some(name) = known(key).filter(|name| NOT_IN_NOTICE.contains(name)) {
            let message = format!("“{}”不写在通知里", key.text().unwrap_or_default());
            let hint = match name {
                "doc_number" => "写在“批量”下面的“起始字号”里",
                _ => "写在最外层，各份通知都取用",
            };
            cx.error("batch/key/misplaced", &key.origin, message, hint);
        }
    }
    entries.retain(|(key, _)| known(key).is_none_or(|name| !NOT_IN_NOTICE.contains(&name)));
    let own: Vec<&str> = entries.iter().filter_map(|(key, _)| known(key)).collect();
    let mut more: Vec<(Node, Node)> = office
        .iter()
        .filter(|(key, _)| known(key).is_none_or(|name| !own.contains(&name)))
        .cloned()
        .collect();
    if !own.contains(&"kind") {
        more.push((key("文种", &at), key(KIND, &at)));
    }
    if !own.contains(&"recipients") {
        more.push((key("主送机关", &at), key("{{ 单位 }}", &at)));
    }
    if let Some((origin, number)) = number {
        more.push((key("发文字号", origin), number.clone()));
    }
    entries.extend(more);
    let node = Node {
        kind: Kind::Map(entries),
        origin: origin.clone(),
        breaks: 0,
    };
    let mut fields = Fields::read(node, keys::CIRCULAR, "通知", cx)?;
    Some(Form {
        paper: paper(&mut fields, tables, "通知", origin, cx)?,
        templates: Vec::new(),
    })
}

/// The words of a notice in a file of their own.
fn file(node: Node, cx: &mut Context) -> Option<Node> {
    let file = cx.required_text(Some(node), "通知")?;
    let path = cx.path(file.value.trim(), &file.origin);
    let (message, hint) = match cx.yaml(&path) {
        Ok(Some(node)) => return Some(node),
        Ok(None) if cx.diagnostics.has_errors() => return None,
        Ok(None) => (
            format!("通知的文件“{}”里没有内容", file.value.trim()),
            "写上通知的“标题”等各键".to_owned(),
        ),
        Err(error) => (
            format!("通知的文件无法读取：{error}"),
            match error {
                LoadError::Missing { .. } => {
                    format!("文件路径从{}算起", cx.base(&file.origin))
                }
                _ => "写一个 YAML 文字文件的名称，里面是通知的“标题”等各键".to_owned(),
            },
        ),
    };
    cx.error("batch/notice/unreadable", &file.origin, message, hint);
    None
}

/// The tables that have the column, but for the register and the shared ones; their units are
/// checked.
fn split(
    column: &Sourced<String>,
    shared: &[Sourced<String>],
    tables: &[Table],
    register: Option<&Register>,
    cx: &mut Context,
) -> Vec<String> {
    let mut split = Vec::new();
    for table in tables {
        let name = &table.name.value;
        let is_shared = shared.iter().any(|shared| shared.value == *name);
        let Some(index) = table.column(&column.value) else {
            continue;
        };
        if is_shared || register.is_some_and(|register| holds(table, register)) {
            continue;
        }
        split.push(name.clone());
        if let Some(register) = register {
            let own = table.columns()[index].clone();
            register::check(table, register, Some(&[own]), cx);
        }
        for row in table.rows() {
            if register::typed(&row[index]).is_none() {
                let message = format!("这一行的“{}”是空的，不知道归哪个单位", column.value);
                let hint = "填上单位；不归任何单位的行，放到没有这一列的表格里";
                cx.error("batch/unit/empty", &row[index].origin, message, hint);
            }
        }
    }
    if split.is_empty() {
        let message = format!("没有一张表格有“{}”这一列，不能分给各单位", column.value);
        let code = "batch/column/missing";
        let misspelt = tables
            .iter()
            .find_map(|table| table.misspelt(&column.value));
        if let Some(misspelt) = misspelt {
            cx.report(misspelt_column(code, message, misspelt, column));
            return split;
        }
        let columns = tables.iter().flat_map(|table| table.columns());
        let hint = match nearest(&column.value, columns.map(|column| column.value.as_str())) {
            Some(near) => format!("是否要写“{near}”"),
            None => "在“批量”下面写“拆分列: …”，或在命令行写“--column …”，写表格里单位所在的列名"
                .to_owned(),
        };
        cx.error(code, &column.origin, message, hint);
    }
    split
}

/// Tells whether the table is the one that the register was read from.
fn holds(table: &Table, register: &Register) -> bool {
    let names = table.column("全称");
    let first = register.units().first().map(|unit| &unit.name.origin);
    names.is_some_and(|index| {
        table
            .rows()
            .iter()
            .any(|row| Some(&row[index].origin) == first)
    })
}

/// The names that notices give their unit and serial are free.
fn check_names(variables: &[(Sourced<String>, Value)], tables: &[Table], cx: &mut Context) {
    let variables = variables
        .iter()
        .map(|(name, _)| (name, "variables/name/taken"));
    let tables = tables
        .iter()
        .map(|table| (&table.name, "tables/name/taken"));
    for (name, code) in variables.chain(tables) {
        if NAMES.contains(&name.value.as_str()) {
            let message = format!("有“批量”时，“{}”在通知的模板里另有用途", name.value);
            let hint = format!("换一个名称，如“本次{}”", name.value);
            cx.error(code, &name.origin, message, hint);
        }
    }
}

fn check_groups(groups: &[Sourced<String>], register: Option<&Register>, cx: &mut Context) {
    let known = register.map_or(&[][..], Register::groups);
    for group in groups.iter().filter(|group| !known.contains(&group.value)) {
        let message = format!("机构名录里没有“{}”这一类别", group.value);
        let parts: Vec<&str> = group.value.split(['、', '，']).collect();
        let hint = match known.iter().filter(|name| !name.is_empty()).count() {
            1.. if parts.len() > 1 => format!("几个类别写成列表：[{}]", parts.join(", ")),
            0 if register.is_none() => {
                "没有写“机构名录”，不知道哪些单位属于这一类别：写上机构名录，或不写类别".to_owned()
            }
            0 => "在机构名录里写上“类别”一列，或删去这一行".to_owned(),
            _ => format!("有的类别是：{}", known.join("、")),
        };
        cx.error("batch/group/unknown", &group.origin, message, hint);
    }
}

fn check_shared(shared: &[Sourced<String>], tables: &[Table], cx: &mut Context) {
    let known: Vec<&str> = tables.iter().map(|t| t.name.value.as_str()).collect();
    for name in shared
        .iter()
        .filter(|name| !known.contains(&name.value.as_str()))
    {
        let message = format!("没有名为“{}”的表格", name.value);
        let hint = match nearest(&name.value, known.iter().copied()) {
            Some(near) => format!("是否要写“{near}”"),
            None => format!("已有的表格：{}", known.join("、")),
        };
        cx.error("batch/table/unknown", &name.origin, message, hint);
    }
}

impl Context<'_> {
    /// Reads the text templates of the circular's notices.
    pub fn read_notice_templates(&mut self, circular: &mut Circular) {
        let Some(mut batch) = circular.batch.take() else {
            return;
        };
        let quiet = batch.quiet.as_mut();
        for form in std::iter::once(&mut batch.notice).chain(quiet) {
            form.templates = self.notice_templates(&form.paper, circular);
        }
        circular.batch = Some(batch);
    }
}
