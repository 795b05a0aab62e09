//! `hongtou check`: which files, and how to say what is wrong with them.

use std::path::PathBuf;

use clap::ArgMatches;

use super::{OPERANDS, base, file, flag, font_path, path};

/// 检查若干份公文.
#[derive(Debug, PartialEq)]
pub struct CheckOptions {
    /// Files, and folders whose input files are meant.
    pub inputs: Vec<PathBuf>,
    pub format: CheckFormat,
    /// Where to write the copies of faulty workbooks.
    pub xlsx: Option<PathBuf>,
    pub font_dir: Option<PathBuf>,
}

/// How a check says what it found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckFormat {
    Text,
    Json,
    Sarif,
}

/// The arguments of `check`.
pub fn command() -> clap::Command {
    base("check", "检查公文的数据、文字和版面，不生成文件")
        .override_usage("hongtou check 文件或文件夹… [--json|--sarif] [--xlsx 文件夹]")
        .arg(
            file(
                "files",
                "文件",
                "输入文件；写文件夹时检查里面所有的输入文件",
            )
            .required(true)
            .num_args(1..)
            .help_heading(OPERANDS),
        )
        .arg(font_path())
        .arg(flag("json", "以 JSON 输出，供别的程序读取").conflicts_with("sarif"))
        .arg(flag("sarif", "以 SARIF 2.1.0 输出，供代码平台和编辑器读取"))
        .arg(
            file(
                "xlsx",
                "文件夹",
                "把有错的台账各复制一份放进去，有错的格子加批注，可以退回填报单位",
            )
            .long("xlsx"),
        )
}

/// What was asked of `check`.
pub fn options(matches: &ArgMatches) -> CheckOptions {
    CheckOptions {
        inputs: matches
            .get_many::<PathBuf>("files")
            .into_iter()
            .flatten()
            .cloned()
            .collect(),
        format: match (matches.get_flag("json"), matches.get_flag("sarif")) {
            (true, _) => CheckFormat::Json,
            (_, true) => CheckFormat::Sarif,
            _ => CheckFormat::Text,
        },
        xlsx: path(matches, "xlsx"),
        font_dir: path(matches, "font-path"),
    }
}
