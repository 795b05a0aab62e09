//! Rows against each other: findings that stand there twice, accounts and codes that two units
//! claim.

use std::collections::BTreeMap;

use super::{letters, text};
use crate::diag::{Diagnostic, Rule, Strength};
use crate::model::{Table, Value};

pub const RULES: &[Rule] = &[DUPLICATE, SIMILAR, NONE, ACCOUNT, CODE];

const DUPLICATE: Rule = Rule::new("findings/row/duplicate", "同一个问题写了两行")
    .warning()
    .rests_on(Strength::Practice, "台账校对惯例");
const SIMILAR: Rule = Rule::new("findings/row/similar", "同一单位的两行问题几乎相同")
    .note()
    .rests_on(Strength::Practice, "台账校对惯例");
const NONE: Rule = Rule::new(
    "findings/row/no-finding",
    "一行写着没有问题，却会当作一个问题",
)
.warning()
.rests_on(Strength::Practice, "台账校对惯例")
.example("问题描述: 无", "没有问题的单位不写在问题清单里");
const ACCOUNT: Rule = Rule::new("findings/account/two-units", "一个账号写在两个单位名下")
    .warning()
    .rests_on(Strength::Practice, "台账校对惯例");
const CODE: Rule = Rule::new("findings/code/two-units", "一个标识码写在两个单位名下")
    .warning()
    .rests_on(Strength::Practice, "台账校对惯例");

/// As many rows of one unit as are compared pair by pair.
const MOST_PAIRED: usize = 200;

pub fn faults(table: &Table) -> Vec<Diagnostic> {
    let mut faults = duplicates(table);
    faults.extend(no_findings(table));
    let Some(unit) = table.known_column("责任单位") else {
        return faults;
    };
    if let Some(described) = table.known_column("问题描述") {
        faults.extend(similar(table, unit, described));
    }
    if let Some(account) = table.known_column("账号名称") {
        let platform = ["平台", "平台类型", "账号类型", "帐号类型"];
        let platform = platform.iter().find_map(|name| table.column(name));
        let key = |row: &[Value]| {
            let name = letters(row, account);
            let platform = platform
                .map(|column| letters(row, column))
                .unwrap_or_default();
            (!name.is_empty()).then_some((name, platform))
        };
        faults.extend(two_units(table, unit, account, &ACCOUNT, "账号", key));
    }
    let is_code = |name: &str| name.ends_with("标识码") || name.ends_with("信用代码");
    let code = table
        .columns()
        .iter()
        .position(|column| is_code(&column.value));
    if let Some(code) = code {
        let key = |row: &[Value]| {
            Some((letters(row, code), String::new())).filter(|key| !key.0.is_empty())
        };
        faults.extend(two_units(table, unit, code, &CODE, "标识码", key));
    }
    faults
}

/// Rows that people fill in for units without findings.
fn no_findings(table: &Table) -> Vec<Diagnostic> {
    const NOTHING: [&str; 14] = [
        "无",
        "没有",
        "暂无",
        "无问题",
        "没有问题",
        "暂无问题",
        "未发现问题",
        "未发现",
        "/",
        "—",
        "——",
        "-",
        "\\",
        "0",
    ];
    let columns = ["问题描述", "问题类型"].map(|name| table.known_column(name));
    let columns: Vec<usize> = columns.into_iter().flatten().collect();
    let ledger = table.known_column("责任单位").is_some();
    let says = |cell: &&Value| {
        text(cell).is_some_and(|text| NOTHING.contains(&text.trim_end_matches('。')))
    };
    let nothing = |row: &Vec<Value>| {
        columns
            .iter()
            .map(|column| &row[*column])
            .find(says)
            .cloned()
    };
    let cells = table.rows().iter().filter(|_| ledger).filter_map(nothing);
    let fault = |cell: Value| {
        let said = text(&cell).unwrap_or_default().to_owned();
        let message = format!("这一格写着“{said}”，这一行会当作一个问题");
        let hint = "没有问题的单位不写在问题清单里，删去这一行；确是问题的，写明是什么问题";
        NONE.fault(&cell.origin, message).hint(hint)
    };
    cells.map(fault).collect()
}

