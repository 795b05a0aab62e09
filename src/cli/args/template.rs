//! `hongtou template`: which of the built-in words, and where to.

use std::path::PathBuf;

use clap::ArgMatches;

use super::{OPERANDS, base, file, required, text, word};

/// 查看内置文字模板.
#[derive(Debug, PartialEq)]
pub enum TemplateAction {
    List,
    Functions,
    Show { kind: String },
    Copy { kind: String, folder: PathBuf },
}

/// The arguments of `template`.
pub fn command() -> clap::Command {
    base("template", "查看或取出内置的文字模板")
        .override_usage("hongtou template list|show|copy|functions")
        .subcommand(base("list", "列出内置的文种和各节"))
        .subcommand(base("functions", "列出模板里可用的过滤器"))
        .subcommand(
            base("show", "显示一个文种的文字模板")
                .override_usage("hongtou template show 文种")
                .arg(word("kind", "文种")),
        )
        .subcommand(
            base("copy", "把一个文种的文字模板复制到文件夹，供本单位修改")
                .override_usage("hongtou template copy 文种 文件夹")
                .arg(word("kind", "文种"))
                .arg(
                    file("folder", "文件夹", "新建的文件夹")
                        .required(true)
                        .help_heading(OPERANDS),
                ),
        )
}

/// What was asked of `template`.
pub fn action(matches: &ArgMatches) -> TemplateAction {
    match matches.subcommand() {
        Some(("show", matches)) => TemplateAction::Show {
            kind: text(matches, "kind"),
        },
        Some(("copy", matches)) => TemplateAction::Copy {
            kind: text(matches, "kind"),
            folder: required(matches, "folder"),
        },
        Some(("functions", _)) => TemplateAction::Functions,
        _ => TemplateAction::List,
    }
}
