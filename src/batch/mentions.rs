//! No mixing: the finished text of a notice comes in, the names of other units in it go out as
//! faults.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{Hash, Hasher};
use std::ops::Range;

use crate::diag::{Diagnostic, Origin};
use crate::document::{Document, Words};
use crate::model::{Batch, Circular, Register, without_blanks};

/// All names of all units, ready to be looked for.
pub struct Mentions {
    /// The unit of each name, without blanks.
    names: HashMap<String, usize>,
    /// How many characters the names have that begin with two characters.
    lengths: HashMap<(char, char), BTreeSet<usize>>,
    /// The full names of the units.
    units: Vec<String>,
    /// The units that every notice may name.
    allowed_units: BTreeSet<usize>,
    /// The words in which every notice may name units.
    allowed_words: Vec<String>,
}

/// In an order of its own, so that the same names have the same hash.
impl Hash for Mentions {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let names: BTreeMap<&String, &usize> = self.names.iter().collect();
        (names, &self.units, &self.allowed_units, &self.allowed_words).hash(state);
    }
}

/// A name that stands in a text.
struct Found {
    /// In bytes.
    range: Range<usize>,
    unit: usize,
}

impl Mentions {
    /// Gathers the names of `units` (those of the register, where there is one) and what the
    /// notices may name: what 可提及 says, and the office that sends them.
    pub fn new(
        units: &[String],
        register: Option<&Register>,
        circular: &Circular,
        batch: &Batch,
    ) -> Self {
        let mut mentions = Mentions {
            names: HashMap::new(),
            lengths: HashMap::new(),
            units: units.to_vec(),
            allowed_units: BTreeSet::new(),
            allowed_words: Vec::new(),
        };
        match register {
            Some(register) => {
                mentions.units.clear();
                for (index, unit) in register.units().iter().enumerate() {
                    mentions.units.push(unit.name.value.clone());
                    unit.names()
                        .for_each(|name| mentions.add(&name.value, index));
                }
            }
            None => (0..)
                .zip(units)
                .for_each(|(index, unit)| mentions.add(unit, index)),
        }
        for word in &batch.may_name {
            let word = without_blanks(&word.value);
            mentions.allowed_units.extend(mentions.names.get(&word));
            let group = register.into_iter().flat_map(Register::units).enumerate();
            let group = group.filter(|(_, unit)| {
                unit.group
                    .as_ref()
                    .is_some_and(|group| without_blanks(&group.value) == word)
            });
            mentions.allowed_units.extend(group.map(|(index, _)| index));
            mentions.allowed_words.push(word);
        }
        let mut forms = vec![&batch.notice];
        forms.extend(&batch.quiet);
        for paper in forms.into_iter().map(|form| &form.paper).chain([circular]) {
            let office = [
                Some(&paper.signature),
                paper.imprint.print_office.as_ref(),
                paper.header.issuer_mark.as_ref(),
            ];
            let joint = paper
                .joint_signatures
                .iter()
                .chain(&paper.header.joint_marks);
            let words = office.into_iter().flatten().chain(joint);
            mentions
                .allowed_words
                .extend(words.map(|words| without_blanks(&words.value)));
        }
        mentions.allowed_words.retain(|word| !word.is_empty());
        mentions
    }

    fn add(&mut self, name: &str, unit: usize) {
        let name = without_blanks(name);
        let mut chars = name.chars();
        let (Some(first), Some(second)) = (chars.next(), chars.next()) else {
            return;
        };
        let length = name.chars().count();
        self.lengths
            .entry((first, second))
            .or_default()
            .insert(length);
        self.names.entry(name).or_insert(unit);
    }

    /// The names of units other than `unit` in the finished text of its notice.
    pub fn check(&self, unit: &str, document: &Document) -> Vec<Diagnostic> {
        let own = self.names.get(&without_blanks(unit)).copied();
        let mut faults = Vec::new();
        for words in document.all_words() {
            let text = Text::new(words);
            for found in self.strangers(&text, own) {
                let name = &text.letters[found.range.clone()];
                faults.push(fault(name, &self.units[found.unit], &text, &found));
            }
        }
        faults
    }

