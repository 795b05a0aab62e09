//! Marks: what ties the letters of a composed text to their places. A mark stands in the text as
//! two characters of a private plane, so printed values never pass through Markdown.

use std::sync::{Arc, Mutex};

use crate::diag::Origin;

/// What a mark in the text stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// The end of a piece of words typed by hand that begins at this place.
    Typed(Origin),
    /// A value that a template printed.
    Printed(Printed),
}

/// A value printed by `{{ … }}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Printed {
    pub text: String,
    /// The place of the `{{` in the template.
    pub origin: Origin,
    /// The expression between the braces, as written.
    pub expression: Arc<str>,
    /// The cells and variables that were read for the value.
    pub cells: Arc<[Origin]>,
}

/// All marks of one circular; shared by the templates that are rendered for it.
#[derive(Debug, Default)]
pub struct Marks(Mutex<Vec<Mark>>);

const HIGH: u32 = 0xF_0000;
const LOW: u32 = 0xF_1000;
const BITS: u32 = 12;

/// What stands in a text for something that has no letters, such as a row of a table.
pub const UNPRINTABLE: char = '\u{F2FFF}';

impl Marks {
    /// Keeps `mark` and gives the two characters that stand for it.
    pub fn put(&self, mark: Mark) -> [char; 2] {
        let mut marks = self.0.lock().expect("no holder of the lock panics");
        let index = marks.len() as u32;
        assert!(
            index >> BITS < 0x1000,
            "a circular has fewer than 16 million marks"
        );
        marks.push(mark);
        let char = |code| char::from_u32(code).expect("both ranges lie in a private plane");
        [
            char(HIGH + (index >> BITS)),
            char(LOW + (index & ((1 << BITS) - 1))),
        ]
    }

    /// All marks so far, in the order of their numbers.
    pub fn all(&self) -> Vec<Mark> {
        self.0.lock().expect("no holder of the lock panics").clone()
    }
}

/// A piece of a composed text.
#[derive(Debug, PartialEq)]
pub enum Piece<'a> {
    Letters(&'a str),
    /// The number of a mark.
    Mark(usize),
}

/// Cuts a composed text into letters and marks.
pub fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        if let Some(high) = part(first, HIGH) {
            let mut chars = rest.chars();
            chars.next();
            let low = chars.next().and_then(|second| part(second, LOW));
            rest = chars.as_str();
            return Some(low.map_or(Piece::Letters(""), |low| {
                Piece::Mark(((high << BITS) | low) as usize)
            }));
        }
        let end = rest
            .find(|char| part(char, HIGH).is_some())
            .unwrap_or(rest.len());
        let (letters, after) = rest.split_at(end);
        rest = after;
        Some(Piece::Letters(letters))
    })
}

/// Tells whether a character belongs to the marks and so may not stand in the user's files.
pub fn is_mark(char: char) -> bool {
    // The plane's next part is kept for the signs that stand for Markdown's.
    (HIGH..LOW + 0x2000).contains(&u32::from(char))
}

fn part(char: char, base: u32) -> Option<u32> {
    u32::from(char)
        .checked_sub(base)
        .filter(|part| *part < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_come_back_out_of_the_text() {
        let marks = Marks::default();
        let mut text = String::from("甲");
        for _ in 0..5000 {
            marks.put(Mark::Typed(Origin::Program));
        }
        text.extend(marks.put(Mark::Typed(Origin::Program)));
        text.push('乙');
        let found: Vec<Piece> = pieces(&text).collect();
        assert_eq!(
            found,
            [
                Piece::Letters("甲"),
                Piece::Mark(5000),
                Piece::Letters("乙")
            ]
        );
    }
}
