//! Tables measured: their rules, their rows over pages, merged cells.

use super::*;

fn cell(text: &str, rows: usize) -> Cell {
    Cell {
        words: words(text),
        rows,
    }
}

fn of_rows(head: &[&str], rows: Vec<Vec<Cell>>) -> Block {
    Block::Table(TableBlock {
        groups: Vec::new(),
        head: head.iter().map(|name| words(name)).collect(),
        rows,
        origin: crate::diag::Origin::Program,
    })
}

#[test]
fn a_long_table_repeats_its_head_under_xu_biao() {
    let mut document = circular(filler(1, 100));
    document.attachments = vec![Attachment {
        title: words("问题清单"),
        blocks: vec![Block::Table(table(60))],
        ..Attachment::default()
    }];
    let pages = set(&document);
    let cells = of(&pages, Part::AttachmentText(1));
    let heads: Vec<usize> = cells
        .iter()
        .filter(|line| line.text == "序号")
        .map(|line| line.page)
        .collect();
    assert!(heads.len() >= 3, "{heads:?}");
    let start = one(&pages, Part::AttachmentLabel(1)).page;
    assert_eq!(heads, (start..start + heads.len()).collect::<Vec<_>>());
    let continued = of(&pages, Part::Continued);
    let pages_with_it: Vec<usize> = continued.iter().map(|line| line.page).collect();
    assert_eq!(pages_with_it, heads[1..]);
    for line in continued {
        assert_eq!(line.text, "续表");
        near(line.right, RIGHT, 0.4);
        near(line.top, TOP, 0.5);
        let head = cells
            .iter()
            .find(|cell| cell.page == line.page && cell.text == "序号")
            .unwrap();
        assert!(head.top > line.bottom && head.top - line.bottom < 6.0);
    }
    // Every row is there once.
    for row in 1..=60 {
        let count = cells
            .iter()
            .filter(|cell| cell.text == row.to_string())
            .count();
        assert_eq!(count, 1, "row {row}");
    }
}

#[test]
fn a_table_fills_the_type_area_with_thin_rules() {
    let mut document = circular(vec![paragraph("如下："), Block::Table(table(3))]);
    document.title = words("通报");
    document.recipients = None;
    let pages = set(&document);
    let gap = pages
        .rules()
        .iter()
        .find(|rule| rule.page == 1 && rule.fill == "#000000");
    near(
        gap.unwrap().top - one(&pages, Part::MainText).bottom,
        5.2,
        0.4,
    );
    let rules: Vec<_> = pages
        .rules()
        .iter()
        .filter(|rule| rule.page == 1 && rule.width() > 150.0 && rule.fill == "#000000")
        .collect();
    assert_eq!(rules.len(), 5);
    for rule in rules {
        near(rule.left, LEFT, 0.2);
        near(rule.right, RIGHT, 0.2);
        near(rule.thickness(), 0.5 * 25.4 / 72.0, 0.01);
    }
}

#[test]
fn rows_stay_whole_and_covered_cells_are_left_out() {
    let long = "检查发现的问题较多，应当逐项整改。".repeat(6);
    let rows = (0..24)
        .map(|row| {
            let covering = if row % 3 == 0 { 3 } else { 0 };
            vec![
                cell(if covering > 0 { "苇莲苏乡" } else { "" }, covering),
                cell(&format!("{row:02}{long}"), 1),
            ]
        })
        .collect();
    let table = TableBlock {
        groups: Vec::new(),
        head: vec![words("单位"), words("问题")],
        rows,
        origin: crate::diag::Origin::Program,
    };
    let pages = set(&circular(vec![paragraph("如下："), Block::Table(table)]));
    let text = of(&pages, Part::MainText);
    // Eight groups; one that crosses a page end is named on both pages.
    assert!(text.iter().filter(|line| line.text == "苇莲苏乡").count() >= 8);
    for row in 0..24 {
        let start = text
            .iter()
            .find(|line| line.text.starts_with(&format!("{row:02}检")))
            .unwrap();
        let lines: Vec<_> = text
            .iter()
            .filter(|line| line.block == start.block)
            .collect();
        assert!(
            lines.iter().all(|line| line.page == start.page),
            "row {row}"
        );
    }
}

