//! Clause 10 and what goes with several agencies: letters, orders, minutes, signers, joint marks, seals
//! and signature stamps.

use super::header::{CENTRE, ONE_LINE, TWO_LINES, indented};
use super::page::{BOTTOM, CELL, LEFT, RIGHT, TOP};
use super::{Edges, Force, Reading, Ruler, after_colon, top};
use crate::model::Format;
use crate::typeset::{InkImage, InkLine, InkRule, Part};

/// Thickness of a thin line of a double rule at most, of a thick one at least.
const THICK: f64 = 0.5;

pub fn measure(ruler: &mut Ruler) {
    match ruler.document.format {
        Format::Letter => letter(ruler),
        Format::Order => order(ruler),
        Format::Minutes => minutes(ruler),
        Format::General => {}
    }
    signers(ruler);
    joint_mark(ruler);
    seals(ruler);
    stamps(ruler);
}

fn letter(ruler: &mut Ruler) {
    let mark = ruler.edges(Part::IssuerMark);
    let reading = mark.map(|mark| Reading::down(mark.page, CENTRE, 0.0, mark.top));
    ruler.length(
        ("10.1", "信函的发文机关标志上缘到上页边", Force::Must),
        30.0,
        0.5,
        reading,
    );
    let red = |rule: &&InkRule| !rule.is_black() && rule.width() > 100.0;
    let mut rules: Vec<&InkRule> = ruler.rules().filter(red).collect();
    rules.sort_by(|a, b| a.top.total_cmp(&b.top));
    let marked = mark.zip(rules.first());
    let gap = marked.map(|(mark, rule)| Reading::down(1, CENTRE, mark.bottom, rule.top));
    ruler.length(
        ("10.1", "发文机关标志到红色双线", Force::Must),
        4.0,
        0.5,
        gap,
    );
    let widths = rules.iter();
    let widths = widths.map(|rule| Reading::right(1, rule.middle(), rule.left, rule.right));
    ruler.length(
        ("10.1", "红色双线的长", Force::Must),
        170.0,
        0.5,
        widths.collect::<Vec<_>>(),
    );
    let foot = rules.last().filter(|_| rules.len() == 4);
    let foot = foot.map(|rule| Reading::down(1, RIGHT, rule.bottom, 297.0));
    ruler.length(
        ("10.1", "第二条红色双线到下页边", Force::Must),
        20.0,
        0.5,
        foot,
    );
    let weights: Vec<bool> = rules.iter().map(|rule| rule.thickness() > THICK).collect();
    let order = (!rules.is_empty()).then(|| {
        let words = weights.iter().map(|thick| if *thick { "粗" } else { "细" });
        let words: Vec<&str> = words.collect();
        (weights == [true, false, false, true], words.join(""))
    });
    ruler.holds(
        (
            "10.1",
            "双线的粗细：首条上粗下细，末条上细下粗",
            Force::Must,
        ),
        "粗细细粗",
        order,
        None,
    );
    let second = rules.get(1).copied();
    let number = ruler.lines(Part::DocNumber).next();
    let below = second
        .zip(number)
        .map(|(rule, number)| Reading::down(1, number.left, rule.bottom, top(number)));
    ruler.length(
        ("10.1", "双线到发文字号（3号字高的7/8）", Force::Must),
        4.84,
        0.5,
        below,
    );
    let right = number.map(|number| Reading::right(1, number.baseline, number.right, RIGHT));
    ruler.length(
        ("10.1", "发文字号居版心右边缘顶格", Force::Must),
        0.0,
        0.5,
        right,
    );
    let above = [
        Part::CopyNumber,
        Part::Secrecy,
        Part::Urgency,
        Part::DocNumber,
    ];
    let lowest = above.iter().filter_map(|part| ruler.edges(*part));
    let lowest = lowest.map(|edges| edges.bottom).reduce(f64::max);
    let title = ruler.lines(Part::Title).next();
    let gap = lowest
        .zip(title)
        .map(|(bottom, title)| Reading::down(1, CENTRE, bottom, title.top));
    ruler.length(
        ("10.1", "标题与其上最后一个要素相距二行", Force::Must),
        TWO_LINES,
        0.5,
        gap.filter(|_| second.is_some()),
    );
    let last = ruler.pages.len();
    let cc = ruler.lines(Part::CcRecipients).next();
    let ruled = cc.map(|cc| {
        let near =
            |rule: &&InkRule| rule.page == cc.page && (rule.middle() - cc.baseline).abs() < 12.0;
        let count = ruler
            .rules()
            .filter(near)
            .filter(|rule| rule.is_black())
            .count();
        let printed = ruler.lines(Part::Print).count();
        let bare = count == 0 && printed == 0 && cc.page == last;
        let said = format!(
            "第{}页，分隔线{count}条，印发机关和日期{printed}行",
            cc.page
        );
        (bare, said)
    });
    ruler.holds(
        (
            "10.1",
            "版记不加印发机关、印发日期和分隔线，位于最后一面",
            Force::Must,
        ),
        "都不加",
        ruled,
        None,
    );
    let numbered = ruler.lines(Part::PageNumber).any(|line| line.page == 1);
    ruler.holds(
        ("10.1", "首页不显示页码", Force::Must),
        "不显示",
        Some((
            !numbered,
            if numbered { "显示" } else { "不显示" }.to_owned(),
        )),
        None,
    );
}

