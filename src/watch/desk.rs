//! The desk: what is shown to the reader. Comes in: each run that the rebuilding ends with. Goes out:
//! JSON for the browser, and an answer to whoever waits for news.

use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Serialize;

use super::draft::Draft;
use super::findings::Group;
use super::notices::Notice;
use super::page::Page;
use super::units::Unit;
use crate::typeset::Stock;

/// Older versions than these are forgotten, except the first.
const MOST_VERSIONS: usize = 30;

/// What all threads share.
#[derive(Default)]
pub struct Desk {
    shown: Mutex<Shown>,
    changed: Condvar,
    pub stock: Mutex<Stock>,
}

/// What is shown now.
#[derive(Default)]
pub struct Shown {
    /// Counts the runs that were shown.
    pub number: u64,
    /// The last good run.
    pub draft: Option<Arc<Draft>>,
    pub versions: Vec<Version>,
    state: Arc<[u8]>,
}

/// A version that a draft can be compared with.
pub struct Version {
    /// The number of its draft.
    pub number: u64,
    /// Milliseconds since 1970.
    at: u64,
    pages: usize,
    pub units: Arc<[Unit]>,
}

/// A run as it is shown.
pub struct Run {
    pub number: u64,
    /// `None` where there was a fault.
    pub draft: Option<Arc<Draft>>,
    /// Why nothing could be made of the input.
    pub refusal: Option<String>,
    pub groups: Vec<Group>,
    pub took: Duration,
}

#[derive(Serialize)]
struct StateJson<'a> {
    number: u64,
    name: &'a str,
    /// The number of the draft that is shown.
    draft: Option<u64>,
    /// Whether the draft is older than the files.
    stale: bool,
    /// Milliseconds since 1970.
    at: u64,
    draft_at: Option<u64>,
    /// Milliseconds.
    took: f64,
    refusal: Option<&'a str>,
    groups: &'a [Group],
    pages: Vec<PageJson<'a>>,
    glyphs: usize,
    /// Whether the draft has notices.
    batch: bool,
    versions: Vec<VersionJson>,
}

/// A notice as the browser gets it.
#[derive(Serialize)]
struct NoticeJson<'a> {
    groups: &'a [Group],
    pages: Vec<PageJson<'a>>,
    glyphs: usize,
}

#[derive(Serialize)]
struct PageJson<'a> {
    look: &'a str,
    width: f64,
    height: f64,
}

impl<'a> PageJson<'a> {
    fn of(page: &'a Page) -> Self {
        PageJson {
            look: &page.look,
            width: page.width,
            height: page.height,
        }
    }
}

#[derive(Serialize)]
struct VersionJson {
    number: u64,
    at: u64,
    pages: usize,
}

impl Desk {
    /// Shows a run of the input file of that name; on a fault the last draft stays.
    pub fn show(&self, run: &Run, name: &str) {
        let at = now();
        let glyphs = self.stock().outlines().len();
        let mut shown = self.shown();
        if let Some(draft) = &run.draft {
            shown.draft = Some(draft.clone());
            shown.keep(draft, at);
        }
        shown.number = run.number;
        let draft = shown.draft.as_deref();
        let pages = draft.map_or(&[][..], |draft| &draft.pages);
        let of_draft = |version: &&Version| Some(version.number) <= draft.map(|draft| draft.number);
        let state = StateJson {
            number: run.number,
            name,
            draft: draft.map(|draft| draft.number),
            stale: run.draft.is_none(),
            at,
            draft_at: shown
                .versions
                .iter()
                .rfind(of_draft)
                .map(|version| version.at),
            took: (run.took.as_secs_f64() * 10_000.0).round() / 10.0,
            refusal: run.refusal.as_deref(),
            groups: &run.groups,
            pages: pages.iter().map(PageJson::of).collect(),
            glyphs,
            batch: draft.is_some_and(|draft| draft.notices.is_some()),
            versions: shown
                .versions
                .iter()
                .map(|version| VersionJson {
                    number: version.number,
                    at: version.at,
                    pages: version.pages,
                })
                .collect(),
        };
        let json = serde_json::to_vec(&state).expect("a state holds only text and finite numbers");
        shown.state = json.into();
        drop(shown);
        self.changed.notify_all();
    }

    /// The state as JSON, as soon as it is newer than `number`; after `time` as it is.
    pub fn state(&self, number: u64, time: Duration) -> Arc<[u8]> {
        let wait = |shown: &mut Shown| shown.number <= number;
        let shown = self.changed.wait_timeout_while(self.shown(), time, wait);
        let (shown, _) = shown.expect("no holder of the lock panics");
        shown.state.clone()
    }

    /// A notice as JSON.
    pub fn notice(&self, notice: &Notice) -> Vec<u8> {
        let pages = notice.draft.iter().flat_map(|draft| &draft.pages);
        let json = NoticeJson {
            groups: &notice.groups,
            pages: pages.map(PageJson::of).collect(),
            glyphs: self.stock().outlines().len(),
        };
        serde_json::to_vec(&json).expect("a notice holds only text and finite numbers")
    }

    pub fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().expect("no holder of the lock panics")
    }

    pub fn stock(&self) -> MutexGuard<'_, Stock> {
        self.stock.lock().expect("no holder of the lock panics")
    }
}

impl Shown {
    /// Keeps the words of a draft, if they are not those of the version before.
    fn keep(&mut self, draft: &Draft, at: u64) {
        let last = self.versions.last();
        if last.is_some_and(|version| version.units == draft.units) {
            return;
        }
        if self.versions.len() == MOST_VERSIONS {
            self.versions.remove(1);
        }
        self.versions.push(Version {
            number: draft.number,
            at,
            pages: draft.pages.len(),
            units: draft.units.clone(),
        });
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}