#[test]
fn a_cell_of_many_hundred_characters_breaks_over_pages() {
    let long = "检查发现的问题较多，应当逐项整改。".repeat(120);
    let table = TableBlock {
        groups: Vec::new(),
        head: vec![words("序号"), words("问题")],
        rows: vec![vec![
            Cell {
                words: words("1"),
                rows: 1,
            },
            Cell {
                words: words(&long),
                rows: 1,
            },
        ]],
        origin: crate::diag::Origin::Program,
    };
    let pages = set(&circular(vec![paragraph("如下："), Block::Table(table)]));
    let shown: String = of(&pages, Part::MainText)
        .iter()
        .filter(|line| line.size < 16.0 && !["序号", "问题", "1"].contains(&line.text.as_str()))
        .map(|line| line.text.as_str())
        .collect();
    assert_eq!(shown, long);
    for line in pages
        .ink()
        .iter()
        .filter(|line| line.part == Part::MainText)
    {
        assert!(line.bottom <= BOTTOM, "{line}");
    }
}

#[test]
fn a_merged_cell_shows_its_words_on_each_page_it_reaches() {
    let rows: Vec<Vec<Cell>> = (0..45)
        .map(|row| {
            let covering = |text: &str| match row {
                0 => cell(text, 45),
                _ => cell("", 0),
            };
            vec![
                covering("水利局"),
                covering("更新不及时"),
                cell(&format!("第{row}项"), 1),
            ]
        })
        .collect();
    let table = TableBlock {
        groups: Vec::new(),
        head: vec![words("单位"), words("类型"), words("问题")],
        rows,
        origin: crate::diag::Origin::Program,
    };
    let pages = set(&circular(vec![paragraph("如下："), Block::Table(table)]));
    let text = of(&pages, Part::MainText);
    let on = |wanted: &str| -> Vec<usize> {
        let lines = text.iter().filter(|line| line.text == wanted);
        lines.map(|line| line.page).collect()
    };
    let reached: Vec<usize> = on("问题");
    assert!(reached.len() >= 3, "{reached:?}");
    for merged in ["水利局", "更新不及时"] {
        assert_eq!(on(merged), reached);
        // In the middle of its rows.
        for line in text.iter().filter(|line| line.text == merged) {
            let items = text
                .iter()
                .filter(|item| item.page == line.page && item.text.starts_with('第'));
            let middles: Vec<f64> = items.map(|item| (item.top + item.bottom) / 2.0).collect();
            let middle = (middles[0] + middles[middles.len() - 1]) / 2.0;
            near((line.top + line.bottom) / 2.0, middle, 0.5);
        }
    }
}

#[test]
fn a_table_of_nine_columns_stays_low() {
    let row = "1|某县水利局|微信公众号|平安某县|更新不及时|首页超过两周没有更新，栏目超过半年没有更新。|已整改|张三|0471-8888888";
    let head = "序号|单位|平台|账号名称|问题类型|问题描述|整改结果|责任人|电话";
    let cell = |text| Cell {
        words: words(text),
        rows: 1,
    };
    let mut document = circular(filler(1, 100));
    document.attachments = vec![Attachment {
        title: words("问题清单"),
        blocks: vec![Block::Table(TableBlock {
            groups: Vec::new(),
            head: head.split('|').map(words).collect(),
            rows: vec![row.split('|').map(cell).collect(); 8],
            origin: crate::diag::Origin::Program,
        })],
        ..Attachment::default()
    }];
    let pages = set(&document);
    let cells = of(&pages, Part::AttachmentText(1));
    let page = cells[0].page;
    assert!(
        cells
            .iter()
            .all(|line| line.page == page && line.size >= 9.0)
    );
    let phones = cells.iter().filter(|line| line.text == "0471-8888888");
    assert_eq!(phones.count(), 8);
    let height = cells.last().unwrap().bottom - cells[0].top;
    assert!(height < 8.0 * 22.0, "{height}");
}

