//! Template source made ready: marks are set behind words typed by hand, and expressions report
//! what they read. Comes in: minijinja source as the user wrote it. Goes out: minijinja source of
//! the same lines, with a way back from its offsets to the user's.

use std::sync::Arc;

use super::expression::{edits, outside};
use super::marks::{Mark, Marks};
use crate::diag::Origin;
use crate::model::{Sourced, full_width_mark};

/// Template source ready for minijinja.
pub struct Prepared {
    pub source: String,
    /// Every `{{ … }}` in the order of its number.
    pub prints: Vec<Print>,
    /// Where typed words hold braces that begin or end no tag: the first place of each line.
    pub braces: Vec<(Brace, Origin)>,
    /// Names that a loop sets from what they were before it, each with its place: each round begins with
    /// that again, and behind the loop nothing is left of it.
    pub lost: Vec<(String, Origin)>,
    /// How many loops are open.
    loops: usize,
    /// The names that were set, and in how many loops.
    sets: Vec<(String, usize)>,
    /// Pairs of offsets, prepared and original, where a copied stretch begins.
    anchors: Vec<(usize, usize)>,
    text: Sourced<String>,
}

/// Braces that would be printed as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brace {
    /// A template mark as an input method for Chinese types it.
    FullWidth,
    /// One that has lost the other half of its mark.
    Lone(char),
}

impl Brace {
    /// The first of a line, and the byte at which it stands.
    fn of(line: &str) -> Option<(Brace, usize)> {
        if let Some(at) = full_width_mark(line) {
            return Some((Brace::FullWidth, at));
        }
        let (at, brace) = line.match_indices(['{', '}']).next()?;
        Some((Brace::Lone(brace.chars().next()?), at))
    }
}

/// One `{{ … }}`.
pub struct Print {
    pub origin: Origin,
    pub expression: Arc<str>,
    /// The names that stand in the expression.
    pub names: Vec<String>,
}

impl Prepared {
    /// Gives the user's place for an offset in the prepared source.
    pub fn place(&self, offset: usize) -> Origin {
        let index = self
            .anchors
            .partition_point(|(prepared, _)| *prepared <= offset);
        let original = match index.checked_sub(1).map(|index| self.anchors[index]) {
            Some((prepared, original)) => original + (offset - prepared),
            None => 0,
        };
        place(&self.text, original.min(self.text.value.len()))
    }
}

/// Gives the place of a byte offset of `text` in the user's file.
fn place(text: &Sourced<String>, offset: usize) -> Origin {
    let end = text.value.floor_char_boundary(offset);
    text.origin.after(&text.value[..end])
}

/// Makes `text` ready; `marks` receives a mark for every piece of typed words.
pub fn prepare(text: Sourced<String>, marks: &Marks) -> Prepared {
    let mut prepared = Prepared {
        source: String::new(),
        prints: Vec::new(),
        braces: Vec::new(),
        lost: Vec::new(),
        loops: 0,
        sets: Vec::new(),
        anchors: Vec::new(),
        text,
    };
    let source = prepared.text.value.clone();
    let mut at = 0;
    while at < source.len() {
        let rest = &source[at..];
        let opens = |start: &usize| rest[start + 1..].starts_with(['{', '%', '#']);
        let tag = rest.match_indices('{').map(|(start, _)| start).find(opens);
        let end = tag.map_or(source.len(), |start| at + start);
        prepared.literal(&source, at, end, marks);
        if tag.is_none() {
            break;
        }
        at = end + tag_length(&source[end..]);
        if source[end..at].starts_with("{%") && keyword(&source[end..at]) == "raw" {
            let close = source[at..]
                .find("{%")
                .map_or(source.len(), |found| at + found);
            prepared.copy(&source, end, close);
            at = close;
        } else {
            prepared.tag(&source, end, at);
        }
        if ends_words(&source, end, at) {
            prepared.keep_line_end();
        }
    }
    prepared
}

