//! Seals and signature stamps measured (GB/T 9704—2012, 7.3.5).

use super::*;
use crate::diag::Origin;
use crate::document::{SealMark, StampMark};
use crate::model::{Format, Picture, PictureFormat};

const RING: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="20mm" height="20mm"><circle cx="5" cy="5" r="4.8" fill="none" stroke="#e60012"/></svg>"##;

fn picture(svg: &str) -> Picture {
    Picture {
        path: "样章.svg".to_owned(),
        format: PictureFormat::Svg,
        data: svg.as_bytes().into(),
    }
}

fn seal(diameter: f64) -> SealMark {
    SealMark {
        picture: picture(RING),
        diameter,
        origin: Origin::Program,
    }
}

/// A circular of these agencies, each with a seal of this diameter.
pub fn sealed(agencies: &[&str], diameter: f64) -> Document {
    let mut document = circular(filler(1, 150));
    document.signature = words(agencies[0]);
    document.joint_signatures = agencies[1..].iter().map(|name| words(name)).collect();
    document.seals = vec![seal(diameter); agencies.len()];
    document.edition.seal = true;
    document
}

fn last_text_before<'a>(pages: &'a Pages, signature: &InkLine) -> &'a InkLine {
    text_on(pages, signature.page).last().unwrap()
}

fn middle(image: &InkImage) -> (f64, f64) {
    (
        (image.left + image.right) / 2.0,
        (image.top + image.bottom) / 2.0,
    )
}

#[test]
fn a_seal_lies_over_name_and_date_with_its_top_within_a_line_of_the_text() {
    for diameter in [38.0, 42.0, 45.0, 50.0, 60.0] {
        for name in [
            "奈曼旗人民政府",
            "内蒙古自治区鄂尔多斯市伊金霍洛旗政务公开领导小组办公室",
        ] {
            let pages = set(&sealed(&[name], diameter));
            let [image] = pages.images() else {
                panic!("one seal: {:?}", pages.images())
            };
            assert_eq!((image.part, image.outline), (Part::Seal, false));
            near(image.right - image.left, diameter, 0.01);
            near(image.bottom - image.top, diameter, 0.01);
            let names = of(&pages, Part::Signature);
            let date = one(&pages, Part::DocDate);
            let gap = image.top - last_text_before(&pages, names[0]).bottom;
            assert!((-0.3..=10.39).contains(&gap), "{diameter}: {gap}");
            let (x, y) = middle(image);
            near(x, centre(date), 0.05);
            let block = (names[0].top + date.bottom) / 2.0;
            assert!((-0.05..=5.0).contains(&(block - y)), "{}", block - y);
            assert!(image.left >= LEFT && image.right <= RIGHT);
            assert!(image.bottom > date.bottom);
        }
    }
}

#[test]
fn places_are_the_same_whether_the_seal_is_drawn_or_not() {
    let mut document = sealed(&["奈曼旗人民政府"], 45.0);
    let drawn = set(&document);
    document.edition.seal = false;
    let reserved = set(&document);
    assert!(reserved.images().is_empty());
    assert_eq!(drawn.ink(), reserved.ink());
    document.edition.draft = true;
    let outlined = set(&document);
    assert!(outlined.images()[0].outline);
    assert_eq!(middle(&outlined.images()[0]), middle(&drawn.images()[0]));
}

#[test]
fn joint_seals_stand_in_line_and_never_touch() {
    let agencies = [
        "旗民政局",
        "旗财政局",
        "旗审计局",
        "旗教育局",
        "旗政府办",
        "旗水利局",
        "旗司法局",
    ];
    for diameter in [42.0, 45.0] {
        for count in 2..=7 {
            let pages = set(&sealed(&agencies[..count], diameter));
            let seals = pages.images();
            assert_eq!(seals.len(), count);
            let of_agencies: Vec<&str> = seals.iter().map(|seal| seal.text.as_str()).collect();
            assert_eq!(of_agencies, agencies[..count]);
            let names = of(&pages, Part::Signature);
            let gap = seals[0].top - last_text_before(&pages, names[0]).bottom;
            assert!((-0.3..=10.39).contains(&gap), "{gap}");
            for (index, seal) in seals.iter().enumerate() {
                assert!(
                    seal.left >= LEFT - 0.01 && seal.right <= RIGHT + 0.01,
                    "{seal}"
                );
                assert_eq!(seal.page, names[0].page);
                for other in &seals[..index] {
                    let ((x, y), (u, v)) = (middle(seal), middle(other));
                    assert!((x - u).hypot(y - v) > diameter + 1.0, "{seal} {other}");
                    // In the order of the agencies: rows downwards, left to right.
                    assert!(
                        y > v + 1.0 || (y - v).abs() < 0.01 && x > u,
                        "{seal} {other}"
                    );
                }
                let name = names.iter().find(|name| name.text == seal.text).unwrap();
                let (x, y) = middle(seal);
                near(centre(name), x, 0.1);
                assert!(((name.top + name.bottom) / 2.0 - y).abs() < 3.0);
            }
            let date = one(&pages, Part::DocDate);
            let last = seals.last().unwrap();
            near(centre(date), middle(last).0, 0.1);
            assert!(date.bottom < last.bottom);
        }
    }
}

