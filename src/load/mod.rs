//! The user's files come in, the [`Circular`] and the text of the files go out.
//!
//! `read` → text → `yaml` → [`node::Node`] → `circular` and the modules it calls → [`Circular`].
//! A workbook alone: `read` → `workbook` → [`node::Node`] and tables → `circular` → [`Circular`].
//! Where YAML fails, `scan` and `syntax` say why. `keys` is the one table of what may be written.

mod attachments;
mod batch;
mod checks;
mod circular;
mod codes;
mod comments;
mod context;
mod csv;
mod fields;
mod flags;
mod forms;
mod keys;
mod ledger;
mod main_text;
mod node;
mod periods;
mod pictures;
mod profile;
mod read;
mod register;
mod scan;
mod schema;
mod syntax;
mod tables;
mod templates;
mod variables;
mod workbook;
mod yaml;

pub use codes::RULES;
pub use flags::{Flag, Given};
pub use read::{Encoding, LoadError};
pub use schema::{profile_schema, reference, schema};
pub use workbook::{Book, SheetCell, SheetCopy, reads_workbook, sheet_copy};

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diag::{Diagnostics, Origin, Sources};
use crate::model::{Circular, Sourced};
use context::Context;

/// What loading gives.
#[derive(Debug)]
pub struct Loaded {
    /// `None` where errors prevent one.
    pub circular: Option<Circular>,
    /// The sections of the unit's own text templates: name and source.
    pub templates: Vec<(String, Sourced<String>)>,
    /// The text of every file read, under the name that origins carry.
    pub sources: Sources,
    /// Every file that was read or looked for, for watching.
    pub files: Vec<PathBuf>,
}

/// Tells an input file from settings, ledgers and what else lies in a folder: YAML that names its
/// kind, or a workbook with a sheet 公文.
pub fn is_circular(bytes: Vec<u8>) -> bool {
    if !read::may_be_workbook(&bytes) {
        return read::names_kind(&bytes);
    }
    let book = workbook::Book::open(bytes).ok().and_then(Result::ok);
    book.is_some_and(|book| workbook::holds_circular(&book))
}

/// Loads the circular of an input file. Its name in origins is `path` as typed. All faults of the
/// input go to `diagnostics`; only a file that cannot be read at all is an error.
pub fn load(path: &Path, diagnostics: &mut Diagnostics) -> Result<Loaded, LoadError> {
    load_with(path, &[], diagnostics)
}

/// Loads the circular of an input file, over whose keys `flags` go.
pub fn load_with(
    path: &Path,
    flags: &[Flag],
    diagnostics: &mut Diagnostics,
) -> Result<Loaded, LoadError> {
    let bytes = read::bytes(path)?;
    let file = Context::file_name(path);
    let mut sources = Sources::default();
    let mut files = vec![path.to_owned()];
    let mut found = Diagnostics::default();
    let mut context = Context {
        folder: path.parent().unwrap_or(Path::new("")).to_owned(),
        flags,
        slips: Vec::new(),
        diagnostics: &mut found,
        sources: &mut sources,
        files: &mut files,
        named_tables: BTreeMap::new(),
        ledgers: BTreeMap::new(),
    };
    let mut circular = if read::may_be_workbook(&bytes) {
        let refused = |error| LoadError::Workbook {
            path: path.to_owned(),
            error,
        };
        let book = workbook::Book::open(bytes).map_err(refused)?;
        let book = book.map_err(|_| refused(workbook::BookError::Damaged))?;
        context.load_workbook(&book, &file).map_err(refused)?
    } else {
        match read::text(path, bytes).map_err(|error| error.encoding(&file)) {
            Ok(text) => {
                let text: Arc<str> = text.into();
                context.sources.insert(file.clone(), text.clone());
                context.slips = scan::scan(&text, &file);
                context.load(&text, &file)
            }
            Err(Ok((fault, text))) => {
                context.sources.insert(file.clone(), text.into());
                context.report(fault);
                None
            }
            Err(Err(error)) => return Err(error),
        }
    };
    let templates = circular
        .as_ref()
        .map(|circular| context.own_templates(circular));
    if let Some(circular) = &mut circular {
        context.read_notice_templates(circular);
    }
    let circular = circular.filter(|_| !found.has_errors());
    diagnostics.extend(found);
    Ok(Loaded {
        circular,
        templates: templates.unwrap_or_default(),
        sources,
        files,
    })
}

impl Context<'_> {
    fn load_workbook(
        &mut self,
        book: &workbook::Book,
        file: &Arc<str>,
    ) -> Result<Option<Circular>, workbook::BookError> {
        let read = workbook::circular(book, file, self)?;
        Ok(read.and_then(|(node, tables)| {
            let origin = node.origin.clone();
            circular::circular(node, tables, origin, self)
        }))
    }

    fn load(&mut self, text: &str, file: &Arc<str>) -> Option<Circular> {
        let start = Origin::text(file, 1, 1);
        match yaml::parse(text, file) {
            Ok(node) if node.is_empty() => {
                let hint = "从例子开始写，至少写“文种”“标题”“署名”“成文日期”四项";
                self.error("input/yaml/empty", &start, "文件里没有内容", hint);
                None
            }
            Ok(node) if node.text().is_none() || self.slips.is_empty() => {
                for swallowed in comments::swallowed(&node, text, file) {
                    self.report(swallowed);
                }
                circular::circular(node, Vec::new(), start, self)
            }
            parsed => {
                self.explain(text, file, parsed.err().as_ref());
                None
            }
        }
    }

    /// Reports the slips that keep `text` from being a circular, and whatever else is wrong once
    /// they are mended.
    fn explain(&mut self, text: &str, file: &Arc<str>, error: Option<&serde_saphyr::Error>) {
        let slips = std::mem::take(&mut self.slips);
        let slips = scan::blamed(slips, error);
        if slips.is_empty() {
            let fault = error.map(|error| syntax::explain(text, file, error));
            return self.diagnostics.extend(fault);
        }
        let mut others = Diagnostics::default();
        let mended = scan::mend(text, &slips);
        match yaml::parse(&mended, file) {
            Ok(node) => {
                let mut context = Context {
                    folder: self.folder.clone(),
                    flags: self.flags,
                    slips: Vec::new(),
                    diagnostics: &mut others,
                    sources: self.sources,
                    files: self.files,
                    named_tables: BTreeMap::new(),
                    ledgers: BTreeMap::new(),
                };
                circular::circular(node, Vec::new(), Origin::text(file, 1, 1), &mut context);
            }
            Err(error) => others.push(syntax::explain(&mended, file, &error)),
        }
        let others = others.into_iter();
        self.diagnostics
            .extend(others.filter_map(|other| scan::unmend(other, &slips)));
        self.diagnostics
            .extend(slips.into_iter().map(|slip| slip.diagnostic));
    }
}
