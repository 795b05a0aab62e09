//! Compose: fills the words. Comes in: a [`Circular`] and text templates. Goes out: a [`Draft`], the
//! text of each part in Markdown with [`marks`] that lead back to the user's places and cells.

mod functions;
pub mod marks;
mod objects;
mod reads;
mod report;
mod source;
pub mod templates;

pub use functions::{Entry, REFERENCE};
pub use templates::Templates;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};

use crate::diag::{Diagnostic, Diagnostics, Origin, Rule};
use crate::model::{self, Circular, SECTIONS, Scalar, Sourced};
use functions::{Tools, fault, option};
use marks::{Mark, Marks, Printed};
use objects::Names;
use reads::Reads;
use source::Print;

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
    Rule::new("tables/cell/empty", "取列、分组、单位列表用到的格子是空的"),
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
    Rule::new("template/call/arguments", "过滤器或函数括号里的内容不对"),
    Rule::new("template/run/refused", "模板里的值无法运算或无法写进正文"),
    Rule::new(
        "template/run/too-long",
        "模板运算过多，或写出的文字过长，可能有无尽的循环",
    ),
    Rule::new("template/include/refused", "模板里引用了别的文件"),
    Rule::new("text/char/private-use", "文字里有专用区字符"),
];

/// How many steps one template may take; a circular with ten thousand rows takes a tenth of it.
const FUEL: u64 = 50_000_000;

/// How many bytes the values of one template may come to.
const LONGEST: usize = 2_000_000;

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
    let mut writer = Writer::new(circular, diagnostics);
    let titles: Vec<Option<String>> = circular
        .attachments
        .iter()
        .map(|attachment| writer.text(&attachment.title))
        .collect();
    writer.titles = titles.iter().flatten().cloned().collect();
    writer.learn_titles();
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
    let marks = writer.ink.marks.all();
    if diagnostics.has_errors() {
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
    let letters = letters(&title, &writer.ink.marks.all());
    Some(letters.replace(['\n', '\r'], ""))
}

/// What the formatter and the filters of one circular share.
#[derive(Clone, Default)]
struct Ink {
    marks: Arc<Marks>,
    reads: Arc<Reads>,
    /// The `{{ … }}` of the template at work.
    prints: Arc<std::sync::Mutex<Vec<Print>>>,
    /// How many bytes the template at work has printed.
    length: Arc<AtomicUsize>,
}

