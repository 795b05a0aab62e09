//! The cells of a sheet come in, the [`Table`] goes out: without titles, blank rows, totals and
//! notes; each value with the address of its cell.

use super::super::context::Context;
use super::super::node;
use super::super::tables::unique;
use super::format::{day_of_serial, half_width, serial_date};
use super::grid::{Cell, Content, Grid, Row, truth};
use super::header::{Column, Header, clean, distinct, has_own};
use super::totals::{self, Total};
use crate::diag::{Diagnostic, Origin};
use crate::model::{Aliases, Scalar, Sourced, Table, Value};

/// A sheet that becomes a table.
pub struct Source<'a> {
    pub name: Sourced<String>,
    pub grid: Grid,
    /// The place of a cell.
    pub place: &'a dyn Fn((u32, u32)) -> Origin,
    pub aliases: Aliases,
}

/// What was done to the cells besides reading them.
#[derive(Default)]
struct Notes {
    /// Totals and notes: place and first words.
    left_out: Vec<(Origin, String)>,
    /// The first cell that is written anew: place, old and new letters; and how many there are.
    rewritten: Option<(Origin, String, String)>,
    rewritten_count: usize,
    /// The first number that is merged over several rows: its place, its column and the number.
    merged: Option<(Origin, String, String)>,
    /// The first number with more decimals than anyone types: its place, its column and the number.
    long: Option<(Origin, String, String)>,
    /// The first row and the first column that the sheet hides, and how many there are.
    hidden_rows: Option<(Origin, usize)>,
    hidden_columns: Option<(Origin, usize)>,
}

/// More decimals than these come of a formula, and a sheet shows fewer of them.
const MOST_DECIMALS: usize = 6;

/// The column of numbers that people fill in before the rest.
const COUNTER: &str = "序号";

/// Reads the table; `None`, with a report, where there are no column names.
pub fn table(source: Source, cx: &mut Context) -> Option<Table> {
    let Source {
        name,
        mut grid,
        place,
        aliases,
    } = source;
    let Some(header) = Header::find(&grid, &|column| aliases.names(column)) else {
        let first = grid
            .rows
            .iter()
            .find_map(|(row, cells)| Some((*row, *cells.keys().next()?)));
        let message = format!("表格“{}”里找不到列名", name.value);
        let hint = "在数据上方写一行列名，每列一个；表格不在工作表开头时，用“区域”写明";
        cx.error(
            "tables/column/missing",
            &place(first.unwrap_or((0, 0))),
            message,
            hint,
        );
        return None;
    };
    if header.unsure {
        note_header(&header, place, cx);
    }
    report_nameless(&grid, &header, place, cx);
    let columns = header
        .columns
        .iter()
        .map(|c| Sourced::new(c.name.clone(), place(c.at)));
    let columns: Vec<Sourced<String>> = columns.collect();
    let mut notes = Notes::default();
    let mut rows: Vec<Vec<Value>> = Vec::new();
    let mut sums: Vec<Total> = Vec::new();
    let mut in_notes = false;
    // Taken out, so that a large sheet does not stand in memory twice.
    for (row, cells) in grid.rows.split_off(&(header.bottom + 1)) {
        if !has_own(row, &cells) || repeats_header(&cells, &header) {
            continue;
        }
        let words = distinct(&cells);
        let is_note = is_note(&words) || (in_notes && words.len() == 1);
        if is_note || totals::is_derived(row, &cells) || is_spread(&cells, &header) {
            in_notes = is_note;
            notes
                .left_out
                .push((place(words[0].at), words[0].content.text().to_owned()));
            continue;
        }
        in_notes = false;
        if let Some((kind, word)) = totals::kind(row, &cells) {
            notes
                .left_out
                .push((place(word.at), word.content.text().to_owned()));
            sums.push(total(kind, rows.len(), row, &cells, &header, place));
            continue;
        }
        let filled = |column: &&Column| cells.contains_key(&column.index);
        let mut filled = header.columns.iter().filter(filled).peekable();
        let is_numbered = filled.peek().is_some();
        if filled.all(|column| column.name == COUNTER) {
            let first = words.first();
            let (at, text) = first.map_or(((row, 0), ""), |cell| (cell.at, cell.content.text()));
            let text = if is_numbered { "只有序号" } else { text };
            notes.left_out.push((place(at), text.to_owned()));
            continue;
        }
        if grid.hidden.rows.contains(&row) {
            let first = cells.keys().next().copied().unwrap_or_default();
            count(&mut notes.hidden_rows, place((row, first)));
        }
        for column in &header.columns {
            let cell = cells.get(&column.index).filter(|cell| cell.at.0 != row);
            if let Some(cell) = cell.filter(|_| totals::is_summed(&column.name))
                && notes.merged.is_none()
                && totals::number(cell).is_some()
            {
                let text = clean(cell.content.text());
                notes.merged = Some((place(cell.at), column.name.clone(), text));
            }
        }
        let values = header
            .columns
            .iter()
            .map(|column| match cells.get(&column.index) {
                Some(cell) => value(cell, &column.name, grid.date_1904, place, &mut notes, cx),
                None => Value::scalar(Scalar::Empty, place((row, column.index))),
            });
        rows.push(values.collect());
    }
    for column in &header.columns {
        if grid.hidden.columns.contains(&column.index) {
            count(&mut notes.hidden_columns, place(column.at));
        }
    }
    totals::reconcile(&sums, &columns, &rows, cx);
    if sums.is_empty() {
        totals::warn_of_total(&columns, &rows, cx);
    }
    notes.report(&name.value, cx);
    let kept = unique(columns.clone(), cx);
    if kept.len() != columns.len() {
        return None;
    }
    Some(Table::new(name, columns, rows).with_aliases(aliases))
}

