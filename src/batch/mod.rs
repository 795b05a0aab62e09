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
mod folder;
mod job;
mod join;
mod ledger;
mod manifest;
mod mentions;
mod merge;
mod names;
mod numbering;
mod pack;
mod plan;
mod rows;
mod settle;
mod work;

use std::sync::atomic::AtomicBool;

use crate::compose::Templates;
use crate::diag::Diagnostics;
use crate::model::Circular;
use crate::typeset::Fonts;

pub use folder::{Folder, FolderError};
pub use join::{Joined, join};
pub use ledger::NAME as LEDGER;
pub use manifest::{Entry, Failure, RecordError};
pub use mentions::Mentions;
pub use merge::NAME as MERGED;
pub use numbering::Numbering;
pub use pack::NAME as PACKED;
pub use plan::{Notice, Plan, RULES};
pub use work::{Done, Event, State};

use folder::LOCK;
use job::Job;
use manifest::{Log, Part};
use work::Work;

/// The names in a folder that are the program's own.
const RESERVED: [&str; 5] = [manifest::NAME, ledger::NAME, merge::NAME, pack::NAME, LOCK];

/// What a run may do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    pub threads: usize,
    /// Make every file anew; files that are not ours get another name.
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
    /// Where the older ledger is kept, which held more than could be carried over.
    pub set_aside: Option<std::path::PathBuf>,
    /// Pages of the merged file.
    pub merged: Option<usize>,
    pub packed: bool,
    /// Whether the ledger says what came of the run.
    pub has_ledger: bool,
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

    /// How many files were made, how many were there already, and how many of these somebody has
    /// changed.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |wanted: fn(&State) -> bool| {
            self.done.iter().filter(|done| wanted(&done.state)).count()
        };
        (
            count(|state| matches!(state, State::Made(_))),
            count(|state| matches!(state, State::Unchanged(_))),
            count(|state| matches!(state, State::Kept(_))),
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
    pub outlook: Outlook,
}

/// What a run would find where a file belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// It is there, made from the same; somebody may have changed it since.
    Current,
    /// It would be made.
    Due,
    /// Another file stands there, or somebody has changed it: only `--force` makes it.
    Blocked,
}

/// A run: what to make, from what, and how.
pub struct Run<'a> {
    pub plan: &'a Plan<'a>,
    /// The circular's own text templates.
    pub templates: &'a Templates,
    pub fonts: &'a Fonts,
    pub options: &'a Options,
}

impl<'a> Run<'a> {
    /// The circular itself, then its notices, but for those of other parts.
    fn jobs(&self) -> Vec<Job<'a>> {
        let shard = self.options.shard;
        let ours = |job: &Job| shard.is_none_or(|shard| shard.holds(job.serial()));
        Job::all(self.plan).filter(ours).collect()
    }

    /// How many files the run deals with.
    pub fn count(&self) -> usize {
        self.jobs().len()
    }

    /// What the run would do, without doing it.
    pub fn intend(&self, folder: &Folder) -> Vec<Intent> {
        let work = Work::new(self, &folder.record, &folder.path);
        let intent = |job: Job| Intent {
            unit: job.unit().to_owned(),
            number: job.number(),
            file: job.file().to_owned(),
            findings: job.findings(),
            outlook: work.outlook(job),
        };
        self.jobs().into_iter().map(intent).collect()
    }

    /// The files that the run would not need any more, and whether each is as it was made: only such a
    /// file is ever deleted.
    pub fn left_over(&self, folder: &Folder) -> Vec<(String, bool)> {
        settle::left_over(&folder.record, &folder.path, &self.jobs())
    }

    /// Makes the files, then the ledger and what else was asked for. `stop` ends the run after the
    /// files under way.
    pub fn make(
        &self,
        folder: Folder,
        stop: &AtomicBool,
        tell: &mut dyn FnMut(Event),
    ) -> Result<Summary, FolderError> {
        let Folder {
            path,
            mut record,
            length,
            lock,
            ..
        } = folder;
        let mut log = Log::open(&path, length).map_err(FolderError::Write)?;
        let Run { plan, options, .. } = *self;
        if record.numbering != plan.numbering {
            log.numbering(&plan.numbering).map_err(FolderError::Write)?;
            record.numbering = plan.numbering.clone();
        }
        let jobs = self.jobs();
        let work = Work::new(self, &record, &path);
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
            input: work.input(),
        });
        settle::remember(&mut record, &summary.done);
        settle::clear(&mut record, &path, &jobs, options, &mut summary);
        let rows = rows::rows(&jobs, &record);
        let written = record.write(&path).map_err(|error| error.to_string());
        summary.refusals.extend(written.err());
        match ledger::write(&path, &rows, plan.register()) {
            Ok(aside) => (summary.has_ledger, summary.set_aside) = (true, aside),
            Err(refusal) => summary.refusals.push(refusal),
        }
        settle::finish(&path, &rows, options, &mut summary);
        drop(lock);
        Ok(summary)
    }
}
