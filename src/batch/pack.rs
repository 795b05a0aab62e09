//! 打包: the files of a folder come in, one ZIP goes out; the same files give the same bytes.

use std::fs::File;
use std::io::{BufReader, BufWriter, Error, Result};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::output::{Waiting, WriteError};

/// The name of the archive.
pub const NAME: &str = "打包.zip";

/// From this size on a ZIP needs its large form.
const LARGE: u64 = 4_000_000_000;

/// Packs the files into [`NAME`] in their folder. PDFs are compressed already, so they are stored.
pub fn pack(folder: &Path, files: &[&str]) -> std::result::Result<(), WriteError> {
    let path = folder.join(NAME);
    let write = || -> Result<Waiting> {
        let mut zip = ZipWriter::new(BufWriter::with_capacity(1 << 20, Waiting::new(&path)?));
        for name in files {
            let file = File::open(folder.join(name))?;
            let options = SimpleFileOptions::default()
                .compression_method(CompressionMethod::Stored)
                .last_modified_time(DateTime::default())
                .unix_permissions(0o644)
                .large_file(file.metadata()?.len() > LARGE);
            zip.start_file(*name, options).map_err(Error::other)?;
            std::io::copy(&mut BufReader::new(file), &mut zip)?;
        }
        let out = zip.finish().map_err(Error::other)?;
        let waiting = out.into_inner().map_err(|error| error.into_error())?;
        waiting.sync()?;
        Ok(waiting)
    };
    match write() {
        Ok(waiting) => waiting.put(),
        Err(error) => Err(WriteError { path, error }),
    }
}
