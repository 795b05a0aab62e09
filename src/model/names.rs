//! Many names, ready to be looked for in a text: a name that is there, or one that is nearly there.

use std::collections::{BTreeMap, BTreeSet};

/// Names to look for, in a time that hardly grows with their number.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct NameIndex {
    names: BTreeSet<String>,
    /// How many bytes they are long.
    lengths: BTreeSet<usize>,
    /// Their letters, by the last one.
    letters: BTreeMap<char, Vec<Vec<char>>>,
}

impl NameIndex {
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut index = NameIndex::default();
        for name in names {
            let letters: Vec<char> = name.chars().collect();
            let Some(last) = letters.last() else { continue };
            if index.names.insert(name.to_owned()) {
                index.lengths.insert(name.len());
                index.letters.entry(*last).or_default().push(letters);
            }
        }
        index
    }

    /// The letters of each name that ends with `last`.
    pub fn ending_with(&self, last: char) -> &[Vec<char>] {
        self.letters.get(&last).map_or(&[], Vec::as_slice)
    }

    /// The longest name that the text shows right before the byte `end`.
    pub fn before<'a>(&self, text: &'a str, end: usize) -> Option<&'a str> {
        let ends = |length: &usize| text.get(end.checked_sub(*length)?..end);
        let mut longest = self.lengths.iter().rev().filter_map(ends);
        longest.find(|name| self.names.contains(*name))
    }

    /// Tells whether a part of the text is a name or lies in one.
    pub fn covers(&self, text: &str, start: usize, end: usize) -> bool {
        self.lengths.range(end - start..).any(|length| {
            let starts = end.saturating_sub(*length)..=start;
            let mut names = starts.filter_map(|at| text.get(at..at + length));
            names.any(|name| self.names.contains(name))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_where_they_end_and_where_they_cover() {
        let index = NameIndex::new(["甲镇", "县甲镇", "乙局"]);
        let text = "请县甲镇和乙局办理";
        let end = "请县甲镇".len();
        assert_eq!(index.before(text, end), Some("县甲镇"));
        assert_eq!(index.before(text, end + "和".len()), None);
        assert!(index.covers(text, "请县".len(), end));
        assert!(!index.covers(text, 0, end));
        assert_eq!(index.ending_with('局'), [vec!['乙', '局']]);
        assert!(index.ending_with('办').is_empty());
    }
}
