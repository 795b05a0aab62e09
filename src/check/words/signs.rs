//! What a text may have: seen in one pass over its letters, so that the patterns that look for it need
//! neither be made nor run for a text that cannot have what they find.

const NUMERALS: &str = "〇零一二三四五六七八九十";

/// What stands somewhere in a text; a span has figures, dates or percentages on both sides of its mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs {
    /// 号 behind a figure.
    pub number: bool,
    pub day: bool,
    pub month: bool,
    pub year: bool,
    /// 年 behind two figures and no more.
    pub short_year: bool,
    /// 年 or 月 beside a Chinese numeral.
    pub mixed_date: bool,
    pub two: bool,
    /// 〕.
    pub bracket: bool,
    /// A number that starts with 0.
    pub padded: bool,
    pub span: bool,
    /// A span with a hyphen, a short dash or a half-width tilde.
    pub hyphen: bool,
    pub tilde: bool,
    pub percent: bool,
    /// 万 or 亿.
    pub large: bool,
    /// 百 or 千 behind a figure.
    pub hundred: bool,
    /// A full stop of figures behind a letter that is none of ASCII.
    pub bare_point: bool,
    pub full_width: bool,
    /// A number behind 约, 近, 过 or 达.
    pub about: bool,
    /// 倍.
    pub times: bool,
    /// 截.
    pub up_to: bool,
    /// 不再, 不发 or 不出.
    pub negation: bool,
}

impl Signs {
    pub fn of(text: &str) -> Self {
        let mut signs = Signs::default();
        let mut last = '\n';
        let mut digits = 0;
        // The mark of a span that may have begun, and whether its first end stands before blanks.
        let (mut mark, mut end) = (None, false);
        for letter in text.chars() {
            let digit = letter.is_ascii_digit();
            signs.look(letter, last, digits);
            if digit {
                if let Some(mark) = mark {
                    signs.span = true;
                    signs.hyphen |= matches!(mark, '-' | '–' | '－' | '~');
                }
                signs.padded |= letter == '0' && digits == 0;
            }
            digits = if digit { digits + 1 } else { 0 };
            match letter {
                '至' | '到' | '—' | '～' | '~' | '-' | '–' | '－' => {
                    mark = end.then_some(letter);
                    end = false;
                }
                letter if letter.is_whitespace() => {}
                _ => {
                    mark = None;
                    end = digit || matches!(letter, '年' | '月' | '日' | '%');
                }
            }
            last = letter;
        }
        signs
    }

    /// Looks at a letter, the one before it, and how many figures stand right before it.
    fn look(&mut self, letter: char, last: char, digits: usize) {
        let numeral = |letter: char| NUMERALS.contains(letter);
        match letter {
            '号' => self.number |= digits > 0,
            '日' => self.day = true,
            '年' | '月' => {
                self.year |= letter == '年';
                self.month |= letter == '月';
                self.short_year |= letter == '年' && digits == 2;
                self.mixed_date |= numeral(last);
            }
            '〕' => self.bracket = true,
            '～' | '~' => self.tilde = true,
            '%' | '％' => self.percent = true,
            '万' | '亿' => self.large = true,
            '百' | '千' => self.hundred |= digits > 0,
            '.' => self.bare_point |= !last.is_ascii(),
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => self.full_width = true,
            '倍' => self.times = true,
            '截' => self.up_to = true,
            '二' => self.two = true,
            _ => {}
        }
        match last {
            '年' | '月' => self.mixed_date |= numeral(letter),
            '约' | '近' | '过' | '达' => {
                self.about |=
                    letter.is_ascii_digit() || numeral(letter) || "百千万两".contains(letter);
            }
            '不' => self.negation |= matches!(letter, '再' | '发' | '出'),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_figures_on_both_sides() {
        for text in [
            "9月6日至10日",
            "9月6日 至 10日",
            "7月到8月",
            "2021年—2020年",
            "10%～20%",
            "3.5～2.5万",
        ] {
            assert!(Signs::of(text).span, "{text}");
        }
        let none = Signs::of("2021年第三季度以来至今，共检查42个网站（含APP-3），至3日");
        assert!(!none.span && !none.hyphen);
        assert!(Signs::of("15-30天").hyphen);
    }
}
