//! 格式: which of the standard's pages a circular takes, and which copy of it is made.

use std::fmt;

/// 格式: the general one, or one of the special formats (GB/T 9704—2012, 10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// 文件: the general format.
    #[default]
    General,
    /// 信函 (10.1).
    Letter,
    /// 命令（令） (10.2).
    Order,
    /// 纪要 (10.3).
    Minutes,
}

impl Format {
    pub const ALL: [(Format, &'static str, &'static str); 4] = [
        (Format::General, "文件", "general"),
        (Format::Letter, "信函", "letter"),
        (Format::Order, "命令", "order"),
        (Format::Minutes, "纪要", "minutes"),
    ];
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = Format::ALL.into_iter();
        let mut name = all.filter(|(format, _, _)| format == self);
        f.write_str(name.next().map_or("", |(_, chinese, _)| chinese))
    }
}

/// 红头: what becomes of the red elements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RedHeader {
    /// 印出.
    #[default]
    Printed,
    /// 套打: the paper bears them already; all else stands where it stands beside them.
    Preprinted,
    /// 无: plain text, for the web or as an attachment.
    None,
}

impl RedHeader {
    pub const ALL: [(RedHeader, &'static str, &'static str); 3] = [
        (RedHeader::Printed, "印出", "printed"),
        (RedHeader::Preprinted, "套打", "preprinted"),
        (RedHeader::None, "无", "none"),
    ];
}

/// Which copy is made, as the command line says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Edition {
    /// 草稿: a watermark, number and date left open, no seal.
    pub draft: bool,
    /// Whether the pictures of seals are printed.
    pub seal: bool,
    /// Whether the colours are inks for the press (GB/T 9704—2012, 6.2), not those of a screen.
    pub press: bool,
    /// 红头, where it is not as the input says.
    pub red_header: Option<RedHeader>,
    /// How many copies come before this one: 份号 counts on.
    pub copies_before: u32,
}
