//! Conformity: the proof. Comes in: the document and its pages. Goes out: for each clause that can be
//! measured what the standard expects, what the ink shows and the verdict.
//!
//! What is expected is written here a second time, apart from the measures that the page templates
//! read: a slip in either shows as a difference.

mod breaks;
mod closing;
mod formats;
mod header;
mod html;
mod imprint;
mod page;
mod text;

use std::sync::LazyLock;

use serde::Serialize;

use crate::diag::{Diagnostics, Origin, Rule, Strength};
use crate::document::{Document, Run};
use crate::model::Departure;
use crate::typeset::{InkLine, InkRule, Pages, Part};

/// The rules of this stage.
pub static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| [&[BROKEN], breaks::RULES].concat());

const BROKEN: Rule = Rule::new("page/standard/broken", "版面不合国家标准的硬性规定")
    .rests_on(Strength::Standard, "GB/T 9704—2012");

/// How strongly the standard speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Force {
    /// 应当: what is broken stops a build.
    #[serde(rename = "规定")]
    Must,
    /// 一般, 推荐: a departure has its reasons.
    #[serde(rename = "一般")]
    Normally,
    /// The standard is silent; what offices do.
    #[serde(rename = "惯例")]
    Practice,
}

impl Force {
    /// The word for people.
    pub fn name(self) -> &'static str {
        match self {
            Force::Must => "规定",
            Force::Normally => "一般",
            Force::Practice => "惯例",
        }
    }
}

/// What a measure came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Verdict {
    #[serde(rename = "符合")]
    Kept,
    #[serde(rename = "不符")]
    Broken,
    /// The circular has no such element.
    #[serde(rename = "无此项")]
    Absent,
}

impl Verdict {
    /// The word for people.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Kept => "符合",
            Verdict::Broken => "不符",
            Verdict::Absent => "无此项",
        }
    }
}

/// A place on a page, in millimetres from its top left: the two ends of what was measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Place {
    /// Counted from 1.
    pub page: usize,
    pub from: (f64, f64),
    pub to: (f64, f64),
}

impl Place {
    /// Where a line's ink lies.
    fn of(line: &InkLine) -> Self {
        Place {
            page: line.page,
            from: (line.left, line.top),
            to: (line.right, line.bottom),
        }
    }
}

/// One clause, measured.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measure {
    /// The clause of GB/T 9704—2012, or the standard with its clause.
    pub clause: &'static str,
    pub what: &'static str,
    pub force: Force,
    pub expected: String,
    pub measured: String,
    pub verdict: Verdict,
    /// Where the reading lies that is furthest from what is expected.
    pub place: Option<Place>,
}

/// All measures of one circular, in the order of the standard.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    pub title: String,
    pub pages: usize,
    pub measures: Vec<Measure>,
    /// Where the unit's own profile leaves the standard or fills what it leaves open.
    pub habits: Vec<Habit>,
}

/// One habit of a unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Habit {
    pub what: String,
    /// The standard's own word and its clause.
    pub standard: &'static str,
    /// Whether the standard says otherwise; it says nothing where not.
    pub departs: bool,
}

/// Measures the pages of a document. A broken must is an error.
pub fn conform(document: &Document, pages: &Pages, diagnostics: &mut Diagnostics) -> Report {
    let mut ruler = Ruler {
        document,
        pages,
        measures: Vec::new(),
    };
    page::measure(&mut ruler);
    header::measure(&mut ruler);
    formats::measure(&mut ruler);
    text::measure(&mut ruler);
    closing::measure(&mut ruler);
    imprint::measure(&mut ruler);
    breaks::measure(&mut ruler, diagnostics);
    let report = Report {
        title: document.title.text().replace('\n', ""),
        pages: pages.len(),
        measures: ruler.measures,
        habits: habits(document),
    };
    for broken in report.broken_musts() {
        let message = format!(
            "{}：GB/T 9704—2012 {}条要求{}，实测{}",
            broken.what, broken.clause, broken.expected, broken.measured
        );
        let place = broken.place.and_then(|place| origin_at(pages, place));
        let origin = place.unwrap_or_else(|| document.title.origin());
        diagnostics.push(
            BROKEN
                .fault(&origin, message)
                .hint("标题的断行可以用换行指定；其他的用“--report 报告.html”存下报告，看是哪一处"),
        );
    }
    report
}

/// Where the words come from whose ink lies at a place of a page.
fn origin_at(pages: &Pages, place: Place) -> Option<Origin> {
    let middle = |a: f64, b: f64| (a + b) / 2.0;
    let (x, y) = (
        middle(place.from.0, place.to.0),
        middle(place.from.1, place.to.1),
    );
    let lines = pages.ink().iter().filter(|line| line.page == place.page);
    let off = |line: &InkLine| {
        let beside = (line.left - x).max(x - line.right).max(0.0);
        let above = (line.top - y).max(y - line.bottom).max(0.0);
        beside.hypot(above)
    };
    let is_theirs = |run: &&Run| run.origin != Origin::Program || !run.cells.is_empty();
    let runs = lines.filter_map(|line| Some((off(line), line.runs.iter().find(is_theirs)?)));
    let (_, run) = runs.min_by(|(one, _), (other, _)| one.total_cmp(other))?;
    Some(run.cells.first().unwrap_or(&run.origin).clone())
}

