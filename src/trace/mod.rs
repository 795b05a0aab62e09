//! Trace: every printed value with its cells. Comes in: the circular, its document and its pages.
//! Goes out: a list of what was printed, where it stands and what it was computed from.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::diag::Origin;
use crate::document::{Block, Document, Run, TableBlock, Words};
use crate::model::{Circular, Scalar, Value, ValueKind};
use crate::typeset::{Pages, Part};

/// All printed values in the order of reading.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace(pub Vec<Entry>);

/// One printed value, or one cell of a table that shows a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The value as printed.
    pub value: String,
    /// The expression as written; `None` for a cell of a table.
    pub expression: Option<String>,
    /// The place of the expression in its template; `None` for a cell of a table.
    pub template: Option<Origin>,
    /// The part's Chinese name.
    pub part: String,
    /// The block inside the part, counted from 1.
    pub block: usize,
    /// The page of each line that shows it, with the line's text.
    pub lines: Vec<(usize, String)>,
    /// What it was computed from.
    pub cells: Vec<TracedCell>,
}

/// A cell or variable that a value was computed from.
#[derive(Clone, Debug, PartialEq)]
pub struct TracedCell {
    pub origin: Origin,
    /// The letters that stand in it.
    pub text: Option<String>,
}

impl Trace {
    /// The list as JSON; places as in messages.
    pub fn json(&self) -> String {
        let entries: Vec<EntryJson> = self.0.iter().map(EntryJson::of).collect();
        let json = serde_json::to_string_pretty(&entries);
        json.expect("entries hold only text and numbers") + "\n"
    }
}

/// An entry as programs read it; the fields keep this order.
#[derive(Serialize)]
struct EntryJson<'a> {
    value: &'a str,
    expression: Option<&'a str>,
    template: Option<String>,
    part: &'a str,
    block: usize,
    lines: Vec<LineJson<'a>>,
    cells: Vec<CellJson<'a>>,
}

#[derive(Serialize)]
struct LineJson<'a> {
    page: usize,
    text: &'a str,
}

#[derive(Serialize)]
struct CellJson<'a> {
    at: String,
    text: Option<&'a str>,
}

impl<'a> EntryJson<'a> {
    fn of(entry: &'a Entry) -> Self {
        let line = |(page, text): &'a (usize, String)| LineJson { page: *page, text };
        let cell = |cell: &'a TracedCell| CellJson {
            at: cell.origin.to_string(),
            text: cell.text.as_deref(),
        };
        EntryJson {
            value: &entry.value,
            expression: entry.expression.as_deref(),
            template: entry.template.as_ref().map(Origin::to_string),
            part: &entry.part,
            block: entry.block,
            lines: entry.lines.iter().map(line).collect(),
            cells: entry.cells.iter().map(cell).collect(),
        }
    }
}

/// Lists every printed value of the document with its lines on the pages.
pub fn trace(circular: &Circular, document: &Document, pages: &Pages) -> Trace {
    let mut list = List {
        lines: lines(pages),
        entries: Vec::new(),
    };
    list.part(Part::Title, Some(&document.title));
    list.part(Part::Recipients, document.recipients.as_ref());
    list.blocks(Part::MainText, &document.main_text);
    list.part(Part::Note, document.note.as_ref());
    for (index, attachment) in document.attachments.iter().enumerate() {
        list.part(Part::AttachmentTitle(index + 1), Some(&attachment.title));
        list.blocks(Part::AttachmentText(index + 1), &attachment.blocks);
    }
    list.part(Part::ImprintRecipients, document.recipients.as_ref());
    list.part(Part::CcRecipients, document.cc_recipients.as_ref());
    let mut entries = list.entries;
    let texts = texts(circular, &entries);
    for cell in entries.iter_mut().flat_map(|entry| &mut entry.cells) {
        cell.text = texts.get(&cell.origin).cloned().flatten();
    }
    Trace(entries)
}

/// What tells one value from another inside a part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(usize),
    Cell(Origin),
}

/// The key of a run that belongs to the trace.
fn key(run: &Run) -> Option<Key> {
    match &run.print {
        Some(print) => Some(Key::Number(print.number)),
        None => run.cells.first().cloned().map(Key::Cell),
    }
}

