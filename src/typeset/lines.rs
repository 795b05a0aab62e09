//! Line breaks. Comes in: words and the width of a line. Goes out: lines of pieces, each line with
//! the place of its letters in the words.
//!
//! Lines are broken here and not by Typst because the standard counts cells (28 a line) and
//! GB/T 15834 gives each mark a whole one, while Typst narrows marks at line ends and beside each
//! other.

mod rules;

use serde::Serialize;

use super::fonts::{Fonts, Role};
use crate::document::{Style, Words};

/// The grid that characters stand on, in points.
#[derive(Clone, Copy, Debug)]
pub struct Grid {
    pub size: f64,
    /// How wide one full-width character stands.
    pub cell: f64,
}

/// A stretch of letters that are set alike.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Piece {
    pub text: String,
    pub role: Role,
    /// Space between the letters, in points.
    pub tracking: f64,
    /// Space after the last letter, in points; negative where a mark is narrowed.
    pub after: f64,
}

/// A line.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Line {
    /// What the line's letters belong to; the index of an entry in the sheet's list.
    pub tag: usize,
    /// Where the line starts, in points from the left edge.
    pub lead: f64,
    pub pieces: Vec<Piece>,
    /// Whether the line is stretched to the full width.
    pub full: bool,
    /// The natural width in points, without `lead`.
    #[serde(skip)]
    pub width: f64,
    /// The place of the line's first letter in the words, in bytes.
    #[serde(skip)]
    pub start: usize,
}

#[cfg(test)]
impl Line {
    /// The letters alone.
    pub fn text(&self) -> String {
        self.pieces
            .iter()
            .map(|piece| piece.text.as_str())
            .collect()
    }
}

/// How a paragraph is laid out.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub grid: Grid,
    /// The width from the left edge to the right edge, in points.
    pub width: f64,
    /// Where the first line starts, and all others, in points.
    pub first: f64,
    pub rest: f64,
    /// Whether lines are stretched to the full width.
    pub justify: bool,
}

/// A letter with all that breaking needs.
struct Letter {
    character: char,
    role: Role,
    link: bool,
    width: f64,
    /// How much of the width may go, in points.
    slack: f64,
    at: usize,
}

/// How much of the blank half of marks may be taken out of a line.
const MOST_SQUEEZE: f64 = 0.6;

/// Breaks `parts`, each with its face, into lines.
pub fn break_lines(fonts: &Fonts, parts: &[(&Words, Role)], shape: &Shape) -> Vec<Line> {
    let letters = letters(fonts, parts, shape.grid);
    let mut lines = Vec::new();
    let mut start = 0;
    while start < letters.len() {
        let lead = if lines.is_empty() {
            shape.first
        } else {
            shape.rest
        };
        let end = line_end(&letters, start, shape.width - lead);
        let forced = letters[end - 1].character == '\n';
        let last = end == letters.len() || forced;
        lines.push(line(
            &letters[start..end - usize::from(forced)],
            shape,
            lead,
            shape.justify && !last,
        ));
        start = end;
    }
    lines
}

/// The width of words set on one line, in points.
pub fn width(fonts: &Fonts, words: &Words, role: Role, grid: Grid) -> f64 {
    letters(fonts, &[(words, role)], grid)
        .iter()
        .map(|letter| letter.width)
        .sum()
}

/// The width of the widest stretch that may not be broken, in points.
pub fn widest_word(fonts: &Fonts, words: &Words, role: Role, grid: Grid) -> f64 {
    let letters = letters(fonts, &[(words, role)], grid);
    let mut widest: f64 = 0.0;
    let mut here = 0.0;
    for (index, letter) in letters.iter().enumerate() {
        here += letter.width;
        if index + 1 == letters.len() || may_break(&letters, index + 1) {
            widest = widest.max(here);
            here = 0.0;
        }
    }
    widest
}

fn letters(fonts: &Fonts, parts: &[(&Words, Role)], grid: Grid) -> Vec<Letter> {
    let mut letters = Vec::new();
    let mut at = 0;
    for (words, role) in parts {
        for run in &words.0 {
            let role = match run.style {
                Style::Strong => Role::HeiTi,
                Style::Plain | Style::Link => *role,
            };
            for character in run.text.chars() {
                let natural = if character == '\n' {
                    0.0
                } else {
                    fonts.advance(role, character) * grid.size
                };
                let width = natural + tracking(character, grid);
                letters.push(Letter {
                    character,
                    role,
                    link: run.style == Style::Link,
                    width: if character == '\n' { 0.0 } else { width },
                    slack: if rules::is_half_blank(character) {
                        width / 2.0
                    } else {
                        0.0
                    },
                    at,
                });
                at += character.len_utf8();
            }
        }
    }
    letters
}

