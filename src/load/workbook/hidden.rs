//! What calamine does not tell of a sheet of an xlsx: which rows and columns are hidden, and whether
//! it has formulas at all.

use std::collections::BTreeSet;
use std::io::{BufReader, Cursor, Read};
use std::sync::LazyLock;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use regex::bytes::RegexSet;

use super::ods::attribute;

/// A sheet has no more columns than these.
const MOST_COLUMNS: u32 = 16_384;

/// The hidden rows and columns of a sheet, counted from 0.
#[derive(Debug, Default)]
pub struct Hidden {
    pub rows: BTreeSet<u32>,
    pub columns: BTreeSet<u32>,
}

impl Hidden {
    /// Adds columns, both ends included.
    pub fn hide_columns(&mut self, first: u32, last: u32) {
        self.columns.extend(first..=last.min(MOST_COLUMNS));
    }
}

/// The part that a link of a workbook leads to.
pub fn target(links: impl Read, link: &str) -> Option<String> {
    let mut target = None;
    elements(links, |element| {
        if attribute(element, "Id").as_deref() == Some(link) {
            target = attribute(element, "Target");
        }
    })?;
    target
}

/// What a sheet holds beside the values of its cells.
pub struct Extras {
    pub hidden: Hidden,
    pub has_formulas: bool,
}

/// Reads the extras of a sheet; a file that is damaged here is one that calamine refuses.
pub fn xlsx(bytes: &[u8], sheet: &str) -> Extras {
    read(bytes, sheet).unwrap_or(Extras {
        hidden: Hidden::default(),
        has_formulas: true,
    })
}

fn read(bytes: &[u8], sheet: &str) -> Option<Extras> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let names: Vec<String> = archive
        .file_names()
        .flatten()
        .map(|name| name.into_owned())
        .collect();
    let book = names.iter().find(|name| name.ends_with("workbook.xml"))?;
    let folder = book.trim_end_matches("workbook.xml").to_owned();
    let links = format!("{folder}_rels/workbook.xml.rels");

    let mut link = None;
    elements(archive.by_name(book).ok()?, |element| {
        if local(element) == "sheet" && attribute(element, "name").as_deref() == Some(sheet) {
            link = attribute(element, "r:id");
        }
    })?;
    let target = target(archive.by_name(&links).ok()?, &link?)?;
    let part = match target.strip_prefix('/') {
        Some(whole) => whole.to_owned(),
        None => folder + &target,
    };

    // Parsing a large sheet takes seconds, and few have any of these.
    let [hides, has_formulas] = mentions(archive.by_name(&part).ok()?)?;
    let mut hidden = Hidden::default();
    if !hides {
        return Some(Extras {
            hidden,
            has_formulas,
        });
    }
    let mut row = 0_u32;
    elements(archive.by_name(&part).ok()?, |element| {
        match local(element) {
            "row" => {
                let number = attribute(element, "r").and_then(|r| r.parse::<u32>().ok());
                row = number.unwrap_or(row + 1);
                if is_hidden(element) {
                    hidden.rows.insert(row.saturating_sub(1));
                }
            }
            "col" if is_hidden(element) => {
                let number = |name| attribute(element, name)?.parse::<u32>().ok();
                if let (Some(first), Some(last)) = (number("min"), number("max")) {
                    let last = last.min(MOST_COLUMNS);
                    hidden.columns.extend(first.saturating_sub(1)..last);
                }
            }
            _ => {}
        }
    })?;
    Some(Extras {
        hidden,
        has_formulas,
    })
}

/// Whether a sheet hides a row or column, and whether it has a formula.
fn mentions(mut part: impl Read) -> Option<[bool; 2]> {
    const CHUNK: usize = 1 << 16;
    /// No mark is longer.
    const OVERLAP: usize = 64;
    static MARKS: LazyLock<RegexSet> = LazyLock::new(|| {
        let hides = r#"(?-u)hidden\s*=\s*["'](1|true)"#;
        let has_formulas = r"(?-u)<(\w+:)?f[\s/>]";
        RegexSet::new([hides, has_formulas]).expect("the patterns are sound")
    });
    let mut found = [false; 2];
    let mut buffer = Vec::with_capacity(CHUNK + OVERLAP);
    loop {
        let kept = buffer.len().min(OVERLAP);
        buffer.drain(..buffer.len() - kept);
        let read = part.by_ref().take(CHUNK as u64).read_to_end(&mut buffer);
        if read.ok()? == 0 {
            return Some(found);
        }
        for mark in MARKS.matches(&buffer) {
            found[mark] = true;
        }
    }
}

fn elements(part: impl Read, mut look: impl FnMut(&BytesStart)) -> Option<()> {
    let mut reader = Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(element) | Event::Empty(element) => look(&element),
            Event::Eof => return Some(()),
            _ => {}
        }
    }
}

fn local<'a>(element: &'a BytesStart) -> &'a str {
    let name = element.name().into_inner();
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

fn is_hidden(element: &BytesStart) -> bool {
    attribute(element, "hidden").is_some_and(|value| value == "1" || value == "true")
}
