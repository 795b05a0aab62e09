//! Template marks in words that no template reads.

/// What begins an expression, a statement or a comment of a template.
const OPENING: [&str; 3] = ["{{", "{%", "{#"];

/// The same as an input method for Chinese types them.
const FULL_WIDTH: [&str; 8] = ["｛｛", "｛{", "{｛", "｛%", "｛％", "{％", "｛#", "｝｝"];

/// The byte at which the first template mark of a text stands, whatever its width.
pub fn template_mark(text: &str) -> Option<usize> {
    let marks = OPENING.iter().chain(&FULL_WIDTH);
    marks.filter_map(|mark| text.find(mark)).min()
}

/// The byte at which the first full-width template mark of a text stands.
pub fn full_width_mark(text: &str) -> Option<usize> {
    // Each of them has one of these, and hardly any text has one.
    if !text.contains(['｛', '％', '｝']) {
        return None;
    }
    let marks = FULL_WIDTH.iter();
    marks.filter_map(|mark| text.find(mark)).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_first_mark_of_either_width() {
        assert_eq!(template_mark("甲{{ 乙 }}｛｛"), Some(3));
        assert_eq!(full_width_mark("甲{{ 乙 }}｛｛"), Some(12));
        assert_eq!(template_mark("{%- if 甲 %}"), Some(0));
        for plain in ["甲｛乙｝", "100%｝", "{甲}", "｛ {"] {
            assert_eq!(template_mark(plain), None, "{plain}");
        }
    }
}
