//! The sheet: a document made ready for the page templates. Comes in: the document and the freedom
//! that fitting uses. Goes out: the one file of data that the templates read, and the list that leads
//! its lines back to the document's words.

mod attachments;
mod header;
mod mark;
mod part;
mod placed;
mod signature;
mod table;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use typst::foundations::Bytes;

use super::fonts::{Fonts, Ink, Role};
use super::lines::{self, Grid, Shape};
use super::measures::{MM, measures};
use super::pictures::Pictures;
use super::setting::{self, Line, Piece};
use super::title;
use crate::diag::Origin;
use crate::document::{Attachment, Block, Document, Run, Style, Words};
use crate::model::{Format, Profile, Seal};
use attachments::AttachmentData;
use placed::PlacedBlock;
use table::TableData;

pub use part::{Part, Source};

/// The freedom the standard leaves when a page does not work out (7.3.5.5).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// The distance between baselines, in millimetres.
    pub pitch: f64,
    /// Characters a line.
    pub cells: u32,
    /// The ink distance between the last text and the name over a seal, in millimetres.
    pub sealed_gap: f64,
    /// Whether the last two lines of text go with the signature.
    pub keep: bool,
    /// Whether the page they leave must not show much white.
    pub full: bool,
}

impl Fit {
    /// The plain measures, with the pitch of the unit.
    pub fn of(document: &Document) -> Self {
        let measures = measures();
        let own = document.profile.pitch.as_ref();
        Fit {
            pitch: own.map_or(measures.pitch, |pitch| pitch.value),
            cells: measures.cells,
            sealed_gap: measures.sealed_gap,
            keep: false,
            full: false,
        }
    }
}

/// Everything the templates are told.
#[derive(Serialize)]
pub struct Sheet {
    info: Info,
    /// The faces of page numbers, and of a picture's words whose own face is not there.
    faces: Vec<String>,
    pitch: f64,
    cell: f64,
    header: PlacedBlock,
    body: Vec<BlockData>,
    /// The ink distance from the header to the first block, in millimetres.
    body_gap: f64,
    attachments: Vec<AttachmentData>,
    /// Whether the last of them lies across its page.
    ends_across: bool,
    /// Those that are not bound with the circular.
    separate: Vec<AttachmentData>,
    imprint: Option<ImprintData>,
    /// How thick the dash of a page number is, in em.
    dash_thickness: f64,
    number_tag: usize,
    draft: Option<DraftData>,
    /// Whether page one shows its number, which that of a letter does not (10.1).
    number_first: bool,
    #[serde(skip)]
    pub sources: Vec<Source>,
    #[serde(skip)]
    pictures: Pictures,
    /// What of the measures is the unit's own.
    #[serde(skip)]
    own: serde_json::Value,
}

/// What marks each page of a draft.
#[derive(Serialize)]
struct DraftData {
    #[serde(serialize_with = "setting::sealed")]
    watermark: Line,
    #[serde(serialize_with = "setting::sealed")]
    line: Line,
}

#[derive(Serialize)]
struct Info {
    title: String,
    author: String,
    keywords: Vec<String>,
    year: i32,
    month: u32,
    day: u32,
}

/// Words on one line that are placed by their ink.
#[derive(Clone, Debug)]
pub struct Label {
    tag: usize,
    text: String,
    /// The text, parted where another face draws it.
    parts: Vec<(usize, String)>,
    ink: Ink,
}

