//! The work: the notices of a plan come in, their files stand in the folder afterwards. Each thread
//! makes whole notices; what does not differ is prepared once and shared.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};

use super::fingerprint;
use super::job::Job;
use super::manifest::{Entry, Failure, Log, MadeFrom, Record};
use super::mentions::Mentions;
use super::plan::Notice;
use super::{Outlook, Run};
use crate::compose::{self, Templates};
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::model::{Circular, Form};
use crate::output::{self, Waiting, WriteError};
use crate::pipeline;
use crate::typeset;

/// What came of a job.
#[derive(Clone, Debug)]
pub struct Done {
    /// Empty for the circular itself.
    pub unit: String,
    pub serial: usize,
    pub file: String,
    pub state: State,
    /// Sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// How a file stands after the run.
#[derive(Clone, Debug)]
pub enum State {
    Made(Box<Entry>),
    /// It was there already, made from the same.
    Unchanged(Box<Entry>),
    /// It was made from the same, and somebody has changed it since, as when it was stamped.
    Kept(Box<Entry>),
    Failed(Failure),
}

/// What happens during the work.
pub enum Event<'a> {
    /// A thread has begun with this file.
    Begun(&'a str),
    Done(&'a Done),
}

/// All that the threads share.
pub struct Work<'a> {
    run: &'a Run<'a>,
    record: &'a Record,
    folder: &'a Path,
    mentions: Mentions,
    /// What notices and quiet ones are made from, but for their units.
    shared: BTreeMap<bool, (MadeFrom, Templates)>,
    program: String,
    faces: String,
}

enum Message {
    Begun(String),
    Done(Box<Done>),
}

impl<'a> Work<'a> {
    /// Prepares what all notices share.
    pub fn new(run: &'a Run<'a>, record: &'a Record, folder: &'a Path) -> Self {
        let (plan, circular) = (run.plan, run.plan.whole());
        let batch = plan.batch();
        let program = program();
        let faces = run.fonts.fingerprint(fingerprint::bytes);
        let mentions = Mentions::new(&plan.units, plan.register(), circular, batch);
        let checks = fingerprint::of(&(&circular.checks, &mentions));
        let shared = |form: &Form| {
            let tables: Vec<_> = plan.shared().collect();
            let common = (&form.paper, &circular.variables, tables, &circular.register);
            let templates = Templates {
                own: form.templates.clone(),
            };
            let made_from = MadeFrom {
                program: program.clone(),
                unit: String::new(),
                common: fingerprint::of(&common),
                templates: fingerprint::of(&templates.own),
                fonts: faces.clone(),
                checks: checks.clone(),
            };
            (made_from, templates)
        };
        let mut forms = BTreeMap::from([(false, shared(&batch.notice))]);
        forms.extend(batch.quiet.as_ref().map(|quiet| (true, shared(quiet))));
        Work {
            run,
            record,
            folder,
            mentions,
            shared: forms,
            program,
            faces,
        }
    }

