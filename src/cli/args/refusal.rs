//! What clap refused comes in, the same in Chinese goes out.

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// What clap refused of the arguments of `command`, in Chinese.
pub fn refusal(error: &clap::Error, command: &Command) -> String {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        _ => String::new(),
    };
    let argument = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let meant = |kind| match context(kind) {
        meant if meant.is_empty() => String::new(),
        meant => format!("，是不是“{meant}”"),
    };
    let what = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let name = context(ContextKind::InvalidSubcommand);
            let meant = meant(ContextKind::SuggestedSubcommand);
            format!("没有“{name}”这个命令{meant}")
        }
        ErrorKind::MissingSubcommand => "没有写命令".to_owned(),
        ErrorKind::UnknownArgument if argument.starts_with('-') => {
            let meant = meant(ContextKind::SuggestedArg);
            format!("不认识“{argument}”{meant}")
        }
        ErrorKind::UnknownArgument => format!("“{argument}”是多写的"),
        ErrorKind::MissingRequiredArgument => format!("缺少{argument}"),
        ErrorKind::InvalidValue if value.is_empty() => format!("“{argument}”后面缺少内容"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("“{argument}”不能是“{value}”")
        }
        ErrorKind::ArgumentConflict => match context(ContextKind::PriorArg) {
            prior if prior == argument => format!("“{argument}”写了不止一次"),
            prior => format!("“{argument}”不能和“{prior}”一起用"),
        },
        _ => format!("参数有误：{error}"),
    };
    let help = help(command, &argument).map(|help| format!("\n  说明：{argument}  {help}"));
    let hint = "建议：用“hongtou --help”或“hongtou 命令 --help”查看用法";
    format!("{what}{}\n  {hint}", help.unwrap_or_default())
}

/// What the help of a command says of one of its arguments, as clap writes it in errors.
fn help(command: &Command, argument: &str) -> Option<String> {
    let mut all = command.get_arguments();
    let found = all.find(|known| known.to_string() == argument)?;
    Some(found.get_help()?.to_string())
}
