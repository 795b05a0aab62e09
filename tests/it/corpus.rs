//! How much the checks find, and how often they speak without cause: sentences and small circulars
//! of our own writing below `tests/sentences`, each with the codes that it should get. What comes
//! out stands in the READMEs (see `readme.rs`).

use std::collections::BTreeSet;
use std::path::Path;

use hongtou::check;
use hongtou::compose::{Templates, compose};
use hongtou::diag::Diagnostics;
use hongtou::document::document;
use hongtou::pipeline;

/// A circular without a fault; what a case writes takes the place of its keys.
const BASE: &[(&str, &str)] = &[
    ("文种", "问题通报"),
    ("标题", "甲局关于乙的通报"),
    ("署名", "甲局"),
    ("成文日期", "2026年7月1日"),
    ("正文", "现将有关情况通报如下。"),
    ("附注", "此件公开发布"),
];

/// Keys of a circular with the codes that they should get.
struct Case {
    line: usize,
    expected: BTreeSet<String>,
    keys: String,
}

impl Case {
    /// The codes of errors, warnings and notes that a clerk would be told, pages apart.
    fn found(&self, folder: &Path) -> BTreeSet<String> {
        let mut text = String::new();
        for (key, value) in BASE {
            let own = self
                .keys
                .lines()
                .any(|line| line.starts_with(&format!("{key}:")));
            if !own {
                text.push_str(&format!("{key}: {value}\n"));
            }
        }
        text.push_str(&self.keys);
        let file = folder.join("公文.yaml");
        std::fs::write(&file, text).unwrap();
        let mut diagnostics = Diagnostics::default();
        let loaded = pipeline::load(&file, &mut diagnostics).unwrap();
        if let Some(circular) = &loaded.circular {
            let draft = compose(circular, &Templates::default(), &mut diagnostics);
            let document = draft.and_then(|draft| document(circular, &draft, &mut diagnostics));
            check::check(circular, document.as_ref(), &mut diagnostics);
        }
        diagnostics
            .iter()
            .map(|fault| fault.code.to_owned())
            .collect()
    }
}

/// A line each.
fn clean(file: &str) -> Vec<Case> {
    sentences(file, false)
}

/// A line each, behind its codes.
fn faulty(file: &str) -> Vec<Case> {
    sentences(file, true)
}

fn sentences(file: &str, faulty: bool) -> Vec<Case> {
    let text = read(file);
    let lines = (1..).zip(text.lines());
    let lines = lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    let case = |(line, text): (usize, &str)| {
        let (codes, sentence) = match faulty {
            true => text.split_once(' ').unwrap(),
            false => ("-", text),
        };
        let paragraphs: Vec<String> = sentence
            .split('¶')
            .map(|text| format!("  {text}\n"))
            .collect();
        Case {
            line,
            expected: expected(codes),
            keys: format!("正文: |\n{}", paragraphs.join("\n")),
        }
    };
    lines.map(case).collect()
}

/// Small circulars, each below `=== code`.
fn circulars(file: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (line, text) in (1..).zip(read(file).lines()) {
        match (text.strip_prefix("=== "), cases.last_mut()) {
            (Some(codes), _) => cases.push(Case {
                line,
                expected: expected(codes),
                keys: String::new(),
            }),
            (None, Some(case)) => case.keys.push_str(&format!("{text}\n")),
            (None, None) => {}
        }
    }
    cases
}

fn expected(codes: &str) -> BTreeSet<String> {
    let codes = codes.split('+').filter(|code| *code != "-");
    codes.map(str::to_owned).collect()
}

fn read(file: &str) -> String {
    std::fs::read_to_string(crate::root().join("tests/sentences").join(file)).unwrap()
}

/// A file of cases, what its first run gave, and whether the rules were written after it.
struct Corpus {
    file: &'static str,
    cases: fn(&str) -> Vec<Case>,
    /// 查出 and 误报 when the rules were run over it for the first time.
    first: (usize, usize),
    /// Whether the rules were changed until every case came out right, so that each must.
    settled: bool,
}

