//! Numerals, dates and turns of phrase that one pattern can find: document numbers, GB/T 15835—2011,
//! and slips of thought.

use std::sync::{LazyLock, OnceLock};

use regex::Regex;

use super::reading::Reading;
use super::signs::Signs;
use crate::diag::{Diagnostic, Rule, Strength};

/// A rule with the pattern that finds its fault: the first group that takes part is the fault.
struct Pattern {
    rule: Rule,
    /// What every text says that has the fault; only then is the pattern made, which takes long.
    may: fn(&Signs) -> bool,
    find: &'static str,
    /// Words right before or right behind which the find is none.
    not_behind: &'static [&'static str],
    not_before: &'static [&'static str],
    /// Whether cells of tables are looked into as well.
    cells: bool,
    /// Message and cure for the words that were found.
    say: fn(&str) -> (String, String),
}

impl Pattern {
    const fn new(
        rule: Rule,
        may: fn(&Signs) -> bool,
        find: &'static str,
        say: fn(&str) -> (String, String),
    ) -> Self {
        Pattern {
            rule,
            may,
            find,
            not_behind: &[],
            not_before: &[],
            cells: true,
            say,
        }
    }

    const fn not_behind(mut self, words: &'static [&'static str]) -> Self {
        self.not_behind = words;
        self
    }

    const fn not_before(mut self, words: &'static [&'static str]) -> Self {
        self.not_before = words;
        self
    }

    const fn not_in_cells(mut self) -> Self {
        self.cells = false;
        self
    }
}

const NUMBER_CLAUSE: &str = "GB/T 9704—2012，7.2.5";
const DIGITS: &str = "GB/T 15835—2011，5.1";

const BRACKETS: Rule = Rule::new(
    "text/doc-number/brackets",
    "引用的发文字号，年份没有用六角括号",
)
.warning()
.rests_on(Strength::Standard, NUMBER_CLAUSE)
.example("国办发[2018]123号", "国办发〔2018〕123号");
const YEAR: Rule = Rule::new("text/doc-number/year", "引用的发文字号，年份不是四位数字")
    .warning()
    .rests_on(Strength::Standard, NUMBER_CLAUSE)
    .example("国办发〔18〕123号", "国办发〔2018〕123号");
const SERIAL: Rule = Rule::new(
    "text/doc-number/serial",
    "引用的发文字号，顺序号加了“第”或补了零",
)
.warning()
.rests_on(Strength::Standard, NUMBER_CLAUSE)
.example("国办发〔2024〕08号", "国办发〔2024〕8号");
const PADDED: Rule = Rule::new("text/date/padded", "月、日前面补了零")
    .warning()
    .rests_on(Strength::Normal, "GB/T 9704—2012，7.3.5.4")
    .example("2024年04月19日", "2024年4月19日");
const HAO: Rule = Rule::new("text/date/hao", "日期用了口语的“号”")
    .warning()
    .rests_on(Strength::Practice, "公文用语惯例")
    .example("请于5月10号前报送。", "请于5月10日前报送。");
const SHORT_YEAR: Rule = Rule::new("text/date/short-year", "年份只写了两位数字")
    .warning()
    .rests_on(Strength::Standard, DIGITS)
    .example("自24年4月起执行。", "自2024年4月起执行。");
const MIXED: Rule = Rule::new("text/date/mixed", "一个日期里混用汉字和阿拉伯数字")
    .warning()
    .rests_on(Strength::Standard, "GB/T 15835—2011，4")
    .example("二〇二四年4月起执行。", "2024年4月起执行。");
const ZERO: Rule = Rule::new("text/date/zero", "汉字年份里的“〇”写成了别的字")
    .warning()
    .rests_on(Strength::Standard, "GB/T 15835—2011，5.2")
    .example("二○二四年度", "二〇二四年度");
const HYPHEN: Rule = Rule::new("text/range/hyphen", "起止之间用了半角连字符")
    .warning()
    .rests_on(Strength::Standard, "GB/T 15834—2011，4.13")
    .example("2021-2023年，每次15-30天。", "2021—2023年，每次15～30天。");
const PERCENT: Rule = Rule::new("text/range/percent", "百分数的范围省略了前一个百分号")
    .warning()
    .rests_on(Strength::Standard, DIGITS)
    .example("提高10～20%。", "提高10%～20%。");
const MAGNITUDE: Rule = Rule::new("text/range/magnitude", "数值范围省略了前一个“万”或“亿”")
    .warning()
    .rests_on(Strength::Standard, DIGITS)
    .example("投入3～5亿元。", "投入3亿～5亿元。");
