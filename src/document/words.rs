//! Composed letters to runs: marks become origins, printed values stand as they were, addresses
//! are found.

use std::sync::Arc;

use super::{Print, Run, Style, Words};
use crate::compose::marks::{Mark, Piece, pieces};
use crate::diag::Origin;
use crate::model::Sourced;

/// Stands for `**` in a text that is Markdown; of the private plane that marks use.
pub const STRESS: char = '\u{F2000}';

/// Stands for a backslash that is a letter, as Markdown would make an escape of it.
pub const BACKSLASH: char = '\u{F2001}';

/// Gathers the runs of one line or paragraph.
pub struct WordsBuilder<'a> {
    marks: &'a [Mark],
    runs: Vec<Run>,
    /// Runs from here on still wait for the mark behind them.
    open: usize,
    /// The runs before which a `**` stands.
    stars: Vec<usize>,
}

impl<'a> WordsBuilder<'a> {
    pub fn new(marks: &'a [Mark]) -> Self {
        WordsBuilder {
            marks,
            runs: Vec::new(),
            open: 0,
            stars: Vec::new(),
        }
    }

    /// Adds composed text: letters and marks.
    pub fn letters(&mut self, text: &str) {
        for piece in pieces(text) {
            match piece {
                Piece::Letters(letters) => self.typed(letters),
                Piece::Mark(number) => match self.marks.get(number) {
                    Some(Mark::Typed(origin)) => {
                        self.runs[self.open..].iter_mut().for_each(|run| {
                            run.origin = origin.clone();
                        });
                        self.open = self.runs.len();
                    }
                    Some(Mark::Printed(printed)) => {
                        let text = crate::compose::letters(&printed.text, self.marks);
                        let expression = printed.expression.clone();
                        let print = Some(Print { number, expression });
                        self.push(&text, &printed.origin, printed.cells.clone(), print);
                        self.open = self.runs.len();
                    }
                    None => {}
                },
            }
        }
    }

    /// Adds words typed by hand.
    fn typed(&mut self, letters: &str) {
        for (index, part) in letters.split(STRESS).enumerate() {
            if index > 0 {
                self.stars.push(self.runs.len());
            }
            let part = part.replace(BACKSLASH, "\\");
            self.push(&part, &Origin::Program, Arc::default(), None);
        }
    }

    /// Stresses what stands between pairs of `**`; one without a partner stays as typed.
    fn settle_stars(&mut self) {
        let stars = std::mem::take(&mut self.stars);
        for pair in stars.chunks(2) {
            if let [start, end] = *pair {
                self.runs[start..end]
                    .iter_mut()
                    .for_each(|run| run.style = Style::Strong);
            }
        }
        if let Some(single) = stars.chunks_exact(2).remainder().first() {
            let origin = self
                .runs
                .get(*single)
                .or(self.runs.last())
                .map(|run| run.origin.clone());
            let mut words = Words::plain("**", &origin.unwrap_or(Origin::Program));
            self.runs.splice(single..single, words.0.drain(..));
        }
    }

    /// A line break of the source: nothing between Chinese, a space between Latin words.
    pub fn line_break(&mut self) {
        let last = self.runs.last().and_then(|run| run.text.chars().last());
        if last.is_some_and(|char| char.is_ascii_graphic()) {
            self.push(" ", &Origin::Program, Arc::default(), None);
        }
    }

    fn push(&mut self, text: &str, origin: &Origin, cells: Arc<[Origin]>, print: Option<Print>) {
        if text.is_empty() {
            return;
        }
        self.runs.push(Run {
            text: text.to_owned(),
            style: Style::Plain,
            origin: origin.clone(),
            cells,
            print,
        });
    }

    /// Gives the words gathered, without the blanks around them, and begins anew.
    pub fn finish(&mut self) -> Words {
        self.settle_stars();
        self.open = 0;
        let mut runs = std::mem::take(&mut self.runs);
        settle_latin_joints(&mut runs);
        adopt_origins(&mut runs);
        trim(&mut runs);
        join_typed(&mut runs);
        Words(runs.into_iter().flat_map(split_links).collect())
    }
}

