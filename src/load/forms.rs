//! Values with a written form: 份号, 密级, 发文字号, dates and the like. A fault names what is wrong
//! and shows the right form.

use std::str::FromStr;

use super::context::Context;
use super::node::Node;
use crate::model::{
    CopyNumber, Date, DateError, DocNumber, DocNumberError, Format, Inks, OrderNumber, RedHeader,
    Seal, Secrecy, Sourced, TypeSize, Typeface, Urgency, is_red,
};

/// 份号 (GB/T 9704—2012, 7.2.1).
pub fn copy_number(node: Node, cx: &mut Context) -> Option<Sourced<CopyNumber>> {
    let text = cx.text(node, "份号")?;
    let digits = text.value.bytes().all(|b| b.is_ascii_digit()) && text.value.len() < 6;
    let hint = if digits {
        format!("前面补零，写作“{:0>6}”", text.value)
    } else {
        "写六位半角数字，如“000012”".to_owned()
    };
    parsed(
        text,
        "header/copy-number/form",
        "份号应是六位半角数字",
        &hint,
        cx,
    )
}

/// 密级和保密期限 (GB/T 9704—2012, 7.2.2).
pub fn secrecy(node: Node, cx: &mut Context) -> Option<Sourced<Secrecy>> {
    let text = cx.text(node, "密级和保密期限")?;
    let message = "密级应是绝密、机密或秘密，保密期限写在“★”之后";
    let hint = "写作“机密★1年”“秘密★6个月”，星号用实心的“★”，前后不空格";
    parsed(text, "header/secrecy/form", message, hint, cx)
}

/// 紧急程度 (GB/T 9704—2012, 7.2.3).
pub fn urgency(node: Node, cx: &mut Context) -> Option<Sourced<Urgency>> {
    let text = cx.text(node, "紧急程度")?;
    let message = format!("紧急程度没有“{}”这一级", text.value.trim());
    let hint = "写“特急”或“加急”；不急的公文删去这一行";
    parsed(text, "header/urgency/form", &message, hint, cx)
}

/// 印章 (GB/T 9704—2012, 7.3.5).
pub fn seal(node: Option<Node>, cx: &mut Context) -> Seal {
    let Some(text) = node.and_then(|node| cx.text(node, "印章")) else {
        return Seal::default();
    };
    match text.value.as_str() {
        "预留" | "reserved" => Seal::Reserved,
        "不盖章" | "none" => Seal::None,
        "签名章" | "stamp" => Seal::Stamp,
        other => {
            let message = format!("印章没有“{other}”这种写法");
            let hint = "写“预留”（给印章留位置）、“不盖章”或“签名章”";
            cx.error("body/seal/form", &text.origin, message, hint);
            Seal::default()
        }
    }
}

/// 格式 (GB/T 9704—2012, 10).
pub fn format(node: Option<Node>, cx: &mut Context) -> Format {
    let all = Format::ALL;
    let (code, hint) = ("header/format/form", "写“文件”“信函”“命令”或“纪要”");
    one_of(node, "格式", &all, code, hint, cx).unwrap_or_default()
}

/// 红头.
pub fn red_header(node: Option<Node>, cx: &mut Context) -> RedHeader {
    let hint = "写“印出”“套打”或“无”";
    let code = "header/red-header/form";
    one_of(node, "红头", &RedHeader::ALL, code, hint, cx).unwrap_or_default()
}

/// A number in `unit`, which may be written behind it.
pub fn measure(
    node: Option<Node>,
    what: &str,
    unit: &str,
    range: std::ops::RangeInclusive<f64>,
    cx: &mut Context,
) -> Option<Sourced<f64>> {
    let text = cx.text(node?, what)?;
    let bare = text.value.trim().trim_end_matches(unit).trim();
    match bare.parse::<f64>() {
        Ok(value) if range.contains(&value) => Some(Sourced::new(value, text.origin)),
        _ => {
            let message = format!("“{what}”不能是“{}”", text.value.trim());
            let (least, most) = (range.start(), range.end());
            let hint = format!("写{least}到{most}之间的数，单位是{unit}");
            cx.error("input/measure/form", &text.origin, message, hint);
            None
        }
    }
}

/// 是 or 否.
pub fn yes_or_no(node: Option<Node>, what: &str, cx: &mut Context) -> Option<Sourced<bool>> {
    let text = cx.text(node?, what)?;
    let value = match text.value.trim() {
        "是" | "true" => true,
        "否" | "false" => false,
        other => {
            let message = format!("“{what}”不能是“{other}”");
            cx.error("input/value/choice", &text.origin, message, "写“是”或“否”");
            return None;
        }
    };
    Some(Sourced::new(value, text.origin))
}

