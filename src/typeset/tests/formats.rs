//! The special formats measured (GB/T 9704—2012, 7.2 and 10): tolerance 0.05 mm for places the program
//! computes, 0.3 mm for those that follow from text.

use super::*;
use crate::model::{Attendance, Format, RedHeader};

const RED: &str = "#e60012";

fn letter() -> Document {
    let mut document = circular(filler(1, 200));
    document.format = Format::Letter;
    document.issuer_mark = Some(words("奈曼旗人民政府办公室"));
    document.print_office = None;
    document.print_date = None;
    document
}

fn red_rules(pages: &Pages) -> Vec<&InkRule> {
    let rules = pages.rules().iter();
    rules.filter(|rule| rule.fill == RED).collect()
}

fn middle(line: &InkLine) -> f64 {
    (line.top + line.bottom) / 2.0
}

#[test]
fn a_letter_has_its_mark_at_30_mm_and_double_rules_of_170_mm() {
    let pages = set(&letter());
    let mark = one(&pages, Part::IssuerMark);
    near(mark.top, 30.0, 0.05);
    near(centre(mark), 106.0, 0.1);
    let rules = red_rules(&pages);
    assert_eq!(rules.len(), 4);
    for rule in &rules {
        near(rule.width(), 170.0, 0.01);
        near((rule.left + rule.right) / 2.0, 106.0, 0.01);
        assert_eq!(rule.page, 1);
    }
    let point = 25.4 / 72.0;
    // Thick above thin below the mark, thin above thick at the foot.
    near(rules[0].top - mark.bottom, 4.0, 0.05);
    for (rule, thickness) in rules.iter().zip([2.25, 0.75, 0.75, 2.25]) {
        near(rule.thickness(), thickness * point, 0.01);
    }
    assert!(rules[0].bottom < rules[1].top && rules[2].bottom < rules[3].top);
    near(rules[3].bottom, 277.0, 0.01);
}

#[test]
fn the_elements_of_a_letter_follow_its_first_rule() {
    let mut document = letter();
    document.copy_number = Some(words("000012"));
    document.secrecy = Some(words("机密★1年"));
    document.urgency = Some(words("特急"));
    let pages = set(&document);
    let rule = red_rules(&pages)[1];
    let number = one(&pages, Part::DocNumber);
    near(number.right, RIGHT, 0.05);
    let base = |part| one(&pages, part).baseline;
    near(base(Part::CopyNumber), number.baseline, 0.01);
    near(
        number.baseline - 0.82 * 16.0 * 25.4 / 72.0 - rule.bottom,
        4.84,
        0.05,
    );
    near(base(Part::Secrecy) - base(Part::CopyNumber), PITCH, 0.01);
    near(base(Part::Urgency) - base(Part::Secrecy), PITCH, 0.01);
    let title = one(&pages, Part::Title);
    near(title.top - one(&pages, Part::Urgency).bottom, 20.78, 0.05);
    document.copy_number = None;
    let pages = set(&document);
    let (secrecy, number) = (one(&pages, Part::Secrecy), one(&pages, Part::DocNumber));
    near(secrecy.baseline, number.baseline, 0.01);
}

#[test]
fn page_one_of_a_letter_has_no_number_and_its_imprint_no_rules() {
    let mut document = letter();
    document.print_office = Some(words("奈曼旗人民政府办公室"));
    document.print_date = Some(words("2021年10月9日"));
    document.main_text = filler(1, 60);
    let pages = set(&document);
    assert_eq!(pages.len(), 1);
    assert_eq!(numbered(&pages), Vec::<usize>::new());
    assert!(of(&pages, Part::Print).is_empty());
    assert!(pages.rules().iter().all(|rule| rule.fill == RED));
    let cc = of(&pages, Part::CcRecipients);
    let last = cc.last().unwrap();
    assert!(last.bottom < BOTTOM && last.bottom > BOTTOM - 5.0, "{last}");
    document.main_text = filler(2, 300);
    let pages = set(&document);
    assert_eq!(numbered(&pages), (2..=pages.len()).collect::<Vec<_>>());
    assert_eq!(red_rules(&pages).len(), 4);
    for line in text_on(&pages, 1) {
        assert!(line.bottom <= 277.0 - 4.84, "{line}");
    }
}

fn order() -> Document {
    let mut document = circular(vec![paragraph("现予公布，自2026年5月1日起施行。")]);
    document.format = Format::Order;
    document.issuer_mark = Some(words("奈曼旗人民政府令"));
    document.doc_number = Some(words("第12号"));
    document.recipients = None;
    document.cc_recipients = None;
    document.print_office = None;
    document.print_date = None;
    document
}

#[test]
fn an_order_has_its_mark_at_20_mm_and_its_number_and_text_two_lines_apart() {
    let pages = set(&order());
    let mark = one(&pages, Part::IssuerMark);
    near(mark.top, TOP + 20.0, 0.05);
    let number = one(&pages, Part::DocNumber);
    assert_eq!(number.text, "第12号");
    near(number.top - mark.bottom, 20.78, 0.05);
    near(centre(number), 106.0, 0.1);
    near(one(&pages, Part::MainText).top - number.bottom, 20.78, 0.6);
    assert!(of(&pages, Part::Title).is_empty());
    assert!(red_rules(&pages).is_empty());
}

