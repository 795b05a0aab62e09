//! What a file is made from, as one number: values come in, the SHA-256 of what counts in them goes
//! out, the same on every machine.

use std::hash::{Hash, Hasher};
use std::io::{Error, ErrorKind};
use std::path::Path;

use sha2::{Digest, Sha256};

/// The fingerprint of a value, 64 hexadecimal digits.
pub fn of(value: &impl Hash) -> String {
    let mut feed = Feed(Sha256::new());
    value.hash(&mut feed);
    hexadecimal(feed.0)
}

/// The SHA-256 of bytes, 64 hexadecimal digits.
pub fn bytes(bytes: &[u8]) -> String {
    hexadecimal(Sha256::new_with_prefix(bytes))
}

/// The SHA-256 of a file; nothing where there is none. The error says why one cannot be read.
pub fn file(path: &Path) -> std::io::Result<Option<String>> {
    // Reading a pipe would never end.
    if path.metadata().is_ok_and(|found| !found.is_file()) {
        return Err(Error::new(ErrorKind::InvalidInput, "这不是普通文件"));
    }
    match std::fs::read(path) {
        Ok(read) => Ok(Some(bytes(&read))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn hexadecimal(digest: Sha256) -> String {
    let digits = digest.finalize();
    digits.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Hands everything that is hashed to SHA-256; numbers go in one byte order and width.
struct Feed(Sha256);

impl Hasher for Feed {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn write_u16(&mut self, number: u16) {
        self.write(&number.to_le_bytes());
    }

    fn write_u32(&mut self, number: u32) {
        self.write(&number.to_le_bytes());
    }

    fn write_u64(&mut self, number: u64) {
        self.write(&number.to_le_bytes());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.write_u64(number as u64);
    }

    fn write_i32(&mut self, number: i32) {
        self.write(&number.to_le_bytes());
    }

    fn finish(&self) -> u64 {
        0 // The digest is taken instead.
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Origin;
    use crate::model::{Scalar, Sourced, Table, Value};

    fn table(cell: &str, row: u32) -> Table {
        let place = |row| Origin::Cell {
            file: "台账.xlsx".into(),
            sheet: "问题清单".into(),
            row,
            column: 0,
        };
        let name = |text: &str| Sourced::new(text.to_owned(), place(0));
        let cell = Value::scalar(Scalar::Text(cell.into()), place(row));
        Table::new(name("问题清单"), vec![name("问题")], vec![vec![cell]])
    }

    #[test]
    fn letters_count_and_places_do_not() {
        assert_eq!(of(&table("甲", 1)), of(&table("甲", 9)));
        assert_ne!(of(&table("甲", 1)), of(&table("乙", 1)));
        assert_ne!(of(&("甲", "乙")), of(&("甲乙", "")));
    }

    #[test]
    fn bytes_have_their_usual_digest() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(bytes(b""), empty);
    }
}
