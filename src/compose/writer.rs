//! The writer of one circular: text templates come in one by one, their words go out with marks;
//! faults are collected.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::value::Value;
use minijinja::{Environment, Error};

use super::environment::{Ink, environment};
use super::functions::{Faults, NoColumn, Tools, fault};
use super::marks::{self, Mark};
use super::objects::{self, Names};
use super::reads::Reads;
use super::templates::{self, Templates};
use super::{letters, report, source};
use crate::diag::{Diagnostic, Diagnostics, Origin};
use crate::model::{self, Circular, SECTIONS, Scalar, Sourced};

/// Renders the templates of one circular.
pub struct Writer<'a> {
    environment: Environment<'static>,
    names: Value,
    known: Vec<String>,
    ink: Ink,
    tools: Tools,
    tables: Vec<String>,
    withheld: Vec<String>,
    /// The variables that hold nothing; templates find them as if they were not written.
    blank: Vec<Sourced<String>>,
    /// The place of 文种.
    home: Origin,
    /// The names and the faults of columns that built-in words were refused for.
    missing: Vec<String>,
    /// The faults of cells so far.
    told: Vec<Diagnostic>,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Writer<'a> {
    pub fn new(circular: &Circular, diagnostics: &'a mut Diagnostics) -> Self {
        let faults = Faults::default();
        let reads = Reads::with_letters(survey(circular, diagnostics));
        let ink = Ink::new(reads, faults.clone());
        let tools = Tools {
            faults,
            reads: ink.reads.clone(),
            register: circular.register.clone(),
        };
        let names = names(circular, &ink.reads);
        let tables = names.tables.iter().map(|table| table.name.value.clone());
        let tables: Vec<String> = tables.collect();
        let known = names.values.iter().map(|(name, _)| name.clone());
        let known = known.chain(tables.clone()).collect();
        let blank = circular
            .variables
            .iter()
            .filter(|(_, value)| is_blank(value));
        let blank =
            blank.map(|(name, value)| Sourced::new(name.value.clone(), value.origin.clone()));
        let environment = environment(&ink, &tools);
        let names = Value::from_object(names);
        Writer {
            environment,
            names,
            known,
            ink,
            tools,
            tables,
            withheld: circular.withheld.clone(),
            blank: blank.collect(),
            home: circular.kind.origin.clone(),
            missing: Vec::new(),
            told: Vec::new(),
            diagnostics,
        }
    }

    /// Teaches `附件("标题")` the attachments' titles, without their wished-for breaks; a number or a part
    /// that only one title has will do as well.
    pub fn learn(&mut self, titles: &[Option<String>]) {
        let marks = self.marks();
        let titles = titles.iter().flatten();
        let plain = titles.map(|text| letters(text, &marks).replace(['\n', '\r'], ""));
        let plain: Vec<String> = plain.collect();
        let label = move |wanted: Value| {
            attachment(&wanted, &plain).map(|index| match plain.len() {
                1 => "附件".to_owned(),
                _ => format!("附件{}", index + 1),
            })
        };
        self.environment.add_function("附件", label.clone());
        self.environment.add_function("attachment", label);
    }

    pub fn main_text(&mut self, circular: &Circular, templates: &Templates) -> String {
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

    pub fn optional(&mut self, text: &Option<Sourced<String>>) -> Option<String> {
        text.as_ref().and_then(|text| self.text(text))
    }

    /// Renders one template; a fault is collected and gives `None`.
    pub fn text(&mut self, text: &Sourced<String>) -> Option<String> {
        if let Some(char) = text.value.chars().find(|char| marks::is_mark(*char)) {
            self.diagnostics
                .push(report::private_use(char, &text.origin));
            return None;
        }
        let mut prepared = source::prepare(text.clone(), &self.ink.marks);
        let braces = prepared.braces.iter();
        let braces = braces.map(|(brace, origin)| report::brace(*brace, origin));
        let lost = prepared.lost.iter();
        let lost = lost.map(|(name, origin)| report::lost(name, origin));
        let faults: Vec<Diagnostic> = braces.chain(lost).collect();
        if !faults.is_empty() {
            self.diagnostics.extend(faults);
            return None;
        }
        let file = prepared.place(0).file().cloned();
        let is_builtin = file.is_some_and(|file| file.starts_with("内置模板/"));
        self.ink
            .begin(std::mem::take(&mut prepared.prints), is_builtin);
        let result = self
            .environment
            .render_str(&prepared.source, self.names.clone());
        result
            .map_err(|error| {
                let at_cell = self.tools.faults.take();
                let missing = report::missing_name(&error, &prepared);
                let diagnostic = report::template(&error, &prepared, &self.known);
                if let Some(name) = missing.as_ref().filter(|name| self.withheld.contains(name)) {
                    self.diagnostics.push(report::withheld(name, diagnostic));
                    return;
                }
                let blank = |name: &String| self.blank.iter().find(|blank| blank.value == *name);
                if let Some(name) = missing.as_ref().and_then(blank) {
                    let fault = report::blank(name);
                    if !self.told.contains(&fault) {
                        self.told.push(fault.clone());
                        let fault = fault.related(&diagnostic.origin, "这里用到了它");
                        self.diagnostics.push(fault);
                    }
                    return;
                }
                let missing =
                    missing.filter(|name| at_cell.is_none() && is_builtin && !name.contains('.'));
                if let Some(name) = missing {
                    if !self.missing.contains(&name) {
                        self.diagnostics.push(match name.ends_with("清单") {
                            true => report::missing_table(&name, &self.tables, &self.home),
                            false => report::missing_value(&name, &self.home, &diagnostic.origin),
                        });
                        self.missing.push(name);
                    }
                    return;
                }
                let cause = std::error::Error::source(&error);
                let no_column = cause.and_then(|cause| cause.downcast_ref::<NoColumn>());
                self.diagnostics.push(match (at_cell, no_column) {
                    (Some(fault), _) => {
                        // Each text that uses the cell would tell it again.
                        if self.told.contains(&fault) {
                            return;
                        }
                        self.told.push(fault.clone());
                        fault.related(&diagnostic.origin, "这里用到了它")
                    }
                    (None, Some(missing)) if is_builtin => {
                        let message = diagnostic.message.clone();
                        if self.missing.contains(&message) {
                            return;
                        }
                        self.missing.push(message);
                        report::missing_column(diagnostic, missing)
                    }
                    (None, _) => diagnostic,
                });
            })
            .ok()
    }

    /// What the marks of all texts so far stand for, by number.
    pub fn marks(&self) -> Vec<Mark> {
        self.ink.marks.all()
    }

    /// Tells whether there was an error so far.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.has_errors()
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

fn is_blank(value: &model::Value) -> bool {
    match &value.kind {
        model::ValueKind::Scalar(scalar) => scalar.text().trim().is_empty(),
        model::ValueKind::List(_) | model::ValueKind::Map(_) => false,
    }
}

/// The names that templates see: 变量, 表格 and the parts of the circular itself.
fn names(circular: &Circular, reads: &Arc<Reads>) -> Names {
    let mut values: Vec<(String, model::Value)> = circular
        .variables
        .iter()
        .filter(|(_, value)| !is_blank(value))
        .map(|(name, value)| (name.value.clone(), value.clone()))
        .collect();
    values.extend(circular.named_parts().into_iter().map(|(name, part)| {
        let value = model::Value::scalar(Scalar::Text(part.value), part.origin);
        (name.to_owned(), value)
    }));
    Names {
        values,
        tables: circular.tables.clone(),
        reads: reads.clone(),
    }
}
