//! The page measured: ink against the clauses of GB/T 9704—2012. Millimetres from the page's top
//! left; the tolerance is 0.3 mm where nothing else is said.

mod attachments;
mod drawings;
mod formats;
mod samples;
mod seals;
mod tables;

use samples::{circular, filler, heading, paragraph, real, table, words};

use super::*;
use crate::diag::{Diagnostic, Severity};
use crate::document::{Attachment, Cell, Document, TableBlock, Words};
use crate::model::Seal;

const LEFT: f64 = 28.0;
const RIGHT: f64 = 184.0;
const TOP: f64 = 37.0;
const BOTTOM: f64 = 262.0;
const CELL: f64 = 156.0 / 28.0;
const PITCH: f64 = 10.39;

fn set(document: &Document) -> Pages {
    let mut diagnostics = Diagnostics::default();
    let frames = typeset(document, &Fonts::embedded(), &mut diagnostics);
    let frames = frames.unwrap_or_else(|| panic!("{diagnostics:?}"));
    frames.measured(&Fonts::embedded())
}

fn set_with_notes(document: &Document) -> (Option<Pages>, Vec<Diagnostic>) {
    let mut diagnostics = Diagnostics::default();
    let frames = typeset(document, &Fonts::embedded(), &mut diagnostics);
    let pages = frames.map(|frames| frames.measured(&Fonts::embedded()));
    (pages, diagnostics.sorted())
}

fn of(pages: &Pages, part: Part) -> Vec<&InkLine> {
    pages
        .ink()
        .iter()
        .filter(|line| line.part == part)
        .collect()
}

fn one(pages: &Pages, part: Part) -> &InkLine {
    let lines = of(pages, part);
    lines.first().unwrap_or_else(|| panic!("no line of {part}"))
}

fn text_on(pages: &Pages, page: usize) -> Vec<&InkLine> {
    of(pages, Part::MainText)
        .into_iter()
        .filter(|line| line.page == page)
        .collect()
}

#[track_caller]
fn near(found: f64, wanted: f64, tolerance: f64) {
    assert!(
        (found - wanted).abs() <= tolerance,
        "found {found:.3}, wanted {wanted:.3}"
    );
}

fn centre(line: &InkLine) -> f64 {
    (line.left + line.right) / 2.0
}

fn red_rule(pages: &Pages) -> &InkRule {
    pages
        .rules()
        .iter()
        .find(|rule| rule.fill == "#e60012")
        .expect("a red rule")
}

/// Rules of 版记: as wide as the type area, on the last page, black.
fn imprint_rules(pages: &Pages) -> Vec<&InkRule> {
    let last = pages.len();
    pages
        .rules()
        .iter()
        .filter(|rule| rule.page == last && rule.fill == "#000000" && rule.width() > 155.0)
        .collect()
}

fn numbered(pages: &Pages) -> Vec<usize> {
    of(pages, Part::PageNumber)
        .iter()
        .map(|line| line.page)
        .collect()
}

// 5: the type area.

#[test]
fn a_full_page_has_twenty_two_lines_of_twenty_eight_cells() {
    let pages = set(&circular(filler(12, 300)));
    for page in 2..=4 {
        let lines = text_on(&pages, page);
        assert_eq!(lines.len(), 22);
        near(lines[0].top, TOP, 0.3);
        assert!(lines[21].bottom > 259.5 && lines[21].bottom < BOTTOM);
        for pair in lines.windows(2) {
            near(pair[1].baseline - pair[0].baseline, PITCH, 0.01);
        }
        for line in lines.iter().filter(|line| line.text.chars().count() == 28) {
            assert!(line.left >= LEFT && line.left < LEFT + 0.6, "{line}");
            assert!(line.right <= RIGHT && line.right > RIGHT - 0.6, "{line}");
            for pair in line.cells.windows(2) {
                near(pair[1] - pair[0], CELL, 0.01);
            }
        }
        assert!(
            lines
                .iter()
                .filter(|line| line.text.chars().count() == 28)
                .count()
                > 15
        );
    }
}

#[test]
fn nothing_but_page_numbers_leaves_the_type_area() {
    let pages = set(&real());
    for line in pages
        .ink()
        .iter()
        .filter(|line| line.part != Part::PageNumber)
    {
        assert!(
            line.left >= LEFT - 0.1 && line.right <= RIGHT + 0.1,
            "{line}"
        );
        assert!(line.top >= TOP - 0.5 && line.bottom <= BOTTOM, "{line}");
    }
}