fn count(hidden: &mut Option<(Origin, usize)>, at: Origin) {
    hidden.get_or_insert((at, 0)).1 += 1;
}

fn note_header(header: &Header, place: &dyn Fn((u32, u32)) -> Origin, cx: &mut Context) {
    let names: Vec<&str> = header.columns.iter().map(|c| c.name.as_str()).collect();
    let at = header
        .columns
        .first()
        .map_or((header.top, 0), |column| column.at);
    let message = format!("以这一行为列名：{}", names.join("、"));
    let hint = "不对的话，用“区域”写明表格的范围，第一行是列名";
    cx.report(Diagnostic::note("tables/column/guessed", &place(at), message).hint(hint));
}

/// Content below no name would be lost without a word.
fn report_nameless(
    grid: &Grid,
    header: &Header,
    place: &dyn Fn((u32, u32)) -> Origin,
    cx: &mut Context,
) {
    let known = |column: &u32| header.columns.iter().any(|c| c.index == *column);
    let mut seen: Vec<u32> = Vec::new();
    for (row, cells) in grid.rows.range(header.bottom + 1..) {
        let row_words = distinct(cells);
        if row_words.len() < 2 || is_note(&row_words) {
            continue;
        }
        for (column, cell) in cells {
            let own = cell.at == (*row, *column);
            if own && !known(column) && !seen.contains(column) && seen.len() < 20 {
                seen.push(*column);
                let hint = "写上列名，或者删去这一列；表格以外的内容，用“区域”隔开";
                let place = place((header.bottom, *column));
                cx.error(
                    "tables/column/empty",
                    &place,
                    "这一列有内容，却没有列名",
                    hint,
                );
            }
        }
    }
}

fn repeats_header(cells: &Row, header: &Header) -> bool {
    let mut columns = header.columns.iter();
    columns.all(|column| {
        cells
            .get(&column.index)
            .is_some_and(|cell| clean(cell.content.text()) == column.name)
    })
}

/// Whether one cell is merged over all columns: no row of data looks like that.
fn is_spread(cells: &Row, header: &Header) -> bool {
    let mut places = header
        .columns
        .iter()
        .map(|column| cells.get(&column.index).map(|cell| cell.at));
    let first = places.next().flatten();
    header.columns.len() > 1 && first.is_some() && places.all(|place| place == first)
}

