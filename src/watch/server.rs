//! The server of the preview. Comes in: requests of the reader's browser. Goes out: the page, what it
//! shows, and nothing else: no address leads to the disk.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tiny_http::{Request, Server};

use super::desk::Desk;
use super::draft::Draft;
use super::guard::Guard;
use super::page;

/// Threads that answer; those that wait for news are beside them.
const THREADS: usize = 4;

/// As many readers may wait for news.
const MOST_WAITING: usize = 64;

/// A wait for news ends after this time; the browser asks again.
const WAIT: Duration = Duration::from_secs(20);

/// Pixels per inch of a page that is saved as PNG.
const RESOLUTION: f32 = 200.0;

/// What the page may do: run its own scripts, show what it draws itself, ask its own server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

macro_rules! files {
    ($($name:literal: $kind:literal),* $(,)?) => {
        &[$(($name, $kind, include_str!(concat!("../../templates/preview/", $name)))),*]
    };
}

/// The page itself: name, kind and text of each file.
const FILES: &[(&str, &str, &str)] = files! {
    "index.html": "text/html",
    "style.css": "text/css",
    "icon.svg": "image/svg+xml",
    "main.js": "text/javascript",
    "canvas.js": "text/javascript",
    "pages.js": "text/javascript",
    "overview.js": "text/javascript",
    "panel.js": "text/javascript",
    "view.js": "text/javascript",
    "dom.js": "text/javascript",
};

/// What the threads of the server share.
pub struct Service {
    pub desk: Arc<Desk>,
    pub guard: Guard,
    /// The name of the input file, from which downloads are named.
    pub name: String,
    pub waiting: AtomicUsize,
}

/// What is sent.
struct Answer {
    status: u16,
    kind: &'static str,
    body: Arc<[u8]>,
    /// The name under which the browser saves it, and whether it shows it instead.
    file: Option<(String, bool)>,
}

impl Answer {
    fn new(kind: &'static str, body: impl Into<Arc<[u8]>>) -> Self {
        Answer {
            status: 200,
            kind,
            body: body.into(),
            file: None,
        }
    }

    fn refusal(status: u16, text: &str) -> Self {
        Answer {
            status,
            ..Answer::new("text/plain", text.as_bytes())
        }
    }
}

/// Answers requests until the program ends.
pub fn serve(server: Server, service: Service) {
    let (server, service) = (Arc::new(server), Arc::new(service));
    for _ in 0..THREADS {
        let (server, service) = (server.clone(), service.clone());
        std::thread::spawn(move || {
            while let Ok(request) = server.recv() {
                let service = service.clone();
                // A fault of our own costs this answer, not the thread.
                let _ = catch_unwind(AssertUnwindSafe(|| service.take(request)));
            }
        });
    }
}

impl Service {
    fn take(self: Arc<Self>, request: Request) {
        let asked = match self.guard.pass(&request) {
            Ok(asked) => asked.to_owned(),
            Err((status, text)) => return send(request, &Answer::refusal(status, text)),
        };
        let (path, query) = asked.split_once('?').unwrap_or((&asked, ""));
        if path != "state" {
            return send(request, &self.answer(path, query));
        }
        let after = number(query, "after").unwrap_or(0);
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= MOST_WAITING {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return send(request, &Answer::refusal(503, "打开的预览太多，请关掉几个"));
        }
        std::thread::spawn(move || {
            let state = self.desk.state(after, WAIT);
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            send(request, &Answer::new("application/json", state));
        });
    }

    fn answer(&self, path: &str, query: &str) -> Answer {
        let path = if path.is_empty() { "index.html" } else { path };
        if let Some((_, kind, text)) = FILES.iter().find(|(name, ..)| *name == path) {
            return Answer::new(kind, text.as_bytes());
        }
        let draft = self.desk.shown().draft.clone();
        let found = match (path, draft) {
            ("glyphs", _) => self.glyphs(query),
            ("picture", _) => self.picture(query),
            (_, None) => return Answer::refusal(404, "还没有排出页面"),
            ("notices", Some(draft)) => notices(&draft),
            ("notice", Some(draft)) => self.notice(&draft, query),
            (_, Some(draft)) => self.of_draft(path, &draft, query),
        };
        found.unwrap_or_else(|| Answer::refusal(404, "这里没有所要的内容"))
    }

    /// What is asked of a draft, or of one of its notices.
    fn of_draft(&self, path: &str, draft: &Arc<Draft>, query: &str) -> Option<Answer> {
        let draft = match number(query, "notice") {
            Some(index) => draft.notices.as_ref()?.get(index)?.draft.clone()?,
            None => draft.clone(),
        };
        match path {
            "page" => one_page(&draft, query),
            "origin" => origin(&draft, query),
            "changes" => self.changes(&draft, query),
            "pdf" => Some(self.pdf(&draft, query)),
            "png" => self.png(&draft, query),
            "svg" => svg(&draft, query),
            _ => None,
        }
    }

    fn notice(&self, draft: &Draft, query: &str) -> Option<Answer> {
        let notice = draft.notices.as_ref()?.get(number(query, "index")?)?;
        Some(Answer::new("application/json", self.desk.notice(&notice)))
    }

