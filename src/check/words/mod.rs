//! Words of the finished text. Comes in: the document. Goes out: faults of punctuation, numerals,
//! dates, levels, titles, spelling, and what must not be printed.

mod dates;
mod levels;
mod lexicon;
mod marks;
mod patterns;
mod privacy;
mod reading;
mod signs;
mod whole;

use std::sync::LazyLock;

use super::contact;
use super::facts::Facts;
use super::passage::Passage;
use super::units;
use crate::diag::{Diagnostic, Diagnostics, Origin, Rule};
use crate::document::{Block, Document, Words};

pub use reading::is_han;
use reading::{Kind, Reading};

/// The rules of words.
pub static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    [
        whole::RULES,
        &marks::rules(),
        patterns::RULES,
        dates::RULES,
        levels::RULES,
        lexicon::RULES,
        units::RULES,
        contact::RULES,
        privacy::RULES,
    ]
    .concat()
});

/// Reads every word of the document.
pub fn check(document: &Document, facts: &Facts, diagnostics: &mut Diagnostics) {
    let readings = readings(document, facts);
    for reading in &readings {
        diagnostics.extend(faults(reading, facts));
    }
    let parts = readings.split_inclusive(|reading| reading.kind == Kind::AttachmentTitle);
    for part in parts {
        let part: Vec<&Reading> = part.iter().collect();
        diagnostics.extend(levels::sequences(&part));
    }
    diagnostics.extend(whole::spellings(&readings));
    let attached = document.attachments.iter().map(|attached| &attached.blocks);
    for blocks in std::iter::once(&document.main_text).chain(attached) {
        diagnostics.extend(levels::bare(blocks));
    }
}

/// The faults of a cell of a table as it was filled in.
pub fn cell_faults(column: &str, text: &str, origin: &Origin, facts: &Facts) -> Vec<Diagnostic> {
    let passage = Passage::of(&Words::plain(text, origin));
    let reading = Reading::new(Kind::Cell, false, passage, facts);
    let mut faults = faults_of_words(&reading, facts, true);
    for slip in contact::in_cell(column, text) {
        faults.push(slip.rule.fault(origin, slip.message).hint(slip.hint));
    }
    // A cell is one place.
    faults
        .iter_mut()
        .for_each(|fault| fault.origin = origin.clone());
    faults
}

/// The faults of one reading by itself.
fn faults(reading: &Reading, facts: &Facts) -> Vec<Diagnostic> {
    let mut faults = privacy::faults(reading, facts);
    if reading.kind == Kind::Cell {
        // What was filled in has been looked at where it stands.
        let typed = reading.passage.is_typed(0, reading.passage.text.len());
        if typed {
            faults.extend(faults_of_words(reading, facts, true));
            faults.extend(contacts(reading));
        }
        return faults;
    }
    faults.extend(faults_of_words(reading, facts, false));
    faults.extend(contacts(reading));
    faults.extend(levels::faults(reading));
    faults.extend(whole::attachments(reading, facts));
    if reading.kind == Kind::Title && facts.titled {
        faults.extend(whole::title(reading, facts));
    }
    faults
}

fn faults_of_words(reading: &Reading, facts: &Facts, cell: bool) -> Vec<Diagnostic> {
    let mut faults = marks::faults(reading);
    faults.extend(patterns::faults(reading, cell));
    faults.extend(dates::faults(reading, facts, cell));
    faults.extend(lexicon::faults(reading, facts));
    for (start, end, name) in facts.units.misspelt(&reading.plain) {
        let message = format!("“{}”疑有错字", &reading.plain[start..end]);
        let fault = reading.fault(&units::MISSPELT, start, end, message);
        faults.push(fault.hint(format!("是不是“{name}”")));
    }
    faults
}

fn contacts(reading: &Reading) -> Vec<Diagnostic> {
    let slips = contact::in_text(&reading.passage.text);
    slips
        .into_iter()
        .filter(|slip| !reading.is_closed(slip.start, slip.end))
        .map(|slip| {
            reading
                .fault(&slip.rule, slip.start, slip.end, slip.message)
                .hint(slip.hint)
        })
        .collect()
}

fn readings(document: &Document, facts: &Facts) -> Vec<Reading> {
    let mut readings = Vec::new();
    let mut add = |kind: Kind, main: bool, words: &Words| {
        if !words.is_empty() {
            readings.push(Reading::new(kind, main, Passage::of(words), facts));
        }
    };
    add(Kind::Title, true, &document.title);
    for words in document.recipients.iter() {
        add(Kind::Recipients, true, words);
    }
    blocks(&document.main_text, true, &mut add);
    for words in document.note.iter() {
        add(Kind::Note, true, words);
    }
    for words in document.cc_recipients.iter() {
        add(Kind::Other, true, words);
    }
    for attachment in &document.attachments {
        add(Kind::AttachmentTitle, false, &attachment.title);
        blocks(&attachment.blocks, false, &mut add);
    }
    readings
}

fn blocks(blocks: &[Block], main: bool, add: &mut impl FnMut(Kind, bool, &Words)) {
    for block in blocks {
        match block {
            Block::Heading { words, run_in, .. } => {
                let alone = run_in.is_empty();
                add(Kind::Heading { alone }, main, words);
                add(Kind::Paragraph, main, run_in);
            }
            Block::Paragraph(words) => add(Kind::Paragraph, main, words),
            Block::Recipients(words) => add(Kind::Recipients, main, words),
            Block::Table(table) => {
                let cells = table.rows.iter().flatten().map(|cell| &cell.words);
                let groups = table.groups.iter().map(|group| &group.words);
                for words in groups.chain(&table.head).chain(cells) {
                    add(Kind::Cell, main, words);
                }
            }
            Block::Signature { name, .. } => add(Kind::Other, main, name),
            Block::Picture(_) => {}
        }
    }
}

#[cfg(test)]
mod tests;
