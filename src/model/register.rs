//! 机构名录: the units that an office writes about, in the order in which it names them.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use rust_decimal::Decimal;

use super::{Date, NameIndex, Sourced};

/// One unit of the register.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// 全称.
    pub name: Sourced<String>,
    /// 简称, the usual one first.
    pub short: Vec<Sourced<String>>,
    /// 类别, such as 镇 or 旗直部门.
    pub group: Option<Sourced<String>>,
    /// 顺序 within the group; units without one follow in the order of the rows.
    pub order: Option<f64>,
    /// 主送称谓: how the unit is addressed.
    pub addressee: Option<Sourced<String>>,
}

impl Hash for Unit {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.name, &self.short, &self.group, &self.addressee).hash(state);
        self.order.map(f64::to_bits).hash(state);
    }
}

impl Unit {
    /// All names of the unit, the full one first.
    pub fn names(&self) -> impl Iterator<Item = &Sourced<String>> {
        std::iter::once(&self.name).chain(&self.short)
    }
}

/// 机构名录.
///
/// Invariant: units stand in their order: by the first appearance of their group, then by 顺序,
/// then by row; each name belongs to one unit.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Register {
    units: Vec<Unit>,
    groups: Vec<String>,
    names: BTreeMap<String, usize>,
    index: NameIndex,
}

impl Register {
    /// Makes a register of units in the order of their rows; of two units with one name the first
    /// keeps it (the loader has reported the second).
    pub fn new(mut units: Vec<Unit>) -> Self {
        let mut groups: Vec<String> = Vec::new();
        for group in units.iter().map(group) {
            if !groups.iter().any(|known| known == group) {
                groups.push(group.to_owned());
            }
        }
        let place = |unit: &Unit| groups.iter().position(|known| known == group(unit));
        units.sort_by(|a, b| {
            let order = |unit: &Unit| unit.order.unwrap_or(f64::INFINITY);
            place(a).cmp(&place(b)).then(order(a).total_cmp(&order(b)))
        });
        let mut names = BTreeMap::new();
        for (index, unit) in units.iter().enumerate() {
            for name in unit.names() {
                names.entry(without_blanks(&name.value)).or_insert(index);
            }
        }
        let all = units.iter().flat_map(Unit::names);
        Register {
            index: NameIndex::new(all.map(|name| name.value.as_str())),
            units,
            groups,
            names,
        }
    }

    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// All names as they are written.
    pub fn index(&self) -> &NameIndex {
        &self.index
    }

    /// The place of the unit with that full or short name; blanks do not count.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.names.get(&without_blanks(name)).copied()
    }

    /// The unit with that full or short name.
    pub fn find(&self, name: &str) -> Option<&Unit> {
        self.place(name).map(|place| &self.units[place])
    }

    /// The groups, in their order; units without one count as the group with the empty name.
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// The place of a unit's group among the groups.
    pub fn group_place(&self, unit: &Unit) -> usize {
        let place = self.groups.iter().position(|known| known == group(unit));
        place.unwrap_or(self.groups.len())
    }
}

fn group(unit: &Unit) -> &str {
    unit.group.as_ref().map_or("", |group| &group.value)
}

/// The letters of a name without blanks, as names are compared.
pub fn without_blanks(text: &str) -> String {
    text.chars().filter(|char| !char.is_whitespace()).collect()
}

/// The units that a cell names, several of them parted by 、， or ；, unless all of it is one name, or
/// the mark stands in brackets: 重点项目办（县发改局、县工信局）. A / or
/// a line's end parts them where the register knows what it parts: others are inside a name.
pub fn named_units<'a>(text: &'a str, register: Option<&Register>) -> Vec<&'a str> {
    let text = text.trim();
    if register.is_some_and(|register| register.place(text).is_some()) {
        return vec![text];
    }
    let is_known = |part: &str| register.is_some_and(|register| register.place(part).is_some());
    let mut depth = 0_i32;
    let parts = text.split(|letter: char| {
        depth += i32::from("（(".contains(letter)) - i32::from("）)".contains(letter));
        depth <= 0 && "、；;，,".contains(letter)
    });
    let parts = parts.flat_map(|part| {
        let finer: Vec<&str> = part.split(['/', '／', '\n']).map(str::trim).collect();
        match finer.iter().all(|part| is_known(part)) {
            true => finer,
            false => vec![part.trim()],
        }
    });
    parts.filter(|part| !part.is_empty()).collect()
}

/// What two texts have in common that say the same: the full name of a unit of the register, a day or a
/// percentage however it is written, else the letters without blanks, line breaks and a full stop at the
/// end.
pub fn sameness(text: &str, register: Option<&Register>) -> String {
    if let Some(unit) = register.and_then(|register| register.find(text)) {
        return unit.name.value.clone();
    }
    let mut letters = without_blanks(text);
    letters.truncate(letters.trim_end_matches(['。', '；']).len());
    if !letters.starts_with(|first: char| first.is_ascii_digit()) {
        return letters;
    }
    let percentage = letters.strip_suffix(['%', '％']);
    let percentage = percentage.and_then(|number| number.parse::<Decimal>().ok());
    match (letters.parse::<Date>(), percentage) {
        (Ok(date), _) => date.to_string(),
        (_, Some(number)) => format!("{}%", number.normalize()),
        _ => letters,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Origin;

    fn unit(name: &str, short: &[&str], group: &str, order: Option<f64>) -> Unit {
        let sourced = |text: &str| Sourced::new(text.to_owned(), Origin::Program);
        Unit {
            name: sourced(name),
            short: short.iter().map(|name| sourced(name)).collect(),
            group: Some(sourced(group)),
            order,
            addressee: None,
        }
    }

    #[test]
    fn several_units_of_a_cell_are_parted_by_any_of_the_usual_marks() {
        for cell in ["甲镇、乙镇", "甲镇，乙镇", "甲镇,乙镇", " 甲镇；乙镇 "] {
            assert_eq!(named_units(cell, None), ["甲镇", "乙镇"], "{cell}");
        }
        let led = "重点项目办（县发改局、县工信局）、县水利局";
        let names = ["重点项目办（县发改局、县工信局）", "县水利局"];
        assert_eq!(named_units(led, None), names);
        let units = ["甲镇", "乙镇"].map(|name| unit(name, &[], "镇", None));
        let register = Register::new(units.to_vec());
        for cell in ["甲镇/乙镇", "甲镇\n乙镇"] {
            assert_eq!(
                named_units(cell, Some(&register)),
                ["甲镇", "乙镇"],
                "{cell}"
            );
            assert_eq!(named_units(cell, None), [cell], "{cell}");
        }
        let wrapped = "县市场\n监督管理局";
        assert_eq!(named_units(wrapped, Some(&register)), [wrapped]);
    }

    #[test]
    fn units_stand_by_group_then_order_then_row() {
        let register = Register::new(vec![
            unit("甲镇", &[], "镇", None),
            unit("丙局", &["丙"], "部门", Some(2.0)),
            unit("乙镇", &[], "镇", Some(1.0)),
            unit("丁局", &[], "部门", Some(1.0)),
        ]);
        let names: Vec<&str> = register
            .units()
            .iter()
            .map(|u| u.name.value.as_str())
            .collect();
        assert_eq!(names, ["乙镇", "甲镇", "丁局", "丙局"]);
        assert_eq!(register.place(" 丙 "), Some(3));
        assert_eq!(register.place("戊"), None);
    }
}
