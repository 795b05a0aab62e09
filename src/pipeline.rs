//! The stages in order. Comes in: the path of an input file. Goes out: the pages and every fault.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::batch;
use crate::check::{self, Silenced};
use crate::compose::{self, Templates};
use crate::conform::{self, Report};
use crate::diag::{Diagnostic, Diagnostics, Rule, Sources};
use crate::document::{self, Document};
use crate::load::{self, Flag, LoadError, Loaded};
use crate::model::{Circular, Edition};
use crate::trace::{self, Trace};
use crate::typeset::{self, FontError, Fonts, Pages, Standard};

/// What a run made, and all that there is to say about it.
pub struct Outcome {
    pub circular: Option<Circular>,
    /// The composed text, as Markdown with the printed values in place, where it came so far.
    pub markdown: Option<String>,
    pub document: Option<Document>,
    /// The pages; `None` where there was an error.
    pub pages: Option<Pages>,
    /// The PDF, where one was wanted and there was no error; the cause where its standards refuse it.
    pub pdf: Option<Result<Vec<u8>, String>>,
    /// What the clauses of the standard came to on the pages.
    pub report: Option<Report>,
    /// Pages of a circular with errors: for looking at and for their report, never for printing.
    pub refused: Option<Pages>,
    /// At the user's levels, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// What the user has left out on purpose.
    pub silenced: Vec<Silenced>,
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
    run_edition(input, font_dir, Edition::default(), None)
}

/// Makes the pages of another edition than the formal copy without seals, and where `pdf` names its
/// standards (none is some) the PDF.
pub fn run_edition(
    input: &Path,
    font_dir: Option<&Path>,
    edition: Edition,
    pdf: Option<&[Standard]>,
) -> Result<Outcome, Refusal> {
    let mut diagnostics = Diagnostics::default();
    let mut loaded = load(input, &mut diagnostics)?;
    if let Some(circular) = &mut loaded.circular {
        circular.edition = edition;
    }
    let made = match &loaded.circular {
        Some(circular) => {
            let fonts = fonts(circular, font_dir)?;
            let own = std::mem::take(&mut loaded.templates);
            make(circular, &Templates { own }, &fonts, pdf, &mut diagnostics)
        }
        None => Made::default(),
    };
    Ok(Outcome::new(loaded, made, diagnostics))
}

/// Loads `input`; its sources hold the built-in templates as well.
pub fn load(input: &Path, diagnostics: &mut Diagnostics) -> Result<Loaded, Refusal> {
    load_with(input, &[], diagnostics)
}

/// Loads `input`, over whose keys `flags` go.
pub fn load_with(
    input: &Path,
    flags: &[Flag],
    diagnostics: &mut Diagnostics,
) -> Result<Loaded, Refusal> {
    let mut loaded = load::load_with(input, flags, diagnostics).map_err(Refusal::Load)?;
    for (name, text) in compose::templates::builtin_sources() {
        loaded.sources.insert(name.into(), text.into());
    }
    Ok(loaded)
}

/// The faces of a circular. A folder of faces stays in memory once it is read: who makes several
/// circulars reads it once.
pub fn fonts(circular: &Circular, font_dir: Option<&Path>) -> Result<Fonts, Refusal> {
    let named = circular.font_dir.as_ref().map(|dir| dir.value.as_path());
    match font_dir.or(named) {
        Some(folder) => Fonts::with_folder(folder).map_err(Refusal::Font),
        None => Ok(Fonts::embedded()),
    }
}

/// What came of one circular; the later stages are `None` where an earlier one found an error.
#[derive(Default)]
pub struct Made {
    /// The composed text, as Markdown with the printed values in place.
    pub markdown: Option<String>,
    pub document: Option<Document>,
    pub pages: Option<Pages>,
    /// The PDF, where one was wanted and there was no error.
    pub pdf: Option<Result<Vec<u8>, String>>,
    /// What the clauses of the standard came to on the pages.
    pub report: Option<Report>,
    /// Pages of a circular with errors.
    pub refused: Option<Pages>,
    /// What the user has left out on purpose.
    pub silenced: Vec<Silenced>,
}

/// Makes the pages of a circular that is loaded, and checks it; `diagnostics` are then at the user's
/// levels. No pages where one of them is an error, be it an earlier one. `pdf` names the standards of
/// the PDF, where one is wanted.
pub fn make(
    circular: &Circular,
    templates: &Templates,
    fonts: &Fonts,
    pdf: Option<&[Standard]>,
    diagnostics: &mut Diagnostics,
) -> Made {
    let mut made = Made::default();
    if let Some(draft) = compose::compose(circular, templates, diagnostics) {
        made.markdown = Some(compose::letters(&draft.main_text, &draft.marks));
        made.document = document::document(circular, &draft, diagnostics);
    }
    let document = made.document.as_ref();
    let typeset = || document.and_then(|document| typeset::typeset(document, fonts, diagnostics));
    let mut checked = Diagnostics::default();
    let check = || check::check(circular, document, &mut checked);
    let (frames, ()) = rayon::join(typeset, check);
    // The PDF takes longest, and nothing that is found out about the pages changes them.
    let pdf = || Some(frames.as_ref()?.pdf_as(pdf?));
    let proof = || {
        let (frames, document) = frames.as_ref().zip(document)?;
        let pages = frames.measured(fonts);
        let report = conform::conform(document, &pages, diagnostics);
        Some((pages, report))
    };
    let (pdf, proof) = rayon::join(pdf, proof);
    let (pages, report) = proof.unzip();
    diagnostics.extend(checked);
    made.report = report;
    let rules: Vec<Rule> = rules().copied().collect();
    let settled = check::settle(&circular.checks, &rules, std::mem::take(diagnostics));
    match settled.has_errors() {
        false => (made.pages, made.pdf) = (pages, pdf),
        true => made.refused = pages,
    }
    made.silenced = settled.silenced;
    diagnostics.extend(settled.diagnostics);
    made
}

impl Outcome {
    /// What came of a loaded input.
    pub fn new(loaded: Loaded, made: Made, diagnostics: Diagnostics) -> Self {
        Outcome {
            circular: loaded.circular,
            markdown: made.markdown,
            document: made.document,
            pages: made.pages,
            pdf: made.pdf,
            report: made.report,
            refused: made.refused,
            diagnostics: diagnostics.sorted(),
            silenced: made.silenced,
            sources: loaded.sources,
            files: loaded.files,
        }
    }

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

/// The rules of every stage: what can be reported at all.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    [
        load::RULES,
        compose::RULES,
        document::RULES,
        typeset::RULES,
        &conform::RULES,
        batch::RULES,
    ]
    .into_iter()
    .flatten()
    .chain(check::rules())
}
