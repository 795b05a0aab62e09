//! `hongtou build`: which pages, in which format, to which files.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, value_parser};

use super::{base, file, flag, font_path, input, output, path, required};
use crate::model::{Edition, RedHeader};
use crate::typeset::Standard;

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
    pub fn by_ending(path: &Path) -> Result<Option<Format>, String> {
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

/// The arguments of `build`.
pub fn command() -> clap::Command {
    base("build", "把输入文件排印成 PDF")
        .override_usage("hongtou build 文件 [-o 输出] [--format pdf|png|svg]")
        .arg(input())
        .arg(output(
            "output",
            "输出",
            "输出的文件；缺省时与输入文件同名，放在一起",
        ))
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("格式")
                .value_parser(["pdf", "png", "svg"])
                .hide_possible_values(true)
                .help(
                    "pdf、png 或 svg；后两种每页一个文件；\
                     不写则看输出文件的名称，缺省是 pdf",
                ),
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
                .help(
                    "PDF 遵循的标准：a-2b（PDF/A-2b，归档用）、\
                     ua-1（PDF/UA-1，可朗读），可以都写",
                ),
        )
        .arg(font_path())
        .arg(flag("draft", "排印草稿：加水印，文号和日期留空，印章只画轮廓").conflicts_with("seal"))
        .arg(flag("seal", "印出印章和签名章的图；不写则只留位置"))
        .arg(
            flag(
                "press",
                "交印刷厂的 PDF：红色用油墨 Y80、M80，黑色用 K100；不写则用屏幕上的颜色",
            )
            .conflicts_with("draft"),
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
                "另存版面检验报告：逐条列出国家标准的要求和实测；\
                 文件名以 .json 结尾的存为 JSON，其他为网页",
            )
            .long("report"),
        )
        .arg(flag("json", "以 JSON 输出发现的问题，供别的程序读取"))
}

/// What was asked of `build`; a refusal where it contradicts itself.
pub fn options(matches: &ArgMatches) -> Result<BuildOptions, String> {
    let (standards, format) = (standards(matches), format(matches)?);
    let only_pdf = match (matches.get_flag("press"), standards.is_empty()) {
        (true, _) => Some("--press"),
        (false, false) => Some("--standard"),
        (false, true) => None,
    };
    if let (Some(option), Format::Png | Format::Svg) = (only_pdf, format) {
        let name = format.extension();
        return Err(format!(
            "“{option}”只用于 PDF，不能排印成 {name}，没有写入\n  \
             建议：去掉“{option}”，或者把输出的文件名改成以 .pdf 结尾"
        ));
    }
    if matches.get_flag("press") && standards.contains(&Standard::A2b) {
        return Err(
            "“--press”用四色油墨的颜色，“--standard a-2b”的归档文件只能用屏幕上的颜色，\
             不能写在一起，没有写入\n  \
             建议：排印两次，交印刷厂的一份写“--press”，归档的一份写“--standard a-2b”"
                .to_owned(),
        );
    }
    Ok(BuildOptions {
        input: required(matches, "file"),
        output: path(matches, "output"),
        format,
        font_dir: path(matches, "font-path"),
        standards,
        edition: edition(matches),
        copies: matches.get_one::<u32>("copies").copied(),
        json: matches.get_flag("json"),
        trace: path(matches, "trace"),
        report: path(matches, "report"),
        resolution: *matches
            .get_one::<u32>("resolution")
            .expect("it has a default"),
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
        press: matches.get_flag("press"),
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
