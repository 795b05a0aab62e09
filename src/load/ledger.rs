//! A file beside the input comes in, the table in it goes out: a workbook or a text file, as its
//! bytes say.

use std::path::Path;
use std::rc::Rc;

use super::context::Context;
use super::csv;
use super::read::{LoadError, bytes};
use super::workbook::{self, Book, BookError, Wanted};
use crate::diag::Diagnostic;
use crate::model::{Table, is_known_column};

/// A ledger as it was when the first of its tables was read; the others are taken from the same
/// bytes.
pub enum Ledger {
    Book(Box<Book>),
    Text(Vec<u8>),
    Refused(BookError),
    Unread(LoadError),
}

/// Reads the table that an input file asks for. One without rows is told: words would say that nothing
/// was found.
pub fn table(wanted: Wanted, cx: &mut Context) -> Option<Table> {
    let file = wanted.file.clone();
    let table = read(wanted, cx)?;
    if !table.rows().is_empty() {
        return Some(table);
    }
    let columns = table.columns();
    let at = columns
        .first()
        .map_or(&file.origin, |column| &column.origin);
    let is_known = columns.iter().any(|column| is_known_column(&column.value));
    // A table of the office's own has columns of its own.
    if is_known || (columns.len() > 1 && table.name.value != "问题清单") {
        let message = format!("表格“{}”一行也没有，正文会照没有来写", table.name.value);
        let fault = Diagnostic::warning("tables/rows/none", at, message);
        cx.report(fault.hint("漏填的补上；确实没有的不用改"));
        return Some(table);
    }
    let words: Vec<&str> = columns.iter().map(|column| column.value.as_str()).collect();
    let message = format!(
        "“{}”里没有像台账的内容，只有一行：{}",
        file.value,
        words.join("、")
    );
    let hint =
        "第一行写列名（责任单位、问题描述等），下面每个问题一行；查对是不是选错了文件或工作表";
    cx.error("tables/file/no-table", at, message, hint);
    None
}

fn read(wanted: Wanted, cx: &mut Context) -> Option<Table> {
    let path = cx.path(&wanted.file.value, &wanted.file.origin);
    let ledger = match cx.ledgers.get(&path) {
        Some(ledger) => ledger.clone(),
        None => {
            cx.files.push(path.clone());
            let ledger = Rc::new(open(&path));
            cx.ledgers.insert(path.clone(), ledger.clone());
            ledger
        }
    };
    match &*ledger {
        Ledger::Book(book) => workbook::from_book(book, &path, wanted, cx),
        Ledger::Text(bytes) => csv::table(wanted, &path, bytes, cx),
        Ledger::Refused(error) => {
            workbook::refuse(error, &wanted.file, cx);
            None
        }
        Ledger::Unread(error) => {
            let code = match error {
                LoadError::Missing { .. } => "tables/file/missing",
                _ => "tables/file/unreadable",
            };
            let base = cx.base(&wanted.file.origin);
            let hint = format!("检查文件名；文件路径从{base}算起");
            cx.error(code, &wanted.file.origin, error.to_string(), hint);
            None
        }
    }
}

fn open(path: &Path) -> Ledger {
    match bytes(path) {
        Ok(bytes) => match Book::open(bytes) {
            Ok(Ok(book)) => Ledger::Book(Box::new(book)),
            Ok(Err(text)) => Ledger::Text(text),
            Err(error) => Ledger::Refused(error),
        },
        Err(error) => Ledger::Unread(error),
    }
}
