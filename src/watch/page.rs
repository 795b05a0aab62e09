//! A page for the browser. Comes in: a page of a draft. Goes out: JSON with what to draw and, above
//! it, the words with their edges, in points; and the page's look, a number that differs where any
//! of that differs.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::Serialize;

use super::segments::{height, segments};
use crate::typeset::{Drawing, Drawn, DrawnInk, InkLine, Outline, Pages, Stock};

/// Points in a millimetre.
const POINTS: f64 = 72.0 / 25.4;

/// A page as the browser gets it.
pub struct Page {
    pub look: String,
    pub width: f64,
    pub height: f64,
    pub json: Arc<[u8]>,
}

#[derive(Serialize)]
struct PageJson<'a> {
    width: f64,
    height: f64,
    complete: bool,
    items: Vec<ItemJson<'a>>,
    lines: Vec<LineJson<'a>>,
}

/// Matrix, colour inside, colour and width of the edge; then a path, or a size and its glyphs, or a
/// picture with its width and height.
#[derive(Serialize)]
#[serde(untagged)]
enum ItemJson<'a> {
    Path(
        &'a [f64; 6],
        Option<&'a str>,
        Option<&'a (String, f64)>,
        &'a str,
    ),
    Glyphs(
        &'a [f64; 6],
        Option<&'a str>,
        Option<&'a (String, f64)>,
        f64,
        &'a [(usize, f64, f64)],
    ),
    Picture(&'a [f64; 6], (), (), usize, f64, f64),
}

#[derive(Serialize)]
struct LineJson<'a> {
    top: f64,
    height: f64,
    part: String,
    /// Left, right, words, and whether they are a value.
    words: Vec<(f64, f64, &'a str, bool)>,
}

/// Makes all pages; glyphs and pictures that are new go to `stock`.
pub fn pages(pages: &Pages, stock: &mut Stock) -> Vec<Page> {
    let mut lines = pages.ink();
    (0..pages.len())
        .map(|index| {
            let drawing = pages.drawing(index, stock);
            let own = lines.iter().take_while(|line| line.page == index + 1);
            let (own, rest) = lines.split_at(own.count());
            lines = rest;
            page(&drawing, own)
        })
        .collect()
}

fn page(drawing: &Drawing, lines: &[InkLine]) -> Page {
    let page = PageJson {
        width: drawing.width,
        height: drawing.height,
        complete: drawing.complete,
        items: drawing.items.iter().map(item).collect(),
        lines: lines.iter().map(line).collect(),
    };
    let json = serde_json::to_vec(&page).expect("a page holds only text and finite numbers");
    let mut look = DefaultHasher::new();
    json.hash(&mut look);
    Page {
        look: format!("{:016x}", look.finish()),
        width: drawing.width,
        height: drawing.height,
        json: json.into(),
    }
}

fn item(drawn: &Drawn) -> ItemJson<'_> {
    let (fill, stroke) = (drawn.fill.as_deref(), drawn.stroke.as_ref());
    match &drawn.ink {
        DrawnInk::Path(path) => ItemJson::Path(&drawn.matrix, fill, stroke, path),
        DrawnInk::Picture(number, width, height) => {
            ItemJson::Picture(&drawn.matrix, (), (), *number, *width, *height)
        }
        DrawnInk::Glyphs { size, glyphs } => {
            ItemJson::Glyphs(&drawn.matrix, fill, stroke, *size, glyphs)
        }
    }
}

fn line(line: &InkLine) -> LineJson<'_> {
    let (top, bottom) = height(line);
    let words = segments(line).into_iter().map(|segment| {
        let (left, right) = (points(segment.left), points(segment.right));
        (left, right, segment.text, segment.is_value())
    });
    LineJson {
        top: points(top),
        height: points(bottom - top),
        part: line.part.to_string(),
        words: words.collect(),
    }
}

/// Millimetres as points, to a hundredth.
pub fn points(millimetres: f64) -> f64 {
    (millimetres * POINTS * 100.0).round() / 100.0
}

/// The outlines of glyphs as JSON: units per em and path of each.
pub fn outlines(outlines: &[Outline]) -> Vec<u8> {
    let pairs: Vec<(f64, &str)> = outlines
        .iter()
        .map(|outline| (outline.units_per_em, outline.path.as_str()))
        .collect();
    serde_json::to_vec(&pairs).expect("outlines hold only text and finite numbers")
}