/// What a line's end leaves free was not reckoned with: each row had a third line for one character.
#[test]
fn long_cells_get_the_room_that_saves_each_row_a_line() {
    let rows = (11..21).map(|number| {
        let what =
            format!("第{number}号栏目在检查时没有按规定的期限更新，最近一次更新在{number}天以前");
        let cells = [
            number.to_string(),
            "青云镇人民政府".to_owned(),
            "信息更新不及时".to_owned(),
            what,
            "2026年10月30日".to_owned(),
        ];
        cells.map(|text| cell(&text, 1)).to_vec()
    });
    let head = ["序号", "责任单位", "问题类型", "问题描述", "整改期限"];
    let mut document = circular(filler(1, 100));
    document.attachments = vec![Attachment {
        title: words("问题清单"),
        blocks: vec![of_rows(&head, rows.collect())],
        ..Attachment::default()
    }];
    let pages = set(&document);
    let cells = of(&pages, Part::AttachmentText(1));
    let ends = |end: &str| cells.iter().filter(|line| line.text.ends_with(end)).count();
    assert_eq!(ends("天以前"), 10);
    let long = |line: &&&InkLine| line.column.as_ref().is_some_and(|column| column.index == 3);
    assert_eq!(cells.iter().filter(long).count(), 1 + 2 * 10);
}

/// No character stands alone in a cell's last line; the lines above are as full as that allows.
#[test]
fn the_last_line_of_a_long_cell_is_no_single_character() {
    let long = "检查发现该单位门户网站首页栏目超过两周没有更新，要求限期整改。";
    let rows = (0..30).map(|more| {
        let what = format!("{long}{}", "继".repeat(more));
        vec![cell("甲镇", 1), cell(&what, 1), cell(&what, 1)]
    });
    let table = of_rows(&["单位", "发现的问题", "整改的要求"], rows.collect());
    let pages = set(&circular(vec![paragraph("如下："), table]));
    let mut lines = of(&pages, Part::MainText);
    lines.retain(|line| line.column.as_ref().is_some_and(|column| column.index > 0));
    for pair in lines.windows(2) {
        let [above, line] = pair else { unreachable!() };
        let same = above.column == line.column && line.block == above.block;
        if same && above.page == line.page && above.bottom < line.top && line.text.len() <= 3 {
            panic!("“{}” stands alone below “{}”", line.text, above.text);
        }
    }
}

#[test]
fn amounts_stand_flush_right() {
    let cell = |text| Cell {
        words: words(text),
        rows: 1,
    };
    let rows = ["1|-1.70|12345.0|0471-8888888", "2|10.25|8.0|13000000000"];
    let table = TableBlock {
        groups: Vec::new(),
        head: ["序号", "变化", "金额", "电话"].map(words).into(),
        rows: rows.map(|row| row.split('|').map(cell).collect()).into(),
        origin: crate::diag::Origin::Program,
    };
    let pages = set(&circular(vec![paragraph("如下："), Block::Table(table)]));
    let text = of(&pages, Part::MainText);
    let find = |wanted: &str| text.iter().find(|line| line.text == wanted).unwrap();
    near(find("-1.70").right, find("10.25").right, 0.3);
    near(find("12345.0").right, find("8.0").right, 0.3);
    near(centre(find("序号")), centre(find("1")), 0.5);
    near(centre(find("电话")), centre(find("13000000000")), 0.5);
}

