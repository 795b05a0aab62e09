//! Marks of the sentence: stops that meet or are missing, ellipses, dashes.

use super::first_of;
use crate::check::words::reading::{Kind, Reading, is_han};
use crate::diag::{Diagnostic, Rule, Strength};

pub const RULES: &[Rule] = &[BEFORE_DENG, ELLIPSIS, DASH, DOUBLED, NO_END];

const BEFORE_DENG: Rule = Rule::new("text/mark/before-deng", "“等”前面用了顿号")
    .warning()
    .rests_on(Strength::Normal, "GB/T 15834—2011")
    .example("涉及教育、医疗、等方面。", "涉及教育、医疗等方面。");

const ELLIPSIS: Rule = Rule::new("text/mark/ellipsis", "省略号不是六个点")
    .warning()
    .rests_on(Strength::Standard, "GB/T 15834—2011，4.11")
    .example("包括文字、图片、视频...", "包括文字、图片、视频……");

const DASH: Rule = Rule::new("text/mark/dash", "破折号用半角连字符写成")
    .warning()
    .rests_on(Strength::Standard, "GB/T 15834—2011，4.10")
    .example(
        "政务新媒体--群众身边的窗口。",
        "政务新媒体——群众身边的窗口。",
    );

const DOUBLED: Rule = Rule::new("text/mark/doubled", "标点重复或前后冲突")
    .warning()
    .rests_on(Strength::Practice, "公文校对惯例")
    .example("请抓紧整改，。", "请抓紧整改。");

const NO_END: Rule = Rule::new("text/mark/no-end", "一段话的末尾没有标点")
    .warning()
    .rests_on(Strength::Practice, "公文校对惯例")
    .example(
        "各单位要高度重视，抓紧整改，按时报送整改情况",
        "各单位要高度重视，抓紧整改，按时报送整改情况。",
    );

pub fn faults(reading: &Reading) -> impl Iterator<Item = Diagnostic> {
    [
        before_deng(reading),
        ellipsis(reading),
        dash(reading),
        no_end(reading),
    ]
    .into_iter()
    .flatten()
}

/// 等待, 等级 and others in which 等 closes no list.
const OTHER_DENG: &str = "级待候于同次额值距高效离腰第位分外闲了着过";

/// What a list closed by 等 is called.
const LISTED: &[&str] = &[
    "领域", "方面", "问题", "单位", "部门", "平台", "内容", "工作", "事项", "情况", "行为", "地区",
];

fn before_deng(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.plain.as_str();
    let places = text
        .match_indices("、等")
        .filter(|(at, found)| {
            let next = text[at + found.len()..].chars().next();
            next.is_none_or(|char| !OTHER_DENG.contains(char))
        })
        .map(|(at, found)| (at, at + found.len()));
    // ，等 may begin a clause of its own: 先试点，等条件成熟再推开.
    let closed = LISTED.iter().flat_map(|noun| {
        let places = text.match_indices(noun);
        places.filter_map(|(at, _)| {
            let head = text[..at].strip_suffix("，等")?;
            let next = text[at + noun.len()..].chars().next();
            let ends = next.is_none_or(|char| "，。；、：".contains(char));
            ends.then_some((head.len(), at))
        })
    });
    let mut places: Vec<(usize, usize)> = places.chain(closed).collect();
    places.sort_unstable();
    let (start, end) = *places.first()?;
    let mark = if text[start..end].starts_with('，') {
        "逗号"
    } else {
        "顿号"
    };
    let message = format!("“等”前面不用{mark}");
    let hint = format!("删去“等”前面的{mark}");
    first_of(reading, &BEFORE_DENG, &places, message, hint)
}

fn ellipsis(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.plain.as_str();
    let mut places = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let Some(first) = rest.chars().next() else {
            break;
        };
        let run = rest.chars().take_while(|char| *char == first).count();
        let length = run * first.len_utf8();
        let before = text[..at].chars().next_back();
        let found = match first {
            '.' => run > 2 && before.is_some_and(|char| !char.is_ascii()),
            '。' => run > 1,
            '…' => run != 2 && run != 4 || closes_twice(&rest[length..]),
            '·' | '・' => run > 2,
            _ => false,
        };
        if found {
            places.push((at, at + length));
        }
        at += length;
    }
    let (_, end) = *places.first()?;
    let (message, hint) = match closes_twice(&text[end..]) {
        true => ("省略号和“等”不能并用", "只留一个"),
        false => (
            "省略号应是六个点，占两个字的位置",
            "写作“……”；不是省略号的，只留一个句号",
        ),
    };
    first_of(
        reading,
        &ELLIPSIS,
        &places,
        message.to_owned(),
        hint.to_owned(),
    )
}

/// ……等: both say that more is to come.
fn closes_twice(behind: &str) -> bool {
    let next = behind.strip_prefix('等').map(|rest| rest.chars().next());
    next.is_some_and(|next| next.is_none_or(|char| !OTHER_DENG.contains(char)))
}

fn dash(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.plain.as_str();
    let between = |at: usize, length: usize| {
        let before = text[..at].chars().next_back();
        let behind = text[at + length..].chars().next();
        before.is_some_and(is_han) && behind.is_some_and(is_han)
    };
    let places: Vec<(usize, usize)> = ["--", "－－", "––"]
        .iter()
        .flat_map(|mark| text.match_indices(mark))
        .filter(|(at, mark)| between(*at, mark.len()))
        .map(|(at, mark)| (at, at + mark.len()))
        .collect();
    let message = "破折号用连字符写成".to_owned();
    first_of(
        reading,
        &DASH,
        &places,
        message,
        "写作“——”，占两个字的位置".to_owned(),
    )
}

fn no_end(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.open.trim_end();
    let last = text.chars().next_back()?;
    let asks = ["请", "现将", "要"]
        .iter()
        .any(|word| text.starts_with(word));
    let prose = text.contains('。') || text.matches('，').count() > 1 || asks;
    // 联系地址：…, 附件：….
    let labelled = text
        .find('：')
        .is_some_and(|at| text[..at].chars().count() <= 8 && !text[..at].contains('，'));
    let ends = is_han(last) || "，、；".contains(last);
    if reading.kind != Kind::Paragraph || !prose || labelled || !ends || text.chars().count() < 15 {
        return None;
    }
    let (start, end) = (text.len() - last.len_utf8(), text.len());
    let (message, hint) = match is_han(last) {
        true => ("这一段话的末尾没有标点", "在末尾加句号"),
        false => ("这一段话没有说完就断了", "补全这一段，末尾用句号"),
    };
    Some(
        reading
            .fault(&NO_END, start, end, message.to_owned())
            .hint(hint),
    )
}

pub fn doubled(reading: &Reading) -> Option<Diagnostic> {
    let text = reading.open.as_str();
    let marks = ['，', '。', '；', '：', '、'];
    let mut places = Vec::new();
    let mut previous: Option<(usize, char)> = None;
    for (at, char) in text.char_indices() {
        if let Some((start, before)) = previous
            && marks.contains(&char)
            && marks.contains(&before)
            && (before, char) != ('。', '。')
        {
            places.push((start, at + char.len_utf8()));
        }
        previous = Some((at, char));
    }
    places.extend(
        text.match_indices("。”。")
            .map(|(at, found)| (at, at + found.len())),
    );
    let (start, end) = *places.first()?;
    let found = &text[start..end];
    let message = format!("标点“{found}”重复或前后冲突");
    first_of(
        reading,
        &DOUBLED,
        &places,
        message,
        "只留一个标点".to_owned(),
    )
}