    /// The outlines behind those that the browser has.
    fn glyphs(&self, query: &str) -> Option<Answer> {
        let stock = self.desk.stock();
        let from: usize = number(query, "from")?;
        let outlines = page::outlines(stock.outlines().get(from..)?);
        Some(Answer::new("application/json", outlines))
    }

    fn picture(&self, query: &str) -> Option<Answer> {
        let picture = self.desk.stock().picture(number(query, "number")?)?.clone();
        Some(Answer::new(picture.kind, picture.bytes.as_slice()))
    }

    fn changes(&self, draft: &Draft, query: &str) -> Option<Answer> {
        let base: u64 = number(query, "base")?;
        let shown = self.desk.shown();
        let version = shown
            .versions
            .iter()
            .find(|version| version.number == base)?;
        let units = version.units.clone();
        drop(shown);
        let changes = draft.changes(&units);
        let json = serde_json::to_vec(&changes).expect("changes hold only text and finite numbers");
        Some(Answer::new("application/json", json))
    }

    fn pdf(&self, draft: &Draft, query: &str) -> Answer {
        let file = (
            format!("{}.pdf", self.stem()),
            query.split('&').any(|part| part == "show"),
        );
        Answer {
            file: Some(file),
            ..Answer::new("application/pdf", draft.made().pdf())
        }
    }

    fn png(&self, draft: &Draft, query: &str) -> Option<Answer> {
        let page: usize = number(query, "page").filter(|page| *page < draft.pages.len())?;
        let file = (format!("{}-{}.png", self.stem(), page + 1), false);
        Some(Answer {
            file: Some(file),
            ..Answer::new("image/png", draft.made().png(page, RESOLUTION))
        })
    }

    fn stem(&self) -> String {
        let stem = Path::new(&self.name).file_stem().unwrap_or_default();
        stem.to_string_lossy().into_owned()
    }
}

fn notices(draft: &Draft) -> Option<Answer> {
    let list = draft.notices.as_ref()?.list()?;
    let json = serde_json::to_vec(&*list).expect("a list holds only text and numbers");
    Some(Answer::new("application/json", json))
}

fn one_page(draft: &Draft, query: &str) -> Option<Answer> {
    let look = value(query, "look")?;
    let page = draft.pages.iter().find(|page| page.look == look)?;
    Some(Answer::new("application/json", page.json.clone()))
}

fn svg(draft: &Draft, query: &str) -> Option<Answer> {
    let look = value(query, "look")?;
    let page = draft.pages.iter().position(|page| page.look == look)?;
    Some(Answer::new(
        "image/svg+xml",
        draft.made().svg(page).into_bytes(),
    ))
}

fn origin(draft: &Draft, query: &str) -> Option<Answer> {
    let of_draft: u64 = number(query, "draft")?;
    if of_draft != draft.number {
        return Some(Answer::refusal(409, "版面已经更新"));
    }
    let told = draft.told(
        number(query, "page")?,
        number(query, "line")?,
        number(query, "segment")?,
        number(query, "letter").unwrap_or(0),
    )?;
    let json = serde_json::to_vec(&told).expect("what is told holds only text and finite numbers");
    Some(Answer::new("application/json", json))
}

fn value<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value)
        .next()
}

fn number<T: std::str::FromStr>(query: &str, name: &str) -> Option<T> {
    value(query, name)?.parse().ok()
}

/// Sends head and body in one piece, so that the system does not hold the second back.
fn send(request: Request, answer: &Answer) {
    let mut bytes = head(answer).into_bytes();
    bytes.extend_from_slice(&answer.body);
    let mut writer = request.into_writer();
    // A reader that has gone away is no fault of ours.
    let _ = writer.write_all(&bytes).and_then(|()| writer.flush());
}

/// Every answer ends its connection: the threads of tiny_http are counted too high when several
/// connections come at once, and one that waits for a thread would wait for good if none were ended.
fn head(answer: &Answer) -> String {
    let Answer {
        status,
        kind,
        body,
        file,
    } = answer;
    let length = body.len();
    let charset = match kind.starts_with("text/") {
        true => "; charset=utf-8",
        false => "",
    };
    let policy = match *kind {
        // The browser's own viewer runs in the place of a PDF.
        "application/pdf" => String::new(),
        "image/svg+xml" => {
            "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox\r\n"
                .into()
        }
        _ => format!("Content-Security-Policy: {POLICY}\r\n"),
    };
    let file = file.as_ref().map_or(String::new(), |(name, shown)| {
        let how = if *shown { "inline" } else { "attachment" };
        let name = percent(name);
        format!("Content-Disposition: {how}; filename*=UTF-8''{name}\r\n")
    });
    let reason = match status {
        200 => "OK",
        _ => "Refused",
    };
    format!(
        "HTTP/1.1 {status} {reason}\r\nContent-Type: {kind}{charset}\r\nContent-Length: {length}\r\n\
         {policy}{file}Connection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\
         X-Frame-Options: DENY\r\nReferrer-Policy: no-referrer\r\n\
         Cross-Origin-Resource-Policy: same-origin\r\nCross-Origin-Opener-Policy: same-origin\r\n\r\n"
    )
}

/// A name as it stands in a header: all but plain letters as bytes.
fn percent(name: &str) -> String {
    name.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).into(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
