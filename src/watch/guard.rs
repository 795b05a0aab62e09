//! Who may ask. Comes in: the head of a request. Goes out: what is asked for, or why it is refused.
//!
//! The server listens on this machine alone, but any page in the reader's browser can send requests
//! there. So the address holds a secret; the name in `Host` must be this machine's (a foreign name
//! that leads here would make a foreign page one of ours); and a page elsewhere is refused by its
//! `Origin`.

use tiny_http::{Method, Request};

/// Why a request is refused: the status and a sentence.
pub type Refusal = (u16, &'static str);

/// Knows the address of the preview.
pub struct Guard {
    /// `127.0.0.1:` and the port, and other names of the same.
    hosts: Vec<String>,
    token: String,
}

impl Guard {
    /// Guards the preview at that port of this machine.
    pub fn new(port: u16, token: String) -> Self {
        let hosts = ["127.0.0.1", "localhost"];
        Guard {
            hosts: hosts.iter().map(|host| format!("{host}:{port}")).collect(),
            token,
        }
    }

    /// What a request asks for: the address behind the secret, with its query.
    pub fn pass<'a>(&self, request: &'a Request) -> Result<&'a str, Refusal> {
        let headers = |name: &'static str| {
            let headers = request.headers().iter();
            let named = headers.filter(move |header| header.field.equiv(name));
            named.map(|header| header.value.as_str())
        };
        let head = Head {
            get: *request.method() == Method::Get,
            url: request.url(),
            hosts: headers("Host").collect(),
            origins: headers("Origin").collect(),
            sites: headers("Sec-Fetch-Site").collect(),
        };
        self.judge(&head)
    }

    fn judge<'a>(&self, head: &Head<'a>) -> Result<&'a str, Refusal> {
        if !head.get {
            return Err((405, "这里只能查看，不能提交"));
        }
        let [host] = head.hosts.as_slice() else {
            return Err((400, "请求没有写明或重复写了 Host"));
        };
        if !self.hosts.iter().any(|own| own == host) {
            return Err((403, "请求的主机名不是本机，已拒绝"));
        }
        let own = |origin: &&str| origin.strip_prefix("http://") == Some(host);
        if !head.origins.iter().all(own) {
            return Err((403, "请求来自别的网页，已拒绝"));
        }
        let near = |site: &&str| matches!(*site, "same-origin" | "none");
        if !head.sites.iter().all(near) {
            return Err((403, "请求来自别的网页，已拒绝"));
        }
        let (token, rest) = head
            .url
            .strip_prefix('/')
            .and_then(|path| path.split_once('/'))
            .unwrap_or_default();
        match same(token.as_bytes(), self.token.as_bytes()) {
            true => Ok(rest),
            false => Err((403, "网址不完整，请使用终端里显示的完整网址")),
        }
    }
}

struct Head<'a> {
    get: bool,
    url: &'a str,
    hosts: Vec<&'a str>,
    origins: Vec<&'a str>,
    sites: Vec<&'a str>,
}

/// Compares in a time that does not tell how much is the same.
fn same(a: &[u8], b: &[u8]) -> bool {
    let differing = a.iter().zip(b).fold(0, |all, (a, b)| all | (a ^ b));
    a.len() == b.len() && std::hint::black_box(differing) == 0
}

/// A secret that cannot be guessed, in 32 letters.
pub fn token() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(change: impl FnOnce(&mut Head<'static>)) -> Result<&'static str, u16> {
        let mut head = Head {
            get: true,
            url: "/secret/state?after=1",
            hosts: vec!["127.0.0.1:8000"],
            origins: vec!["http://127.0.0.1:8000"],
            sites: vec!["same-origin"],
        };
        change(&mut head);
        let guard = Guard::new(8000, "secret".to_owned());
        guard.judge(&head).map_err(|(status, _)| status)
    }

    #[test]
    fn lets_our_own_page_pass() {
        assert_eq!(judged(|_| ()), Ok("state?after=1"));
        assert_eq!(judged(|head| head.hosts = vec!["localhost:8000"]), Err(403));
        let local = |head: &mut Head<'static>| {
            head.hosts = vec!["localhost:8000"];
            head.origins.clear();
        };
        assert_eq!(judged(local), Ok("state?after=1"));
    }

    #[test]
    fn refuses_foreign_hosts_pages_methods_and_guesses() {
        for host in [
            "evil.example:8000",
            "127.0.0.1",
            "127.0.0.1:80",
            "",
            "127.0.0.1:8000.evil",
        ] {
            assert_eq!(judged(|head| head.hosts = vec![host]), Err(403), "{host}");
        }
        assert_eq!(judged(|head| head.hosts.clear()), Err(400));
        assert_eq!(judged(|head| head.hosts.push("127.0.0.1:8000")), Err(400));
        for origin in ["http://evil.example", "null", "https://127.0.0.1:8000"] {
            assert_eq!(
                judged(|head| head.origins = vec![origin]),
                Err(403),
                "{origin}"
            );
        }
        for site in ["cross-site", "same-site"] {
            assert_eq!(judged(|head| head.sites = vec![site]), Err(403), "{site}");
        }
        for url in [
            "/",
            "",
            "/state",
            "/secre/state",
            "/secrets/",
            "//secret/",
            "/secret",
        ] {
            assert_eq!(judged(|head| head.url = url), Err(403), "{url}");
        }
        assert_eq!(judged(|head| head.get = false), Err(405));
    }
}
