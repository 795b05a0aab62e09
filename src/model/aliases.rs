//! 列别名: the names under which offices keep the columns that templates ask for.

/// A column as templates call it, and as ledgers head it, the likeliest first.
pub const COLUMNS: &[(&str, &[&str])] = &[
    (
        "责任单位",
        &[
            "主办单位",
            "开设主体",
            "认证主体",
            "主体单位",
            "被检查单位",
            "被通报单位",
            "整改单位",
            "所属单位",
            "责任部门",
            "主管单位",
            "主管部门",
            "单位名称",
            "单位",
            "部门",
        ],
    ),
    (
        "问题描述",
        &[
            "存在问题",
            "存在的问题",
            "主要问题",
            "具体问题",
            "问题内容",
            "问题情况",
            "问题详情",
            "问题",
        ],
    ),
    (
        "问题类型",
        &["问题类别", "问题分类", "问题种类", "类型", "类别"],
    ),
    (
        "数量",
        &[
            "条数",
            "个数",
            "件数",
            "次数",
            "问题数量",
            "问题数",
            "信息条数",
        ],
    ),
    (
        "整改期限",
        &[
            "整改时限",
            "完成时限",
            "办结时限",
            "整改截止日期",
            "截止日期",
            "期限",
            "时限",
        ],
    ),
    ("状态", &["整改状态"]),
    (
        "账号名称",
        &[
            "帐号名称",
            "新媒体名称",
            "政务新媒体名称",
            "公众号名称",
            "账号",
        ],
    ),
    (
        "辖区",
        &["所属辖区", "所属地区", "行政区域", "区域", "地区"],
    ),
];

/// Column names that mark a row as one of names, besides those above.
const OTHERS: &[&str] = &[
    "序号",
    "编号",
    "名称",
    "备注",
    "说明",
    "联系人",
    "联系电话",
    "日期",
    "地址",
];

/// The names under which ledgers keep a column.
pub fn common(name: &str) -> impl Iterator<Item = &'static str> {
    let columns = COLUMNS.iter().filter(move |(known, _)| *known == name);
    columns.flat_map(|(_, aliases)| aliases.iter().copied())
}

/// Tells whether ledgers have a column of that name.
pub fn is_known_column(name: &str) -> bool {
    let among =
        |(standard, aliases): &(&str, &[&str])| *standard == name || aliases.contains(&name);
    COLUMNS.iter().any(among) || OTHERS.contains(&name)
}

/// The further names of a table's columns: the user's own, then [`COLUMNS`].
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Aliases {
    own: Vec<(String, Vec<String>)>,
    common: bool,
}

impl Aliases {
    /// The user's own names before the common ones.
    pub fn new(own: Vec<(String, Vec<String>)>) -> Self {
        Aliases { own, common: true }
    }

    /// Tells whether the user names that column.
    pub fn names(&self, column: &str) -> bool {
        let among = |(name, aliases): &(String, Vec<String>)| {
            name == column || aliases.iter().any(|alias| alias == column)
        };
        self.own.iter().any(among)
    }

    /// The names under which the column `name` may stand.
    pub fn of<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let own = self.own.iter().filter(move |(known, _)| known == name);
        let own: Vec<&str> = own
            .flat_map(|(_, aliases)| aliases)
            .map(String::as_str)
            .collect();
        let common = COLUMNS
            .iter()
            .filter(|(known, _)| self.common && *known == name);
        let common: Vec<&str> = common
            .flat_map(|(_, aliases)| aliases.iter().copied())
            .collect();
        own.into_iter().chain(common)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_names_come_before_the_common_ones() {
        let aliases = Aliases::new(vec![("责任单位".into(), vec!["牵头单位".into()])]);
        let names: Vec<&str> = aliases.of("责任单位").collect();
        assert_eq!(names[..2], ["牵头单位", "主办单位"]);
        assert!(aliases.names("牵头单位") && !aliases.names("主办单位"));
        assert_eq!(Aliases::default().of("责任单位").count(), 0);
    }
}
