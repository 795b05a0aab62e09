//! The tree of an input file: every scalar with its letters as typed, every node with its place.

use crate::diag::Origin;
use crate::model::Scalar;

/// A node of the input file.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub kind: Kind,
    /// For a text the place of its first character: inside the quotation marks of a quoted scalar,
    /// in the first line after the `|` of a block scalar.
    pub origin: Origin,
    /// How many line breaks the scalar spans in the file.
    pub breaks: u32,
}

/// What a [`Node`] holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Scalar { text: String, style: Style },
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    Quoted,
    Block,
    /// A key of `{…}` that no colon follows.
    Bare,
}

impl Node {
    /// The letters of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            Kind::List(_) | Kind::Map(_) => None,
        }
    }

    /// Tells whether nothing was typed: nothing at all, `~` or `null`.
    pub fn is_empty(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, style: Style::Plain } if is_nothing(text))
    }

    /// What a user calls this kind of value.
    pub fn kind_name(&self) -> &'static str {
        match &self.kind {
            _ if self.is_empty() => "空",
            Kind::Scalar { .. } => "一个值",
            Kind::List(_) => "列表",
            Kind::Map(_) => "一组键值",
        }
    }

    /// The lines of the file that this scalar covers.
    pub fn lines(&self) -> std::ops::RangeInclusive<u32> {
        let first = match self.origin {
            Origin::Text { line, .. } => line,
            Origin::Program | Origin::Cell { .. } => 0,
        };
        first..=first.saturating_add(self.breaks)
    }
}

/// Reads the letters of a scalar; only plain ones can be a number, a truth value or nothing.
pub fn scalar(text: &str, style: Style) -> Scalar {
    match (style, text) {
        (Style::Plain, text) if is_nothing(text) => Scalar::Empty,
        (Style::Plain, "true") => truth("true", true),
        (Style::Plain, "false") => truth("false", false),
        (Style::Plain, text) => number(text).unwrap_or_else(|| Scalar::Text(text.to_owned())),
        (Style::Quoted | Style::Block | Style::Bare, text) => Scalar::Text(text.to_owned()),
    }
}

fn truth(text: &'static str, value: bool) -> Scalar {
    Scalar::Bool { text, value }
}

/// As many digits as a workbook keeps; what has more is the number of a card or an account.
const MOST_DIGITS: usize = 15;

/// Reads `-12` or `1.50`. `000012` is no number but an identifier, and so are `1e3` and `0x10`.
pub fn number(text: &str) -> Option<Scalar> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let padded = whole.len() > 1 && whole.starts_with('0');
    if !all_digits(whole) || padded || !fraction.is_none_or(all_digits) {
        return None;
    }
    let counted = digits.trim_start_matches(['0', '.']);
    if counted.bytes().filter(u8::is_ascii_digit).count() > MOST_DIGITS {
        return None;
    }
    let value = text.parse().ok().filter(|value: &f64| value.is_finite())?;
    let text = text.to_owned();
    Some(Scalar::Number { text, value })
}

fn is_nothing(text: &str) -> bool {
    matches!(text, "" | "~" | "null")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_decimal_figures_are_numbers() {
        for text in ["0", "-3", "1.50", "12", "0.5", "-0.25", "123456789012345"] {
            let scalar = scalar(text, Style::Plain);
            assert!(matches!(scalar, Scalar::Number { .. }), "{text}");
            assert_eq!(scalar.text(), text);
        }
        for text in [
            "000012",
            "6222020000000000000",
            "1234567890123456",
            "0x10",
            "1_000",
            ".5",
            "5.",
            "1e3",
            "yes",
            "+1",
            "-",
            "1,000",
            "１２",
            ".nan",
        ] {
            assert_eq!(scalar(text, Style::Plain), Scalar::Text(text.to_owned()));
        }
        assert_eq!(scalar("12", Style::Quoted), Scalar::Text("12".to_owned()));
    }
}
