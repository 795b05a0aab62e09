//! Words where they should not be: lines that lie on each other, ink that crosses the border of its
//! cell, numbers and words that a narrow column has torn, links that a line's end cuts. The standard
//! says of none of them more than that a page be clean; each of the last three is reported once for its
//! table, at the first cell.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use super::page::{BOTTOM, LEFT, RIGHT, TOP};
use super::{Force, Place, Ruler};
use crate::diag::{Diagnostics, Origin, Rule, Strength};
use crate::typeset::{Cut, InkLine, InkRule, Part};

pub const RULES: &[Rule] = &[OVERLAID, OVERFULL, TORN, CUT_LINK];

const OVERLAID: Rule = Rule::new("page/text/overlaid", "两处文字叠在一起")
    .rests_on(Strength::Practice, "公文编排惯例")
    .example(
        "发文字号很长，与同一行的签发人叠在一起",
        "用规范的发文机关代字",
    );

const OVERFULL: Rule = Rule::new("page/cell/overfull", "格子里的字越出了格子或版心")
    .rests_on(Strength::Standard, "GB/T 9704—2012，5.2.1")
    .example("一张表90列，一个字比一列还宽", "分成几张表，每张不超过20列");
const TORN: Rule = Rule::new("page/cell/torn", "列太窄，一个数、日期或词断成了两行")
    .warning()
    .rests_on(
        Strength::Practice,
        "GB/T 9704—1999 的“数字、年份不能回行”，2012年版未写",
    )
    .example("数量：925890，印成“925”“890”两行", "少印几列，或分成两张表");
const CUT_LINK: Rule = Rule::new("page/link/cut", "链接或邮箱断在了没有标点的地方")
    .note()
    .rests_on(Strength::Practice, "公文编排惯例")
    .example(
        "https://mp.weixin.qq.com/s/AbCdEf，断作“…/s/AbC”“dEf”",
        "用短链接，或让这一列宽一些",
    );

/// How far ink may reach over an edge, in millimetres.
const OVER: f64 = 0.1;

/// How far the ink of two lines may lie in each other, in millimetres.
const TOUCHING: f64 = 0.5;

pub fn measure(ruler: &mut Ruler, diagnostics: &mut Diagnostics) {
    for (line, other) in overlaid(ruler.pages.ink()) {
        let message = format!("“{}”和“{}”叠在一起", line.text, other.text);
        let fault = OVERLAID.fault(&origin(line), message);
        let fault = fault.hint("这里排不下：用规范化简称，或者改短");
        diagnostics.push(fault.related(&origin(other), "和这里叠在一起"));
    }
    let lines = ruler.pages.ink().iter();
    let cells: Vec<&InkLine> = lines.filter(|line| line.column.is_some()).collect();
    let crossing = crossing(ruler, &cells);
    let torn = cut(&cells, is_torn);
    let links = cut(ruler.pages.ink(), is_cut_link);
    for (clause, what, found) in [
        ("5.2.1", "表格的文字不越出格子和版心", &crossing),
        ("GB/T 9704—1999", "表格里的数、日期和词不断成两行", &torn),
    ] {
        let first = found.first();
        let measured = match first {
            None => (true, "没有".to_owned()),
            Some(line) => {
                let InkLine { page, text, .. } = line;
                let count = found.len();
                (false, format!("{count}处，如第{page}页的“{text}”"))
            }
        };
        let measured = (!cells.is_empty()).then_some(measured);
        let place = first.map(|line| Place::of(line));
        ruler.holds((clause, what, Force::Practice), "没有例外", measured, place);
    }
    for (line, columns) in by_table(&crossing) {
        let message = format!("{columns}的字越出了格子");
        let hint = "少印几列，或分成几张表";
        diagnostics.push(OVERFULL.fault(&origin(line), message).hint(hint));
    }
    for (line, columns) in by_table(&torn) {
        let (word, head) = halves(line);
        let message = format!("{columns}太窄，“{word}”在“{head}”后面断开");
        let hint = match line.turned {
            true => "少印几列，或分成两张表；别的列写短，这一列就会宽些",
            false => "少印几列，分成两张表，或让附件横排（方向: 横）；别的列写短，这一列就会宽些",
        };
        diagnostics.push(TORN.fault(&origin(line), message).hint(hint));
    }
    let (in_cells, in_text): (Vec<_>, Vec<_>) =
        links.into_iter().partition(|line| line.column.is_some());
    for (line, columns) in by_table(&in_cells) {
        let (word, head) = halves(line);
        let message = format!("{columns}太窄，“{word}”在“{head}”后面断开，那里没有标点");
        let hint = "照着抄容易出错：换短一些的地址，或让这一列宽一些";
        diagnostics.push(CUT_LINK.fault(&origin(line), message).hint(hint));
    }
    for line in in_text {
        let (word, head) = halves(line);
        let message = format!("“{word}”在“{head}”后面断开，那里没有标点");
        let hint = "照着抄容易出错：换短一些的地址，或改动这一段的字数";
        diagnostics.push(CUT_LINK.fault(&origin(line), message).hint(hint));
    }
}

