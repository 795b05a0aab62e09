//! A template that cannot be read comes in as minijinja's own words and the place where it stopped; what
//! is wrong there and how to write it goes out.

/// The half-width signs that are meant by full-width ones.
const HALF_WIDTH: [(char, &str); 16] = [
    ('（', "("),
    ('）', ")"),
    ('［', "["),
    ('］', "]"),
    ('｜', "|"),
    ('，', ","),
    ('、', ","),
    ('：', ":"),
    ('；', ";"),
    ('＝', "="),
    ('“', "\""),
    ('”', "\""),
    ('‘', "'"),
    ('’', "'"),
    ('％', "%"),
    ('\u{3000}', "空格"),
];

/// What is wrong, how to mend it, and where, if not at the place where minijinja stopped.
pub struct Fault {
    pub message: String,
    pub hint: String,
    pub at: Option<usize>,
}

/// Says what minijinja's `detail` at byte `at` of the template means.
pub fn fault(detail: &str, source: &str, at: usize) -> Fault {
    let rest = source.get(at..).unwrap_or_default();
    let here = |message: String, hint: String| Fault {
        message,
        hint,
        at: None,
    };
    let usual = "标点用半角，引号用\"\"；“{{ }}”“{% %}”成对，if 配 endif，for 配 endfor";
    let open = open_block(source.get(..at).unwrap_or(source));
    match detail {
        _ if detail.contains("unexpected character") => {
            let found = rest.chars().next().unwrap_or_default();
            match HALF_WIDTH.iter().find(|(full, _)| *full == found) {
                // Conditions of rows are written with a sign of their own.
                Some(('：', _)) => here(
                    format!("花括号里有全角的“{found}”"),
                    "等号、冒号都用半角；筛选的条件写作 筛选(单位=\"甲镇\")".into(),
                ),
                Some((_, half)) => here(
                    format!("花括号里有全角的“{found}”"),
                    format!("改用半角的“{half}”"),
                ),
                None => here("花括号里有不认识的字符".into(), usual.into()),
            }
        }
        _ if detail.contains("unknown statement") => {
            let word = first_word(rest);
            let end = rest[word.len()..].trim_start();
            match open {
                _ if word == "end" && ["for", "if"].contains(&first_word(end)) => here(
                    "“{% %}”里的第一个词不认识".into(),
                    format!("“end{}”中间没有空格", first_word(end)),
                ),
                Some((_, open)) if word.starts_with("end") => here(
                    format!("“{word}”与前面的“{open}”配不上"),
                    format!("先写“{{% end{open} %}}”"),
                ),
                None if word.starts_with("end") => here(
                    format!("“{word}”前面没有与它成对的一句"),
                    "删去它，或补上前面的一句".into(),
                ),
                _ if ["elseif", "elsif", "elif", "else"].contains(&word) => here(
                    format!("“{word}”不是这样写的"),
                    "“不然如果”写作“{% elif … %}”，“否则”写作“{% else %}”".into(),
                ),
                _ => here("“{% %}”里的第一个词不认识".into(), usual.into()),
            }
        }
        _ if detail.contains("end of string") => {
            here("花括号里的引号没有配对".into(), usual.into())
        }
        _ if detail.contains("end of comment") => {
            here("注释“{#”没有用“#}”结束".into(), usual.into())
        }
        _ if detail.contains("end of input") || detail.contains("end of raw") => match open {
            Some((start, word)) => Fault {
                message: format!("“{word}”没有结束"),
                hint: format!("在它管到的文字后面写“{{% end{word} %}}”"),
                at: Some(start),
            },
            None => here("花括号、if 或 for 没有结束".into(), usual.into()),
        },
        _ if detail.contains("end of variable block") => here(
            "“{{”到这里还没有用“}}”结束".into(),
            "补上“}}”；过滤器前面写“|”，文字相接用“~”".into(),
        ),
        _ if detail.contains("unexpected `=`") => here(
            "花括号里的写法有误".into(),
            "比较是不是相等用两个等号“==”；筛选的条件才用一个".into(),
        ),
        _ => here("花括号里的写法有误".into(), usual.into()),
    }
}

/// The last `{% … %}` that is open at the end of `source`: its place and its word.
fn open_block(source: &str) -> Option<(usize, &str)> {
    let mut open: Vec<(usize, &str)> = Vec::new();
    for (start, _) in source.match_indices("{%") {
        let inner = source[start + 2..].trim_start_matches(['-', '+']);
        let word = first_word(inner.trim_start());
        if let Some(ended) = word.strip_prefix("end") {
            open.pop_if(|(_, word)| *word == ended);
        } else if ["for", "if", "macro", "call", "filter", "with"].contains(&word) {
            open.push((start, word));
        }
    }
    open.pop()
}

fn first_word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_block_that_is_open_is_found() {
        let source = "{% for 行 in 表 %}{%- if 行.甲 %}好{% endif %}{% if 行.乙 -%}差";
        let start = source.rfind("{% if").unwrap();
        assert_eq!(open_block(source), Some((start, "if")));
        assert_eq!(open_block("{% for 行 in 表 %}{% endfor %}"), None);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_cure() {
        let of = |detail: &str, source: &str, at: &str| {
            let fault = fault(detail, source, source.find(at).unwrap());
            (fault.message, fault.hint)
        };
        let (message, hint) = of("unexpected character", "{{ 表｜计数 }}", "｜");
        assert_eq!(message, "花括号里有全角的“｜”");
        assert!(hint.contains("“|”"), "{hint}");
        let (message, _) = of(
            "unknown statement endif",
            "{% for 甲 in 乙 %}{% endif %}",
            "endif",
        );
        assert_eq!(message, "“endif”与前面的“for”配不上");
        let (_, hint) = of(
            "unknown statement end",
            "{% for 甲 in 乙 %}{% end for %}",
            "end",
        );
        assert!(hint.contains("没有空格"), "{hint}");
    }
}
