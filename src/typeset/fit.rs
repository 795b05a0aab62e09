//! Fitting: a bounded search when the first page shows no text or the signature stands without it.
//! Comes in: the document. Goes out: the pages of the mildest step that helps, and what was done.

use typst_layout::PagedDocument;

use super::fonts::Fonts;
use super::ink::{self, InkImage, InkLine, InkRule};
use super::measures::measures;
use super::sheet::{self, Fit, Part, Sheet};
use super::world::CircularWorld;
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::Document;
use crate::model::Seal;

/// The outcome of one try.
pub struct Attempt {
    pub document: PagedDocument,
    pub lines: Vec<InkLine>,
    pub rules: Vec<InkRule>,
    pub images: Vec<InkImage>,
    /// The data the pages were made of.
    pub json: Vec<u8>,
}

/// Sets the document, with the least step away from the plain measures that mends its faults.
pub fn fit(document: &Document, fonts: &Fonts, diagnostics: &mut Diagnostics) -> Option<Attempt> {
    let plain = attempt(document, fonts, Fit::of(document));
    if document.main_text.is_empty() || (shows_text(&plain) && accompanied(&plain)) {
        return Some(plain);
    }
    let light = without_attached(document);
    let helps = |step: &Fit| {
        let tried = set(sheet::sheet(&light, fonts, *step).sketched(), fonts);
        shows_text(&tried) && accompanied(&tried) && !(step.full && hole(&tried))
    };
    for steps in steps(document) {
        // Where the strongest step of a kind does not help, the milder ones do not either.
        let (strongest, milder) = steps.split_last().expect("each kind has a step");
        if !helps(strongest) {
            continue;
        }
        let step = milder.iter().copied().find(helps).unwrap_or(*strongest);
        let done = attempt(document, fonts, step);
        diagnostics.push(report(document, &plain, step));
        return Some(done);
    }
    if !shows_text(&plain) {
        let origin = document
            .recipients
            .as_ref()
            .unwrap_or(&document.title)
            .origin();
        diagnostics.push(
            Diagnostic::error("page/first-page/no-text", &origin, "首页没有正文").hint(format!(
                "把主送机关和标题合起来减少约{}行，使正文能从首页开始；或者改短发文机关标志",
                lines_before_text(&plain)
            )),
        );
        return None;
    }
    diagnostics.push(
        Diagnostic::warning(
            "page/signature/alone",
            &document.signature.origin(),
            "署名所在的页面没有正文",
        )
        .hint(match lines_too_many(&plain) {
            Some(lines) => format!(
                "删去正文约{lines}行（{}字左右），或者增加一两行，使署名与正文同页",
                lines * measures().cells as usize
            ),
            None => "增减正文，使署名与正文同页".to_owned(),
        }),
    );
    Some(plain)
}

/// The document without what stands behind its signature, which the search need not set each time.
fn without_attached(document: &Document) -> Document {
    let mut light = document.clone();
    light
        .attachments
        .iter_mut()
        .for_each(|attachment| attachment.blocks.clear());
    (light.cc_recipients, light.print_office, light.print_date) = (None, None, None);
    light
}

/// The steps by kind, each from the mildest to the strongest; all stay inside what 7.3.5.5 allows.
/// First those after which full pages still fill the type area.
fn steps(document: &Document) -> Vec<Vec<Fit>> {
    let measures = measures();
    let plain = Fit::of(document);
    let pitch = |pitch| Fit { pitch, ..plain };
    let gap = |sealed_gap, fit| Fit { sealed_gap, ..fit };
    let (less, least) = (17.0, measures.sealed_gap_least);
    let tight = pitch(measures.pitch_least);
    let cells = measures.cells - 1;
    let gaps = match document.seal {
        Seal::Reserved => vec![vec![gap(less, plain), gap(least, plain)]],
        Seal::None | Seal::Stamp => Vec::new(),
    };
    let more = vec![
        vec![pitch(measures.pitch_most)],
        vec![Fit {
            keep: true,
            full: true,
            ..plain
        }],
        vec![tight, gap(least, tight)],
        vec![Fit {
            keep: true,
            ..plain
        }],
        vec![Fit {
            cells,
            ..pitch(measures.pitch_most)
        }],
    ];
    gaps.into_iter().chain(more).collect()
}

fn attempt(document: &Document, fonts: &Fonts, fit: Fit) -> Attempt {
    set(sheet::sheet(document, fonts, fit), fonts)
}

