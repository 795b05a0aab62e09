use super::*;
use crate::check::figures;

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
