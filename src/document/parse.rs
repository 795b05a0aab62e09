//! Markdown to blocks. Comes in: a composed text with marks. Goes out: headings with their numbers,
//! paragraphs and tables. What is not in our Markdown stays in the letters that were typed.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::words::{BACKSLASH, STRESS, WordsBuilder};
use super::{Block, Cell, Run, TableBlock, Words};
use crate::compose::marks::Mark;
use crate::diag::{Diagnostic, Diagnostics, Origin};
use crate::model::level_ordinal;

/// Parses one composed text; headings are numbered from the first on.
pub fn blocks(markdown: &str, marks: &[Mark], diagnostics: &mut Diagnostics) -> Vec<Block> {
    let markdown = &literal(markdown);
    let mut reader = Reader {
        markdown,
        marks,
        diagnostics,
        blocks: Vec::new(),
        words: WordsBuilder::new(marks),
        table: None,
        lists: Vec::new(),
    };
    for (event, range) in Parser::new_ext(markdown, Options::ENABLE_TABLES).into_offset_iter() {
        reader.event(event, range);
    }
    reader.finish_paragraph();
    let Reader {
        blocks,
        diagnostics,
        ..
    } = reader;
    number(run_in(blocks), diagnostics)
}

/// Writes out what Markdown would swallow and a circular does not know: link definitions, code
/// fences and underlines of headings stay letters. `**` becomes one character of its own, as
/// Markdown does not pair it beside Chinese marks.
fn literal(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut above = "";
    for line in markdown.split_inclusive('\n') {
        let words = line.trim();
        let definition = words.starts_with('[') && words.contains("]:");
        let fence = words.starts_with("```") || words.starts_with("~~~");
        let rule = |mark: char| !words.is_empty() && words.chars().all(|char| char == mark);
        let below_text = !above.is_empty() && !above.starts_with('|');
        let underline = below_text && (rule('=') || rule('-'));
        let indent = line.len() - line.trim_start().len();
        text.push_str(&line[..indent]);
        if definition || fence || underline {
            text.push('\\');
        }
        push_line(&line[indent..], &mut text);
        above = words;
    }
    text.replace("**", &String::from(STRESS))
}

/// Adds a line without its indent. A backslash takes the meaning from a sign that has one there, and is
/// a letter anywhere else, as in a path.
fn push_line(line: &str, text: &mut String) {
    const ANYWHERE: [char; 2] = ['|', '*'];
    const FIRST: [char; 6] = ['#', '＃', '-', '+', '>', '='];
    let mut letters = line.chars().peekable();
    let mut is_first = true;
    while let Some(letter) = letters.next() {
        let takes = |sign: &char| ANYWHERE.contains(sign) || (is_first && FIRST.contains(sign));
        if letter == '\\' {
            let sign = letters.next_if(takes);
            text.push(if sign.is_some() { '\\' } else { BACKSLASH });
            text.extend(sign);
        } else {
            text.push(letter);
        }
        is_first = false;
    }
}

struct Reader<'a> {
    markdown: &'a str,
    marks: &'a [Mark],
    diagnostics: &'a mut Diagnostics,
    blocks: Vec<Block>,
    words: WordsBuilder<'a>,
    table: Option<TableBlock>,
    /// The next number of each open list; `None` for bullets.
    lists: Vec<Option<u64>>,
}

