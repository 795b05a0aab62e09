//! Splits a title into the words that stay whole.

use std::ops::Range;

use crate::typeset::lines::rules;

/// Words of two to six characters and how rare they are (the last letter, 1 to f, is the negative
/// natural logarithm of the frequency), sorted; an extract of the dictionary of jieba (MIT).
const DICTIONARY: &str = include_str!("words.txt");

/// Words of inspection circulars that the dictionary lacks or that must not be split.
const OURS: &[&str] = &[
    "政务新媒体",
    "新媒体",
    "政府网站",
    "政务公开",
    "政务服务",
    "领导小组",
    "工作领导小组",
    "领导小组办公室",
    "人民政府",
    "人民政府办公室",
    "人民政府办公厅",
    "人民代表大会",
    "检查情况",
    "抽查情况",
    "整改情况",
    "考核情况",
    "第一季度",
    "第二季度",
    "第三季度",
    "第四季度",
    "上半年",
    "下半年",
    "常态化",
    "信息公开",
    "监管机制",
    "工作要点",
    "实施方案",
    "应急预案",
    "专项整治",
    "专项检查",
    "安全生产",
    "存在问题",
    "严重问题",
    "有关事项",
    "自治区",
    "自治州",
    "营商环境",
    "民营经济",
    "高质量发展",
    "先进集体",
    "先进个人",
    "经济普查",
    "人口普查",
    "农业普查",
    "公共卫生",
    "公共卫生事件",
    "突发公共卫生事件",
    "突发事件",
    "突发公共卫生事件应急预案",
    "年度报告",
    "年度工作报告",
    "绩效考核",
    "考核结果",
    "行政机关",
    "各级行政机关",
    "专项行动",
    "农业农村",
    "农业农村现代化",
    "信息公开工作",
    "有关问题",
    "放假",
    "公共突发事件",
    "生态环境保护",
    "乡村振兴",
    "城市更新",
    "数字政府",
    "法治政府",
    "放管服改革",
    "职能转变",
    "协调小组",
    "工作专班",
    "指挥部",
    "指挥部办公室",
    "委员会办公室",
    "发展和改革局",
    "发展和改革委员会",
    "工业和信息化局",
    "工业和信息化厅",
    "人力资源和社会保障局",
    "人力资源和社会保障厅",
    "住房和城乡建设局",
    "住房和城乡建设厅",
    "文化和旅游局",
    "文化和旅游厅",
    "林业和草原局",
    "市场监督管理局",
    "卫生健康委员会",
    "卫生健康局",
    "医疗保障局",
    "应急管理局",
    "农业农村局",
    "农牧局",
    "生态环境局",
    "自然资源局",
    "交通运输局",
    "教育体育局",
    "退役军人事务局",
    "行政审批局",
    "政务服务局",
    "政务服务中心",
    "数据管理局",
    "大数据管理局",
    "非物质文化遗产",
    "代表性项目",
    "规范性文件",
    "行政规范性文件",
    "行政执法",
    "行政执法检查",
    "行政复议",
    "行政应诉",
    "生产经营单位",
    "危险化学品",
    "安全生产大检查",
    "食品安全",
    "校园食品安全",
    "药品安全",
    "饮水安全",
    "消防安全",
    "巩固提升",
    "城乡供水",
    "城乡居民",
    "城乡建设",
    "领导班子",
    "领导班子成员",
    "防汛抗旱",
    "防灭火",
    "森林防灭火",
    "森林草原防灭火",
    "地质灾害",
    "地质灾害防治",
    "污染防治",
    "污染防治攻坚战",
    "人居环境",
    "农村人居环境",
    "生活垃圾",
    "高标准农田",
    "不动产登记",
    "最低生活保障",
    "基本医疗保险",
    "基本养老保险",
    "义务教育",
    "学前教育",
    "学前教育机构",
    "未成年人",
    "退役军人",
    "残疾人",
    "示范村",
    "示范区",
    "示范项目",
    "示范县",
    "公开平台",
    "政务公开平台",
    "服务平台",
    "政务服务平台",
    "报送系统",
    "政府系统",
    "公文处理",
    "督查激励",
    "三年行动",
    "行动计划",
    "行动方案",
    "工作方案",
    "工作分工",
    "任务分工",
    "职责分工",
    "工作规则",
    "管理办法",
    "实施办法",
    "实施细则",
    "实施意见",
    "指导意见",
    "若干措施",
    "若干意见",
    "若干规定",
    "暂行办法",
    "暂行规定",
    "目标管理",
    "责任制",
    "权责清单",
    "责任清单",
    "任务清单",
    "负面清单",
    "办事指南",
    "专项资金",
    "转移支付",
    "重点项目",
    "重点工作",
    "优化营商环境",
    "督办",
    "卫生健康",
    "卫生健康系统",
    "安全生产委员会",
    "办公用房",
    "建设用地",
    "宅基地",
    "产业化",
    "农业产业化",
    "高新技术产业",
    "开发区",
    "高新技术产业开发区",
    "经济技术开发区",
    "就业创业",
    "创新创业",
    "城乡融合",
    "城乡融合发展",
    "春季学期",
    "秋季学期",
    "中小学校",
    "重点研发计划",
    "研发计划",
    "科技计划",
    "融媒体中心",
];

