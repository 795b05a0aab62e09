//! The table of keys. It drives reading, the suggestion for a misspelt key, the JSON Schema and the
//! reference: a key that is not here does not exist.

/// A key of a mapping.
#[derive(Debug)]
pub struct Key {
    /// The name people write.
    pub chinese: &'static str,
    /// The name in snake_case, as in the program.
    pub english: &'static str,
    /// Other names in use.
    pub also: &'static [&'static str],
    pub form: Form,
    pub required: bool,
    /// What it is, in one line.
    pub about: &'static str,
    /// Where GB/T 9704—2012 speaks of it; empty where it does not.
    pub clause: &'static str,
}

/// The form of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Words as they are.
    Text,
    /// Words that may print variables and tables.
    Template,
    /// Markdown that may print variables and tables.
    Markdown,
    /// The pattern of names of files, with places of its own.
    Pattern,
    Date,
    CopyNumber,
    Secrecy,
    Urgency,
    DocNumber,
    OrderNumber,
    Format,
    RedHeader,
    Seal,
    Seals,
    Stamps,
    /// A length in millimetres.
    Length,
    /// 是 or 否.
    YesNo,
    /// A red as `#rrggbb`.
    Red,
    /// A red as percents of C, M, Y and K.
    Inks,
    TableFace,
    TitleFace,
    TitleSize,
    Orientation,
    Folder,
    File,
    /// A list of column names.
    Names,
    /// Headings, each with the neighbouring columns below it.
    Groups,
    /// Column names, each with its other names.
    Aliases,
    /// Markdown, or a mapping of sections.
    MainText,
    Attachments,
    Variables,
    Tables,
    Rows,
    /// Tables of the last period.
    LastPeriod,
    /// The register of units.
    Register,
    /// Notices to units.
    Batch,
    /// The words of a notice.
    Notice,
    /// The settings of the checks, or the file that holds them.
    Checks,
    /// Codes of rules, each with its level.
    Levels,
}

impl Form {
    /// Tells whether `{{ … }}` is read in words of this form.
    pub fn is_template(self) -> bool {
        use Form::{MainText, Markdown, Pattern, Template};
        matches!(self, Template | Markdown | MainText | Pattern)
    }

    /// Tells whether the value is a text of paragraphs.
    pub fn is_markdown(self) -> bool {
        matches!(self, Form::Markdown | Form::MainText)
    }

    /// Tells whether the value is the user's data, which is printed as it is.
    pub fn is_data(self) -> bool {
        use Form::{LastPeriod, Register, Rows, Tables};
        matches!(self, Tables | Rows | LastPeriod | Register)
    }
}

impl Key {
    const fn new(chinese: &'static str, english: &'static str, form: Form) -> Self {
        Key {
            chinese,
            english,
            also: &[],
            form,
            required: false,
            about: "",
            clause: "",
        }
    }

    const fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }

    const fn clause(mut self, clause: &'static str) -> Self {
        self.clause = clause;
        self
    }

    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn also(mut self, also: &'static [&'static str]) -> Self {
        self.also = also;
        self
    }

    /// All names of the key.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        [self.chinese, self.english]
            .into_iter()
            .chain(self.also.iter().copied())
    }
}

