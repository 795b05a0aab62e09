//! The ink on the pages. Comes in: the frames that Typst set and the list of sources. Goes out: each
//! line with the edges of its real outlines, each rule and each picture, in millimetres from the page's top left.

use std::fmt;

use rayon::prelude::*;
use typst::foundations::Value;
use typst::introspection::{MetadataElem, Tag};
use typst::layout::{Abs, Frame, FrameItem, Point, Size, Transform};
use typst::text::TextItem;
use typst::visualize::{Color, Geometry, Paint, ProcessColor, Shape};
use typst_layout::PagedDocument;

use super::fonts::Fonts;
use super::setting;
use super::sheet::{InkColumn, Part, Source};
use crate::document::Run;
use crate::model::Inks;

/// The ink of one line on one page.
#[derive(Clone, Debug, PartialEq)]
pub struct InkLine {
    /// Counted from 1.
    pub page: usize,
    pub part: Part,
    /// The block inside the part, counted from 0.
    pub block: usize,
    pub text: String,
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    /// The height of the baseline; of a turned line its distance from the page's left edge.
    pub baseline: f64,
    /// Whether the line runs upwards, on a page that lies across the sheet.
    pub turned: bool,
    /// Where each glyph's cell starts.
    pub cells: Vec<f64>,
    /// Where the last glyph's cell ends.
    pub end: f64,
    /// The ink of each glyph that has any.
    pub glyphs: Vec<InkGlyph>,
    /// The family that draws most of the line.
    pub family: String,
    /// The size in points, as high as it appears.
    pub size: f64,
    /// The colour, as `#rrggbb`, or its inks, as `C0 M80 Y80 K0`.
    pub fill: String,
    /// The runs of words that the line shows, in their order.
    pub runs: Vec<Run>,
    /// How many bytes of the first run stand on the lines before.
    pub shown_before: usize,
    /// Of a cell, the column it stands in.
    pub column: Option<InkColumn>,
    /// Where the line's end divides what is written without a blank.
    pub cut: Option<Cut>,
}

/// A word, a number or an address that goes on in the next line.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// All of it, if it is not overlong; of a figure of a date also the letter behind it.
    pub word: String,
    /// How many bytes stand on this line.
    pub at: usize,
}

impl Cut {
    /// What an end at `at` divides.
    fn of(text: &str, at: usize) -> Option<Cut> {
        /// Of a longer one so much is told on either side.
        const MOST: usize = 200;
        let (before, behind) = text.split_at_checked(at)?;
        let joined = |letter: &u8| letter.is_ascii_graphic();
        let length = before.bytes().rev().take(MOST).take_while(joined).count();
        let head = &before[at - length..];
        let next = behind.chars().next()?;
        let tail = match behind.bytes().take(MOST).take_while(joined).count() {
            0 if head.ends_with(|letter: char| letter.is_ascii_digit())
                && "年月日".contains(next) =>
            {
                next.len_utf8()
            }
            length => length,
        };
        (!head.is_empty() && tail > 0).then(|| Cut {
            word: format!("{head}{}", &behind[..tail]),
            at: head.len(),
        })
    }
}

/// The ink of one glyph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InkGlyph {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

/// A rule or border.
#[derive(Clone, Debug, PartialEq)]
pub struct InkRule {
    /// Counted from 1.
    pub page: usize,
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    /// The colour, as `#rrggbb`, or its inks, as `C0 M80 Y80 K0`.
    pub fill: String,
}

/// A picture, or the outline of a seal or stamp.
#[derive(Clone, Debug, PartialEq)]
pub struct InkImage {
    /// Counted from 1.
    pub page: usize,
    pub part: Part,
    /// The block inside the part, counted from 0.
    pub block: usize,
    /// What it belongs to, such as the agency of a seal.
    pub text: String,
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    /// Whether only its outline is drawn.
    pub outline: bool,
}

impl fmt::Display for InkImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let InkImage {
            page,
            part,
            text,
            left,
            right,
            top,
            bottom,
            outline,
            ..
        } = self;
        let kind = if *outline { "轮廓" } else { "图" };
        write!(
            f,
            "p{page} y {top:.2}–{bottom:.2} x {left:.2}–{right:.2} {kind} {part} {text}"
        )
    }
}

impl InkLine {
    pub fn is_black(&self) -> bool {
        is_black(&self.fill)
    }
}

impl InkRule {
    pub fn is_black(&self) -> bool {
        is_black(&self.fill)
    }

    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    pub fn thickness(&self) -> f64 {
        self.bottom - self.top
    }

    /// The height of its middle.
    pub fn middle(&self) -> f64 {
        (self.top + self.bottom) / 2.0
    }
}

impl fmt::Display for InkLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let InkLine {
            page,
            part,
            text,
            left,
            right,
            top,
            bottom,
            family,
            size,
            ..
        } = self;
        write!(
            f,
            "p{page} y {top:.2}–{bottom:.2} x {left:.2}–{right:.2} {family} {size:.1}pt {part} {text}"
        )
    }
}

