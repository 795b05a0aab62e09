//! A parser's error comes in; Chinese diagnostics at the lines a user has to mend go out.

use std::sync::Arc;

use serde_saphyr::Error;

use super::scan::{is_invisible, shorten, slip};
use super::yaml::without_comment;
use crate::diag::{Diagnostic, Origin, lines};

/// Explains why `text` is no YAML.
pub fn explain(text: &str, file: &Arc<str>, error: &Error) -> Diagnostic {
    let fault = Fault::new(text, file, error);
    let slip = slip(fault.source, fault.line, file);
    match slip.filter(|slip| slip.key.is_none()) {
        Some(slip) => slip.diagnostic,
        None => fault.diagnostic(),
    }
}

/// The place at which the parser gave up, and its reason.
struct Fault<'a> {
    text: &'a str,
    file: &'a Arc<str>,
    line: u32,
    column: u32,
    /// The line of the file.
    source: &'a str,
    /// The parser's words.
    reason: String,
}

/// Parts of the parser's reasons, each with code, message and hint.
const REASONS: &[(&str, &str, &str, &str)] = &[
    (
        "trailing content after",
        "input/yaml/after-quote",
        "右引号之后还有文字",
        "把整个值放进一对半角引号；值里本来就有双引号时，外面用单引号",
    ),
    (
        "unknown escape",
        "input/yaml/escape",
        "双引号里的“\\”后面跟了无法识别的字符",
        "外面改用单引号，或者把“\\”写成“\\\\”",
    ),
    (
        "block sequence entries are not allowed",
        "input/yaml/list-place",
        "列表项的“- ”不能与键写在同一行",
        "在冒号后换行，每一项另起一行，前面空两格再写“- ”；不是列表就给值加引号",
    ),
    (
        "did not find expected comment or line break",
        "input/yaml/block-header",
        "“|”或“>”后面不能在同一行接着写文字",
        "“|”之后换行，文字从下一行写起，每行比键多缩进两格；不是多行文字就给值加引号",
    ),
    (
        "tab",
        "input/yaml/tab-indent",
        "这里用了制表符（Tab）",
        "删去制表符，改用半角空格",
    ),
    (
        "expected '-' indicator",
        "input/yaml/indentation",
        "列表里混进了不以“- ”开头的一行",
        "列表项前面都写“- ”；不属于列表的键与上一层的键左对齐",
    ),
    (
        "simple key expected ':'",
        "input/yaml/no-colon",
        "这一行不是“键: 值”的形式",
        "写明键和半角冒号；如果是上一行的续文，键后写“|”，文字另起行并缩进两格",
    ),
    (
        "bracket",
        "input/yaml/unclosed-bracket",
        "括号没有成对",
        "补上另一半括号；括号是文字的一部分时，给整个值加半角引号",
    ),
    (
        "flow",
        "input/yaml/unclosed-bracket",
        "方括号或花括号没有成对，或者中间少了逗号",
        "补上另一半括号，各项之间用半角逗号；括号是文字的一部分时，给整个值加半角引号",
    ),
    (
        "':' indicator",
        "input/yaml/unclosed-bracket",
        "上面的方括号或花括号没有成对",
        "补上另一半括号；括号是文字的一部分时，给整个值加半角引号",
    ),
    (
        "mapping values are not allowed",
        "input/yaml/indentation",
        "这一行的缩进与上一行连不上",
        "同一层的键左对齐；下一层比上一层多缩进两个半角空格，上一层的冒号后面不写值",
    ),
    (
        "indentation",
        "input/yaml/indentation",
        "这一行的缩进没有与同层的行对齐",
        "同一层的行左对齐，下一层多缩进两个半角空格",
    ),
    (
        "did not find expected key",
        "input/yaml/indentation",
        "这一行的缩进没有与同层的行对齐",
        "同一层的行左对齐，下一层多缩进两个半角空格",
    ),
];

impl<'a> Fault<'a> {
    fn new(text: &'a str, file: &'a Arc<str>, error: &Error) -> Self {
        let to_u32 = |number: u64| u32::try_from(number).unwrap_or(u32::MAX).max(1);
        let place = error.location().unwrap_or(serde_saphyr::Location::UNKNOWN);
        let line = to_u32(place.line());
        Fault {
            text,
            file,
            line,
            column: to_u32(place.column()),
            source: lines(text).nth(line as usize - 1).unwrap_or_default(),
            reason: error.without_snippet().to_string(),
        }
    }

    fn diagnostic(&self) -> Diagnostic {
        self.too_complex()
            .or_else(|| self.second_document())
            .or_else(|| self.control_character())
            .or_else(|| self.unclosed_quote())
            .or_else(|| self.full_width_quotes())
            .or_else(|| self.special_character())
            .or_else(|| self.colon_in_value())
            .or_else(|| self.unclosed_bracket())
            .or_else(|| self.known_reason())
            .unwrap_or_else(|| self.unknown())
    }