/// 备注：…, 说明：…, 注1：…, or a row of 填表人：… 审核人：….
fn is_note(words: &[&Cell]) -> bool {
    const NOTES: &[&str] = &[
        "备注",
        "说明",
        "附注",
        "注释",
        "填表说明",
        "填报说明",
        "注",
        "数据来源",
        "资料来源",
        "来源",
    ];
    // Who or when, of what is done with a table: 填表人, 审核单位, 打印时间, 主要领导签字.
    const DONE: &[&str] = &[
        "填报", "填表", "制表", "统计", "报送", "上报", "审核", "复核", "校对", "核对", "审批",
        "审签", "经办", "打印", "导出", "编制", "登记", "汇总", "签发", "单位", "分管", "主要",
    ];
    const BY: &[&str] = &[
        "",
        "人",
        "员",
        "单位",
        "部门",
        "日期",
        "时间",
        "负责人",
        "领导",
        "领导签字",
        "签字",
        "签名",
    ];
    const SIGNERS: &[&str] = &["负责人", "联系人", "联系电话", "电话", "经手人", "领导签字"];
    let signs = |head: &str| {
        let marks = [
            "（盖章）",
            "（公章）",
            "（签字）",
            "（签章）",
            "(盖章)",
            "(公章)",
            "(签字)",
        ];
        let head = marks
            .iter()
            .fold(head, |head, mark| head.trim_end_matches(mark));
        let done = |done: &&str| head.strip_prefix(*done).is_some_and(|by| BY.contains(&by));
        SIGNERS.contains(&head) || DONE.iter().any(done)
    };
    let head = |cell: &Cell| {
        let text = clean(cell.content.text());
        let head = text.split(['：', ':']).next().unwrap_or_default();
        (head.len() < text.len()).then(|| {
            head.trim_end_matches(|c: char| c.is_ascii_digit())
                .to_owned()
        })
    };
    let Some(first) = words.first() else {
        return false;
    };
    let text = clean(first.content.text());
    if words.len() == 1 && (text == "以下空白" || text.starts_with('※')) {
        return true;
    }
    let Some(first) = head(first) else {
        return false;
    };
    // A date beside who has filled it in.
    let of_day = |letter: char| letter.is_ascii_digit() || "年月日.-/ ".contains(letter);
    let dated = |cell: &Cell| cell.content.text().chars().all(of_day);
    let signed = |cell: &Cell| head(cell).is_some_and(|head| signs(&head));
    let all_signed = signs(&first) && words.iter().all(|cell| signed(cell) || dated(cell));
    all_signed || (words.len() <= 2 && NOTES.contains(&first.as_str()))
}

fn total(
    kind: totals::Kind,
    above: usize,
    row: u32,
    cells: &Row,
    header: &Header,
    place: &dyn Fn((u32, u32)) -> Origin,
) -> Total {
    let cell = |index: u32| {
        let cell = cells.get(&index).filter(|cell| cell.at.0 == row)?;
        Some((totals::number(cell)?, place(cell.at)))
    };
    Total {
        kind,
        above,
        cells: header
            .columns
            .iter()
            .map(|column| cell(column.index))
            .collect(),
    }
}

/// Serial numbers of the years 2000 to 2100.
const SERIALS: std::ops::RangeInclusive<u32> = 36_526..=73_050;
const SERIALS_1904: std::ops::RangeInclusive<u32> = 35_064..=71_588;

fn value(
    cell: &Cell,
    column: &str,
    date_1904: bool,
    place: &dyn Fn((u32, u32)) -> Origin,
    notes: &mut Notes,
    cx: &mut Context,
) -> Value {
    let origin = place(cell.at);
    let scalar = match &cell.content {
        Content::Text(text) => written(text, &origin, notes),
        Content::Number(text) => match serial(text, column, date_1904) {
            Some(day) => {
                notes.rewrite(&origin, text, &day);
                Scalar::Text(day)
            }
            None => {
                let decimals = text
                    .split_once('.')
                    .map_or(0, |(_, decimals)| decimals.len());
                if decimals > MOST_DECIMALS && notes.long.is_none() {
                    notes.long = Some((origin.clone(), column.to_owned(), text.clone()));
                }
                node::number(text).unwrap_or_else(|| Scalar::Text(text.clone()))
            }
        },
        Content::Percent(text) | Content::Date(text) => Scalar::Text(text.clone()),
        Content::Bool(value) => Scalar::Bool {
            text: truth(*value),
            value: *value,
        },
        Content::Error(error) => {
            let message = format!("这一格的公式出错，显示的是“{error}”");
            let hint = "在电子表格软件里改正公式，或直接写上数值，保存后再运行";
            cx.error("tables/cell/formula-fault", &origin, message, hint);
            Scalar::Empty
        }
        Content::NoValue => {
            let message = "这一格是公式，文件里没有算出的值";
            let hint = "在电子表格软件里打开这个文件并保存一次，或直接写上数值";
            cx.error("tables/cell/formula-no-value", &origin, message, hint);
            Scalar::Empty
        }
    };
    Value::scalar(scalar, origin)
}

