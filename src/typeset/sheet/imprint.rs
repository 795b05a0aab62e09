//! 版记: who gets a copy, who has printed it and when (7.4).

use serde::Serialize;

use super::{Maker, Part};
use crate::diag::Origin;
use crate::document::{Document, Words};
use crate::model::Format;
use crate::typeset::fonts::Role;
use crate::typeset::lines::{self, Grid, Shape};
use crate::typeset::measures::measures;
use crate::typeset::setting::{self, Line};

#[derive(Serialize)]
pub struct ImprintData {
    /// Whether it has rules, which that of a letter has not (10.1).
    ruled: bool,
    /// Whether it goes on to an even page.
    #[serde(skip)]
    pub even: bool,
    /// 主送机关 that page one has no room for, and 抄送机关: no rule parts them.
    #[serde(serialize_with = "setting::sealed_all")]
    cc: Vec<Line>,
    #[serde(serialize_with = "setting::sealed_all")]
    office: Vec<Line>,
    /// One line, on the last row of the office.
    #[serde(serialize_with = "setting::sealed_all")]
    date: Vec<Line>,
}

impl ImprintData {
    /// How many rows it has.
    fn rows(&self) -> usize {
        self.cc.len() + self.office.len().max(self.date.len())
    }

    /// In millimetres.
    pub fn height(&self) -> f64 {
        self.rows() as f64 * measures().imprint_row
    }
}

/// 主送机关 as the imprint ends them: in a full stop, as 抄送机关 (7.4.2).
fn closed(recipients: &Words) -> Words {
    let mut words = recipients.clone();
    if let Some(last) = words.0.last_mut()
        && let Some(stem) = last.text.strip_suffix('：')
    {
        last.text = format!("{stem}。");
    }
    words
}

impl Maker<'_> {
    pub fn imprint(&mut self, document: &Document) -> Option<ImprintData> {
        let size = measures().imprint_size_pt;
        let outer = std::mem::replace(&mut self.grid, Grid { size, cell: size });
        let recipients = document.recipients.as_ref();
        let recipients = recipients.filter(|_| self.fit.recipients_below).map(closed);
        let cc = document.cc_recipients.clone();
        let mut lines_of = |part, label, words: Option<Words>| {
            let prefix = Words::plain(label, &Origin::Program);
            let prefix = (&prefix, Role::FangSong);
            let hang = |words| self.hanging(part, prefix, &words, size, 4.0 * size, size);
            words.map_or_else(Vec::new, hang)
        };
        let mut cc_lines = lines_of(Part::ImprintRecipients, "主送：", recipients);
        cc_lines.extend(lines_of(Part::CcRecipients, "抄送：", cc));
        let cc = cc_lines;
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
            if office.len() > 1
                && let Some(lines) = self.by_sense(words, Role::FangSong, &shape, office.len())
            {
                office = lines;
            }
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
}
