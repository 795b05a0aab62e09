//! Arguments to plain options; clap's types stay in this file, its words are made Chinese here.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, value_parser};

use super::batch::BatchOptions;
use crate::batch::{Options, Shard};
use crate::load::{Flag, Given};
use crate::model::{Edition, RedHeader};
use crate::typeset::Standard;
use crate::watch;

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
    Schema,
    Template(TemplateAction),
    Fonts {
        folder: Option<PathBuf>,
    },
    Licenses,
}

/// 排印一份公文.
#[derive(Debug, PartialEq)]
pub struct BuildOptions {
    pub input: PathBuf,
    pub output: Option<PathBuf>,
    pub format: Format,
    pub font_dir: Option<PathBuf>,
    /// What the PDF has to follow.
    pub standards: Vec<Standard>,
    pub edition: Edition,
    /// How many copies to make, each with its own 份号.
    pub copies: Option<u32>,
    pub json: bool,
    /// Where to list every printed value with its cells.
    pub trace: Option<PathBuf>,
    /// Where to write the proof of the page, as HTML or, by its name, JSON.
    pub report: Option<PathBuf>,
    /// Pixels per inch of PNG pages.
    pub resolution: u32,
}

/// 边改边看一份公文.
#[derive(Debug, PartialEq)]
pub struct WatchOptions {
    pub watch: watch::Options,
    /// Whether to open the browser.
    pub open: bool,
}

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

/// What a build writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Pdf,
    Png,
    Svg,
}

impl Format {
    /// The ending of a file of this format.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Pdf => "pdf",
            Format::Png => "png",
            Format::Svg => "svg",
        }
    }

    /// The format that the ending of a path asks for; the ending where it is that of something we
    /// cannot make.
    fn by_ending(path: &Path) -> Result<Option<Format>, String> {
        const OTHERS: [&str; 9] = [
            "jpg", "jpeg", "doc", "docx", "wps", "ofd", "html", "yaml", "xlsx",
        ];
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        let ending = ending.to_lowercase();
        match ending.as_str() {
            "pdf" => Ok(Some(Format::Pdf)),
            "png" => Ok(Some(Format::Png)),
            "svg" => Ok(Some(Format::Svg)),
            other if OTHERS.contains(&other) => Err(ending),
            _ => Ok(None),
        }
    }
}

/// 查看内置文字模板.
#[derive(Debug, PartialEq)]
pub enum TemplateAction {
    List,
    Functions,
    Show { kind: String },
    Copy { kind: String, folder: PathBuf },
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
    let matches =
        program()
            .try_get_matches_from(arguments)
            .map_err(|error| match error.kind() {
                ErrorKind::DisplayHelp
                | ErrorKind::DisplayVersion
                | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                    Stop::Help(error.to_string())
                }
                _ => Stop::Refused(refusal(&error)),
            })?;
    command(&matches).map_err(|why| Stop::Refused(format!("错误：{why}")))
}

/// Makes the options of a command, or says why they contradict each other.
fn command(matches: &ArgMatches) -> Result<Command, String> {
    let path = |matches: &ArgMatches, name: &str| matches.get_one::<PathBuf>(name).cloned();
    let need = "clap has checked that it is there";
    Ok(match matches.subcommand().expect(need) {
        ("build", matches) => Command::Build(BuildOptions {
            input: path(matches, "file").expect(need),
            output: path(matches, "output"),
            format: format(matches)?,
            font_dir: path(matches, "font-path"),
            standards: standards(matches),
            edition: edition(matches),
            copies: matches.get_one::<u32>("copies").copied(),
            json: matches.get_flag("json"),
            trace: path(matches, "trace"),
            report: path(matches, "report"),
            resolution: *matches
                .get_one::<u32>("resolution")
                .expect("it has a default"),
        }),
        ("batch", matches) => batch_command(matches),
        ("watch", matches) => Command::Watch(WatchOptions {
            watch: watch::Options {
                input: path(matches, "file").expect(need),
                font_dir: path(matches, "font-path"),
                output: watched_output(matches)?,
                port: *matches.get_one::<u16>("port").expect("it has a default"),
            },
            open: !matches.get_flag("no-open"),
        }),
        ("check", matches) => Command::Check(CheckOptions {
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
        }),
        ("rules", _) => Command::Rules,
        ("explain", matches) => Command::Explain {
            code: matches.get_one::<String>("code").cloned().expect(need),
        },
        ("new", matches) => Command::New {
            folder: path(matches, "folder").expect(need),
            kind: matches
                .get_one::<String>("kind")
                .cloned()
                .expect("it has a default"),
        },
        ("schema", _) => Command::Schema,
        ("template", matches) => Command::Template(template(matches)),
        ("fonts", matches) => Command::Fonts {
            folder: path(matches, "font-path"),
        },
        _ => Command::Licenses,
    })
}

