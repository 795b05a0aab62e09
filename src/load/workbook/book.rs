//! The bytes of a file come in; the names of its sheets and the cells of one sheet go out. What kind
//! of file it is, its bytes say and not its name.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use calamine::{
    CellErrorType, Data, DataRef, ExcelDateTime, Ods, Reader, SheetType, SheetVisible, Xls, Xlsb,
    Xlsx,
};

use super::format::{Shown, decimal, serial_date};
use super::grid::{Content, Grid, Region};
use super::{hidden, ods, xlsb};

/// What a workbook may unpack to; 100,000 rows of 12 columns take less than 100 MB.
const MOST_UNPACKED: u64 = 256 * 1024 * 1024;

/// The cells of one sheet that are read; each takes some hundred bytes in memory.
const MOST_CELLS: usize = 2_500_000;

/// Why a file is no workbook that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BookError {
    /// Opens with a password only.
    Password,
    /// Another kind of file, whatever its name says.
    Foreign(&'static str),
    Damaged,
    /// An xlsb that keeps cells in a way that cannot be read.
    Short,
    /// Unpacks to more than any office's table.
    TooLarge,
    TooManyCells,
}

impl fmt::Display for BookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BookError::Password => f.write_str("加了打开密码，无法读取"),
            BookError::Foreign(what) => write!(f, "实际上是{what}，不是电子表格"),
            BookError::Damaged => f.write_str("已损坏或不完整，无法读取"),
            BookError::Short => f.write_str("是 xlsb 的少见写法，有的格读不出来"),
            BookError::TooLarge => {
                let most = MOST_UNPACKED / 1024 / 1024;
                write!(f, "解压后超过 {most} MB，不像一份台账")
            }
            BookError::TooManyCells => {
                write!(f, "的格子超过 {} 万个，不像一份台账", MOST_CELLS / 10_000)
            }
        }
    }
}

impl BookError {
    /// The cure.
    pub fn hint(&self) -> &'static str {
        match self {
            BookError::Password => "在电子表格软件里打开，去掉打开密码后另存",
            BookError::Foreign(_) | BookError::Short => "在电子表格软件里打开，另存为 .xlsx",
            BookError::Damaged => "重新取得这个文件，或在电子表格软件里打开后另存为 .xlsx",
            BookError::TooLarge | BookError::TooManyCells => {
                "删去多余的工作表和空行空列的格式，只留要用的表"
            }
        }
    }
}

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Xlsx,
    Xlsb,
    Xls,
    Ods,
}

/// A workbook whose sheets can be asked for.
pub struct Book {
    bytes: Bytes,
    /// What calamine has made of the bytes: the words that all sheets share are read once.
    opened: RefCell<Opened>,
    pub sheets: Vec<Sheet>,
}

type Bytes = Arc<[u8]>;

enum Opened {
    Xlsx(Xlsx<Cursor<Bytes>>),
    Xlsb(Xlsb<Cursor<Bytes>>),
    Xls(Xls<Cursor<Bytes>>),
    Ods(Ods<Cursor<Bytes>>),
}

/// The name of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub name: String,
    pub hidden: bool,
}

impl Book {
    /// Opens a workbook; gives the bytes back where they are no packed or binary file at all, so
    /// that they may be text.
    pub fn open(bytes: Vec<u8>) -> Result<Result<Self, Vec<u8>>, BookError> {
        let Some(format) = format(&bytes)? else {
            return Ok(Err(bytes));
        };
        let bytes = Bytes::from(bytes);
        let (opened, sheets) = apart(|| {
            let opened = Opened::new(&bytes, format)?;
            let sheets = opened.sheets();
            Ok((opened, sheets))
        })?;
        Ok(Ok(Book {
            bytes,
            opened: RefCell::new(opened),
            sheets,
        }))
    }

    /// The cells of a sheet.
    pub fn grid(&self, sheet: &str) -> Result<Grid, BookError> {
        let mut grid = apart(|| match &mut *self.opened.borrow_mut() {
            Opened::Xlsx(book) => xlsx(book, &self.bytes, sheet),
            Opened::Xlsb(book) => xlsb_cells(book, &self.bytes, sheet),
            Opened::Xls(book) => xls(book, sheet),
            Opened::Ods(book) => ods(book, &self.bytes, sheet),
        })?;
        grid.spread();
        Ok(grid)
    }
}

thread_local! {
    static READS: Cell<bool> = const { Cell::new(false) };
}

/// Tells whether this thread is reading a workbook: what panics there is a damaged file, which is
/// reported as such, and no fault of the program.
pub fn reads_workbook() -> bool {
    READS.get()
}