    /// The names that stand in a text and may not; each place once, under the longest name.
    fn strangers(&self, text: &Text, own: Option<usize>) -> Vec<Found> {
        let all = self.all(text);
        let is_fine =
            |found: &&Found| Some(found.unit) == own || self.allowed_units.contains(&found.unit);
        let mut fine: Vec<Range<usize>> = all
            .iter()
            .filter(is_fine)
            .map(|f| f.range.clone())
            .collect();
        for word in &self.allowed_words {
            let places = text.letters.match_indices(word.as_str());
            fine.extend(places.map(|(at, word)| at..at + word.len()));
        }
        let within = |inner: &Range<usize>, outer: &Range<usize>| {
            outer.start <= inner.start && inner.end <= outer.end
        };
        let mut strangers: Vec<Found> = Vec::new();
        for found in all {
            let is_own = Some(found.unit) == own || self.allowed_units.contains(&found.unit);
            if is_own || fine.iter().any(|fine| within(&found.range, fine)) {
                continue;
            }
            strangers.retain(|other| !within(&other.range, &found.range));
            if !strangers
                .iter()
                .any(|other| within(&found.range, &other.range))
            {
                strangers.push(found);
            }
        }
        strangers
    }

    /// Every name at every place, also inside other names.
    fn all(&self, text: &Text) -> Vec<Found> {
        let mut found = Vec::new();
        for (at, pair) in text.chars.windows(2).enumerate() {
            let Some(lengths) = self.lengths.get(&(pair[0].1, pair[1].1)) else {
                continue;
            };
            let start = pair[0].0;
            for length in lengths {
                let Some((last, char)) = text.chars.get(at + length - 1) else {
                    break;
                };
                let range = start..last + char.len_utf8();
                if let Some(unit) = self.names.get(&text.letters[range.clone()]) {
                    found.push(Found { range, unit: *unit });
                }
            }
        }
        found
    }
}

/// A line or paragraph without blanks, with the way back to its runs.
struct Text<'a> {
    letters: String,
    /// Each character with its place.
    chars: Vec<(usize, char)>,
    /// Where each run begins.
    runs: Vec<usize>,
    words: &'a Words,
}

impl<'a> Text<'a> {
    fn new(words: &'a Words) -> Self {
        let mut text = Text {
            letters: String::new(),
            chars: Vec::new(),
            runs: Vec::new(),
            words,
        };
        for run in &words.0 {
            text.runs.push(text.letters.len());
            for char in run.text.chars().filter(|char| !char.is_whitespace()) {
                text.chars.push((text.letters.len(), char));
                text.letters.push(char);
            }
        }
        text
    }

    /// How many letters stand in the run before what was found.
    fn column(&self, found: &Found) -> usize {
        let index = self
            .runs
            .partition_point(|start| *start <= found.range.start);
        let run = index.saturating_sub(1);
        let mut seen = self.runs[run];
        let before = self.words.0[run].text.chars().take_while(|char| {
            let here = seen;
            seen += if char.is_whitespace() {
                0
            } else {
                char.len_utf8()
            };
            here < found.range.start || char.is_whitespace()
        });
        before.count()
    }
}

fn fault(name: &str, full: &str, text: &Text, found: &Found) -> Diagnostic {
    let index = text
        .runs
        .partition_point(|start| *start <= found.range.start);
    let run = &text.words.0[index.saturating_sub(1)];
    let message = match name == full {
        true => format!("通知里出现了别的单位“{name}”"),
        false => format!("通知里出现了别的单位“{name}”（{full}）"),
    };
    let hint = format!("改正这里的名称；确实要提到它，就在“批量”的“可提及”里写上“{name}”");
    let origin = match (&run.cells[..], &run.origin) {
        ([cell, ..], _) => cell.clone(),
        ([], Origin::Text { file, line, column }) if run.print.is_none() => {
            Origin::text(file, *line, column + text.column(found) as u32)
        }
        ([], origin) => origin.clone(),
    };
    let fault = Diagnostic::error("batch/unit/mentioned", &origin, message).hint(hint);
    match run.cells.is_empty() || run.origin == Origin::Program {
        true => fault,
        false => fault.related(&run.origin, "由这里印出"),
    }
}
