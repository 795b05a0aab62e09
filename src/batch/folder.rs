//! The folder of a batch: a path comes in, what earlier runs have left there goes out, and no other
//! run works in it meanwhile.

use std::fmt;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use super::ledger;
use super::manifest::{Record, RecordError};
use super::numbering::Numbering;
use crate::output::{self, WriteError};

/// The file that keeps a second run out of a folder.
pub const LOCK: &str = ".hongtou-lock";

/// Why a folder cannot be worked in.
#[derive(Debug)]
pub enum FolderError {
    /// Another run is at work in it.
    Busy(PathBuf),
    Write(WriteError),
    Record(RecordError),
    /// A ledger tells of earlier runs, and their record is gone.
    NoRecord(PathBuf),
}

impl fmt::Display for FolderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FolderError::Busy(path) => write!(
                f,
                "错误：另一个 hongtou 正在文件夹 {} 里工作，等它结束后再运行",
                path.display()
            ),
            FolderError::Write(error) => error.fmt(f),
            FolderError::Record(error) => error.fmt(f),
            FolderError::NoRecord(path) => write!(
                f,
                "错误：文件夹 {} 里有以前做成的发文台账，却没有 {}，不知道各单位原来的字号\n  建议：把这个记录放回来；确要从头编号，先把发文台账和以前的文件移到别处",
                path.display(),
                super::manifest::NAME
            ),
        }
    }
}

fn refused(path: &Path, error: std::io::Error) -> FolderError {
    let path = path.to_owned();
    FolderError::Write(WriteError { path, error })
}

/// A folder that no other run works in until this is dropped.
pub struct Folder {
    pub(super) path: PathBuf,
    pub(super) record: Record,
    /// How much of the record is whole, in bytes.
    pub(super) length: u64,
    /// `None` where the folder is only looked at.
    pub(super) lock: Option<File>,
    /// Numbers that people have given by hand, with who has each.
    by_hand: Vec<(String, String)>,
}

impl Folder {
    /// Opens a folder for a run; makes it where there is none, and clears away what a killed run
    /// left half-written.
    pub fn open(path: &Path) -> Result<Self, FolderError> {
        let lock = Self::lock(path)?;
        let left = |name: &str| name.starts_with(output::TEMPORARY) && name.ends_with(".tmp");
        for entry in path
            .read_dir()
            .map_err(|error| refused(path, error))?
            .flatten()
        {
            if left(&entry.file_name().to_string_lossy()) {
                // One that cannot be removed only takes room.
                let _ = std::fs::remove_file(entry.path());
            }
        }
        Self::read(path, Some(lock))
    }

    /// Keeps other runs out of a folder, which is made where there is none.
    pub fn lock(path: &Path) -> Result<File, FolderError> {
        std::fs::create_dir_all(path).map_err(|error| refused(path, error))?;
        let lock = File::create(path.join(LOCK)).map_err(|error| refused(path, error))?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(TryLockError::WouldBlock) => Err(FolderError::Busy(path.to_owned())),
            Err(TryLockError::Error(error)) => Err(refused(path, error)),
        }
    }

    /// Looks at a folder without touching it; it need not be there.
    pub fn look(path: &Path) -> Result<Self, FolderError> {
        Self::read(path, None)
    }

    fn read(path: &Path, lock: Option<File>) -> Result<Self, FolderError> {
        let (record, length) = Record::read(path).map_err(FolderError::Record)?;
        let given = ledger::given(path);
        // A record that says nothing of numbers is as good as none.
        if given.has_own && (length == 0 || record.numbering.units.is_empty()) {
            return Err(FolderError::NoRecord(path.to_owned()));
        }
        Ok(Folder {
            path: path.to_owned(),
            record,
            length,
            lock,
            by_hand: given.by_hand,
        })
    }

    /// The numbers given so far.
    pub fn numbering(&self) -> Numbering {
        Numbering {
            by_hand: self.by_hand.clone(),
            ..self.record.numbering.clone()
        }
    }
}