/// Rows that agree in every cell, where the rows tell their findings apart at all.
fn duplicates(table: &Table) -> Vec<Diagnostic> {
    let telling = ["问题描述", "账号名称", "链接", "网址"];
    if !telling
        .iter()
        .any(|name| table.known_column(name).is_some())
    {
        return Vec::new();
    }
    let counter = |name: &str| ["序号", "编号"].contains(&name);
    let compared: Vec<usize> = (0..table.columns().len())
        .filter(|index| !counter(&table.columns()[*index].value))
        .collect();
    let mut seen: BTreeMap<Vec<String>, &Value> = BTreeMap::new();
    let mut faults = Vec::new();
    for row in table.rows() {
        let key: Vec<String> = compared.iter().map(|index| letters(row, *index)).collect();
        let Some(cell) = compared
            .iter()
            .map(|index| &row[*index])
            .find(|cell| text(cell).is_some())
        else {
            continue;
        };
        match seen.get(&key) {
            Some(first) => {
                let fault = DUPLICATE.fault(&cell.origin, "这一行与前面的一行完全相同");
                let fault = fault.hint("删去一行；确是两个问题的，在问题描述里写出区别");
                faults.push(fault.related(&first.origin, "前面的一行在这里"));
            }
            None => {
                seen.insert(key, cell);
            }
        }
    }
    faults
}

/// Rows of one unit with nearly the same description, figures aside.
fn similar(table: &Table, unit: usize, described: usize) -> Vec<Diagnostic> {
    let mut units: BTreeMap<String, Vec<(Description, &Value, usize)>> = BTreeMap::new();
    for (index, row) in table.rows().iter().enumerate() {
        let description = Description::new(letters(row, described));
        if description.words.chars().count() >= 8 {
            let rows = units.entry(letters(row, unit)).or_default();
            rows.push((description, &row[described], index));
        }
    }
    let mut faults = Vec::new();
    for rows in units.values().filter(|rows| rows.len() <= MOST_PAIRED) {
        for (index, (description, cell, row)) in rows.iter().enumerate() {
            let before = rows[..index]
                .iter()
                .find(|(other, _, _)| other.is_similar(description));
            if let Some((other, first, first_row)) = before {
                let rest = |row: usize| -> Vec<String> {
                    (0..table.columns().len())
                        .filter(|column| table.columns()[*column].value != "序号")
                        .map(|column| letters(&table.rows()[row], column))
                        .collect()
                };
                if rest(*row) == rest(*first_row) || other.words == description.words {
                    continue; // The same row twice, or the same words for two accounts.
                }
                let fault =
                    SIMILAR.fault(&cell.origin, "这一行的问题描述与同一单位的另一行几乎相同");
                let fault = fault.hint("看是不是同一个问题写了两次");
                faults.push(fault.related(&first.origin, "另一行在这里"));
            }
        }
    }
    faults
}

/// What a row says, and the same without figures.
struct Description {
    words: String,
    bare: String,
    /// The letters of `bare`.
    length: usize,
}

impl Description {
    fn new(words: String) -> Self {
        let bare: String = words
            .chars()
            .filter(|char| !char.is_ascii_digit())
            .collect();
        let length = bare.chars().count();
        Description {
            words,
            bare,
            length,
        }
    }

    fn is_similar(&self, other: &Description) -> bool {
        let (length, longest) = (self.length, self.length.max(other.length));
        // Figures alone tell two findings apart: 第3条 and 第4条.
        if length.abs_diff(other.length) > 2 || length < 8 || self.bare == other.bare {
            return false;
        }
        // Letters that the other does not have tell sooner that two are far apart.
        let lacks = |letter: &char| !other.bare.contains(*letter);
        self.bare.chars().filter(lacks).count() * 10 <= longest
            && strsim::normalized_damerau_levenshtein(&self.bare, &other.bare) >= 0.9
    }
}

/// One thing under two units.
fn two_units(
    table: &Table,
    unit: usize,
    column: usize,
    rule: &Rule,
    what: &str,
    key: impl Fn(&[Value]) -> Option<(String, String)>,
) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<(String, String), (String, &Value)> = BTreeMap::new();
    let mut faults = Vec::new();
    for row in table.rows() {
        let owner = letters(row, unit);
        let Some(key) = key(row).filter(|_| !owner.is_empty()) else {
            continue;
        };
        match seen.get(&key) {
            Some((first, place)) if *first != owner => {
                let message = format!("{what}“{}”写在“{owner}”名下，前面写在“{first}”名下", key.0);
                let fault = rule.fault(&row[column].origin, message);
                let fault = fault.hint(format!("查对{what}和单位"));
                faults.push(fault.related(&place.origin, "前面的在这里"));
            }
            Some(_) => {}
            None => {
                seen.insert(key, (owner, &row[column]));
            }
        }
    }
    faults
}
