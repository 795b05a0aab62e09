//! Counts and what they count: `涉及2个单位：甲、乙`, `“甲”“乙”等9个账号`.

use rust_decimal::Decimal;

use super::names::{UNITS, is_name, is_unit};
use super::numbers::Number;
use super::totals::{is_whole, lists};
use crate::check::passage::Passage;
use crate::diag::Diagnostic;

/// Compares every count of a passage with the list that it counts.
pub fn faults(passage: &Passage, numbers: &[Number]) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for number in numbers
        .iter()
        .filter(|n| n.exact && n.depth == 0 && ["个", "家"].contains(&n.measure))
    {
        faults.extend(before_list(passage, numbers, number));
        faults.extend(behind_list(passage, number));
    }
    faults
}

/// `涉及18个单位：甲（49条）、乙（8条）` and `涉及2个单位：甲、乙`.
fn before_list(passage: &Passage, numbers: &[Number], number: &Number) -> Option<Diagnostic> {
    let text = passage.text.as_str();
    let rest = &text[number.end..];
    let rest = UNITS.iter().find_map(|noun| rest.strip_prefix(noun))?;
    let leads = [
        "：",
        ":",
        "，分别是",
        "，分别为",
        "，即",
        "，分别是：",
        "分别为：",
        "分别是：",
    ];
    let rest = leads
        .iter()
        .rev()
        .find_map(|lead| rest.strip_prefix(lead))?;
    let start = text.len() - rest.len();
    let all = lists(text, numbers);
    if let Some(list) = all.iter().find(|list| list.items[0].name.len() > start) {
        let first = &text[start..list.items[0].name.len()];
        if is_name(first) {
            let whole = is_whole(text, list, numbers) && !first.contains("主要");
            return whole
                .then(|| differs(passage, number, start, list.items.len(), list.items.len()))
                .flatten();
        }
    }
    let end = rest.find(['。', '；', '！', '？'])?;
    // Behind ； the names may go on.
    if rest[end..].starts_with('；') {
        return None;
    }
    let names: Vec<&str> = rest[..end].split('、').collect();
    let plain = |name: &&str| {
        is_name(name) && !name.contains("等") && !name.contains(|c: char| c.is_ascii_digit())
    };
    let last = names.last()?;
    if names.len() < 2 || !names.iter().all(plain) || !names.iter().all(|name| is_unit(name)) {
        return None;
    }
    // 和 may stand inside a name, so the last item counts as one or as two.
    let joined = ["和", "及", "与"].iter().any(|word| last.contains(word));
    differs(
        passage,
        number,
        start,
        names.len(),
        names.len() + usize::from(joined),
    )
}

fn differs(
    passage: &Passage,
    number: &Number,
    start: usize,
    least: usize,
    most: usize,
) -> Option<Diagnostic> {
    if Decimal::from(least) <= number.value && number.value <= Decimal::from(most) {
        return None;
    }
    let (measure, stated) = (number.measure, number.value.normalize());
    let message = format!("这里说是{stated}{measure}，后面列出的是{least}{measure}");
    let place = passage.place(number.start);
    let fault = Diagnostic::error("figures/count/differs-from-list", &place, message);
    let fault = fault.hint("核对名单，改正个数，或补上漏列的；名单不全时在末尾加“等”");
    Some(fault.related(
        &passage.place(start),
        format!("名单从这里开始，共列出{least}{measure}"),
    ))
}

/// `“甲”“乙”等9个账号`: fewer than listed cannot be.
fn behind_list(passage: &Passage, number: &Number) -> Option<Diagnostic> {
    let text = passage.text.as_str();
    let before = text[..number.start].strip_suffix('等')?;
    // “甲”“乙”等2个单位的账号 counts something else than is listed.
    let behind = &text[number.end..];
    let behind = &behind[..behind.find(['，', '。', '；']).unwrap_or(behind.len())];
    if behind.chars().take(10).any(|char| char == '的') {
        return None;
    }
    let (items, start) = match before.ends_with(['”', '》']) {
        true => quoted_items(before),
        false => plain_items(before)?,
    };
    if items < 2 || number.value >= Decimal::from(items) {
        return None;
    }
    let (measure, stated) = (number.measure, number.value.normalize());
    let message = format!("这里说是“等{stated}{measure}”，前面已列出{items}{measure}");
    let place = passage.place(number.start);
    let fault = Diagnostic::error("figures/count/less-than-list", &place, message);
    let fault = fault.hint("核对名单，改正个数；名单已列全的，个数应与所列的相同");
    Some(fault.related(
        &passage.place(start),
        format!("名单从这里开始，共列出{items}{measure}"),
    ))
}

/// How many quoted names stand side by side at the end of `text`, and where the first starts.
fn quoted_items(text: &str) -> (usize, usize) {
    let mut items = 0;
    let mut rest = text;
    loop {
        let trimmed = rest.strip_suffix('、').unwrap_or(rest);
        let open = match trimmed.chars().last() {
            Some('”') => '“',
            Some('》') => '《',
            _ => break,
        };
        let Some(start) = trimmed.rfind(open) else {
            break;
        };
        items += 1;
        rest = &trimmed[..start];
    }
    (items, rest.trim_end_matches('、').len())
}

/// How many units joined by 、 stand at the end of `text`, where all are alike.
fn plain_items(text: &str) -> Option<(usize, usize)> {
    let clause = text.rfind(['，', '。', '；', '：', '（', '）', '”', '》']);
    let start = clause.map_or(0, |at| {
        at + text[at..].chars().next().map_or(0, char::len_utf8)
    });
    let names: Vec<&str> = text[start..].split('、').collect();
    let place = |name: &&str| name.ends_with(['区', '县', '市', '旗', '省', '盟', '州']);
    let alike = names.iter().all(&place) || !names.iter().any(place);
    let fine = names
        .iter()
        .all(|name| is_name(name) && is_unit(name) && !name.contains(['的', '对', '由']));
    (alike && fine).then_some((names.len(), start))
}
