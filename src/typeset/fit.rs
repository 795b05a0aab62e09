//! Fitting: a bounded search when the first page shows no text or the signature stands without it.
//! Comes in: the document. Goes out: the sheet of the mildest step that helps, and what was done.

use super::fonts::Fonts;
use super::limits;
use super::measures::measures;
use super::paging;
use super::sheet::{self, Fit, ImprintData, Opening, Part, Sheet};
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::Document;
use crate::model::Seal;

/// Makes the sheet of a document, with the least step away from the plain measures that mends its
/// faults; nothing where none brings text to page one.
pub fn fit(document: &Document, fonts: &Fonts, diagnostics: &mut Diagnostics) -> Option<Sheet> {
    let mut found = Diagnostics::default();
    let sheet = fit_from(Fit::of(document), document, fonts, &mut found);
    // Of a page that was tightened nobody knows how it looks with less on it.
    if let Some(sheet) = sheet.as_ref().filter(|_| found.is_empty()) {
        found.extend(blank_page(document, sheet));
    }
    diagnostics.extend(found);
    sheet
}

/// Says where little would spare a leaf that holds a blank page and 版记 alone.
fn blank_page(document: &Document, sheet: &Sheet) -> Option<Diagnostic> {
    /// Nobody cuts more.
    const MOST_LINES: usize = 6;
    let over = paging::before_blank(sheet)?;
    let lines = (over / sheet.front.pitch).ceil() as usize;
    let imprint = [
        &document.cc_recipients,
        &document.print_office,
        &document.print_date,
    ];
    let imprint = imprint.into_iter().flatten().next()?;
    let what = match sheet.attachments.is_empty() {
        true => "正文",
        false => "最后一个附件",
    };
    let note = Diagnostic::note(
        "page/imprint/blank-before",
        &imprint.origin(),
        "最后一页排不下版记，版记另占一面，前面空一面",
    );
    (lines <= MOST_LINES).then(|| {
        note.hint(format!(
            "{what}减少约{lines}行，版记就能排在前一页，少印一张纸；不减也合规定"
        ))
    })
}

fn fit_from(
    base: Fit,
    document: &Document,
    fonts: &Fonts,
    diagnostics: &mut Diagnostics,
) -> Option<Sheet> {
    let plain = sheet::open(document, fonts, base);
    let division = Division::of(&plain);
    if document.main_text.is_empty() || division.is_good() {
        return Some(plain.complete());
    }
    let helped = |step: &Fit| {
        let tried = sheet::open(document, fonts, *step);
        let division = Division::of(&tried);
        let helps = division.is_good() && !(step.full && division.hole());
        helps.then_some((*step, tried))
    };
    for steps in steps(base, document) {
        // Where the strongest step of a kind does not help, the milder ones do not either.
        let (strongest, milder) = steps.split_last().expect("each kind has a step");
        if let Some(found) = helped(strongest) {
            let (step, tried) = milder.iter().find_map(helped).unwrap_or(found);
            diagnostics.push(report(document, &division, base, step));
            return Some(tried.complete());
        }
    }
    if !division.shows_text() {
        if let Some(sheet) = with_recipients_below(base, document, fonts, diagnostics) {
            return Some(sheet);
        }
        let origin = document
            .recipients
            .as_ref()
            .unwrap_or(&document.title)
            .origin();
        let mut hint = format!(
            "把主送机关（可用统称）和标题合起来减少约{}行，使正文能从首页开始；或者改短发文机关标志",
            division.lines_before_text()
        );
        // 主送机关 may stand in the imprint, if 抄送机关 leave room there.
        let no_copies = Document {
            cc_recipients: None,
            ..document.clone()
        };
        let mut nothing = Diagnostics::default();
        if document.cc_recipients.is_some()
            && with_recipients_below(base, &no_copies, fonts, &mut nothing).is_some()
        {
            hint += "；或者减少抄送机关（可用统称），主送机关就能移到版记";
        }
        let error = Diagnostic::error("page/first-page/no-text", &origin, "首页没有正文");
        diagnostics.push(error.hint(hint));
        return None;
    }
    // Who has fewer lines than are too many cannot cut them.
    let text: usize = division
        .of_part(Part::MainText)
        .map(|text| text.lines)
        .sum();
    diagnostics.push(
        Diagnostic::warning(
            "page/signature/alone",
            &document.signature.origin(),
            "署名所在的页面没有正文",
        )
        .hint(
            match division.lines_too_many().filter(|lines| *lines < text) {
                Some(lines) => format!(
                    "删去正文约{lines}行（{}字左右），或者增加一两行，使署名与正文同页",
                    lines * measures().cells as usize
                ),
                None => "增减正文，使署名与正文同页".to_owned(),
            },
        ),
    );
    Some(plain.complete())
}

