//! Columns that templates ask for: names with one wrong letter, and states that do not count as what
//! they say.

use crate::diag::{Diagnostic, Rule, Strength};
use crate::model::{COLUMNS, LEDGER, Sourced, Table, Value, ValueKind};

pub const RULES: &[Rule] = &[MISSPELT, STATE, STATE_COLUMN];

const MISSPELT: Rule = Rule::new("findings/column/misspelt", "列名疑有错字，模板用不到这一列")
    .warning()
    .rests_on(Strength::Practice, "台账校对惯例");
const STATE: Rule = Rule::new("findings/state/unclear", "状态的写法不会算作“已整改”")
    .warning()
    .rests_on(Strength::Practice, "台账校对惯例");

const STATE_COLUMN: Rule = Rule::new(
    "findings/state/other-column",
    "整改与否写在别的列里，内置模板只看“状态”",
)
.warning()
.rests_on(Strength::Practice, "台账校对惯例");

pub fn faults(table: &Table) -> Vec<Diagnostic> {
    let mut faults = misspelt(table);
    match table.column("状态") {
        Some(state) => faults.extend(states(table, state)),
        None if table.name.value == LEDGER => faults.extend(state_column(table)),
        None => {}
    }
    faults
}

/// A column of the ledger that says which findings are mended, under a name that templates do not know.
fn state_column(table: &Table) -> Option<Diagnostic> {
    let says = |row: &Vec<Value>, index: usize| match &row[index].kind {
        ValueKind::Scalar(state) => ["已整改", "未整改", "整改中"].contains(&state.text().trim()),
        _ => false,
    };
    let mut columns = table.columns().iter().enumerate();
    let (_, column) =
        columns.find(|(index, _)| table.rows().iter().any(|row| says(row, *index)))?;
    let name = &column.value;
    let message = format!("“{name}”一列写着整改与否，内置模板只看“状态”，会当作都没有整改");
    let hint = format!("把列名改为“状态”，或者在“列别名”里写上 状态: [{name}]");
    Some(STATE_COLUMN.fault(&column.origin, message).hint(hint))
}

fn misspelt(table: &Table) -> Vec<Diagnostic> {
    let meant = |column: &Sourced<String>| {
        let mut standard = COLUMNS.iter().map(|(name, _)| *name);
        standard.find(|name| table.misspelt(name) == Some(column))
    };
    let mut faults = Vec::new();
    for column in table.columns() {
        if let Some(meant) = meant(column) {
            let name = &column.value;
            let message = format!("列名“{name}”疑是“{meant}”，内置模板用不到这一列");
            let hint = format!("写错的话改为“{meant}”；或者在“列别名”里写上 {meant}: [{name}]");
            faults.push(MISSPELT.fault(&column.origin, message).hint(hint));
        }
    }
    faults
}

/// What people write in a column that asks whether.
const YES: [&str; 11] = [
    "√", "✓", "✔", "☑", "是", "对", "TRUE", "true", "Y", "1", "100%",
];

/// Whether a state says that a finding is mended, in whatever words.
pub fn is_done(state: &str) -> bool {
    let any = |words: &[&str]| words.iter().any(|word| state.contains(word));
    let done = any(&["已", "己", "以整改", "完成", "完毕", "办结", "到位"]);
    let not_yet = any(&["未", "没", "尚", "不", "正在", "部分", "中"]);
    (done || YES.contains(&state)) && !not_yet
}

fn states(table: &Table, column: usize) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let cells = || table.rows().iter().filter_map(|row| row.get(column));
    let is_blank = |cell: &&Value| match &cell.kind {
        ValueKind::Scalar(state) => state.text().trim().is_empty(),
        _ => false,
    };
    let blank = cells().filter(is_blank).count();
    // A column that nobody has filled in yet says nothing.
    if blank < cells().count()
        && let Some(first) = cells().find(is_blank)
    {
        let message = format!("有{blank}行的“状态”空着，会当作还没有整改");
        let hint = "写上“已整改”“未整改”或“整改中”";
        faults.push(STATE.fault(&first.origin, message).hint(hint));
    }
    for row in table.rows() {
        let Some(ValueKind::Scalar(cell)) = row.get(column).map(|cell| &cell.kind) else {
            continue;
        };
        let state = cell.text().trim();
        let both = state.contains("已整改") && state.contains("未整改");
        if !cell.is_mended() && (is_done(state) || both) {
            let message = format!("“{state}”不会算作“已整改”，整改的个数和整改率里没有它");
            let hint = "已经整改的写作“已整改”，还没有的写作“未整改”或“整改中”";
            faults.push(STATE.fault(&row[column].origin, message).hint(hint));
        }
    }
    faults
}
