//! The record of a folder: which file was made for which unit, and of what. It is a log of lines
//! that survives the end of a run at any moment: a line that was cut off is left out, the others
//! hold. At the end of a run it is written anew, in order.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::numbering::Numbering;
use crate::output::{Waiting, WriteError};

/// The name of the record in its folder.
pub const NAME: &str = "批量记录.jsonl";

const FORMAT: u32 = 1;

/// A file as it was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The name in the folder.
    pub file: String,
    /// The unit's full name; empty for the circular itself.
    pub unit: String,
    /// 0 for the circular itself.
    pub serial: usize,
    pub number: Option<String>,
    pub title: String,
    pub date: String,
    pub pages: usize,
    pub findings: usize,
    pub made_from: MadeFrom,
    /// The SHA-256 of the file.
    pub sha256: String,
    /// Whether nothing is made into the file any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left_over: bool,
}

/// Fingerprints of what a file was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MadeFrom {
    /// The program's version and page templates.
    pub program: String,
    /// The unit's own rows, name and number.
    pub unit: String,
    /// The words and data that all units share.
    pub common: String,
    /// The text templates.
    pub templates: String,
    pub fonts: String,
    /// What a file is judged by: the levels of rules, the word list, whose names it may not hold.
    #[serde(default)]
    pub checks: String,
}

/// A notice that could not be made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    pub unit: String,
    pub serial: usize,
    pub number: Option<String>,
    pub findings: usize,
    pub reason: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Format(u32),
    Numbering(Numbering),
    Part(Part),
    Made(Box<Entry>),
    Failed(Failure),
}

/// Why a record cannot be used.
#[derive(Debug)]
pub enum RecordError {
    Read {
        path: PathBuf,
        error: Error,
    },
    Damaged {
        path: PathBuf,
        line: usize,
    },
    /// Another version of the program wrote it, in a form of its own.
    Newer {
        path: PathBuf,
    },
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecordError::Read { path, error } => {
                write!(f, "错误：无法读取 {}：{error}", path.display())
            }
            RecordError::Damaged { path, line } => write!(
                f,
                "错误：{} 的第{line}行已损坏\n  建议：用备份恢复它；没有备份就把它和发文台账一起移到别处，再加“--force”重做（发文字号会从起始字号重新编排）",
                path.display()
            ),
            RecordError::Newer { path } => write!(
                f,
                "错误：{} 是较新的程序写的，这个程序读不懂\n  建议：用新的程序再运行",
                path.display()
            ),
        }
    }
}

/// Which part of the whole a folder holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Counted from 1.
    pub shard: usize,
    pub shards: usize,
    /// How many notices the part has.
    pub expected: usize,
    /// What all parts are made from, as a fingerprint.
    #[serde(default)]
    pub input: String,
}

/// What a record says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    pub numbering: Numbering,
    pub part: Option<Part>,
    /// By the name of the file; of several versions the newest is last, and only one of them can
    /// stand on the disk.
    pub files: BTreeMap<String, Vec<Entry>>,
    /// By unit.
    pub failures: BTreeMap<String, Failure>,
}

impl Record {
    /// Reads the record of a folder; an empty one where there is none. Gives its whole length in
    /// bytes, without a last line that was cut off.
    pub fn read(folder: &Path) -> Result<(Record, u64), RecordError> {
        let path = folder.join(NAME);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(RecordError::Read { path, error }),
        };
        let whole = bytes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let mut record = Record::default();
        let lines = bytes[..whole].split(|byte| *byte == b'\n');
        for (number, line) in (1..).zip(lines).filter(|(_, line)| !line.is_empty()) {
            match serde_json::from_slice(line) {
                Ok(Line::Format(format)) if format != FORMAT => {
                    return Err(RecordError::Newer { path });
                }
                Ok(line) => record.add(line),
                Err(_) => return Err(RecordError::Damaged { path, line: number }),
            }
        }
        Ok((record, whole as u64))
    }

    fn add(&mut self, line: Line) {
        match line {
            Line::Format(_) => {}
            Line::Numbering(numbering) => self.numbering = numbering,
            Line::Part(part) => self.part = Some(part),
            Line::Made(entry) => {
                self.failures.remove(&entry.unit);
                self.files
                    .entry(entry.file.clone())
                    .or_default()
                    .push(*entry);
            }
            Line::Failed(failure) => {
                self.failures.insert(failure.unit.clone(), failure);
            }
        }
    }

    /// Which part of how many the folder holds.
    pub fn shard(&self) -> (usize, usize) {
        let part = self.part.as_ref();
        part.map_or((1, 1), |part| (part.shard, part.shards))
    }

    /// Tells whether a file with these bytes is one that we made.
    pub fn knows(&self, file: &str, sha256: &str) -> bool {
        let versions = self.files.get(file).into_iter().flatten();
        versions.into_iter().any(|entry| entry.sha256 == sha256)
    }

    /// Keeps of each file the version that stands on the disk, and no file that `keep` does not.
    pub fn settle(&mut self, keep: &BTreeSet<String>, on_disk: impl Fn(&str) -> Option<String>) {
        self.files.retain(|file, versions| {
            if let [_, _, ..] = versions.as_slice() {
                let stands = on_disk(file);
                let version = versions
                    .iter()
                    .rposition(|entry| Some(&entry.sha256) == stands.as_ref());
                let version = versions.remove(version.unwrap_or(versions.len() - 1));
                *versions = vec![version];
            }
            keep.contains(file)
        });
    }

    /// Writes the record anew, in the order of the serials.
    pub fn write(&self, folder: &Path) -> Result<(), WriteError> {
        let mut bytes = Vec::new();
        push(&mut bytes, &Line::Format(FORMAT));
        push(&mut bytes, &Line::Numbering(self.numbering.clone()));
        if let Some(part) = &self.part {
            push(&mut bytes, &Line::Part(part.clone()));
        }
        let mut entries: Vec<&Entry> = self.files.values().flatten().collect();
        entries.sort_by(|a, b| (a.serial, &a.file).cmp(&(b.serial, &b.file)));
        for entry in entries {
            push(&mut bytes, &Line::Made(Box::new(entry.clone())));
        }
        let mut failures: Vec<&Failure> = self.failures.values().collect();
        failures.sort_by_key(|failure| failure.serial);
        for failure in failures {
            push(&mut bytes, &Line::Failed(failure.clone()));
        }
        Waiting::with(&folder.join(NAME), &bytes)?.put()
    }
}

