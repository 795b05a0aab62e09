//! Document: the typed tree of a circular. Comes in: the composed words in Markdown. Goes out: what
//! the page shows, block by block, every run of words with its place in the user's files.

mod build;
mod edition;
mod parse;
mod show;
mod words;

pub use build::document;

use std::ops::Range;
use std::sync::Arc;

use crate::diag::{Origin, Rule, Strength};
use crate::model::{Attendance, Date, Edition, Format, Picture, Profile, RedHeader, Seal};

/// The rules of this stage.
pub const RULES: &[Rule] = &[
    Rule::new("body/main-text/empty", "正文是空的")
        .rests_on(Strength::Regulation, "公文处理工作条例第九条（九）"),
    Rule::new("body/part/empty", "标题或署名是空的").rests_on(
        Strength::Regulation,
        "公文处理工作条例第九条（七）、（十一）",
    ),
    Rule::new("body/seal/no-picture", "要印印章，却没有印章的图"),
    Rule::new("header/copy-number/too-many", "份号数过了六位数字"),
    Rule::new("header/doc-number/open", "正式文件的发文字号没有编号"),
    Rule::new(
        "text/marker/unverified",
        "正式文件里还有【待核实】一类的标记",
    ),
    Rule::new("page/profile/departs", "版式文件与标准不同的地方").note(),
    Rule::new("page/profile/habit", "版式文件自定的、标准没有规定的地方").note(),
    Rule::new("imprint/print/letter", "信函写了印发机关，不会印出").warning(),
    Rule::new("body/attachment/no-content", "附件既没有正文也没有表格"),
    Rule::new("body/level/skipped", "标题跳过了一层")
        .warning()
        .rests_on(Strength::Normal, "GB/T 9704—2012，7.3.3")
        .example("“一、”之下直接用“1.”", "“一、”之下用“（一）”"),
    Rule::new(
        "text/value/joined-figures",
        "格子或变量里的换行印在句子里，前后的数字连成了一个数",
    )
    .example("第一次检查3↵5个没有整改", "第一次检查3个；5个没有整改"),
    Rule::new(
        "text/value/line-break",
        "格子或变量里的换行印在句子里，前后的字连成了一句",
    )
    .warning()
    .example("首页没有更新↵链接打不开", "首页没有更新；链接打不开"),
    Rule::new("text/table/cells", "文中表格的一行与表头的格数不同"),
    Rule::new(
        "text/markdown/no-heading",
        "标题的井号后面没有空格，或者是全角的",
    )
    .example("##存在问题", "## 存在问题"),
    Rule::new(
        "text/markdown/printed",
        "链接、图的写法或没有分隔行的表格照原样印出来了",
    )
    .warning()
    .example("[网站](https://example.com)", "网站（https://example.com）"),
    Rule::new(
        "text/markdown/unsupported",
        "用了公文里没有的写法（项目符号、引用、分隔线、四层以上的标题）",
    ),
];

/// A run of words of one style and one origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub text: String,
    pub style: Style,
    /// Where the words stand: the text that was typed, or the template's place that printed them.
    pub origin: Origin,
    /// The cells that a printed value was computed from; empty for words typed by hand.
    pub cells: Arc<[Origin]>,
    /// The printed value that the words are, `None` for words typed by hand and for cells of an
    /// attached table.
    pub print: Option<Print>,
}

/// A value that a template printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Print {
    /// Its number in the circular.
    pub number: usize,
    /// The expression as written in the template; empty for a cell of a table in the text.
    pub expression: Arc<str>,
}

/// How a run is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    Plain,
    /// Stressed: set in 黑体, as 仿宋 and 楷体 have no bold.
    Strong,
    /// An address that may break inside its letters.
    Link,
}

/// A line or paragraph of runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words(pub Vec<Run>);

impl Words {
    /// One run of plain words.
    pub fn plain(text: impl Into<String>, origin: &Origin) -> Self {
        Words(vec![Run {
            text: text.into(),
            style: Style::Plain,
            origin: origin.clone(),
            cells: Arc::default(),
            print: None,
        }])
    }

    /// The letters alone.
    pub fn text(&self) -> String {
        self.0.iter().map(|run| run.text.as_str()).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|run| run.text.is_empty())
    }

    /// The letters of a range of bytes, each with the place of its run.
    pub fn slice(&self, range: Range<usize>) -> Words {
        let mut start = 0;
        let mut runs = Vec::new();
        for run in &self.0 {
            let end = start + run.text.len();
            let (from, to) = (range.start.max(start), range.end.min(end));
            if from < to {
                runs.push(Run {
                    text: run.text[from - start..to - start].to_owned(),
                    ..run.clone()
                });
            }
            start = end;
        }
        Words(runs)
    }

    /// The place of the first run.
    pub fn origin(&self) -> Origin {
        self.0
            .first()
            .map_or(Origin::Program, |run| run.origin.clone())
    }
}

/// A part of 正文 or of an attachment.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// 结构层次: `level` 1 to 4, its mark (`一、`), the heading, and the paragraph that runs on
    /// after a heading that ends in 。 (empty where the heading stands alone).
    Heading {
        level: u8,
        ordinal: String,
        words: Words,
        run_in: Words,
    },
    /// A natural paragraph.
    Paragraph(Words),
    Table(TableBlock),
    /// 主送机关 of an attached paper.
    Recipients(Words),
    Picture(PictureBlock),
    /// 署名 and 成文日期 of an attached paper.
    Signature {
        name: Words,
        date: Option<Words>,
    },
}

