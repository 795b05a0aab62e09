//! Line breaks. Comes in: words and the width of a line. Goes out: lines of pieces, each line with
//! the place of its letters in the words.
//!
//! Lines are broken here and not by Typst because the standard counts cells (28 a line) and
//! GB/T 15834 gives each mark a whole one, while Typst narrows marks at line ends and beside each
//! other.

pub mod rules;

use std::hash::{Hash, Hasher};

use super::fonts::{Fonts, Role};
use super::glyphs;
use super::setting::{Line, Piece};
use crate::document::{Style, Words};

/// The grid that characters stand on, in points.
#[derive(Clone, Copy, Debug)]
pub struct Grid {
    pub size: f64,
    /// How wide one full-width character stands.
    pub cell: f64,
}

/// Makes the first letters of a paragraph bold.
pub fn embolden(lines: &mut [Line], letters: usize) {
    let mut left = letters;
    for line in lines {
        let mut pieces = Vec::new();
        for mut piece in std::mem::take(&mut line.pieces) {
            let count = piece.text.chars().count();
            if left > 0 && left < count {
                let at = piece.text.char_indices().nth(left).map_or(0, |(at, _)| at);
                let rest = piece.text.split_off(at);
                pieces.push(Piece {
                    after: piece.tracking,
                    bold: true,
                    ..piece.clone()
                });
                piece.text = rest;
            } else {
                piece.bold = left > 0;
            }
            left = left.saturating_sub(count);
            pieces.push(piece);
        }
        line.pieces = pieces;
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
    /// Whether lines are stretched to the full width. Those that are not keep the parts of a date
    /// whole: 2026年｜1月2日.
    pub justify: bool,
    /// Whether the words are names: a line ends behind a mark between them and nowhere else.
    pub names: bool,
}

impl Hash for Shape {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let lengths = [
            self.grid.size,
            self.grid.cell,
            self.width,
            self.first,
            self.rest,
        ];
        lengths.map(f64::to_bits).hash(state);
        (self.justify, self.names).hash(state);
    }
}

/// A letter with all that breaking needs.
struct Letter {
    character: char,
    /// Chooses another form of the character.
    selector: Option<char>,
    /// The number of the face that draws it.
    face: usize,
    link: bool,
    width: f64,
    /// How much of the width may go, in points.
    slack: f64,
    /// Whether the letter belongs to an address, a number or a word too long to be kept whole.
    long: bool,
    /// Whether no line ends before the letter.
    glued: bool,
    at: usize,
}

/// How much of the blank half of marks may be taken out of a line.
const MOST_SQUEEZE: f64 = 0.6;

/// How much wider than a cell letters may stand to fill a line, in points (0.8 mm).
const MOST_STRETCH: f64 = 2.27;

/// How much wider they stand before a word that nothing may divide, such as a telephone number: the
/// right edge stays straight all the same (2.5 mm).
const LOOSEST: f64 = 7.1;

/// How much of that the letters of a long word take, which stand closer than Chinese ones.
const LONG_STRETCH: f64 = 0.2;

/// A word of more cells than these may be broken where a line would be loose without it.
const LONG_CELLS: f64 = 8.0;

/// Letters of one style and the face they are set in.
type Text<'a> = (&'a str, Style, Role);

fn texts<'a>(parts: &[(&'a Words, Role)]) -> Vec<Text<'a>> {
    let runs = parts.iter().flat_map(|(words, role)| {
        let runs = words.0.iter();
        runs.map(|run| (run.text.as_str(), run.style, *role))
    });
    runs.collect()
}

/// Breaks `parts`, each with its face, into lines.
pub fn break_lines(fonts: &Fonts, parts: &[(&Words, Role)], shape: &Shape) -> Vec<Line> {
    broken(fonts, &texts(parts), shape)
}

