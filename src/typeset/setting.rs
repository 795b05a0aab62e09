//! Setting: letters become glyphs. Comes in: a line as the page templates hand it on. Goes out: a frame
//! with each letter where the program has measured it.
//!
//! Typst's own way with text narrows marks beside each other and at the ends of lines, and settles once
//! more what breaking the lines has settled. So the templates have functions of ours: `set-lines` for
//! the lines of a paragraph, `set-cells` for a row of cells, and
//! `set-label` for one line whose baseline starts where it is placed. Size, colour and edges are those
//! that the templates give to text.

mod draw;

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};
use typst::comemo::Tracked;
use typst::diag::SourceResult;
use typst::engine::Engine;
use typst::foundations::{
    Args, Array, Content, Context, IntoValue, NativeElement, NativeFuncData, NativeFuncPtr, Packed,
    Reflect, Scope, StyleChain, Value,
};
use typst::introspection::{Locator, MetadataElem};
use typst::layout::{Abs, BlockElem, Frame, InlineElem, InlineItem, Point, Region, Size};
use typst::text::{BottomEdge, TextElem, TopEdge};

use super::measures::measures;
use draw::Pen;
pub use draw::tag;

/// One line: the templates place it and never look into it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// What the line's letters belong to; the index of an entry in the sheet's list.
    pub tag: usize,
    /// Where the line starts, in points from the left edge.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lead: f64,
    /// The width in points, without `lead`.
    pub width: f64,
    pub pieces: Vec<Piece>,
    /// The place of the line's first letter in the words, in bytes.
    #[serde(skip)]
    pub start: usize,
}

/// Letters of one face that stand equally far from each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    pub text: String,
    /// The number of the face among all.
    pub face: usize,
    /// Space between the letters, in points.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tracking: f64,
    /// Space after the last letter, in points; negative where a mark is narrowed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub after: f64,
    /// Whether the letters are made bolder than the face is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bold: bool,
}

/// Most distances are zero, and what is not written need not be read.
fn is_zero(distance: &f64) -> bool {
    *distance == 0.0
}

/// The lines of a paragraph on one page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Text<'a> {
    pub lines: Cow<'a, [Line]>,
    /// The distance between baselines, in points.
    pub pitch: f64,
}

/// The lines of a table's cell.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CellLines {
    pub lines: Vec<Line>,
    /// The type size, in points.
    pub size: f64,
    /// The distance between baselines, in points.
    pub pitch: f64,
    pub align: Align,
    /// What stays free at both sides, above and below, in points.
    pub inset: (f64, f64),
}

/// Where the lines of a cell stand.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    Left,
    Center,
    Right,
}

impl CellLines {
    /// How high the cell is, in points.
    pub fn height(&self) -> f64 {
        self.height_of(self.lines.len())
    }

    /// How high it would be with `count` lines.
    pub fn height_of(&self, count: usize) -> f64 {
        let measures = measures();
        let text = (measures.table_ink_top_em + measures.table_ink_bottom_em) * self.size;
        count.saturating_sub(1) as f64 * self.pitch + text + 2.0 * self.inset.1
    }

    /// How many lines `height` holds.
    pub fn lines_in(&self, height: f64) -> usize {
        const ROUNDING: f64 = 1e-6;
        let further = height - self.height_of(1);
        if further < -ROUNDING {
            return 0;
        }
        1 + (further / self.pitch + ROUNDING) as usize
    }
}

impl Text<'_> {
    /// One line alone.
    pub fn of(line: Line) -> Self {
        Text {
            lines: vec![line].into(),
            pitch: 0.0,
        }
    }
}

#[cfg(test)]
impl Line {
    /// The letters alone.
    pub fn text(&self) -> String {
        let texts = self.pieces.iter().map(|piece| piece.text.as_str());
        texts.collect()
    }
}

/// Writes a line or cell for the templates: as one text, which costs Typst less than what it holds.
pub fn sealed<T: Serialize, S: Serializer>(one: &T, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&seal(one))
}

/// Writes lines or cells for the templates.
pub fn sealed_all<T: Serialize, S: Serializer>(all: &[T], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(all.iter().map(seal))
}

fn seal<T: Serialize>(one: &T) -> String {
    serde_json::to_string(one).expect("lines hold only text and finite numbers")
}

fn opened<T: DeserializeOwned>(carried: &Packed<MetadataElem>) -> T {
    let opened = match &carried.value {
        Value::Str(sealed) => serde_json::from_str(sealed).ok(),
        _ => None,
    };
    opened.expect("internal error: the templates hand lines and cells on as they are")
}

