//! Flags of the command line stand for keys of the input file: the tree comes in, it goes out with
//! the flags in place of what the file says.

use super::context::Context;
use super::keys::{self, Key};
use super::node::{Kind, Node, Style};
use super::periods::key;
use crate::diag::Origin;

/// A key that the command line gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Flag {
    /// As it is typed, such as `--column`; in origins it is the name of the file.
    pub name: &'static str,
    /// The English name of a key of 批量, or of the whole file.
    pub key: &'static str,
    /// What is written behind it; a list where the key may hold one.
    pub value: Given,
}

/// The value of a flag.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    Text(String),
    List(Vec<String>),
}

/// Puts the flags into the tree of an input file.
pub fn apply(mut node: Node, cx: &mut Context) -> Node {
    for flag in cx.flags {
        let text = match &flag.value {
            Given::Text(text) => text.clone(),
            Given::List(items) => items.join(","),
        };
        cx.sources.insert(flag.name.into(), text.into());
        let Kind::Map(entries) = &mut node.kind else {
            continue;
        };
        if keys::find(keys::BATCH, flag.key).is_none() {
            put(flag, keys::CIRCULAR, entries);
        } else if let Some(entries) = batch(flag, entries) {
            put(flag, keys::BATCH, entries);
        }
    }
    node
}

/// The entries of 批量, which a flag makes where there is none; nothing where it is no mapping.
fn batch<'a>(flag: &Flag, entries: &'a mut Vec<(Node, Node)>) -> Option<&'a mut Vec<(Node, Node)>> {
    let at = match position(keys::CIRCULAR, "batch", entries) {
        Some(at) => at,
        None => {
            let origin = flag.origin(0);
            entries.push((key("批量", &origin), key("", &origin)));
            entries.len() - 1
        }
    };
    let section = &mut entries[at].1;
    if section.is_empty() {
        section.kind = Kind::Map(Vec::new());
    }
    match &mut section.kind {
        Kind::Map(entries) => Some(entries),
        Kind::Scalar { .. } | Kind::List(_) => None,
    }
}

fn put(flag: &Flag, keys: &'static [Key], entries: &mut Vec<(Node, Node)>) {
    while let Some(at) = position(keys, flag.key, entries) {
        entries.remove(at);
    }
    let name = keys::find(keys, flag.key).map_or(flag.key, |key| key.chinese);
    entries.push((key(name, &flag.origin(0)), flag.node()));
}

fn position(keys: &'static [Key], english: &str, entries: &[(Node, Node)]) -> Option<usize> {
    let known = |key: &Node| keys::find(keys, key.text()?);
    entries
        .iter()
        .position(|(key, _)| known(key).is_some_and(|key| key.english == english))
}

impl Flag {
    /// The place so many characters into the value.
    fn origin(&self, before: usize) -> Origin {
        let column = u32::try_from(before + 1).unwrap_or(u32::MAX);
        Origin::text(&self.name.into(), 1, column)
    }

    fn node(&self) -> Node {
        let mut before = 0;
        let mut text = |text: &str| {
            let node = Node {
                // Quoted, so that every letter counts.
                kind: Kind::Scalar {
                    text: text.to_owned(),
                    style: Style::Quoted,
                },
                origin: self.origin(before),
                breaks: 0,
            };
            before += text.chars().count() + 1;
            node
        };
        match &self.value {
            Given::Text(value) => text(value),
            Given::List(items) => Node {
                kind: Kind::List(items.iter().map(|item| text(item)).collect()),
                origin: self.origin(0),
                breaks: 0,
            },
        }
    }
}
