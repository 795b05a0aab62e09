//! A path comes in, the bytes or the text of the file go out, or the reason why not.

use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::workbook::BookError;

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
    /// The first byte that is no UTF-8, counted from 0, and its line, counted from 1.
    NotUtf8 {
        path: PathBuf,
        byte: usize,
        line: usize,
        gb18030: bool,
    },
    /// UTF-16, as some editors call „Unicode“.
    Utf16 {
        path: PathBuf,
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
            LoadError::NotUtf8 {
                path,
                byte,
                line,
                gb18030,
            } => {
                let path = path.display();
                write!(
                    f,
                    "“{path}”不是 UTF-8 编码，第{line}行（第{}字节）起无法识别",
                    byte + 1
                )?;
                if *gb18030 {
                    f.write_str("；像是旧编辑器按 GB 18030（ANSI）保存的，请另存为 UTF-8")?;
                }
                Ok(())
            }
            LoadError::Utf16 { path } => {
                write!(
                    f,
                    "“{}”是 UTF-16（Unicode）编码，请另存为 UTF-8",
                    path.display()
                )
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
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(LoadError::Utf16 {
            path: path.to_owned(),
        });
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(match text.strip_prefix('\u{feff}') {
            Some(text) => text.to_owned(),
            None => text,
        }),
        Err(error) => {
            let byte = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            Err(LoadError::NotUtf8 {
                path: path.to_owned(),
                byte,
                line: bytes[..byte].split(|b| *b == b'\n').count(),
                gb18030: is_gb18030(&bytes),
            })
        }
    }
}

fn is_gb18030(bytes: &[u8]) -> bool {
    let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    text.is_some_and(|text| !text.contains('\0'))
}

/// Tells whether a file is packed, or compound of several, as workbooks are.
pub fn may_be_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK") || bytes.starts_with(b"\xd0\xcf\x11\xe0")
}

/// What a file is that begins with the mark of another format.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const MARKS: [(&[u8], &str); 2] = [(b"%PDF", "PDF 文件"), (b"{\\rtf", "RTF 文档")];
    let (_, what) = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark))?;
    Some(what)
}
