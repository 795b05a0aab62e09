//! A page as a list of what to draw, for a canvas. Comes in: a frame that Typst set. Goes out: its
//! glyphs, shapes and pictures in points from the page's top left; glyphs and pictures by their numbers
//! in a stock that all drawings share.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

use ttf_parser::{GlyphId, OutlineBuilder};
use typst::layout::{Abs, Frame, FrameItem, Point, Transform};
use typst::text::TextItem;
use typst::visualize::{CurveItem, FixedStroke, Geometry, Image, Paint, Shape};
use typst_svg::WebImage;

/// What a page shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// In points.
    pub width: f64,
    /// In points.
    pub height: f64,
    pub items: Vec<Drawn>,
    /// Whether the items are all that the page shows; gradients and the like are not among them.
    pub complete: bool,
}

/// One thing to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// Leads from the item's own points to the page's: a, b, c, d, e and f as a canvas names them.
    pub matrix: [f64; 6],
    /// The colour inside, as `#rrggbb`.
    pub fill: Option<String>,
    /// The colour and the width of the edge.
    pub stroke: Option<(String, f64)>,
    pub ink: DrawnInk,
}

/// The form of what is drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum DrawnInk {
    /// Letters of one size: the number of each glyph and where it starts.
    Glyphs {
        size: f64,
        glyphs: Vec<(usize, f64, f64)>,
    },
    /// A path in the letters of SVG.
    Path(String),
    /// The number of a picture, its width and height.
    Picture(usize, f64, f64),
}

/// What drawings refer to by number, in the order of its first use.
#[derive(Default)]
pub struct Stock {
    /// By the address of the face's data, its number in the file, and the glyph.
    numbers: HashMap<(usize, u32, u16), usize>,
    outlines: Vec<Outline>,
    pictures: Vec<(Image, Arc<WebPicture>)>,
}

/// A picture as a browser reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct WebPicture {
    /// Such as `image/png`.
    pub kind: &'static str,
    pub bytes: Vec<u8>,
}

/// The outline of a glyph.
#[derive(Clone, Debug, PartialEq)]
pub struct Outline {
    /// How many units of the path make one em.
    pub units_per_em: f64,
    /// A path in the letters of SVG, in the face's units, its y upwards.
    pub path: String,
}

impl Stock {
    /// All outlines so far; those that were there stay where they are.
    pub fn outlines(&self) -> &[Outline] {
        &self.outlines
    }

    /// A picture; those that were there stay where they are.
    pub fn picture(&self, number: usize) -> Option<&Arc<WebPicture>> {
        self.pictures.get(number).map(|(_, picture)| picture)
    }

    fn picture_number(&mut self, image: &Image) -> usize {
        let known = self.pictures.iter().position(|(known, _)| known == image);
        known.unwrap_or_else(|| {
            let web = WebImage::new(image);
            let picture = WebPicture {
                kind: web.format.mime(),
                bytes: web.data.to_vec(),
            };
            self.pictures.push((image.clone(), picture.into()));
            self.pictures.len() - 1
        })
    }

    fn glyph_number(&mut self, text: &TextItem, glyph: u16) -> usize {
        let font = text.font.font();
        let key = (font.data().as_ptr().addr(), font.index(), glyph);
        *self.numbers.entry(key).or_insert_with(|| {
            let mut path = PathText::default();
            text.font.ttf().outline_glyph(GlyphId(glyph), &mut path);
            self.outlines.push(Outline {
                units_per_em: text.font.units_per_em(),
                path: path.0,
            });
            self.outlines.len() - 1
        })
    }
}

/// Draws a frame; what is seen for the first time goes to `stock`.
pub fn drawing(frame: &Frame, stock: &mut Stock) -> Drawing {
    let mut walk = Walk {
        stock,
        drawing: Drawing {
            width: round(frame.width()),
            height: round(frame.height()),
            items: Vec::new(),
            complete: true,
        },
    };
    walk.frame(frame, Transform::identity());
    walk.drawing
}

struct Walk<'a> {
    stock: &'a mut Stock,
    drawing: Drawing,
}