fn set(sheet: Sheet, fonts: &Fonts) -> Attempt {
    let json = sheet.json();
    let world = CircularWorld::new(fonts, json.clone(), sheet.files());
    let typst::diag::Warned { output, warnings } = typst::compile::<PagedDocument>(&world);
    assert!(
        warnings.is_empty(),
        "internal error: the page templates warn: {warnings:?}"
    );
    let paged = output.expect("internal error: the page templates compile");
    let ink = ink::measure(&paged, &sheet.sources, fonts);
    Attempt {
        document: paged,
        lines: ink.lines,
        rules: ink.rules,
        images: ink.images,
        json,
    }
}

/// Page one must show text (7.3.3).
fn shows_text(attempt: &Attempt) -> bool {
    attempt
        .lines
        .iter()
        .any(|line| line.page == 1 && line.part == Part::MainText)
}

/// The signature stands on a page with text (7.3.5.5).
fn accompanied(attempt: &Attempt) -> bool {
    let mut signature = attempt
        .lines
        .iter()
        .filter(|line| line.part == Part::Signature);
    signature.next().is_none_or(|signature| {
        attempt
            .lines
            .iter()
            .any(|line| line.page == signature.page && line.part == Part::MainText)
    })
}

/// The page before the signature's is left with much white.
fn hole(attempt: &Attempt) -> bool {
    const MOST_LINES: f64 = 4.0;
    let measures = measures();
    let page = |part| {
        attempt
            .lines
            .iter()
            .find(|line| line.part == part)
            .map(|line| line.page)
    };
    let Some(page) = page(Part::Signature).map(|page| page.saturating_sub(1)) else {
        return false;
    };
    let text = attempt
        .lines
        .iter()
        .filter(|line| line.part == Part::MainText && line.page == page);
    let foot = measures.top + measures.area_height;
    text.map(|line| line.bottom)
        .max_by(f64::total_cmp)
        .is_some_and(|end| foot - end > MOST_LINES * measures.pitch)
}

/// How many lines above the text have to go for page one to show a line of it.
fn lines_before_text(attempt: &Attempt) -> usize {
    let above = [Part::Title, Part::Recipients];
    let over = attempt
        .lines
        .iter()
        .filter(|line| above.contains(&line.part) && line.page > 1);
    over.count() + 1
}

/// How many lines of text have to go for the signature to stand on the page before.
fn lines_too_many(attempt: &Attempt) -> Option<usize> {
    let measures = measures();
    let closing =
        |line: &&InkLine| [Part::Signature, Part::DocDate, Part::Note].contains(&line.part);
    let first = attempt.lines.iter().find(closing)?;
    let here = |line: &&InkLine| line.page == first.page;
    let end = attempt.lines.iter().filter(closing).filter(here);
    let height = end.map(|line| line.bottom).max_by(f64::total_cmp)? - first.top;
    let before = attempt.lines.iter().filter(|line| {
        line.page + 1 == first.page && [Part::MainText, Part::AttachmentList].contains(&line.part)
    });
    let filled = before.map(|line| line.bottom).max_by(f64::total_cmp)?;
    let room = measures.top + measures.area_height - filled;
    let short = measures.one_line.max(measures.sealed_gap_least) + height - room;
    Some(((short / measures.pitch).ceil() as usize).max(1))
}

fn report(document: &Document, plain: &Attempt, step: Fit) -> Diagnostic {
    let measures = measures();
    let mut done = Vec::new();
    if step.pitch != measures.pitch {
        done.push(format!(
            "行距由{}毫米改为{}毫米",
            measures.pitch, step.pitch
        ));
    }
    if step.cells != measures.cells {
        done.push(format!("每行由{}字改为{}字", measures.cells, step.cells));
    }
    if step.sealed_gap != measures.sealed_gap {
        done.push(format!(
            "署名与正文的间距由{}毫米改为{}毫米",
            measures.sealed_gap, step.sealed_gap
        ));
    }
    if step.keep {
        done.push("把正文末尾移到了署名所在的页面".to_owned());
    }
    let done = done.join("，");
    if shows_text(plain) {
        Diagnostic::note(
            "page/signature/tightened",
            &document.signature.origin(),
            format!("为使署名与正文同页，{done}"),
        )
    } else {
        let origin = document
            .recipients
            .as_ref()
            .unwrap_or(&document.title)
            .origin();
        Diagnostic::note(
            "page/first-page/tightened",
            &origin,
            format!("为使首页显示正文，{done}"),
        )
    }
}
