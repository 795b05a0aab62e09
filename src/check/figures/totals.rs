//! Totals and lists of bracketed parts: `123条，涉及…：甲（49条）、乙（8条）`.

use rust_decimal::Decimal;

use super::names::{PARTIAL, UNITS, is_name, is_named_unit, is_partial};
use super::numbers::Number;
use crate::check::passage::Passage;
use crate::diag::Diagnostic;

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

/// Compares every total of a passage with the list of bracketed numbers that follows it.
pub fn faults(passage: &Passage, numbers: &[Number]) -> Vec<Diagnostic> {
    let lists = lists(&passage.text, numbers);
    lists
        .iter()
        .filter_map(|list| bracketed(passage, numbers, list))
        .collect()
}

/// The fault of a total that is not the sum of its parts.
pub fn compare(passage: &Passage, total: &Number, parts: &[&Number]) -> Option<Diagnostic> {
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
pub fn units_clause(text: &str) -> Option<&str> {
    let number = super::numbers::numbers(text)
        .into_iter()
        .find(|number| number.start == 0)?;
    let rest = &text[number.end..];
    let rest = UNITS.iter().find_map(|noun| rest.strip_prefix(noun))?;
    rest.starts_with(['：', '，', '。', '；', ':', '分'])
        .then_some(rest)
}
