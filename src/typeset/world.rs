//! What Typst may see: the page templates, the measures, one file of data and the faces. No clock,
//! no disk, no packages.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use super::fonts::Fonts;
use super::measures;

const TEMPLATES: [(&str, &str); 9] = [
    ("main.typ", include_str!("../../templates/page/main.typ")),
    (
        "measures.typ",
        include_str!("../../templates/page/measures.typ"),
    ),
    ("fonts.typ", include_str!("../../templates/page/fonts.typ")),
    ("lines.typ", include_str!("../../templates/page/lines.typ")),
    (
        "header.typ",
        include_str!("../../templates/page/header.typ"),
    ),
    ("body.typ", include_str!("../../templates/page/body.typ")),
    ("table.typ", include_str!("../../templates/page/table.typ")),
    (
        "imprint.typ",
        include_str!("../../templates/page/imprint.typ"),
    ),
    (
        "number.typ",
        include_str!("../../templates/page/number.typ"),
    ),
];

/// What all circulars share.
struct Fixed {
    library: LazyHash<Library>,
    sources: BTreeMap<&'static str, Source>,
    main: FileId,
    measures: (FileId, Bytes),
    data: FileId,
}

static FIXED: LazyLock<Fixed> = LazyLock::new(|| {
    let sources: BTreeMap<_, _> = TEMPLATES
        .iter()
        .map(|(name, text)| (*name, Source::new(file_id(name), (*text).to_owned())))
        .collect();
    Fixed {
        library: LazyHash::new(Library::default()),
        sources,
        main: file_id("main.typ"),
        measures: (
            file_id("measures.yaml"),
            Bytes::new(measures::SOURCE.as_bytes()),
        ),
        data: file_id("circular.json"),
    }
});

fn file_id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("the names of templates are plain");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// The world of one circular.
pub struct CircularWorld<'a> {
    fonts: &'a Fonts,
    data: Bytes,
}

impl<'a> CircularWorld<'a> {
    /// `json` is everything the templates are told.
    pub fn new(fonts: &'a Fonts, json: Vec<u8>) -> Self {
        CircularWorld {
            fonts,
            data: Bytes::new(json),
        }
    }
}

impl World for CircularWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &FIXED.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        FIXED.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let path = id.get().vpath().get_without_slash();
        FIXED
            .sources
            .get(path)
            .cloned()
            .ok_or_else(|| FileError::NotFound(path.into()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == FIXED.data {
            Ok(self.data.clone())
        } else if id == FIXED.measures.0 {
            Ok(FIXED.measures.1.clone())
        } else {
            Err(FileError::NotFound(
                id.get().vpath().get_without_slash().into(),
            ))
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
