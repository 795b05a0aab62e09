//! 附件: each on pages of its own, upright or across, with its label, its title and perhaps a header of
//! its own (7.3.7).

use std::sync::Arc;

use super::header::Top;
use super::placed::{Area, At, Placed, PlacedBlock, PlacedLabel};
use super::text::{Heading, one_line};
use super::{BlockData, Label, Maker, Part, TypeArea, mark};
use crate::diag::Origin;
use crate::document::{Attachment, Block, Document, PictureBlock, Words};
use crate::model::{PictureFormat, RedHeader};
use crate::typeset::fonts::Role;
use crate::typeset::lines::Grid;
use crate::typeset::measures::{MM, measures};
use crate::typeset::pictures;
use crate::typeset::title::TitleType;

pub struct AttachmentData {
    pub head: PlacedBlock,
    /// Its label and title, for bookmarks and for reading aloud.
    pub heading: Heading,
    pub blocks: Vec<BlockData>,
    /// Whether it lies across the page, its head at the left edge.
    pub landscape: bool,
}

impl Maker<'_> {
    /// The attachments that are bound with the circular, or those that are not.
    pub fn attachments(&mut self, document: &Document, separate: bool) -> Vec<AttachmentData> {
        let count = document.attachments.len();
        let mut all = Vec::new();
        for (index, attachment) in document.attachments.iter().enumerate() {
            if attachment.separate != separate {
                continue;
            }
            let number = index + 1;
            let name = match count {
                1 => "附件".to_owned(),
                _ => format!("附件{number}"),
            };
            let mut label = Words::plain(name, &Origin::Program);
            if let (true, Some(number)) = (separate, &document.doc_number) {
                label.0.splice(0..0, number.0.iter().cloned());
            }
            all.push(self.attachment(document, number, &label, attachment));
        }
        all
    }

    fn attachment(
        &mut self,
        document: &Document,
        number: usize,
        label: &Words,
        attachment: &Attachment,
    ) -> AttachmentData {
        let landscape = attachment
            .landscape
            .unwrap_or_else(|| self.asks_for_landscape(attachment));
        let upright = (self.area, self.grid);
        if landscape {
            (self.area, self.grid) = across();
        }
        let red = document.red_header != RedHeader::Preprinted;
        let head = self.attachment_head(number, label, attachment, red);
        self.head = head.height + measures().one_line;
        let mut blocks = Vec::new();
        for block in &attachment.blocks {
            self.block(Part::AttachmentText(number), block, &mut blocks);
            self.head = 0.0;
        }
        (self.area, self.grid) = upright;
        AttachmentData {
            head,
            heading: Heading {
                level: 1,
                words: format!("{} {}", label.text(), one_line(&attachment.title).text()),
            },
            blocks,
            landscape,
        }
    }

    /// Tells whether an attachment is all tables and one of them does not fit an upright page.
    fn asks_for_landscape(&self, attachment: &Attachment) -> bool {
        let table = |block: &Block| match block {
            Block::Table(table) => Some(self.is_wide(table)),
            _ => None,
        };
        let tables: Option<Vec<bool>> = attachment.blocks.iter().map(table).collect();
        tables.is_some_and(|tables| tables.into_iter().any(|wide| wide))
    }

    /// The label of an attachment on line 1 and its title from line 3, or below its own header.
    fn attachment_head(
        &mut self,
        number: usize,
        label: &Words,
        attachment: &Attachment,
        red: bool,
    ) -> PlacedBlock {
        let measures = measures();
        let size = measures.size_pt;
        let mut top = Top {
            items: Vec::new(),
            y: (measures.attachment_title_line - 1.0) * measures.pitch,
            red,
        };
        let label = self.label(Part::AttachmentLabel(number), label, Role::HeiTi);
        top.label(PlacedLabel::new(size, label, At::Cell(0.0), 0.0));
        let kind = TitleType::of_attachment(attachment, self.profile);
        let part = Part::AttachmentHeader(number);
        let centre = At::Centre(self.area.width / 2.0);
        let own_number = attachment.doc_number.as_ref();
        let own_number = own_number.map(|words| self.label(part, words, Role::FangSong));
        let numbered = |label: Label, gap: f64, top: &mut Top| {
            let y = top.y + gap;
            let label = PlacedLabel::new(size, label, centre, y);
            top.y = label.bottom();
            top.label(label);
        };
        if let Some(words) = &attachment.issuer_mark {
            let label = self.label(part, words, Role::XiaoBiaoSong);
            let (letters, bottom) = mark::single(label, top.y, self.mark_height());
            letters.into_iter().for_each(|label| top.label(label));
            top.y = bottom;
            if let Some(label) = own_number {
                numbered(label, measures.two_lines, &mut top);
            }
            top.y += measures.number_to_rule;
            top.red_rule(0.0, top.y, self.area.width, measures.red_rule);
            top.y += measures.red_rule + measures.two_lines;
            let title = self.title(Part::AttachmentTitle(number), &attachment.title, kind);
            self.title_lines(title, kind, &mut top);
        } else {
            let title = self.title(Part::AttachmentTitle(number), &attachment.title, kind);
            self.title_lines(title, kind, &mut top);
            if let Some(label) = own_number {
                numbered(label, measures.pitch - size / MM, &mut top);
            }
        }
        PlacedBlock {
            items: top.items,
            height: top.y,
            above: 0.0,
            ..PlacedBlock::default()
        }
    }

    /// A picture, or each page of a PDF, in its own size or as large as the type area lets it.
    pub fn picture(&mut self, part: Part, block: &PictureBlock, out: &mut Vec<BlockData>) {
        let measures = measures();
        for page in pages(block, |page| self.size(block, page).is_some()) {
            let Some((width, height)) = self.size(block, page) else {
                continue;
            };
            let room = self.area.height - self.head;
            let scale = (self.area.width / width).min(room / height).min(1.0);
            let (width, height) = (width * scale, height * scale);
            let words = Words::plain(block.picture.path.clone(), &block.origin);
            let tag = self.source(part, Arc::new(words), 0);
            let alt = match block.picture.format {
                PictureFormat::Pdf => format!("{}，第{page}页", block.picture.path),
                _ => block.picture.path.clone(),
            };
            let area = Area {
                x: (self.area.width - width) / 2.0,
                y: 0.0,
                width,
                height,
            };
            out.push(BlockData::Placed(PlacedBlock {
                items: vec![Placed::Picture {
                    tag,
                    file: self.pictures.file(&block.picture),
                    alt,
                    page,
                    area,
                }],
                height,
                above: measures.one_line,
                ..PlacedBlock::default()
            }));
            self.head = 0.0;
        }
    }

    fn size(&self, block: &PictureBlock, page: usize) -> Option<(f64, f64)> {
        pictures::size(&block.picture, page, self.fonts)
    }
}

/// The pages of a picture that are shown, counted from 1.
pub fn pages(block: &PictureBlock, has: impl Fn(usize) -> bool) -> Vec<usize> {
    match (block.picture.format, block.pages.is_empty()) {
        (PictureFormat::Pdf, true) => (1..).take_while(|page| has(*page)).collect(),
        (PictureFormat::Pdf, false) => block.pages.clone(),
        _ => vec![1],
    }
}

/// The type area turned on its side, and as many characters as fill its lines.
fn across() -> (TypeArea, Grid) {
    let measures = measures();
    let area = TypeArea::across();
    let cell = measures.width() / f64::from(measures.cells);
    let cells = (area.width * MM / cell).floor();
    let grid = Grid {
        size: measures.size_pt,
        cell: area.width * MM / cells,
    };
    (area, grid)
}
