//! Columns of percentages: rates against the columns they are made of, shares that come to 100%.

use rust_decimal::{Decimal, RoundingStrategy};

use super::text;
use crate::check::figures::percentage;
use crate::diag::{Diagnostic, Rule};
use crate::model::{Table, Value};

pub const RULES: &[Rule] = &[RATE, OVER, SHARES];

const RATE: Rule = Rule::new(
    "figures/table-rate/differs-from-cells",
    "表格里的率与同一行的两个数不符",
)
.warning()
.example(
    "报送数85、采用数52、采用率71%",
    "报送数85、采用数52、采用率61%",
);
const OVER: Rule = Rule::new("figures/table-rate/over-hundred", "率超过了100%")
    .warning()
    .example("合格率: 104%", "合格率: 100%");
const SHARES: Rule = Rule::new("figures/shares/sum-differs", "一列占比之和不是100%")
    .warning()
    .example("占比: 45%、30%、20%", "占比: 45%、30%、25%");

/// Rates that cannot be more than all.
const BOUNDED: &[&str] = &[
    "合格率",
    "整改率",
    "采用率",
    "覆盖率",
    "达标率",
    "办结率",
    "通过率",
    "到位率",
    "知晓率",
    "满意率",
    "满意度",
    "参与率",
    "占比",
];

pub fn faults(table: &Table) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for (index, column) in table.columns().iter().enumerate() {
        let name = column.value.as_str();
        if name.ends_with('率') {
            faults.extend(rates(table, index, name));
        }
        if BOUNDED.iter().any(|word| name.ends_with(word)) {
            faults.extend(over(table, index, name));
        }
        if ["占比", "比重"].iter().any(|word| name.ends_with(word)) {
            faults.extend(shares(table, index));
        }
    }
    faults
}

fn percent(cell: &Value) -> Option<Decimal> {
    let text = text(cell)?;
    text.strip_suffix(['%', '％'])?.trim().parse().ok()
}

fn figure(cell: &Value) -> Option<Decimal> {
    text(cell)?.replace(',', "").parse().ok()
}

/// Rows that break what most rows of the table keep: rate = one column / another.
fn rates(table: &Table, rate: usize, name: &str) -> Vec<Diagnostic> {
    let word = name.trim_end_matches('率');
    let columns = table.columns();
    let parts =
        (0..columns.len()).filter(|index| *index != rate && columns[*index].value.contains(word));
    let mut best: Option<(usize, usize, usize)> = None;
    let mut pairs = 0;
    for part in parts {
        for whole in (0..columns.len()).filter(|whole| *whole != part && *whole != rate) {
            if !is_count(table, whole) || !is_count(table, part) {
                continue;
            }
            pairs += 1;
            let kept = table
                .rows()
                .iter()
                .filter(|row| holds(row, part, whole, rate) == Some(true));
            let kept = kept.count();
            if best.is_none_or(|(most, _, _)| kept > most) {
                best = Some((kept, part, whole));
            }
        }
    }
    let Some((kept, part, whole)) = best else {
        return Vec::new();
    };
    let known = table
        .rows()
        .iter()
        .filter(|row| holds(row, part, whole, rate).is_some())
        .count();
    // Where only two columns can be meant, one row that keeps it is enough.
    let plain = pairs == 1 && kept > 0 && kept * 2 >= known;
    if !plain && (kept < 2 || kept * 2 <= known) {
        return Vec::new();
    }
    let broken = table
        .rows()
        .iter()
        .filter(|row| holds(row, part, whole, rate) == Some(false));
    let fault = |row: &Vec<Value>| {
        let (stated, a, b) = (
            percent(&row[rate])?,
            figure(&row[part])?,
            figure(&row[whole])?,
        );
        let right = percentage(a, b)?
            .round_dp_with_strategy(stated.scale(), RoundingStrategy::MidpointAwayFromZero);
        let message = format!("{name}写作{stated}%，而{a}占{b}的{right}%");
        let fault = RATE.fault(&row[rate].origin, message);
        let fault = fault.hint(format!(
            "核对“{}”“{}”和{name}",
            columns[part].value, columns[whole].value
        ));
        Some(
            fault
                .related(&row[part].origin, "分子")
                .related(&row[whole].origin, "分母"),
        )
    };
    broken.filter_map(fault).collect()
}

/// Tells whether a column counts something.
fn is_count(table: &Table, column: usize) -> bool {
    let name = table.columns()[column].value.as_str();
    let mut cells = table.rows().iter().map(|row| &row[column]);
    !["序号", "编号", "排名", "名次"].contains(&name) && cells.any(|cell| figure(cell).is_some())
}

/// Whether a row's rate is that of its two figures; `None` where one of them is no figure.
fn holds(row: &[Value], part: usize, whole: usize, rate: usize) -> Option<bool> {
    let (part, whole) = (figure(&row[part])?, figure(&row[whole])?);
    let stated = percent(&row[rate])?;
    let exact = percentage(part, whole)?;
    let near = |way| exact.round_dp_with_strategy(stated.scale(), way) == stated;
    Some(near(RoundingStrategy::MidpointAwayFromZero) || near(RoundingStrategy::ToZero))
}

fn over(table: &Table, column: usize, name: &str) -> Vec<Diagnostic> {
    let cells = table.rows().iter().map(|row| &row[column]);
    cells
        .filter(|cell| percent(cell).is_some_and(|percent| percent > Decimal::ONE_HUNDRED))
        .map(|cell| {
            let message = format!("{name}超过了100%");
            OVER.fault(&cell.origin, message).hint("核对这一格")
        })
        .collect()
}

/// Shares of all rows come to 100%, but for what rounding takes.
fn shares(table: &Table, column: usize) -> Option<Diagnostic> {
    let is_total = |row: &&Vec<Value>| {
        row.iter()
            .filter_map(text)
            .any(|text| ["合计", "总计"].contains(&text))
    };
    let rows = table.rows().iter().filter(|row| !is_total(row));
    let cells: Vec<&Value> = rows.map(|row| &row[column]).collect();
    let shares: Option<Vec<Decimal>> = cells.iter().map(|cell| percent(cell)).collect();
    let shares = shares.filter(|shares| shares.len() > 2)?;
    let mut all = shares.iter().copied();
    let sum = all.try_fold(Decimal::ZERO, Decimal::checked_add)?;
    let digits = shares.iter().map(Decimal::scale).max()?;
    let half = Decimal::try_new(5, digits + 1).ok()?;
    let least = half.checked_mul(Decimal::from(shares.len()))?;
    // A column of other percentages is no column of shares.
    let near = Decimal::from(80)..=Decimal::from(120);
    if !near.contains(&sum) || (sum - Decimal::ONE_HUNDRED).abs() <= least {
        return None;
    }
    let message = format!("这一列占比之和是{sum}%，不是100%");
    let fault = SHARES.fault(&cells.first()?.origin, message);
    Some(fault.hint("核对各行；占比最好用“占比列”算出"))
}
