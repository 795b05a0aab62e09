//! What every reader of the input needs: the file, its slips and the faults found so far, and the
//! few forms that all values share.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::fields::{duplicate, is_template};
use super::flags::Flag;
use super::ledger::Ledger;
use super::node::{Kind, Node, Style};
use super::read::{self, LoadError};
use super::scan::{self, Slip, is_word, shorten};
use super::{syntax, yaml};
use crate::diag::{Diagnostic, Diagnostics, Origin, Severity, Sources};
use crate::model::Sourced;

/// As many errors, and as many warnings and notes, as a user can look at in one go.
const MOST_FAULTS: usize = 200;

/// The file that is being read.
pub struct Context<'a> {
    /// The folder of the input file as typed; other paths start there.
    pub folder: PathBuf,
    /// What the command line says in place of the file.
    pub flags: &'a [Flag],
    pub slips: Vec<Slip>,
    pub diagnostics: &'a mut Diagnostics,
    pub sources: &'a mut Sources,
    pub files: &'a mut Vec<PathBuf>,
    /// The tables that the file names, and whether each could be read.
    pub named_tables: BTreeMap<String, bool>,
    /// The ledgers read so far.
    pub ledgers: BTreeMap<PathBuf, Rc<Ledger>>,
}

impl Context<'_> {
    /// Collects a fault. Errors are counted apart: however many warnings there are, none of them hides
    /// an error.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        const MORE: &str = "input/faults/too-many";
        let is_error = |fault: &Diagnostic| fault.severity == Severity::Error;
        let alike = |fault: &&Diagnostic| is_error(fault) == is_error(&diagnostic);
        if self.diagnostics.iter().filter(alike).count() < MOST_FAULTS {
            self.diagnostics.push(diagnostic);
        } else if !self.diagnostics.iter().any(|fault| fault.code == MORE) {
            let message = "问题太多，后面的这里不再列出";
            let note = Diagnostic::note(MORE, &diagnostic.origin, message);
            self.diagnostics
                .push(note.hint("先改正列出的各处，再运行一次"));
        }
    }

    /// Reports an error with a cure.
    pub fn error(
        &mut self,
        code: &'static str,
        origin: &Origin,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.report(Diagnostic::error(code, origin, message).hint(hint));
    }

    /// Reports the slips that `belongs` picks; tells whether there were any.
    pub fn report_slips(&mut self, belongs: impl Fn(&Slip) -> bool) -> bool {
        let found = self.slips.iter().filter(|slip| belongs(slip));
        let found: Vec<Diagnostic> = found.map(|slip| slip.diagnostic.clone()).collect();
        let any = !found.is_empty();
        found
            .into_iter()
            .for_each(|diagnostic| self.report(diagnostic));
        any
    }

    /// Reports a value of the wrong kind. Where a slip of the keyboard made it so, that is reported.
    pub fn wrong_kind(&mut self, node: &Node, what: &str, wanted: &str, hint: &str) {
        if self.report_slips(|slip| slip.is_in(node)) {
            return;
        }
        let message = format!("{what}应写{wanted}，这里是{}", node.kind_name());
        let hint = if is_template(node) {
            "以“{{”开头的值要加半角引号，写作 \"{{ 名称 }}\""
        } else {
            hint
        };
        self.error("input/value/form", &node.origin, message, hint);
    }

    /// Reads a text; `None` where nothing was typed or the value is no text.
    pub fn text(&mut self, node: Node, what: &str) -> Option<Sourced<String>> {
        if node.is_empty() {
            return None;
        }
        self.text_or_empty(node, what)
    }

    /// Reads a text that may be empty in quotation marks.
    pub fn text_or_empty(&mut self, node: Node, what: &str) -> Option<Sourced<String>> {
        let swallowed = |slip: &Slip| slip.key.is_some() && slip.certain && slip.is_in(&node);
        if matches!(&node.kind, Kind::Scalar { style, .. } if *style == Style::Plain)
            && self.report_slips(swallowed)
        {
            return None;
        }
        match node.kind {
            Kind::Scalar { text, .. } => Some(Sourced::new(text, node.origin)),
            Kind::List(_) | Kind::Map(_) => {
                let hint = format!("写作“{what}: 文字”；文字较长时，冒号后写“|”，另起行并缩进两格");
                self.wrong_kind(&node, &format!("“{what}”"), "文字", &hint);
                None
            }
        }
    }

    /// Reads a text that has to be there.
    pub fn required_text(&mut self, node: Option<Node>, what: &str) -> Option<Sourced<String>> {
        let node = node?;
        if node
            .text()
            .is_some_and(|text| node.is_empty() || text.trim().is_empty())
        {
            let message = format!("“{what}”没有内容");
            let hint = format!("在冒号后面空一格，写上{what}");
            self.error("input/value/empty", &node.origin, message, hint);
            return None;
        }
        self.text(node, what)
    }

    /// The entries of a mapping; `None`, with a report, where the value is none.
    pub fn mapping(&mut self, node: Node, what: &str) -> Option<Vec<(Node, Node)>> {
        match node.kind {
            Kind::Map(entries) => Some(entries),
            Kind::Scalar { .. } | Kind::List(_) => {
                let hint = match what {
                    "公文" => "一行写一个键，如“标题: 关于……的通报”，冒号用半角，后面空一格",
                    _ => "换行后每行缩进两格，写作“键: 值”，冒号用半角，后面空一格",
                };
                self.wrong_kind(&node, what, "若干行“键: 值”", hint);
                None
            }
        }
    }

    /// The items of a list; one value alone is a list of one where `single` allows it.
    pub fn list(&mut self, node: Node, what: &str, single: bool) -> Option<Vec<Node>> {
        if node.is_empty() {
            return Some(Vec::new());
        }
        match node.kind {
            Kind::List(items) => Some(items),
            Kind::Scalar { .. } if single => Some(vec![node]),
            Kind::Scalar { .. } | Kind::Map(_) => {
                let hint = "每一项另起一行，以半角“- ”开头";
                self.wrong_kind(&node, what, "列表", hint);
                None
            }
        }
    }

    /// The letters of a key.
    pub fn key_text(&mut self, key: &Node) -> Option<String> {
        let text = key.text().map(str::to_owned);
        if let (
            Some(text),
            Kind::Scalar {
                style: Style::Bare, ..
            },
        ) = (&text, &key.kind)
        {
            self.report(bare_key(text, &key.origin));
            return None;
        }
        if text.is_none() {
            let hint = "以“{{”“[”等开头的文字要加半角引号";
            self.error("input/key/form", &key.origin, "键应是文字，这里不是", hint);
        }
        text
    }

    /// The entries of a mapping with free names, each name once.
    pub fn named(&mut self, entries: Vec<(Node, Node)>) -> Vec<(Sourced<String>, Node)> {
        let mut seen: BTreeMap<String, Origin> = BTreeMap::new();
        let mut named = Vec::new();
        for (key, value) in entries {
            let Some(name) = self.key_text(&key) else {
                continue;
            };
            match seen.get(&name) {
                Some(first) => self.report(duplicate(&name, first, &name, &key.origin)),
                None => {
                    seen.insert(name.clone(), key.origin.clone());
                    named.push((Sourced::new(name, key.origin), value));
                }
            }
        }
        named
    }

    /// Finds a path as typed: from the folder of the input file, where it is written there.
    pub fn path(&self, typed: &str, origin: &Origin) -> PathBuf {
        match self.is_flag(origin) {
            true => PathBuf::from(typed),
            false => self.folder.join(typed),
        }
    }

    /// Where a path written at `origin` starts.
    pub fn base(&self, origin: &Origin) -> &'static str {
        match self.is_flag(origin) {
            true => "运行命令时所在的文件夹",
            false => "输入文件所在的文件夹",
        }
    }

    fn is_flag(&self, origin: &Origin) -> bool {
        let file = origin.file();
        file.is_some_and(|file| self.flags.iter().any(|flag| *flag.name == **file))
    }

    /// Reads another YAML file beside the input; a fault of its YAML is reported and gives nothing,
    /// as an empty file does.
    pub fn yaml(&mut self, path: &Path) -> Result<Option<Node>, LoadError> {
        self.files.push(path.to_owned());
        let text = read::bytes(path).and_then(|bytes| read::text(path, bytes))?;
        let text: Arc<str> = text.into();
        let file = Context::file_name(path);
        self.sources.insert(file.clone(), text.clone());
        let slips = scan::scan(&text, &file);
        match yaml::parse(&text, &file) {
            Ok(node) if node.is_empty() => Ok(None),
            Ok(node) => {
                self.slips.extend(slips);
                Ok(Some(node))
            }
            Err(error) => {
                let slips = scan::blamed(slips, Some(&error));
                if slips.is_empty() {
                    self.report(syntax::explain(&text, &file, &error));
                }
                slips
                    .into_iter()
                    .for_each(|slip| self.report(slip.diagnostic));
                Ok(None)
            }
        }
    }

    /// The name under which a file stands in origins.
    pub fn file_name(path: &Path) -> Arc<str> {
        path.to_string_lossy().into()
    }
}

