//! Joining: the folders of several parts come in, one ledger goes out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::ledger::{self, Row};
use super::manifest::Record;
use super::rows::{failed_status, made_row, shown_unit};
use super::{Folder, FolderError};

/// What came of joining.
#[derive(Debug, Default)]
pub struct Joined {
    pub rows: usize,
    pub failed: usize,
    /// Where the older ledger is kept, which held more than could be carried over.
    pub set_aside: Option<PathBuf>,
    /// What is wrong between the parts, in words.
    pub faults: Vec<String>,
}

/// Makes one ledger in `folder` from the records of the parts. Nothing is written where the parts do
/// not belong together.
pub fn join(parts: &[PathBuf], folder: &Path) -> Result<Joined, FolderError> {
    let mut joined = Joined::default();
    let mut records: Vec<(&PathBuf, Record)> = Vec::new();
    for part in parts {
        let (record, _) = Record::read(part).map_err(FolderError::Record)?;
        if record.files.is_empty() && record.failures.is_empty() {
            let part = part.display();
            joined.faults.push(format!("{part} 里没有批量的记录"));
            continue;
        }
        records.push((part, record));
    }
    check(&records, &mut joined.faults);
    if !joined.faults.is_empty() {
        return Ok(joined);
    }
    let lock = Folder::lock(folder)?;
    let mut rows: BTreeMap<usize, Row> = BTreeMap::new();
    for (part, record) in &records {
        let prefix = relative(folder, part);
        let entries = record.files.values().filter_map(|versions| versions.last());
        for entry in entries.filter(|entry| !entry.left_over) {
            if !part.join(&entry.file).is_file() {
                let (part, file) = (part.display(), &entry.file);
                let fault = format!("{part} 里没有了 {file}；再运行一次它的命令");
                joined.faults.push(fault);
            }
            let row = made_row(entry, prefix.clone());
            double(rows.insert(entry.serial, row), &mut joined.faults);
        }
        for failure in record.failures.values() {
            joined.failed += 1;
            let row = Row {
                serial: Some(failure.serial).filter(|serial| *serial > 0),
                number: failure.number.clone(),
                unit: shown_unit(&failure.unit),
                findings: failure.findings,
                status: failed_status(Some(failure)),
                ..Row::default()
            };
            // A file of an earlier run may stand beside the failure; the failure counts.
            rows.insert(failure.serial, row);
        }
    }
    if joined.faults.is_empty() {
        joined.rows = rows.len();
        let rows: Vec<Row> = rows.into_values().collect();
        match ledger::write(folder, &rows, None) {
            Ok(aside) => joined.set_aside = aside,
            Err(refusal) => joined.faults.push(refusal),
        }
    }
    drop(lock);
    Ok(joined)
}

fn double(earlier: Option<Row>, faults: &mut Vec<String>) {
    if let Some(row) = earlier {
        let unit = row.unit;
        faults.push(format!("“{unit}”在两个文件夹里都有，不知道以哪个为准"));
    }
}

/// The parts have the same numbers, each part is there once, and each is finished.
fn check(records: &[(&PathBuf, Record)], faults: &mut Vec<String>) {
    let Some((first, start)) = records.first() else {
        return;
    };
    let (_, count) = start.shard();
    let input = |record: &Record| record.part.as_ref().map(|part| part.input.clone());
    let mut seen: BTreeMap<usize, &PathBuf> = BTreeMap::new();
    for (path, record) in records {
        let shown = path.display();
        if record.numbering != start.numbering {
            faults.push(format!(
                "{shown} 与 {} 的编号不同：各部分要由同一个输入文件、同一份名录做成",
                first.display()
            ));
        }
        if input(record) != input(start) {
            faults.push(format!(
                "{shown} 与 {} 的内容不同：各部分要由同样的输入文件、台账和模板做成",
                first.display()
            ));
        }
        let (shard, shards) = record.shard();
        if shards != count {
            faults.push(format!(
                "{shown} 是分{shards}份做的，{} 是分{count}份做的",
                first.display()
            ));
        } else if let Some(other) = seen.insert(shard, path) {
            let other = other.display();
            faults.push(format!("{shown} 和 {other} 都是第{shard}份"));
        }
        let made = made(record);
        if let Some(part) = record.part.as_ref().filter(|part| made < part.expected) {
            let (expected, done) = (part.expected, made);
            faults.push(format!(
                "{shown} 还没有做完：应有{expected}份，做了{done}份；再运行一次它的命令"
            ));
        }
    }
    let missing: Vec<String> = (1..=count)
        .filter(|shard| !seen.contains_key(shard))
        .map(|shard| format!("{shard}/{count}"))
        .collect();
    if faults.is_empty() && !missing.is_empty() {
        faults.push(format!("缺少第{}份的文件夹", missing.join("、")));
    }
}

/// How many units a record tells of.
fn made(record: &Record) -> usize {
    let entries = record.files.values().filter_map(|versions| versions.last());
    let entries = entries.filter(|entry| !entry.left_over);
    let units: BTreeSet<&str> = entries.map(|entry| entry.unit.as_str()).collect();
    let failed = record.failures.keys().map(String::as_str);
    units
        .into_iter()
        .chain(failed)
        .collect::<BTreeSet<_>>()
        .len()
}

/// The path from one folder to another, with `/` between names and at the end.
fn relative(from: &Path, to: &Path) -> String {
    let (Ok(from), Ok(to)) = (from.canonicalize(), to.canonicalize()) else {
        return format!("{}/", to.display());
    };
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from[same..].iter().map(|_| "..".to_owned());
    let down = to[same..]
        .iter()
        .map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).map(|part| part + "/").collect()
}
