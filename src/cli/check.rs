//! `hongtou check`: many inputs to what is wrong with them; nothing is written but the copies of
//! workbooks that were asked for.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::args::{CheckFormat, CheckOptions};
use super::report::{self, complain, say};
use super::{Status, annotate, sarif};
use crate::check::Silenced;
use crate::diag::{Diagnostic, Severity, Sources};
use crate::load::names_kind;
use crate::pipeline;

/// What is known of one input.
pub struct Checked {
    pub input: PathBuf,
    pub diagnostics: Vec<Diagnostic>,
    pub silenced: Vec<Silenced>,
    pub sources: Sources,
    /// Why nothing could be made of it.
    pub refused: Option<String>,
}

/// Typst needs room.
const STACK: usize = 16 * 1024 * 1024;

/// How many runs what Typst remembers outlives.
const MEMORY: usize = 2;

pub fn check(options: &CheckOptions) -> Status {
    let inputs = match inputs(&options.inputs) {
        Ok(inputs) => inputs,
        Err(refusal) => {
            report::refuse(&refusal, options.format == CheckFormat::Json);
            return Status::Stopped;
        }
    };
    let all = check_all(&inputs, options.font_dir.as_deref());
    let folder = options.xlsx.as_ref();
    let annotated = folder.map_or(Ok(Vec::new()), |folder| annotate::annotate(&all, folder));
    match options.format {
        CheckFormat::Text => say(&report::checked(&all)),
        CheckFormat::Json => say(&report::checked_json(&all, &annotated)),
        CheckFormat::Sarif => say(&sarif::sarif(&all)),
    }
    for refusal in all.iter().filter_map(|one| one.refused.as_deref()) {
        complain(refusal);
    }
    match annotated {
        Ok(written) => {
            for path in written {
                complain(&format!("已写出批注的台账 {}", path.display()));
            }
            status(&all)
        }
        Err(refusal) => {
            complain(&refusal);
            Status::Stopped
        }
    }
}

fn status(all: &[Checked]) -> Status {
    let error = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
    if all.iter().any(|one| one.refused.is_some()) {
        Status::Stopped
    } else if all.iter().any(|one| one.diagnostics.iter().any(error)) {
        Status::Faults
    } else {
        Status::Fine
    }
}

/// Checks every input, several at a time; the results stand in the order of the inputs.
fn check_all(inputs: &[PathBuf], font_dir: Option<&Path>) -> Vec<Checked> {
    let results: Vec<Mutex<Option<Checked>>> = inputs.iter().map(|_| Mutex::new(None)).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(input) = inputs.get(index) else {
                break;
            };
            let checked = check_one(input, font_dir);
            typst::comemo::evict(MEMORY);
            *results[index].lock().expect("no holder of the lock panics") = Some(checked);
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads.min(inputs.len()) {
            let thread = std::thread::Builder::new().stack_size(STACK);
            thread
                .spawn_scoped(scope, work)
                .expect("the system has a thread to spare");
        }
    });
    let results = results.into_iter().map(|result| result.into_inner());
    results
        .map(|result| result.ok().flatten().expect("every input was checked"))
        .collect()
}

fn check_one(input: &Path, font_dir: Option<&Path>) -> Checked {
    match pipeline::run(input, font_dir) {
        Ok(outcome) => Checked {
            input: input.to_owned(),
            diagnostics: outcome.diagnostics,
            silenced: outcome.silenced,
            sources: outcome.sources,
            refused: None,
        },
        Err(refusal) => Checked {
            input: input.to_owned(),
            diagnostics: Vec::new(),
            silenced: Vec::new(),
            sources: Sources::default(),
            refused: Some(refusal.to_string()),
        },
    }
}

/// The files as named; of a folder every input file below it, by name.
fn inputs(named: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut inputs = Vec::new();
    for path in named {
        if !path.is_dir() {
            inputs.push(path.clone());
            continue;
        }
        let mut found = Vec::new();
        below(path, &mut found)?;
        if found.is_empty() {
            return Err(format!(
                "文件夹“{}”里没有输入文件（有“文种”一行的 .yaml 文件）",
                path.display()
            ));
        }
        inputs.extend(found);
    }
    Ok(inputs)
}

fn below(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), String> {
    let refused =
        |error: std::io::Error| format!("错误：无法读取文件夹“{}”：{error}", folder.display());
    let entries = folder.read_dir().map_err(refused)?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden || path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            below(&path, found)?;
        } else if is_input(&path) {
            found.push(path);
        }
    }
    Ok(())
}

/// Tells an input file from other YAML files.
fn is_input(path: &Path) -> bool {
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    if !ending.is_some_and(|ending| ending == "yaml" || ending == "yml") {
        return false;
    }
    let Ok(bytes) = std::fs::read(path) else {
        return true; // The refusal says why.
    };
    names_kind(&bytes)
}
