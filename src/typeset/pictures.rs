//! Pictures. Comes in: the files that the document shows. Goes out: names by which the page templates
//! read them, their shapes, and a fault for each that cannot be drawn.

use typst::foundations::Bytes;
use typst_layout::PagedDocument;

use super::fonts::Fonts;
use super::world::CircularWorld;
use crate::diag::{Diagnostic, Diagnostics, Origin};
use crate::document::{Block, Document};
use crate::model::{Picture, PictureFormat};

/// The pictures of one sheet, each once.
#[derive(Default)]
pub struct Pictures {
    files: Vec<(String, Picture)>,
}

impl Pictures {
    /// The name under which the templates read a picture.
    pub fn file(&mut self, picture: &Picture) -> String {
        let known = self.files.iter().find(|(_, other)| other == picture);
        if let Some((name, _)) = known {
            return name.clone();
        }
        let extension = picture.format.extension();
        let name = format!("picture-{}.{extension}", self.files.len() + 1);
        self.files.push((name.clone(), picture.clone()));
        name
    }

    /// Every file with its bytes.
    pub fn bytes(&self) -> Vec<(String, Bytes)> {
        let files = self.files.iter();
        files
            .map(|(name, picture)| (name.clone(), bytes(picture)))
            .collect()
    }
}

/// Reports each picture that cannot be drawn.
pub fn check(document: &Document, fonts: &Fonts, diagnostics: &mut Diagnostics) {
    let seals = document
        .seals
        .iter()
        .map(|seal| (&seal.picture, &seal.origin));
    let stamps = document.stamps.iter().filter_map(|stamp| {
        let (picture, origin) = stamp.picture.as_ref()?;
        Some((picture, origin))
    });
    let attached = document.attachments.iter();
    for block in attached.flat_map(|attachment| &attachment.blocks) {
        if let Block::Picture(block) = block {
            check_one(&block.picture, &block.origin, fonts, diagnostics);
            let missing = block
                .pages
                .iter()
                .find(|page| size(&block.picture, **page, fonts).is_none());
            if let Some(page) = missing.filter(|page| **page > 1) {
                let message = format!("“{}”没有第{page}页，或者这一页画不出来", block.picture.path);
                let fault = Diagnostic::error("page/picture/no-such-page", &block.origin, message);
                diagnostics.push(fault.hint("查对“页”里的页码"));
            }
        }
    }
    for (picture, origin) in seals.chain(stamps) {
        if picture.format == PictureFormat::Pdf {
            let message = format!("“{}”是 PDF，不能作印章或签名章的图", picture.path);
            fault(origin, message, "用底色透明的 PNG 或 SVG", diagnostics);
        } else {
            check_one(picture, origin, fonts, diagnostics);
        }
    }
}

fn check_one(picture: &Picture, origin: &Origin, fonts: &Fonts, diagnostics: &mut Diagnostics) {
    if size(picture, 1, fonts).is_none() {
        let message = format!("图“{}”画不出来，可能已损坏或加了密", picture.path);
        let hint = "用看图程序打开查对，另存为新的文件";
        fault(origin, message, hint, diagnostics);
    }
}

fn fault(origin: &Origin, message: String, hint: &str, diagnostics: &mut Diagnostics) {
    diagnostics.push(Diagnostic::error("page/picture/damaged", origin, message).hint(hint));
}

/// Width and height in millimetres of a picture's page, counted from 1; nothing where it has no such
/// page or cannot be drawn as it is.
pub fn size(picture: &Picture, page: usize, fonts: &Fonts) -> Option<(f64, f64)> {
    let file = format!("picture.{}", picture.format.extension());
    let asked = serde_json::json!({ "file": file, "page": page });
    let world = CircularWorld::probe(
        fonts,
        asked.to_string().into_bytes(),
        (file, bytes(picture)),
    );
    let typst::diag::Warned { output, warnings } = typst::compile::<PagedDocument>(&world);
    let document = output.ok().filter(|_| warnings.is_empty())?;
    let size = document.pages().first()?.frame.size();
    let (width, height) = (size.x.to_mm(), size.y.to_mm());
    (width > 0.0 && height > 0.0).then_some((width, height))
}

fn bytes(picture: &Picture) -> Bytes {
    Bytes::new(picture.data.to_vec())
}
