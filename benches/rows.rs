//! A large ledger: 100,000 rows of 12 columns in a workbook, to a summary circular on disk.
//!
//! `cargo bench --bench rows` makes the workbook, runs whole commands on it and prints the time and
//! the most memory of each (Linux only: as /proc tells it).

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rust_xlsxwriter::Workbook;

const ROWS: u32 = 100_000;
const TOWNS: u32 = 400;

const CIRCULAR: &str = r#"文种: 季度检查通报
发文机关标志: 某省人民政府办公厅文件
发文字号: 某政办〔2026〕8号
标题: 某省人民政府办公厅关于2026年第三季度政务新媒体检查情况的通报
主送机关: 各市人民政府
署名: 某省人民政府办公厅
成文日期: 2026年10月9日
正文:
  缘由: 现将2026年第三季度检查情况通报如下。
  总体情况: |
    # 总体情况

    共发现问题{{ 问题清单|计数 }}起、{{ 问题清单|求和("数量") }}条，涉及{{ 问题清单|取列("责任单位")|去重|计数 }}个单位。
  存在问题: |
    # 存在问题

    {% for 组 in 问题清单|分组("问题类型") %}{{ 组.名称 }}{{ 组.行|求和("数量") }}条{% if not loop.last %}、{% else %}。{% endif %}{% endfor %}
    未整改的{{ 问题清单|筛选(整改="否")|求和("数量") }}条。
  工作要求: ""
  联系方式: ""
表格:
  问题清单: {文件: 台账.xlsx}
"#;

fn ledger(path: &Path) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "某省2026年第三季度问题台账").unwrap();
    let names = [
        "序号",
        "区域",
        "责任单位",
        "问题类型",
        "账号名称",
        "平台",
        "链接",
        "发现日期",
        "数量",
        "整改",
        "整改期限",
        "说明",
    ];
    sheet.write_row(2, 0, names).unwrap();
    let kinds = [
        "更新不及时",
        "用词不规范",
        "链接失效",
        "回应不及时",
        "个人信息泄露",
    ];
    for row in 0..ROWS {
        let town = row * 7919 % TOWNS;
        let at = row + 3;
        sheet.write(at, 0, row + 1).unwrap();
        sheet
            .write(at, 1, format!("第{}市", town / 20 + 1))
            .unwrap();
        sheet
            .write(at, 2, format!("第{}镇人民政府", town + 1))
            .unwrap();
        sheet.write(at, 3, kinds[(row % 5) as usize]).unwrap();
        sheet.write(at, 4, format!("账号{}", row % 3000)).unwrap();
        sheet.write(at, 5, "微信公众号").unwrap();
        let link = format!("https://www.example.cn/{row}");
        sheet.write_string(at, 6, link).unwrap();
        sheet
            .write(at, 7, format!("2026年8月{}日", row % 28 + 1))
            .unwrap();
        sheet.write(at, 8, row % 9 + 1).unwrap();
        sheet
            .write(at, 9, if row % 4 == 0 { "否" } else { "是" })
            .unwrap();
        sheet.write(at, 10, "2026年10月31日").unwrap();
        sheet.write(at, 11, "已发整改通知").unwrap();
    }
    book.save(path).unwrap();
}

/// Runs a command to its end; gives its time and the most memory it held, in MB.
fn run(command: &mut Command) -> (Duration, u64) {
    let start = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    let ended = loop {
        if let Ok(text) = std::fs::read_to_string(&status) {
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
            most = most.max(kilobytes.unwrap_or(0));
        }
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(ended.success(), "the circular builds");
    (start.elapsed(), most / 1024)
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    ledger(&folder.path().join("台账.xlsx"));
    std::fs::write(folder.path().join("通报.yaml"), CIRCULAR).unwrap();
    let size = std::fs::metadata(folder.path().join("台账.xlsx"))
        .unwrap()
        .len();
    println!(
        "{ROWS} rows of 12 columns, {:.1} MB as xlsx",
        size as f64 / 1e6
    );
    for _ in 0..3 {
        let mut build = Command::new(env!("CARGO_BIN_EXE_hongtou"));
        let (time, most) = run(build
            .current_dir(folder.path())
            .args(["build", "通报.yaml"]));
        println!("hongtou build: {:.1} s, {most} MB", time.as_secs_f64());
    }
}
