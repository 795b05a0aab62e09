//! The report as a page for a browser: one file, nothing from elsewhere.

use std::fmt::Write;

use super::{Force, Measure, Place, Report, Verdict, short};
use crate::typeset::Pages;

const STYLE: &str = include_str!("report.css");

pub fn html(report: &Report, pages: &Pages) -> String {
    let mut out = String::new();
    let title = escaped(&report.title);
    let kept = report
        .measures
        .iter()
        .filter(|m| m.verdict == Verdict::Kept)
        .count();
    let broken: Vec<&Measure> = report
        .measures
        .iter()
        .filter(|m| m.verdict == Verdict::Broken)
        .collect();
    let musts = broken.iter().filter(|m| m.force == Force::Must).count();
    let verdict = match (musts, broken.len()) {
        (0, 0) => "各项都符合".to_owned(),
        (0, others) => format!("硬性规定都符合，另有{others}项与一般要求或惯例不同"),
        (musts, _) => format!("有{musts}项硬性规定不符"),
    };
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<title>版面检验：{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>版面检验</h1>\n<p class=\"paper\">{title}</p>\n<p class=\"{}\">{verdict}（符合{kept}项，共{}页）</p>\n<p>长度按版面上墨迹的边缘测量，单位为毫米；编号与页面图上的标注一致。物理印装（纸张、油墨、装订）不在测量之内。</p>\n</header>\n",
        if musts > 0 { "broken" } else { "kept" },
        report.pages,
    );
    table(&mut out, report);
    habits(&mut out, report);
    for page in 1..=pages.len() {
        picture(&mut out, report, pages, page);
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn table(out: &mut String, report: &Report) {
    out.push_str("<table>\n<thead><tr><th>编号</th><th>条款</th><th>要素</th><th>效力</th><th>要求</th><th>实测</th><th>页</th><th>结论</th></tr></thead>\n<tbody>\n");
    for (number, measure) in report.measures.iter().enumerate() {
        let class = match measure.verdict {
            Verdict::Kept => "kept",
            Verdict::Broken => "broken",
            Verdict::Absent => "absent",
        };
        let page = measure.place.map_or(String::new(), |place| {
            format!("<a href=\"#p{0}\">{0}</a>", place.page)
        });
        let _ = writeln!(
            out,
            "<tr class=\"{class}\"><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{page}</td><td>{}</td></tr>",
            number + 1,
            escaped(measure.clause),
            escaped(measure.what),
            measure.force.name(),
            escaped(&measure.expected),
            escaped(&measure.measured),
            measure.verdict.name(),
        );
    }
    out.push_str("</tbody>\n</table>\n");
}

/// What the unit sets otherwise, each with the standard's word.
fn habits(out: &mut String, report: &Report) {
    if report.habits.is_empty() {
        return;
    }
    out.push_str("<h2>本单位的版式</h2>\n<table>\n<thead><tr><th>本单位的做法</th><th>标准</th><th>与标准</th></tr></thead>\n<tbody>\n");
    for habit in &report.habits {
        let departs = if habit.departs {
            "不同"
        } else {
            "标准未限定"
        };
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{departs}</td></tr>",
            escaped(&habit.what),
            escaped(habit.standard),
        );
    }
    out.push_str("</tbody>\n</table>\n");
}

/// A page with every measure whose worst reading lies on it.
fn picture(out: &mut String, report: &Report, pages: &Pages, page: usize) {
    let (width, height) = pages.sizes()[page - 1];
    let _ = write!(
        out,
        "<figure id=\"p{page}\">\n<figcaption>第{page}页</figcaption>\n<div class=\"page\">\n{}\n<svg class=\"marks\" viewBox=\"0 0 {} {}\" aria-hidden=\"true\">\n",
        pages.svg(page - 1),
        short(width),
        short(height),
    );
    for (number, measure) in report.measures.iter().enumerate() {
        let Some(place) = measure.place.filter(|place| place.page == page) else {
            continue;
        };
        mark(out, number + 1, measure, place);
    }
    out.push_str("</svg>\n</div>\n</figure>\n");
}

/// A line between the two ends, with the number of its row.
fn mark(out: &mut String, number: usize, measure: &Measure, place: Place) {
    let class = if measure.verdict == Verdict::Broken {
        "broken"
    } else {
        "kept"
    };
    let ((x1, y1), (x2, y2)) = (place.from, place.to);
    let (x, y) = ((x1 + x2) / 2.0, (y1 + y2) / 2.0);
    let label = format!("{number}：{} {}", measure.what, measure.measured);
    let _ = writeln!(
        out,
        "<g class=\"{class}\"><title>{}</title><line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/><text x=\"{}\" y=\"{}\">{number}</text></g>",
        escaped(&label),
        short(x1),
        short(y1),
        short(x2),
        short(y2),
        short(x + 0.8),
        short(y - 0.6),
    );
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}
