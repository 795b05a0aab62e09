//! Where words on the page come from. Comes in: a draft and a place on it. Goes out: JSON with the
//! line of the file, or the expression and the rows it was computed from.

use std::collections::BTreeSet;

use serde::Serialize;

use super::changes::{Box, place};
use super::segments::{Segment, segments};
use crate::diag::{Origin, Sources};
use crate::document::Run;
use crate::model::{Circular, Value, ValueKind};
use crate::pipeline::Outcome;
use crate::typeset::InkLine;

/// As many rows as a reader looks through.
const MOST_ROWS: usize = 200;

/// What is told of the words that were picked.
#[derive(Debug, Serialize)]
pub struct Told {
    /// The part's Chinese name.
    part: String,
    text: String,
    /// `None` for words that the program adds, such as 附件.
    place: Option<Place>,
    /// The expression that printed the words.
    expression: Option<String>,
    tables: Vec<TableTold>,
    /// Variables, and cells outside of the circular's tables.
    values: Vec<ValueTold>,
    /// How many rows are not shown.
    more: usize,
    /// All lines that show the words.
    boxes: Vec<Box>,
}

/// A place in a file with what stands there.
#[derive(Debug, Serialize)]
pub struct Place {
    pub at: String,
    pub line: Option<Excerpt>,
}

/// A line of a text file, cut at a character.
#[derive(Debug, PartialEq, Serialize)]
pub struct Excerpt {
    pub before: String,
    pub after: String,
}

#[derive(Debug, Serialize)]
struct TableTold {
    name: String,
    columns: Vec<String>,
    rows: Vec<RowTold>,
}

#[derive(Debug, Serialize)]
struct RowTold {
    /// The place of its first cell that was read.
    at: String,
    cells: Vec<CellTold>,
}

#[derive(Debug, Serialize)]
struct CellTold {
    text: String,
    at: String,
    /// Whether the words were computed from it.
    read: bool,
}

#[derive(Debug, Serialize)]
struct ValueTold {
    at: String,
    name: String,
    text: String,
}

/// Tells where letter `letter` of segment `segment` of `line` comes from; `None` where there is no
/// such segment.
pub fn told(outcome: &Outcome, line: &InkLine, segment: usize, letter: usize) -> Option<Told> {
    let all = segments(line);
    let segment = all.get(segment)?;
    let run = segment.run;
    let read: BTreeSet<&Origin> = run.cells.iter().collect();
    let printed = run
        .print
        .as_ref()
        .filter(|print| !print.expression.is_empty());
    let at = match printed {
        None if read.is_empty() => letter_origin(segment, letter, &outcome.sources),
        _ => run.origin.clone(),
    };
    let mut told = Told {
        part: line.part.to_string(),
        text: run.text.clone(),
        place: Place::of(&at, &outcome.sources),
        expression: printed.map(|print| print.expression.to_string()),
        tables: Vec::new(),
        values: Vec::new(),
        more: 0,
        boxes: outcome
            .pages
            .as_ref()
            .map(|pages| boxes(pages.ink(), line, run))?,
    };
    let circular = outcome.circular.as_ref()?;
    told.rows(circular, &read);
    Some(told)
}

impl Told {
    fn rows(&mut self, circular: &Circular, read: &BTreeSet<&Origin>) {
        let mut found = BTreeSet::new();
        for table in &circular.tables {
            let mut rows = Vec::new();
            for row in table.rows() {
                let Some(first) = row.iter().find(|cell| read.contains(&cell.origin)) else {
                    continue;
                };
                found.extend(row.iter().map(|cell| &cell.origin));
                if rows.len() == MOST_ROWS {
                    self.more += 1;
                    continue;
                }
                rows.push(RowTold {
                    at: first.origin.to_string(),
                    cells: row.iter().map(|cell| cell_told(cell, read)).collect(),
                });
            }
            if !rows.is_empty() {
                let columns = table.columns().iter().map(|column| column.value.clone());
                self.tables.push(TableTold {
                    name: table.name.value.clone(),
                    columns: columns.collect(),
                    rows,
                });
            }
        }
        for (name, value) in &circular.variables {
            for part in parts(value) {
                if read.contains(&part.origin) && found.insert(&part.origin) {
                    self.values.push(ValueTold {
                        at: part.origin.to_string(),
                        name: name.value.clone(),
                        text: text(part),
                    });
                }
            }
        }
        for origin in read {
            if self.values.len() < MOST_ROWS && found.insert(origin) {
                self.values.push(ValueTold {
                    at: origin.to_string(),
                    name: String::new(),
                    text: String::new(),
                });
            }
        }
    }
}