/// History has no other source: the first figures are those of the day that a file was written.
const CORPORA: &[Corpus] = &[
    Corpus {
        file: "clean.txt",
        cases: clean,
        first: (0, 1),
        settled: true,
    },
    Corpus {
        file: "faulty.txt",
        cases: faulty,
        first: (82, 0),
        settled: true,
    },
    Corpus {
        file: "held-back.txt",
        cases: clean,
        first: (0, 0),
        settled: false,
    },
    Corpus {
        file: "near.txt",
        cases: clean,
        first: (0, 13),
        settled: true,
    },
    Corpus {
        file: "unseen-clean.txt",
        cases: clean,
        first: (0, 2),
        settled: false,
    },
    Corpus {
        file: "unseen-faulty.txt",
        cases: faulty,
        first: (167, 0),
        settled: false,
    },
    Corpus {
        file: "unseen-data.txt",
        cases: circulars,
        first: (47, 0),
        settled: false,
    },
];

/// What came of the cases of one file.
#[derive(Default)]
struct Tally {
    faulty: usize,
    found: usize,
    clean: usize,
    alarms: usize,
    /// What is not as it should be.
    slips: Vec<String>,
}

impl Tally {
    fn of(cases: &[Case]) -> Tally {
        let folder = tempfile::tempdir().unwrap();
        let mut tally = Tally::default();
        for case in cases {
            let found = case.found(folder.path());
            let all = case.expected.is_subset(&found);
            match case.expected.is_empty() {
                true => tally.clean += 1,
                false => {
                    tally.faulty += 1;
                    tally.found += usize::from(all);
                }
            }
            // A code too many is a false alarm in a faulty case as well.
            tally.alarms += usize::from(all && found.len() > case.expected.len());
            if found != case.expected {
                let Case {
                    line,
                    expected,
                    keys,
                } = case;
                let slip = format!("{line}: {expected:?} → {found:?}\n{keys}");
                tally.slips.push(slip);
            }
        }
        tally
    }
}

/// The rows of the READMEs' table.
pub fn table() -> String {
    let mut rows = String::from(
        "| 文件 | 有错的 | 没有错的 | 第一次查 | 现在 |\n| --- | --- | --- | --- | --- |\n",
    );
    for corpus in CORPORA {
        let tally = Tally::of(&(corpus.cases)(corpus.file));
        let result = |found: usize, alarms: usize| match (tally.faulty, tally.clean) {
            (0, _) => format!("误报{alarms}"),
            (_, 0) if alarms == 0 => format!("查出{found}"),
            _ => format!("查出{found}，误报{alarms}"),
        };
        let (found, alarms) = corpus.first;
        rows.push_str(&format!(
            "| `{}` | {} | {} | {} | {} |\n",
            corpus.file,
            tally.faulty,
            tally.clean,
            result(found, alarms),
            result(tally.found, tally.alarms)
        ));
    }
    let words = std::fs::read_to_string(crate::root().join("src/check/words/lexicon.tsv")).unwrap();
    let words = words
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    rows.push_str(&format!("\n内置词表有{}个词。", words.count()));
    rows
}

/// What the English README says.
pub fn summary() -> String {
    let tallies = CORPORA
        .iter()
        .filter(|corpus| !corpus.settled)
        .map(|corpus| {
            let tally = Tally::of(&(corpus.cases)(corpus.file));
            (corpus.first, tally)
        });
    let mut sum = [0; 6];
    for ((found, alarms), tally) in tallies {
        let of_this = [
            tally.faulty,
            tally.clean,
            found,
            alarms,
            tally.found,
            tally.alarms,
        ];
        sum.iter_mut()
            .zip(of_this)
            .for_each(|(sum, one)| *sum += one);
    }
    let [faulty, clean, first_found, first_alarms, found, alarms] = sum;
    format!(
        "Of {faulty} faulty cases, written by someone who had read the list of rules and those of marks but no others, it found {first_found} at the first run, {found} after their causes were mended; of {clean} clean ones it reported {first_alarms}, now {alarms}"
    )
}

#[test]
fn what_the_rules_were_written_after_is_as_it_should_be() {
    for corpus in CORPORA.iter().filter(|corpus| corpus.settled) {
        let cases = (corpus.cases)(corpus.file);
        assert!(cases.len() > 50, "{}", corpus.file);
        let slips = Tally::of(&cases).slips;
        assert!(slips.is_empty(), "{}: {}", corpus.file, slips.join("\n"));
    }
}