/// Whether the block tag or comment from `start` to `end` ends a line that shows something. The line's
/// end is then one of the text, and a blank line behind it parts paragraphs; behind tags alone it goes.
fn ends_words(source: &str, start: usize, end: usize) -> bool {
    let is_bare = ["%}", "#}"].iter().any(|close| {
        let body = source[start..end].strip_suffix(close);
        body.is_some_and(|body| !body.ends_with(['-', '+']))
    });
    if !is_bare || !source[end..].starts_with(['\n', '\r']) {
        return false;
    }
    let mut at = source[..start].rfind('\n').map_or(0, |found| found + 1);
    while at < start {
        let rest = &source[at..start];
        if rest.starts_with("{%") || rest.starts_with("{#") {
            at += tag_length(rest);
        } else if rest.starts_with([' ', '\t']) {
            at += 1;
        } else {
            return true;
        }
    }
    false
}

impl Prepared {
    /// Copies a stretch as it is.
    fn copy(&mut self, source: &str, start: usize, end: usize) {
        self.anchors.push((self.source.len(), start));
        self.source.push_str(&source[start..end]);
    }

    /// Makes the tag just copied keep the line's end behind it, which otherwise goes with the tag.
    fn keep_line_end(&mut self) {
        self.source.insert(self.source.len() - 2, '+');
    }

    /// Copies words, with a mark behind each line's words (in a table row: each cell's).
    fn literal(&mut self, source: &str, start: usize, end: usize, marks: &Marks) {
        let mut at = start;
        for line in source[start..end].split_inclusive('\n') {
            if let Some((brace, found)) = Brace::of(line) {
                self.braces.push((brace, place(&self.text, at + found)));
            }
            let line_start = source[..at].rfind('\n').map_or(0, |found| found + 1);
            let in_table = source[line_start..]
                .trim_start_matches(' ')
                .starts_with('|');
            let pieces: Vec<&str> = if in_table { cells(line) } else { vec![line] };
            for piece in pieces {
                let words = piece.trim_end_matches(['\n', '\r', ' ', '\t']);
                let words = if in_table {
                    words.trim_end_matches('|')
                } else {
                    words
                }
                .trim_end();
                self.copy(source, at, at + words.len());
                let rule = words.chars().all(|char| " \t-=:*_|#>".contains(char));
                if !rule {
                    let indent = words.len() - words.trim_start().len();
                    let origin = place(&self.text, at + indent);
                    self.source.extend(marks.put(Mark::Typed(origin)));
                }
                self.copy(source, at + words.len(), at + piece.len());
                at += piece.len();
            }
        }
    }

    /// Copies a tag, with the calls that follow what its expression reads.
    fn tag(&mut self, source: &str, start: usize, end: usize) {
        let tag = &source[start..end];
        let close = tag.len()
            - if tag.ends_with("-}}") || tag.ends_with("-%}") {
                3
            } else {
                2
            };
        let open = 2 + usize::from(tag[2..].starts_with(['-', '+']));
        let Some(body) = tag.get(open..close) else {
            return self.copy(source, start, end);
        };
        if tag.starts_with("{{") && !body.trim().is_empty() {
            let number = self.prints.len();
            self.prints.push(Print {
                origin: place(&self.text, start),
                expression: body.trim().into(),
                names: names(body),
            });
            return self.wrap(
                source,
                (start, start + open),
                close,
                end,
                &format!("__印({number})"),
            );
        }
        let word = keyword(tag);
        let after = open + body.find(word).unwrap_or(0) + word.len();
        match word {
            "if" | "elif" => self.wrap(source, (start, start + after), close, end, "__弃"),
            "set" => match tag[after..close].split_once('=') {
                Some((name, value)) if !value.starts_with('=') && !name.contains(['(', ',']) => {
                    let call = format!("__设(\"{}\")", name.trim());
                    self.set(name.trim(), value, start);
                    let value = start + after + name.len() + 1;
                    self.wrap(source, (start, value), close, end, &call);
                }
                _ => self.copy(source, start, end),
            },
            "endfor" => {
                self.loops = self.loops.saturating_sub(1);
                self.copy(source, start, end);
            }
            "for" => match loop_parts(&tag[after..close]) {
                Some((name, value, length)) => {
                    self.loops += 1;
                    let value = start + after + value;
                    self.copy(source, start, value);
                    self.source.push('(');
                    self.expression(source, value, value + length);
                    self.source.push_str(&format!(")|__列(\"{name}\") "));
                    self.expression(source, value + length, start + close);
                    self.copy(source, start + close, end);
                    let close = &tag[close..];
                    self.source.push_str(&format!(
                        "{{% if {name}|__项(\"{name}\") %}}{{% endif {close}"
                    ));
                }
                None => {
                    self.loops += 1;
                    self.copy(source, start, end);
                }
            },
            _ => self.copy(source, start, end),
        }
    }