#[test]
fn lines_end_at_one_straight_edge_and_are_never_loose() {
    let pages = set(&real());
    let lines = of(&pages, Part::MainText);
    let body: Vec<_> = lines.iter().filter(|line| line.size == 16.0).collect();
    for pair in body
        .windows(2)
        .filter(|pair| pair[0].block == pair[1].block)
    {
        let line = pair[0];
        let last = line.text.chars().last().unwrap();
        let edge = if "，。、；：）》〕”".contains(last) {
            4.5
        } else {
            1.0
        };
        assert!(line.right > RIGHT - edge, "{line}");
        let chinese: Vec<_> = line
            .text
            .chars()
            .zip(line.cells.windows(2))
            .filter(|(c, _)| matches!(c, '一'..='龥'))
            .collect();
        for (_, cells) in chinese {
            assert!(cells[1] - cells[0] < CELL * 1.09, "{line}");
        }
    }
}

#[test]
fn no_line_starts_or_ends_with_a_forbidden_mark() {
    for line in set(&real())
        .ink()
        .iter()
        .filter(|line| line.text.chars().count() > 1)
    {
        let first = line.text.chars().next().unwrap();
        let last = line.text.chars().last().unwrap();
        assert!(
            !"，。、；：？！”’）〕】》〉%…—".contains(first) || line.part == Part::PageNumber,
            "{line}"
        );
        assert!(!"“‘（〔【《〈".contains(last), "{line}");
    }
}

// 7.2: 版头.

#[test]
fn the_mark_starts_35_mm_below_the_type_area_and_is_centred_in_red() {
    for text in [
        "奈曼旗文件",
        "通辽市人民政府文件",
        "三明市人民政府办公室文件",
        "伊金霍洛旗政务公开领导小组办公室文件",
        "内蒙古自治区鄂尔多斯市伊金霍洛旗人民政府办公室文件",
    ] {
        let mut document = circular(filler(1, 200));
        document.issuer_mark = Some(words(text));
        let pages = set(&document);
        let mark = one(&pages, Part::IssuerMark);
        near(mark.top, 72.0, 0.05);
        near(centre(mark), 106.0, 0.1);
        assert!(mark.right - mark.left <= 151.0, "{mark}");
        assert!(
            mark.bottom - mark.top <= 22.0 && mark.bottom - mark.top >= 9.0,
            "{mark}"
        );
        assert_eq!(mark.fill, "#e60012");
        assert_eq!(mark.family, "Noto Serif SC");
        let glyph = mark.cells[1] - mark.cells[0];
        assert!(glyph <= 20.0, "{glyph}");
    }
}

#[test]
fn a_mark_of_nine_to_twelve_characters_is_15_to_20_mm_tall() {
    for count in 9..=12 {
        let mut document = circular(filler(1, 200));
        document.issuer_mark = Some(words(
            &"通辽市人民政府办公室委文件"
                .chars()
                .take(count)
                .collect::<String>(),
        ));
        let pages = set(&document);
        let mark = one(&pages, Part::IssuerMark);
        assert!((15.0..=20.1).contains(&(mark.bottom - mark.top)), "{mark}");
    }
}

#[test]
fn the_corner_does_not_push_the_mark() {
    let mut document = circular(filler(1, 200));
    document.copy_number = Some(words("000012"));
    document.secrecy = Some(words("机密★1年"));
    document.urgency = Some(words("特急"));
    let pages = set(&document);
    let base = one(&pages, Part::CopyNumber).baseline;
    near(base - TOP, 0.82 * 16.0 * 25.4 / 72.0, 0.05);
    near(one(&pages, Part::Secrecy).baseline - base, PITCH, 0.05);
    near(
        one(&pages, Part::Urgency).baseline - base,
        2.0 * PITCH,
        0.05,
    );
    near(one(&pages, Part::IssuerMark).top, 72.0, 0.05);
    assert_eq!(one(&pages, Part::Secrecy).family, "Noto Sans SC");
    document.copy_number = None;
    near(
        one(&set(&document), Part::Secrecy).baseline - base,
        PITCH,
        0.05,
    );
    document.secrecy = None;
    near(one(&set(&document), Part::Urgency).baseline, base, 0.05);
}