    /// Does the jobs on so many threads, in order; `stop` ends it after the files under way. Gives
    /// what came of those that were begun.
    pub fn run(
        &self,
        jobs: &[Job<'a>],
        threads: usize,
        log: Log,
        stop: &AtomicBool,
        tell: &mut dyn FnMut(Event),
    ) -> Vec<Done> {
        let (next, log) = (AtomicUsize::new(0), Mutex::new(log));
        let (sender, receiver) = channel();
        let mut all = Vec::new();
        let threads = threads.clamp(1, jobs.len().max(1));
        std::thread::scope(|scope| {
            for _ in 0..threads {
                let (sender, next, log) = (sender.clone(), &next, &log);
                let thread = std::thread::Builder::new().stack_size(typeset::STACK);
                let started = thread.spawn_scoped(scope, move || {
                    // Typst spreads the pages of one document over a pool; with a pool of its own a
                    // thread neither waits for the others nor helps them in the middle of a document.
                    let pool = rayon::ThreadPoolBuilder::new()
                        .num_threads(1)
                        .use_current_thread();
                    let _pool = pool.build();
                    while !stop.load(Ordering::SeqCst) {
                        let Some(job) = jobs.get(next.fetch_add(1, Ordering::SeqCst)) else {
                            break;
                        };
                        self.one(*job, log, stop, &sender);
                        // All threads share what Typst remembers: the pieces of one document each.
                        typeset::forget(threads);
                    }
                });
                started.expect("the system gives a thread");
            }
            drop(sender);
            for message in receiver {
                match message {
                    Message::Begun(file) => tell(Event::Begun(&file)),
                    Message::Done(done) => {
                        tell(Event::Done(&done));
                        all.push(*done);
                    }
                }
            }
        });
        // What follows needs room for the ledger and none for pages.
        typeset::forget(0);
        all.sort_by_key(|done| done.serial);
        all
    }

    fn one(&self, job: Job<'a>, log: &Mutex<Log>, stop: &AtomicBool, sender: &Sender<Message>) {
        let file = job.file();
        // Nobody listens any more only where the run has ended.
        let _ = sender.send(Message::Begun(file.to_owned()));
        let mut diagnostics = Diagnostics::default();
        let made = catch_unwind(AssertUnwindSafe(|| self.made(job, log, &mut diagnostics)));
        let state = made.unwrap_or_else(|_| Err("程序自身的错误，没有做成".into()));
        let state = state.unwrap_or_else(|refusal| {
            if refusal.ends_all {
                stop.store(true, Ordering::SeqCst);
            }
            State::Failed(failure(job, refusal.reason))
        });
        if let State::Failed(failure) = &state {
            let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
            if log.failed(failure).is_err() {
                stop.store(true, Ordering::SeqCst);
            }
        }
        let _ = sender.send(Message::Done(Box::new(Done {
            unit: job.unit().to_owned(),
            serial: job.serial(),
            file: file.to_owned(),
            state,
            diagnostics: diagnostics.sorted(),
        })));
    }

    fn made(
        &self,
        job: Job<'a>,
        log: &Mutex<Log>,
        diagnostics: &mut Diagnostics,
    ) -> Result<State, Refusal> {
        let (file, plan) = (job.file(), job.plan);
        let notice;
        let (circular, templates, made_from) = match job.notice {
            None => {
                let made_from = self.circular_made_from();
                (plan.whole(), self.run.templates, made_from)
            }
            Some(of) => {
                notice = plan.circular(of);
                let (shared, templates) = self.shared(of);
                let made_from = MadeFrom {
                    unit: unit_fingerprint(of, &notice),
                    ..shared.clone()
                };
                (&notice, templates, made_from)
            }
        };
        let path = self.folder.join(file);
        let on_disk = fingerprint::file(&path).map_err(|error| {
            format!("文件夹里的同名文件读不了（{error}），没有覆盖；检查它的权限，或先移走")
        })?;
        if let Some(entry) = self.current(file, &made_from, on_disk.as_deref())
            && !self.run.options.force
        {
            return Ok(State::Unchanged(Box::new(entry.clone())));
        }
        if let Some(entry) = self.changed_since(file, &made_from, on_disk.as_deref())
            && !self.run.options.force
        {
            return Ok(State::Kept(Box::new(entry.clone())));
        }
        let made = pipeline::make(circular, templates, self.run.fonts, None, diagnostics);
        if let (Some(notice), Some(document)) = (job.notice, &made.document) {
            diagnostics.extend(self.mentions.check(&notice.unit, document));
        }
        let pages = made.pages.filter(|_| !diagnostics.has_errors());
        let (Some(pages), Some(document)) = (pages, made.document) else {
            return Err(first_error(diagnostics).into());
        };
        let pdf = pages.pdf();
        let sha256 = fingerprint::bytes(&pdf);
        let foreign = on_disk
            .as_ref()
            .is_some_and(|on_disk| *on_disk != sha256 && !self.record.knows(file, on_disk));
        let is_the_same = |entry: &&Entry| entry.sha256 == sha256;
        let versions = self.record.files.get(file).into_iter().flatten();
        if foreign
            && !self.run.options.force
            && let Some(entry) = versions.into_iter().find(is_the_same)
        {
            // It comes out as it was before somebody changed it.
            return Ok(State::Kept(Box::new(entry.clone())));
        }
        if foreign && !self.run.options.force {
            return Err("文件夹里已有同名文件，不是本程序做的或者做成后改动过（如已用印），没有覆盖；要换成新的，先把它移走，或加“--force”，原件会改名留下".into());
        }
        let entry = Entry {
            file: file.to_owned(),
            unit: job.unit().to_owned(),
            serial: job.serial(),
            number: job.number(),
            title: document.title.text().replace(['\n', '\r'], ""),
            date: circular.doc_date.value.to_string(),
            pages: pages.len(),
            findings: job.findings(),
            made_from,
            sha256,
            left_over: false,
        };
        let lock = || log.lock().unwrap_or_else(PoisonError::into_inner);
        if on_disk.as_deref() == Some(&entry.sha256) {
            lock().made(&entry)?;
            return Ok(State::Made(Box::new(entry)));
        }
        let waiting = Waiting::with(&path, &pdf)?;
        // The record knows the file before it stands there, so that a run that is killed in between
        // leaves no file that the next one takes for somebody else's.
        lock().made(&entry)?;
        if foreign {
            set_aside(&path)?;
        }
        waiting.put()?;
        Ok(State::Made(Box::new(entry)))
    }

    /// The entry of a file that stands on the disk and was made from the same.
    pub fn current(
        &self,
        file: &str,
        made_from: &MadeFrom,
        on_disk: Option<&str>,
    ) -> Option<&Entry> {
        let versions = self.record.files.get(file)?.iter();
        versions
            .rev()
            .find(|entry| entry.made_from == *made_from && Some(entry.sha256.as_str()) == on_disk)
    }

    /// The entry of a file that was made from the same, by whatever version of the program, where
    /// somebody has changed the file since.
    fn changed_since(
        &self,
        file: &str,
        made_from: &MadeFrom,
        on_disk: Option<&str>,
    ) -> Option<&Entry> {
        on_disk.filter(|on_disk| !self.record.knows(file, on_disk))?;
        let mut versions = self.record.files.get(file)?.iter().rev();
        versions.find(|entry| {
            // Checks do not change what a file says.
            let theirs = MadeFrom {
                program: made_from.program.clone(),
                checks: made_from.checks.clone(),
                ..entry.made_from.clone()
            };
            theirs == *made_from
        })
    }

    /// Tells what a run would do with a job's file, without making it.
    pub fn outlook(&self, job: Job<'a>) -> Outlook {
        let file = job.file();
        let made_from = match job.notice {
            None => self.circular_made_from(),
            Some(notice) => MadeFrom {
                unit: unit_fingerprint(notice, &job.plan.circular(notice)),
                ..self.shared(notice).0.clone()
            },
        };
        if self.run.options.force {
            return Outlook::Due;
        }
        let Ok(on_disk) = fingerprint::file(&self.folder.join(file)) else {
            return Outlook::Blocked;
        };
        let on_disk = on_disk.as_deref();
        let is_there = self.current(file, &made_from, on_disk);
        let is_there = is_there.or_else(|| self.changed_since(file, &made_from, on_disk));
        match (is_there, on_disk) {
            (Some(_), _) => Outlook::Current,
            (None, Some(on_disk)) if !self.record.knows(file, on_disk) => Outlook::Blocked,
            (None, _) => Outlook::Due,
        }
    }

    /// The fingerprint of what all files are made from, but for the rows of single units.
    pub fn input(&self) -> String {
        let forms = self.shared.values().map(|(made_from, _)| made_from.clone());
        let all: Vec<MadeFrom> = forms.chain([self.circular_made_from()]).collect();
        fingerprint::of(&all)
    }

    fn shared(&self, notice: &Notice) -> &(MadeFrom, Templates) {
        let quiet = notice.findings == 0 && self.shared.contains_key(&true);
        &self.shared[&quiet]
    }

    fn circular_made_from(&self) -> MadeFrom {
        MadeFrom {
            program: self.program.clone(),
            unit: String::new(),
            common: fingerprint::of(self.run.plan.whole()),
            templates: fingerprint::of(&self.run.templates.own),
            fonts: self.faces.clone(),
            checks: fingerprint::of(&self.run.plan.whole().checks),
        }
    }
}

/// Gives a file that is not ours another name.
fn set_aside(path: &Path) -> Result<(), WriteError> {
    std::fs::rename(path, output::aside(path)).map_err(|error| WriteError {
        path: path.to_owned(),
        error,
    })
}

fn failure(job: Job, reason: String) -> Failure {
    Failure {
        unit: job.unit().to_owned(),
        serial: job.serial(),
        number: job.number(),
        findings: job.findings(),
        reason,
    }
}

/// Why a file was not made.
struct Refusal {
    reason: String,
    /// Whether the other files cannot be written either.
    ends_all: bool,
}

impl From<&str> for Refusal {
    fn from(reason: &str) -> Self {
        reason.to_owned().into()
    }
}

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Refusal {
            reason,
            ends_all: false,
        }
    }
}

