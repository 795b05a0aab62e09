//! Check: what a careful secretary would find. Comes in: the circular and its document. Goes out:
//! faults of the data, the words and the figures, each at its place. Nothing is ever changed.
//!
//! ```text
//! Circular → data (rows, dates, contacts) ─┐
//! Document → words (marks, numerals, levels) ├→ Diagnostics → settle (the user's levels) → report
//!          → figures (totals, counts, rates) ┘
//! ```
//!
//! A false alarm is worse than a miss: a rule speaks only where the words can be read in one way,
//! and not inside quotation marks, book titles, addresses and names of accounts.

mod contact;
mod data;
mod facts;
mod figures;
mod passage;
mod settle;
mod units;
mod words;

use crate::diag::{Diagnostics, Rule};
use crate::document::Document;
use crate::model::Circular;

pub use settle::{Settled, Silenced, is_settable, settle};

/// The rules of this stage.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    [
        &data::RULES[..],
        figures::RULES,
        &words::RULES[..],
        settle::RULES,
    ]
    .into_iter()
    .flatten()
}

/// Checks the data, and the words and figures where they could be made.
pub fn check(circular: &Circular, document: Option<&Document>, diagnostics: &mut Diagnostics) {
    let facts = facts::Facts::of(circular);
    data::check(circular, &facts, diagnostics);
    if let Some(document) = document {
        words::check(document, &facts, diagnostics);
        figures::check(document, diagnostics);
    }
}
