//! The tree of an input file and its text come in; the marks beside its values that YAML silently
//! takes for its own signs go out: `甲镇 #乙镇`, `&各 镇`, `!!x 文字`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::node::{Kind, Node, Style};
use super::scan::shorten;
use crate::diag::{Diagnostic, Origin, lines};

/// Finds the marks in `text`, of which `node` was read.
pub fn swallowed(node: &Node, text: &str, file: &Arc<str>) -> Vec<Diagnostic> {
    if !text.contains(['#', '&', '!']) {
        return Vec::new();
    }
    let marked = (1..).zip(lines(text));
    let marked = marked.filter(|(_, line)| line.contains(['#', '&', '!']));
    let mut finder = Finder {
        text,
        file,
        lines: marked.collect(),
        found: BTreeMap::new(),
    };
    finder.node(node);
    finder.found.into_values().collect()
}

struct Finder<'a> {
    text: &'a str,
    file: &'a Arc<str>,
    /// The lines that hold a mark at all, by number.
    lines: BTreeMap<u32, &'a str>,
    /// By place: an alias repeats the nodes of its anchor.
    found: BTreeMap<(u32, u32), Diagnostic>,
}

impl Finder<'_> {
    fn node(&mut self, node: &Node) {
        match &node.kind {
            Kind::Scalar { text, style } => {
                if *style == Style::Plain && !node.is_empty() {
                    self.comment(node, text);
                }
            }
            Kind::List(items) => items.iter().for_each(|item| self.node(item)),
            Kind::Map(entries) => {
                for (key, value) in entries {
                    if let (Some(text), Some(_)) = (key.text(), value.text()) {
                        self.property(key, text);
                    }
                    if let (Some(text), true) = (key.text(), value.is_empty()) {
                        self.swallowed_value(key, text);
                    }
                    self.node(value);
                }
            }
        }
    }

    /// What stands on the line of `node` behind its letters, and the column where that begins.
    fn behind(&self, node: &Node, letters: &str) -> Option<(u32, u32, &str)> {
        let Origin::Text { line, column, .. } = node.origin else {
            return None;
        };
        let typed = self.lines.get(&line)?;
        let (start, _) = typed.char_indices().nth(column as usize - 1)?;
        let rest = typed[start..].strip_prefix(letters)?;
        Some((line, column + to_u32(letters.chars().count()), rest))
    }

    /// `甲镇 #乙镇`: a comment that has no blank after its `#` was hardly meant as one.
    fn comment(&mut self, node: &Node, letters: &str) {
        let Some((line, column, rest)) = self.behind(node, letters) else {
            return;
        };
        let comment = rest.trim_start_matches([' ', '\t']);
        if is_meant(comment) || comment.len() == rest.len() || letters.is_ascii() {
            return;
        }
        let column = column + to_u32(rest.len() - comment.len());
        let comment = comment.trim_end();
        let whole = format!("{letters} {comment}");
        let fault = lost(Origin::text(self.file, line, column), comment, &whole);
        self.found.insert((line, column), fault);
    }

    /// `附注: #此件公开发布`: a value that is all comment is none.
    fn swallowed_value(&mut self, key: &Node, letters: &str) {
        let Some((line, column, rest)) = self.behind(key, letters) else {
            return;
        };
        let Some(value) = rest.strip_prefix(':') else {
            return;
        };
        let comment = value.trim_start_matches([' ', '\t']);
        if is_meant(comment) || comment.len() == value.len() {
            return;
        }
        let column = column + to_u32(rest.len() - comment.len());
        let comment = comment.trim_end();
        let fault = lost(Origin::text(self.file, line, column), comment, comment);
        self.found.insert((line, column), fault);
    }

    /// `&各 镇` or `!!x 文字`: YAML drops the first word of the value. An anchor that is used and
    /// the tag of a text are meant.
    fn property(&mut self, key: &Node, letters: &str) {
        let Some((line, column, rest)) = self.behind(key, letters) else {
            return;
        };
        let Some(value) = rest.strip_prefix(':') else {
            return;
        };
        let value = value.trim_start_matches([' ', '\t']);
        let word = value
            .split([' ', '\t', ',', '}'])
            .next()
            .unwrap_or_default();
        let meant = match word.strip_prefix('&') {
            Some(name) => self.text.contains(&format!("*{name}")),
            None => !word.starts_with('!') || word == "!!str",
        };
        if meant {
            return;
        }
        let column = column + to_u32(rest.len() - value.len());
        let origin = Origin::text(self.file, line, column);
        let message = format!("值以“{}”开头，YAML 把它当作符号", &word[..1]);
        let quoted = shorten(super::yaml::without_comment(value).trim_end()).replace('"', "'");
        let hint = format!("给整个值加半角引号，写作 \"{quoted}\"");
        let diagnostic = Diagnostic::error("input/yaml/special-character", &origin, message);
        self.found.insert((line, column), diagnostic.hint(hint));
    }
}

/// Words that were taken for a comment; `whole` is the value with them.
fn lost(origin: Origin, comment: &str, whole: &str) -> Diagnostic {
    let message = format!("“{}”被当作注释，没有用到", shorten(comment));
    let whole = whole.replace('"', "'");
    let hint = format!(
        "是值的一部分就给整个值加半角引号，写作 \"{}\"；是注释就在“#”后面空一格",
        shorten(&whole)
    );
    Diagnostic::warning("input/yaml/comment-after-text", &origin, message).hint(hint)
}

/// Tells whether what stands behind a value is none of it: a comment has a blank behind its mark.
fn is_meant(comment: &str) -> bool {
    let written = comment.strip_prefix('#').and_then(|c| c.chars().next());
    written.is_none_or(|c| c.is_whitespace() || c == '#')
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
