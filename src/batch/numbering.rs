//! Serial numbers of units: the units that get a notice come in, each keeps the number it was given
//! first, and new ones follow behind.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::model::DocNumber;

/// Which unit has which serial.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Numbering {
    /// The first number as written; empty where the notices have no numbers.
    pub first: String,
    /// The units, the one with serial 1 first.
    pub units: Vec<String>,
    /// How many digits a serial has at the least in the names of files: what the first run needed, so
    /// that the hundredth unit renames nobody's file.
    #[serde(default)]
    pub width: usize,
    /// Numbers that people have given by hand, with who has each.
    #[serde(skip)]
    pub by_hand: Vec<(String, String)>,
}

/// What people have given is not of its own making.
impl PartialEq for Numbering {
    fn eq(&self, other: &Self) -> bool {
        (&self.first, &self.units, self.digits()) == (&other.first, &other.units, other.digits())
    }
}

impl Numbering {
    /// Begins anew where the first number is another one.
    pub fn starting_at(self, first: &str) -> Self {
        match self.first == first {
            true => self,
            false => Numbering {
                first: first.to_owned(),
                units: Vec::new(),
                width: 0,
                ..self
            },
        }
    }

    /// How many digits a serial has at the least in the names of files.
    pub fn digits(&self) -> usize {
        const LEAST: usize = 2;
        match self.width {
            0 => self.units.len().to_string().len().max(LEAST),
            width => width,
        }
    }

    /// The serials of the numbers given by hand, with who has each.
    fn taken(&self) -> BTreeMap<usize, String> {
        let Ok(first) = self.first.parse::<DocNumber>() else {
            return BTreeMap::new();
        };
        let serial = |number: &str| {
            let number: DocNumber = number.trim().parse().ok()?;
            let is_of_series =
                (&number.agency_code, number.year) == (&first.agency_code, first.year);
            let before = number.serial.checked_sub(first.serial)?;
            is_of_series.then_some(before as usize + 1)
        };
        let by_hand = self.by_hand.iter();
        by_hand
            .filter_map(|(number, unit)| Some((serial(number)?, unit.clone())))
            .collect()
    }

    /// Gives every unit its serial, counted from 1: the one it has, or the next one.
    pub fn assign<'a>(&mut self, units: impl Iterator<Item = &'a str>) -> Vec<usize> {
        let taken = self.taken();
        let is_first = self.units.is_empty();
        if !is_first {
            self.width = self.digits();
        }
        let mut known: HashMap<String, usize> = (1..)
            .zip(&self.units)
            .map(|(serial, unit)| (unit.clone(), serial))
            .collect();
        let serials = units
            .map(|unit| {
                *known.entry(unit.to_owned()).or_insert_with(|| {
                    while let Some(other) = taken.get(&(self.units.len() + 1)) {
                        self.units.push(other.clone());
                    }
                    self.units.push(unit.to_owned());
                    self.units.len()
                })
            })
            .collect();
        if is_first {
            self.width = self.digits();
        }
        serials
    }

    /// The serials that no unit of `used` has, with the unit that had each.
    pub fn gaps(&self, used: &[usize]) -> Vec<(usize, &str)> {
        let used: std::collections::BTreeSet<_> = used.iter().collect();
        let all = (1..).zip(self.units.iter().map(String::as_str));
        all.filter(|(serial, _)| !used.contains(serial)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_keep_their_numbers_and_new_ones_follow() {
        let mut numbering = Numbering::default().starting_at("甲函〔2026〕5号");
        assert_eq!(numbering.assign(["甲", "乙", "丙"].into_iter()), [1, 2, 3]);
        let used = numbering.assign(["丁", "甲", "丙"].into_iter());
        assert_eq!(used, [4, 1, 3]);
        assert_eq!(numbering.gaps(&used), [(2, "乙")]);
        assert_eq!(numbering.assign(["乙"].into_iter()), [2]);
    }

    #[test]
    fn a_number_that_was_given_by_hand_is_not_given_again() {
        let mut numbering = Numbering::default().starting_at("甲函〔2026〕5号");
        numbering.assign(["甲", "乙"].into_iter());
        numbering.by_hand = [(7, "丙"), (9, "丁")]
            .map(|(number, unit)| (format!("甲函〔2026〕{number}号"), unit.to_owned()))
            .into();
        assert_eq!(numbering.assign(["甲", "戊", "己"].into_iter()), [1, 4, 6]);
        assert_eq!(
            numbering.gaps(&[1, 4, 6]),
            [(2, "乙"), (3, "丙"), (5, "丁")]
        );
        // Another first number gives none of them either.
        let mut numbering = numbering.starting_at("甲函〔2026〕6号");
        assert_eq!(numbering.assign(["甲", "乙"].into_iter()), [1, 3]);
    }

    #[test]
    fn later_units_do_not_make_the_names_of_earlier_ones_longer() {
        let units: Vec<String> = (1..=100).map(|unit| format!("第{unit}镇")).collect();
        let mut numbering = Numbering::default().starting_at("甲函〔2026〕5号");
        numbering.assign(units[..99].iter().map(String::as_str));
        assert_eq!(numbering.digits(), 2);
        numbering.assign(units.iter().map(String::as_str));
        assert_eq!(numbering.digits(), 2);
        // Nor do they where an older record says nothing of it.
        let text = serde_json::to_string(&numbering).unwrap();
        let older = text.replace(",\"width\":2", "");
        assert_ne!(text, older);
        let mut numbering: Numbering = serde_json::from_str(&older).unwrap();
        let more = ["第101镇"].into_iter();
        numbering.assign(units.iter().map(String::as_str).chain(more));
        assert_eq!(numbering.digits(), 3);
        let mut numbering = numbering.starting_at("甲函〔2026〕9号");
        numbering.assign(units.iter().map(String::as_str));
        assert_eq!(numbering.digits(), 3);
    }

    #[test]
    fn another_first_number_begins_anew() {
        let mut numbering = Numbering::default().starting_at("甲函〔2026〕5号");
        numbering.assign(["甲", "乙"].into_iter());
        let mut numbering = numbering.starting_at("甲函〔2026〕9号");
        assert_eq!(numbering.assign(["乙"].into_iter()), [1]);
    }
}
