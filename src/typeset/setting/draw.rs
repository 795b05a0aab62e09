//! The glyphs of a line. Comes in: its pieces and the style of the place. Goes out: text on a frame,
//! each glyph naming the entry of the sheet's list that it belongs to.

use std::num::NonZeroU64;

use typst::World;
use typst::comemo::Tracked;
use typst::engine::Engine;
use typst::foundations::StyleChain;
use typst::layout::{Abs, Em, Frame, FrameItem, Point};
use typst::syntax::Span;
use typst::text::{Glyph, Lang, Region, TextElem, TextItem};
use typst::visualize::{FixedStroke, Paint};

use super::{Line, Piece};
use crate::typeset::fonts::Chinese;
use crate::typeset::measures::measures;

/// What the letters of a place are drawn with.
pub struct Pen<'a> {
    world: Tracked<'a, dyn World + 'a>,
    size: Abs,
    fill: Paint,
    stroke: Option<FixedStroke>,
    lang: Lang,
    region: Option<Region>,
    /// The faces so far, by number.
    faces: Vec<(usize, Chinese)>,
}

impl<'a> Pen<'a> {
    pub fn new(engine: &Engine<'a>, styles: StyleChain) -> Self {
        let stroke = styles.resolve(TextElem::stroke);
        Pen {
            world: engine.world,
            size: styles.resolve(TextElem::size),
            fill: styles.get_cloned(TextElem::fill),
            stroke: stroke.map(|stroke| stroke.unwrap_or_default()),
            lang: styles.get(TextElem::lang),
            region: styles.get(TextElem::region),
            faces: Vec::new(),
        }
    }

    /// Puts the letters of a line into a frame, its baseline starting at `at`.
    pub fn draw(&mut self, line: &Line, mut at: Point, frame: &mut Frame) {
        at.x += Abs::pt(line.lead);
        let alike = |a: &Piece, b: &Piece| (a.face, a.bold) == (b.face, b.bold);
        for pieces in line.pieces.chunk_by(alike) {
            let item = self.item(pieces, line.tag);
            let width = item.width();
            frame.push(at, FrameItem::Text(item));
            at.x += width;
        }
    }

    /// The glyphs of pieces of one face.
    fn item(&mut self, pieces: &[Piece], tag: usize) -> TextItem {
        let face = self.face(pieces[0].face).clone();
        let mut item = TextItem {
            size: self.size,
            fill: self.fill.clone(),
            stroke: self.stroke.clone(),
            lang: self.lang,
            region: self.region,
            text: Default::default(),
            glyphs: Vec::with_capacity(pieces.iter().map(|piece| piece.text.len() / 3 + 1).sum()),
            font: face.font.clone(),
        };
        if pieces[0].bold {
            let thickness = Em::new(measures().bold_stroke_em).at(self.size);
            item.stroke = Some(FixedStroke::from_pair(self.fill.clone(), thickness));
        }
        for piece in pieces {
            shape(piece, tag, &face, &mut item);
        }
        item
    }

    fn face(&mut self, number: usize) -> &Chinese {
        let known = self.faces.iter().position(|(known, _)| *known == number);
        let index = known.unwrap_or_else(|| {
            let font = self.world.font(number);
            let font = font.expect("internal error: lines name faces that there are");
            self.faces.push((number, Chinese::of(font)));
            self.faces.len() - 1
        });
        &self.faces[index].1
    }
}

/// Adds the glyphs of a piece to `item`.
fn shape(piece: &Piece, tag: usize, face: &Chinese, item: &mut TextItem) {
    let shaped = face.glyphs(&piece.text);
    let before = item.text.len();
    item.text.push_str(&piece.text);
    let (infos, places) = (shaped.glyph_infos(), shaped.glyph_positions());
    let em = |points: f64| Em::from_abs(Abs::pt(points), item.size);
    for (index, (info, place)) in infos.iter().zip(places).enumerate() {
        let next = infos[index..]
            .iter()
            .find(|next| next.cluster != info.cluster);
        let end = next.map_or(piece.text.len(), |next| next.cluster as usize);
        let gap = match infos.get(index + 1) {
            None => piece.after,
            Some(next) if next.cluster != info.cluster => piece.tracking,
            Some(_) => 0.0,
        };
        let place_in = |at: usize| u16::try_from(before + at).unwrap_or(u16::MAX);
        item.glyphs.push(Glyph {
            id: u16::try_from(info.glyph_id).unwrap_or_default(),
            x_advance: item.font.to_em(place.x_advance) + em(gap),
            x_offset: item.font.to_em(place.x_offset),
            y_advance: Em::zero(),
            y_offset: item.font.to_em(place.y_offset),
            range: place_in(info.cluster as usize)..place_in(end),
            span: (span(tag), 0),
        });
    }
}

/// Numbers up to here are those of Typst itself.
const OWN_SPANS: u64 = 2;

/// A place in no file whose number is that of an entry in the sheet's list.
fn span(tag: usize) -> Span {
    Span::from_raw(NonZeroU64::MIN.saturating_add(OWN_SPANS + tag as u64))
}

/// The entry of the sheet's list that a glyph's place names.
pub fn tag(span: Span) -> usize {
    (span.into_raw().get() - OWN_SPANS - 1) as usize
}
