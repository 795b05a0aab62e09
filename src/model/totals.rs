//! The words by which a row of a table is told to be one of totals.

use super::register::without_blanks;

/// Longer words that end in 合计 are a sentence.
pub const LONGEST: usize = 12;

pub const WHOLE: [&str; 4] = ["合计", "总计", "共计", "累计"];

/// Other words for a total, where they stand alone.
pub const ALONE: [&str; 5] = ["合计数", "合计金额", "总数", "汇总", "total"];

/// The words of a total without what stands around them: 【合计】, 合计（万元）：, 合计*.
pub fn bare(text: &str) -> String {
    let around = |letter: char| "【】[]*＊：:".contains(letter);
    let text = without_blanks(text);
    let word = text.trim_matches(around);
    let end = word.find(['（', '(']).filter(|at| *at > 0);
    let word = word[..end.unwrap_or(word.len())].trim_matches(around);
    word.to_lowercase()
}

/// Tells whether the only word of a row calls it a total.
pub fn is_total(word: &str) -> bool {
    let word = bare(word);
    let ends = |total: &&str| word.ends_with(*total) && word.chars().count() <= LONGEST;
    ALONE.contains(&&*word) || WHOLE.iter().chain(&["小计"]).any(ends)
}
