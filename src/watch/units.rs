//! The words of a version, free of how they break into lines. Comes in: the ink of all pages. Goes
//! out: each paragraph, heading, title and cell as one text, with the lines that show it.

use std::collections::BTreeMap;

use crate::typeset::{InkLine, Part};

/// A text that belongs together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    pub part: Part,
    pub text: String,
}

/// The lines that show a unit, by their number among all lines, and where each starts in its text,
/// in bytes.
pub type Shown = Vec<(usize, usize)>;

/// Joins lines to units, in the order of reading.
pub fn units(lines: &[InkLine]) -> (Vec<Unit>, Vec<Shown>) {
    let mut units: Vec<Unit> = Vec::new();
    let mut shown: Vec<Shown> = Vec::new();
    let mut numbers: BTreeMap<(Part, usize), usize> = BTreeMap::new();
    for (index, line) in lines.iter().enumerate() {
        let block = match line.part {
            Part::PageNumber | Part::Continued => continue,
            // Each line of a title is a block of its own.
            Part::Title | Part::AttachmentTitle(_) => 0,
            _ => line.block,
        };
        let number = *numbers.entry((line.part, block)).or_insert(units.len());
        if number == units.len() {
            units.push(Unit {
                part: line.part,
                text: String::new(),
            });
            shown.push(Vec::new());
        }
        let text = &mut units[number].text;
        let goes_on = shown[number]
            .last()
            .is_none_or(|(last, _)| last + 1 == index);
        // The head of a table and its merged cells come again on each page.
        if !goes_on && text.contains(&line.text) {
            continue;
        }
        shown[number].push((index, text.len()));
        text.push_str(&line.text);
    }
    (units, shown)
}
