//! PDF. Comes in: pages as Typst set them. Goes out: the bytes of the file.

use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// A standard that a PDF may follow beside its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standard {
    /// PDF/A-2b (ISO 19005-2): what archives keep.
    A2b,
    /// PDF/UA-1 (ISO 14289-1): tagged, so that it can be read aloud.
    Ua1,
}

/// The PDF as archives or screen readers want it; the same pages give the same bytes. `ident` tells
/// it from others. The error is what the standards refuse, in the words of the PDF writer.
pub fn pdf(
    document: &PagedDocument,
    ident: &str,
    standards: &[Standard],
) -> Result<Vec<u8>, String> {
    let all = standards.iter().map(|standard| match standard {
        Standard::A2b => PdfStandard::A_2b,
        Standard::Ua1 => PdfStandard::Ua_1,
    });
    let options = PdfOptions {
        ident: Smart::Custom(ident.to_owned()),
        creator: Smart::Custom(Some("hongtou".to_owned())),
        standards: PdfStandards::new(&all.collect::<Vec<_>>())
            .expect("internal error: the two standards go together"),
        tagged: standards.contains(&Standard::Ua1),
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options).map_err(|errors| {
        let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        messages.join("; ")
    })
}