/// The longest of them, in characters.
const LONGEST_WORD: usize = 12;

/// The characters that names of places end in.
const PLACES: &str = "省市县区旗州盟镇乡";

/// How a word behaves at a break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 关于, 转发, 印发: belongs to what follows.
    About,
    /// 的, 期间: belongs to what precedes.
    Of,
    /// 和, 与, 及: joins what stands on both sides.
    Link,
    Plain,
}

/// A word of a title.
#[derive(Clone, Debug)]
pub struct Word {
    pub text: String,
    pub range: Range<usize>,
    /// In characters of the title's size.
    pub width: f64,
    pub kind: Kind,
    pub single: bool,
    /// Whether the word stands inside 《》 or “”.
    pub quoted: bool,
    /// Whether a line may start and end with it (GB/T 15834—2011, 5.1).
    pub starts_well: bool,
    pub ends_well: bool,
}

impl Word {
    /// The word torn into its characters.
    pub fn characters(&self) -> Vec<Word> {
        let characters = self.text.char_indices();
        let word = |(at, c): (usize, char)| {
            let end = at + c.len_utf8();
            Word::new(&self.text[at..end], self.range.start + at, self.quoted)
        };
        characters.map(word).collect()
    }

    fn new(text: &str, start: usize, quoted: bool) -> Word {
        let kind = match text {
            "关于" | "转发" | "印发" => Kind::About,
            "的" | "期间" | "一体化" => Kind::Of,
            "和" | "与" | "及" | "暨" | "或" | "并" | "以及" => Kind::Link,
            _ => Kind::Plain,
        };
        Word {
            text: text.to_owned(),
            range: start..start + text.len(),
            width: 0.0,
            kind,
            single: text.chars().count() == 1,
            quoted,
            starts_well: !text.starts_with(rules::is_closing),
            ends_well: !text.ends_with(rules::is_opening),
        }
    }

    /// Moves the word by `start` and measures it.
    pub fn measured(mut self, start: usize, advance: impl Fn(char) -> f64) -> Word {
        self.range = self.range.start + start..self.range.end + start;
        self.width = self.text.chars().map(advance).sum();
        self
    }
}

/// Splits a line of a title into words.
pub fn split(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut depth = 0;
    let mut start = 0;
    while start < text.len() {
        let rest = &text[start..];
        let length = number_with_unit(rest)
            .or_else(|| ordinal_with_unit(rest))
            .or_else(|| if start == 0 { place_name(rest) } else { None })
            .unwrap_or(0);
        if length > 0 {
            words.push(Word::new(&rest[..length], start, depth > 0));
            start += length;
            continue;
        }
        let han = han_length(rest);
        if han > 0 {
            for length in segment(&rest[..han]) {
                words.push(Word::new(&text[start..start + length], start, depth > 0));
                start += length;
            }
            continue;
        }
        let character = rest.chars().next().expect("the rest is not empty");
        depth += i32::from("《“".contains(character)) - i32::from("》”".contains(character));
        let end = start + character.len_utf8();
        words.push(Word::new(&text[start..end], start, depth > 0));
        start = end;
    }
    join_seats(join_place_names(words))
}

