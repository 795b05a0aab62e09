//! 版头 and title: what stands above the recipients on page one, in each format.

use super::mark;
use super::placed::{At, Colour, Placed, PlacedBlock, PlacedLabel};
use super::{Maker, Part};
use crate::diag::Origin;
use crate::document::{Document, Words};
use crate::model::{Format, RedHeader};
use crate::typeset::fonts::Role;
use crate::typeset::measures::{MM, measures};
use crate::typeset::title::TitleType;

/// The header so far.
pub struct Top {
    pub items: Vec<Placed>,
    /// The lower edge of the last element, from the type area's top.
    pub y: f64,
    /// Whether red is printed.
    pub red: bool,
}

impl Top {
    pub fn label(&mut self, label: PlacedLabel) {
        if label.colour == Colour::Black || self.red {
            self.items.push(Placed::Label(label));
        }
    }

    pub fn red_rule(&mut self, x: f64, y: f64, width: f64, thickness: f64) {
        if self.red {
            self.items.push(Placed::Rule {
                x,
                y,
                width,
                thickness,
                colour: Colour::Red,
            });
        }
    }
}

impl Maker<'_> {
    /// 版头 with the title.
    pub fn header(&mut self, document: &Document) -> PlacedBlock {
        let mut top = Top {
            items: Vec::new(),
            y: 0.0,
            red: document.red_header == RedHeader::Printed,
        };
        let marked = document.issuer_mark.is_some();
        if document.format == Format::Letter && marked {
            self.letter_header(document, &mut top);
        } else {
            self.corner(document, 0.0, &mut top);
            self.general_header(document, &mut top);
        }
        if document.format != Format::Order {
            let kind = TitleType::of_circular();
            let heading = self.title(Part::Title, &document.title, kind);
            self.title_lines(heading, kind, &mut top);
        }
        PlacedBlock {
            items: top.items,
            height: top.y,
            above: 0.0,
            ..PlacedBlock::default()
        }
    }

    /// 文件, 命令 and 纪要: the mark, the number two lines below it, the red rule.
    fn general_header(&mut self, document: &Document, top: &mut Top) {
        let measures = measures();
        let marked = document.issuer_mark.is_some();
        let mark_top = match document.format {
            Format::Order => measures.order_mark_top,
            _ => measures.mark_top,
        };
        if marked {
            self.mark(document, mark_top, top);
        } else {
            top.y = (measures.bare_title_line - 1.0) * measures.pitch;
        }
        let signed = !document.signers.is_empty();
        if marked && (signed || document.doc_number.is_some()) {
            top.y += measures.two_lines;
        }
        if signed {
            self.signers(document, top);
        } else if let Some(number) = &document.doc_number {
            let label = self.label(Part::DocNumber, number, Role::FangSong);
            let centre = At::Centre(measures.area_width / 2.0);
            let label = PlacedLabel::new(measures.size_pt, label, centre, top.y);
            top.y = label.bottom();
            top.label(label);
        }
        if document.format == Format::Minutes && marked {
            self.issued_by(document, top);
        }
        if marked && document.format != Format::Order {
            top.y += measures.number_to_rule;
            let own = self.profile.red_rule.as_ref();
            let thickness = own.map_or(measures.red_rule, |own| own.value);
            top.red_rule(0.0, top.y, measures.area_width, thickness);
            top.y += thickness;
        }
        let any = marked || signed || document.doc_number.is_some();
        if any && document.format != Format::Order {
            top.y += measures.two_lines;
        }
    }

    /// 份号, 密级 and 紧急程度, whatever stands below (7.2.1 to 7.2.3). 份号 on line 1 and 密级 on line 2
    /// whether or not the other is there; in a letter they follow each other (10.1). Gives the lower
    /// edge of the last.
    fn corner(&mut self, document: &Document, first: f64, top: &mut Top) -> f64 {
        let measures = measures();
        let fixed = |line: usize| (document.format != Format::Letter).then_some(line);
        let entries = [
            (
                &document.copy_number,
                Part::CopyNumber,
                Role::FangSong,
                fixed(1),
            ),
            (&document.secrecy, Part::Secrecy, Role::HeiTi, fixed(2)),
            (&document.urgency, Part::Urgency, Role::HeiTi, None),
        ];
        let mut next = 1;
        let mut end = first;
        for (words, part, role, line) in entries {
            let Some(words) = words else { continue };
            let line = line.unwrap_or(next);
            next = line + 1;
            let label = self.label(part, words, role);
            let base = measures.ink_top_em * measures.size_pt / MM;
            let y = first + base + (line - 1) as f64 * measures.pitch;
            let label = PlacedLabel::on(measures.size_pt, label, At::Cell(0.0), y);
            end = label.bottom();
            top.label(label);
        }
        end
    }

    /// 签发人 at the right, two on a line, or one where the number would lie on them, wrapped under the
    /// first name; 发文字号 at the left of the last line (7.2.5, 7.2.6).
    fn signers(&mut self, document: &Document, top: &mut Top) {
        let measures = measures();
        let cell = self.grid.cell / MM;
        let em = measures.size_pt / MM;
        let caption = Words::plain("签发人：", &Origin::Program);
        let caption = self.label(Part::Signer, &caption, Role::FangSong);
        let names: Vec<_> = document
            .signers
            .iter()
            .map(|name| self.label(Part::Signer, name, Role::KaiTi))
            .collect();
        let widths = |per_line: usize| -> Vec<f64> {
            let column = |column: usize| {
                let names = names.iter().skip(column).step_by(per_line);
                names.map(|name| name.ink.advance * em).reduce(f64::max)
            };
            (0..per_line).map_while(column).collect()
        };
        let start = |widths: &[f64]| {
            let all = widths.iter().sum::<f64>() + (widths.len() - 1) as f64 * cell;
            measures.area_width - measures.signer_right_cells * cell - all
        };
        let number = document.doc_number.as_ref();
        let number = number.map(|number| self.label(Part::DocNumber, number, Role::FangSong));
        let number_end = number
            .as_ref()
            .map_or(0.0, |number| cell + number.ink.advance * em);
        // The number stands beside the last names, and where they are one line beside the caption too.
        let is_free = |per_line: &usize| {
            let beside = match names.len() > *per_line {
                true => 0.0,
                false => caption.ink.advance * em,
            };
            start(&widths(*per_line)) - beside >= number_end + cell
        };
        let per_line = (1..=measures.signers_per_line).rev().find(is_free);
        let per_line = per_line.unwrap_or(1);
        let widths = widths(per_line);
        let start = start(&widths);
        let base = top.y + caption.ink.top * em;
        let caption_at = At::Cell(start - caption.ink.advance * em);
        let label = PlacedLabel::on(measures.size_pt, caption, caption_at, base);
        top.y = label.bottom();
        top.label(label);
        let mut last = base;
        for (index, name) in names.into_iter().enumerate() {
            let (line, place) = (index / per_line, index % per_line);
            let before: f64 = widths[..place].iter().map(|width| width + cell).sum();
            last = base + line as f64 * measures.pitch;
            let at = At::Cell(start + before);
            let label = PlacedLabel::on(measures.size_pt, name, at, last);
            top.y = top.y.max(label.bottom());
            top.label(label);
        }
        if let Some(number) = number {
            let label = PlacedLabel::on(measures.size_pt, number, At::Cell(cell), last);
            top.y = label.bottom();
            top.label(label);
        }
    }

    /// The office and the day of minutes, between number and red rule; practice.
    fn issued_by(&mut self, document: &Document, top: &mut Top) {
        let measures = measures();
        let cell = self.grid.cell / MM;
        top.y += if document.doc_number.is_some() {
            measures.one_line
        } else {
            measures.two_lines
        };
        let em = measures.size_pt / MM;
        let date = self.label(Part::DocDate, &document.doc_date, Role::FangSong);
        let base = top.y + date.ink.top * em;
        let right = At::Right(measures.area_width - cell);
        let date = PlacedLabel::on(measures.size_pt, date, right, base);
        top.y = date.bottom();
        if !document.signature.is_empty() {
            let name = self.label(Part::Signature, &document.signature, Role::FangSong);
            let name = PlacedLabel::on(measures.size_pt, name, At::Cell(cell), base);
            top.y = top.y.max(name.bottom());
            top.label(name);
        }
        top.label(date);
    }

    /// 信函: the mark 30 mm below the page's top, double rules of 170 mm, 发文字号 at the right (10.1).
    fn letter_header(&mut self, document: &Document, top: &mut Top) {
        let measures = measures();
        self.mark(document, measures.letter_mark_top - measures.top, top);
        let (thick, thin) = (measures.letter_thick_pt / MM, measures.letter_thin_pt / MM);
        let between = measures.letter_between_pt / MM;
        let width = measures.letter_rule_width;
        let on_page = self.profile.letter_rules_on_page.as_ref();
        let x = match on_page.is_some_and(|on_page| on_page.value) {
            true => (measures.paper_width - width) / 2.0 - measures.left,
            false => (measures.area_width - width) / 2.0,
        };
        let first = top.y + measures.letter_mark_to_rule;
        top.red_rule(x, first, width, thick);
        top.red_rule(x, first + thick + between, width, thin);
        let foot = measures.paper_height - measures.top - measures.letter_rule_bottom;
        top.red_rule(x, foot - thick - between - thin, width, thin);
        top.red_rule(x, foot - thick, width, thick);
        let elements = first + thick + between + thin + measures.letter_gap;
        let mut end = self.corner(document, elements, top);
        if let Some(number) = &document.doc_number {
            let label = self.label(Part::DocNumber, number, Role::FangSong);
            let right = At::Right(measures.area_width);
            let base = elements + measures.ink_top_em * measures.size_pt / MM;
            let label = PlacedLabel::on(measures.size_pt, label, right, base);
            end = end.max(label.bottom());
            top.label(label);
        }
        top.y = end + measures.two_lines;
    }

    /// The mark, centred in red.
    fn mark(&mut self, document: &Document, mark_top: f64, top: &mut Top) {
        let Some(words) = &document.issuer_mark else {
            return;
        };
        let lead = self.label(Part::IssuerMark, words, Role::XiaoBiaoSong);
        let placed = if document.joint_marks.is_empty() {
            mark::single(lead, mark_top, self.mark_height())
        } else {
            let mut names = vec![lead];
            for words in &document.joint_marks {
                names.push(self.label(Part::IssuerMark, words, Role::XiaoBiaoSong));
            }
            let word = match document.format {
                Format::Order => "令",
                _ => "文件",
            };
            let word = Words::plain(word, &Origin::Program);
            let word = self.label(Part::IssuerMark, &word, Role::XiaoBiaoSong);
            mark::joint(names, word, mark_top)
        };
        top.y = placed.1;
        placed.0.into_iter().for_each(|label| top.label(label));
    }

    /// How high the ink of a mark is.
    pub fn mark_height(&self) -> f64 {
        let own = self.profile.mark_height.as_ref();
        own.map_or(measures().mark_ink_height, |own| own.value)
    }

    /// The lines of a title, the first with its ink top at `top.y`.
    pub fn title_lines(&mut self, lines: Vec<super::Label>, kind: TitleType, top: &mut Top) {
        let size = kind.size;
        let centre = At::Centre(self.area.width / 2.0);
        let mut baseline = top.y + lines.first().map_or(0.0, |line| line.ink.top) * size / MM;
        for line in lines {
            let label = PlacedLabel::on(size, line, centre, baseline);
            top.y = label.bottom();
            top.label(label);
            baseline += kind.pitch;
        }
    }
}