impl Label {
    /// The words as a line of `size` points with `tracking` points between the letters.
    fn line(&self, size: f64, tracking: f64) -> Line {
        let parts = self.parts.iter();
        let pieces = parts.map(|(face, text)| Piece {
            text: text.clone(),
            face: *face,
            tracking,
            after: tracking,
            bold: false,
        });
        let gaps = self.text.chars().count().saturating_sub(1) as f64;
        Line {
            tag: self.tag,
            width: self.ink.advance * size + gaps * tracking,
            pieces: pieces.collect(),
            ..Line::default()
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum BlockData {
    Lines(LinesBlock),
    Table(Box<TableData>),
    Placed(PlacedBlock),
}

#[derive(Serialize)]
struct LinesBlock {
    #[serde(serialize_with = "setting::sealed_all")]
    lines: Vec<Line>,
    /// The ink distance to what stands above, in millimetres; nothing where text runs on.
    above: Option<f64>,
    /// Whether the block stays with the one below.
    sticky: bool,
    /// Whether the block stays on one page.
    whole: bool,
    heading: Option<Heading>,
}

/// A heading on a line of its own, for bookmarks and for reading aloud.
#[derive(Serialize)]
struct Heading {
    /// No level is skipped.
    level: u8,
    words: String,
}

#[derive(Serialize)]
struct ImprintData {
    /// Whether it has rules, which that of a letter has not (10.1).
    ruled: bool,
    /// Whether it goes on to an even page.
    even: bool,
    #[serde(serialize_with = "setting::sealed_all")]
    cc: Vec<Line>,
    #[serde(serialize_with = "setting::sealed_all")]
    office: Vec<Line>,
    /// One line, on the last row of the office.
    #[serde(serialize_with = "setting::sealed_all")]
    date: Vec<Line>,
}

impl Sheet {
    /// The same sheet with one letter for each line of text.
    pub fn sketched(mut self) -> Self {
        for block in &mut self.body {
            match block {
                BlockData::Lines(block) => block.lines.iter_mut().for_each(Line::sketch),
                BlockData::Table(table) => table.sketch(),
                BlockData::Placed(_) => {}
            }
        }
        self
    }

    /// The other files that the templates read: the unit's own measures and the pictures.
    pub fn files(&self) -> Vec<(String, Bytes)> {
        let own = Bytes::new(self.own.to_string().into_bytes());
        let mut files = self.pictures.bytes();
        files.push(("profile.json".to_owned(), own));
        files
    }

    /// The sheet as the templates read it.
    pub fn json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a sheet holds only text and finite numbers")
    }
}

/// Makes the sheet of a document.
pub fn sheet(document: &Document, fonts: &Fonts, fit: Fit) -> Sheet {
    Maker {
        fonts,
        grid: measures().grid(fit.cells),
        fit,
        sources: Vec::new(),
        blocks: BTreeMap::new(),
        tables: 0,
        pictures: Pictures::default(),
        profile: &document.profile,
        area: TypeArea::upright(),
        head: 0.0,
    }
    .make(document)
}

struct Maker<'a> {
    fonts: &'a Fonts,
    grid: Grid,
    fit: Fit,
    sources: Vec<Source>,
    /// How many blocks each part has so far.
    blocks: BTreeMap<Part, usize>,
    tables: usize,
    pictures: Pictures,
    profile: &'a Profile,
    /// The type area of the page at hand.
    area: TypeArea,
    /// What the head of an attachment takes of the page of the block at hand, in millimetres.
    head: f64,
}

/// The width and height of a type area in millimetres.
#[derive(Clone, Copy)]
pub struct TypeArea {
    pub width: f64,
    pub height: f64,
}

impl TypeArea {
    fn upright() -> Self {
        TypeArea {
            width: measures().area_width,
            height: measures().area_height,
        }
    }
}

impl Maker<'_> {
    fn make(mut self, document: &Document) -> Sheet {
        let header = self.header(document);
        let body = self.body(document);
        let attachments = self.attachments(document, false);
        let separate = self.attachments(document, true);
        let imprint = self.imprint(document);
        let dash = self.fonts.ink(Role::SongTi, "—");
        let number_tag = self.source(Part::PageNumber, Arc::default(), 0);
        let draft = document.draft.as_ref().map(|line| {
            let watermark = Words::plain("草稿", &Origin::Program);
            let watermark = self.label(Part::Draft, &watermark, Role::HeiTi);
            let line = self.label(Part::Draft, line, Role::FangSong);
            let size = measures().draft_mark_size_pt;
            DraftData {
                watermark: watermark.line(size, measures().draft_mark_tracking_em * size),
                line: line.line(measures().draft_line_size_pt, 0.0),
            }
        });
        Sheet {
            info: info(document),
            faces: self
                .fonts
                .chain(Role::SongTi)
                .iter()
                .map(|link| link.family.clone())
                .collect(),
            pitch: self.fit.pitch,
            cell: self.grid.cell,
            header,
            body,
            body_gap: match document.format {
                Format::Order => measures().two_lines,
                _ => measures().one_line,
            },
            ends_across: attachments.last().is_some_and(|last| last.landscape),
            attachments,
            separate,
            imprint,
            dash_thickness: dash.top - dash.bottom,
            number_tag,
            draft,
            own: own_measures(self.profile),
            number_first: document.format != Format::Letter,
            sources: self.sources,
            pictures: self.pictures,
        }
    }

