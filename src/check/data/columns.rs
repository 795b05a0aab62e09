//! Columns that templates ask for: names with one wrong letter, and states that do not count as what
//! they say.

use crate::diag::{Diagnostic, Rule, Strength};
use crate::model::{COLUMNS, Table, ValueKind, is_known_column, without_blanks};

pub const RULES: &[Rule] = &[MISSPELT, STATE];

const MISSPELT: Rule = Rule::new("findings/column/misspelt", "列名疑有错字，模板用不到这一列")
    .warning()
    .rests_on(Strength::Practice, "台账校对惯例");
const STATE: Rule = Rule::new("findings/state/unclear", "状态的写法不会算作“已整改”")
    .warning()
    .rests_on(Strength::Practice, "台账校对惯例");

pub fn faults(table: &Table) -> Vec<Diagnostic> {
    let mut faults = misspelt(table);
    if let Some(state) = table.known_column("状态") {
        faults.extend(states(table, state));
    }
    faults
}

/// Shorter names are too like each other.
const SHORT: usize = 3;

fn misspelt(table: &Table) -> Vec<Diagnostic> {
    let standard = COLUMNS.iter().map(|(name, _)| *name);
    let missing: Vec<&str> = standard
        .filter(|name| table.known_column(name).is_none())
        .collect();
    let mut faults = Vec::new();
    for column in table.columns() {
        let name = column.value.as_str();
        let alike = |known: &&&str| {
            let letters = name.chars().count();
            letters > SHORT
                && letters == known.chars().count()
                && strsim::osa_distance(name, known) == 1
        };
        if let Some(meant) = missing.iter().find(alike)
            && !is_known_column(name)
        {
            let message = format!("列名“{name}”疑是“{meant}”，内置模板用不到这一列");
            let hint = format!("写错的话改为“{meant}”；或者在“列别名”里写上 {meant}: [{name}]");
            faults.push(MISSPELT.fault(&column.origin, message).hint(hint));
        }
    }
    faults
}

/// What people write in a column that asks whether.
const YES: [&str; 10] = ["√", "✓", "✔", "☑", "是", "对", "TRUE", "true", "Y", "1"];

fn states(table: &Table, column: usize) -> Vec<Diagnostic> {
    let any = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
    let mut faults = Vec::new();
    for row in table.rows() {
        let Some(ValueKind::Scalar(state)) = row.get(column).map(|cell| &cell.kind) else {
            continue;
        };
        let state = state.text().trim();
        let done = any(
            state,
            &["已", "己", "以整改", "完成", "完毕", "办结", "到位"],
        );
        let not_yet = any(state, &["未", "没", "尚", "不", "正在", "部分", "中"]);
        let done = done || YES.contains(&state);
        if without_blanks(state) != "已整改" && done && !not_yet {
            let message = format!("“{state}”不会算作“已整改”，整改的个数和整改率里没有它");
            let hint = "已经整改的写作“已整改”，还没有的写作“未整改”或“整改中”";
            faults.push(STATE.fault(&row[column].origin, message).hint(hint));
        }
    }
    faults
}
