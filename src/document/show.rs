//! A document as lines of text with their places, for tests and for reading what a stage made.

use std::fmt::{self, Display, Formatter};

use super::{Block, Document, Style, TableBlock, Words};
use crate::model::Format;

impl Display for Words {
    /// Runs side by side: `〈甲.yaml:3:5〉问题` and, for a printed value, `〈甲.yaml:3:8 ← 2〉12`
    /// with the number of cells it was computed from.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for run in &self.0 {
            let (open, close) = match run.style {
                Style::Plain => ("", ""),
                Style::Strong => ("**", "**"),
                Style::Link => ("<", ">"),
            };
            let cells = match run.cells.len() {
                0 => String::new(),
                count => format!(" ← {count}"),
            };
            write!(
                f,
                "〈{}{cells}〉{open}{}{close}",
                run.origin,
                run.text.replace('\n', "⏎")
            )?;
        }
        Ok(())
    }
}

impl Display for Block {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Block::Heading {
                level,
                ordinal,
                words,
                run_in,
            } => {
                writeln!(f, "标题{level} {ordinal} {words}")?;
                if !run_in.is_empty() {
                    writeln!(f, "  接排 {run_in}")?;
                }
                Ok(())
            }
            Block::Paragraph(words) => writeln!(f, "段 {words}"),
            Block::Table(table) => table.fmt(f),
            Block::Picture(block) => writeln!(f, "图 {}", block.picture.path),
            Block::Recipients(words) => writeln!(f, "主送机关 {words}"),
            Block::Signature { name, date } => {
                writeln!(f, "署名 {name}")?;
                date.as_ref()
                    .map_or(Ok(()), |date| writeln!(f, "成文日期 {date}"))
            }
        }
    }
}

impl Display for TableBlock {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let head: Vec<String> = self.head.iter().map(Words::to_string).collect();
        for group in &self.groups {
            writeln!(
                f,
                "列组 {}（{}列起{}列）",
                group.words,
                group.start + 1,
                group.count
            )?;
        }
        writeln!(f, "表头 {}", head.join(" | "))?;
        for row in &self.rows {
            let cells = row.iter().map(|cell| match cell.rows {
                1 => cell.words.to_string(),
                rows => format!("({rows}行){}", cell.words),
            });
            writeln!(f, "  行 {}", cells.collect::<Vec<_>>().join(" | "))?;
        }
        Ok(())
    }
}

impl Display for Document {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let part = |f: &mut Formatter<'_>, name: &str, words: &Option<Words>| {
            words
                .as_ref()
                .map_or(Ok(()), |words| writeln!(f, "{name} {words}"))
        };
        if self.format != Format::General {
            writeln!(f, "格式 {}", self.format)?;
        }
        part(f, "份号", &self.copy_number)?;
        part(f, "密级和保密期限", &self.secrecy)?;
        part(f, "紧急程度", &self.urgency)?;
        part(f, "发文机关标志", &self.issuer_mark)?;
        let each = |f: &mut Formatter<'_>, name: &str, all: &[Words]| {
            all.iter()
                .try_for_each(|words| writeln!(f, "{name} {words}"))
        };
        each(f, "发文机关标志", &self.joint_marks)?;
        part(f, "发文字号", &self.doc_number)?;
        each(f, "签发人", &self.signers)?;
        writeln!(f, "标题 {}", self.title)?;
        part(f, "主送机关", &self.recipients)?;
        self.main_text.iter().try_for_each(|block| block.fmt(f))?;
        for (attendance, names) in &self.attendance {
            writeln!(f, "{}{names}", attendance.label())?;
        }
        writeln!(f, "署名 {}", self.signature)?;
        each(f, "署名", &self.joint_signatures)?;
        for stamp in &self.stamps {
            writeln!(f, "签名章 {}", stamp.office_title)?;
        }
        writeln!(f, "成文日期 {}", self.doc_date)?;
        part(f, "附注", &self.note)?;
        for (index, attachment) in self.attachments.iter().enumerate() {
            writeln!(f, "附件{} {}", index + 1, attachment.title)?;
            attachment
                .blocks
                .iter()
                .try_for_each(|block| block.fmt(f))?;
        }
        part(f, "抄送机关", &self.cc_recipients)?;
        part(f, "印发机关", &self.print_office)?;
        part(f, "印发日期", &self.print_date)
    }
}
