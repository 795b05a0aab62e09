//! Tables whose last row is 合计 or 总计: each figure of it against its column.

use rust_decimal::Decimal;

use crate::diag::Diagnostic;
use crate::document::{Cell, TableBlock};

/// Columns whose figures are not added up.
const NOT_SUMMED: &[&str] = &[
    "序号",
    "排名",
    "名次",
    "位次",
    "比",
    "率",
    "均",
    "年份",
    "年度",
    "得分",
    "评分",
    "编号",
    "增",
    "降",
    "价",
    "指数",
    // One unit may stand in several rows.
    "涉及",
    "单位数",
    "单位个数",
];

/// Compares the total row of a table with its columns.
pub fn faults(table: &TableBlock) -> Vec<Diagnostic> {
    let Some((last, rows)) = table.rows.split_last() else {
        return Vec::new();
    };
    let names: Vec<String> = last.iter().map(text).collect();
    if !names
        .iter()
        .find(|name| !name.is_empty())
        .is_some_and(|name| is_total(name))
    {
        return Vec::new();
    }
    // Rows of rows: 小计, 其中, 一、.
    let nested = |name: &str| {
        name == "小计" || is_total(name) || name.starts_with("其中") || name.starts_with("一、")
    };
    if rows.iter().flatten().any(|cell| nested(&text(cell))) {
        return Vec::new();
    }
    (0..last.len())
        .filter_map(|column| fault(table, rows, last, column))
        .collect()
}

fn fault(
    table: &TableBlock,
    rows: &[Vec<Cell>],
    last: &[Cell],
    column: usize,
) -> Option<Diagnostic> {
    let name = table.head.get(column)?.text();
    if NOT_SUMMED.iter().any(|word| name.contains(word)) {
        return None;
    }
    let total = number(&text(&last[column]))?;
    let mut sum = Decimal::ZERO;
    let mut first = None;
    let mut figures = 0;
    for cell in rows
        .iter()
        .filter_map(|row| row.get(column))
        .filter(|cell| cell.rows > 0)
    {
        let text = text(cell);
        if ["", "—", "-", "/", "无"].contains(&text.as_str()) {
            continue;
        }
        sum = sum.checked_add(number(&text)?)?;
        first = first.or(Some(cell));
        figures += 1;
    }
    if figures < 2 || sum == total {
        return None;
    }
    let message = format!("“{name}”一列的合计写作{total}，各行之和是{sum}");
    let place = last[column].words.origin();
    let fault = Diagnostic::error("figures/table-total/differs-from-column", &place, message);
    let fault = fault.hint("核对这一列，改正合计或各行；合计最好用“求和”算出");
    Some(fault.related(
        &first?.words.origin(),
        format!("这一列从这里开始，合计{sum}"),
    ))
}

fn text(cell: &Cell) -> String {
    cell.words.text().split_whitespace().collect()
}

fn is_total(name: &str) -> bool {
    ["合计", "总计", "共计"].contains(&name)
}

/// A plain number; nothing for a percentage or a number with words.
fn number(text: &str) -> Option<Decimal> {
    text.replace(',', "")
        .parse::<Decimal>()
        .ok()
        .map(|number| number.normalize())
}
