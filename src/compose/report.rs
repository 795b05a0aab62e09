//! Faults of templates in plain Chinese, at the place in the user's file.

mod syntax;

use std::ops::Range;

use minijinja::{Error, ErrorKind};

use super::functions::{NoColumn, REFERENCE};
use super::source::{Brace, Prepared};
use crate::diag::{Diagnostic, Origin};
use crate::model::Sourced;

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

/// Words that people try, and what they mean by them.
const MEANT: [(&[&str], &str); 9] = [
    (&["数量", "个数", "条数", "行数", "总数", "数目"], "计数"),
    (&["合计", "总和", "总计", "累计", "加总", "相加"], "求和"),
    (&["过滤", "查找", "选取", "选择", "只看"], "筛选"),
    (&["平均值", "均值", "平均数"], "平均"),
    (&["最大值", "最高"], "最大"),
    (&["最小值", "最低"], "最小"),
    (&["四舍五入", "取整", "小数"], "保留"),
    (&["连接", "拼接", "列举"], "顿号"),
    (&["百分比", "比例", "比率"], "占比"),
];

/// A character that is kept for the program's own marks.
pub fn private_use(char: char, origin: &Origin) -> Diagnostic {
    let message = format!("含有专用区字符 U+{:X}，无法排印", u32::from(char));
    Diagnostic::error("text/char/private-use", origin, message).hint("删去或换成规范汉字")
}

/// Braces that no template reads.
pub fn brace(brace: Brace, origin: &Origin) -> Diagnostic {
    let tags = "“{{ 名称 }}”“{% if … %}”";
    match brace {
        Brace::FullWidth => {
            let message = "花括号用了全角，这里不会算出值，会照原样印出";
            Diagnostic::error("template/mark/full-width", origin, message).hint(format!(
                "改用半角，写作{tags}；确要印出“｛｛”时写作 {{{{ \"｛｛\" }}}}"
            ))
        }
        Brace::Lone(brace) => {
            let message = format!("“{brace}”不成对，这里不会算出值，会照原样印出");
            Diagnostic::error("template/mark/lone", origin, message).hint(format!(
                "写作{tags}，两个符号要挨着；确要印出“{brace}”时写作 {{{{ \"{brace}\" }}}}"
            ))
        }
    }
}

/// A name that a loop adds to, in vain.
pub fn lost(name: &str, origin: &Origin) -> Diagnostic {
    let message = format!("循环里累加的“{name}”每转一圈都从头算起，出了循环还是原来的值");
    Diagnostic::error("template/run/refused", origin, message)
        .hint("不用循环累加：用“计数”“求和”等过滤器直接算，如 {{ 清单|求和(\"数量\") }}")
}

/// A table that the built-in words need; `home` is where the circular says its kind.
pub fn missing_table(name: &str, tables: &[String], home: &Origin) -> Diagnostic {
    let message = format!("没有名为“{name}”的表格");
    let fault = Diagnostic::error("template/name/unknown", home, message);
    let distance = |other: &&String| strsim::damerau_levenshtein(name, other);
    match tables.iter().min_by_key(distance) {
        Some(nearest) => fault.hint(format!(
            "把表格“{nearest}”改名为“{name}”，或在“表格”下写上“{name}”"
        )),
        None => fault.hint(format!(
            "内置模板要用它：在“表格”下写上“{name}”，或用“正文”改写"
        )),
    }
}

/// A variable that holds nothing, which a template prints.
pub fn blank(name: &Sourced<String>) -> Diagnostic {
    let message = format!("“{}”没有内容，正文里要用到它", name.value);
    Diagnostic::error("variables/value/blank", &name.origin, message)
        .hint("在冒号后面空一格，写上内容")
}

/// A table that is not split among the units, which a notice asks for.
pub fn withheld(name: &str, fault: Diagnostic) -> Diagnostic {
    let message = format!("表格“{name}”不拆给各单位，通知里用不到它");
    Diagnostic::error(fault.code, &fault.origin, message).hint(format!(
        "每份通知都要用的表，在“批量”下写上“共用表格: [{name}]”"
    ))
}

/// A value that the built-in words need; `home` is where the circular says its kind, `place` where
/// they print it.
pub fn missing_value(name: &str, home: &Origin, place: &Origin) -> Diagnostic {
    let message = format!("没有名为“{name}”的值");
    Diagnostic::error("template/name/unknown", home, message)
        .hint(format!(
            "内置模板要用它：在“变量”下写上“{name}: …”，或用“正文”改写用到它的一节"
        ))
        .related(place, "内置模板在这里用到它")
}