fn order(ruler: &mut Ruler) {
    let number = ruler.edges(Part::DocNumber);
    let text = ruler.lines(Part::MainText).next();
    let gap = number
        .zip(text)
        .map(|(number, text)| Reading::down(text.page, CENTRE, number.bottom, top(text)));
    ruler.length(
        ("10.2", "令号下空二行排正文", Force::Must),
        TWO_LINES,
        0.5,
        gap,
    );
}

fn minutes(ruler: &mut Ruler) {
    let list: Vec<&InkLine> = ruler.lines(Part::Attendance).collect();
    let gap = list.first().and_then(|first| {
        let above = ruler.above(first.page, top(first) - 0.5)?;
        Some(Reading::down(first.page, first.left, above, top(first)))
    });
    // At the head of a page nothing stands above.
    ruler.length(
        ("10.3", "正文或附件说明下空一行排出席名单", Force::Must),
        ONE_LINE,
        0.5,
        gap,
    );
    let mut last = None;
    let starts = list.iter().filter(|line| {
        let begins = last != Some(line.block);
        last = Some(line.block);
        begins
    });
    let starts = starts.map(|line| Reading::right(line.page, line.baseline, 0.0, line.cells[0]));
    ruler.length(
        ("10.3", "“出席”“请假”“列席”左空二字", Force::Must),
        indented(2.0),
        0.5,
        starts.collect::<Vec<_>>(),
    );
    ruler.hanging(
        ("10.3", "出席名单回行与冒号后的首字对齐", Force::Must),
        Part::Attendance,
        after_colon,
    );
}

fn signers(ruler: &mut Ruler) {
    let lines: Vec<&InkLine> = ruler.lines(Part::Signer).collect();
    let Some((caption, names)) = lines.split_first() else {
        return;
    };
    let mark = ruler.edges(Part::IssuerMark);
    let gap = mark.map(|mark| Reading::down(1, caption.left, mark.bottom, caption.top));
    ruler.length(
        ("7.2.6", "发文机关标志下空二行排签发人", Force::Must),
        TWO_LINES,
        0.5,
        gap,
    );
    let right = names.iter().map(|line| line.end).fold(0.0, f64::max);
    let right = Reading::right(1, caption.baseline, right, RIGHT);
    ruler.length(
        ("7.2.6", "签发人姓名右空一字", Force::Must),
        CELL,
        0.6,
        [right],
    );
    let number = ruler.lines(Part::DocNumber).next();
    let last = names.last().zip(number);
    let level =
        last.map(|(name, number)| Reading::down(1, number.right, number.baseline, name.baseline));
    ruler.length(
        ("7.2.5", "发文字号与最后一个签发人同一行", Force::Must),
        0.0,
        0.3,
        level,
    );
    let start = number.map(|number| Reading::right(1, number.baseline, LEFT, number.cells[0]));
    ruler.length(
        ("7.2.5", "上行文的发文字号居左空一字", Force::Must),
        CELL,
        0.5,
        start,
    );
}

fn joint_mark(ruler: &mut Ruler) {
    let lines: Vec<&InkLine> = ruler.lines(Part::IssuerMark).collect();
    let Some((word, names)) = lines.split_last().filter(|(_, names)| !names.is_empty()) else {
        return;
    };
    let stack = Edges::of(names.iter().copied());
    let shift = stack.map(|stack| {
        let middle = (word.top + word.bottom) / 2.0;
        Reading::down(1, word.left, stack.middle(), middle)
    });
    ruler.length(
        (
            "7.2.4",
            "“文件”以联署的机关名称为准上下居中",
            Force::Normally,
        ),
        0.0,
        0.6,
        shift,
    );
}

