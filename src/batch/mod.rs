//! Batch: one input becomes a circular and a notice to each unit. Comes in: a [`Plan`] and a folder.
//! Goes out: a PDF for each, the ledger, and a record by which the next run makes only what changed.
//!
//! ```text
//! Circular → plan (numbers, names of files, rows of each unit)
//!          → work (threads: make → mentions → PDF → record → its place)
//!          → ledger, merge, pack
//! ```
//!
//! # What always holds
//!
//! - A notice is made from a circular that holds its own unit's rows and no others.
//! - A file stands in its place whole or not at all, and the record knows it before it stands there.
//! - A unit keeps its number from run to run.
//! - The same input and the same history give the same bytes, also after a run that was killed.

mod fingerprint;
mod join;
mod ledger;
mod manifest;
mod mentions;
mod merge;
mod names;
mod numbering;
mod pack;
mod plan;
mod work;

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use crate::compose::Templates;
use crate::diag::Diagnostics;
use crate::model::Circular;
use crate::output::{self, WriteError};
use crate::typeset::Fonts;

pub use join::{Joined, join};
pub use manifest::{Entry, Failure, RecordError};
pub use mentions::Mentions;
pub use numbering::Numbering;
pub use plan::{Notice, Plan, RULES};
pub use work::{Done, Event, State};

use ledger::Row;
use manifest::{Log, Part, Record};
use work::{Job, Work};

/// The file that keeps a second run out of a folder.
const LOCK: &str = ".hongtou-lock";

/// The names in a folder that are the program's own.
const RESERVED: [&str; 5] = [manifest::NAME, ledger::NAME, merge::NAME, pack::NAME, LOCK];

/// What the ledger calls the circular that the notices go with.
const CIRCULAR: &str = "（整份公文）";

/// What a run may do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    pub threads: usize,
    /// Make every file anew, also over files that are not ours.
    pub force: bool,
    /// Delete the files of units that no longer get a notice.
    pub prune: bool,
    pub merge: bool,
    pub zip: bool,
    pub shard: Option<Shard>,
}

/// One of several parts into which the units are split: those whose serial leaves the remainder
/// `index - 1`. The circular itself belongs to part 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Counted from 1.
    pub index: usize,
    pub count: usize,
}

impl Shard {
    fn holds(self, serial: usize) -> bool {
        match serial {
            0 => self.index == 1,
            serial => (serial - 1) % self.count == self.index - 1,
        }
    }
}

/// Why a folder cannot be worked in.
#[derive(Debug)]
pub enum FolderError {
    /// Another run is at work in it.
    Busy(PathBuf),
    Write(WriteError),
    Record(RecordError),
}

impl fmt::Display for FolderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FolderError::Busy(path) => write!(
                f,
                "错误：另一个 hongtou 正在文件夹 {} 里工作，等它结束后再运行",
                path.display()
            ),
            FolderError::Write(error) => error.fmt(f),
            FolderError::Record(error) => error.fmt(f),
        }
    }
}

/// A folder that no other run works in until this is dropped.
pub struct Folder {
    path: PathBuf,
    record: Record,
    /// How much of the record is whole, in bytes.
    length: u64,
    /// `None` where the folder is only looked at.
    lock: Option<File>,
}

