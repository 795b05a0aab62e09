//! Elements that belong together: a red header without a number, an imprint without its date.

use crate::diag::{Diagnostic, Rule, Strength};
use crate::model::{Circular, Format};

pub const RULES: &[Rule] = &[
    NO_NUMBER,
    NO_MARK,
    NO_OFFICE,
    NO_PRINT_DATE,
    ISSUER,
    NO_ROWS,
];

const NO_NUMBER: Rule = Rule::new("header/doc-number/missing", "有发文机关标志，没有发文字号")
    .warning()
    .rests_on(Strength::Regulation, "公文处理工作条例第九条（五）")
    .example(
        "发文机关标志: 某县人民政府文件（没有发文字号）",
        "发文字号: 某政发〔2026〕1号",
    );
const NO_MARK: Rule = Rule::new("header/issuer-mark/missing", "有发文字号，没有发文机关标志")
    .warning()
    .rests_on(Strength::Regulation, "公文处理工作条例第九条（四）")
    .example(
        "发文字号: 某政发〔2026〕1号（没有发文机关标志）",
        "发文机关标志: 某县人民政府文件",
    );
const NO_OFFICE: Rule = Rule::new("imprint/print-office/missing", "有印发日期，没有印发机关")
    .warning()
    .rests_on(Strength::Regulation, "公文处理工作条例第九条（十七）")
    .example(
        "印发日期: 2026年7月1日（没有印发机关）",
        "印发机关: 某县人民政府办公室",
    );
const NO_PRINT_DATE: Rule = Rule::new("imprint/print-date/missing", "有印发机关，没有印发日期")
    .warning()
    .rests_on(Strength::Regulation, "公文处理工作条例第九条（十七）")
    .example(
        "印发机关: 某县人民政府办公室（没有印发日期）",
        "印发日期: 2026年7月1日",
    );
const NO_ROWS: Rule = Rule::new("body/attachment/no-rows", "附件的表格没有行，只印出表头")
    .warning()
    .rests_on(Strength::Practice, "附件校对惯例");
const ISSUER: Rule = Rule::new(
    "body/signature/differs-from-title",
    "署名与标题里的发文机关只差一两个字",
)
.warning()
.rests_on(
    Strength::Regulation,
    "公文处理工作条例第九条（七）、（十一）",
)
.example(
    "标题: 某县人民政府关于……的通报，署名: 某县人名政府",
    "署名: 某县人民政府",
);

pub fn faults(circular: &Circular) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let (header, imprint) = (&circular.header, &circular.imprint);
    faults.extend(circular.attachments.iter().filter_map(|attachment| {
        let name = attachment.table.as_ref()?;
        let mut tables = circular.tables.iter();
        let table = tables.find(|table| table.name.value == name.name.value)?;
        let message = format!("表格“{}”没有行，附件里只会印出表头", table.name.value);
        let fault = NO_ROWS.fault(&name.name.origin, message);
        let hint = "没有可附的就删去这个附件；台账该有行的，看是不是取错了工作表";
        table.rows().is_empty().then(|| fault.hint(hint))
    }));
    // The special formats have elements of their own.
    if circular.format != Format::General {
        faults.extend(issuer(circular));
        return faults;
    }
    match (&header.issuer_mark, &header.doc_number) {
        (Some(mark), None) if header.open_number.is_none() => faults.push(
            NO_NUMBER
                .fault(&mark.origin, "红头文件没有发文字号")
                .hint("加一行“发文字号: ×发〔2026〕1号”；批量里的通知写“起始字号”"),
        ),
        (None, Some(number)) => faults.push(
            NO_MARK
                .fault(&number.origin, "有发文字号，没有发文机关标志")
                .hint("加一行“发文机关标志: ……文件”"),
        ),
        _ => {}
    }
    match (&imprint.print_office, &imprint.print_date) {
        (Some(office), None) => faults.push(
            NO_PRINT_DATE
                .fault(&office.origin, "有印发机关，没有印发日期")
                .hint("加一行“印发日期: 2026年7月1日”"),
        ),
        (None, Some(date)) => faults.push(
            NO_OFFICE
                .fault(&date.origin, "有印发日期，没有印发机关")
                .hint("加一行“印发机关: ……办公室”"),
        ),
        _ => {}
    }
    faults.extend(issuer(circular));
    faults
}

/// The issuer in the title and the signature, where one is likely a slip for the other.
fn issuer(circular: &Circular) -> Option<Diagnostic> {
    let title: String = circular.title.value.split_whitespace().collect();
    let signature: String = circular.signature.value.split_whitespace().collect();
    let (issuer, _) = title.split_once("关于")?;
    let (length, other) = (issuer.chars().count(), signature.chars().count());
    let differs = length == other && length >= 5 && issuer != signature;
    let distance = strsim::osa_distance(issuer, &signature);
    if !differs || distance > 1 + length / 8 || issuer.contains('{') {
        return None;
    }
    let message = format!("署名“{signature}”与标题里的“{issuer}”不同");
    let fault = ISSUER.fault(&circular.signature.origin, message);
    Some(
        fault
            .hint("查对发文机关的名称")
            .related(&circular.title.origin, "标题写在这里"),
    )
}