#[test]
fn number_rule_title_recipients_and_text_keep_their_distances() {
    let pages = set(&circular(filler(1, 200)));
    let mark = one(&pages, Part::IssuerMark);
    let number = one(&pages, Part::DocNumber);
    near(number.top - mark.bottom, 20.78, 0.05);
    near(centre(number), 106.0, 0.3);
    let rule = red_rule(&pages);
    near(rule.top - number.bottom, 4.0, 0.05);
    near(rule.thickness(), 0.5, 0.01);
    near(rule.left, LEFT, 0.01);
    near(rule.right, RIGHT, 0.01);
    let title = of(&pages, Part::Title);
    near(title[0].top - rule.bottom, 20.78, 0.05);
    for pair in title.windows(2) {
        near(pair[1].baseline - pair[0].baseline, 12.51, 0.01);
    }
    for line in &title {
        near(centre(line), 106.0, 0.1);
        near(line.size, 22.0, 0.01);
        assert_eq!(line.fill, "#000000");
    }
    let recipients = of(&pages, Part::Recipients);
    near(recipients[0].top - title.last().unwrap().bottom, 10.39, 0.3);
    for line in &recipients {
        near(line.left, LEFT, 0.6);
    }
    assert!(recipients.last().unwrap().text.ends_with('：'));
    let text = text_on(&pages, 1);
    near(
        text[0].baseline - recipients.last().unwrap().baseline,
        PITCH,
        0.01,
    );
}

#[test]
fn without_a_mark_the_title_starts_on_line_three() {
    let mut document = circular(filler(1, 200));
    document.issuer_mark = None;
    document.doc_number = None;
    let pages = set(&document);
    near(one(&pages, Part::Title).top, TOP + 2.0 * PITCH, 0.05);
    assert!(pages.rules().iter().all(|rule| rule.fill != "#e60012"));
}

// 7.3.3: text.

#[test]
fn every_paragraph_and_heading_is_indented_by_two_cells() {
    let pages = set(&circular(vec![
        paragraph("（试行）办法自发布之日起施行。"),
        paragraph("“奈曼交通”账号存在问题。"),
        heading(1, "一、", "总体情况", ""),
        heading(2, "（一）", "存在问题", ""),
        heading(3, "1.", "更新", ""),
        heading(4, "（1）", "用词", ""),
        paragraph("普通段落。"),
    ]));
    let lines = of(&pages, Part::MainText);
    assert_eq!(lines.len(), 7);
    for line in &lines {
        near(line.cells[0], LEFT + 2.0 * CELL, 0.05);
    }
    let families: Vec<&str> = lines.iter().map(|line| line.family.as_str()).collect();
    let (song, fang, hei, kai) = (
        "Noto Serif SC",
        "Zhuque Fangsong (technical preview)",
        "Noto Sans SC",
        "LXGW WenKai GB Lite",
    );
    assert_eq!(families, [fang, fang, hei, kai, fang, fang, fang]);
    assert_ne!(song, fang);
}

#[test]
fn a_heading_runs_on_into_its_paragraph() {
    let pages = set(&circular(vec![heading(
        2,
        "（一）",
        "审核不严。",
        "个别账号存在问题。",
    )]));
    let lines = of(&pages, Part::MainText);
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].text, "（一）审核不严。个别账号存在问题。");
    assert_eq!(lines[0].runs.len(), 3);
}

#[test]
fn a_heading_never_stands_alone_at_the_foot_of_a_page() {
    for lead in 3..7 {
        let mut text = filler(1, 26 + 28 * lead);
        text.push(heading(1, "一、", "总体情况", ""));
        text.extend(filler(1, 200));
        let pages = set(&circular(text));
        let lines = of(&pages, Part::MainText);
        let at = lines
            .iter()
            .position(|line| line.text.starts_with("一、"))
            .unwrap();
        assert_eq!(lines[at].page, lines[at + 1].page);
    }
}

#[test]
fn text_comes_out_as_typed_whatever_it_holds() {
    let hostile =
        "#let x = $1$ *粗* _斜_ @ref <label> `code` \\ // /* */ [a](b) ~ -- \"q\" 'q' = - + {x}";
    let mut document = circular(vec![
        paragraph(hostile),
        heading(1, "一、", "#pagebreak()", ""),
    ]);
    document.title = words("关于#set *标题* $x$ <a> @b 的通知");
    document.attachments = vec![Attachment {
        title: words("`#附件`_名称_"),
        blocks: vec![Block::Table(TableBlock {
            groups: Vec::new(),
            head: vec![words("#列"), words("*列*")],
            rows: vec![vec![
                Cell {
                    words: words("$x$ <y>"),
                    rows: 1,
                },
                Cell {
                    words: words("@a \\ `b`"),
                    rows: 1,
                },
            ]],
            origin: crate::diag::Origin::Program,
        })],
        ..Attachment::default()
    }];
    let pages = set(&document);
    let block = |block: usize| -> String {
        of(&pages, Part::MainText)
            .iter()
            .filter(|line| line.block == block)
            .map(|line| line.text.as_str())
            .collect()
    };
    assert_eq!(block(0), hostile);
    assert_eq!(block(1), "一、#pagebreak()");
    let title: String = of(&pages, Part::Title)
        .iter()
        .map(|line| line.text.as_str())
        .collect();
    assert_eq!(title, document.title.text());
    let cells: Vec<&str> = of(&pages, Part::AttachmentText(1))
        .iter()
        .map(|line| line.text.as_str())
        .collect();
    assert_eq!(cells, ["#列", "*列*", "$x$ <y>", "@a \\ `b`"]);
}