#[test]
fn a_table_in_an_attachment_stands_one_line_below_what_precedes_it() {
    let signature = Block::Signature {
        name: words("奈曼旗人民政府办公室"),
        date: Some(words("2021年10月9日")),
    };
    for before in [paragraph("如下："), signature] {
        let mut document = circular(filler(1, 100));
        document.attachments = vec![Attachment {
            title: words("问题清单"),
            blocks: vec![before, Block::Table(table(3))],
            ..Attachment::default()
        }];
        let pages = set(&document);
        let lines = of(&pages, Part::AttachmentText(1));
        let head = lines.iter().position(|line| line.text == "序号").unwrap();
        let page = lines[head].page;
        let rules = pages.rules().iter().filter(|rule| rule.page == page);
        let top = rules.map(|rule| rule.top).fold(f64::MAX, f64::min);
        near(top - lines[head - 1].bottom, 10.39, 0.5);
    }
}

#[test]
fn a_merged_cell_that_no_page_holds_goes_on_over_them() {
    // Its rows are low, so they have to be stretched for its words, and no part of it holds them all.
    let long = "检查发现的问题较多，应当逐项整改。".repeat(60);
    let rows = (0..3).map(|row| {
        let covering = if row == 0 {
            cell(&long, 3)
        } else {
            cell("", 0)
        };
        vec![covering, cell(&format!("第{row}项"), 1)]
    });
    let table = of_rows(&["问题", "项目"], rows.collect());
    let pages = set(&circular(vec![paragraph("如下："), table]));
    let text = of(&pages, Part::MainText);
    let items = text.iter().filter(|line| line.text.starts_with('第'));
    assert_eq!(items.count(), 3);
    let words = text
        .iter()
        .filter(|line| line.left < 60.0 && line.size < 16.0);
    let words = words.filter(|line| line.text != "问题");
    let shown: String = words.map(|line| line.text.as_str()).collect();
    assert_eq!(shown, long);
    assert!(text.iter().all(|line| line.bottom <= BOTTOM), "{text:?}");
}

#[test]
fn a_table_at_the_head_of_a_page_starts_there() {
    let rows = (0..30).map(|row| vec![cell(&row.to_string(), 1), cell("水利局", 1)]);
    let table = of_rows(&["序号", "单位"], rows.collect());
    let mut document = circular(filler(1, 100));
    // So many lines that no row fits the page below them.
    for lines in 1..22 {
        document.main_text = filler(1, 28 * lines);
        document.main_text.push(table.clone());
        let pages = set(&document);
        let head = of(&pages, Part::MainText);
        let head = head.iter().find(|line| line.text == "序号").unwrap();
        let alone = |page| text_on(&pages, page).iter().all(|line| line.size < 16.0);
        if head.page > 1 && alone(head.page) {
            let rules = pages.rules().iter().filter(|rule| rule.page == head.page);
            let top = rules.map(|rule| rule.top).fold(f64::MAX, f64::min);
            near(top, TOP, 0.2);
            return;
        }
    }
    panic!("no number of lines brings the table to the head of a page");
}

#[test]
fn a_heading_stays_with_the_head_and_first_row_of_its_table() {
    let rows = |count: usize| {
        let rows = (0..count).map(|row| vec![cell(&row.to_string(), 1), cell("水利局", 1)]);
        rows.collect::<Vec<_>>()
    };
    for lines in 1..30 {
        let mut text = filler(1, 28 * lines);
        text.push(heading(1, "一、", "问题清单", ""));
        text.push(of_rows(&["序号", "单位"], rows(40)));
        let pages = set(&circular(text));
        let find = |wanted: &str| {
            let text = of(&pages, Part::MainText);
            text.iter()
                .find(|line| line.text.ends_with(wanted))
                .map(|line| line.page)
        };
        assert_eq!(find("问题清单"), find("序号"), "{lines} lines");
        assert_eq!(find("序号"), find("0"), "{lines} lines");
    }
}