/// 表格字体.
pub fn table_face(node: Option<Node>, cx: &mut Context) -> Option<Sourced<Typeface>> {
    let hint = "写“仿宋”“宋体”“黑体”或“楷体”";
    chosen(node, "表格字体", &Typeface::OF_TABLES, hint, cx)
}

/// 附件标题字体.
pub fn title_face(node: Option<Node>, cx: &mut Context) -> Option<Sourced<Typeface>> {
    let hint = "写“小标宋”“仿宋”“宋体”“黑体”或“楷体”";
    chosen(node, "附件标题字体", &Typeface::OF_TITLES, hint, cx)
}

/// 附件标题字号.
pub fn title_size(node: Option<Node>, cx: &mut Context) -> Option<Sourced<TypeSize>> {
    let hint = "写“二号”“小二”或“三号”";
    chosen(node, "附件标题字号", &TypeSize::ALL, hint, cx)
}

/// A choice with its place.
fn chosen<T: Copy>(
    node: Option<Node>,
    what: &str,
    all: &[(T, &str, &str)],
    hint: &str,
    cx: &mut Context,
) -> Option<Sourced<T>> {
    let origin = node.as_ref()?.origin.clone();
    let value = one_of(node, what, all, "input/value/choice", hint, cx)?;
    Some(Sourced::new(value, origin))
}

/// 方向: whether something lies across the page.
pub fn orientation(node: Option<Node>, cx: &mut Context) -> Option<bool> {
    let all = [(false, "纵", "portrait"), (true, "横", "landscape")];
    one_of(node, "方向", &all, "input/value/choice", "写“纵”或“横”", cx)
}

/// 红色, as `#rrggbb`.
pub fn red(node: Option<Node>, cx: &mut Context) -> Option<Sourced<String>> {
    let text = cx.text(node?, "红色")?;
    let digits = text
        .value
        .trim()
        .strip_prefix('#')
        .unwrap_or(text.value.trim());
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let message = format!("红色不能是“{}”", text.value.trim());
        let hint = "写“#”和六位十六进制数，整个值加半角引号，如 \"#ff0000\"";
        cx.error("input/value/choice", &text.origin, message, hint);
        return None;
    }
    let red = format!("#{}", digits.to_ascii_lowercase());
    let known = known_red(&red, &text, cx);
    known.then(|| Sourced::new(red, text.origin))
}

/// 印刷红色, as percents of the four inks.
pub fn press_red(node: Option<Node>, cx: &mut Context) -> Option<Sourced<Inks>> {
    let text = cx.text(node?, "印刷红色")?;
    let Ok(inks) = text.value.parse::<Inks>() else {
        let message = format!("印刷红色不能是“{}”", text.value.trim());
        let hint = "写油墨的字母和百分数，如 M80 Y80，没有写的油墨为0";
        cx.error("input/value/choice", &text.origin, message, hint);
        return None;
    };
    let known = known_red(&inks.to_string(), &text, cx);
    known.then(|| Sourced::new(inks, text.origin))
}

/// Whether a colour is a red; reports it where it is not.
fn known_red(colour: &str, text: &Sourced<String>, cx: &mut Context) -> bool {
    let red = is_red(colour);
    if !red {
        let message = format!("“{}”不是红色", text.value.trim());
        let hint = "查对色值：发文机关标志用红色（GB/T 9704—2012，7.2.4）";
        cx.error("input/value/choice", &text.origin, message, hint);
    }
    red
}

/// A value out of those with a Chinese and an English name.
fn one_of<T: Copy>(
    node: Option<Node>,
    what: &str,
    all: &[(T, &str, &str)],
    code: &'static str,
    hint: &str,
    cx: &mut Context,
) -> Option<T> {
    let text = cx.text(node?, what)?;
    let typed = text.value.trim();
    let found = all
        .iter()
        .find(|(_, chinese, english)| [*chinese, *english].contains(&typed));
    if found.is_none() {
        let message = format!("{what}没有“{typed}”这一种");
        cx.error(code, &text.origin, message, hint);
    }
    found.map(|(value, _, _)| *value)
}

/// 令号 (GB/T 9704—2012, 10.2).
pub fn order_number(node: Node, cx: &mut Context) -> Option<Sourced<OrderNumber>> {
    let text = cx.text(node, "令号")?;
    let message = "令号应是“第”、不补零的半角数字和“号”";
    let code = "header/order-number/form";
    parsed(text, code, message, "写作“第12号”", cx)
}

/// 发文字号 whose serial is not known yet; nothing where it is, or where something else is wrong.
pub fn open_number(node: &Node) -> Option<Sourced<String>> {
    if node.is_empty() {
        return Some(Sourced::new(String::new(), node.origin.clone()));
    }
    let (head, serial) = node.text()?.trim().split_once('〕')?;
    let (agency_code, year) = head.split_once('〔')?;
    let serial = serial
        .strip_suffix('号')?
        .trim_matches(['　', ' ', '×', 'X', '_']);
    let open = serial.is_empty() && year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    open.then(|| Sourced::new(format!("{agency_code}〔{year}〕　号"), node.origin.clone()))
}

