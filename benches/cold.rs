//! From a cold start to the PDF on disk: our command beside a fresh `typst compile` of the same words
//! and tables in plain Typst.
//!
//! `cargo bench --bench cold` runs both in turn and prints medians and the ratio. The peer is the
//! typst command line of the same version (`cargo install typst-cli --version 0.15.1 --locked`),
//! taken from the path or from the variable TYPST; without it our command is timed alone.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod plain;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use hongtou::pipeline;

const RUNS: usize = 21;

fn time(command: &mut Command) -> Option<Duration> {
    let start = Instant::now();
    let status = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    status.success().then(|| start.elapsed())
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1000.0
}

/// What is built: a notice as clerks make one, and the longest of the examples.
const INPUTS: [&str; 2] = [
    "benches/notice.yaml",
    "examples/sanming-2021q3/circular.yaml",
];

fn main() {
    let mut alone = Command::new(env!("CARGO_BIN_EXE_hongtou"));
    let alone = (0..RUNS).filter_map(|_| time(alone.arg("--version")));
    println!("hongtou alone: {:.1} ms", median(alone.collect()));
    for input in INPUTS {
        compare(input);
    }
}

/// Times both commands in turn on one input.
fn compare(input: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(input);
    let outcome = pipeline::run(&path, None).unwrap();
    let document = outcome.document.expect("the input has no fault");
    std::fs::write(folder.path().join("data.json"), plain::data(&document)).unwrap();
    let template = folder.path().join("notice.typ");
    std::fs::write(&template, include_str!("plain/notice.typ")).unwrap();

    let mut ours = Command::new(env!("CARGO_BIN_EXE_hongtou"));
    ours.arg("build").arg(&path).arg("-o");
    ours.arg(folder.path().join("ours.pdf"));
    // As one types it, with what faces the system has; and with ours alone.
    let peer = |more: &[&str]| {
        let mut peer = plain::typst(&template, &folder.path().join("typst.pdf"));
        peer.args(more);
        peer
    };
    let (mut typst, mut bare) = (peer(&[]), peer(&["--ignore-system-fonts"]));

    let pages = outcome.pages.expect("the input has pages").len();
    time(&mut ours).expect("the input builds");
    let mut of_ours = Vec::new();
    let (mut of_typst, mut of_bare) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        of_ours.extend(time(&mut ours));
        of_typst.extend(time(&mut typst));
        of_bare.extend(time(&mut bare));
    }
    let our = median(of_ours);
    println!("hongtou build {input}, {pages} pages: {our:.1} ms");
    for (name, times) in [
        ("typst compile", of_typst),
        ("typst compile --ignore-system-fonts", of_bare),
    ] {
        if times.is_empty() {
            println!("no typst on the path: nothing to compare with");
            return;
        }
        let peer = median(times);
        println!(
            "  {name}, the same words: {peer:.1} ms; ours takes {:.2} of it",
            our / peer
        );
    }
}