impl<'a> Reader<'a> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(_) | Event::Code(_) | Event::Html(_) | Event::InlineHtml(_) => {
                let typed = self.typed(range);
                let mut lines = typed.lines();
                self.words.letters(lines.next().unwrap_or_default());
                for line in lines {
                    self.words.line_break();
                    self.words.letters(line);
                }
            }
            Event::SoftBreak | Event::HardBreak => self.words.line_break(),
            Event::Rule => self.unsupported("分隔线", &range),
            _ => {
                let typed = self.typed(range);
                self.words.letters(typed);
            }
        }
    }

    /// The letters as typed, so that no entity or code span changes a word.
    fn typed(&self, range: Range<usize>) -> &'a str {
        &self.markdown[range]
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Paragraph | Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::Heading { .. }
                if self.lists.is_empty() =>
            {
                self.finish_paragraph();
            }
            Tag::Emphasis => {
                let open = self.first_char(&range);
                self.words.letters(open);
            }
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => match link_type {
                LinkType::Autolink | LinkType::Email => self.words.letters("<"),
                _ => {
                    if dest_url.contains(['/', '.']) {
                        let hint = "写作“名称（网址）”，网址直接写出来";
                        self.printed("链接的写法“[…](…)”", hint, &range);
                    }
                    let open = self.first_char(&range);
                    self.words.letters(open);
                }
            },
            Tag::Image { .. } => {
                let hint = "图作附件：在“附件”里写“图: 文件名”";
                self.printed("图的写法“![…](…)”", hint, &range);
                self.words.letters("![");
            }
            Tag::List(first) => {
                self.finish_paragraph();
                self.lists.push(*first);
            }
            Tag::Item => self.item(&range),
            Tag::Table(_) => {
                self.finish_paragraph();
                let origin = self.origin(&range);
                self.table = Some(TableBlock {
                    groups: Vec::new(),
                    head: Vec::new(),
                    rows: Vec::new(),
                    origin,
                });
            }
            Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.rows.push(Vec::new());
                }
            }
            Tag::BlockQuote(_) => self.unsupported("引用（行首的“>”）", &range),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::Item => {
                self.check_signs(&range);
                self.finish_paragraph();
            }
            TagEnd::Heading(level) => {
                let (words, run_in) = divided(self.paragraph());
                let level = level as u8;
                if words.is_empty() && run_in.is_empty() {
                    let origin = self.origin(&range);
                    let message = "行首的“#”后面没有标题";
                    let fault = Diagnostic::error("text/markdown/no-heading", &origin, message);
                    let hint = "写上标题，或删去“#”；要印出这个符号本身，在它前面加“\\”";
                    self.diagnostics.push(fault.hint(hint));
                }
                if level > 4 {
                    self.unsupported("四层以上的标题", &range);
                }
                let ordinal = String::new();
                self.blocks.push(Block::Heading {
                    level,
                    ordinal,
                    words,
                    run_in,
                });
            }
            TagEnd::Emphasis => self.words.letters(&self.markdown[range.end - 1..range.end]),
            TagEnd::Link | TagEnd::Image => {
                let rest = self.link_rest(&range);
                self.words.letters(rest);
            }
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::TableRow => self.check_cells(&range),
            TagEnd::TableCell => {
                let words = self.words.finish();
                if let Some(table) = &mut self.table {
                    match table.rows.last_mut() {
                        Some(row) => row.push(Cell { words, rows: 1 }),
                        None => table.head.push(words),
                    }
                }
            }
            TagEnd::Table => self.blocks.extend(self.table.take().map(Block::Table)),
            _ => {}
        }
    }

    /// A row has as many cells as the head; Markdown would drop the rest.
    fn check_cells(&mut self, range: &Range<usize>) {
        let typed = self.markdown[range.clone()].trim();
        let typed = typed.strip_prefix('|').unwrap_or(typed);
        let typed = typed
            .strip_suffix('|')
            .filter(|rest| !rest.ends_with('\\'))
            .unwrap_or(typed);
        let mut escaped = false;
        let marks = typed.chars().filter(|char| {
            let mark = *char == '|' && !escaped;
            escaped = *char == '\\' && !escaped;
            mark
        });
        let cells = marks.count() + 1;
        let head = self.table.as_ref().map_or(cells, |table| table.head.len());
        if cells != head {
            let message = format!("这一行有{cells}格，表头有{head}格");
            let origin = self.origin(range);
            self.diagnostics.push(
                Diagnostic::error("text/table/cells", &origin, message)
                    .hint("补上或去掉“|”；格子里的竖线写作“\\|”"),
            );
        }
    }

    fn first_char(&self, range: &Range<usize>) -> &'static str {
        match self.markdown[range.clone()].chars().next() {
            Some('*') => "*",
            Some('_') => "_",
            Some('[') => "[",
            _ => "",
        }
    }

    /// What follows the words of a link as typed: `](address)`, and `>` behind `<address`.
    fn link_rest(&self, range: &Range<usize>) -> &'a str {
        let typed = &self.markdown[range.clone()];
        if typed.starts_with('<') {
            return ">";
        }
        typed
            .rfind("](")
            .or_else(|| typed.rfind("]["))
            .map_or("", |at| &typed[at..])
    }

    /// A numbered item is a paragraph that begins with its number as typed.
    fn item(&mut self, range: &Range<usize>) {
        self.finish_paragraph();
        let typed = &self.markdown[range.clone()];
        match self.lists.last() {
            Some(Some(_)) => {
                let digits = typed.find(|char: char| !char.is_ascii_digit()).unwrap_or(0);
                self.words
                    .letters(&self.markdown[range.start..range.start + digits + 1]);
            }
            _ => self.unsupported("项目符号（行首的“-”“*”“+”）", range),
        }
    }

    /// The words of a line or paragraph, without the line breaks of printed values; where one parted
    /// words that no mark parts, it is told.
    fn paragraph(&mut self) -> Words {
        let mut words = self.words.finish();
        for run in words.0.iter_mut().filter(|run| run.text.contains(BREAKS)) {
            if joins_words(&run.text) {
                let origin = run.cells.first().unwrap_or(&run.origin);
                let fault = if joins_figures(&run.text) {
                    let message = "这里有换行，印在句子里前后的数字会连成一个数";
                    Diagnostic::error("text/value/joined-figures", origin, message)
                } else {
                    let message = "这里有换行，印在句子里前后的字会连成一句";
                    Diagnostic::warning("text/value/line-break", origin, message)
                };
                let hint = "在换行的地方加上标点，如“；”，或者去掉换行";
                self.diagnostics.push(fault.hint(hint));
            }
            run.text = run.text.replace(BREAKS, "");
        }
        words
    }

    fn finish_paragraph(&mut self) {
        let words = self.paragraph();
        if !words.is_empty() {
            self.blocks.push(Block::Paragraph(words));
        }
    }

    /// The place of a stretch of the text: that of its first mark.
    fn origin(&self, range: &Range<usize>) -> Origin {
        super::words::first_origin(&self.markdown[range.start..], self.marks)
    }

    /// `##总体情况` is no heading, as its sign has no blank behind it; a topic (`#防汛#`) is not meant as
    /// one.
    fn check_signs(&mut self, range: &Range<usize>) {
        let typed = self.markdown[range.clone()].trim();
        let is_row = |line: &str| line.trim().starts_with('|') && line.matches('|').count() > 2;
        if typed.lines().count() > 1 && typed.lines().all(is_row) {
            let hint = "在列名下面加一行“|---|---|”，每列一段；表格的上面空一行";
            self.printed("这几行像是表格，缺少分隔行，", hint, range);
        }
        let mut at = range.start;
        for line in self.markdown[range.clone()].split_inclusive('\n') {
            let words = line.trim_start().trim_start_matches(['#', '＃']);
            let signs = line.trim_start().len() - words.len();
            if signs > 0 && !words.contains(['#', '＃']) {
                let origin = self.origin(&(at..at));
                let message = "行首的“#”后面没有空一格，或者是全角的，不会成为标题，会照原样印出";
                let hint = "写作“# 标题”“## 标题”；要印出“#”这个符号本身，在它前面加“\\”";
                let fault = Diagnostic::error("text/markdown/no-heading", &origin, message);
                self.diagnostics.push(fault.hint(hint));
            }
            at += line.len();
        }
    }

    /// Warns of what means something elsewhere and is printed as it was typed.
    fn printed(&mut self, what: &str, hint: &str, range: &Range<usize>) {
        let origin = self.origin(range);
        let message = format!("{what}会照原样印出");
        let warning = Diagnostic::warning("text/markdown/printed", &origin, message);
        self.diagnostics.push(warning.hint(hint));
    }

    fn unsupported(&mut self, what: &str, range: &Range<usize>) {
        let origin = self.origin(range);
        let message = format!("公文正文里不用{what}");
        let hint = "层次用“#”“##”“###”“####”标题，其余另起一段；要印出这个符号本身，在它前面加“\\”";
        self.diagnostics
            .push(Diagnostic::error("text/markdown/unsupported", &origin, message).hint(hint));
    }
}

