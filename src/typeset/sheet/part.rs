//! The elements of a circular, by which every line of ink is known.

use std::fmt;
use std::sync::Arc;

use crate::document::Words;

/// The element of a circular that a line on the page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    CopyNumber,
    Secrecy,
    Urgency,
    /// The mark; its block 0 is 主办机关, the others of a joint issue and 文件 follow.
    IssuerMark,
    DocNumber,
    Signer,
    Title,
    Recipients,
    MainText,
    AttachmentList,
    /// 出席, 请假 and 列席.
    Attendance,
    Signature,
    DocDate,
    Seal,
    Note,
    /// 附件, counted from 1.
    AttachmentLabel(usize),
    /// 版头 of an attached paper.
    AttachmentHeader(usize),
    AttachmentTitle(usize),
    AttachmentText(usize),
    /// 主送机关 that page one has no room for.
    ImprintRecipients,
    CcRecipients,
    Print,
    PageNumber,
    /// 续表 above a table that goes on.
    Continued,
    /// What marks a draft.
    Draft,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::CopyNumber => "份号",
            Part::Secrecy => "密级",
            Part::Urgency => "紧急程度",
            Part::IssuerMark => "发文机关标志",
            Part::DocNumber => "发文字号",
            Part::Signer => "签发人",
            Part::Title => "标题",
            Part::Recipients => "主送机关",
            Part::MainText => "正文",
            Part::AttachmentList => "附件说明",
            Part::Attendance => "出席名单",
            Part::Signature => "署名",
            Part::DocDate => "成文日期",
            Part::Seal => "印章",
            Part::Note => "附注",
            Part::AttachmentLabel(number) => return write!(f, "附件{number}顺序号"),
            Part::AttachmentHeader(number) => return write!(f, "附件{number}版头"),
            Part::AttachmentTitle(number) => return write!(f, "附件{number}标题"),
            Part::AttachmentText(number) => return write!(f, "附件{number}"),
            Part::ImprintRecipients => "版记主送机关",
            Part::CcRecipients => "抄送机关",
            Part::Print => "印发",
            Part::PageNumber => "页码",
            Part::Continued => "续表",
            Part::Draft => "草稿",
        })
    }
}

/// Where the words of one line on the page come from.
#[derive(Clone, Debug)]
pub struct Source {
    pub part: Part,
    /// The block inside the part, counted from 0 in reading order.
    pub block: usize,
    pub words: Arc<Words>,
    /// The place of the line's first letter in the words, in bytes.
    pub start: usize,
    /// Of words in a table.
    pub column: Option<InkColumn>,
}

/// The column of a table that a line stands in.
#[derive(Clone, Debug, PartialEq)]
pub struct InkColumn {
    /// A number that only this table has.
    pub table: usize,
    /// Counted from 0.
    pub index: usize,
    pub name: Arc<str>,
}
