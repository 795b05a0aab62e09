//! YAML text comes in, a [`Node`] tree with places and untouched letters goes out.

use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::{DuplicateKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Error, Location, Options, Spanned};

use super::node::{Kind, Node, Style};
use crate::diag::Origin;

/// Parses one YAML document; `text` has no byte order mark.
pub fn parse(text: &str, file: &Arc<str>) -> Result<Node, Error> {
    let raw: Spanned<Raw> = serde_saphyr::from_str_with_options(text, options())?;
    Ok(Reader { text, file }.node(raw))
}

/// Bounds what an input may cost. A circular nests some eight levels deep and repeats little; a
/// ledger of 20 000 findings has some 400 000 nodes.
fn options() -> Options {
    let mut options = Options::default();
    let mut budget = options.budget.take().unwrap_or_default();
    budget.max_depth = 24;
    budget.flow_nesting_limit = 24;
    budget.max_nodes = 500_000;
    budget.max_events = 1_500_000;
    budget.max_aliases = 10_000;
    options.budget = Some(budget);
    options.alias_limits.max_total_replayed_events = 100_000;
    options.duplicate_keys = DuplicateKeyPolicy::PassThrough;
    options.non_finite_float_policy = NonFiniteFloatPolicy::PassThrough;
    options.with_snippet = false;
    options
}

/// What serde gives: the parsed value of a text, or the mere fact of another scalar, whose letters
/// the source still has.
enum Raw {
    Text(String),
    Other,
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<Raw>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("any YAML value")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Other)
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}

struct Reader<'a> {
    text: &'a str,
    file: &'a Arc<str>,
}

impl Reader<'_> {
    fn node(&self, raw: Spanned<Raw>) -> Node {
        let place = raw.defined;
        let kind = match raw.value {
            Raw::Text(text) => return self.scalar(place, Some(text)),
            Raw::Other => return self.scalar(place, None),
            Raw::List(items) => Kind::List(items.into_iter().map(|item| self.node(item)).collect()),
            Raw::Map(entries) => Kind::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| self.entry(key, value))
                    .collect(),
            ),
        };
        Node {
            kind,
            origin: self.origin(place, 0, 0),
            breaks: 0,
        }
    }

    fn entry(&self, key: Spanned<Raw>, value: Spanned<Raw>) -> (Node, Node) {
        let bare = self.is_bare(key.defined);
        let (mut key, value) = (self.node(key), self.node(value));
        if let (true, true, Kind::Scalar { style, .. }) = (bare, value.is_empty(), &mut key.kind) {
            *style = Style::Bare;
        }
        (key, value)
    }

    /// Tells whether a comma or the end of the mapping follows the key at `place`, and no colon.
    fn is_bare(&self, place: Location) -> bool {
        let start = to_index(place.span().byte_offset());
        let end = start + to_index(place.span().byte_len());
        let behind = self.text.get(end..).unwrap_or_default().trim_start();
        behind.starts_with([',', '}'])
    }

    fn scalar(&self, place: Location, parsed: Option<String>) -> Node {
        let start = to_index(place.span().byte_offset());
        let length = to_index(place.span().byte_len());
        let source = self.text.get(start..start + length).unwrap_or_default();
        let style = match parsed {
            Some(_) if self.is_block(start) => Style::Block,
            Some(_) if source.starts_with(['"', '\'']) => Style::Quoted,
            _ => Style::Plain,
        };
        let text = parsed.unwrap_or_else(|| source.trim().to_owned());
        let origin = match style {
            Style::Plain | Style::Bare => self.origin(place, 0, 0),
            Style::Quoted => self.origin(place, 0, 1),
            Style::Block => self.origin(place, leading_breaks(&text), 0),
        };
        let breaks = source.trim_end().matches('\n').count();
        Node {
            kind: Kind::Scalar { text, style },
            origin,
            breaks: u32::try_from(breaks).unwrap_or(u32::MAX),
        }
    }

    fn origin(&self, place: Location, lines_up: u32, columns: u32) -> Origin {
        let to_u32 = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let line = to_u32(place.line()).saturating_sub(lines_up).max(1);
        let column = to_u32(place.column()).saturating_add(columns).max(1);
        Origin::text(self.file, line, column)
    }

    /// Tells whether the scalar at byte `start` is the content of a block scalar: it begins its
    /// line, and the line that begins it ends in `|` or `>`.
    fn is_block(&self, start: usize) -> bool {
        let before = self.text.get(..start).unwrap_or_default();
        let Some(above) = before.trim_end_matches(' ').strip_suffix('\n') else {
            return false;
        };
        above
            .rsplit('\n')
            .map(|line| without_comment(line).trim())
            .find(|line| !line.is_empty())
            .is_some_and(opens_block)
    }
}

/// Tells whether a line, without comment and blanks around it, opens a block scalar.
pub fn opens_block(line: &str) -> bool {
    let (before, header) = line.rsplit_once(' ').unwrap_or(("", line));
    let is_header = header.strip_prefix(['|', '>']).is_some_and(|indicators| {
        indicators
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '+' | '-'))
    });
    let properties = |word: &&str| word.starts_with(['!', '&']);
    let opener = before.split_whitespace().rev().find(|w| !properties(w));
    is_header && opener.is_none_or(|word| word == "-" || word.ends_with(':'))
}

