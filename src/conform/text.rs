//! Clauses 7.3.1 to 7.3.4: title, recipients, text, list of attachments.

use super::header::{CENTRE, ONE_LINE, TWO_LINES, indented, red};
use super::page::{CELL, LEFT, body, most};
use super::{Edges, Force, Place, Reading, Ruler, top};
use crate::document::Block;
use crate::model::Format;
use crate::typeset::{InkLine, Part};

pub fn measure(ruler: &mut Ruler) {
    title(ruler);
    recipients(ruler);
    main_text(ruler);
    faces(ruler);
    attachment_list(ruler);
}

fn title(ruler: &mut Ruler) {
    let lines: Vec<&InkLine> = ruler.lines(Part::Title).collect();
    let rule = ruler.rules().find(|rule| red(rule));
    let first = lines.first().copied();
    let gap = rule
        .filter(|_| ruler.document.format != Format::Letter)
        .zip(first)
        .map(|(rule, title)| Reading::down(title.page, CENTRE, rule.bottom, title.top));
    ruler.length(
        ("7.3.1", "红色分隔线下空二行排标题", Force::Must),
        TWO_LINES,
        0.5,
        gap,
    );
    let centres = lines
        .iter()
        .filter_map(|line| Edges::of([*line]))
        .map(|edges| Reading::middle(&edges, edges.bottom));
    ruler.length(
        ("7.3.1", "标题各行居中（中心距页左）", Force::Normally),
        CENTRE,
        0.5,
        centres.collect::<Vec<_>>(),
    );
    let size = first.map(|line| {
        (
            (line.size - 22.0).abs() < 0.05,
            format!("{}，{}磅", line.family, super::short(line.size)),
        )
    });
    ruler.holds(
        ("7.3.1", "标题字体字号", Force::Normally),
        "2号小标宋（22磅；内置字库以同类字体代替）",
        size,
        None,
    );
    let pitches = lines.windows(2).filter(|pair| pair[0].page == pair[1].page);
    let pitches = pitches.map(|pair| {
        Reading::down(
            pair[0].page,
            pair[0].left,
            pair[0].baseline,
            pair[1].baseline,
        )
    });
    // A 2号 character and 7/8 of a 3号 one (3.2).
    ruler.length(
        ("7.3.1", "标题行距", Force::Normally),
        12.51,
        0.5,
        pitches.collect::<Vec<_>>(),
    );
    let widths: Vec<f64> = lines.iter().map(|line| line.right - line.left).collect();
    let shape = (lines.len() > 1).then(|| {
        let words: Vec<String> = widths.iter().map(|width| super::short(*width)).collect();
        (
            !is_hourglass(&widths) && !is_rectangle(&widths),
            format!("各行宽{}毫米", words.join("、")),
        )
    });
    ruler.holds(
        ("7.3.1", "多行标题的形状", Force::Must),
        "梯形或菱形，不成沙漏形、长方形",
        shape,
        None,
    );
}

/// All lines of one width.
fn is_rectangle(widths: &[f64]) -> bool {
    const SAME: f64 = 1.0;
    let most = widths.iter().copied().fold(0.0, f64::max);
    widths.iter().all(|width| most - width < SAME)
}

/// Narrower than the lines above and below, by more than half a character.
fn is_hourglass(widths: &[f64]) -> bool {
    const LEAST: f64 = 3.9;
    widths
        .windows(3)
        .any(|lines| lines[1] < lines[0] - LEAST && lines[1] < lines[2] - LEAST)
}

fn recipients(ruler: &mut Ruler) {
    let title = ruler.lines(Part::Title).last();
    let first = ruler.lines(Part::Recipients).next();
    let gap = title
        .zip(first)
        .map(|(title, first)| Reading::down(first.page, first.left, title.bottom, top(first)));
    ruler.length(
        ("7.3.2", "标题下空一行排主送机关", Force::Must),
        ONE_LINE,
        0.5,
        gap,
    );
    let starts = ruler
        .lines(Part::Recipients)
        .map(|line| Reading::right(line.page, line.baseline, 0.0, line.cells[0]));
    ruler.length(
        ("7.3.2", "主送机关居左顶格，回行顶格", Force::Must),
        LEFT,
        0.5,
        starts.collect::<Vec<_>>(),
    );
    let here = ruler
        .document
        .recipients
        .as_ref()
        .filter(|_| first.is_some());
    let colon = here.map(|words| {
        let text = words.text();
        let last: String = text.chars().last().into_iter().collect();
        (last == "：", format!("“{last}”"))
    });
    ruler.holds(
        ("7.3.2", "最后一个机关名称后的标点", Force::Must),
        "全角冒号",
        colon,
        None,
    );
}