    fn body(&mut self, document: &Document) -> Vec<BlockData> {
        let mut body = Vec::new();
        if let Some(recipients) = &document.recipients {
            let lines = self.paragraph(Part::Recipients, &[(recipients, Role::FangSong)], 0.0, 0.0);
            body.push(text(lines));
        }
        for block in &document.main_text {
            self.block(Part::MainText, block, &mut body);
        }
        if self.fit.keep {
            keep_last_lines(&mut body);
        }
        if !document.attachments.is_empty() {
            body.push(self.attachment_list(&document.attachments));
        }
        self.attendance(document, &mut body);
        body.extend(self.signed(document).map(BlockData::Placed));
        if let Some(note) = &document.note {
            let indent = measures().indent_cells * self.grid.cell;
            let lines = self.paragraph(Part::Note, &[(note, Role::FangSong)], indent, 0.0);
            body.push(text(lines));
            if let Some(BlockData::Placed(signature)) = body.iter_mut().rev().nth(1) {
                signature.sticky = true;
            }
        }
        body
    }

    fn block(&mut self, part: Part, block: &Block, out: &mut Vec<BlockData>) {
        let indent = measures().indent_cells * self.grid.cell;
        match block {
            Block::Heading {
                level,
                ordinal,
                words,
                run_in,
            } => {
                let role = heading_role(*level);
                let mark = Words::plain(ordinal, &Origin::Program);
                let parts = [(&mark, role), (words, role), (run_in, Role::FangSong)];
                let mut lines = self.paragraph(part, &parts, indent, 0.0);
                let bold = self.profile.bold_level_3.as_ref();
                if *level == 3 && bold.is_some_and(|bold| bold.value) {
                    let letters = mark.text().chars().count() + words.text().chars().count();
                    lines::embolden(&mut lines, letters);
                }
                let alone = run_in.is_empty();
                out.push(BlockData::Lines(LinesBlock {
                    sticky: alone,
                    whole: alone,
                    heading: alone.then(|| Heading {
                        level: level_below(out, *level),
                        words: mark.text() + &words.text(),
                    }),
                    ..plain(lines)
                }));
            }
            Block::Paragraph(words) => {
                let lines = self.paragraph(part, &[(words, Role::FangSong)], indent, 0.0);
                out.push(text(lines));
            }
            Block::Table(table) => {
                let data = self.table(part, table);
                out.push(BlockData::Table(Box::new(data)));
            }
            Block::Recipients(words) => {
                let lines = self.paragraph(part, &[(words, Role::FangSong)], 0.0, 0.0);
                out.push(text(lines));
            }
            Block::Picture(picture) => self.picture(part, picture, out),
            Block::Signature { name, date } => {
                let signature = self.signature(part, name, date.as_ref(), Seal::None);
                out.push(BlockData::Placed(signature));
            }
        }
    }

    /// 出席, 请假 and 列席: one line below the text, names wrapped under their first (10.3).
    fn attendance(&mut self, document: &Document, body: &mut Vec<BlockData>) {
        let indent = measures().indent_cells * self.grid.cell;
        for (index, (attendance, names)) in document.attendance.iter().enumerate() {
            let label = Words::plain(attendance.label(), &Origin::Program);
            let width = lines::width(self.fonts, &label, Role::HeiTi, self.grid);
            let prefix = (&label, Role::HeiTi);
            let at = indent + width;
            let lines = self.hanging(Part::Attendance, prefix, names, indent, at, 0.0);
            body.push(BlockData::Lines(LinesBlock {
                above: (index == 0).then_some(measures().one_line),
                ..plain(lines)
            }));
        }
    }

    /// 附件说明: names hang under their first character (7.3.4).
    fn attachment_list(&mut self, attachments: &[Attachment]) -> BlockData {
        let cell = self.grid.cell;
        let indent = measures().indent_cells * cell;
        let first_number = indent + 3.0 * cell;
        let number = |index: usize| match attachments.len() {
            1 => String::new(),
            _ => format!("{}.", index + 1),
        };
        let width_of = |text: String| {
            let words = Words::plain(text, &Origin::Program);
            lines::width(self.fonts, &words, Role::FangSong, self.grid)
        };
        let widest = (0..attachments.len())
            .map(|i| width_of(number(i)))
            .fold(0.0, f64::max);
        let name_at = first_number + widest;
        let mut all = Vec::new();
        for (index, attachment) in attachments.iter().enumerate() {
            let label = if index == 0 { "附件：" } else { "" };
            let lead = if index == 0 { indent } else { first_number };
            let prefix = format!("{label}{}", number(index));
            let prefix = Words::plain(prefix, &Origin::Program);
            let name = one_line(&attachment.title);
            let prefix = (&prefix, Role::FangSong);
            all.extend(self.hanging(Part::AttachmentList, prefix, &name, lead, name_at, 0.0));
        }
        // Each name starts a line of its own, so no line before it is stretched.
        BlockData::Lines(LinesBlock {
            above: Some(measures().one_line),
            sticky: self.fit.keep,
            whole: self.fit.keep,
            ..plain(all)
        })
    }