impl Folder {
    /// Opens a folder for a run; makes it where there is none, and clears away what a killed run
    /// left half-written.
    pub fn open(path: &Path) -> Result<Self, FolderError> {
        let refused = |error| {
            let path = path.to_owned();
            FolderError::Write(WriteError { path, error })
        };
        std::fs::create_dir_all(path).map_err(refused)?;
        let lock = File::create(path.join(LOCK)).map_err(refused)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(FolderError::Busy(path.to_owned())),
            Err(TryLockError::Error(error)) => return Err(refused(error)),
        }
        let left = |name: &str| name.starts_with(output::TEMPORARY) && name.ends_with(".tmp");
        for entry in path.read_dir().map_err(refused)?.flatten() {
            if left(&entry.file_name().to_string_lossy()) {
                // One that cannot be removed only takes room.
                let _ = std::fs::remove_file(entry.path());
            }
        }
        let (record, length) = Record::read(path).map_err(FolderError::Record)?;
        Ok(Folder {
            path: path.to_owned(),
            record,
            length,
            lock: Some(lock),
        })
    }

    /// Looks at a folder without touching it; it need not be there.
    pub fn look(path: &Path) -> Result<Self, FolderError> {
        let (record, length) = Record::read(path).map_err(FolderError::Record)?;
        Ok(Folder {
            path: path.to_owned(),
            record,
            length,
            lock: None,
        })
    }

    /// The numbers given so far.
    pub fn numbering(&self) -> Numbering {
        self.record.numbering.clone()
    }
}

/// Plans the notices of a circular with the numbers given so far; nothing, with reports, where none
/// can be made.
pub fn plan<'a>(
    circular: &'a Circular,
    numbering: Numbering,
    diagnostics: &mut Diagnostics,
) -> Option<Plan<'a>> {
    plan::plan(circular, numbering, diagnostics)
}

/// What came of a run.
#[derive(Debug, Default)]
pub struct Summary {
    /// In the order of the serials, the circular itself first.
    pub done: Vec<Done>,
    /// How many files were not begun, as the run was stopped.
    pub not_begun: usize,
    /// Files that nothing is made into any more.
    pub left_over: Vec<String>,
    /// Files that were deleted, as was asked for.
    pub pruned: Vec<String>,
    /// Pages of the merged file.
    pub merged: Option<usize>,
    pub packed: bool,
    /// What could not be written at the end: path and cause.
    pub refusals: Vec<String>,
}

impl Summary {
    pub fn failures(&self) -> impl Iterator<Item = &Failure> {
        self.done.iter().filter_map(|done| match &done.state {
            State::Failed(failure) => Some(failure),
            _ => None,
        })
    }

    /// How many files were made, and how many were there already.
    pub fn counts(&self) -> (usize, usize) {
        let count = |wanted: fn(&State) -> bool| {
            self.done.iter().filter(|done| wanted(&done.state)).count()
        };
        (
            count(|state| matches!(state, State::Made(_))),
            count(|state| matches!(state, State::Unchanged(_))),
        )
    }
}

/// One file that a run would deal with.
#[derive(Clone, Debug, PartialEq)]
pub struct Intent {
    /// Empty for the circular itself.
    pub unit: String,
    pub number: Option<String>,
    pub file: String,
    pub findings: usize,
    /// Whether the file is there already, made from the same.
    pub is_current: bool,
}

/// The jobs of a run: the circular itself, then its notices, but for those of other parts.
fn jobs<'a>(plan: &'a Plan<'a>, options: &Options) -> Vec<Job<'a>> {
    let jobs = std::iter::once(Job::Circular).chain(plan.notices.iter().map(Job::Notice));
    let ours = |job: &Job| options.shard.is_none_or(|shard| shard.holds(job.serial()));
    jobs.filter(ours).collect()
}

/// What [`run`] would do, without doing it.
pub fn intend(
    plan: &Plan,
    circular: &Circular,
    templates: &Templates,
    fonts: &Fonts,
    folder: &Folder,
    options: &Options,
) -> Vec<Intent> {
    let Folder { record, path, .. } = folder;
    let work = Work::new(
        plan,
        circular,
        templates,
        fonts,
        record,
        path,
        options.force,
    );
    let intent = |job: Job| {
        let (number, findings) = match job {
            Job::Circular => (circular.header.doc_number.as_ref().map(|n| &n.value), 0),
            Job::Notice(notice) => (notice.number.as_ref(), notice.findings),
        };
        Intent {
            unit: job.unit().to_owned(),
            number: number.map(ToString::to_string),
            file: work.file(job).to_owned(),
            findings,
            is_current: work.is_current(job),
        }
    };
    jobs(plan, options).into_iter().map(intent).collect()
}

