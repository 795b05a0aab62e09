//! Clause 7.2: what stands above the red rule.

use super::page::{CELL, LEFT, RIGHT, TOP};
use super::{Edges, Force, Place, Reading, Ruler};
use crate::model::{Format, is_red};
use crate::typeset::{InkRule, Part};

/// 空二行 and 空一行 as distances from ink to ink (GB/T 33476.2, 7).
pub const TWO_LINES: f64 = 20.78;
pub const ONE_LINE: f64 = 10.39;

/// The middle of the type area.
pub const CENTRE: f64 = (LEFT + RIGHT) / 2.0;

pub fn measure(ruler: &mut Ruler) {
    if !is_letter(ruler) {
        corner(ruler);
    }
    mark(ruler);
    number(ruler);
    if !is_letter(ruler) {
        red_rule(ruler);
    }
}

fn is_letter(ruler: &Ruler) -> bool {
    ruler.document.format == Format::Letter
}

/// The red rule on page one.
pub fn red(rule: &InkRule) -> bool {
    rule.page == 1 && !rule.is_black() && rule.thickness() < 2.0 && rule.width() > 100.0
}

fn corner(ruler: &mut Ruler) {
    let parts = [
        (Part::CopyNumber, "7.2.1", "份号在版心左上角第一行", Some(1)),
        (Part::Secrecy, "7.2.2", "密级和保密期限在第二行", Some(2)),
        (
            Part::Urgency,
            "7.2.3",
            "紧急程度顶格，在份号、密级之下",
            None,
        ),
    ];
    let mut above: Option<Edges> = None;
    for (part, clause, what, line) in parts {
        let edges = ruler.edges(part);
        let found = edges.map(|edges| {
            let left = edges.left - LEFT;
            let in_line = (edges.middle() - TOP - 2.6) / ONE_LINE + 1.0;
            let below = above.is_none_or(|above| above.bottom < edges.top);
            let placed = match line {
                Some(line) => (in_line - f64::from(line)).abs() < 0.25,
                None => below && in_line < 3.4,
            };
            let measured = format!(
                "左缘{}毫米，第{}行",
                super::short(edges.left),
                in_line.round()
            );
            (placed && (-0.5..1.5).contains(&left), measured)
        });
        let place = edges.map(|edges| Place {
            page: edges.page,
            from: (edges.left, TOP),
            to: (edges.left, edges.top),
        });
        ruler.holds(
            (clause, what, Force::Must),
            "左缘28毫米，位于规定的行",
            found,
            place,
        );
        above = edges.or(above);
    }
    let digits = ruler.document.copy_number.as_ref().map(|words| {
        let text = words.text();
        (
            text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()),
            text,
        )
    });
    ruler.holds(
        ("7.2.1", "份号的写法", Force::Normally),
        "6位数字",
        digits,
        None,
    );
}

fn mark(ruler: &mut Ruler) {
    let mark = ruler.edges(Part::IssuerMark);
    let readings = mark.map(|mark| Reading::down(mark.page, CENTRE, TOP, mark.top));
    let (clause, distance) = match ruler.document.format {
        Format::Order => ("10.2", 20.0),
        _ => ("7.2.4", 35.0),
    };
    ruler.length(
        (clause, "发文机关标志上缘到版心上边缘", Force::Must),
        distance,
        0.5,
        readings.filter(|_| ruler.document.format != Format::Letter),
    );
    let readings = mark.map(|mark| Reading::middle(&mark, mark.top));
    ruler.length(
        ("7.2.4", "发文机关标志居中（中心距页左）", Force::Normally),
        CENTRE,
        0.5,
        readings,
    );
    let fill = ruler.lines(Part::IssuerMark).next().map(|line| {
        (
            is_red(&line.fill),
            format!("{}，{}", line.family, line.fill),
        )
    });
    ruler.holds(
        ("7.2.4", "发文机关标志的颜色", Force::Normally),
        "红色小标宋体",
        fill,
        None,
    );
    let name = ruler.lines(Part::IssuerMark).next();
    let height = name
        .and_then(|name| Edges::of([name]))
        .map(|mark| Reading::down(mark.page, mark.right, mark.top, mark.bottom));
    ruler.between(
        ("GB/T 9704—1999", "发文机关标志的字高", Force::Practice),
        "不超过22毫米".to_owned(),
        0.0,
        22.0,
        height,
    );
}

