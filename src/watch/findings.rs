//! Faults for the browser. Comes in: the diagnostics of a run and the draft that is shown. Goes out:
//! JSON, the gravest first, each with its line and, where the page shows it, its place there.

use std::collections::BTreeMap;

use serde::Serialize;

use super::changes::{Box, place};
use super::origin::Place;
use super::segments::{Segment, segments};
use crate::diag::{Diagnostic, Origin, Severity, Sources, group};
use crate::typeset::InkLine;

/// The faults of one severity.
#[derive(Debug, Serialize)]
pub struct Group {
    /// `error`, `warning` or `note`.
    pub kind: &'static str,
    /// The word the user reads.
    pub title: &'static str,
    pub findings: Vec<Finding>,
}

#[derive(Debug, Serialize)]
pub struct Finding {
    code: &'static str,
    /// What it is about, such as 版头.
    about: &'static str,
    message: String,
    hint: Option<String>,
    place: Option<Place>,
    related: Vec<Related>,
    /// Its place on the page, if the page shows it.
    shown: Option<Box>,
}

#[derive(Debug, Serialize)]
struct Related {
    at: String,
    word: String,
}

/// Groups diagnostics; `lines` is the ink of the draft that is shown.
pub fn groups(diagnostics: &[Diagnostic], sources: &Sources, lines: &[InkLine]) -> Vec<Group> {
    let shown = shown(diagnostics, lines);
    let kinds = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Note, "note"),
    ];
    let group = |(severity, kind): (Severity, &'static str)| Group {
        kind,
        title: severity.label(),
        findings: diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .map(|diagnostic| finding(diagnostic, sources, shown.get(&diagnostic.origin)))
            .collect(),
    };
    let mut groups: Vec<Group> = kinds.into_iter().map(group).collect();
    groups.retain(|group| !group.findings.is_empty());
    groups
}

fn finding(diagnostic: &Diagnostic, sources: &Sources, shown: Option<&Match>) -> Finding {
    let related = diagnostic.related.iter().map(|(origin, word)| Related {
        at: origin.to_string(),
        word: word.clone(),
    });
    Finding {
        code: diagnostic.code,
        about: group(diagnostic.code).1,
        message: diagnostic.message.clone(),
        hint: diagnostic.hint.clone(),
        place: Place::of(&diagnostic.origin, sources),
        related: related.collect(),
        shown: shown.map(|found| found.place.clone()),
    }
}

/// Where the page shows an origin.
struct Match {
    place: Box,
    /// The lower, the nearer.
    distance: usize,
}

/// Finds the words of each origin: those that stand at its place, else those computed from it (from
/// as little beside it as possible), else those of its line.
fn shown(diagnostics: &[Diagnostic], lines: &[InkLine]) -> BTreeMap<Origin, Match> {
    let wanted = Wanted::of(diagnostics);
    let mut found: BTreeMap<Origin, Match> = BTreeMap::new();
    if wanted.0.is_empty() {
        return found;
    }
    for line in lines {
        let mut at = 0;
        for segment in segments(line) {
            let range = at..at + segment.text.len();
            at = range.end;
            for (origin, distance) in wanted.near(&segment) {
                if found
                    .get(origin)
                    .is_none_or(|known| distance < known.distance)
                {
                    let place = place(line, range.clone());
                    found.insert(origin.clone(), Match { place, distance });
                }
            }
        }
    }
    found
}

/// The origins that are looked for: cells by themselves, places in texts by their line.
struct Wanted<'a>(BTreeMap<Origin, Vec<&'a Origin>>);

impl<'a> Wanted<'a> {
    fn of(diagnostics: &'a [Diagnostic]) -> Self {
        let mut wanted: BTreeMap<Origin, Vec<&Origin>> = BTreeMap::new();
        for Diagnostic { origin, .. } in diagnostics {
            if *origin != Origin::Program {
                wanted.entry(line_of(origin)).or_default().push(origin);
            }
        }
        Wanted(wanted)
    }

    /// The origins that a segment has to do with, each with its distance.
    fn near(&self, segment: &Segment) -> Vec<(&'a Origin, usize)> {
        let run = segment.run;
        let of = |source: &Origin| self.0.get(&line_of(source)).into_iter().flatten();
        let from_cells = run.cells.iter().flat_map(|source| {
            let distance = |origin: &&'a Origin| distance(origin, source, None);
            of(source).map(move |origin| (*origin, 1 + run.cells.len() + distance(origin)))
        });
        let from_words =
            of(&run.origin).map(|origin| (*origin, distance(origin, &run.origin, Some(segment))));
        from_cells.chain(from_words).collect()
    }
}

/// The start of the line where the origin is in a text.
fn line_of(origin: &Origin) -> Origin {
    match origin {
        Origin::Text { file, line, .. } => Origin::text(file, *line, 1),
        Origin::Program | Origin::Cell { .. } => origin.clone(),
    }
}

/// How far the letters at `source` are from `wanted`, on one line of a text.
fn distance(wanted: &Origin, source: &Origin, segment: Option<&Segment>) -> usize {
    const SAME_LINE: usize = 1_000_000;
    let (Origin::Text { column: wanted, .. }, Origin::Text { column, .. }) = (wanted, source)
    else {
        return 0;
    };
    let letters = |segment: &Segment| {
        let before = segment.run.text[..segment.before].chars().count();
        (before, segment.text.chars().count())
    };
    let (before, length) = segment.map_or((0, 1), letters);
    let (wanted, start) = (*wanted as usize, *column as usize + before);
    match (start..start + length).contains(&wanted) {
        true => 0,
        false => SAME_LINE + wanted.abs_diff(start),
    }
}