/// Does work in which a damaged file may make the reader panic.
fn apart<T>(work: impl FnOnce() -> Result<T, BookError>) -> Result<T, BookError> {
    READS.set(true);
    // Nothing that was half done is looked at again: a book that panicked is refused.
    let done = catch_unwind(AssertUnwindSafe(work));
    READS.set(false);
    done.unwrap_or(Err(BookError::Damaged))
}

/// Tells by the bytes what they are; `None` where they have no mark of a packed or binary file.
fn format(bytes: &[u8]) -> Result<Option<Format>, BookError> {
    match bytes {
        [0x50, 0x4b, 0x03, 0x04, ..] | [0x50, 0x4b, 0x05, 0x06, ..] => packed(bytes).map(Some),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => compound(bytes).map(Some),
        // A workbook of Excel 5 and before.
        [0x09, 0x08 | 0x04 | 0x02 | 0x00, ..] if bytes.get(3) == Some(&0) => {
            Err(BookError::Foreign("Excel 5 或更早版本的文件"))
        }
        [b'%', b'P', b'D', b'F', ..] => Err(BookError::Foreign("PDF 文件")),
        [b'{', b'\\', b'r', b't', b'f', ..] => Err(BookError::Foreign("RTF 文档")),
        _ if is_markup(bytes) => Err(BookError::Foreign("网页或 XML 文件")),
        _ => Ok(None),
    }
}

/// Many systems export a web page under the name of a workbook.
fn is_markup(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = bytes.trim_ascii_start();
    let head = head[..head.len().min(14)].to_ascii_lowercase();
    [
        &b"<html"[..],
        b"<!doctype html",
        b"<?xml",
        b"<table",
        b"<meta",
    ]
    .iter()
    .any(|mark| head.starts_with(mark))
}

/// Counts what a packed file unpacks to, and tells by its parts what it is. Declared sizes may lie,
/// so every part that calamine may read is unpacked.
fn packed(bytes: &[u8]) -> Result<Format, BookError> {
    let damaged = |_| BookError::Damaged;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let names: Vec<String> = archive
        .file_names()
        .flatten()
        .map(|n| n.to_lowercase())
        .collect();
    let has = |ending: &str| names.iter().any(|name| name.ends_with(ending));
    let mimetype = match archive.by_name("mimetype") {
        Ok(part) => {
            let mut text = String::new();
            let read = part.take(100).read_to_string(&mut text);
            read.map(|_| text).unwrap_or_default()
        }
        Err(_) => String::new(),
    };
    let format = if has("workbook.bin") {
        Format::Xlsb
    } else if has("workbook.xml") {
        Format::Xlsx
    } else if mimetype.ends_with("opendocument.spreadsheet") {
        Format::Ods
    } else if has("word/document.xml") || mimetype.ends_with("opendocument.text") {
        return Err(BookError::Foreign("文字文档（如 Word 的 docx）"));
    } else if has("presentation.xml") {
        return Err(BookError::Foreign("演示文稿"));
    } else if has("ofd.xml") {
        return Err(BookError::Foreign("OFD 文件"));
    } else {
        return Err(BookError::Foreign("压缩文件"));
    };
    let mut left = MOST_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(damaged)?;
        let name = part.name().map_err(damaged)?.to_lowercase();
        if ![".xml", ".bin", ".rels"]
            .iter()
            .any(|ending| name.ends_with(ending))
        {
            continue;
        }
        let size = std::io::copy(&mut part.take(left + 1), &mut std::io::sink());
        let size = size.map_err(|_| BookError::Damaged)?;
        left = left.checked_sub(size).ok_or(BookError::TooLarge)?;
    }
    Ok(format)
}

/// Tells by the names in its directory what a compound file is. An entry takes 128 bytes and begins
/// with its name in UTF-16.
fn compound(bytes: &[u8]) -> Result<Format, BookError> {
    let has = |name: &str| {
        let name: Vec<u8> = name
            .encode_utf16()
            .chain([0])
            .flat_map(u16::to_le_bytes)
            .collect();
        bytes.chunks(128).any(|entry| entry.starts_with(&name))
    };
    if has("EncryptedPackage") {
        Err(BookError::Password)
    } else if has("Workbook") || has("Book") {
        Ok(Format::Xls)
    } else if has("WordDocument") {
        Err(BookError::Foreign("文字文档（如 Word 的 doc）"))
    } else if has("PowerPoint Document") {
        Err(BookError::Foreign("演示文稿"))
    } else if bytes.len() < 4096 {
        Err(BookError::Damaged)
    } else {
        Err(BookError::Foreign("其他旧版 Office 文件"))
    }
}

