//! What the record knows of the jobs comes in, the rows of the ledger go out: the same whichever run
//! made the files.

use super::job::Job;
use super::ledger::{FAILED, NOT_MADE, Row};
use super::manifest::{Entry, Failure, Record};

/// What the ledger calls the circular that the notices go with.
const CIRCULAR: &str = "（整份公文）";

/// A row for each job, in their order.
pub fn rows(jobs: &[Job], record: &Record) -> Vec<Row> {
    let row = |job: &Job| {
        let failure = record.failures.get(job.unit());
        let versions = record.files.get(job.file());
        let made = versions.and_then(|versions| versions.last());
        // A file that could not be made anew stands there as it was made before.
        let of_unit = |entry: &&Entry| entry.unit == job.unit();
        let before = || {
            record
                .files
                .values()
                .filter_map(|versions| versions.last())
                .find(of_unit)
        };
        match (failure, made) {
            (None, Some(entry)) => made_row(entry, String::new()),
            (Some(_), made) if made.is_some() || before().is_some() => Row {
                status: failed_status(failure),
                ..made
                    .or_else(before)
                    .map_or_else(Row::default, |entry| made_row(entry, String::new()))
            },
            (failure, _) => Row {
                serial: Some(job.serial()).filter(|serial| *serial > 0),
                number: job.number(),
                unit: shown_unit(job.unit()),
                findings: job.findings(),
                status: failed_status(failure),
                ..Row::default()
            },
        }
    };
    jobs.iter().map(row).collect()
}

/// What the ledger says of a file that is not there.
pub fn failed_status(failure: Option<&Failure>) -> String {
    match failure {
        Some(failure) => format!("{FAILED}{}", failure.reason),
        None => NOT_MADE.to_owned(),
    }
}

/// The unit as the ledger names it.
pub fn shown_unit(unit: &str) -> String {
    match unit {
        "" => CIRCULAR.to_owned(),
        unit => unit.to_owned(),
    }
}

/// The row of a file that was made; its folder's path, ending in `/`, comes before its name.
pub fn made_row(entry: &Entry, folder: String) -> Row {
    Row {
        serial: Some(entry.serial).filter(|serial| *serial > 0),
        number: entry.number.clone(),
        unit: shown_unit(&entry.unit),
        title: entry.title.clone(),
        date: entry.date.clone(),
        pages: Some(entry.pages),
        findings: entry.findings,
        status: "已生成".to_owned(),
        file: folder + &entry.file,
        sha256: entry.sha256.clone(),
    }
}
