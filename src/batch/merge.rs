//! 合订本: the PDFs of a folder come in, one PDF goes out in which each begins on an odd page. The
//! pages are copied as they are, one file at a time, so that thousands need no more memory than one.

use std::io::{BufWriter, Error, Result, Write};
use std::ops::Range;
use std::path::Path;

use super::fingerprint;
use crate::output::{Waiting, WriteError};

/// The name of the merged file.
pub const NAME: &str = "合订本.pdf";

/// The objects of the merged file that belong to no part.
const PAGES: usize = 1;
const CATALOG: usize = 2;
const OUTLINES: usize = 3;
const INFO: usize = 4;
const FIRST_FREE: usize = 5;

/// One file to merge.
pub struct Part<'a> {
    pub file: &'a str,
    /// The words of its bookmark.
    pub title: String,
}

/// Merges the parts, in order, into [`NAME`] in their folder; gives the count of pages. The same
/// parts give the same bytes.
pub fn merge(folder: &Path, parts: &[Part]) -> std::result::Result<usize, WriteError> {
    let path = folder.join(NAME);
    let write = || {
        let mut merged = Merged::new(Waiting::new(&path)?)?;
        for part in parts {
            let bytes = std::fs::read(folder.join(part.file))?;
            let source = Source::read(&bytes)
                .ok_or_else(|| Error::other(format!("“{}”不是本程序做成的 PDF", part.file)))?;
            merged.add(&source, &part.title)?;
        }
        merged.finish()
    };
    let refused = |error| WriteError {
        path: path.clone(),
        error,
    };
    let (waiting, pages) = write().map_err(refused)?;
    waiting.put()?;
    Ok(pages)
}

/// A PDF as krilla writes it: objects one behind the other, one table of their places.
struct Source<'a> {
    bytes: &'a [u8],
    /// The object of each number; nothing stands at 0.
    objects: Vec<Option<Range<usize>>>,
    /// The root of the page tree.
    pages: usize,
    /// Objects that the merged file has one of itself: the catalog, Info and Metadata.
    left_out: Vec<usize>,
    first_page: usize,
    count: usize,
}

impl<'a> Source<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let table = number_after(bytes, rfind(bytes, b"startxref")? + 9)?;
        let rest = bytes.get(table..)?.strip_prefix(b"xref\n0 ")?;
        let count = number_after(rest, 0)?;
        let entries = find(rest, b"\n")? + 1;
        let offset = |index: usize| {
            let entry = rest.get(entries + index * 20..)?.get(..20)?;
            let offset = number_after(entry, 0)?;
            Some((entry[17] == b'n').then_some(offset))
        };
        let offsets = (0..count).map(offset).collect::<Option<Vec<_>>>()?;
        let mut ends: Vec<usize> = offsets.iter().flatten().copied().chain([table]).collect();
        ends.sort_unstable();
        let object = |start: &Option<usize>| {
            let start = (*start)?;
            let end = *ends.get(ends.partition_point(|end| *end <= start))?;
            let head = find(bytes.get(start..end)?, b" obj")? + 4;
            Some(start + head..end)
        };
        let mut source = Source {
            bytes,
            objects: offsets.iter().map(object).collect(),
            pages: 0,
            left_out: Vec::new(),
            first_page: 0,
            count: 0,
        };
        let trailer = &bytes[table + rfind(&bytes[table..], b"trailer")?..];
        let root = number_behind(trailer, b"/Root ")?;
        let catalog = source.object(root)?;
        source.pages = number_behind(catalog, b"/Pages ")?;
        let tree = source.object(source.pages)?;
        source.count = number_behind(tree, b"/Count ")?;
        let metadata = number_behind(catalog, b"/Metadata ");
        let info = number_behind(trailer, b"/Info ");
        source.left_out = [Some(root), metadata, info].into_iter().flatten().collect();
        source.first_page = source.first_page(source.pages)?;
        Some(source)
    }

    fn object(&self, number: usize) -> Option<&'a [u8]> {
        self.bytes.get(self.objects.get(number)?.clone()?)
    }

    fn first_page(&self, mut node: usize) -> Option<usize> {
        const DEEPEST: usize = 32;
        for _ in 0..DEEPEST {
            match number_behind(self.object(node)?, b"/Kids[") {
                Some(kid) => node = kid,
                None => return Some(node),
            }
        }
        None
    }
}

