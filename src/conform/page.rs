//! Clauses 5 and 6 and 7.5: paper, type area, lines and characters, colours, page numbers.

use std::collections::BTreeMap;

use super::{Edges, Force, Place, Reading, Ruler, top};
use crate::model::{Format, is_red};
use crate::typeset::{InkLine, Part};

/// The edges of the type area (5.2.1).
pub const PAPER: f64 = 210.0;
pub const LEFT: f64 = 28.0;
pub const RIGHT: f64 = 184.0;
pub const TOP: f64 = 37.0;
pub const BOTTOM: f64 = 262.0;

/// 28 characters fill 156 mm (5.2.3).
pub const CELL: f64 = 156.0 / 28.0;

/// 3号 in points (GB/T 9704—2012 names no points; that of office programs).
pub const SIZE: f64 = 16.0;

pub fn measure(ruler: &mut Ruler) {
    paper(ruler);
    type_area(ruler);
    grid(ruler);
    colours(ruler);
    inks(ruler);
    numbers(ruler);
}

fn paper(ruler: &mut Ruler) {
    let sizes = ruler.pages.sizes();
    let turned = |(width, height): &(f64, f64)| (width.min(*height), width.max(*height));
    let across = sizes.iter().map(turned).enumerate();
    let across = across.map(|(page, (width, _))| Reading::right(page + 1, 2.0, 0.0, width));
    ruler.length(
        ("5.1", "纸张的宽", Force::Must),
        210.0,
        0.2,
        across.collect::<Vec<_>>(),
    );
    let down = sizes.iter().map(turned).enumerate();
    let down = down.map(|(page, (_, height))| Reading::down(page + 1, 2.0, 0.0, height));
    ruler.length(
        ("5.1", "纸张的高", Force::Must),
        297.0,
        0.2,
        down.collect::<Vec<_>>(),
    );
}

/// The lines that fill the type area: text, whatever its part.
fn is_text(line: &InkLine) -> bool {
    !matches!(line.part, Part::PageNumber | Part::Draft)
}

fn type_area(ruler: &mut Ruler) {
    let mut first: BTreeMap<usize, &InkLine> = BTreeMap::new();
    for line in ruler
        .lines(Part::MainText)
        .filter(|line| line.page > 1 && body(line))
    {
        let first = first.entry(line.page).or_insert(line);
        if line.baseline < first.baseline {
            *first = line;
        }
    }
    // Where a table or a picture comes first, the text says nothing of the margin.
    let tops = first.values().filter(|line| {
        let mut above = ruler
            .pages
            .ink()
            .iter()
            .filter(|other| other.page == line.page && is_text(other));
        let mut rules = ruler.rules().filter(|rule| rule.page == line.page);
        above.all(|other| other.baseline >= line.baseline - 0.01)
            && rules.all(|rule| rule.top > line.top)
    });
    let tops: Vec<Reading> = tops
        .map(|line| Reading::down(line.page, 100.0, 0.0, top(line)))
        .collect();
    ruler.length(
        ("5.2.1", "天头（续页首行文字上缘）", Force::Must),
        TOP,
        0.5,
        tops,
    );

    let flush = ruler.lines(Part::MainText).filter(|line| body(line));
    let flush = flush.filter(|line| line.cells.first().is_some_and(|start| *start < LEFT + CELL));
    let flush = flush.map(|line| Reading::right(line.page, line.baseline, 0.0, line.cells[0]));
    ruler.length(
        ("5.2.1", "订口（回行文字左缘）", Force::Must),
        LEFT,
        0.5,
        flush.collect::<Vec<_>>(),
    );

    let ink: Vec<Edges> = ruler
        .pages
        .ink()
        .iter()
        .filter(|line| is_text(line))
        // The mark of a letter stands above the type area.
        .filter(|line| line.part != Part::IssuerMark || ruler.document.format != Format::Letter)
        .filter_map(|line| Edges::of([line]))
        .collect();
    let over = |edges: &Edges| {
        let shift = ruler.shift(edges.page);
        (LEFT + shift - edges.left)
            .max(edges.right - RIGHT - shift)
            .max(TOP - edges.top)
            .max(edges.bottom - BOTTOM)
    };
    let worst = ink.iter().max_by(|a, b| over(a).total_cmp(&over(b)));
    let place = worst.map(|edges| Place {
        page: edges.page,
        from: (edges.left, edges.top),
        to: (edges.right, edges.bottom),
    });
    let found = worst.map(|worst| match over(worst) {
        over if over <= 0.0 => (true, "都在版心以内".to_owned()),
        over => (over <= 1.0, format!("最多超出{}毫米", super::short(over))),
    });
    ruler.holds(
        ("5.2.1", "版心156毫米×225毫米", Force::Must),
        "文字不超出版心，误差不超过1毫米",
        found,
        place,
    );
}

