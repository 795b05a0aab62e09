//! Totals and their parts: `123条，涉及…：甲（49条）、乙（8条）`, `75条，其中甲镇57条、乙镇18条`,
//! `35个（甲县30个、乙县5个）`.

use rust_decimal::Decimal;

use super::numbers::Number;
use super::passage::Passage;
use crate::diag::Diagnostic;

/// Words that say that a list is no full one.
const PARTIAL: &[&str] = &[
    "主要",
    "较多",
    "最多",
    "突出",
    "典型",
    "例如",
    "比如",
    "前列",
    "靠前",
    "排名",
    "以上",
    "超过",
    "部分",
    "集中",
    "重点",
    "另",
    "其余",
    "其他",
    "仅",
    "还有",
    "此外",
    "剩余",
    "同时",
    "同比",
    "环比",
    "去年",
    "上年",
    "上季度",
    "上期",
    "等",
];

/// Words that lead from a total to its list and say nothing else.
const LEADS: &[&str] = &[
    "总共",
    "共",
    "涉及",
    "分别",
    "具体",
    "如下",
    "来自",
    "分布在",
    "包括",
    "责任",
    "单位",
    "部门",
    "乡镇",
    "情况",
    "名单",
    "问题",
    "有",
    "为",
    "是",
    "即",
    "的",
    "各",
];

/// The nouns that follow 涉及18个.
pub const UNITS: &[&str] = &[
    "责任单位",
    "主办单位",
    "单位",
    "部门",
    "乡镇",
    "苏木乡镇",
    "镇",
    "街道",
    "旗县",
    "县区",
    "地区",
    "学校",
    "企业",
    "主体",
    "责任主体",
];

/// A stretch of `甲（49条）、乙（8条）`.
#[derive(Debug)]
pub struct List<'a> {
    pub items: Vec<Item<'a>>,
    /// Behind the last bracket.
    pub end: usize,
}

/// `甲（49条）`; the first one's name may have other words before it.
#[derive(Debug)]
pub struct Item<'a> {
    pub name: &'a str,
    pub number: &'a Number,
}

/// Compares every total of a passage with its parts.
pub fn faults(passage: &Passage, numbers: &[Number]) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for list in lists(&passage.text, numbers) {
        faults.extend(bracketed(passage, numbers, &list));
    }
    for (index, total) in numbers.iter().enumerate() {
        if total.exact && total.depth == 0 {
            faults.extend(of_which(passage, &numbers[index..]));
            faults.extend(in_brackets(passage, &numbers[index..]));
        }
    }
    faults
}

fn compare(passage: &Passage, total: &Number, parts: &[&Number]) -> Option<Diagnostic> {
    let sum = parts
        .iter()
        .try_fold(Decimal::ZERO, |sum, part| sum.checked_add(part.value))?;
    if sum == total.value {
        return None;
    }
    let (measure, sum, stated) = (total.measure, sum.normalize(), total.value.normalize());
    let first = parts.first()?;
    let message = format!(
        "这里的总数是{stated}{measure}，所列{}个部分之和是{sum}{measure}",
        parts.len()
    );
    let fault = Diagnostic::error(
        "figures/total/differs-from-parts",
        &passage.place(total.start),
        message,
    );
    let fault =
        fault.hint("核对总数和各部分；由表格算出的改表格，手写的改文字，最好改用“求和”算出；所列不全的，在末尾加“等”");
    Some(fault.related(
        &passage.place(first.start),
        format!("各部分从这里开始，合计{sum}{measure}"),
    ))
}

/// All lists of bracketed numbers, each with one measure word.
pub fn lists<'a>(text: &'a str, numbers: &'a [Number]) -> Vec<List<'a>> {
    let mut lists: Vec<List<'a>> = Vec::new();
    for number in numbers {
        let Some((before, behind)) = bracket(text, number) else {
            continue;
        };
        if let Some(list) = lists.last_mut()
            && list.items[0].number.measure == number.measure
            && let Some(name) = next_name(&text[list.end..before])
        {
            list.items.push(Item { name, number });
            list.end = behind;
            continue;
        }
        let name = &text[..before];
        lists.push(List {
            items: vec![Item { name, number }],
            end: behind,
        });
    }
    lists
}

/// The ends of a bracket that holds the number and nothing else.
fn bracket(text: &str, number: &Number) -> Option<(usize, usize)> {
    let before = text[..number.start]
        .trim_end_matches('共')
        .strip_suffix(['（', '('])?;
    let behind = text[number.end..].strip_prefix(['）', ')'])?;
    (number.depth == 1).then_some((before.len(), text.len() - behind.len()))
}