/// Remembered, as fitting tries the same words again, and an edit changes few of them.
#[comemo::memoize]
fn broken(fonts: &Fonts, texts: &[Text], shape: &Shape) -> Vec<Line> {
    let mut letters = letters(fonts, texts, shape.grid);
    if !shape.justify {
        glue_dates(&mut letters);
    }
    if shape.names {
        glue_names(&mut letters);
    }
    let mut lines = Vec::new();
    let mut start = 0;
    while start < letters.len() {
        let lead = if lines.is_empty() {
            shape.first
        } else {
            shape.rest
        };
        let room = shape.width - lead;
        let mut end = line_end(&letters, start, room);
        let goes_on = |end: usize| end < letters.len() && letters[end - 1].character != '\n';
        if shape.justify
            && goes_on(end)
            && stretch(&letters[start..end], room, MOST_STRETCH).is_none()
        {
            end = break_inside(&letters, start, end, room);
        }
        let forced = letters[end - 1].character == '\n';
        let shown = &letters[start..end - usize::from(forced)];
        let stretch = (shape.justify && goes_on(end)).then(|| stretch(shown, room, LOOSEST));
        lines.push(line(shown, shape, lead, stretch.flatten()));
        start = end;
    }
    lines
}

/// The width of words set on one line, in points.
pub fn width(fonts: &Fonts, words: &Words, role: Role, grid: Grid) -> f64 {
    let letters = letters(fonts, &texts(&[(words, role)]), grid);
    letters.iter().map(|letter| letter.width).sum()
}

/// How wide the words of a cell are: those that stand on one line, and those that may not be broken.
#[derive(Clone, Copy, Debug)]
pub struct Widths {
    pub line: f64,
    pub word: f64,
}

/// The widths of the words of a cell, in em.
pub fn widths(fonts: &Fonts, words: &Words, role: Role) -> Widths {
    widths_of(fonts, &texts(&[(words, role)]))
}

#[comemo::memoize]
fn widths_of(fonts: &Fonts, texts: &[Text]) -> Widths {
    const EM: Grid = Grid {
        size: 1.0,
        cell: 1.0,
    };
    let mut letters = letters(fonts, texts, EM);
    glue_dates(&mut letters);
    let mut widths = Widths {
        line: 0.0,
        word: 0.0,
    };
    let (mut line, mut word) = (0.0, 0.0);
    for (index, letter) in letters.iter().enumerate() {
        line = if letter.character == '\n' {
            0.0
        } else {
            line + letter.width
        };
        word += letter.width;
        widths.line = widths.line.max(line);
        if index + 1 == letters.len() || may_break(&letters, index + 1) {
            widths.word = widths.word.max(word);
            word = 0.0;
        }
    }
    widths
}

fn letters(fonts: &Fonts, texts: &[Text], grid: Grid) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::new();
    let mut at = 0;
    for (text, style, role) in texts {
        let role = match style {
            Style::Strong => Role::HeiTi,
            Style::Plain | Style::Link => *role,
        };
        for character in text.chars() {
            let place = at;
            at += character.len_utf8();
            if glyphs::is_selector(character)
                && let Some(last) = letters.last_mut()
            {
                last.selector = Some(character);
                continue;
            }
            let (face, advance) = fonts.cell(role, character);
            let width = match character {
                '\n' => 0.0,
                _ => advance * grid.size + tracking(character, grid),
            };
            letters.push(Letter {
                character,
                selector: None,
                face,
                link: *style == Style::Link,
                width,
                slack: if rules::is_half_blank(character) {
                    width / 2.0
                } else {
                    0.0
                },
                long: false,
                glued: false,
                at: place,
            });
        }
    }
    let in_word = |letter: &Letter| rules::is_western(letter.character) && letter.character != ' ';
    for word in letters.chunk_by_mut(|a, b| in_word(a) == in_word(b)) {
        let width: f64 = word.iter().map(|letter| letter.width).sum();
        let long = in_word(&word[0]) && width > LONG_CELLS * grid.cell;
        word.iter_mut().for_each(|letter| letter.long = long);
    }
    letters
}

