//! `hongtou build`: one input file to its pages on disk.

use std::path::{Path, PathBuf};

use super::Status;
use super::args::{BuildOptions, Format};
use super::report::{self, complain, say};
use crate::model::Edition;
use crate::output::write_all;
use crate::pipeline::{self, Outcome};
use crate::typeset::{Fonts, Pages};

/// Builds; says every fault; writes only where there was no error.
pub fn build(options: &BuildOptions) -> Status {
    Fonts::prepare();
    let font_dir = options.font_dir.as_deref();
    let outcome = match pipeline::run_edition(&options.input, font_dir, options.edition) {
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
            .and_then(|report| write_all(&report).map(|()| Vec::new())),
        (None, None) => Ok(Vec::new()),
    };
    tell(&outcome, &written, options)
}

fn tell(
    outcome: &Outcome,
    written: &Result<Vec<PathBuf>, String>,
    options: &BuildOptions,
) -> Status {
    let faults = &outcome.diagnostics;
    if options.json {
        say(&report::json(
            faults,
            written.as_ref().map_or(&[], Vec::as_slice),
        ));
    } else if !faults.is_empty() {
        complain(&report::text(faults, &outcome.sources));
    }
    match (written, &outcome.pages) {
        (Err(refusal), _) => {
            complain(refusal);
            Status::Stopped
        }
        (Ok(files), Some(pages)) => {
            if !options.json {
                let names: Vec<_> = files
                    .iter()
                    .map(|file| file.display().to_string())
                    .collect();
                say(&format!(
                    "已生成 {}（共{}页）",
                    names.join("、"),
                    pages.len()
                ));
            }
            Status::Fine
        }
        (Ok(_), None) => Status::Faults,
    }
}

/// Writes the pages and gives the files; a refusal says path and cause.
fn write(outcome: &Outcome, pages: &Pages, options: &BuildOptions) -> Result<Vec<PathBuf>, String> {
    let extension = options.format.extension();
    let target = match &options.output {
        Some(output) => output.clone(),
        None => options.input.with_extension(extension),
    };
    if same_file(&target, &options.input) {
        return Err(format!(
            "错误：输出文件就是输入文件 {}，没有写入",
            target.display()
        ));
    }
    let mut files = match options.copies {
        Some(count) => copies(outcome, pages, &target, count, options)?,
        None => printed(pages, &target, options)?,
    };
    if let Some(path) = &options.trace
        && let Some(trace) = outcome.trace()
    {
        keep_apart("--trace", path, &files, &options.input)?;
        files.push((path.clone(), trace.json().into_bytes()));
    }
    for (path, report) in report(outcome, pages, options)? {
        keep_apart("--report", &path, &files, &options.input)?;
        files.push((path, report));
    }
    write_all(&files)?;
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

/// The pages as files.
fn printed(
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
            let pdf = pages.pdf_as(&options.standards).map_err(|reason| {
                let reason = match reason.contains("embedding PDFs") {
                    true => "附件里有外来的 PDF，先把它转成图，写在“图”里".to_owned(),
                    false => reason,
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
            files.extend(printed(pages, &target, options)?);
            continue;
        }
        let edition = Edition {
            copies_before: copy,
            ..options.edition
        };
        let font_dir = options.font_dir.as_deref();
        let next = pipeline::run_edition(&options.input, font_dir, edition);
        let next = next.map_err(|refusal| format!("错误：{refusal}"))?;
        let pages = next.pages.ok_or("错误：输入文件在排印时有改动，没有写入")?;
        files.extend(printed(&pages, &target, options)?);
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
    keep_apart("--report", path, &[], &options.input)?;
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

/// Refuses an output that is the input or another output.
fn keep_apart(
    option: &str,
    path: &Path,
    files: &[(PathBuf, Vec<u8>)],
    input: &Path,
) -> Result<(), String> {
    let mut others = files.iter().map(|(file, _)| file.as_path()).chain([input]);
    match others.any(|other| same_file(path, other)) {
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

/// Tells whether two paths lead to one file.
pub fn same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}