/// The name between two brackets of one list: `、乙`, `和乙`.
fn next_name(between: &str) -> Option<&str> {
    let name = ["以及", "、", "，", "；", "和", "及", "与"]
        .iter()
        .find_map(|sign| between.strip_prefix(sign))?;
    is_name(name).then_some(name)
}

/// Tells whether `text` can be the name of a unit or an account.
pub fn is_name(text: &str) -> bool {
    let plain = |char: char| !"，。；：、,;:！？（）()".contains(char);
    let other = ["其中", "涉及", "发现", "共计", "主要", "其余"];
    !text.is_empty()
        && text.chars().count() <= 30
        && text.chars().all(plain)
        && !other.iter().any(|word| text.contains(word))
}

/// Tells whether what stands behind a list lets it be the whole list.
pub fn is_whole(text: &str, list: &List, numbers: &[Number]) -> bool {
    let rest = &text[list.end..];
    let ends = rest.is_empty() || rest.starts_with(['。', '；', '，', '）', ';']);
    let behind: String = rest.chars().skip(1).take(8).collect();
    let more = PARTIAL.iter().any(|word| behind.contains(word));
    // A further list without a total of its own belongs to the same total.
    let measure = list.items[0].number.measure;
    let next = numbers
        .iter()
        .find(|n| n.start > list.end && n.measure == measure);
    let goes_on = next.is_some_and(|next| bracket(text, next).is_some());
    ends && !more && !goes_on
}

/// The total of a list of bracketed numbers, before it or right behind it.
fn bracketed(passage: &Passage, numbers: &[Number], list: &List) -> Option<Diagnostic> {
    let text = passage.text.as_str();
    let first = list.items.first()?;
    let parts: Vec<&Number> = list.items.iter().map(|item| item.number).collect();
    if !is_whole(text, list, numbers) || parts.iter().any(|part| !part.exact) {
        return None;
    }
    let measure = first.number.measure;
    let open = first.name.len();
    let counts_units = |n: &Number| UNITS.iter().any(|noun| text[n.end..].starts_with(noun));
    let fits = |n: &&Number| n.end <= open && n.depth == 0 && n.measure == measure;
    let before = numbers.iter().rev().find(|n| fits(n) && !counts_units(n));
    if let Some(total) = before
        && total.exact
        && let Some(lead) = lead(&text[total.end..open])
        && (!lead.of_which
            || list
                .items
                .iter()
                .skip(1)
                .all(|item| is_named_unit(item.name)))
        && (!lead.of_which || (parts.len() > 1 && is_named_unit(lead.name)))
    {
        return compare(passage, total, &parts);
    }
    // 甲（3条）、乙（2条），共5条.
    let rest = text[list.end..].strip_prefix('，')?;
    let rest = ["共计", "合计", "总计", "共"]
        .iter()
        .find_map(|word| rest.strip_prefix(word))?;
    let at = text.len() - rest.trim_start_matches('有').len();
    let total = numbers
        .iter()
        .find(|n| n.start == at && n.measure == measure && n.exact)?;
    let ends = text[total.end..]
        .chars()
        .next()
        .is_none_or(|char| "。；，".contains(char));
    let opens = first
        .name
        .rsplit(['，', '。', '；', '：'])
        .next()
        .unwrap_or_default();
    let alone = before.is_none() && parts.len() > 1 && is_name(opens);
    (ends && alone)
        .then(|| compare(passage, total, &parts))
        .flatten()
}

/// What stands between a total and the bracket of the first part.
struct Lead<'a> {
    of_which: bool,
    /// The first part's name.
    name: &'a str,
}

/// Reads `，涉及18个单位：甲`; nothing where the words could mean something else.
fn lead(between: &str) -> Option<Lead<'_>> {
    let signs = ['，', '。', '；', '：', ',', ':'];
    let at = between.find(signs)?;
    if between[..at].chars().count() > 12 || is_partial(&between[..at]) {
        return None;
    }
    let mut rest = &between[at..];
    let (mut of_which, mut led, mut signs_seen) = (false, false, 0);
    loop {
        let before = rest.len();
        if let Some(after) = rest.strip_prefix(signs) {
            led |= rest.starts_with(['：', ':']);
            signs_seen += 1;
            rest = after;
        }
        if let Some(after) = rest.strip_prefix("其中") {
            (of_which, led) = (true, true);
            rest = after;
        }
        if let Some(after) = units_clause(rest) {
            led = true;
            rest = after;
        }
        // The last lead words may be the beginning of a name: 单位, 各镇.
        if let Some(after) = LEADS.iter().find_map(|word| rest.strip_prefix(word))
            && !after.is_empty()
        {
            led = true;
            rest = after;
        }
        if rest.len() == before {
            break;
        }
    }
    (led && signs_seen <= 4 && is_name(rest) && !is_partial(rest)).then_some(Lead {
        of_which,
        name: rest,
    })
}

