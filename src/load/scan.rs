//! The text of an input file comes in; slips of the keyboard that YAML misreads or rejects without
//! naming them go out, line by line.

use std::sync::Arc;

use super::keys;
use super::node::Node;
use super::yaml::{opens_block, without_comment};
use crate::diag::{Diagnostic, Origin, lines};

/// As many slips as one report can use; more only bury the first.
const MOST: usize = 50;

/// A slip on one line.
#[derive(Clone, Debug, PartialEq)]
pub struct Slip {
    pub line: u32,
    /// It is certain even where YAML reads the line as something else: a known key stands there.
    pub certain: bool,
    /// It is a fault wherever YAML is broken; a missing space after an unknown word may be meant.
    pub sure: bool,
    /// The key of a colon slip, which YAML may read as text.
    pub key: Option<String>,
    pub diagnostic: Diagnostic,
}

impl Slip {
    /// Tells whether it is on a line of this scalar.
    pub fn is_in(&self, node: &Node) -> bool {
        self.diagnostic.origin.file() == node.origin.file() && node.lines().contains(&self.line)
    }
}

/// The slips that may be why the parser gave up.
pub fn blamed(mut slips: Vec<Slip>, error: Option<&serde_saphyr::Error>) -> Vec<Slip> {
    if let Some(place) = error.and_then(serde_saphyr::Error::location) {
        slips.retain(|slip| slip.sure || place.line().abs_diff(slip.line.into()) <= 1);
    }
    slips
}

/// Finds the slips outside block scalars.
pub fn scan(text: &str, file: &Arc<str>) -> Vec<Slip> {
    let mut slips = Vec::new();
    let mut block: Option<usize> = None;
    for (number, line) in (1..).zip(lines(text)) {
        if slips.len() >= MOST {
            break;
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        if line.trim().is_empty() || block.is_some_and(|outer| indent > outer) {
            continue;
        }
        block = block_indent(line);
        slips.extend(slip(line, number, file));
    }
    slips
}

/// Rewrites the lines of `slips` as they were meant, so that the faults below them show too.
pub fn mend(text: &str, slips: &[Slip]) -> String {
    let mut mended = String::with_capacity(text.len() + slips.len());
    let mut slips = slips.iter().peekable();
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        match slips.next_if(|slip| slip.line == number) {
            Some(slip) if slip.key.is_some() => mended.push_str(&mend_colon(line)),
            Some(_) => mended.push_str(&mend_start(line)),
            None => mended.push_str(line),
        }
    }
    mended
}

/// Moves a fault of the mended text to its place in the text as typed; drops one on or beside a line
/// whose start was mended, for it may come from the mending.
pub fn unmend(mut fault: Diagnostic, slips: &[Slip]) -> Option<Diagnostic> {
    let Origin::Text { file, line, column } = &mut fault.origin else {
        return Some(fault);
    };
    for slip in slips {
        let Origin::Text {
            file: slipped,
            column: colon,
            ..
        } = &slip.diagnostic.origin
        else {
            continue;
        };
        let started = slip.key.is_none() && slip.line.abs_diff(*line) <= 1;
        if file != slipped {
            continue;
        } else if started {
            return None;
        } else if slip.line == *line && *column > *colon {
            *column -= 1;
        }
    }
    Some(fault)
}

fn mend_colon(line: &str) -> String {
    match line.split_once(['：', ':']) {
        Some((key, value)) => format!("{key}: {value}"),
        None => line.to_owned(),
    }
}

/// Writes the blanks before a line, and the dash of an item, as YAML has them.
fn mend_start(line: &str) -> String {
    let rest = line.trim_start();
    let blanks = line[..line.len() - rest.len()].chars();
    let blanks: String = blanks.map(|c| if c == ' ' { " " } else { "  " }).collect();
    match rest.strip_prefix(is_dash) {
        Some(item) => format!("{blanks}- {}", item.trim_start_matches(' ')),
        None => format!("{blanks}{rest}"),
    }
}

/// The slip on this line; a line has one cause at a time.
pub fn slip(line: &str, number: u32, file: &Arc<str>) -> Option<Slip> {
    if line.trim_start().starts_with('#') {
        return None;
    }
    blank_indent(line, number, file)
        .or_else(|| dash(line, number, file))
        .or_else(|| colon(line, number, file))
}

/// The column of the key or `-` whose block scalar begins on this line.
fn block_indent(line: &str) -> Option<usize> {
    let line = without_comment(line).trim_end();
    opens_block(line.trim_start()).then(|| line.len() - item(line).len())
}

/// What stands after the blanks and the `- ` at the start of a line.
fn item(line: &str) -> &str {
    let mut rest = line.trim_start();
    while let Some(inner) = rest.strip_prefix("- ") {
        rest = inner.trim_start();
    }
    rest
}

fn blank_indent(line: &str, number: u32, file: &Arc<str>) -> Option<Slip> {
    let is_blank = |c: &char| c.is_whitespace() || is_invisible(*c);
    let at = line.chars().take_while(is_blank).position(|c| c != ' ')?;
    let origin = Origin::text(file, number, to_u32(at) + 1);
    let diagnostic = if line.chars().nth(at) == Some('\t') {
        Diagnostic::error(
            "input/yaml/tab-indent",
            &origin,
            "行首用了制表符（Tab）缩进",
        )
        .hint("删去制表符，改用半角空格；同一层的各行空格数要相同")
    } else {
        let message = "行首用了全角空格或看不见的空白";
        Diagnostic::error("input/yaml/full-width-space", &origin, message)
            .hint("删去行首的空白，改用半角空格；最外层的键前面不留空格")
    };
    Some(Slip {
        line: number,
        certain: false,
        sure: true,
        key: None,
        diagnostic,
    })
}

