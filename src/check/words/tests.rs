use super::*;
use crate::check::figures;

/// Numbers below a bound that look like chance and are the same each time.
pub fn chance(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |below| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize % below
    }
}

/// The codes that one paragraph of a circular gets from all rules of words and figures.
fn codes(sentence: &str) -> Vec<&'static str> {
    let facts = Facts::plain();
    let reading = Reading::new(Kind::Paragraph, true, Passage::typed(sentence), &facts);
    let mut found: Vec<&str> = faults(&reading, &facts)
        .into_iter()
        .chain(levels::sequences(&[&reading]))
        .chain(figures::faults(&Passage::typed(sentence)))
        .map(|fault| fault.code)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn the_built_in_words_do_not_find_their_own_cures() {
    for entry in lexicon::LIST.iter() {
        assert!(!entry.right.contains(&entry.wrong), "{}", entry.wrong);
        for exception in &entry.exceptions {
            assert!(
                exception.contains(&entry.wrong),
                "{}: {exception}",
                entry.wrong
            );
            let found = codes(&format!("甲乙{exception}丙丁。"));
            assert!(!found.contains(&"text/words/lexicon"), "{exception}");
        }
        let found = codes(&format!("甲乙，{}，丙丁。", entry.wrong));
        assert!(found.contains(&"text/words/lexicon"), "{}", entry.wrong);
    }
}

/// The circular is of 2026年7月1日.
#[test]
fn days_are_seen_wherever_they_stand() {
    for (text, code) in [
        ("要于6月10日前报送。", "text/deadline/before-doc-date"),
        ("请6月10日17时前报送。", "text/deadline/before-doc-date"),
        ("7月3日9月31日两次。", "text/date/no-such-day"),
        ("自6月26至9月31日。", "text/date/no-such-day"),
        ("自6月26至22日检查。", "text/range/reversed"),
        ("7月3日（周四）召开。", "text/date/weekday"),
    ] {
        assert!(codes(text).contains(&code), "{text}");
    }
    for text in [
        "农历9月31日。",
        "请及时整改。6月10日前的问题另行通报。",
        "7月6日周一至周五开放。",
        "12月20日至1月10日检查。",
    ] {
        let found = codes(text);
        let of_days = |code: &str| code.contains("/date/") || code.contains("deadline");
        assert!(!found.iter().any(|code| of_days(code)), "{text} {found:?}");
    }
}
