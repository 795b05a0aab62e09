//! Many names, ready to be looked for in a text: a name that is there, or one that is nearly there.

use std::collections::{BTreeMap, BTreeSet};

/// Names to look for, in a time that hardly grows with their number.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct NameIndex {
    names: BTreeSet<String>,
    /// How many bytes they are long.
    lengths: BTreeSet<usize>,
    /// Their letters, by the last one, how many they are, and the first one.
    letters: BTreeMap<char, BTreeMap<usize, ByFirst>>,
}

type ByFirst = BTreeMap<char, Vec<Vec<char>>>;

impl NameIndex {
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut index = NameIndex::default();
        for name in names {
            let letters: Vec<char> = name.chars().collect();
            let (Some(first), Some(last)) = (letters.first(), letters.last()) else {
                continue;
            };
            if index.names.insert(name.to_owned()) {
                index.lengths.insert(name.len());
                let alike = index.letters.entry(*last).or_default();
                let alike = alike.entry(letters.len()).or_default();
                alike.entry(*first).or_default().push(letters);
            }
        }
        index
    }

    /// How many letters the names have that end with `last`, the most first.
    pub fn lengths_ending(&self, last: char) -> impl Iterator<Item = usize> {
        let alike = self.letters.get(&last);
        alike
            .into_iter()
            .flat_map(|alike| alike.keys().rev().copied())
    }

    /// The letters of each name of so many that starts with `first` and ends with `last`.
    pub fn between(&self, first: char, last: char, count: usize) -> &[Vec<char>] {
        let alike = self.letters.get(&last).and_then(|alike| alike.get(&count));
        let alike = alike.and_then(|alike| alike.get(&first));
        alike.map_or(&[], Vec::as_slice)
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
        assert!(index.lengths_ending('镇').eq([3, 2]));
        assert_eq!(index.between('乙', '局', 2), [vec!['乙', '局']]);
        assert!(index.between('乙', '局', 3).is_empty());
        assert_eq!(index.lengths_ending('办').count(), 0);
    }
}
