//! Watch: the draft beside the table. Comes in: the path of an input file. Goes out: its pages in the
//! browser on this machine, which follow each save, and news for the terminal.
//!
//! ```text
//! files (touched?) → rebuild (run) → draft, findings, notices → desk → server → browser
//!                                                                       ↑ guard (who may ask)
//! ```
//!
//! The browser draws the pages from `page` (what to draw, and the words with their edges) and asks
//! `origin` where words come from and `changes` (`units`, `diff`) what is new. The page's own files
//! lie in `templates/preview/`.

mod changes;
mod desk;
mod diff;
mod draft;
mod files;
mod findings;
mod guard;
mod notices;
mod origin;
mod page;
mod rebuild;
mod run;
mod segments;
mod server;
mod units;

use std::net::{Ipv4Addr, TcpListener};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;

pub use draft::Draft;

use desk::Desk;
use guard::Guard;
use rebuild::Rebuild;
use server::Service;

use crate::typeset;

/// What is watched and shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    pub input: PathBuf,
    pub font_dir: Option<PathBuf>,
    /// Where the PDF is kept up to date.
    pub output: Option<PathBuf>,
    /// 0 takes any that is free.
    pub port: u16,
}

/// What the terminal is told.
pub enum News {
    Rebuilt(Rebuilt),
    /// The draft is good and nothing was saved for a while: its PDF may be written.
    Save(Arc<Draft>),
    /// The user asked for the end.
    Stop,
    /// Rebuilding ended by a fault of our own.
    Broken,
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Rebuilt {
    pub took: Duration,
    /// `None` where there was a fault and the last good pages stay.
    pub pages: Option<usize>,
    /// Errors, warnings and notes.
    pub counts: [usize; 3],
    /// The first fault, or why nothing could be made.
    pub first: Option<String>,
}

/// Starts watching and serving, on threads that live as long as the program; gives the address for
/// the browser. A refusal says why there is none.
pub fn watch(options: Options, news: Sender<News>) -> Result<String, String> {
    let wanted = options.port;
    let refused = |error: &dyn std::fmt::Display| {
        format!("错误：无法在本机的端口 {wanted} 上提供预览：{error}")
    };
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, wanted)).map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => refused(&"端口已被占用，换一个或不写“--port”"),
            _ => refused(&error),
        })?;
    let port = listener
        .local_addr()
        .map_err(|error| refused(&error))?
        .port();
    let server = tiny_http::Server::from_listener(listener, None);
    let server = server.map_err(|error| refused(&error))?;
    let token = guard::token().map_err(|error| refused(&error))?;
    let address = format!("http://127.0.0.1:{port}/{token}/");
    let desk = Arc::new(Desk::default());
    let name = options.input.file_name().unwrap_or_default();
    let service = Service {
        desk: desk.clone(),
        guard: Guard::new(port, token),
        name: name.to_string_lossy().into_owned(),
        waiting: Default::default(),
    };
    server::serve(server, service);
    let rebuild = Rebuild {
        options,
        desk,
        news,
    };
    let thread = std::thread::Builder::new().stack_size(typeset::STACK);
    let started = thread.spawn(move || {
        let news = rebuild.news.clone();
        if catch_unwind(AssertUnwindSafe(|| rebuild.run())).is_err() {
            let _ = news.send(News::Broken); // Nobody listens at the end.
        }
    });
    started.map_err(|error| refused(&error))?;
    Ok(address)
}
