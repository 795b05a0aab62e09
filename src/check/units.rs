//! Names of units with one wrong letter: against the register, and against the offices that every
//! county has.

use std::sync::{Arc, LazyLock};

use crate::diag::{Rule, Strength};
use crate::model::{NameIndex, Register};

pub const RULES: &[Rule] = &[MISSPELT];

pub const MISSPELT: Rule = Rule::new("text/unit/misspelt", "单位名称疑有错字")
    .warning()
    .rests_on(Strength::Practice, "公文校对惯例")
    .example("责任单位为旗应急宣局。", "责任单位为旗应急管理局。");

/// Offices of a county's government under their usual names; short ones are too like each other.
const OFFICES: &[&str] = &[
    "应急管理局",
    "政务服务局",
    "市场监督管理局",
    "自然资源局",
    "生态环境局",
    "交通运输局",
    "农业农村局",
    "卫生健康委员会",
    "退役军人事务局",
    "医疗保障局",
    "乡村振兴局",
    "文化和旅游局",
    "科学技术局",
    "工业和信息化局",
    "教育体育局",
    "林业和草原局",
    "人力资源和社会保障局",
    "住房和城乡建设局",
    "发展和改革委员会",
    "民族事务委员会",
    "行政审批局",
    "城市管理综合执法局",
    "政务服务和数据管理局",
];

/// Names of so many letters are too like each other.
const SHORT: usize = 4;

/// Names of other units that are like one of the above.
const OTHERS: &[&str] = &[
    "医疗保险局",
    "政府服务局",
    "公共服务局",
    "生态环保局",
    "社会保险事业管理局",
];

static USUAL: LazyLock<NameIndex> = LazyLock::new(|| NameIndex::new(OFFICES.iter().copied()));
static UNLIKE: LazyLock<NameIndex> = LazyLock::new(|| NameIndex::new(OTHERS.iter().copied()));

/// The names of units that a text is compared with.
#[derive(Clone, Debug)]
pub struct Units {
    register: Option<Arc<Register>>,
}

impl Units {
    /// The register's names beside the usual ones.
    pub fn new(register: Option<Arc<Register>>) -> Self {
        Units { register }
    }

    /// A name of the text that is nearly a known one: where it stands, and the name that is meant.
    pub fn misspelt(&self, text: &str) -> Vec<(usize, usize, String)> {
        let own = self.register.as_deref().map(Register::index);
        let known = || own.into_iter().chain([&*USUAL, &*UNLIKE]);
        // Of an office that is known everywhere, one letter for two is read as well.
        let compared = || {
            own.map(|own| (own, false))
                .into_iter()
                .chain([(&*USUAL, true)])
        };
        let chars: Vec<(usize, char)> = text.char_indices().collect();
        let mut found: Vec<(usize, usize, String)> = Vec::new();
        for (index, (at, char)) in chars.iter().enumerate() {
            let lengths = compared().flat_map(|(names, usual)| {
                let lengths = names.lengths_ending(*char);
                lengths.map(move |count| (names, count, usual))
            });
            let mut lengths = lengths.peekable();
            if lengths.peek().is_none() {
                continue;
            }
            let end = at + char.len_utf8();
            // In a large register many names are like each other: what is right is left at once.
            let right = known().filter_map(|names| names.before(text, end));
            let right = right.map(|name| name.chars().count()).max().unwrap_or(0);
            let lengths = lengths.filter(|(_, count, _)| *count > right.max(SHORT));
            let here = &chars[..=index];
            let like = lengths.flat_map(|(names, count, usual)| {
                let windows = (count - usize::from(usual)..=count).rev();
                let windows =
                    windows.filter_map(|length| here.get(here.len().checked_sub(length)?..));
                windows.flat_map(move |window| {
                    let names = names.between(window[0].1, *char, count);
                    names.iter().map(move |letters| (window, letters))
                })
            });
            for (window, letters) in like {
                if let Some(start) = nearly(window, letters)
                    && !known().any(|names| names.covers(text, start, end))
                    && !found.iter().any(|(from, to, _)| *from < end && start < *to)
                {
                    found.push((start, end, letters.iter().collect()));
                }
            }
        }
        found
    }
}

/// Where `window` begins, if it is `whole` with one wrong letter in place of one or two; three letters or
/// more are right. Both have the first and the last letter in common.
fn nearly(window: &[(usize, char)], whole: &[char]) -> Option<usize> {
    let letters = || window.iter().map(|(_, char)| *char);
    let head = letters().zip(whole).take_while(|(a, b)| a == *b).count();
    let ends = letters().rev().zip(whole.iter().rev());
    let rest = ends.take_while(|(a, b)| a == *b).count();
    let (_, wrong) = window.get(head)?; // Otherwise it is the name itself.
    // An abbreviation leaves letters out and puts none in; and a mark ends a name.
    let foreign = !whole.contains(wrong)
        && super::words::is_han(*wrong)
        && !"和与及的各区市县旗".contains(*wrong);
    let one = head + rest + 1 == window.len() && window.len() >= 4;
    (one && foreign).then(|| window[0].0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Origin;
    use crate::model::{Sourced, Unit};

    fn meant(text: &str, known: &[&str]) -> Vec<String> {
        let unit = |name: &&str| Unit {
            name: Sourced::new((*name).to_owned(), Origin::Program),
            short: Vec::new(),
            group: None,
            order: None,
            addressee: None,
        };
        let register = Register::new(known.iter().map(unit).collect());
        Units::new(Some(register.into()))
            .misspelt(text)
            .into_iter()
            .map(|(_, _, name)| name)
            .collect()
    }

    #[test]
    fn one_wrong_letter_is_seen() {
        assert_eq!(meant("奈曼旗应急宣局", &[]), ["应急管理局"]);
        assert_eq!(meant("内蒙害自治区政贪服务局", &[]), ["政务服务局"]);
        assert_eq!(
            meant("由旗融煤体中心承办", &["旗融媒体中心"]),
            ["旗融媒体中心"]
        );
    }

    #[test]
    fn other_and_short_names_are_left_alone() {
        for text in [
            "旗应急局、旗应急管理局",
            "旗文化旅游局",
            "旗市场监管局",
            "旗人力资源社会保障局",
            "旗农牧局、旗教育局、旗水务局",
            "县发展改革委员会",
            "自然资源和规划局",
            "市生态环境分局",
            "卫生健康局",
        ] {
            assert!(meant(text, &[]).is_empty(), "{text}");
        }
        assert!(meant("旗人民法院", &["旗人民检察院"]).is_empty());
    }
}
