//! `hongtou template`: the built-in words, to look at and to take.

use std::path::Path;

use super::Status;
use super::args::TemplateAction;
use super::report::{complain, say};
use crate::compose::{Entry, REFERENCE, templates};

/// Lists, shows or copies.
pub fn template(action: &TemplateAction) -> Status {
    let text = match action {
        TemplateAction::List => Ok(list()),
        TemplateAction::Functions => Ok(functions()),
        TemplateAction::Show { kind } => show(kind),
        TemplateAction::Copy { kind, folder } => copy(kind, folder),
    };
    match text {
        Ok(text) => {
            say(&text);
            Status::Fine
        }
        Err(refusal) => {
            complain(&refusal);
            Status::Stopped
        }
    }
}

type Sections = Vec<(&'static str, &'static str)>;

/// A kind's own sections and the shared ones.
fn sections(kind: &str) -> Result<Sections, String> {
    let kinds: Vec<&str> = templates::kinds().collect();
    let own = templates::sections(kind)
        .filter(|_| kinds.contains(&kind))
        .ok_or_else(|| {
            format!(
                "错误：没有名为“{kind}”的文种，内置的有：{}",
                kinds.join("、")
            )
        })?;
    Ok(own
        .iter()
        .chain(templates::shared_sections())
        .copied()
        .collect())
}

fn list() -> String {
    let line = |kind| {
        let sections = sections(kind).expect("it is one of the kinds");
        let names: Vec<&str> = sections.iter().map(|(name, _)| *name).collect();
        format!("{kind}：{}", names.join("、"))
    };
    templates::kinds().map(line).collect::<Vec<_>>().join("\n")
}

fn functions() -> String {
    let line = |(chinese, english, example, what, result): &Entry| {
        let example = match example.contains("{%") {
            true => (*example).to_owned(),
            false => format!("{{{{ {example} }}}}"),
        };
        format!("{chinese}（{english}）\n  {what}\n  {example}\n  → {result}")
    };
    REFERENCE.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn show(kind: &str) -> Result<String, String> {
    let sections = sections(kind)?;
    let part = |(name, text): &(&str, &str)| format!("──── {name} ────\n{text}");
    Ok(sections.iter().map(part).collect::<Vec<_>>().join("\n"))
}

/// Copies into a new or empty folder, so that no file of the unit's own is lost.
fn copy(kind: &str, folder: &Path) -> Result<String, String> {
    let sections = sections(kind)?;
    let refusal = |error: &dyn std::fmt::Display| {
        format!("错误：无法写入文件夹 {}：{error}", folder.display())
    };
    let empty = folder
        .read_dir()
        .map_or(true, |mut entries| entries.next().is_none());
    if !empty {
        return Err(refusal(&"文件夹里已有文件，不覆盖"));
    }
    std::fs::create_dir_all(folder).map_err(|error| refusal(&error))?;
    for (name, text) in &sections {
        std::fs::write(folder.join(format!("{name}.md")), text).map_err(|error| refusal(&error))?;
    }
    let shown = folder.display();
    Ok(format!(
        "已把“{kind}”的{}节复制到 {shown}\n在输入文件里写上“模板目录: {shown}”即可使用；不改的文件可以删去",
        sections.len()
    ))
}
