//! The command line. Comes in: arguments. Goes out: files, messages and an exit code: 0 fine,
//! 1 faults in the input, 2 could not work.

mod annotate;
mod args;
mod batch;
mod build;
mod check;
mod new;
pub mod report;
mod rules;
mod sarif;
mod template;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;

use args::Command;
use report::say;

/// What a command came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// 0: done.
    Fine,
    /// 1: the input has faults; nothing was written.
    Faults,
    /// 2: the program could not work.
    Stopped,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        ExitCode::from(match status {
            Status::Fine => 0,
            Status::Faults => 1,
            Status::Stopped => 2,
        })
    }
}

/// Runs the command that the arguments name. A fault of our own says so and writes nothing.
pub fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    std::panic::set_hook(Box::new(|fault| {
        if crate::load::reads_workbook() {
            return; // A damaged workbook, which is reported as such.
        }
        let ask = "这是程序自身的错误，请把下面一行和输入文件一起报告给开发者";
        report::complain(&format!("错误：{ask}\n  {fault}"));
    }));
    let arguments: Vec<OsString> = arguments.collect();
    std::panic::catch_unwind(|| command(arguments)).unwrap_or(Status::Stopped.into())
}

fn command(arguments: Vec<OsString>) -> ExitCode {
    let command = match args::parse(arguments.into_iter()) {
        Ok(command) => command,
        Err(args::Stop::Help(text)) => {
            say(&text);
            return Status::Fine.into();
        }
        Err(args::Stop::Refused(text)) => {
            report::complain(&text);
            return Status::Stopped.into();
        }
    };
    let status = match command {
        Command::Build(options) => build::build(&options),
        Command::Watch(options) => watch::watch(&options),
        Command::Batch(options) => batch::batch(&options),
        Command::Join { parts, folder } => batch::join(&parts, &folder),
        Command::Check(options) => check::check(&options),
        Command::Rules => rules::rules(),
        Command::Explain { code } => rules::explain(&code),
        Command::New { folder, kind } => new::new(&folder, &kind),
        Command::Schema { profile } => {
            let schema = match profile {
                true => crate::load::profile_schema(),
                false => crate::load::schema(),
            };
            say(&format!("{schema:#}"));
            Status::Fine
        }
        Command::Template(action) => template::template(&action),
        Command::Fonts { folder } => fonts(folder.as_deref()),
        Command::Licenses => {
            say(include_str!("../../fonts/licenses/NOTICE.txt"));
            Status::Fine
        }
    };
    match report::has_lost() {
        true => Status::Stopped.into(),
        false => status.into(),
    }
}

fn fonts(folder: Option<&std::path::Path>) -> Status {
    use crate::typeset::{Fonts, RoleFace};
    let fonts = match folder.map_or(Ok(Fonts::embedded()), Fonts::with_folder) {
        Ok(fonts) => fonts,
        Err(error) => {
            report::complain(&error.to_string());
            return Status::Stopped;
        }
    };
    for role in fonts.roles() {
        let RoleFace {
            role,
            face,
            source,
            coverage,
        } = role;
        say(&format!("{role}：{face}（{source}），{coverage}字"));
    }
    Status::Fine
}