/// Keeps each figure of a date with the letter behind it.
fn glue_dates(letters: &mut [Letter]) {
    for index in 1..letters.len() {
        let figure = letters[index - 1].character.is_ascii_digit();
        letters[index].glued = figure && "年月日".contains(letters[index].character);
    }
}

/// Keeps each name whole: what follows a mark or a blank may start a line, and nothing else.
fn glue_names(letters: &mut [Letter]) {
    for index in 1..letters.len() {
        let before = letters[index - 1].character;
        letters[index].glued |= !"、，；。：\n \u{3000}".contains(before);
    }
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
            if width <= room + ROUNDING {
                return index + 1;
            }
            break;
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
        (None, None) => {
            let last = last_inside.max(start + 1);
            // An address still breaks better after one of its marks, if that fills half the line.
            let after_mark = (start + (last - start) / 2 + 1..=last)
                .rev()
                .find(|end| breaks_address(letters, *end));
            // Marks keep to their sides of the line's end here too.
            const NEAR: usize = 3;
            let mut near = (last.saturating_sub(NEAR).max(start + 1)..=last).rev();
            let at_sides = |end: &usize| {
                let after = letters.get(*end).map(|letter| letter.character);
                after.is_none_or(|after| rules::may_break(letters[end - 1].character, after))
            };
            after_mark.or_else(|| near.find(at_sides)).unwrap_or(last)
        }
    };
    if next_is_break(end) { end + 1 } else { end }
}

/// Finds a later end of the line inside the long word that starts at `end`, for a line that would be
/// loose: after a mark of an address if the line is not loose then, else anywhere.
fn break_inside(letters: &[Letter], start: usize, end: usize, room: f64) -> usize {
    let mut width: f64 = letters[start..end].iter().map(|l| l.width).sum();
    let mut inside = Vec::new();
    for index in end..letters.len() - 1 {
        width += letters[index].width;
        if width > room || !letters[index].long {
            break;
        }
        let stranded = |at: usize| letters.get(at).is_none_or(|letter| !letter.long);
        if letters[index + 1].long
            && !stranded(index + 2)
            && (index == 0 || !stranded(index - 1))
            && rules::may_break_inside(letters[index].character, letters[index + 1].character)
        {
            inside.push(index + 1);
        }
    }
    let fills = |end: &&usize| stretch(&letters[start..**end], room, MOST_STRETCH).is_some();
    let after_mark = inside
        .iter()
        .rev()
        .filter(|end| breaks_address(letters, **end))
        .find(fills);
    *after_mark.or(inside.last()).unwrap_or(&end)
}

fn breaks_address(letters: &[Letter], end: usize) -> bool {
    end < letters.len() && rules::breaks_address(letters[end - 1].character, letters[end].character)
}

/// How much the gaps of a line must grow to fill `room`, in points; nothing where that would be more than
/// `most`.
fn stretch(letters: &[Letter], room: f64, most: f64) -> Option<f64> {
    const ROUNDING: f64 = 1e-6;
    let letters = &letters[..letters.len() - blanks(letters)];
    let width: f64 = letters.iter().map(|letter| letter.width).sum();
    let short = room - width;
    if short <= ROUNDING {
        return Some(0.0);
    }
    let gaps: f64 = letters
        .windows(2)
        .map(|pair| give(&pair[0], &pair[1]))
        .sum();
    (short <= gaps * most).then(|| short / gaps)
}

/// How much of a line's stretch goes between two letters.
fn give(before: &Letter, after: &Letter) -> f64 {
    if before.long && after.long {
        LONG_STRETCH
    } else if rules::may_stretch(before.character, after.character) {
        1.0
    } else {
        0.0
    }
}

