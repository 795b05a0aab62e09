//! From a file's change on disk to the new page painted in the browser, and the memory of a long
//! watch.
//!
//! `cargo bench --bench watch` edits the words of a circular of 6 pages, then of one with an
//! attachment of 1,000 rows, one character at a time, and prints medians and worst cases; then it
//! edits without a browser, 2,000 times, and prints the memory held on the way (Linux). It needs
//! Debian's chromium and chromium-driver.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[allow(dead_code)]
#[path = "../tests/it/watching.rs"]
mod watching;
#[allow(dead_code)]
#[path = "../tests/it/webdriver.rs"]
mod webdriver;

use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hongtou::compose::{Templates, compose};
use hongtou::diag::Diagnostics;
use hongtou::document::document;
use hongtou::pipeline;
use hongtou::typeset::{self, Fonts, typeset};
use serde_json::Value;
use watching::{Watching, save};
use webdriver::Browser;

const EDITS: usize = 60;
const REBUILDS: u64 = 2000;

/// A watched input whose words change by one character at each edit.
struct Watched {
    watching: Watching,
    text: String,
    /// What the edits replace.
    word: &'static str,
}

const INPUT: &str = "circular.yaml";

impl Watched {
    fn start(text: String, word: &'static str) -> Watched {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(INPUT), &text).unwrap();
        assert!(text.contains(word));
        let mut watching = Watching::start(folder, INPUT, &[]);
        let mut out = watching.out.take().unwrap();
        // Nobody may have to wait to be heard.
        std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        Watched {
            watching,
            text,
            word,
        }
    }

    fn edit(&self, number: usize) {
        let letters = ["甲", "乙", "丙", "丁", "戊", "己"];
        let letter = letters[number % letters.len()];
        let word = self.word;
        let text = self.text.replacen(word, &format!("{word}{letter}"), 1);
        save(self.watching.folder.path(), INPUT, |other| {
            std::fs::write(other, text).unwrap();
        });
    }

    /// The state after `number`.
    fn state(&self, number: u64) -> Value {
        self.watching.state(number, |_| true)
    }

    /// Memory held, in megabytes; 0 where the system does not tell.
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.watching.child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS"));
        let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
        number.unwrap_or(0) / 1024
    }
}

fn now() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs_f64()
        * 1000.0
}

fn sorted(mut numbers: Vec<f64>) -> (f64, f64) {
    numbers.sort_by(f64::total_cmp);
    (numbers[numbers.len() / 2], numbers[numbers.len() - 1])
}

/// Edits while the browser looks; prints the times from the file's change to the painted page.
fn painted(name: &str, watched: &Watched) {
    let Some(browser) = Browser::start() else {
        return println!("{name}: no chromedriver");
    };
    browser.open(&watched.watching.address);
    browser.wait("return document.documentElement.dataset.shown");
    browser.run(
        "window.seen = [];
         // The beat after the one that drew the page: by then it is on the screen.
         const note = () => requestAnimationFrame(() => window.seen.push(Date.now()));
         new MutationObserver(note).observe(
           document.documentElement, { attributes: true, attributeFilter: ['data-shown'] })",
    );
    let (mut times, mut runs) = (Vec::new(), Vec::new());
    for number in 0..EDITS + 5 {
        // No edit falls on the same beat of the browser as the one before.
        std::thread::sleep(Duration::from_millis(350 + (number as u64 * 37) % 100));
        watched.edit(number);
        let start = now();
        let seen = browser.wait(&format!("return window.seen[{number}]"));
        // The first few warm both programs up.
        if number >= 5 {
            times.push(seen.as_f64().unwrap() - start);
            runs.push(watched.state(0)["took"].as_f64().unwrap());
        }
    }
    let pages = watched.state(0)["pages"].as_array().unwrap().len();
    let ((median, worst), (run, longest)) = (sorted(times), sorted(runs));
    println!(
        "{name}, {pages} pages: painted after {median:.0} ms, at worst {worst:.0} ms; \
         the run alone {run:.1} ms, at worst {longest:.1} ms"
    );
}

