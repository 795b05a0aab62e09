//! What rules need to know of the whole circular.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::units::Units;
use crate::model::{Circular, Date, Format, LexiconEntry, Scalar, Table, ValueKind};

/// What the circular says of itself.
#[derive(Clone, Debug)]
pub struct Facts {
    pub doc_date: Date,
    /// 文种.
    pub kind: String,
    /// Whether the title names a kind: those of orders and minutes stand in the mark.
    pub titled: bool,
    /// Whether the note says that the circular is for the public.
    pub public: bool,
    /// Names of accounts; no rule looks into them.
    pub accounts: Names,
    /// All names of the register's units, and of the offices that every county has.
    pub units: Units,
    /// How many attachments there are.
    pub attachments: usize,
    /// The unit's own word list.
    pub lexicon: Vec<LexiconEntry>,
}

impl Facts {
    pub fn of(circular: &Circular) -> Self {
        let note = circular.note.as_ref();
        Facts {
            doc_date: circular.doc_date.value,
            kind: circular.kind.value.trim().to_owned(),
            titled: matches!(circular.format, Format::General | Format::Letter),
            public: note.is_some_and(|note| note.value.contains("公开")),
            accounts: Names::new(
                circular
                    .tables
                    .iter()
                    .flat_map(|table| account_names(table)),
            ),
            units: Units::new(circular.register.clone()),
            attachments: circular.attachments.len(),
            lexicon: circular.checks.lexicon.clone(),
        }
    }
}

/// Many names to be found in a text, in a time that does not grow with their number.
#[derive(Clone, Debug, Default)]
pub struct Names {
    names: BTreeSet<String>,
    /// How many bytes those are long that start with a letter, the longest first.
    lengths: BTreeMap<char, BTreeSet<Reverse<usize>>>,
    /// The letters that one may start with, by their last bits: most letters start none.
    firsts: Vec<bool>,
}

impl Names {
    const FIRSTS: usize = 1 << 12;

    pub fn new(names: impl Iterator<Item = String>) -> Self {
        let names: BTreeSet<String> = names.collect();
        let mut lengths: BTreeMap<char, BTreeSet<_>> = BTreeMap::new();
        let mut firsts = vec![false; Self::FIRSTS];
        for name in &names {
            if let Some(first) = name.chars().next() {
                lengths
                    .entry(first)
                    .or_default()
                    .insert(Reverse(name.len()));
                firsts[first as usize % Self::FIRSTS] = true;
            }
        }
        Names {
            names,
            lengths,
            firsts,
        }
    }

    /// Where names stand, from left to right, the longest at each place.
    pub fn places(&self, text: &str) -> Vec<(usize, usize)> {
        let mut places = Vec::new();
        let mut free = 0;
        for (at, char) in text.char_indices() {
            let first = self.firsts.get(char as usize % Self::FIRSTS);
            if at < free || first != Some(&true) {
                continue;
            }
            let lengths = self.lengths.get(&char).into_iter().flatten();
            let found = lengths.map(|Reverse(length)| at + length).find(|end| {
                text.get(at..*end)
                    .is_some_and(|name| self.names.contains(name))
            });
            if let Some(end) = found {
                places.push((at, end));
                free = end;
            }
        }
        places
    }
}

/// The values of a table's column of account names; one letter is no name to look for.
fn account_names(table: &Table) -> Vec<String> {
    let Some(column) = table.known_column("账号名称") else {
        return Vec::new();
    };
    let cells = table.rows().iter().map(|row| &row[column].kind);
    cells
        .filter_map(|kind| match kind {
            ValueKind::Scalar(Scalar::Text(text)) if text.chars().count() > 1 => {
                Some(text.trim().to_owned())
            }
            _ => None,
        })
        .collect()
}

#[cfg(test)]
impl Facts {
    /// A circular of 1 July 2026 for the public, without attachments.
    pub fn plain() -> Self {
        Facts {
            doc_date: Date::new(2026, 7, 1).expect("the calendar has it"),
            kind: "问题通报".to_owned(),
            titled: true,
            public: true,
            accounts: Names::default(),
            units: Units::new(None),
            attachments: 0,
            lexicon: Vec::new(),
        }
    }
}
