//! Variables that no text reads and whose names are nearly those that the built-in words ask for. Comes
//! in: the circular. Goes out: a warning for each, as words that a variable would have brought are left
//! out without it.

use std::collections::BTreeSet;

use super::templates::{self, Templates};
use crate::diag::{Diagnostic, Rule};
use crate::model::{Circular, Sourced};

pub const UNUSED: Rule = Rule::new("variables/name/unused", "变量没有用到，像是写错了名称")
    .warning()
    .example("整改时限: 10月30日", "整改期限: 10月30日");

/// A shorter name is near to too many others.
const SHORTEST: usize = 3;

/// Finds them.
pub fn faults(circular: &Circular, templates: &Templates) -> Vec<Diagnostic> {
    let names_given = circular.variables.iter().map(|(name, _)| name);
    let own = own_texts(circular, templates);
    let unused = names_given.clone().filter(|name| {
        let name = name.value.as_str();
        !own.iter().any(|text| text.contains(name)) && !is_built_in(name)
    });
    let unused: Vec<&Sourced<String>> = unused.collect();
    if unused.is_empty() {
        return Vec::new();
    }
    let kinds = [circular.kind.value.as_str(), templates::SHARED].into_iter();
    let sections = kinds.filter_map(templates::sections).flatten();
    let read: BTreeSet<&str> = sections.flat_map(|(_, text)| names(text)).collect();
    let is_given = |name: &str| {
        let mut tables = circular.tables.iter();
        names_given.clone().any(|given| given.value == name)
            || tables.any(|table| table.name.value == name)
    };
    let warning = |name: &Sourced<String>| {
        let mut near = read.iter().filter(|read| {
            let long = read.chars().count() >= SHORTEST;
            long && strsim::osa_distance(read, &name.value) == 1 && !is_given(read)
        });
        let message = format!("变量“{}”没有用到", name.value);
        let hint = format!("是不是“{}”", near.next()?);
        Some(UNUSED.fault(&name.origin, message).hint(hint))
    };
    unused.into_iter().filter_map(warning).collect()
}

/// Tells whether any built-in text reads a name.
fn is_built_in(name: &str) -> bool {
    let mut sources = templates::builtin_sources();
    // Most texts do not hold the name's letters at all, which is soon found out.
    sources.any(|(_, text)| text.contains(name) && names(text).any(|read| read == name))
}

/// The texts that the user wrote and that may read variables.
fn own_texts<'a>(circular: &'a Circular, templates: &'a Templates) -> Vec<&'a str> {
    let attachments = circular.attachments.iter();
    let attached = attachments.flat_map(|attachment| {
        let texts = [&attachment.recipients, &attachment.text];
        std::iter::once(&attachment.title).chain(texts.into_iter().flatten())
    });
    let optional = [
        &circular.recipients,
        &circular.note,
        &circular.imprint.cc_recipients,
        &circular.main_text.whole,
    ];
    let sections = circular.main_text.sections.iter().map(|(_, text)| text);
    let own = templates.own.iter().map(|(_, text)| text);
    let attendance = circular.attendance.iter().map(|(_, names)| names);
    let texts = std::iter::once(&circular.title)
        .chain(attached)
        .chain(optional.into_iter().flatten())
        .chain(sections)
        .chain(own)
        .chain(attendance);
    texts.map(|text| text.value.as_str()).collect()
}

/// The names in the tags of a template, without what stands in quotation marks.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let tags = text.split('{').skip(1);
    let code = tags.filter_map(|tag| tag.split('}').next());
    code.flat_map(|code| code.split('"').step_by(2))
        .flat_map(|code| code.split(|letter: char| !letter.is_alphanumeric() && letter != '_'))
        .filter(|name| !name.is_empty())
}