const DECIMAL: Rule = Rule::new("text/number/bare-decimal", "小数点前面的零没有写")
    .warning()
    .rests_on(Strength::Standard, DIGITS)
    .example("下降.5个百分点。", "下降0.5个百分点。");
const FULL_WIDTH: Rule = Rule::new("text/number/full-width", "用了全角的数字或字母")
    .warning()
    .rests_on(Strength::Standard, DIGITS)
    .example("共检查１２个账号。", "共检查12个账号。");
const MIXED_UNIT: Rule = Rule::new("text/number/mixed", "阿拉伯数字后面接“十”“百”“千”")
    .warning()
    .rests_on(Strength::Standard, "GB/T 15835—2011，4")
    .example("惠及3千户居民。", "惠及3000户居民。");
const APPROXIMATE: Rule = Rule::new("text/number/approximate", "表示约数的词重复")
    .warning()
    .rests_on(Strength::Practice, "公文用语惯例")
    .example("收到线索约50余条。", "收到线索50余条。");
const TIMES: Rule = Rule::new("text/number/fewer-times", "减少、下降用了“倍”")
    .warning()
    .rests_on(Strength::Practice, "公文用语惯例")
    .example("问题数量下降了2倍。", "问题数量下降了三分之二。");
const JIEZHI: Rule = Rule::new("text/words/jiezhi", "“截至”与“截止”用错")
    .warning()
    .rests_on(Strength::Practice, "《现代汉语词典》词义")
    .example("截止目前，已整改12个。", "截至目前，已整改12个。");
const NEGATION: Rule = Rule::new("text/words/negation", "否定重复，意思相反")
    .warning()
    .rests_on(Strength::Practice, "公文用语惯例")
    .example("防止类似问题不再发生。", "防止类似问题再次发生。");

fn written(found: &str, message: &str, right: String) -> (String, String) {
    (format!("“{found}”{message}"), format!("写作“{right}”"))
}

/// The figures of a text, in groups.
fn figures(text: &str) -> Vec<&str> {
    text.split(|char: char| !char.is_ascii_digit())
        .filter(|figures| !figures.is_empty())
        .collect()
}

