//! What kind of file it is: its bytes say, and not its name.

use std::io::{Cursor, Read};

use super::error::{BookError, MOST_UNPACKED};

/// The workbooks that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Xlsx,
    Xlsb,
    Xls,
    Ods,
}

/// Tells by the bytes what they are; `None` where they have no mark of a packed or binary file.
pub fn kind(bytes: &[u8]) -> Result<Option<Kind>, BookError> {
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
fn packed(bytes: &[u8]) -> Result<Kind, BookError> {
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
    let kind = if has("workbook.bin") {
        Kind::Xlsb
    } else if has("workbook.xml") {
        Kind::Xlsx
    } else if mimetype.ends_with("opendocument.spreadsheet") {
        Kind::Ods
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
    Ok(kind)
}

/// Tells by the names in its directory what a compound file is. An entry takes 128 bytes and begins
/// with its name in UTF-16.
fn compound(bytes: &[u8]) -> Result<Kind, BookError> {
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
        Ok(Kind::Xls)
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
