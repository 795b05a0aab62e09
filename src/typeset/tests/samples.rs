//! Documents to measure.

use crate::diag::Origin;
use crate::document::{Attachment, Block, Cell, Document, Style, TableBlock, Words};
use crate::model::{Date, Edition, Format, Profile, RedHeader, Seal};

/// Words of a place of their own, so that tests can follow them.
pub fn words(text: &str) -> Words {
    Words::plain(text, &Origin::text(&"通报.yaml".into(), 1, 1))
}

pub fn paragraph(text: &str) -> Block {
    Block::Paragraph(words(text))
}

pub fn heading(level: u8, ordinal: &str, text: &str, run_in: &str) -> Block {
    Block::Heading {
        level,
        ordinal: ordinal.to_owned(),
        words: words(text),
        run_in: if run_in.is_empty() {
            Words::default()
        } else {
            words(run_in)
        },
    }
}

/// A full line holds 28 cells; this many paragraphs of this many cells each.
pub fn filler(paragraphs: usize, cells: usize) -> Vec<Block> {
    const TEXT: &str =
        "各地各部门要切实履行主体责任加强日常管理综合运用技术扫描人工检查等方法做好监测和值守工作";
    (0..paragraphs)
        .map(|_| paragraph(&TEXT.chars().cycle().take(cells).collect::<String>()))
        .collect()
}

/// A circular with a red header and an imprint, and this text.
pub fn circular(main_text: Vec<Block>) -> Document {
    Document {
        format: Format::General,
        red_header: RedHeader::Printed,
        edition: Edition::default(),
        profile: Profile::default(),
        draft: None,
        joint_marks: Vec::new(),
        signers: Vec::new(),
        attendance: Vec::new(),
        joint_signatures: Vec::new(),
        seals: Vec::new(),
        stamps: Vec::new(),
        copy_number: None,
        secrecy: None,
        urgency: None,
        issuer_mark: Some(words("奈曼旗人民政府办公室文件")),
        doc_number: Some(words("奈政办发〔2021〕12号")),
        title: words(
            "奈曼旗人民政府办公室关于2021年第三季度全旗政府网站与政务新媒体检查情况的通报",
        ),
        recipients: Some(words(
            "各苏木乡镇人民政府，六号农场管委会，大沁他拉街道办事处，旗政府各委办局：",
        )),
        main_text,
        attachments: Vec::new(),
        signature: words("奈曼旗人民政府办公室"),
        doc_date: words("2021年10月9日"),
        date: Date::new(2021, 10, 9).unwrap(),
        seal: Seal::Reserved,
        note: None,
        cc_recipients: Some(words(
            "旗委办公室，旗人大常委会办公室，旗政协办公室，旗监委，旗法院，旗检察院，各人民团体，驻奈各单位。",
        )),
        print_office: Some(words("奈曼旗人民政府办公室")),
        print_date: Some(words("2021年10月9日")),
    }
}

/// A circular as offices send them.
pub fn real() -> Document {
    let mut document = circular(vec![
        paragraph(
            "根据《国务院办公厅秘书局关于印发政府网站与政务新媒体检查指标、监管工作年度考核指标的通知》（国办秘函〔2019〕19号）要求，9月6日至10日，旗政府办公室组织开展了2021年第三季度全旗政府网站和政务新媒体检查。本次检查政府网站1个、政务新媒体64个，检查比例100%，合格率87.5%。现将有关情况通报如下：",
        ),
        heading(1, "一、", "总体情况", ""),
        paragraph(
            "各苏木乡镇、各部门能够认真落实国家和自治区关于进一步做好政务公开、政府网站和政务新媒体工作的要求，及时有效地做好旗人民政府网站各栏目的信息发布和内容保障工作。政务新媒体合格率不断提升，“僵尸”“睡眠”账号逐步减少。",
        ),
        heading(1, "二、", "存在问题", ""),
        heading(
            2,
            "（一）",
            "重点领域信息公开有待加强。",
            "较少集中公开面向市场主体的资金补贴相关政策、信息；较少以视频、图解等形式解答咨询事项——这与“应公开尽公开”的要求还有差距……",
        ),
        heading(2, "（二）", "政务新媒体审核把关不严", ""),
        heading(
            3,
            "1.",
            "用词不规范。",
            "“奈曼交通”等9个账号存在严重表述错误问题，详见附件1。",
        ),
        heading(
            4,
            "（1）",
            "更新不及时。",
            "连续3个月（2021年7月—9月）未更新的账号有6个。",
        ),
        Block::Table(table(3)),
        heading(1, "三、", "工作要求", ""),
        paragraph(
            "各地各部门要高度重视此次检查通报的问题，举一反三，引以为戒，切实采取有效措施自查整改，于10月26日前将整改情况书面报送旗政府办公室（电子邮箱：nmqzfbgs@example.gov.cn）。",
        ),
    ]);
    document.attachments = vec![
        Attachment {
            title: words("2021年第三季度存在问题的政务新媒体名单"),
            blocks: vec![Block::Table(table(30))],
            ..Attachment::default()
        },
        Attachment {
            title: words("奈曼旗政务新媒体运营与监管工作规范及内容发布审核流程（试行）的有关说明"),
            blocks: vec![
                paragraph("本规范适用于全旗政府系统开设的政务新媒体。"),
                heading(1, "一、", "适用范围", ""),
                paragraph("凡以政府名义开设的账号，均应遵照执行。"),
            ],
            ..Attachment::default()
        },
    ];
    document.note = Some(words("（此件公开发布）"));
    document
}

/// A table of findings: a short column, two middling ones and a long one with an address.
pub fn table(rows: usize) -> TableBlock {
    let cell = |text: &str| Cell {
        words: words(text),
        rows: 1,
    };
    TableBlock {
        groups: Vec::new(),
        head: ["序号", "账号名称", "主管单位", "检查时间", "存在问题"]
            .map(words)
            .into(),
        rows: (1..=rows)
            .map(|row| {
                let mut last = words("首页近14天未更新，且“在线访谈”栏目无内容，链接打不开：");
                let mut link = words("http://www.example.gov.cn/zwgk/2021/09/list_1234567890.html");
                link.0[0].style = Style::Link;
                last.0.extend(link.0);
                vec![
                    cell(&row.to_string()),
                    cell("活力苇莲苏"),
                    cell(if row % 2 == 0 {
                        "苇莲苏乡人民政府"
                    } else {
                        "旗交通运输局"
                    }),
                    cell("9月6日"),
                    if row % 3 == 0 {
                        Cell {
                            words: last,
                            rows: 1,
                        }
                    } else {
                        cell("发布内容出现严重表述错误")
                    },
                ]
            })
            .collect(),
        origin: Origin::Program,
    }
}