/// A key of `{…}` that no colon follows: a colon that YAML does not know, or the rest of a value with
/// a comma in it.
fn bare_key(text: &str, origin: &Origin) -> Diagnostic {
    let at = text.find(['：', ':']);
    let (head, rest) = text.split_at(at.unwrap_or(text.len()));
    let name = head.trim();
    let mut signs = rest.chars();
    let colon = signs.next();
    let value = signs.as_str();
    let figures = name.chars().all(|c| c.is_ascii_digit());
    if is_word(name) && !figures && !value.starts_with(['/', ':']) {
        let origin = origin.after(head);
        let written = format!("{name}: {}", shorten(value.trim()));
        if colon == Some('：') {
            let message = format!("“{name}”后面是全角冒号“：”");
            let hint = format!("改为半角冒号加一个空格，写作“{written}”");
            return Diagnostic::error("input/yaml/full-width-colon", &origin, message).hint(hint);
        }
        if colon == Some(':') {
            let message = format!("“{name}:”后面缺一个空格");
            return Diagnostic::error("input/yaml/missing-space", &origin, message)
                .hint(format!("写作“{written}”"));
        }
    }
    let shown = shorten(text);
    let message = format!("“{shown}”后面没有冒号，不成“键: 值”");
    Diagnostic::error("input/key/no-colon", origin, message).hint(format!(
        "值里有半角逗号时，给整个值加半角引号；是键就写作“{shown}: …”，冒号用半角，后面空一格"
    ))
}