#[test]
fn every_word_is_led_back_to_its_place() {
    let pages = set(&real());
    for line in pages.ink() {
        if matches!(line.part, Part::PageNumber) {
            continue;
        }
        let shown: String = line.runs.iter().map(|run| run.text.as_str()).collect();
        assert!(
            shown.contains(line.text.trim_end()),
            "{line} comes from {shown}"
        );
    }
    let all: String = of(&pages, Part::MainText)
        .iter()
        .map(|line| line.text.as_str())
        .collect();
    assert!(all.contains("本次检查政府网站1个、政务新媒体64个，检查比例100%"));
}

// 7.3.4: 附件说明.

fn attachments(titles: &[&str]) -> Vec<Attachment> {
    titles
        .iter()
        .map(|title| Attachment {
            title: words(title),
            blocks: vec![paragraph("内容。")],
            ..Attachment::default()
        })
        .collect()
}

#[test]
fn the_list_of_attachments_hangs_under_the_first_character_of_each_name() {
    let mut document = circular(filler(1, 100));
    document.attachments = attachments(&[
        "存在问题的政务新媒体名单",
        "关于印发政府网站与政务新媒体检查指标和监管工作年度考核指标的通知",
    ]);
    let pages = set(&document);
    let text = of(&pages, Part::MainText);
    let list = of(&pages, Part::AttachmentList);
    assert_eq!(list.len(), 3);
    assert_eq!(list[0].text, "附件：1.存在问题的政务新媒体名单");
    near(list[0].top - text.last().unwrap().bottom, 10.39, 0.3);
    near(list[0].cells[0], LEFT + 2.0 * CELL, 0.05);
    let first_name = list[0].cells[5];
    near(list[1].cells[0], LEFT + 5.0 * CELL, 0.05);
    near(list[1].cells[2], first_name, 0.05);
    near(list[2].cells[0], first_name, 0.05);
}

#[test]
fn no_character_of_an_attachments_name_stands_alone_on_a_line() {
    let mut document = circular(filler(1, 100));
    document.attachments = attachments(&["奈曼旗政府系统政务新媒体各帐号责任主体及帐号名称"]);
    let pages = set(&document);
    let list = of(&pages, Part::AttachmentList);
    assert_eq!(list[1].text, "名称");
}

#[test]
fn a_single_attachment_has_no_number() {
    let mut document = circular(filler(1, 100));
    document.attachments = attachments(&["存在问题的政务新媒体名单"]);
    let pages = set(&document);
    assert_eq!(
        one(&pages, Part::AttachmentList).text,
        "附件：存在问题的政务新媒体名单"
    );
    assert_eq!(one(&pages, Part::AttachmentLabel(1)).text, "附件");
}

#[test]
fn nine_attachments_each_start_a_page_with_their_label_and_title() {
    let titles: Vec<String> = (1..=9).map(|number| format!("第{number}份名单")).collect();
    let mut document = circular(filler(1, 100));
    document.attachments = attachments(&titles.iter().map(String::as_str).collect::<Vec<_>>());
    let pages = set(&document);
    let before = one(&pages, Part::DocDate).page;
    for number in 1..=9 {
        let label = one(&pages, Part::AttachmentLabel(number));
        assert_eq!(label.text, format!("附件{number}"));
        assert_eq!(label.page, before + number);
        assert_eq!(label.family, "Noto Sans SC");
        near(label.top, TOP, 0.3);
        near(label.left, LEFT, 0.6);
        let title = one(&pages, Part::AttachmentTitle(number));
        // The top of line 3.
        near(title.top, TOP + 2.0 * PITCH, 0.05);
        near(centre(title), 106.0, 0.1);
        let text = one(&pages, Part::AttachmentText(number));
        near(text.top - title.bottom, 10.39, 0.5);
    }
    assert_eq!(numbered(&pages), (1..=pages.len()).collect::<Vec<_>>());
}

