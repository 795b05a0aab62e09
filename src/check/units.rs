//! Names of units with one wrong letter: against the register, and against the offices that every
//! county has.

use crate::diag::{Rule, Strength};

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

/// Names of other units that are like one of the above.
const OTHERS: &[&str] = &[
    "医疗保险局",
    "政府服务局",
    "公共服务局",
    "生态环保局",
    "社会保险事业管理局",
];

/// A name of the text that is nearly one of `known` or of the usual offices: where it stands, and
/// the name that is meant.
pub fn misspelt(text: &str, known: &[String]) -> Vec<(usize, usize, String)> {
    let mut found: Vec<(usize, usize, String)> = Vec::new();
    // One letter for two is read only where the office is known everywhere.
    let own = known.iter().map(|name| (name.as_str(), false));
    let names = own.chain(OFFICES.iter().map(|name| (*name, true)));
    for (name, usual) in names.filter(|(name, _)| name.chars().count() >= 5) {
        let chars: Vec<char> = name.chars().collect();
        let last = chars[chars.len() - 1];
        for (at, _) in text.match_indices(last) {
            let end = at + last.len_utf8();
            if let Some(start) = nearly(&text[..end], &chars, usual)
                && !is_known(text, start, end, known)
                && !found.iter().any(|(from, to, _)| *from < end && start < *to)
            {
                found.push((start, end, name.to_owned()));
            }
        }
    }
    found
}

/// Where the name begins that ends `text` and is `name` with one wrong letter in place of one or
/// two; three letters or more are right.
fn nearly(text: &str, name: &[char], shorter: bool) -> Option<usize> {
    let tail: Vec<(usize, char)> = text.char_indices().rev().take(name.len()).collect();
    for length in [name.len(), name.len() - usize::from(shorter)] {
        let Some(window) = tail.get(..length) else {
            continue;
        };
        let letters: Vec<char> = window.iter().rev().map(|(_, char)| *char).collect();
        let head = letters.iter().zip(name).take_while(|(a, b)| a == b).count();
        let ends = letters.iter().rev().zip(name.iter().rev());
        let rest = ends.take_while(|(a, b)| a == b).count();
        let wrong = letters.get(head)?;
        // An abbreviation leaves letters out and puts none in; and a mark ends a name.
        let foreign = !name.contains(wrong)
            && super::words::is_han(*wrong)
            && !"和与及的各区市县旗".contains(*wrong);
        if head > 0 && rest > 0 && head + rest + 1 == letters.len() && head + rest >= 3 && foreign {
            return window.last().map(|(start, _)| *start);
        }
    }
    None
}

fn is_known(text: &str, start: usize, end: usize, known: &[String]) -> bool {
    let covers = |name: &str| {
        text.match_indices(name)
            .any(|(at, _)| at <= start && end <= at + name.len())
    };
    known.iter().any(|name| covers(name))
        || OFFICES.iter().any(|name| covers(name))
        || OTHERS.iter().any(|name| covers(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(text: &str, known: &[&str]) -> Vec<String> {
        let known: Vec<String> = known.iter().map(|name| (*name).to_owned()).collect();
        misspelt(text, &known)
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
