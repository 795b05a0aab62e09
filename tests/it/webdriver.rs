//! A browser that tests drive, by the WebDriver protocol of Debian's chromium-driver.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

/// A headless browser with one window.
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
    _profile: tempfile::TempDir,
    _turn: MutexGuard<'static, ()>,
}

/// One browser at a time: several together are slower than one after the other.
static TURN: Mutex<()> = Mutex::new(());

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            let _ = self.ask("DELETE", "", None);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Browser {
    /// Starts a browser; `None` where none is installed, unless HONGTOU_BROWSER asks for one.
    pub fn start() -> Option<Browser> {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let started = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut driver = match started {
            Ok(driver) => driver,
            Err(error) => {
                let wanted = std::env::var_os("HONGTOU_BROWSER").is_some();
                assert!(!wanted, "chromedriver does not start: {error}");
                return None;
            }
        };
        let mut out = BufReader::new(driver.stdout.take().unwrap());
        let port = loop {
            let mut line = String::new();
            assert!(out.read_line(&mut line).unwrap() > 0, "chromedriver ends");
            if let Some((_, port)) = line
                .trim()
                .trim_end_matches('.')
                .split_once("successfully on port ")
                && let Ok(port) = port.parse()
            {
                break port;
            }
        };
        std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        let profile = tempfile::tempdir().unwrap();
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1280,900",
        ];
        let mut arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        let options = json!({ "goog:chromeOptions": { "args": arguments } });
        let mut browser = Browser {
            driver,
            port,
            session: String::new(),
            _profile: profile,
            _turn: turn,
        };
        let wanted = json!({ "capabilities": { "alwaysMatch": options } });
        let session = browser.ask("POST", "/session", Some(wanted));
        browser.session = format!("/session/{}", session["sessionId"].as_str().unwrap());
        Some(browser)
    }

    pub fn open(&self, address: &str) {
        self.ask("POST", "/url", Some(json!({ "url": address })));
    }

    pub fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height });
        self.ask("POST", "/window/rect", Some(size));
    }

    /// Runs a script and gives what it returns.
    pub fn run(&self, script: &str) -> Value {
        let script = json!({ "script": script, "args": [] });
        self.ask("POST", "/execute/sync", Some(script))
    }

    /// Runs a script again and again until it returns something; then gives that.
    pub fn wait(&self, script: &str) -> Value {
        for _ in 0..2400 {
            let value = self.run(script);
            if !matches!(value, Value::Null | Value::Bool(false)) {
                return value;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!(
            "never came: {script}\n{}",
            self.run("return document.body.innerText")
        );
    }

    /// Presses the primary button over the first element that a selector picks.
    pub fn click(&self, selector: &str) {
        let query = json!({ "using": "css selector", "value": selector });
        let element = self.ask("POST", "/element", Some(query));
        let id = element
            .as_object()
            .unwrap()
            .values()
            .next()
            .unwrap()
            .clone();
        let path = format!("/element/{}/click", id.as_str().unwrap());
        self.ask("POST", &path, Some(json!({})));
    }

    /// Presses keys one after the other, as WebDriver names them.
    pub fn press(&self, keys: &[&str]) {
        let press = |key: &&str| {
            let of = |kind: &str| json!({ "type": kind, "value": key });
            [of("keyDown"), of("keyUp")]
        };
        let actions: Vec<Value> = keys.iter().flat_map(press).collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": actions });
        self.ask("POST", "/actions", Some(json!({ "actions": [keyboard] })));
    }

    fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let body = body.map_or(String::new(), |body| body.to_string());
        let (port, session) = (self.port, &self.session);
        let head = format!(
            "{method} {session}{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let patience = Some(std::time::Duration::from_secs(180));
        stream.set_read_timeout(patience).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        let mut answer = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            answer.read_line(&mut line).unwrap();
            match line.trim().split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().unwrap();
                }
                _ if line.trim().is_empty() => break,
                _ => {}
            }
        }
        let mut body = vec![0; length];
        answer.read_exact(&mut body).unwrap();
        let answer: Value = serde_json::from_slice(&body).unwrap();
        let value = answer["value"].clone();
        assert!(value["error"].is_null(), "{path}: {value}");
        value
    }
}
