//! 署名 and 成文日期 (7.3.5): the name on one line or, where it would leave the type area, on more.

use std::sync::Arc;

use serde::Serialize;

use super::{Label, Maker, Part};
use crate::document::Words;
use crate::model::Seal;
use crate::typeset::fonts::Role;
use crate::typeset::measures::measures;
use crate::typeset::title;

#[derive(Serialize)]
pub struct SignatureBlock {
    name: Vec<Label>,
    date: Option<Label>,
    sealed: bool,
    /// The ink distance to what stands above, in millimetres.
    above: f64,
    pub sticky: bool,
}

impl Maker<'_> {
    pub fn signature(
        &mut self,
        part: Part,
        name: &Words,
        date: Option<&Words>,
        seal: Seal,
    ) -> SignatureBlock {
        let sealed = seal == Seal::Reserved;
        let date_part = if part == Part::Signature {
            Part::DocDate
        } else {
            part
        };
        let date = date.map(|words| self.label(date_part, words, Role::FangSong));
        let cell = self.grid.cell / self.grid.size;
        let date_width = date
            .as_ref()
            .map_or(0.0, |date| date.ink.right - date.ink.left);
        // A name centred on the date may reach four cells further to the right than the date does.
        let widest = if sealed {
            date_width + 8.0 * cell
        } else {
            24.0 * cell
        };
        SignatureBlock {
            name: self.name_lines(part, name, widest),
            date,
            sealed,
            above: if sealed {
                self.fit.sealed_gap
            } else {
                measures().one_line
            },
            sticky: false,
        }
    }

    fn name_lines(&mut self, part: Part, name: &Words, widest: f64) -> Vec<Label> {
        let text = name.text();
        let all = Arc::new(name.clone());
        let whole = self.fonts.ink(Role::FangSong, &text).advance;
        if !text.contains('\n') && whole <= widest {
            return vec![self.label(part, name, Role::FangSong)];
        }
        title::break_name(self.fonts, &text, widest)
            .into_iter()
            .map(|range| {
                let tag = self.source(part, all.clone(), range.start);
                let text = text[range].to_owned();
                let ink = self.fonts.ink(Role::FangSong, &text);
                Label::new(tag, text, ink)
            })
            .collect()
    }
}