/// The keys of the whole file.
pub const CIRCULAR: &[Key] = &[
    Key::new("文种", "kind", Form::Text)
        .required()
        .about("季度检查通报、问题通报、专项工作通知、整改通知有内置的文字；其他如函、请示、报告、决定、纪要、命令，正文自己写；也可写模板目录下一个文件夹的名称"),
    Key::new("格式", "format", Form::Format)
        .about("文件（不写即是）、信函、命令或纪要")
        .clause("10"),
    Key::new("红头", "red_header", Form::RedHeader)
        .about("印出（不写即是）、套打（红色部分已印在纸上）或 无"),
    Key::new("版式", "profile", Form::File)
        .about("本单位的版式文件，写着与程序缺省不同的做法；从本文件所在处算起"),
    Key::new("版本", "version", Form::Text)
        .about("草稿的版本，如 第2稿；只印在“--draft”的草稿上"),
    Key::new("份号", "copy_number", Form::CopyNumber)
        .about("六位数字，涉密公文必写，如 000012")
        .clause("7.2.1"),
    Key::new("密级和保密期限", "secrecy", Form::Secrecy)
        .also(&["密级"])
        .about("绝密、机密或秘密，期限写在“★”之后，如 机密★1年")
        .clause("7.2.2"),
    Key::new("紧急程度", "urgency", Form::Urgency)
        .about("特急或加急")
        .clause("7.2.3"),
    Key::new("发文机关标志", "issuer_mark", Form::Names)
        .about("红头上的大字，如 ××县人民政府办公室文件；联合行文可写各机关名称的列表，主办机关在前，“文件”由程序加在右边")
        .clause("7.2.4"),
    Key::new("发文字号", "doc_number", Form::DocNumber)
        .about("机关代字、六角括号里的年份和不编虚位的顺序号，如 明政办〔2021〕12号")
        .clause("7.2.5"),
    Key::new("令号", "order_number", Form::OrderNumber)
        .about("命令的编号，如 第12号，用来代替发文字号")
        .clause("10.2"),
    Key::new("签发人", "signers", Form::Names)
        .about("只用于上行文；几个人写成列表，主办机关的签发人在前")
        .clause("7.2.6"),
    Key::new("标题", "title", Form::Template)
        .about("公文标题，值内换行即回行处；除命令（写有“格式: 命令”）外必填")
        .clause("7.3.1"),
    Key::new("主送机关", "recipients", Form::Template)
        .about("主送机关，末尾的冒号可写可不写")
        .clause("7.3.2"),
    Key::new("正文", "main_text", Form::MainText)
        .about("写一段文字即全文；按节写则只替换所写的节")
        .clause("7.3.3"),
    Key::new("附件", "attachments", Form::Attachments)
        .about("附件的列表，附件说明由此生成")
        .clause("7.3.4、7.3.7"),
    Key::new("出席", "present", Form::Template)
        .about("纪要的出席人员")
        .clause("10.3"),
    Key::new("请假", "excused", Form::Template)
        .about("纪要的请假人员")
        .clause("10.3"),
    Key::new("列席", "observing", Form::Template)
        .about("纪要的列席人员")
        .clause("10.3"),
    Key::new("署名", "signature", Form::Names)
        .also(&["发文机关署名"])
        .about("发文机关全称或规范化简称，联合行文写成列表，主办机关在前；除命令、纪要（“格式”里写明）外必填")
        .clause("7.3.5"),
    Key::new("成文日期", "doc_date", Form::Date)
        .required()
        .about("会议通过或负责人签发的日期，如 2026年7月1日")
        .clause("7.3.5"),
    Key::new("印章", "seal", Form::Seal)
        .about("预留（不写即是）、不盖章或 签名章")
        .clause("7.3.5"),
    Key::new("印章图", "seal_images", Form::Seals)
        .about("各机关印章的图，次序与署名相同；只在命令行写了“--seal”时印出")
        .clause("7.3.5.1"),
    Key::new("签名章", "stamps", Form::Stamps)
        .about("签发人的职务和签名章的图；图只在命令行写了“--seal”时印出")
        .clause("7.3.5.3"),
    Key::new("附注", "note", Form::Template)
        .about("附注，圆括号可写可不写")
        .clause("7.3.6"),
    Key::new("抄送机关", "cc_recipients", Form::Template)
        .about("抄送机关，末尾的句号可写可不写")
        .clause("7.4.2"),
    Key::new("印发机关", "print_office", Form::Text)
        .about("印发公文的部门")
        .clause("7.4.3"),
    Key::new("印发日期", "print_date", Form::Date)
        .about("付印的日期，不早于成文日期")
        .clause("7.4.3"),
    Key::new("变量", "variables", Form::Variables)
        .about("自定的名称和值，模板里写 {{ 名称 }} 取用"),
    Key::new("表格", "tables", Form::Tables).about("自定的名称和各行，模板里可计数、求和、列表"),
    Key::new("上期", "last_period", Form::LastPeriod)
        .about("上期的表格：直接写各行或文件时名为“上期问题清单”，按“表名: …”写时各表名前加“上期”"),
    Key::new("机构名录", "register", Form::Register)
        .about("单位的全称、简称、类别和先后；各行、“表格”里一张表的名称或文件都可以"),
    Key::new("批量", "batch", Form::Batch).about("给各单位的通知，用 hongtou batch 一次做成"),
    Key::new("检查", "checks", Form::Checks)
        .about("规则的级别、本单位的词表和编码样式；也可以写一个文件名，各份公文共用"),
    Key::new("模板目录", "template_dir", Form::Folder)
        .about("本单位文字模板所在的文件夹，从本文件所在处算起"),
    Key::new("字体目录", "font_dir", Form::Folder)
        .about("本单位字体所在的文件夹，从本文件所在处算起"),
];