/// Joins 县 and the like, where no name stands before it, with what it narrows down: 转发|县财政局.
fn join_seats(words: Vec<Word>) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::new();
    let mut seat = false;
    for word in words {
        let is_free = joined
            .last()
            .is_none_or(|last| last.kind != Kind::Plain || last.text == "、");
        let is_seat = is_free && word.single && PLACES.contains(&word.text);
        match joined.last_mut() {
            Some(last) if seat && word.kind == Kind::Plain && han_length(&word.text) > 0 => {
                let text = format!("{}{}", last.text, word.text);
                *last = Word::new(&text, last.range.start, last.quoted);
            }
            _ => joined.push(word),
        }
        seat = is_seat;
    }
    joined
}

/// Joins single characters that end in the name of a kind of place (伊|金|霍|洛|旗): no dictionary
/// has all their names.
fn join_place_names(words: Vec<Word>) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::new();
    let mut run = 0;
    for word in words {
        let plain = word.single && word.kind == Kind::Plain && han_length(&word.text) > 0;
        let ends_name = plain && PLACES.contains(&word.text);
        run = if plain { run + 1 } else { 0 };
        joined.push(word);
        if ends_name && run > 1 {
            let parts = joined.split_off(joined.len() - run);
            let text: String = parts.iter().map(|part| part.text.as_str()).collect();
            joined.push(Word::new(&text, parts[0].range.start, parts[0].quoted));
            run = 0;
        }
    }
    joined
}

/// The length of a number, Latin word or year with the unit behind it (`2021年`).
fn number_with_unit(text: &str) -> Option<usize> {
    const LONGEST: usize = 19;
    let western = text
        .char_indices()
        .take_while(|(_, c)| *c != ' ' && rules::is_joined(*c))
        .take(LONGEST)
        .map(|(at, c)| at + c.len_utf8())
        .last()?;
    // 2026—2028年 is one period, 10万吨 one quantity.
    let rest = &text[western..];
    let until = rest.strip_prefix(['—', '～', '－']);
    let until = until.filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if let Some(until) = until.and_then(number_with_unit) {
        return Some(western + '—'.len_utf8() + until);
    }
    let many = rest.chars().take_while(|c| "十百千万亿".contains(*c));
    let many: usize = many.map(char::len_utf8).sum();
    let unit = UNITS.iter().find(|unit| rest[many..].starts_with(**unit));
    Some(western + many + unit.map_or(0, |unit| unit.len()))
}

/// What numbers count, longer ones first.
const UNITS: [&str; 39] = [
    "年度",
    "名同志",
    "平方公里",
    "平方米",
    "立方米",
    "公里",
    "千米",
    "千瓦",
    "公斤",
    "公顷",
    "季度",
    "周年",
    "年",
    "月",
    "日",
    "号",
    "个",
    "条",
    "届",
    "次",
    "期",
    "吨",
    "元",
    "人",
    "户",
    "亩",
    "米",
    "级",
    "项",
    "家",
    "所",
    "名",
    "件",
    "批",
    "类",
    "头",
    "套",
    "岁",
    "%",
];

/// The length of 第五次, 第三季度 and the like at the start of a text.
fn ordinal_with_unit(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('第')?;
    let number = rest
        .chars()
        .take_while(|c| "〇零一二三四五六七八九十百".contains(*c));
    let number: usize = number.map(char::len_utf8).sum();
    let unit = UNITS.iter().find(|unit| rest[number..].starts_with(**unit));
    let unit = unit.filter(|_| number > 0)?;
    Some('第'.len_utf8() + number + unit.len())
}

