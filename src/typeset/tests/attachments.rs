//! Attachments of every kind measured (GB/T 9704—2012, 7.3.7 and 8).

use typst::foundations::NativeElement;
use typst::introspection::Introspector;
use typst::model::HeadingElem;

use super::*;
use crate::diag::Origin;
use crate::document::{HeadGroup, PictureBlock};
use crate::model::{Picture, PictureFormat};

fn attached(title: &str, blocks: Vec<Block>) -> Attachment {
    Attachment {
        title: words(title),
        blocks,
        ..Attachment::default()
    }
}

fn across(blocks: Vec<Block>) -> Attachment {
    Attachment {
        landscape: Some(true),
        ..attached("问题清单", blocks)
    }
}

fn with(attachments: Vec<Attachment>) -> Pages {
    // Short enough for one page.
    let mut document = circular(filler(1, 20));
    document.title = words("关于检查的通知");
    document.recipients = None;
    document.attachments = attachments;
    set(&document)
}

fn picture(width: f64, height: f64) -> Block {
    let svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}mm" height="{height}mm"><rect width="{width}" height="{height}"/></svg>"#
    );
    Block::Picture(PictureBlock {
        picture: Picture {
            path: "图.svg".to_owned(),
            format: PictureFormat::Svg,
            data: svg.as_bytes().into(),
        },
        pages: Vec::new(),
        origin: Origin::Program,
    })
}

#[test]
fn what_lies_across_has_its_head_at_the_left_edge_on_odd_and_even_pages() {
    let pages = with(vec![across(vec![Block::Table(table(60))])]);
    for (width, height) in pages.sizes() {
        near(width, 210.0, 0.01);
        near(height, 297.0, 0.01);
    }
    let label = one(&pages, Part::AttachmentLabel(1));
    assert!(label.turned);
    // The first line lies at the left edge of the type area, and starts at its foot.
    near(label.left, LEFT, 0.3);
    near(label.cells[0], BOTTOM, 0.05);
    let title = one(&pages, Part::AttachmentTitle(1));
    near((title.top + title.bottom) / 2.0, (TOP + BOTTOM) / 2.0, 0.1);
    near(title.left, LEFT + 2.0 * PITCH, 0.05);
    let cells = of(&pages, Part::AttachmentText(1));
    let last = cells.iter().map(|line| line.page).max().unwrap();
    assert!(last >= label.page + 2, "{last}");
    for line in &cells {
        assert!(line.turned, "{line}");
        assert!(line.left >= LEFT && line.right <= RIGHT, "{line}");
        assert!(line.top >= TOP && line.bottom <= BOTTOM, "{line}");
    }
    // The head comes back on each page, nearest to the left edge.
    for page in label.page..=last {
        let here = cells.iter().filter(|line| line.page == page);
        let first = here
            .min_by(|a, b| a.baseline.total_cmp(&b.baseline))
            .unwrap();
        let heads = ["序号", "账号名称", "主管单位", "检查时间", "存在问题"];
        assert!(heads.contains(&first.text.as_str()), "{first}");
    }
}

#[test]
fn page_numbers_stay_where_they_are_on_pages_that_lie_across() {
    let pages = with(vec![across(vec![Block::Table(table(60))])]);
    let em = 14.0 * 25.4 / 72.0;
    let turned = of(&pages, Part::AttachmentText(1));
    let mut seen = [false, false];
    for line in of(&pages, Part::PageNumber) {
        assert!(!line.turned);
        assert_eq!(line.text, format!("— {} —", line.page));
        let upright = one(&pages, Part::PageNumber);
        near(line.baseline, upright.baseline, 0.01);
        match line.page % 2 {
            1 => near(line.right, RIGHT - em, 0.4),
            _ => near(line.left, LEFT + em, 0.4),
        }
        if turned.iter().any(|cell| cell.page == line.page) {
            seen[line.page % 2] = true;
        }
    }
    assert_eq!(seen, [true, true]);
}

