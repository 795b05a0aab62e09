//! `hongtou watch`: what to show, and where.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, value_parser};

use super::build::Format;
use super::{base, flag, font_path, input, output, path, required};
use crate::watch;

/// 边改边看一份公文.
#[derive(Debug, PartialEq)]
pub struct WatchOptions {
    pub watch: watch::Options,
    /// Whether to open the browser.
    pub open: bool,
}

/// The arguments of `watch`.
pub fn command() -> clap::Command {
    base("watch", "在浏览器里看版面，保存后自动重排")
        .override_usage("hongtou watch 文件 [-o 输出] [--no-open]")
        .arg(input())
        .arg(output(
            "output",
            "输出",
            "没有错误时把 PDF 另存到这里，每次保存后更新；不写则不存",
        ))
        .arg(
            Arg::new("port")
                .long("port")
                .value_name("端口")
                .value_parser(value_parser!(u16))
                .default_value("0")
                .hide_default_value(true)
                .help("本机的端口；缺省时任取一个空闲的"),
        )
        .arg(flag("open", "打开浏览器（缺省）").overrides_with("no-open"))
        .arg(flag("no-open", "不打开浏览器，只显示网址").overrides_with("open"))
        .arg(font_path())
}

/// What was asked of `watch`; a refusal where it cannot be done.
pub fn options(matches: &ArgMatches) -> Result<WatchOptions, String> {
    Ok(WatchOptions {
        watch: watch::Options {
            input: required(matches, "file"),
            font_dir: path(matches, "font-path"),
            output: watched_output(matches)?,
            port: *matches.get_one::<u16>("port").expect("it has a default"),
        },
        open: !matches.get_flag("no-open"),
    })
}

/// Where a watch saves its PDF.
fn watched_output(matches: &ArgMatches) -> Result<Option<PathBuf>, String> {
    let output = matches.get_one::<PathBuf>("output");
    match output.map(|path| Format::by_ending(path)) {
        None | Some(Ok(None | Some(Format::Pdf))) => Ok(output.cloned()),
        Some(_) => {
            let why = "预览时只能另存为 PDF，没有开始\n  建议：输出的文件名以 .pdf 结尾";
            Err(why.to_owned())
        }
    }
}