/// The format that was asked for, by name or by the ending of the output; a PDF otherwise.
fn format(matches: &ArgMatches) -> Result<Format, String> {
    let output = matches.get_one::<PathBuf>("output");
    let ending = match output.map(|path| Format::by_ending(path)) {
        Some(Err(ending)) => {
            return Err(format!(
                "不能排印成“.{ending}”文件，没有写入\n  建议：文件名以 .pdf、.png 或 .svg 结尾"
            ));
        }
        Some(Ok(format)) => format,
        None => None,
    };
    let named = match matches.get_one::<String>("format").map(String::as_str) {
        Some("png") => Format::Png,
        Some("svg") => Format::Svg,
        Some(_) => Format::Pdf,
        None => return Ok(ending.unwrap_or(Format::Pdf)),
    };
    match (output, ending) {
        (Some(output), Some(ending)) if ending != named => {
            let (name, output) = (named.extension(), output.display());
            Err(format!(
                "“--format {name}”与输出的文件名“{output}”不一致，没有写入\n  建议：文件名以 .{name} 结尾，或者去掉“--format”"
            ))
        }
        _ => Ok(named),
    }
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

fn standards(matches: &ArgMatches) -> Vec<Standard> {
    let named = matches.get_many::<String>("standard").into_iter().flatten();
    let mut standards: Vec<Standard> = Vec::new();
    for name in named {
        let standard = match name.as_str() {
            "ua-1" => Standard::Ua1,
            _ => Standard::A2b,
        };
        if !standards.contains(&standard) {
            standards.push(standard);
        }
    }
    standards
}

fn edition(matches: &ArgMatches) -> Edition {
    let red_header = matches.get_one::<String>("red-header");
    Edition {
        draft: matches.get_flag("draft"),
        seal: matches.get_flag("seal"),
        red_header: red_header.and_then(|name| {
            let mut all = RedHeader::ALL.into_iter();
            let named = |(_, chinese, english): &(RedHeader, &str, &str)| {
                name == chinese || name == english
            };
            Some(all.find(named)?.0)
        }),
        copies_before: 0,
    }
}

fn batch_command(matches: &ArgMatches) -> Command {
    let need = "clap has checked that it is there";
    let path = |name: &str| matches.get_one::<PathBuf>(name).cloned();
    let flag = |name: &str| matches.get_flag(name);
    let folder = path("folder").expect(need);
    if let Some(parts) = matches.get_many::<PathBuf>("join") {
        let parts = parts.cloned().collect();
        return Command::Join { parts, folder };
    }
    let machine = std::thread::available_parallelism().map_or(1, usize::from);
    Command::Batch(BatchOptions {
        input: path("file").expect(need),
        folder,
        flags: KEYS.iter().filter_map(|key| key.given(matches)).collect(),
        font_dir: path("font-path"),
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

/// A flag of `batch` that stands for a key of the input file.
struct KeyFlag {
    /// With its two dashes.
    name: &'static str,
    /// The English name of the key.
    key: &'static str,
    value: &'static str,
    is_list: bool,
    help: &'static str,
}

impl KeyFlag {
    const fn new(
        name: &'static str,
        key: &'static str,
        value: &'static str,
        help: &'static str,
    ) -> Self {
        let is_list = false;
        KeyFlag {
            name,
            key,
            value,
            is_list,
            help,
        }
    }

    const fn list(mut self) -> Self {
        self.is_list = true;
        self
    }

    fn id(&self) -> &'static str {
        self.name.trim_start_matches('-')
    }

    fn arg(&self) -> Arg {
        let arg = Arg::new(self.id())
            .long(self.id())
            .value_name(self.value)
            .help(self.help)
            .help_heading("代替“批量”各键的选项")
            .conflicts_with("join");
        match self.is_list {
            true => arg.action(ArgAction::Append),
            false => arg,
        }
    }

    fn given(&self, matches: &ArgMatches) -> Option<Flag> {
        let mut values = matches.get_many::<String>(self.id())?.cloned();
        let value = match self.is_list {
            true => Given::List(values.flat_map(|typed| items(&typed)).collect()),
            false => Given::Text(values.next()?),
        };
        Some(Flag {
            name: self.name,
            key: self.key,
            value,
        })
    }
}

/// The flags of `batch` that stand for keys.
const KEYS: &[KeyFlag] = &[
    KeyFlag::new(
        "--notice",
        "notice",
        "文件",
        "通知的模板：YAML 文件，写着通知的“标题”“正文”等各键，代替“通知”",
    ),
    KeyFlag::new(
        "--quiet-notice",
        "quiet_notice",
        "文件",
        "没有问题的单位的通知的模板，代替“无问题通知”",
    ),
    KeyFlag::new(
        "--column",
        "column",
        "列名",
        "按哪一列把各行分给各单位，代替“拆分列”；都不写则是“责任单位”",
    ),
    KeyFlag::new(
        "--register",
        "register",
        "文件或表格",
        "机构名录：台账文件，或输入文件里一张表的名称，代替“机构名录”",
    ),
    KeyFlag::new(
        "--groups",
        "groups",
        "类别",
        "名录里哪些类别的单位各发一份，几类用逗号隔开，代替“类别”",
    )
    .list(),
    KeyFlag::new(
        "--first-number",
        "first_number",
        "字号",
        "第一份通知的发文字号，如 明政办函〔2021〕12号，代替“起始字号”",
    ),
    KeyFlag::new(
        "--file-name",
        "file_name",
        "样式",
        "文件名的样式，如 \"{{ 序号 }}-{{ 单位 }}.pdf\"，代替“文件名”",
    ),
    KeyFlag::new(
        "--shared-tables",
        "shared_tables",
        "表格",
        "每份通知都看得到全部行的表格，几张用逗号隔开，代替“共用表格”",
    )
    .list(),
    KeyFlag::new(
        "--may-name",
        "may_name",
        "词语",
        "通知里可以出现的别的单位、类别或词语，几个用逗号隔开，代替“可提及”",
    )
    .list(),
];

/// Takes apart what was typed for a list.
fn items(typed: &str) -> Vec<String> {
    let items = typed.split([',', '，', '、']).map(str::trim);
    items
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
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

fn template(matches: &ArgMatches) -> TemplateAction {
    let kind = |matches: &ArgMatches| {
        matches
            .get_one::<String>("kind")
            .cloned()
            .unwrap_or_default()
    };
    match matches.subcommand() {
        Some(("show", matches)) => TemplateAction::Show {
            kind: kind(matches),
        },
        Some(("copy", matches)) => TemplateAction::Copy {
            kind: kind(matches),
            folder: matches
                .get_one::<PathBuf>("folder")
                .cloned()
                .unwrap_or_default(),
        },
        Some(("functions", _)) => TemplateAction::Functions,
        _ => TemplateAction::List,
    }
}

const HELP: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

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

fn file(id: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(id)
        .value_name(value)
        .help(help)
        .value_parser(value_parser!(PathBuf))
}

fn program() -> clap::Command {
    let version = Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version)
        .help("显示版本");
    base(
        "hongtou",
        "红头：把问题清单排印成符合 GB/T 9704—2012 的红头文件",
    )
    .version(env!("CARGO_PKG_VERSION"))
    .arg(version)
    .subcommand_required(true)
    .arg_required_else_help(true)
    .override_usage("hongtou 命令 [选项]")
    .subcommand(build())
    .subcommand(batch())
    .subcommand(check())
    .subcommand(base("rules", "列出检查的全部规则").override_usage("hongtou rules"))
    .subcommand(
        base("explain", "说明一条规则的依据、错例和正例")
            .override_usage("hongtou explain 代码")
            .arg(
                Arg::new("code")
                    .value_name("代码")
                    .required(true)
                    .help("方括号里的代码，如 text/mark/half-width")
                    .help_heading("参数"),
            ),
    )
    .subcommand(watch())
    .subcommand(new())
    .subcommand(
        base("template", "查看或取出内置的文字模板")
            .override_usage("hongtou template list|show|copy|functions")
            .subcommand(base("list", "列出内置的文种和各节"))
            .subcommand(base("functions", "列出模板里可用的过滤器"))
            .subcommand(
                base("show", "显示一个文种的文字模板")
                    .override_usage("hongtou template show 文种")
                    .arg(
                        Arg::new("kind")
                            .value_name("文种")
                            .required(true)
                            .help_heading("参数"),
                    ),
            )
            .subcommand(
                base("copy", "把一个文种的文字模板复制到文件夹，供本单位修改")
                    .override_usage("hongtou template copy 文种 文件夹")
                    .arg(
                        Arg::new("kind")
                            .value_name("文种")
                            .required(true)
                            .help_heading("参数"),
                    )
                    .arg(
                        file("folder", "文件夹", "新建的文件夹")
                            .required(true)
                            .help_heading("参数"),
                    ),
            ),
    )
    .subcommand(
        base("schema", "输出输入文件的 JSON Schema，供编辑器补全").override_usage("hongtou schema"),
    )
    .subcommand(
        base("fonts", "列出各种字体由哪个字库承担")
            .override_usage("hongtou fonts [--font-path 文件夹]")
            .arg(font_path()),
    )
    .subcommand(base("licenses", "显示内置字库的版权说明").override_usage("hongtou licenses"))
}

fn check() -> clap::Command {
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
            .help_heading("参数"),
        )
        .arg(font_path())
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .conflicts_with("sarif")
                .help("以 JSON 输出，供别的程序读取"),
        )
        .arg(
            Arg::new("sarif")
                .long("sarif")
                .action(ArgAction::SetTrue)
                .help("以 SARIF 2.1.0 输出，供代码平台和编辑器读取"),
        )
        .arg(
            file(
                "xlsx",
                "文件夹",
                "把有错的台账各复制一份放进去，有错的格子加批注，可以退回填报单位",
            )
            .long("xlsx"),
        )
}

fn new() -> clap::Command {
    base("new", "新建一个文件夹，放入可以直接排印的输入文件和台账")
        .override_usage("hongtou new 文件夹 [--kind 文种]")
        .arg(
            file("folder", "文件夹", "新建的或空的文件夹")
                .required(true)
                .help_heading("参数"),
        )
        .arg(
            Arg::new("kind")
                .long("kind")
                .value_name("文种")
                .default_value("季度检查通报")
                .hide_default_value(true)
                .help("季度检查通报（缺省）、问题通报或专项工作通知"),
        )
}

fn font_path() -> Arg {
    file(
        "font-path",
        "文件夹",
        "本单位的字库文件夹（方正小标宋、仿宋_GB2312、楷体_GB2312等）",
    )
    .long("font-path")
}

fn batch() -> clap::Command {
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .help(help)
    };
    base(
        "batch",
        "按输入文件的“批量”一项或相应的选项，给每个单位做一份通知，并记台账",
    )
    .override_usage(
        "hongtou batch 文件 -o 文件夹 [选项]\n      hongtou batch 文件 -o 文件夹 --notice 文件 [--column 列名 …]\n      hongtou batch --join 文件夹… -o 文件夹",
    )
    .arg(
        file("file", "文件", "输入文件；没有“批量”一项时，至少要写“--notice”")
            .required_unless_present("join")
            .conflicts_with("join")
            .help_heading("参数"),
    )
    .arg(
        file("folder", "文件夹", "放各份公文和台账的文件夹")
            .short('o')
            .long("output")
            .required(true),
    )
    .arg(flag("dry-run", "只列出要做哪些，不写任何文件"))
    .arg(flag("force", "全部重做，同名的文件也覆盖"))
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
    .args(KEYS.iter().map(KeyFlag::arg))
    .arg(font_path())
    .arg(
        Arg::new("json")
            .long("json")
            .action(ArgAction::SetTrue)
            .help("以 JSON 输出结果，供别的程序读取"),
    )
}

