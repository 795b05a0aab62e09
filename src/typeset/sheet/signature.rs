//! 署名, 成文日期, 印章 and 签名章 (7.3.5): each at its place below the text.

use std::ops::Range;
use std::sync::Arc;

use super::placed::{Area, At, Placed, PlacedBlock, PlacedLabel};
use super::{Label, Maker, Part};
use crate::document::{Document, Words};
use crate::model::{Edition, Format, Seal, seal_diameter};
use crate::typeset::fonts::{Fonts, Role};
use crate::typeset::measures::{MM, measures};
use crate::typeset::{pictures, title};

impl Maker<'_> {
    /// The end of the main text: who has signed, and when.
    pub fn signed(&mut self, document: &Document) -> Option<PlacedBlock> {
        if document.format == Format::Minutes && document.issuer_mark.is_some() {
            return None; // Minutes say it in their header.
        }
        if document.seal == Seal::Stamp && !document.stamps.is_empty() {
            return Some(self.stamped(document));
        }
        if document.signature.is_empty() {
            let right = measures().area_width - measures().sealed_right_cells * self.grid.cell / MM;
            let date = self.label(Part::DocDate, &document.doc_date, Role::FangSong);
            return Some(self.rows(vec![(date, At::Right(right))], measures().one_line));
        }
        let sealed = document.seal == Seal::Reserved;
        if document.joint_signatures.is_empty() {
            let (name, date) = (&document.signature, Some(&document.doc_date));
            let mut block = self.signature(Part::Signature, name, date, document.seal);
            if sealed {
                self.press_one(document, &mut block);
            }
            return Some(block);
        }
        Some(if sealed {
            self.sealed_jointly(document)
        } else {
            self.unsealed_jointly(document)
        })
    }

    /// One agency, or the signature of an attached paper.
    pub fn signature(
        &mut self,
        part: Part,
        name: &Words,
        date: Option<&Words>,
        seal: Seal,
    ) -> PlacedBlock {
        let measures = measures();
        let sealed = seal == Seal::Reserved;
        let date_part = match part {
            Part::Signature => Part::DocDate,
            other => other,
        };
        let date = date.map(|words| self.label(date_part, words, Role::FangSong));
        let cell = self.grid.cell / MM;
        let date_width = date.as_ref().map_or(0.0, ink_width);
        // A name centred on the date may reach four cells further to the right than the date does.
        let widest = if sealed {
            date_width * MM / self.grid.size + 8.0 * cell * MM / self.grid.size
        } else {
            24.0 * cell * MM / self.grid.size
        };
        let names = self.name_lines(part, name, widest, title::break_name);
        let name_width = names.iter().map(ink_width).fold(0.0, f64::max);
        let (name_at, date_at) = if sealed {
            // 7.3.5.1: the name is centred on the date, but stays inside the type area.
            let date_right = self.area.width - measures.sealed_right_cells * cell;
            let centre = (date_right - date_width / 2.0).min(self.area.width - name_width / 2.0);
            (At::Centre(centre), At::Right(date_right))
        } else if date.is_some() && date_width > name_width {
            // 7.3.5.2: a date longer than the name gets the indent.
            let right = self.area.width - measures.unsealed_right_cells * cell;
            let left = right - date_width;
            (
                At::Left(left - measures.unsealed_shift_cells * cell),
                At::Left(left),
            )
        } else {
            let right = self.area.width - measures.unsealed_right_cells * cell;
            let left = right - name_width;
            (
                At::Left(left),
                At::Left(left + measures.unsealed_shift_cells * cell),
            )
        };
        let labels = names.into_iter().map(|name| (name, name_at));
        let labels = labels.chain(date.map(|date| (date, date_at))).collect();
        let above = if sealed {
            self.fit.sealed_gap
        } else {
            measures.one_line
        };
        self.rows(labels, above)
    }

    /// Labels one below the other at the pitch of the text.
    fn rows(&self, labels: Vec<(Label, At)>, above: f64) -> PlacedBlock {
        let em = self.grid.size / MM;
        let pitch = self.fit.pitch;
        let top = labels.first().map_or(0.0, |(label, _)| label.ink.top) * em;
        let last = top + labels.len().saturating_sub(1) as f64 * pitch;
        let items = labels
            .into_iter()
            .enumerate()
            .map(|(index, (label, at))| {
                let y = top + index as f64 * pitch;
                Placed::Label(PlacedLabel::on(self.grid.size, label, at, y))
            })
            .collect();
        PlacedBlock {
            items,
            height: last + measures().ink_bottom_em * em,
            above,
            ..PlacedBlock::default()
        }
    }

    /// Presses the only seal on name and date, which stand a little below its centre, its top within
    /// one line of the text; keeps its place where it is pressed by hand.
    fn press_one(&mut self, document: &Document, block: &mut PlacedBlock) {
        let measures = measures();
        let own = document.seals.first().map(|seal| seal.diameter);
        let diameter = own.unwrap_or_else(|| seal_diameter(&document.signature.text()));
        let edges = block.items.iter().filter_map(edges);
        let (mut centre, mut bottom) = (0.0, 0.0);
        for (middle, low) in edges {
            (centre, bottom) = (middle, low);
        }
        // The text must not lie under the seal, whose top would else be above the block's.
        let least = diameter / 2.0 - bottom / 2.0;
        let highest = bottom / 2.0 - measures.seal_below;
        if own.is_some() {
            block.above = block
                .above
                .min(measures.one_line + diameter / 2.0 - highest)
                .max(least);
        }
        let lowest = diameter / 2.0 - block.above;
        let y = highest.max(lowest).min(bottom / 2.0);
        self.press(document, 0, centre, y, diameter, block);
    }

    /// 7.3.5.1: the names side by side in the order of the agencies, as many in a row as their seals
    /// leave room for, the date below the last one.
    fn sealed_jointly(&mut self, document: &Document) -> PlacedBlock {
        let measures = measures();
        let cell = self.grid.cell / MM;
        let em = self.grid.size / MM;
        let names: Vec<&Words> = std::iter::once(&document.signature)
            .chain(&document.joint_signatures)
            .collect();
        let diameter = document
            .seals
            .iter()
            .map(|seal| seal.diameter)
            .reduce(f64::max)
            .unwrap_or_else(|| {
                let names = names.iter().map(|name| seal_diameter(&name.text()));
                names.fold(0.0, f64::max)
            });
        let apart = diameter + measures.seal_apart;
        let per_row = ((measures.area_width + measures.seal_apart) / apart).floor() as usize;
        let columns = per_row.min(names.len()).max(1);
        let date = self.label(Part::DocDate, &document.doc_date, Role::FangSong);
        let date_width = ink_width(&date);
        // The last seal lies over the date, which leaves four characters where the others let it.
        let wished = measures.area_width - measures.sealed_right_cells * cell - date_width / 2.0;
        let least = diameter / 2.0 + (columns - 1) as f64 * apart;
        let last = wished.max(least).min(measures.area_width - diameter / 2.0);
        let widest = names
            .iter()
            .map(|name| self.natural(name))
            .fold(0.0, f64::max);
        // Names keep half a character apart, and the first of a row stays inside the type area.
        let gaps = (columns - 1) as f64;
        let roomiest = (2.0 * last + 0.5 * em) / (2.0 * gaps + 1.0);
        let pitch = apart.max((widest + 1.0) * em).min(roomiest.max(apart));
        let first = last - gaps * pitch;
        let side = first.min(measures.area_width - last);
        let widest = ((pitch / em - 0.5).min(2.0 * side / em)).max(4.0);
        let rows = names.len().div_ceil(columns);
        let mut items = Vec::new();
        let mut block = PlacedBlock {
            items: Vec::new(),
            height: 0.0,
            above: 0.0,
            ..PlacedBlock::default()
        };
        let mut pressed = Vec::new();
        let mut centre_y: f64 = diameter / 2.0;
        let mut index = 0;
        let mut bottom = 0.0;
        for row in 0..rows {
            let here = match row + 1 == rows {
                true => names.len() - index,
                false => columns,
            };
            let mut lines_of = Vec::new();
            for place in 0..here {
                let centre = last - (columns - 1 - (columns - here) - place) as f64 * pitch;
                lines_of.push((
                    centre,
                    self.name_lines(
                        Part::Signature,
                        names[index],
                        widest,
                        title::break_name_within,
                    ),
                ));
                index += 1;
            }
            let most = lines_of
                .iter()
                .map(|(_, lines)| lines.len())
                .max()
                .unwrap_or(1);
            // The names' middle is the seals' centre; the date makes the last one reach below it.
            let middle = 0.5 * (measures.ink_top_em + measures.ink_bottom_em) * em;
            let first = centre_y - middle - (most - 1) as f64 * self.fit.pitch / 2.0;
            for (centre, lines) in lines_of {
                let lower = most - lines.len();
                for (line, name) in lines.into_iter().enumerate() {
                    let y =
                        first + measures.ink_top_em * em + (lower + line) as f64 * self.fit.pitch;
                    items.push(PlacedLabel::on(self.grid.size, name, At::Centre(centre), y));
                    bottom = y;
                }
                pressed.push((centre, centre_y));
            }
            if row + 1 < rows {
                centre_y += apart;
            }
        }
        let y = bottom + self.fit.pitch;
        let at = At::Centre(last);
        items.push(PlacedLabel::on(self.grid.size, date, at, y));
        let top = items
            .iter()
            .map(|label| label.y - label.label.ink.top * em)
            .fold(f64::INFINITY, f64::min);
        // The block starts with the ink of its first name; the first seal's top is above that.
        for label in &mut items {
            label.y -= top;
        }
        block.height = y - top + measures.ink_bottom_em * em;
        block.above = (self.fit.sealed_gap).max(top);
        block.items = items.into_iter().map(Placed::Label).collect();
        for (agency, (x, y)) in pressed.into_iter().enumerate() {
            let own = document
                .seals
                .get(agency)
                .map_or(diameter, |seal| seal.diameter);
            self.press(document, agency, x, y - top, own, &mut block);
        }
        block
    }

    /// 7.3.5.2: 主办机关 first, the others below it.
    fn unsealed_jointly(&mut self, document: &Document) -> PlacedBlock {
        let measures = measures();
        let cell = self.grid.cell / MM;
        let widest = 24.0 * cell * MM / self.grid.size;
        let names: Vec<Words> = std::iter::once(&document.signature)
            .chain(&document.joint_signatures)
            .cloned()
            .collect();
        let mut labels = Vec::new();
        for name in &names {
            labels.extend(self.name_lines(Part::Signature, name, widest, title::break_name));
        }
        let date = self.label(Part::DocDate, &document.doc_date, Role::FangSong);
        let name_width = labels.iter().map(ink_width).fold(0.0, f64::max);
        let right = measures.area_width - measures.unsealed_right_cells * cell;
        let shift = measures.unsealed_shift_cells * cell;
        let left = (right - name_width).min(right - ink_width(&date) - shift);
        let mut rows: Vec<_> = labels
            .into_iter()
            .map(|label| (label, At::Left(left)))
            .collect();
        rows.push((date, At::Left(left + shift)));
        self.rows(rows, measures.one_line)
    }

    /// 7.3.5.3: the stamp of each person who signs with the office at its left, the date below.
    fn stamped(&mut self, document: &Document) -> PlacedBlock {
        let measures = measures();
        let cell = self.grid.cell / MM;
        let em = self.grid.size / MM;
        let right = measures.area_width - measures.stamp_right_cells * cell;
        let mut block = PlacedBlock {
            items: Vec::new(),
            height: 0.0,
            above: measures.two_lines,
            ..PlacedBlock::default()
        };
        for (index, stamp) in document.stamps.iter().enumerate() {
            if index > 0 {
                block.height += measures.stamp_apart;
            }
            let picture = stamp.picture.as_ref().map(|(picture, _)| picture);
            let natural = picture.and_then(|picture| pictures::size(picture, 1, self.fonts));
            let width = stamp.width.unwrap_or(measures.stamp_width);
            let height = natural.map_or(measures.stamp_height, |(wide, high)| width * high / wide);
            let area = Area {
                x: right - width,
                y: block.height,
                width,
                height,
            };
            let office = self.label(Part::Signature, &stamp.office_title, Role::FangSong);
            let middle = (office.ink.top + office.ink.bottom) / 2.0 * em;
            let y = block.height + height / 2.0 + middle;
            let at = At::Right(right - width - measures.stamp_office_cells * cell);
            let office = PlacedLabel::on(self.grid.size, office, at, y);
            block.items.push(Placed::Label(office));
            let words = stamp.office_title.clone();
            self.draw(document.edition, picture, words, area, false, &mut block);
            block.height += height;
        }
        let date = self.label(Part::DocDate, &document.doc_date, Role::FangSong);
        let top = block.height + measures.one_line;
        let date = PlacedLabel::new(self.grid.size, date, At::Right(right), top);
        block.height = date.bottom();
        block.items.push(Placed::Label(date));
        block
    }

    /// Presses the seal of an agency with its centre there.
    fn press(
        &mut self,
        document: &Document,
        agency: usize,
        x: f64,
        y: f64,
        diameter: f64,
        block: &mut PlacedBlock,
    ) {
        let area = Area {
            x: x - diameter / 2.0,
            y: y - diameter / 2.0,
            width: diameter,
            height: diameter,
        };
        block.seals_below = self.fit.seals_below;
        block.seals.push(area);
        let picture = document.seals.get(agency).map(|seal| &seal.picture);
        let words = match agency {
            0 => document.signature.clone(),
            other => document.joint_signatures[other - 1].clone(),
        };
        self.draw(document.edition, picture, words, area, true, block);
    }

    /// The picture where it is wished for, an outline in a draft, nothing elsewhere.
    fn draw(
        &mut self,
        edition: Edition,
        picture: Option<&crate::model::Picture>,
        words: Words,
        area: Area,
        round: bool,
        block: &mut PlacedBlock,
    ) {
        if edition.draft {
            let tag = self.source(Part::Seal, Arc::new(words), 0);
            block.items.push(Placed::Outline { tag, round, area });
        } else if let (true, Some(picture)) = (edition.seal, picture) {
            let alt = match round {
                true => format!("印章：{}", words.text().replace('\n', "")),
                false => format!("签名章：{}", words.text()),
            };
            let tag = self.source(Part::Seal, Arc::new(words), 0);
            let file = self.pictures.file(picture);
            block.items.push(Placed::Picture {
                tag,
                file,
                alt,
                page: 1,
                area,
            });
        }
    }

    /// The natural width of a name in characters.
    fn natural(&self, name: &Words) -> f64 {
        let text = name.text();
        let lines = text.split('\n');
        lines
            .map(|line| self.fonts.ink(Role::FangSong, line).advance)
            .fold(0.0, f64::max)
    }

    fn name_lines(
        &mut self,
        part: Part,
        name: &Words,
        widest: f64,
        broken: fn(&Fonts, &str, f64) -> Vec<Range<usize>>,
    ) -> Vec<Label> {
        let text = name.text();
        let all = Arc::new(name.clone());
        let whole = self.fonts.ink(Role::FangSong, &text).advance;
        if !text.contains('\n') && whole <= widest {
            return vec![self.label(part, name, Role::FangSong)];
        }
        broken(self.fonts, &text, widest)
            .into_iter()
            .map(|range| {
                let tag = self.source(part, all.clone(), range.start);
                let text = text[range].to_owned();
                Label::of(self.fonts, Role::FangSong, tag, text)
            })
            .collect()
    }
}

/// The ink width of a label in the size of the text, in millimetres.
fn ink_width(label: &Label) -> f64 {
    (label.ink.right - label.ink.left) * measures().size_pt / MM
}

/// The middle of a label's ink across the page, and its lower edge.
fn edges(item: &Placed) -> Option<(f64, f64)> {
    match item {
        Placed::Label(label) => {
            let em = label.size / MM;
            let middle = label.x + (label.label.ink.left + label.label.ink.right) / 2.0 * em;
            Some((middle, label.bottom()))
        }
        _ => None,
    }
}
