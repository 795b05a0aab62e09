//! Edits cells of a workbook as an office program would: the value changes, nothing else.

use std::io::{Read, Write};
use std::path::Path;

/// An example's folder in a folder of its own, where it may be changed.
pub fn copy_of(example: &str) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in crate::entries(&crate::root().join("examples").join(example)) {
        std::fs::copy(&file, copy.path().join(file.file_name().unwrap())).unwrap();
    }
    copy
}

/// Writes numbers into cells of the sheet, counted from 1, of a workbook.
pub fn edit(book: &Path, sheet: usize, cells: &[(&str, &str)]) {
    let part = format!("xl/worksheets/sheet{sheet}.xml");
    let mut archive = zip::ZipArchive::new(std::fs::File::open(book).unwrap()).unwrap();
    let mut written = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        if name == part {
            let mut text = String::from_utf8(content).unwrap();
            for (cell, value) in cells {
                let start = text.find(&format!("<c r=\"{cell}\"")).expect(cell);
                let from = start + text[start..].find("<v>").expect(cell) + 3;
                let to = from + text[from..].find("</v>").expect(cell);
                text.replace_range(from..to, value);
            }
            content = text.into_bytes();
        }
        let options = zip::write::SimpleFileOptions::default();
        written.start_file(name, options).unwrap();
        written.write_all(&content).unwrap();
    }
    drop(archive);
    std::fs::write(book, written.finish().unwrap().into_inner()).unwrap();
}
