//! Pictures. Comes in: the files that the document shows. Goes out: names by which the page templates
//! read them, their shapes, and a fault for each that cannot be drawn.

mod words;

use std::collections::BTreeSet;

use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::Bytes;
use typst_layout::PagedDocument;

use super::fonts::Fonts;
use super::world::CircularWorld;
use crate::diag::{Diagnostic, Diagnostics, Origin};
use crate::document::{Block, Document};
use crate::model::{Picture, PictureFormat};
use words::Lost;

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

/// Whether a PDF ends as it should: of one that was cut off, readers show the pages that they find.
fn is_whole(picture: &Picture) -> bool {
    const TAIL: usize = 2048;
    let data = &picture.data;
    let tail = &data[data.len().saturating_sub(TAIL)..];
    picture.format != PictureFormat::Pdf || tail.windows(5).any(|five| five == b"%%EOF")
}

fn check_one(picture: &Picture, origin: &Origin, fonts: &Fonts, diagnostics: &mut Diagnostics) {
    if !is_whole(picture) {
        let message = format!("“{}”不完整，没有结尾，后面的页可能已丢失", picture.path);
        let hint = "重新复制或下载这个文件，用看图程序打开查对页数";
        return fault(origin, message, hint, diagnostics);
    }
    let Some(pages) = probe(picture, 1, fonts) else {
        let linked = match picture.format {
            PictureFormat::Svg => words::linked(&picture.data),
            _ => None,
        };
        let (why, hint) = match linked {
            Some(other) => (
                format!("引用了别的图“{other}”，没有嵌在文件里"),
                "在画图软件里把引用的图嵌入，再另存",
            ),
            None => (
                "画不出来，可能已损坏或加了密".to_owned(),
                "用看图程序打开查对，另存为新的文件",
            ),
        };
        let message = format!("图“{}”{why}", picture.path);
        return fault(origin, message, hint, diagnostics);
    };
    let Lost { characters, html } = words::lost(&pages, fonts);
    let mut report = |message: String, hint: &str| {
        let fault = Diagnostic::error("page/picture/words-lost", origin, message);
        diagnostics.push(fault.hint(hint));
    };
    if !characters.is_empty() {
        let message = format!(
            "图“{}”里的{}没有可用的字形",
            picture.path,
            listed(&characters)
        );
        let hint =
            "在字体目录中放入收有这些字的字体，或者在画图软件里把文字转成曲线，或者另存为 PNG";
        report(message, hint);
    }
    if let Some(words) = html {
        let shown: String = words.chars().take(12).collect();
        let more = if shown.len() < words.len() {
            "……"
        } else {
            ""
        };
        let message = format!(
            "图“{}”里的“{shown}{more}”是网页文字，只有浏览器能显示，印不出来",
            picture.path
        );
        let hint = "在画图软件里另存为 PNG 或 PDF，或者导出 SVG 时不用网页文字（foreignObject）";
        report(message, hint);
    }
}

/// The first few characters with their numbers.
fn listed(characters: &BTreeSet<char>) -> String {
    const MOST: usize = 5;
    let name = |character: &char| format!("“{character}”（U+{:04X}）", u32::from(*character));
    let names: Vec<String> = characters.iter().take(MOST).map(name).collect();
    let rest = match characters.len().checked_sub(MOST) {
        Some(rest) if rest > 0 => format!("等{}个字符", characters.len()),
        _ => String::new(),
    };
    names.join("、") + &rest
}

fn fault(origin: &Origin, message: String, hint: &str, diagnostics: &mut Diagnostics) {
    diagnostics.push(Diagnostic::error("page/picture/damaged", origin, message).hint(hint));
}

/// Width and height in millimetres of a picture's page, counted from 1; nothing where it has no such
/// page or cannot be drawn as it is.
pub fn size(picture: &Picture, page: usize, fonts: &Fonts) -> Option<(f64, f64)> {
    let pages = probe(picture, page, fonts)?;
    let size = pages.pages().first()?.frame.size();
    let (width, height) = (size.x.to_mm(), size.y.to_mm());
    (width > 0.0 && height > 0.0).then_some((width, height))
}