/// A line of the text itself: tables are set smaller.
pub fn body(line: &InkLine) -> bool {
    (line.size - SIZE).abs() < 0.05
}

fn is_chinese(character: char) -> bool {
    matches!(u32::from(character), 0x3400..=0x9fff | 0x20000..=0x3ffff)
}

fn grid(ruler: &mut Ruler) {
    let sizes: Vec<&InkLine> = ruler.lines(Part::MainText).collect();
    let body_lines: Vec<&InkLine> = sizes.iter().copied().filter(|line| body(line)).collect();
    let found = (!body_lines.is_empty()).then(|| {
        let family = most(body_lines.iter().map(|line| line.family.as_str()));
        (true, format!("{family}，16磅"))
    });
    ruler.holds(
        ("5.2.2", "正文字体字号", Force::Normally),
        "3号仿宋（16磅；内置字库以同类字体代替）",
        found,
        None,
    );

    let mut baselines: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for line in &body_lines {
        let known = baselines.entry(line.page).or_default();
        if known
            .iter()
            .all(|known| (known - line.baseline).abs() > 0.5)
        {
            known.push(line.baseline);
        }
    }
    let most_lines = baselines.iter().max_by_key(|(_, lines)| lines.len());
    ruler.holds(
        ("5.2.3", "每面行数", Force::Normally),
        "22行",
        most_lines.map(|(_, lines)| (lines.len() <= 22, format!("最多{}行", lines.len()))),
        None,
    );

    let pitches = body_lines.windows(2).filter_map(|pair| {
        let [above, below] = pair else { return None };
        let near = above.page == below.page
            && (above.block == below.block || below.block == above.block + 1);
        let distance = below.baseline - above.baseline;
        (near && distance > 1.0 && distance < 16.0)
            .then(|| Reading::down(above.page, above.left, above.baseline, below.baseline))
    });
    // 22 lines fill the type area and 23 do not fit it.
    ruler.between(
        ("5.2.3", "正文行距", Force::Normally),
        "9.97～10.45毫米".to_owned(),
        9.97,
        10.45,
        pitches.collect::<Vec<_>>(),
    );

    // Lines are stretched and marks narrowed: the least step between two Chinese characters is a cell.
    let steps = body_lines.iter().flat_map(|line| {
        let letters: Vec<char> = line.text.chars().collect();
        let known = letters.len() == line.cells.len();
        let pairs = (1..letters.len())
            .filter(move |at| known && is_chinese(letters[at - 1]) && is_chinese(letters[*at]));
        pairs.map(|at| Reading::right(line.page, line.baseline, line.cells[at - 1], line.cells[at]))
    });
    let least = steps.min_by(|a, b| a.value.total_cmp(&b.value));
    ruler.length(
        ("5.2.3", "每字所占宽度（每行28字撑满版心）", Force::Normally),
        CELL,
        0.04,
        least,
    );
}

/// The value that comes most often; the first one of several.
pub fn most<'a>(values: impl Iterator<Item = &'a str>) -> &'a str {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts
        .into_iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map_or("", |(value, _)| value)
}