/// The lines whose ink lies on that of others, each with the first of those.
fn overlaid(lines: &[InkLine]) -> Vec<(&InkLine, &InkLine)> {
    let printed = lines.iter().filter(|line| line.part != Part::Draft);
    let mut sorted: Vec<&InkLine> = printed.collect();
    sorted.sort_by(|a, b| a.page.cmp(&b.page).then(a.top.total_cmp(&b.top)));
    let mut found = Vec::new();
    for (index, line) in sorted.iter().enumerate() {
        let below = sorted[index + 1..].iter();
        let mut near =
            below.take_while(|other| other.page == line.page && other.top < line.bottom - TOUCHING);
        let lies_on = |other: &&&InkLine| {
            let height = line.bottom.min(other.bottom) - line.top.max(other.top);
            let width = line.right.min(other.right) - line.left.max(other.left);
            height.min(width) > TOUCHING
        };
        if let Some(other) = near.find(lies_on) {
            found.push((*line, *other));
        }
    }
    found
}

/// The lines whose end divides what it should not.
fn cut<'a>(
    lines: impl IntoIterator<Item = &'a (impl Borrow<InkLine> + 'a)>,
    wrong: fn(&Cut) -> bool,
) -> Vec<&'a InkLine> {
    let lines = lines.into_iter().map(Borrow::borrow);
    lines
        .filter(|line| line.cut.as_ref().is_some_and(wrong))
        .collect()
}

/// The first line of each table, with the names of the columns and how many cells there are.
fn by_table<'a>(lines: &[&'a InkLine]) -> Vec<(&'a InkLine, String)> {
    const NAMED: usize = 3;
    let mut tables: BTreeMap<usize, Vec<&InkLine>> = BTreeMap::new();
    for line in lines {
        if let Some(column) = &line.column {
            tables.entry(column.table).or_default().push(line);
        }
    }
    let described = |lines: Vec<&'a InkLine>| {
        let columns = lines.iter().filter_map(|line| line.column.as_ref());
        let names: BTreeMap<usize, &str> = columns
            .map(|column| (column.index, &*column.name))
            .collect();
        let named = names.values().take(NAMED);
        let named: String = named
            .map(|name| format!("“{}”", name.replace('\n', "")))
            .collect();
        let columns = match names.len() {
            1 => "一列".to_owned(),
            count if count > NAMED => format!("等{count}列"),
            count => format!("{count}列"),
        };
        let mut cells: Vec<String> = lines.iter().map(|line| origin(line).to_string()).collect();
        cells.sort_unstable();
        cells.dedup();
        let count = match cells.len() {
            1 => String::new(),
            count => format!("（共{count}格）"),
        };
        (lines[0], format!("表格的{named}{columns}{count}"))
    };
    tables.into_values().map(described).collect()
}

/// The word that the line's end divides, and what stands before the end.
fn halves(line: &InkLine) -> (&str, &str) {
    let cut = line
        .cut
        .as_ref()
        .expect("only lines with a cut are told of");
    (&cut.word, &cut.word[..cut.at])
}

/// The cell that the words were printed from, or where they were typed.
fn origin(line: &InkLine) -> Origin {
    let run = line.runs.first();
    let cell = run.and_then(|run| run.cells.first());
    let typed = run.map(|run| &run.origin);
    cell.or(typed).cloned().unwrap_or(Origin::Program)
}

/// The cells whose ink a border runs through, or that leave the type area.
fn crossing<'a>(ruler: &Ruler, cells: &[&'a InkLine]) -> Vec<&'a InkLine> {
    let mut borders: BTreeMap<usize, Vec<&InkRule>> = BTreeMap::new();
    for rule in ruler.rules() {
        borders.entry(rule.page).or_default().push(rule);
    }
    let crosses = |line: &InkLine, rule: &InkRule| {
        let (x, y) = (
            (line.left + line.right) / 2.0,
            (line.top + line.bottom) / 2.0,
        );
        let upright = rule.bottom - rule.top > rule.right - rule.left;
        if upright {
            rule.left > line.left + OVER
                && rule.right < line.right - OVER
                && rule.top < y
                && y < rule.bottom
        } else {
            rule.top > line.top + OVER
                && rule.bottom < line.bottom - OVER
                && rule.left < x
                && x < rule.right
        }
    };
    let outside = |line: &InkLine| {
        let shift = ruler.shift(line.page);
        line.left < LEFT + shift - OVER
            || line.right > RIGHT + shift + OVER
            || line.top < TOP - OVER
            || line.bottom > BOTTOM + OVER
    };
    let over = |line: &&&InkLine| {
        let borders = borders.get(&line.page).into_iter().flatten();
        outside(line) || borders.into_iter().any(|rule| crosses(line, rule))
    };
    cells.iter().filter(over).copied().collect()
}

/// Tells whether what is cut is an address.
fn is_address(word: &str) -> bool {
    word.contains("://") || word.contains('@') || word.starts_with("www.")
}

/// An address is cut well behind one of its marks.
fn is_cut_link(cut: &Cut) -> bool {
    const MARKS: &[char] = &['/', '.', '?', '&', '=', '-', '_', '#', '%', '+', ':', '@'];
    is_address(&cut.word) && !cut.word[..cut.at].ends_with(MARKS)
}

/// A word or a number is never cut.
fn is_torn(cut: &Cut) -> bool {
    !is_address(&cut.word)
}