#[test]
fn upright_attachments_and_the_imprint_go_on_behind_one_that_lies_across() {
    let pages = with(vec![
        attached("甲", vec![paragraph("内容。")]),
        across(vec![Block::Table(table(3))]),
        attached("乙", vec![paragraph("内容。")]),
    ]);
    let page = |number| one(&pages, Part::AttachmentLabel(number)).page;
    assert_eq!([page(1), page(2), page(3)], [2, 3, 4]);
    assert_eq!(one(&pages, Part::Print).page, 4);
    assert_eq!(numbered(&pages), [1, 2, 3, 4]);
    // Behind one that lies across on an even page a blank page comes before the imprint.
    let pages = with(vec![across(vec![Block::Table(table(3))])]);
    assert_eq!(one(&pages, Part::AttachmentLabel(1)).page, 2);
    assert_eq!(one(&pages, Part::Print).page, 4);
    assert_eq!(numbered(&pages), [1, 2]);
    near(imprint_rules(&pages).last().unwrap().middle(), BOTTOM, 0.02);
}

#[test]
fn a_table_that_fits_no_upright_page_is_turned() {
    let cell = |text: &str| Cell {
        words: words(text),
        rows: 1,
    };
    let wide = |columns: usize| TableBlock {
        groups: Vec::new(),
        head: (0..columns)
            .map(|column| words(&format!("列名{column}")))
            .collect(),
        rows: vec![(0..columns).map(|_| cell("样例县某某单位")).collect(); 3],
        origin: Origin::Program,
    };
    // One of 40 columns does not fit either way; it is less narrow across.
    for columns in [16, 40] {
        let pages = with(vec![attached("清单", vec![Block::Table(wide(columns))])]);
        assert!(one(&pages, Part::AttachmentLabel(1)).turned);
    }
    let pages = with(vec![attached("清单", vec![Block::Table(table(3))])]);
    assert!(!one(&pages, Part::AttachmentLabel(1)).turned);
}

#[test]
fn pictures_keep_their_size_where_it_fits_and_stay_inside_the_type_area() {
    let sizes = [(100.0, 60.0), (400.0, 200.0), (90.0, 600.0)];
    let blocks = sizes.map(|(width, height)| picture(width, height));
    let pages = with(vec![attached("图", blocks.into())]);
    let images = pages.images();
    assert_eq!(images.len(), 3);
    for (image, (width, height)) in images.iter().zip(sizes) {
        assert_eq!(image.part, Part::AttachmentText(1));
        assert!(
            image.left >= LEFT - 0.01 && image.right <= RIGHT + 0.01,
            "{image}"
        );
        assert!(
            image.top >= TOP - 0.01 && image.bottom <= BOTTOM + 0.01,
            "{image}"
        );
        near((image.left + image.right) / 2.0, 106.0, 0.01);
        let shape = (image.bottom - image.top) / (image.right - image.left);
        near(shape, height / width, 0.001);
    }
    near(images[0].right - images[0].left, 100.0, 0.01);
    near(images[1].right - images[1].left, 156.0, 0.01);
    let title = one(&pages, Part::AttachmentTitle(1));
    near(images[0].top - title.bottom, 10.39, 0.05);
}

#[test]
fn an_attached_circular_has_its_own_header_below_its_label() {
    let mut nested = attached("关于检查的通知", vec![paragraph("内容。")]);
    nested.issuer_mark = Some(words("某某市人民政府文件"));
    nested.doc_number = Some(words("某政发〔2021〕2号"));
    let pages = with(vec![nested]);
    let header = of(&pages, Part::AttachmentHeader(1));
    let (mark, number) = (header[0], header[1]);
    near(mark.top, TOP + 2.0 * PITCH, 0.05);
    assert_eq!(mark.fill, "#e60012");
    near(number.top - mark.bottom, 20.78, 0.05);
    near(centre(number), 106.0, 0.1);
    let rule = pages
        .rules()
        .iter()
        .find(|rule| rule.page == 2 && rule.fill == "#e60012");
    let rule = rule.unwrap();
    near(rule.top - number.bottom, 4.0, 0.05);
    let title = one(&pages, Part::AttachmentTitle(1));
    near(title.top - rule.bottom, 20.78, 0.05);
    near(one(&pages, Part::AttachmentLabel(1)).top, TOP, 0.3);
}