/// The file under way.
struct Merged {
    out: BufWriter<Waiting>,
    at: u64,
    /// Where each object begins; 0 for those not written yet.
    offsets: Vec<u64>,
    /// Nodes and pages below the root.
    kids: Vec<usize>,
    pages: usize,
    /// The first page of each part and the words of its bookmark.
    bookmarks: Vec<(usize, String)>,
    /// What tells this file from others.
    ident: String,
}

impl Merged {
    fn new(waiting: Waiting) -> Result<Self> {
        let mut merged = Merged {
            out: BufWriter::with_capacity(1 << 20, waiting),
            at: 0,
            offsets: vec![0; FIRST_FREE],
            kids: Vec::new(),
            pages: 0,
            bookmarks: Vec::new(),
            ident: String::new(),
        };
        merged.put(b"%PDF-1.7\n%\x80\x80\x80\x80\n")?;
        Ok(merged)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.at += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    fn begin(&mut self, number: usize) -> Result<()> {
        self.offsets[number] = self.at;
        self.put(format!("{number} 0 obj\n").as_bytes())
    }

    fn object(&mut self, number: usize, text: &str) -> Result<()> {
        self.begin(number)?;
        self.put(text.as_bytes())?;
        self.put(b"\nendobj\n")
    }

    fn new_number(&mut self) -> usize {
        self.offsets.push(0);
        self.offsets.len() - 1
    }

    fn add(&mut self, source: &Source, title: &str) -> Result<()> {
        if self.pages % 2 == 1 {
            self.blank_page()?;
        }
        let base = self.offsets.len() - 1;
        self.offsets.resize(base + source.objects.len().max(1), 0);
        for number in 1..source.objects.len() {
            let Some(body) = source
                .object(number)
                .filter(|_| !source.left_out.contains(&number))
            else {
                continue;
            };
            self.begin(base + number)?;
            let body = renumbered(body, base);
            match number == source.pages {
                // The root of the part's pages becomes a node below the common root.
                true => {
                    let at = find(&body, b"<<").map_or(0, |at| at + 2);
                    self.put(&body[..at])?;
                    self.put(format!("/Parent {PAGES} 0 R").as_bytes())?;
                    self.put(&body[at..])?;
                }
                false => self.put(&body)?,
            }
        }
        self.kids.push(base + source.pages);
        self.bookmarks
            .push((base + source.first_page, title.to_owned()));
        self.pages += source.count;
        self.ident = fingerprint::of(&(&self.ident, fingerprint::bytes(source.bytes)));
        Ok(())
    }

    fn blank_page(&mut self) -> Result<()> {
        let number = self.new_number();
        let page =
            format!("<</Type/Page/Parent {PAGES} 0 R/MediaBox[0 0 595.276 841.89]/Resources<<>>>>");
        self.object(number, &page)?;
        self.kids.push(number);
        self.pages += 1;
        Ok(())
    }

    fn finish(mut self) -> Result<(Waiting, usize)> {
        let kids: String = self.kids.iter().map(|kid| format!("{kid} 0 R ")).collect();
        let (count, bookmarks) = (self.pages, std::mem::take(&mut self.bookmarks));
        self.object(
            PAGES,
            &format!("<</Type/Pages/Count {count}/Kids[{}]>>", kids.trim_end()),
        )?;
        let first = self.offsets.len();
        let last = first + bookmarks.len() - 1;
        self.offsets.resize(first + bookmarks.len(), 0);
        for (number, (page, title)) in (first..).zip(&bookmarks) {
            let mut item = format!(
                "<</Title{}/Parent {OUTLINES} 0 R/Dest[{page} 0 R/Fit]",
                text_string(title)
            );
            if number > first {
                item.push_str(&format!("/Prev {} 0 R", number - 1));
            }
            if number < last {
                item.push_str(&format!("/Next {} 0 R", number + 1));
            }
            self.object(number, &(item + ">>"))?;
        }
        let outlines = format!(
            "<</Type/Outlines/First {first} 0 R/Last {last} 0 R/Count {}>>",
            bookmarks.len()
        );
        self.object(OUTLINES, &outlines)?;
        let catalog = format!(
            "<</Type/Catalog/Pages {PAGES} 0 R/Outlines {OUTLINES} 0 R/PageMode/UseOutlines/Lang(zh-CN)>>"
        );
        self.object(CATALOG, &catalog)?;
        self.object(INFO, "<</Creator(hongtou)>>")?;
        let table = self.at;
        let size = self.offsets.len();
        self.put(format!("xref\n0 {size}\n0000000000 65535 f\r\n").as_bytes())?;
        for offset in std::mem::take(&mut self.offsets).into_iter().skip(1) {
            let kind = if offset == 0 { "65535 f" } else { "00000 n" };
            self.put(format!("{offset:010} {kind}\r\n").as_bytes())?;
        }
        let ident = &self.ident[..32];
        let trailer = format!(
            "trailer\n<</Size {size}/Root {CATALOG} 0 R/Info {INFO} 0 R/ID[<{ident}><{ident}>]>>\nstartxref\n{table}\n%%EOF"
        );
        self.put(trailer.as_bytes())?;
        let waiting = self.out.into_inner().map_err(|error| error.into_error())?;
        waiting.sync()?;
        Ok((waiting, self.pages))
    }
}

/// The body of an object with every reference raised by `base`; what a stream holds stays.
fn renumbered(body: &[u8], base: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 64);
    let mut at = 0;
    while at < body.len() {
        let rest = &body[at..];
        if rest.starts_with(b"stream") {
            out.extend_from_slice(rest);
            break;
        }
        if let Some((digits, length)) = reference(rest) {
            out.extend_from_slice((digits + base).to_string().as_bytes());
            out.extend_from_slice(b" 0 R");
            at += length;
            continue;
        }
        let length = match rest[0] {
            b'(' => string_length(rest),
            b'<' if !rest.starts_with(b"<<") => find(rest, b">").map_or(rest.len(), |end| end + 1),
            b'<' => 2,
            // A name or number goes as a whole, so that no reference begins inside it.
            byte if byte == b'/' || is_regular(byte) => {
                1 + rest[1..]
                    .iter()
                    .take_while(|byte| is_regular(**byte))
                    .count()
            }
            _ => 1,
        };
        out.extend_from_slice(&rest[..length]);
        at += length;
    }
    out
}

