//! Whole batches of notices of three pages with a table: from the workbook to the PDFs, the ledger
//! and the record on disk; beside the bare Typst library on notices like them, and beside a fresh
//! `typst` process for each.
//!
//! `cargo bench --bench batch -- 100 1000 10000` (Linux). The sizes may be left out.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod plain;

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use hongtou::batch::{self, Numbering};
use hongtou::compose::{Templates, compose};
use hongtou::diag::Diagnostics;
use hongtou::document::document;
use hongtou::typeset::{self, Fonts, typeset};
use hongtou::{check, conform, pipeline};
use rust_xlsxwriter::{Workbook, Worksheet};
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;

/// As many notices as the libraries are compared on.
const COMPARED: usize = 200;

/// The findings of each unit.
const FINDINGS: usize = 10;

const INPUT: &str = include_str!("batch.yaml");

fn main() {
    let sizes = std::env::args().filter_map(|size| size.parse().ok());
    let mut sizes: Vec<usize> = sizes.collect();
    if sizes.is_empty() {
        sizes = vec![100, 1000];
    }
    let folder = tempfile::tempdir().unwrap();
    println!("whole batches (rows, words, checks, layout, proof, PDF, disk, ledger)");
    for size in &sizes {
        let input = prepare(folder.path(), *size);
        for threads in [1, 2] {
            whole(&input, *size, threads);
        }
    }
    let input = prepare(folder.path(), COMPARED);
    compare(&input, folder.path());
}

/// Writes the input of a county with so many townships.
fn prepare(folder: &Path, size: usize) -> PathBuf {
    let folder = folder.join(size.to_string());
    std::fs::create_dir_all(&folder).unwrap();
    let input = folder.join("通报.yaml");
    std::fs::write(&input, INPUT).unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let columns = ["编号", "责任单位", "问题类型", "问题描述", "整改期限"];
    fill(sheet, "问题清单", &columns);
    let (mut row, kinds) = (1, ["信息更新不及时", "内容表述不规范", "功能不可用"]);
    for finding in 0..FINDINGS {
        for unit in 0..size {
            let kind = kinds[(finding + unit) % kinds.len()];
            let what = format!(
                "第{}号栏目在检查时没有按规定的期限更新，最近一次更新在{}天以前",
                row % 97,
                15 + row % 60
            );
            let cells = [
                row.to_string(),
                name(unit),
                kind.to_owned(),
                what,
                "2026年10月30日".to_owned(),
            ];
            for (column, cell) in (0..).zip(cells) {
                sheet.write_string(row, column, cell).unwrap();
            }
            row += 1;
        }
    }
    let sheet = book.add_worksheet();
    fill(sheet, "名录", &["全称", "简称"]);
    for unit in 0..size {
        let full = name(unit);
        let short = full.trim_end_matches("人民政府").to_owned();
        sheet.write_string(unit as u32 + 1, 0, full).unwrap();
        sheet.write_string(unit as u32 + 1, 1, short).unwrap();
    }
    book.save(folder.join("台账.xlsx")).unwrap();
    input
}

fn fill(sheet: &mut Worksheet, name: &str, columns: &[&str]) {
    sheet.set_name(name).unwrap();
    for (column, name) in (0..).zip(columns) {
        sheet.write_string(0, column, *name).unwrap();
    }
}

/// A made-up township: no name is part of another.
fn name(unit: usize) -> String {
    const FIRST: &[&str] = &["云", "石", "柳", "松", "梅", "竹", "枫", "槐", "兰", "荷"];
    let digits = unit.to_string();
    let letters = digits.bytes().map(|digit| FIRST[usize::from(digit - b'0')]);
    format!("青{}镇人民政府", letters.collect::<String>())
}

/// Runs the command and tells what it took.
fn whole(input: &Path, size: usize, threads: usize) {
    let out = input.with_file_name(format!("出{threads}"));
    let before = children();
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_hongtou"))
        .arg("batch")
        .arg(input)
        .arg("-o")
        .arg(&out)
        .args(["--json", "-j", &threads.to_string()])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut peak = 0;
    let status = loop {
        peak = memory(child.id()).unwrap_or(peak);
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    let wall = start.elapsed().as_secs_f64();
    assert!(status.success());
    let cpu = children() - before;
    let (rate, each) = (size as f64 / wall, cpu * 1000.0 / size as f64);
    let capacity = threads as f64 * 1000.0 / each;
    println!(
        "{size:6} notices, {threads} thread(s): {rate:6.1} a second by the wall, {each:5.1} ms of CPU each ({capacity:.0} a second where no one else runs), peak {peak} MB"
    );
}

/// Seconds of CPU that ended children took.
fn children() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let ticks = fields.split_whitespace().skip(13).take(2);
    ticks
        .map(|ticks| ticks.parse::<f64>().unwrap())
        .sum::<f64>()
        / 100.0
}

/// Seconds of CPU that this thread took.
fn own() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split_whitespace()
        .next()
        .unwrap()
        .parse::<f64>()
        .unwrap()
        / 1e9
}

/// The most memory that a process held, in MB.
fn memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

