//! The notices of a circular with 批量. Comes in: a good circular. Goes out: its units, and the pages
//! of a unit's notice when they are asked for.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use serde::Serialize;

use super::desk::Desk;
use super::draft::Draft;
use super::findings::{self, Group};
use crate::batch::{self, Mentions, Numbering, Plan};
use crate::compose::Templates;
use crate::diag::{Diagnostics, Sources};
use crate::model::Circular;
use crate::pipeline::{self, Outcome};
use crate::typeset::{self, Fonts};

/// As many notices are kept ready as a reader may go back to.
const KEPT: usize = 40;

/// The notices of one draft; they are planned and made one at a time, on a thread that ends with the
/// draft.
pub struct Notices(Sender<Ask>);

enum Ask {
    List(Sender<Arc<List>>),
    Notice(usize, Sender<Arc<Notice>>),
}

/// The units that get a notice, and the faults of the plan.
#[derive(Debug, Serialize)]
pub struct List {
    units: Vec<Listed>,
    groups: Vec<Group>,
}

#[derive(Debug, Serialize)]
struct Listed {
    unit: String,
    /// The number as the notices are numbered afresh; a folder of earlier runs may hold another.
    number: String,
    /// How many rows are the unit's.
    rows: usize,
}

/// A notice that was made.
pub struct Notice {
    /// `None` where there was a fault.
    pub draft: Option<Arc<Draft>>,
    pub groups: Vec<Group>,
}

/// What a thread of notices works with.
struct Work {
    number: u64,
    circular: Circular,
    sources: Sources,
    fonts: Fonts,
    desk: Arc<Desk>,
}

impl Notices {
    /// Gets ready for the notices of the circular of draft `number`; nothing where it has no 批量.
    pub fn start(
        number: u64,
        outcome: &Outcome,
        fonts: &Fonts,
        desk: &Arc<Desk>,
    ) -> Option<Notices> {
        let circular = outcome.circular.as_ref();
        let work = Work {
            number,
            circular: circular
                .filter(|circular| circular.batch.is_some())?
                .clone(),
            sources: outcome.sources.clone(),
            fonts: fonts.clone(),
            desk: desk.clone(),
        };
        let (asked, asks) = channel();
        let thread = std::thread::Builder::new().stack_size(typeset::STACK);
        let started = thread.spawn(move || work.run(&asks));
        started.expect("the system gives a thread");
        Some(Notices(asked))
    }

    /// The units, as soon as they are planned.
    pub fn list(&self) -> Option<Arc<List>> {
        self.ask(Ask::List)
    }

    /// A notice by its place in the list, as soon as it is made.
    pub fn get(&self, index: usize) -> Option<Arc<Notice>> {
        self.ask(|answer| Ask::Notice(index, answer))
    }

    fn ask<T>(&self, ask: impl FnOnce(Sender<T>) -> Ask) -> Option<T> {
        let (answer, made) = channel();
        self.0.send(ask(answer)).ok()?;
        made.recv().ok()
    }
}

impl Work {
    fn run(&self, asks: &Receiver<Ask>) {
        let mut found = Diagnostics::default();
        let plan = batch::plan(&self.circular, Numbering::default(), &mut found);
        let list = Arc::new(List {
            units: plan
                .iter()
                .flat_map(|plan| &plan.notices)
                .map(listed)
                .collect(),
            groups: findings::groups(&found.sorted(), &self.sources, &[]),
        });
        let mentions = plan
            .as_ref()
            .map(|plan| Mentions::new(&plan.units, plan.register(), &self.circular, plan.batch()));
        let mut kept = VecDeque::new();
        for ask in asks {
            // The reader may have gone away.
            match ask {
                Ask::List(answer) => drop(answer.send(list.clone())),
                Ask::Notice(index, answer) => {
                    if let (Some(plan), Some(mentions)) = (&plan, &mentions)
                        && let Some(notice) = self.get(plan, mentions, index, &mut kept)
                    {
                        drop(answer.send(notice));
                    }
                }
            }
        }
    }

    /// A notice that is kept, or a new one.
    fn get(
        &self,
        plan: &Plan,
        mentions: &Mentions,
        index: usize,
        kept: &mut VecDeque<(usize, Arc<Notice>)>,
    ) -> Option<Arc<Notice>> {
        if let Some((_, notice)) = kept.iter().find(|(known, _)| *known == index) {
            return Some(notice.clone());
        }
        let notice = Arc::new(self.make(plan, index, mentions)?);
        kept.push_back((index, notice.clone()));
        kept.drain(..kept.len().saturating_sub(KEPT));
        Some(notice)
    }

    fn make(&self, plan: &Plan, index: usize, mentions: &Mentions) -> Option<Notice> {
        let notice = plan.notices.get(index)?;
        let circular = plan.circular(notice);
        let templates = Templates {
            own: plan.form(notice).templates.clone(),
        };
        let mut found = Diagnostics::default();
        let made = pipeline::make(&circular, &templates, &self.fonts, None, &mut found);
        typeset::forget(KEPT);
        if let Some(document) = &made.document {
            found.extend(mentions.check(&notice.unit, document));
        }
        let fine = !found.has_errors();
        let outcome = Outcome {
            circular: Some(circular),
            markdown: made.markdown,
            document: made.document,
            pages: made.pages.filter(|_| fine),
            pdf: None,
            report: made.report,
            refused: made.refused,
            diagnostics: Vec::new(),
            silenced: made.silenced,
            sources: self.sources.clone(),
            files: Vec::new(),
        };
        let draft = Draft::new(self.number, outcome, None, &self.desk.stock).map(Arc::new);
        let lines = draft.as_deref().map_or(&[][..], Draft::lines);
        Some(Notice {
            groups: findings::groups(&found.sorted(), &self.sources, lines),
            draft,
        })
    }
}

fn listed(notice: &batch::Notice) -> Listed {
    let number = notice.number.as_ref();
    Listed {
        unit: notice.unit.clone(),
        number: number.map_or(String::new(), ToString::to_string),
        rows: notice.findings,
    }
}
