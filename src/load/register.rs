//! 机构名录: a table of units comes in, the [`Register`] goes out; units in other tables that it
//! does not know are reported at their cells.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use super::attachments::names;
use super::context::Context;
use super::keys::{REGISTER, find, nearest};
use super::node::{Kind, Node};
use super::periods::{described, key, named};
use super::tables;
use crate::diag::{Diagnostic, Origin};
use crate::model::{
    Register, Scalar, Sourced, Table, Unit, Value, ValueKind, named_units, without_blanks,
};

/// The name under which templates see the register as a table.
const TABLE: &str = "机构名录";

/// The columns of units that are checked where 核对列 does not say otherwise.
const UNIT_COLUMNS: &[&str] = &[
    "责任单位",
    "单位",
    "单位名称",
    "主办单位",
    "开设主体",
    "涉及单位",
    "牵头单位",
    "配合单位",
];

/// Reads 机构名录, puts it among `tables`, and checks the units of the other tables.
pub fn register(
    field: Option<(Origin, Node)>,
    tables: &mut Vec<Table>,
    cx: &mut Context,
) -> Option<Register> {
    let (origin, node) = field.filter(|(_, node)| !node.is_empty())?;
    let (node, checked) = checked_columns(node, cx);
    let table = table(&origin, node, tables, cx)?;
    let register = read(&table, cx)?;
    let own = table.name.value.clone();
    for other in tables.iter().filter(|other| other.name.value != own) {
        check(other, &register, checked.as_deref(), cx);
    }
    if !tables.iter().any(|known| known.name.value == own) {
        tables.push(table);
    }
    Some(register)
}

/// Takes 核对列 out of a mapping, and the value of its 表格 in place of it.
fn checked_columns(node: Node, cx: &mut Context) -> (Node, Option<Vec<Sourced<String>>>) {
    let Kind::Map(entries) = node.kind else {
        return (node, None);
    };
    let (mut checked, mut table, mut rest) = (None, None, Vec::new());
    for (key, value) in entries {
        let known = key.text().and_then(|text| find(REGISTER, text));
        match known.map(|known| known.english) {
            Some("checked_columns") => checked = Some(names(Some(value), "核对列", cx)),
            Some("table") => table = Some(value),
            _ => rest.push((key, value)),
        }
    }
    let (origin, breaks) = (node.origin, node.breaks);
    let rest = Node {
        kind: Kind::Map(rest),
        origin,
        breaks,
    };
    (table.unwrap_or(rest), checked)
}

/// The table of the register: one of `tables` by its name, or its own rows or file.
fn table(origin: &Origin, node: Node, tables: &[Table], cx: &mut Context) -> Option<Table> {
    if let Some(table) = named(&node, tables) {
        return Some(table.clone());
    }
    if let Some(name) = node.text().filter(|text| !text.contains('.')) {
        let known: Vec<&str> = tables
            .iter()
            .map(|table| table.name.value.as_str())
            .collect();
        let hint = match nearest(name, known.into_iter()) {
            Some(near) => format!("是否要写“{near}”"),
            None => "写“表格”里一张表的名称，或文件名（如“名录.csv”），或另起行逐行写".to_owned(),
        };
        let message = format!("没有名为“{name}”的表格");
        cx.error("register/table/unknown", &node.origin, message, hint);
        return None;
    }
    let kind = Kind::Map(vec![(key(TABLE, origin), described(node))]);
    let node = Node {
        kind,
        origin: origin.clone(),
        breaks: 0,
    };
    tables::tables(Some(node), cx).pop()
}

fn read(table: &Table, cx: &mut Context) -> Option<Register> {
    let Some(name) = table.column("全称") else {
        let hint = "各列是：全称、简称、类别、顺序、主送称谓；“全称”必有，其余可以不写";
        let message = "机构名录没有“全称”一列";
        cx.error("register/column/missing", &table.name.origin, message, hint);
        return None;
    };
    let column = |name: &str| table.column(name);
    let (short, group) = (column("简称"), column("类别"));
    let (order, addressee) = (column("顺序"), column("主送称谓"));
    let mut units = Vec::new();
    for row in table.rows() {
        let cell = |index: Option<usize>| index.and_then(|index| typed(&row[index]));
        let Some(full) = typed(&row[name]) else {
            let hint = "写上全称，或者删去这一行";
            cx.error(
                "register/name/empty",
                &row[name].origin,
                "这一行没有全称",
                hint,
            );
            continue;
        };
        units.push(Unit {
            name: full,
            short: cell(short).map(split).unwrap_or_default(),
            group: cell(group),
            order: cell(order).and_then(|order| number(&order, cx)),
            addressee: cell(addressee),
        });
    }
    report_duplicates(&units, cx);
    Some(Register::new(units))
}

