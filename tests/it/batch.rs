//! Batches as a clerk runs them: what stands in the folder, what a second run does, and what is left
//! when a run is stopped at any moment.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use calamine::{Data, Reader};
use hongtou::batch::{self, Folder, Numbering};
use hongtou::compose::{Templates, compose};
use hongtou::diag::Diagnostics;
use hongtou::document::document;
use hongtou::pipeline;

use crate::cli::{Run, hongtou};

/// A county with so many findings for each township.
fn input(townships: &[(&str, usize)]) -> String {
    let mut text = "文种: 问题通报
标题: 某县人民政府办公室关于检查情况的通报
发文字号: 某政办发〔2026〕1号
署名: 某县人民政府办公室
成文日期: 2026年7月1日
正文: 共发现{{ 问题清单|计数 }}个问题。
批量:
  起始字号: 某政办函〔2026〕11号
  文件名: \"{{ 序号 }}-{{ 单位 }}.pdf\"
  通知:
    标题: 某县人民政府办公室关于做好整改工作的通知
    正文: |
      请你单位整改以下{{ 问题清单|计数 }}个问题：{{ 问题清单|取列(\"问题描述\")|顿号 }}。
表格:
  问题清单:
"
    .to_owned();
    for (unit, findings) in townships {
        for finding in 1..=*findings {
            writeln!(text, "    - {{责任单位: {unit}, 问题描述: 第{finding}处}}").unwrap();
        }
    }
    text
}

const FOUR: &[(&str, usize)] = &[("甲镇", 1), ("乙镇", 2), ("丙镇", 3), ("丁镇", 1)];

fn county(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("通报.yaml"), text).unwrap();
    folder
}

fn run(folder: &Path, more: &[&str]) -> Run {
    let mut arguments = vec!["batch", "通报.yaml", "-o", "出"];
    arguments.extend(more);
    hongtou(folder, &arguments)
}

/// Every file of a folder with its bytes, but for the lock.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    crate::entries(folder)
        .into_iter()
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(path).unwrap())
        })
        .filter(|(name, _)| name != ".hongtou-lock")
        .collect()
}

fn names(folder: &Path) -> Vec<String> {
    files(folder).into_keys().collect()
}

/// The cells of a ledger.
fn ledger(folder: &Path) -> Vec<Vec<String>> {
    let bytes = std::fs::read(folder.join("发文台账.xlsx")).unwrap();
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range("发文台账").unwrap();
    let row = |row: &[Data]| row.iter().map(ToString::to_string).collect();
    range.rows().map(row).collect()
}

#[test]
fn the_quarter_end_example_gives_thirty_notices_the_circular_and_the_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("出").display().to_string();
    let run = hongtou(
        crate::root(),
        &["batch", "examples/quarter-end/circular.yaml", "-o", &out],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("已生成31份"), "{}", run.out);
    let names = names(Path::new(&out));
    assert_eq!(
        names.iter().filter(|name| name.ends_with(".pdf")).count(),
        31
    );
    let ledger = ledger(Path::new(&out));
    assert_eq!(ledger.len(), 32);
    let findings = |row: &[String]| row[6].parse::<usize>().unwrap();
    assert_eq!(findings(&ledger[1]), 600);
    assert_eq!(
        ledger[2..].iter().map(|row| findings(row)).sum::<usize>(),
        600
    );
    let last = ledger.last().unwrap();
    assert_eq!(
        last[1..4].join(" "),
        "青政办函〔2026〕130号 芦花乡人民政府 青禾县人民政府办公室关于2026年第三季度政务公开平台检查结果的通知"
    );
    assert!(ledger.iter().skip(1).all(|row| row[7] == "已生成"));
}

