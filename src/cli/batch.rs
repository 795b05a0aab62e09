//! `hongtou batch`: one input file to a folder of notices.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::Status;
use super::args::BatchOptions;
use super::report::{self, complain, say};
use crate::batch::{
    self, Done, Event, Folder, Intent, Numbering, Outlook, Plan, Run, State, Summary,
};
use crate::compose::Templates;
use crate::diag::{Diagnostic, Diagnostics, Severity, Sources};
use crate::pipeline;

/// Makes the notices of the input's units; says what was made, what was not and why.
pub fn batch(options: &BatchOptions) -> Status {
    match try_batch(options) {
        Ok(status) => status,
        Err(refusal) => {
            report::refuse(&refusal, options.json);
            Status::Stopped
        }
    }
}

fn try_batch(options: &BatchOptions) -> Result<Status, String> {
    let mut diagnostics = Diagnostics::default();
    let loaded = pipeline::load_with(&options.input, &options.flags, &mut diagnostics);
    let loaded = loaded.map_err(|refusal| refusal.to_string())?;
    let Some(circular) = &loaded.circular else {
        return Ok(tell_faults(diagnostics, &loaded.sources, options));
    };
    if !options.folder.exists() {
        // A fault in the input makes no folder.
        let mut found = Diagnostics::default();
        if batch::plan(circular, Numbering::default(), &mut found).is_none() {
            diagnostics.extend(found);
            return Ok(tell_faults(diagnostics, &loaded.sources, options));
        }
    }
    let folder = match options.dry_run {
        true => Folder::look(&options.folder),
        false => Folder::open(&options.folder),
    };
    let folder = folder.map_err(|error| error.to_string())?;
    let Some(plan) = batch::plan(circular, folder.numbering(), &mut diagnostics) else {
        return Ok(tell_faults(diagnostics, &loaded.sources, options));
    };
    let fonts = pipeline::fonts(circular, options.font_dir.as_deref());
    let fonts = fonts.map_err(|refusal| refusal.to_string())?;
    let templates = Templates {
        own: loaded.templates.clone(),
    };
    let run = Run {
        plan: &plan,
        templates: &templates,
        fonts: &fonts,
        options: &options.run,
    };
    if options.dry_run {
        let intents = run.intend(&folder);
        let left_over = run.left_over(&folder);
        tell_faults(diagnostics, &loaded.sources, options);
        say(&listed(&intents, &left_over, &plan, options));
        return Ok(Status::Fine);
    }
    let progress = Progress::new(run.count(), options.json);
    let summary = run.make(folder, &stopper(), &mut |event| progress.tell(&event));
    progress.end();
    let summary = summary.map_err(|error| error.to_string())?;
    Ok(tell(diagnostics, &summary, &plan, &loaded.sources, options))
}

/// How long after the first Ctrl-C another one counts as the same.
const TWICE: Duration = Duration::from_millis(500);

/// A flag that the first Ctrl-C sets; the second one ends the program, which harms no file.
fn stopper() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    let mut first: Option<Instant> = None;
    let handler = move || {
        flag.store(true, Ordering::SeqCst);
        match first {
            // Some programs that start others pass one Ctrl-C on twice.
            Some(first) if first.elapsed() < TWICE => return,
            Some(_) => std::process::abort(),
            None => first = Some(Instant::now()),
        }
        complain("正在结束：做完手头的几份就停；再按一次 Ctrl-C 立即退出");
    };
    // Without a handler Ctrl-C ends the program at once, which harms no file either.
    let _ = ctrlc::set_handler(handler);
    stop
}

/// A bar on a terminal, a line a file elsewhere.
struct Progress {
    bar: ProgressBar,
    lines: bool,
}