fn push(bytes: &mut Vec<u8>, line: &Line) {
    serde_json::to_writer(&mut *bytes, line).expect("lines hold only text and numbers");
    bytes.push(b'\n');
}

/// The record of a folder while files are being made.
pub struct Log {
    file: File,
    length: u64,
    path: PathBuf,
}

impl Log {
    /// Opens the record for more lines, behind its first `length` bytes.
    pub fn open(folder: &Path, length: u64) -> Result<Self, WriteError> {
        let path = folder.join(NAME);
        let open = || {
            let options = OpenOptions::new()
                .create(true)
                .write(true)
                .truncate(false)
                .open(&path);
            let mut file = options?;
            file.set_len(length)?;
            file.seek(SeekFrom::End(0))?;
            Ok(file)
        };
        match open() {
            Ok(file) => Ok(Log { file, length, path }),
            Err(error) => Err(WriteError { path, error }),
        }
    }

    /// Adds a file that is about to be put in its place.
    pub fn made(&mut self, entry: &Entry) -> Result<(), WriteError> {
        self.add(&Line::Made(Box::new(entry.clone())))
    }

    /// Adds a notice that could not be made.
    pub fn failed(&mut self, failure: &Failure) -> Result<(), WriteError> {
        self.add(&Line::Failed(failure.clone()))
    }

    /// Adds who has which number; it reaches the disk before any file that bears one.
    pub fn numbering(&mut self, numbering: &Numbering) -> Result<(), WriteError> {
        self.add(&Line::Numbering(numbering.clone()))?;
        self.file.sync_data().map_err(|error| WriteError {
            path: self.path.clone(),
            error,
        })
    }

    fn add(&mut self, line: &Line) -> Result<(), WriteError> {
        let mut bytes = Vec::new();
        push(&mut bytes, line);
        match self.file.write_all(&bytes) {
            Ok(()) => self.length += bytes.len() as u64,
            Err(error) => {
                // What was written of the line must not stand before the next one.
                let _ = self.file.set_len(self.length);
                let _ = self.file.seek(SeekFrom::End(0));
                let path = self.path.clone();
                return Err(WriteError { path, error });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(unit: &str, sha256: &str) -> Entry {
        Entry {
            file: format!("{unit}.pdf"),
            unit: unit.to_owned(),
            serial: 1,
            number: None,
            title: "通知".to_owned(),
            date: "2026年7月1日".to_owned(),
            pages: 2,
            findings: 3,
            made_from: MadeFrom::default(),
            sha256: sha256.to_owned(),
            left_over: false,
        }
    }

    #[test]
    fn a_line_that_was_cut_off_does_not_lose_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = Log::open(folder.path(), 0).unwrap();
        log.made(&entry("甲", "1")).unwrap();
        log.made(&entry("乙", "2")).unwrap();
        let path = folder.path().join(NAME);
        let bytes = std::fs::read(&path).unwrap();
        for cut in 1..bytes.len() {
            std::fs::write(&path, &bytes[..cut]).unwrap();
            let (record, length) = Record::read(folder.path()).unwrap();
            let lines = bytes[..cut].iter().filter(|byte| **byte == b'\n').count();
            assert_eq!(record.files.len(), lines);
            let mut log = Log::open(folder.path(), length).unwrap();
            log.made(&entry("丙", "3")).unwrap();
            assert_eq!(
                Record::read(folder.path()).unwrap().0.files.len(),
                lines + 1
            );
        }
    }

    #[test]
    fn a_line_damaged_in_the_middle_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(NAME), "{\"format\":1}\n{坏\n").unwrap();
        let error = Record::read(folder.path()).unwrap_err();
        assert!(
            matches!(error, RecordError::Damaged { line: 2, .. }),
            "{error}"
        );
    }

    #[test]
    fn a_record_of_another_format_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(NAME), "{\"format\":99}\n").unwrap();
        let error = Record::read(folder.path()).unwrap_err();
        assert!(matches!(error, RecordError::Newer { .. }), "{error}");
    }

    #[test]
    fn the_version_on_the_disk_is_kept() {
        let mut record = Record::default();
        for sha256 in ["1", "2"] {
            record.add(Line::Made(Box::new(entry("甲", sha256))));
        }
        assert!(record.knows("甲.pdf", "1") && record.knows("甲.pdf", "2"));
        record.settle(&["甲.pdf".to_owned()].into(), |_| Some("1".to_owned()));
        assert_eq!(record.files["甲.pdf"], [entry("甲", "1")]);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut record = Record {
            numbering: Numbering {
                first: "甲函〔2026〕5号".into(),
                units: vec!["甲".into()],
                ..Numbering::default()
            },
            part: Some(Part {
                shard: 2,
                shards: 3,
                expected: 1,
                input: "0123".into(),
            }),
            ..Record::default()
        };
        record.add(Line::Made(Box::new(entry("甲", "1"))));
        record.write(folder.path()).unwrap();
        assert_eq!(Record::read(folder.path()).unwrap().0, record);
    }
}
