//! A path comes in, the bytes or the text of the file go out, or the reason why not.

use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::workbook::BookError;
use crate::diag::{Diagnostic, Origin};

/// The largest file that is read: a large ledger has ten megabytes.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// The largest text that is read as an input file: a circular has some kilobytes.
const MOST_TEXT: u64 = 16 * 1024 * 1024;

/// Why an input file gave no text.
#[derive(Debug)]
pub enum LoadError {
    Missing {
        path: PathBuf,
        looked: PathBuf,
    },
    Folder {
        path: PathBuf,
    },
    /// A pipe or a device, which may never end.
    Special {
        path: PathBuf,
    },
    Unreadable {
        path: PathBuf,
        cause: io::Error,
    },
    TooLarge {
        path: PathBuf,
        most: u64,
    },
    /// A text that is not UTF-8.
    Encoding {
        path: PathBuf,
        encoding: Encoding,
        /// The first line that is no UTF-8, counted from 1.
        line: u32,
        /// The text as far as it can be read.
        text: String,
    },
    /// A workbook, or what looks like one, that cannot be read.
    Workbook {
        path: PathBuf,
        error: BookError,
    },
    /// No text at all, such as a PDF.
    Binary {
        path: PathBuf,
        what: &'static str,
    },
}

/// What a text is that is not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// What some editors call „Unicode“.
    Utf16,
    /// What some editors call „ANSI“.
    Gb18030,
    Unknown,
}

impl Encoding {
    /// What is wrong from that line on.
    fn said(self, line: u32) -> String {
        match self {
            Encoding::Utf16 => "是 UTF-16（Unicode）编码，不是 UTF-8".to_owned(),
            Encoding::Gb18030 => "像是按 GB 18030（ANSI）编码保存的，不是 UTF-8".to_owned(),
            Encoding::Unknown => format!("不是 UTF-8 编码，第{line}行起无法识别"),
        }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::Missing { path, looked } => {
                let (path, looked) = (path.display(), looked.display());
                write!(f, "找不到文件“{path}”，查找的位置是“{looked}”")
            }
            LoadError::Folder { path } => {
                write!(f, "“{}”是文件夹，这里需要一个文件", path.display())
            }
            LoadError::Special { path } => {
                write!(
                    f,
                    "“{}”不是普通文件，而是管道或设备一类，请改用磁盘上的文件",
                    path.display()
                )
            }
            LoadError::Unreadable { path, cause } => {
                write!(
                    f,
                    "无法读取“{}”：{}",
                    path.display(),
                    cause_in_chinese(cause)
                )
            }
            LoadError::TooLarge { path, most } => {
                let most = most / 1024 / 1024;
                write!(
                    f,
                    "“{}”超过 {most} MB，不像一份公文的输入文件",
                    path.display()
                )
            }
            LoadError::Encoding {
                path,
                encoding,
                line,
                ..
            } => {
                let path = path.display();
                write!(f, "“{path}”{}，请另存为 UTF-8", encoding.said(*line))
            }
            LoadError::Workbook { path, error } => {
                write!(f, "“{}”{error}；{}", path.display(), error.hint())
            }
            LoadError::Binary { path, what } => {
                write!(f, "“{}”是{what}，不是 YAML 文字文件", path.display())
            }
        }
    }
}

impl LoadError {
    /// The wrong encoding of the input file as a fault in it, with the text as far as it can be read.
    pub fn encoding(self, file: &Arc<str>) -> Result<(Diagnostic, String), LoadError> {
        match self {
            LoadError::Encoding {
                encoding,
                line,
                text,
                ..
            } => {
                // A text read in its own encoding is wrong as a whole.
                let line = if encoding == Encoding::Unknown {
                    line
                } else {
                    1
                };
                let message = format!("这个文件{}", encoding.said(line));
                let place = Origin::text(file, line, 1);
                let fault = Diagnostic::error("input/file/encoding", &place, message);
                let hint = "用记事本等打开，选“另存为”，编码选“UTF-8”，再运行一次";
                Ok((fault.hint(hint), text))
            }
            other => Err(other),
        }
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            LoadError::Unreadable { cause, .. } => Some(cause),
            _ => None,
        }
    }
}

fn cause_in_chinese(cause: &io::Error) -> String {
    match cause.kind() {
        io::ErrorKind::PermissionDenied => "没有读取权限".to_owned(),
        io::ErrorKind::InvalidFilename => "文件名不可用".to_owned(),
        _ => format!("系统报告“{cause}”"),
    }
}

