//! The template engine as our templates find it: minijinja with our filters and functions, our way of
//! printing, and no way to reach files.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};

use super::functions::{self, Faults, Tools, fault, option};
use super::marks::{Mark, Marks, Printed};
use super::reads::Reads;
use super::source::Print;
use crate::diag::{Diagnostic, Origin};
use crate::model;

/// How many steps one template may take; a circular with ten thousand rows takes a tenth of it.
const FUEL: u64 = 50_000_000;

/// How many bytes the values of one template may come to.
const LONGEST: usize = 2_000_000;

/// What the formatter and the filters of one circular share.
#[derive(Clone, Default)]
pub struct Ink {
    pub marks: Arc<Marks>,
    pub reads: Arc<Reads>,
    /// The `{{ … }}` of the template at work.
    prints: Arc<Mutex<Vec<Print>>>,
    /// How many bytes the template at work has printed.
    length: Arc<AtomicUsize>,
    /// Whether it is one of the program's own: whoever writes a template may print what is empty.
    is_builtin: Arc<AtomicBool>,
    faults: Faults,
}

/// minijinja for one circular.
pub fn environment(ink: &Ink, tools: &Tools) -> Environment<'static> {
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
    environment.add_filter("replace", |text: String, from: String, to: String| {
        let found = if from.is_empty() {
            text.chars().count()
        } else {
            text.matches(&from).count()
        };
        match found.saturating_mul(to.len()) > LONGEST {
            true => Err(too_long()),
            false => Ok(text.replace(&from, &to)),
        }
    });
    let reads = ink.reads.clone();
    environment.add_filter("__印", move |value: Value, number: usize| {
        reads.announce(number);
        value
    });
    let reads = ink.reads.clone();
    environment.add_filter("__文", move |value: Value| {
        if value.as_str().is_some_and(|text| text.len() > LONGEST) {
            return Err(too_long());
        }
        if !value.is_number() || value.is_integer() {
            return Ok(value);
        }
        let typed = reads.current_letters(&value);
        typed
            .map_or_else(|| functions::letters(&value), Ok)
            .map(Value::from)
    });
    let (reads, faults) = (ink.reads.clone(), ink.faults.clone());
    let compare = move |a: Value, sign: String, one: String, other: String, b: Value| {
        let sides = [(one.as_str(), &a), (other.as_str(), &b)];
        functions::order::holds(sides, &sign, &reads, &faults)
    };
    environment.add_filter("__比", compare);
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
        functions::add_function(&mut environment, name, table);
    }
    environment
}

/// Each doubling of a text is one step to minijinja, so its length is looked at besides.
fn too_long() -> Error {
    Error::new(ErrorKind::OutOfFuel, "模板写出的文字太长")
}

impl Ink {
    /// The ink of a circular that is read by `reads`.
    pub fn new(reads: Reads, faults: Faults) -> Self {
        Ink {
            reads: Arc::new(reads),
            faults,
            ..Ink::default()
        }
    }

    /// Begins another template.
    pub fn begin(&self, prints: Vec<Print>, is_builtin: bool) {
        self.reads.begin();
        self.is_builtin.store(is_builtin, Ordering::Relaxed);
        self.length.store(0, Ordering::Relaxed);
        *self.prints.lock().expect("no holder of the lock panics") = prints;
    }

    /// Prints a value of `{{ … }}` as a mark.
    fn print(&self, out: &mut Output, value: &Value) -> Result<(), Error> {
        let number = self.reads.announced();
        let prints = self.prints.lock().expect("no holder of the lock panics");
        let print = number.and_then(|number| prints.get(number));
        let cells = self.reads.take(print.map_or(&[], |print| &print.names));
        if value.kind() == ValueKind::Bool
            && self.is_builtin.load(Ordering::Relaxed)
            && let Some(cell) = cells.first()
        {
            let message = "这一格是真假值（TRUE 或 FALSE），不能写进正文";
            let fault = Diagnostic::error("template/run/refused", cell, message);
            return Err(self.faults.stop(fault.hint("改成文字，如“是”“否”")));
        }
        let text = match self.reads.letters(value, &cells) {
            Some(text) => text,
            None => functions::letters(value)?,
        };
        let before = self.length.fetch_add(text.len(), Ordering::Relaxed);
        if before + text.len() > LONGEST {
            return Err(too_long());
        }
        if value.is_safe() {
            return out.write_str(&text).map_err(Error::from);
        }
        if text.trim().is_empty()
            && self.is_builtin.load(Ordering::Relaxed)
            && let Some(cell) = cells.first()
        {
            let message = "这一格是空的，正文里要用到它";
            let fault = Diagnostic::error("tables/cell/empty", cell, message);
            return Err(self.faults.stop(fault.hint("补上这一格")));
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
