//! What the words say of the circular itself: its title, its attachments, its spelling throughout.

use std::sync::LazyLock;

use regex::Regex;

use super::reading::Reading;
use crate::check::facts::Facts;
use crate::check::figures::numbers::value;
use crate::diag::{Diagnostic, Rule, Strength};

pub const RULES: &[Rule] = &[
    TITLE_KIND,
    TITLE_ABOUT,
    TITLE_DIFFERS,
    TITLE_TWICE,
    TITLE_MARK,
    NO_ATTACHMENT,
    TYPED_LIST,
    SPELLINGS,
];

const ARTICLE: &str = "公文处理工作条例第八条、第九条（七）";

const TITLE_KIND: Rule = Rule::new("body/title/no-kind", "标题末尾没有文种")
    .warning()
    .rests_on(Strength::Regulation, ARTICLE)
    .example("关于政务新媒体检查情况", "关于政务新媒体检查情况的通报");
const TITLE_ABOUT: Rule = Rule::new("body/title/no-about", "标题里没有“关于”")
    .warning()
    .rests_on(Strength::Regulation, ARTICLE)
    .example("政务新媒体检查情况的通报", "关于政务新媒体检查情况的通报");
const TITLE_DIFFERS: Rule = Rule::new("body/title/kind-differs", "标题的文种与“文种”不符")
    .warning()
    .rests_on(Strength::Regulation, "公文处理工作条例第八条")
    .example(
        "文种: 问题通报，标题: 关于开展检查的通知",
        "文种: 问题通报，标题: 关于检查情况的通报",
    );
const TITLE_TWICE: Rule = Rule::new("body/title/kind-twice", "标题里文种重复")
    .warning()
    .rests_on(Strength::Practice, "公文校对惯例")
    .example("关于转发检查通知的通知的通知", "关于转发检查通知的通知");
const TITLE_MARK: Rule = Rule::new("body/title/mark", "标题里用了书名号、引号、括号以外的标点")
    .warning()
    .rests_on(Strength::Practice, "公文标题惯例")
    .example("关于检查情况的通报。", "关于检查情况的通报");
const NO_ATTACHMENT: Rule = Rule::new("text/attachment/missing", "正文提到的附件没有附上")
    .warning()
    .rests_on(Strength::Standard, "GB/T 9704—2012，7.3.4、7.3.7")
    .example("名单见附件3。（只有2个附件）", "名单见附件2。");
const TYPED_LIST: Rule = Rule::new(
    "text/attachment/typed-list",
    "正文里手写了附件说明，不由程序生成",
)
.warning()
.rests_on(Strength::Standard, "GB/T 9704—2012，7.3.4");
const SPELLINGS: Rule = Rule::new("text/words/two-spellings", "同一个词有两种写法")
    .note()
    .rests_on(Strength::Practice, "公文校对惯例");

/// The kinds of official papers (公文处理工作条例第八条).
const KINDS: &[&str] = &[
    "决议", "决定", "命令", "令", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示",
    "批复", "议案", "函", "纪要",
];

/// The faults of the title.
pub fn title(reading: &Reading, facts: &Facts) -> Vec<Diagnostic> {
    let text: String = reading.plain.split_whitespace().collect();
    let whole = reading.passage.text.len();
    let mut faults = Vec::new();
    let mut report = |rule: &Rule, message: String, hint: &str| {
        faults.push(reading.fault(rule, 0, whole, message).hint(hint));
    };
    let bare = text.trim_end_matches(|char: char| "。，；：、！？.,".contains(char));
    let bare = bare
        .strip_suffix('）')
        .and_then(|inner| inner.rsplit_once('（'))
        .map_or(bare, |(head, _)| head);
    let kind = KINDS.iter().find(|kind| bare.ends_with(**kind));
    let declared = KINDS.iter().find(|kind| facts.kind.ends_with(**kind));
    match (kind, declared) {
        (None, _) => report(
            &TITLE_KIND,
            "标题末尾没有文种".to_owned(),
            "标题写作“发文机关关于事由的文种”，如“关于……的通报”",
        ),
        (Some(kind), Some(declared)) if kind != declared => {
            let message = format!("标题的文种是{kind}，“文种”写的却是“{}”", facts.kind);
            report(&TITLE_DIFFERS, message, "改正标题或“文种”");
        }
        _ => {}
    }
    if kind.is_some_and(|kind| *kind != "纪要" && !kind.ends_with('令'))
        && !reading.passage.text.contains("关于")
    {
        report(
            &TITLE_ABOUT,
            "标题里没有“关于”".to_owned(),
            "标题写作“发文机关关于事由的文种”",
        );
    }
    if let Some(kind) = kind.filter(|kind| bare.ends_with(&format!("的{kind}的{kind}"))) {
        let twice = format!("的{kind}的{kind}");
        if bare.contains(&format!("{kind}{twice}"))
            || !bare.contains("转发") && !bare.contains("印发")
        {
            report(
                &TITLE_TWICE,
                format!("标题里“{kind}”重复"),
                "转发、印发通知的，只留一个“的通知”",
            );
        }
    }
    let mark = reading
        .plain
        .char_indices()
        .find(|(_, char)| "。，；：！？,;:!?".contains(*char));
    if let Some((at, mark)) = mark {
        let message = format!("标题里不用“{mark}”");
        let fault = reading.fault(&TITLE_MARK, at, at + mark.len_utf8(), message);
        faults.push(fault.hint("标题除书名号、引号、括号和顿号外不用标点，末尾不加句号"));
    }
    faults
}

static ATTACHMENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"附件(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2}|后)?").expect("the pattern is sound")
});

/// Attachments that 正文 speaks of and that are not there.
pub fn attachments(reading: &Reading, facts: &Facts) -> Vec<Diagnostic> {
    let text = reading.plain.as_str();
    if !reading.main || !reading.is_prose() {
        return Vec::new();
    }
    let mut faults = Vec::new();
    let labelled = text.starts_with("附件：") || text.starts_with("附件:");
    // 附件：见文后。 lists nothing.
    if labelled && (facts.attachments > 0 || !text.ends_with('。')) {
        let message = match facts.attachments {
            0 => "正文里手写了附件说明，公文却没有附件",
            _ => "附件说明由程序生成，这里又写了一份",
        };
        let fault = reading.fault(&TYPED_LIST, 0, "附件：".len(), message.to_owned());
        return vec![fault.hint("删去这一段；附件的标题写在“附件”下面，附件说明由程序生成")];
    }
    for found in ATTACHMENT.find_iter(text) {
        let (start, end) = (found.start(), found.end());
        // 附件23无法下载 in a cell tells of somebody else's.
        if !reading.passage.is_typed(start, end) {
            continue;
        }
        let figure = &found.as_str()["附件".len()..];
        let number = match figure {
            "一" => Some(1),
            _ => value(figure).and_then(|number| number.to_string().parse::<usize>().ok()),
        };
        let before = &text[..start];
        // 上级文件的附件2 is another paper's.
        let other =
            before.ends_with(['的', '》', '）', '”']) || text[end..].starts_with(['的', '中']);
        let spoken_of = ["见", "详见", "（", "按", "按照"]
            .iter()
            .any(|word| before.ends_with(word));
        let message = match number {
            Some(number) if number > facts.attachments && !other => match facts.attachments {
                0 => format!("正文提到附件{number}，却没有附件"),
                count => format!("正文提到附件{number}，附件只有{count}个"),
            },
            None if facts.attachments == 0 && figure.is_empty() && spoken_of && !other => {
                "正文提到附件，却没有附件".to_owned()
            }
            _ => continue,
        };
        let fault = reading.fault(&NO_ATTACHMENT, start, end, message);
        faults
            .push(fault.hint("在“附件”下面加上它，或改正序号；模板里可以写“{{ 附件(\"标题\") }}”"));
    }
    faults
}

/// Words that dictionaries write in two ways; one paper keeps to one of them.
const PAIRS: &[(&str, &str)] = &[
    ("账号", "帐号"),
    ("账户", "帐户"),
    ("登录", "登陆"),
    ("其他", "其它"),
    ("身份", "身分"),
];

/// Words of 正文 that are written in two ways.
pub fn spellings(readings: &[Reading]) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let prose = || {
        readings
            .iter()
            .filter(|reading| reading.main && reading.is_prose())
    };
    for (usual, other) in PAIRS {
        let find = |word: &str| {
            prose().find_map(|reading| reading.plain.find(word).map(|at| (reading, at)))
        };
        if let (Some((first, one)), Some((second, two))) = (find(usual), find(other)) {
            let message = format!("正文里“{usual}”“{other}”混用");
            let fault = second.fault(&SPELLINGS, two, two + other.len(), message);
            let fault = fault.hint(format!("全文统一，一般写“{usual}”"));
            faults.push(fault.related(&first.passage.place(one), format!("这里写的是“{usual}”")));
        }
    }
    faults
}
