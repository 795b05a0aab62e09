//! Arguments to plain options; clap's types stay in this folder, its words are made Chinese here.
//! Each command with many options has a file of its own.

mod batch;
mod build;
mod check;
mod keys;
mod refusal;
mod template;
mod watch;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, value_parser};

pub use batch::BatchOptions;
pub use build::{BuildOptions, Format};
pub use check::{CheckFormat, CheckOptions};
pub use template::TemplateAction;
pub use watch::WatchOptions;

/// A command with its options.
#[derive(Debug, PartialEq)]
pub enum Command {
    Build(BuildOptions),
    Watch(WatchOptions),
    Check(CheckOptions),
    Rules,
    Explain {
        code: String,
    },
    Batch(BatchOptions),
    /// Makes one ledger of the folders of several parts.
    Join {
        parts: Vec<PathBuf>,
        folder: PathBuf,
    },
    New {
        folder: PathBuf,
        kind: String,
    },
    Schema {
        /// Whether it is that of 版式.
        profile: bool,
    },
    Template(TemplateAction),
    Fonts {
        folder: Option<PathBuf>,
    },
    Licenses,
}

/// Why there is no command to run.
pub enum Stop {
    /// Help or the version was asked for.
    Help(String),
    /// The arguments make no sense; says why.
    Refused(String),
}

/// Reads the arguments, the first of which is the program's own name.
pub fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Command, Stop> {
    let arguments: Vec<OsString> = arguments.collect();
    let mut program = program();
    let matches = program
        .try_get_matches_from_mut(&arguments)
        .map_err(|error| match error.kind() {
            ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Stop::Help(error.to_string()),
            _ => {
                let named = arguments.get(1).and_then(|name| name.to_str());
                let command = named.and_then(|name| program.find_subcommand(name));
                Stop::Refused(refusal::refusal(&error, command.unwrap_or(&program)))
            }
        })?;
    command(&matches).map_err(|why| Stop::Refused(format!("错误：{why}")))
}

/// Makes the options of a command, or says why they contradict each other.
fn command(matches: &ArgMatches) -> Result<Command, String> {
    let (name, matches) = matches.subcommand().expect(ASKED);
    Ok(match name {
        "build" => Command::Build(build::options(matches)?),
        "batch" => batch::run_or_join(matches),
        "watch" => Command::Watch(watch::options(matches)?),
        "check" => Command::Check(check::options(matches)),
        "rules" => Command::Rules,
        "explain" => Command::Explain {
            code: text(matches, "code"),
        },
        "new" => Command::New {
            folder: required(matches, "folder"),
            kind: text(matches, "kind"),
        },
        "schema" => Command::Schema {
            profile: matches
                .get_one::<String>("of")
                .is_some_and(|of| of == "版式"),
        },
        "template" => Command::Template(template::action(matches)),
        "fonts" => Command::Fonts {
            folder: path(matches, "font-path"),
        },
        _ => Command::Licenses,
    })
}

/// Why what is asked for is there.
const ASKED: &str = "clap has checked that it is there";

/// A path, where it was given.
fn path(matches: &ArgMatches, name: &str) -> Option<PathBuf> {
    matches.get_one::<PathBuf>(name).cloned()
}

/// A path that clap asks for.
fn required(matches: &ArgMatches, name: &str) -> PathBuf {
    path(matches, name).expect(ASKED)
}

/// A word that clap asks for, or that has a default.
fn text(matches: &ArgMatches, name: &str) -> String {
    matches.get_one::<String>(name).cloned().expect(ASKED)
}

fn program() -> clap::Command {
    let version = Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version)
        .help("显示版本");
    let code = word("code", "代码").help("方括号里的代码，如 text/mark/half-width");
    let plain = |name: &'static str, about: &'static str, usage: &'static str| {
        base(name, about).override_usage(usage)
    };
    base(
        "hongtou",
        "红头：把问题清单排印成符合 GB/T 9704—2012 的红头文件",
    )
    .version(env!("CARGO_PKG_VERSION"))
    .arg(version)
    .subcommand_required(true)
    .arg_required_else_help(true)
    .override_usage("hongtou 命令 [选项]")
    .subcommand(build::command())
    .subcommand(batch::command())
    .subcommand(check::command())
    .subcommand(plain("rules", "列出检查的全部规则", "hongtou rules"))
    .subcommand(
        plain(
            "explain",
            "说明一条规则的依据、错例和正例",
            "hongtou explain 代码",
        )
        .arg(code),
    )
    .subcommand(watch::command())
    .subcommand(new())
    .subcommand(template::command())
    .subcommand(
        plain(
            "schema",
            "输出输入文件或版式文件的 JSON Schema，供编辑器补全",
            "hongtou schema [公文|版式]",
        )
        .arg(
            word("of", "文件")
                .required(false)
                .value_parser(["公文", "版式"])
                .hide_possible_values(true)
                .help("公文（不写即是）或版式"),
        ),
    )
    .subcommand(
        plain(
            "fonts",
            "列出各种字体由哪个字库承担",
            "hongtou fonts [--font-path 文件夹]",
        )
        .arg(font_path()),
    )
    .subcommand(plain(
        "licenses",
        "显示内置字库的版权说明",
        "hongtou licenses",
    ))
}

