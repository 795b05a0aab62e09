//! `hongtou build`: one input file to its pages on disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Status;
use super::args::{BuildOptions, Format};
use super::report::{self, complain, say};
use crate::model::Edition;
use crate::output::{is_same, would_replace, write_all};
use crate::pipeline::{self, Outcome};
use crate::typeset::{self, Pages, Standard};

/// Builds; says every fault; writes only where there was no error.
pub fn build(options: &BuildOptions) -> Status {
    // One thread of the pool does the whole work, so that it uses its memory again; the others help it.
    // A pool that stands already will do.
    let pool = rayon::ThreadPoolBuilder::new().stack_size(typeset::STACK);
    let _ = pool.build_global();
    rayon::scope(|_| {
        typeset::prepare();
        built(options)
    })
}

fn built(options: &BuildOptions) -> Status {
    let font_dir = options.font_dir.as_deref();
    let (edition, pdf) = (options.edition, wanted(options));
    let outcome = match pipeline::run_edition(&options.input, font_dir, edition, pdf) {
        Ok(outcome) => outcome,
        Err(refusal) => {
            report::refuse(&refusal.to_string(), options.json);
            return Status::Stopped;
        }
    };
    let written = match (&outcome.pages, &outcome.refused) {
        (Some(pages), _) => write(&outcome, pages, options),
        // Pages that break the standard are not printed, but their report shows where.
        (None, Some(refused)) => report(&outcome, refused, options)
            .and_then(|report| write_all(&report).map(|()| Written::default())),
        (None, None) => Ok(Written::default()),
    };
    tell(&outcome, &written, options)
}

/// The standards of the PDF, where one is to be written.
fn wanted(options: &BuildOptions) -> Option<&[Standard]> {
    matches!(options.format, Format::Pdf).then_some(&options.standards)
}

fn tell(outcome: &Outcome, written: &Result<Written, String>, options: &BuildOptions) -> Status {
    let faults = &outcome.diagnostics;
    if options.json {
        say(&report::built_json(faults, written));
    } else if !faults.is_empty() {
        complain(&report::text(faults, &outcome.sources));
    }
    match (written, &outcome.pages) {
        (Err(refusal), _) => {
            complain(refusal);
            Status::Stopped
        }
        (Ok(written), Some(pages)) => {
            if !options.json {
                if !written.older.is_empty() {
                    complain(&format!(
                        "说明：文件夹里还有 {}，不是这次排印的，像是以前页数较多时留下的；不要了请自行删去",
                        names(&written.older)
                    ));
                }
                let (files, count) = (names(&written.files), pages.len());
                say(&format!("已生成 {files}（共{count}页）"));
            }
            Status::Fine
        }
        (Ok(_), None) => Status::Faults,
    }
}

fn names(files: &[PathBuf]) -> String {
    let names: Vec<_> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    names.join("、")
}

/// What stands on the disk after a build.
#[derive(Debug, Default)]
pub struct Written {
    pub files: Vec<PathBuf>,
    /// Pages with higher numbers that some other build has left beside these.
    pub older: Vec<PathBuf>,
}

/// Writes the pages; a refusal says path and cause.
fn write(outcome: &Outcome, pages: &Pages, options: &BuildOptions) -> Result<Written, String> {
    let extension = options.format.extension();
    let target = match &options.output {
        // Pages have an ending by which programs know them.
        Some(output) if output.extension().is_none() && options.format != Format::Pdf => {
            output.with_extension(extension)
        }
        Some(output) => output.clone(),
        // A draft does not take the place of the formal copy.
        None if options.edition.draft => {
            let stem = options
                .input
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy();
            let name = format!("{stem}-草稿.{extension}");
            options.input.with_file_name(name)
        }
        None => options.input.with_extension(extension),
    };
    let mut files = match options.copies {
        Some(count) => copies(outcome, pages, &target, count, options)?,
        None => printed(outcome, pages, &target, options)?,
    };
    // Pages and copies have numbers of their own, so only now are all names known.
    for (path, _) in &files {
        if let Some(read) = would_replace(path, &outcome.files) {
            return Err(replaces(path, read));
        }
    }
    if let Some(path) = &options.trace
        && let Some(trace) = outcome.trace()
    {
        keep_apart("--trace", path, &files, &outcome.files)?;
        files.push((path.clone(), trace.json().into_bytes()));
    }
    for (path, report) in report(outcome, pages, options)? {
        keep_apart("--report", &path, &files, &outcome.files)?;
        files.push((path, report));
    }
    write_all(&files)?;
    let files: Vec<PathBuf> = files.into_iter().map(|(path, _)| path).collect();
    let older = match options.format {
        Format::Pdf => Vec::new(),
        Format::Png | Format::Svg => older(&files),
    };
    Ok(Written { files, older })
}

/// The pages beside `files` that are numbered on from the last of them.
fn older(files: &[PathBuf]) -> Vec<PathBuf> {
    let mut last: BTreeMap<(&Path, String, String), u32> = BTreeMap::new();
    for file in files {
        if let Some((stem, number, ending)) = page_of(file) {
            let folder = file.parent().unwrap_or(Path::new(""));
            let most = last.entry((folder, stem, ending)).or_default();
            *most = number.max(*most);
        }
    }
    let mut older = Vec::new();
    for ((folder, stem, ending), last) in last {
        let place = if folder == Path::new("") {
            Path::new(".")
        } else {
            folder
        };
        let entries = place.read_dir().into_iter().flatten().flatten();
        let numbers = entries.filter_map(|entry| {
            let (other, number, its) = page_of(Path::new(&entry.file_name()))?;
            (other == stem && its == ending && number > last).then_some(number)
        });
        let mut numbers: Vec<u32> = numbers.collect();
        numbers.sort_unstable();
        let path = |number| folder.join(format!("{stem}-{number}.{ending}"));
        older.extend(numbers.into_iter().map(path));
    }
    older
}