/// Makes the files of a plan, then the ledger and what else was asked for. `stop` ends the run after
/// the files under way.
#[allow(clippy::too_many_arguments)]
pub fn run(
    plan: &Plan,
    circular: &Circular,
    templates: &Templates,
    fonts: &Fonts,
    folder: Folder,
    options: &Options,
    stop: &AtomicBool,
    tell: &mut dyn FnMut(Event),
) -> Result<Summary, FolderError> {
    let Folder {
        path,
        mut record,
        length,
        lock,
    } = folder;
    let mut log = Log::open(&path, length).map_err(FolderError::Write)?;
    if record.numbering != plan.numbering {
        log.numbering(&plan.numbering).map_err(FolderError::Write)?;
        record.numbering = plan.numbering.clone();
    }
    let jobs = jobs(plan, options);
    let work = Work::new(
        plan,
        circular,
        templates,
        fonts,
        &record,
        &path,
        options.force,
    );
    let done = work.run(&jobs, options.threads, log, stop, tell);
    let mut summary = Summary {
        not_begun: jobs.len() - done.len(),
        done,
        ..Summary::default()
    };
    record.part = options.shard.map(|shard| Part {
        shard: shard.index,
        shards: shard.count,
        expected: jobs.len(),
    });
    remember(&mut record, &summary.done);
    clear(&mut record, &path, &jobs, plan, options, &mut summary);
    let rows = rows(&jobs, &record, plan, circular);
    let written = record.write(&path).map_err(|error| error.to_string());
    summary.refusals.extend(written.err());
    summary.refusals.extend(ledger::write(&path, &rows).err());
    finish(&path, &rows, options, &mut summary);
    drop(lock);
    Ok(summary)
}

fn remember(record: &mut Record, done: &[Done]) {
    for done in done {
        record.failures.remove(&done.unit);
        match &done.state {
            State::Made(entry) => {
                let versions = record.files.entry(done.file.clone()).or_default();
                versions.push((**entry).clone());
            }
            State::Unchanged(_) => {}
            State::Failed(failure) => {
                record.failures.insert(done.unit.clone(), failure.clone());
            }
        }
    }
}

/// Finds the files that nothing is made into any more, deletes them where that was asked for, and
/// forgets those that are gone.
fn clear(
    record: &mut Record,
    folder: &Path,
    jobs: &[Job],
    plan: &Plan,
    options: &Options,
    summary: &mut Summary,
) {
    let on_disk = |file: &str| {
        let bytes = std::fs::read(folder.join(file)).ok()?;
        Some(fingerprint::bytes(&bytes))
    };
    // A unit whose notice was not made keeps the file it has, under whatever name.
    let unsettled: BTreeSet<&str> = {
        let good = summary
            .done
            .iter()
            .filter(|done| !matches!(done.state, State::Failed(_)));
        let good: BTreeSet<&str> = good.map(|done| done.unit.as_str()).collect();
        let units = jobs.iter().map(Job::unit);
        units.filter(|unit| !good.contains(unit)).collect()
    };
    let wanted: BTreeSet<&str> = jobs.iter().map(|job| file_of(plan, job)).collect();
    let mut keep = BTreeSet::new();
    for (file, versions) in &mut record.files {
        versions
            .iter_mut()
            .for_each(|entry| entry.left_over = false);
        let of_unsettled = versions
            .iter()
            .any(|entry| unsettled.contains(entry.unit.as_str()));
        if wanted.contains(file.as_str()) || of_unsettled {
            keep.insert(file.clone());
            continue;
        }
        let Some(stands) = on_disk(file) else {
            continue;
        };
        let is_ours = versions.iter().any(|entry| entry.sha256 == stands);
        if options.prune && is_ours && std::fs::remove_file(folder.join(file)).is_ok() {
            summary.pruned.push(file.clone());
        } else {
            versions.iter_mut().for_each(|entry| entry.left_over = true);
            summary.left_over.push(file.clone());
            keep.insert(file.clone());
        }
    }
    let units: BTreeSet<&str> = jobs.iter().map(Job::unit).collect();
    record
        .failures
        .retain(|unit, _| units.contains(unit.as_str()));
    record.settle(&keep, on_disk);
}