/// Moves 主送机关 that leave no room for text on page one to the imprint, as 7.3.2 asks; nothing where
/// that does not help or the imprint has no room either.
fn with_recipients_below(
    base: Fit,
    document: &Document,
    fonts: &Fonts,
    diagnostics: &mut Diagnostics,
) -> Option<Sheet> {
    let recipients = document.recipients.as_ref();
    let recipients = recipients.filter(|_| !base.recipients_below)?;
    let below = Fit {
        recipients_below: true,
        ..base
    };
    let mut found = Diagnostics::default();
    let sheet = fit_from(below, document, fonts, &mut found)?;
    let imprint = sheet.imprint.as_ref().map_or(0.0, ImprintData::height);
    if imprint > limits::most_of_imprint() {
        return None;
    }
    let message = "主送机关太多，首页排不下正文，已移到版记";
    let code = "page/first-page/tightened";
    diagnostics.push(Diagnostic::note(code, &recipients.origin(), message));
    diagnostics.extend(found);
    Some(sheet)
}

/// The steps by kind, each from the mildest to the strongest; all stay inside what 7.3.5.5 allows.
/// First those after which full pages still fill the type area.
fn steps(plain: Fit, document: &Document) -> Vec<Vec<Fit>> {
    let measures = measures();
    let pitch = |pitch| Fit { pitch, ..plain };
    let gap = |sealed_gap, fit| Fit { sealed_gap, ..fit };
    let (less, least) = (17.0, measures.sealed_gap_least);
    let tight = pitch(measures.pitch_least);
    let below = Fit {
        seals_below: true,
        ..plain
    };
    let cells = measures.cells - 1;
    let gaps = match document.seal {
        Seal::Reserved => vec![vec![gap(less, plain), gap(least, plain)]],
        Seal::None | Seal::Stamp => Vec::new(),
    };
    let more = vec![
        vec![pitch(measures.pitch_most)],
        vec![Fit {
            kept: 2,
            full: true,
            ..plain
        }],
        vec![tight, gap(least, tight)],
        vec![Fit { kept: 2, ..plain }],
        vec![Fit {
            cells,
            ..pitch(measures.pitch_most)
        }],
        vec![Fit { kept: 1, ..plain }],
        // Rather a seal that reaches into the margin than a signature without text.
        vec![below, gap(less, below), gap(least, below)],
    ];
    gaps.into_iter().chain(more).collect()
}

/// How the front of a sheet is divided into pages.
struct Division {
    items: Vec<Divided>,
}

/// What stands on a page: its parts, and its upper and lower edge in millimetres from the type area's top.
struct Divided {
    /// Counted from 1.
    page: usize,
    parts: Vec<Part>,
    top: f64,
    bottom: f64,
    /// How many lines of text it is; 1 for what is none.
    lines: usize,
}

impl Divided {
    fn shows(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }
}

impl Division {
    fn of(opening: &Opening) -> Self {
        let mut items = Vec::new();
        for (index, page) in paging::front(&opening.front).iter().enumerate() {
            items.extend(page.items.iter().map(|item| {
                Divided {
                    page: index + 1,
                    parts: item
                        .tags()
                        .into_iter()
                        .map(|tag| opening.part(tag))
                        .collect(),
                    top: item.y,
                    bottom: item.y + item.height,
                    lines: item.lines(),
                }
            }));
        }
        Division { items }
    }