impl Progress {
    fn new(count: usize, json: bool) -> Self {
        let bar = ProgressBar::new(count as u64);
        let form = "{pos}/{len} [{bar:24}] 每秒{per_sec}，还要{eta} {wide_msg}";
        let style = ProgressStyle::with_template(form).expect("the form is sound");
        let rate = |state: &indicatif::ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = write!(out, "{:.1}份", state.per_sec());
        };
        let rest = |state: &indicatif::ProgressState, out: &mut dyn std::fmt::Write| {
            let seconds = state.eta().as_secs();
            let _ = match seconds {
                0..=99 => write!(out, "{seconds}秒"),
                _ => write!(out, "{}分", seconds.div_ceil(60)),
            };
        };
        let style = style
            .with_key("per_sec", rate)
            .with_key("eta", rest)
            .progress_chars("=> ");
        bar.set_style(style);
        let lines = bar.is_hidden() && !json;
        Progress { bar, lines }
    }

    fn tell(&self, event: &Event) {
        match event {
            Event::Begun(file) => self.bar.set_message((*file).to_owned()),
            Event::Done(done) => {
                self.bar.inc(1);
                if self.lines {
                    let (at, all) = (self.bar.position(), self.bar.length().unwrap_or(0));
                    say(&format!("[{at}/{all}] {}", line(done)));
                }
            }
        }
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}

fn line(done: &Done) -> String {
    match &done.state {
        State::Made(entry) => format!("已生成 {}（{}页）", done.file, entry.pages),
        State::Unchanged(_) => format!("没有变 {}", done.file),
        State::Kept(_) => format!("保留 {}（做成后改动过，如已用印）", done.file),
        State::Failed(_) => format!("失败 {}", done.file),
    }
}

/// Says the faults of the whole input.
fn tell_faults(found: Diagnostics, sources: &Sources, options: &BatchOptions) -> Status {
    let failed = found.has_errors();
    let faults = found.sorted();
    if options.json && failed {
        say(&report::json(&faults));
    } else if !faults.is_empty() {
        complain(&report::text(&faults, sources));
    }
    match failed {
        true => Status::Faults,
        false => Status::Fine,
    }
}

fn listed(
    intents: &[Intent],
    left_over: &[(String, bool)],
    plan: &Plan,
    options: &BatchOptions,
) -> String {
    let files = |wanted: bool| {
        let files = left_over
            .iter()
            .filter(move |(_, is_ours)| *is_ours == wanted);
        files.map(|(file, _)| file.clone()).collect::<Vec<_>>()
    };
    if options.json {
        let entry = |intent: &Intent| {
            json!({
                "unit": intent.unit, "number": intent.number, "file": intent.file,
                "findings": intent.findings,
                "current": intent.outlook == Outlook::Current,
                "blocked": intent.outlook == Outlook::Blocked,
            })
        };
        let entries: Vec<Value> = intents.iter().map(entry).collect();
        let left_over: Vec<&String> = left_over.iter().map(|(file, _)| file).collect();
        return format!(
            "{:#}",
            json!({ "planned": entries, "silent": plan.silent, "left_over": left_over })
        );
    }
    let mut text = String::new();
    for intent in intents {
        let what = match intent.outlook {
            Outlook::Current => "不变",
            Outlook::Due => "要做",
            Outlook::Blocked => "不能覆盖",
        };
        let number = intent.number.as_deref().unwrap_or("（没有字号）");
        let findings = match intent.unit.is_empty() {
            true => "整份公文".to_owned(),
            false => format!("{}，{}个问题", intent.unit, intent.findings),
        };
        text.push_str(&format!("{what} {number} {}（{findings}）\n", intent.file));
    }
    let count = |outlook| {
        intents
            .iter()
            .filter(|intent| intent.outlook == outlook)
            .count()
    };
    let (all, due, same) = (intents.len(), count(Outlook::Due), count(Outlook::Current));
    text.push_str(&format!("共{all}份：要做{due}份，不变{same}份"));
    match count(Outlook::Blocked) {
        0 => text.push('\n'),
        blocked => text.push_str(&format!(
            "，不能覆盖{blocked}份（同名文件不是本程序做的，或做成后改动过；要换成新的先移走，或加“--force”）\n"
        )),
    }
    text.push_str(&silent(plan));
    let what = match options.run.prune {
        true => "会删去（写了“--prune”）",
        false => "不动；要删去就加“--prune”",
    };
    for (names, what) in [(files(true), what), (files(false), "做成后改动过，不删")] {
        if !names.is_empty() {
            let count = names.len();
            text.push_str(&format!(
                "不再需要的文件{count}个：{}（{what}）\n",
                some(&names)
            ));
        }
    }
    text
}

