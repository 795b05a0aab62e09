//! `hongtou batch`: which notices to make, and what else.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, value_parser};

use super::{Command, OPERANDS, base, file, flag, font_path, keys, output, path, required};
use crate::batch::{Options, Shard};
use crate::load::Flag;

/// 批量.
#[derive(Debug, PartialEq)]
pub struct BatchOptions {
    pub input: PathBuf,
    pub folder: PathBuf,
    /// Keys of 批量 that the command line gives.
    pub flags: Vec<Flag>,
    pub font_dir: Option<PathBuf>,
    pub dry_run: bool,
    pub json: bool,
    pub run: Options,
}

/// The arguments of `batch`.
pub fn command() -> clap::Command {
    base(
        "batch",
        "按输入文件的“批量”一项或相应的选项，给每个单位做一份通知，并记台账",
    )
    .override_usage(
        "hongtou batch 文件 -o 文件夹 [选项]
      hongtou batch 文件 -o 文件夹 --notice 文件 [--column 列名 …]
      hongtou batch --join 文件夹… -o 文件夹",
    )
    .arg(
        file(
            "file",
            "文件",
            "输入文件；没有“批量”一项时，至少要写“--notice”",
        )
        .required_unless_present("join")
        .conflicts_with("join")
        .help_heading(OPERANDS),
    )
    .arg(output("folder", "文件夹", "放各份公文和台账的文件夹").required(true))
    .arg(flag("dry-run", "只列出要做哪些，不写任何文件"))
    .arg(flag(
        "force",
        "全部重做；同名的文件不是本程序做的或者改动过的，改名留下",
    ))
    .arg(flag(
        "prune",
        "删去不再需要的文件（单位已不发通知的，或改了文件名的）",
    ))
    .arg(flag(
        "merge",
        "另做一份合订本，供付印：各份依次相接，都从单页开始",
    ))
    .arg(flag("zip", "另把各份和台账打成一个 zip"))
    .arg(
        Arg::new("threads")
            .short('j')
            .long("threads")
            .value_name("个数")
            .value_parser(value_parser!(u32).range(1..=256))
            .help("同时做几份；缺省与处理器个数相同"),
    )
    .arg(
        Arg::new("shard")
            .long("shard")
            .value_name("第几份/共几份")
            .value_parser(shard)
            .help("只做其中一部分，如 2/8，供几台机器分做；字号与一次做完时相同"),
    )
    .arg(
        file(
            "join",
            "文件夹",
            "把分做的各文件夹合记一本台账，放到“-o”的文件夹",
        )
        .long("join")
        .num_args(1..),
    )
    .args(keys::arguments())
    .arg(font_path())
    .arg(flag("json", "以 JSON 输出结果，供别的程序读取"))
}

/// What was asked of `batch`: a run, or one ledger of several.
pub fn run_or_join(matches: &ArgMatches) -> Command {
    let flag = |name: &str| matches.get_flag(name);
    let folder = required(matches, "folder");
    if let Some(parts) = matches.get_many::<PathBuf>("join") {
        let parts = parts.cloned().collect();
        return Command::Join { parts, folder };
    }
    let machine = std::thread::available_parallelism().map_or(1, usize::from);
    Command::Batch(BatchOptions {
        input: required(matches, "file"),
        folder,
        flags: keys::flags(matches),
        font_dir: path(matches, "font-path"),
        dry_run: flag("dry-run"),
        json: flag("json"),
        run: Options {
            threads: matches
                .get_one::<u32>("threads")
                .map_or(machine, |threads| *threads as usize),
            force: flag("force"),
            prune: flag("prune"),
            merge: flag("merge"),
            zip: flag("zip"),
            shard: matches.get_one::<Shard>("shard").copied(),
        },
    })
}

/// Reads `2/8`.
fn shard(text: &str) -> Result<Shard, String> {
    let parts = text.split_once('/');
    let parts = parts.and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
    match parts {
        Some((index, count)) if 1 <= index && index <= count => Ok(Shard { index, count }),
        _ => Err("写作“第几份/共几份”，如 2/8".to_owned()),
    }
}