/// The letters of a cell that has some.
pub fn typed(cell: &Value) -> Option<Sourced<String>> {
    let ValueKind::Scalar(scalar) = &cell.kind else {
        return None;
    };
    let text = scalar.text().trim();
    (!matches!(scalar, Scalar::Empty) && !text.is_empty())
        .then(|| Sourced::new(text.to_owned(), cell.origin.clone()))
}

/// Several names in one cell; all stand at the cell.
pub fn split(cell: Sourced<String>) -> Vec<Sourced<String>> {
    let parts = cell.value.split(['、', '；', ';']).map(str::trim);
    let parts = parts.filter(|part| !part.is_empty());
    parts
        .map(|part| Sourced::new(part.to_owned(), cell.origin.clone()))
        .collect()
}

fn number(order: &Sourced<String>, cx: &mut Context) -> Option<f64> {
    let number = order
        .value
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite());
    if number.is_none() {
        let message = format!("顺序“{}”不是数字", order.value);
        let hint = "填写阿拉伯数字；不写则依各行先后";
        cx.error("register/order/form", &order.origin, message, hint);
    }
    number
}

fn report_duplicates(units: &[Unit], cx: &mut Context) {
    let mut seen: BTreeMap<String, (usize, &Origin)> = BTreeMap::new();
    for (index, unit) in units.iter().enumerate() {
        for name in unit.names() {
            let letters = without_blanks(&name.value);
            match seen.get(&letters) {
                Some((first, _)) if *first == index => {}
                Some((first, place)) => {
                    let message = format!(
                        "“{}”已是“{}”的名称，分不清是哪个单位",
                        name.value, units[*first].name.value
                    );
                    let fault = Diagnostic::error("register/name/duplicate", &name.origin, message)
                        .hint("每个名称只归一个单位，删去或改写其中一处")
                        .related(place, "先写的在这里");
                    cx.report(fault);
                }
                None => {
                    seen.insert(letters, (index, &name.origin));
                }
            }
        }
    }
}

/// Checks the cells of a table's unit columns; a cell may hold several units.
pub fn check(
    table: &Table,
    register: &Register,
    checked: Option<&[Sourced<String>]>,
    cx: &mut Context,
) {
    let is_checked = |column: &Sourced<String>| match checked {
        Some(names) => names.iter().any(|name| name.value == column.value),
        None => UNIT_COLUMNS.contains(&column.value.as_str()),
    };
    let names = Names::new(register);
    let columns = table.columns().iter().enumerate();
    for (index, _) in columns.filter(|(_, column)| is_checked(column)) {
        for cell in table.rows().iter().filter_map(|row| typed(&row[index])) {
            if register.place(&cell.value).is_some() {
                continue;
            }
            for name in named_units(&cell.value, Some(register)) {
                if register.place(name).is_none() {
                    let unit = Sourced::new(name.to_owned(), cell.origin.clone());
                    cx.report(unknown(&unit, &names));
                }
            }
        }
    }
}

fn unknown(unit: &Sourced<String>, names: &Names) -> Diagnostic {
    let message = format!("机构名录里没有“{}”", unit.value);
    let fault = Diagnostic::error("register/unit/unknown", &unit.origin, message);
    let is_link = |letter: char| letter.is_whitespace() || "和及与（）()".contains(letter);
    let parts = unit.value.split(is_link);
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let is_known = |part: &&str| names.register.place(part).is_some();
    if parts.len() > 1 && parts.iter().all(is_known) {
        return fault.hint(format!("几个单位用顿号隔开，写作“{}”", parts.join("、")));
    }
    fault.hint(match names.nearest(&unit.value) {
        Some(near) => format!("是不是“{near}”；确是另一个单位，就在机构名录里加上它"),
        None => "改正名称，或在机构名录里加上这个单位".to_owned(),
    })
}