fn silent(plan: &Plan) -> String {
    match plan.silent.len() {
        0 => String::new(),
        count => format!(
            "没有问题、不发通知的单位{count}个：{}\n",
            some(&plan.silent)
        ),
    }
}

/// The first few names of a list.
fn some(names: &[String]) -> String {
    const MOST: usize = 8;
    let shown: Vec<&str> = names.iter().take(MOST).map(String::as_str).collect();
    let more = if names.len() > MOST { "等" } else { "" };
    shown.join("、") + more
}

fn tell(
    found: Diagnostics,
    summary: &Summary,
    plan: &Plan,
    sources: &Sources,
    options: &BatchOptions,
) -> Status {
    let failures: Vec<_> = summary.failures().collect();
    if options.json {
        say(&as_json(&found.sorted(), summary, plan, options));
    } else {
        tell_faults(found, sources, options);
        let remarks = remarks(&summary.done, sources);
        if !remarks.is_empty() {
            complain(&remarks);
        }
        say(&summed(summary, plan, options));
        for failure in &failures {
            let unit = match failure.unit.as_str() {
                "" => "整份公文",
                unit => unit,
            };
            complain(&format!("没有做成 {unit}：{}", failure.reason));
        }
    }
    summary
        .refusals
        .iter()
        .for_each(|refusal| complain(refusal));
    if summary.not_begun > 0 {
        complain(&format!(
            "已中断，还有{}份没有做；再运行一次同样的命令就接着做",
            summary.not_begun
        ));
        return Status::Stopped;
    }
    match (summary.refusals.is_empty(), failures.is_empty()) {
        (false, _) => Status::Stopped,
        (true, false) => Status::Faults,
        (true, true) => Status::Fine,
    }
}

/// What the single papers gave rise to; what is the same in several is said once.
fn remarks(done: &[Done], sources: &Sources) -> String {
    const MOST: usize = 30;
    let mut groups: Vec<(&Diagnostic, Vec<&str>)> = Vec::new();
    let mut places: BTreeMap<(&str, String, &str), usize> = BTreeMap::new();
    for one in done {
        for fault in &one.diagnostics {
            let key = (fault.code, fault.origin.to_string(), fault.message.as_str());
            let place = *places.entry(key).or_insert_with(|| {
                groups.push((fault, Vec::new()));
                groups.len() - 1
            });
            let units = &mut groups[place].1;
            if units.last() != Some(&one.unit.as_str()) {
                units.push(&one.unit);
            }
        }
    }
    groups.sort_by_key(|(fault, _)| fault.severity != Severity::Error);
    let mut text = String::new();
    for (fault, units) in groups.iter().take(MOST) {
        let first = match units[0] {
            "" => "整份公文",
            unit => unit,
        };
        match units.len() {
            1 => text.push_str(&format!("〔{first}〕")),
            count => text.push_str(&format!("〔{first}等{count}份〕")),
        }
        text.push_str(&report::entry(fault, sources));
    }
    if groups.len() > MOST {
        text.push_str(&format!("另有{}条，不再列出\n", groups.len() - MOST));
    }
    text
}