    fn has(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.reason.contains(word))
    }

    fn error(&self, code: &'static str, message: impl Into<String>) -> Diagnostic {
        let origin = Origin::text(self.file, self.line, self.column);
        Diagnostic::error(code, &origin, message)
    }

    fn too_complex(&self) -> Option<Diagnostic> {
        let words = ["budget", "recursion", "limit", "alias replay", "depth"];
        self.has(&words).then(|| {
            self.error(
                "input/yaml/too-complex",
                "文件嵌套过深、引用过多或数据过大，不像一份公文",
            )
            .hint("检查是否选错了文件；大表另存为 .csv，在“表格”里写“文件: 名称.csv”")
        })
    }

    /// The parser stops at the first word of a second document; the mark stands before it.
    fn second_document(&self) -> Option<Diagnostic> {
        if !self.has(&["multiple YAML documents"]) {
            return None;
        }
        let is_mark = |line: &str| line.starts_with("---") || line.starts_with("...");
        let above = lines(self.text).take(self.line as usize).enumerate();
        let mark = above.filter(|(_, line)| is_mark(line)).last();
        let line = mark.map_or(self.line as usize, |(index, _)| index + 1);
        let origin = Origin::text(self.file, u32::try_from(line).ok()?, 1);
        let message = "一个文件只能写一份公文，这里又起了一份";
        let hint = "删去单独成行的“---”或“...”，另一份公文另存一个文件";
        Some(Diagnostic::error("input/yaml/documents", &origin, message).hint(hint))
    }

    fn control_character(&self) -> Option<Diagnostic> {
        let bad = |c: char| (c.is_control() && c != '\t') || is_invisible(c);
        let at = self.source.chars().position(bad)?;
        let character = self.source.chars().nth(at)?;
        let origin = Origin::text(self.file, self.line, u32::try_from(at).ok()? + 1);
        let message = format!("这里有不可见的控制字符 U+{:04X}", u32::from(character));
        let code = "input/yaml/control-character";
        Some(
            Diagnostic::error(code, &origin, message)
                .hint("删去这个字符；整个文件都是乱码时，检查是否选错了文件"),
        )
    }

    /// A quotation mark that opens and is not closed on its line; the parser notices later.
    fn unclosed_quote(&self) -> Option<Diagnostic> {
        if !self.has(&[
            "quoted scalar",
            "unclosed quote",
            "unexpected EOF",
            "end of stream",
            "simple key expected",
        ]) || self.has(&["trailing content", "escape"])
        {
            return None;
        }
        let above = lines(self.text).take(self.line as usize).enumerate();
        let (index, column) = above
            .filter_map(|(index, line)| Some((index, open_quote(line)?)))
            .last()?;
        let origin = Origin::text(self.file, u32::try_from(index).ok()? + 1, column);
        let code = "input/yaml/unclosed-quote";
        Some(
            Diagnostic::error(code, &origin, "这里的半角引号没有成对")
                .hint("在值的末尾补上同样的引号；引号是文字的一部分时，改用全角引号“”"),
        )
    }

    /// A bracket that opens a value and is not closed there; the parser notices later.
    fn unclosed_bracket(&self) -> Option<Diagnostic> {
        if !self.has(&["bracket", "flow", "':' indicator", "unexpected EOF"]) {
            return None;
        }
        let above = lines(self.text).take(self.line as usize).enumerate();
        let (index, column) = above
            .filter_map(|(index, line)| Some((index, open_bracket(line)?)))
            .last()?;
        let origin = Origin::text(self.file, u32::try_from(index).ok()? + 1, column);
        let code = "input/yaml/unclosed-bracket";
        let line = lines(self.text).nth(index).unwrap_or_default();
        let hint = if without_comment(line).len() < line.len() {
            "“#”后面的文字是注释；有 # 的值加半角引号，或者补上另一半半角括号"
        } else {
            "补上另一半半角括号；括号是文字的一部分时，给整个值加半角引号"
        };
        let message = "这里的方括号或花括号没有成对";
        Some(Diagnostic::error(code, &origin, message).hint(hint))
    }

    fn full_width_quotes(&self) -> Option<Diagnostic> {
        let (at, value) = value_of(self.source)?;
        let quote = value
            .chars()
            .next()
            .filter(|c| matches!(c, '“' | '”' | '‘' | '’' | '＂' | '＇'))?;
        let origin = Origin::text(self.file, self.line, at);
        let message = format!("“{quote}”是全角引号，不能把值括起来");
        let code = "input/yaml/full-width-quotes";
        Some(
            Diagnostic::error(code, &origin, message)
                .hint("值里有冒号等符号时，外面再加一对半角引号 \"…\""),
        )
    }

    fn special_character(&self) -> Option<Diagnostic> {
        let (at, value) = value_of(self.source)?;
        let first = value.chars().next()?;
        let braces = value.starts_with("{{") || value.starts_with("{%");
        let special = match first {
            '@' | '`' | '%' | '*' | '&' | '!' | ',' | ']' | '}' => true,
            '[' | '{' => braces || closes_early(value),
            _ => false,
        };
        if !special {
            return None;
        }
        let origin = Origin::text(self.file, self.line, at);
        let sign = if braces {
            &value[..2]
        } else {
            &value[..first.len_utf8()]
        };
        let message = format!("值以“{sign}”开头，YAML 把它当作符号");
        let code = "input/yaml/special-character";
        let quoted = shorten(value).replace('"', "'");
        Some(
            Diagnostic::error(code, &origin, message)
                .hint(format!("给整个值加半角引号，写作 \"{quoted}\"")),
        )
    }

    fn colon_in_value(&self) -> Option<Diagnostic> {
        if !self.has(&["mapping values are not allowed"]) {
            return None;
        }
        let (at, value) = value_of(self.source)?;
        let colon = value
            .find(": ")
            .or_else(|| value.strip_suffix(':').map(str::len))?;
        let column = at + u32::try_from(value[..colon].chars().count()).ok()?;
        let origin = Origin::text(self.file, self.line, column);
        let quoted = shorten(value).replace('"', "'");
        let message = "值里又有半角冒号加空格，YAML 分不清键和值";
        let code = "input/yaml/colon-in-value";
        Some(Diagnostic::error(code, &origin, message).hint(format!(
            "文字里改用全角冒号“：”，或给整个值加半角引号，写作 \"{quoted}\""
        )))
    }

    fn known_reason(&self) -> Option<Diagnostic> {
        let (_, code, message, hint) = REASONS
            .iter()
            .find(|(part, ..)| self.reason.contains(part))?;
        Some(self.error(code, *message).hint(*hint))
    }

    fn unknown(&self) -> Diagnostic {
        let message = format!(
            "YAML 语法有误（解析器的说法：{}）",
            shorten_reason(&self.reason)
        );
        self.error("input/yaml/syntax", message).hint(
            "对照例子检查这一行和上一行：键、半角冒号、一个空格、值；拿不准时给整个值加半角引号",
        )
    }
}

