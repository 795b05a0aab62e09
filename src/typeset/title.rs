//! The lines of a title. Comes in: its words. Goes out: one to four lines that keep words whole and
//! form a trapezium or a diamond (GB/T 9704—2012, 7.3.1).

mod words;

use std::hash::{Hash, Hasher};
use std::ops::Range;

use super::fonts::{Fonts, Role};
use super::measures::measures;
use crate::document::Attachment;
use crate::model::Profile;
use words::{Kind, Word};

/// No line is wider, in characters of 22 pt: 156 mm hold 20.1 of them, and a line that fills the type
/// area looks like text.
const WIDEST: f64 = 20.0;
/// A line wider than this is allowed but not liked.
const COMFORTABLE: f64 = 19.0;
/// Two neighbouring lines differ by at least this much, in characters.
const DIFFERENCE: f64 = 0.95;
const MOST_LINES: usize = 4;
/// What a break inside the issuer's name costs.
const ISSUER: f64 = 60.0;

/// What a title is set in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TitleType {
    pub role: Role,
    /// In points.
    pub size: f64,
    /// The distance between baselines, in millimetres.
    pub pitch: f64,
}

impl Hash for TitleType {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.role.hash(state);
        [self.size, self.pitch].map(f64::to_bits).hash(state);
    }
}

impl TitleType {
    /// That of the circular (7.3.1).
    pub fn of_circular() -> Self {
        let measures = measures();
        TitleType {
            role: Role::XiaoBiaoSong,
            size: measures.title_size_pt,
            pitch: measures.title_pitch,
        }
    }

    /// That of an attachment, which a unit may choose, as the standard is silent; a paper with a header
    /// of its own is a circular.
    pub fn of_attachment(attachment: &Attachment, profile: &Profile) -> Self {
        let (usual, measures) = (Self::of_circular(), measures());
        if attachment.issuer_mark.is_some() {
            return usual;
        }
        let face = profile.attachment_title_face.as_ref();
        let size = profile.attachment_title_size.as_ref();
        let size = size.map_or(usual.size, |size| size.value.points());
        // Between a line of text and a line of a title as 3.2 has them both: a character and 7/8 of a
        // 3号 one.
        let step = (usual.pitch - measures.pitch) / (usual.size - measures.size_pt);
        TitleType {
            role: face.map_or(usual.role, |face| Role::of(face.value)),
            size,
            pitch: measures.pitch + step * (size - measures.size_pt),
        }
    }
}

/// Breaks a title into lines; a `\n` in it is kept as a break.
#[comemo::memoize]
pub fn break_title(fonts: &Fonts, title: &str, kind: TitleType) -> Vec<Range<usize>> {
    let scale = kind.size / TitleType::of_circular().size;
    let mut lines = Vec::new();
    let mut start = 0;
    for wished in title.split('\n') {
        let range = start..start + wished.len();
        let words: Vec<Word> = words::split(wished)
            .into_iter()
            .map(|word| word.measured(start, |c| fonts.advance(kind.role, c) * scale))
            .collect();
        if wished.trim().is_empty() {
            // An empty wished-for line is no line.
        } else if words.iter().map(|word| word.width).sum::<f64>() <= COMFORTABLE
            || (title.contains('\n') && words.iter().map(|w| w.width).sum::<f64>() <= WIDEST)
        {
            lines.push(range);
        } else {
            lines.extend(best(&words));
        }
        start += wished.len() + 1;
    }
    lines
}

/// Breaks the name of an office into as few lines of about one width as `widest` (in characters) asks
/// for, or where it was wished for; by sense rather than exactly within it.
pub fn break_name(fonts: &Fonts, name: &str, widest: f64) -> Vec<Range<usize>> {
    if name.contains('\n') {
        return break_title(fonts, name, TitleType::of_circular());
    }
    let words = measured_name(fonts, words::split(name));
    let fewest = (width(&words) / widest).ceil().max(2.0);
    let lines = even_lines(&words, fewest, f64::INFINITY).unwrap_or_default();
    letters(&words, &lines)
}

/// Breaks the name of an office that has only its place beside others: no line is wider than `widest`,
/// whatever has to be torn.
pub fn break_name_within(fonts: &Fonts, name: &str, widest: f64) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for part in name.split('\n') {
        let own = break_part(fonts, part, widest).into_iter();
        lines.extend(own.map(|range| start + range.start..start + range.end));
        start += part.len() + 1;
    }
    lines
}