/// Half-width letters take half a cell less half the tracking, so that two digits fill one cell.
fn tracking(character: char, grid: Grid) -> f64 {
    let whole = grid.cell - grid.size;
    if rules::is_western(character) {
        whole / 2.0
    } else {
        whole
    }
}

/// Finds where the line that starts at `start` ends.
fn line_end(letters: &[Letter], start: usize, room: f64) -> usize {
    const ROUNDING: f64 = 1e-6;
    let mut width = 0.0;
    let mut slack = 0.0;
    let mut fitting = None;
    let mut squeezed = None;
    let mut last_inside = start;
    for index in start..letters.len() {
        let letter = &letters[index];
        if letter.character == '\n' {
            return index + 1;
        }
        // A blank at the end of a line takes no room.
        let net = if letter.character == ' ' {
            0.0
        } else {
            letter.width
        };
        if width + net <= room + ROUNDING {
            last_inside = index + 1;
        }
        width += net;
        if index > start || !rules::is_opening(letter.character) {
            slack += letter.slack;
        }
        let breaks = index + 1 == letters.len() || may_break(letters, index + 1);
        if breaks && width <= room + ROUNDING {
            fitting = Some((index + 1, width));
        } else if breaks && squeezed.is_none() && width - slack * MOST_SQUEEZE <= room {
            squeezed = Some((index + 1, width - room));
        }
        width += letter.width - net;
        if width - slack > room + letters[start].width * 4.0 {
            break;
        }
    }
    let next_is_break = |end: usize| letters.get(end).is_some_and(|l| l.character == '\n');
    let end = match (fitting, squeezed) {
        (Some((_, width)), Some((end, over))) if room - width > over => end,
        (Some((end, _)), _) => end,
        // Nothing may break in the whole line: break anywhere.
        (None, Some((end, _))) => end,
        (None, None) => last_inside.max(start + 1),
    };
    if next_is_break(end) { end + 1 } else { end }
}

/// Tells whether a line may end before letter `index`.
fn may_break(letters: &[Letter], index: usize) -> bool {
    let (before, after) = (&letters[index - 1], &letters[index]);
    if after.character == '\n' {
        return true;
    }
    if before.link && after.link {
        return rules::breaks_address(before.character, after.character);
    }
    rules::may_break(before.character, after.character)
}

