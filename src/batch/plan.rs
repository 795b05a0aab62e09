//! The plan: a circular with 批量 and the numbers given so far come in, one entry for each notice
//! goes out. A notice's circular is made from its entry alone and holds its own unit's rows.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::names::{PATTERN, Pattern, Place};
use super::numbering::Numbering;
use crate::compose;
use crate::diag::{Diagnostic, Diagnostics, Origin, Rule};
use crate::model::{
    Batch, Circular, DocNumber, Form, Register, Scalar, Sourced, Table, Value, ValueKind,
    named_units, without_blanks,
};

/// The codes of this part, each with its meaning.
pub const RULES: &[Rule] = &[
    Rule::new(
        "batch/section/missing",
        "用了批量，输入文件里却没有“批量”一项",
    ),
    Rule::new("batch/unit/none", "没有一个单位要发通知"),
    Rule::new("batch/unit/left-out", "有的行属于不发通知的单位").note(),
    Rule::new(
        "batch/unit/no-group",
        "机构名录里一个单位没有类别，或者类别疑有错字，不发通知",
    )
    .warning(),
    Rule::new("batch/unit/mentioned", "一份通知里出现了别的单位的名称"),
    Rule::new("batch/number/taken", "一份通知的发文字号与整份公文的相同"),
    Rule::new("batch/number/gap", "有的发文字号空着：原来的单位不再发通知").note(),
    Rule::new("batch/number/restarted", "起始字号改了，字号重新编排").note(),
    Rule::new("batch/file-name/unknown", "文件名里用了不认识的名称"),
    Rule::new("batch/file-name/same", "两份通知的文件名相同"),
];

/// One notice to make.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// The unit's full name.
    pub unit: String,
    /// Counted from 1; it stays the same from run to run.
    pub serial: usize,
    pub number: Option<DocNumber>,
    /// The name of the file.
    pub file: String,
    /// How many rows of this period are the unit's.
    pub findings: usize,
    /// Where the unit's name stands.
    origin: Origin,
    /// For each split table the unit's rows.
    rows: Vec<Vec<usize>>,
}

/// All notices of a circular.
pub struct Plan<'a> {
    circular: &'a Circular,
    batch: &'a Batch,
    /// In the order of their serials.
    pub notices: Vec<Notice>,
    pub numbering: Numbering,
    /// The name of the circular's own file.
    pub file: String,
    /// The units without findings that get no notice.
    pub silent: Vec<String>,
    /// All units that may get a notice, by full name.
    pub units: Vec<String>,
}

/// A unit and its rows.
struct Share {
    unit: String,
    short: String,
    origin: Origin,
    wanted: bool,
    rows: Vec<Vec<usize>>,
}