fn measured_name(fonts: &Fonts, words: Vec<Word>) -> Vec<Word> {
    let advance = |c| fonts.advance(Role::FangSong, c);
    let words = words.into_iter();
    words.map(|word| word.measured(0, advance)).collect()
}

fn break_part(fonts: &Fonts, name: &str, widest: f64) -> Vec<Range<usize>> {
    let words = measured_name(fonts, words::split(name));
    if width(&words) <= widest {
        return letters(&words, std::slice::from_ref(&(0..words.len())));
    }
    // A term as long as 人力资源和社会保障局 has to be torn rather than reach out of its place.
    let torn = |longest: f64| {
        let words = words.iter().flat_map(|word| match word.width > longest {
            true => word.characters(),
            false => vec![word.clone()],
        });
        measured_name(fonts, words.collect())
    };
    let fewest = (width(&words) / widest).ceil().max(2.0);
    let (finer, finest) = (torn(widest / 2.0), torn(0.0));
    for words in [&words, &finer, &finest] {
        for count in [fewest, fewest + 1.0] {
            if let Some(lines) = even_lines(words, count, widest) {
                return letters(words, &lines);
            }
        }
    }
    letters(&words, std::slice::from_ref(&(0..words.len())))
}

/// What range of the text each line of words takes.
fn letters(words: &[Word], lines: &[Range<usize>]) -> Vec<Range<usize>> {
    let lines = lines.iter().filter(|line| !line.is_empty());
    lines
        .map(|line| words[line.start].range.start..words[line.end - 1].range.end)
        .collect()
}

/// Divides words into so many lines of about one width; nothing where one would be wider than `widest`.
fn even_lines(words: &[Word], count: f64, widest: f64) -> Option<Vec<Range<usize>>> {
    let part = width(words) / count;
    let mut edges = vec![0];
    for number in 1..count as usize {
        let start = *edges.last()?;
        let fits = |at: &usize| {
            let left = count - number as f64;
            width(&words[start..*at]) <= widest && width(&words[*at..]) <= left * widest
        };
        // A break that tears what belongs together is worth a shift of a few characters.
        let off = |at: &usize| {
            (width(&words[..*at]) - part * number as f64).abs() + break_cost(words, *at) / 10.0
        };
        let places = (start + 1..words.len()).filter(fits);
        let Some(at) = places.min_by(|a, b| off(a).total_cmp(&off(b))) else {
            // Fewer words than lines.
            return (widest.is_infinite()).then(|| std::iter::once(0..words.len()).collect());
        };
        edges.push(at);
    }
    edges.push(words.len());
    Some(edges.windows(2).map(|pair| pair[0]..pair[1]).collect())
}

/// Breaks the few words of a table's cell into so many lines of at most `widest` characters, by sense and
/// of about one width; nothing where no such lines are good.
pub fn break_cell(
    fonts: &Fonts,
    text: &str,
    role: Role,
    count: usize,
    widest: f64,
) -> Option<Vec<Range<usize>>> {
    broken_cell(fonts, text, role, count, widest.to_bits())
}

/// Remembered, as ledgers say the same in many cells.
#[comemo::memoize]
fn broken_cell(
    fonts: &Fonts,
    text: &str,
    role: Role,
    count: usize,
    widest: u64,
) -> Option<Vec<Range<usize>>> {
    const ROUNDING: f64 = 1e-6;
    let widest = f64::from_bits(widest) + ROUNDING;
    let words: Vec<Word> = words::split(text)
        .into_iter()
        .map(|word| word.measured(0, |c| fonts.advance(role, c)))
        .collect();
    let mut best: Option<(f64, Vec<usize>)> = None;
    let mut edges = vec![0];
    try_cell(&words, count, widest, &mut edges, &mut best);
    let (_, edges) = best?;
    let end = |at: usize| words.get(at).map_or(text.len(), |word| word.range.start);
    let lines = edges.windows(2).map(|pair| end(pair[0])..end(pair[1]));
    Some(lines.collect())
}