fn colours(ruler: &mut Ruler) {
    let wrong = ruler.pages.ink().iter().find(|line| {
        !matches!(
            line.part,
            Part::IssuerMark | Part::AttachmentHeader(_) | Part::Draft
        ) && !line.is_black()
    });
    ruler.holds(
        ("5.2.4", "文字颜色", Force::Must),
        "除发文机关标志外都是黑色",
        Some(match wrong {
            None => (true, "黑色".to_owned()),
            Some(line) => (false, format!("“{}”是{}", line.text, line.fill)),
        }),
        None,
    );
}

/// The inks of a copy for the press.
fn inks(ruler: &mut Ruler) {
    const RED: &str = "C0 M80 Y80 K0";
    const BLACK: &str = "C0 M0 Y0 K100";
    if !ruler.document.edition.press {
        return;
    }
    let lines = ruler.pages.ink().iter().map(|line| line.fill.as_str());
    let rules = ruler.rules().map(|rule| rule.fill.as_str());
    let mut all: Vec<&str> = lines.chain(rules).collect();
    all.sort_unstable();
    all.dedup();
    let (red, black): (Vec<&str>, Vec<&str>) = all.into_iter().partition(|fill| is_red(fill));
    let found = |fills: &[&str], expected: &str| {
        let kept = fills.iter().all(|fill| *fill == expected);
        (!fills.is_empty()).then(|| (kept, fills.join("、")))
    };
    let force = match ruler.document.profile.press_red {
        Some(_) => Force::Normally,
        None => Force::Must,
    };
    let clause = ("6.2", "红色油墨（交印刷厂的文件）", force);
    ruler.holds(clause, "Y80%、M80%", found(&red, RED), None);
    let clause = ("6.2", "黑色油墨（交印刷厂的文件）", Force::Must);
    ruler.holds(clause, "BL100%", found(&black, BLACK), None);
}

fn numbers(ruler: &mut Ruler) {
    const EM: f64 = 14.0 / 72.0 * 25.4;
    let numbers: Vec<&InkLine> = ruler.lines(Part::PageNumber).collect();
    let heights = numbers.iter().filter_map(|line| {
        let dash = line.glyphs.first()?;
        Some(Reading::down(
            line.page,
            dash.left,
            BOTTOM,
            (dash.top + dash.bottom) / 2.0,
        ))
    });
    ruler.length(
        ("7.5", "一字线到版心下边缘", Force::Must),
        7.0,
        0.5,
        heights.collect::<Vec<_>>(),
    );
    let sides = numbers.iter().map(|line| match line.page % 2 {
        1 => Reading::right(line.page, line.baseline, line.end, RIGHT),
        _ => Reading::right(line.page, line.baseline, LEFT, line.cells[0]),
    });
    ruler.length(
        (
            "7.5",
            "页码距版心边缘（单页右空一字，双页左空一字）",
            Force::Must,
        ),
        EM,
        0.8,
        sides.collect::<Vec<_>>(),
    );
    let wrong = numbers
        .iter()
        .find(|line| line.text != format!("— {} —", line.page - ruler.pages_before(line.page)));
    let found = (!numbers.is_empty()).then(|| match wrong {
        None => (true, format!("{}个页码都与页次相同", numbers.len())),
        Some(line) => (false, format!("第{}页的页码是“{}”", line.page, line.text)),
    });
    ruler.holds(
        ("7.5", "页码连续，左右各一条一字线", Force::Must),
        "与页次相同",
        found,
        None,
    );
    let size = numbers.iter().find(|line| (line.size - 14.0).abs() > 0.05);
    ruler.holds(
        ("7.5", "页码字号", Force::Normally),
        "4号（14磅）",
        (!numbers.is_empty()).then(|| match size {
            None => (true, "14磅".to_owned()),
            Some(line) => (false, format!("{}磅", line.size)),
        }),
        None,
    );
}