/// Takes `18个单位` off, where a sign or a lead word follows.
fn units_clause(text: &str) -> Option<&str> {
    let number = super::numbers::numbers(text)
        .into_iter()
        .find(|number| number.start == 0)?;
    let rest = &text[number.end..];
    let rest = UNITS.iter().find_map(|noun| rest.strip_prefix(noun))?;
    rest.starts_with(['：', '，', '。', '；', ':', '分'])
        .then_some(rest)
}

fn is_partial(text: &str) -> bool {
    PARTIAL.iter().any(|word| text.contains(word))
}

/// Tells whether a name looks like that of a unit or a place.
pub fn is_unit(name: &str) -> bool {
    let ends = [
        "局",
        "委",
        "办",
        "镇",
        "乡",
        "苏木",
        "中心",
        "政府",
        "旗",
        "县",
        "市",
        "区",
        "院",
        "校",
        "街道",
        "公司",
        "部门",
        "单位",
        "委员会",
        "协会",
        "厅",
        "省",
        "州",
        "盟",
    ];
    let other = [
        "发现", "存在", "问题", "网站", "账号", "帐号", "整改", "检查",
    ];
    !other.iter().any(|word| name.contains(word)) && ends.iter().any(|end| name.ends_with(end))
}

/// Tells whether a name is that of one unit, place or office of its own level, not of a kind of
/// them: kinds (学校, 乡镇) and ranks (县处级) are often listed in part.
fn is_named_unit(name: &str) -> bool {
    let name = name.trim_end_matches(['有', '为']);
    let ends = [
        "局",
        "委",
        "办",
        "镇",
        "乡",
        "苏木",
        "政府",
        "街道",
        "旗",
        "县",
        "市",
        "区",
        "委员会",
        "厅",
        "省",
        "州",
        "盟",
        "本级",
    ];
    let kinds = [
        "乡镇",
        "城镇",
        "县区",
        "旗县",
        "市县",
        "省市",
        "城市",
        "地级市",
        "县级市",
        "城区",
        "市区",
        "社区",
        "小区",
        "园区",
        "景区",
        "地区",
        "山区",
        "牧区",
        "郊区",
        "农区",
        "开发区",
        "政府",
        "街道",
        "苏木",
        "党委",
        "村委",
        "居委",
    ];
    let kind = kinds
        .iter()
        .any(|kind| name == *kind || name.ends_with(&format!("的{kind}")))
        || [
            "社区",
            "小区",
            "景区",
            "乡镇",
            "地级市",
            "县级市",
            "各级政府",
            "地方政府",
        ]
        .iter()
        .any(|kind| name.ends_with(kind));
    let letter = name
        .strip_prefix(['旗', '县', '市', '镇'])
        .is_some_and(|rest| rest.len() == 1 && rest.chars().all(|char| char.is_ascii_alphabetic()));
    let unit = is_unit(name) || name.ends_with("本级");
    letter
        || unit && !kind && name.chars().count() > 1 && ends.iter().any(|end| name.ends_with(end))
}

/// Verbs that tell by whom something was found: what one found, the other did not.
const FOUND: &[&str] = &[
    "发现",
    "查出",
    "检出",
    "抽查",
    "通报",
    "反馈",
    "转办",
    "交办",
    "检测出",
];