fn open<R>(bytes: &Bytes) -> Result<R, BookError>
where
    R: Reader<Cursor<Bytes>>,
    R::Error: fmt::Display,
{
    R::new(Cursor::new(bytes.clone())).map_err(error)
}

/// calamine's errors are English; only the kinds that a user can mend are told apart.
fn error(error: impl fmt::Display) -> BookError {
    let text = error.to_string();
    if text.contains("password") {
        BookError::Password
    } else if text.contains("limit exceeded") {
        BookError::TooManyCells
    } else {
        BookError::Damaged
    }
}

impl Opened {
    fn new(bytes: &Bytes, format: Format) -> Result<Self, BookError> {
        Ok(match format {
            Format::Xlsx => Opened::Xlsx(open(bytes)?),
            Format::Xlsb => Opened::Xlsb(open(bytes)?),
            Format::Xls => Opened::Xls(open(bytes)?),
            Format::Ods => {
                ods::check_size(bytes, MOST_CELLS)?;
                Opened::Ods(open(bytes)?)
            }
        })
    }

    fn sheets(&self) -> Vec<Sheet> {
        let all = match self {
            Opened::Xlsx(book) => book.sheets_metadata(),
            Opened::Xlsb(book) => book.sheets_metadata(),
            Opened::Xls(book) => book.sheets_metadata(),
            Opened::Ods(book) => book.sheets_metadata(),
        };
        all.iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .map(|sheet| Sheet {
                name: sheet.name.clone(),
                hidden: sheet.visible != SheetVisible::Visible,
            })
            .collect()
    }
}

fn xlsx(book: &mut Xlsx<Cursor<Bytes>>, bytes: &[u8], sheet: &str) -> Result<Grid, BookError> {
    let extras = hidden::xlsx(bytes, sheet);
    let mut grid = Grid {
        date_1904: book.has_1904_epoch(),
        merged: book
            .merge_cells_by_sheet_name(sheet)
            .map_err(error)?
            .into_iter()
            .map(Region::from)
            .collect(),
        hidden: extras.hidden,
        ..Grid::default()
    };
    let mut reader = book.worksheet_cells_reader(sheet).map_err(error)?;
    let shown: Vec<Shown> = reader
        .styles()
        .iter()
        .map(|style| match &style.number_format {
            Some(format) => Shown::new(&format.format_code),
            None => Shown::General,
        })
        .collect();
    let mut count = 0;
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(error)? {
        let shown = shown.get(style).copied().unwrap_or_default();
        if let Some(content) = content(cell.get_value(), shown) {
            count += 1;
            grid.put(cell.get_position(), content);
        }
        if count > MOST_CELLS {
            return Err(BookError::TooManyCells);
        }
    }
    drop(reader);
    if !extras.has_formulas {
        return Ok(grid);
    }
    let mut reader = book.worksheet_cells_reader(sheet).map_err(error)?;
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(error)? {
        if cell.formula.is_some() && matches!(cell.value, DataRef::Empty) {
            grid.put(cell.pos, Content::NoValue);
        }
    }
    Ok(grid)
}

fn xlsb_cells(
    book: &mut Xlsb<Cursor<Bytes>>,
    bytes: &[u8],
    sheet: &str,
) -> Result<Grid, BookError> {
    let layout = xlsb::layout(bytes, sheet)?;
    let mut grid = Grid {
        date_1904: book.has_1904_epoch(),
        merged: layout.merged,
        hidden: layout.hidden,
        ..Grid::default()
    };
    let mut reader = book.worksheet_cells_reader(sheet).map_err(error)?;
    let mut count = 0;
    while let Some(cell) = reader.next_cell().map_err(error)? {
        if let Some(content) = content(cell.get_value(), Shown::General) {
            count += 1;
            grid.put(cell.get_position(), content);
        }
        if count > MOST_CELLS {
            return Err(BookError::TooManyCells);
        }
    }
    Ok(grid)
}

fn xls(book: &mut Xls<Cursor<Bytes>>, sheet: &str) -> Result<Grid, BookError> {
    let mut grid = Grid {
        date_1904: book.has_1904_epoch(),
        merged: book
            .merge_cells_by_sheet_name(sheet)
            .map_err(error)?
            .into_iter()
            .map(Region::from)
            .collect(),
        ..Grid::default()
    };
    let range = book.worksheet_range(sheet).map_err(error)?;
    let formulas = book.worksheet_formula(sheet).map_err(error)?;
    fill(&mut grid, &range, &formulas, |_| Shown::General);
    Ok(grid)
}

