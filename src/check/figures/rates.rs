//! Rates with their numerator and denominator: `报送85条，被采用52条（采用率为61%）`.

use rust_decimal::{Decimal, RoundingStrategy};

use super::numbers::{Number, value};
use crate::check::passage::Passage;
use crate::diag::Diagnostic;

/// Compares every rate of a passage with the two figures before it in its sentence.
pub fn faults(passage: &Passage, numbers: &[Number]) -> Vec<Diagnostic> {
    let text = passage.text.as_str();
    let rates = text
        .match_indices('率')
        .filter_map(|(at, _)| rate(passage, numbers, at));
    rates.collect()
}

fn rate(passage: &Passage, numbers: &[Number], at: usize) -> Option<Diagnostic> {
    let text = passage.text.as_str();
    let (percent, start) = percent(text, at + "率".len())?;
    let sentence = text[..at]
        .rfind(['。', '；', '！', '？'])
        .map_or(0, |at| at + "。".len());
    // What the rate is of: 采用率, 整改率.
    let word = text[..at]
        .char_indices()
        .rev()
        .nth(1)
        .map(|(from, _)| &text[from..at])?;
    let words = &text[sentence..at];
    if !word
        .chars()
        .all(|char| char > '\u{4e00}' && char < '\u{a000}')
        || ["同比", "环比", "去年", "上年", "上季度", "上期", "累计"]
            .iter()
            .any(|word| words.contains(word))
    {
        return None;
    }
    let counted: Vec<&Number> = numbers
        .iter()
        .filter(|n| n.start >= sentence && n.end <= at && n.depth == 0)
        .collect();
    let [first, second] = counted[..] else {
        return None;
    };
    if first.measure != second.measure || !first.exact || !second.exact || first.value.is_zero() {
        return None;
    }
    // The second figure says what the rate is of: 采用52条, 其中52条被采用.
    let head = text[first.end..second.start]
        .rsplit(['，', '、', '（'])
        .next()?;
    let tail = text[second.end..at].split(['，', '、', '（']).next()?;
    // No further word may narrow either: 按期办结50件，办结率100%.
    let of = |words: &str| {
        let words = words.trim_end_matches(['了', '的']);
        let words = words
            .trim_start_matches("其中")
            .trim_start_matches(['已', '被', '共', '获']);
        words == word
    };
    let of_head = of(head) && tail.is_empty();
    let of_tail = head.trim_start_matches("其中").is_empty() && of(tail);
    let narrowed = !text[..at - word.len()].ends_with(['，', '（', '、', '(', ',']);
    if narrowed {
        return None;
    }
    if !(of_head || of_tail) || second.value > first.value {
        return None;
    }
    let digits = percent.scale();
    let exact = percentage(second.value, first.value)?;
    let rounded = |way| exact.round_dp_with_strategy(digits, way);
    let ways = [
        RoundingStrategy::MidpointAwayFromZero,
        RoundingStrategy::ToZero,
        RoundingStrategy::MidpointNearestEven,
    ];
    if ways.into_iter().any(|way| rounded(way) == percent) {
        return None;
    }
    let (measure, part, whole) = (
        first.measure,
        second.value.normalize(),
        first.value.normalize(),
    );
    let right = rounded(RoundingStrategy::MidpointAwayFromZero);
    let message = format!("{word}率写作{percent}%，而{part}{measure}占{whole}{measure}的{right}%");
    let place = passage.place(start);
    let fault = Diagnostic::error("figures/rate/differs-from-figures", &place, message);
    let fault = fault.hint("核对两个数和百分比；百分比最好用“占比”算出");
    let fault = fault.related(&passage.place(second.start), format!("分子{part}{measure}"));
    Some(fault.related(&passage.place(first.start), format!("分母{whole}{measure}")))
}

/// How many hundredths of the whole a part is; nothing where that is no number.
pub fn percentage(part: Decimal, whole: Decimal) -> Option<Decimal> {
    part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole)
}

/// The percentage behind `率`, with its place: `为61%`, `61.2％`.
fn percent(text: &str, at: usize) -> Option<(Decimal, usize)> {
    let rest = &text[at..];
    let rest = ["达到", "为", "达", "是"]
        .iter()
        .find_map(|word| rest.strip_prefix(word))
        .unwrap_or(rest);
    let digits = rest.find(|char: char| !char.is_ascii_digit() && char != '.')?;
    rest[digits..].starts_with(['%', '％']).then_some(())?;
    Some((value(&rest[..digits])?, text.len() - rest.len()))
}