/// Cuts the comment off a line of YAML; quoted `#` are not told apart.
pub fn without_comment(line: &str) -> &str {
    let comment = line.char_indices().find(|(at, c)| {
        *c == '#'
            && line[..*at]
                .chars()
                .next_back()
                .is_none_or(char::is_whitespace)
    });
    comment.map_or(line, |(at, _)| &line[..at])
}

fn leading_breaks(text: &str) -> u32 {
    let breaks = text.len() - text.trim_start_matches('\n').len();
    u32::try_from(breaks).unwrap_or(u32::MAX)
}

fn to_index(offset: Option<u64>) -> usize {
    offset
        .and_then(|offset| usize::try_from(offset).ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::node;
    use super::*;
    use crate::model::Scalar;

    fn values(text: &str) -> Vec<(String, String)> {
        let Kind::Map(entries) = parse(text, &"甲.yaml".into()).unwrap().kind else {
            panic!("no mapping");
        };
        entries
            .into_iter()
            .map(|(_, value)| {
                let place = value.origin.to_string();
                let text = value.text().unwrap_or("…").to_owned();
                (text, place.trim_start_matches("甲.yaml:").to_owned())
            })
            .collect()
    }

    fn one(text: &str) -> (String, String) {
        values(text).remove(0)
    }

    fn pair(text: &str, place: &str) -> (String, String) {
        (text.to_owned(), place.to_owned())
    }

    #[test]
    fn keeps_the_letters_of_every_scalar() {
        for text in [
            "1.50",
            "000012",
            "0x10",
            "1_000",
            ".5",
            "1e3",
            "yes",
            "True",
            "No",
            "+1",
            ".nan",
            "0o7",
            "1e999",
            "2026-07-01",
            "12:30",
            "~",
            "null",
            "99999999999999999999999",
        ] {
            assert_eq!(one(&format!("值: {text}\n")).0, text);
        }
    }

    #[test]
    fn keeps_the_letters_of_keys() {
        let node = parse("y: 1\n1.0: 2\n", &"甲.yaml".into()).unwrap();
        let Kind::Map(entries) = node.kind else {
            panic!("no mapping");
        };
        let keys: Vec<_> = entries.iter().map(|(key, _)| key.text().unwrap()).collect();
        assert_eq!(keys, ["y", "1.0"]);
    }

    #[test]
    fn places_the_first_character_of_each_style() {
        assert_eq!(one("值: 文字"), pair("文字", "1:4"));
        assert_eq!(one("值: \"文字\""), pair("文字", "1:5"));
        assert_eq!(one("值: '文字'"), pair("文字", "1:5"));
        assert_eq!(one("值: |\n  文字\n"), pair("文字\n", "2:3"));
        assert_eq!(one("值: |- # 注\n    文字\n"), pair("文字", "2:5"));
        assert_eq!(one("值: >\n  文\n  字\n"), pair("文 字\n", "2:3"));
        assert_eq!(one("值: |\n\n\n  文\n"), pair("\n\n文\n", "2:3"));
        assert_eq!(one("值: |2\n    文\n"), pair("  文\n", "2:3"));
        assert_eq!(one("值: |\n  \"引\"\n"), pair("\"引\"\n", "2:3"));
        assert_eq!(one("值:\n  \"引\"\n"), pair("引", "2:4"));
        assert_eq!(one("值: &名 文字"), pair("文字", "1:7"));
    }

    #[test]
    fn counts_characters_not_bytes_before_a_value() {
        assert_eq!(one("𬭎㛃䶮: 值"), pair("值", "1:6"));
        assert_eq!(values("甲: 1\r\n乙: 值\r\n")[1], pair("值", "2:4"));
        assert_eq!(
            values("甲: |\r\n  一\r\n  二\r\n")[0],
            pair("一\n二\n", "2:3")
        );
    }

    #[test]
    fn an_alias_stands_where_it_is_defined() {
        assert_eq!(values("甲: &甲 文字\n乙: *甲\n")[1], pair("文字", "1:7"));
    }

    #[test]
    fn passes_both_of_two_equal_keys_on() {
        assert_eq!(values("甲: 1\n甲: 2\n").len(), 2);
    }

    #[test]
    fn tells_block_text_from_figures() {
        let node = parse("值: |-\n  12", &"甲.yaml".into()).unwrap();
        let Kind::Map(entries) = node.kind else {
            panic!("no mapping");
        };
        let Kind::Scalar { text, style } = &entries[0].1.kind else {
            panic!("no scalar");
        };
        assert_eq!(node::scalar(text, *style), Scalar::Text("12".to_owned()));
    }

    #[test]
    fn a_table_line_does_not_open_a_block() {
        assert!(opens_block("正文: |"));
        assert!(opens_block("- |-"));
        assert!(opens_block("正文: !!str &a >+"));
        assert!(!opens_block("| 甲 | 乙 |"));
        assert!(!opens_block("| --- | --- |"));
    }
}
