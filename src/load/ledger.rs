//! A file beside the input comes in, the table in it goes out: a workbook or a text file, as its
//! bytes say.

use super::context::Context;
use super::csv;
use super::read::{self, LoadError};
use super::workbook::{self, Book, Wanted};
use crate::model::Table;

/// Reads the table that an input file asks for.
pub fn table(wanted: Wanted, cx: &mut Context) -> Option<Table> {
    let path = cx.path(&wanted.file.value);
    cx.files.push(path.clone());
    let bytes = match read::bytes(&path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let code = match error {
                LoadError::Missing { .. } => "tables/file/missing",
                _ => "tables/file/unreadable",
            };
            let hint = "检查文件名；文件路径从输入文件所在的文件夹算起";
            cx.error(code, &wanted.file.origin, error.to_string(), hint);
            return None;
        }
    };
    match Book::open(&bytes) {
        Ok(Some(book)) => workbook::from_book(&book, &path, wanted, cx),
        Ok(None) => csv::table(wanted, &path, &bytes, cx),
        Err(error) => {
            workbook::refuse(&error, &wanted.file, cx);
            None
        }
    }
}
