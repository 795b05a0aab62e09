//! A file beside the input comes in, the table in it goes out: a workbook or a text file, as its
//! bytes say.

use std::path::Path;
use std::rc::Rc;

use super::context::Context;
use super::csv;
use super::read::{self, LoadError};
use super::workbook::{self, Book, BookError, Wanted};
use crate::model::Table;

/// A ledger as it was when the first of its tables was read; the others are taken from the same
/// bytes.
pub enum Ledger {
    Book(Box<Book>),
    Text(Vec<u8>),
    Refused(BookError),
    Unread(LoadError),
}

/// Reads the table that an input file asks for.
pub fn table(wanted: Wanted, cx: &mut Context) -> Option<Table> {
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
    match read::bytes(path) {
        Ok(bytes) => match Book::open(bytes) {
            Ok(Ok(book)) => Ledger::Book(Box::new(book)),
            Ok(Err(text)) => Ledger::Text(text),
            Err(error) => Ledger::Refused(error),
        },
        Err(error) => Ledger::Unread(error),
    }
}
