//! A line of ink cut into its runs. Comes in: a line. Goes out: each run's letters on it with their
//! edges, in millimetres from the page's left.

use crate::document::Run;
use crate::typeset::InkLine;

/// The part of a run that a line shows.
pub struct Segment<'a> {
    pub text: &'a str,
    pub run: &'a Run,
    /// How many bytes of the run stand before it.
    pub before: usize,
    pub left: f64,
    pub right: f64,
}

impl Segment<'_> {
    /// Tells whether the letters were computed or read from a table, not typed.
    pub fn is_value(&self) -> bool {
        self.run.print.is_some() || !self.run.cells.is_empty()
    }
}

/// Cuts a line into its runs, from left to right.
pub fn segments(line: &InkLine) -> Vec<Segment<'_>> {
    let mut segments = Vec::new();
    let mut rest = line.text.as_str();
    let mut before = line.shown_before;
    let last = line.runs.len().saturating_sub(1);
    for (index, run) in line.runs.iter().enumerate() {
        let length = run.text.len().saturating_sub(before);
        let fits = index < last && rest.is_char_boundary(length);
        let (text, after) = rest.split_at(if fits { length } else { rest.len() });
        if !text.is_empty() {
            let start = line.text.len() - rest.len();
            segments.push(Segment {
                text,
                run,
                before,
                left: edge(line, start),
                right: edge(line, start + text.len()),
            });
        }
        (rest, before) = (after, 0);
    }
    segments
}

/// The left edge of the letter at byte `at` of a line; the right edge of the line behind its last.
pub fn edge(line: &InkLine, at: usize) -> f64 {
    let index = line.text[..at].chars().count();
    let count = index + line.text[at..].chars().count();
    if at == line.text.len() {
        return line
            .right
            .max(line.cells.last().copied().unwrap_or(line.right));
    }
    match line.cells.get(index) {
        Some(edge) if line.cells.len() == count => *edge,
        // Letters that are joined have no edges of their own.
        _ => line.left + (line.right - line.left) * index as f64 / count.max(1) as f64,
    }
}

/// The upper and the lower edge of a line's letters, blank of the em included, in millimetres.
pub fn height(line: &InkLine) -> (f64, f64) {
    const ABOVE: f64 = 0.88;
    const MM: f64 = 25.4 / 72.0;
    let em = line.size * MM;
    (
        line.baseline - ABOVE * em,
        line.baseline + (1.0 - ABOVE) * em,
    )
}
