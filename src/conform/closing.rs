//! Clauses 7.3.5 to 7.3.7: signature and date, note, attachments.

use super::header::{CENTRE, ONE_LINE, indented};
use super::page::{BOTTOM, CELL, LEFT, RIGHT, TOP};
use super::{Edges, Force, Reading, Ruler};
use crate::model::{Format, Seal};
use crate::typeset::{InkLine, Part};

pub fn measure(ruler: &mut Ruler) {
    signature(ruler);
    note(ruler);
    attachments(ruler);
}

fn signature(ruler: &mut Ruler) {
    // Minutes say it in their header.
    let in_header =
        ruler.document.format == Format::Minutes && ruler.document.issuer_mark.is_some();
    let here = |part| ruler.lines(part).filter(move |_| !in_header);
    let names: Vec<&InkLine> = here(Part::Signature).collect();
    let date = here(Part::DocDate).next();
    // Of several agencies with seals the last stands over the date.
    let name = match (ruler.document.joint_signatures.last(), date) {
        (Some(agency), Some(date)) if ruler.document.seal == Seal::Reserved => {
            Edges::of(over(date, &names, &agency.text().replace('\n', "")))
        }
        _ => Edges::of(names.iter().copied()),
    };
    let highest = names.iter().min_by(|a, b| a.top.total_cmp(&b.top));
    let gap = highest.and_then(|first| {
        let above = ruler.above(first.page, first.top - 0.5)?;
        Some(Reading::down(first.page, first.left, above, first.top))
    });
    let date_right = date.map(|date| Reading::right(date.page, date.baseline, date.right, RIGHT));
    match ruler.document.seal {
        Seal::Stamp => {
            ruler.length(
                ("7.3.5.3", "签名章下的成文日期右空四字", Force::Normally),
                4.0 * CELL,
                0.6,
                date_right,
            );
        }
        Seal::Reserved => {
            ruler.length(
                ("7.3.5.1", "加盖印章的成文日期右空四字", Force::Normally),
                4.0 * CELL,
                0.6,
                date_right,
            );
            let shift = name.zip(date).map(|(name, date)| {
                let centre = (date.left + date.right) / 2.0;
                Reading::right(date.page, name.bottom, centre, name.centre())
            });
            ruler.length(
                ("7.3.5.1", "署名以成文日期为准居中", Force::Must),
                0.0,
                0.5,
                shift.filter(|_| name.is_some_and(|name| name.right < RIGHT - 0.5)),
            );
            // A seal of 42 to 45 mm whose top lies within one line of the text.
            ruler.between(
                ("7.3.5.1", "为印章留出的空距（署名到上文）", Force::Must),
                "13～30毫米".to_owned(),
                13.0,
                30.0,
                gap,
            );
        }
        Seal::None => {
            ruler.length(
                ("7.3.5.2", "不加盖印章的，正文下空一行署名", Force::Must),
                ONE_LINE,
                0.5,
                gap,
            );
            let longer = name
                .zip(date)
                .is_some_and(|(name, date)| date.right - date.left > name.right - name.left);
            let name_right =
                name.map(|name| Reading::right(name.page, name.bottom, name.right, RIGHT));
            // Of several agencies and the date what reaches furthest to the right keeps the indent.
            let nearest = |a: &Reading, b: &Reading| a.value.total_cmp(&b.value);
            let right = match ruler.document.joint_signatures.as_slice() {
                [] if longer => date_right,
                [] => name_right,
                _ => date_right.into_iter().chain(name_right).min_by(nearest),
            };
            ruler.length(
                ("7.3.5.2", "署名（或较长的成文日期）右空二字", Force::Must),
                2.0 * CELL,
                0.6,
                right,
            );
            let shift = names
                .last()
                .zip(date)
                .map(|(name, date)| Reading::right(date.page, date.baseline, name.left, date.left));
            ruler.length(
                ("7.3.5.2", "成文日期首字比署名首字右移二字", Force::Must),
                2.0 * CELL,
                0.6,
                shift,
            );
        }
    }
    let accompanied = names.first().map(|first| {
        let text = ruler
            .lines(Part::MainText)
            .any(|line| line.page == first.page);
        (text, if text { "有正文" } else { "没有正文" }.to_owned())
    });
    ruler.holds(
        ("7.3.5.5", "署名所在的页面有正文", Force::Normally),
        "有正文",
        accompanied,
        None,
    );
    let date = date.filter(|_| !ruler.document.edition.draft);
    let form = date.map(|_| {
        let text = ruler.document.doc_date.text();
        (
            !text.contains("年0")
                && !text.contains("月0")
                && text.chars().next().is_some_and(|c| c.is_ascii_digit()),
            text,
        )
    });
    ruler.holds(
        ("7.3.5.4", "成文日期的写法", Force::Must),
        "阿拉伯数字，年份标全称，月、日不编虚位",
        form,
        None,
    );
}