const BREAKS: [char; 2] = ['\n', '\r'];

/// Tells whether letters or digits meet where the line breaks of a printed value are left out.
fn joins_words(text: &str) -> bool {
    joins(text, char::is_alphanumeric)
}

/// Tells whether two figures become one there.
fn joins_figures(text: &str) -> bool {
    joins(text, |char| char.is_ascii_digit())
}

fn joins(text: &str, wanted: fn(char) -> bool) -> bool {
    let lines = text.split(BREAKS).map(str::trim);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    let is_wanted = |char: Option<char>| char.is_some_and(wanted);
    let meet =
        |pair: &[&str]| is_wanted(pair[0].chars().next_back()) && is_wanted(pair[1].chars().next());
    lines.windows(2).any(meet)
}

/// Divides a heading that was typed with its paragraph on one line, behind the 。 that ends it.
fn divided(mut words: Words) -> (Words, Words) {
    let mut depth = 0;
    for index in 0..words.0.len() {
        let run = &words.0[index];
        for (at, character) in run.text.char_indices() {
            match character {
                '“' | '‘' | '（' | '《' | '〈' | '「' | '【' => depth += 1,
                '”' | '’' | '）' | '》' | '〉' | '」' | '】' => depth -= 1,
                '。' if depth == 0 && run.print.is_none() => {
                    let end = at + character.len_utf8();
                    let after = run.text[end..].trim_start();
                    let before = &run.text[..run.text.len() - after.len()];
                    let rest = Run {
                        text: after.to_owned(),
                        origin: run.origin.after(before),
                        ..run.clone()
                    };
                    let mut behind = words.0.split_off(index + 1);
                    words.0[index].text.truncate(end);
                    behind.insert(0, rest);
                    behind.retain(|run| !run.text.is_empty());
                    return (words, Words(behind));
                }
                _ => {}
            }
        }
    }
    (words, Words::default())
}