fn new() -> clap::Command {
    base("new", "新建一个文件夹，放入可以直接排印的输入文件和台账")
        .override_usage("hongtou new 文件夹 [--kind 文种]")
        .arg(
            file("folder", "文件夹", "新建的或空的文件夹")
                .required(true)
                .help_heading(OPERANDS),
        )
        .arg(
            Arg::new("kind")
                .long("kind")
                .value_name("文种")
                .default_value("季度检查通报")
                .hide_default_value(true)
                .help("季度检查通报（缺省）、问题通报、专项工作通知，或整改通知（用 hongtou batch 给每个单位一份）"),
        )
}

const HELP: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// The heading of what is typed without a flag.
const OPERANDS: &str = "参数";

/// A command with its help in Chinese.
fn base(name: &'static str, about: &'static str) -> clap::Command {
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help)
        .help("显示帮助");
    clap::Command::new(name)
        .about(about)
        .help_template(HELP)
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .subcommand_help_heading("命令")
        .next_help_heading("选项")
        .arg(help)
}

/// An argument that is a path.
fn file(id: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(id)
        .value_name(value)
        .help(help)
        .value_parser(value_parser!(PathBuf))
}

/// A flag without a value.
fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .action(ArgAction::SetTrue)
        .help(help)
}

/// A word that has to be there.
fn word(id: &'static str, value: &'static str) -> Arg {
    Arg::new(id)
        .value_name(value)
        .required(true)
        .help_heading(OPERANDS)
}

/// The input file of a command that makes one circular.
fn input() -> Arg {
    file("file", "文件", "输入文件（YAML，或有工作表“公文”的台账）")
        .required(true)
        .help_heading(OPERANDS)
}

/// What the command writes.
fn output(id: &'static str, value: &'static str, help: &'static str) -> Arg {
    file(id, value, help).short('o').long("output")
}

fn font_path() -> Arg {
    file(
        "font-path",
        "文件夹",
        "本单位的字库文件夹（方正小标宋、仿宋_GB2312、楷体_GB2312等）",
    )
    .long("font-path")
}

#[cfg(test)]
mod tests {
    use super::build::Format;
    use super::*;

    fn parsed(words: &[&str]) -> Result<Command, String> {
        parse(words.iter().map(OsString::from)).map_err(|stop| match stop {
            Stop::Help(text) | Stop::Refused(text) => text,
        })
    }

    #[test]
    fn help_and_refusals_are_chinese() {
        let help = parsed(&["hongtou", "build", "--help"]).unwrap_err();
        assert!(help.contains("用法：hongtou build"), "{help}");
        for english in ["Usage", "Options", "Arguments", "Print", "default"] {
            assert!(!help.contains(english), "{help}");
        }
        let cases = [
            (
                vec!["hongtou", "bild", "x"],
                "没有“bild”这个命令，是不是“build”",
            ),
            (vec!["hongtou", "build"], "缺少<文件>"),
            (
                vec!["hongtou", "build", "x", "--formt", "png"],
                "不认识“--formt”，是不是“--format”",
            ),
            (
                vec!["hongtou", "build", "x", "--format", "doc"],
                "不能是“doc”\n  说明：--format <格式>  pdf、png 或 svg",
            ),
            (
                vec!["hongtou", "build", "x", "--draft", "--copies", "3"],
                "“--draft”不能和“--copies <份数>”一起用",
            ),
            (
                vec!["hongtou", "build", "x", "-o", "a.pdf", "-o", "b.pdf"],
                "“--output <输出>”写了不止一次",
            ),
            (vec!["hongtou", "build", "x", "y"], "“y”是多写的"),
        ];
        for (words, expected) in cases {
            let refusal = parsed(&words).unwrap_err();
            assert!(refusal.contains(expected), "{refusal}");
        }
    }

    #[test]
    fn a_watch_opens_the_browser_unless_told_not_to() {
        let open = |words: &[&str]| match parsed(words) {
            Ok(Command::Watch(options)) => options.open,
            other => panic!("a watch was asked for: {other:?}"),
        };
        assert!(open(&["hongtou", "watch", "通报.yaml"]));
        assert!(open(&["hongtou", "watch", "通报.yaml", "--open"]));
        assert!(!open(&["hongtou", "watch", "--no-open", "通报.yaml"]));
    }

    #[test]
    fn a_bare_build_makes_a_pdf_beside_its_input() {
        let Ok(Command::Build(options)) = parsed(&["hongtou", "build", "通报.yaml"]) else {
            panic!("a build was asked for")
        };
        assert_eq!((options.format, options.output), (Format::Pdf, None));
    }
}
