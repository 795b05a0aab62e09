//! 检查: what the user has set for the checks.

use super::Sourced;
use crate::diag::Severity;

/// 检查.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Checks {
    /// 规则: the unit's own file first, then the circular's.
    pub rules: Vec<RuleSetting>,
    /// 词表: words that the unit does not want to see.
    pub lexicon: Vec<LexiconEntry>,
    /// 编码: a column and the forms that its cells may have.
    pub forms: Vec<(Sourced<String>, Vec<String>)>,
}

impl Checks {
    /// These, and then `own`.
    pub fn followed_by(mut self, own: Checks) -> Checks {
        self.rules.extend(own.rules);
        self.lexicon.extend(own.lexicon);
        self.forms.extend(own.forms);
        self
    }
}

/// The level of one rule.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct RuleSetting {
    pub code: Sourced<String>,
    /// `None` leaves the rule out.
    pub level: Option<Severity>,
    pub reason: Option<String>,
}

/// A word that should be another one.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct LexiconEntry {
    pub wrong: String,
    /// Empty where the word should simply go.
    pub right: String,
    /// 例外: longer words that hold the wrong one and are right.
    pub exceptions: Vec<String>,
    pub severity: Severity,
}

impl LexiconEntry {
    /// Reads the lines `wrong, right, exceptions, level` of a word list, parted by tabs; lines that
    /// begin with `#` are remarks. A line without two words, or with another level, is the error:
    /// its number, from 1.
    pub fn list(text: &str) -> Result<Vec<Self>, usize> {
        let lines = (1..).zip(text.lines());
        let lines = lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        lines
            .map(|(number, line)| Self::line(line).ok_or(number))
            .collect()
    }

    fn line(line: &str) -> Option<Self> {
        let mut fields = line.split('\t').map(str::trim);
        let wrong = fields.next().filter(|wrong| !wrong.is_empty())?;
        let right = fields.next()?;
        let exceptions = fields.next().unwrap_or_default();
        let severity = match fields.next().unwrap_or_default() {
            "" | "警告" => Severity::Warning,
            "错误" => Severity::Error,
            "说明" => Severity::Note,
            _ => return None,
        };
        let exceptions = exceptions.split('、').filter(|word| !word.is_empty());
        Some(LexiconEntry {
            wrong: wrong.to_owned(),
            right: right.to_owned(),
            exceptions: exceptions.map(str::to_owned).collect(),
            severity,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_list_is_read_line_by_line() {
        let list = LexiconEntry::list("# 错\t对\n布署\t部署\n目常\t日常\t项目常、栏目常\t错误\n");
        let list = list.unwrap();
        assert_eq!(
            (list[0].wrong.as_str(), list[0].severity),
            ("布署", Severity::Warning)
        );
        assert_eq!(list[1].exceptions, ["项目常", "栏目常"]);
        assert_eq!(list[1].severity, Severity::Error);
        assert_eq!(LexiconEntry::list("布署\n"), Err(1));
        assert_eq!(LexiconEntry::list("\n甲\t乙\t\t大错\n"), Err(2));
    }
}