/// Plans the notices of a circular; nothing where there is no 批量 or a fault concerns all of them.
pub fn plan<'a>(
    circular: &'a Circular,
    numbering: Numbering,
    diagnostics: &mut Diagnostics,
) -> Option<Plan<'a>> {
    let Some(batch) = circular.batch.as_deref() else {
        let message = "输入文件里没有“批量”，不知道给哪些单位发什么通知";
        let fault = Diagnostic::error("batch/section/missing", &circular.origin, message);
        diagnostics.push(
            fault.hint("加上“批量:”，下面写“通知:”和它的“标题”，或在命令行写“--notice 通知.yaml”；只做这一份公文请用“hongtou build”"),
        );
        return None;
    };
    let pattern = Sourced::new(PATTERN.to_owned(), Origin::Program);
    let pattern = match Pattern::read(batch.file_name.as_ref().unwrap_or(&pattern)) {
        Ok(pattern) => pattern,
        Err(fault) => {
            diagnostics.push(*fault);
            return None;
        }
    };
    let shares = shares(circular, batch);
    report_left_out(&shares, batch, diagnostics);
    report_groups(circular, batch, diagnostics);
    let units = shares.iter().map(|share| share.unit.clone()).collect();
    let this_period: Vec<bool> = split(circular, batch)
        .map(|table| !table.is_last_period())
        .collect();
    let findings = |share: &Share| {
        let rows = share.rows.iter().zip(&this_period);
        rows.map(|(rows, counts)| if *counts { rows.len() } else { 0 })
            .sum::<usize>()
    };
    let wanted = shares.into_iter().filter(|share| share.wanted);
    let (served, silent): (Vec<Share>, Vec<Share>) =
        wanted.partition(|share| findings(share) > 0 || batch.quiet.is_some());
    if served.is_empty() {
        let message = "没有一个单位要发通知";
        let hint = "查对“拆分列”“类别”和表格里的单位；没有问题的单位也要发时，写上“无问题通知”";
        let fault = Diagnostic::error("batch/unit/none", &batch.column.origin, message);
        diagnostics.push(fault.hint(hint));
        return None;
    }
    let first = batch.notice.paper.header.doc_number.as_ref();
    let written = first.map_or(String::new(), |first| first.value.to_string());
    let known = !numbering.units.is_empty();
    let mut numbering = match numbering.first == written {
        true => numbering,
        false => {
            if known {
                report_restart(&numbering, &written, first, batch, diagnostics);
            }
            numbering.starting_at(&written)
        }
    };
    let serials = numbering.assign(served.iter().map(|share| share.unit.as_str()));
    report_gaps(&numbering, &serials, first, batch, diagnostics);
    let number = |serial: usize| {
        first.map(|first| DocNumber {
            serial: first.value.serial + serial as u32 - 1,
            ..first.value.clone()
        })
    };
    let mut plan = Plan {
        circular,
        batch,
        notices: Vec::new(),
        numbering,
        file: String::new(),
        silent: silent.into_iter().map(|share| share.unit).collect(),
        units,
    };
    let mut served: Vec<(usize, Share)> = serials.into_iter().zip(served).collect();
    served.sort_by_key(|(serial, _)| *serial);
    let width = plan.numbering.digits();
    for (serial, share) in served {
        let mut notice = Notice {
            findings: findings(&share),
            unit: share.unit,
            serial,
            number: number(serial),
            file: String::new(),
            origin: share.origin,
            rows: share.rows,
        };
        let title = match pattern.asks_for(Place::Title) {
            true => plan.title(&notice),
            false => String::new(),
        };
        notice.file = pattern.name(|place| match place {
            Place::Serial => format!("{serial:0width$}"),
            Place::Unit => notice.unit.clone(),
            Place::Short => share.short.clone(),
            Place::Title => title.clone(),
            Place::Number => notice
                .number
                .as_ref()
                .map_or(String::new(), DocNumber::to_string),
            Place::Date => plan.form(&notice).paper.doc_date.value.to_string(),
        });
        plan.notices.push(notice);
    }
    plan.file = plan.own_file();
    plan.check(diagnostics).then_some(plan)
}

