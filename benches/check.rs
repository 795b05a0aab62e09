//! 500 circulars, checked by one command: data, words, figures and the measured page.
//!
//! `cargo bench --bench check` writes 500 inputs, each with other rows, into a folder of its own and
//! times `hongtou check` over the folder, several times; the median is printed.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const CIRCULARS: usize = 500;
const RUNS: usize = 5;

/// A circular of three pages with a table of findings.
fn circular(number: usize) -> String {
    let rows: String = (0..12)
        .map(|row| {
            format!(
                "    - {{责任单位: 第{}镇人民政府, 问题类型: 更新不及时, 问题描述: 第{row}个栏目有{}天没有更新, 整改期限: 2026年8月{}日}}\n",
                (number + row) % 30 + 1,
                14 + (number * 7 + row) % 60,
                row + 1,
            )
        })
        .collect();
    format!(
        "文种: 季度检查通报
发文机关标志: 某县人民政府办公室文件
发文字号: 某政办发〔2026〕{}号
标题: 某县人民政府办公室关于2026年第二季度政务新媒体检查情况的通报
主送机关: 第{}镇人民政府
署名: 某县人民政府办公室
成文日期: 2026年7月1日
印发机关: 某县人民政府办公室
印发日期: 2026年7月1日
变量: {{检查时间: 6月22日至26日, 时期: 2026年第二季度, 检查对象: 政务新媒体, 整改期限: 7月31日, 报送单位: 县政府办公室}}
附件:
  - {{标题: 问题清单, 表格: 问题清单, 列: [序号, 责任单位, 问题描述]}}
表格:
  问题清单:
{rows}",
        number + 1,
        number % 30 + 1,
    )
}

fn time(folder: &Path) -> Duration {
    let start = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_hongtou"))
        .arg("check")
        .arg(folder)
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "the circulars are in order");
    start.elapsed()
}

fn main() {
    let folder = std::env::temp_dir().join(format!("hongtou-check-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for number in 0..CIRCULARS {
        std::fs::write(folder.join(format!("{number:03}.yaml")), circular(number)).unwrap();
    }
    let mut times: Vec<Duration> = (0..RUNS).map(|_| time(&folder)).collect();
    times.sort();
    let median = times[RUNS / 2].as_secs_f64();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    println!(
        "hongtou check, {CIRCULARS} circulars on {threads} cores: {median:.2} s ({:.1} ms each)",
        median * 1000.0 / CIRCULARS as f64
    );
    std::fs::remove_dir_all(folder).unwrap();
}
