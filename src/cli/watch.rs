//! `hongtou watch`: the pages in the browser, rebuilt at each save; a line for each on the terminal.

use std::path::Path;
use std::sync::mpsc::channel;

use super::Status;
use super::args::WatchOptions;
use super::build::replaces;
use super::report::{complain, harmless, say};
use crate::output::{would_replace, write_all};
use crate::watch::{self, Draft, News, Rebuilt};

/// Watches until Ctrl-C.
pub fn watch(options: &WatchOptions) -> Status {
    let input = std::slice::from_ref(&options.watch.input);
    if let Some(output) = &options.watch.output
        && let Some(input) = would_replace(output, input)
    {
        complain(&replaces(output, input));
        return Status::Stopped;
    }
    let (sender, news) = channel();
    let stop = sender.clone();
    // Where the signal cannot be caught, it ends the program all the same.
    let _ = ctrlc::set_handler(move || drop(stop.send(News::Stop)));
    let address = match watch::watch(options.watch.clone(), sender) {
        Ok(address) => address,
        Err(refusal) => {
            complain(&refusal);
            return Status::Stopped;
        }
    };
    let input = options.watch.input.display();
    say(&format!("预览：{address}"));
    say(&format!("保存 {input} 及其台账后自动重排；按 Ctrl-C 结束"));
    if options.open && opener::open(&address).is_err() {
        say("没能打开浏览器，请把上面的网址复制到浏览器里");
    }
    for event in news {
        match event {
            News::Rebuilt(rebuilt) => tell(&rebuilt),
            News::Save(draft) => save(&draft, options.watch.output.as_deref()),
            News::Stop => break,
            News::Broken => return Status::Stopped,
        }
    }
    Status::Fine
}

/// A line for each run: time, pages, faults.
fn tell(rebuilt: &Rebuilt) {
    let took = rebuilt.took.as_millis();
    let labels = ["错误", "警告", "说明"].into_iter().zip(rebuilt.counts);
    let counts: Vec<String> = labels
        .filter(|(_, count)| *count > 0)
        .map(|(label, count)| format!("{count}个{label}"))
        .collect();
    let counts = counts.join("、");
    match (rebuilt.pages, &rebuilt.first) {
        (Some(pages), None) => say(&format!("已重排（{took}毫秒）：{pages}页")),
        (Some(pages), Some(_)) => say(&format!("已重排（{took}毫秒）：{pages}页，{counts}")),
        (None, first) => {
            let first = harmless(first.as_deref().unwrap_or_default());
            let counts = if counts.is_empty() {
                "无法排印"
            } else {
                &counts
            };
            complain(&format!("没有重排（{took}毫秒）：{counts}，{first}"));
        }
    }
}

fn save(draft: &Draft, output: Option<&Path>) {
    let Some(output) = output else { return };
    if let Some(read) = would_replace(output, &draft.outcome.files) {
        return complain(&replaces(output, read));
    }
    match write_all(&[(output.to_owned(), draft.made().pdf())]) {
        Ok(()) => say(&format!("已存 {}", output.display())),
        Err(refusal) => complain(&refusal),
    }
}
