//! A mapping with known keys comes in; its values by key go out, unknown, repeated and missing keys
//! as diagnostics.

use super::context::Context;
use super::keys::{self, Key};
use super::node::{Kind, Node, Style};
use super::scan::is_invisible;
use super::yaml::without_comment;
use crate::diag::{Diagnostic, Origin};
use crate::model::template_mark;

/// The values of a mapping, by key.
pub struct Fields {
    keys: &'static [Key],
    entries: Vec<Entry>,
    /// The keys that unknown ones are likely to mean; they are not missing as well.
    meant: Vec<&'static Key>,
}

struct Entry {
    key: &'static Key,
    /// The key as written, and its place.
    written: String,
    origin: Origin,
    value: Node,
}

impl Fields {
    /// Reads a mapping whose keys are `keys`. `None` where `node` is none.
    pub fn read(node: Node, keys: &'static [Key], what: &str, cx: &mut Context) -> Option<Self> {
        let origin = node.origin.clone();
        let entries = cx.mapping(node, what)?;
        let mut fields = Fields {
            keys,
            entries: Vec::new(),
            meant: Vec::new(),
        };
        for (key, value) in entries {
            fields.add(key, value, cx);
        }
        fields.report_missing(&origin, what, cx);
        Some(fields)
    }

    /// Takes the value of the key with that English name, where it was written.
    pub fn take(&mut self, english: &str) -> Option<Node> {
        self.take_with_origin(english).map(|(_, value)| value)
    }

    /// Takes the value together with the place of its key.
    pub fn take_with_origin(&mut self, english: &str) -> Option<(Origin, Node)> {
        debug_assert!(keys::find(self.keys, english).is_some(), "{english}");
        let index = self.entries.iter().position(|e| e.key.english == english)?;
        let entry = self.entries.swap_remove(index);
        Some((entry.origin, entry.value))
    }

    fn add(&mut self, key: Node, value: Node, cx: &mut Context) {
        let Some(name) = cx.key_text(&key) else {
            let meant = key.text().and_then(|text| text.split(['：', ':']).next());
            self.meant
                .extend(meant.and_then(|name| keys::find(self.keys, name.trim())));
            return;
        };
        let Some(known) = keys::find(self.keys, &name) else {
            let (diagnostic, meant) = unknown(&name, &key.origin, &value, self.keys);
            self.meant.extend(meant);
            return cx.report(diagnostic);
        };
        if !known.form.is_template() && !known.form.is_data() {
            let reading = self.keys.iter().filter(|key| key.form.is_template());
            let reading: Vec<&str> = reading.map(|key| key.chinese).collect();
            let hint = match reading.as_slice() {
                [] => "直接写上要用的文字".to_owned(),
                _ => format!(
                    "直接写上文字；能用“{{{{ … }}}}”的是：{}",
                    reading.join("、")
                ),
            };
            if report_template_marks(&value, &name, &hint, cx) {
                return self.meant.push(known);
            }
        }
        if known.form.is_markdown() {
            report_lost_lines(&value, &name, &key.origin, cx);
        }
        let first = self.entries.iter().find(|e| e.key.english == known.english);
        match first {
            Some(first) => cx.report(duplicate(&first.written, &first.origin, &name, &key.origin)),
            None => self.entries.push(Entry {
                key: known,
                written: name,
                origin: key.origin,
                value,
            }),
        }
    }

    fn report_missing(&self, origin: &Origin, what: &str, cx: &mut Context) {
        for key in self.keys.iter().filter(|key| key.required) {
            self.require(key.english, origin, what, cx);
        }
    }

    /// Reports the key with that English name where it was not written.
    pub fn require(&self, english: &str, origin: &Origin, what: &str, cx: &mut Context) {
        let written = self.entries.iter().map(|entry| entry.key);
        let mut given = written.chain(self.meant.iter().copied());
        let missing = !given.any(|key| key.english == english);
        let Some(key) = keys::find(self.keys, english).filter(|_| missing) else {
            return;
        };
        let name = key.chinese;
        let named = format!("“{name}");
        if cx.report_slips(|slip| slip.diagnostic.message.contains(&named)) {
            return;
        }
        let message = format!("{what}缺少“{name}”");
        let hint = format!("加一行“{name}: …”：{}", key.about);
        cx.report(Diagnostic::error("input/key/missing", origin, message).hint(hint));
    }
}

/// Reports template marks in words that are no template; tells whether there were any.
fn report_template_marks(node: &Node, name: &str, hint: &str, cx: &mut Context) -> bool {
    let origin = match &node.kind {
        _ if is_template(node) => node.origin.clone(),
        Kind::Scalar { text, .. } => match template_mark(text) {
            Some(at) => node.origin.after(&text[..at]),
            None => return false,
        },
        Kind::List(items) => {
            let mut report = |item| report_template_marks(item, name, hint, cx);
            return items
                .iter()
                .map(&mut report)
                .fold(false, |any, one| any | one);
        }
        Kind::Map(_) => return false,
    };
    let message = format!("“{name}”不是模板，这里不能用“{{{{ … }}}}”或“{{% … %}}”");
    cx.error("template/mark/out-of-place", &origin, message, hint);
    true
}

