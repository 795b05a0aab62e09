//! Rules: what can be wrong with an input, each with the reason why it is wrong.

use super::{Diagnostic, Origin, Severity};

/// What a rule rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// 规定: the regulations on official papers, or a law.
    Regulation,
    /// 国标: a national standard says so without reserve.
    Standard,
    /// 一般: a standard says what is normally done.
    Normal,
    /// 惯例: practice; no standard says so.
    Practice,
    /// 程序: what the program needs in order to read the input, or what figures and facts forbid.
    Program,
}

impl Strength {
    /// The word the user reads.
    pub fn label(self) -> &'static str {
        match self {
            Strength::Regulation => "规定",
            Strength::Standard => "国标",
            Strength::Normal => "一般",
            Strength::Practice => "惯例",
            Strength::Program => "程序",
        }
    }
}

/// One kind of fault: the single truth about its code.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// `part/element/fault`.
    pub code: &'static str,
    /// What the fault is, in Chinese, without final 。.
    pub about: &'static str,
    /// How much it weighs where the user does not say otherwise.
    pub severity: Severity,
    pub strength: Strength,
    /// The clause, or where else the rule comes from; empty where the reason is plain.
    pub source: &'static str,
    /// Words with the fault, and the same words without it; empty where words cannot show it.
    pub wrong: &'static str,
    pub right: &'static str,
}

impl Rule {
    /// An error that the program itself has to make.
    pub const fn new(code: &'static str, about: &'static str) -> Self {
        Rule {
            code,
            about,
            severity: Severity::Error,
            strength: Strength::Program,
            source: "",
            wrong: "",
            right: "",
        }
    }

    /// Makes it a warning.
    pub const fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// Makes it a note.
    pub const fn note(mut self) -> Self {
        self.severity = Severity::Note;
        self
    }

    /// Says what it rests on.
    pub const fn rests_on(mut self, strength: Strength, source: &'static str) -> Self {
        self.strength = strength;
        self.source = source;
        self
    }

    /// Shows it.
    pub const fn example(mut self, wrong: &'static str, right: &'static str) -> Self {
        self.wrong = wrong;
        self.right = right;
        self
    }

    /// A fault of this kind at `origin`.
    pub fn fault(&self, origin: &Origin, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.severity, self.code, origin, message.into())
    }
}

/// The parts that codes begin with, and what people call them, in the order of a report.
const GROUPS: &[(&str, &str)] = &[
    ("input", "输入文件"),
    ("checks", "检查设置"),
    ("batch", "批量"),
    ("template", "文字模板"),
    ("variables", "变量"),
    ("tables", "表格"),
    ("register", "机构名录"),
    ("header", "版头"),
    ("body", "主体"),
    ("imprint", "版记"),
    ("findings", "台账数据"),
    ("figures", "数字"),
    ("contact", "联系方式"),
    ("privacy", "个人信息"),
    ("text", "文字"),
    ("pictures", "图片"),
    ("page", "版面"),
];

/// The Chinese name of the group that a code belongs to, and the group's place in a report.
pub fn group(code: &str) -> (usize, &'static str) {
    let part = code.split('/').next().unwrap_or_default();
    let place = GROUPS.iter().position(|(name, _)| *name == part);
    place.map_or((GROUPS.len(), "其他"), |place| (place, GROUPS[place].1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_grouped_by_their_part() {
        assert_eq!(group("text/mark/half-width").1, "文字");
        assert!(group("input/yaml/empty").0 < group("page/glyph/missing").0);
        assert_eq!(group("x/y/z").1, "其他");
    }
}