/// The keys of 正文 where it is written section by section.
pub const SECTIONS: &[Key] = &[
    Key::new("缘由", "reasons", Form::Markdown).about("开头一段：依据和目的"),
    Key::new("总体情况", "overview", Form::Markdown).about("总体情况一节"),
    Key::new("存在问题", "problems", Form::Markdown).about("存在问题一节"),
    Key::new("工作要求", "requirements", Form::Markdown).about("工作要求一节"),
    Key::new("结尾", "closing", Form::Markdown).about("结尾一段"),
    Key::new("联系方式", "contact", Form::Markdown).about("联系人和电话"),
];

/// The keys of one of 印章图.
pub const SEAL: &[Key] = &[
    Key::new("图", "image", Form::File)
        .required()
        .about("印章的图：底色透明的 PNG 或 SVG，从本文件所在处算起"),
    Key::new("直径", "diameter", Form::Length)
        .about("印章的直径，毫米；不写则按机关级别，为60、50、45或42"),
];

/// The keys of 版式, a file of its own.
pub const PROFILE: &[Key] = &[
    Key::new("行距", "pitch", Form::Length)
        .about("正文的行距，磅，如 28、28.95；不写则为29.45")
        .clause("5.2.3"),
    Key::new("三级标题加粗", "bold_level_3", Form::YesNo)
        .about("是或否")
        .clause("7.3.3"),
    Key::new("双面镜像", "mirrored", Form::YesNo)
        .about("是：偶数页的左右白边互换")
        .clause("5.2.1"),
    Key::new("红色", "red", Form::Red)
        .about("屏幕上看的红色，如 \"#ff0000\"（要加引号）；不写则为 #e60012")
        .clause("6.2"),
    Key::new("印刷红色", "press_red", Form::Inks)
        .about("交印刷厂（--press）的红色，四色油墨的百分数，如 M100 Y100；不写则为标准的 M80 Y80")
        .clause("6.2"),
    Key::new("标志字高", "mark_height", Form::Length)
        .about("发文机关标志的字高，毫米；不写则为20")
        .clause("7.2.4"),
    Key::new("红线粗", "red_rule", Form::Length)
        .about("版头分隔线的粗细，毫米；不写则为0.5")
        .clause("7.2.7"),
    Key::new("表格字体", "table_face", Form::TableFace)
        .about("仿宋（不写即是）、宋体、黑体或楷体")
        .clause("5.2.2"),
    Key::new("附件标题字体", "attachment_title_face", Form::TitleFace)
        .about("小标宋（不写即是）、仿宋、宋体、黑体或楷体")
        .clause("7.3.7"),
    Key::new("附件标题字号", "attachment_title_size", Form::TitleSize)
        .about("二号（不写即是）、小二或三号")
        .clause("7.3.7"),
    Key::new("版记偶数页", "imprint_even", Form::YesNo)
        .about("否：版记不移到偶数页，供单面印刷或电子文件")
        .clause("7.4"),
    Key::new("信函线按页面居中", "letter_rules_on_page", Form::YesNo)
        .about("是：双线按页面居中；不写则按版心居中")
        .clause("10.1"),
    Key::new("检查", "checks", Form::Checks).about("本单位各份公文共用的检查设置；公文里写的优先"),
];

/// The keys of one of 签名章.
pub const STAMP: &[Key] = &[
    Key::new("职务", "office_title", Form::Text)
        .required()
        .about("签发人的职务；联合发布时写全称"),
    Key::new("图", "image", Form::File).about("签名章的图；不写则只留位置"),
    Key::new("宽", "width", Form::Length).about("签名章的宽，毫米；不写则为30"),
];