/// Takes back the space of a line break before a Chinese character.
fn settle_latin_joints(runs: &mut Vec<Run>) {
    let mut index = 1;
    while index + 1 < runs.len() {
        let joint = runs[index].text == " " && runs[index].origin == Origin::Program;
        let chinese = runs[index + 1]
            .text
            .chars()
            .next()
            .is_some_and(|char| !char.is_ascii());
        if joint && chinese {
            runs.remove(index);
        } else {
            index += 1;
        }
    }
}

/// Gives runs without a mark of their own the place of their neighbour.
fn adopt_origins(runs: &mut [Run]) {
    for index in 1..runs.len() {
        if runs[index].origin == Origin::Program {
            runs[index].origin = runs[index - 1].origin.clone();
        }
    }
    for index in (0..runs.len().saturating_sub(1)).rev() {
        if runs[index].origin == Origin::Program {
            runs[index].origin = runs[index + 1].origin.clone();
        }
    }
}

/// Joins neighbours that were typed at one place; Markdown cuts words at each of its signs.
fn join_typed(runs: &mut Vec<Run>) {
    runs.dedup_by(|next, run| {
        let alike = next.origin == run.origin && next.style == run.style;
        let typed = next.cells.is_empty() && run.cells.is_empty();
        if alike && typed {
            run.text.push_str(&next.text);
        }
        alike && typed
    });
}

/// Drops blanks (also the full-width ones that are typed for an indent) at both ends.
fn trim(runs: &mut Vec<Run>) {
    while let Some(first) = runs.first_mut() {
        first.text = first.text.trim_start().to_owned();
        if !first.text.is_empty() {
            break;
        }
        runs.remove(0);
    }
    while let Some(last) = runs.last_mut() {
        last.text = last.text.trim_end().to_owned();
        if !last.text.is_empty() {
            break;
        }
        runs.pop();
    }
}

/// Cuts addresses (`http://…`, `https://…`) out of a run.
fn split_links(run: Run) -> Vec<Run> {
    let mut parts = Vec::new();
    let mut rest = run.text.as_str();
    let part = |text: &str, style| Run {
        text: text.to_owned(),
        style,
        ..run.clone()
    };
    while let Some(start) = rest.find("http://").or_else(|| rest.find("https://")) {
        let start = rest
            .find("https://")
            .map_or(start, |other| other.min(start));
        let address = &rest[start..];
        let end = address
            .find(|char: char| !char.is_ascii_graphic())
            .unwrap_or(address.len());
        if start > 0 {
            parts.push(part(&rest[..start], run.style));
        }
        parts.push(part(&address[..end], Style::Link));
        rest = &address[end..];
    }
    if !rest.is_empty() {
        parts.push(part(rest, run.style));
    }
    parts
}

/// Words of a text that is not Markdown.
pub fn plain(text: &str, marks: &[Mark]) -> Words {
    let mut builder = WordsBuilder::new(marks);
    builder.letters(text);
    builder.finish()
}

/// A value of the input in its written form, at its place.
pub fn show<T: ToString>(value: &Sourced<T>) -> Words {
    Words::plain(value.value.to_string().trim(), &value.origin)
}

/// Words of one value at its place; `cells` is that place where the value is a cell.
pub fn value(text: &str, origin: &Origin) -> Words {
    let run = Run {
        text: text.to_owned(),
        style: Style::Plain,
        origin: origin.clone(),
        cells: [origin.clone()].into(),
        print: None,
    };
    Words(split_links(run))
}

/// The place of the first mark in `text`.
pub fn first_origin(text: &str, marks: &[Mark]) -> Origin {
    let origin = |piece| match piece {
        Piece::Letters(_) => None,
        Piece::Mark(number) => marks.get(number).map(|mark| match mark {
            Mark::Typed(origin) => origin.clone(),
            Mark::Printed(printed) => printed.origin.clone(),
        }),
    };
    pieces(text).find_map(origin).unwrap_or(Origin::Program)
}