const PATTERNS: &[Pattern] = &[
    Pattern::new(
        BRACKETS, |signs| signs.number,
        r"([\[［(（【﹝{「〈《]\s*(?:19|20)[0-9]{2}\s*[\]］)）】﹞}」〉》]\s*第?[0-9]+号)",
        |found| {
            let figures = figures(found);
            let right = format!("〔{}〕{}号", figures[0], figures[1].trim_start_matches('0'));
            written(found, "的年份应使用六角括号", right)
        },
    ),
    Pattern::new(YEAR, |signs| signs.bracket && signs.number, r"(〔(?:[0-9]{2}|[0-9]{2,4}年)〕第?[0-9]+号)", |found| {
        let message = format!("“{found}”的年份应是四位数字");
        (message, "写全年份，如“〔2024〕8号”".to_owned())
    }),
    Pattern::new(SERIAL, |signs| signs.bracket && signs.number, r"(〔[0-9]{4}〕(?:第[0-9]+|0[0-9]*)号)", |found| {
        let figures = figures(found);
        let right = format!("〔{}〕{}号", figures[0], figures[1].trim_start_matches('0'));
        written(found, "的顺序号不加“第”，前面不补零", right)
    }),
    Pattern::new(
        PADDED, |signs| signs.padded,
        r"([0-9]{4}年0[1-9]月(?:[0-9]{1,2}日)?)|(?:^|[^0-9])([1-9][0-9]?月0[1-9]日)|(?:^|[^0-9年.])(0[1-9]月[0-9]{1,2}日)",
        |found| {
            let right = found.replace("年0", "年").replace("月0", "月");
            written(found, "的月、日前面不补零", right.trim_start_matches('0').to_owned())
        },
    ),
    Pattern::new(HAO, |signs| signs.month && signs.number, r"((?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})月[0-9]{1,2}号)", |found| {
        written(found, "是口语的写法", found.replace('号', "日"))
    })
    .not_before(&["楼", "线", "院", "路", "门", "房", "段", "库", "井", "机", "令", "文", "地", "台风"]),
    Pattern::new(
        SHORT_YEAR, |signs| signs.short_year,
        r"(?:^|[^0-9０-９.〇零一二三四五六七八九十])([0-9]{2}年(?:1[0-2]月|[1-9]月|第[一二三四]季度|[上下]半年|度|初|底|末))",
        |found| {
            let message = format!("“{found}”的年份只写了两位数字");
            (message, format!("写全年份，如“20{found}”"))
        },
    )
    .not_behind(&[
        "近", "满", "达", "第", "过", "了", "约", "期", "为", "共", "足", "历", "至", "到", "刑", "徒", "龄", "限",
        "—", "～", "-", "、", "’", "/", "／",
    ])
    .not_before(&["以上", "以内", "以下"]),
    Pattern::new(
        MIXED, |signs| signs.mixed_date,
        r"([〇零一二三四五六七八九]{4}年[0-9]{1,2}月)|([0-9]{4}年(?:十[一二]?|[一二三四五六七八九])月[一二三四五六七八九十]{1,3}日)|([0-9]{4}年(?:十[一二]?|[一二三四五六七八九])月)|((?:十[一二]?|[一二三四五六七八九])月[0-9]{1,2}日)|([0-9]{1,2}月[一二三四五六七八九十]{1,3}日)",
        |found| {
            let message = format!("“{found}”混用了汉字数字和阿拉伯数字");
            (message, "全部用阿拉伯数字，如“2024年4月”".to_owned())
        },
    )
    .not_behind(&["农历"])
    .not_before(&["初", "廿", "十五", "三十", "初一", "三", "九"]),
    Pattern::new(
        ZERO, |signs| signs.two && signs.year,
        r"(二[○OＯoｏ0零][一二三四五六七八九〇○零O0]{2}年)|(二〇[一二三四五六七八九]?[○OＯoｏ0零][一二三四五六七八九]?年)",
        |found| {
            let right: String = found
                .chars()
                .map(|char| match char {
                    '○' | 'O' | 'Ｏ' | 'o' | 'ｏ' | '0' | '零' => '〇',
                    char => char,
                })
                .collect();
            written(found, "里的零应写“〇”", right)
        },
    ),
    Pattern::new(
        HYPHEN, |signs| signs.hyphen,
        r"((?:19|20)[0-9]{2}年?\s?[-–－~]\s?(?:19|20)[0-9]{2}(?:学年|年))|((?:[0-9]{1,2}月)?[0-9]{1,2}[日月]\s?[-–－~]\s?[0-9]{1,2}[月日])|([0-9]{1,2}月[0-9]{1,2}\s?[-–－~]\s?[0-9]{1,2}日)",
        |found| {
            let right = found.replace([' ', '\u{3000}'], "").replace(['-', '–', '－', '~'], "—");
            written(found, "的起止之间用了半角连字符", right)
        },
    ),
    Pattern::new(
        HYPHEN, |signs| signs.hyphen,
        r"(?:^|[^0-9A-Za-z/.:：〔\-–—_#])([0-9]+(?:\.[0-9]+)?%?\s?[-–－~]\s?[0-9]+(?:\.[0-9]+)?(?:%|天|个|人|万|亿|元|公里|米|岁|小时|分钟|家|条|件|次|名|户|亩|吨|周|倍|℃|年|月))",
        |found| {
            let right = found.replace([' ', '\u{3000}'], "").replace(['-', '–', '－', '~'], "～");
            written(found, "的数值范围用了半角连字符", right)
        },
    )
    .not_before(&["号"]),
    Pattern::new(
        HYPHEN, |signs| signs.hyphen,
        r"(?:^|[^0-9:：])([0-9]{1,2}[:：][0-9]{2}\s?[-–－~]\s?[0-9]{1,2}[:：][0-9]{2})",
        |found| {
            let right = found.replace([' ', '\u{3000}'], "").replace(['-', '–', '－', '~'], "—");
            written(found, "的起止之间用了半角连字符", right)
        },
    ),
    Pattern::new(
        HYPHEN, |signs| signs.hyphen,
        r"(第[0-9]+\s?[-–－]\s?[0-9]+(?:页|条|款|项|章|期|批|名|位|届|周|天|季度))",
        |found| {
            let right = found.replace([' ', '\u{3000}'], "").replace(['-', '–', '－'], "—");
            written(found, "的起止之间用了半角连字符", right)
        },
    ),
    Pattern::new(
        PERCENT, |signs| signs.span && signs.percent,
        r"(?:^|[^0-9.%])([0-9]+(?:\.[0-9]+)?(?:[～~—至]|[-–－])[0-9]+(?:\.[0-9]+)?[%％])",
        |found| {
            let middle = found.find(['～', '~', '—', '至', '-', '–', '－']).unwrap_or(0);
            let right = format!("{}%～{}", &found[..middle], found[middle..].trim_start_matches(['～', '~', '—', '至', '-', '–', '－']));
            written(found, "省略了前一个百分号，会被误解", right)
        },
    ),
    Pattern::new(
        MAGNITUDE, |signs| signs.span && signs.large,
        r"(?:^|[^0-9.%])([0-9]+(?:\.[0-9]+)?[～~][0-9]+(?:\.[0-9]+)?[万亿])",
        |found| {
            let unit: String = found.chars().next_back().into_iter().collect();
            let right = found.replacen(['～', '~'], &format!("{unit}～"), 1);
            written(found, "省略了前一个数的单位，会被误解", right)
        },
    ),
    Pattern::new(DECIMAL, |signs| signs.bare_point, r"[\u{4e00}-\u{9fff}](\.[0-9]+)", |found| {
        written(found, "缺少小数点前面的零", format!("0{found}"))
    })
    .not_behind(&["件", "表", "图", "注", "第", "条", "款", "号"])
    .not_in_cells(),
    Pattern::new(FULL_WIDTH, |signs| signs.full_width, r"([０-９Ａ-Ｚａ-ｚ]+)", |found| {
        let half = found.chars().map(|char| {
            char::from_u32(u32::from(char) - 0xfee0).unwrap_or(char)
        });
        written(found, "是全角的", half.collect())
    }),
    Pattern::new(
        MIXED_UNIT, |signs| signs.hundred,
        r"(?:^|[^0-9.])([0-9]{1,3}[百千][余多]?(?:个|人|元|户|亩|家|条|件|次|名|吨|平方米|万|亿))",
        |found| {
            let message = format!("“{found}”在阿拉伯数字后面接了“百”或“千”");
            (message, "全部写成阿拉伯数字，或全部写成汉字".to_owned())
        },
    ),
    Pattern::new(
        APPROXIMATE, |signs| signs.about,
        r"((?:大约|约|将近|近)[0-9一二三四五六七八九十百千万两]+[余多][个条人家户件次万名份处项亿])|((?:大约|约|将近)[0-9]+(?:\.[0-9]+)?[^，。；、（）\s0-9]{0,3}(?:左右|上下))|((?:超过|多达)[0-9]+[^，。；、（）\s0-9]{0,3}以上)",
        |found| {
            let message = format!("“{found}”里表示约数的词重复");
            (message, "只留一个表示约数的词".to_owned())
        },
    ),
    Pattern::new(
        TIMES, |signs| signs.times,
        r"((?:减少|下降|降低|缩小|减轻)了?(?:近|约)?[0-9一二两三四五六七八九十]+(?:\.[0-9]+)?倍)",
        |found| {
            let message = format!("“{found}”：减少、下降不能用“倍”");
            (message, "改用百分数或几分之几".to_owned())
        },
    ),
    Pattern::new(
        JIEZHI, |signs| signs.up_to,
        r"(?:^|[，。；：（、])(截止到?(?:目前|今|昨|前[天日]|发稿|当前|现在|上(?:年|月|季|周)|本(?:年|月|季)|去年|[0-9]{4}年|[0-9]{1,2}月))",
        |found| {
            written(found, "应该用“截至”：截至是到某个时候，截止是到期停止", found.replace("截止到", "截至").replace("截止", "截至"))
        },
    ),
    Pattern::new(JIEZHI, |signs| signs.up_to, r"(截至(?:日期|期限|时间(?:为|是|：)))", |found| {
        written(found, "应该用“截止”：截止是到期停止", found.replace("截至", "截止"))
    }),
    Pattern::new(
        NEGATION, |signs| signs.negation,
        r"((?:防止|避免|杜绝|严防|谨防)[^，。；、]{0,12}不再(?:发生|出现|反弹))",
        |found| written(found, "否定重复，意思相反", found.replace("不再", "再次")),
    ),
    Pattern::new(
        NEGATION, |signs| signs.negation,
        r"((?:防止|避免|杜绝|严防|谨防)不(?:发生|出现))",
        |found| written(found, "否定重复，意思相反", found.replacen('不', "", 1)),
    ),
];