/// Reads a file of bearable size.
pub fn bytes(path: &Path) -> Result<Vec<u8>, LoadError> {
    let unreadable = |cause: io::Error| match cause.kind() {
        io::ErrorKind::NotFound => LoadError::Missing {
            path: path.to_owned(),
            looked: std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
        },
        io::ErrorKind::IsADirectory => LoadError::Folder {
            path: path.to_owned(),
        },
        _ => LoadError::Unreadable {
            path: path.to_owned(),
            cause,
        },
    };
    let kind = fs::metadata(path).map_err(unreadable)?.file_type();
    if kind.is_dir() {
        return Err(LoadError::Folder {
            path: path.to_owned(),
        });
    }
    if !kind.is_file() {
        return Err(LoadError::Special {
            path: path.to_owned(),
        });
    }
    let mut bytes = Vec::new();
    // A growing file has no honest size beforehand.
    let mut file = fs::File::open(path)
        .map_err(unreadable)?
        .take(MOST_BYTES + 1);
    file.read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(LoadError::TooLarge {
            path: path.to_owned(),
            most: MOST_BYTES,
        });
    }
    Ok(bytes)
}

/// Decodes a UTF-8 file; a byte order mark is cut off.
pub fn text(path: &Path, bytes: Vec<u8>) -> Result<String, LoadError> {
    if bytes.len() as u64 > MOST_TEXT {
        return Err(LoadError::TooLarge {
            path: path.to_owned(),
            most: MOST_TEXT,
        });
    }
    if let Some(what) = foreign(&bytes) {
        return Err(LoadError::Binary {
            path: path.to_owned(),
            what,
        });
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => {
            return Ok(match text.strip_prefix('\u{feff}') {
                Some(text) => text.to_owned(),
                None => text,
            });
        }
        Err(error) => error.into_bytes(),
    };
    let valid = std::str::from_utf8(&bytes).map_or_else(|error| error.valid_up_to(), str::len);
    let line = bytes[..valid].split(|byte| *byte == b'\n').count();
    let (encoding, text) = decoded(&bytes);
    Err(LoadError::Encoding {
        path: path.to_owned(),
        encoding,
        line: u32::try_from(line).unwrap_or(u32::MAX),
        text,
    })
}

/// What bytes that are no UTF-8 most likely are, and their text.
fn decoded(bytes: &[u8]) -> (Encoding, String) {
    let whole = |encoding: &'static encoding_rs::Encoding| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
        (!text.contains('\0')).then(|| text.trim_start_matches('\u{feff}').to_owned())
    };
    let marked = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let utf16 = [encoding_rs::UTF_16LE, encoding_rs::UTF_16BE];
    // Without its mark almost anything can be read as UTF-16: then it must read as an input file.
    let utf16 = utf16
        .into_iter()
        .filter_map(whole)
        .find(|text| marked || begins_with_kind(text));
    match (utf16, whole(encoding_rs::GB18030)) {
        (Some(text), _) => (Encoding::Utf16, text),
        (None, Some(text)) => (Encoding::Gb18030, text),
        (None, None) => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            (Encoding::Unknown, text)
        }
    }
}

/// Tells an input file from other YAML files: it names its kind. `bytes` may be in any encoding.
pub fn names_kind(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(text) => begins_with_kind(text),
        Err(_) => begins_with_kind(&decoded(bytes).1),
    }
}

/// Tells whether some line begins with the key of the kind.
fn begins_with_kind(text: &str) -> bool {
    let mut lines = text.lines().map(|line| line.trim_start_matches('\u{feff}'));
    lines.any(|line| line.starts_with("文种") || line.starts_with("kind"))
}

/// Tells whether a file is packed, or compound of several, as workbooks are.
pub fn may_be_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK") || bytes.starts_with(b"\xd0\xcf\x11\xe0")
}

/// What a file is that begins with the mark of another format.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const MARKS: [(&[u8], &str); 4] = [
        (b"%PDF", " PDF 文件"),
        (b"{\\rtf", " RTF 文档"),
        (b"PK\x03\x04", "电子表格、文档或压缩文件"),
        (b"\xd0\xcf\x11\xe0", "电子表格或文档"),
    ];
    let (_, what) = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark))?;
    Some(what)
}