/// The stages one by one, and the bare library in turn with them, on one thread.
fn compare(input: &Path, folder: &Path) {
    // What one of the two remembers must outlast the turn of the other.
    const TURNS: usize = 2;
    const APART: usize = 8;
    // The first few find caches empty.
    const FIRST: usize = 10;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .use_current_thread();
    let _pool = pool.build().unwrap();
    let mut found = Diagnostics::default();
    let loaded = pipeline::load(input, &mut found).unwrap();
    let circular = loaded.circular.unwrap();
    let plan = batch::plan(&circular, Numbering::default(), &mut found).unwrap();
    let fonts = Fonts::embedded();
    let mut bare = Bare::new();
    let mut stages: BTreeMap<&str, f64> = BTreeMap::new();
    let (mut plain, mut plain_layout, mut sizes) = (0.0, 0.0, (0, 0));
    let mut pages = (0, 0);
    let mut earlier = VecDeque::new();
    for (index, notice) in plan.notices.iter().enumerate() {
        let mut clock = own();
        let mut lap = |name: &'static str| {
            let now = own();
            if index >= FIRST {
                *stages.entry(name).or_default() += now - clock;
            }
            clock = now;
        };
        let mut found = Diagnostics::default();
        let circular = plan.circular(notice);
        lap("1 rows of the unit");
        let draft = compose(&circular, &Templates::default(), &mut found).unwrap();
        lap("2 words");
        let document = document(&circular, &draft, &mut found).unwrap();
        check::check(&circular, Some(&document), &mut found);
        lap("3 document and checks of figures");
        let set = typeset(&document, &fonts, &mut found).unwrap();
        let set = set.measured(&fonts);
        lap("4 layout");
        conform::conform(&document, &set, &mut found);
        lap("5 proof of the page");
        let pdf = set.pdf();
        lap("6 PDF");
        typeset::forget(TURNS);
        lap("7 eviction");
        assert!(!found.has_errors());
        // Words that ours did not set just now: the PDF writer remembers the faces' subsets, whoever
        // asked for them.
        earlier.push_back(plain::data(&document));
        if earlier.len() <= APART {
            continue;
        }
        bare.data = Bytes::new(earlier.pop_front().unwrap());
        let start = own();
        let paged = typst::compile::<PagedDocument>(&bare).output.unwrap();
        let layout = own();
        let options = typst_pdf::PdfOptions {
            tagged: false,
            ..Default::default()
        };
        let other = typst_pdf::pdf(&paged, &options).unwrap();
        typst::comemo::evict(TURNS);
        if index >= FIRST {
            plain += own() - start;
            plain_layout += layout - start;
        }
        sizes = (sizes.0 + pdf.len(), sizes.1 + other.len());
        pages = (set.len(), paged.pages().len());
    }
    let count = (plan.notices.len() - FIRST) as f64;
    println!(
        "\nstage by stage, one thread, {count} notices of {} pages, ms of CPU each",
        pages.0
    );
    for (name, seconds) in &stages {
        println!("  {name}: {:.2}", seconds * 1000.0 / count);
    }
    let ours = stages.values().sum::<f64>() * 1000.0 / count;
    let plain = plain * 1000.0 / count;
    let per = |bytes: usize| bytes / plan.notices.len() / 1024;
    println!("  all: {ours:.2}, {} KB", per(sizes.0));
    println!(
        "the bare Typst library on notices like them ({} pages), in turn with ours: {plain:.2} (layout {:.2}), {} KB; ours takes {:.2} of it",
        pages.1,
        plain_layout * 1000.0 / count,
        per(sizes.1),
        ours / plain
    );
    fresh(&bare, folder, ours);
}

/// A fresh process for each notice: as one types it, with what faces the system has, and with ours
/// alone.
fn fresh(bare: &Bare, folder: &Path, ours: f64) {
    const RUNS: usize = 10;
    let template = folder.join("notice.typ");
    std::fs::write(folder.join("data.json"), &bare.data).unwrap();
    std::fs::write(&template, include_str!("plain/notice.typ")).unwrap();
    for more in [&[][..], &["--ignore-system-fonts"]] {
        let before = children();
        for _ in 0..RUNS {
            let mut typst = plain::typst(&template, &folder.join("notice.pdf"));
            if !typst
                .args(more)
                .status()
                .is_ok_and(|status| status.success())
            {
                println!("no typst on the path: no fresh process to compare with");
                return;
            }
        }
        let each = (children() - before) * 1000.0 / RUNS as f64;
        let name = ["a fresh typst compile"].iter().chain(more);
        println!(
            "{} for each notice: {each:.0} ms of CPU, {:.1} times ours",
            name.copied().collect::<Vec<_>>().join(" "),
            each / ours
        );
    }
}

/// The bare library: its own standard library, the same faces, one template, one file of data.
struct Bare {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    main: Source,
    data: Bytes,
}

impl Bare {
    fn new() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts");
        let mut files: Vec<PathBuf> = std::fs::read_dir(root)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "ttf"))
            .collect();
        files.sort();
        let fonts = files
            .iter()
            .map(|file| Bytes::new(std::fs::read(file).unwrap()));
        let fonts: Vec<Font> = fonts.flat_map(Font::iter).collect();
        Bare {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            main: Source::new(
                id("notice.typ"),
                include_str!("plain/notice.typ").to_owned(),
            ),
            data: Bytes::new(Vec::new()),
        }
    }
}

fn id(name: &str) -> FileId {
    RootedPath::new(VirtualRoot::Project, VirtualPath::new(name).unwrap()).intern()
}

impl World for Bare {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, wanted: FileId) -> FileResult<Source> {
        match wanted == self.main.id() {
            true => Ok(self.main.clone()),
            false => Err(FileError::NotFound("no other source".into())),
        }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Ok(self.data.clone())
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<typst::foundations::Duration>) -> Option<Datetime> {
        None
    }
}
