//! What a build leaves on disk and says of it, by the names and formats that were asked for.

use std::path::Path;

use crate::cli::{GOOD, Run, folder, hongtou};

fn build(folder: &Path, more: &[&str]) -> Run {
    let mut arguments = vec!["build", "通报.yaml"];
    arguments.extend(more);
    hongtou(folder, &arguments)
}

/// A circular of at least so many pages.
fn long(pages: usize) -> String {
    let paragraph = format!("  {}\n\n", "现将有关情况通报如下。".repeat(50));
    GOOD.replace("  现将有关情况通报如下。\n", &paragraph.repeat(pages))
}

#[test]
fn the_ending_of_the_output_chooses_the_format() {
    let folder = folder(GOOD);
    let made = build(folder.path(), &["-o", "一.png"]);
    assert_eq!(made.out, "已生成 一-1.png（共1页）\n", "{}", made.err);
    let png = std::fs::read(folder.path().join("一-1.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
    assert_eq!(build(folder.path(), &["-o", "二.SVG"]).code, 0);
    assert!(folder.path().join("二-1.SVG").exists());
    assert_eq!(build(folder.path(), &["-o", "三"]).code, 0);
    let pdf = std::fs::read(folder.path().join("三")).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
}

#[test]
fn an_ending_that_is_not_the_format_is_refused() {
    let folder = folder(GOOD);
    for (more, why) in [
        (
            &["-o", "一.pdf", "--format", "png"][..],
            "“--format png”与输出的文件名“一.pdf”不一致",
        ),
        (&["-o", "一.docx"], "不能排印成“.docx”文件"),
        (&["-o", "一.jpg", "--format", "png"], "不能排印成“.jpg”文件"),
    ] {
        let run = build(folder.path(), more);
        assert_eq!(run.code, 2);
        assert!(run.err.contains(why), "{}", run.err);
        assert_eq!(crate::entries(folder.path()).len(), 1);
    }
    let watch = ["watch", "通报.yaml", "-o", "一.png"];
    let run = hongtou(folder.path(), &watch);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("只能另存为 PDF"), "{}", run.err);
}

#[test]
fn a_refused_write_is_told_in_the_json() {
    let folder = folder(GOOD);
    let run = build(folder.path(), &["-o", "没有/通报.pdf", "--json"]);
    assert_eq!(run.code, 2);
    let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let reason = json["refused"].as_str().unwrap();
    assert!(reason.contains("所在的文件夹不存在"), "{reason}");
    assert_eq!(json["written"], serde_json::json!([]));
}

#[test]
fn pages_of_an_older_longer_build_are_named_and_stay() {
    let folder = folder(&long(3));
    assert_eq!(build(folder.path(), &["-o", "页.png"]).code, 0);
    let pages = crate::entries(folder.path()).len() - 1;
    assert!(pages >= 3);
    std::fs::write(folder.path().join("通报.yaml"), GOOD).unwrap();
    let run = build(folder.path(), &["-o", "页.png"]);
    assert_eq!(run.code, 0);
    let older = "说明：文件夹里还有 页-2.png、页-3.png";
    assert!(run.err.starts_with(older), "{}", run.err);
    assert_eq!(crate::entries(folder.path()).len() - 1, pages);
    let run = build(folder.path(), &["-o", "页.png", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(json["older"][0], "页-2.png");
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_fault_and_a_full_disk_is_one() {
    use std::process::{Command, Stdio};
    let command = |out: Stdio| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hongtou"));
        command.arg("rules").stdout(out).stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let mut gone = command(Stdio::piped());
    drop(gone.stdout.take());
    let ended = gone.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.stderr), (Some(0), Vec::new()));
    let full = std::fs::File::create("/dev/full").unwrap();
    let ended = command(full.into()).wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.contains("结果没有全部写出"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn an_input_in_another_encoding_is_a_fault_with_its_cure() {
    let folder = folder(GOOD);
    let utf16: Vec<u8> = GOOD.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xff\xfe", utf16.as_slice()].concat();
    let (gb, _, _) = encoding_rs::GB18030.encode(GOOD);
    for (bytes, name) in [
        (marked, "UTF-16"),
        (utf16, "UTF-16"),
        (gb.into_owned(), "GB 18030"),
    ] {
        std::fs::write(folder.path().join("通报.yaml"), bytes).unwrap();
        let run = build(folder.path(), &[]);
        assert_eq!(run.code, 1, "{name}");
        let place = "通报.yaml:1:1: 错误[input/file/encoding]";
        assert!(run.err.starts_with(place), "{}", run.err);
        assert!(run.err.contains(name), "{}", run.err);
        assert!(run.err.contains("1 | 文种: 问题通报"), "{}", run.err);
        assert!(run.err.contains("编码选“UTF-8”"), "{}", run.err);
        let check = hongtou(folder.path(), &["check", "."]);
        assert!(check.out.contains("input/file/encoding"), "{}", check.out);
    }
}
