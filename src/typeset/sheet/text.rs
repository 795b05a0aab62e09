//! The words between the header and the imprint: blocks of lines, each with what holds it to its
//! neighbours.

use std::ops::Range;

use serde::Serialize;

use super::placed::{Area, PlacedBlock};
use super::table::TableData;
use super::{Maker, Part};
use crate::diag::Origin;
use crate::document::{Attachment, Block, Document, Run, Style, Words};
use crate::model::Seal;
use crate::typeset::fonts::Role;
use crate::typeset::lines::{self, Shape};
use crate::typeset::measures::{MM, measures};
use crate::typeset::setting::Line;
use crate::typeset::title;

/// What follows what down the pages.
pub enum BlockData {
    Lines(LinesBlock),
    Table(Box<TableData>),
    Placed(PlacedBlock),
    /// The signature of an attached paper.
    Signature(PlacedBlock),
}

/// Lines at the pitch of the text.
pub struct LinesBlock {
    pub lines: Vec<Line>,
    /// The ink distance to what stands above, in millimetres; nothing where text runs on.
    pub above: Option<f64>,
    /// Whether the block stays with the one below.
    pub sticky: bool,
    /// Whether the block stays on one page.
    pub whole: bool,
    pub heading: Option<Heading>,
}

/// A heading on a line of its own, for bookmarks and for reading aloud.
#[derive(Serialize)]
pub struct Heading {
    /// No level is skipped.
    pub level: u8,
    pub words: String,
}

impl BlockData {
    /// Whether the block stays with the one below.
    pub fn is_sticky(&self) -> bool {
        match self {
            BlockData::Lines(lines) => lines.sticky,
            BlockData::Table(table) => table.sticky,
            BlockData::Placed(placed) | BlockData::Signature(placed) => placed.sticky,
        }
    }
}

impl Maker<'_> {
    pub fn body(&mut self, document: &Document) -> Vec<BlockData> {
        let mut body = Vec::new();
        let recipients = document.recipients.as_ref();
        if let Some(recipients) = recipients.filter(|_| !self.fit.recipients_below) {
            let lines = self.paragraph(Part::Recipients, &[(recipients, Role::FangSong)], 0.0, 0.0);
            body.push(text(lines));
        }
        for block in &document.main_text {
            self.block(Part::MainText, block, &mut body);
        }
        if self.fit.kept > 0 {
            keep_last_lines(&mut body, self.fit.kept);
        }
        if !document.attachments.is_empty() {
            body.push(self.attachment_list(&document.attachments));
        }
        self.attendance(document, &mut body);
        let mut signature = self.signed(document);
        let note = document.note.as_ref();
        let note = note.map(|note| self.note(note, signature.as_ref()));
        if let Some(signature) = &mut signature {
            signature.sticky = note.is_some();
        }
        body.extend(signature.map(BlockData::Placed));
        body.extend(note);
        body
    }

    /// 附注 on the line below the date (7.3.6); where seals reach so far down, beside them, or below them
    /// where it is too long for one line there.
    fn note(&mut self, note: &Words, signature: Option<&PlacedBlock>) -> BlockData {
        /// How far it keeps from the seals, in millimetres.
        const APART: f64 = 1.0;
        let cell = self.grid.cell;
        let mut shape = self.shape(measures().indent_cells * cell, 0.0, true);
        let first = self.fit.pitch - measures().ink_height();
        let length = lines::width(self.fonts, note, Role::FangSong, self.grid);
        let mut above = None;
        if let Some(block) = signature {
            let reaches = |seal: &&Area| seal.bottom() > block.height + first;
            let low = block.seals.iter().filter(reaches);
            let beside = low.map(|seal| (seal.x - APART) * MM).reduce(f64::min);
            match beside {
                Some(width) if width >= shape.first + length => shape.width = width,
                Some(_) => above = Some(block.reach() - block.height + APART),
                None => {}
            }
        }
        let lines = self.lines_of(Part::Note, &[(note, Role::FangSong)], &shape);
        BlockData::Lines(LinesBlock {
            above,
            ..plain(lines)
        })
    }

    pub fn block(&mut self, part: Part, block: &Block, out: &mut Vec<BlockData>) {
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
                out.push(BlockData::Signature(signature));
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
            sticky: self.fit.kept > 0,
            whole: self.fit.kept > 0,
            ..plain(all)
        })
    }

    /// Lines of `words` that all start at `at`, with `prefix` before the first, which starts at
    /// `lead`.
    pub fn hanging(
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
            names: part == Part::Attendance,
            // Names are not spread out.
            ..self.shape(at, at, part != Part::Attendance)
        };
        let mut lines = lines::break_lines(self.fonts, &[(words, Role::FangSong)], &shape);
        let lonely = |line: &Line| line.width < 1.5 * self.grid.cell;
        if part == Part::AttachmentList && lines.len() > 1 && lines.last().is_some_and(lonely) {
            // A name's last character takes the one before it along.
            let narrower = Shape {
                width: shape.width - self.grid.cell,
                ..shape
            };
            lines = lines::break_lines(self.fonts, &[(words, Role::FangSong)], &narrower);
        }
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

    /// The lines of a few words, so many and broken by sense; nothing where no such lines are good.
    pub fn by_sense(
        &self,
        words: &Words,
        role: Role,
        shape: &Shape,
        count: usize,
    ) -> Option<Vec<Line>> {
        let room = (shape.width - shape.rest) / shape.grid.size;
        let ranges = title::break_cell(self.fonts, &words.text(), role, count, room)?;
        let line = |range: Range<usize>| {
            let words = words.slice(range.clone());
            let mut lines = lines::break_lines(self.fonts, &[(&words, role)], shape);
            let mut line = lines.pop().filter(|_| lines.is_empty())?;
            line.start = range.start;
            Some(line)
        };
        ranges.into_iter().map(line).collect()
    }

    pub fn paragraph(
        &mut self,
        part: Part,
        parts: &[(&Words, Role)],
        first: f64,
        rest: f64,
    ) -> Vec<Line> {
        let shape = self.shape(first, rest, true);
        self.lines_of(part, parts, &shape)
    }

    fn lines_of(&mut self, part: Part, parts: &[(&Words, Role)], shape: &Shape) -> Vec<Line> {
        let mut lines = lines::break_lines(self.fonts, parts, shape);
        let all = Words(
            parts
                .iter()
                .flat_map(|(words, _)| words.0.iter().cloned())
                .collect(),
        );
        self.tag(part, all, &mut lines);
        lines
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

/// The words without wished-for breaks.
pub fn one_line(words: &Words) -> Words {
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
        _ => None,
    });
    level.min(before.unwrap_or(0) + 1)
}

fn text(lines: Vec<Line>) -> BlockData {
    BlockData::Lines(plain(lines))
}

/// Splits the last lines of text (or rows of a table) off and makes them stay with what follows.
fn keep_last_lines(body: &mut Vec<BlockData>, kept: usize) {
    let last = match body.last_mut() {
        Some(BlockData::Lines(last)) => last,
        Some(BlockData::Table(table)) => {
            let carried = table.carry_over(kept);
            (table.sticky, table.whole) = (carried.is_none(), carried.is_none());
            body.extend(carried.map(|table| BlockData::Table(Box::new(table))));
            return;
        }
        _ => return,
    };
    if last.lines.len() > kept {
        let kept = last.lines.split_off(last.lines.len() - kept);
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
