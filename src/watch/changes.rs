//! 花脸稿: what a draft says otherwise than an older version. Comes in: the words of both. Goes out:
//! each change with its old and new words and its place on the pages, in points.

use std::ops::Range;

use serde::Serialize;

use super::diff::{self, Gap};
use super::page::points;
use super::segments::{edge, height};
use super::units::{Shown, Unit};
use crate::typeset::InkLine;

/// More changes than these are another text.
const MOST: usize = 500;

/// One change.
#[derive(Debug, PartialEq, Serialize)]
pub struct Change {
    /// The part's Chinese name.
    pub part: String,
    /// The words just before, to tell where it is.
    pub before: String,
    pub old: String,
    pub new: String,
    pub boxes: Vec<Box>,
}

/// A place on a page, in points; without width where words were taken out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Box {
    /// Counted from 0.
    pub page: usize,
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// A version with the lines that show it.
pub struct Draft<'a> {
    pub units: &'a [Unit],
    pub shown: &'a [Shown],
    pub lines: &'a [InkLine],
}

/// Finds the changes from `old` to `new`, in the order of reading.
pub fn changes(old: &[Unit], new: &Draft) -> Vec<Change> {
    let mut changes = Vec::new();
    for gap in diff::gaps(old, new.units) {
        for (before, after) in aligned(old, new.units, &gap) {
            match (before.map(|index| &old[index]), after) {
                (Some(unit), Some(index)) => new.inside(unit, index, &mut changes),
                (None, Some(index)) => {
                    let text = &new.units[index].text;
                    changes.push(new.change(index, String::new(), 0..text.len()));
                }
                (Some(unit), None) => changes.extend(new.gone(unit, gap.new.end)),
                (None, None) => {}
            }
        }
        if changes.len() > MOST {
            changes.truncate(MOST);
            break;
        }
    }
    changes
}

impl Draft<'_> {
    /// The changes inside a unit that stands in both versions.
    fn inside(&self, old: &Unit, index: usize, changes: &mut Vec<Change>) {
        let new = &self.units[index].text;
        let (before, after) = (tokens(&old.text), tokens(new));
        for gap in joined(diff::gaps(&before, &after)) {
            let start: usize = after[..gap.new.start].iter().map(|token| token.len()).sum();
            let length: usize = after[gap.new.clone()].iter().map(|token| token.len()).sum();
            changes.push(self.change(index, before[gap.old].concat(), start..start + length));
        }
    }

    fn change(&self, index: usize, old: String, range: Range<usize>) -> Change {
        let unit = &self.units[index];
        Change {
            part: unit.part.to_string(),
            before: tail(&unit.text[..range.start]),
            old,
            new: unit.text[range.clone()].to_owned(),
            boxes: self.boxes(index, range),
        }
    }

    /// A unit that is there no more; it stood before unit `next`.
    fn gone(&self, old: &Unit, next: usize) -> Option<Change> {
        let (index, at) = match next < self.units.len() {
            true => (next, 0),
            false => (next.checked_sub(1)?, self.units[next - 1].text.len()),
        };
        Some(Change {
            part: old.part.to_string(),
            old: old.text.clone(),
            ..self.change(index, String::new(), at..at)
        })
    }

    /// Where bytes `range` of a unit stand.
    fn boxes(&self, index: usize, range: Range<usize>) -> Vec<Box> {
        let mut boxes = Vec::new();
        for (line, start) in &self.shown[index] {
            let line = &self.lines[*line];
            let end = start + line.text.len();
            let inside = range.start.max(*start)..range.end.min(end);
            let empty = range.is_empty() && (*start..=end).contains(&range.start);
            if inside.is_empty() && !(empty && boxes.is_empty()) {
                continue;
            }
            boxes.push(place(
                line,
                inside.start - start..inside.end.max(inside.start) - start,
            ));
        }
        boxes
    }
}

/// Where bytes `range` of a line stand.
pub fn place(line: &InkLine, range: Range<usize>) -> Box {
    let (top, bottom) = height(line);
    let (left, right) = (edge(line, range.start), edge(line, range.end));
    Box {
        page: line.page - 1,
        left: points(left),
        top: points(top),
        width: points((right - left).max(0.0)),
        height: points(bottom - top),
    }
}