    /// Notes that `name` is set to `value`.
    fn set(&mut self, name: &str, value: &str, start: usize) {
        let outside = |(known, loops): &(String, usize)| known == name && *loops < self.loops;
        // 行.数量 reads a column, and not what was set.
        let value = value.replace(&format!(".{name}"), "");
        if self.sets.iter().any(outside) && names(&value).iter().any(|read| read == name) {
            self.lost.push((name.to_owned(), place(&self.text, start)));
        }
        self.sets.push((name.to_owned(), self.loops));
    }

    /// Copies an expression, made ready.
    fn expression(&mut self, source: &str, start: usize, end: usize) {
        let mut at = start;
        for edit in edits(&source[start..end]) {
            self.copy(source, at, start + edit.range.start);
            self.source.push_str(&edit.text);
            at = start + edit.range.end;
        }
        self.copy(source, at, end);
    }

    /// Copies `{{ value }}` as `{{ (value)|call }}`.
    fn wrap(&mut self, source: &str, head: (usize, usize), close: usize, end: usize, call: &str) {
        let (start, value) = head;
        self.copy(source, start, value);
        self.source.push('(');
        self.expression(source, value, start + close);
        self.source.push_str(")|");
        self.source.push_str(call);
        self.source.push(' ');
        self.copy(source, start + close, end);
    }
}

/// The name of a loop, and where the expression that it walks through begins in `body` and how
/// long it is. `None` for loops with several names and recursive ones, which are left as they are.
fn loop_parts(body: &str) -> Option<(&str, usize, usize)> {
    let (name, _) = body.split_once(" in ")?;
    let value = name.len() + " in ".len();
    let name = name.trim();
    if name.is_empty() || name.contains([',', '(']) || body.trim_end().ends_with(" recursive") {
        return None;
    }
    let is_if = |(at, _): &(usize, char)| body[value + at..].starts_with(" if ");
    if let Some((length, _)) = outside(&body[value..]).find(is_if) {
        return Some((name, value, length));
    }
    Some((name, value, body.len() - value))
}

/// Cuts a table row behind each `|` that is not escaped.
fn cells(line: &str) -> Vec<&str> {
    let mut cells = Vec::new();
    let mut start = 0;
    for (at, _) in line.match_indices('|') {
        if !line[..at].ends_with('\\') {
            cells.push(&line[start..=at]);
            start = at + 1;
        }
    }
    cells.push(&line[start..]);
    cells
}

/// The length of the tag that `text` begins with; all of `text` where it is not closed.
fn tag_length(text: &str) -> usize {
    let (close, quotes) = match &text[..2] {
        "{{" => ("}}", true),
        "{%" => ("%}", true),
        _ => ("#}", false),
    };
    let mut quote = None;
    for (at, char) in text.char_indices().skip(2) {
        match quote {
            Some(open) if char == open => quote = None,
            Some(_) => {}
            None if quotes && (char == '"' || char == '\'') => quote = Some(char),
            None if text[at..].starts_with(close) => return at + close.len(),
            None => {}
        }
    }
    text.len()
}

/// The first word of a `{% … %}` tag.
fn keyword(tag: &str) -> &str {
    tag[2..]
        .trim_start_matches(['-', '+'])
        .split_whitespace()
        .next()
        .unwrap_or("")
}

