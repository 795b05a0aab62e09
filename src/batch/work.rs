//! The work: the notices of a plan come in, their files stand in the folder afterwards. Each thread
//! makes whole notices; what does not differ is prepared once and shared.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};

use super::fingerprint;
use super::manifest::{Entry, Failure, Log, MadeFrom, Record};
use super::mentions::Mentions;
use super::plan::{Notice, Plan};
use crate::compose::{self, Templates};
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::model::{Circular, DocNumber, Form};
use crate::output::{Waiting, WriteError};
use crate::pipeline;
use crate::typeset::{self, Fonts};

/// Deep enough for Typst's layout of nested content.
const STACK: usize = 16 << 20;

/// One file to make.
#[derive(Clone, Copy, Debug)]
pub enum Job<'a> {
    /// The circular that the notices go with.
    Circular,
    Notice(&'a Notice),
}

impl Job<'_> {
    /// The unit's full name; empty for the circular itself.
    pub fn unit(&self) -> &str {
        match self {
            Job::Circular => "",
            Job::Notice(notice) => &notice.unit,
        }
    }

    /// 0 for the circular itself.
    pub fn serial(&self) -> usize {
        match self {
            Job::Circular => 0,
            Job::Notice(notice) => notice.serial,
        }
    }
}

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
    pub plan: &'a Plan<'a>,
    pub circular: &'a Circular,
    /// The circular's own text templates.
    pub templates: &'a Templates,
    pub fonts: &'a Fonts,
    pub record: &'a Record,
    pub folder: &'a Path,
    pub force: bool,
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
    pub fn new(
        plan: &'a Plan<'a>,
        circular: &'a Circular,
        templates: &'a Templates,
        fonts: &'a Fonts,
        record: &'a Record,
        folder: &'a Path,
        force: bool,
    ) -> Self {
        let batch = plan.batch();
        let program = program();
        let faces = fonts.fingerprint(fingerprint::bytes);
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
            };
            (made_from, templates)
        };
        let mut forms = BTreeMap::from([(false, shared(&batch.notice))]);
        forms.extend(batch.quiet.as_ref().map(|quiet| (true, shared(quiet))));
        Work {
            plan,
            circular,
            templates,
            fonts,
            record,
            folder,
            force,
            mentions: Mentions::new(&plan.units, plan.register(), circular, batch),
            shared: forms,
            program,
            faces,
        }
    }

    /// The name of a job's file.
    pub fn file(&self, job: Job<'a>) -> &'a str {
        match job {
            Job::Circular => &self.plan.file,
            Job::Notice(notice) => &notice.file,
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
                let thread = std::thread::Builder::new().stack_size(STACK);
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
        all.sort_by_key(|done| done.serial);
        all
    }

    fn one(&self, job: Job<'a>, log: &Mutex<Log>, stop: &AtomicBool, sender: &Sender<Message>) {
        let file = self.file(job);
        // Nobody listens any more only where the run has ended.
        let _ = sender.send(Message::Begun(file.to_owned()));
        let mut diagnostics = Diagnostics::default();
        let made = catch_unwind(AssertUnwindSafe(|| {
            self.made(job, file, log, &mut diagnostics)
        }));
        let state = made.unwrap_or_else(|_| Err("程序自身的错误，没有做成".into()));
        let state = state.unwrap_or_else(|refusal| {
            if refusal.ends_all {
                stop.store(true, Ordering::SeqCst);
            }
            State::Failed(self.failure(job, refusal.reason))
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
        file: &str,
        log: &Mutex<Log>,
        diagnostics: &mut Diagnostics,
    ) -> Result<State, Refusal> {
        let notice;
        let (circular, templates, made_from) = match job {
            Job::Circular => (self.circular, self.templates, self.circular_made_from()),
            Job::Notice(of) => {
                notice = self.plan.circular(of);
                let (shared, templates) = self.shared(of);
                let made_from = MadeFrom {
                    unit: unit_fingerprint(of, &notice),
                    ..shared.clone()
                };
                (&notice, templates, made_from)
            }
        };
        let path = self.folder.join(file);
        let on_disk = std::fs::read(&path)
            .ok()
            .map(|bytes| fingerprint::bytes(&bytes));
        if let Some(entry) = self.current(file, &made_from, on_disk.as_deref())
            && !self.force
        {
            return Ok(State::Unchanged(Box::new(entry.clone())));
        }
        let made = pipeline::make(circular, templates, self.fonts, diagnostics);
        if let (Job::Notice(notice), Some(document)) = (job, &made.document) {
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
        if foreign && !self.force {
            return Err("文件夹里已有同名文件，不是本程序做的或者做成后改动过，没有覆盖；要覆盖请加“--force”".into());
        }
        let entry = Entry {
            file: file.to_owned(),
            unit: job.unit().to_owned(),
            serial: job.serial(),
            number: circular
                .header
                .doc_number
                .as_ref()
                .map(|n| n.value.to_string()),
            title: document.title.text().replace(['\n', '\r'], ""),
            date: circular.doc_date.value.to_string(),
            pages: pages.len(),
            findings: self.findings(job),
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

    /// Tells whether a job's file would be made, without making it.
    pub fn is_current(&self, job: Job<'a>) -> bool {
        let file = self.file(job);
        let made_from = match job {
            Job::Circular => self.circular_made_from(),
            Job::Notice(notice) => MadeFrom {
                unit: unit_fingerprint(notice, &self.plan.circular(notice)),
                ..self.shared(notice).0.clone()
            },
        };
        let on_disk = std::fs::read(self.folder.join(file)).ok();
        let on_disk = on_disk.map(|bytes| fingerprint::bytes(&bytes));
        !self.force && self.current(file, &made_from, on_disk.as_deref()).is_some()
    }

    fn shared(&self, notice: &Notice) -> &(MadeFrom, Templates) {
        let quiet = notice.findings == 0 && self.shared.contains_key(&true);
        &self.shared[&quiet]
    }

    fn circular_made_from(&self) -> MadeFrom {
        MadeFrom {
            program: self.program.clone(),
            unit: String::new(),
            common: fingerprint::of(self.circular),
            templates: fingerprint::of(&self.templates.own),
            fonts: self.faces.clone(),
        }
    }

    fn findings(&self, job: Job) -> usize {
        match job {
            Job::Circular => self.plan.notices.iter().map(|notice| notice.findings).sum(),
            Job::Notice(notice) => notice.findings,
        }
    }

    fn failure(&self, job: Job, reason: String) -> Failure {
        let number = match job {
            Job::Circular => self.circular.header.doc_number.as_ref().map(|n| &n.value),
            Job::Notice(notice) => notice.number.as_ref(),
        };
        Failure {
            unit: job.unit().to_owned(),
            serial: job.serial(),
            number: number.map(DocNumber::to_string),
            findings: self.findings(job),
            reason,
        }
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
