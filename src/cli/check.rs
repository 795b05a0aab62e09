//! `hongtou check`: many inputs to what is wrong with them; nothing is written but the copies of
//! workbooks that were asked for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::args::{CheckFormat, CheckOptions};
use super::report::{self, complain, say};
use super::{Status, annotate, sarif};
use crate::check::Silenced;
use crate::diag::{Diagnostic, Origin, Severity, Sources};
use crate::load::is_circular;
use crate::pipeline;
use crate::typeset;

/// What is known of one input.
pub struct Checked {
    pub input: PathBuf,
    pub diagnostics: Vec<Diagnostic>,
    pub silenced: Vec<Silenced>,
    pub sources: Sources,
    /// Why nothing could be made of it.
    pub refused: Option<String>,
}

/// How many runs what Typst remembers outlives.
const MEMORY: usize = 2;

pub fn check(options: &CheckOptions) -> Status {
    let Inputs { files, passed_over } = match Inputs::of(&options.inputs) {
        Ok(inputs) => inputs,
        Err(refusal) => {
            report::refuse(&refusal, options.format == CheckFormat::Json);
            return Status::Stopped;
        }
    };
    let all = check_all(&files, options.font_dir.as_deref());
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
    if let Some(note) = not_checked(&passed_over) {
        complain(&note);
    }
    match annotated {
        Ok(written) => {
            for path in &written {
                complain(&format!("已写出批注的台账 {}", path.display()));
            }
            for note in folder
                .map(|_| not_annotated(&all, &written))
                .into_iter()
                .flatten()
            {
                complain(&note);
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
            typeset::forget(MEMORY);
            *results[index].lock().expect("no holder of the lock panics") = Some(checked);
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads.min(inputs.len()) {
            let thread = std::thread::Builder::new().stack_size(typeset::STACK);
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

/// What is to be checked, and what lies beside it.
#[derive(Default)]
struct Inputs {
    files: Vec<PathBuf>,
    /// YAML files of a folder that are no circulars.
    passed_over: Vec<PathBuf>,
}

impl Inputs {
    /// The files as named; of a folder every input file below it, by name.
    fn of(named: &[PathBuf]) -> Result<Inputs, String> {
        let mut inputs = Inputs::default();
        for path in named {
            if !path.is_dir() {
                inputs.files.push(path.clone());
                continue;
            }
            let before = inputs.files.len();
            inputs.below(path)?;
            if inputs.files.len() == before {
                return Err(format!(
                    "文件夹“{}”里没有输入文件（有“文种”一行的 .yaml 文件，或有工作表“公文”的台账）",
                    path.display()
                ));
            }
        }
        Ok(inputs)
    }

    fn below(&mut self, folder: &Path) -> Result<(), String> {
        let refused =
            |error: std::io::Error| format!("错误：无法读取文件夹“{}”：{error}", folder.display());
        let entries = folder.read_dir().map_err(refused)?;
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            // Office programs keep a file ~$台账.xlsx beside one that is open.
            let hidden = name.starts_with(['.', '~']);
            let yaml = ends_with(&path, &["yaml", "yml"]);
            if hidden || path.is_symlink() {
                continue;
            }
            if path.is_dir() {
                self.below(&path)?;
            } else if yaml || ends_with(&path, &["xlsx", "xlsm", "xlsb", "xls", "et", "ods"]) {
                // The refusal says why a file cannot be read.
                match std::fs::read(&path).map_or(true, is_circular) {
                    true => self.files.push(path),
                    false if yaml => self.passed_over.push(path),
                    false => {}
                }
            }
        }
        Ok(())
    }
}

fn ends_with(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    endings.contains(&ending.to_lowercase().as_str())
}

/// Says of what there is no copy with comments.
fn not_annotated(all: &[Checked], written: &[PathBuf]) -> Vec<String> {
    let diagnostics = all.iter().flat_map(|one| &one.diagnostics);
    let texts: BTreeSet<&str> = diagnostics
        .filter_map(|diagnostic| match &diagnostic.origin {
            Origin::Text { file, .. } => Some(&**file),
            _ => None,
        })
        .filter(|file| ends_with(Path::new(file), &["csv", "tsv", "txt"]))
        .collect();
    let note =
        |file: &&str| format!("{file} 是文字文件，不能加批注；在电子表格软件里另存为 .xlsx 再查");
    let mut notes: Vec<String> = texts.iter().map(note).collect();
    if written.is_empty() && notes.is_empty() {
        notes.push("台账的格子都没有问题，没有写出批注的台账".to_owned());
    }
    notes
}

/// Names what of a folder was not checked, so that nobody takes it for sound.
fn not_checked(files: &[PathBuf]) -> Option<String> {
    const NAMED: usize = 5;
    let names: Vec<String> = files
        .iter()
        .take(NAMED)
        .map(|path| path.display().to_string())
        .collect();
    let more = match files.len() {
        0 => return None,
        count if count > NAMED => format!("等{count}个文件"),
        _ => String::new(),
    };
    Some(format!(
        "没有检查（没有“文种”一行，不是公文）：{}{more}",
        names.join("、")
    ))
}