impl Walk<'_> {
    fn frame(&mut self, frame: &Frame, transform: Transform) {
        for (position, item) in frame.items() {
            let here = transform.pre_concat(Transform::translate(position.x, position.y));
            match item {
                FrameItem::Group(group) => {
                    self.drawing.complete &= group.clip.is_none();
                    self.frame(&group.frame, here.pre_concat(group.transform));
                }
                FrameItem::Text(text) => self.text(text, here),
                FrameItem::Shape(shape, _) => self.shape(shape, here),
                FrameItem::Image(image, size, _) => {
                    let number = self.stock.picture_number(image);
                    let ink = DrawnInk::Picture(number, round(size.x), round(size.y));
                    self.draw(None, None, ink, here);
                }
                FrameItem::Link(..) | FrameItem::Tag(_) => {}
            }
        }
    }

    fn text(&mut self, text: &TextItem, transform: Transform) {
        let mut pen = Point::zero();
        let mut glyphs = Vec::new();
        for glyph in &text.glyphs {
            let x = pen.x + glyph.x_offset.at(text.size);
            let y = pen.y + glyph.y_offset.at(text.size);
            glyphs.push((self.stock.glyph_number(text, glyph.id), round(x), -round(y)));
            pen.x += glyph.x_advance.at(text.size);
            pen.y += glyph.y_advance.at(text.size);
        }
        let ink = DrawnInk::Glyphs {
            size: round(text.size),
            glyphs,
        };
        self.draw(Some(&text.fill), text.stroke.as_ref(), ink, transform);
    }

    fn shape(&mut self, shape: &Shape, transform: Transform) {
        let path = path(&shape.geometry);
        let ink = DrawnInk::Path(path);
        self.draw(shape.fill.as_ref(), shape.stroke.as_ref(), ink, transform);
    }

    fn draw(
        &mut self,
        fill: Option<&Paint>,
        stroke: Option<&FixedStroke>,
        ink: DrawnInk,
        transform: Transform,
    ) {
        let paints = fill.into_iter().chain(stroke.map(|stroke| &stroke.paint));
        let plain = paints.map(solid).all(|colour| colour.is_some());
        self.drawing.complete &= plain && stroke.is_none_or(|stroke| stroke.dash.is_none());
        let Transform {
            sx,
            ky,
            kx,
            sy,
            tx,
            ty,
        } = transform;
        self.drawing.items.push(Drawn {
            matrix: [
                rounded(sx.get()),
                rounded(ky.get()),
                rounded(kx.get()),
                rounded(sy.get()),
                round(tx),
                round(ty),
            ],
            fill: fill.and_then(solid),
            stroke: stroke
                .and_then(|stroke| Some((solid(&stroke.paint)?, round(stroke.thickness)))),
            ink,
        });
    }
}

fn path(geometry: &Geometry) -> String {
    let mut path = PathText::default();
    match geometry {
        Geometry::Line(to) => {
            path.sign('M', &[0.0, 0.0]);
            path.sign('L', &[to.x.to_pt(), to.y.to_pt()]);
        }
        Geometry::Rect(size) => {
            let (width, height) = (size.x.to_pt(), size.y.to_pt());
            path.sign('M', &[0.0, 0.0]);
            path.sign('L', &[width, 0.0, width, height, 0.0, height]);
            path.sign('Z', &[]);
        }
        Geometry::Curve(curve) => {
            for item in &curve.0 {
                let flat = |points: &[Point]| -> Vec<f64> {
                    let pair = |point: &Point| [point.x.to_pt(), point.y.to_pt()];
                    points.iter().flat_map(pair).collect()
                };
                match item {
                    CurveItem::Move(to) => path.sign('M', &flat(&[*to])),
                    CurveItem::Line(to) => path.sign('L', &flat(&[*to])),
                    CurveItem::Cubic(one, two, to) => path.sign('C', &flat(&[*one, *two, *to])),
                    CurveItem::Close => path.sign('Z', &[]),
                }
            }
        }
    }
    path.0
}

/// The letters of a path as SVG writes it.
#[derive(Default)]
struct PathText(String);

impl PathText {
    fn sign(&mut self, sign: char, numbers: &[f64]) {
        self.0.push(sign);
        for (index, number) in numbers.iter().enumerate() {
            let gap = if index > 0 { " " } else { "" };
            write!(self.0, "{gap}{}", rounded(*number))
                .expect("a string takes all that is written");
        }
    }

    fn outline(&mut self, sign: char, numbers: &[f32]) {
        let numbers: Vec<f64> = numbers.iter().copied().map(f64::from).collect();
        self.sign(sign, &numbers);
    }
}

impl OutlineBuilder for PathText {
    fn move_to(&mut self, x: f32, y: f32) {
        self.outline('M', &[x, y]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.outline('L', &[x, y]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.outline('Q', &[x1, y1, x, y]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.outline('C', &[x1, y1, x2, y2, x, y]);
    }

    fn close(&mut self) {
        self.sign('Z', &[]);
    }
}

/// The colour of a paint that has only one.
fn solid(paint: &Paint) -> Option<String> {
    match paint {
        Paint::Solid(colour) => Some(colour.to_hex().to_string()),
        Paint::Gradient(_) | Paint::Tiling(_) => None,
    }
}

fn round(length: Abs) -> f64 {
    rounded(length.to_pt())
}

/// A thousandth of a point cannot be seen.
fn rounded(number: f64) -> f64 {
    let rounded = (number * 1000.0).round() / 1000.0;
    rounded + 0.0 // Without the sign of -0.
}
