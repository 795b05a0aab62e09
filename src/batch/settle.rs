//! After the work: what came of the jobs goes into the record, files of units that are gone are told
//! or deleted, and the merged file and the archive are made.

use std::collections::BTreeSet;
use std::path::Path;

use super::fingerprint;
use super::job::Job;
use super::ledger::{self, Row};
use super::manifest::Record;
use super::work::{Done, State};
use super::{Options, Summary, merge, pack};

/// Puts what came of the jobs into the record.
pub fn remember(record: &mut Record, done: &[Done]) {
    for done in done {
        record.failures.remove(&done.unit);
        match &done.state {
            State::Made(entry) => {
                let versions = record.files.entry(done.file.clone()).or_default();
                versions.push((**entry).clone());
            }
            State::Unchanged(_) | State::Kept(_) => {}
            State::Failed(failure) => {
                record.failures.insert(done.unit.clone(), failure.clone());
            }
        }
    }
}

/// The digest of a file that is there.
fn on_disk(folder: &Path, file: &str) -> Option<String> {
    fingerprint::file(&folder.join(file)).ok().flatten()
}

/// The files that nothing would be made into any more if all of `jobs` were made, and whether each is as
/// it was made, so that it may be deleted.
pub fn left_over(record: &Record, folder: &Path, jobs: &[Job]) -> Vec<(String, bool)> {
    let wanted: BTreeSet<&str> = jobs.iter().map(|job| job.file()).collect();
    let files = record.files.iter();
    let files = files.filter(|(file, _)| !wanted.contains(file.as_str()));
    let files = files.filter_map(|(file, versions)| {
        let stands = on_disk(folder, file)?;
        let is_ours = versions.iter().any(|entry| entry.sha256 == stands);
        Some((file.clone(), is_ours))
    });
    files.collect()
}

/// Finds the files that nothing is made into any more, deletes them where that was asked for, and
/// forgets those that are gone.
pub fn clear(
    record: &mut Record,
    folder: &Path,
    jobs: &[Job],
    options: &Options,
    summary: &mut Summary,
) {
    let on_disk = |file: &str| on_disk(folder, file);
    // A unit whose notice was not made keeps the file it has, under whatever name.
    let unsettled: BTreeSet<&str> = {
        let good = summary
            .done
            .iter()
            .filter(|done| !matches!(done.state, State::Failed(_)));
        let good: BTreeSet<&str> = good.map(|done| done.unit.as_str()).collect();
        let units = jobs.iter().map(|job| job.unit());
        units.filter(|unit| !good.contains(unit)).collect()
    };
    let wanted: BTreeSet<&str> = jobs.iter().map(|job| job.file()).collect();
    let mut keep = BTreeSet::new();
    for (file, versions) in &mut record.files {
        versions
            .iter_mut()
            .for_each(|entry| entry.left_over = false);
        let of_unsettled = versions
            .iter()
            .any(|entry| unsettled.contains(entry.unit.as_str()));
        if wanted.contains(file.as_str()) || of_unsettled {
            keep.insert(file.clone());
            continue;
        }
        let Some(stands) = on_disk(file) else {
            continue;
        };
        let is_ours = versions.iter().any(|entry| entry.sha256 == stands);
        if options.prune && is_ours && std::fs::remove_file(folder.join(file)).is_ok() {
            summary.pruned.push(file.clone());
        } else {
            versions.iter_mut().for_each(|entry| entry.left_over = true);
            summary.left_over.push(file.clone());
            keep.insert(file.clone());
        }
    }
    let units: BTreeSet<&str> = jobs.iter().map(|job| job.unit()).collect();
    record
        .failures
        .retain(|unit, _| units.contains(unit.as_str()));
    record.settle(&keep, on_disk);
}

/// Merges and packs, where everything was made.
pub fn finish(folder: &Path, rows: &[Row], options: &Options, summary: &mut Summary) {
    if !(options.merge || options.zip) {
        return;
    }
    let missing = rows.iter().filter(|row| !row.is_made()).count();
    if missing > 0 {
        let kinds = [(options.merge, merge::NAME), (options.zip, pack::NAME)];
        for (_, name) in kinds.into_iter().filter(|(wanted, _)| *wanted) {
            let older = match folder.join(name).exists() {
                true => "，文件夹里的是以前做的",
                false => "",
            };
            let refusal = format!("错误：有{missing}份没有做成，没有做{name}{older}");
            summary.refusals.push(refusal);
        }
        return;
    }
    if options.merge {
        let title = |row: &Row| match &row.number {
            Some(number) => format!("{number} {}", row.unit),
            None => row.unit.clone(),
        };
        let parts = rows.iter().map(|row| merge::Part {
            file: &row.file,
            title: title(row),
        });
        let parts: Vec<_> = parts.collect();
        match merge::merge(folder, &parts) {
            Ok(pages) => summary.merged = Some(pages),
            Err(error) => summary.refusals.push(error.to_string()),
        }
    }
    if options.zip {
        let mut files: Vec<&str> = rows.iter().map(|row| row.file.as_str()).collect();
        files.push(ledger::NAME);
        match pack::pack(folder, &files) {
            Ok(()) => summary.packed = true,
            Err(error) => summary.refusals.push(error.to_string()),
        }
    }
}
