//! Typst's view of a face. Comes in: the data of its file. Goes out: the face, which Typst has not read
//! through.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ttf_parser::{RawFace, Tag};
use typst::foundations::Bytes;
use typst::text::Font;

/// Makes a face, known from others by `number`; nothing where the data is none. At the first sight of
/// a face, Typst hashes all of its data and lists all of its characters; for the usual faces either
/// takes longer than setting a page, and only pictures ask for the list (see `Fonts::whole_book`). So
/// at first it is shown a face that has the names and measures of the file and no glyphs, and from
/// then on the file itself.
pub fn font(data: &'static [u8], number: usize) -> Option<Font> {
    struct Data {
        whole: &'static [u8],
        named: Vec<u8>,
        is_known: Arc<AtomicBool>,
    }
    impl AsRef<[u8]> for Data {
        fn as_ref(&self) -> &[u8] {
            match self.is_known.load(Ordering::Relaxed) {
                true => self.whole,
                false => &self.named,
            }
        }
    }
    let is_known = Arc::new(AtomicBool::new(false));
    let bytes = Bytes::new(Data {
        whole: data,
        named: named(data, number)?,
        is_known: is_known.clone(),
    });
    // `Bytes` keeps its hash once it is known.
    typst::utils::hash128(&bytes);
    let font = Font::new(bytes, 0);
    is_known.store(true, Ordering::Relaxed);
    font
}

/// The file of a face with the tables that name and measure it alone, and `number` behind them
/// (OpenType, “Organization of an OpenType font”).
fn named(data: &[u8], number: usize) -> Option<Vec<u8>> {
    const TABLES: [&[u8; 4]; 6] = [b"OS/2", b"fvar", b"head", b"hhea", b"maxp", b"name"];
    const TRUE_TYPE: [u8; 4] = [0, 1, 0, 0];
    const HEAD: usize = 12;
    const RECORD: usize = 16;
    let whole = RawFace::parse(data, 0).ok()?;
    let table = |tag: &'static [u8; 4]| Some((tag, whole.table(Tag::from_bytes(tag))?));
    let tables: Vec<_> = TABLES.into_iter().filter_map(table).collect();
    let mut face = TRUE_TYPE.to_vec();
    face.extend((tables.len() as u16).to_be_bytes());
    face.resize(HEAD + RECORD * tables.len(), 0);
    for (index, (tag, table)) in tables.into_iter().enumerate() {
        let place = [face.len(), table.len()].map(|number| (number as u32).to_be_bytes());
        let record = &mut face[HEAD + RECORD * index..][..RECORD];
        record[..4].copy_from_slice(tag);
        record[8..].copy_from_slice(place.as_flattened());
        face.extend(table);
    }
    face.extend(number.to_be_bytes());
    Some(face)
}
