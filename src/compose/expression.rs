//! Expressions of templates made ready: minijinja writes and compares values its own way, so what `~`
//! joins and what `<` and the like compare is handed to calls of ours. Comes in: an expression as it was
//! typed. Goes out: what to put into it, and where.

use std::ops::Range;

/// Something to put in place of a stretch of an expression.
#[derive(Debug, PartialEq)]
pub struct Edit {
    pub range: Range<usize>,
    pub text: String,
}

/// The words that part an expression into parts that are computed by themselves.
const WORDS: [&str; 7] = ["and", "or", "not", "in", "is", "if", "else"];

/// All edits of an expression, in their order.
pub fn edits(expression: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    find(expression, 0, &mut edits);
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    edits
}

fn find(expression: &str, base: usize, edits: &mut Vec<Edit>) {
    let mut put = |at: usize, length: usize, text: String| {
        let range = base + at..base + at + length;
        edits.push(Edit { range, text });
    };
    let operands = joined(expression);
    if operands.len() > 1 {
        for (from, to) in operands {
            put(from, 0, "(".to_owned());
            put(to, 0, ")|__文 ".to_owned());
        }
    }
    for part in parts(expression) {
        if let Some((at, sign)) = comparison(expression, &part) {
            let words = &expression[part.clone()];
            let start = part.start + (words.len() - words.trim_start().len());
            let end = part.start + words.trim_end().len();
            put(start, 0, "(".to_owned());
            let sides = [&expression[start..at], &expression[at + sign.len()..end]];
            let [one, other] = sides.map(name);
            let call = format!(")|__比(\"{sign}\",\"{one}\",\"{other}\",(");
            put(at, sign.len(), call);
            put(end, 0, "))".to_owned());
        }
    }
    for inner in brackets(expression) {
        find(&expression[inner.clone()], base + inner.start, edits);
    }
}

/// A side that is a name; nothing where it is computed.
fn name(side: &str) -> &str {
    let side = side.trim();
    let letters = |char: char| char.is_alphanumeric() || "_.".contains(char);
    if side.chars().all(letters) { side } else { "" }
}

/// The only sign of comparison in a part, and where it stands.
fn comparison<'a>(expression: &'a str, part: &Range<usize>) -> Option<(usize, &'a str)> {
    let mut found = None;
    for (at, char) in outside(expression).filter(|(at, _)| part.contains(at)) {
        let before = expression[..at].chars().next_back();
        match char {
            '=' if matches!(before, Some('<' | '>')) => {}
            '=' | '!' => return None,
            '<' | '>' if found.is_some() => return None,
            '<' | '>' => {
                let length = 1 + usize::from(expression[at + 1..].starts_with('='));
                found = Some((at, &expression[at..at + length]));
            }
            _ => {}
        }
    }
    found
}

/// The parts of an expression between commas, the names of options, and [`WORDS`].
fn parts(expression: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut word: Option<Range<usize>> = None;
    let mut letters = outside(expression).peekable();
    while let Some((at, char)) = letters.next() {
        let end = at + char.len_utf8();
        if char.is_alphanumeric() || char == '_' {
            let from = word.take().filter(|word| word.end == at);
            word = Some(from.map_or(at, |word| word.start)..end);
        }
        let goes_on = letters
            .peek()
            .is_some_and(|(next, char)| *next == end && (char.is_alphanumeric() || *char == '_'));
        if let Some(whole) = word.clone().filter(|word| word.end == end && !goes_on)
            && WORDS.contains(&&expression[whole.clone()])
        {
            parts.push(start..whole.start);
            start = end;
        }
        let beside = |char: Option<char>| matches!(char, Some('=' | '<' | '>' | '!'));
        let names_option = char == '='
            && !beside(expression[..at].chars().next_back())
            && !beside(expression[end..].chars().next());
        // `:` stands between the key and the value of a mapping.
        if matches!(char, ',' | ':') || names_option {
            parts.push(start..at);
            start = end;
        }
    }
    parts.push(start..expression.len());
    parts
}

/// What stands between the outermost brackets of an expression.
fn brackets(expression: &str) -> Vec<Range<usize>> {
    let mut inner = Vec::new();
    let mut open = None;
    let (mut quote, mut depth) = (None, 0_usize);
    for (at, char) in expression.char_indices() {
        match (quote, char) {
            (Some(mark), char) if mark == char => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(char),
            (None, '(' | '[' | '{') => {
                depth += 1;
                open = open.or(Some(at + 1));
            }
            (None, ')' | ']' | '}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    inner.extend(open.take().map(|open| open..at));
                }
            }
            _ => {}
        }
    }
    inner
}

/// Where the parts begin and end that `~` joins in an expression; none where other signs stand beside
/// it that bind looser, as the parts are not those of the whole then.
fn joined(expression: &str) -> Vec<(usize, usize)> {
    let mut start = 0;
    let mut parts = Vec::new();
    let mut words = String::new();
    let mut end = 0;
    for (at, char) in outside(expression) {
        if at > end || char == '~' {
            words.push(' ');
        }
        end = at + char.len_utf8();
        match char {
            '~' => {
                parts.push((start, at));
                start = end;
            }
            _ => words.push(char),
        }
    }
    parts.push((start, expression.len()));
    let looser = words.contains(['+', '-', '<', '>', '=', '!', ','])
        || words.split_whitespace().any(|word| WORDS.contains(&word));
    if looser { Vec::new() } else { parts }
}

/// The characters of an expression that stand neither in quotation marks nor in brackets.
pub fn outside(expression: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut quote, mut depth) = (None, 0);
    expression.char_indices().filter(move |(_, char)| {
        match (quote, char) {
            (Some(open), char) if *char == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(*char),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, _) => return depth == 0,
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(expression: &str) -> String {
        let (mut text, mut at) = (String::new(), 0);
        for edit in edits(expression) {
            text.push_str(&expression[at..edit.range.start]);
            text.push_str(&edit.text);
            at = edit.range.end;
        }
        text + &expression[at..]
    }

    #[test]
    fn what_is_compared_is_handed_over() {
        for (typed, ready) in [
            ("a > 1", r#"(a )|__比(">","a","1",( 1))"#),
            (
                "a|计数 >= b + 1 and not c<d",
                r#"(a|计数 )|__比(">=","","",( b + 1)) and not (c)|__比("<","c","d",(d))"#,
            ),
            (r#"{"k": a > 1}"#, r#"{"k": (a )|__比(">","a","1",( 1))}"#),
            ("(a > 1) or b", r#"((a )|__比(">","a","1",( 1))) or b"#),
            (
                "1 if a < 2 else 3",
                r#"1 if (a )|__比("<","a","2",( 2)) else 3"#,
            ),
            (
                "a|前(2, 并列=b > 1)",
                r#"a|前(2, 并列=(b )|__比(">","b","1",( 1)))"#,
            ),
            ("行.band > 1", r#"(行.band )|__比(">","行.band","1",( 1))"#),
        ] {
            assert_eq!(edited(typed), ready);
        }
        for same in [
            "a == 1",
            "a != b",
            "a < b < c",
            "\"a > b\"",
            "a ~ \">\" == b",
            "甲|排序(\"-数\")",
        ] {
            assert_eq!(edited(same), same);
        }
    }
}