fn summed(summary: &Summary, plan: &Plan, options: &BatchOptions) -> String {
    let (made, unchanged, kept) = summary.counts();
    let failed = summary.failures().count();
    let shown = |name: &str| options.folder.join(name).display().to_string();
    let mut text = format!("已生成{made}份");
    if unchanged > 0 {
        text.push_str(&format!("，没有变、不必重做{unchanged}份"));
    }
    if kept > 0 {
        text.push_str(&format!("，做成后改动过、原样保留{kept}份"));
    }
    if failed > 0 {
        text.push_str(&format!("，失败{failed}份"));
    }
    text.push_str(&format!("，在文件夹 {}\n", options.folder.display()));
    if summary.has_ledger {
        text.push_str(&format!("台账：{}\n", shown(batch::LEDGER)));
    }
    if let Some(pages) = summary.merged {
        text.push_str(&format!("合订本：{}（{pages}页）\n", shown(batch::MERGED)));
    }
    if summary.packed {
        text.push_str(&format!("打包：{}\n", shown(batch::PACKED)));
    }
    let older = [
        (batch::MERGED, "--merge", options.run.merge),
        (batch::PACKED, "--zip", options.run.zip),
    ];
    for (name, flag, is_asked_for) in older {
        if made > 0 && !is_asked_for && options.folder.join(name).exists() {
            text.push_str(&format!(
                "{} 是以前做的，里面没有这次的改动；要重做就加“{flag}”\n",
                shown(name)
            ));
        }
    }
    text.push_str(&silent(plan));
    if !summary.pruned.is_empty() {
        let count = summary.pruned.len();
        text.push_str(&format!(
            "已删去不再需要的文件{count}个：{}\n",
            some(&summary.pruned)
        ));
    }
    if !summary.left_over.is_empty() {
        let count = summary.left_over.len();
        let names = some(&summary.left_over);
        let why = match options.run.prune {
            true => "做成后改动过，没有删",
            false => "要删去就加“--prune”；改动过的不删",
        };
        text.push_str(&format!("不再需要的文件{count}个：{names}（{why}）\n"));
    }
    text.extend(summary.set_aside.as_deref().map(set_aside));
    text
}

/// What is said of an older ledger that is kept.
fn set_aside(path: &Path) -> String {
    format!(
        "原来的发文台账里有新的台账带不过来的内容（自己添的工作表或行、公式、批注、颜色、链接、数字格式等），原件留作 {}\n",
        path.display()
    )
}

fn as_json(found: &[Diagnostic], summary: &Summary, plan: &Plan, options: &BatchOptions) -> String {
    let entry = |done: &Done| {
        let (state, reason) = match &done.state {
            State::Made(_) => ("made", None),
            State::Unchanged(_) => ("unchanged", None),
            State::Kept(_) => ("kept", None),
            State::Failed(failure) => ("failed", Some(&failure.reason)),
        };
        json!({
            "unit": done.unit, "serial": done.serial, "file": done.file,
            "state": state, "reason": reason,
            "diagnostics": done.diagnostics.iter().map(report::json_entry).collect::<Vec<_>>(),
        })
    };
    let files: Vec<Value> = summary.done.iter().map(entry).collect();
    let shown = |path: &Path| path.display().to_string();
    format!(
        "{:#}",
        json!({
            "folder": shown(&options.folder),
            "diagnostics": found.iter().map(report::json_entry).collect::<Vec<_>>(),
            "files": files,
            "not_begun": summary.not_begun,
            "silent": plan.silent,
            "left_over": summary.left_over,
            "pruned": summary.pruned,
            "merged_pages": summary.merged,
            "older_ledger": summary.set_aside.as_deref().map(shown),
            "refused": summary.refusals,
        })
    )
}

/// Makes one ledger of the folders of several parts.
pub fn join(parts: &[PathBuf], folder: &Path) -> Status {
    match batch::join(parts, folder) {
        Err(error) => {
            complain(&error.to_string());
            Status::Stopped
        }
        Ok(joined) if joined.faults.is_empty() => {
            let failed = match joined.failed {
                0 => String::new(),
                count => format!("，其中失败{count}份"),
            };
            let ledger = folder.join(batch::LEDGER);
            say(&format!(
                "台账：{}，共{}份{failed}",
                ledger.display(),
                joined.rows
            ));
            if let Some(path) = &joined.set_aside {
                say(set_aside(path).trim_end());
            }
            match joined.failed {
                0 => Status::Fine,
                _ => Status::Faults,
            }
        }
        Ok(joined) => {
            joined.faults.iter().for_each(|fault| complain(fault));
            Status::Stopped
        }
    }
}
