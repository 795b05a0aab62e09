//! Faults of templates in plain Chinese, at the place in the user's file.

use minijinja::{Error, ErrorKind};

use super::functions::REFERENCE;
use super::source::Prepared;
use crate::diag::{Diagnostic, Origin};

/// The names that can be called as functions.
const FUNCTIONS: [&str; 9] = [
    "表格",
    "附件",
    "range",
    "占比",
    "比上期",
    "环比",
    "同比",
    "百分点",
    "相隔天数",
];

/// A character that is kept for the program's own marks.
pub fn private_use(char: char, origin: &Origin) -> Diagnostic {
    let message = format!("含有专用区字符 U+{:X}，无法排印", u32::from(char));
    Diagnostic::error("text/char/private-use", origin, message).hint("删去或换成规范汉字")
}

/// Says what minijinja refused; `known` are the names that the template may use.
pub fn template(error: &Error, prepared: &Prepared, known: &[String]) -> Diagnostic {
    let range = error.range().unwrap_or(0..0);
    let origin = match error.range() {
        Some(range) => prepared.place(range.start),
        None => prepared.place(line_start(&prepared.source, error.line().unwrap_or(1))),
    };
    let piece = prepared.source.get(range).unwrap_or_default();
    let detail = error.detail().unwrap_or_default();
    let make = |code, message: String| Diagnostic::error(code, &origin, message);
    match error.kind() {
        ErrorKind::UndefinedError => {
            let inner = detail.split('`').nth(1).unwrap_or(piece);
            let name = inner.trim_matches(|char: char| "() ".contains(char)).trim();
            undefined(
                name,
                known,
                &named_place(prepared, error, name).unwrap_or(origin),
            )
        }
        ErrorKind::UnknownFilter => {
            let name = quoted_word(detail, "filter ", " is unknown");
            let filters = REFERENCE.iter().flat_map(|entry| [entry.0, entry.1]);
            let fault = make(
                "template/filter/unknown",
                format!("没有名为“{name}”的过滤器"),
            );
            suggest(fault, name, filters)
        }
        ErrorKind::UnknownFunction | ErrorKind::UnknownMethod | ErrorKind::UnknownTest => {
            let name = quoted_word(detail, "", " is unknown").trim_start_matches("test ");
            let fault = make(
                "template/function/unknown",
                format!("没有名为“{name}”的函数"),
            );
            suggest(fault, name, FUNCTIONS)
        }
        ErrorKind::SyntaxError => syntax(detail, make),
        ErrorKind::OutOfFuel => make(
            "template/run/too-long",
            "模板运算的步数太多，可能有无尽的循环".into(),
        )
        .hint("检查“{% for %}”循环的范围"),
        ErrorKind::TemplateNotFound => {
            make("template/include/refused", "模板里不能引用别的文件".into())
                .hint("把文字直接写在这里，或放进“变量”")
        }
        ErrorKind::MissingArgument => make(
            "template/call/arguments",
            "过滤器或函数的括号里少写了内容".into(),
        )
        .hint("用“hongtou template functions”查看写法"),
        ErrorKind::TooManyArguments => make(
            "template/call/arguments",
            format!("过滤器或函数的括号里写了不认识的内容（{detail}）"),
        )
        .hint("用“hongtou template functions”查看写法"),
        _ if detail.chars().any(is_chinese) => {
            make("template/run/refused", detail.to_owned()).hint(format!("检查“{}”", shown(piece)))
        }
        _ => make(
            "template/run/refused",
            format!("“{}”无法运算", shown(piece)),
        )
        .hint(format!("原因（英文）：{detail}")),
    }
}

fn is_chinese(char: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&char)
}

/// An expression as the user wrote it, without the calls that were added.
fn shown(piece: &str) -> &str {
    let end = [")|__印", ")|__弃", ")|__设", ")|__列"]
        .iter()
        .filter_map(|call| piece.find(call))
        .min();
    piece[..end.unwrap_or(piece.len())]
        .trim_start_matches('(')
        .trim()
}

/// The place of a name on the line of the error; minijinja points behind it.
fn named_place(prepared: &Prepared, error: &Error, name: &str) -> Option<Origin> {
    let source = &prepared.source;
    let start = line_start(source, error.line()?);
    let end = source[start..]
        .find('\n')
        .map_or(source.len(), |end| start + end);
    let end = error
        .range()
        .map_or(end, |range| range.end.clamp(start, end));
    let found = source.get(start..end)?.rfind(name)?;
    Some(prepared.place(start + found))
}

fn undefined(name: &str, known: &[String], origin: &Origin) -> Diagnostic {
    let fault = Diagnostic::error(
        "template/name/unknown",
        origin,
        format!("没有名为“{name}”的值"),
    );
    let builtin = origin
        .file()
        .is_some_and(|file| file.starts_with("内置模板/"));
    match name.split_once('.') {
        Some((_, column)) => fault.hint(format!(
            "检查表格里是否有“{column}”一列，变量里是否有这一项"
        )),
        None if builtin => fault.hint(format!(
            "在“变量”或“表格”下写上“{name}”，或在“正文”里改写这一节"
        )),
        None => suggest(fault, name, known.iter().map(String::as_str)),
    }
}

fn syntax(detail: &str, make: impl Fn(&'static str, String) -> Diagnostic) -> Diagnostic {
    let what = match detail {
        _ if detail.contains("unexpected character") => "花括号里有不认识的字符",
        _ if detail.contains("unknown statement") => "“{% %}”里的第一个词不认识",
        _ if detail.contains("end of string") => "花括号里的引号没有配对",
        _ if detail.contains("end of comment") => "注释“{#”没有用“#}”结束",
        _ if detail.contains("end of input") || detail.contains("end of raw") => {
            "花括号、if 或 for 没有结束"
        }
        _ => "花括号里的写法有误",
    };
    let hint = "标点用半角，引号用\"\"；“{{ }}”“{% %}”成对，if 配 endif，for 配 endfor";
    make("template/syntax/fault", what.into()).hint(hint)
}

/// Adds the nearest of `names` as a hint.
fn suggest<'a>(
    fault: Diagnostic,
    name: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let names: Vec<&str> = names.into_iter().collect();
    let distance = |other: &&&str| strsim::damerau_levenshtein(name, other);
    match names.iter().min_by_key(distance) {
        Some(nearest) if distance(&nearest) < name.chars().count().max(2) => {
            fault.hint(format!("是不是“{nearest}”"))
        }
        _ => fault.hint(format!("可用的有：{}", names.join("、"))),
    }
}

fn quoted_word<'a>(detail: &'a str, before: &str, after: &str) -> &'a str {
    let detail = detail.strip_prefix(before).unwrap_or(detail);
    detail.strip_suffix(after).unwrap_or(detail)
}

fn line_start(source: &str, line: usize) -> usize {
    source
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum()
}