#[test]
fn what_is_not_bound_comes_behind_the_imprint_and_is_numbered_from_one() {
    let mut separate = attached("手册", vec![paragraph("内容。")]);
    separate.separate = true;
    let bound = attached("名单", vec![paragraph("内容。")]);
    let pages = with(vec![separate.clone(), bound, separate]);
    let labels = [1, 2, 3].map(|number| one(&pages, Part::AttachmentLabel(number)));
    assert_eq!(labels[0].text, "奈政办发〔2021〕12号附件1");
    assert_eq!(labels[1].text, "附件2");
    assert_eq!(labels[2].text, "奈政办发〔2021〕12号附件3");
    assert_eq!(labels.map(|label| label.page), [3, 2, 5]);
    assert_eq!(one(&pages, Part::Print).page, 2);
    let numbers = of(&pages, Part::PageNumber);
    let numbers: Vec<_> = numbers
        .iter()
        .map(|line| (line.page, line.text.as_str()))
        .collect();
    assert_eq!(
        numbers,
        [(1, "— 1 —"), (2, "— 2 —"), (3, "— 1 —"), (5, "— 1 —")]
    );
}

#[test]
fn a_heading_over_columns_stands_in_the_middle_above_them_on_each_page() {
    let mut table = table(60);
    table.groups = vec![HeadGroup {
        words: words("账号"),
        start: 1,
        count: 2,
    }];
    let pages = with(vec![attached("问题清单", vec![Block::Table(table)])]);
    let lines = of(&pages, Part::AttachmentText(1));
    let named = |name: &str| -> Vec<InkLine> {
        let named = lines.iter().filter(|line| line.text == name);
        named.map(|line| (*line).clone()).collect()
    };
    let (over, first, second) = (named("账号"), named("账号名称"), named("主管单位"));
    assert!(over.len() > 1, "the table goes on over pages");
    for (index, over) in over.iter().enumerate() {
        let (first, second) = (&first[index], &second[index]);
        assert_eq!((over.page, over.page), (first.page, second.page));
        assert!(over.bottom < first.top);
        assert!(first.left < over.left && over.right < second.right);
        // A column without a heading stands between both rows of the head.
        let alone = &named("序号")[index];
        near(alone.baseline, (over.baseline + first.baseline) / 2.0, 0.1);
    }
}

#[test]
fn bookmarks_name_headings_and_attachments_in_their_own_words() {
    let mut document = circular(vec![heading(1, "一、", "存在问题", ""), paragraph("略。")]);
    document.attachments = vec![attached("问题清单", filler(1, 20))];
    let pages = set(&document);
    let headings = pages
        .document
        .introspector()
        .query(&HeadingElem::ELEM.select());
    let names: Vec<_> = headings
        .iter()
        .filter_map(|heading| heading.to_packed::<HeadingElem>())
        .map(|heading| heading.body.plain_text())
        .collect();
    assert_eq!(names, ["一、存在问题", "附件 问题清单"]);
}

#[test]
fn the_signature_of_an_attached_paper_never_stands_without_text() {
    for lines in 1..50 {
        let blocks = vec![
            Block::Paragraph(words(&"字".repeat(26 + 28 * (lines - 1)))),
            Block::Signature {
                name: words("某市人民政府办公室"),
                date: Some(words("2026年7月1日")),
            },
        ];
        let pages = with(vec![attached("上级来文", blocks)]);
        let text = of(&pages, Part::AttachmentText(1));
        let date = text.last().unwrap();
        let on_page = text.iter().filter(|line| line.page == date.page).count();
        assert!(on_page >= 3 || lines == 1, "{lines}: {on_page}");
        let drawn: usize = text
            .iter()
            .map(|line| line.text.matches('字').count())
            .sum();
        assert_eq!(drawn, 26 + 28 * (lines - 1));
    }
}
