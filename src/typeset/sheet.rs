//! The sheet: a document made ready to be divided into pages. Comes in: the document and the freedom
//! that fitting uses. Goes out: blocks whose heights are known, and the list that leads their lines back
//! to the document's words.

mod attachments;
mod header;
mod imprint;
mod mark;
mod number;
mod part;
mod placed;
mod rows;
mod signature;
mod table;
mod text;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use typst::foundations::Bytes;

use super::fonts::{Fonts, Ink, Role};
use super::lines::{Grid, Shape};
use super::measures::{MM, measures};
use super::pictures::Pictures;
use super::setting::{self, Line, Piece, Text};
use super::title::{self, TitleType};
use crate::diag::Origin;
use crate::document::{Document, Words};
use crate::model::{Format, Profile};

pub use attachments::AttachmentData;
pub use imprint::ImprintData;
pub use number::PageNumber;
pub use part::{InkColumn, Part, Source};
pub use placed::{Placed, PlacedBlock};
pub use rows::{CellData, Row, Span, spans};
pub use table::TableData;
pub use text::{BlockData, Heading, LinesBlock, heading_role};

use text::one_line;

/// The freedom the standard leaves when a page does not work out (7.3.5.5).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// The distance between baselines, in millimetres.
    pub pitch: f64,
    /// Characters a line.
    pub cells: u32,
    /// The ink distance between the last text and the name over a seal, in millimetres.
    pub sealed_gap: f64,
    /// How many lines of text go with the signature.
    pub kept: usize,
    /// Whether the page they leave must not show much white.
    pub full: bool,
    /// Whether 主送机关 stand in the imprint (7.3.2).
    pub recipients_below: bool,
    /// Whether a seal may reach below the type area.
    pub seals_below: bool,
}

impl Fit {
    /// The plain measures, with the pitch of the unit.
    pub fn of(document: &Document) -> Self {
        let measures = measures();
        let own = document.profile.pitch.as_ref();
        Fit {
            pitch: own.map_or(measures.pitch, |pitch| pitch.value),
            cells: measures.cells,
            sealed_gap: measures.sealed_gap,
            kept: 0,
            full: false,
            recipients_below: false,
            seals_below: false,
        }
    }
}

/// A document whose lines are broken.
pub struct Sheet {
    pub front: Front,
    pub attachments: Vec<AttachmentData>,
    /// Those that are not bound with the circular.
    pub separate: Vec<AttachmentData>,
    pub imprint: Option<ImprintData>,
    /// Whether page one shows its number, which that of a letter does not (10.1).
    pub number_first: bool,
    /// The entry of `sources` that all page numbers belong to.
    number_tag: usize,
    pub sources: Vec<Source>,
    /// What all pages share.
    pub common: Common,
    pictures: Pictures,
    /// What of the measures is the unit's own.
    own: serde_json::Value,
}

/// From the header to the signature: what fitting tries to divide well.
pub struct Front {
    pub header: PlacedBlock,
    pub body: Vec<BlockData>,
    /// The ink distance from the header to the first block, in millimetres.
    pub gap: f64,
    /// The distance between baselines, in millimetres.
    pub pitch: f64,
}

/// What the templates are told beside the pages.
#[derive(Serialize)]
pub struct Common {
    info: Info,
    /// The faces of a picture's words whose own face is not there.
    faces: Vec<String>,
    draft: Option<DraftData>,
}

/// What marks each page of a draft.
#[derive(Serialize)]
struct DraftData {
    #[serde(serialize_with = "setting::sealed")]
    watermark: Text<'static>,
    #[serde(serialize_with = "setting::sealed")]
    line: Text<'static>,
}

#[derive(Serialize)]
struct Info {
    title: String,
    author: String,
    keywords: Vec<String>,
    year: i32,
    month: u32,
    day: u32,
}

/// Words on one line that are placed by their ink.
#[derive(Clone, Debug)]
pub struct Label {
    tag: usize,
    text: String,
    /// The text, parted where another face draws it.
    parts: Vec<(usize, String)>,
    ink: Ink,
}

impl Label {
    fn of(fonts: &Fonts, role: Role, tag: usize, text: String) -> Self {
        Label {
            tag,
            parts: fonts.parts(role, &text),
            ink: fonts.ink(role, &text),
            text,
        }
    }

    /// The words as a line of `size` points with `tracking` points between the letters.
    fn line(&self, size: f64, tracking: f64) -> Line {
        let parts = self.parts.iter();
        let pieces = parts.map(|(face, text)| Piece {
            text: text.clone(),
            face: *face,
            tracking,
            after: tracking,
            bold: false,
        });
        let gaps = self.text.chars().count().saturating_sub(1) as f64;
        Line {
            tag: self.tag,
            width: self.ink.advance * size + gaps * tracking,
            pieces: pieces.collect(),
            ..Line::default()
        }
    }
}

impl Sheet {
    /// The other files that the templates read: the unit's own measures and the pictures.
    pub fn files(&self) -> Vec<(String, Bytes)> {
        let own = Bytes::new(self.own.to_string().into_bytes());
        let mut files = self.pictures.bytes();
        files.push(("profile.json".to_owned(), own));
        files
    }
}

/// A sheet of which only the front is made.
pub struct Opening<'a> {
    pub front: Front,
    maker: Maker<'a>,
    document: &'a Document,
}

