//! Printing: pages become frames. Comes in: a sheet. Goes out: what the page templates make of its pages.

use serde::Serialize;
use typst::diag::Warned;
use typst::foundations::Bytes;
use typst_layout::PagedDocument;

use super::fonts::Fonts;
use super::paging::{self, Page};
use super::pictures;
use super::sheet::{Common, PageNumber, Sheet};
use super::world::CircularWorld;

/// The frames of all pages.
pub struct Printed {
    pub document: PagedDocument,
    /// Tells what was printed from anything else.
    pub ident: String,
}

/// The one file of data that the templates read.
#[derive(Serialize)]
struct Data<'a> {
    #[serde(flatten)]
    common: &'a Common,
    pages: Vec<Page<'a>>,
    /// Those of the pages; blank ones bear none.
    numbers: Vec<Option<PageNumber>>,
}

/// Sets a sheet without pages, so that Typst has read the page templates and remembers them. Tells
/// whether it came to anything.
pub fn prepare() -> bool {
    let fonts = Fonts::embedded();
    let data = serde_json::json!({
        "info": { "title": "", "author": "", "keywords": [], "year": 2000, "month": 1, "day": 1 },
        "faces": fonts.of_pictures(),
        "draft": null,
        "pages": [],
        "numbers": [],
    });
    let no_habits = ("profile.json".to_owned(), Bytes::new(*b"{}"));
    let world = CircularWorld::new(&fonts, data.to_string().into_bytes(), vec![no_habits]);
    typst::compile::<PagedDocument>(&world).output.is_ok()
}

/// Sets the pages of a sheet.
pub fn print(sheet: &Sheet, fonts: &Fonts) -> Printed {
    let pages = paging::pages(sheet);
    let number = |page: &Page| Some(sheet.page_number(page.number?, fonts));
    let data = Data {
        common: &sheet.common,
        numbers: pages.iter().map(number).collect(),
        pages,
    };
    let json = serde_json::to_vec(&data).expect("a sheet holds only text and finite numbers");
    let ident = format!("{:032x}", typst::utils::hash128(&json));
    let world = CircularWorld::new(fonts, json, sheet.files());
    let Warned { output, warnings } = typst::compile::<PagedDocument>(&world);
    assert!(
        pictures::are_known(&warnings),
        "internal error: the page templates warn: {warnings:?}"
    );
    Printed {
        document: output.expect("internal error: the page templates compile"),
        ident,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_templates_can_be_read_ahead() {
        assert!(super::prepare());
    }
}