/// Tries every way to break the words behind the last of `edges` into `count` more lines.
fn try_cell(
    words: &[Word],
    count: usize,
    widest: f64,
    edges: &mut Vec<usize>,
    best: &mut Option<(f64, Vec<usize>)>,
) {
    /// What is never torn, however the lines look.
    const TORN: f64 = 100.0;
    let start = edges[edges.len() - 1];
    if count == 1 {
        if width(&words[start..]) > widest {
            return;
        }
        edges.push(words.len());
        let cost = cell_cost(words, edges);
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            *best = Some((cost, edges.clone()));
        }
        edges.pop();
        return;
    }
    let mut line = 0.0;
    for end in start + 1..words.len() {
        line += words[end - 1].width;
        if line > widest {
            return;
        }
        if break_cost(words, end) < TORN {
            edges.push(end);
            try_cell(words, count - 1, widest, edges, best);
            edges.pop();
        }
    }
}

/// Weighs the lines of a cell: their sense, how unlike they are, and characters that stand alone.
fn cell_cost(words: &[Word], edges: &[usize]) -> f64 {
    const LONELY: f64 = 1.9;
    let lines = edges.windows(2).map(|pair| width(&words[pair[0]..pair[1]]));
    let lines: Vec<f64> = lines.collect();
    let most = lines.iter().copied().fold(0.0, f64::max);
    let least = lines.iter().copied().fold(f64::INFINITY, f64::min);
    let inner = &edges[1..edges.len() - 1];
    let sense: f64 = inner.iter().map(|at| break_cost(words, *at)).sum();
    let lonely = lines.iter().filter(|line| **line < LONELY).count() as f64;
    sense + 3.0 * (most - least) + 40.0 * lonely
}

/// Finds the best lines for words that need more than one.
fn best(words: &[Word]) -> Vec<Range<usize>> {
    let total: f64 = words.iter().map(|word| word.width).sum();
    let fewest = (total / WIDEST).ceil() as usize;
    let mut best: Option<(f64, Vec<usize>)> = None;
    for count in fewest.max(2)..=(fewest + 1).max(MOST_LINES) {
        let mut breaks = Vec::new();
        search(words, 0, count, &mut breaks, &mut best);
        if best.is_some() && count >= MOST_LINES {
            break;
        }
    }
    let breaks = match best {
        Some((_, breaks)) => breaks,
        None => greedy(words),
    };
    let mut edges = vec![0];
    edges.extend(breaks);
    edges.push(words.len());
    edges
        .windows(2)
        .map(|pair| words[pair[0]].range.start..words[pair[1] - 1].range.end)
        .collect()
}

/// Tries every way to break the words from `start` into `count` more lines.
fn search(
    words: &[Word],
    start: usize,
    count: usize,
    breaks: &mut Vec<usize>,
    best: &mut Option<(f64, Vec<usize>)>,
) {
    if count == 1 {
        if width(&words[start..]) <= WIDEST {
            let cost = cost(words, breaks);
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                *best = Some((cost, breaks.clone()));
            }
        }
        return;
    }
    let mut line = 0.0;
    for end in start + 1..words.len() {
        line += words[end - 1].width;
        if line > WIDEST {
            return;
        }
        breaks.push(end);
        search(words, end, count - 1, breaks, best);
        breaks.pop();
    }
}

/// Fills line after line, where one word alone is wider than a line.
fn greedy(words: &[Word]) -> Vec<usize> {
    let mut breaks = Vec::new();
    let mut line = 0.0;
    for (index, word) in words.iter().enumerate() {
        if index > 0 && line + word.width > WIDEST {
            breaks.push(index);
            line = 0.0;
        }
        line += word.width;
    }
    breaks
}

/// Weighs one way of breaking; less is better.
fn cost(words: &[Word], breaks: &[usize]) -> f64 {
    let mut edges = vec![0];
    edges.extend(breaks);
    edges.push(words.len());
    let widths: Vec<f64> = edges
        .windows(2)
        .map(|pair| width(&words[pair[0]..pair[1]]))
        .collect();
    // Who issues it is named before 关于, and is not torn while one line holds it.
    let about = words
        .iter()
        .position(|word| word.text == "关于")
        .unwrap_or(0);
    let issuer = if width(&words[..about]) <= WIDEST {
        about
    } else {
        0
    };
    let sense: f64 = breaks
        .iter()
        .map(|at| break_cost(words, *at) + if *at < issuer { ISSUER } else { 0.0 })
        .sum();
    let last = &words[edges[edges.len() - 2]..];
    let crowded: f64 = widths
        .iter()
        .map(|w| (w - COMFORTABLE).max(0.0) * 8.0)
        .sum();
    sense + shape_cost(&widths) + last_line_cost(last) + crowded + 7.0 * widths.len() as f64
}

fn width(words: &[Word]) -> f64 {
    words.iter().map(|word| word.width).sum()
}

