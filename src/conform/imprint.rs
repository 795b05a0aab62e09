//! Clause 7.4: what stands between the rules at the foot of the last page.

use super::page::{BOTTOM, LEFT, RIGHT};
use super::{Force, Reading, Ruler, after_colon};
use crate::model::Format;
use crate::typeset::{InkLine, InkRule, Part};

/// The width of one 4号 character in millimetres.
const EM: f64 = 14.0 / 72.0 * 25.4;

pub fn measure(ruler: &mut Ruler) {
    // What is not bound with the circular comes after its last page.
    let attachments = ruler.document.attachments.iter().enumerate();
    let separate = attachments.filter(|(_, attachment)| attachment.separate);
    let starts = separate.filter_map(|(index, _)| {
        let label = ruler.lines(Part::AttachmentLabel(index + 1)).next()?;
        Some(label.page)
    });
    let behind = starts.min();
    let has_any = ruler
        .lines(Part::ImprintRecipients)
        .next()
        .or(ruler.lines(Part::CcRecipients).next())
        .or(ruler.lines(Part::Print).next());
    // Before a sheet of its own a blank page may have been left.
    let is_printed = |page: &usize| ruler.pages.ink().iter().any(|line| line.page == *page);
    let before = behind.map_or(ruler.pages.len(), |page| page - 1);
    let last = (1..=before).rev().find(is_printed).unwrap_or(before);
    let full = |rule: &&InkRule| {
        rule.page == last && rule.thickness() < 3.0 && rule.width() > 150.0 && rule.is_black()
    };
    let mut rules: Vec<&InkRule> = ruler.rules().filter(full).collect();
    rules.sort_by(|a, b| a.top.total_cmp(&b.top));
    // A table above is ruled too: the imprint's rules start above its first line.
    let first_line = has_any
        .filter(|line| line.page == last)
        .map_or(f64::INFINITY, |line| line.top);
    let from = rules.iter().rposition(|rule| rule.middle() < first_line);
    let rules = from.map_or(&[][..], |from| &rules[from..]);
    // That of a letter has none (10.1), so what stands above it are a table's.
    let is_ruled = has_any.is_some() && ruler.document.format != Format::Letter;
    let rules: &[&InkRule] = if is_ruled { rules } else { &[] };

    let widths = rules
        .iter()
        .map(|rule| Reading::right(last, rule.middle(), rule.left, rule.right));
    ruler.length(
        ("7.4.1", "版记分隔线与版心等宽", Force::Must),
        RIGHT - LEFT,
        0.5,
        widths.collect::<Vec<_>>(),
    );
    let foot = rules
        .last()
        .map(|rule| Reading::down(last, RIGHT, 0.0, rule.middle()));
    ruler.length(
        ("7.4.1", "末条分隔线与版心下边缘重合", Force::Must),
        BOTTOM,
        0.5,
        foot,
    );
    let thick = [rules.first(), rules.last()].into_iter().flatten();
    let thick = thick.map(|rule| Reading::down(last, LEFT, rule.top, rule.bottom));
    ruler.length(
        ("7.4.1", "首末分隔线的粗细", Force::Normally),
        0.35,
        0.05,
        thick.collect::<Vec<_>>(),
    );
    let inner = match rules {
        [_, inner @ .., _] => inner,
        _ => &[],
    };
    let thin = inner
        .iter()
        .map(|rule| Reading::down(last, LEFT, rule.top, rule.bottom));
    ruler.length(
        ("7.4.1", "中间分隔线的粗细", Force::Normally),
        0.25,
        0.05,
        thin.collect::<Vec<_>>(),
    );

    moved(ruler, rules);
    let cc = ruler.lines(Part::CcRecipients).next();
    ruler.hanging(
        ("7.4.2", "抄送机关回行与冒号后的首字对齐", Force::Normally),
        Part::CcRecipients,
        after_colon,
    );
    let start = cc.map(|line| Reading::right(line.page, line.baseline, LEFT, line.cells[0]));
    ruler.length(
        ("7.4.2", "抄送机关左空一字", Force::Normally),
        EM,
        0.5,
        start,
    );
    let end = ruler.document.cc_recipients.as_ref().map(|words| {
        (
            words.text().ends_with('。'),
            words.text().chars().last().into_iter().collect(),
        )
    });
    ruler.holds(
        ("7.4.2", "最后一个抄送机关后的标点", Force::Normally),
        "句号",
        end,
        None,
    );

    let start = ruler
        .lines(Part::Print)
        .next()
        .map(|line| Reading::right(line.page, line.baseline, LEFT, line.cells[0]));
    ruler.length(
        ("7.4.3", "印发机关左空一字", Force::Normally),
        EM,
        0.5,
        start,
    );
    let date = ruler
        .lines(Part::Print)
        .last()
        .filter(|_| ruler.document.print_date.is_some());
    let end = date.map(|line| Reading::right(line.page, line.baseline, line.end, RIGHT));
    ruler.length(("7.4.3", "印发日期右空一字", Force::Normally), EM, 0.6, end);
    let mut sizes = ruler
        .lines(Part::ImprintRecipients)
        .chain(ruler.lines(Part::CcRecipients))
        .chain(ruler.lines(Part::Print));
    let wrong = sizes.find(|line| (line.size - 14.0).abs() > 0.05);
    ruler.holds(
        ("7.4.2", "版记字号", Force::Normally),
        "4号（14磅）",
        has_any.map(|_| match wrong {
            None => (true, "14磅".to_owned()),
            Some(line) => (false, format!("{}磅", super::short(line.size))),
        }),
        None,
    );
    ruler.holds(
        ("7.4", "版记在最后一面", Force::Must),
        "最后一面",
        has_any.map(|line| (line.page == last, format!("第{}面，共{last}面", line.page))),
        None,
    );
    let own = ruler.document.profile.imprint_even.as_ref();
    let force = match own {
        Some(_) => Force::Normally,
        None => Force::Must,
    };
    ruler.holds(
        ("GB/T 33476.2—2016 7.3.1", "版记在偶数面", force),
        "偶数面",
        has_any
            .filter(|_| ruler.document.format != Format::Letter)
            .map(|line| (line.page % 2 == 0, format!("第{}面", line.page))),
        None,
    );
}

/// 主送机关 that page one had no room for.
fn moved(ruler: &mut Ruler, rules: &[&InkRule]) {
    let lines: Vec<&InkLine> = ruler.lines(Part::ImprintRecipients).collect();
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
        return;
    };
    let start = Reading::right(first.page, first.baseline, LEFT, first.cells[0]);
    ruler.length(
        ("7.4.2", "移至版记的主送机关左空一字", Force::Must),
        EM,
        0.5,
        [start],
    );
    ruler.hanging(
        (
            "7.4.2",
            "移至版记的主送机关回行与冒号后的首字对齐",
            Force::Must,
        ),
        Part::ImprintRecipients,
        after_colon,
    );
    let cc = ruler.lines(Part::CcRecipients).next();
    let found = cc.map(|cc| {
        let between =
            |rule: &&&InkRule| rule.middle() > last.baseline && rule.middle() < cc.baseline;
        let count = rules.iter().filter(between).count();
        (count == 0, format!("{count}条分隔线"))
    });
    ruler.holds(
        ("7.4.2", "主送机关与抄送机关之间不加分隔线", Force::Must),
        "没有分隔线",
        found,
        None,
    );
}