    /// Lines of `words` that all start at `at`, with `prefix` before the first, which starts at
    /// `lead`.
    fn hanging(
        &mut self,
        part: Part,
        (prefix, role): (&Words, Role),
        words: &Words,
        lead: f64,
        at: f64,
        right: f64,
    ) -> Vec<Line> {
        let before = self.shape(lead, lead, false);
        let mut head = lines::break_lines(self.fonts, &[(prefix, role)], &before);
        let shape = Shape {
            width: self.area.width * MM - right,
            ..self.shape(at, at, true)
        };
        let mut lines = lines::break_lines(self.fonts, &[(words, Role::FangSong)], &shape);
        let length = prefix.text().len();
        for line in &mut lines {
            line.start += length;
        }
        if let (Some(first), Some(head)) = (lines.first_mut(), head.pop()) {
            let mut pieces = head.pieces;
            if let Some(last) = pieces.last_mut() {
                last.after += at - lead - head.width;
            }
            pieces.append(&mut first.pieces);
            first.pieces = pieces;
            first.lead = if prefix.is_empty() { at } else { lead };
            first.width += at - first.lead;
            first.start = 0;
        }
        let all = Words(prefix.0.iter().chain(&words.0).cloned().collect());
        self.tag(part, all, &mut lines);
        lines
    }

    fn imprint(&mut self, document: &Document) -> Option<ImprintData> {
        let size = measures().imprint_size_pt;
        let outer = std::mem::replace(&mut self.grid, Grid { size, cell: size });
        let mut cc = Vec::new();
        if let Some(words) = &document.cc_recipients {
            let prefix = Words::plain("抄送：", &Origin::Program);
            let prefix = (&prefix, Role::FangSong);
            cc = self.hanging(Part::CcRecipients, prefix, words, size, 4.0 * size, size);
        }
        let mut date = Vec::new();
        let mut date_room = 0.0;
        let letter = document.format == Format::Letter;
        if let Some(words) = document.print_date.as_ref().filter(|_| !letter) {
            let suffix = Words::plain("印发", &Origin::Program);
            let parts = [(words, Role::FangSong), (&suffix, Role::FangSong)];
            let width: f64 = parts
                .iter()
                .map(|(words, role)| lines::width(self.fonts, words, *role, self.grid))
                .sum();
            let lead = measures().width() - size - width;
            date = self.paragraph(Part::Print, &parts, lead, lead);
            date_room = width + size;
        }
        let mut office = Vec::new();
        if let Some(words) = document.print_office.as_ref().filter(|_| !letter) {
            let shape = Shape {
                width: measures().width() - size - date_room,
                ..self.shape(size, size, false)
            };
            office = lines::break_lines(self.fonts, &[(words, Role::FangSong)], &shape);
            self.tag(Part::Print, words.clone(), &mut office);
        }
        self.grid = outer;
        let some = !(cc.is_empty() && office.is_empty() && date.is_empty());
        some.then_some(ImprintData {
            ruled: document.format != Format::Letter,
            even: document.format != Format::Letter
                && self
                    .profile
                    .imprint_even
                    .as_ref()
                    .is_none_or(|even| even.value),
            cc,
            office,
            date,
        })
    }

    fn title(&mut self, part: Part, words: &Words) -> Vec<Label> {
        let text = words.text();
        let all = Arc::new(words.clone());
        let mut labels: Vec<Label> = Vec::new();
        for range in title::break_title(self.fonts, &text) {
            let tag = self.source(part, all.clone(), range.start);
            let text = text[range].to_owned();
            labels.push(self.label_of(tag, text, Role::XiaoBiaoSong));
        }
        if labels.is_empty() {
            labels.push(self.label(part, words, Role::XiaoBiaoSong));
        }
        labels
    }

    fn label(&mut self, part: Part, words: &Words, role: Role) -> Label {
        let text = words.text();
        let tag = self.source(part, Arc::new(words.clone()), 0);
        self.label_of(tag, text, role)
    }

