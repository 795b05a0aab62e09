//! Punctuation: what GB/T 15834—2011 says of the marks that circulars get wrong most.

mod pairs;
mod stops;
mod width;

use super::reading::{Kind, Reading};
use crate::diag::{Diagnostic, Rule};

/// The rules of marks.
pub fn rules() -> Vec<Rule> {
    [width::RULES, pairs::RULES, stops::RULES].concat()
}

/// The faults of running text; of a cell only those that no form of a table excuses.
pub fn faults(reading: &Reading) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    if reading.kind != Kind::Cell {
        faults.extend(width::faults(reading));
        faults.extend(pairs::between(reading));
        faults.extend(stops::faults(reading));
    }
    faults.extend(stops::doubled(reading));
    faults.extend(pairs::unbalanced(reading));
    faults.extend(pairs::nested(reading));
    faults
}

/// One fault for all places of a kind in a paragraph: the first of them, and how many there are.
fn first_of(
    reading: &Reading,
    rule: &Rule,
    places: &[(usize, usize)],
    message: String,
    hint: String,
) -> Option<Diagnostic> {
    let (start, end) = *places.first()?;
    let message = match places.len() {
        1 => message,
        count => format!("{message}（这一段里共{count}处）"),
    };
    Some(reading.fault(rule, start, end, message).hint(hint))
}