// 7.3.5: signature.

#[test]
fn under_a_seal_the_name_is_centred_on_the_date() {
    let pages = set(&circular(filler(1, 100)));
    let text = of(&pages, Part::MainText);
    let name = one(&pages, Part::Signature);
    let date = one(&pages, Part::DocDate);
    near(date.right, RIGHT - 4.0 * CELL, 0.05);
    near(centre(name), centre(date), 0.05);
    near(date.baseline - name.baseline, PITCH, 0.01);
    near(name.top - text.last().unwrap().bottom, 20.78, 0.3);
}

#[test]
fn a_name_too_long_for_its_date_takes_two_lines_inside_the_type_area() {
    let mut document = circular(filler(1, 100));
    document.signature = words("内蒙古自治区鄂尔多斯市伊金霍洛旗政务公开领导小组办公室");
    let pages = set(&document);
    let name = of(&pages, Part::Signature);
    assert_eq!(name.len(), 2);
    for line in &name {
        assert!(line.right <= RIGHT + 0.01, "{line}");
        near(centre(line), centre(name[0]), 0.1);
    }
    near(
        one(&pages, Part::DocDate).baseline - name[1].baseline,
        PITCH,
        0.01,
    );
}

#[test]
fn without_a_seal_the_date_starts_two_cells_after_the_name() {
    let mut document = circular(filler(1, 100));
    document.seal = Seal::None;
    let pages = set(&document);
    let text = of(&pages, Part::MainText);
    let (name, date) = (one(&pages, Part::Signature), one(&pages, Part::DocDate));
    near(name.right, RIGHT - 2.0 * CELL, 0.05);
    near(date.left - name.left, 2.0 * CELL, 0.05);
    near(name.top - text.last().unwrap().bottom, 10.39, 0.3);
}

#[test]
fn without_a_seal_a_date_longer_than_the_name_takes_the_indent() {
    let mut document = circular(filler(1, 100));
    document.seal = Seal::None;
    document.signature = words("旗政府");
    let pages = set(&document);
    let (name, date) = (one(&pages, Part::Signature), one(&pages, Part::DocDate));
    near(date.right, RIGHT - 2.0 * CELL, 0.05);
    near(date.left - name.left, 2.0 * CELL, 0.05);
}

#[test]
fn the_note_stands_on_the_line_after_the_date() {
    let mut document = circular(filler(1, 100));
    document.note = Some(words("（此件公开发布）"));
    let pages = set(&document);
    let (date, note) = (one(&pages, Part::DocDate), one(&pages, Part::Note));
    near(note.baseline - date.baseline, PITCH, 0.01);
    near(note.cells[0], LEFT + 2.0 * CELL, 0.05);
}

#[test]
fn the_signature_never_stands_without_text() {
    let mut tightened = 0;
    for seal in [Seal::Reserved, Seal::None] {
        for lines in 1..30 {
            let mut document = circular(filler(1, 26 + 28 * lines));
            document.seal = seal;
            let (pages, notes) = set_with_notes(&document);
            let pages = pages.unwrap();
            let name = one(&pages, Part::Signature);
            assert!(
                !text_on(&pages, name.page).is_empty(),
                "{lines} lines, {seal:?}"
            );
            assert_eq!(one(&pages, Part::DocDate).page, name.page);
            let gap = name.top - text_on(&pages, name.page).last().unwrap().bottom;
            assert!((10.0..=30.0).contains(&gap), "{gap}");
            tightened += notes
                .iter()
                .filter(|n| n.code == "page/signature/tightened")
                .count();
            // Only the page before the signature's may give lines to it.
            for page in 2..name.page {
                let least = if page + 1 == name.page { 17 } else { 22 };
                let count = text_on(&pages, page).len();
                assert!(
                    (least..=22).contains(&count),
                    "{count} lines on page {page}"
                );
            }
        }
    }
    assert!(tightened > 3, "{tightened}");
}

/// Who follows the advice has no blank page, and who cuts a line less has it still.
#[test]
fn the_advice_before_a_blank_page_is_exact() {
    let set_lines = |lines: usize| {
        let mut document = circular(filler(1, 26 + 28 * (lines - 1)));
        document.seal = Seal::None;
        let (pages, notes) = set_with_notes(&document);
        let hint = notes
            .into_iter()
            .find(|note| note.code == "page/imprint/blank-before")
            .and_then(|note| note.hint);
        (pages.unwrap().len(), hint)
    };
    let mut advised = 0;
    for lines in 8..110 {
        let (pages, Some(hint)) = set_lines(lines) else {
            continue;
        };
        let (_, rest) = hint.split_once("减少约").unwrap();
        let (less, _) = rest.split_once('行').unwrap();
        let less: usize = less.parse().unwrap();
        assert_eq!(
            set_lines(lines - less).0,
            pages - 2,
            "{lines} lines: {hint}"
        );
        assert_eq!(
            set_lines(lines - less + 1).0,
            pages,
            "{lines} lines: {hint}"
        );
        advised += 1;
    }
    assert!(advised > 5, "{advised}");
}