/// Joins a heading that ends in 。 with the paragraph behind it.
fn run_in(blocks: Vec<Block>) -> Vec<Block> {
    let mut joined: Vec<Block> = Vec::new();
    for block in blocks {
        match (joined.last_mut(), block) {
            (Some(Block::Heading { words, run_in, .. }), Block::Paragraph(paragraph))
                if words.text().trim_end().ends_with('。') && run_in.is_empty() =>
            {
                *run_in = paragraph;
            }
            (_, block) => joined.push(block),
        }
    }
    joined
}

/// Whether the first heading is of a lower level than some other: “1.” before “一、”.
fn begins_below(blocks: &[Block]) -> Option<Diagnostic> {
    let headings = blocks.iter().filter_map(|block| match block {
        Block::Heading { level, words, .. } => Some((*level, words)),
        _ => None,
    });
    let (first, words) = headings.clone().next()?;
    let highest = headings.map(|(level, _)| level).min()?;
    (first > highest).then(|| {
        let message = format!("第一个标题是第{first}层，后面却有第{highest}层的标题");
        Diagnostic::warning("body/level/skipped", &words.origin(), message)
            .hint("结构层次依次用“一、”“（一）”“1.”“（1）”，从最高的一层写起")
    })
}

/// Numbers the headings: each level from one on below its parent.
fn number(mut blocks: Vec<Block>, diagnostics: &mut Diagnostics) -> Vec<Block> {
    let mut counts = [0; 4];
    let mut last = 0;
    diagnostics.extend(begins_below(&blocks));
    for block in &mut blocks {
        let Block::Heading {
            level,
            ordinal,
            words,
            ..
        } = block
        else {
            continue;
        };
        let index = usize::from(*level - 1).min(3);
        if *level > last + 1 && last > 0 {
            let message = format!("标题从第{last}层跳到了第{level}层");
            diagnostics.push(
                Diagnostic::warning("body/level/skipped", &words.origin(), message)
                    .hint("结构层次依次用“一、”“（一）”“1.”“（1）”"),
            );
        }
        counts[index] += 1;
        counts[index + 1..].fill(0);
        *ordinal = level_ordinal(*level, counts[index]);
        last = *level;
    }
    blocks
}