fn line(letters: &[Letter], shape: &Shape, lead: f64, full: bool) -> Line {
    let blank = letters
        .iter()
        .rev()
        .take_while(|letter| letter.character == ' ')
        .count();
    let width: f64 = letters[..letters.len() - blank]
        .iter()
        .map(|letter| letter.width)
        .sum();
    // An opening mark that starts the line has nothing before it to take away.
    let slack: f64 = letters
        .iter()
        .enumerate()
        .filter(|(index, letter)| *index > 0 || !rules::is_opening(letter.character))
        .map(|(_, letter)| letter.slack)
        .sum();
    let over = (width - (shape.width - lead)).max(0.0);
    let squeeze = if slack > 0.0 {
        (over / slack).min(1.0)
    } else {
        0.0
    };
    let mut pieces: Vec<Piece> = Vec::new();
    for (index, letter) in letters.iter().enumerate() {
        let tracking = tracking(letter.character, shape.grid);
        // The blank half of an opening mark stands before it, that of all others after it.
        let less = letter.slack * squeeze;
        let (less_before, less_after) = if rules::is_opening(letter.character) {
            (less, 0.0)
        } else {
            (0.0, less)
        };
        let before = index.checked_sub(1).map(|before| &letters[before]);
        let joined = before.is_some_and(|before| {
            before.role == letter.role
                && rules::set_together(before.character, letter.character)
                && less_before == 0.0
                && (before.slack * squeeze == 0.0 || rules::is_opening(before.character))
        });
        match pieces.last_mut() {
            Some(piece) if joined => piece.text.push(letter.character),
            last => {
                if let Some(last) = last {
                    last.after -= less_before;
                }
                pieces.push(Piece {
                    text: letter.character.to_string(),
                    role: letter.role,
                    tracking,
                    after: tracking,
                });
            }
        }
        if less_after > 0.0 {
            pieces.last_mut().expect("a piece was just pushed").after = tracking - less_after;
        }
    }
    if let Some(piece) = pieces.last_mut() {
        let blanks: f64 = letters[letters.len() - blank..]
            .iter()
            .map(|letter| letter.width)
            .sum();
        piece.after -= blanks;
    }
    Line {
        tag: 0,
        lead,
        pieces,
        full,
        width: width - over,
        start: letters.first().map_or(0, |letter| letter.at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Origin;

    const GRID: Grid = Grid {
        size: 16.0,
        cell: 442.2 / 28.0,
    };

    fn lines(text: &str) -> Vec<String> {
        let words = Words::plain(text, &Origin::Program);
        let shape = Shape {
            grid: GRID,
            width: GRID.cell * 28.0,
            first: GRID.cell * 2.0,
            rest: 0.0,
            justify: true,
        };
        break_lines(&Fonts::embedded(), &[(&words, Role::FangSong)], &shape)
            .iter()
            .map(Line::text)
            .collect()
    }

    #[test]
    fn a_line_holds_twenty_eight_cells() {
        let lengths: Vec<usize> = lines(&"字".repeat(60))
            .iter()
            .map(|line| line.chars().count())
            .collect();
        assert_eq!(lengths, [26, 28, 6]);
    }

    #[test]
    fn two_digits_fill_one_cell() {
        let text = format!("2021年第13季度{}", "字".repeat(30));
        assert_eq!(lines(&text)[0].chars().count(), 4 + 2 + 2 + 2 + 19);
    }

    #[test]
    fn no_line_starts_with_a_closing_mark_or_ends_with_an_opening_one() {
        for length in 20..34 {
            let filler = "字".repeat(length);
            for mark in ["，", "。", "）。", "”，", "》、", "！", "％", "……", "——"]
            {
                for line in lines(&format!("{filler}{mark}{filler}{mark}{filler}"))
                    .iter()
                    .skip(1)
                {
                    assert!(!mark.starts_with(line.chars().next().unwrap()), "{line}");
                }
            }
            for mark in ["（", "“", "《", "〔"] {
                for line in lines(&format!("{filler}{mark}{filler}{mark}{filler}")) {
                    assert!(!line.ends_with(mark), "{line}");
                }
            }
        }
    }

    #[test]
    fn numbers_and_dashes_are_not_broken() {
        for length in 20..34 {
            let filler = "字".repeat(length);
            for token in ["1234.5%", "2021", "——", "……", "A4"] {
                let all = lines(&format!("{filler}{token}{filler}{token}{filler}"));
                let whole: usize = all.iter().map(|line| line.matches(token).count()).sum();
                assert_eq!(whole, 2, "{all:?}");
            }
        }
    }

    #[test]
    fn a_word_longer_than_a_line_is_broken_all_the_same() {
        let long = "x".repeat(200);
        assert_eq!(lines(&long).concat(), long);
        assert!(lines(&long).len() >= 4);
    }

    #[test]
    fn an_address_breaks_inside() {
        let mut words = Words::plain("http://www.example.gov.cn/a/b/c", &Origin::Program);
        words.0[0].style = Style::Link;
        let shape = Shape {
            grid: GRID,
            width: 100.0,
            first: 0.0,
            rest: 0.0,
            justify: false,
        };
        let lines = break_lines(&Fonts::embedded(), &[(&words, Role::FangSong)], &shape);
        assert!(lines.len() > 2);
        assert!(lines.iter().all(|line| line.width <= 100.0), "{lines:?}");
    }

    #[test]
    fn a_mark_is_squeezed_in_rather_than_a_cell_left_open() {
        // The 27th and last cell holds 。, which may not start a line: pushing 字”。 out would leave
        // two cells open, squeezing takes one from five marks.
        let six = "字".repeat(6);
        let text = format!("{six}，{six}，{six}，字字字字”。{}", "字".repeat(20));
        assert_eq!(lines(&text)[0].chars().count(), 27);
    }

    #[test]
    fn a_break_in_the_words_breaks_the_line() {
        assert_eq!(lines("甲\n乙"), ["甲", "乙"]);
    }
}