#[test]
fn page_one_without_text_is_a_fault() {
    let mut document = circular(filler(1, 100));
    // More than the imprint takes.
    document.recipients = Some(words(&format!("{}：", "各苏木乡镇人民政府，".repeat(60))));
    let (pages, faults) = set_with_notes(&document);
    assert!(pages.is_none());
    assert_eq!(faults[0].code, "page/first-page/no-text");
    // Who follows the advice gets pages.
    let hint = faults[0].hint.as_ref().unwrap();
    let (_, rest) = hint.split_once("减少约").unwrap();
    let (lines, _) = rest.split_once('行').unwrap();
    let less = lines.parse::<usize>().unwrap() * 28;
    document.recipients = Some(words(&format!("{}：", "各".repeat(600 - less))));
    let (pages, _) = set_with_notes(&document);
    assert!(of(&pages.unwrap(), Part::ImprintRecipients).is_empty());
}

/// Where copies take the imprint's room, they are named as well.
#[test]
fn copies_that_keep_recipients_on_page_one_are_named_in_the_advice() {
    let hint = |recipients: usize, copies: usize| {
        let mut document = circular(filler(1, 100));
        document.recipients = Some(words(&format!(
            "{}：",
            "各苏木乡镇人民政府，".repeat(recipients)
        )));
        document.cc_recipients = Some(words(&"旗委办公室，".repeat(copies)));
        let (pages, faults) = set_with_notes(&document);
        let hint = faults.first().and_then(|fault| fault.hint.clone());
        (pages.is_some(), hint.unwrap_or_default())
    };
    assert!(hint(30, 5).0);
    let (set, both) = hint(30, 60);
    assert!(!set && both.contains("减少抄送机关"), "{both}");
    let (set, recipients) = hint(60, 5);
    assert!(!set && !recipients.contains("减少抄送机关"), "{recipients}");
}

#[test]
fn recipients_that_page_one_has_no_room_for_stand_in_the_imprint() {
    let mut document = circular(filler(1, 100));
    let many = "各苏木乡镇人民政府，".repeat(30);
    document.recipients = Some(words(&format!("{many}旗直各部门：")));
    let (pages, notes) = set_with_notes(&document);
    let pages = pages.unwrap();
    assert_eq!(notes[0].code, "page/first-page/tightened");
    assert!(notes[0].message.contains("版记"));
    assert!(of(&pages, Part::Recipients).is_empty());
    assert!(of(&pages, Part::MainText).iter().any(|line| line.page == 1));
    let lines = of(&pages, Part::ImprintRecipients);
    let text: String = lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(text, format!("主送：{many}旗直各部门。"));
    let em = 14.0 * 25.4 / 72.0;
    near(lines[0].cells[0], LEFT + em, 0.05);
    near(lines[1].cells[0], lines[0].cells[3], 0.05);
    assert!(lines.iter().all(|line| line.size == 14.0));
    // No rule parts them from 抄送, one does from 印发.
    let (cc, print) = (of(&pages, Part::CcRecipients), of(&pages, Part::Print));
    let rules = imprint_rules(&pages);
    assert_eq!(rules.len(), 3);
    assert!(rules[0].bottom < lines[0].top && lines[0].top < cc[0].top);
    assert!(cc.last().unwrap().bottom < rules[1].top && rules[1].bottom < print[0].top);
    near(rules[2].middle(), BOTTOM, 0.02);
    // As long as page one has room they stay where they were.
    document.recipients = Some(words(&format!("{}：", "各苏木乡镇人民政府，".repeat(4))));
    let (pages, _) = set_with_notes(&document);
    assert!(of(&pages.unwrap(), Part::ImprintRecipients).is_empty());
}

// 7.4 and 7.5: 版记 and page numbers.