/// The keys of one 附件.
pub const ATTACHMENT: &[Key] = &[
    Key::new("标题", "title", Form::Template)
        .required()
        .about("附件标题，附件说明和附件上相同")
        .clause("7.3.4"),
    Key::new("发文机关标志", "issuer_mark", Form::Text)
        .about("附件自有的红头：转发的公文带着版头时才写"),
    Key::new("发文字号", "doc_number", Form::Text)
        .about("附件自有的发文字号；没有红头时印在标题下面"),
    Key::new("主送机关", "recipients", Form::Template).about("附件自有的主送机关"),
    Key::new("正文", "main_text", Form::Markdown).about("附件的文字"),
    Key::new("表格", "table", Form::Text).about("“表格”里一张表的名称"),
    Key::new("列", "columns", Form::Names).about("要印的列，依此次序；不写则全印"),
    Key::new("合并列", "merged_columns", Form::Names).about("上下相同的格合为一格的列"),
    Key::new("列组", "column_groups", Form::Groups)
        .about("表头分两行：上一行的名称，和它下面相邻的各列"),
    Key::new("方向", "orientation", Form::Orientation)
        .about("纵或横；不写时，只有纵排排不下的表格才横排，横排时表头朝左")
        .clause("8"),
    Key::new("图", "images", Form::Names).about("图的文件：PNG、JPEG、SVG；可写列表，依次排"),
    Key::new("外来文件", "file", Form::File).about("别处来的 PDF，各页依次排入附件"),
    Key::new("页", "pages", Form::Text).about("只取外来文件的这些页，如 1-3,5"),
    Key::new("另行装订", "bound_separately", Form::YesNo)
        .about("是：不与正文一起装订，左上角标发文字号和附件号，排在版记之后，页码另编")
        .clause("7.3.7"),
    Key::new("署名", "signature", Form::Text).about("附件自有的署名"),
    Key::new("成文日期", "doc_date", Form::Date).about("附件自有的成文日期"),
];

/// The keys of one table that is not merely a list of rows.
pub const TABLE: &[Key] = &[
    Key::new("列", "columns", Form::Names).about("列名，依此次序"),
    Key::new("行", "rows", Form::Rows).about("各行：按列次序的列表，或“列名: 值”"),
    Key::new("文件", "file", Form::File)
        .about("台账文件：xlsx、xls、xlsb、ods、et 或 csv，从本文件所在处算起"),
    Key::new("工作表", "sheet", Form::Text)
        .about("台账里的工作表；不写则取与表格同名的，没有同名的取第一个有内容的"),
    Key::new("区域", "range", Form::Text).about("只取工作表的一块，连列名在内，如 A3:F40"),
    Key::new("列别名", "column_aliases", Form::Aliases)
        .about("模板里的列名和台账里的列名，如 责任单位: [牵头单位]"),
];

/// The keys of 机构名录 that a table does not have; it takes those of a table too.
pub const REGISTER: &[Key] = &[
    Key::new("表格", "table", Form::Text).about("“表格”里一张表的名称，代替“行”或“文件”"),
    Key::new("核对列", "checked_columns", Form::Names)
        .about("要核对单位名称的列；不写则核对“责任单位”“单位”等列，写“[]”则不核对"),
];

/// The keys of 检查.
pub const CHECKS: &[Key] = &[
    Key::new("规则", "rules", Form::Levels)
        .about("规则的代码和级别：错误、警告、说明，或 略去（理由）"),
    Key::new("词表", "lexicon", Form::File)
        .about("本单位的词表，每行是错的词、对的词、例外、级别，之间用制表符隔开"),
    Key::new("编码", "forms", Form::Aliases)
        .about("列名和编码的样式：“数”代表一位数字，“字”代表一个字母，其余照写，如 新媒体标识码: [数数数数数数M数数数]"),
    Key::new("文件", "file", Form::File).about("写有以上各项的文件，各份公文共用；本文件里写的优先"),
];

/// The keys of 批量.
pub const BATCH: &[Key] = &[
    Key::new("拆分列", "column", Form::Text)
        .about("按哪一列把各行分给各单位；不写则是“责任单位”"),
    Key::new("类别", "groups", Form::Names)
        .about("机构名录里哪些类别的单位各发一份；不写则是全部单位"),
    Key::new("共用表格", "shared_tables", Form::Names)
        .about("每份通知都能看到全部行的表格；没有写上、又没有拆分列的表格，通知里不能用"),
    Key::new("起始字号", "first_number", Form::DocNumber)
        .about("第一份通知的发文字号，以后依次加一；不写则通知没有字号")
        .clause("7.2.5"),
    Key::new("文件名", "file_name", Form::Pattern).about(
        "可写 {{ 序号 }}、{{ 单位 }}、{{ 简称 }}、{{ 标题 }}、{{ 发文字号 }}、{{ 成文日期 }}；不写则是 {{ 序号 }}-{{ 单位 }}-{{ 标题 }}.pdf",
    ),
    Key::new("可提及", "may_name", Form::Names)
        .about("通知里可以出现的别的单位、类别或词语；别的单位名称一律是错误"),
    Key::new("通知", "notice", Form::Notice)
        .required()
        .about("通知自己的标题、正文等，键与整份公文相同；文种缺省是“整改通知”，主送机关缺省是 {{ 单位 }}；没有写的发文机关标志、署名、成文日期等与整份公文相同；也可以写一个 YAML 文件名，各键写在那里；在命令行写作 --notice 文件"),
    Key::new("无问题通知", "quiet_notice", Form::Notice)
        .about("给没有问题的单位的通知，写法与“通知”相同；不写则不发"),
];