/// The first lines of the paragraphs of the text, and the others.
fn starts<'a>(lines: impl Iterator<Item = &'a InkLine>) -> (Vec<&'a InkLine>, Vec<&'a InkLine>) {
    let mut last = None;
    lines.filter(|line| body(line)).partition(|line| {
        let begins = last != Some(line.block);
        last = Some(line.block);
        begins
    })
}

fn main_text(ruler: &mut Ruler) {
    let shows = ruler.lines(Part::MainText).find(|line| line.page == 1);
    let has_text = !ruler.document.main_text.is_empty();
    ruler.holds(
        ("7.3.3", "公文首页必须显示正文", Force::Must),
        "首页有正文",
        has_text.then(|| match shows {
            Some(_) => {
                let count = ruler
                    .lines(Part::MainText)
                    .filter(|line| line.page == 1)
                    .count();
                (true, format!("首页有正文{count}行"))
            }
            None => (false, "首页没有正文".to_owned()),
        }),
        None,
    );
    let (first, others) = starts(ruler.lines(Part::MainText));
    let indents = first
        .iter()
        .map(|line| Reading::right(line.page, line.baseline, LEFT, line.cells[0]));
    ruler.length(
        ("7.3.3", "自然段左空二字", Force::Must),
        2.0 * CELL,
        0.5,
        indents.collect::<Vec<_>>(),
    );
    let flush = others
        .iter()
        .map(|line| Reading::right(line.page, line.baseline, 0.0, line.cells[0]));
    ruler.length(
        ("7.3.3", "回行顶格", Force::Must),
        LEFT,
        0.5,
        flush.collect::<Vec<_>>(),
    );
    let levels: Vec<(u8, &str)> = ruler
        .document
        .main_text
        .iter()
        .filter_map(|block| match block {
            Block::Heading { level, ordinal, .. } => Some((*level, ordinal.as_str())),
            _ => None,
        })
        .collect();
    let marks = ["一、", "（一）", "1.", "（1）"];
    let form = |level: u8, ordinal: &str| match level {
        1 => ordinal.ends_with('、'),
        2 => ordinal.starts_with('（') && ordinal.ends_with('）'),
        3 => ordinal.ends_with('.'),
        _ => ordinal.starts_with('（') && ordinal.ends_with('）'),
    };
    let wrong = levels
        .iter()
        .find(|(level, ordinal)| !ordinal.is_empty() && !form(*level, ordinal));
    ruler.holds(
        ("7.3.3", "结构层次序数", Force::Normally),
        format!("依次为{}", marks.join("")),
        (!levels.is_empty()).then(|| match wrong {
            None => (true, format!("{}个层次序数都合式样", levels.len())),
            Some((level, ordinal)) => (false, format!("第{level}层写作“{ordinal}”")),
        }),
        None,
    );
}