impl fmt::Display for InkRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let InkRule {
            page,
            left,
            right,
            top,
            bottom,
            fill,
        } = self;
        write!(
            f,
            "p{page} y {top:.2}–{bottom:.2} x {left:.2}–{right:.2} 线 {fill}"
        )
    }
}

/// All that a document's pages show.
#[derive(Default)]
pub struct Ink {
    pub lines: Vec<InkLine>,
    pub rules: Vec<InkRule>,
    pub images: Vec<InkImage>,
}

/// Reads the ink of all pages.
pub fn measure(document: &PagedDocument, sources: &[Source], fonts: &Fonts) -> Ink {
    let pages = document.pages().par_iter().enumerate();
    let read = pages.map(|(index, page)| {
        let mut walk = Walk::new(index + 1, sources, fonts);
        walk.frame(&page.frame, Transform::identity());
        walk.finished()
    });
    let mut all = Ink::default();
    for page in read.collect::<Vec<Ink>>() {
        all.lines.extend(page.lines);
        all.rules.extend(page.rules);
        all.images.extend(page.images);
    }
    all
}

struct Walk<'a> {
    fonts: &'a Fonts,
    sources: &'a [Source],
    page: usize,
    /// The entry of the list that the next words belong to.
    tag: Option<usize>,
    lines: Vec<Open>,
    rules: Vec<InkRule>,
    images: Vec<InkImage>,
}

/// A line that may still grow.
struct Open {
    tag: usize,
    line: InkLine,
    /// Glyphs by family.
    families: Vec<(String, usize)>,
}

impl Open {
    fn finished(mut self, sources: &[Source]) -> InkLine {
        let most = self.families.iter().max_by_key(|(_, count)| *count);
        self.line.family = most.map(|(family, _)| family.clone()).unwrap_or_default();
        let source = &sources[self.tag];
        let (start, end) = (source.start, source.start + self.line.text.len());
        let mut at = 0;
        for run in &source.words.0 {
            let range = at..at + run.text.len();
            at = range.end;
            if range.start < end && start < range.end {
                if self.line.runs.is_empty() {
                    self.line.shown_before = start.saturating_sub(range.start);
                }
                if range.contains(&end) {
                    self.line.cut = Cut::of(&run.text, end - range.start);
                }
                self.line.runs.push(run.clone());
            }
        }
        self.line
    }
}

impl<'a> Walk<'a> {
    fn new(page: usize, sources: &'a [Source], fonts: &'a Fonts) -> Self {
        Walk {
            fonts,
            sources,
            page,
            tag: None,
            lines: Vec::new(),
            rules: Vec::new(),
            images: Vec::new(),
        }
    }

    fn finished(self) -> Ink {
        let shown = |open: &Open| open.line.left <= open.line.right;
        let lines = self.lines.into_iter().filter(shown);
        Ink {
            lines: lines.map(|line| line.finished(self.sources)).collect(),
            rules: self.rules,
            images: self.images,
        }
    }

    fn frame(&mut self, frame: &Frame, transform: Transform) {
        for (position, item) in frame.items() {
            let here = transform.pre_concat(Transform::translate(position.x, position.y));
            match item {
                FrameItem::Group(group) => {
                    self.frame(&group.frame, here.pre_concat(group.transform));
                }
                FrameItem::Text(text) => self.text(text, here),
                FrameItem::Shape(shape, _) => self.shape(shape, here),
                FrameItem::Tag(Tag::Start(element, _)) => {
                    if let Some(metadata) = element.to_packed::<MetadataElem>()
                        && let Value::Int(tag) = metadata.value
                    {
                        self.tag = usize::try_from(tag).ok();
                    }
                }
                FrameItem::Image(_, size, _) => self.image(*size, here, false),
                FrameItem::Tag(Tag::End(..)) | FrameItem::Link(..) => {}
            }
        }
    }

    fn image(&mut self, size: Size, transform: Transform, outline: bool) {
        let source = &self.sources[self.tag.expect("the templates tag every picture")];
        let from = Point::zero().transform(transform);
        let to = size.to_point().transform(transform);
        self.images.push(InkImage {
            page: self.page,
            part: source.part,
            block: source.block,
            text: source.words.text(),
            left: from.x.min(to.x).to_mm(),
            right: from.x.max(to.x).to_mm(),
            top: from.y.min(to.y).to_mm(),
            bottom: from.y.max(to.y).to_mm(),
            outline,
        });
    }