    fn label_of(&self, tag: usize, text: String, role: Role) -> Label {
        Label {
            tag,
            parts: self.fonts.parts(role, &text),
            ink: self.fonts.ink(role, &text),
            text,
        }
    }

    fn paragraph(
        &mut self,
        part: Part,
        parts: &[(&Words, Role)],
        first: f64,
        rest: f64,
    ) -> Vec<Line> {
        let shape = self.shape(first, rest, true);
        let mut lines = lines::break_lines(self.fonts, parts, &shape);
        let all = Words(
            parts
                .iter()
                .flat_map(|(words, _)| words.0.iter().cloned())
                .collect(),
        );
        self.tag(part, all, &mut lines);
        lines
    }

    fn shape(&self, first: f64, rest: f64, justify: bool) -> Shape {
        Shape {
            grid: self.grid,
            width: self.area.width * MM,
            first,
            rest,
            justify,
        }
    }

    /// Gives each line its entry in the list of sources.
    fn tag(&mut self, part: Part, words: Words, lines: &mut [Line]) {
        let words = Arc::new(words);
        let block = self.next_block(part);
        for line in lines {
            line.tag = self.sources.len();
            self.sources.push(Source {
                part,
                block,
                words: words.clone(),
                start: line.start,
            });
        }
    }

    fn source(&mut self, part: Part, words: Arc<Words>, start: usize) -> usize {
        let block = self.next_block(part);
        self.sources.push(Source {
            part,
            block,
            words,
            start,
        });
        self.sources.len() - 1
    }

    fn next_block(&mut self, part: Part) -> usize {
        let count = self.blocks.entry(part).or_default();
        *count += 1;
        *count - 1
    }
}

/// The face of a heading (7.3.3).
pub fn heading_role(level: u8) -> Role {
    match level {
        1 => Role::HeiTi,
        2 => Role::KaiTi,
        _ => Role::FangSong,
    }
}

fn info(document: &Document) -> Info {
    Info {
        title: one_line(&document.title).text(),
        author: document.signature.text().replace('\n', ""),
        keywords: document.doc_number.iter().map(Words::text).collect(),
        year: document.date.year(),
        month: document.date.month(),
        day: document.date.day(),
    }
}

/// What of the measures a profile replaces for the page templates.
fn own_measures(profile: &Profile) -> serde_json::Value {
    let mut own = serde_json::Map::new();
    if let Some(red) = &profile.red {
        own.insert("red".to_owned(), red.value.clone().into());
    }
    if let Some(mirrored) = &profile.mirrored {
        own.insert("mirrored".to_owned(), mirrored.value.into());
    }
    own.into()
}

/// The words without wished-for breaks.
fn one_line(words: &Words) -> Words {
    let runs = words.0.iter().map(|run| Run {
        text: run.text.replace('\n', ""),
        style: Style::Plain,
        ..run.clone()
    });
    Words(runs.collect())
}

fn plain(lines: Vec<Line>) -> LinesBlock {
    LinesBlock {
        lines,
        above: None,
        sticky: false,
        whole: false,
        heading: None,
    }
}

/// The level of a heading after `blocks`, at most one below that of the heading before it.
fn level_below(blocks: &[BlockData], level: u8) -> u8 {
    let before = blocks.iter().rev().find_map(|block| match block {
        BlockData::Lines(lines) => lines.heading.as_ref().map(|heading| heading.level),
        BlockData::Table(_) | BlockData::Placed(_) => None,
    });
    level.min(before.unwrap_or(0) + 1)
}

fn text(lines: Vec<Line>) -> BlockData {
    BlockData::Lines(plain(lines))
}

/// Splits the last two lines of text (or rows of a table) off and makes them stay with what follows.
fn keep_last_lines(body: &mut Vec<BlockData>) {
    const KEPT: usize = 2;
    let last = match body.last_mut() {
        Some(BlockData::Lines(last)) => last,
        Some(BlockData::Table(table)) => {
            let carried = table.carry_over(KEPT);
            (table.sticky, table.whole) = (carried.is_none(), carried.is_none());
            body.extend(carried.map(|table| BlockData::Table(Box::new(table))));
            return;
        }
        _ => return,
    };
    if last.lines.len() > KEPT {
        let kept = last.lines.split_off(last.lines.len() - KEPT);
        // The line before the split is now a last line; it stays stretched by ending in a break.
        body.push(BlockData::Lines(LinesBlock {
            sticky: true,
            whole: true,
            ..plain(kept)
        }));
    } else {
        last.sticky = true;
        last.whole = true;
    }
}