fn file_of<'a>(plan: &'a Plan, job: &Job<'a>) -> &'a str {
    match job {
        Job::Circular => &plan.file,
        Job::Notice(notice) => &notice.file,
    }
}

/// The rows of the ledger, the same whichever run made the files.
fn rows(jobs: &[Job], record: &Record, plan: &Plan, circular: &Circular) -> Vec<Row> {
    let row = |job: &Job| {
        let failure = record.failures.get(job.unit());
        let file = file_of(plan, job);
        let made = record.files.get(file).and_then(|versions| versions.last());
        match (failure, made) {
            (None, Some(entry)) => made_row(entry, String::new()),
            (failure, _) => {
                let (number, findings) = match job {
                    Job::Circular => (
                        circular
                            .header
                            .doc_number
                            .as_ref()
                            .map(|n| n.value.to_string()),
                        plan.notices.iter().map(|notice| notice.findings).sum(),
                    ),
                    Job::Notice(notice) => (
                        notice.number.as_ref().map(ToString::to_string),
                        notice.findings,
                    ),
                };
                Row {
                    serial: Some(job.serial()).filter(|serial| *serial > 0),
                    number,
                    unit: shown_unit(job.unit()),
                    findings,
                    status: failed_status(failure),
                    ..Row::default()
                }
            }
        }
    };
    jobs.iter().map(row).collect()
}

fn failed_status(failure: Option<&Failure>) -> String {
    match failure {
        Some(failure) => format!("失败：{}", failure.reason),
        None => "未生成".to_owned(),
    }
}

fn shown_unit(unit: &str) -> String {
    match unit {
        "" => CIRCULAR.to_owned(),
        unit => unit.to_owned(),
    }
}

/// The row of a file that was made; its folder's path, ending in `/`, comes before its name.
fn made_row(entry: &Entry, folder: String) -> Row {
    Row {
        serial: Some(entry.serial).filter(|serial| *serial > 0),
        number: entry.number.clone(),
        unit: shown_unit(&entry.unit),
        title: entry.title.clone(),
        date: entry.date.clone(),
        pages: Some(entry.pages),
        findings: entry.findings,
        status: "已生成".to_owned(),
        file: folder + &entry.file,
        sha256: entry.sha256.clone(),
    }
}

/// Merges and packs, where everything was made.
fn finish(folder: &Path, rows: &[Row], options: &Options, summary: &mut Summary) {
    if !(options.merge || options.zip) {
        return;
    }
    let missing = rows.iter().filter(|row| row.file.is_empty()).count();
    if missing > 0 {
        let kinds = [(options.merge, merge::NAME), (options.zip, pack::NAME)];
        for (_, name) in kinds.into_iter().filter(|(wanted, _)| *wanted) {
            let older = match folder.join(name).exists() {
                true => "，文件夹里的是以前做的",
                false => "",
            };
            let refusal = format!("错误：有{missing}份没有做成，没有做{name}{older}");
            summary.refusals.push(refusal);
        }
        return;
    }
    if options.merge {
        let title = |row: &Row| match &row.number {
            Some(number) => format!("{number} {}", row.unit),
            None => row.unit.clone(),
        };
        let parts = rows.iter().map(|row| merge::Part {
            file: &row.file,
            title: title(row),
        });
        let parts: Vec<_> = parts.collect();
        match merge::merge(folder, &parts) {
            Ok(pages) => summary.merged = Some(pages),
            Err(error) => summary.refusals.push(error.to_string()),
        }
    }
    if options.zip {
        let mut files: Vec<&str> = rows.iter().map(|row| row.file.as_str()).collect();
        files.push(ledger::NAME);
        match pack::pack(folder, &files) {
            Ok(()) => summary.packed = true,
            Err(error) => summary.refusals.push(error.to_string()),
        }
    }
}