fn build() -> clap::Command {
    base("build", "把输入文件排印成 PDF")
        .override_usage("hongtou build 文件 [-o 输出] [--format pdf|png|svg]")
        .arg(
            file("file", "文件", "输入文件（YAML，或有工作表“公文”的台账）")
                .required(true)
                .help_heading("参数"),
        )
        .arg(
            file(
                "output",
                "输出",
                "输出的文件；缺省时与输入文件同名，放在一起",
            )
            .short('o')
            .long("output"),
        )
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("格式")
                .value_parser(["pdf", "png", "svg"])
                .hide_possible_values(true)
                .help("pdf、png 或 svg；后两种每页一个文件；不写则看输出文件的名称，缺省是 pdf"),
        )
        .arg(
            Arg::new("resolution")
                .long("resolution")
                .value_name("像素")
                .value_parser(value_parser!(u32).range(36..=600))
                .default_value("144")
                .hide_default_value(true)
                .help("png 每英寸的像素数，36 到 600，缺省 144"),
        )
        .arg(
            Arg::new("standard")
                .long("standard")
                .value_name("标准")
                .value_parser(["a-2b", "ua-1"])
                .action(ArgAction::Append)
                .value_delimiter(',')
                .hide_possible_values(true)
                .help("PDF 遵循的标准：a-2b（PDF/A-2b，归档用）、ua-1（PDF/UA-1，可朗读），可以都写"),
        )
        .arg(font_path())
        .arg(
            Arg::new("draft")
                .long("draft")
                .action(ArgAction::SetTrue)
                .conflicts_with("seal")
                .help("排印草稿：加水印，文号和日期留空，印章只画轮廓"),
        )
        .arg(
            Arg::new("seal")
                .long("seal")
                .action(ArgAction::SetTrue)
                .help("印出印章和签名章的图；不写则只留位置"),
        )
        .arg(
            Arg::new("copies")
                .long("copies")
                .value_name("份数")
                .value_parser(value_parser!(u32).range(1..=10_000))
                .conflicts_with_all(["draft", "trace"])
                .help("排印这么多份，份号从输入文件里的依次往下数，每份一个文件"),
        )
        .arg(
            Arg::new("red-header")
                .long("red-header")
                .value_name("红头")
                .value_parser(["印出", "套打", "无", "printed", "preprinted", "none"])
                .hide_possible_values(true)
                .help("印出、套打（不印红色部分）或 无，代替输入文件里的“红头”"),
        )
        .arg(
            file(
                "trace",
                "输出",
                "另存一份 JSON：印出的每个值、所在的页和行、由哪些格算出",
            )
            .long("trace"),
        )
        .arg(
            file(
                "report",
                "输出",
                "另存版面检验报告：逐条列出国家标准的要求和实测；文件名以 .json 结尾的存为 JSON，其他为网页",
            )
            .long("report"),
        )
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .help("以 JSON 输出发现的问题，供别的程序读取"),
        )
}

