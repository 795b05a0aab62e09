//! The bytes of a file come in; the names of its sheets and the cells of one sheet go out.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use calamine::{Data, DataRef, Ods, Reader, SheetType, SheetVisible, Xls, Xlsb, Xlsx};

use super::content::{FromData, content};
use super::error::{BookError, MOST_CELLS};
use super::format::Shown;
use super::grid::{Content, Grid, Region};
use super::kind::{Kind, kind};
use super::{hidden, ods, xlsb};

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
        let Some(kind) = kind(&bytes)? else {
            return Ok(Err(bytes));
        };
        let bytes = Bytes::from(bytes);
        let (opened, sheets) = apart(|| {
            let opened = Opened::new(&bytes, kind)?;
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

    /// The cells of a sheet of an xlsx that hold something.
    pub fn values(&self, sheet: &str) -> Result<Values, BookError> {
        apart(|| {
            let Opened::Xlsx(book) = &mut *self.opened.borrow_mut() else {
                return Err(BookError::Damaged);
            };
            let mut reader = book.worksheet_cells_reader(sheet).map_err(error)?;
            let (mut values, mut count) = (Values::default(), 0);
            while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(error)? {
                let (row, column) = cell.pos;
                let value = Data::from(cell.value);
                values.has_formulas |= cell.formula.is_some();
                if value.to_string().trim().is_empty() {
                    continue;
                }
                values.rows.entry(row).or_default().insert(column, value);
                count += 1;
                if count > MOST_CELLS {
                    return Err(BookError::TooManyCells);
                }
            }
            Ok(values)
        })
    }
}

/// The cells of a sheet with the values that are kept in them, not as they are shown.
#[derive(Debug, Default)]
pub struct Values {
    /// By row and column, both from 0.
    pub rows: BTreeMap<u32, BTreeMap<u32, Data>>,
    /// Whether some of the values were computed.
    pub has_formulas: bool,
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

fn open<R>(bytes: &Bytes) -> Result<R, BookError>
where
    R: Reader<Cursor<Bytes>>,
    R::Error: Display,
{
    R::new(Cursor::new(bytes.clone())).map_err(error)
}

/// calamine's errors are English; only the kinds that a user can mend are told apart.
fn error(error: impl Display) -> BookError {
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
    fn new(bytes: &Bytes, kind: Kind) -> Result<Self, BookError> {
        Ok(match kind {
            Kind::Xlsx => Opened::Xlsx(open(bytes)?),
            Kind::Xlsb => Opened::Xlsb(open(bytes)?),
            Kind::Xls => Opened::Xls(open(bytes)?),
            Kind::Ods => {
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