/// The lines of a name that stand over the date: from the lowest one up as long as the name has them.
fn over<'a>(date: &InkLine, lines: &[&'a InkLine], name: &str) -> Vec<&'a InkLine> {
    let centre = (date.left + date.right) / 2.0;
    let stands = |line: &&&InkLine| line.left < centre && line.right > centre;
    let mut lines: Vec<&InkLine> = lines.iter().filter(stands).copied().collect();
    lines.sort_by(|a, b| b.baseline.total_cmp(&a.baseline));
    let mut rest = name;
    let is_end = |line: &&InkLine| match rest.strip_suffix(line.text.as_str()) {
        Some(before) if !rest.is_empty() => {
            rest = before;
            true
        }
        _ => false,
    };
    lines.into_iter().take_while(is_end).collect()
}

fn note(ruler: &mut Ruler) {
    let first = ruler.lines(Part::Note).next();
    let start = first.map(|line| Reading::right(line.page, line.baseline, 0.0, line.cells[0]));
    ruler.length(
        ("7.3.6", "附注左空二字", Force::Must),
        indented(2.0),
        0.5,
        start,
    );
    let brackets = ruler.document.note.as_ref().map(|words| {
        let text = words.text();
        (text.starts_with('（') && text.ends_with('）'), text)
    });
    ruler.holds(
        ("7.3.6", "附注加圆括号", Force::Must),
        "（……）",
        brackets,
        None,
    );
}