fn watch() -> clap::Command {
    base("watch", "在浏览器里看版面，保存后自动重排")
        .override_usage("hongtou watch 文件 [-o 输出] [--no-open]")
        .arg(
            file("file", "文件", "输入文件（YAML，或有工作表“公文”的台账）")
                .required(true)
                .help_heading("参数"),
        )
        .arg(
            file(
                "output",
                "输出",
                "没有错误时把 PDF 另存到这里，每次保存后更新；不写则不存",
            )
            .short('o')
            .long("output"),
        )
        .arg(
            Arg::new("port")
                .long("port")
                .value_name("端口")
                .value_parser(value_parser!(u16))
                .default_value("0")
                .hide_default_value(true)
                .help("本机的端口；缺省时任取一个空闲的"),
        )
        .arg(
            Arg::new("open")
                .long("open")
                .action(ArgAction::SetTrue)
                .overrides_with("no-open")
                .help("打开浏览器（缺省）"),
        )
        .arg(
            Arg::new("no-open")
                .long("no-open")
                .action(ArgAction::SetTrue)
                .overrides_with("open")
                .help("不打开浏览器，只显示网址"),
        )
        .arg(font_path())
}

/// What clap refused, in Chinese.
fn refusal(error: &clap::Error) -> String {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        _ => String::new(),
    };
    let argument = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let what = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!("没有“{}”这个命令", context(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => "没有写命令".to_owned(),
        ErrorKind::UnknownArgument => format!("不认识“{argument}”"),
        ErrorKind::MissingRequiredArgument => format!("缺少{argument}"),
        ErrorKind::InvalidValue if value.is_empty() => format!("“{argument}”后面缺少内容"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("“{argument}”不能是“{value}”")
        }
        ErrorKind::ArgumentConflict => format!("“{argument}”写重了或互相冲突"),
        _ => format!("参数有误：{error}"),
    };
    format!("{what}\n  建议：用“hongtou --help”或“hongtou 命令 --help”查看用法")
}

#[cfg(test)]
mod tests {
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
            (vec!["hongtou", "bild", "x"], "没有“bild”这个命令"),
            (vec!["hongtou", "build"], "缺少<文件>"),
            (
                vec!["hongtou", "build", "x", "--formt", "png"],
                "不认识“--formt”",
            ),
            (
                vec!["hongtou", "build", "x", "--format", "doc"],
                "不能是“doc”",
            ),
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