fn habits(document: &Document) -> Vec<Habit> {
    let departures = document.profile.departures().into_iter();
    let habit = |departure: Departure| Habit {
        what: departure.what,
        standard: departure.standard,
        departs: departure.against,
    };
    departures.map(habit).collect()
}

impl Report {
    /// The measures that stop a build.
    pub fn broken_musts(&self) -> impl Iterator<Item = &Measure> {
        self.measures
            .iter()
            .filter(|m| m.force == Force::Must && m.verdict == Verdict::Broken)
    }

    /// The report for programs.
    pub fn json(&self) -> String {
        let json = serde_json::to_string_pretty(self);
        json.expect("a report holds only text and finite numbers") + "\n"
    }

    /// The report for people: the list, and the pages with what was measured drawn on them.
    pub fn html(&self, pages: &Pages) -> String {
        html::html(self, pages)
    }
}

/// A length read off the ink, in millimetres.
#[derive(Clone, Copy)]
struct Reading {
    value: f64,
    place: Place,
}

impl Reading {
    /// The distance down from `from` to `to`, drawn at `x`.
    fn down(page: usize, x: f64, from: f64, to: f64) -> Reading {
        Reading {
            value: to - from,
            place: Place {
                page,
                from: (x, from),
                to: (x, to),
            },
        }
    }

    /// The distance right from `from` to `to`, drawn at `y`.
    fn right(page: usize, y: f64, from: f64, to: f64) -> Reading {
        Reading {
            value: to - from,
            place: Place {
                page,
                from: (from, y),
                to: (to, y),
            },
        }
    }

    /// How far the middle of `edges` is from the page's left, drawn from the text area at `y`.
    fn middle(edges: &Edges, y: f64) -> Reading {
        let middle = edges.centre();
        Reading::right(edges.page, y, page::LEFT, middle).with_value(middle)
    }

    fn with_value(self, value: f64) -> Reading {
        Reading { value, ..self }
    }
}

/// The edges of some ink on one page, in millimetres.
#[derive(Clone, Copy)]
struct Edges {
    page: usize,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Edges {
    fn of<'a>(lines: impl IntoIterator<Item = &'a InkLine>) -> Option<Edges> {
        let mut lines = lines.into_iter();
        let edges = |line: &InkLine| Edges {
            page: line.page,
            left: line.left,
            right: line.right,
            top: line.top,
            bottom: line.bottom,
        };
        let first = edges(lines.next()?);
        Some(
            lines
                .filter(|line| line.page == first.page)
                .fold(first, |all, line| Edges {
                    page: all.page,
                    left: all.left.min(line.left),
                    right: all.right.max(line.right),
                    top: all.top.min(line.top),
                    bottom: all.bottom.max(line.bottom),
                }),
        )
    }

    fn centre(&self) -> f64 {
        (self.left + self.right) / 2.0
    }

    fn middle(&self) -> f64 {
        (self.top + self.bottom) / 2.0
    }
}

/// How far a full line of 仿宋 reaches above and below its baseline, in em. Text is measured by it: a
/// line of 一 alone has its place all the same.
const ASCENT: f64 = 0.82;
const DESCENT: f64 = 0.09;

fn millimetres(points: f64) -> f64 {
    points / 72.0 * 25.4
}

/// The upper edge of a line of text.
fn top(line: &InkLine) -> f64 {
    line.baseline - millimetres(ASCENT * line.size)
}

/// The lower edge of a line of text.
fn bottom(line: &InkLine) -> f64 {
    line.baseline + millimetres(DESCENT * line.size)
}

/// Collects measures.
struct Ruler<'a> {
    document: &'a Document,
    pages: &'a Pages,
    measures: Vec<Measure>,
}

/// A clause and what it is about.
type Clause = (&'static str, &'static str, Force);

impl<'a> Ruler<'a> {
    fn lines(&self, part: Part) -> impl Iterator<Item = &'a InkLine> + use<'a> {
        self.pages
            .ink()
            .iter()
            .filter(move |line| line.part == part)
    }

    /// The ink of a part on the first page that shows it.
    fn edges(&self, part: Part) -> Option<Edges> {
        Edges::of(self.lines(part))
    }

    fn rules(&self) -> impl Iterator<Item = &'a InkRule> + use<'a> {
        self.pages.rules().iter()
    }

    /// The lower edge of the text or rule next above a height.
    fn above(&self, page: usize, height: f64) -> Option<f64> {
        let lines = self.pages.ink().iter();
        let lines = lines.filter(|line| line.page == page && line.part != Part::Draft);
        let rules = self.rules().filter(|rule| rule.page == page);
        let edges = lines.map(bottom).chain(rules.map(|rule| rule.bottom));
        edges.filter(|edge| *edge < height).max_by(f64::total_cmp)
    }

