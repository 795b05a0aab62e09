//! What the edition changes. Comes in: the circular. Goes out: the number, dates and marks of a draft or
//! of one copy out of many, and a fault for what a formal copy may not show.

use super::words::show;
use super::{Document, Words};
use crate::diag::{Diagnostic, Diagnostics, Origin};
use crate::model::{Circular, Date, OrderNumber, Sourced};

/// 发文字号 or 令号; open in a draft.
pub fn doc_number(circular: &Circular) -> Option<Words> {
    let header = &circular.header;
    let draft = circular.edition.draft;
    let open = |text: String, origin: &Origin| Some(Words::plain(text, origin));
    match (
        &header.order_number,
        &header.doc_number,
        &header.open_number,
    ) {
        (Some(order), ..) if draft => open(OrderNumber::OPEN.to_owned(), &order.origin),
        (Some(order), ..) => Some(show(order)),
        (None, Some(number), _) if draft => open(number.value.open(), &number.origin),
        (None, Some(number), _) => Some(show(number)),
        (None, None, Some(number)) if draft && !number.value.is_empty() => Some(show(number)),
        _ => None,
    }
}

/// A date; month and day are open in a draft.
pub fn date(circular: &Circular, date: &Sourced<Date>) -> Words {
    if circular.edition.draft {
        Words::plain(date.value.open(), &date.origin)
    } else {
        show(date)
    }
}

/// 份号, counted on from that of the first copy; a draft has none.
pub fn copy_number(circular: &Circular, diagnostics: &mut Diagnostics) -> Option<Words> {
    let first = circular.header.copy_number.as_ref()?;
    let number = first.value.after(circular.edition.copies_before);
    if number.is_none() {
        let message = format!("从{}起数不出这么多份，份号只有六位", first.value);
        let fault = Diagnostic::error("header/copy-number/too-many", &first.origin, message);
        diagnostics.push(fault.hint("把“份号”改小，或者减少份数"));
    }
    let words = Words::plain(number?.to_string(), &first.origin);
    (!circular.edition.draft).then_some(words)
}

/// The line at the head of a draft's pages.
pub fn draft_line(circular: &Circular) -> Option<Words> {
    let version = circular.version.as_ref();
    let origin = version.map_or(Origin::Program, |version| version.origin.clone());
    let name = version.map_or(String::new(), |version| {
        format!("　{}", version.value.trim())
    });
    let line = format!("草稿{name}　不作正式公文使用");
    circular.edition.draft.then(|| Words::plain(line, &origin))
}

/// Reports what keeps a formal copy from being made: an open number, 【待核实】.
pub fn check(circular: &Circular, document: &Document, diagnostics: &mut Diagnostics) {
    departures(circular, diagnostics);
    if circular.edition.draft {
        return;
    }
    if let Some(number) = &circular.header.open_number {
        let message = "发文字号还没有编上顺序号，不能排印正式文件";
        let fault = Diagnostic::error("header/doc-number/open", &number.origin, message);
        diagnostics.push(fault.hint("补上顺序号；还在拟稿时，用“--draft”排印草稿"));
    }
    for words in document.all_words() {
        for (marker, origin) in markers(words) {
            let message = format!("文中还有“{marker}”，不能排印正式文件");
            let fault = Diagnostic::error("text/marker/unverified", &origin, message);
            diagnostics.push(fault.hint("核实后改成确切的文字；还在拟稿时，用“--draft”排印草稿"));
        }
    }
}

/// Every 【待核实】, 【待定】 and the like, with its place.
fn markers(words: &Words) -> Vec<(String, Origin)> {
    let text = words.text();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("【待").map(|at| from + at) {
        let end = text[at..]
            .find('】')
            .map_or(text.len(), |end| at + end + '】'.len_utf8());
        let mut start = 0;
        let run = words.0.iter().find(|run| {
            start += run.text.len();
            start > at
        });
        let origin = run.map_or(Origin::Program, |run| run.origin.clone());
        found.push((text[at..end].to_owned(), origin));
        from = end;
    }
    found
}

/// Lists where the unit's habits leave the standard.
fn departures(circular: &Circular, diagnostics: &mut Diagnostics) {
    for departure in circular.profile.departures() {
        let code = match departure.against {
            true => "page/profile/departs",
            false => "page/profile/habit",
        };
        let message = format!("{}；标准：{}", departure.what, departure.standard);
        diagnostics.push(Diagnostic::note(code, &departure.place, message));
    }
}
