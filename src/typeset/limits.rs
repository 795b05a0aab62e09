//! Limits: elements that are too long for their place. Comes in: the document. Goes out: an error at
//! each, before time is spent on the page.

use super::fonts::{Fonts, Role};
use super::measures::{MM, measures};
use super::title::{self, TitleType};
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::{Document, Words};

/// The most lines a title may take, as on the figures of the standard's practice.
const TITLE_LINES: usize = 4;
/// The part of the type area that the imprint may take.
const IMPRINT_PART: f64 = 0.8;

/// Reports what cannot be set in its place.
pub fn check(document: &Document, fonts: &Fonts, diagnostics: &mut Diagnostics) {
    let titles = document.attachments.iter().map(|attached| {
        let kind = TitleType::of_attachment(attached, &document.profile);
        (&attached.title, kind)
    });
    let circular = (&document.title, TitleType::of_circular());
    for (title, kind) in std::iter::once(circular).chain(titles) {
        // What no four lines hold is not worth the search for its breaks.
        let held =
            width(fonts, title, kind.role, kind.size) <= TITLE_LINES as f64 * measures().width();
        if !held || title::break_title(fonts, &title.text(), kind).len() > TITLE_LINES {
            error(
                diagnostics,
                "page/title/too-long",
                title,
                "标题超过四行",
                "精简标题，或者减少其中的换行",
            );
        }
    }
    if let Some(number) = &document.doc_number
        && width(fonts, number, Role::FangSong, measures().size_pt) > measures().width()
    {
        let message = "发文字号比版心还宽，排不下";
        error(
            diagnostics,
            "page/doc-number/too-long",
            number,
            message,
            "使用规范的发文机关代字",
        );
    }
    if let Some(cc) = &document.cc_recipients {
        let size = measures().imprint_size_pt;
        let rows = width(fonts, cc, Role::FangSong, size) / (measures().width() - 5.0 * size);
        if rows * measures().imprint_row > most_of_imprint() {
            let message = "抄送机关太多，一页的版记排不下";
            error(
                diagnostics,
                "page/imprint/too-long",
                cc,
                message,
                "使用机关的规范化简称或统称",
            );
        }
    }
    if let Some(mark) = &document.issuer_mark {
        let width = fonts.ink(Role::XiaoBiaoSong, &mark.text()).advance;
        let size = measures().mark_width * MM / (width * measures().mark_condensed);
        if size < 1.2 * measures().title_size_pt {
            let message = "发文机关标志太长，字缩得太小，不够醒目";
            let warning = Diagnostic::warning("page/mark/too-small", &mark.origin(), message);
            diagnostics.push(warning.hint("使用发文机关的规范化简称"));
        }
    }
}

/// How high an imprint may be, in millimetres.
pub fn most_of_imprint() -> f64 {
    measures().area_height * IMPRINT_PART
}

/// The width of words on one line, in points.
fn width(fonts: &Fonts, words: &Words, role: Role, size: f64) -> f64 {
    fonts.ink(role, &words.text().replace('\n', "")).advance * size
}

fn error(
    diagnostics: &mut Diagnostics,
    code: &'static str,
    words: &Words,
    message: &str,
    hint: &str,
) {
    diagnostics.push(Diagnostic::error(code, &words.origin(), message).hint(hint));
}
