//! One face: its data, its tables and, once Typst asks for it, Typst's view of it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use ttf_parser::{GlyphId, Rect, name_id};
use typst::text::{
    Coverage, Font, FontFlags, FontInfo, FontStretch, FontStyle, FontVariant, FontWeight,
};

use super::chinese::Chinese;
use super::unread;

/// An embedded face: its data and the names that Typst would find in it.
pub struct Embedded {
    pub data: fn() -> &'static [u8],
    pub family: &'static str,
    pub weight: u16,
    /// Whether the boxes that it keeps beside its glyphs are the edges of their outlines, to the unit.
    pub boxed: bool,
}

/// The number of the embedded faces: any two of them differ in their names or weights.
const EMBEDDED: usize = 0;

/// A face. Cheap to clone.
#[derive(Clone)]
pub struct Face(Arc<Inner>);

struct Inner {
    data: &'static [u8],
    ttf: ttf_parser::Face<'static>,
    info: FontInfo,
    path: Option<String>,
    font: OnceLock<Font>,
    glyphs: Glyphs,
    boxed: bool,
    /// The edges of the glyphs that were asked for, where their outlines must be walked along.
    bounds: RwLock<HashMap<u16, Option<Rect>>>,
}

/// The glyphs of the characters that were asked for, of those in Unicode's first plane: a block for
/// characters with the same upper half, so that a face holds no more than a circular's letters take.
#[derive(Default)]
struct Glyphs(OnceLock<Box<[Block]>>);

type Block = OnceLock<Box<[AtomicU32; BLOCK]>>;

const BLOCK: usize = 1 << 8;

impl Glyphs {
    const UNKNOWN: u32 = 0;
    const NONE: u32 = 1;
    /// What is added to the number of a glyph.
    const FIRST: u32 = 2;

    fn known(&self, character: char, find: impl Fn() -> Option<GlyphId>) -> Option<GlyphId> {
        let (upper, lower) = (character as usize / BLOCK, character as usize % BLOCK);
        let blocks = || std::iter::repeat_with(Block::default).take(BLOCK).collect();
        let Some(block) = self.0.get_or_init(blocks).get(upper) else {
            return find();
        };
        let unknown = || Box::new([const { AtomicU32::new(Self::UNKNOWN) }; BLOCK]);
        let known = &block.get_or_init(unknown)[lower];
        match known.load(Ordering::Relaxed) {
            Self::UNKNOWN => {
                let found = find();
                let number = found.map_or(Self::NONE, |glyph| u32::from(glyph.0) + Self::FIRST);
                known.store(number, Ordering::Relaxed);
                found
            }
            Self::NONE => None,
            number => Some(GlyphId((number - Self::FIRST) as u16)),
        }
    }
}

impl Face {
    /// A face that comes with the program.
    pub fn embedded(embedded: &Embedded) -> Face {
        let weight = FontWeight::from_number(embedded.weight);
        let data = (embedded.data)();
        Face(Arc::new(Inner {
            data,
            ttf: ttf_parser::Face::parse(data, 0).expect("the embedded faces are sound"),
            info: FontInfo {
                family: embedded.family.to_owned(),
                variant: FontVariant::new(FontStyle::Normal, weight, FontStretch::NORMAL),
                flags: FontFlags::empty(),
                axes: Vec::new(),
                coverage: Coverage::from_vec(Vec::new()),
            },
            path: None,
            font: OnceLock::new(),
            glyphs: Glyphs::default(),
            boxed: embedded.boxed,
            bounds: RwLock::default(),
        }))
    }

    /// Reads a face of the user's; `path` is that of the user's file.
    pub fn parse(data: &'static [u8], path: String) -> Option<Face> {
        // A folder may be read again, after its files have changed.
        static NEXT: AtomicUsize = AtomicUsize::new(EMBEDDED + 1);
        let ttf = ttf_parser::Face::parse(data, 0).ok()?;
        let font = unread::font(data, NEXT.fetch_add(1, Ordering::Relaxed))?;
        Some(Face(Arc::new(Inner {
            data,
            ttf,
            info: font.info().clone(),
            path: Some(path),
            font: font.into(),
            glyphs: Glyphs::default(),
            boxed: false,
            bounds: RwLock::default(),
        })))
    }

    /// What Typst finds in its file, the list of its characters with it.
    pub fn whole_info(&self) -> FontInfo {
        FontInfo::new(self.0.data, 0).expect("a face is parsed before it is kept")
    }

    /// What the book of faces says of it; not which characters it has.
    pub fn info(&self) -> &FontInfo {
        &self.0.info
    }

    pub fn data(&self) -> &'static [u8] {
        self.0.data
    }

    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// The tables, for measuring.
    pub fn ttf(&self) -> &ttf_parser::Face<'static> {
        &self.0.ttf
    }

    /// The glyph of a character, where the face has it. Each letter of a circular is asked for several
    /// times, and the face's own maps are searched by halves.
    pub fn glyph(&self, character: char) -> Option<GlyphId> {
        let find = || {
            let glyph = self.0.ttf.glyph_index(character);
            glyph.filter(|glyph| glyph.0 != 0)
        };
        self.0.glyphs.known(character, find)
    }

    /// The glyph of a character that the face has, as it stands among Chinese ones.
    pub fn chinese_glyph(&self, character: char) -> GlyphId {
        let glyphs = Chinese::of(self.font()).glyphs(character.encode_utf8(&mut [0; 4]));
        let glyph = glyphs.glyph_infos().first();
        GlyphId(glyph.map_or(0, |glyph| glyph.glyph_id as u16))
    }

    /// The edges of a glyph's outline. What a face of the user's says of them may be wrong; finding them
    /// means walking along the outline, and circulars show the same few hundred glyphs again and again.
    pub fn bounds(&self, glyph: GlyphId) -> Option<Rect> {
        if let Some(glyphs) = self.ttf().tables().glyf.filter(|_| self.0.boxed) {
            return glyphs.bbox(glyph);
        }
        let known = self.0.bounds.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(bounds) = known.get(&glyph.0) {
            return *bounds;
        }
        drop(known);
        let bounds = self.0.ttf.glyph_bounding_box(glyph);
        let mut known = self
            .0
            .bounds
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *known.entry(glyph.0).or_insert(bounds)
    }

    pub fn font(&self) -> Font {
        self.0
            .font
            .get_or_init(|| {
                let font = unread::font(self.0.data, EMBEDDED);
                font.expect("a face is parsed before it is kept")
            })
            .clone()
    }

    /// Every family name the file gives, in whatever language.
    pub fn names(&self) -> Vec<String> {
        let ttf = self.ttf();
        let mut names: Vec<String> = ttf
            .names()
            .into_iter()
            .filter(|name| {
                [
                    name_id::FAMILY,
                    name_id::TYPOGRAPHIC_FAMILY,
                    name_id::FULL_NAME,
                    name_id::POST_SCRIPT_NAME,
                ]
                .contains(&name.name_id)
            })
            .filter_map(|name| name.to_string())
            .collect();
        names.push(self.0.info.family.clone());
        names
    }
}