type Lines = BTreeMap<(Part, Key), Vec<(usize, String)>>;

/// The lines that show each value.
fn lines(pages: &Pages) -> Lines {
    let mut lines = Lines::new();
    for line in pages.ink() {
        for key in line.runs.iter().filter_map(key) {
            let shown = lines.entry((line.part, key)).or_default();
            let line = (line.page, line.text.clone());
            if shown.last() != Some(&line) {
                shown.push(line);
            }
        }
    }
    lines
}

struct List {
    lines: Lines,
    entries: Vec<Entry>,
}

impl List {
    fn part(&mut self, part: Part, words: Option<&Words>) {
        words
            .into_iter()
            .for_each(|words| self.words(part, 1, words));
    }

    fn blocks(&mut self, part: Part, blocks: &[Block]) {
        for (number, block) in (1..).zip(blocks) {
            match block {
                Block::Heading { words, run_in, .. } => {
                    self.words(part, number, words);
                    self.words(part, number, run_in);
                }
                Block::Paragraph(words) | Block::Recipients(words) => {
                    self.words(part, number, words);
                }
                Block::Table(table) => self.table(part, number, table),
                Block::Picture(_) | Block::Signature { .. } => {}
            }
        }
    }

    fn table(&mut self, part: Part, block: usize, table: &TableBlock) {
        let shown = table.rows.iter().flatten().filter(|cell| cell.rows > 0);
        let cells = shown.map(|cell| &cell.words);
        let groups = table.groups.iter().map(|group| &group.words);
        groups
            .chain(&table.head)
            .chain(cells)
            .for_each(|words| self.words(part, block, words));
    }

    fn words(&mut self, part: Part, block: usize, words: &Words) {
        let mut last = None;
        for run in &words.0 {
            let key = key(run);
            let same = key.is_some() && key == last;
            last = key.clone();
            let Some(key) = key else { continue };
            match self.entries.last_mut() {
                // One value may be several runs, as addresses are runs of their own.
                Some(entry) if same && entry.block == block => entry.value.push_str(&run.text),
                _ => self.entries.extend(self.entry(part, block, run, key)),
            }
        }
    }

    /// The entry of a run; none for a cell of a table without a digit.
    fn entry(&self, part: Part, block: usize, run: &Run, key: Key) -> Option<Entry> {
        let print = run
            .print
            .as_ref()
            .filter(|print| !print.expression.is_empty());
        if print.is_none() && !run.text.contains(|char: char| char.is_numeric()) {
            return None;
        }
        let cells = run.cells.iter().map(|origin| TracedCell {
            origin: origin.clone(),
            text: None,
        });
        Some(Entry {
            value: run.text.clone(),
            expression: print.map(|print| print.expression.to_string()),
            template: print.map(|_| run.origin.clone()),
            part: part.to_string(),
            block,
            lines: self.lines.get(&(part, key)).cloned().unwrap_or_default(),
            cells: cells.collect(),
        })
    }
}

/// The letters of every cell and variable that the entries name.
fn texts(circular: &Circular, entries: &[Entry]) -> BTreeMap<Origin, Option<String>> {
    let cells = entries.iter().flat_map(|entry| &entry.cells);
    let mut texts: BTreeMap<Origin, Option<String>> =
        cells.map(|cell| (cell.origin.clone(), None)).collect();
    let mut found = |value: &Value| {
        if let (Some(text), ValueKind::Scalar(scalar)) = (texts.get_mut(&value.origin), &value.kind)
        {
            *text = Some(scalar.text().to_owned());
        }
    };
    for (_, part) in circular.named_parts() {
        found(&Value::scalar(Scalar::Text(part.value), part.origin));
    }
    let rows = circular.tables.iter().flat_map(|table| table.rows());
    rows.flatten().for_each(&mut found);
    for (_, value) in &circular.variables {
        match &value.kind {
            ValueKind::List(items) => items.iter().for_each(&mut found),
            ValueKind::Map(items) => items.iter().for_each(|(_, item)| found(item)),
            ValueKind::Scalar(_) => found(value),
        }
    }
    texts
}
