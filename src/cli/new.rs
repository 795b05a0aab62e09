//! `hongtou new`: a starter folder — an input file and its ledger — that builds at once.

use std::path::Path;

use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook,
    Worksheet, XlsxError,
};

use super::Status;
use super::report::{complain, say};
use crate::output::{cause, write_all};

/// A column of the ledger: its name, its width in characters, and what may be chosen in it.
struct Column {
    name: &'static str,
    width: f64,
    choices: &'static [&'static str],
    explains: &'static str,
}

/// What a kind starts with.
struct Starter {
    kind: &'static str,
    /// The name of the input file.
    file: &'static str,
    input: &'static str,
    sheets: &'static [Sheet],
    /// What makes the PDF of the input file, which stands where `{}` is.
    command: &'static str,
}

/// A sheet of the ledger.
struct Sheet {
    name: &'static str,
    columns: &'static [Column],
    rows: &'static [&'static [&'static str]],
}

/// The rows for which lists and formats are laid out.
const LAST_ROW: u32 = 1000;

const PROBLEMS: &[Column] = &[
    column("序号", 6.0, &[], "可以不填"),
    column(
        "责任单位",
        22.0,
        &[],
        "单位全称或规范化简称，同一单位始终写同一个名称",
    ),
    column(
        "问题类型",
        16.0,
        &[
            "更新不及时",
            "用词不规范",
            "功能不可用",
            "互动回应差",
            "其他",
        ],
        "从下拉列表里选；通报按类型分节",
    ),
    column("问题描述", 44.0, &[], "一句话，末尾不加句号"),
    column("整改期限", 16.0, &[], "日期，如 2026-10-30"),
    column(
        "状态",
        10.0,
        &["未整改", "已整改"],
        "从下拉列表里选；整改率由此算出",
    ),
];

const TASKS: &[Column] = &[
    column("任务", 20.0, &[], "任务的名称；相同的排在一起，成为一节"),
    column("措施", 24.0, &[], "措施的名称，成为小标题"),
    column("要求", 50.0, &[], "完整的句子，末尾加句号"),
    column("责任单位", 24.0, &[], "牵头和配合的单位"),
];

const PROBLEM_ROWS: &[&[&str]] = &[
    &[
        "1",
        "甲镇人民政府",
        "更新不及时",
        "首页超过两周没有更新",
        "2026-10-30",
        "未整改",
    ],
    &[
        "2",
        "乙镇人民政府",
        "更新不及时",
        "栏目超过半年没有更新",
        "2026-10-30",
        "已整改",
    ],
    &[
        "3",
        "县水利局",
        "用词不规范",
        "一处表述不规范",
        "2026-10-30",
        "已整改",
    ],
    &[
        "4",
        "县文化和旅游局",
        "功能不可用",
        "在线预约无法打开",
        "2026-10-30",
        "未整改",
    ],
];

const TASK_ROWS: &[&[&str]] = &[
    &[
        "全面排查",
        "摸清底数",
        "逐个核对账号名称、运营单位和更新情况，形成清单。",
        "各乡镇人民政府",
    ],
    &[
        "全面排查",
        "限期整改",
        "对发现的问题逐项整改，完成一项、销号一项。",
        "县直各部门",
    ],
    &[
        "健全制度",
        "落实审核",
        "严格执行先审后发，明确审核人员和责任。",
        "县政府办公室",
    ],
];

const UNITS: &[Column] = &[
    column("全称", 24.0, &[], "单位的全称，印在主送机关处"),
    column("简称", 16.0, &[], "规范化简称；写在台账里也认得出"),
    column(
        "类别",
        12.0,
        &["乡镇", "县直部门"],
        "从下拉列表里选；“批量”里写哪些类别，哪些单位就各有一份通知",
    ),
];

const UNIT_ROWS: &[&[&str]] = &[
    &["甲镇人民政府", "甲镇", "乡镇"],
    &["乙镇人民政府", "乙镇", "乡镇"],
    &["丙乡人民政府", "丙乡", "乡镇"],
    &["县水利局", "水利局", "县直部门"],
    &["县文化和旅游局", "文旅局", "县直部门"],
];

const FINDINGS: Sheet = Sheet {
    name: "问题清单",
    columns: PROBLEMS,
    rows: PROBLEM_ROWS,
};

const BUILD: &str = "hongtou build {}";

const STARTERS: &[Starter] = &[
    Starter {
        kind: "季度检查通报",
        file: "通报.yaml",
        input: include_str!("new/季度检查通报.yaml"),
        sheets: &[FINDINGS],
        command: BUILD,
    },
    Starter {
        kind: "问题通报",
        file: "通报.yaml",
        input: include_str!("new/问题通报.yaml"),
        sheets: &[FINDINGS],
        command: BUILD,
    },
    Starter {
        kind: "专项工作通知",
        file: "通知.yaml",
        input: include_str!("new/专项工作通知.yaml"),
        sheets: &[Sheet {
            name: "任务清单",
            columns: TASKS,
            rows: TASK_ROWS,
        }],
        command: BUILD,
    },
    Starter {
        kind: "整改通知",
        file: "通报.yaml",
        input: include_str!("new/整改通知.yaml"),
        sheets: &[
            FINDINGS,
            Sheet {
                name: "名录",
                columns: UNITS,
                rows: UNIT_ROWS,
            },
        ],
        command: "hongtou batch {} -o {o}",
    },
];

const fn column(
    name: &'static str,
    width: f64,
    choices: &'static [&'static str],
    explains: &'static str,
) -> Column {
    Column {
        name,
        width,
        choices,
        explains,
    }
}

