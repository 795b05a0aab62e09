//! Words to be read for faults: a passage beside a copy in which quotations, book titles, addresses
//! and names of accounts are covered, letter by letter, so that places stay the same.

use std::sync::LazyLock;

use regex::Regex;

use super::signs::Signs;
use crate::check::facts::{Facts, Names};
use crate::check::passage::Passage;
use crate::diag::{Diagnostic, Rule};

/// What part of the page a reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Title,
    AttachmentTitle,
    Recipients,
    /// A heading; `alone` where no paragraph runs on behind it.
    Heading {
        alone: bool,
    },
    Paragraph,
    Cell,
    Note,
    Other,
}

/// One line or paragraph.
#[derive(Debug)]
pub struct Reading {
    pub kind: Kind,
    /// Whether it belongs to 正文 and not to an attachment.
    pub main: bool,
    pub passage: Passage,
    /// The text with addresses and names of accounts covered.
    pub open: String,
    /// The text with quotations and book titles covered as well.
    pub plain: String,
    /// What `plain` may have.
    pub signs: Signs,
    /// Where quotations and book titles, without their marks, and names of accounts start and end.
    closed: Vec<(usize, usize)>,
}

impl Reading {
    pub fn new(kind: Kind, main: bool, passage: Passage, facts: &Facts) -> Self {
        let open = without_addresses(&passage.text, &facts.accounts);
        let mut closed = quotations(&open);
        let mut plain = open.clone();
        for (start, end) in &closed {
            cover(&mut plain, *start, *end);
        }
        closed.extend(facts.accounts.places(&passage.text));
        Reading {
            kind,
            main,
            passage,
            open,
            signs: Signs::of(&plain),
            plain,
            closed,
        }
    }

    /// Tells whether a stretch lies inside a quotation, a book title or the name of an account.
    pub fn is_closed(&self, start: usize, end: usize) -> bool {
        let around = |(from, to): &(usize, usize)| *from <= start && end <= *to;
        self.closed.iter().any(around)
    }

    /// A fault in a stretch of the text: at the cell that it was printed from, or where it stands.
    pub fn fault(&self, rule: &Rule, start: usize, end: usize, message: String) -> Diagnostic {
        let place = self.passage.place(start);
        match self.passage.cell(start, end) {
            Some(cell) if *cell != place => rule.fault(cell, message),
            _ => rule.fault(&place, message),
        }
    }

    /// Tells whether it is running text.
    pub fn is_prose(&self) -> bool {
        matches!(self.kind, Kind::Paragraph | Kind::Heading { .. })
    }
}

/// Addresses of the web and of mail, whole or with a slip in them.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    let web = r"(?i:h?t?tps?|ftp)\s?[:：;；]?\s?[/／\\]{1,2}[!-~]+|www\.[!-~]+";
    let mail = r"[A-Za-z0-9._%+-]+[@＠][A-Za-z0-9.-]+";
    let host = r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:com|cn|net|org|gov|con)\b[!-~]*";
    Regex::new(&format!("{web}|{mail}|{host}")).expect("the pattern is sound")
});

fn without_addresses(text: &str, accounts: &Names) -> String {
    let mut covered = text.to_owned();
    // Most texts have nothing of an address, and to see that by the pattern takes long.
    let has_address = text.contains(['.', '@', '＠', '/', '／', '\\']);
    let addresses = has_address.then(|| ADDRESS.find_iter(text));
    for found in addresses.into_iter().flatten() {
        let address = found.as_str();
        // A bracket around the address is none of it.
        let outer = address
            .find(')')
            .filter(|end| !address[..*end].contains('('));
        cover(
            &mut covered,
            found.start(),
            found.start() + outer.unwrap_or(address.len()),
        );
    }
    for (start, end) in accounts.places(text) {
        cover(&mut covered, start, end);
    }
    covered
}

/// The marks that open what a rule must not look into, and those that close it.
const QUOTATIONS: &[(char, char)] = &[('“', '”'), ('‘', '’'), ('《', '》'), ('〈', '〉')];

/// What stands between quotation marks; behind one that is never closed, all of the rest.
fn quotations(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some((at, open)) = text[rest..]
        .char_indices()
        .map(|(at, char)| (rest + at, char))
        .find(|(_, char)| QUOTATIONS.iter().any(|(open, _)| open == char))
    {
        let start = at + open.len_utf8();
        let end = closing(text, start, open).unwrap_or(text.len());
        // A year in 〈〉 is that of a document's number in the wrong brackets.
        let year = end - start == 4 && text[start..end].bytes().all(|byte| byte.is_ascii_digit());
        if !year {
            found.push((start, end));
        }
        rest = end;
    }
    found
}

/// Where the quotation ends that `open` began before `start`; one inside it may be of its own kind.
fn closing(text: &str, start: usize, open: char) -> Option<usize> {
    let (_, close) = QUOTATIONS.iter().find(|(known, _)| *known == open)?;
    let mut depth = 0;
    for (at, char) in text[start..].char_indices() {
        if char == open {
            depth += 1;
        } else if char == *close && depth == 0 {
            return Some(start + at);
        } else if char == *close {
            depth -= 1;
        }
    }
    // The inner one was not closed: the first close is the outer one's.
    text[start..].find(*close).map(|at| start + at)
}

/// Puts a sign that no rule knows over each letter, of as many bytes.
fn cover(text: &mut String, start: usize, end: usize) {
    let signs: String = text[start..end]
        .chars()
        .map(|char| match char.len_utf8() {
            1 => '\u{1}',
            2 => '¤',
            3 => '〓',
            _ => '\u{1D100}',
        })
        .collect();
    text.replace_range(start..end, &signs);
}

/// Tells whether a character is Chinese script.
pub fn is_han(char: char) -> bool {
    matches!(char, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str, accounts: &[&str]) -> String {
        let accounts = Names::new(accounts.iter().map(|name| (*name).to_owned()));
        let mut covered = without_addresses(text, &accounts);
        for (start, end) in quotations(&covered) {
            cover(&mut covered, start, end);
        }
        assert_eq!(covered.len(), text.len());
        covered
    }

    #[test]
    fn covers_quotations_addresses_and_accounts() {
        assert_eq!(plain("按“谁主管”办", &[]), "按“〓〓〓”办");
        assert_eq!(plain("《甲〈乙〉丙》丁", &[]), "《〓〓〓〓〓》丁");
        assert_eq!(
            plain("见 https://a.cn/b,c 等", &[]),
            format!("见 {} 等", "\u{1}".repeat(16))
        );
        assert_eq!(plain("甲县发布、乙", &["甲县发布"]), "〓〓〓〓、乙");
        assert_eq!(plain("一“二", &[]), "一“〓");
        assert_eq!(plain("一“二“三”四", &[]), "一“〓〓〓”四");
    }
}
