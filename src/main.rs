//! The command `hongtou`: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    hongtou::cli::run(std::env::args_os())
}