impl From<WriteError> for Refusal {
    fn from(error: WriteError) -> Self {
        use std::io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        let kind = error.error.kind();
        Refusal {
            reason: error.to_string(),
            ends_all: matches!(kind, StorageFull | ReadOnlyFilesystem | QuotaExceeded),
        }
    }
}

fn first_error(diagnostics: &Diagnostics) -> String {
    let sorted = diagnostics.clone().sorted();
    let errors: Vec<_> = sorted
        .iter()
        .filter(|fault| fault.severity == Severity::Error)
        .collect();
    match errors.as_slice() {
        [] => "没有做成".to_owned(),
        [only] => only.to_string(),
        [first, ..] => format!("{first}（共{}个错误）", errors.len()),
    }
}

/// What tells a unit's notice from the others.
fn unit_fingerprint(notice: &Notice, circular: &Circular) -> String {
    let number = circular.header.doc_number.as_ref();
    fingerprint::of(&(&notice.unit, notice.serial, number, &circular.tables))
}

/// The program's version, its built-in words and its page templates.
fn program() -> String {
    let words: Vec<_> = compose::templates::builtin_sources().collect();
    let page: Vec<_> = typeset::page_templates().collect();
    let digest = fingerprint::of(&(words, page));
    format!("{}-{}", env!("CARGO_PKG_VERSION"), &digest[..16])
}