    fn text(&mut self, text: &TextItem, transform: Transform) {
        let Some(first) = text.glyphs.first() else {
            return;
        };
        let tag = setting::tag(first.span.0);
        let origin = Point::zero().transform(transform);
        let turned = transform.sy.get().abs() < 1e-6;
        let baseline = if turned { origin.x } else { origin.y }.to_mm();
        let goes_on = self
            .lines
            .last()
            .is_some_and(|open| open.tag == tag && (open.line.baseline - baseline).abs() < 0.01);
        if !goes_on {
            let source = &self.sources[tag];
            self.lines.push(Open {
                tag,
                families: Vec::new(),
                line: InkLine {
                    page: self.page,
                    part: source.part,
                    block: source.block,
                    text: String::new(),
                    left: f64::INFINITY,
                    right: f64::NEG_INFINITY,
                    top: f64::INFINITY,
                    bottom: f64::NEG_INFINITY,
                    baseline,
                    turned,
                    cells: Vec::new(),
                    end: 0.0,
                    glyphs: Vec::new(),
                    family: String::new(),
                    size: (text.size * transform.sy.get().hypot(transform.kx.get())).to_pt(),
                    fill: colour(&text.fill),
                    runs: Vec::new(),
                    shown_before: 0,
                    column: source.column.clone(),
                    cut: None,
                },
            });
        }
        let open = self.lines.last_mut().expect("a line is open");
        open.line.text.push_str(&text.text);
        let family = &text.font.font().info().family;
        match open.families.iter_mut().find(|(name, _)| name == family) {
            Some((_, count)) => *count += text.glyphs.len(),
            None => open.families.push((family.clone(), text.glyphs.len())),
        }
        let mut pen = Abs::zero();
        for glyph in &text.glyphs {
            let start = pen + glyph.x_offset.at(text.size);
            pen += glyph.x_advance.at(text.size);
            let edge = |x: Abs| {
                let edge = Point::new(x, Abs::zero()).transform(transform);
                if turned { edge.y } else { edge.x }.to_mm()
            };
            open.line.cells.push(edge(start));
            open.line.end = edge(pen);
            let bounds = self.fonts.bounds(text.font.font(), glyph.id);
            let Some(bounds) = bounds else { continue };
            let at = |x: i16, y: i16| {
                let x = start + text.font.to_em(x).at(text.size);
                let y = -text.font.to_em(y).at(text.size);
                Point::new(x, y).transform(transform)
            };
            let (one, other) = (
                at(bounds.x_min, bounds.y_min),
                at(bounds.x_max, bounds.y_max),
            );
            let glyph = InkGlyph {
                left: one.x.min(other.x).to_mm(),
                right: one.x.max(other.x).to_mm(),
                top: one.y.min(other.y).to_mm(),
                bottom: one.y.max(other.y).to_mm(),
            };
            let line = &mut open.line;
            line.left = line.left.min(glyph.left);
            line.right = line.right.max(glyph.right);
            line.top = line.top.min(glyph.top);
            line.bottom = line.bottom.max(glyph.bottom);
            line.glyphs.push(glyph);
        }
    }

    fn shape(&mut self, shape: &Shape, transform: Transform) {
        // Only outlines are dashed.
        if shape
            .stroke
            .as_ref()
            .is_some_and(|stroke| stroke.dash.is_some())
        {
            return self.image(shape.geometry.bbox(None).size(), transform, true);
        }
        let from = Point::zero().transform(transform);
        let (to, half) = match &shape.geometry {
            Geometry::Line(to) => {
                let half = shape
                    .stroke
                    .as_ref()
                    .map_or(Abs::zero(), |s| s.thickness / 2.0);
                (to.transform(transform), half)
            }
            Geometry::Rect(size) => (size.to_point().transform(transform), Abs::zero()),
            Geometry::Curve(_) => return,
        };
        let level = (from.y - to.y).abs() < (from.x - to.x).abs();
        let (dx, dy) = if level {
            (Abs::zero(), half)
        } else {
            (half, Abs::zero())
        };
        let paint = shape
            .stroke
            .as_ref()
            .map(|stroke| &stroke.paint)
            .or(shape.fill.as_ref());
        self.rules.push(InkRule {
            page: self.page,
            left: (from.x.min(to.x) - dx).to_mm(),
            right: (from.x.max(to.x) + dx).to_mm(),
            top: (from.y.min(to.y) - dy).to_mm(),
            bottom: (from.y.max(to.y) + dy).to_mm(),
            fill: paint.map(colour).unwrap_or_default(),
        });
    }
}

/// Tells whether a colour is black on a screen or for the press.
fn is_black(fill: &str) -> bool {
    ["#000000", "C0 M0 Y0 K100"].contains(&fill)
}

fn colour(paint: &Paint) -> String {
    match paint {
        Paint::Solid(Color::Process(ProcessColor::Cmyk(inks))) => {
            let percent = |part: f32| (part * 100.0).round() as u8;
            Inks([inks.c, inks.m, inks.y, inks.k].map(percent)).to_string()
        }
        Paint::Solid(color) => color.to_hex().to_string(),
        Paint::Gradient(_) | Paint::Tiling(_) => String::new(),
    }
}