fn seals(ruler: &mut Ruler) {
    let seals: Vec<&InkImage> = ruler.pages.images().iter().collect();
    let seals: Vec<&InkImage> = seals
        .into_iter()
        .filter(|seal| seal.part == Part::Seal && ruler.document.stamps.is_empty())
        .collect();
    if seals.is_empty() {
        return;
    }
    let first = seals.iter().min_by(|a, b| a.top.total_cmp(&b.top));
    let gap = first.and_then(|seal| {
        let text = ruler
            .lines(Part::MainText)
            .chain(ruler.lines(Part::AttachmentList));
        let text = text.filter(|line| line.page == seal.page);
        let above = text.map(super::bottom).reduce(f64::max)?;
        Some(Reading::down(seal.page, seal.left, above, seal.top))
    });
    ruler.between(
        ("7.3.5.1", "印章顶端距上文一行之内", Force::Must),
        "0～10.39毫米".to_owned(),
        -0.5,
        ONE_LINE + 0.1,
        gap,
    );
    let centre = |seal: &InkImage| {
        (
            (seal.left + seal.right) / 2.0,
            (seal.top + seal.bottom) / 2.0,
        )
    };
    let pairs = seals.iter().enumerate().flat_map(|(index, seal)| {
        seals[..index].iter().map(move |other| {
            let ((x, y), (u, v)) = (centre(seal), centre(other));
            let apart = (x - u).hypot(y - v);
            let radii = (seal.right - seal.left + other.right - other.left) / 2.0;
            Reading::right(seal.page, y, u, x).with_value(apart - radii)
        })
    });
    let nearest = pairs.min_by(|a, b| a.value.total_cmp(&b.value));
    ruler.between(
        ("7.3.5.1", "印章互不相交或相切（两章的间隙）", Force::Must),
        "大于0".to_owned(),
        0.01,
        f64::INFINITY,
        nearest,
    );
    let outside = seals.iter().map(|seal| {
        let shift = ruler.shift(seal.page);
        let over = (LEFT + shift - seal.left)
            .max(seal.right - RIGHT - shift)
            .max(TOP - seal.top);
        Reading::right(seal.page, seal.top, seal.left, seal.right).with_value(over.max(0.0))
    });
    ruler.length(
        ("7.3.5.1", "每排印章两端不超出版心", Force::Must),
        0.0,
        0.5,
        outside.collect::<Vec<_>>(),
    );
    let below = seals.iter().map(|seal| {
        let over = (seal.bottom - BOTTOM).max(0.0);
        Reading::down(seal.page, seal.left, BOTTOM, seal.bottom).with_value(over)
    });
    ruler.length(
        ("5.2.1", "印章下端不超出版心", Force::Normally),
        0.0,
        0.5,
        below.collect::<Vec<_>>(),
    );
    let notes: Vec<&InkLine> = ruler.lines(Part::Note).collect();
    let covers = |seal: &&InkImage| {
        let is_under = |line: &&InkLine| {
            line.page == seal.page
                && line.right > seal.left
                && line.left < seal.right
                && line.bottom > seal.top
                && line.top < seal.bottom
        };
        notes.iter().any(is_under)
    };
    ruler.holds(
        ("7.3.6", "附注不在印章之下", Force::Practice),
        "不相交",
        (!notes.is_empty()).then(|| match seals.iter().any(covers) {
            true => (false, "印章压着附注".to_owned()),
            false => (true, "不相交".to_owned()),
        }),
        None,
    );
    // Neither blank nor off the text: the name lies inside.
    let names: Vec<&InkLine> = ruler.lines(Part::Signature).collect();
    let inside = seals.iter().all(|seal| {
        let (x, y) = centre(seal);
        names.iter().any(|line| {
            let middle = (line.left + line.right) / 2.0;
            (middle - x).abs() < 6.0 && (line.baseline - y).abs() < (seal.bottom - seal.top) / 2.0
        })
    });
    ruler.holds(
        (
            "7.3.5.1",
            "印章端正、居中下压署名，没有空白印章",
            Force::Must,
        ),
        "每个印章下都有署名",
        Some(match inside {
            true => (true, format!("{}个印章都压着署名", seals.len())),
            false => (false, "有空白印章".to_owned()),
        }),
        None,
    );
}

fn stamps(ruler: &mut Ruler) {
    if ruler.document.stamps.is_empty() {
        return;
    }
    let pages = ruler.pages;
    let stamps = pages
        .images()
        .iter()
        .filter(|image| image.part == Part::Seal);
    let stamps: Vec<&InkImage> = stamps.collect();
    let right = stamps.iter();
    let right = right.map(|stamp| Reading::right(stamp.page, stamp.bottom, stamp.right, RIGHT));
    ruler.length(
        ("7.3.5.3", "签名章右空四字", Force::Normally),
        4.0 * CELL,
        0.5,
        right.collect::<Vec<_>>(),
    );
    let offices = ruler.lines(Part::Signature);
    let gaps = stamps.iter().zip(offices).map(|(stamp, office)| {
        Reading::right(stamp.page, office.baseline, office.right, stamp.left)
    });
    ruler.length(
        ("7.3.5.3", "签名章左空二字标注职务", Force::Must),
        2.0 * CELL,
        0.6,
        gaps.collect::<Vec<_>>(),
    );
    let date = ruler.lines(Part::DocDate).next();
    let gap = stamps
        .last()
        .zip(date)
        .map(|(stamp, date)| Reading::down(stamp.page, date.left, stamp.bottom, date.top));
    ruler.length(
        ("7.3.5.3", "签名章下空一行排成文日期", Force::Must),
        ONE_LINE,
        0.5,
        gap,
    );
}
