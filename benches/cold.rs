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

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let input = root.join("examples/sanming-2021q3/circular.yaml");
    let outcome = pipeline::run(&input, None).unwrap();
    let document = outcome.document.expect("the example has no fault");
    std::fs::write(folder.path().join("data.json"), plain::data(&document)).unwrap();
    let template = folder.path().join("notice.typ");
    std::fs::write(&template, include_str!("plain/notice.typ")).unwrap();

    let mut ours = Command::new(env!("CARGO_BIN_EXE_hongtou"));
    ours.arg("build").arg(&input).arg("-o");
    ours.arg(folder.path().join("ours.pdf"));
    let mut peer = Command::new(std::env::var_os("TYPST").unwrap_or("typst".into()));
    peer.args(["compile", "--ignore-system-fonts", "--font-path"]);
    peer.arg(root.join("fonts")).arg(&template);
    peer.arg(folder.path().join("typst.pdf"));
    let mut bare = Command::new(env!("CARGO_BIN_EXE_hongtou"));
    bare.arg("--version");

    let pages = outcome.pages.expect("the example has pages").len();
    let with_peer = time(&mut peer).is_some();
    time(&mut ours).expect("the example builds");
    let (mut our_times, mut peer_times, mut bare_times) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        our_times.extend(time(&mut ours));
        bare_times.extend(time(&mut bare));
        if with_peer {
            peer_times.extend(time(&mut peer));
        }
    }
    let our = median(our_times);
    println!(
        "hongtou build, {pages} pages: {our:.1} ms (starting alone: {:.1} ms)",
        median(bare_times)
    );
    if with_peer {
        let peer = median(peer_times);
        println!(
            "typst compile, the same words: {peer:.1} ms; ours takes {:.2} of it",
            our / peer
        );
    } else {
        println!("no typst on the path: nothing to compare with");
    }
}