/// Column and text of the value on a line `key: value` or `- value`.
fn value_of(line: &str) -> Option<(u32, &str)> {
    let trimmed = line.trim_start();
    let value = match trimmed.find(": ") {
        Some(at) => &trimmed[at + 1..],
        None => trimmed.strip_prefix('-')?,
    };
    let value = value.trim_start();
    let before = line[..line.len() - value.len()].chars().count();
    let column = u32::try_from(before).ok()? + 1;
    let value = without_comment(value).trim_end();
    Some((column, value)).filter(|(_, value)| !value.is_empty())
}

/// The column of a quotation mark that begins a value, perhaps in brackets, and has no partner on its
/// line.
fn open_quote(line: &str) -> Option<u32> {
    let mut before = '-';
    let mut open: Option<(usize, char)> = None;
    let mut characters = line.chars().enumerate().peekable();
    while let Some((at, c)) = characters.next() {
        match open {
            Some((_, '"')) if c == '\\' => drop(characters.next()),
            Some((_, '\''))
                if c == '\'' && characters.next_if(|(_, next)| *next == '\'').is_some() => {}
            Some((_, quote)) if c == quote => (open, before) = (None, c),
            Some(_) => {}
            None if matches!(c, '"' | '\'') && matches!(before, '-' | ':' | ',' | '[' | '{') => {
                open = Some((at, c));
            }
            None if c == '#'
                && line
                    .chars()
                    .nth(at.wrapping_sub(1))
                    .is_none_or(char::is_whitespace) =>
            {
                break;
            }
            None if !c.is_whitespace() => before = c,
            None => {}
        }
    }
    let (at, _) = open?;
    u32::try_from(at).ok().map(|at| at + 1)
}

/// The column of a bracket that begins a value and has no partner on its line.
fn open_bracket(line: &str) -> Option<u32> {
    let (column, value) = value_of(line)?;
    let (open, close) = match value.chars().next()? {
        '[' => ('[', ']'),
        '{' => ('{', '}'),
        _ => return None,
    };
    (value.matches(open).count() > value.matches(close).count()).then_some(column)
}

/// Tells whether words follow the bracket that closes the first one, or none closes it.
fn closes_early(value: &str) -> bool {
    let close = if value.starts_with('[') { ']' } else { '}' };
    let rest = value.split_once(close).map(|(_, rest)| rest.trim_start());
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['#', ',', ']', '}']))
}

/// The parser's reason without its place, which stands before the message already.
fn shorten_reason(reason: &str) -> &str {
    reason.split(" at line ").next().unwrap_or(reason)
}