/// Pairs the units of a gap: those of one part that share most of their letters, in order.
fn aligned(old: &[Unit], new: &[Unit], gap: &Gap) -> Vec<(Option<usize>, Option<usize>)> {
    const MOST_PAIRS: usize = 10_000;
    const ALIKE: f64 = 0.4;
    let (rows, columns) = (gap.old.len(), gap.new.len());
    if rows * columns > MOST_PAIRS {
        return in_turn(old, new, gap);
    }
    let mut best = vec![vec![0.0f64; columns + 1]; rows + 1];
    let likeness = |row: usize, column: usize| {
        let alike = alike(&old[gap.old.start + row], &new[gap.new.start + column]);
        if alike >= ALIKE { alike } else { 0.0 }
    };
    if rows == 1 && columns == 1 && old[gap.old.start].part == new[gap.new.start].part {
        return vec![(Some(gap.old.start), Some(gap.new.start))];
    }
    let likeness: Vec<Vec<f64>> = (0..rows)
        .map(|row| (0..columns).map(|column| likeness(row, column)).collect())
        .collect();
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            let pair = match likeness[row][column] {
                0.0 => 0.0,
                alike => alike + best[row + 1][column + 1],
            };
            best[row][column] = pair.max(best[row + 1][column]).max(best[row][column + 1]);
        }
    }
    let mut pairs = Vec::new();
    let (mut row, mut column) = (0, 0);
    while row < rows || column < columns {
        let (a, b) = (gap.old.start + row, gap.new.start + column);
        let both = row < rows && column < columns;
        if both
            && likeness[row][column] > 0.0
            && best[row][column] == likeness[row][column] + best[row + 1][column + 1]
        {
            pairs.push((Some(a), Some(b)));
            (row, column) = (row + 1, column + 1);
        } else if row < rows && (column == columns || best[row][column] == best[row + 1][column]) {
            pairs.push((Some(a), None));
            row += 1;
        } else {
            pairs.push((None, Some(b)));
            column += 1;
        }
    }
    pairs
}

/// Pairs units as they come, where there are too many to compare.
fn in_turn(old: &[Unit], new: &[Unit], gap: &Gap) -> Vec<(Option<usize>, Option<usize>)> {
    let most = gap.old.len().max(gap.new.len());
    let at = |range: &Range<usize>, index| (index < range.len()).then_some(range.start + index);
    let pairs = (0..most).map(|index| (at(&gap.old, index), at(&gap.new, index)));
    pairs
        .flat_map(|pair| match pair {
            (Some(a), Some(b)) if old[a].part != new[b].part => {
                vec![(Some(a), None), (None, Some(b))]
            }
            pair => vec![pair],
        })
        .collect()
}

/// The share of letters that two units of one part have in common.
fn alike(a: &Unit, b: &Unit) -> f64 {
    if a.part != b.part {
        return 0.0;
    }
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    let (a, b) = (sorted(&a.text), sorted(&b.text));
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, common) = (i + 1, j + 1, common + 1),
        }
    }
    2.0 * f64::from(common) / (a.len() + b.len()).max(1) as f64
}

/// Cuts a text into single characters, numbers and foreign words staying whole.
fn tokens(text: &str) -> Vec<&str> {
    let whole = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '%' | '％' | ',');
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match whole(first) {
            true => rest.find(|c| !whole(c)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after;
    }
    tokens
}

/// Joins gaps that a single token parts: such a change is read as one.
fn joined(gaps: Vec<Gap>) -> Vec<Gap> {
    let mut joined: Vec<Gap> = Vec::new();
    for gap in gaps {
        match joined.last_mut() {
            Some(last) if gap.new.start - last.new.end <= 1 => {
                (last.old.end, last.new.end) = (gap.old.end, gap.new.end);
            }
            _ => joined.push(gap),
        }
    }
    joined
}

/// The last few characters.
fn tail(text: &str) -> String {
    const KEPT: usize = 12;
    let skipped = text.chars().count().saturating_sub(KEPT);
    text.chars().skip(skipped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typeset::Part;

    fn units(texts: &[&str]) -> Vec<Unit> {
        let unit = |text: &&str| Unit {
            part: Part::MainText,
            text: (*text).to_owned(),
        };
        texts.iter().map(unit).collect()
    }

    fn found(old: &[&str], new: &[&str]) -> Vec<(String, String)> {
        let (old, new) = (units(old), units(new));
        let shown = vec![Vec::new(); new.len()];
        let draft = Draft {
            units: &new,
            shown: &shown,
            lines: &[],
        };
        let pair = |change: Change| (change.old, change.new);
        changes(&old, &draft).into_iter().map(pair).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let own = |(old, new): &(&str, &str)| ((*old).to_owned(), (*new).to_owned());
        pairs.iter().map(own).collect()
    }

    #[test]
    fn a_figure_changes_as_a_whole() {
        let found = found(&["共发现12个问题"], &["共发现13个问题"]);
        assert_eq!(found, pairs(&[("12", "13")]));
    }

    #[test]
    fn words_put_in_and_taken_out_are_told_apart() {
        assert_eq!(found(&["甲乙丙"], &["甲丙"]), pairs(&[("乙", "")]));
        assert_eq!(found(&["甲丙"], &["甲乙丙"]), pairs(&[("", "乙")]));
        assert_eq!(
            found(&["甲", "乙镇没有更新"], &["甲"]),
            pairs(&[("乙镇没有更新", "")])
        );
    }

    #[test]
    fn a_paragraph_put_before_a_changed_one_is_new_as_a_whole() {
        let old = ["一是更新不及时", "二是审核把关不严"];
        let new = ["一是更新不及时", "新写的话在这里", "二是审核把关不够严"];
        assert_eq!(
            found(&old, &new),
            pairs(&[("", "新写的话在这里"), ("", "够")])
        );
    }

    #[test]
    fn the_same_words_broken_into_other_lines_are_no_change() {
        assert_eq!(found(&["甲乙丙丁"], &["甲乙丙丁"]), []);
    }
}
