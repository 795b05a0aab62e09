//! Rebuilding: run, show, wait for a save, run again. Comes in: the input file. Goes out: runs on the
//! desk, and news for the terminal.

use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, SystemTime};

use super::desk::{Desk, Run};
use super::draft::Draft;
use super::files::Files;
use super::findings;
use super::notices::Notices;
use super::run::{Attempt, Runner};
use super::{News, Options, Rebuilt};
use crate::diag::{Diagnostic, Severity};
use crate::pipeline::Outcome;
use crate::typeset::Fonts;

/// A file may be half written: a fault that a save mends within this time is not shown.
const PATIENCE: Duration = Duration::from_millis(150);

/// So often a file that cannot be read is tried again: another program may hold it for a moment.
const MOST_TRIES: usize = 4;

/// The PDF is written when nothing was saved for so long.
const SETTLED: Duration = Duration::from_millis(400);

/// What rebuilding needs.
pub struct Rebuild {
    pub options: Options,
    pub desk: Arc<Desk>,
    pub news: Sender<News>,
}

impl Rebuild {
    /// Goes on until nobody listens to the news.
    pub fn run(self) {
        let mut files = Files::new(self.options.output.iter().cloned().collect());
        files.watch(std::slice::from_ref(&self.options.input), SystemTime::now());
        let mut runner = Runner::new(self.options.input.clone(), self.options.font_dir.clone());
        let mut number = 0;
        let mut tries = 0;
        loop {
            files.remember();
            let since = SystemTime::now();
            let attempt = runner.run();
            files.watch(&attempt.files, since);
            if !attempt.is_good() {
                tries += 1;
                if files.wait(PATIENCE) || (attempt.is_unread() && tries < MOST_TRIES) {
                    continue;
                }
            }
            tries = 0;
            number += 1;
            let (run, rebuilt) = self.judged(number, attempt);
            // Told before it is shown: whoever saw it and ends the program finds its line too.
            if self.news.send(News::Rebuilt(rebuilt)).is_err() {
                return;
            }
            let name = self.options.input.file_name().unwrap_or_default();
            self.desk.show(&run, &name.to_string_lossy());
            if files.wait(SETTLED) {
                continue;
            }
            if let Some(draft) = run.draft.filter(|_| self.options.output.is_some()) {
                let _ = self.news.send(News::Save(draft)); // Nobody listens at the end.
            }
            while !files.wait(Duration::from_secs(3600)) {}
        }
    }

    /// What the desk is to show of a run, and the news of it.
    fn judged(&self, number: u64, attempt: Attempt) -> (Run, Rebuilt) {
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
                self.judge(outcome, &attempt.fonts, &mut run);
            }
            Err(refusal) => {
                rebuilt.first = Some(refusal.clone());
                run.refusal = Some(refusal);
            }
        }
        rebuilt.pages = run.draft.as_ref().map(|draft| draft.pages.len());
        (run, rebuilt)
    }

    /// Fills in the draft and the findings, which stand on the pages that are shown with them.
    fn judge(&self, mut outcome: Outcome, fonts: &Fonts, run: &mut Run) {
        let diagnostics = std::mem::take(&mut outcome.diagnostics);
        let sources = outcome.sources.clone();
        let notices = Notices::start(run.number, &outcome, fonts, &self.desk);
        run.draft = Draft::new(run.number, outcome, notices, &self.desk.stock).map(Arc::new);
        let shown = run
            .draft
            .clone()
            .or_else(|| self.desk.shown().draft.clone());
        let lines = shown.as_deref().map_or(&[][..], Draft::lines);
        run.groups = findings::groups(&diagnostics, &sources, lines);
    }
}
