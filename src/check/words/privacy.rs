//! 个人信息 on the page: identity numbers anywhere, mobile numbers in a circular for the public.

use std::sync::LazyLock;

use regex::Regex;

use super::reading::Reading;
use crate::check::facts::Facts;
use crate::diag::{Diagnostic, Rule, Strength};
use crate::model::Date;

pub const RULES: &[Rule] = &[IDENTITY, MOBILE];

const IDENTITY: Rule = Rule::new("privacy/identity/printed", "印出了完整的身份证号")
    .rests_on(
        Strength::Regulation,
        "个人信息保护法、政府信息公开条例第十五条",
    )
    .example(
        "身份证号11010119900101001×（完整的18位）",
        "身份证号110101********0011",
    );
const MOBILE: Rule = Rule::new("privacy/mobile/printed", "公开发布的公文印出了手机号码")
    .warning()
    .rests_on(
        Strength::Regulation,
        "个人信息保护法、政府信息公开条例第十五条",
    )
    .example("联系电话：13800000000", "联系电话：0470-0000000");

static DIGITS: LazyLock<Regex> = LazyLock::new(|| {
    let mobile = r"1[3-9][0-9][- ][0-9]{4}[- ][0-9]{4}";
    Regex::new(&format!("[0-9]{{11,}}[Xx]?|{mobile}")).expect("the pattern is sound")
});

/// The faults of a line of the page.
pub fn faults(reading: &Reading, facts: &Facts) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    // To make the pattern takes long, and most lines have but a few figures.
    if reading.open.bytes().filter(u8::is_ascii_digit).count() < 11 {
        return faults;
    }
    for found in DIGITS.find_iter(&reading.open) {
        let (start, end, digits) = (found.start(), found.end(), found.as_str());
        let cure = "遮去中间几位，模板里可以用“脱敏”过滤器";
        if is_identity(digits) {
            let message = "这里印出了完整的身份证号".to_owned();
            faults.push(reading.fault(&IDENTITY, start, end, message).hint(cure));
        } else if facts.public && is_mobile(&digits.replace(['-', ' '], "")) {
            let message = "公开发布的公文里印出了手机号码".to_owned();
            let fault = reading.fault(&MOBILE, start, end, message);
            faults.push(fault.hint(format!("改用办公电话，或{cure}")));
        }
    }
    faults
}

/// Tells whether 18 letters are an identity number: a day of birth, and the right last one
/// (GB 11643—1999).
fn is_identity(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|char| char.to_digit(10)).collect();
    if text.len() != 18 || digits.len() < 17 {
        return false;
    }
    let number = |range: std::ops::Range<usize>| text[range].parse::<u32>().unwrap_or_default();
    let year = number(6..10);
    let born = Date::new(year as i32, number(10..12), number(12..14));
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum();
    let last = "10X98765432".as_bytes()[(sum % 11) as usize];
    born.is_some()
        && (1900..2100).contains(&year)
        && text.as_bytes()[17].to_ascii_uppercase() == last
}

fn is_mobile(text: &str) -> bool {
    text.len() == 11
        && text.starts_with('1')
        && !text.starts_with("10")
        && !text.starts_with("11")
        && !text.starts_with("12")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_number_with_the_right_last_letter_is_an_identity() {
        assert!(is_identity("110101199001010015") != is_identity("110101199001010016"));
        assert!(!is_identity("110101199013010015"));
        assert!(!is_identity("622202000000000000"));
    }
}