/// A page that shows a picture alone.
fn probe(picture: &Picture, page: usize, fonts: &Fonts) -> Option<PagedDocument> {
    let file = format!("picture.{}", picture.format.extension());
    let asked = serde_json::json!({ "file": file, "page": page, "faces": fonts.of_pictures() });
    let world = CircularWorld::probe(
        fonts,
        asked.to_string().into_bytes(),
        (file, bytes(picture)),
    );
    let Warned { output, warnings } = typst::compile::<PagedDocument>(&world);
    output.ok().filter(|_| are_known(&warnings))
}

/// Tells whether Typst warns of nothing but parts of pictures that are written as web pages: what of
/// their words is lost is reported here.
pub fn are_known(warnings: &[SourceDiagnostic]) -> bool {
    let known = |warning: &SourceDiagnostic| warning.message.contains("foreign object");
    warnings.iter().all(known)
}

fn bytes(picture: &Picture) -> Bytes {
    Bytes::new(picture.data.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Severity;

    fn svg(inside: &str) -> Picture {
        let data = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40">{inside}</svg>"#
        );
        Picture {
            path: "图.svg".to_owned(),
            format: PictureFormat::Svg,
            data: data.into_bytes().into(),
        }
    }

    fn faults(inside: &str) -> Vec<String> {
        let mut diagnostics = Diagnostics::default();
        check_one(
            &svg(inside),
            &Origin::Program,
            &Fonts::embedded(),
            &mut diagnostics,
        );
        let found = diagnostics.sorted();
        assert!(found.iter().all(|fault| fault.severity == Severity::Error));
        found.into_iter().map(|fault| fault.message).collect()
    }

    #[test]
    fn words_are_drawn_whatever_face_the_picture_names() {
        for face in [
            "Liberation Serif",
            "Arial",
            "SimSun",
            "HanaMinB",
            "sans-serif",
            "Noto Sans SC",
        ] {
            for words in [
                "甲乙丙",
                "Official甲乙丙",
                "office 𬭎㛃䶮",
                "<tspan>甲</tspan><tspan font-weight='bold'>乙</tspan>",
            ] {
                let text = format!("<text y='20' font-family='{face}'>{words}</text>");
                assert_eq!(faults(&text), [""; 0], "{text}");
            }
        }
    }

    #[test]
    fn words_that_nothing_can_draw_are_named() {
        let found = faults("<text y='20'>甲\u{182e}乙</text>");
        assert_eq!(found.len(), 1);
        assert!(
            found[0].contains("\u{182e}") && found[0].contains("U+182E"),
            "{found:?}"
        );
        assert!(!found[0].contains("甲"), "{found:?}");
        // In a pattern too.
        let pattern = "<pattern id='a' width='9' height='9'><text>\u{182e}</text></pattern><rect width='99' height='30' fill='url(#a)'/>";
        assert_eq!(faults(pattern).len(), 1);
        let hidden = "<text y='20' display='none'>\u{182e}</text>";
        assert_eq!(faults(hidden), [""; 0]);
    }

    #[test]
    fn a_picture_that_refers_to_another_is_told_from_a_damaged_one() {
        let found = faults("<image href='章.png' width='9' height='9'/>");
        assert!(
            found[0].contains("章.png") && !found[0].contains("损坏"),
            "{found:?}"
        );
        assert!(faults("<rect")[0].contains("损坏"));
    }

    #[test]
    fn words_that_only_browsers_draw_are_named() {
        let html = "<foreignObject width='99' height='30'><div xmlns='http://www.w3.org/1999/xhtml'><style>p{}</style>受理 申请</div></foreignObject>";
        let found = faults(html);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("“受理申请”"), "{found:?}");
        // Drawing programs put the same words beside them, or shorter ones.
        let both = |words: &str| format!("<switch>{html}<text y='20'>{words}</text></switch>");
        assert_eq!(faults(&both("受理申请")), [""; 0]);
        assert_eq!(faults(&both("受理…")).len(), 1);
        assert_eq!(faults("<foreignObject width='9' height='9'/>"), [""; 0]);
    }
}
