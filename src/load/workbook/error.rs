//! Why a workbook cannot be read, and how large one may be.

use std::fmt;

/// What a workbook may unpack to; 100,000 rows of 12 columns take less than 100 MB.
pub const MOST_UNPACKED: u64 = 256 * 1024 * 1024;

/// The cells of one sheet that are read; each takes some hundred bytes in memory.
pub const MOST_CELLS: usize = 2_500_000;

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
