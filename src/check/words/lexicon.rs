//! 词表: words that are always wrong, the built-in ones and the unit's own.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::reading::Reading;
use crate::check::facts::{Facts, Names};
use crate::diag::{Diagnostic, Rule, Strength};
use crate::model::LexiconEntry;

pub const RULES: &[Rule] = &[BUILT_IN, OWN, REPEATED];

const BUILT_IN: Rule = Rule::new("text/words/lexicon", "内置词表里的错字、别字")
    .warning()
    .rests_on(Strength::Practice, "《现代汉语词典》通行写法")
    .example("切实做好布署。", "切实做好部署。");
const OWN: Rule = Rule::new("text/words/own-lexicon", "本单位词表里的词")
    .warning()
    .rests_on(Strength::Practice, "本单位词表");
const REPEATED: Rule = Rule::new("text/words/repeated", "词语重复")
    .warning()
    .rests_on(Strength::Practice, "公文校对惯例")
    .example(
        "要进一步进一步加强管理的的要求。",
        "要进一步加强管理的要求。",
    );

/// The built-in word list.
pub static LIST: LazyLock<Vec<LexiconEntry>> = LazyLock::new(|| {
    LexiconEntry::list(include_str!("lexicon.tsv")).expect("the built-in list is in order")
});

/// Its words, to be found, and what it says of each.
static WORDS: LazyLock<Names> =
    LazyLock::new(|| Names::new(LIST.iter().map(|entry| entry.wrong.clone())));
static ENTRIES: LazyLock<BTreeMap<&str, &LexiconEntry>> = LazyLock::new(|| {
    let entries = LIST.iter().map(|entry| (entry.wrong.as_str(), entry));
    entries.collect()
});

/// The faults of a text outside quotations.
pub fn faults(reading: &Reading, facts: &Facts) -> Vec<Diagnostic> {
    let text = reading.plain.as_str();
    let mut faults = Vec::new();
    for (start, end) in WORDS.places(text) {
        let entry = ENTRIES[&text[start..end]];
        faults.extend(fault(reading, &BUILT_IN, entry, start));
    }
    for entry in &facts.lexicon {
        let places = text.match_indices(entry.wrong.as_str());
        faults.extend(places.filter_map(|(at, _)| fault(reading, &OWN, entry, at)));
    }
    faults.extend(repeated(reading));
    faults
}

fn fault(reading: &Reading, rule: &Rule, entry: &LexiconEntry, start: usize) -> Option<Diagnostic> {
    let end = start + entry.wrong.len();
    let text = reading.plain.as_str();
    let excepted = |word: &String| {
        let Some(within) = word.find(entry.wrong.as_str()) else {
            return false;
        };
        start >= within && text[start - within..].starts_with(word.as_str())
    };
    let inside = entry.exceptions.iter().any(|word| {
        // The slice must begin at a letter.
        word.find(entry.wrong.as_str()).is_some_and(|within| {
            start >= within && text.is_char_boundary(start - within) && excepted(word)
        })
    });
    if inside {
        return None;
    }
    let message = format!("“{}”疑是错字", entry.wrong);
    let mut fault = reading.fault(rule, start, end, message);
    fault.severity = entry.severity;
    Some(match entry.right.as_str() {
        "" => fault.hint("删去这个词，或换一种说法"),
        right => fault.hint(format!("一般写作“{right}”")),
    })
}

/// Words that are never said twice in a row.
const TWICE: &[&str] = &[
    "进行",
    "关于",
    "我们",
    "以及",
    "并且",
    "根据",
    "按照",
    "切实",
    "进一步",
    "加强",
    "及时",
    "对于",
    "已经",
    "因此",
    "同时",
    "落实",
    "的",
    "与",
    "并",
    "通过",
    "严格",
    "开展",
    "要",
];

/// The word that a text says twice in a row right before `end`.
fn twice(text: &str, end: usize) -> Option<&'static str> {
    let (text, last) = (text.as_bytes(), end - 1);
    // Of one, two or three letters; most often the last byte tells that there is none.
    let lengths = [3, 6, 9].into_iter();
    let mut lengths = lengths.filter(|length| last > *length && text[last - length] == text[last]);
    lengths.find_map(|length| {
        let (word, again) = text[end.checked_sub(2 * length)?..end].split_at(length);
        let known = || TWICE.iter().find(|known| known.as_bytes() == word);
        (word == again).then(known).flatten().copied()
    })
}

fn repeated(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.plain.as_str();
    let ends = text.char_indices().map(|(at, char)| at + char.len_utf8());
    let mut found = ends.filter_map(|end| Some((twice(text, end)?, end)));
    found.find_map(|(word, end)| {
        let start = end - 2 * word.len();
        let next = text[end..].chars().next();
        let before = text[..start].chars().next_back();
        let next_is = |letters: &str| next.is_some_and(|char| letters.contains(char));
        let fine = match word {
            "的" => next_is("确士哥卡"),
            "与" => next_is("会"),
            "并" => next_is("列排存入购轨"),
            // 需要要求, 主要要素, 要要回欠款
            "要" => {
                next.is_none()
                    || next_is("求素件点领务害闻回账债")
                    || before.is_some_and(|char| "需重主首必只摘纪提".contains(char))
            }
            _ => false,
        };
        if fine {
            return None;
        }
        let message = format!("“{word}”重复了");
        let fault = reading.fault(&REPEATED, start, end, message);
        Some(fault.hint(format!("只留一个“{word}”")))
    })
}
