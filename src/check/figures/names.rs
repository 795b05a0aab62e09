//! Names and the words around them: which words name a unit, and which say that a list is not whole.

/// Words that say that a list is no full one.
pub const PARTIAL: &[&str] = &[
    "主要",
    "较多",
    "最多",
    "突出",
    "典型",
    "例如",
    "比如",
    "前列",
    "靠前",
    "排名",
    "以上",
    "超过",
    "部分",
    "集中",
    "重点",
    "另",
    "其余",
    "其他",
    "仅",
    "还有",
    "此外",
    "剩余",
    "同时",
    "同比",
    "环比",
    "去年",
    "上年",
    "上季度",
    "上期",
    "等",
];

/// The nouns that follow 涉及18个.
pub const UNITS: &[&str] = &[
    "责任单位",
    "主办单位",
    "单位",
    "部门",
    "乡镇",
    "苏木乡镇",
    "镇",
    "街道",
    "旗县",
    "县区",
    "地区",
    "学校",
    "企业",
    "主体",
    "责任主体",
];

/// Tells whether `text` can be the name of a unit or an account.
pub fn is_name(text: &str) -> bool {
    let plain = |char: char| !"，。；：、,;:！？（）()".contains(char);
    let other = ["其中", "涉及", "发现", "共计", "主要", "其余"];
    !text.is_empty()
        && text.chars().count() <= 30
        && text.chars().all(plain)
        && !other.iter().any(|word| text.contains(word))
}

/// Tells whether words say that what they introduce is not all.
pub fn is_partial(text: &str) -> bool {
    PARTIAL.iter().any(|word| text.contains(word))
}

/// Tells whether a name looks like that of a unit or a place.
pub fn is_unit(name: &str) -> bool {
    let ends = [
        "局",
        "委",
        "办",
        "镇",
        "乡",
        "苏木",
        "中心",
        "政府",
        "旗",
        "县",
        "市",
        "区",
        "院",
        "校",
        "街道",
        "公司",
        "部门",
        "单位",
        "委员会",
        "协会",
        "厅",
        "省",
        "州",
        "盟",
    ];
    let other = [
        "发现", "存在", "问题", "网站", "账号", "帐号", "整改", "检查",
    ];
    !other.iter().any(|word| name.contains(word)) && ends.iter().any(|end| name.ends_with(end))
}

/// Tells whether a name is that of one unit, place or office of its own level, not of a kind of
/// them: kinds (学校, 乡镇) and ranks (县处级) are often listed in part.
pub fn is_named_unit(name: &str) -> bool {
    let name = name.trim_end_matches(['有', '为']);
    let ends = [
        "局",
        "委",
        "办",
        "镇",
        "乡",
        "苏木",
        "政府",
        "街道",
        "旗",
        "县",
        "市",
        "区",
        "委员会",
        "厅",
        "省",
        "州",
        "盟",
        "本级",
    ];
    let kinds = [
        "乡镇",
        "城镇",
        "县区",
        "旗县",
        "市县",
        "省市",
        "城市",
        "地级市",
        "县级市",
        "城区",
        "市区",
        "社区",
        "小区",
        "园区",
        "景区",
        "地区",
        "山区",
        "牧区",
        "郊区",
        "农区",
        "开发区",
        "政府",
        "街道",
        "苏木",
        "党委",
        "村委",
        "居委",
    ];
    let kind = kinds
        .iter()
        .any(|kind| name == *kind || name.ends_with(&format!("的{kind}")))
        || [
            "社区",
            "小区",
            "景区",
            "乡镇",
            "地级市",
            "县级市",
            "各级政府",
            "地方政府",
        ]
        .iter()
        .any(|kind| name.ends_with(kind));
    let letter = name
        .strip_prefix(['旗', '县', '市', '镇'])
        .is_some_and(|rest| rest.len() == 1 && rest.chars().all(|char| char.is_ascii_alphabetic()));
    let unit = is_unit(name) || name.ends_with("本级");
    letter
        || unit && !kind && name.chars().count() > 1 && ends.iter().any(|end| name.ends_with(end))
}
