//! Text templates: the built-in words of each kind, and those of a unit's own folder.

use std::sync::Arc;

use crate::diag::Origin;
use crate::model::Sourced;

macro_rules! builtin {
    ($($kind:literal: $($section:literal),+;)+) => {
        &[$(($kind, &[$(
            ($section, include_str!(concat!("../../templates/text/", $kind, "/", $section, ".md"))),
        )+])),+]
    };
}

/// A kind or 通用, and its sections with their source.
type Kind = (&'static str, &'static [(&'static str, &'static str)]);

/// The built-in kinds; 通用 holds the sections that they share.
const BUILTIN: &[Kind] = builtin! {
    "季度检查通报": "缘由", "总体情况", "存在问题", "工作要求", "结尾";
    "问题通报": "缘由", "存在问题", "工作要求", "结尾";
    "专项工作通知": "缘由", "总体情况", "工作要求", "结尾";
    "整改通知": "缘由", "存在问题", "工作要求", "结尾";
    "通用": "联系方式";
};

/// The sections that the built-in kinds share.
pub const SHARED: &str = "通用";

/// The templates of a unit's own folder: section name and source.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    pub own: Vec<(String, Sourced<String>)>,
}

impl Templates {
    /// The source of a section: the unit's own, else the kind's, else the shared one.
    pub fn section(&self, kind: &str, section: &str) -> Option<Sourced<String>> {
        let own = self.own.iter().find(|(name, _)| name == section);
        own.map(|(_, source)| source.clone()).or_else(|| {
            [kind, SHARED].iter().find_map(|kind| {
                let (_, text) = sections(kind)?.iter().find(|(name, _)| *name == section)?;
                let file: Arc<str> = builtin_name(kind, section).into();
                Some(Sourced::new((*text).to_owned(), Origin::text(&file, 1, 1)))
            })
        })
    }
}

/// The names of the built-in kinds.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    BUILTIN
        .iter()
        .map(|(kind, _)| *kind)
        .filter(|kind| *kind != SHARED)
}

/// The sections of a built-in kind (or of 通用): name and source.
pub fn sections(kind: &str) -> Option<&'static [(&'static str, &'static str)]> {
    BUILTIN
        .iter()
        .find(|(name, _)| *name == kind)
        .map(|(_, sections)| *sections)
}

/// The sections that every kind falls back to.
pub fn shared_sections() -> &'static [(&'static str, &'static str)] {
    sections(SHARED).expect("the shared sections are built in")
}

/// The name that a built-in template goes by in messages.
pub fn builtin_name(kind: &str, section: &str) -> String {
    format!("内置模板/{kind}/{section}.md")
}

/// Every built-in template by the name it goes by in messages, for showing the line of a fault.
pub fn builtin_sources() -> impl Iterator<Item = (String, &'static str)> {
    BUILTIN.iter().flat_map(|(kind, sections)| {
        sections
            .iter()
            .map(|(section, text)| (builtin_name(kind, section), *text))
    })
}