    fn is_good(&self) -> bool {
        self.shows_text() && self.accompanied()
    }

    /// What shows a part, in reading order.
    fn of_part(&self, part: Part) -> impl Iterator<Item = &Divided> {
        self.items.iter().filter(move |item| item.shows(part))
    }

    /// Page one must show text (7.3.3).
    fn shows_text(&self) -> bool {
        self.of_part(Part::MainText).any(|text| text.page == 1)
    }

    /// The signature stands on a page with text (7.3.5.5).
    fn accompanied(&self) -> bool {
        let signature = self.of_part(Part::Signature).next();
        signature.is_none_or(|signature| {
            let mut text = self.of_part(Part::MainText);
            text.any(|text| text.page == signature.page)
        })
    }

    /// The page before the signature's is left with much white.
    fn hole(&self) -> bool {
        const MOST_LINES: f64 = 4.0;
        let measures = measures();
        let signature = self.of_part(Part::Signature).next();
        signature.is_some_and(|signature| {
            let text = self.of_part(Part::MainText);
            let before = text.filter(|text| text.page + 1 == signature.page);
            let end = before.map(|text| text.bottom).max_by(f64::total_cmp);
            end.is_some_and(|end| measures.area_height - end > MOST_LINES * measures.pitch)
        })
    }

    /// How many lines above the text have to go for page one to show a line of it.
    fn lines_before_text(&self) -> usize {
        let above = [Part::Title, Part::Recipients];
        let over = self.items.iter().filter(|item| item.page > 1);
        let over = over.filter(|item| above.iter().any(|part| item.shows(*part)));
        over.map(|item| item.lines).sum::<usize>() + 1
    }

    /// How many lines of text have to go for the signature to stand on the page before.
    fn lines_too_many(&self) -> Option<usize> {
        let measures = measures();
        let closing = [Part::Signature, Part::DocDate, Part::Note];
        let closing = |item: &&Divided| closing.iter().any(|part| item.shows(*part));
        let first = self.items.iter().find(closing)?;
        let here = |item: &&Divided| item.page == first.page;
        let end = self.items.iter().filter(closing).filter(here);
        let height = end.map(|item| item.bottom).max_by(f64::total_cmp)? - first.top;
        let before = self.items.iter().filter(|item| {
            item.page + 1 == first.page
                && (item.shows(Part::MainText) || item.shows(Part::AttachmentList))
        });
        let filled = before.map(|item| item.bottom).max_by(f64::total_cmp)?;
        let room = measures.area_height - filled;
        let short = measures.one_line.max(measures.sealed_gap_least) + height - room;
        Some(((short / measures.pitch).ceil() as usize).max(1))
    }
}

fn report(document: &Document, plain: &Division, base: Fit, step: Fit) -> Diagnostic {
    let hundredths = |millimetres: f64| (millimetres * 100.0).round() / 100.0;
    let changed = |what: &str, from: f64, to: f64| {
        let (from, to) = (hundredths(from), hundredths(to));
        format!("{what}由{from}毫米改为{to}毫米")
    };
    let mut done = Vec::new();
    if step.pitch != base.pitch {
        done.push(changed("行距", base.pitch, step.pitch));
    }
    if step.cells != base.cells {
        done.push(format!("每行由{}字改为{}字", base.cells, step.cells));
    }
    if step.sealed_gap != base.sealed_gap {
        done.push(changed(
            "署名与正文的间距",
            base.sealed_gap,
            step.sealed_gap,
        ));
    }
    if step.kept > 0 {
        done.push("把正文末尾移到了署名所在的页面".to_owned());
    }
    if step.seals_below {
        done.push("让印章的下端超出了版心".to_owned());
    }
    let done = done.join("，");
    if plain.shows_text() {
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
