//! Rows of totals: they are told by their words, left out of the rows, and compared with them.

use rust_decimal::Decimal;

use super::super::context::Context;
use super::grid::{Cell, Content, Row};
use super::header::{clean, distinct};
use crate::diag::{Diagnostic, Origin};
use crate::model::totals::{ALONE, LONGEST, WHOLE, bare};
use crate::model::{Scalar, Sourced, Value, ValueKind};

/// What a row of totals sums up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 小计: the rows of one part.
    Part,
    /// 合计: all rows.
    Whole,
}

/// A row of totals.
#[derive(Debug)]
pub struct Total {
    pub kind: Kind,
    /// As many rows of data stand above it.
    pub above: usize,
    /// The number in each column, and its place.
    pub cells: Vec<Option<(Decimal, Origin)>>,
}

/// 合计3个单位.
fn counts(word: &str) -> bool {
    const COUNTED: &str = "个家条项件户人处";
    let rest = ["合计", "总计", "共计"]
        .iter()
        .find_map(|total| word.strip_prefix(total));
    let is_digit = |letter: char| letter.is_ascii_digit();
    rest.is_some_and(|rest| {
        rest.starts_with(is_digit)
            && rest
                .trim_start_matches(is_digit)
                .starts_with(|c| COUNTED.contains(c))
    })
}

/// The cells of a row that hold words, and not numbers.
fn words(row: u32, cells: &Row) -> Vec<&Cell> {
    let own = distinct(cells).into_iter().filter(|cell| cell.at.0 == row);
    let is_word = |cell: &&Cell| matches!(cell.content, Content::Text(_)) && number(cell).is_none();
    own.filter(is_word).collect()
}

/// Tells a row of totals by its first words.
pub fn kind(row: u32, cells: &Row) -> Option<(Kind, &Cell)> {
    let words = words(row, cells);
    let usual = words.iter().enumerate().find_map(|(number, cell)| {
        let word = clean(cell.content.text());
        let word = word.trim_end_matches(['：', ':']);
        let short = number < 2 && word.chars().count() <= LONGEST;
        let ends = |ending: &str| word == ending || (short && word.ends_with(ending));
        if ends("小计") {
            Some((Kind::Part, *cell))
        } else if WHOLE.into_iter().any(ends) {
            Some((Kind::Whole, *cell))
        } else {
            None
        }
    });
    // Beside other words the rarer forms are part of what is said.
    let [only] = words[..] else {
        return usual;
    };
    usual.or_else(|| {
        let word = bare(only.content.text());
        if word == "小计" {
            Some((Kind::Part, only))
        } else if WHOLE.contains(&&*word) || ALONE.contains(&&*word) || counts(&word) {
            Some((Kind::Whole, only))
        } else {
            None
        }
    })
}

/// Tells a row of averages, or one that says of which (其中：乡镇): its only words, beside numbers.
pub fn is_derived(row: u32, cells: &Row) -> bool {
    let [only] = words(row, cells)[..] else {
        return false;
    };
    let word = bare(only.content.text());
    let text = clean(only.content.text());
    let says = ["平均", "平均值", "平均数", "均值"].contains(&&*word)
        || text.starts_with("其中：")
        || text.starts_with("其中:");
    says && cells.values().any(|cell| number(cell).is_some())
}

/// A number that can be summed.
pub fn number(cell: &Cell) -> Option<Decimal> {
    match &cell.content {
        Content::Number(text) => text.parse().ok(),
        Content::Text(text) => {
            let text = super::format::half_width(text).unwrap_or_else(|| text.clone());
            text.parse().ok()
        }
        _ => None,
    }
}

/// Compares each total with its rows.
pub fn reconcile(
    totals: &[Total],
    columns: &[Sourced<String>],
    rows: &[Vec<Value>],
    cx: &mut Context,
) {
    for (index, column) in columns.iter().enumerate() {
        if !is_summed(&column.value) {
            continue;
        }
        let Some(numbers) = numbers(rows, index) else {
            if totals
                .iter()
                .any(|total| matches!(total.cells.get(index), Some(Some(_))))
            {
                report_unsummed(column, rows, index, cx);
            }
            continue;
        };
        for (number, total) in totals.iter().enumerate() {
            let Some(Some((stated, origin))) = total.cells.get(index) else {
                continue;
            };
            let parts = parts(totals, number, rows.len());
            let sums = parts.iter().filter_map(|part| sum(&numbers[part.clone()]));
            let sums: Vec<Decimal> = sums.collect();
            if let (Some(first), false) = (sums.first(), sums.contains(stated)) {
                let part = &parts[0];
                report(*stated, *first, origin, rows, part, index, cx);
            }
        }
    }
}