/// Edits without a browser and prints what laying out takes: lines, title, Typst, ink.
fn laid_out(name: &str, watched: &Watched) {
    /// What a watch keeps of earlier layouts.
    const KEPT: usize = 2;
    let fonts = Fonts::embedded();
    let input = watched.watching.folder.path().join(INPUT);
    let mut times = Vec::new();
    for number in 0..EDITS + 5 {
        watched.edit(number);
        let mut diagnostics = Diagnostics::default();
        let loaded = pipeline::load(&input, &mut diagnostics).unwrap();
        let circular = loaded.circular.unwrap();
        let own = loaded.templates;
        let draft = compose(&circular, &Templates { own }, &mut diagnostics).unwrap();
        let document = document(&circular, &draft, &mut diagnostics).unwrap();
        let start = Instant::now();
        typeset(&document, &fonts, &mut diagnostics)
            .unwrap()
            .measured(&fonts);
        if number >= 5 {
            times.push(start.elapsed().as_secs_f64() * 1000.0);
        }
        typeset::forget(KEPT);
    }
    let (median, worst) = sorted(times);
    println!(
        "{name}: layout after an edit of one character {median:.1} ms, at worst {worst:.1} ms"
    );
}

/// A circular of 6 pages whose signature has company at once.
fn plain() -> String {
    let section = |number: usize| {
        format!(
            "  # 第{number}项要求\n\n  各乡镇各部门充分发挥作用，明确责任单位、责任人和完成时限，\
             逐项建立台账，整改一项、销号一项，确保按期完成，并把办理情况报县政府办公室，\
             逾期没有办理的予以通报，各单位要安排专人每天查看。\n\n"
        )
    };
    let sections: String = (1..=20).map(section).collect();
    format!(
        "文种: 通知\n发文机关标志: 样例县人民政府办公室文件\n发文字号: 样政办发〔2026〕8号\n\
         标题: 样例县人民政府办公室关于做好检查工作的通知\n主送机关: 各乡镇人民政府\n印章: 不盖章\n\
         正文: |\n{sections}署名: 样例县人民政府办公室\n成文日期: 2026年3月5日\n"
    )
}

fn memory(watched: &Watched) {
    let first = watched.state(0)["number"].as_u64().unwrap();
    let start = Instant::now();
    let mut held = vec![watched.memory()];
    let mut number = first;
    while number < first + REBUILDS {
        watched.edit(number as usize);
        number = watched.state(number)["number"].as_u64().unwrap();
        if number.is_multiple_of(REBUILDS / 10) {
            held.push(watched.memory());
        }
    }
    let minutes = start.elapsed().as_secs_f64() / 60.0;
    println!("{REBUILDS} rebuilds in {minutes:.1} min; megabytes held on the way: {held:?}");
}

fn main() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let text = std::fs::read_to_string(examples.join("naiman-notice/circular.yaml")).unwrap();
    let small = Watched::start(text, "充分发挥");
    painted("a circular", &small);
    let rows: String = (1..=1000)
        .map(|row| {
            format!(
                "    - {{单位: 第{row}镇人民政府, 问题: 第{row}个栏目没有按时更新, 数量: {row}}}\n"
            )
        })
        .collect();
    let text = format!(
        "文种: 问题通报\n标题: 某县人民政府办公室关于检查情况的通报\n正文: |\n  现将情况通报如下。\n\
         署名: 某县人民政府办公室\n成文日期: 2026年7月1日\n表格:\n  清单:\n{rows}附件:\n  - {{标题: 清单, 表格: 清单}}\n"
    );
    let large = Watched::start(text, "现将情况");
    painted("one with 1,000 rows", &large);
    drop(large);
    memory(&small);
    laid_out(
        "a circular that looks for company for its signature",
        &small,
    );
    drop(small);
    let plain = Watched::start(plain(), "充分发挥");
    laid_out("one of 6 pages that need not", &plain);
}
