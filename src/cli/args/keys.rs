//! The flags of `hongtou batch` that stand for keys of the input file.

use clap::{Arg, ArgAction, ArgMatches};

use crate::load::{Flag, Given};

/// A flag of `batch` that stands for a key of the input file.
struct KeyFlag {
    /// With its two dashes.
    name: &'static str,
    /// The English name of the key.
    key: &'static str,
    value: &'static str,
    is_list: bool,
    help: &'static str,
}

impl KeyFlag {
    const fn new(
        name: &'static str,
        key: &'static str,
        value: &'static str,
        help: &'static str,
    ) -> Self {
        let is_list = false;
        KeyFlag {
            name,
            key,
            value,
            is_list,
            help,
        }
    }

    const fn list(mut self) -> Self {
        self.is_list = true;
        self
    }

    fn id(&self) -> &'static str {
        self.name.trim_start_matches('-')
    }

    fn arg(&self) -> Arg {
        let arg = Arg::new(self.id())
            .long(self.id())
            .value_name(self.value)
            .help(self.help)
            .help_heading("代替“批量”各键的选项")
            .conflicts_with("join");
        match self.is_list {
            true => arg.action(ArgAction::Append),
            false => arg,
        }
    }

    fn given(&self, matches: &ArgMatches) -> Option<Flag> {
        let mut values = matches.get_many::<String>(self.id())?.cloned();
        let value = match self.is_list {
            true => Given::List(values.flat_map(|typed| items(&typed)).collect()),
            false => Given::Text(values.next()?),
        };
        Some(Flag {
            name: self.name,
            key: self.key,
            value,
        })
    }
}

/// The flags of `batch` that stand for keys.
const KEYS: &[KeyFlag] = &[
    KeyFlag::new(
        "--notice",
        "notice",
        "文件",
        "通知的模板：YAML 文件，写着通知的“标题”“正文”等各键，代替“通知”",
    ),
    KeyFlag::new(
        "--quiet-notice",
        "quiet_notice",
        "文件",
        "没有问题的单位的通知的模板，代替“无问题通知”",
    ),
    KeyFlag::new(
        "--column",
        "column",
        "列名",
        "按哪一列把各行分给各单位，代替“拆分列”；都不写则是“责任单位”",
    ),
    KeyFlag::new(
        "--register",
        "register",
        "文件或表格",
        "机构名录：台账文件，或输入文件里一张表的名称，代替“机构名录”",
    ),
    KeyFlag::new(
        "--groups",
        "groups",
        "类别",
        "名录里哪些类别的单位各发一份，几类用逗号隔开，代替“类别”",
    )
    .list(),
    KeyFlag::new(
        "--first-number",
        "first_number",
        "字号",
        "第一份通知的发文字号，如 明政办函〔2021〕12号，代替“起始字号”",
    ),
    KeyFlag::new(
        "--file-name",
        "file_name",
        "样式",
        "文件名的样式，如 \"{{ 序号 }}-{{ 单位 }}.pdf\"，代替“文件名”",
    ),
    KeyFlag::new(
        "--shared-tables",
        "shared_tables",
        "表格",
        "每份通知都看得到全部行的表格，几张用逗号隔开，代替“共用表格”",
    )
    .list(),
    KeyFlag::new(
        "--may-name",
        "may_name",
        "词语",
        "通知里可以出现的别的单位、类别或词语，几个用逗号隔开，代替“可提及”",
    )
    .list(),
];

/// Takes apart what was typed for a list.
fn items(typed: &str) -> Vec<String> {
    let items = typed.split([',', '，', '、']).map(str::trim);
    items
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The arguments, in the order of the help.
pub fn arguments() -> impl Iterator<Item = Arg> {
    KEYS.iter().map(KeyFlag::arg)
}

/// The keys that were given.
pub fn flags(matches: &ArgMatches) -> Vec<Flag> {
    KEYS.iter().filter_map(|key| key.given(matches)).collect()
}
