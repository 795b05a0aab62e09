use super::faults;
use crate::check::passage::Passage;

fn codes(sentence: &str) -> Vec<&'static str> {
    faults(&Passage::typed(sentence))
        .into_iter()
        .map(|fault| fault.code)
        .collect()
}

/// The sentences of a file with their line numbers; `#` starts a remark.
fn sentences(file: &str) -> Vec<(usize, &str)> {
    let lines = (1..)
        .zip(file.lines())
        .map(|(number, line)| (number, line.trim()));
    lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

#[test]
fn right_sentences_are_left_alone() {
    let all = sentences(include_str!("../../../tests/sentences/right.txt"));
    assert!(all.len() >= 60, "{}", all.len());
    let wrong: Vec<_> = all
        .iter()
        .map(|(line, text)| (line, codes(text)))
        .filter(|(_, codes)| !codes.is_empty())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn wrong_sentences_are_reported_once_with_their_code() {
    let all = sentences(include_str!("../../../tests/sentences/wrong.txt"));
    assert!(all.len() >= 25, "{}", all.len());
    let mut missed = Vec::new();
    for (line, text) in all {
        let (expected, sentence) = text.split_once(' ').unwrap_or_default();
        let found = codes(sentence);
        if !found
            .iter()
            .map(|code| code.trim_start_matches("figures/"))
            .eq(expected.split('+'))
        {
            missed.push((line, expected, found));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}
