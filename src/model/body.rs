//! 主体: what stands between the red rule and the imprint.

use super::{Date, Picture, Sourced};

/// The sections of 正文 that the built-in text templates know, in their order.
pub const SECTIONS: [&str; 6] = [
    "缘由",
    "总体情况",
    "存在问题",
    "工作要求",
    "结尾",
    "联系方式",
];

/// 正文: all of it written by hand, or some sections replaced (both are Markdown templates).
#[derive(Clone, Debug, Default, Hash)]
pub struct MainText {
    /// The whole text, in place of every section of the kind.
    pub whole: Option<Sourced<String>>,
    /// Replaced sections: name and text; an empty text leaves the section out.
    pub sections: Vec<(Sourced<String>, Sourced<String>)>,
}

/// 附件: one attachment that is bound with the circular.
#[derive(Clone, Debug, Hash)]
pub struct Attachment {
    /// 附件标题 (template, plain text), the same under 附件说明 and on the attachment.
    pub title: Sourced<String>,
    /// 主送机关 of an attached paper that has one (template, plain text).
    pub recipients: Option<Sourced<String>>,
    /// 正文 (Markdown template).
    pub text: Option<Sourced<String>>,
    pub table: Option<AttachmentTable>,
    /// 发文机关标志 of an attached paper that keeps its red header.
    pub issuer_mark: Option<Sourced<String>>,
    /// 发文字号 of an attached paper, as it stands on it.
    pub doc_number: Option<Sourced<String>>,
    /// 方向: whether it lies across the page; nothing where its tables decide.
    pub landscape: Option<bool>,
    /// 图.
    pub images: Vec<Sourced<Picture>>,
    /// 外来文件 with the pages to show, counted from 1; all where there are none.
    pub file: Option<(Sourced<Picture>, Vec<usize>)>,
    /// 另行装订: whether it is not bound with the circular.
    pub bound_separately: bool,
    /// 署名 of an attached paper that has one.
    pub signature: Option<Sourced<String>>,
    /// 成文日期 of an attached paper that has one.
    pub doc_date: Option<Sourced<Date>>,
}

/// A table of an attachment, by name.
#[derive(Clone, Debug, Hash)]
pub struct AttachmentTable {
    /// 表格: the name of one of the circular's tables.
    pub name: Sourced<String>,
    /// 列: the columns to print, in order; all of the table's where this is empty. 序号 counts rows
    /// where the table has no such column.
    pub columns: Vec<Sourced<String>>,
    /// 合并列: columns in which equal neighbouring cells become one cell.
    pub merged: Vec<Sourced<String>>,
    /// 列组: neighbouring columns under a heading of their own.
    pub groups: Vec<ColumnGroup>,
}

/// Neighbouring columns of a table and the heading above theirs.
#[derive(Clone, Debug, Hash)]
pub struct ColumnGroup {
    pub heading: Sourced<String>,
    pub columns: Vec<Sourced<String>>,
}

/// 印章: what the signature leaves room for (GB/T 9704—2012, 7.3.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Seal {
    /// 预留: room for a seal over signature and date (7.3.5.1).
    #[default]
    Reserved,
    /// 不盖章: no seal (7.3.5.2).
    None,
    /// 签名章: the stamp of the person who signs (7.3.5.3).
    Stamp,
}

/// Who is listed at the end of minutes (10.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attendance {
    /// 出席.
    Present,
    /// 请假.
    Excused,
    /// 列席.
    Observing,
}

impl Attendance {
    /// The keys of the input file, in the order of the page.
    pub const ALL: [(Attendance, &'static str, &'static str); 3] = [
        (Attendance::Present, "出席", "present"),
        (Attendance::Excused, "请假", "excused"),
        (Attendance::Observing, "列席", "observing"),
    ];

    /// The word before the names.
    pub fn label(self) -> &'static str {
        match self {
            Attendance::Present => "出席：",
            Attendance::Excused => "请假：",
            Attendance::Observing => "列席：",
        }
    }
}