/// The faces of what stands out: each is another than that of the text.
fn faces(ruler: &mut Ruler) {
    let text: Vec<&InkLine> = ruler.lines(Part::MainText).filter(|l| body(l)).collect();
    // Headings alone on their lines, by how they begin.
    let headings: Vec<(u8, String)> = ruler
        .document
        .main_text
        .iter()
        .filter_map(|block| match block {
            Block::Heading {
                level,
                ordinal,
                words,
                run_in,
            } if run_in.is_empty() => {
                let begins = words.text().chars().take(4).collect::<String>();
                Some((*level, format!("{ordinal}{begins}")))
            }
            _ => None,
        })
        .collect();
    let level = |line: &InkLine| {
        let mut headings = headings.iter();
        let found = headings.find(|(_, begins)| line.text.starts_with(begins));
        found.map_or(0, |(level, _)| *level)
    };
    let plain = text.iter().filter(|line| level(line) == 0);
    let plain = most(plain.map(|line| line.family.as_str()));
    let of_level = |wanted: u8| {
        text.iter()
            .filter(|l| level(l) == wanted)
            .copied()
            .collect()
    };
    let labels = (1..=ruler.document.attachments.len()).map(Part::AttachmentLabel);
    let labels: Vec<&InkLine> = labels.flat_map(|part| ruler.lines(part)).collect();
    let all: [(&'static str, &'static str, &'static str, Vec<&InkLine>); 5] = [
        (
            "7.2.2",
            "密级和保密期限的字体",
            "3号黑体",
            ruler.lines(Part::Secrecy).collect(),
        ),
        (
            "7.2.3",
            "紧急程度的字体",
            "3号黑体",
            ruler.lines(Part::Urgency).collect(),
        ),
        ("7.3.3", "第一层标题的字体", "黑体", of_level(1)),
        ("7.3.3", "第二层标题的字体", "楷体", of_level(2)),
        ("7.3.7", "“附件”及顺序号的字体", "3号黑体", labels),
    ];
    let found = all.map(|(clause, what, expected, lines)| {
        let size = |line: &&&InkLine| !body(line);
        let wrong = lines.iter().find(|line| line.family == plain || size(line));
        let shown = wrong.or(lines.first()).map(|line| {
            let measured = format!("{}，{}磅", line.family, super::short(line.size));
            (wrong.is_none(), measured)
        });
        ((clause, what, Force::Normally), expected, shown)
    });
    for (clause, expected, shown) in found {
        if shown.is_some() {
            let expected = format!("{expected}（与正文不同的字体，16磅；内置字库以同类字体代替）");
            ruler.holds(clause, expected, shown, None);
        }
    }
}

fn attachment_list(ruler: &mut Ruler) {
    let list: Vec<&InkLine> = ruler.lines(Part::AttachmentList).collect();
    let above = list.first().and_then(|first| {
        let above = ruler.above(first.page, top(first) - 0.5)?;
        Some(Reading::down(first.page, first.left, above, top(first)))
    });
    ruler.length(
        ("7.3.4", "正文下空一行排附件说明", Force::Must),
        ONE_LINE,
        0.5,
        above,
    );
    let start = list
        .first()
        .map(|first| Reading::right(first.page, first.baseline, 0.0, first.cells[0]));
    ruler.length(
        ("7.3.4", "附件说明左空二字", Force::Must),
        indented(2.0),
        0.5,
        start,
    );
    let several = ruler.document.attachments.len() > 1;
    // A name may begin with a figure itself: 1.2026年第三季度问题清单.
    let name = |line: &str| {
        let label = line.strip_prefix("附件：").unwrap_or(line);
        let number = label.split_once('.').map_or("", |(number, _)| number);
        let is_number = several && number.bytes().all(|byte| byte.is_ascii_digit());
        let number = if is_number { number.len() + 1 } else { 0 };
        line.chars().count() - label.chars().count() + number
    };
    ruler.hanging(
        ("7.3.4", "附件名称回行与上一行名称的首字对齐", Force::Must),
        Part::AttachmentList,
        name,
    );
    let titles: Vec<String> = ruler
        .document
        .attachments
        .iter()
        .map(|attachment| attachment.title.text().replace('\n', ""))
        .collect();
    let marked = titles
        .iter()
        .find(|title| title.ends_with(['。', '；', '，', '、']));
    let mark = marked.and_then(|title| title.chars().next_back());
    let with_mark = |line: &&&InkLine| mark.is_some_and(|mark| line.text.ends_with(mark));
    let at = list.iter().find(with_mark).map(|line| Place::of(line));
    ruler.holds(
        ("7.3.4", "附件名称后不加标点", Force::Must),
        "不加标点",
        (!titles.is_empty()).then(|| match marked {
            None => (true, format!("{}个附件名称后都没有标点", titles.len())),
            Some(title) => (false, format!("“{title}”")),
        }),
        at,
    );
}