/// Renders the templates of one circular.
struct Writer<'a> {
    environment: Environment<'static>,
    names: Value,
    known: Vec<String>,
    ink: Ink,
    tools: Tools,
    titles: Vec<String>,
    tables: Vec<String>,
    /// The place of 文种.
    home: Origin,
    /// The tables that were reported as missing.
    missing: Vec<String>,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Writer<'a> {
    fn new(circular: &Circular, diagnostics: &'a mut Diagnostics) -> Self {
        let ink = Ink {
            reads: Arc::new(Reads::with_letters(survey(circular, diagnostics))),
            ..Ink::default()
        };
        let tools = Tools {
            reads: ink.reads.clone(),
            register: circular.register.clone(),
            ..Tools::default()
        };
        let names = names(circular, &ink.reads);
        let tables = names.tables.iter().map(|table| table.name.value.clone());
        let tables: Vec<String> = tables.collect();
        let known = names.values.iter().map(|(name, _)| name.clone());
        let known = known.chain(tables.clone()).collect();
        let environment = environment(&ink, &tools);
        let names = Value::from_object(names);
        Writer {
            environment,
            names,
            known,
            ink,
            tools,
            titles: Vec::new(),
            tables,
            home: circular.kind.origin.clone(),
            missing: Vec::new(),
            diagnostics,
        }
    }

    /// Teaches `附件("标题")` the attachments' titles; a number or a part that only one title has
    /// will do as well.
    fn learn_titles(&mut self) {
        let marks = self.ink.marks.all();
        let plain: Vec<String> = self
            .titles
            .iter()
            .map(|text| letters(text, &marks))
            .collect();
        let label = move |wanted: Value| {
            attachment(&wanted, &plain).map(|index| match plain.len() {
                1 => "附件".to_owned(),
                _ => format!("附件{}", index + 1),
            })
        };
        self.environment.add_function("附件", label.clone());
        self.environment.add_function("attachment", label);
    }

    fn main_text(&mut self, circular: &Circular, templates: &Templates) -> String {
        if let Some(whole) = &circular.main_text.whole {
            return self.text(whole).unwrap_or_default();
        }
        let kind = circular.kind.value.as_str();
        let replaced = &circular.main_text.sections;
        if templates.own.is_empty()
            && templates::sections(kind).is_none()
            && SECTIONS
                .iter()
                .any(|name| !replaced.iter().any(|(other, _)| other.value == *name))
        {
            self.diagnostics.push(unknown_kind(&circular.kind));
        }
        let mut text = String::new();
        for section in SECTIONS {
            let own = replaced.iter().find(|(name, _)| name.value == section);
            let source = own
                .map(|(_, source)| source.clone())
                .or_else(|| templates.section(kind, section));
            text.push_str(
                &source
                    .and_then(|source| self.text(&source))
                    .unwrap_or_default(),
            );
            text.push_str("\n\n");
        }
        text
    }

    fn optional(&mut self, text: &Option<Sourced<String>>) -> Option<String> {
        text.as_ref().and_then(|text| self.text(text))
    }

    /// Renders one template; a fault is collected and gives `None`.
    fn text(&mut self, text: &Sourced<String>) -> Option<String> {
        if let Some(char) = text.value.chars().find(|char| marks::is_mark(*char)) {
            self.diagnostics
                .push(report::private_use(char, &text.origin));
            return None;
        }
        self.ink.reads.begin();
        self.ink.length.store(0, Ordering::Relaxed);
        let mut prepared = source::prepare(text.clone(), &self.ink.marks);
        if !prepared.full_width.is_empty() {
            let faults = prepared.full_width.iter().map(report::full_width);
            self.diagnostics.extend(faults);
            return None;
        }
        let prints = std::mem::take(&mut prepared.prints);
        *self
            .ink
            .prints
            .lock()
            .expect("no holder of the lock panics") = prints;
        let file = prepared.place(0).file().cloned();
        let is_builtin = file.is_some_and(|file| file.starts_with("内置模板/"));
        let result = self
            .environment
            .render_str(&prepared.source, self.names.clone());
        result
            .map_err(|error| {
                let at_cell = self.tools.faults.take();
                let missing = report::missing_name(&error, &prepared)
                    .filter(|name| at_cell.is_none() && is_builtin && name.ends_with("清单"));
                if let Some(name) = missing {
                    if !self.missing.contains(&name) {
                        let fault = report::missing_table(&name, &self.tables, &self.home);
                        self.diagnostics.push(fault);
                        self.missing.push(name);
                    }
                    return;
                }
                let diagnostic = report::template(&error, &prepared, &self.known);
                self.diagnostics.push(match at_cell {
                    Some(fault) => fault.related(&diagnostic.origin, "这里用到了它"),
                    None => diagnostic,
                });
            })
            .ok()
    }
}

/// The index of the attachment that is meant by a number from 1, a title, or a part of one.
fn attachment(wanted: &Value, titles: &[String]) -> Result<usize, Error> {
    if let Some(number) = wanted.as_i64() {
        let index = usize::try_from(number - 1)
            .ok()
            .filter(|index| *index < titles.len());
        return index.ok_or_else(|| fault(format!("没有附件{number}，共有{}个附件", titles.len())));
    }
    let title = wanted.to_string();
    let blank = title.trim().is_empty();
    let parts = titles
        .iter()
        .enumerate()
        .filter(|(_, other)| other.contains(&title) && !blank);
    let parts: Vec<usize> = parts.map(|(index, _)| index).collect();
    if let Some(index) = titles.iter().position(|other| *other == title) {
        return Ok(index);
    }
    match parts.as_slice() {
        [index] => Ok(*index),
        [] => Err(fault(format!("没有标题为“{title}”的附件"))),
        several => {
            let count = several.len();
            Err(fault(format!(
                "有{count}个附件的标题含有“{title}”，请写全标题或附件的号数"
            )))
        }
    }
}

/// Looks at every variable and cell once: those with characters of the program's own are faults;
/// gives the letters that computing would not give back.
fn survey(circular: &Circular, diagnostics: &mut Diagnostics) -> BTreeMap<Origin, String> {
    let mut letters = BTreeMap::new();
    let mut foreign = Vec::new();
    let variables = circular.variables.iter().map(|(_, value)| value);
    let cells = circular
        .tables
        .iter()
        .flat_map(|table| table.rows())
        .flatten();
    variables
        .chain(cells)
        .for_each(|value| objects::survey(value, &mut letters, &mut foreign));
    let columns = circular.tables.iter().flat_map(|table| table.columns());
    let names = columns
        .chain([&circular.signature])
        .chain(&circular.joint_signatures);
    for name in names {
        let found = name.value.chars().find(|char| marks::is_mark(*char));
        foreign.extend(found.map(|char| (char, name.origin.clone())));
    }
    for (char, origin) in foreign {
        diagnostics.push(report::private_use(char, &origin));
    }
    letters
}

