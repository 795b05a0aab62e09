//! Reads: which cells an expression has looked at. The tables and variables of a circular note
//! each read here; printing a value takes what was noted for it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use minijinja::Value;
use rust_decimal::Decimal;

use super::functions::decimal;
use crate::diag::Origin;

/// What has been read since the last value was finished, for one circular.
#[derive(Debug, Default)]
pub struct Reads {
    state: Mutex<State>,
    /// The letters of the cells that computing would not give back, such as `1.50`.
    letters: BTreeMap<Origin, String>,
}

#[derive(Debug, Default)]
struct State {
    current: Vec<Origin>,
    /// What was read for names given by `{% set %}`.
    named: BTreeMap<String, Arc<[Origin]>>,
    /// The items still to come in loops over lists, by the name of the loop.
    loops: BTreeMap<String, VecDeque<(Value, Vec<Origin>)>>,
    /// The number of the `{{ … }}` whose value is about to be printed.
    print: Option<usize>,
}

impl Reads {
    /// Begins with nothing read; `letters` are those of cells that computing would not give back.
    pub fn with_letters(letters: BTreeMap<Origin, String>) -> Self {
        Reads {
            state: Mutex::default(),
            letters,
        }
    }

    /// The letters of a number as they were typed, where it is that of one of `cells`.
    pub fn letters(&self, value: &Value, cells: &[Origin]) -> Option<String> {
        if self.letters.is_empty() || !value.is_number() || value.is_integer() {
            return None;
        }
        let number = decimal(value)?;
        let mut letters = cells.iter().filter_map(|cell| self.letters.get(cell));
        let same = letters.find(|text| text.parse().is_ok_and(|typed: Decimal| typed == number));
        same.cloned()
    }

    /// The letters of a number that was read since the last value was finished.
    pub fn current_letters(&self, value: &Value) -> Option<String> {
        let cells = self.state().current.clone();
        self.letters(value, &cells)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("no holder of the lock panics")
    }

    /// Notes that a cell was read.
    pub fn note(&self, origin: &Origin) {
        self.state().current.push(origin.clone());
    }

    /// The cell that was read last since the last value was finished.
    pub fn last(&self) -> Option<Origin> {
        self.state().current.last().cloned()
    }

    /// Forgets what was read for a condition.
    pub fn forget(&self) {
        self.state().current.clear();
    }

    /// Keeps what was read for the value of `{% set name = … %}`, in which `names` stand.
    pub fn keep(&self, name: &str) {
        let cells = self.take(&[]);
        self.state().named.insert(name.to_owned(), cells);
    }

    /// Begins `{% for name in … %}` over a list of these items; minijinja reads one item ahead, so
    /// the cells of each are kept here until its turn.
    pub fn begin_loop(&self, name: &str, items: Vec<(Value, Vec<Origin>)>) {
        let mut state = self.state();
        state.current.clear();
        state.loops.insert(name.to_owned(), items.into());
    }

    /// Begins the turn of `item`: its cells are those of `name` from now on. Items that the loop
    /// left out are passed over.
    pub fn next_item(&self, name: &str, item: &Value) {
        let mut state = self.state();
        state.current.clear();
        let mut cells = Vec::new();
        if let Some(items) = state.loops.get_mut(name) {
            let turn = items.iter().position(|(value, _)| value == item);
            cells = turn
                .and_then(|turn| items.drain(..=turn).next_back())
                .map_or(cells, |item| item.1);
        }
        state.named.insert(name.to_owned(), cells.into());
    }

    /// Says that the value of the `number`-th `{{ … }}` is the next to be printed.
    pub fn announce(&self, number: usize) {
        self.state().print = Some(number);
    }

    /// Takes the number of the `{{ … }}` that is being printed.
    pub fn announced(&self) -> Option<usize> {
        self.state().print.take()
    }

    /// Takes the cells that were read for a value whose expression holds `names`, each cell once,
    /// in the order of reading.
    pub fn take(&self, names: &[String]) -> Arc<[Origin]> {
        let mut state = self.state();
        let mut cells = std::mem::take(&mut state.current);
        for name in names {
            cells.extend(
                state
                    .named
                    .get(name)
                    .iter()
                    .flat_map(|cells| cells.iter().cloned()),
            );
        }
        let mut seen = std::collections::BTreeSet::new();
        cells.retain(|cell| seen.insert(cell.clone()));
        cells.into()
    }

    /// Begins a new template: names given by the last one are gone.
    pub fn begin(&self) {
        *self.state() = State::default();
    }
}