/// A number with its unit in it cannot be summed, so the total of its column stays unproved.
fn report_unsummed(column: &Sourced<String>, rows: &[Vec<Value>], index: usize, cx: &mut Context) {
    let words = |row: &Vec<Value>| match &row[index].kind {
        ValueKind::Scalar(Scalar::Text(text)) => Some((text.clone(), row[index].origin.clone())),
        _ => None,
    };
    // 4条, and no date.
    let figures = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',');
    let with_unit = |(text, _): &(String, Origin)| {
        let unit = text.trim_start_matches(figures);
        unit.len() < text.len() && !unit.contains(figures)
    };
    if let Some((text, origin)) = rows.iter().filter_map(words).find(with_unit) {
        let name = &column.value;
        let message = format!("“{name}”一列的“{text}”不是数字，这一列的合计没有核对");
        let diagnostic = Diagnostic::warning("tables/total/unchecked", &origin, message);
        cx.report(diagnostic.hint("格子里只写数字，单位写在列名里"));
    }
}

fn report(
    stated: Decimal,
    sum: Decimal,
    origin: &Origin,
    rows: &[Vec<Value>],
    part: &std::ops::Range<usize>,
    index: usize,
    cx: &mut Context,
) {
    let count = part.len();
    let message = format!("合计数是{stated}，所辖{count}行相加是{}", sum.normalize());
    let mut diagnostic = Diagnostic::error("tables/total/differs", origin, message)
        .hint("查对各行和合计数；合计行不用作数据，删去也可以");
    if let Some(first) = rows.get(part.start) {
        diagnostic = diagnostic.related(&first[index].origin, "从这一格加起");
    }
    cx.report(diagnostic);
}

/// Warns of a last row that no word calls a total and that sums up all others.
pub fn warn_of_total(columns: &[Sourced<String>], rows: &[Vec<Value>], cx: &mut Context) {
    /// What sums come to by chance.
    const FEW_ROWS: usize = 3;
    const SMALL: i64 = 10;
    let Some((last, above)) = rows
        .split_last()
        .filter(|(_, above)| above.len() >= FEW_ROWS)
    else {
        return;
    };
    let summed = (0..columns.len()).filter(|index| is_summed(&columns[*index].value));
    let compared = summed.filter_map(|index| {
        let stated = numbers(std::slice::from_ref(last), index)?[0]?;
        Some((index, stated, sum(&numbers(above, index)?)?))
    });
    let compared = compared.filter(|(_, stated, sum)| !stated.is_zero() || !sum.is_zero());
    let compared: Vec<(usize, Decimal, Decimal)> = compared.collect();
    let all = compared.iter().all(|(_, stated, sum)| stated == sum);
    let most = compared.iter().map(|(_, _, sum)| *sum).max();
    if all && most.is_some_and(|most| most >= Decimal::from(SMALL)) {
        let message = format!(
            "最后一行的数正好是上面{}行之和，像是合计行，现在当作一行数据计入了",
            above.len()
        );
        let origin = &last[compared[0].0].origin;
        let warning = Diagnostic::warning("tables/row/like-total", origin, message);
        cx.report(warning.hint("是合计行的，在单位一格写“合计”，就不再计入；不是的不必改"));
    }
}

/// Shares, averages and ranks have no sum.
pub fn is_summed(name: &str) -> bool {
    let no_sum = [
        "序号", "编号", "率", "占比", "比例", "平均", "均", "排名", "名次", "年", "月份", "电话",
        "手机", "联系", "邮编", "代码", "编码", "批次", "期数", "单价", "楼层", "账号",
    ];
    !no_sum.iter().any(|word| name.contains(word))
}

/// The numbers of a column; `None` where a cell holds something else.
fn numbers(rows: &[Vec<Value>], column: usize) -> Option<Vec<Option<Decimal>>> {
    let numbers = rows.iter().map(|row| match &row[column].kind {
        ValueKind::Scalar(Scalar::Empty) => Some(None),
        ValueKind::Scalar(Scalar::Number { text, .. }) => text.parse().ok().map(Some),
        _ => None,
    });
    let numbers: Vec<Option<Decimal>> = numbers.collect::<Option<_>>()?;
    numbers.iter().any(Option::is_some).then_some(numbers)
}

fn sum(numbers: &[Option<Decimal>]) -> Option<Decimal> {
    let numbers = numbers.iter().flatten();
    numbers
        .copied()
        .try_fold(Decimal::ZERO, Decimal::checked_add)
}

/// The rows that a total may mean, the likeliest first. A total stands below its rows; one above
/// all rows means those below.
fn parts(totals: &[Total], number: usize, rows: usize) -> Vec<std::ops::Range<usize>> {
    let total = &totals[number];
    let before = totals[..number].iter().map(|t| t.above).max().unwrap_or(0);
    let after = totals[number + 1..]
        .iter()
        .map(|t| t.above)
        .find(|at| *at > total.above);
    let since_last = before..total.above;
    let below = total.above..after.unwrap_or(rows);
    let whole = 0..total.above;
    let all = 0..rows;
    let parts = match total.kind {
        Kind::Part if totals.first().is_some_and(|first| first.above == 0) => {
            vec![below, since_last]
        }
        Kind::Part => vec![since_last, below],
        Kind::Whole if total.above == 0 => vec![all, below],
        Kind::Whole => {
            let wholes = totals[..number].iter().filter(|t| t.kind == Kind::Whole);
            let last = wholes.map(|t| t.above).max().unwrap_or(0);
            vec![whole, since_last, last..total.above, all]
        }
    };
    parts.into_iter().filter(|part| !part.is_empty()).collect()
}