/// A column that the built-in words need: told where the table names its columns.
pub fn missing_column(fault: Diagnostic, missing: &NoColumn) -> Diagnostic {
    let column = &missing.column;
    Diagnostic::error(fault.code, &missing.names, fault.message)
        .hint(format!(
            "把表里的这一列改名为“{column}”，或用“正文”改写用到它的一节"
        ))
        .related(&fault.origin, "内置模板在这里用到它")
}

/// The name that a template asked for in vain.
pub fn missing_name(error: &Error, prepared: &Prepared) -> Option<String> {
    error.range()?;
    is_undefined(error).then(|| missing(error, prepared).to_owned())
}

/// Whether a name was asked for in vain; operators say so in their detail.
fn is_undefined(error: &Error) -> bool {
    let detail = error.detail().unwrap_or_default();
    error.kind() == ErrorKind::UndefinedError || detail.contains("` is undefined")
}

fn missing<'a>(error: &'a Error, prepared: &'a Prepared) -> &'a str {
    let source = prepared.source.as_str();
    let range = error.range().unwrap_or(0..0);
    let piece = source.get(range.clone()).unwrap_or_default();
    // Of a filter minijinja gives the filter's own place: the name stands before it.
    let before = source.get(..range.start).unwrap_or_default().trim_end();
    let filtered = before.strip_suffix('|').map(|before| {
        let part_of_name = |char: char| char.is_alphanumeric() || char == '_';
        let start = before.trim_end_matches(part_of_name).len();
        &before[start..]
    });
    let quoted = error.detail().and_then(|detail| detail.split('`').nth(1));
    let inner = shown(quoted.or(filtered).unwrap_or(piece));
    let inner = inner.split('|').next().unwrap_or(inner);
    inner.trim_matches(|char: char| "() ".contains(char)).trim()
}

/// Says what minijinja refused; `known` are the names that the template may use.
pub fn template(error: &Error, prepared: &Prepared, known: &[String]) -> Diagnostic {
    let mut diagnostic = refused(error, prepared, known);
    diagnostic.message = without_calls(&diagnostic.message);
    diagnostic.hint = diagnostic.hint.map(|hint| without_calls(&hint));
    diagnostic
}

/// Leaves out the calls that were added to the template.
fn without_calls(text: &str) -> String {
    let mut parts = text.split("|__");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(['印', '文', '比', '弃', '设', '列', '项']);
        let arguments = rest.starts_with('(').then(|| rest.find(')')).flatten();
        plain.push_str(&rest[arguments.map_or(0, |end| end + 1)..]);
    }
    plain
}

/// What minijinja's own words mean, and what to do.
fn translated(detail: &str) -> Option<(&'static str, &'static str)> {
    let divided = ["/", "//", "%"].iter().any(|sign| {
        [" 0", " 0.0", " -0.0"]
            .iter()
            .any(|zero| detail.ends_with(&format!(" {sign}{zero}")))
    });
    let has = |words: &str| detail.contains(words);
    Some(match detail {
        _ if has("unable to calculate") && divided => {
            ("不能除以零", "先用“{% if %}”检查除数，或改用“占比”")
        }
        _ if has("unable to calculate") || has("overflow") => {
            ("数字太大，无法计算", "检查参加运算的数")
        }
        _ if has("recursion limit") || has("maximum recursion") => {
            ("模板层层相套太深", "检查宏是不是调用了自己")
        }
        _ if has("range has too many elements") => ("range 的项数太多", "把范围改小"),
        _ if has("is too large") => ("重复出来的内容太长", "检查“*”的两边"),
        _ if has("can only be multiplied with integers") => {
            ("文字不能相乘", "数字不加引号；“*”两边都要是数字")
        }
        _ if has("operator on unsupported types") => {
            ("两边不能这样运算", "数字不加引号；文字相接用“~”")
        }
        _ if has("keyword argument") => (
            "括号里写了不认识的选项",
            "用“hongtou template functions”查看写法",
        ),
        _ if has("cannot convert") || has("cannot deserialize") || has("value is not") => (
            "过滤器或函数括号里的内容不对",
            "用“hongtou template functions”查看写法",
        ),
        _ if has("not iterable") || has("iterate") => {
            ("这个值不是列表", "“for”“in”后面要用表格或列表")
        }
        _ if has("containment check") => ("“in”后面不是列表", "“in”后面要用列表"),
        _ if has("not callable") => ("这个值不能加括号调用", "去掉后面的括号"),
        _ => return None,
    })
}