/// Reports lines of a text that YAML takes away, as no `|` stands behind its key: blank lines between
/// paragraphs, and headings above it, which are comments then.
fn report_lost_lines(node: &Node, name: &str, key: &Origin, cx: &mut Context) {
    let (Some(text), Some(file), Origin::Text { line, .. }) = (node.text(), key.file(), key) else {
        return;
    };
    let lines: Vec<(u32, String)> = (*line + 1..=*node.lines().end())
        .filter_map(|number| Some((number, cx.sources.line(file, number)?.to_owned())))
        .collect();
    let is_folded = |line: &str| without_comment(line).trim_end().ends_with('>');
    let is_quoted = matches!(&node.kind, Kind::Scalar { style, .. } if *style == Style::Quoted);
    let hint = match cx.sources.line(file, *line).is_some_and(is_folded) {
        true => format!("把“{name}:”后面的“>”改成“|”"),
        false if is_quoted => {
            format!("去掉引号，在“{name}:”后面加上“ |”，文字另起行并缩进")
        }
        false => format!("在“{name}:”后面加上“ |”，文字另起行并缩进"),
    };
    let above = lines
        .iter()
        .filter(|(number, _)| number < node.lines().start());
    for (number, heading) in above.filter(|(_, line)| line.trim_start().starts_with("# ")) {
        let column = heading.chars().take_while(|letter| *letter == ' ').count() + 1;
        let origin = Origin::text(file, *number, column as u32);
        let message = format!("“{}”被当作注释，没有用到", heading.trim());
        let warning = Diagnostic::warning("input/yaml/comment-after-text", &origin, message);
        cx.report(warning.hint(format!("是标题就{hint}")));
    }
    let kept = text.trim().matches('\n').count();
    let inside = lines
        .iter()
        .filter(|(number, _)| node.lines().contains(number));
    let is_blank = |(_, line): &(u32, String)| line.trim().is_empty();
    // In quotation marks a break may be written as a letter, so that their number tells nothing.
    if (is_quoted || kept < node.breaks as usize) && inside.clone().any(is_blank) {
        let message = format!("“{name}”分了段，却没有用“|”，各段会连成一段");
        cx.error("input/yaml/paragraphs-joined", &node.origin, message, &hint);
    }
}

/// A key nobody knows, and the one that was meant.
fn unknown(
    name: &str,
    origin: &Origin,
    value: &Node,
    keys: &'static [Key],
) -> (Diagnostic, Option<&'static Key>) {
    let seen = name.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    if let Some(key) = keys::find(keys, seen) {
        let message = format!("“{seen}”前后有全角空格或看不见的字符");
        let diagnostic = Diagnostic::error("input/yaml/full-width-space", origin, message).hint(
            format!("删去空白重写，行首写作“{seen}: …”，缩进只用半角空格"),
        );
        return (diagnostic, Some(key));
    }
    let message = format!("没有“{name}”这个键");
    let diagnostic = Diagnostic::error("input/key/unknown", origin, message);
    if let Some(home) = keys::home(seen) {
        let hint = match home {
            keys::WHOLE => format!("“{seen}”是整份公文的键，不写在这里，要与“文种”并列"),
            home => format!("“{seen}”是“{home}”里的键，要写在那里面"),
        };
        return (diagnostic.hint(hint), None);
    }
    let rows = |items: &[Node]| items.iter().all(|item| matches!(item.kind, Kind::Map(_)));
    if let Kind::List(items) = &value.kind
        && keys::find(keys, "tables").is_some()
        && rows(items)
    {
        let hint = format!("“{seen}”是一张表格，要写在“表格:”下面，连同各行再缩进两格");
        return (diagnostic.hint(hint), None);
    }
    match keys::nearest(seen, keys.iter().flat_map(Key::names)) {
        Some(nearest) => {
            let diagnostic = diagnostic.hint(format!("是否要写“{nearest}”"));
            (diagnostic, keys::find(keys, nearest))
        }
        None => {
            let names: Vec<_> = keys.iter().map(|key| key.chinese).collect();
            let mut hint = format!("这里可写：{}", names.join("、"));
            if keys::find(keys, "variables").is_some() {
                hint.push_str("；只在文字里用的值写在“变量:”下面");
            }
            (diagnostic.hint(hint), None)
        }
    }
}

/// A key that was written before, perhaps under its other name.
pub fn duplicate(first: &str, first_origin: &Origin, name: &str, origin: &Origin) -> Diagnostic {
    let message = if first == name {
        format!("“{name}”写了两次")
    } else {
        format!("“{name}”与“{first}”是同一个键，写了两次")
    };
    Diagnostic::error("input/key/duplicate", origin, message)
        .hint("只留一处")
        .related(first_origin, "第一次写在这里")
}

/// The written form of a list or mapping, to guess what was meant.
pub fn is_template(node: &Node) -> bool {
    match &node.kind {
        Kind::Map(entries) => entries
            .first()
            .is_some_and(|(key, value)| matches!(key.kind, Kind::Map(_)) && value.is_empty()),
        Kind::Scalar { .. } | Kind::List(_) => false,
    }
}
