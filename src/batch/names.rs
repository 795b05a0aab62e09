//! The names of files: a pattern and what stands for its places come in, a name that every system
//! takes goes out.

use crate::diag::Diagnostic;
use crate::model::Sourced;

/// The pattern where the input names none.
pub const PATTERN: &str = "{{ 序号 }}-{{ 单位 }}-{{ 标题 }}.pdf";

const ENDING: &str = ".pdf";

/// As many bytes as a name may have, less what temporary files and numbers need; a Chinese
/// character takes three.
const LONGEST: usize = 200;

/// What a pattern may hold besides letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Serial,
    Unit,
    Short,
    Title,
    Number,
    Date,
}

const PLACES: [(&str, Place); 6] = [
    ("序号", Place::Serial),
    ("单位", Place::Unit),
    ("简称", Place::Short),
    ("标题", Place::Title),
    ("发文字号", Place::Number),
    ("成文日期", Place::Date),
];

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Letters(String),
    Place(Place),
}

/// A pattern of names.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern(Vec<Part>);

impl Pattern {
    /// Reads a pattern; a place that is not known is a fault.
    pub fn read(text: &Sourced<String>) -> Result<Self, Box<Diagnostic>> {
        if text.value.contains(['｛', '｝']) {
            return Err(Box::new(full_width(text)));
        }
        let mut parts = Vec::new();
        let mut rest = without_ending(text.value.trim());
        while let Some(open) = rest.find("{{") {
            parts.push(Part::Letters(rest[..open].to_owned()));
            let inner = &rest[open + 2..];
            let close = inner.find("}}").unwrap_or(inner.len());
            let name = inner[..close].trim();
            let known = PLACES.iter().find(|(known, _)| *known == name);
            let Some((_, place)) = known.filter(|_| close < inner.len()) else {
                return Err(Box::new(unknown(name, text)));
            };
            parts.push(Part::Place(*place));
            rest = &inner[close + 2..];
        }
        parts.push(Part::Letters(rest.to_owned()));
        Ok(Pattern(parts))
    }

    /// Tells whether the pattern asks for something.
    pub fn asks_for(&self, place: Place) -> bool {
        self.0.contains(&Part::Place(place))
    }

    /// The name of a file, safe on every system.
    pub fn name(&self, value: impl Fn(Place) -> String) -> String {
        let letters = |part: &Part| match part {
            Part::Letters(letters) => letters.clone(),
            Part::Place(place) => value(*place),
        };
        safe(&self.0.iter().map(letters).collect::<String>(), ENDING)
    }
}

/// A name without its ending, be it in small letters or large ones.
fn without_ending(name: &str) -> &str {
    let at = name.len().checked_sub(ENDING.len());
    let ending = at.and_then(|at| Some((at, name.get(at..)?)));
    match ending {
        Some((at, ending)) if ending.eq_ignore_ascii_case(ENDING) => &name[..at],
        _ => name,
    }
}

/// Braces that would stand in every name as typed.
fn full_width(text: &Sourced<String>) -> Diagnostic {
    let message = "文件名的花括号用了全角，会照原样写进文件名";
    Diagnostic::error("template/mark/full-width", &text.origin, message)
        .hint("改用半角，写作“{{ 单位 }}”")
}

fn unknown(name: &str, text: &Sourced<String>) -> Diagnostic {
    let known: Vec<&str> = PLACES.iter().map(|(name, _)| *name).collect();
    let message = format!("文件名里不能用“{name}”");
    Diagnostic::error("batch/file-name/unknown", &text.origin, message).hint(format!(
        "可以用的是：{}，写作“{{{{ 单位 }}}}”",
        known.join("、")
    ))
}

/// Makes a name that Windows, macOS, Linux and a link take: no separators, no hidden characters, no name of
/// a device, not too long.
pub fn safe(stem: &str, ending: &str) -> String {
    let letter = |char: char| match char {
        '/' => '／',
        '\\' => '＼',
        ':' => '：',
        '*' => '＊',
        '?' => '？',
        '"' => '＂',
        '<' => '＜',
        '>' => '＞',
        '|' => '｜',
        // These two mean something in a link.
        '#' => '＃',
        '%' => '％',
        char if char.is_control() || is_format(char) => ' ',
        char => char,
    };
    let name: String = stem.chars().map(letter).collect();
    let words: Vec<&str> = name.split_whitespace().collect();
    let name = words.join(" ");
    let name = name.trim_start_matches('.');
    let longest = LONGEST - ending.len();
    let end = (0..=longest.min(name.len()))
        .rev()
        .find(|end| name.is_char_boundary(*end));
    let name = name[..end.unwrap_or(0)].trim_end_matches(['.', ' ']);
    let device = name.split('.').next().unwrap_or_default().trim_end();
    match name {
        "" => format!("_{ending}"),
        name if is_device(device) => format!("_{name}{ending}"),
        name => format!("{name}{ending}"),
    }
}

/// Characters that take no room or turn the direction of writing.
fn is_format(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn is_device(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let numbered = |device: &str| {
        name.strip_prefix(device)
            .is_some_and(|rest| matches!(rest.chars().next(), Some('1'..='9')) && rest.len() == 1)
    };
    ["CON", "PRN", "AUX", "NUL"].contains(&name.as_str()) || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Origin;

    fn pattern(text: &str) -> Result<Pattern, Box<Diagnostic>> {
        Pattern::read(&Sourced::new(text.to_owned(), Origin::Program))
    }

    #[test]
    fn a_pattern_is_filled_and_ends_in_pdf() {
        let value = |place| match place {
            Place::Serial => "007".to_owned(),
            _ => "甲镇".to_owned(),
        };
        let name = |text| pattern(text).unwrap().name(value);
        assert_eq!(name("{{ 序号 }}-{{单位}}.pdf"), "007-甲镇.pdf");
        assert_eq!(name("通知（{{ 单位 }}）"), "通知（甲镇）.pdf");
        assert_eq!(name("{{ 单位 }}.PDF"), "甲镇.pdf");
        assert!(pattern(PATTERN).unwrap().asks_for(Place::Title));
    }

    #[test]
    fn unknown_and_unclosed_places_are_faults() {
        for text in ["{{ 单立 }}", "{{ 单位", "{{}}"] {
            assert_eq!(pattern(text).unwrap_err().code, "batch/file-name/unknown");
        }
        let fault = pattern("{{ 序号 }}-｛｛ 单位 ｝｝").unwrap_err();
        assert_eq!(fault.code, "template/mark/full-width");
    }

    #[test]
    fn names_are_safe_on_windows() {
        let cases = [
            ("甲/乙\\丙:丁*?\"<>|", "甲／乙＼丙：丁＊？＂＜＞｜.pdf"),
            ("100%#1", "100％＃1.pdf"),
            ("CON", "_CON.pdf"),
            ("lpt1.甲", "_lpt1.甲.pdf"),
            ("甲. .", "甲.pdf"),
            ("..\u{202e}", "_.pdf"),
            ("..", "_.pdf"),
            ("\n甲\t乙\u{0}", "甲 乙.pdf"),
            ("𬭎㛃䶮镇", "𬭎㛃䶮镇.pdf"),
        ];
        for (name, expected) in cases {
            assert_eq!(safe(name, ENDING), expected);
        }
        let long = safe(&"长".repeat(300), ENDING);
        assert!(long.len() <= LONGEST && long.ends_with("长.pdf"));
    }
}