/// Weighs a break before word `at` by its sense.
fn break_cost(words: &[Word], at: usize) -> f64 {
    let (before, after) = (&words[at - 1], &words[at]);
    if !before.ends_well || !after.starts_well {
        return 500.0;
    }
    // 12月31日 is one date.
    let date = before.text.ends_with(['年', '月'])
        && before.text.starts_with(|c: char| c.is_ascii_digit())
        && after.text.starts_with(|c: char| c.is_ascii_digit());
    if date {
        return 100.0;
    }
    // 2026年第三季度 is one period, which is torn rather than a word.
    let of_year =
        before.text.ends_with('年') && before.text.starts_with(|c: char| c.is_ascii_digit());
    if of_year && (after.text.ends_with("季度") || ["上半年", "下半年"].contains(&&*after.text))
    {
        return 25.0;
    }
    match (before.kind, after.kind) {
        // 关于 belongs to what follows, 的 to what precedes.
        (Kind::About, _) | (_, Kind::Of) => 60.0,
        (_, Kind::About) => -14.0,
        (Kind::Link, _) => 30.0,
        (_, Kind::Link) => 5.0,
        // A quoted name stays whole where it can, and a line ends well behind it.
        _ if before.quoted && after.quoted => 25.0,
        _ if before.text == "》" => 2.0,
        // A single character mostly belongs to its neighbour.
        _ if before.single || after.single => 12.0,
        // 全旗, 各单位 belong to what they narrow down.
        _ if before.text.starts_with(['全', '各']) => 25.0,
        (Kind::Of, _) => 5.0,
        _ => 7.0,
    }
}

/// Weighs the outline: strictly monotone, or rising and then falling.
fn shape_cost(widths: &[f64]) -> f64 {
    let steps: Vec<f64> = widths.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let alike = steps.iter().filter(|step| step.abs() < DIFFERENCE).count() as f64;
    let hollow = steps.windows(2).any(|pair| pair[0] < 0.0 && pair[1] > 0.0);
    let spread = widths.iter().copied().fold(0.0, f64::max)
        - widths.iter().copied().fold(f64::INFINITY, f64::min);
    alike * 80.0 + if hollow { 80.0 } else { 0.0 } + (spread - 2.0).max(0.0) * 1.2
}

