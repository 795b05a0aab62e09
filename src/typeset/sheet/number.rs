//! Page numbers (7.5).

use serde::Serialize;

use super::{Label, Sheet};
use crate::typeset::fonts::{Fonts, Role};
use crate::typeset::measures::measures;
use crate::typeset::setting::{self, Line};

/// The number of a page.
#[derive(Serialize)]
pub struct PageNumber {
    #[serde(serialize_with = "setting::sealed")]
    line: Line,
    /// In points.
    width: f64,
    /// How far the middle of its dashes is above its baseline, in points.
    middle: f64,
}

impl Sheet {
    /// The number `shown` as a page bears it.
    pub fn page_number(&self, shown: usize, fonts: &Fonts) -> PageNumber {
        let size = measures().number_size_pt;
        let label = Label::of(fonts, Role::SongTi, self.number_tag, format!("— {shown} —"));
        let dash = fonts.ink(Role::SongTi, "—");
        let line = label.line(size, 0.0);
        PageNumber {
            width: line.width,
            line,
            middle: (dash.top + dash.bottom) / 2.0 * size,
        }
    }
}