/// Takes `通报-1.png` apart.
fn page_of(path: &Path) -> Option<(String, u32, String)> {
    let ending = path.extension()?.to_str()?.to_owned();
    let (stem, number) = path.file_stem()?.to_str()?.rsplit_once('-')?;
    let digits = number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
    Some((
        stem.to_owned(),
        number.parse().ok().filter(|_| digits)?,
        ending,
    ))
}

/// The pages as files.
fn printed(
    outcome: &Outcome,
    pages: &Pages,
    target: &Path,
    options: &BuildOptions,
) -> Result<Vec<(PathBuf, Vec<u8>)>, String> {
    let page = |index: usize| match options.format {
        Format::Png => pages.png(index, options.resolution as f32),
        _ => pages.svg(index).into_bytes(),
    };
    Ok(match options.format {
        Format::Pdf => {
            let pdf = outcome.pdf.clone().expect("a PDF was wanted");
            let pdf = pdf.map_err(|reason| {
                let reason = match reason.contains("embedding PDFs") {
                    true => "附件里有外来的 PDF\n  建议：把外来的 PDF 转成图，写在“图”里",
                    false => &reason,
                };
                format!("错误：这份公文做不成指定标准的 PDF，没有写入：{reason}")
            })?;
            vec![(target.to_owned(), pdf)]
        }
        Format::Png | Format::Svg => (0..pages.len())
            .map(|index| (numbered(target, &(index + 1).to_string()), page(index)))
            .collect(),
    })
}

/// So many copies, each under its own 份号.
fn copies(
    outcome: &Outcome,
    pages: &Pages,
    target: &Path,
    count: u32,
    options: &BuildOptions,
) -> Result<Vec<(PathBuf, Vec<u8>)>, String> {
    let number = |copy: u32| {
        let circular = outcome.circular.as_ref()?;
        let first = circular.header.copy_number.as_ref()?;
        first.value.after(copy).map(|number| number.to_string())
    };
    if number(0).is_none() {
        return Err("错误：输入文件没有写“份号”，不知道从几号数起，没有写入".to_owned());
    }
    let mut files = Vec::new();
    for copy in 0..count {
        let Some(number) = number(copy) else {
            return Err(format!("错误：份号只有六位，数不到{count}份，没有写入"));
        };
        let target = numbered(target, &number);
        if copy == 0 {
            files.extend(printed(outcome, pages, &target, options)?);
            continue;
        }
        let edition = Edition {
            copies_before: copy,
            ..options.edition
        };
        let font_dir = options.font_dir.as_deref();
        let next = pipeline::run_edition(&options.input, font_dir, edition, wanted(options));
        let next = next.map_err(|refusal| format!("错误：{refusal}"))?;
        let pages = next.pages.as_ref();
        let pages = pages.ok_or("错误：输入文件在排印时有改动，没有写入")?;
        files.extend(printed(&next, pages, &target, options)?);
    }
    Ok(files)
}

/// The report that was asked for.
fn report(
    outcome: &Outcome,
    pages: &Pages,
    options: &BuildOptions,
) -> Result<Vec<(PathBuf, Vec<u8>)>, String> {
    let (Some(path), Some(report)) = (&options.report, &outcome.report) else {
        return Ok(Vec::new());
    };
    let is_json = path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    let text = if is_json {
        report.json()
    } else {
        report.html(pages)
    };
    Ok(vec![(path.clone(), text.into_bytes())])
}

/// The refusal of an output that would take the place of what was read.
pub fn replaces(output: &Path, read: &Path) -> String {
    let (output, read) = (output.display(), read.display());
    format!("错误：输出文件 {output} 就是输入的 {read}，没有写入")
}

/// Refuses an output that was read, or is another output.
fn keep_apart(
    option: &str,
    path: &Path,
    files: &[(PathBuf, Vec<u8>)],
    read: &[PathBuf],
) -> Result<(), String> {
    /// What offices keep their papers in: none of it takes what these options write.
    const PAPERS: [&str; 13] = [
        "pdf", "png", "svg", "yaml", "yml", "csv", "xlsx", "xls", "xlsb", "ods", "et", "docx",
        "wps",
    ];
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    if PAPERS.contains(&ending.to_lowercase().as_str()) {
        let usual = if option == "--trace" {
            ".json"
        } else {
            ".html 或 .json"
        };
        return Err(format!(
            "错误：“{option}”写的不是 {ending} 文件，没有写入；文件名用 {usual} 结尾"
        ));
    }
    let is_output = files.iter().any(|(file, _)| is_same(path, file));
    match is_output || would_replace(path, read).is_some() {
        true => Err(format!(
            "错误：“{option}”的文件 {} 与输入或输出是同一个文件，没有写入",
            path.display()
        )),
        false => Ok(()),
    }
}

/// `通报.png` → `通报-1.png`.
fn numbered(path: &Path, number: &str) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}-{number}.{extension}"))
}