    /// Lengths that should be `expected` millimetres, give or take `tolerance`.
    fn length(
        &mut self,
        clause: Clause,
        expected: f64,
        tolerance: f64,
        readings: impl IntoIterator<Item = Reading>,
    ) {
        let words = format!("{}±{}毫米", short(expected), short(tolerance));
        self.between(
            clause,
            words,
            expected - tolerance,
            expected + tolerance,
            readings,
        );
    }

    /// Lengths that should lie between two.
    fn between(
        &mut self,
        clause: Clause,
        expected: String,
        least: f64,
        most: f64,
        readings: impl IntoIterator<Item = Reading>,
    ) {
        const ROUNDING: f64 = 1e-6;
        let readings: Vec<Reading> = readings.into_iter().collect();
        let readings: Vec<Reading> = readings.into_iter().map(|r| self.unmirrored(r)).collect();
        let off = |reading: &Reading| (least - reading.value).max(reading.value - most);
        let worst = readings.iter().max_by(|a, b| off(a).total_cmp(&off(b)));
        let low = readings.iter().map(|r| r.value).min_by(f64::total_cmp);
        let high = readings.iter().map(|r| r.value).max_by(f64::total_cmp);
        let measured = match (low, high) {
            (Some(low), Some(high)) if high - low < 0.005 => format!("{}毫米", short(low)),
            (Some(low), Some(high)) => format!("{}～{}毫米", short(low), short(high)),
            _ => String::new(),
        };
        let kept = worst.map(|worst| off(worst) <= ROUNDING);
        self.add(
            clause,
            expected,
            measured,
            kept,
            worst.map(|worst| worst.place),
        );
    }

    /// How many pages come before the piece that a page belongs to: what is not bound with the circular
    /// is numbered from 1.
    fn pages_before(&self, page: usize) -> usize {
        let separate = self.document.attachments.iter().enumerate();
        let separate = separate.filter(|(_, attachment)| attachment.separate);
        let starts = separate.filter_map(|(index, _)| {
            let label = self.lines(Part::AttachmentLabel(index + 1)).next()?;
            Some(label.page).filter(|start| *start <= page)
        });
        starts.max().map_or(0, |start| start - 1)
    }

    /// How far the type area of a page stands to the right of where the standard's figure has it: units
    /// that mirror their margins have it elsewhere on even pages.
    fn shift(&self, page: usize) -> f64 {
        let mirrored = self.document.profile.mirrored.as_ref();
        let mirrored = mirrored.is_some_and(|mirrored| mirrored.value);
        if mirrored && page.is_multiple_of(2) {
            page::PAPER - page::RIGHT - page::LEFT
        } else {
            0.0
        }
    }

    /// The reading as if the margins of even pages were those of odd ones, where it was taken from an
    /// edge that changes sides.
    fn unmirrored(&self, reading: Reading) -> Reading {
        let Place { page, from, to } = reading.place;
        let level = from.1 == to.1 && to.0 < page::PAPER;
        let value = if level && (from.0 == 0.0 || from.0 == page::LEFT) {
            reading.value - self.shift(page)
        } else if level && to.0 == page::RIGHT {
            reading.value + self.shift(page)
        } else {
            reading.value
        };
        Reading { value, ..reading }
    }

    /// The lines of each block of a part after its first, which should start where the letter does that
    /// `place` finds in the first; nothing where all blocks have one line.
    fn hanging(&mut self, clause: Clause, part: Part, place: impl Fn(&str) -> usize) {
        let mut from: Option<(usize, f64)> = None;
        let mut readings = Vec::new();
        for line in self.lines(part) {
            let shift = self.shift(line.page);
            match from {
                Some((block, from)) if block == line.block => {
                    let start = line.cells[0];
                    readings.push(Reading::right(
                        line.page,
                        line.baseline,
                        from + shift,
                        start,
                    ));
                }
                _ => {
                    let letter = line.cells.get(place(&line.text));
                    from = letter.map(|letter| (line.block, *letter - shift));
                }
            }
        }
        if !readings.is_empty() {
            self.length(clause, 0.0, 0.5, readings);
        }
    }

    /// Something that holds or not; `None` where there is no such element.
    fn holds(
        &mut self,
        clause: Clause,
        expected: impl Into<String>,
        found: Option<(bool, String)>,
        place: Option<Place>,
    ) {
        let kept = found.as_ref().map(|(kept, _)| *kept);
        let measured = found.map(|(_, measured)| measured).unwrap_or_default();
        self.add(clause, expected.into(), measured, kept, place);
    }

    fn add(
        &mut self,
        (clause, what, force): Clause,
        expected: String,
        measured: String,
        kept: Option<bool>,
        place: Option<Place>,
    ) {
        self.measures.push(Measure {
            clause,
            what,
            force,
            expected,
            measured,
            verdict: match kept {
                Some(true) => Verdict::Kept,
                Some(false) => Verdict::Broken,
                None => Verdict::Absent,
            },
            place,
        });
    }
}

/// How many letters stand before the one behind the colon.
fn after_colon(text: &str) -> usize {
    let colon = text.chars().position(|letter| letter == '：');
    colon.map_or(0, |at| at + 1)
}

/// A length with at most two decimals.
fn short(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    match text {
        "-0" => "0".to_owned(),
        text => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