/// How many blanks a line ends with.
fn blanks(letters: &[Letter]) -> usize {
    let blank = |letter: &&Letter| letter.character == ' ';
    letters.iter().rev().take_while(blank).count()
}

/// Tells whether a line may end before letter `index`.
fn may_break(letters: &[Letter], index: usize) -> bool {
    let (before, after) = (&letters[index - 1], &letters[index]);
    if after.character == '\n' {
        return true;
    }
    if after.glued {
        return false;
    }
    if before.link && after.link {
        return rules::breaks_address(before.character, after.character);
    }
    let digit = |letter: &&Letter| letter.character.is_ascii_digit();
    let in_number = before.character == ' ' && {
        let digits = letters[..index - 1].iter().rev().take_while(digit).count();
        rules::groups_digits(digits, letters[index..].iter().take_while(digit).count())
    };
    !in_number && rules::may_break(before.character, after.character)
}

fn line(letters: &[Letter], shape: &Shape, lead: f64, stretch: Option<f64>) -> Line {
    let room = shape.width - lead;
    let blank = blanks(letters);
    let shown = letters.len() - blank;
    let width: f64 = letters[..shown].iter().map(|letter| letter.width).sum();
    // An opening mark that starts the line has nothing before it to take away.
    let slack: f64 = letters
        .iter()
        .enumerate()
        .filter(|(index, letter)| *index > 0 || !rules::is_opening(letter.character))
        .map(|(_, letter)| letter.slack)
        .sum();
    let over = (width - room).max(0.0);
    let squeeze = if slack > 0.0 {
        (over / slack).min(1.0)
    } else {
        0.0
    };
    let mut pieces: Vec<Piece> = Vec::new();
    for (index, letter) in letters.iter().enumerate() {
        // The blank half of an opening mark stands before it, that of all others after it.
        let less = letter.slack * squeeze;
        let (less_before, less_after) = if rules::is_opening(letter.character) {
            (less, 0.0)
        } else {
            (0.0, less)
        };
        let more = match letters[..shown].get(index + 1) {
            Some(next) => stretch.unwrap_or(0.0) * give(letter, next),
            None => 0.0,
        };
        let after = tracking(letter.character, shape.grid) + more - less_after;
        if let Some(last) = pieces.last_mut() {
            last.after -= less_before;
        }
        match pieces.last_mut() {
            Some(piece) if piece.face == letter.face && piece.after == piece.tracking => {
                piece.text.push(letter.character);
                piece.after = after;
            }
            _ => pieces.push(Piece {
                text: letter.character.to_string(),
                face: letter.face,
                tracking: after,
                after,
                bold: false,
            }),
        }
        let last = pieces.last_mut().expect("a piece is there");
        last.text.extend(letter.selector);
    }
    if let Some(piece) = pieces.last_mut() {
        let blanks: f64 = letters[shown..].iter().map(|letter| letter.width).sum();
        piece.after -= blanks;
    }
    Line {
        tag: 0,
        lead,
        pieces,
        width: if stretch.is_some() {
            room
        } else {
            width - over
        },
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
        set(text).iter().map(Line::text).collect()
    }

    fn set(text: &str) -> Vec<Line> {
        let words = Words::plain(text, &Origin::Program);
        let shape = Shape {
            grid: GRID,
            width: GRID.cell * 28.0,
            first: GRID.cell * 2.0,
            rest: 0.0,
            justify: true,
            names: false,
        };
        break_lines(&Fonts::embedded(), &[(&words, Role::FangSong)], &shape)
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
            for token in [
                "1234.5%",
                "2021",
                "——",
                "……",
                "A4",
                "23\u{3bc}g/m³",
                "1 286",
                "H₂SO₄",
                "kW·h",
                "1∶500",
            ] {
                let all = lines(&format!("{filler}{token}{filler}{token}{filler}"));
                let whole: usize = all.iter().map(|line| line.matches(token).count()).sum();
                assert_eq!(whole, 2, "{all:?}");
            }
        }
    }

    /// A list of numbers was one word.
    #[test]
    fn a_blank_between_two_numbers_ends_a_line() {
        let all = lines(&"13800000001 ".repeat(20));
        assert!(
            all.iter().all(|line| line.trim().ends_with("0001")),
            "{all:?}"
        );
    }

    #[test]
    fn a_word_longer_than_a_line_is_broken_all_the_same() {
        let long = "x".repeat(200);
        assert_eq!(lines(&long).concat(), long);
        assert!(lines(&long).len() >= 4);
    }

    #[test]
    fn a_character_with_a_selector_takes_one_cell() {
        let plain = set(&"字".repeat(60));
        let chosen = set(&"字\u{e0100}".repeat(60));
        let lengths = |lines: &[Line]| -> Vec<usize> {
            let letters = |line: &Line| line.text().matches('字').count();
            lines.iter().map(letters).collect()
        };
        assert_eq!(lengths(&plain), lengths(&chosen));
        assert!(chosen.iter().all(|line| line.text().ends_with('\u{e0100}')));
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
            names: false,
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

    const ADDRESS: &str = "网址https://www.example.gov.cn/zwgk/2026/10/12/index_1234567890abcdef.html?id=123456789&name=test。";

    /// The gaps between the letters of a line beyond their cells, in points.
    fn gaps(line: &Line) -> impl Iterator<Item = f64> + '_ {
        line.pieces
            .iter()
            .flat_map(|piece| [piece.tracking, piece.after])
    }

    /// Whether a line reaches the right edge.
    fn full(line: &Line) -> bool {
        (line.lead + line.width - GRID.cell * 28.0).abs() < 1e-6
    }

    #[test]
    fn a_line_is_never_loose() {
        for lead in 0..30 {
            for token in [
                ADDRESS,
                &"0123456789".repeat(9),
                "邮箱admin@example.gov.cn，",
            ] {
                for line in set(&format!(
                    "{}{token}的事项。{}",
                    "字".repeat(lead),
                    "字".repeat(30)
                )) {
                    assert!(gaps(&line).all(|gap| gap <= 2.3), "{line:?}");
                }
            }
        }
    }

    #[test]
    fn a_line_before_a_long_number_or_address_is_filled_from_it() {
        for token in [ADDRESS, &"0123456789".repeat(9)] {
            for lead in 0..30 {
                let all = set(&format!("编号为{}{token}的事项。", "字".repeat(lead)));
                let but_last = &all[..all.len() - 1];
                assert!(but_last.iter().all(full), "{but_last:?}");
            }
        }
    }

    #[test]
    fn a_line_before_a_word_that_is_not_divided_is_filled_all_the_same() {
        for word in ["Administrations", "0471-8888888", "99.97%"] {
            for lead in 0..26 {
                let all = set(&format!("{}{word}{}", "字".repeat(lead), "字".repeat(30)));
                let whole = all.iter().any(|line| line.text().contains(word));
                assert!(whole && all[..all.len() - 1].iter().all(full), "{all:?}");
            }
        }
        // A single letter cannot fill a line.
        let all = set(&format!("{}甲{}", "字".repeat(26), "A".repeat(16)));
        assert_eq!(all.len(), 2);
    }

    #[test]
    fn an_address_breaks_after_a_mark_where_that_fills_the_line() {
        let all = lines(&format!("{}{ADDRESS}", "字".repeat(11)));
        assert!(all[0].ends_with("gov.cn/"), "{all:?}");
    }

    #[test]
    fn a_word_too_long_for_its_line_is_broken_before_a_break_in_the_words_too() {
        assert_eq!(lines(&format!("{}\n乙", "8".repeat(54))).len(), 3);
    }

    #[test]
    fn a_break_in_the_words_breaks_the_line() {
        assert_eq!(lines("甲\n乙"), ["甲", "乙"]);
    }
}