pub const RULES: &[Rule] = &[
    BRACKETS,
    YEAR,
    SERIAL,
    PADDED,
    HAO,
    SHORT_YEAR,
    MIXED,
    ZERO,
    HYPHEN,
    PERCENT,
    MAGNITUDE,
    DECIMAL,
    FULL_WIDTH,
    MIXED_UNIT,
    APPROXIMATE,
    TIMES,
    JIEZHI,
    NEGATION,
];

/// The patterns, each made when it is first needed.
static EACH: LazyLock<Vec<OnceLock<Regex>>> =
    LazyLock::new(|| PATTERNS.iter().map(|_| OnceLock::new()).collect());

/// The faults that the patterns find in a text outside quotations.
pub fn faults(reading: &Reading, cell: bool) -> Vec<Diagnostic> {
    let text = reading.plain.as_str();
    let mut faults = Vec::new();
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for (pattern, made) in PATTERNS.iter().zip(&*EACH) {
        if (cell && !pattern.cells) || !(pattern.may)(&reading.signs) {
            continue;
        }
        let each = made.get_or_init(|| Regex::new(pattern.find).expect("the pattern is sound"));
        for found in each.captures_iter(text) {
            let Some(found) = found.iter().skip(1).flatten().next() else {
                continue;
            };
            let (start, end) = (found.start(), found.end());
            let fine = pattern
                .not_behind
                .iter()
                .any(|word| text[..start].ends_with(word))
                || pattern
                    .not_before
                    .iter()
                    .any(|word| text[end..].starts_with(word))
                || taken.iter().any(|(from, to)| start < *to && *from < end);
            if !fine {
                taken.push((start, end));
                let (message, hint) = (pattern.say)(found.as_str());
                faults.push(reading.fault(&pattern.rule, start, end, message).hint(hint));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each pattern finds, in each of its forms.
    const FOUND: &[&str] = &[
        "国办发[2018]123号",
        "国办发（2018）第12号",
        "国办发〔18〕123号",
        "国办发〔2018年〕3号",
        "国办发〔2024〕08号",
        "于2024年04月施行",
        "4月05日",
        "，04月5日",
        "5月10号",
        "自24年4月起",
        "自24年上半年起",
        "二〇二四年4月",
        "2024年四月五日",
        "2024年四月",
        "四月5日",
        "4月五日",
        "二○二四年",
        "二〇二0年",
        "2021-2023年",
        "4月5日-6日",
        "4月5-6日",
        "每次15-30天",
        "约1.5% - 2.5%",
        "于9:00-10:30",
        "第3-5页",
        "提高10～20%",
        "提高1.5至2.5％",
        "投入3～5亿元",
        "下降.5个",
        "共１２个",
        "惠及3千户",
        "约50余条",
        "大约50个左右",
        "超过50个以上",
        "近百余人",
        "下降了2倍",
        "截止目前",
        "，截止2024年",
        "截至日期",
        "防止问题不再发生",
        "防止不发生",
    ];

    /// What may come between.
    const PIECES: &[&str] = &[
        "0", "1", "20", "年", "月", "日", "号", "第", " ", "\u{3000}", "-", "～", "至", "（", "〕",
        "一", "十", "百", "个", "%", ".", "约", "，", "A", "Ａ", "不",
    ];

    /// `may` must hold wherever the pattern finds anything.
    #[test]
    fn a_pattern_that_finds_is_not_passed_over() {
        let mut next = super::super::tests::chance(7);
        let make = |pattern: &Pattern| Regex::new(pattern.find).expect("the pattern is sound");
        let patterns: Vec<Regex> = PATTERNS.iter().map(make).collect();
        let mut hits = vec![0; PATTERNS.len()];
        for turn in 0..400 * FOUND.len() {
            let mut letters: Vec<String> = FOUND[turn % FOUND.len()]
                .chars()
                .map(String::from)
                .collect();
            // The first time as it is, then with pieces in it or in place of letters.
            for _ in 0..(turn / FOUND.len()).min(1) * (1 + next(2)) {
                let (at, piece) = (next(letters.len()), PIECES[next(PIECES.len())]);
                match next(3) {
                    0 => letters[at] = piece.to_owned(),
                    1 => drop(letters.remove(at)),
                    _ => letters.insert(at, piece.to_owned()),
                }
            }
            let text = letters.concat();
            for (index, pattern) in PATTERNS.iter().enumerate() {
                if patterns[index].is_match(&text) {
                    hits[index] += 1;
                    assert!((pattern.may)(&Signs::of(&text)), "{text}: {}", pattern.find);
                }
            }
        }
        assert!(hits.iter().all(|hits| *hits > 10), "{hits:?}");
    }
}
