//! A watch that tests and measurements drive: the program, and what its address answers.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

/// A program that watches, ended when this is dropped.
pub struct Watching {
    pub child: Child,
    /// What it says, where nobody has taken it.
    pub out: Option<BufReader<ChildStdout>>,
    pub address: String,
    pub folder: tempfile::TempDir,
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came for a request.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Watching {
    /// Watches the input of that name in `folder`.
    pub fn start(folder: tempfile::TempDir, input: &str, arguments: &[&str]) -> Watching {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hongtou"))
            .current_dir(folder.path())
            .args(["watch", input, "--no-open"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("预览：").unwrap().to_owned();
        Watching {
            child,
            out: Some(out),
            address,
            folder,
        }
    }

    /// The host with its port, and the secret.
    pub fn parts(&self) -> (&str, &str) {
        let rest = self.address.strip_prefix("http://").unwrap();
        rest.trim_end_matches('/').split_once('/').unwrap()
    }

    /// Sends a head as it is.
    pub fn raw(&self, head: &str) -> Answer {
        let mut stream = TcpStream::connect(self.parts().0).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    pub fn asked(&self, url: &str, headers: &str) -> Answer {
        let head = format!("GET {url} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n");
        self.raw(&head)
    }

    pub fn get(&self, path: &str) -> Answer {
        let (host, token) = self.parts();
        self.asked(&format!("/{token}/{path}"), &format!("Host: {host}\r\n"))
    }

    pub fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    /// The first state after `number` that `is_it` picks.
    pub fn state(&self, number: u64, is_it: impl Fn(&Value) -> bool) -> Value {
        let mut after = number;
        loop {
            let state = self.json(&format!("state?after={after}"));
            after = state["number"].as_u64().unwrap();
            if is_it(&state) {
                return state;
            }
        }
    }
}

/// Writes a file as office programs save: beside its place, then renamed.
pub fn save(folder: &Path, file: &str, write: impl FnOnce(&Path)) {
    let other = folder.join("另存.tmp");
    write(&other);
    std::fs::rename(other, folder.join(file)).unwrap();
}
