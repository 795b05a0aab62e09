//! Every fault that loading can report.

use crate::diag::{Rule, Strength};

/// In the order of the parts.
pub const RULES: &[Rule] = &[
    Rule::new("input/file/encoding", "输入文件不是 UTF-8 编码"),
    Rule::new("input/yaml/empty", "文件是空的，或者只有注释"),
    Rule::new("input/yaml/full-width-colon", "键后面用了全角冒号“：”"),
    Rule::new("input/yaml/missing-space", "键的冒号后面没有半角空格"),
    Rule::new("input/yaml/tab-indent", "行首用了制表符缩进"),
    Rule::new(
        "input/yaml/full-width-space",
        "行首用了全角空格或不间断空格缩进",
    ),
    Rule::new("input/yaml/full-width-dash", "列表项用了全角横线"),
    Rule::new("input/yaml/full-width-quotes", "用全角引号代替了半角引号"),
    Rule::new("input/yaml/unclosed-quote", "引号没有成对"),
    Rule::new("input/yaml/after-quote", "右引号之后还有文字"),
    Rule::new("input/yaml/unclosed-bracket", "方括号或花括号没有成对"),
    Rule::new(
        "input/yaml/paragraphs-joined",
        "分了段的文字没有用“|”，各段会连成一段",
    ),
    Rule::new("input/yaml/special-character", "值以 YAML 的特殊符号开头"),
    Rule::new(
        "input/yaml/colon-in-value",
        "值里有冒号加空格，却没有加引号",
    ),
    Rule::new("input/yaml/indentation", "缩进没有对齐"),
    Rule::new("input/yaml/no-colon", "这一行不是“键: 值”"),
    Rule::new("input/yaml/list-place", "列表的“- ”与键写在同一行"),
    Rule::new(
        "input/yaml/comment-after-text",
        "值后面紧接“#”的文字被当作注释",
    )
    .warning(),
    Rule::new("input/yaml/block-header", "“|”或“>”后面还有文字"),
    Rule::new("input/yaml/escape", "双引号里的“\\”写法无法识别"),
    Rule::new("input/yaml/control-character", "文件里有不可见的控制字符"),
    Rule::new("input/yaml/documents", "一个文件里有不止一份公文"),
    Rule::new("input/yaml/too-complex", "嵌套过深、引用过多或数据过大"),
    Rule::new("input/yaml/syntax", "其他 YAML 语法错误"),
    Rule::new("input/faults/too-many", "错误太多，只列出一部分").note(),
    Rule::new("input/key/unknown", "没有这个键"),
    Rule::new("input/key/duplicate", "同一个键写了两次"),
    Rule::new("input/key/missing", "缺少必填的键"),
    Rule::new("input/key/form", "键不是文字"),
    Rule::new("input/key/no-colon", "花括号里的一项没有冒号"),
    Rule::new("input/value/empty", "必填的键没有内容"),
    Rule::new("input/value/form", "值的形式不对，例如应写文字处写了列表"),
    Rule::new("input/list/full-width-comma", "列表的各项之间用了全角逗号"),
    Rule::new("input/measure/form", "长度的写法不对，或者太大、太小"),
    Rule::new("input/value/choice", "值不在可写的几种之内"),
    Rule::new("input/profile/unreadable", "版式文件找不到，或者无法读取"),
    Rule::new("input/path/missing", "找不到所写的文件夹"),
    Rule::new("header/format/form", "格式的写法不对"),
    Rule::new("header/red-header/form", "红头一项的写法不对"),
    Rule::new("header/order-number/form", "令号的写法不对"),
    Rule::new("header/order-number/format", "令号只用于命令"),
    Rule::new("header/signers/in-one", "几个签发人写成了一个")
        .rests_on(Strength::Standard, "GB/T 9704—2012，7.2.6")
        .example("签发人: 甲某、乙某", "签发人: [甲某, 乙某]"),
    Rule::new("header/signers/not-upward", "下行文标注了签发人")
        .warning()
        .rests_on(Strength::Regulation, "公文处理工作条例第九条（六）"),
    Rule::new(
        "header/issuer-mark/joint",
        "这种格式的发文机关标志只写一个机关",
    ),
    Rule::new("header/copy-number/form", "份号不是六位数字")
        .rests_on(Strength::Standard, "GB/T 9704—2012，7.2.1")
        .example("份号: 12", "份号: 000012"),
    Rule::new("header/copy-number/missing", "涉密公文没有份号")
        .rests_on(Strength::Regulation, "公文处理工作条例第九条（一）")
        .example(
            "密级和保密期限: 秘密★1年（没有份号）",
            "份号: 000012，密级和保密期限: 秘密★1年",
        ),
    Rule::new("header/secrecy/form", "密级和保密期限的写法不对")
        .rests_on(Strength::Standard, "GB/T 9704—2012，7.2.2")
        .example("机密1年", "机密★1年"),
    Rule::new("header/urgency/form", "紧急程度不是特急或加急")
        .rests_on(Strength::Standard, "GB/T 9704—2012，7.2.3")
        .example("紧急程度: 急件", "紧急程度: 加急"),
    Rule::new("header/doc-number/brackets", "发文字号的年份没有用六角括号")
        .rests_on(Strength::Standard, "GB/T 9704—2012，7.2.5")
        .example("明政办[2021]12号", "明政办〔2021〕12号"),
    Rule::new("header/doc-number/year", "发文字号的年份不是四位数字")
        .rests_on(Strength::Standard, "GB/T 9704—2012，7.2.5")
        .example("明政办〔21〕12号", "明政办〔2021〕12号"),
    Rule::new("header/doc-number/serial", "发文字号的顺序号写法不对")
        .rests_on(Strength::Standard, "GB/T 9704—2012，7.2.5")
        .example("明政办〔2021〕第012号", "明政办〔2021〕12号"),
    Rule::new("header/doc-number/agency-code", "发文字号缺少机关代字")
        .rests_on(Strength::Standard, "GB/T 9704—2012，7.2.5")
        .example("〔2021〕12号", "明政办〔2021〕12号"),
    Rule::new("header/doc-number/ending", "发文字号末尾缺少“号”")
        .rests_on(Strength::Standard, "GB/T 9704—2012，7.2.5")
        .example("明政办〔2021〕12", "明政办〔2021〕12号"),
    Rule::new(
        "header/doc-number/year-differs",
        "发文字号的年份与成文日期不同",
    )
    .warning()
    .rests_on(Strength::Regulation, "公文处理工作条例第九条（五）")
    .example(
        "发文字号: 明政办〔2021〕1号，成文日期: 2022年1月4日",
        "发文字号: 明政办〔2022〕1号，成文日期: 2022年1月4日",
    ),
    Rule::new("body/title/not-printed", "命令写了标题，不印出")
        .note()
        .rests_on(Strength::Standard, "GB/T 9704—2012，10.2"),
    Rule::new("body/recipients/order", "命令写了主送机关")
        .rests_on(Strength::Standard, "GB/T 9704—2012，10.2"),
    Rule::new("body/doc-date/form", "成文日期的写法不对")
        .rests_on(Strength::Standard, "GB/T 9704—2012，7.3.5.4")
        .example("成文日期: 21年9月16日", "成文日期: 2021年9月16日"),
    Rule::new("body/doc-date/no-such-day", "成文日期在日历上不存在")
        .example("成文日期: 2021年9月31日", "成文日期: 2021年9月30日"),
    Rule::new("body/seal/form", "印章一项的写法不对"),
    Rule::new("body/seal/count", "印章图与署名的机关数不等"),
    Rule::new("body/stamp/missing", "要盖签名章，却没有写职务"),
    Rule::new("body/attendance/format", "出席、请假、列席只用于纪要"),
    Rule::new("pictures/file/missing", "找不到图，或图无法读取"),
    Rule::new("pictures/file/format", "文件不是能用的图"),
    Rule::new("pictures/pages/form", "外来文件的页码写法不对"),
    Rule::new("body/main-text/empty-section", "正文的一节没有填写").warning(),
    Rule::new("body/attachment/no-such-table", "附件所用的表格不存在"),
    Rule::new("body/attachment/no-such-column", "附件所用的列不存在"),
    Rule::new(
        "body/attachment/column-group",
        "列组里的列不相邻、不印或重复",
    ),
    Rule::new("body/attachment/no-table", "附件写了列，却没有写表格"),
    Rule::new("imprint/print-date/form", "印发日期的写法不对")
        .rests_on(Strength::Standard, "GB/T 9704—2012，7.4.3")
        .example("印发日期: 21.9.16印发", "印发日期: 2021年9月16日"),
    Rule::new("imprint/print-date/no-such-day", "印发日期在日历上不存在"),
    Rule::new("imprint/print-date/before-doc-date", "印发日期早于成文日期")
        .rests_on(Strength::Regulation, "公文处理工作条例第九条（十七）")
        .example(
            "成文日期: 2021年9月16日，印发日期: 2021年9月15日",
            "成文日期: 2021年9月16日，印发日期: 2021年9月16日",
        ),
    Rule::new("checks/file/unreadable", "检查设置或词表的文件无法读取"),
    Rule::new("checks/file/nested", "检查设置的文件里又写了“文件”"),
    Rule::new("checks/level/form", "规则的级别写法不对").example(
        "text/mark/half-width: 忽略",
        "text/mark/half-width: 略去（上级来文原样）",
    ),
    Rule::new("checks/lexicon/line", "词表的一行读不懂"),
    Rule::new("variables/name/form", "变量名不能用作模板里的名称"),
    Rule::new("variables/name/taken", "变量名已有别的用途"),
    Rule::new(
        "variables/value/template",
        "变量的值里有模板的花括号，会照原样印出",
    )
    .warning(),
    Rule::new("tables/name/form", "表格名不能用作模板里的名称"),
    Rule::new("tables/name/taken", "表格名已有别的用途"),
    Rule::new("tables/column/missing", "没有写明表格的列"),
    Rule::new("tables/column/duplicate", "两列同名"),
    Rule::new("tables/column/unknown", "一行里有表格没有的列"),
    Rule::new("tables/column/similar", "一行里的列名疑似写错"),
    Rule::new("tables/column/empty", "列名是空的"),
    Rule::new("tables/row/cells", "一行的格数与列数不等"),
    Rule::new("tables/row/column-missing", "一行缺少其他行都有的列"),
    Rule::new("tables/file/conflict", "表格既写了文件，又写了列或行"),
    Rule::new("tables/file/missing", "找不到表格文件"),
    Rule::new("tables/file/unreadable", "表格文件无法读取"),
    Rule::new("tables/file/encoding", "表格文件的编码无法识别"),
    Rule::new("tables/file/unclosed-quote", "表格文件里的引号没有成对"),
    Rule::new("register/table/unknown", "机构名录所用的表格不存在"),
    Rule::new("register/column/missing", "机构名录没有“全称”一列"),
    Rule::new("register/name/empty", "机构名录的一行没有全称"),
    Rule::new("register/name/duplicate", "机构名录里两个单位用同一个名称"),
    Rule::new("register/order/form", "机构名录的顺序不是数字"),
    Rule::new("register/unit/unknown", "单位不在机构名录里")
        .example("责任单位: 旗应急宣局", "责任单位: 旗应急管理局"),
    Rule::new("tables/file/unsupported", "这种文件不是电子表格"),
    Rule::new("tables/file/password", "台账加了打开密码"),
    Rule::new("tables/file/damaged", "台账已损坏或不完整"),
    Rule::new("tables/file/too-large", "台账解压后过大，或格子过多"),
    Rule::new("tables/file/no-table", "文件里没有像台账的内容"),
    Rule::new("tables/rows/none", "台账里一行也没有").warning(),
    Rule::new(
        "tables/file/absent",
        "写了工作表、区域或列别名，却没有写文件",
    ),
    Rule::new("tables/sheet/missing", "台账里没有这个工作表"),
    Rule::new("tables/sheet/empty", "工作表或区域里没有内容"),
    Rule::new("tables/sheet/guessed", "台账有几个工作表，取了第一个").note(),
    Rule::new("tables/sheet/hidden", "隐藏的行或列照常计入").warning(),
    Rule::new("tables/range/form", "区域的写法无法识别"),
    Rule::new("tables/column/guessed", "列名所在的行是估计的").note(),
    Rule::new("tables/cell/formula-fault", "格子里的公式出错，如 #REF!"),
    Rule::new("tables/cell/formula-no-value", "格子里的公式没有算出的值"),
    Rule::new("tables/cell/rewritten", "以文字写成的日期或数字统一了写法").note(),
    Rule::new("tables/cell/merged-number", "几行合并的数字格每行各算一次").warning(),
    Rule::new("tables/cell/long-number", "算出的数小数位很多，会照样印出").warning(),
    Rule::new("tables/row/left-out", "合计行、小计行和附注没有当作数据").note(),
    Rule::new(
        "tables/row/like-total",
        "最后一行像是合计行，却当作数据计入了",
    )
    .warning(),
    Rule::new("tables/total/differs", "合计或小计与各行之和不同"),
    Rule::new("tables/total/unchecked", "一列里有带单位的数，合计没有核对").warning(),
    Rule::new("input/sheet/beside", "工作表“公文”“变量”的值写在了别的列"),
    Rule::new("input/sheet/missing", "台账单独作输入时缺少工作表“公文”"),
    Rule::new("batch/column/missing", "没有一张表格有批量的拆分列"),
    Rule::new("batch/table/unknown", "批量的共用表格不存在"),
    Rule::new("batch/group/unknown", "机构名录里没有批量所写的类别"),
    Rule::new(
        "batch/unit/empty",
        "拆分列里有空格子，不知道这一行归哪个单位",
    ),
    Rule::new(
        "batch/notice/unreadable",
        "通知写在另一个文件里，文件却无法读取或没有内容",
    ),
    Rule::new("batch/key/misplaced", "通知里写了只能写在整份公文里的键"),
    Rule::new(
        "template/mark/out-of-place",
        "不是模板的键里写了“{{ … }}”或“{% … %}”，会照原样印出",
    )
    .example("署名: \"{{ 单位 }}\"", "署名: ××县人民政府办公室"),
    Rule::new("template/file/unreadable", "模板目录或其中的文件无法读取"),
    Rule::new(
        "template/file/unknown",
        "模板目录里的文件不是任何一节的名称",
    )
    .warning(),
];