fn unknown_kind(kind: &Sourced<String>) -> Diagnostic {
    let kinds: Vec<&str> = templates::kinds().collect();
    let message = format!("没有名为“{}”的文种模板", kind.value);
    Diagnostic::error("input/kind/unknown", &kind.origin, message).hint(format!(
        "内置的有：{}；也可以用“模板目录”指定本单位的模板",
        kinds.join("、")
    ))
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

/// The names that templates see: 变量, 表格 and the parts of the circular itself.
fn names(circular: &Circular, reads: &Arc<Reads>) -> Names {
    let text =
        |text: String, origin: &Origin| model::Value::scalar(Scalar::Text(text), origin.clone());
    let mut values: Vec<(String, model::Value)> = circular
        .variables
        .iter()
        .map(|(name, value)| (name.value.clone(), value.clone()))
        .collect();
    let signature = &circular.signature;
    let date = &circular.doc_date;
    values.push((
        "署名".into(),
        text(signature.value.clone(), &signature.origin),
    ));
    values.push((
        "成文日期".into(),
        text(date.value.to_string(), &date.origin),
    ));
    values.push((
        "文种".into(),
        text(circular.kind.value.clone(), &circular.kind.origin),
    ));
    if let Some(number) = &circular.header.doc_number {
        values.push((
            "发文字号".into(),
            text(number.value.to_string(), &number.origin),
        ));
    }
    Names {
        values,
        tables: circular.tables.clone(),
        reads: reads.clone(),
    }
}

/// minijinja with our filters, our way of printing, and no way to reach files.
fn environment(ink: &Ink, tools: &Tools) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_debug(true);
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .expect("the braces differ"),
    );
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("markdown".into()));
    functions::add(&mut environment, tools);
    let reads = ink.reads.clone();
    environment.add_filter("__印", move |value: Value, number: usize| {
        reads.announce(number);
        value
    });
    let reads = ink.reads.clone();
    environment.add_filter("__弃", move |value: Value| {
        reads.forget();
        value
    });
    let reads = ink.reads.clone();
    environment.add_filter("__设", move |value: Value, name: String| {
        reads.keep(&name);
        value
    });
    let reads = ink.reads.clone();
    environment.add_filter("__列", move |value: Value, name: String| {
        reads.begin_loop(&name, functions::list_items(&value));
        value
    });
    let reads = ink.reads.clone();
    environment.add_filter("__项", move |value: Value, name: String| {
        reads.next_item(&name, &value);
        false
    });
    let printer = ink.clone();
    environment.set_formatter(move |out, _, value| printer.print(out, value));
    for name in ["表格", "table"] {
        let ink = ink.clone();
        let table = move |state: &State, table: Value, options: Kwargs| {
            let columns = option(&options, ["列", "columns"])?;
            options.assert_all_used()?;
            let rows = match table.as_str() {
                Some(name) => state
                    .lookup(name)
                    .ok_or_else(|| fault(format!("没有名为“{name}”的表格")))?,
                None => table,
            };
            let print = |cell: &model::Value, places| ink.print_cell(cell, places);
            functions::table_markdown(&rows, columns, print).map(Value::from_safe_string)
        };
        environment.add_function(name, table);
    }
    environment
}

impl Ink {
    /// Prints a value of `{{ … }}` as a mark.
    fn print(&self, out: &mut Output, value: &Value) -> Result<(), Error> {
        let number = self.reads.announced();
        let prints = self.prints.lock().expect("no holder of the lock panics");
        let print = number.and_then(|number| prints.get(number));
        let cells = self.reads.take(print.map_or(&[], |print| &print.names));
        let text = match self.reads.letters(value, &cells) {
            Some(text) => text,
            None => functions::letters(value)?,
        };
        let before = self.length.fetch_add(text.len(), Ordering::Relaxed);
        if before + text.len() > LONGEST {
            return Err(Error::new(ErrorKind::OutOfFuel, "模板写出的文字太长"));
        }
        if value.is_safe() {
            return out.write_str(&text).map_err(Error::from);
        }
        if text.is_empty() {
            return Ok(());
        }
        let (origin, expression) = match print {
            Some(print) => (print.origin.clone(), print.expression.clone()),
            None => (Origin::Program, "".into()),
        };
        let mark = self.marks.put(Mark::Printed(Printed {
            text,
            origin,
            expression,
            cells,
        }));
        out.write_str(&String::from_iter(mark)).map_err(Error::from)
    }

    /// Prints a cell of a table in the text.
    fn print_cell(&self, cell: &model::Value, places: Vec<Origin>) -> String {
        let model::ValueKind::Scalar(scalar) = &cell.kind else {
            return String::new();
        };
        let printed = Printed {
            text: scalar.text().to_owned(),
            origin: cell.origin.clone(),
            expression: "".into(),
            cells: places.into(),
        };
        String::from_iter(self.marks.put(Mark::Printed(printed)))
    }
}
