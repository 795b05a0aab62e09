//! Can every character be drawn? Comes in: words and their roles. Goes out: faults for those that no
//! face has, warnings for Chinese characters that only a face of another style has.

use std::collections::BTreeSet;

use super::fonts::{Fonts, Role, is_chinese};
use crate::diag::{Diagnostic, Diagnostics, Origin};
use crate::document::{Style, Words};

/// The cure for a character that no face has.
const OTHER: &str = "改用其他字，或者在字体目录中放入收有该字的字体";

/// Looks at every character once per role.
pub struct GlyphCheck<'a> {
    fonts: &'a Fonts,
    diagnostics: &'a mut Diagnostics,
    seen: BTreeSet<(Role, char)>,
}

impl<'a> GlyphCheck<'a> {
    pub fn new(fonts: &'a Fonts, diagnostics: &'a mut Diagnostics) -> Self {
        GlyphCheck {
            fonts,
            diagnostics,
            seen: BTreeSet::new(),
        }
    }

    /// Checks words that are set in `role`.
    pub fn words(&mut self, words: &Words, role: Role) {
        for run in &words.0 {
            let role = match run.style {
                Style::Strong => Role::HeiTi,
                Style::Plain | Style::Link => role,
            };
            // What one cell holds is mended there, and not in the template that prints it; of typed words
            // the very letter is shown.
            let place = |at: usize| match &run.cells[..] {
                [cell] => cell.clone(),
                [] if run.print.is_none() => run.origin.after(&run.text[..at]),
                _ => run.origin.clone(),
            };
            let mut before = None;
            for (at, character) in run.text.char_indices() {
                self.character(before, character, role, &|| place(at));
                before = Some(character);
            }
        }
    }

    fn character(
        &mut self,
        before: Option<char>,
        character: char,
        role: Role,
        place: &dyn Fn() -> Origin,
    ) {
        // A line break is laid out, not drawn.
        if character == '\n' || (!is_selector(character) && !self.seen.insert((role, character))) {
            return;
        }
        let name = format!("U+{:04X}", u32::from(character));
        if is_selector(character) {
            let known =
                before.is_some_and(|before| self.fonts.has_variation(role, before, character));
            if !known {
                let what = format!(
                    "“{}”后面的异体字选择符（{name}）没有对应的字形",
                    before.unwrap_or('　')
                );
                self.missing(&what, OTHER, role, &place());
            }
        } else if character.is_control() || is_invisible(character) {
            let what = format!("文中有不可见字符（{name}）");
            let hint =
                "删去这个看不见的字符，它多半是复制粘贴时带进来的；找不到就把前后的字重新输入";
            self.missing(&what, hint, role, &place());
        } else {
            match self.fonts.find(role, character) {
                None => {
                    let what = format!("“{character}”（{name}）没有可用的字形");
                    self.missing(&what, OTHER, role, &place());
                }
                // Marks and symbols of the 宋体 face are what the chains intend.
                Some(found) if found.stand_in && is_chinese(character) => {
                    self.diagnostics.push(
                        Diagnostic::warning(
                            "page/glyph/fallback",
                            &place(),
                            format!(
                                "“{character}”（{name}）没有{}字形，已用其他字体代替",
                                role.name()
                            ),
                        )
                        .hint(format!(
                            "字体目录中放入收有该字的{}字库，字库的名称要像“{}”，就用它的字形",
                            role.name(),
                            role.usual_face()
                        )),
                    );
                }
                Some(_) => {}
            }
        }
    }

    fn missing(&mut self, what: &str, hint: &str, role: Role, origin: &Origin) {
        let message = format!("{what}，无法用{}排印", role.name());
        let fault = Diagnostic::error("page/glyph/missing", origin, message);
        self.diagnostics.push(fault.hint(hint));
    }
}

/// Variation selectors choose another form of the character before them.
pub fn is_selector(character: char) -> bool {
    matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Characters that Typst would drop without a word, or that no face draws.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{e0000}'..='\u{e00ff}'
            | '\u{f0000}'..
    )
}