/// `75条，其中甲镇57条、乙镇18条`: the first of `numbers` is the total.
fn of_which(passage: &Passage, numbers: &[Number]) -> Option<Diagnostic> {
    let text = passage.text.as_str();
    let (total, later) = numbers.split_first()?;
    let rest = &text[total.end..];
    let at = rest.find("其中")?;
    let between = &rest[..at];
    let noun = between
        .find(['，', '。', '；', '：'])
        .map(|at| &between[..at])?;
    let clause = between[noun.len()..].trim_matches(['，', '。', '；', '：']);
    let clause = clause.trim_start_matches('共').trim_start_matches("涉及");
    let units = clause.is_empty() || units_clause(&format!("{clause}，")) == Some("，");
    if noun.chars().count() > 10 || !units || is_partial(noun) {
        return None;
    }
    let start = total.end + at + "其中".len();
    let start =
        start + text[start..].len() - text[start..].trim_start_matches(['，', '：', '有']).len();
    let end = start
        + text[start..]
            .find(['。', '！', '？'])
            .unwrap_or(text.len() - start);
    let mut parts = Vec::new();
    let mut clause_start = start;
    for number in later
        .iter()
        .filter(|n| n.start >= start && n.end <= end && n.depth == 0)
    {
        if number.measure != total.measure {
            continue;
        }
        if !number.exact {
            return None;
        }
        let head = &text[clause_start..number.start];
        let head = head.rsplit(['，', '；', '、']).next().unwrap_or(head);
        let tail = &text[number.end..end];
        let tail = &tail[..tail.find(['，', '；', '、', '（']).unwrap_or(tail.len())];
        parts.push((number, head, tail));
        clause_start = number.end;
    }
    let words = outside_brackets(&text[start..end]);
    let same_noun = parts.iter().all(|(_, _, tail)| {
        tail.is_empty() || noun.is_empty() || *tail == noun || noun.ends_with(tail)
    });
    if parts.len() < 2 || is_partial(&words) || words.contains('共') || !is_closed(&parts) {
        return None;
    }
    let complement = complements(&parts);
    if !same_noun && !complement {
        return None;
    }
    let parts: Vec<&Number> = parts.iter().map(|(number, ..)| *number).collect();
    compare(passage, total, &parts)
}

/// `text` without its bracketed stretches.
fn outside_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let outside = |char: &char| {
        match char {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    };
    text.chars().filter(outside).collect()
}

type NamedPart<'a> = (&'a Number, &'a str, &'a str);

/// Tells whether the parts leave nothing out and do not overlap: units, finders, or a thing and its
/// opposite.
fn is_closed(parts: &[NamedPart]) -> bool {
    let verb = |head: &str| FOUND.iter().find(|verb| head.ends_with(**verb));
    let units = parts
        .iter()
        .all(|(_, head, tail)| is_named_unit(head) && !tail.contains(['的', '已', '未']));
    let first = parts.first().and_then(|(_, head, _)| verb(head));
    let found = first.is_some() && parts.iter().all(|(_, head, _)| verb(head) == first);
    let heads: std::collections::BTreeSet<&str> = parts.iter().map(|(_, head, _)| *head).collect();
    (units || found) && heads.len() == parts.len() || complements(parts)
}

/// 已整改50条、未整改7条; 合格50个，不合格2个; 57条已整改，18条未整改.
fn complements(parts: &[NamedPart]) -> bool {
    let [(_, head, tail), (_, other_head, other_tail)] = parts else {
        return false;
    };
    let opposite = |yes: &str, no: &str| {
        let yes = yes
            .trim_start_matches('已')
            .trim_start_matches("完成")
            .trim_end_matches(['的', '了']);
        let no = no.trim_end_matches(['的', '了']);
        let no = ["尚未", "没有", "未", "不"]
            .iter()
            .find_map(|word| no.strip_prefix(word));
        no.is_some_and(|no| !yes.is_empty() && no.trim_start_matches("完成") == yes)
    };
    opposite(head, other_head) && tail == other_tail
        || head.is_empty() && other_head.is_empty() && opposite(tail, other_tail)
}

/// `35个没有注销（市级3个、某县32个）`: the first of `numbers` is the total.
fn in_brackets(passage: &Passage, numbers: &[Number]) -> Option<Diagnostic> {
    let text = passage.text.as_str();
    let (total, later) = numbers.split_first()?;
    let rest = &text[total.end..];
    let at = rest.find(['（', '('])?;
    let noun = &rest[..at];
    if noun.chars().count() > 12
        || noun.contains(['，', '。', '；', '：', '、'])
        || is_partial(noun)
    {
        return None;
    }
    let start = total.end + at + rest[at..].chars().next()?.len_utf8();
    let end = start + text[start..].find(['）', ')', '（', '('])?;
    let inside = text[start..end].split(['、', '，', '；']);
    let mut parts = Vec::new();
    let mut from = start;
    for item in inside {
        let to = from + item.len();
        let number = later
            .iter()
            .find(|n| n.start >= from && n.end == to && n.depth == total.depth + 1)?;
        let name = &text[from..number.start];
        let ends = number.measure == total.measure && number.exact;
        if !ends || !is_name(name) || !(is_named_unit(name) || name.ends_with('级')) {
            return None;
        }
        parts.push(number);
        from = to + "、".len();
    }
    (parts.len() > 1)
        .then(|| compare(passage, total, &parts))
        .flatten()
}