fn dash(line: &str, number: u32, file: &Arc<str>) -> Option<Slip> {
    let rest = line.trim_start();
    let dash = rest.chars().next()?;
    let known = is_dash(dash);
    if !known || !rest[dash.len_utf8()..].starts_with([' ', '\u{3000}']) {
        return None;
    }
    let origin = place(line, rest, number, file);
    let message = format!("列表项前面的“{dash}”不是半角横线");
    Some(Slip {
        line: number,
        certain: false,
        sure: true,
        key: None,
        diagnostic: Diagnostic::error("input/yaml/full-width-dash", &origin, message)
            .hint("切换到英文输入法，改为半角“-”加一个空格"),
    })
}

fn is_dash(c: char) -> bool {
    matches!(c, '－' | '—' | '–' | '﹣' | '−' | '·' | '•')
}

fn colon(line: &str, number: u32, file: &Arc<str>) -> Option<Slip> {
    let rest = item(line);
    let at = rest.find(['：', ':'])?;
    let (key, after) = (&rest[..at], &rest[at..]);
    let good = after == ":" || after.starts_with(": ") || after.starts_with(":\t");
    if good || !is_word(key) {
        return None;
    }
    let known = keys::is_key(key.trim());
    let outermost = rest.len() == line.len();
    if !known && (key.trim() != key || (outermost && !keys::is_near_key(key))) {
        return None;
    }
    let origin = place(line, after, number, file);
    let key = key.trim();
    let diagnostic = if let Some(value) = after.strip_prefix('：') {
        let message = format!("“{key}”后面是全角冒号“：”");
        let value = shorten(without_comment(value).trim());
        Diagnostic::error("input/yaml/full-width-colon", &origin, message)
            .hint(format!("改为半角冒号加一个空格，写作“{key}: {value}”").replace(": ”", ":”"))
    } else {
        let value = after.strip_prefix(':')?;
        let written = value.chars().next()?;
        if matches!(written, '/' | ':' | '：') || key.chars().all(|c| c.is_ascii_digit()) {
            return None;
        }
        let value = shorten(without_comment(value).trim());
        let message = match written {
            '\u{a0}' => format!("“{key}:”后面是不间断空格（U+00A0），不是半角空格"),
            '\u{3000}' => format!("“{key}:”后面是全角空格，不是半角空格"),
            c if c.is_whitespace() => {
                format!(
                    "“{key}:”后面是特殊的空格（U+{:04X}），不是半角空格",
                    u32::from(c)
                )
            }
            _ => format!("“{key}:”后面缺一个空格"),
        };
        Diagnostic::error("input/yaml/missing-space", &origin, message)
            .hint(format!("写作“{key}: {value}”"))
    };
    Some(Slip {
        line: number,
        certain: known,
        sure: known || after.starts_with('：'),
        key: Some(key.to_owned()),
        diagnostic,
    })
}

/// Tells whether this may be a name: no blank inside, no punctuation, not long.
pub fn is_word(text: &str) -> bool {
    let text = text.trim();
    let good = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '（' | '）' | '(' | ')');
    !text.is_empty() && text.chars().count() <= 20 && text.chars().all(good)
}

/// Tells whether a character takes no room, so that nobody sees it.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
    )
}

/// Cuts a text for a message.
pub fn shorten(text: &str) -> String {
    const MOST: usize = 16;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn place(line: &str, rest: &str, number: u32, file: &Arc<str>) -> Origin {
    let before = &line[..line.len() - rest.len()];
    Origin::text(file, number, to_u32(before.chars().count()) + 1)
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        scan(text, &"甲.yaml".into())
            .into_iter()
            .map(|slip| {
                let Diagnostic { origin, code, .. } = slip.diagnostic;
                format!("{origin} {code}").replace("甲.yaml:", "")
            })
            .collect()
    }

    #[test]
    fn finds_every_full_width_colon() {
        let text = "标题：一\n变量:\n  - 联系人：李\n    𬭎：1\n";
        assert_eq!(
            found(text),
            [
                "1:3 input/yaml/full-width-colon",
                "3:8 input/yaml/full-width-colon",
                "4:6 input/yaml/full-width-colon"
            ]
        );
    }

    #[test]
    fn leaves_colons_in_values_and_block_scalars_alone() {
        let text = "标题: 说明：一\n正文: |\n  附件：一\n\n  标题:一\n  - 时间：二\n甲: http://a\n# 标题：一\n";
        assert!(found(text).is_empty());
        assert!(found("- 正文: |\n    附件：一\n").is_empty());
        assert!(found("“甲”：乙\n经查，甲：乙\n12:30\n").is_empty());
    }

    #[test]
    fn finds_missing_spaces_tabs_wide_spaces_and_dashes() {
        assert_eq!(found("标题:一"), ["1:3 input/yaml/missing-space"]);
        assert_eq!(found("  \t标题: 一"), ["1:3 input/yaml/tab-indent"]);
        assert_eq!(found("　标题: 一"), ["1:1 input/yaml/full-width-space"]);
        assert_eq!(found("  － 一"), ["1:3 input/yaml/full-width-dash"]);
    }

    #[test]
    fn finds_a_slip_after_a_block_scalar() {
        let text = "- 正文: |\n    一\n  署名：二\n";
        assert_eq!(found(text), ["3:5 input/yaml/full-width-colon"]);
    }
}
