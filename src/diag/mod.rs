//! Faults in the user's input and the places they stand at. Comes in: what a stage found. Goes out:
//! a sorted list for the report.

mod origin;
mod rule;

pub use origin::{Origin, Sources, lines};
pub use rule::{Rule, Strength, group};

use std::collections::BTreeMap;
use std::fmt;

/// How much a [`Diagnostic`] weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// 错误: no circular is made.
    Error,
    /// 警告: the circular is made, the reader should look.
    Warning,
    /// 说明: something the program did that the user should know, such as a tightened line pitch.
    Note,
}

impl Severity {
    /// The word the user reads.
    pub fn label(self) -> &'static str {
        match self {
            Severity::Error => "错误",
            Severity::Warning => "警告",
            Severity::Note => "说明",
        }
    }
}

/// One fault in the input, at its place, with a cure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    /// Stable code `part/element/fault`; names the fault, not the cure.
    pub code: &'static str,
    /// One Chinese sentence without final 。.
    pub message: String,
    /// The cure, in Chinese, without final 。.
    pub hint: Option<String>,
    pub origin: Origin,
    /// Further places that belong to the fault, each with a word on what is there.
    pub related: Vec<(Origin, String)>,
}

impl Diagnostic {
    fn new(severity: Severity, code: &'static str, origin: &Origin, message: String) -> Self {
        Diagnostic {
            severity,
            code,
            message,
            hint: None,
            origin: origin.clone(),
            related: Vec::new(),
        }
    }

    /// Makes an error at `origin`.
    pub fn error(code: &'static str, origin: &Origin, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, origin, message.into())
    }

    /// Makes a warning at `origin`.
    pub fn warning(code: &'static str, origin: &Origin, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, origin, message.into())
    }

    /// Makes a note at `origin`.
    pub fn note(code: &'static str, origin: &Origin, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, origin, message.into())
    }

    /// Adds the cure.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds a further place.
    pub fn related(mut self, origin: &Origin, word: impl Into<String>) -> Self {
        self.related.push((origin.clone(), word.into()));
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Diagnostic {
            severity,
            code,
            message,
            origin,
            ..
        } = self;
        write!(f, "{origin}: {}[{code}]: {message}", severity.label())
    }
}

/// Collects faults, so that the user sees all of them at once.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// Where in the list the faults of one code at one place stand: a large ledger may have as many
    /// faults as rows.
    known: BTreeMap<(&'static str, Origin), Vec<usize>>,
}

impl Diagnostics {
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let place = (diagnostic.code, diagnostic.origin.clone());
        let known = self.known.entry(place).or_default();
        if known.iter().all(|index| self.list[*index] != diagnostic) {
            known.push(self.list.len());
            self.list.push(diagnostic);
        }
    }

    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        diagnostics
            .into_iter()
            .for_each(|diagnostic| self.push(diagnostic));
    }

    /// Tells whether a circular may be made.
    pub fn has_errors(&self) -> bool {
        self.list
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Gives the faults in the order of their places.
    pub fn sorted(mut self) -> Vec<Diagnostic> {
        self.list
            .sort_by(|a, b| (&a.origin, a.severity, a.code).cmp(&(&b.origin, b.severity, b.code)));
        self.list
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}