fn refused(error: &Error, prepared: &Prepared, known: &[String]) -> Diagnostic {
    let range = error.range().unwrap_or(0..0);
    let origin = match error.range() {
        Some(range) => prepared.place(range.start),
        None => prepared.place(line_start(&prepared.source, error.line().unwrap_or(1))),
    };
    let (origin, piece) = match filtered(&prepared.source, range.clone()) {
        Some((at, piece)) => (prepared.place(at), piece),
        None => (origin, prepared.source.get(range).unwrap_or_default()),
    };
    let detail = error.detail().unwrap_or_default();
    let make = |code, message: String| Diagnostic::error(code, &origin, message);
    match error.kind() {
        _ if is_undefined(error) => {
            let name = missing(error, prepared);
            let place = named_place(prepared, error, name).unwrap_or(origin);
            let condition = format!("({name}==");
            if prepared.source.replace(' ', "").contains(&condition) {
                let message = format!("没有名为“{name}”的值");
                return Diagnostic::error("template/name/unknown", &place, message)
                    .hint(format!("是一列的条件时只写一个等号：筛选({name}=\"…\")"));
            }
            undefined(name, known, &place)
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
        ErrorKind::SyntaxError => {
            let at = error.range().map_or(0, |range| range.start);
            let fault = syntax::fault(detail, &prepared.source, at);
            let origin = fault.at.map_or(origin.clone(), |at| prepared.place(at));
            Diagnostic::error("template/syntax/fault", &origin, fault.message).hint(fault.hint)
        }
        ErrorKind::OutOfFuel if detail.chars().any(is_chinese) => {
            make("template/run/too-long", detail.to_owned()).hint("检查循环和“*”的次数")
        }
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
            match detail.split(['\'', '`']).nth(1) {
                Some(name) => format!("过滤器或函数的括号里没有“{name}”这个选项"),
                None => "过滤器或函数的括号里写多了内容".into(),
            },
        )
        .hint("用“hongtou template functions”查看写法"),
        _ if detail.chars().any(is_chinese) => {
            make("template/run/refused", detail.to_owned()).hint(format!("检查“{}”", shown(piece)))
        }
        _ if translated(detail).is_some() => {
            let (reason, hint) = translated(detail).unwrap_or_default();
            let message = match shown(piece) {
                "" => reason.to_owned(),
                piece => format!("“{piece}”无法运算：{reason}"),
            };
            make("template/run/refused", message).hint(hint)
        }
        _ => make(
            "template/run/refused",
            format!("“{}”无法运算", shown(piece)),
        )
        .hint(format!("原因（英文）：{detail}")),
    }
}

/// What one of the calls that were added was made on, where minijinja gives the call's own place.
fn filtered(source: &str, range: Range<usize>) -> Option<(usize, &str)> {
    source.get(range.clone())?.starts_with("__").then_some(())?;
    let before = source[..range.start].strip_suffix(")|")?;
    let mut depth = 1;
    let open = before.char_indices().rev().find(|(_, char)| {
        depth += match char {
            ')' => 1,
            '(' => -1,
            _ => 0,
        };
        depth == 0
    });
    let piece = before[open?.0 + 1..].trim_start();
    Some((before.len() - piece.len(), piece.trim_end()))
}

fn is_chinese(char: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&char)
}

/// An expression as the user wrote it, without the calls that were added.
fn shown(piece: &str) -> &str {
    let end = [")|__印", ")|__文", ")|__比", ")|__弃", ")|__设", ")|__列"]
        .iter()
        .filter_map(|call| piece.find(call))
        .min();
    let mut piece = piece[..end.unwrap_or(piece.len())].trim();
    while let Some(inner) = piece.strip_prefix('(')
        && piece.matches('(').count() > piece.matches(')').count()
    {
        piece = inner.trim();
    }
    piece
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
    match name.split_once('.') {
        Some((_, column)) => fault.hint(format!(
            "检查表格里是否有“{column}”一列，变量里是否有这一项"
        )),
        None => suggest(fault, name, known.iter().map(String::as_str)),
    }
}

/// Adds the nearest of `names` as a hint.
fn suggest<'a>(
    fault: Diagnostic,
    name: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let names: Vec<&str> = names.into_iter().collect();
    let meant = MEANT.iter().find(|(others, _)| others.contains(&name));
    if let Some((_, meant)) = meant.filter(|(_, meant)| names.contains(meant)) {
        return fault.hint(format!("是不是“{meant}”"));
    }
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
