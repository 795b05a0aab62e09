//! One run of the input. Comes in: its path. Goes out: what came of it, and every file that it was
//! made of; faces that are unchanged are kept from run to run.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::files::Stamp;
use crate::compose::Templates;
use crate::diag::Diagnostics;
use crate::model::Circular;
use crate::pipeline::{self, Made, Outcome, Refusal};
use crate::typeset::{self, Fonts};

/// What the page compiler remembers of runs before the last few is dropped.
const REMEMBERED: usize = 2;

/// Runs the input again and again.
pub struct Runner {
    pub input: PathBuf,
    pub font_dir: Option<PathBuf>,
    /// The last folder of faces: reading one takes long, and what was read stays in memory.
    faces: Option<(PathBuf, Stamp, Fonts)>,
}

/// What came of one run.
pub struct Attempt {
    /// The error says why nothing could be made of the input.
    pub outcome: Result<Outcome, String>,
    pub fonts: Fonts,
    pub files: Vec<PathBuf>,
    pub took: Duration,
}

impl Attempt {
    pub fn is_good(&self) -> bool {
        matches!(&self.outcome, Ok(outcome) if outcome.pages.is_some())
    }

    /// Tells whether a file could not be read, which another program's save may be the cause of.
    pub fn is_unread(&self) -> bool {
        const CODES: [&str; 4] = [
            "tables/file/missing",
            "tables/file/unreadable",
            "tables/file/damaged",
            "template/file/unreadable",
        ];
        match &self.outcome {
            Ok(outcome) => {
                let mut faults = outcome.diagnostics.iter();
                faults.any(|fault| CODES.contains(&fault.code))
            }
            Err(_) => true,
        }
    }
}

impl Runner {
    pub fn new(input: PathBuf, font_dir: Option<PathBuf>) -> Self {
        Runner {
            input,
            font_dir,
            faces: None,
        }
    }

    /// Runs the input once.
    pub fn run(&mut self) -> Attempt {
        let start = Instant::now();
        let mut attempt = Attempt {
            outcome: Err("程序自身出错，详情见终端；请把它和输入文件一起报告给开发者".to_owned()),
            fonts: Fonts::embedded(),
            files: vec![self.input.clone()],
            took: Duration::ZERO,
        };
        let run = AssertUnwindSafe(|| self.make(&mut attempt));
        if let Ok(outcome) = catch_unwind(run) {
            attempt.outcome = outcome.map_err(|refusal| refusal.to_string());
        }
        attempt.took = start.elapsed();
        typeset::forget(REMEMBERED);
        attempt
    }

    fn make(&mut self, attempt: &mut Attempt) -> Result<Outcome, Refusal> {
        let mut diagnostics = Diagnostics::default();
        let mut loaded = pipeline::load(&self.input, &mut diagnostics)?;
        attempt.files.extend(loaded.files.iter().cloned());
        let made = match &loaded.circular {
            Some(circular) => {
                let named = circular.font_dir.as_ref().map(|dir| dir.value.clone());
                let folder = self.font_dir.clone().or(named);
                attempt.files.extend(folder.clone());
                attempt.fonts = self.fonts(circular, folder.as_deref())?;
                let own = std::mem::take(&mut loaded.templates);
                pipeline::make(
                    circular,
                    &Templates { own },
                    &attempt.fonts,
                    None,
                    &mut diagnostics,
                )
            }
            None => Made::default(),
        };
        Ok(Outcome::new(loaded, made, diagnostics))
    }

    fn fonts(&mut self, circular: &Circular, folder: Option<&Path>) -> Result<Fonts, Refusal> {
        let Some(folder) = folder else {
            return pipeline::fonts(circular, None);
        };
        let stamp = Stamp::of(folder);
        match &self.faces {
            Some((known, at, fonts)) if known == folder && *at == stamp => Ok(fonts.clone()),
            _ => {
                let fonts = pipeline::fonts(circular, Some(folder))?;
                self.faces = Some((folder.to_owned(), stamp, fonts.clone()));
                Ok(fonts)
            }
        }
    }
}