/// Weighs a last line that holds little more than the kind of document.
fn last_line_cost(words: &[Word]) -> f64 {
    let width = width(words);
    let thin = (6.0 - width).max(0.0) * 10.0;
    if words.len() <= 2 && words.iter().any(|word| word.kind == Kind::Of) {
        thin + 40.0
    } else {
        thin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(title: &str) -> Vec<&str> {
        break_title(&Fonts::embedded(), title, TitleType::of_circular())
            .into_iter()
            .map(|range| &title[range])
            .collect()
    }

    #[test]
    fn a_quoted_name_stays_whole() {
        assert_eq!(
            lines("上报“全国政务新媒体报送系统”备案的政府系统政务新媒体清单"),
            [
                "上报“全国政务新媒体报送系统”",
                "备案的政府系统政务新媒体清单"
            ]
        );
    }

    #[test]
    fn names_quantities_and_terms_are_not_torn() {
        for (title, torn) in [
            (
                "鄂托克前旗政务服务局关于端午节放假的通知",
                &["政务服务/局", "放/假"][..],
            ),
            (
                "样例县人民政府办公室关于端午节放假的通知",
                &["县/人", "政府/办"],
            ),
            (
                "某市人民政府关于推进年产10万吨新材料项目建设有关问题的批复",
                &["10/万", "10万/吨"],
            ),
            (
                "样例县人民政府办公室关于2026年第三季度政务公开平台检查情况的通报",
                &["2026年/第", "公开/平台"],
            ),
            (
                "样例县人民政府关于公布第四批县级非物质文化遗产代表性项目名录的通知",
                &["非物质/文", "文化/遗产"],
            ),
            (
                "样例市人民政府办公室转发市发展改革委、市财政局、市自然资源局关于推进城乡融合发展若干政策措施的通知",
                &["市/自然", "城乡/融合"],
            ),
            (
                "样例市科学技术局关于组织申报2026年度省重点研发计划项目和示范项目的通知",
                &["2026年/度"],
            ),
            (
                "样例县人民政府办公室关于做好2027年元旦春节期间有关工作的通知",
                &["春节/期间"],
            ),
            (
                "某县人民政府办公室关于表彰第五次全国经济普查先进集体和先进个人的通报",
                &["第五/次", "经济/普查", "先进/集体", "先进/个人"],
            ),
            (
                "样例县人民政府办公室关于转发县发展和改革局等部门《关于进一步优化营商环境促进民营经济高质量发展若干措施（2026—2028年）实施细则》的通知",
                &["县/发展", "营商/环境", "2026/", "—/2028"],
            ),
        ] {
            let broken = lines(title).join("/");
            for torn in torn {
                assert!(!broken.contains(torn), "{broken}");
            }
        }
    }

    const REAL: [&str; 5] = [
        "三明市人民政府办公室关于2021年第三季度全市政府网站与政务新媒体检查情况的通报",
        "奈曼旗政务公开工作领导小组关于存在严重问题政务新媒体的通报",
        "关于2020年第三季度全旗政府网站与政务新媒体检查情况的通报",
        "奈曼旗人民政府办公室关于加强全旗政务新媒体运营与监管机制建设的通知",
        "伊金霍洛旗政务公开领导小组办公室关于2024年第一季度政务公开和政务新媒体检查情况的通报",
    ];

    #[test]
    fn real_titles_break_by_sense() {
        let broken: Vec<String> = REAL.iter().map(|title| lines(title).join("/")).collect();
        assert_eq!(
            broken,
            [
                "三明市人民政府办公室/关于2021年第三季度全市政府网站/与政务新媒体检查情况的通报",
                "奈曼旗政务公开工作领导小组/关于存在严重问题政务新媒体的通报",
                "关于2020年第三季度全旗政府网站/与政务新媒体检查情况的通报",
                "奈曼旗人民政府办公室/关于加强全旗政务新媒体运营/与监管机制建设的通知",
                "伊金霍洛旗政务公开领导小组办公室/关于2024年第一季度政务公开和政务新媒体/检查情况的通报",
            ]
        );
    }

    #[test]
    fn every_title_is_a_trapezium_or_a_diamond() {
        for title in REAL {
            let widths: Vec<f64> = lines(title)
                .iter()
                .map(|line| Fonts::embedded().ink(Role::XiaoBiaoSong, line).advance)
                .collect();
            assert!(shape_cost(&widths) < 40.0, "{title}: {widths:?}");
            assert!(
                widths.iter().all(|width| *width <= WIDEST),
                "{title}: {widths:?}"
            );
        }
    }

    #[test]
    fn a_short_title_stays_on_one_line() {
        assert_eq!(lines("关于开展检查的通知"), ["关于开展检查的通知"]);
    }

    #[test]
    fn a_break_in_the_title_is_kept() {
        assert_eq!(
            lines("奈曼旗人民政府\n关于检查的通报"),
            ["奈曼旗人民政府", "关于检查的通报"]
        );
    }

    #[test]
    fn names_of_works_and_numbers_stay_whole() {
        let title = "某某市人民政府办公室关于印发《某某市政府网站与政务新媒体检查指标》和2024年度工作要点的通知";
        let broken = lines(title);
        assert!(
            broken
                .iter()
                .all(|line| !line.ends_with('《') && !line.starts_with('》'))
        );
        assert!(
            broken.iter().any(|line| line.contains("2024年")),
            "{broken:?}"
        );
        assert_eq!(broken.concat(), title);
        assert!(broken.len() <= 4);
    }

    #[test]
    fn a_title_without_any_break_is_cut_all_the_same() {
        let title = "A".repeat(90);
        let broken = lines(&title);
        assert_eq!(broken.concat(), title);
        assert!(broken.len() > 1);
    }

    /// The longest name of a joint issue once reached out of the type area.
    #[test]
    fn no_line_of_a_name_is_wider_than_its_place() {
        let fonts = Fonts::embedded();
        for name in [
            "中国共产主义青年团样例县委员会",
            "中国共产主义青年团\n样例县委员会",
            "样例县人力资源和社会保障局",
        ] {
            for widest in [4.0, 6.5, 7.8, 9.0] {
                let lines = break_name_within(&fonts, name, widest);
                for line in &lines {
                    let wide = fonts.ink(Role::FangSong, &name[line.clone()]).advance;
                    assert!(wide <= widest, "{widest}: {}", &name[line.clone()]);
                }
                let all: String = lines.iter().map(|line| &name[line.clone()]).collect();
                assert_eq!(all, name.replace('\n', ""));
            }
        }
    }
}