#[test]
fn the_imprint_ends_the_last_even_page() {
    let pages = set(&circular(filler(1, 100)));
    assert_eq!(pages.len(), 2);
    let rules = imprint_rules(&pages);
    assert_eq!(rules.len(), 3);
    for rule in &rules {
        near(rule.left, LEFT, 0.01);
        near(rule.right, RIGHT, 0.01);
    }
    near(rules[2].middle(), BOTTOM, 0.02);
    near(rules[0].thickness(), 0.35, 0.005);
    near(rules[1].thickness(), 0.25, 0.005);
    near(rules[2].thickness(), 0.35, 0.005);
    let cc = of(&pages, Part::CcRecipients);
    let em = 14.0 * 25.4 / 72.0;
    near(cc[0].cells[0], LEFT + em, 0.05);
    near(cc[1].cells[0], cc[0].cells[3], 0.05);
    assert!(
        cc.iter()
            .all(|line| line.right <= RIGHT - em + 0.1 && line.size == 14.0)
    );
    assert!(cc.last().unwrap().text.ends_with('。'));
    let print = of(&pages, Part::Print);
    near(print[0].cells[0], LEFT + em, 0.05);
    near(print[1].right, RIGHT - em, 0.5);
    near(print[0].baseline, print[1].baseline, 0.001);
    assert!(print[1].text.ends_with("日印发"));
    // Above the inner rule 抄送, below it 印发.
    assert!(
        cc.iter()
            .all(|line| line.bottom < rules[1].top && line.top > rules[0].bottom)
    );
    assert!(
        print
            .iter()
            .all(|line| line.top > rules[1].bottom && line.bottom < rules[2].top)
    );
}

#[test]
fn text_that_ends_on_an_even_page_shares_it_with_the_imprint() {
    let pages = set(&circular(filler(2, 200)));
    assert_eq!(one(&pages, Part::Signature).page, 2);
    assert_eq!(pages.len(), 2);
    assert_eq!(numbered(&pages), [1, 2]);
    assert_eq!(one(&pages, Part::Print).page, 2);
}

#[test]
fn text_that_fills_an_even_page_leaves_a_blank_one_and_neither_is_numbered() {
    let mut found = 0;
    for lines in 10..28 {
        let pages = set(&circular(filler(1, 26 + 28 * lines)));
        let last_text = one(&pages, Part::DocDate).page;
        let imprint = one(&pages, Part::Print).page;
        assert_eq!(imprint, pages.len());
        assert_eq!(imprint % 2, 0);
        if last_text == 2 && imprint == 4 {
            found += 1;
            assert_eq!(numbered(&pages), [1, 2]);
            assert!(pages.ink().iter().all(|line| line.page != 3));
            assert!(pages.rules().iter().all(|rule| rule.page != 3));
        } else {
            assert_eq!(numbered(&pages), (1..=imprint).collect::<Vec<_>>());
            if last_text == imprint {
                let gap = imprint_rules(&pages)[0].top - one(&pages, Part::DocDate).bottom;
                assert!(gap >= 10.0, "{gap}");
            }
        }
    }
    assert!(found >= 2, "{found}");
}

#[test]
fn without_an_imprint_no_page_is_added() {
    let mut document = circular(filler(1, 100));
    document.cc_recipients = None;
    document.print_office = None;
    document.print_date = None;
    let pages = set(&document);
    assert_eq!(pages.len(), one(&pages, Part::DocDate).page);
    assert_eq!(numbered(&pages), (1..=pages.len()).collect::<Vec<_>>());
}

#[test]
fn page_numbers_stand_outside_at_the_foot() {
    let pages = set(&circular(filler(12, 300)));
    let em = 14.0 * 25.4 / 72.0;
    for line in of(&pages, Part::PageNumber) {
        assert_eq!(line.text, format!("— {} —", line.page));
        assert_eq!(line.family, "Noto Serif SC");
        near(line.size, 14.0, 0.001);
        if line.page % 2 == 1 {
            near(line.right, RIGHT - em, 0.4);
        } else {
            near(line.left, LEFT + em, 0.4);
        }
    }
    let (top, bottom) = dash(&pages);
    near((top + bottom) / 2.0, 269.0, 0.005);
}

/// The ink of the first dash of page one's number, which is the one glyph between 268 and 270 mm.
fn dash(pages: &Pages) -> (f64, f64) {
    use typst::layout::{Frame, FrameItem, Point};
    fn find(frame: &Frame, at: Point) -> Option<(f64, f64)> {
        frame.items().find_map(|(position, item)| match item {
            FrameItem::Group(group) => find(&group.frame, at + *position),
            FrameItem::Text(text) if text.text.starts_with('—') => {
                let id = ttf_parser::GlyphId(text.glyphs[0].id);
                let bounds = text.font.ttf().glyph_bounding_box(id)?;
                let y =
                    |units: i16| (at.y + position.y - text.font.to_em(units).at(text.size)).to_mm();
                Some((y(bounds.y_max), y(bounds.y_min)))
            }
            _ => None,
        })
    }
    find(&pages.document.pages()[0].frame, Point::zero()).expect("a dash")
}