/// Words that are wholly a number or a date get the one written form; other words stay as they are.
fn written(text: &str, origin: &Origin, notes: &mut Notes) -> Scalar {
    let half = half_width(text);
    let half = half.as_deref().unwrap_or(text);
    if let Some(date) = serial_date(half) {
        notes.rewrite(origin, text, &date);
        return Scalar::Text(date);
    }
    match node::number(half) {
        Some(number) => {
            notes.rewrite(origin, text, half);
            number
        }
        None => Scalar::Text(text.to_owned()),
    }
}

/// A number in a column of dates whose cells lost their format.
fn serial(text: &str, column: &str, date_1904: bool) -> Option<String> {
    let dates = ["日期", "期限", "时限", "时间"]
        .iter()
        .any(|word| column.ends_with(word));
    let number: u32 = text.parse().ok().filter(|_| dates)?;
    let serials = if date_1904 { SERIALS_1904 } else { SERIALS };
    serials
        .contains(&number)
        .then(|| day_of_serial(number, date_1904))?
}

impl Notes {
    fn rewrite(&mut self, origin: &Origin, old: &str, new: &str) {
        if old != new {
            self.rewritten_count += 1;
            self.rewritten
                .get_or_insert_with(|| (origin.clone(), old.to_owned(), new.to_owned()));
        }
    }

    fn report(self, table: &str, cx: &mut Context) {
        if let Some((origin, old, new)) = self.rewritten {
            let count = self.rewritten_count;
            let message =
                format!("表格“{table}”有{count}格的日期或数字统一了写法，如“{old}”读作“{new}”");
            cx.report(Diagnostic::note("tables/cell/rewritten", &origin, message));
        }
        if let Some((origin, column, number)) = self.merged {
            let message = format!(
                "“{column}”一列的“{number}”是几行合并的一格，每行各按{number}计，求和会重复"
            );
            let hint = "只算一次的，取消合并，数字写在其中一行；确是每行都有这些的不必改";
            let warning = Diagnostic::warning("tables/cell/merged-number", &origin, message);
            cx.report(warning.hint(hint));
        }
        if let Some((origin, column, number)) = self.long {
            let message = format!("“{column}”一列的“{number}”小数位很多，印出来就是这样");
            let hint = "在工作表里用 ROUND 四舍五入到要印的位数（只改显示的位数不算）；是时间的，改写成文字";
            let warning = Diagnostic::warning("tables/cell/long-number", &origin, message);
            cx.report(warning.hint(hint));
        }
        for (hidden, what) in [(self.hidden_rows, "行"), (self.hidden_columns, "列")] {
            let Some((origin, count)) = hidden else {
                continue;
            };
            let message = format!("表格“{table}”有{count}{what}在工作表里是隐藏的，照常计入");
            let hint = format!("查对这些{what}；不该计入的，在工作表里删去");
            cx.report(Diagnostic::warning("tables/sheet/hidden", &origin, message).hint(hint));
        }
        if let Some((origin, _)) = self.left_out.first() {
            let word = |(_, text): &(Origin, String)| {
                let short: String = clean(text).chars().take(8).collect();
                format!("“{short}”")
            };
            let words: Vec<String> = self.left_out.iter().take(6).map(word).collect();
            let count = self.left_out.len();
            let message = format!(
                "表格“{table}”有{count}行是合计、附注或空行，没有当作数据：{}",
                words.join("")
            );
            cx.report(Diagnostic::note("tables/row/left-out", origin, message));
        }
    }
}
