//! Places in the user's own files, and the text of those files.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// Where a value or a run of words comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// The program itself (a default, a computed number of an attachment).
    Program,
    /// A place in a text file; `line` and `column` count characters from 1. A built-in template
    /// stands under the name `内置模板/…`.
    Text {
        file: Arc<str>,
        line: u32,
        column: u32,
    },
    /// A cell of a workbook; `row` and `column` count from 0, from the sheet's first cell.
    Cell {
        file: Arc<str>,
        sheet: Arc<str>,
        row: u32,
        column: u32,
    },
}

impl Origin {
    /// A place in a text file; `line` and `column` count characters from 1.
    pub fn text(file: &Arc<str>, line: u32, column: u32) -> Self {
        Origin::Text {
            file: file.clone(),
            line,
            column,
        }
    }

    /// The place of what follows `before`, which begins here; each of its lines does so in the same
    /// column.
    pub fn after(&self, before: &str) -> Self {
        let Origin::Text { file, line, column } = self else {
            return self.clone();
        };
        let count = |characters: usize| u32::try_from(characters).unwrap_or(u32::MAX);
        match before.rsplit_once('\n') {
            Some((lines, last)) => Origin::Text {
                file: file.clone(),
                line: line + count(lines.matches('\n').count() + 1),
                column: column + count(last.chars().count()),
            },
            None => Origin::text(file, *line, column + count(before.chars().count())),
        }
    }

    /// The name of the file, where there is one.
    pub fn file(&self) -> Option<&Arc<str>> {
        match self {
            Origin::Program => None,
            Origin::Text { file, .. } | Origin::Cell { file, .. } => Some(file),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Program => f.write_str("程序"),
            Origin::Text { file, line, column } => write!(f, "{file}:{line}:{column}"),
            Origin::Cell {
                file,
                sheet,
                row,
                column,
            } => {
                write!(f, "{file}:{sheet}!{}{}", column_letters(*column), row + 1)
            }
        }
    }
}

/// Gives a column's letters as a workbook shows them (0 → `A`, 26 → `AA`).
fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// The text of every text file that was read, for showing the line of a fault.
#[derive(Clone, Debug, Default)]
pub struct Sources(BTreeMap<Arc<str>, Source>);

#[derive(Clone, Debug)]
struct Source {
    text: Arc<str>,
    /// Where each line starts and ends, once one was asked for.
    lines: OnceLock<Vec<(usize, usize)>>,
}

impl Sources {
    pub fn insert(&mut self, file: Arc<str>, text: Arc<str>) {
        let lines = OnceLock::new();
        self.0.insert(file, Source { text, lines });
    }

    /// The text of `file`, under the name that its origins carry.
    pub fn get(&self, file: &str) -> Option<&Arc<str>> {
        self.0.get(file).map(|source| &source.text)
    }

    /// Line `line` of `file`, counted from 1, without its line break.
    pub fn line(&self, file: &str, line: u32) -> Option<&str> {
        let index = usize::try_from(line).ok()?.checked_sub(1)?;
        let Source { text, lines: known } = self.0.get(file)?;
        // Each line is a part of the text.
        let place = |line: &str| {
            let start = line.as_ptr() as usize - text.as_ptr() as usize;
            (start, start + line.len())
        };
        let known = known.get_or_init(|| lines(text).map(place).collect());
        known.get(index).map(|(start, end)| &text[*start..*end])
    }

    /// The names of all files read.
    pub fn files(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.keys()
    }
}

/// Splits a text at every line break that YAML knows: LF, CR LF and CR.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\n', '\r']) else {
            rest = None;
            return Some(text);
        };
        let line_break = if text[end..].starts_with("\r\n") {
            2
        } else {
            1
        };
        rest = Some(&text[end + line_break..]);
        Some(&text[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_a_cell_as_the_user_sees_it() {
        let cell = |row, column| Origin::Cell {
            file: "台账.xlsx".into(),
            sheet: "问题清单".into(),
            row,
            column,
        };
        assert_eq!(cell(6, 2).to_string(), "台账.xlsx:问题清单!C7");
        assert_eq!(cell(0, 26).to_string(), "台账.xlsx:问题清单!AA1");
        assert_eq!(cell(0, 701).to_string(), "台账.xlsx:问题清单!ZZ1");
    }

    #[test]
    fn splits_lines_at_every_kind_of_break() {
        let all: Vec<&str> = lines("一\r\n二\r三\n").collect();
        assert_eq!(all, ["一", "二", "三", ""]);
    }
}
