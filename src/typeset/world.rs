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
use super::setting;

const TEMPLATES: [(&str, &str); 10] = [
    ("main.typ", include_str!("../../templates/page/main.typ")),
    ("probe.typ", include_str!("../../templates/page/probe.typ")),
    (
        "measures.typ",
        include_str!("../../templates/page/measures.typ"),
    ),
    (
        "placed.typ",
        include_str!("../../templates/page/placed.typ"),
    ),
    ("page.typ", include_str!("../../templates/page/page.typ")),
    ("items.typ", include_str!("../../templates/page/items.typ")),
    ("table.typ", include_str!("../../templates/page/table.typ")),
    ("draft.typ", include_str!("../../templates/page/draft.typ")),
    (
        "imprint.typ",
        include_str!("../../templates/page/imprint.typ"),
    ),
    (
        "number.typ",
        include_str!("../../templates/page/number.typ"),
    ),
];

/// The page templates and the measures: name and source.
pub fn page_templates() -> impl Iterator<Item = (&'static str, &'static str)> {
    let measures = ("measures.yaml", measures::SOURCE);
    TEMPLATES.into_iter().chain([measures])
}

/// What all circulars share.
struct Fixed {
    library: LazyHash<Library>,
    sources: BTreeMap<&'static str, Source>,
    main: FileId,
    probe: FileId,
    measures: (FileId, Bytes),
    data: FileId,
}

static FIXED: LazyLock<Fixed> = LazyLock::new(|| {
    let sources: BTreeMap<_, _> = TEMPLATES
        .iter()
        .map(|(name, text)| (*name, Source::new(file_id(name), (*text).to_owned())))
        .collect();
    Fixed {
        library: LazyHash::new(library()),
        sources,
        main: file_id("main.typ"),
        probe: file_id("probe.typ"),
        measures: (
            file_id("measures.yaml"),
            Bytes::new(measures::SOURCE.as_bytes()),
        ),
        data: file_id("circular.json"),
    }
});

/// Makes what all circulars share ready.
pub fn prepare() {
    // Typst keeps the library's digest once it is asked for it.
    typst::utils::hash128(&FIXED.library);
}

/// Typst's own library and our own functions.
fn library() -> Library {
    let mut library = Library::default();
    let scope = library.global.scope_mut();
    let own = [
        &setting::SET_LINES,
        &setting::SET_CELLS,
        &setting::SET_LABEL,
    ];
    for function in own {
        scope.define_func_with_data(function);
    }
    library
}

fn file_id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("the names of templates are plain");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// The world of one circular.
pub struct CircularWorld<'a> {
    fonts: &'a Fonts,
    book: &'a LazyHash<FontBook>,
    data: Bytes,
    files: Vec<(String, Bytes)>,
    main: FileId,
}

impl<'a> CircularWorld<'a> {
    /// `json` is everything the templates are told, `files` the others, by name.
    pub fn new(fonts: &'a Fonts, json: Vec<u8>, files: Vec<(String, Bytes)>) -> Self {
        let words = |file: &Bytes| file.windows(4).any(|letters| letters == b"text");
        let drawing = |(name, file): &(String, Bytes)| name.ends_with(".svg") && words(file);
        CircularWorld {
            fonts,
            book: match files.iter().any(drawing) {
                true => fonts.whole_book(),
                false => fonts.book(),
            },
            data: Bytes::new(json),
            files,
            main: FIXED.main,
        }
    }

    /// A world that shows one picture on a page of its own size.
    pub fn probe(fonts: &'a Fonts, json: Vec<u8>, picture: (String, Bytes)) -> Self {
        CircularWorld {
            main: FIXED.probe,
            ..CircularWorld::new(fonts, json, vec![picture])
        }
    }
}

impl World for CircularWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &FIXED.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.book
    }

    fn main(&self) -> FileId {
        self.main
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
            let path = id.get().vpath().get_without_slash();
            let file = self.files.iter().find(|(name, _)| name == path);
            file.map(|(_, bytes)| bytes.clone())
                .ok_or_else(|| FileError::NotFound(path.into()))
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
