//! 发文机关标志: its size, its condensing or spreading, and the names of a joint issue.

use super::Label;
use super::placed::{At, Colour, PlacedLabel};
use crate::typeset::measures::{MM, measures};

/// How letters of a mark are set.
#[derive(Clone, Copy)]
struct Form {
    /// The type size in millimetres.
    size: f64,
    squeeze: f64,
    tracking: f64,
}

/// A mark of one agency with its ink top at `top`, as high as `height` where it is not too wide then;
/// gives it with its lower edge.
pub fn single(label: Label, top: f64, height: f64) -> (Vec<PlacedLabel>, f64) {
    let measures = measures();
    let count = label.text.chars().count() as f64;
    let mut size = height / (label.ink.top - label.ink.bottom);
    let wide = measures.mark_width;
    let mut squeeze = (wide / (label.ink.advance * size))
        .min(measures.mark_glyph_width / size)
        .min(1.0);
    if squeeze < measures.mark_condensed {
        squeeze = measures.mark_condensed;
        size = size.min(wide / (label.ink.advance * squeeze));
    }
    let natural = label.ink.advance * size * squeeze;
    let spread = if count > 1.0 {
        let most = measures.mark_spread_most * size * squeeze;
        ((measures.mark_spread - natural) / (count - 1.0))
            .min(most)
            .max(0.0)
    } else {
        0.0
    };
    let form = Form {
        size,
        squeeze,
        tracking: spread / squeeze,
    };
    let centre = measures.area_width / 2.0;
    let x = centre - (starts(&label, form) + ends(&label, form)) / 2.0;
    let bottom = top + (label.ink.top - label.ink.bottom) * form.size;
    (vec![letters(label, form, x, top)], bottom)
}

/// The agencies of a joint issue one below the other, each as wide as the widest, with `word` (文件) at
/// their right, in the middle of their height (7.2.4); gives them with their lower edge.
pub fn joint(names: Vec<Label>, word: Label, top: f64) -> (Vec<PlacedLabel>, f64) {
    let measures = measures();
    let count = names.len() as f64;
    let lines = count + (count - 1.0) * measures.joint_gap_em;
    let height = measures
        .joint_name_height
        .min(measures.joint_height / lines);
    let ink = |label: &Label| label.ink.top - label.ink.bottom;
    let tallest = names.iter().map(ink).fold(0.0, f64::max);
    let size = height / tallest;
    let stack = height * lines;
    let word_size = measures.joint_word_height.min(stack) / ink(&word);
    let word_squeeze = (measures.mark_glyph_width / word_size).min(1.0);
    let word_form = Form {
        size: word_size,
        squeeze: word_squeeze,
        tracking: 0.0,
    };
    let word_width = ends(&word, word_form) - starts(&word, word_form);
    let room = measures.mark_width - word_width - measures.joint_word_gap;
    let widest = names
        .iter()
        .map(|label| label.ink.advance)
        .fold(0.0, f64::max);
    let squeeze = (room / (widest * size)).min(1.0);
    let (size, squeeze) = if squeeze < measures.mark_condensed {
        let squeeze = measures.mark_condensed;
        (room / (widest * squeeze), squeeze)
    } else {
        (size, squeeze)
    };
    let natural = widest * size * squeeze;
    let counts = names.iter().map(|label| label.text.chars().count());
    let gaps = counts.max().unwrap_or(1).saturating_sub(1) as f64;
    let spread = gaps * measures.mark_spread_most * size * squeeze;
    let wished = measures.mark_spread - measures.joint_word_gap - word_width;
    let width = natural.max(wished.min(natural + spread));
    let start = (measures.area_width - width - measures.joint_word_gap - word_width) / 2.0;
    let height = size * tallest;
    let pitch = height * (1.0 + measures.joint_gap_em);
    let mut placed = Vec::new();
    for (index, label) in names.into_iter().enumerate() {
        let gaps = label.text.chars().count().saturating_sub(1).max(1) as f64;
        let natural = Form {
            size,
            squeeze,
            tracking: 0.0,
        };
        let own = ends(&label, natural) - starts(&label, natural);
        let tracking = ((width - own) / gaps / squeeze).max(0.0);
        let form = Form {
            tracking,
            ..natural
        };
        let x = start - starts(&label, form);
        let offset = (height - ink(&label) * size) / 2.0;
        placed.push(letters(label, form, x, top + index as f64 * pitch + offset));
    }
    let bottom = top + (count - 1.0) * pitch + height;
    let middle = (top + bottom) / 2.0;
    let word_top = middle - ink(&word) * word_size / 2.0;
    let x = start + width + measures.joint_word_gap - starts(&word, word_form);
    placed.push(letters(word, word_form, x, word_top));
    (placed, bottom)
}

/// Where the ink of a mark starts and ends from where its first cell starts.
fn starts(label: &Label, form: Form) -> f64 {
    label.ink.left * form.size * form.squeeze
}

fn ends(label: &Label, form: Form) -> f64 {
    let gaps = label.text.chars().count().saturating_sub(1) as f64;
    (label.ink.right * form.size + gaps * form.tracking) * form.squeeze
}

fn letters(label: Label, form: Form, x: f64, top: f64) -> PlacedLabel {
    let size = form.size * MM;
    PlacedLabel {
        colour: Colour::Red,
        tracking: form.tracking,
        squeeze: form.squeeze,
        ..PlacedLabel::new(size, label, At::Cell(x), top)
    }
}
