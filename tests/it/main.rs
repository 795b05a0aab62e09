//! One binary for all integration tests, because linking Typst is slow.

#![allow(clippy::unwrap_used)]

mod batch;
mod browser;
mod cells;
mod check;
mod checking;
mod cli;
mod corpus;
mod examples;
mod formats;
mod functions;
mod golden;
mod load;
mod markdown;
mod outputs;
mod readme;
mod tidy;
mod trace;
mod watch;
mod watching;
mod webdriver;
mod workbook;

use std::path::{Path, PathBuf};

/// The root of the package.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The entries of a folder, by name.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    entries
}
