//! The stages in order. Comes in: the path of an input file. Goes out: the pages and every fault.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::check;
use crate::compose::{self, Templates};
use crate::conform::{self, Report};
use crate::diag::{Diagnostic, Diagnostics, Sources};
use crate::document::{self, Document};
use crate::load::{self, LoadError};
use crate::model::{Circular, Edition};
use crate::trace::{self, Trace};
use crate::typeset::{self, FontError, Fonts, Pages};

/// What a run made, and all that there is to say about it.
pub struct Outcome {
    pub circular: Option<Circular>,
    /// The composed text, as Markdown with the printed values in place, where it came so far.
    pub markdown: Option<String>,
    pub document: Option<Document>,
    /// The pages; `None` where there was an error.
    pub pages: Option<Pages>,
    /// What the clauses of the standard came to on the pages.
    pub report: Option<Report>,
    /// Pages that break the standard: for their report, never for printing.
    pub refused: Option<Pages>,
    /// Sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    pub sources: Sources,
    /// Every file that was read.
    pub files: Vec<PathBuf>,
}

/// The world's refusal: nothing could be made of the input.
#[derive(Debug)]
pub enum Refusal {
    Load(LoadError),
    Font(FontError),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Load(error) => error.fmt(f),
            Refusal::Font(error) => error.fmt(f),
        }
    }
}

/// Makes the pages of the circular in `input`. `font_dir` comes before the folder that the file
/// names.
pub fn run(input: &Path, font_dir: Option<&Path>) -> Result<Outcome, Refusal> {
    run_edition(input, font_dir, Edition::default())
}

/// Makes the pages of another edition than the formal copy without seals.
pub fn run_edition(
    input: &Path,
    font_dir: Option<&Path>,
    edition: Edition,
) -> Result<Outcome, Refusal> {
    let mut diagnostics = Diagnostics::default();
    let mut loaded = load::load(input, &mut diagnostics).map_err(Refusal::Load)?;
    if let Some(circular) = &mut loaded.circular {
        circular.edition = edition;
    }
    let mut outcome = Outcome {
        circular: loaded.circular,
        markdown: None,
        document: None,
        pages: None,
        report: None,
        refused: None,
        diagnostics: Vec::new(),
        sources: loaded.sources,
        files: loaded.files,
    };
    for (name, text) in compose::templates::builtin_sources() {
        outcome.sources.insert(name.into(), text.into());
    }
    if let Some(circular) = outcome.circular.as_ref() {
        let templates = Templates {
            own: loaded.templates,
        };
        let fonts = fonts(font_dir.or(circular.font_dir.as_ref().map(|dir| dir.value.as_path())))?;
        let draft = compose::compose(circular, &templates, &mut diagnostics);
        outcome.markdown = draft
            .as_ref()
            .map(|d| compose::letters(&d.main_text, &d.marks));
        outcome.document =
            draft.and_then(|draft| document::document(circular, &draft, &mut diagnostics));
        if let Some(document) = &outcome.document {
            check::check(document, &mut diagnostics);
        }
        let sound = outcome
            .document
            .as_ref()
            .filter(|_| !diagnostics.has_errors());
        if let Some(document) = sound
            && let Some(pages) = typeset::typeset(document, &fonts, &mut diagnostics)
        {
            outcome.report = Some(conform::conform(document, &pages, &mut diagnostics));
            match diagnostics.has_errors() {
                false => outcome.pages = Some(pages),
                true => outcome.refused = Some(pages),
            }
        }
    }
    outcome.diagnostics = diagnostics.sorted();
    Ok(outcome)
}

impl Outcome {
    /// Where every printed value stands and what it was computed from; `None` where there was an
    /// error.
    pub fn trace(&self) -> Option<Trace> {
        Some(trace::trace(
            self.circular.as_ref()?,
            self.document.as_ref()?,
            self.pages.as_ref()?,
        ))
    }
}

fn fonts(folder: Option<&Path>) -> Result<Fonts, Refusal> {
    match folder {
        Some(folder) => Fonts::with_folder(folder).map_err(Refusal::Font),
        None => Ok(Fonts::embedded()),
    }
}

/// Every code that a stage can report, with its meaning.
pub fn codes() -> impl Iterator<Item = (&'static str, &'static str)> {
    [
        load::CODES,
        compose::CODES,
        document::CODES,
        check::CODES,
        typeset::CODES,
        conform::CODES,
    ]
    .into_iter()
    .flatten()
    .copied()
}
