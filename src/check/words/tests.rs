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

fn sentences(file: &str) -> Vec<(usize, &str)> {
    let lines = (1..)
        .zip(file.lines())
        .map(|(number, line)| (number, line.trim()));
    lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

/// The sentences that are reported although nothing is wrong with them.
fn false_alarms(file: &str) -> Vec<(usize, &str, Vec<&'static str>)> {
    let all = sentences(file);
    let reported = all
        .into_iter()
        .map(|(line, text)| (line, text, codes(text)));
    reported.filter(|(_, _, codes)| !codes.is_empty()).collect()
}

#[test]
fn clean_sentences_are_left_alone() {
    let text = include_str!("../../../tests/sentences/clean.txt");
    assert!(sentences(text).len() >= 300, "{}", sentences(text).len());
    let alarms = false_alarms(text);
    assert!(alarms.is_empty(), "{alarms:#?}");
}

#[test]
fn sentences_held_back_are_left_alone() {
    let text = include_str!("../../../tests/sentences/held-back.txt");
    assert!(sentences(text).len() >= 100, "{}", sentences(text).len());
    let alarms = false_alarms(text);
    assert!(alarms.is_empty(), "{alarms:#?}");
}

#[test]
fn faulty_sentences_are_reported_with_their_code() {
    let all = sentences(include_str!("../../../tests/sentences/faulty.txt"));
    let mut missed = Vec::new();
    for (line, text) in all {
        let (expected, sentence) = text.split_once(' ').unwrap_or_default();
        let found = codes(sentence);
        let mut expected: Vec<&str> = expected.split('+').collect();
        expected.sort_unstable();
        if found != expected {
            missed.push((line, sentence, expected, found));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
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