#[test]
fn minutes_list_who_was_there_below_the_text() {
    let mut document = circular(filler(1, 50));
    document.format = Format::Minutes;
    document.issuer_mark = Some(words("奈曼旗人民政府常务会议纪要"));
    document.recipients = None;
    let names = "甲某某、乙某、丙某某、丁某、戊某某、己某、庚某某、辛某、壬某某、癸某、子某某";
    document.attendance = vec![
        (Attendance::Present, words(names)),
        (Attendance::Excused, words("寅某某")),
        (Attendance::Observing, words("卯某某")),
    ];
    let pages = set(&document);
    near(one(&pages, Part::IssuerMark).top, 72.0, 0.05);
    let text = of(&pages, Part::MainText);
    let list = of(&pages, Part::Attendance);
    assert_eq!(list.len(), 4);
    near(list[0].top - text.last().unwrap().bottom, 10.39, 0.6);
    for line in [list[0], list[2], list[3]] {
        near(line.cells[0], LEFT + 2.0 * CELL, 0.05);
    }
    // Names wrap below the first one.
    near(list[1].cells[0], list[0].cells[3], 0.05);
    assert!(list[2].text.starts_with("请假：") && list[3].text.starts_with("列席："));
    near(list[2].baseline - list[1].baseline, PITCH, 0.01);
    // Office and day stand above the red rule.
    let (name, date) = (one(&pages, Part::Signature), one(&pages, Part::DocDate));
    near(name.baseline, date.baseline, 0.01);
    near(name.cells[0], LEFT + CELL, 0.05);
    near(date.right, RIGHT - CELL, 0.05);
    near(
        red_rule(&pages).top - name.bottom.max(date.bottom),
        4.0,
        0.05,
    );
}

#[test]
fn one_signer_stands_at_the_right_of_the_number() {
    let mut document = circular(filler(1, 200));
    document.signers = vec![words("甲某某")];
    let pages = set(&document);
    let number = one(&pages, Part::DocNumber);
    near(number.cells[0], LEFT + CELL, 0.05);
    let signer = of(&pages, Part::Signer);
    assert_eq!(
        (signer[0].text.as_str(), signer[1].text.as_str()),
        ("签发人：", "甲某某")
    );
    assert_eq!(signer[1].family, "LXGW WenKai GB Lite");
    near(signer[0].baseline, number.baseline, 0.01);
    near(signer[1].baseline, number.baseline, 0.01);
    near(signer[1].right, RIGHT - CELL, 0.6);
    let mark = one(&pages, Part::IssuerMark);
    near(signer[0].top - mark.bottom, 20.78, 0.05);
    near(red_rule(&pages).top - number.bottom, 4.0, 0.05);
}

#[test]
fn several_signers_stand_two_on_a_line_and_the_number_on_the_last() {
    let mut document = circular(filler(1, 200));
    let names = ["甲某某", "乙某", "丙某某", "丁某", "戊某某"];
    document.signers = names.map(words).into();
    let pages = set(&document);
    let signers = of(&pages, Part::Signer);
    let lines: Vec<&str> = signers.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(
        lines,
        ["签发人：", "甲某某", "乙某", "丙某某", "丁某", "戊某某"]
    );
    near(signers[1].baseline, signers[2].baseline, 0.01);
    near(signers[3].baseline - signers[1].baseline, PITCH, 0.01);
    near(signers[5].baseline - signers[3].baseline, PITCH, 0.01);
    for line in [signers[3], signers[5]] {
        near(line.cells[0], signers[1].cells[0], 0.01);
    }
    near(signers[4].cells[0], signers[2].cells[0], 0.01);
    near(
        one(&pages, Part::DocNumber).baseline,
        signers[5].baseline,
        0.01,
    );
}

#[test]
fn the_names_of_a_joint_mark_are_alike_in_width_and_the_word_stands_in_their_middle() {
    for count in 2..=5 {
        let mut document = circular(filler(1, 200));
        let names = [
            "奈曼旗人民政府办公室",
            "旗财政局",
            "旗审计局",
            "旗发展和改革委员会",
            "旗民政局",
        ];
        document.issuer_mark = Some(words(names[0]));
        document.joint_marks = names[1..count].iter().map(|name| words(name)).collect();
        let pages = set(&document);
        let mark = of(&pages, Part::IssuerMark);
        assert_eq!(mark.len(), count + 1);
        let (word, names) = mark.split_last().unwrap();
        assert_eq!(word.text, "文件");
        near(names[0].top, 72.0, 0.6);
        for name in names {
            near(name.left, names[0].left, 0.05);
            near(name.right, names[0].right, 0.05);
            assert!(name.right < word.left, "{name}");
        }
        for pair in names.windows(2) {
            assert!(pair[0].bottom < pair[1].top);
        }
        let stack = (names[0].top + names[count - 1].bottom) / 2.0;
        near(middle(word), stack, 0.5);
        near((names[0].left + word.right) / 2.0, 106.0, 0.1);
        assert!(word.right - names[0].left <= 150.1);
        let number = one(&pages, Part::DocNumber);
        near(number.top - names[count - 1].bottom, 20.78, 0.5);
        assert!(!text_on(&pages, 1).is_empty());
    }
}

#[test]
fn preprinted_paper_lacks_the_red_and_nothing_moves() {
    for mut document in [real(), letter(), order()] {
        let printed = set(&document);
        document.red_header = RedHeader::Preprinted;
        let bare = set(&document);
        let black = printed.ink().iter().filter(|line| line.fill != RED);
        assert!(black.eq(bare.ink()));
        assert!(bare.rules().iter().all(|rule| rule.fill != RED));
        let rules = printed.rules().iter().filter(|rule| rule.fill != RED);
        assert!(rules.eq(bare.rules()));
        assert!(printed.ink().len() > bare.ink().len());
    }
}