fn ods(book: &mut Ods<Cursor<Bytes>>, bytes: &[u8], sheet: &str) -> Result<Grid, BookError> {
    let layout = ods::layout(bytes, sheet)?;
    let mut grid = Grid {
        merged: layout.merged,
        hidden: layout.hidden,
        ..Grid::default()
    };
    let range = book.worksheet_range(sheet).map_err(error)?;
    let formulas = book.worksheet_formula(sheet).map_err(error)?;
    fill(&mut grid, &range, &formulas, |at| {
        layout
            .percentages
            .get(&at)
            .map_or(Shown::General, |digits| Shown::Percent(*digits))
    });
    Ok(grid)
}

fn fill(
    grid: &mut Grid,
    range: &calamine::Range<Data>,
    formulas: &calamine::Range<String>,
    shown: impl Fn((u32, u32)) -> Shown,
) {
    let (top, left) = range.start().unwrap_or_default();
    for (row, column, data) in range.used_cells() {
        let at = (top + row as u32, left + column as u32);
        if let Some(content) = content(&DataRef::from_data(data), shown(at)) {
            grid.put(at, content);
        }
    }
    let (top, left) = formulas.start().unwrap_or_default();
    for (row, column, _) in formulas.used_cells() {
        let at = (top + row as u32, left + column as u32);
        if matches!(range.get_value(at), None | Some(Data::Empty)) {
            grid.put(at, Content::NoValue);
        }
    }
}

/// calamine has the borrowed form from one reader and the owned one from another.
trait FromData<'a> {
    fn from_data(data: &'a Data) -> Self;
}

impl<'a> FromData<'a> for DataRef<'a> {
    fn from_data(data: &'a Data) -> Self {
        match data {
            Data::Int(value) => DataRef::Int(*value),
            Data::Float(value) => DataRef::Float(*value),
            Data::String(text) => DataRef::SharedString(text),
            Data::Bool(value) => DataRef::Bool(*value),
            Data::DateTime(value) => DataRef::DateTime(*value),
            Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
            Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
            Data::Error(error) => DataRef::Error(error.clone()),
            Data::Empty => DataRef::Empty,
        }
    }
}

/// What a cell holds; `None` where it is empty or holds blanks only.
fn content(data: &DataRef, shown: Shown) -> Option<Content> {
    Some(match data {
        DataRef::Empty => return None,
        DataRef::Int(value) => shown.number(*value as f64),
        DataRef::Float(value) => shown.number(*value),
        DataRef::Bool(value) => Content::Bool(*value),
        DataRef::String(text) => return words(text),
        DataRef::SharedString(text) => return words(text),
        DataRef::DateTime(date) => moment(date, shown),
        DataRef::DateTimeIso(text) => iso(text, shown),
        DataRef::DurationIso(text) => Content::Text(text.clone()),
        DataRef::Error(CellErrorType::GettingData) => Content::Error("#GETTING_DATA".to_owned()),
        DataRef::Error(error) => Content::Error(error.to_string()),
    })
}

/// LibreOffice keeps the result of a failed formula as words.
const FAILED: &[&str] = &[
    "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!", "#SPILL!",
];

fn words(text: &str) -> Option<Content> {
    let text = text.trim();
    if FAILED.contains(&text) || (text.starts_with("Err:") && text.len() == 7) {
        return Some(Content::Error(text.to_owned()));
    }
    (!text.is_empty()).then(|| Content::Text(text.to_owned()))
}

fn moment(date: &ExcelDateTime, shown: Shown) -> Content {
    if date.is_duration() {
        return decimal(date.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let text = match shown {
        Shown::Month => format!("{year}年{month}月"),
        _ if date.as_f64() < 1.0 => format!("{hour}:{minute:02}"),
        _ if (hour, minute, second) == (0, 0, 0) || shown == Shown::Day => {
            format!("{year}年{month}月{day}日")
        }
        _ => format!("{year}年{month}月{day}日{hour}:{minute:02}"),
    };
    Content::Date(text)
}

/// `2021-09-16` or `2021-09-16T08:30:00`, as an ods and a strict xlsx have it.
fn iso(text: &str, shown: Shown) -> Content {
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    let Some(date) = serial_date(date) else {
        return Content::Text(text.to_owned());
    };
    let midnight = time.chars().all(|c| matches!(c, '0' | ':' | '.' | 'Z'));
    match time.get(..5) {
        Some(time) if !midnight && shown != Shown::Day => Content::Date(format!("{date}{time}")),
        _ => Content::Date(date),
    }
}
