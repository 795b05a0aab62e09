//! Drawings against the ink that was measured on the same pages.

use super::*;

const MM: f64 = 25.4 / 72.0;

/// Where each glyph of a drawing starts, in millimetres.
fn starts(drawing: &Drawing) -> Vec<(f64, f64)> {
    let mut starts = Vec::new();
    for item in &drawing.items {
        let DrawnInk::Glyphs { glyphs, .. } = &item.ink else {
            continue;
        };
        let [a, b, c, d, e, f] = item.matrix;
        starts.extend(glyphs.iter().map(|(_, x, y)| {
            let across = a * x + c * y + e;
            let down = b * x + d * y + f;
            (across * MM, down * MM)
        }));
    }
    starts
}

#[test]
fn every_glyph_is_drawn_where_its_ink_was_measured() {
    let pages = set(&circular(filler(9, 150)));
    let mut stock = Stock::default();
    for page in 0..pages.len() {
        let drawing = pages.drawing(page, &mut stock);
        assert!(drawing.complete);
        near(drawing.width * MM, 210.0, 0.01);
        let starts = starts(&drawing);
        for line in pages.ink().iter().filter(|line| line.page == page + 1) {
            for cell in &line.cells {
                let here = |(x, y): &(f64, f64)| {
                    (x - cell).abs() < 0.01 && (y - line.baseline).abs() < 0.01
                };
                assert!(starts.iter().any(here), "page {page}: {line}");
            }
        }
    }
    let filled = stock
        .outlines()
        .iter()
        .filter(|outline| !outline.path.is_empty());
    assert!(filled.count() > 50);
}

#[test]
fn glyphs_keep_their_numbers_from_one_drawing_to_the_next() {
    let mut stock = Stock::default();
    let first = set(&circular(filler(1, 60))).drawing(0, &mut stock);
    let known = stock.outlines().to_vec();
    let longer = set(&circular(vec![paragraph("另外的字：甲乙丙丁。")]));
    longer.drawing(0, &mut stock);
    assert_eq!(&stock.outlines()[..known.len()], &known[..]);
    assert!(stock.outlines().len() > known.len());
    let again = set(&circular(filler(1, 60))).drawing(0, &mut stock);
    assert_eq!(first, again);
}

#[test]
fn a_seal_is_drawn_as_a_picture_of_its_size() {
    let pages = set(&seals::sealed(&["奈曼旗人民政府"], 42.0));
    let mut stock = Stock::default();
    let last = pages.drawing(pages.images()[0].page - 1, &mut stock);
    let pictures: Vec<_> = last
        .items
        .iter()
        .filter_map(|item| match item.ink {
            DrawnInk::Picture(number, width, height) => Some((number, width, height)),
            _ => None,
        })
        .collect();
    let [(number, width, height)] = pictures[..] else {
        panic!("one picture: {pictures:?}")
    };
    near(width * MM, 42.0, 0.01);
    near(height * MM, 42.0, 0.01);
    assert_eq!(stock.picture(number).unwrap().kind, "image/svg+xml");
    assert!(last.complete);
}