/// Writes the starter of a kind into a new or empty folder.
pub fn new(folder: &Path, kind: &str) -> Status {
    match written(folder, kind) {
        Ok(text) => {
            say(&text);
            Status::Fine
        }
        Err(refusal) => {
            complain(&refusal);
            Status::Stopped
        }
    }
}

fn written(folder: &Path, kind: &str) -> Result<String, String> {
    let starter = STARTERS.iter().find(|starter| starter.kind == kind);
    let starter = starter.ok_or_else(|| {
        let kinds: Vec<&str> = STARTERS.iter().map(|starter| starter.kind).collect();
        format!(
            "错误：没有名为“{kind}”的文种，内置的有：{}",
            kinds.join("、")
        )
    })?;
    let shown = folder.display();
    let refusal = |cause: &dyn std::fmt::Display| format!("错误：无法写入文件夹 {shown}：{cause}");
    let filled = folder
        .read_dir()
        .is_ok_and(|mut entries| entries.next().is_some());
    if filled {
        return Err(refusal(&"文件夹里已有文件，不覆盖"));
    }
    std::fs::create_dir_all(folder).map_err(|error| refusal(&cause(&error)))?;
    let ledger = ledger(starter).map_err(|error| refusal(&error))?;
    write_all(&[
        (folder.join("台账.xlsx"), ledger),
        (folder.join(starter.file), starter.input.as_bytes().to_vec()),
    ])?;
    let input = folder.join(starter.file);
    Ok(format!(
        "已新建 {}、{}\n在台账里填写各行，在 {} 里改标题、日期等，然后运行：{}",
        input.display(),
        folder.join("台账.xlsx").display(),
        starter.file,
        starter
            .command
            .replace("{}", &input.display().to_string())
            .replace("{o}", &folder.join("通知").display().to_string())
    ))
}

/// The workbook; its date of creation is fixed, so that it is the same every time.
fn ledger(starter: &Starter) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_ymd(2026, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    for sheet in starter.sheets {
        rows(book.add_worksheet().set_name(sheet.name)?, sheet)?;
    }
    guide(book.add_worksheet().set_name("填写说明")?, starter)?;
    book.save_to_buffer()
}

fn rows(sheet: &mut Worksheet, starter: &Sheet) -> Result<(), XlsxError> {
    let cell = Format::new().set_border(FormatBorder::Thin).set_text_wrap();
    let cell = cell.set_align(FormatAlign::VerticalCenter);
    let name = cell.clone().set_bold().set_align(FormatAlign::Center);
    let name = name.set_background_color("F2F2F2");
    let day = cell.clone().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    sheet.set_freeze_panes(1, 0)?;
    for (index, column) in (0..).zip(starter.columns) {
        sheet.set_column_width(index, column.width)?;
        sheet.write_with_format(0, index, column.name, &name)?;
        if !column.choices.is_empty() {
            let choices = DataValidation::new().allow_list_strings(column.choices)?;
            let choices = choices
                .set_error_title("不在列表里")?
                .set_error_message("请从下拉列表里选；要加新的一种，先改“数据有效性”的列表")?;
            sheet.add_data_validation(1, index, LAST_ROW, index, &choices)?;
        }
        for (row, values) in (1..).zip(starter.rows) {
            let text = values[index as usize];
            if column.name == "序号" {
                sheet.write_with_format(row, index, row, &cell)?;
            } else if column.name.ends_with("期限") {
                sheet.write_with_format(row, index, ExcelDateTime::parse_from_str(text)?, &day)?;
            } else {
                sheet.write_with_format(row, index, text, &cell)?;
            }
        }
    }
    Ok(())
}

fn guide(sheet: &mut Worksheet, starter: &Starter) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let wrap = Format::new().set_text_wrap();
    sheet.set_column_width(0, 14)?;
    sheet.set_column_width(1, 70)?;
    sheet.write_with_format(0, 0, "填写说明", &bold)?;
    let names: Vec<String> = starter
        .sheets
        .iter()
        .map(|sheet| format!("“{}”", sheet.name))
        .collect();
    let general = [
        format!(
            "在{}里一行填一项；现有的几行是例子，填写时删去",
            names.join("和")
        ),
        "列名不要改；列的先后可以变，可以加列，不用的列可以删".to_owned(),
        "上方可以加标题行，下方可以写合计和“备注：”，程序会认出来；合计与各行不符会报错".to_owned(),
        "几行相同的单位可以合并单元格；空行不算".to_owned(),
        format!(
            "填完后保存，运行 {}",
            starter
                .command
                .replace("{}", starter.file)
                .replace("{o}", "通知")
        ),
        "程序不读取本工作表".to_owned(),
    ];
    let mut row = 1;
    for line in general {
        sheet.write_with_format(row, 1, line, &wrap)?;
        row += 1;
    }
    for filled in starter.sheets {
        row += 1;
        sheet.write_with_format(row, 0, "列名", &bold)?;
        sheet.write_with_format(row, 1, format!("填什么（工作表“{}”）", filled.name), &bold)?;
        for column in filled.columns {
            row += 1;
            sheet.write(row, 0, column.name)?;
            sheet.write_with_format(row, 1, column.explains, &wrap)?;
        }
        row += 1;
    }
    Ok(())
}