/// What [`input`] says in its 批量, and the same as a notice's file and flags.
const NOTICE: &str = "标题: 某县人民政府办公室关于做好整改工作的通知
正文: |
  请你单位整改以下{{ 问题清单|计数 }}个问题：{{ 问题清单|取列(\"问题描述\")|顿号 }}。
";
const FLAGS: &[&str] = &[
    "--notice",
    "通知.yaml",
    "--first-number",
    "某政办函〔2026〕11号",
    "--file-name",
    "{{ 序号 }}-{{ 单位 }}.pdf",
];

/// A county without 批量, with the words of its notices beside it.
fn without_section(column: &str) -> tempfile::TempDir {
    let text = input(FOUR);
    let (head, rest) = text.split_once("批量:").unwrap();
    let (_, tables) = rest.split_once("表格:").unwrap();
    let text = format!("{head}表格:{tables}").replace("责任单位", column);
    let folder = county(&text);
    std::fs::write(folder.path().join("通知.yaml"), NOTICE).unwrap();
    folder
}

#[test]
fn flags_in_place_of_the_section_give_the_same_files() {
    let (by_section, by_flags) = (county(&input(FOUR)), without_section("责任部门"));
    assert_eq!(run(by_section.path(), &[]).code, 0);
    let mut flags = FLAGS.to_vec();
    flags.extend(["--column", "责任部门"]);
    let made = run(by_flags.path(), &flags);
    assert_eq!(made.code, 0, "{}", made.err);
    let pdfs = |folder: &tempfile::TempDir| {
        let mut files = files(&folder.path().join("出"));
        files.retain(|name, _| name.ends_with(".pdf"));
        files
    };
    assert_eq!(pdfs(&by_flags).len(), 5);
    assert!(pdfs(&by_flags) == pdfs(&by_section));
}

#[test]
fn a_flag_goes_over_the_key_of_the_file() {
    let folder = county(&input(FOUR));
    let by_flag = ["--file-name", "函{{ 序号 }}.pdf", "--dry-run"];
    let planned = run(folder.path(), &by_flag);
    assert!(
        planned.out.contains("某政办函〔2026〕12号 函02.pdf"),
        "{}",
        planned.out
    );
}

#[test]
fn a_fault_of_a_flag_stands_at_the_flag() {
    let folder = without_section("责任部门");
    let refused = |flags: &[&str]| {
        let run = run(folder.path(), flags);
        assert_eq!(run.code, 1, "{}", run.err);
        assert!(!folder.path().join("出").exists());
        run.err
    };
    let column = refused(&["--notice", "通知.yaml", "--column", "责任单位"]);
    assert!(
        column.contains("--column:1:1: 错误[batch/column/missing]") && column.contains("责任部门"),
        "{column}"
    );
    let number = ["--notice", "通知.yaml", "--column", "责任部门"];
    let number = [&number[..], &["--first-number", "某政办函(2026)11号"]].concat();
    let number = refused(&number);
    let at = "--first-number:1:5: 错误[header/doc-number/brackets]";
    assert!(number.contains(at), "{number}");
    let missing = refused(&["--notice", "没有.yaml", "--column", "责任部门"]);
    let at = "--notice:1:1: 错误[batch/notice/unreadable]";
    assert!(missing.contains(at), "{missing}");
    let none = refused(&["--column", "责任部门"]);
    assert!(none.contains("--notice 文件"), "{none}");
}

#[test]
fn a_path_behind_a_flag_starts_where_the_command_runs() {
    let folder = without_section("责任单位");
    std::fs::create_dir(folder.path().join("内")).unwrap();
    let (from, to) = ("通报.yaml", "内/通报.yaml");
    std::fs::rename(folder.path().join(from), folder.path().join(to)).unwrap();
    std::fs::write(
        folder.path().join("名录.csv"),
        "全称,类别\n乙镇,乡镇\n甲镇,乡镇\n丙镇,\n丁镇,\n",
    )
    .unwrap();
    let mut words = vec!["batch", to, "-o", "出", "--dry-run", "--groups", "乡镇"];
    words.extend(["--register", "名录.csv", "--notice", "通知.yaml"]);
    let planned = hongtou(folder.path(), &words);
    assert_eq!(planned.code, 0, "{}", planned.err);
    let (first, second) = (planned.out.find("01-乙镇"), planned.out.find("02-甲镇"));
    assert!(first.is_some() && first < second, "{}", planned.out);
    assert!(!planned.out.contains("丙镇"), "{}", planned.out);
}

#[test]
fn a_second_run_makes_only_what_changed() {
    let folder = county(&input(FOUR));
    let out = folder.path().join("出");
    assert_eq!(run(folder.path(), &["--dry-run"]).code, 0);
    assert!(!out.exists(), "a dry run writes nothing");
    assert_eq!(run(folder.path(), &[]).code, 0);
    let before = files(&out);
    assert_eq!(before.len(), 7, "{:?}", before.keys());
    let again = run(folder.path(), &[]);
    assert!(
        again.out.contains("已生成0份，没有变、不必重做5份"),
        "{}",
        again.out
    );
    assert_eq!(files(&out), before);
    let more = input(&[("甲镇", 1), ("乙镇", 5), ("丙镇", 3), ("丁镇", 1)]);
    std::fs::write(folder.path().join("通报.yaml"), more).unwrap();
    let changed = run(folder.path(), &[]);
    assert!(
        changed.out.contains("已生成2份，没有变、不必重做3份"),
        "{}",
        changed.out
    );
    let after = files(&out);
    let differing: Vec<_> = after
        .keys()
        .filter(|name| before.get(*name) != after.get(*name))
        .collect();
    assert_eq!(
        differing,
        [
            "02-乙镇.pdf",
            "发文台账.xlsx",
            "批量记录.jsonl",
            "某县人民政府办公室关于检查情况的通报.pdf"
        ]
    );
    assert!(run(folder.path(), &["--force"]).out.contains("已生成5份"));
    assert_eq!(files(&out), after);
}

#[test]
fn numbers_stay_with_their_units_and_old_files_go_only_when_asked() {
    let folder = county(&input(FOUR));
    let out = folder.path().join("出");
    assert_eq!(run(folder.path(), &[]).code, 0);
    let fewer = input(&[("甲镇", 1), ("戊镇", 2), ("丙镇", 3), ("丁镇", 1)]);
    std::fs::write(folder.path().join("通报.yaml"), fewer).unwrap();
    let second = run(folder.path(), &[]);
    assert_eq!(second.code, 0, "{}", second.err);
    assert!(
        second.err.contains("空着的号：12号（已给乙镇）"),
        "{}",
        second.err
    );
    assert!(
        second.out.contains("不再需要的文件1个：02-乙镇.pdf"),
        "{}",
        second.out
    );
    assert!(out.join("02-乙镇.pdf").exists());
    let number = |unit: &str| {
        let ledger = ledger(&out);
        let row = ledger.iter().find(|row| row[2] == unit).cloned();
        row.map(|row| row[1].clone())
    };
    assert_eq!(number("丙镇").as_deref(), Some("某政办函〔2026〕13号"));
    assert_eq!(number("戊镇").as_deref(), Some("某政办函〔2026〕15号"));
    // Its file is still there, and so is its row.
    assert_eq!(number("乙镇").as_deref(), Some("某政办函〔2026〕12号"));
    let third = run(folder.path(), &["--prune"]);
    assert!(
        third.out.contains("已删去不再需要的文件1个：02-乙镇.pdf"),
        "{}",
        third.out
    );
    assert!(!out.join("02-乙镇.pdf").exists());
    assert_eq!(number("乙镇"), None);
}

#[test]
fn a_file_that_is_not_ours_is_neither_overwritten_nor_deleted() {
    let folder = county(&input(FOUR));
    let out = folder.path().join("出");
    std::fs::create_dir(&out).unwrap();
    std::fs::write(out.join("02-乙镇.pdf"), "别人的").unwrap();
    let first = run(folder.path(), &[]);
    assert_eq!(first.code, 1);
    assert!(
        first.err.contains("没有做成 乙镇：文件夹里已有同名文件"),
        "{}",
        first.err
    );
    assert_eq!(
        std::fs::read_to_string(out.join("02-乙镇.pdf")).unwrap(),
        "别人的"
    );
    assert_eq!(run(folder.path(), &["--force"]).code, 0);
    let aside = std::fs::read_to_string(out.join("02-乙镇-旧1.pdf"));
    assert_eq!(aside.unwrap(), "别人的");
    // Signed by hand after it was made: nothing has failed, and the ledger says what it said.
    let before = ledger(&out);
    std::fs::write(out.join("04-丁镇.pdf"), "已用印").unwrap();
    let kept = run(folder.path(), &[]);
    assert!(
        kept.code == 0 && kept.out.contains("保留 04-丁镇.pdf"),
        "{}",
        kept.out
    );
    assert_eq!(ledger(&out), before);
    // Then the unit is gone.
    std::fs::write(folder.path().join("通报.yaml"), input(&FOUR[..3])).unwrap();
    assert_eq!(run(folder.path(), &["--prune"]).code, 0);
    assert_eq!(
        std::fs::read_to_string(out.join("04-丁镇.pdf")).unwrap(),
        "已用印"
    );
}

#[test]
fn a_ledger_without_its_record_stops_the_run() {
    let folder = county(&input(FOUR));
    assert_eq!(run(folder.path(), &[]).code, 0);
    let out = folder.path().join("出");
    std::fs::remove_file(out.join("批量记录.jsonl")).unwrap();
    let before = files(&out);
    for more in [&[][..], &["--dry-run"], &["--force"]] {
        let refused = run(folder.path(), more);
        assert_eq!(refused.code, 2);
        assert!(
            refused.err.contains("没有 批量记录.jsonl"),
            "{}",
            refused.err
        );
    }
    assert_eq!(files(&out), before);
}

#[test]
fn a_number_typed_into_the_ledger_is_not_given_again() {
    let folder = county(&input(&FOUR[..3]));
    assert_eq!(run(folder.path(), &[]).code, 0);
    let out = folder.path().join("出");
    let cells = ledger(&out);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("发文台账").unwrap();
    for (row, cells) in (0..).zip(&cells) {
        sheet.write_row(row, 0, cells).unwrap();
    }
    let number = |row: &[String]| row[1].clone();
    let last = number(cells.last().unwrap());
    let (before, serial) = last.split_once('〕').unwrap();
    let serial: u32 = serial.trim_end_matches('号').parse().unwrap();
    let number = |serial: u32| format!("{before}〕{serial}号");
    let row = cells.len() as u32;
    let by_hand = ["", &number(serial + 1), "县档案馆", "手工发文"];
    sheet.write_row(row, 0, by_hand).unwrap();
    book.save(out.join("发文台账.xlsx")).unwrap();
    std::fs::write(folder.path().join("通报.yaml"), input(FOUR)).unwrap();
    assert_eq!(run(folder.path(), &[]).code, 0);
    let numbers: Vec<String> = ledger(&out).iter().map(|row| row[1].clone()).collect();
    let count = |wanted: String| numbers.iter().filter(|number| **number == wanted).count();
    assert_eq!(count(number(serial + 1)), 1, "{numbers:?}");
    assert_eq!(count(number(serial + 2)), 1, "{numbers:?}");
}

#[test]
fn one_bad_unit_does_not_stop_the_others() {
    let bad = input(FOUR).replace(
        "请你单位整改以下",
        "{% if 单位 == \"丙镇\" %}{{ 没有 }}{% endif %}请你单位整改以下",
    );
    let folder = county(&bad);
    let first = run(folder.path(), &["--merge", "--zip"]);
    assert_eq!(first.code, 2, "neither merged nor packed");
    assert!(first.out.contains("已生成4份，失败1份"), "{}", first.out);
    assert!(
        first.err.contains("没有做成 丙镇：通报.yaml:13:"),
        "{}",
        first.err
    );
    assert!(
        first.err.contains("有1份没有做成，没有做合订本.pdf"),
        "{}",
        first.err
    );
    let out = folder.path().join("出");
    let rows = ledger(&out);
    assert!(
        rows[4][7].starts_with("失败：通报.yaml:13:"),
        "{:?}",
        rows[4]
    );
    assert_eq!(run(folder.path(), &[]).code, 1);
    std::fs::write(folder.path().join("通报.yaml"), input(FOUR)).unwrap();
    let second = run(folder.path(), &[]);
    assert_eq!(second.code, 0, "{}", second.err);
    assert_eq!(ledger(&out)[4][7], "已生成");
}

#[test]
fn a_second_run_on_one_folder_is_refused() {
    let folder = county(&input(FOUR));
    let out = folder.path().join("出");
    let held = Folder::open(&out).unwrap();
    let second = run(folder.path(), &[]);
    assert_eq!(second.code, 2);
    assert!(
        second.err.contains("另一个 hongtou 正在文件夹 出 里工作"),
        "{}",
        second.err
    );
    drop(held);
    assert_eq!(run(folder.path(), &[]).code, 0);
}

/// Numbers that look random and are the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Begins a run and kills it at a random moment of the time that one takes; tells whether it was
/// killed before its end.
fn killed(folder: &Path, options: &[&str], moment: Duration) -> bool {
    let mut child = Command::new(env!("CARGO_BIN_EXE_hongtou"))
        .current_dir(folder)
        .args(["batch", "通报.yaml", "-o", "出"])
        .args(options)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(moment);
    let ended = child.try_wait().unwrap().is_some();
    child.kill().unwrap();
    child.wait().unwrap();
    !ended
}

/// The variable KILLS asks for more than the usual dozen.
#[test]
fn a_run_killed_at_any_moment_and_resumed_gives_the_same_bytes() {
    let options = ["--merge", "--zip"];
    let undisturbed = county(&input(FOUR));
    let start = Instant::now();
    assert_eq!(run(undisturbed.path(), &options).code, 0);
    let whole = start.elapsed().as_micros() as u64;
    let expected = files(&undisturbed.path().join("出"));
    let mut left: u32 = std::env::var("KILLS").map_or(12, |kills| kills.parse().unwrap());
    let mut chance = Chance(7);
    while left > 0 {
        let folder = county(&input(FOUR));
        let out = folder.path().join("出");
        for _ in 0..4 {
            let moment = Duration::from_micros(chance.below(whole));
            left = left.saturating_sub(killed(folder.path(), &options, moment).into());
            let standing = if out.exists() {
                files(&out)
            } else {
                BTreeMap::new()
            };
            for (name, bytes) in standing {
                let whole = name.starts_with(".hongtou-")
                    || name == "批量记录.jsonl"
                    || expected.get(&name) == Some(&bytes);
                assert!(whole, "{name} is not whole");
            }
        }
        let resumed = run(folder.path(), &options);
        assert_eq!(resumed.code, 0, "{}", resumed.err);
        assert!(files(&out) == expected);
    }
}

#[test]
fn parts_made_apart_come_to_the_same_as_one_run() {
    let folder = county(&input(FOUR));
    assert_eq!(run(folder.path(), &[]).code, 0);
    let whole = files(&folder.path().join("出"));
    for part in ["1", "2", "3"] {
        let shard = format!("{part}/3");
        let run = hongtou(
            folder.path(),
            &["batch", "通报.yaml", "-o", part, "--shard", &shard],
        );
        assert_eq!(run.code, 0, "{}", run.err);
        for (name, bytes) in files(&folder.path().join(part)) {
            let pdf = name.ends_with(".pdf");
            assert!(!pdf || whole[&name] == bytes, "{name}");
        }
    }
    let missing = hongtou(folder.path(), &["batch", "--join", "1", "3", "-o", "合"]);
    assert_eq!(missing.code, 2);
    assert!(
        missing.err.contains("缺少第2/3份的文件夹"),
        "{}",
        missing.err
    );
    let joined = hongtou(
        folder.path(),
        &["batch", "--join", "1", "2", "3", "-o", "合"],
    );
    assert_eq!(joined.code, 0, "{}", joined.err);
    let cells = |folder: &Path| {
        let rows = ledger(folder).into_iter();
        let rows = rows.map(|row| [row[..8].to_vec(), row[9..].to_vec()].concat());
        rows.collect::<Vec<_>>()
    };
    assert_eq!(
        cells(&folder.path().join("合")),
        cells(&folder.path().join("出"))
    );
}

/// A register of many units, some of whose names hold others, and findings that each bear a mark of
/// their own.
#[test]
fn no_notice_holds_the_row_of_another_unit() {
    const UNITS: u64 = 400;
    const ROWS: u64 = 4000;
    let mut chance = Chance(3);
    let name = |index: u64| {
        let ground = ["河", "山", "桥", "湾", "岭", "塘", "坪"][(index % 7) as usize];
        let base = format!(
            "{}{}{ground}镇",
            ["东", "西", "南", "北"][(index % 4) as usize],
            index / 3
        );
        match index % 3 {
            0 => base,
            1 => format!("新{base}"),
            _ => format!("{base}办事处"),
        }
    };
    let mut text = input(&[]).replace("批量:\n", "机构名录: 名录\n批量:\n");
    let mut owners = Vec::new();
    for row in 0..ROWS {
        let unit = chance.below(UNITS);
        writeln!(
            text,
            "    - {{责任单位: {}, 问题描述: 第{row}号事}}",
            name(unit)
        )
        .unwrap();
        owners.push(name(unit));
    }
    text.push_str("  名录:\n");
    for index in 0..UNITS {
        writeln!(text, "    - {{全称: {}}}", name(index)).unwrap();
    }
    let folder = county(&text);
    let mut found = Diagnostics::default();
    let loaded = pipeline::load(&folder.path().join("通报.yaml"), &mut found).unwrap();
    let circular = loaded
        .circular
        .unwrap_or_else(|| panic!("{:#?}", found.clone().sorted()));
    let plan = batch::plan(&circular, Numbering::default(), &mut found).unwrap();
    let mut rows = 0;
    for notice in &plan.notices {
        let circular = plan.circular(notice);
        let mut faults = Diagnostics::default();
        let draft = compose(&circular, &Templates::default(), &mut faults).unwrap();
        let document = document(&circular, &draft, &mut faults).unwrap();
        let text = document.to_string();
        let numbers = text.split('第').skip(1).filter_map(|rest| {
            let (number, _) = rest.split_once("号事")?;
            number.parse::<usize>().ok()
        });
        let mut own = 0;
        for number in numbers {
            assert_eq!(owners[number], notice.unit, "row {number}");
            own += 1;
        }
        assert_eq!(own, notice.findings);
        rows += own;
    }
    assert_eq!(rows as u64, ROWS);
}

#[test]
fn the_merged_file_begins_each_notice_on_an_odd_page() {
    let folder = county(&input(FOUR));
    let made = run(folder.path(), &["--merge"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let out = folder.path().join("出");
    let merged = std::fs::read(out.join("合订本.pdf")).unwrap();
    let count =
        |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).filter(|w| *w == what).count();
    // Five papers of one page each, with a blank page behind all but the last.
    assert_eq!(count(&merged, b"/Type/Page/"), 9);
    assert!(count(&merged, b"/Type/Pages/Count 9/") == 1 || count(&merged, b"/Count 9/Kids") == 1);
    assert!(made.out.contains("合订本.pdf（9页）"), "{}", made.out);
    // Without being asked for it stays as it is, which is told where something has changed.
    let again = run(folder.path(), &[]);
    assert!(!again.out.contains("合订本"), "{}", again.out);
    let changed = input(FOUR).replace("请你单位", "请贵单位");
    std::fs::write(folder.path().join("通报.yaml"), changed).unwrap();
    let again = run(folder.path(), &[]);
    assert!(again.out.contains("合订本.pdf 是以前做的"), "{}", again.out);
}

#[test]
fn notices_are_judged_anew_where_what_they_are_judged_by_has_changed() {
    let text = input(FOUR).replace("第1处", "第1处在乙镇边上");
    let text = text.replace("批量:", "批量:\n  可提及: [乙镇]");
    let folder = county(&text);
    assert_eq!(run(folder.path(), &[]).code, 0);
    std::fs::write(
        folder.path().join("通报.yaml"),
        text.replace("[乙镇]", "[丙镇]"),
    )
    .unwrap();
    let again = run(folder.path(), &[]);
    assert_eq!(again.code, 1, "{}", again.out);
    assert!(again.err.contains("batch/unit/mentioned"), "{}", again.err);
}

#[test]
fn the_hundredth_unit_renames_no_file() {
    let names: Vec<String> = (1..=100).map(|number| format!("第{number}号镇")).collect();
    let units: Vec<(&str, usize)> = names.iter().map(|name| (name.as_str(), 1)).collect();
    let folder = county(&input(&units[..99]));
    assert_eq!(run(folder.path(), &["--dry-run"]).code, 0);
    assert_eq!(run(folder.path(), &[]).code, 0);
    std::fs::write(folder.path().join("通报.yaml"), input(&units)).unwrap();
    let planned = run(folder.path(), &["--dry-run"]);
    assert!(planned.out.contains(" 01-第1号镇.pdf"), "{}", planned.out);
    assert!(
        planned.out.contains(" 100-第100号镇.pdf"),
        "{}",
        planned.out
    );
    assert!(!planned.out.contains("不再需要"), "{}", planned.out);
}

#[test]
fn a_dry_run_foretells_what_is_in_the_way_and_what_is_left_over() {
    let folder = county(&input(FOUR));
    assert_eq!(run(folder.path(), &[]).code, 0);
    let stamped = folder.path().join("出/01-甲镇.pdf");
    let mut bytes = std::fs::read(&stamped).unwrap();
    bytes.extend(b"% stamped");
    std::fs::write(&stamped, &bytes).unwrap();
    let text = input(&[("甲镇", 2), ("乙镇", 2), ("丙镇", 3)]);
    std::fs::write(folder.path().join("通报.yaml"), text).unwrap();
    let planned = run(folder.path(), &["--dry-run", "--prune"]);
    assert!(
        planned
            .out
            .contains("不能覆盖 某政办函〔2026〕11号 01-甲镇.pdf"),
        "{}",
        planned.out
    );
    assert!(
        planned
            .out
            .contains("不再需要的文件1个：04-丁镇.pdf（会删去"),
        "{}",
        planned.out
    );
    let made = run(folder.path(), &["--prune"]);
    assert_eq!(made.code, 1);
    assert_eq!(std::fs::read(&stamped).unwrap(), bytes);
    // Its row says what went out, and that it was not made anew.
    let ledger = ledger(&folder.path().join("出"));
    let row = ledger
        .iter()
        .find(|row| row.iter().any(|cell| cell == "甲镇"))
        .unwrap();
    assert!(row.iter().any(|cell| cell.starts_with("失败：")), "{row:?}");
    assert!(row.iter().any(|cell| cell == "01-甲镇.pdf"), "{row:?}");
}

/// The second joining once found a ledger without a record and stopped.
#[test]
fn parts_are_joined_as_often_as_wanted_and_only_while_their_files_are_there() {
    let folder = county(&input(FOUR));
    let part = |shard: &str, to: &str| {
        hongtou(
            folder.path(),
            &["batch", "通报.yaml", "-o", to, "--shard", shard],
        )
    };
    let join = || hongtou(folder.path(), &["batch", "--join", "一", "二", "-o", "合"]);
    assert_eq!((part("1/2", "一").code, part("2/2", "二").code), (0, 0));
    assert_eq!(join().code, 0);
    assert_eq!(join().code, 0, "again");
    let file = folder.path().join("二/02-乙镇.pdf");
    std::fs::remove_file(&file).unwrap();
    assert!(join().err.contains("02-乙镇.pdf"));
    assert_eq!(part("2/2", "二").code, 0);
    assert_eq!(join().code, 0);
    let more = input(&[("甲镇", 2), ("乙镇", 2), ("丙镇", 3), ("丁镇", 1)]);
    std::fs::write(folder.path().join("通报.yaml"), more).unwrap();
    assert_eq!(part("1/2", "一").code, 0);
    assert!(join().err.contains("内容不同"));
}
