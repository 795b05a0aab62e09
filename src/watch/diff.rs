//! What differs between two lists. Comes in: the older and the newer. Goes out: the stretches that
//! are not the same, as few as there can be (E. Myers, An O(ND) Difference Algorithm, 1986).

use std::ops::Range;

/// Past so many steps the lists have too little in common, and all between counts as different.
const MOST_STEPS: usize = 800;

/// A stretch of the older list and what stands in its place in the newer; one of both may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    pub old: Range<usize>,
    pub new: Range<usize>,
}

/// Finds the stretches that differ, in order.
pub fn gaps<T: PartialEq>(old: &[T], new: &[T]) -> Vec<Gap> {
    let start = same(old.iter(), new.iter());
    let end = same(old[start..].iter().rev(), new[start..].iter().rev());
    let inner = Gap {
        old: start..old.len() - end,
        new: start..new.len() - end,
    };
    if inner.old.is_empty() && inner.new.is_empty() {
        return Vec::new();
    }
    let Some(pairs) = pairs(&old[inner.old.clone()], &new[inner.new.clone()]) else {
        return vec![inner];
    };
    let mut gaps = Vec::new();
    let mut at = (inner.old.start, inner.new.start);
    let pairs = pairs.into_iter().map(|(a, b)| (start + a, start + b));
    for (a, b) in pairs.chain([(inner.old.end, inner.new.end)]) {
        if at != (a, b) {
            gaps.push(Gap {
                old: at.0..a,
                new: at.1..b,
            });
        }
        at = (a + 1, b + 1);
    }
    gaps
}

fn same<'a, T: PartialEq + 'a>(
    old: impl Iterator<Item = &'a T>,
    new: impl Iterator<Item = &'a T>,
) -> usize {
    old.zip(new).take_while(|(old, new)| old == new).count()
}

/// The places that both lists share, in order; nothing where finding them takes too long.
fn pairs<T: PartialEq>(old: &[T], new: &[T]) -> Option<Vec<(usize, usize)>> {
    let most = MOST_STEPS.min(old.len() + new.len());
    let middle = most + 1;
    // How far along the older list each diagonal has come; kept for every step.
    let mut reach = vec![0usize; 2 * middle + 1];
    let mut steps = Vec::new();
    for step in 0..=most {
        steps.push(reach.clone());
        for diagonal in (middle - step..=middle + step).step_by(2) {
            let down = came_down(&reach, diagonal, middle, step);
            let mut a = match down {
                true => reach[diagonal + 1],
                false => reach[diagonal - 1] + 1,
            };
            let mut b = a + middle - diagonal;
            while a < old.len() && b < new.len() && old[a] == new[b] {
                (a, b) = (a + 1, b + 1);
            }
            reach[diagonal] = a;
            if a >= old.len() && b >= new.len() {
                return Some(walk_back(&steps, (old.len(), new.len()), middle));
            }
        }
    }
    None
}

/// Tells whether the step onto a diagonal takes from the newer list.
fn came_down(reach: &[usize], diagonal: usize, middle: usize, step: usize) -> bool {
    diagonal == middle - step
        || (diagonal != middle + step && reach[diagonal - 1] < reach[diagonal + 1])
}

fn walk_back(steps: &[Vec<usize>], end: (usize, usize), middle: usize) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let (mut a, mut b) = end;
    for (step, reach) in steps.iter().enumerate().rev() {
        let diagonal = a + middle - b;
        let before = match came_down(reach, diagonal, middle, step) {
            true => diagonal + 1,
            false => diagonal - 1,
        };
        let (from_a, from_b) = match step {
            0 => (0, 0),
            _ => (reach[before], reach[before] + middle - before),
        };
        while a > from_a && b > from_b {
            (a, b) = (a - 1, b - 1);
            pairs.push((a, b));
        }
        (a, b) = (from_a, from_b);
    }
    pairs.reverse();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    /// The newer text made from the older by the gaps, and how many letters they hold.
    fn replayed(old: &str, new: &str) -> (String, usize) {
        let (old, new) = (letters(old), letters(new));
        let mut text = String::new();
        let (mut at, mut cost) = (0, 0);
        for gap in gaps(&old, &new) {
            text.extend(&old[at..gap.old.start]);
            text.extend(&new[gap.new.clone()]);
            cost += gap.old.len() + gap.new.len();
            at = gap.old.end;
        }
        text.extend(&old[at..]);
        (text, cost)
    }

    #[test]
    fn gaps_lead_from_the_older_text_to_the_newer_with_the_least_change() {
        for (old, new, cost) in [
            ("", "", 0),
            ("甲乙丙", "甲乙丙", 0),
            ("", "甲", 1),
            ("甲", "", 1),
            ("甲乙", "乙甲", 2),
            ("abcabba", "cbabac", 5),
            ("共发现12个问题", "共发现13个新问题", 3),
            ("一二三四五", "六七八九十", 10),
        ] {
            assert_eq!(replayed(old, new), (new.to_owned(), cost), "{old} → {new}");
        }
    }

    #[test]
    fn texts_with_nothing_in_common_are_one_gap_however_long() {
        let old = "甲".repeat(5000);
        let new = "乙".repeat(5000);
        assert_eq!(replayed(&old, &new), (new.clone(), 10000));
        assert_eq!(gaps(&letters(&old), &letters(&new)).len(), 1);
    }
}