/// The length of a name such as 奈曼旗 at the start of a title, which no dictionary has.
fn place_name(text: &str) -> Option<usize> {
    const LONGEST: usize = 6;
    if text.starts_with("关于") {
        return None;
    }
    let mut end = 0;
    for (index, character) in text.chars().take(LONGEST).enumerate() {
        end += character.len_utf8();
        if index >= 1 && PLACES.contains(character) {
            // 中共某县委, but 某县委员会.
            let rest = &text[end..];
            let committee = rest.starts_with('委') && !rest.starts_with("委员");
            return Some(end + if committee { '委'.len_utf8() } else { 0 });
        }
    }
    None
}

/// The bytes of Han characters at the start, up to the next number or mark.
fn han_length(text: &str) -> usize {
    text.chars()
        .take_while(|c| c.is_alphabetic() && !c.is_ascii())
        .map(char::len_utf8)
        .sum()
}

/// Splits Han characters into the likeliest words; gives their lengths in bytes.
fn segment(text: &str) -> Vec<usize> {
    let ends: Vec<usize> = text
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .collect();
    // The least cost to reach each character's end, and the start of the last word on that way.
    let mut ways: Vec<(u32, usize)> = vec![(0, 0)];
    for end in 1..=ends.len() {
        let way = (end.saturating_sub(LONGEST_WORD)..end)
            .filter_map(|start| {
                let from = if start == 0 { 0 } else { ends[start - 1] };
                let cost = rarity(&text[from..ends[end - 1]], end - start)?;
                Some((ways[start].0 + cost, start))
            })
            .min()
            .expect("a single character is always a word");
        ways.push(way);
    }
    let mut lengths = Vec::new();
    let mut end = ends.len();
    while end > 0 {
        let start = ways[end].1;
        let from = if start == 0 { 0 } else { ends[start - 1] };
        lengths.push(ends[end - 1] - from);
        end = start;
    }
    lengths.reverse();
    lengths
}

/// How rare a word is; nothing where it is none.
fn rarity(word: &str, characters: usize) -> Option<u32> {
    const UNKNOWN_CHARACTER: u32 = 14;
    if OURS.contains(&word) {
        return Some(5);
    }
    match look_up(word) {
        Some(rarity) => Some(rarity),
        None => (characters == 1).then_some(UNKNOWN_CHARACTER),
    }
}

/// Finds a word's line in the sorted dictionary by bisection.
fn look_up(word: &str) -> Option<u32> {
    let bytes = DICTIONARY.as_bytes();
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = bytes[..middle]
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |at| at + 1);
        let end = start + bytes[start..].iter().position(|b| *b == b'\n')?;
        let line = &DICTIONARY[start..end];
        let (entry, rarity) = line.split_at(line.len() - 1);
        match entry.cmp(word) {
            std::cmp::Ordering::Equal => return u32::from_str_radix(rarity, 16).ok(),
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_words_by_bisection() {
        assert!(look_up("网站").is_some());
        assert!(look_up("办公室").is_some());
        assert_eq!(look_up("站网"), None);
    }

    #[test]
    fn splits_a_title_into_words() {
        let words: Vec<String> = split("奈曼旗人民政府办公室关于加强2021年检查情况的通报")
            .into_iter()
            .map(|word| word.text)
            .collect();
        assert_eq!(
            words,
            [
                "奈曼旗",
                "人民政府办公室",
                "关于",
                "加强",
                "2021年",
                "检查情况",
                "的",
                "通报"
            ]
        );
        let texts =
            |title| -> Vec<String> { split(title).into_iter().map(|word| word.text).collect() };
        assert_eq!(
            texts("关于转发县发展和改革局年产10万吨项目的通知"),
            [
                "关于",
                "转发",
                "县发展和改革局",
                "年产",
                "10万吨",
                "项目",
                "的",
                "通知"
            ]
        );
        assert_eq!(
            texts("2026—2028年第五次全国经济普查")[..2],
            ["2026—2028年", "第五次"]
        );
        assert_eq!(split("流量（m³/s）")[2].text, "m³/s");
        let name = split("内蒙古自治区鄂尔多斯市伊金霍洛旗政务公开领导小组办公室");
        assert!(
            name.iter().any(|word| word.text == "伊金霍洛旗"),
            "{name:?}"
        );
    }
}