/// The names in an expression, without those inside quotation marks.
fn names(expression: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (index, part) in expression.split(['"', '\'']).enumerate() {
        if index % 2 == 0 {
            let words = part.split(|char: char| !char.is_alphanumeric() && char != '_');
            names.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::marks::{Piece, pieces};

    fn prepared(text: &str) -> (Prepared, Vec<Mark>) {
        let marks = Marks::default();
        let origin = Origin::text(&"甲.yaml".into(), 10, 3);
        let prepared = prepare(Sourced::new(text.to_owned(), origin), &marks);
        (prepared, marks.all())
    }

    /// The prepared source with its marks written as `‹line:column›`.
    fn shown(text: &str) -> String {
        let (prepared, marks) = prepared(text);
        pieces(&prepared.source)
            .map(|piece| match piece {
                Piece::Letters(letters) => letters.to_owned(),
                Piece::Mark(number) => match &marks[number] {
                    Mark::Typed(Origin::Text { line, column, .. }) => format!("‹{line}:{column}›"),
                    mark => format!("{mark:?}"),
                },
            })
            .collect()
    }

    #[test]
    fn marks_stand_behind_the_words_of_each_line() {
        assert_eq!(
            shown("# 问题\n\n共三条。 \n"),
            "# 问题‹10:3›\n\n共三条。‹12:3› \n"
        );
        assert_eq!(shown("共{{ n }}条"), "共‹10:3›{{( n )|__印(0) }}条‹10:11›");
    }

    #[test]
    fn table_rows_keep_their_cells() {
        assert_eq!(
            shown("| 甲 | 乙 |\n|---|---|\n"),
            "| 甲‹10:5› | 乙‹10:9› |\n|---|---|\n"
        );
    }

    #[test]
    fn values_set_and_tested_report_what_they_read() {
        assert_eq!(shown("{% set x = a %}"), "{% set x =( a )|__设(\"x\") %}");
        assert_eq!(
            shown("{%- if a > 1 -%}"),
            r#"{%- if( (a )|__比(">","a","1",( 1)) )|__弃 -%}"#
        );
        assert_eq!(
            shown("{% for a in b|前(1) if a -%}"),
            "{% for a in (b|前(1))|__列(\"a\")  if a -%}{% if a|__项(\"a\") %}{% endif -%}"
        );
        assert_eq!(shown("{% for a, b in c %}"), "{% for a, b in c %}");
        assert_eq!(shown("{# {{ a }} #}"), "{# {{ a }} #}");
    }

    /// `{% endif %}` at the end of words swallowed the blank line that parts paragraphs.
    #[test]
    fn a_line_of_words_keeps_its_end_behind_a_tag() {
        assert_eq!(
            shown("{% if a %}甲。{% endif %}\n\n乙。"),
            "{% if( a )|__弃 %}甲。‹10:13›{% endif +%}\n\n乙。‹12:3›"
        );
        assert_eq!(shown("甲。{# 注 #}\n\n"), "甲。‹10:3›{# 注 +#}\n\n");
        for alone in ["  {% endif %}\n", "{% endif %}{% endif %}\n", "{# 注 #}\n"] {
            assert_eq!(shown(alone), alone);
        }
        assert_eq!(shown("甲{% endif -%}\n"), "甲‹10:3›{% endif -%}\n");
    }

    #[test]
    fn what_is_joined_is_written_by_us() {
        assert_eq!(
            shown("{{ a*2 ~ \"~\" ~ (b ~ 1) }}"),
            "{{(( a*2 )|__文 ~( \"~\" )|__文 ~( ((b )|__文 ~( 1)|__文 ) )|__文 )|__印(0) }}"
        );
        assert_eq!(shown("{{ a ~ b - 1 }}"), "{{( a ~ b - 1 )|__印(0) }}");
        assert_eq!(shown("{{ a[0]or b ~ c }}"), "{{( a[0]or b ~ c )|__印(0) }}");
        assert_eq!(shown("{{ a ~ b if c }}"), "{{( a ~ b if c )|__印(0) }}");
    }

    #[test]
    fn braces_inside_quotation_marks_do_not_end_a_tag() {
        assert_eq!(shown("{{ \"}}\" }}"), "{{( \"}}\" )|__印(0) }}");
    }

    #[test]
    fn offsets_lead_back_to_the_users_place() {
        let (prepared, _) = prepared("甲\n乙{{ 名 }}");
        let offset = prepared.source.find('名').unwrap();
        assert_eq!(
            prepared.place(offset),
            Origin::text(&"甲.yaml".into(), 11, 7)
        );
    }

    #[test]
    fn an_unclosed_tag_is_left_for_minijinja_to_refuse() {
        assert_eq!(shown("{{ a"), "{{ a");
        assert_eq!(shown("{%"), "{%");
        assert_eq!(shown("{{-"), "{{-");
    }
}