/// 发文字号 (GB/T 9704—2012, 7.2.5).
pub fn doc_number(node: Node, format: Format, cx: &mut Context) -> Option<Sourced<DocNumber>> {
    let text = cx.text(node, "发文字号")?;
    let error = match parsed_number(&text.value, format) {
        Ok(number) => return Some(Sourced::new(number, text.origin)),
        Err(error) => error,
    };
    let is_bracket = |c: char| "[［【(（〔{《〈".contains(c);
    let (code, message, at) = match error {
        DocNumberError::Brackets => (
            "header/doc-number/brackets",
            "年份两侧应使用六角括号“〔〕”",
            text.value.find(is_bracket),
        ),
        DocNumberError::Year => (
            "header/doc-number/year",
            "发文字号的年份应是四位数字",
            text.value.find('〔').map(|at| at + '〔'.len_utf8()),
        ),
        DocNumberError::Serial => (
            "header/doc-number/serial",
            "顺序号应是不加“第”、前面不补零的半角数字",
            text.value.find('〕').map(|at| at + '〕'.len_utf8()),
        ),
        DocNumberError::AgencyCode => (
            "header/doc-number/agency-code",
            "年份前面缺少机关代字",
            None,
        ),
        DocNumberError::Ending => (
            "header/doc-number/ending",
            "发文字号末尾缺少“号”",
            Some(text.value.len()),
        ),
    };
    let before = at.and_then(|at| text.value.get(..at));
    let origin = text.origin.after(before.unwrap_or_default());
    cx.error(code, &origin, message, doc_number_hint(&text.value, format));
    None
}

fn parsed_number(text: &str, format: Format) -> Result<DocNumber, DocNumberError> {
    match format {
        Format::Minutes => DocNumber::of_minutes(text),
        _ => text.parse(),
    }
}

/// The right form of a document number, as far as the words tell it.
fn doc_number_hint(text: &str, format: Format) -> String {
    let is_code = |c: &char| !c.is_ascii_digit() && !"[［【(（〔{《〈".contains(*c);
    let code: String = text.trim().chars().take_while(is_code).collect();
    let figures: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|figures| !figures.is_empty())
        .collect();
    let mended = match figures.as_slice() {
        [year, serial] if year.len() == 4 => {
            let code = match code.as_str() {
                "" if format != Format::Minutes => "×发",
                code => code,
            };
            let serial = serial.trim_start_matches('0');
            parsed_number(&format!("{code}〔{year}〕{serial}号"), format).ok()
        }
        _ => None,
    };
    match mended {
        Some(number) => format!("写作“{number}”"),
        None if format == Format::Minutes => {
            "写作“〔2026〕15号”或“×政纪〔2026〕15号”的形式".to_owned()
        }
        None => "写作“明政办〔2021〕12号”的形式".to_owned(),
    }
}

/// 成文日期 or 印发日期 (GB/T 9704—2012, 7.3.5.4).
pub fn date(node: Node, what: &Dated, cx: &mut Context) -> Option<Sourced<Date>> {
    let text = cx.required_text(Some(node), what.name)?;
    let (code, message) = match text.value.parse::<Date>() {
        Ok(date) if date.year() > 0 => return Some(Sourced::new(date, text.origin)),
        Err(DateError::Form) => (
            what.form,
            format!("{}“{}”的写法无法识别", what.name, text.value.trim()),
        ),
        Ok(_) | Err(DateError::NoSuchDay) => (
            what.no_such_day,
            format!("日历上没有“{}”这一天", text.value.trim()),
        ),
    };
    let hint = match code == what.form {
        true => "用半角数字写作“2026年7月1日”或“2026-07-01”",
        false => "查对年、月、日",
    };
    cx.error(code, &text.origin, message, hint);
    None
}

/// A key that holds a date, with its codes.
pub struct Dated {
    pub name: &'static str,
    form: &'static str,
    no_such_day: &'static str,
}

pub const DOC_DATE: Dated = Dated {
    name: "成文日期",
    form: "body/doc-date/form",
    no_such_day: "body/doc-date/no-such-day",
};

pub const PRINT_DATE: Dated = Dated {
    name: "印发日期",
    form: "imprint/print-date/form",
    no_such_day: "imprint/print-date/no-such-day",
};

fn parsed<T: FromStr>(
    text: Sourced<String>,
    code: &'static str,
    message: &str,
    hint: &str,
    cx: &mut Context,
) -> Option<Sourced<T>> {
    match text.value.parse() {
        Ok(value) => Some(Sourced::new(value, text.origin)),
        Err(_) => {
            cx.error(code, &text.origin, message, hint);
            None
        }
    }
}