/// Makes the front of a document's sheet.
pub fn open<'a>(document: &'a Document, fonts: &'a Fonts, fit: Fit) -> Opening<'a> {
    let mut maker = Maker {
        fonts,
        grid: measures().grid(fit.cells),
        fit,
        sources: Vec::new(),
        blocks: BTreeMap::new(),
        pictures: Pictures::default(),
        profile: &document.profile,
        area: TypeArea::upright(),
        head: 0.0,
    };
    let front = Front {
        header: maker.header(document),
        body: maker.body(document),
        gap: match document.format {
            Format::Order => measures().two_lines,
            _ => measures().one_line,
        },
        pitch: fit.pitch,
    };
    Opening {
        front,
        maker,
        document,
    }
}

impl Opening<'_> {
    /// Which element of the circular the line or label with this tag belongs to.
    pub fn part(&self, tag: usize) -> Part {
        self.maker.sources[tag].part
    }

    /// Makes the rest of the sheet.
    pub fn complete(self) -> Sheet {
        let (document, mut maker) = (self.document, self.maker);
        let attachments = maker.attachments(document, false);
        let separate = maker.attachments(document, true);
        let imprint = maker.imprint(document);
        let common = maker.common(document);
        Sheet {
            front: self.front,
            attachments,
            separate,
            imprint,
            number_first: document.format != Format::Letter,
            number_tag: maker.source(Part::PageNumber, Arc::default(), 0),
            common,
            own: own_measures(document),
            sources: maker.sources,
            pictures: maker.pictures,
        }
    }
}

struct Maker<'a> {
    fonts: &'a Fonts,
    grid: Grid,
    fit: Fit,
    sources: Vec<Source>,
    /// How many blocks each part has so far.
    blocks: BTreeMap<Part, usize>,
    pictures: Pictures,
    profile: &'a Profile,
    /// The type area of the page at hand.
    area: TypeArea,
    /// What the head of an attachment takes of the page of the block at hand, in millimetres.
    head: f64,
}

/// The width and height of a type area in millimetres.
#[derive(Clone, Copy)]
pub struct TypeArea {
    pub width: f64,
    pub height: f64,
}

impl TypeArea {
    pub fn upright() -> Self {
        TypeArea {
            width: measures().area_width,
            height: measures().area_height,
        }
    }

    pub fn across() -> Self {
        TypeArea {
            width: measures().area_height,
            height: measures().area_width,
        }
    }
}

impl Maker<'_> {
    fn common(&mut self, document: &Document) -> Common {
        let draft = document.draft.as_ref().map(|line| {
            let watermark = Words::plain("草稿", &Origin::Program);
            let watermark = self.label(Part::Draft, &watermark, Role::HeiTi);
            let line = self.label(Part::Draft, line, Role::FangSong);
            let size = measures().draft_mark_size_pt;
            let tracking = measures().draft_mark_tracking_em * size;
            DraftData {
                watermark: Text::of(watermark.line(size, tracking)),
                line: Text::of(line.line(measures().draft_line_size_pt, 0.0)),
            }
        });
        Common {
            info: info(document),
            faces: self.fonts.of_pictures(),
            draft,
        }
    }

    fn title(&mut self, part: Part, words: &Words, kind: TitleType) -> Vec<Label> {
        let text = words.text();
        let all = Arc::new(words.clone());
        let mut labels: Vec<Label> = Vec::new();
        for range in title::break_title(self.fonts, &text, kind) {
            let tag = self.source(part, all.clone(), range.start);
            let text = text[range].to_owned();
            labels.push(Label::of(self.fonts, kind.role, tag, text));
        }
        if labels.is_empty() {
            labels.push(self.label(part, words, kind.role));
        }
        labels
    }

    fn label(&mut self, part: Part, words: &Words, role: Role) -> Label {
        let text = words.text();
        let tag = self.source(part, Arc::new(words.clone()), 0);
        Label::of(self.fonts, role, tag, text)
    }

    fn shape(&self, first: f64, rest: f64, justify: bool) -> Shape {
        Shape {
            grid: self.grid,
            width: self.area.width * MM,
            first,
            rest,
            justify,
            names: false,
        }
    }

    /// Gives each line its entry in the list of sources.
    fn tag(&mut self, part: Part, words: Words, lines: &mut [Line]) {
        let words = Arc::new(words);
        let block = self.next_block(part);
        for line in lines {
            line.tag = self.sources.len();
            self.sources.push(Source {
                part,
                block,
                words: words.clone(),
                start: line.start,
                column: None,
            });
        }
    }

    fn source(&mut self, part: Part, words: Arc<Words>, start: usize) -> usize {
        let block = self.next_block(part);
        self.sources.push(Source {
            part,
            block,
            words,
            start,
            column: None,
        });
        self.sources.len() - 1
    }

    fn next_block(&mut self, part: Part) -> usize {
        let count = self.blocks.entry(part).or_default();
        *count += 1;
        *count - 1
    }
}

fn info(document: &Document) -> Info {
    Info {
        title: one_line(&document.title).text(),
        author: document.signature.text().replace('\n', ""),
        keywords: document.doc_number.iter().map(Words::text).collect(),
        year: document.date.year(),
        month: document.date.month(),
        day: document.date.day(),
    }
}

/// What of the measures the edition and the profile replace for the page templates.
fn own_measures(document: &Document) -> serde_json::Value {
    let profile = &document.profile;
    let mut own = serde_json::Map::new();
    if let Some(red) = &profile.red {
        own.insert("red".to_owned(), red.value.clone().into());
    }
    if document.edition.press {
        own.insert("press".to_owned(), true.into());
    }
    if let Some(red) = &profile.press_red {
        own.insert("press_red".to_owned(), red.value.0.to_vec().into());
    }
    if let Some(mirrored) = &profile.mirrored {
        own.insert("mirrored".to_owned(), mirrored.value.into());
    }
    own.into()
}
