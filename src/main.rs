//! The command `hongtou`: arguments in, exit code out.

use std::process::ExitCode;

// Laying out a page is a great many small allocations; the system's allocator takes a seventh of a run.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    hongtou::cli::run(std::env::args_os())
}
