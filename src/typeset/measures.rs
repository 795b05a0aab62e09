//! The measures of the standard, read from the file that the page templates read too.

use std::sync::LazyLock;

use serde::Deserialize;

use super::lines::Grid;

/// The text of the measures, each with its clause.
pub const SOURCE: &str = include_str!("../../templates/page/measures.yaml");

/// Those measures that breaking lines and fitting pages need; lengths in millimetres.
#[derive(Deserialize)]
pub struct Measures {
    pub paper_width: f64,
    pub paper_height: f64,
    pub left: f64,
    pub top: f64,
    pub area_width: f64,
    pub cells: u32,
    pub size_pt: f64,
    pub pitch: f64,
    pub pitch_least: f64,
    pub pitch_most: f64,
    pub ink_top_em: f64,
    pub ink_bottom_em: f64,
    pub bold_stroke_em: f64,
    pub draft_line_size_pt: f64,
    pub draft_mark_size_pt: f64,
    pub draft_mark_tracking_em: f64,
    pub indent_cells: f64,
    pub one_line: f64,
    pub two_lines: f64,
    pub sealed_gap: f64,
    pub sealed_gap_least: f64,
    pub area_height: f64,
    pub title_size_pt: f64,
    pub title_pitch: f64,
    pub mark_top: f64,
    pub mark_ink_height: f64,
    pub mark_glyph_width: f64,
    pub mark_width: f64,
    pub mark_spread: f64,
    pub mark_spread_most: f64,
    pub mark_condensed: f64,
    pub number_to_rule: f64,
    pub number_size_pt: f64,
    pub red_rule: f64,
    pub joint_height: f64,
    pub joint_name_height: f64,
    pub joint_gap_em: f64,
    pub joint_word_height: f64,
    pub joint_word_gap: f64,
    pub signer_right_cells: f64,
    pub signers_per_line: usize,
    pub letter_mark_top: f64,
    pub letter_rule_width: f64,
    pub letter_mark_to_rule: f64,
    pub letter_rule_bottom: f64,
    pub letter_gap: f64,
    pub letter_thick_pt: f64,
    pub letter_thin_pt: f64,
    pub letter_between_pt: f64,
    pub order_mark_top: f64,
    pub bare_title_line: f64,
    pub sealed_right_cells: f64,
    pub unsealed_right_cells: f64,
    pub unsealed_shift_cells: f64,
    pub seal_below: f64,
    pub seal_apart: f64,
    pub stamp_right_cells: f64,
    pub stamp_office_cells: f64,
    pub stamp_width: f64,
    pub stamp_height: f64,
    pub stamp_apart: f64,
    pub attachment_title_line: f64,
    pub imprint_size_pt: f64,
    pub imprint_row: f64,
    pub table_size_pt: f64,
    pub table_crowded_size_pt: f64,
    pub table_line_em: f64,
    pub table_ink_top_em: f64,
    pub table_ink_bottom_em: f64,
    pub table_inset_x_pt: f64,
    pub table_inset_y_pt: f64,
    pub continued_height_pt: f64,
}

static MEASURES: LazyLock<Measures> =
    LazyLock::new(|| serde_saphyr::from_str(SOURCE).expect("the built-in measures are sound"));

/// The measures.
pub fn measures() -> &'static Measures {
    &MEASURES
}

/// Points in a millimetre.
pub const MM: f64 = 72.0 / 25.4;

impl Measures {
    /// The width of the type area in points.
    pub fn width(&self) -> f64 {
        self.area_width * MM
    }

    /// How high the ink of a full line of text is, in millimetres.
    pub fn ink_height(&self) -> f64 {
        (self.ink_top_em + self.ink_bottom_em) * self.size_pt / MM
    }

    /// The grid of 3号 characters with that many cells in a line.
    pub fn grid(&self, cells: u32) -> Grid {
        Grid {
            size: self.size_pt,
            cell: self.width() / f64::from(cells),
        }
    }
}