/// `set-lines(text)`: the lines of a paragraph, each as wide as the program has made it.
pub static SET_LINES: NativeFuncData = function("set-lines", &|_, _, args| {
    let text = carried(args.expect("text")?);
    Ok(InlineElem::layouter(text, set_lines).pack().into_value())
});

/// `set-label(line)`: a line without width and height.
pub static SET_LABEL: NativeFuncData = function("set-label", &|_, _, args| {
    let line = carried(args.expect("line")?);
    Ok(BlockElem::single_layouter(line, set_label)
        .pack()
        .into_value())
});

/// `set-cells(cells)`: a row of cells.
pub static SET_CELLS: NativeFuncData = function("set-cells", &|_, _, args| {
    let cells: Array = args.expect("cells")?;
    let cells = cells.into_iter().map(|cell| {
        let cell = BlockElem::single_layouter(carried(cell), set_cell);
        cell.pack().into_value()
    });
    Ok(cells.collect::<Array>().into_value())
});

type Body = dyn Fn(&mut Engine, Tracked<Context>, &mut Args) -> SourceResult<Value> + Send + Sync;

const fn function(name: &'static str, body: &'static Body) -> NativeFuncData {
    NativeFuncData {
        function: NativeFuncPtr(body),
        name,
        title: name,
        docs: "",
        def_site: None,
        keywords: &[],
        contextual: false,
        scope: LazyLock::new(&Scope::new),
        params: LazyLock::new(&Vec::new),
        returns: LazyLock::new(&Content::output),
    }
}

/// Layout carries an element; that of metadata holds any value.
fn carried(line: Value) -> Packed<MetadataElem> {
    Packed::new(MetadataElem::new(line))
}

fn set_lines(
    text: &Packed<MetadataElem>,
    engine: &mut Engine,
    _: Locator,
    styles: StyleChain,
    region: Size,
) -> SourceResult<Vec<InlineItem>> {
    let text: Text = opened(text);
    let (top, bottom) = edges(styles);
    let further = text.lines.len().saturating_sub(1) as f64 * Abs::pt(text.pitch);
    let widths = text.lines.iter().map(|line| line.lead + line.width);
    let width = Abs::pt(widths.fold(0.0, f64::max)).min(region.x);
    let mut frame = Frame::soft(Size::new(width, further + top - bottom));
    let mut baseline = top;
    let mut pen = Pen::new(engine, styles);
    for line in text.lines.iter() {
        pen.draw(line, Point::with_y(baseline), &mut frame);
        baseline += Abs::pt(text.pitch);
    }
    frame.set_baseline(top);
    Ok(vec![InlineItem::Frame(frame)])
}

fn set_label(
    line: &Packed<MetadataElem>,
    engine: &mut Engine,
    _: Locator,
    styles: StyleChain,
    _: Region,
) -> SourceResult<Frame> {
    let mut frame = Frame::soft(Size::zero());
    let line: Line = opened(line);
    Pen::new(engine, styles).draw(&line, Point::zero(), &mut frame);
    Ok(frame)
}

fn set_cell(
    cell: &Packed<MetadataElem>,
    engine: &mut Engine,
    _: Locator,
    styles: StyleChain,
    region: Region,
) -> SourceResult<Frame> {
    let cell: CellLines = opened(cell);
    let (side, above) = (Abs::pt(cell.inset.0), Abs::pt(cell.inset.1));
    let (pitch, width) = (Abs::pt(cell.pitch), region.size.x);
    let top = Abs::pt(measures().table_ink_top_em * cell.size);
    let mut frame = Frame::soft(Size::new(width, Abs::pt(cell.height())));
    let mut baseline = above + top;
    let mut pen = Pen::new(engine, styles);
    for line in &cell.lines {
        let free = width - Abs::pt(line.width);
        let x = match cell.align {
            Align::Left => side,
            Align::Center => free / 2.0,
            Align::Right => free - side,
        };
        pen.draw(line, Point::new(x, baseline), &mut frame);
        baseline += pitch;
    }
    Ok(frame)
}

/// How far text reaches above and (a negative length) below its baseline.
fn edges(styles: StyleChain) -> (Abs, Abs) {
    let size = styles.resolve(TextElem::size);
    let edges = (
        styles.get(TextElem::top_edge),
        styles.get(TextElem::bottom_edge),
    );
    let (TopEdge::Length(top), BottomEdge::Length(bottom)) = edges else {
        unreachable!("internal error: the templates give the edges of text as lengths")
    };
    (top.at(size), bottom.at(size))
}