// Faces and output.

#[test]
fn a_character_that_no_face_has_is_named_with_its_place() {
    for (text, name, column) in [
        ("姓名\u{1f600}", "U+1F600", 3),
        ("ᠮᠣᠩᠭᠣᠯ", "U+182E", 1),
        ("零宽\u{200b}空格", "U+200B", 3),
        ("制表\t符", "U+0009", 3),
        ("葛\u{e0101}", "U+E0101", 2),
    ] {
        let (pages, faults) = set_with_notes(&circular(vec![paragraph(text)]));
        assert!(pages.is_none(), "{text}");
        assert_eq!(faults[0].code, "page/glyph/missing");
        assert!(faults[0].message.contains(name), "{}", faults[0].message);
        let place = format!("通报.yaml:1:{column}");
        assert_eq!(faults[0].origin.to_string(), place);
    }
}

#[test]
fn a_rare_character_is_drawn_by_another_face_with_one_warning() {
    let (pages, faults) = set_with_notes(&circular(vec![
        paragraph("张𠮷𠮷和王𠮷。机密★①㎡"),
        paragraph(&format!("𠮷{}", "字".repeat(300))),
    ]));
    assert!(pages.is_some());
    let codes: Vec<_> = faults
        .iter()
        .map(|fault| (fault.severity, fault.code))
        .collect();
    assert_eq!(codes, [(Severity::Warning, "page/glyph/fallback")]);
    assert!(
        faults[0].message.contains("U+20BB7"),
        "{}",
        faults[0].message
    );
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let document = real();
    let first = set(&document).pdf();
    comemo::evict(0);
    assert!(first == set(&document).pdf());
    let mut other = real();
    other.signature = Words::plain("别的机关", &crate::diag::Origin::Program);
    assert!(first != set(&other).pdf());
}

#[test]
fn pages_come_as_pictures_too() {
    let pages = set(&circular(filler(1, 60)));
    assert!(pages.png(0, 36.0).starts_with(b"\x89PNG"));
    assert!(pages.svg(0).starts_with("<svg"));
}

#[test]
fn a_title_is_centred_by_its_ink_whatever_marks_it_ends_with() {
    let mut document = circular(filler(1, 100));
    for title in [
        "“全国政务新媒体报送系统”清单",
        "关于转发《管理办法（试行）》",
    ] {
        document.title = words(title);
        let pages = set(&document);
        near(centre(one(&pages, Part::Title)), 106.0, 0.3);
    }
}

#[test]
fn a_long_print_office_takes_more_rows_beside_its_date() {
    let mut document = circular(filler(1, 100));
    document.print_office = Some(words(&"某某自治区政务公开工作领导小组".repeat(3)));
    document.print_date = Some(words("2026年12月12日"));
    let pages = set(&document);
    let rows = of(&pages, Part::Print);
    let date = rows.last().unwrap();
    assert!(rows.len() >= 3, "{}", rows.len());
    for row in &rows[..rows.len() - 1] {
        assert!(row.right < date.left && row.bottom < 262.0, "{row}");
    }
}

#[test]
fn lines_of_addresses_and_long_numbers_end_at_the_right_edge() {
    let address = "邮箱admin@example.gov.cn，网址https://www.example.gov.cn/zwgk/2026/10/12/index_1234567890abcdef.html?id=123456789&name=test。";
    let number = format!("编号为{}的事项。", "012345678901".repeat(8));
    let pages = set(&circular(vec![
        paragraph(&number),
        paragraph(&address.repeat(3)),
    ]));
    let lines = of(&pages, Part::MainText);
    for pair in lines
        .windows(2)
        .filter(|pair| pair[0].block == pair[1].block)
    {
        let line = pair[0];
        let edge = if line.text.ends_with('，') { 4.5 } else { 1.0 };
        assert!(
            line.right > RIGHT - edge && line.right < RIGHT + 0.1,
            "{line}"
        );
        let letters = line.text.chars().zip(line.cells.windows(2));
        for (_, cells) in letters.filter(|(letter, _)| matches!(letter, '一'..='龥')) {
            assert!(cells[1] - cells[0] < CELL + 0.85, "{line}");
        }
    }
}