impl Plan<'_> {
    /// The words of a notice before they are filled.
    pub fn form(&self, notice: &Notice) -> &Form {
        let quiet = self.batch.quiet.as_ref().filter(|_| notice.findings == 0);
        quiet.unwrap_or(&self.batch.notice)
    }

    /// The circular that a notice is: the words of its form, the data that all share, and of the
    /// split tables its own unit's rows.
    pub fn circular(&self, notice: &Notice) -> Circular {
        let mut circular = self.form(notice).paper.clone();
        circular.header.doc_number = circular
            .header
            .doc_number
            .zip(notice.number.clone())
            .map(|(first, number)| Sourced::new(number, first.origin));
        circular.checks = self.circular.checks.clone();
        circular.variables = self.circular.variables.clone();
        for (name, value) in [
            ("单位", Scalar::Text(notice.unit.clone())),
            ("序号", Scalar::count(notice.serial)),
        ] {
            let name = Sourced::new(name.to_owned(), notice.origin.clone());
            let value = Value::scalar(value, notice.origin.clone());
            circular.variables.push((name, value));
        }
        let tables = split(self.circular, self.batch).zip(&notice.rows);
        circular.tables = tables
            .map(|(table, rows)| Arc::new(table.with_rows(rows)))
            .collect();
        circular.tables.extend(self.shared().cloned());
        let names = self.circular.tables.iter().map(|table| &table.name.value);
        let seen: Vec<&String> = circular
            .tables
            .iter()
            .map(|table| &table.name.value)
            .collect();
        circular.withheld = names.filter(|name| !seen.contains(name)).cloned().collect();
        circular.register = self.circular.register.clone();
        circular
    }

    /// The tables that every notice sees whole.
    pub fn shared(&self) -> impl Iterator<Item = &Arc<Table>> {
        let is_shared = |table: &&Arc<Table>| {
            self.batch
                .shared
                .iter()
                .any(|name| name.value == table.name.value)
        };
        self.circular.tables.iter().filter(is_shared)
    }

    /// The circular that the notices go with.
    pub fn whole(&self) -> &Circular {
        self.circular
    }

    pub fn register(&self) -> Option<&Register> {
        self.circular.register.as_deref()
    }

    pub fn batch(&self) -> &Batch {
        self.batch
    }

    /// The title of a notice; nothing where it has a fault, which making the notice reports.
    fn title(&self, notice: &Notice) -> String {
        let title = &self.form(notice).paper.title.value;
        match title.contains("{{") || title.contains("{%") {
            true => compose::title(&self.circular(notice), &mut Diagnostics::default())
                .unwrap_or_default(),
            false => title.replace(['\n', '\r'], ""),
        }
    }

    fn own_file(&self) -> String {
        let title = &self.circular.title.value;
        let title = match title.contains("{{") || title.contains("{%") {
            true => compose::title(self.circular, &mut Diagnostics::default()).unwrap_or_default(),
            false => title.replace(['\n', '\r'], ""),
        };
        super::names::safe(&title, ".pdf")
    }

    /// No two files have the same name, no two papers the same number.
    fn check(&self, diagnostics: &mut Diagnostics) -> bool {
        let at = match &self.batch.file_name {
            Some(pattern) => &pattern.origin,
            None => &self.batch.column.origin,
        };
        let mut seen: HashMap<String, &str> = HashMap::new();
        for reserved in super::RESERVED {
            seen.insert(reserved.to_lowercase(), "程序自己的文件");
        }
        let mut good = true;
        if let Some(other) = seen.insert(self.file.to_lowercase(), "整份公文") {
            let message = format!("整份公文和{other}的文件名都是“{}”", self.file);
            let at = &self.circular.title.origin;
            let fault = Diagnostic::error("batch/file-name/same", at, message);
            diagnostics.push(fault.hint("整份公文的文件名就是标题，标题要写全"));
            good = false;
        }
        let mut told: BTreeSet<String> = BTreeSet::new();
        for notice in &self.notices {
            let name = notice.file.to_lowercase();
            let other = seen.insert(name.clone(), &notice.unit);
            // However many have one name, it is told once.
            if let Some(other) = other.filter(|_| told.insert(name)) {
                let message = format!("“{}”和“{other}”的文件名都是“{}”", notice.unit, notice.file);
                let hint = "在“文件名”里加上“{{ 序号 }}”或“{{ 单位 }}”，使各份不同";
                diagnostics.push(Diagnostic::error("batch/file-name/same", at, message).hint(hint));
                good = false;
            }
        }
        let Some(own) = &self.circular.header.doc_number else {
            return good;
        };
        for notice in self
            .notices
            .iter()
            .filter(|n| n.number.as_ref() == Some(&own.value))
        {
            let message = format!("发给“{}”的通知的字号也是{}", notice.unit, own.value);
            let first = self.batch.notice.paper.header.doc_number.as_ref();
            let at = first.map_or(&own.origin, |first| &first.origin);
            let fault = Diagnostic::error("batch/number/taken", at, message);
            let fault = fault.hint("改“起始字号”，让通知的字号避开整份公文的字号");
            diagnostics.push(fault.related(&own.origin, "整份公文的字号写在这里"));
            good = false;
        }
        good
    }
}

/// The split tables, in the order of their names in `batch`.
fn split<'a>(circular: &'a Circular, batch: &'a Batch) -> impl Iterator<Item = &'a Table> {
    batch.split.iter().filter_map(|name| {
        let mut tables = circular.tables.iter().map(|table| &**table);
        tables.find(|table| table.name.value == *name)
    })
}

/// Every unit with its rows, in the order of the register, else of first appearance.
fn shares(circular: &Circular, batch: &Batch) -> Vec<Share> {
    let mut shares: Vec<Share> = Vec::new();
    let empty = || vec![Vec::new(); batch.split.len()];
    if let Some(register) = circular.register.as_deref() {
        shares.extend(register.units().iter().map(|unit| Share {
            unit: unit.name.value.clone(),
            short: unit.short.first().unwrap_or(&unit.name).value.clone(),
            origin: unit.name.origin.clone(),
            wanted: batch.groups.is_empty()
                || unit.group.as_ref().is_some_and(|group| {
                    batch
                        .groups
                        .iter()
                        .any(|wanted| wanted.value == group.value)
                }),
            rows: empty(),
        }));
    }
    let register = circular.register.as_deref();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (index, table) in split(circular, batch).enumerate() {
        let column = table.column(&batch.column.value);
        let column = column.expect("a split table has the column");
        for (row, cells) in table.rows().iter().enumerate() {
            for name in units(&cells[column], register) {
                let place = match register {
                    Some(register) => register.place(&name),
                    None => Some(*places.entry(without_blanks(&name)).or_insert_with(|| {
                        shares.push(Share {
                            unit: name.clone(),
                            short: name.clone(),
                            origin: cells[column].origin.clone(),
                            wanted: true,
                            rows: empty(),
                        });
                        shares.len() - 1
                    })),
                };
                let rows = place.map(|place| &mut shares[place].rows[index]);
                if let Some(rows) = rows.filter(|rows| rows.last() != Some(&row)) {
                    rows.push(row);
                }
            }
        }
    }
    shares
}