impl Place {
    /// A place with the line it stands in; `None` for what is the program's own.
    pub fn of(origin: &Origin, sources: &Sources) -> Option<Place> {
        let line = match origin {
            Origin::Program => return None,
            Origin::Cell { .. } => None,
            Origin::Text { file, line, column } => sources.line(file, *line).map(|text| {
                let at = (*column as usize).saturating_sub(1);
                Excerpt::cut(text, at)
            }),
        };
        Some(Place {
            at: origin.to_string(),
            line,
        })
    }
}

impl Excerpt {
    /// Cuts a line at character `at` and leaves away what is far from it.
    fn cut(line: &str, at: usize) -> Excerpt {
        const BEFORE: usize = 30;
        const AFTER: usize = 60;
        let letters: Vec<char> = line.chars().collect();
        let at = at.min(letters.len());
        let start = at.saturating_sub(BEFORE);
        let end = letters.len().min(at + AFTER);
        let mark = |cut: bool| if cut { "…" } else { "" };
        let words = |range: std::ops::Range<usize>| letters[range].iter().collect::<String>();
        let before = words(start..at);
        Excerpt {
            before: match start {
                0 => before.trim_start().to_owned(),
                _ => format!("…{before}"),
            },
            after: words(at..end) + mark(end < letters.len()),
        }
    }
}

/// The place of one letter of typed words: as far behind their start as it stands in them, where the
/// file shows the same letter there.
fn letter_origin(segment: &Segment, letter: usize, sources: &Sources) -> Origin {
    let run = segment.run;
    let Origin::Text { file, line, column } = &run.origin else {
        return run.origin.clone();
    };
    let before = run.text[..segment.before].chars().count();
    let meant = segment.text.chars().nth(letter);
    let source = sources.line(file, *line).unwrap_or_default();
    let skipped = before + letter;
    let at = (*column as usize).saturating_sub(1) + skipped;
    match u32::try_from(skipped) {
        Ok(skipped) if meant.is_some() && source.chars().nth(at) == meant => {
            Origin::text(file, *line, column + skipped)
        }
        _ => run.origin.clone(),
    }
}

/// All places that show the run which `line` shows, its own first.
fn boxes(lines: &[InkLine], line: &InkLine, run: &Run) -> Vec<Box> {
    let belongs = |other: &InkLine| (other.part, other.block) == (line.part, line.block);
    let mut boxes = Vec::new();
    for other in lines.iter().filter(|other| belongs(other)) {
        let mut at = 0;
        for segment in segments(other) {
            let range = at..at + segment.text.len();
            at = range.end;
            if segment.run == run {
                boxes.push(place(other, range));
            }
        }
    }
    boxes
}

fn cell_told(cell: &Value, read: &BTreeSet<&Origin>) -> CellTold {
    CellTold {
        text: text(cell),
        at: cell.origin.to_string(),
        read: read.contains(&cell.origin),
    }
}

/// A value and what it holds one level down.
fn parts(value: &Value) -> Vec<&Value> {
    match &value.kind {
        ValueKind::Scalar(_) => vec![value],
        ValueKind::List(items) => items.iter().chain([value]).collect(),
        ValueKind::Map(items) => items.iter().map(|(_, item)| item).chain([value]).collect(),
    }
}

fn text(value: &Value) -> String {
    match &value.kind {
        ValueKind::Scalar(scalar) => scalar.text().to_owned(),
        ValueKind::List(items) => items.iter().map(text).collect::<Vec<_>>().join("、"),
        ValueKind::Map(items) => {
            let pair = |(name, item): &(crate::model::Sourced<String>, Value)| {
                format!("{}：{}", name.value, text(item))
            };
            items.iter().map(pair).collect::<Vec<_>>().join("；")
        }
    }
}
