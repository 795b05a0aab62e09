//! A draft: one good run, made ready for the browser.

use std::sync::{Arc, Mutex};

use super::changes::{self, Change};
use super::notices::Notices;
use super::origin::{self, Told};
use super::page::{self, Page};
use super::units::{self, Shown, Unit};
use crate::pipeline::Outcome;
use crate::typeset::{InkLine, Pages, Stock};

/// A good run with its pages as the browser gets them.
pub struct Draft {
    pub number: u64,
    pub outcome: Outcome,
    pub pages: Vec<Page>,
    pub units: Arc<[Unit]>,
    shown: Vec<Shown>,
    /// `None` where the circular has no 批量.
    pub notices: Option<Notices>,
}

impl Draft {
    /// Makes a draft; `None` where the run gave no pages.
    pub fn new(
        number: u64,
        outcome: Outcome,
        notices: Option<Notices>,
        stock: &Mutex<Stock>,
    ) -> Option<Draft> {
        let made = outcome.pages.as_ref()?;
        let pages = page::pages(
            made,
            &mut stock.lock().expect("no holder of the lock panics"),
        );
        let (units, shown) = units::units(made.ink());
        Some(Draft {
            number,
            pages,
            units: units.into(),
            shown,
            outcome,
            notices,
        })
    }

    pub fn made(&self) -> &Pages {
        let pages = self.outcome.pages.as_ref();
        pages.expect("a draft is made of pages")
    }

    pub fn lines(&self) -> &[InkLine] {
        self.made().ink()
    }

    /// What it says otherwise than an older version.
    pub fn changes(&self, old: &[Unit]) -> Vec<Change> {
        let draft = changes::Draft {
            units: &self.units,
            shown: &self.shown,
            lines: self.lines(),
        };
        changes::changes(old, &draft)
    }

    /// Where the words at a place come from; pages, lines, segments and letters count from 0.
    pub fn told(&self, page: usize, line: usize, segment: usize, letter: usize) -> Option<Told> {
        let mut lines = self.lines().iter().filter(|line| line.page == page + 1);
        origin::told(&self.outcome, lines.nth(line)?, segment, letter)
    }
}
