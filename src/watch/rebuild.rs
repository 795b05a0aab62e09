//! Rebuilding: run, show, wait for a save, run again. Comes in: the input file. Goes out: runs on the
//! desk, and news for the terminal.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use super::desk::{Desk, Run};
use super::draft::Draft;
use super::files::Files;
use super::findings;
use super::{News, Options, Rebuilt};
use crate::diag::{Diagnostic, Severity};
use crate::pipeline::{self, Outcome};
use crate::typeset;

/// A file may be half written: a fault that a save mends within this time is not shown.
const PATIENCE: Duration = Duration::from_millis(150);

/// So often a file that cannot be read is tried again: another program may hold it for a moment.
const MOST_TRIES: usize = 4;

/// The PDF is written when nothing was saved for so long.
const SETTLED: Duration = Duration::from_millis(400);

/// What the page compiler remembers of runs before the last few is dropped.
const REMEMBERED: usize = 2;

/// What rebuilding needs.
pub struct Rebuild {
    pub options: Options,
    pub desk: Arc<Desk>,
    pub news: Sender<News>,
}

/// What came of one run.
struct Attempt {
    outcome: Result<Outcome, String>,
    files: Vec<PathBuf>,
    took: Duration,
}

impl Attempt {
    fn is_good(&self) -> bool {
        matches!(&self.outcome, Ok(outcome) if outcome.pages.is_some())
    }

    /// Tells whether a file could not be read, which another program's save may be the cause of.
    fn is_unread(&self) -> bool {
        const CODES: [&str; 4] = [
            "tables/file/missing",
            "tables/file/unreadable",
            "tables/file/damaged",
            "template/file/unreadable",
        ];
        match &self.outcome {
            Ok(outcome) => outcome
                .diagnostics
                .iter()
                .any(|fault| CODES.contains(&fault.code)),
            Err(_) => true,
        }
    }
}

impl Rebuild {
    /// Goes on until nobody listens to the news.
    pub fn run(self) {
        let mut files = Files::new(self.options.output.iter().cloned().collect());
        files.watch(std::slice::from_ref(&self.options.input));
        let mut number = 0;
        let mut tries = 0;
        loop {
            files.remember();
            let attempt = self.attempt();
            files.watch(&attempt.files);
            if !attempt.is_good() {
                tries += 1;
                if files.wait(PATIENCE) || (attempt.is_unread() && tries < MOST_TRIES) {
                    continue;
                }
            }
            tries = 0;
            number += 1;
            let (draft, rebuilt) = self.show(number, attempt);
            if self.news.send(News::Rebuilt(rebuilt)).is_err() {
                return;
            }
            if files.wait(SETTLED) {
                continue;
            }
            if let Some(draft) = draft.filter(|_| self.options.output.is_some()) {
                let _ = self.news.send(News::Save(draft)); // Nobody listens at the end.
            }
            while !files.wait(Duration::from_secs(3600)) {}
        }
    }

    fn attempt(&self) -> Attempt {
        let Options {
            input, font_dir, ..
        } = &self.options;
        let start = Instant::now();
        let run = || pipeline::run(input, font_dir.as_deref());
        let outcome = match catch_unwind(AssertUnwindSafe(run)) {
            Ok(outcome) => outcome.map_err(|refusal| refusal.to_string()),
            Err(_) => Err("程序自身出错，详情见终端；请把它和输入文件一起报告给开发者".to_owned()),
        };
        let took = start.elapsed();
        typeset::forget(REMEMBERED);
        let mut files = vec![input.clone()];
        files.extend(font_dir.clone());
        if let Ok(outcome) = &outcome {
            files.extend(outcome.files.iter().cloned());
            let circular = outcome.circular.iter();
            files.extend(
                circular.filter_map(|circular| Some(circular.font_dir.as_ref()?.value.clone())),
            );
        }
        Attempt {
            outcome,
            files,
            took,
        }
    }

    /// Puts a run on the desk; gives its draft, where it is good, and the news of it.
    fn show(&self, number: u64, attempt: Attempt) -> (Option<Arc<Draft>>, Rebuilt) {
        let mut rebuilt = Rebuilt {
            took: attempt.took,
            pages: None,
            counts: [0; 3],
            first: None,
        };
        let mut run = Run {
            number,
            draft: None,
            refusal: None,
            groups: Vec::new(),
            took: attempt.took,
        };
        match attempt.outcome {
            Ok(outcome) => {
                let count = |severity| {
                    let of = |fault: &&Diagnostic| fault.severity == severity;
                    outcome.diagnostics.iter().filter(of).count()
                };
                rebuilt.counts = [Severity::Error, Severity::Warning, Severity::Note].map(count);
                rebuilt.first = outcome.diagnostics.first().map(Diagnostic::to_string);
                self.judge(outcome, &mut run);
            }
            Err(refusal) => {
                rebuilt.first = Some(refusal.clone());
                run.refusal = Some(refusal);
            }
        }
        rebuilt.pages = run.draft.as_ref().map(|draft| draft.pages.len());
        let name = self.options.input.file_name().unwrap_or_default();
        self.desk.show(&run, &name.to_string_lossy());
        (run.draft, rebuilt)
    }

    /// Fills in the draft and the findings, which stand on the pages that are shown with them.
    fn judge(&self, mut outcome: Outcome, run: &mut Run) {
        let diagnostics = std::mem::take(&mut outcome.diagnostics);
        let sources = outcome.sources.clone();
        run.draft = Draft::new(run.number, outcome, &self.desk.stock).map(Arc::new);
        let shown = run
            .draft
            .clone()
            .or_else(|| self.desk.shown().draft.clone());
        let lines = shown.as_deref().map_or(&[][..], Draft::lines);
        run.groups = findings::groups(&diagnostics, &sources, lines);
    }
}