#[test]
fn no_clean_case_is_reported() {
    for corpus in CORPORA.iter().filter(|corpus| !corpus.settled) {
        let mut cases = (corpus.cases)(corpus.file);
        cases.retain(|case| case.expected.is_empty());
        let slips = Tally::of(&cases).slips;
        assert!(slips.is_empty(), "{}: {}", corpus.file, slips.join("\n"));
    }
}

/// The faulty sentences that have no marks of quotation of their own.
fn quotable() -> Vec<String> {
    let files = ["faulty.txt", "unseen-faulty.txt"];
    let cases = files.into_iter().flat_map(faulty);
    let plain = cases.filter_map(|case| {
        let text = case.keys.strip_prefix("正文: |\n  ")?.trim_end().to_owned();
        let marked = text.contains(|char| "“”‘’《》〈〉\"'\n#".contains(char));
        (!marked).then_some(text)
    });
    plain.collect()
}

fn codes(keys: String) -> BTreeSet<String> {
    let folder = tempfile::tempdir().unwrap();
    let case = Case {
        line: 0,
        expected: BTreeSet::new(),
        keys,
    };
    case.found(folder.path())
}

/// Rules that are about quotation marks, or about what is printed at all.
const EVERYWHERE: &[&str] = &[
    "privacy/identity/printed",
    "privacy/mobile/printed",
    "text/mark/doubled",
    "text/mark/unbalanced",
];

#[test]
fn nothing_is_reported_inside_a_quotation_or_a_title() {
    let mut slips = Vec::new();
    let quotable = quotable();
    assert!(quotable.len() > 150, "{}", quotable.len());
    for text in quotable {
        for (open, close) in [('“', '”'), ('《', '》')] {
            let keys = format!("正文: |\n  稿件里写的是{open}{text}{close}，已经更正。\n");
            let mut found = codes(keys);
            found.retain(|code| !EVERYWHERE.contains(&code.as_str()));
            if !found.is_empty() {
                slips.push(format!("{open}{text}{close}: {found:?}"));
            }
        }
    }
    assert!(slips.is_empty(), "{}", slips.join("\n"));
}

#[test]
fn nothing_is_reported_in_the_name_of_an_account() {
    let mut slips = Vec::new();
    for text in quotable()
        .into_iter()
        .filter(|text| text.chars().count() < 20)
    {
        let name = text.trim_end_matches(['。', '，', '、', '；', '：']);
        let keys = format!(
            "表格:\n  清单:\n    - {{责任单位: 甲镇, 账号名称: '{name}', 问题描述: 首页没有更新}}\n正文: |\n  其中{name}等1个账号没有更新。\n"
        );
        let mut found = codes(keys);
        found.retain(|code| !EVERYWHERE.contains(&code.as_str()));
        if !found.is_empty() {
            slips.push(format!("{name}: {found:?}"));
        }
    }
    assert!(slips.is_empty(), "{}", slips.join("\n"));
}

#[test]
fn nothing_is_reported_in_a_link() {
    let mut slips = Vec::new();
    for link in [
        "https://www.example.gov.cn/a,b;c/2023-2025/1.html",
        "https://www.example.gov.cn/a--b...c/(1)/index.html?x=15-30&y=10~20%25",
        "http://example.cn/%E5%85%AC%E5%BC%80/26-07-01/04.19?q=.5",
        "https://example.cn/s/13800000000?id=02-08#1-6",
        "www.example.gov.cn/zwgk/[2024]08/a!b?c",
        "https://example.cn:8443/a:b/zwgkbgs163.com",
        "zw.gk-1_2@mail.example.gov.cn",
    ] {
        for text in [
            format!("详见{link}，请核对。"),
            format!("（{link}）已经更正。"),
            format!("链接：{link}"),
        ] {
            let mut found = codes(format!("正文: |\n  {text}\n"));
            // The link may hold a number that must not be printed.
            found.remove("privacy/mobile/printed");
            if !found.is_empty() {
                slips.push(format!("{text}: {found:?}"));
            }
        }
    }
    assert!(slips.is_empty(), "{}", slips.join("\n"));
}