/// Keys of the whole file that a notice does not have: data is read once for all.
pub const NOT_IN_NOTICE: &[&str] = &[
    "doc_number",
    "variables",
    "tables",
    "last_period",
    "register",
    "checks",
    "batch",
    "font_dir",
];

/// Keys of the whole file whose words are the circular's own: a notice does not take them over.
pub const NOT_TAKEN_OVER: &[&str] = &[
    "kind",
    "title",
    "recipients",
    "main_text",
    "attachments",
    "note",
    "cc_recipients",
    "order_number",
    "present",
    "excused",
    "observing",
];

/// What the reference calls the file itself.
pub const WHOLE: &str = "整份公文";

/// Every mapping with fixed keys, under the heading of the reference.
pub const ALL: &[(&str, &[Key])] = &[
    (WHOLE, CIRCULAR),
    ("正文（按节写）", SECTIONS),
    ("版式（另一个文件）", PROFILE),
    ("印章图（每一项）", SEAL),
    ("签名章（每一项）", STAMP),
    ("附件（每一项）", ATTACHMENT),
    ("表格（每一张）", TABLE),
    ("机构名录（另可写“表格”各键）", REGISTER),
    ("批量", BATCH),
    ("检查", CHECKS),
];

/// The key of that name.
pub fn find(keys: &'static [Key], name: &str) -> Option<&'static Key> {
    keys.iter().find(|key| key.names().any(|n| n == name))
}

/// The heading of the mapping that has a key of that name: the whole file, or the only one.
pub fn home(name: &str) -> Option<&'static str> {
    let mut homes = ALL.iter().filter(|(_, keys)| find(keys, name).is_some());
    let (heading, _) = homes.next()?;
    (*heading == WHOLE || homes.next().is_none()).then_some(heading)
}

/// Tells whether some mapping has a key of that name.
pub fn is_key(name: &str) -> bool {
    ALL.iter().any(|(_, keys)| find(keys, name).is_some())
}

/// Tells whether a word is close to a key of the whole file.
pub fn is_near_key(name: &str) -> bool {
    nearest(name, CIRCULAR.iter().flat_map(Key::names)).is_some()
}

/// The name out of `names` that a user most likely meant.
pub fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    names
        .filter_map(|known| distance(name, length, known).map(|distance| (distance, known)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// How far two names are apart, where one may be meant by the other.
fn distance(name: &str, length: usize, known: &str) -> Option<usize> {
    let known_length = known.chars().count();
    let short = length.min(known_length);
    if short >= 2 && (known.contains(name) || name.contains(known)) {
        return Some(1);
    }
    let limit = if short <= 3 { 1 } else { short.div_ceil(3) };
    if short < 2 || length.abs_diff(known_length) > limit {
        return None;
    }
    let distance = strsim::osa_distance(&name.to_lowercase(), known);
    (distance <= limit).then_some(distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_the_name_that_was_meant() {
        let suggest = |name| nearest(name, CIRCULAR.iter().flat_map(Key::names));
        assert_eq!(suggest("标提"), Some("标题"));
        assert_eq!(suggest("主送"), Some("主送机关"));
        assert_eq!(suggest("抄送单位"), Some("抄送机关"));
        assert_eq!(suggest("docnumber"), Some("doc_number"));
        assert_eq!(suggest("titel"), Some("title"));
        assert_eq!(suggest("领导批示"), None);
        assert_eq!(suggest("a"), None);
    }

    #[test]
    fn a_key_at_a_wrong_place_is_told_its_own() {
        assert_eq!(home("存在问题"), Some("正文（按节写）"));
        assert_eq!(home("署名"), Some(WHOLE));
        assert_eq!(home("领导批示"), None);
    }

    #[test]
    fn no_name_stands_for_two_keys() {
        for (_, keys) in ALL {
            let mut names: Vec<_> = keys.iter().flat_map(Key::names).collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count);
        }
    }

    #[test]
    fn the_sections_are_those_of_the_model() {
        let names: Vec<_> = SECTIONS.iter().map(|key| key.chinese).collect();
        assert_eq!(names, crate::model::SECTIONS);
    }
}