fn number(ruler: &mut Ruler) {
    // In letters and upward documents it stands elsewhere.
    let centred = !is_letter(ruler) && ruler.document.signers.is_empty();
    let (mark, number) = (ruler.edges(Part::IssuerMark), ruler.edges(Part::DocNumber));
    let number = number.filter(|_| centred);
    let gap = mark
        .zip(number)
        .map(|(mark, number)| Reading::down(number.page, CENTRE, mark.bottom, number.top));
    ruler.length(
        ("7.2.5", "发文机关标志下空二行排发文字号", Force::Must),
        TWO_LINES,
        0.5,
        gap,
    );
    let centre = number.map(|number| Reading::middle(&number, number.bottom));
    ruler.length(
        ("7.2.5", "发文字号居中（中心距页左）", Force::Must),
        CENTRE,
        0.5,
        centre,
    );
    let format = ruler.document.format;
    let formal = ruler.document.doc_number.as_ref();
    let formal = formal.filter(|_| !ruler.document.edition.draft);
    let form = formal.map(|words| {
        let text = words.text();
        let kept = match format {
            Format::Order => is_number(&text) || is_order_number(&text),
            // 10.3 leaves their form open; the mark may stand for the agency.
            Format::Minutes => is_number(&text) || is_number(&format!("纪{text}")),
            Format::General | Format::Letter => is_number(&text),
        };
        (kept, text)
    });
    ruler.holds(
        ("7.2.5", "发文字号的写法", Force::Must),
        "代字〔年份〕序号号，序号不编虚位",
        form,
        None,
    );
}

/// `第12号`.
fn is_order_number(text: &str) -> bool {
    let digits = text
        .strip_prefix('第')
        .and_then(|text| text.strip_suffix('号'));
    digits.is_some_and(|digits| {
        !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// `明政办〔2021〕58号`.
fn is_number(text: &str) -> bool {
    let Some((code, rest)) = text.split_once('〔') else {
        return false;
    };
    let Some((year, serial)) = rest.split_once('〕') else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let serial = serial.strip_suffix('号').unwrap_or_default();
    !code.is_empty()
        && year.len() == 4
        && digits(year)
        && digits(serial)
        && !serial.starts_with('0')
}

fn red_rule(ruler: &mut Ruler) {
    let rule = ruler.rules().find(|rule| red(rule));
    // In minutes the office and the day stand between.
    let last = match ruler.document.format {
        Format::Minutes => Part::DocDate,
        _ => Part::DocNumber,
    };
    let number = ruler.edges(last).filter(|_| rule.is_some());
    let gap = rule
        .zip(number)
        .map(|(rule, number)| Reading::down(1, number.right, number.bottom, rule.top));
    ruler.length(
        ("7.2.7", "发文字号到红色分隔线", Force::Must),
        4.0,
        0.5,
        gap,
    );
    let width = rule.map(|rule| Reading::right(1, rule.middle(), rule.left, rule.right));
    ruler.length(
        ("7.2.7", "红色分隔线与版心等宽", Force::Must),
        RIGHT - LEFT,
        0.5,
        width,
    );
    let start = rule.map(|rule| Reading::right(1, rule.middle(), 0.0, rule.left));
    ruler.length(("7.2.7", "红色分隔线左端", Force::Must), LEFT, 0.5, start);
    let thickness = rule.map(|rule| Reading::down(1, RIGHT, rule.top, rule.bottom));
    ruler.between(
        ("7.2.7", "红色分隔线的粗细（标准未定）", Force::Practice),
        "0.35～0.55毫米".to_owned(),
        0.34,
        0.56,
        thickness,
    );
}

/// Where a line indented by some characters starts.
pub fn indented(cells: f64) -> f64 {
    LEFT + cells * CELL
}
