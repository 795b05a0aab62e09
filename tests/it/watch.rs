//! `hongtou watch` as a program meets it: who may ask, what is answered, and what follows a save.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::watching::{Watching, save};

pub const GOOD: &str = "文种: 问题通报
标题: 某县人民政府办公室关于政务新媒体检查情况的通报
发文机关标志: 某县人民政府办公室文件
发文字号: 某政办发〔2026〕1号
主送机关: 各乡镇人民政府
变量: {检查数: 52}
表格:
  问题清单: {文件: 台账.xlsx}
正文: |
  本次检查了{{ 检查数 }}个账号，共发现{{ 问题清单|求和(\"数量\") }}个问题。
  请各单位认真整改。
附件: [{标题: 问题清单, 表格: 问题清单}]
署名: 某县人民政府办公室
成文日期: 2026年7月1日
";

/// Writes a ledger of units and numbers.
pub fn ledger(folder: &Path, rows: &[(&str, f64)]) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in ["责任单位", "数量"].into_iter().enumerate() {
        sheet.write(0, column as u16, name).unwrap();
    }
    for (row, (unit, number)) in (1..).zip(rows) {
        sheet.write(row, 0, *unit).unwrap();
        sheet.write(row, 1, *number).unwrap();
    }
    save(folder, "台账.xlsx", |other| book.save(other).unwrap());
}

/// Watches 通报.yaml of that text beside a ledger of two rows.
pub fn watching(text: &str, arguments: &[&str]) -> Watching {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("通报.yaml"), text).unwrap();
    ledger(folder.path(), &[("甲镇", 3.0), ("乙镇", 4.0)]);
    Watching::start(folder, "通报.yaml", arguments)
}

impl Watching {
    pub fn write(&self, text: &str) {
        std::fs::write(self.folder.path().join("通报.yaml"), text).unwrap();
    }

    /// The words of a page, line by line.
    fn words(&self, state: &Value, page: usize) -> String {
        let look = state["pages"][page]["look"].as_str().unwrap();
        let page = self.json(&format!("page?look={look}"));
        let lines = page["lines"].as_array().unwrap().iter();
        lines.map(|line| texts(line).concat() + "\n").collect()
    }

    /// The place of a segment with that text: page, line and segment.
    fn place(&self, state: &Value, page: usize, text: &str) -> String {
        let look = state["pages"][page]["look"].as_str().unwrap();
        let json = self.json(&format!("page?look={look}"));
        for (number, line) in json["lines"].as_array().unwrap().iter().enumerate() {
            if let Some(segment) = texts(line).iter().position(|word| word.contains(text)) {
                let draft = &state["draft"];
                return format!("draft={draft}&page={page}&line={number}&segment={segment}");
            }
        }
        panic!("{text} is not on the page: {json}")
    }
}

fn texts(line: &Value) -> Vec<String> {
    let words = line["words"].as_array().unwrap().iter();
    words
        .map(|word| word[2].as_str().unwrap().to_owned())
        .collect()
}

fn is_good(state: &Value) -> bool {
    state["stale"] == false
}

#[test]
fn only_our_own_page_with_the_secret_is_answered() {
    let watching = watching(GOOD, &[]);
    let (host, token) = watching.parts();
    let url = format!("/{token}/");
    let own = format!("Host: {host}\r\n");
    assert_eq!(watching.asked(&url, &own).status, 200);
    for (url, headers) in [
        (url.as_str(), "Host: evil.example\r\n".to_owned()),
        (
            &url,
            format!(
                "Host: evil.example:{}\r\n",
                host.rsplit(':').next().unwrap()
            ),
        ),
        (&url, format!("{own}Origin: http://evil.example\r\n")),
        (&url, format!("{own}Origin: null\r\n")),
        (&url, format!("{own}Sec-Fetch-Site: cross-site\r\n")),
        ("/", own.clone()),
        ("/00000000000000000000000000000000/", own.clone()),
    ] {
        let answer = watching.asked(url, &headers);
        assert_eq!(answer.status, 403, "{url} {headers}");
        assert!(!answer.body.contains('<'), "{}", answer.body);
    }
    let posted =
        format!("POST {url} HTTP/1.1\r\n{own}Content-Length: 0\r\nConnection: close\r\n\r\n");
    assert_eq!(watching.raw(&posted).status, 405);
}

#[test]
fn connections_that_come_together_are_all_answered() {
    let watching = watching(GOOD, &[]);
    let (host, token) = watching.parts();
    for _ in 0..20 {
        std::thread::scope(|scope| {
            for _ in 0..12 {
                scope.spawn(|| {
                    let mut stream = TcpStream::connect(host).unwrap();
                    let patience = Some(std::time::Duration::from_secs(60));
                    stream.set_read_timeout(patience).unwrap();
                    let head = format!("GET /{token}/main.js HTTP/1.1\r\nHost: {host}\r\n\r\n");
                    stream.write_all(head.as_bytes()).unwrap();
                    let mut lines = BufReader::new(stream).lines();
                    let told = lines.any(|line| line.unwrap().eq("Connection: close"));
                    assert!(told, "a browser keeps what is not closed");
                });
            }
        });
    }
}

#[test]
fn no_address_leads_to_the_disk() {
    let watching = watching(GOOD, &[]);
    watching.state(0, is_good);
    for path in [
        "%E9%80%9A%E6%8A%A5.yaml",
        "../%E9%80%9A%E6%8A%A5.yaml",
        "..%2f%E9%80%9A%E6%8A%A5.yaml",
        "/etc/passwd",
        "//etc/passwd",
        "style.css/../main.js",
        "page?look=../../etc/passwd",
        "page",
        "png?page=99",
        "origin?draft=1&page=0&line=999&segment=0",
        "changes?base=77",
        "glyphs?from=99999999",
    ] {
        assert_eq!(watching.get(path).status, 404, "{path}");
    }
}

#[test]
fn answers_may_not_be_framed_kept_or_run() {
    let watching = watching(GOOD, &[]);
    let state = watching.state(0, is_good);
    let look = state["pages"][0]["look"].as_str().unwrap();
    for path in [
        "",
        "state",
        "pdf",
        "png?page=0",
        &format!("svg?look={look}"),
    ] {
        let answer = watching.get(path);
        assert_eq!(answer.status, 200, "{path}");
        for header in [
            "Cache-Control: no-store",
            "X-Content-Type-Options: nosniff",
            "X-Frame-Options: DENY",
            "Referrer-Policy: no-referrer",
            "Cross-Origin-Resource-Policy: same-origin",
        ] {
            assert!(answer.head.contains(header), "{path}: {}", answer.head);
        }
        let policy = answer
            .head
            .contains("Content-Security-Policy: default-src 'none'");
        assert!(policy || path == "pdf", "{path}: {}", answer.head);
    }
}

#[test]
fn follows_each_save_and_keeps_the_good_pages_and_the_pdf_over_a_fault() {
    let watching = watching(GOOD, &["-o", "通报.pdf"]);
    let first = watching.state(0, is_good);
    assert!(watching.words(&first, 0).contains("共发现7个问题"));
    ledger(watching.folder.path(), &[("甲镇", 3.0), ("乙镇", 9.0)]);
    let second = watching.state(1, is_good);
    assert!(watching.words(&second, 0).contains("共发现12个问题"));

    let pdf = watching.folder.path().join("通报.pdf");
    while !pdf.exists() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let good = std::fs::read(&pdf).unwrap();
    assert!(good.starts_with(b"%PDF-"));
    watching.write(&GOOD.replace("2026年7月1日", "2026年2月30日"));
    let faulty = watching.state(2, |state| state["stale"] == true);
    assert_eq!(faulty["pages"], second["pages"]);
    let finding = &faulty["groups"][0]["findings"][0];
    assert_eq!(finding["code"], "body/doc-date/no-such-day");
    assert_eq!(finding["place"]["at"], "通报.yaml:14:7");
    assert_eq!(
        finding["shown"]["page"], 0,
        "the old page shows the place: {finding}"
    );
    assert!(std::fs::read(&pdf).unwrap() == good);

    watching.write(GOOD);
    let mended = watching.state(faulty["number"].as_u64().unwrap(), is_good);
    assert_eq!(mended["pages"], second["pages"]);
}

#[test]
fn a_ledger_that_is_missing_is_taken_in_as_soon_as_it_is_there() {
    let watching = watching(&GOOD.replace("台账.xlsx", "新台账.xlsx"), &[]);
    let faulty = watching.state(0, |state| state["stale"] == true);
    assert_eq!(faulty["draft"], Value::Null);
    let folder = watching.folder.path();
    std::fs::rename(folder.join("台账.xlsx"), folder.join("新台账.xlsx")).unwrap();
    let good = watching.state(1, is_good);
    assert!(watching.words(&good, 0).contains("共发现7个问题"));
}

#[test]
fn a_figure_leads_to_its_cells_and_typed_words_to_their_letter() {
    let watching = watching(GOOD, &[]);
    let state = watching.state(0, is_good);
    let told = watching.json(&format!("origin?{}", watching.place(&state, 0, "7")));
    assert_eq!(told["expression"], "问题清单|求和(\"数量\")");
    assert_eq!(told["place"]["at"], "通报.yaml:10:24");
    let table = &told["tables"][0];
    assert_eq!(table["name"], "问题清单");
    let rows = table["rows"].as_array().unwrap();
    let places: Vec<&str> = rows.iter().map(|row| row["at"].as_str().unwrap()).collect();
    assert_eq!(places, ["台账.xlsx:Sheet1!B2", "台账.xlsx:Sheet1!B3"]);
    assert_eq!(rows[0]["cells"][0]["text"], "甲镇");
    assert_eq!(rows[0]["cells"][0]["read"], false);
    assert_eq!(rows[0]["cells"][1]["read"], true);

    let told = watching.json(&format!("origin?{}", watching.place(&state, 0, "52")));
    assert_eq!(told["values"][0]["name"], "检查数");
    assert_eq!(told["values"][0]["at"], "通报.yaml:6:11");

    let place = watching.place(&state, 0, "请各单位");
    let told = watching.json(&format!("origin?{place}&letter=3"));
    assert_eq!(
        told["place"]["line"]["after"]
            .as_str()
            .unwrap()
            .chars()
            .next(),
        Some('位')
    );
}

#[test]
fn what_differs_from_an_older_version_is_listed_with_its_place() {
    let watching = watching(GOOD, &[]);
    watching.state(0, is_good);
    ledger(watching.folder.path(), &[("甲镇", 3.0), ("乙镇", 9.0)]);
    let state = watching.state(1, is_good);
    assert_eq!(state["versions"].as_array().unwrap().len(), 2);
    let changes = watching.json("changes?base=1");
    let changes = changes.as_array().unwrap();
    let pair = |change: &Value| (change["old"].clone(), change["new"].clone());
    let pairs: Vec<_> = changes.iter().map(pair).collect();
    assert_eq!(pairs, [("7".into(), "12".into()), ("4".into(), "9".into())]);
    assert_eq!(changes[0]["boxes"][0]["page"], 0);
    assert!(changes[0]["boxes"][0]["width"].as_f64().unwrap() > 8.0);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_with_exit_0() {
    let mut watching = watching(GOOD, &[]);
    watching.state(0, is_good);
    let pid = watching.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(watching.child.wait().unwrap().code(), Some(0));
    let mut rest = String::new();
    let mut out = watching.out.take().unwrap();
    out.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("已重排"), "{rest}");
}