/// `12 0 R` at the beginning: the number and the length.
fn reference(bytes: &[u8]) -> Option<(usize, usize)> {
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let rest = bytes[digits..].strip_prefix(b" 0 R")?;
    let ends = rest.first().is_none_or(|byte| !is_regular(*byte));
    let number = number_after(bytes, 0).filter(|_| digits > 0 && ends)?;
    Some((number, digits + 4))
}

fn is_regular(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && byte != 0 && !b"()<>[]{}/%".contains(&byte)
}

/// The length of a string in brackets, which may hold others.
fn string_length(bytes: &[u8]) -> usize {
    let (mut depth, mut escaped) = (0, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    bytes.len()
}

/// Letters of any script as PDF writes them.
fn text_string(text: &str) -> String {
    let units = text.encode_utf16().map(|unit| format!("{unit:04X}"));
    format!("<FEFF{}>", units.collect::<String>())
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn rfind(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|window| window == what)
}

/// The number behind blanks at `at`.
fn number_after(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?.trim_ascii_start();
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()
}

/// The number behind a key.
fn number_behind(bytes: &[u8], key: &[u8]) -> Option<usize> {
    number_after(bytes, find(bytes, key)? + key.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_raised_and_nothing_else() {
        let body = b"<</A 1 0 R/B[2 0 R 13 0 R]/C(1 0 R \\) 2 0 R)/D<31>/E 10/F1 0 R/G 5 0 Rx>>";
        let raised =
            b"<</A 101 0 R/B[102 0 R 113 0 R]/C(1 0 R \\) 2 0 R)/D<31>/E 10/F1 0 R/G 5 0 Rx>>";
        assert_eq!(renumbered(body, 100), raised);
        let stream = b"<</Length 7>>\nstream\n1 0 R x\nendstream";
        assert_eq!(renumbered(stream, 100), stream);
    }
}