/// The names of a register, ready to be compared with many others.
struct Names<'a> {
    register: &'a Register,
    /// Without blanks, each with its letters in order and its unit.
    all: Vec<(String, Vec<char>, &'a Unit)>,
    /// What was asked for: a large ledger misspells the same name in many rows.
    asked: RefCell<HashMap<String, Option<&'a str>>>,
}

impl<'a> Names<'a> {
    fn new(register: &'a Register) -> Self {
        let units = register.units().iter();
        let all = units.flat_map(|unit| unit.names().map(move |name| (name, unit)));
        let all = all.map(|(name, unit)| {
            let name = without_blanks(&name.value);
            (name.clone(), letters(&name), unit)
        });
        Names {
            register,
            all: all.collect(),
            asked: RefCell::default(),
        }
    }

    /// The unit with the name most like `name`, full or short; none where all are far from it.
    fn nearest(&self, name: &str) -> Option<&'a str> {
        let name = without_blanks(name);
        if let Some(found) = self.asked.borrow().get(&name) {
            return *found;
        }
        const LIKE: f64 = 0.5;
        let own = letters(&name);
        let mut best: Option<(f64, &Unit)> = None;
        for (known, letters, unit) in &self.all {
            // Two names are no more alike than the letters that they have in common.
            let longer = own.len().max(letters.len()) as f64;
            let wanted = best.map_or(LIKE, |(most, _)| most);
            if (in_common(&own, letters) as f64) < wanted * longer {
                continue;
            }
            let likeness = strsim::normalized_damerau_levenshtein(&name, known);
            if likeness >= LIKE && best.is_none_or(|(most, _)| likeness > most) {
                best = Some((likeness, unit));
            }
        }
        let found = best.map(|(_, unit)| unit.name.value.as_str());
        self.asked.borrow_mut().insert(name, found);
        found
    }
}

/// The letters of a name, in the order of their codes.
fn letters(name: &str) -> Vec<char> {
    let mut letters: Vec<char> = name.chars().collect();
    letters.sort_unstable();
    letters
}

/// How many letters two names have in common, both in the order of their codes.
fn in_common(one: &[char], other: &[char]) -> usize {
    let (mut one, mut other, mut count) = (one, other, 0);
    while let ([first, one_rest @ ..], [second, other_rest @ ..]) = (one, other) {
        match first.cmp(second) {
            Ordering::Less => one = one_rest,
            Ordering::Greater => other = other_rest,
            Ordering::Equal => (one, other, count) = (one_rest, other_rest, count + 1),
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn register(names: &[(&str, &str)]) -> Register {
        let sourced = |text: &str| Sourced::new(text.to_owned(), Origin::Program);
        let unit = |(full, short): &(&str, &str)| Unit {
            name: sourced(full),
            short: split(sourced(short)),
            group: None,
            order: None,
            addressee: None,
        };
        Register::new(names.iter().map(unit).collect())
    }

    #[test]
    fn units_parted_by_blanks_are_told_how_to_part_them() {
        let register = register(&[("旗财政局", "财政局"), ("旗能源局", "")]);
        let hint = |name: &str| {
            let name = Sourced::new(name.to_owned(), Origin::Program);
            unknown(&name, &Names::new(&register))
                .hint
                .unwrap_or_default()
        };
        assert!(hint("财政局\n旗能源局").contains("写作“财政局、旗能源局”"));
        assert!(hint("财政局 丙所").contains("机构名录里"));
    }

    #[test]
    fn the_nearest_unit_is_looked_for_among_full_and_short_names() {
        let register = register(&[
            ("旗能源局", ""),
            ("旗应急管理局", "应急局；旗应急局"),
            ("旗宣传部", ""),
        ]);
        let names = Names::new(&register);
        assert_eq!(names.nearest("旗应急宣局"), Some("旗应急管理局"));
        assert_eq!(names.nearest("应急 管理局"), Some("旗应急管理局"));
        assert_eq!(names.nearest("财政所"), None);
    }
}