fn attachments(ruler: &mut Ruler) {
    let count = ruler.document.attachments.len();
    let pages = ruler.pages;
    let labels = move |index: usize| {
        let label = Part::AttachmentLabel(index + 1);
        pages.ink().iter().find(|line| line.part == label)
    };
    let all: Vec<&InkLine> = (0..count).filter_map(labels).collect();
    let turned = all.clone().into_iter().filter(|line| line.turned);
    let heads = turned.map(|line| {
        let start = Reading::right(line.page, line.bottom, 0.0, line.left);
        (line.cells[0], start)
    });
    let heads: Vec<(f64, Reading)> = heads.collect();
    if !heads.is_empty() {
        // On odd and even pages alike the head lies at the left edge of the sheet.
        let edges = heads.iter().map(|(_, head)| *head);
        ruler.length(
            ("8", "横排的附件，其首朝左（首行上缘距左边）", Force::Must),
            LEFT,
            0.6,
            edges.collect::<Vec<_>>(),
        );
        let starts = heads
            .iter()
            .map(|(start, head)| Reading::down(head.place.page, LEFT, 0.0, *start));
        ruler.length(
            ("8", "横排的附件，行首在版心下缘", Force::Must),
            BOTTOM,
            0.6,
            starts.collect::<Vec<_>>(),
        );
    }
    let all: Vec<&InkLine> = all.into_iter().filter(|line| !line.turned).collect();
    let lefts = all
        .iter()
        .map(|line| Reading::right(line.page, line.baseline, 0.0, line.cells[0]));
    let lefts: Vec<Reading> = lefts.collect();
    let tops: Vec<Reading> = all
        .iter()
        .map(|line| Reading::down(line.page, line.left, 0.0, line.top))
        .collect();
    ruler.length(
        ("7.3.7", "“附件”二字及顺序号顶格", Force::Must),
        LEFT,
        0.5,
        lefts,
    );
    ruler.length(
        ("7.3.7", "“附件”在版心左上角第一行", Force::Must),
        TOP,
        0.5,
        tops,
    );
    let alone = (0..count).filter_map(|index| {
        let label = labels(index)?;
        let number = index + 1;
        let own = |line: &&InkLine| {
            ![
                Part::AttachmentLabel(number),
                Part::AttachmentHeader(number),
                Part::AttachmentTitle(number),
                Part::AttachmentText(number),
                Part::PageNumber,
                Part::Continued,
                Part::Draft,
            ]
            .contains(&line.part)
        };
        let mut before = pages
            .ink()
            .iter()
            .filter(|line| line.page == label.page && line.turned == label.turned)
            .filter(|line| line.baseline < label.baseline);
        Some((before.find(own).is_none(), label.page))
    });
    let alone: Vec<(bool, usize)> = alone.collect();
    ruler.holds(
        ("7.3.7", "附件另面编排", Force::Must),
        "各自从新的一面开始",
        (!alone.is_empty()).then(|| {
            let pages: Vec<String> = alone.iter().map(|(_, page)| page.to_string()).collect();
            (
                alone.iter().all(|(alone, _)| *alone),
                format!("从第{}页开始", pages.join("、")),
            )
        }),
        None,
    );
    let bare = |index: &usize| ruler.document.attachments[*index].issuer_mark.is_none();
    let titles: Vec<&InkLine> = (0..count)
        .filter(bare)
        .filter_map(|index| ruler.lines(Part::AttachmentTitle(index + 1)).next())
        .filter(|line| !line.turned)
        .collect();
    let tops: Vec<Reading> = titles
        .iter()
        .map(|line| Reading::down(line.page, CENTRE, TOP, line.top))
        .collect();
    ruler.length(
        ("7.3.7", "附件标题在第三行", Force::Must),
        2.0 * ONE_LINE,
        0.5,
        tops,
    );
    let centres: Vec<Reading> = titles
        .iter()
        .filter_map(|line| Edges::of([*line]))
        .map(|edges| Reading::middle(&edges, edges.bottom))
        .collect();
    ruler.length(
        ("7.3.7", "附件标题居中（中心距页左）", Force::Must),
        CENTRE,
        0.5,
        centres,
    );
    let profile = &ruler.document.profile;
    let face = profile.attachment_title_face.as_ref();
    let face = face.map_or("小标宋", |face| face.value.name());
    let (size, points) = match profile.attachment_title_size.as_ref() {
        Some(size) => (size.value.name(), size.value.points()),
        None => ("二号", 22.0),
    };
    let set = titles.first().map(|line| {
        let measured = format!("{}，{}磅", line.family, super::short(line.size));
        ((line.size - points).abs() < 0.05, measured)
    });
    ruler.holds(
        ("7.3.7", "附件标题字体字号（标准没有规定）", Force::Practice),
        format!("{size}{face}（{points}磅；内置字库以同类字体代替）"),
        set,
        None,
    );
    let text = |part| -> String { ruler.lines(part).map(|line| line.text.as_str()).collect() };
    let listed = text(Part::AttachmentList);
    let titles = (0..count).map(|index| text(Part::AttachmentTitle(index + 1)));
    let differs = titles.into_iter().find(|title| !listed.contains(title));
    ruler.holds(
        ("7.3.7", "附件标题与附件说明一致", Force::Must),
        "一致",
        (count > 0).then(|| match differs {
            None => (true, format!("{count}个附件都一致")),
            Some(title) => (false, format!("“{title}”与附件说明不同")),
        }),
        None,
    );
}