/// A picture, or pages of a PDF from elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureBlock {
    pub picture: Picture,
    /// Counted from 1; all where there are none.
    pub pages: Vec<usize>,
    pub origin: Origin,
}

/// A table on the page.
#[derive(Clone, Debug, PartialEq)]
pub struct TableBlock {
    pub head: Vec<Words>,
    /// The headings above neighbouring columns, from left to right.
    pub groups: Vec<HeadGroup>,
    pub rows: Vec<Vec<Cell>>,

    pub origin: Origin,
}

/// A heading above `count` columns from the column `start`.
#[derive(Clone, Debug, PartialEq)]
pub struct HeadGroup {
    pub words: Words,
    pub start: usize,
    pub count: usize,
}

/// A cell; `rows` is how many rows it covers, 0 where a cell above covers this one.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub words: Words,
    pub rows: usize,
}

/// 附件 with its title and content.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attachment {
    pub title: Words,
    /// 发文机关标志 of its own red header.
    pub issuer_mark: Option<Words>,
    /// 发文字号 of its own.
    pub doc_number: Option<Words>,
    /// Whether it lies across the page; nothing where its tables decide.
    pub landscape: Option<bool>,
    /// Whether it is not bound with the circular.
    pub separate: bool,
    pub blocks: Vec<Block>,
}

/// 印章 of an agency.
#[derive(Clone, Debug, PartialEq)]
pub struct SealMark {
    pub picture: Picture,
    /// In millimetres.
    pub diameter: f64,
    pub origin: Origin,
}

/// 签名章 with the office of the person who signs.
#[derive(Clone, Debug, PartialEq)]
pub struct StampMark {
    pub office_title: Words,
    pub picture: Option<(Picture, Origin)>,
    /// In millimetres, where the input says it.
    pub width: Option<f64>,
}

/// Everything the page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    pub format: Format,
    pub red_header: RedHeader,
    pub edition: Edition,
    pub profile: Profile,
    /// What stands at the head of each page of a draft.
    pub draft: Option<Words>,
    pub copy_number: Option<Words>,
    pub secrecy: Option<Words>,
    pub urgency: Option<Words>,
    pub issuer_mark: Option<Words>,
    /// The other agencies in the mark of a joint issue.
    pub joint_marks: Vec<Words>,
    /// 发文字号 or 令号.
    pub doc_number: Option<Words>,
    pub signers: Vec<Words>,
    /// 标题; a `\n` in it is a break the user wished for.
    pub title: Words,
    /// 主送机关, ending in `：`.
    pub recipients: Option<Words>,
    pub main_text: Vec<Block>,
    pub attachments: Vec<Attachment>,
    /// 出席, 请假 and 列席.
    pub attendance: Vec<(Attendance, Words)>,
    /// Empty in an order and in minutes without one.
    pub signature: Words,
    /// The other agencies of a joint issue.
    pub joint_signatures: Vec<Words>,
    pub doc_date: Words,
    /// The day of `doc_date`, for the metadata of the PDF.
    pub date: Date,
    pub seal: Seal,
    /// One for each agency that signs, or none.
    pub seals: Vec<SealMark>,
    pub stamps: Vec<StampMark>,
    /// 附注 with its brackets.
    pub note: Option<Words>,
    /// 抄送机关 without `抄送：`, ending in 。.
    pub cc_recipients: Option<Words>,
    pub print_office: Option<Words>,
    /// 印发日期 without 印发.
    pub print_date: Option<Words>,
}

impl Document {
    /// All words that the pages show, part by part.
    pub fn all_words(&self) -> Vec<&Words> {
        let optional = [
            &self.copy_number,
            &self.secrecy,
            &self.urgency,
            &self.issuer_mark,
            &self.doc_number,
            &self.recipients,
            &self.note,
            &self.cc_recipients,
            &self.print_office,
            &self.print_date,
        ];
        let mut all: Vec<&Words> = optional.into_iter().flatten().collect();
        all.extend([&self.title, &self.signature, &self.doc_date]);
        all.extend(self.joint_marks.iter().chain(&self.signers));
        all.extend(&self.joint_signatures);
        all.extend(self.attendance.iter().map(|(_, names)| names));
        all.extend(self.stamps.iter().map(|stamp| &stamp.office_title));
        all.extend(self.main_text.iter().flat_map(Block::all_words));
        for attachment in &self.attachments {
            all.push(&attachment.title);
            all.extend(attachment.issuer_mark.iter().chain(&attachment.doc_number));
            all.extend(attachment.blocks.iter().flat_map(Block::all_words));
        }
        all
    }
}

impl Block {
    /// All words that the block shows.
    pub fn all_words(&self) -> Vec<&Words> {
        match self {
            Block::Heading { words, run_in, .. } => vec![words, run_in],
            Block::Paragraph(words) | Block::Recipients(words) => vec![words],
            Block::Table(table) => {
                let cells = table.rows.iter().flatten().map(|cell| &cell.words);
                let groups = table.groups.iter().map(|group| &group.words);
                groups.chain(&table.head).chain(cells).collect()
            }
            Block::Picture(_) => Vec::new(),
            Block::Signature { name, date } => std::iter::once(name).chain(date).collect(),
        }
    }
}