/// The units that a cell names.
fn units(cell: &Value, register: Option<&Register>) -> Vec<String> {
    let ValueKind::Scalar(scalar) = &cell.kind else {
        return Vec::new();
    };
    let names = named_units(scalar.text(), register);
    names.into_iter().map(str::to_owned).collect()
}

/// Rows of units whose group gets no notice are said, so that nobody misses them.
fn report_left_out(shares: &[Share], batch: &Batch, diagnostics: &mut Diagnostics) {
    let rows = |share: &Share| share.rows.iter().map(Vec::len).sum::<usize>();
    let left_out: Vec<&Share> = shares
        .iter()
        .filter(|share| !share.wanted && rows(share) > 0)
        .collect();
    if !left_out.is_empty() {
        let count: usize = left_out.iter().map(|share| rows(share)).sum();
        const MOST: usize = 20;
        let names = left_out.iter().map(|share| share.unit.as_str());
        let names: Vec<&str> = names.take(MOST).collect();
        let more = match left_out.len() > MOST {
            true => format!("等{}个单位", left_out.len()),
            false => String::new(),
        };
        let names = names.join("、");
        let message = format!("有{count}行属于不在“类别”里的单位，没有通知：{names}{more}");
        let at = batch.groups.first().unwrap_or(&batch.column);
        diagnostics.push(Diagnostic::note("batch/unit/left-out", &at.origin, message));
    }
}

/// Units that get no notice only because their group is not written, or written with another letter.
fn report_groups(circular: &Circular, batch: &Batch, diagnostics: &mut Diagnostics) {
    if batch.groups.is_empty() {
        return;
    }
    let units = circular
        .register
        .iter()
        .flat_map(|register| register.units());
    for unit in units {
        let name = &unit.name.value;
        let (at, message, hint) = match &unit.group {
            None => (
                &unit.name.origin,
                format!("“{name}”没有写类别，不发通知"),
                "写上类别；不该发的，也写上它的类别".to_owned(),
            ),
            Some(group) => {
                let wanted = |wanted: &&Sourced<String>| {
                    let (wanted, own) = (&wanted.value, &group.value);
                    wanted.chars().count() == own.chars().count()
                        && strsim::osa_distance(wanted, own) == 1
                        && !batch.groups.iter().any(|other| other.value == *own)
                };
                // Another group of the register may well be one letter apart.
                let several = circular
                    .register
                    .iter()
                    .flat_map(|register| register.units());
                let alike = several.filter(|other| {
                    other
                        .group
                        .as_ref()
                        .is_some_and(|other| other.value == group.value)
                });
                match batch.groups.iter().find(wanted) {
                    Some(wanted) if alike.count() == 1 => (
                        &group.origin,
                        format!(
                            "“{name}”的类别“{}”疑是“{}”，不发通知",
                            group.value, wanted.value
                        ),
                        format!("写错的话改为“{}”", wanted.value),
                    ),
                    _ => continue,
                }
            }
        };
        diagnostics.push(Diagnostic::warning("batch/unit/no-group", at, message).hint(hint));
    }
}

fn report_restart(
    old: &Numbering,
    written: &str,
    first: Option<&Sourced<DocNumber>>,
    batch: &Batch,
    diagnostics: &mut Diagnostics,
) {
    let at = first.map_or(&batch.column.origin, |first| &first.origin);
    let form = |text: &str| match text {
        "" => "没有字号".to_owned(),
        text => format!("“{text}”"),
    };
    let message = format!(
        "起始字号由{}改为{}，各份通知重新编号",
        form(&old.first),
        form(written)
    );
    diagnostics.push(Diagnostic::note("batch/number/restarted", at, message));
}

fn report_gaps(
    numbering: &Numbering,
    serials: &[usize],
    first: Option<&Sourced<DocNumber>>,
    batch: &Batch,
    diagnostics: &mut Diagnostics,
) {
    const MOST: usize = 10;
    let gaps = numbering.gaps(serials);
    if gaps.is_empty() {
        return;
    }
    let start = first.map_or(1, |first| first.value.serial as usize);
    let shown = gaps.iter().take(MOST).map(|(serial, unit)| {
        let number = start + serial - 1;
        format!("{number}号（已给{unit}）")
    });
    let shown: Vec<String> = shown.collect();
    let more = match gaps.len() > MOST {
        true => format!("等{}个", gaps.len()),
        false => String::new(),
    };
    let message = format!("空着的号：{}{more}", shown.join("、"));
    let at = first.map_or(&batch.column.origin, |first| &first.origin);
    let note = Diagnostic::note("batch/number/gap", at, message);
    diagnostics.push(note.hint("号已给过别的单位的，不再给新的单位；要重新编号就改“起始字号”"));
}