#[test]
fn unsealed_joint_names_stand_one_below_the_other() {
    let mut document = sealed(&["奈曼旗人民政府办公室", "奈曼旗财政局"], 42.0);
    document.seal = Seal::None;
    let pages = set(&document);
    assert!(pages.images().is_empty());
    let names = of(&pages, Part::Signature);
    let date = one(&pages, Part::DocDate);
    near(names[1].baseline - names[0].baseline, PITCH, 0.01);
    near(date.baseline - names[1].baseline, PITCH, 0.01);
    near(names[0].right, RIGHT - 2.0 * CELL, 0.05);
    near(names[1].left, names[0].left, 0.05);
    near(date.left - names[0].left, 2.0 * CELL, 0.05);
}

#[test]
fn a_stamp_stands_two_lines_below_the_text_with_the_office_at_its_left() {
    let stamp = |title: &str, drawn: bool| StampMark {
        office_title: words(title),
        picture: drawn.then(|| (picture(RING), Origin::Program)),
        width: Some(24.0),
    };
    let mut document = circular(filler(1, 100));
    document.format = Format::Order;
    document.seal = Seal::Stamp;
    document.edition.seal = true;
    document.stamps = vec![stamp("旗长", true), stamp("旗人民武装部部长", true)];
    let pages = set(&document);
    let [first, second] = pages.images() else {
        panic!("two stamps")
    };
    let text = of(&pages, Part::MainText);
    near(first.top - text.last().unwrap().bottom, 20.78, 0.6);
    let offices = of(&pages, Part::Signature);
    for (image, office) in [first, second].into_iter().zip(offices) {
        near(image.right, RIGHT - 4.0 * CELL, 0.01);
        near(image.right - image.left, 24.0, 0.01);
        near(office.right, image.left - 2.0 * CELL, 0.05);
        near((office.top + office.bottom) / 2.0, middle(image).1, 0.05);
    }
    assert!(second.top > first.bottom);
    let date = one(&pages, Part::DocDate);
    near(date.top - second.bottom, 10.39, 0.05);
    near(date.right, RIGHT - 4.0 * CELL, 0.05);
    document.stamps = vec![stamp("旗长", false)];
    document.edition.seal = false;
    let pages = set(&document);
    assert!(pages.images().is_empty());
    near(one(&pages, Part::DocDate).right, RIGHT - 4.0 * CELL, 0.05);
}

#[test]
fn a_picture_that_cannot_be_drawn_is_a_fault() {
    for data in ["<svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><g>"] {
        let mut document = sealed(&["奈曼旗人民政府"], 45.0);
        document.seals[0].picture = picture(data);
        let (pages, faults) = set_with_notes(&document);
        assert!(pages.is_none());
        assert_eq!(faults[0].code, "page/picture/damaged");
    }
}

/// The ring once ran through the page number and through the note.
#[test]
fn a_seal_stays_in_the_type_area_and_off_the_note() {
    for (diameter, note) in [
        (42.0, ""),
        (45.0, "（此件公开发布）"),
        (
            50.0,
            "（联系人：政务公开值班室，电话：0000-0000000，邮箱：zwgk@example.cn）",
        ),
    ] {
        for lines in 1..30 {
            for agencies in [
                &["某县人民政府办公室"][..],
                &["甲县人民政府办公室", "甲县财政局"],
            ] {
                let mut document = sealed(agencies, diameter);
                document.main_text = filler(1, 26 + 28 * lines);
                if !note.is_empty() {
                    document.note = Some(words(note));
                }
                let pages = set(&document);
                for image in pages.images() {
                    // One line of text cannot stand on both pages.
                    let most = if lines == 1 { 269.0 } else { 262.1 };
                    assert!(image.bottom <= most, "{lines} lines: {}", image.bottom);
                    for line in of(&pages, Part::Note) {
                        let apart = line.page != image.page
                            || line.right < image.left
                            || line.top > image.bottom;
                        assert!(apart, "{lines} lines, {diameter}: {line} under {image}");
                    }
                }
                assert_eq!(pages.images().len(), agencies.len());
            }
        }
    }
}

/// A note once stood one character to the line at the left of three seals, and a long term reached out of
/// the type area.
#[test]
fn beside_many_seals_the_note_stays_whole_and_the_names_inside() {
    let names = [
        "样例县人力资源和社会保障局",
        "中共样例县委宣传部",
        "共青团样例县委员会",
        "样例县公安局",
    ];
    for agencies in 2..=names.len() {
        let mut document = sealed(&names[..agencies], 42.0);
        document.note = Some(words("（此件不予公开）"));
        let pages = set(&document);
        let note = of(&pages, Part::Note);
        assert_eq!(note.len(), 1, "{agencies} agencies");
        for image in pages.images() {
            let apart = note[0].right < image.left || note[0].top > image.bottom;
            assert!(apart, "{agencies} agencies: {} under {image}", note[0]);
        }
        for name in of(&pages, Part::Signature) {
            assert!(name.left > LEFT - 0.1, "{agencies} agencies: {name}");
        }
    }
}
