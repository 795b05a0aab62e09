//! Compose: fills the words. Comes in: a [`Circular`] and text templates. Goes out: a [`Draft`], the
//! text of each part in Markdown with [`marks`] that lead back to the user's places and cells.

mod environment;
mod expression;
mod functions;
pub mod marks;
mod misspelt;
mod objects;
mod reads;
mod report;
mod source;
pub mod templates;
mod writer;

pub use functions::{Entry, REFERENCE};
pub use templates::Templates;

use crate::diag::{Diagnostics, Rule};
use crate::model::Circular;
use marks::Mark;
use writer::Writer;

/// The rules of this stage.
pub const RULES: &[Rule] = &[
    Rule::new(
        "input/kind/unknown",
        "没有这个文种的内置模板，也没有本单位的模板",
    ),
    Rule::new(
        "tables/cell/not-a-number",
        "求和、比较的一列里有空格子或不是数字的格子",
    ),
    Rule::new("tables/row/total-counted", "计数、求和的行里有一行是合计行"),
    Rule::new("tables/cell/empty", "取列、分组、单位列表用到的格子是空的"),
    misspelt::UNUSED,
    Rule::new("variables/value/blank", "正文里用到的变量没有内容"),
    Rule::new("tables/key/duplicate", "两期对比时，一期之内有两行的键相同"),
    Rule::new("tables/cell/not-in-order", "排序的次序里没有格子里的值"),
    Rule::new("template/name/unknown", "模板里的名称没有定义"),
    Rule::new("template/filter/unknown", "模板里的过滤器不存在"),
    Rule::new("template/function/unknown", "模板里的函数不存在"),
    Rule::new("template/syntax/fault", "模板的花括号写法有误"),
    Rule::new(
        "template/mark/full-width",
        "模板的花括号用了全角，会照原样印出",
    )
    .example(
        "共发现｛｛ 问题清单|计数 ｝｝个问题",
        "共发现{{ 问题清单|计数 }}个问题",
    ),
    Rule::new("template/mark/lone", "花括号不成对，会照原样印出").example(
        "共发现{ 问题清单|计数 }}个问题",
        "共发现{{ 问题清单|计数 }}个问题",
    ),
    Rule::new("template/call/arguments", "过滤器或函数括号里的内容不对"),
    Rule::new("template/run/refused", "模板里的值无法运算或无法写进正文"),
    Rule::new(
        "template/run/too-long",
        "模板运算过多，或写出的文字过长，可能有无尽的循环",
    ),
    Rule::new("template/include/refused", "模板里引用了别的文件"),
    Rule::new("text/char/private-use", "文字里有专用区字符"),
];

/// The composed text of each part. A text holds marks; [`marks::pieces`] takes them apart.
#[derive(Clone, Debug)]
pub struct Draft {
    pub title: String,
    pub recipients: Option<String>,
    /// Markdown.
    pub main_text: String,
    pub attachments: Vec<DraftAttachment>,
    /// 出席, 请假 and 列席, as the circular has them.
    pub attendance: Vec<String>,
    pub note: Option<String>,
    pub cc_recipients: Option<String>,
    /// What the marks of all texts stand for, by number.
    pub marks: Vec<Mark>,
}

/// The composed text of an attachment.
#[derive(Clone, Debug)]
pub struct DraftAttachment {
    pub title: String,
    pub recipients: Option<String>,
    /// Markdown.
    pub text: Option<String>,
}

/// Fills every template of the circular. Faults go to `diagnostics`, all of them; `None` where
/// there was an error.
pub fn compose(
    circular: &Circular,
    templates: &Templates,
    diagnostics: &mut Diagnostics,
) -> Option<Draft> {
    diagnostics.extend(misspelt::faults(circular, templates));
    let mut writer = Writer::new(circular, diagnostics);
    let titles: Vec<Option<String>> = circular
        .attachments
        .iter()
        .map(|attachment| writer.text(&attachment.title))
        .collect();
    writer.learn(&titles);
    let title = writer.text(&circular.title);
    let recipients = writer.optional(&circular.recipients);
    let main_text = writer.main_text(circular, templates);
    let mut attachments = Vec::new();
    for (attachment, title) in circular.attachments.iter().zip(titles) {
        let recipients = writer.optional(&attachment.recipients);
        let text = writer.optional(&attachment.text);
        attachments.push(title.map(|title| DraftAttachment {
            title,
            recipients,
            text,
        }));
    }
    let attendance: Vec<Option<String>> = circular
        .attendance
        .iter()
        .map(|(_, names)| writer.text(names))
        .collect();
    let note = writer.optional(&circular.note);
    let cc_recipients = writer.optional(&circular.imprint.cc_recipients);
    let marks = writer.marks();
    if writer.has_errors() {
        return None;
    }
    let attachments = attachments.into_iter().collect::<Option<_>>()?;
    Some(Draft {
        title: title?,
        recipients,
        main_text,
        attachments,
        attendance: attendance.into_iter().collect::<Option<_>>()?,
        note,
        cc_recipients,
        marks,
    })
}

/// Fills the title alone, without its wished-for breaks.
pub fn title(circular: &Circular, diagnostics: &mut Diagnostics) -> Option<String> {
    let mut writer = Writer::new(circular, diagnostics);
    let title = writer.text(&circular.title)?;
    let letters = letters(&title, &writer.marks());
    Some(letters.replace(['\n', '\r'], ""))
}

/// The letters of a composed text, with printed values in place.
pub fn letters(text: &str, marks: &[Mark]) -> String {
    let letters = |piece| match piece {
        marks::Piece::Letters(letters) => letters.to_owned(),
        marks::Piece::Mark(number) => match marks.get(number) {
            Some(Mark::Printed(printed)) => letters(&printed.text, marks),
            _ => String::new(),
        },
    };
    marks::pieces(text).map(letters).collect()
}
