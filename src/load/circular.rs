//! The tree of an input file comes in, the [`Circular`] goes out.

use std::path::PathBuf;
use std::sync::Arc;

use super::context::Context;
use super::fields::Fields;
use super::forms::{self, DOC_DATE, PRINT_DATE};
use super::node::Node;
use super::variables::{TABLE, check_name};
use super::{
    attachments, batch, checks, flags, keys, main_text, periods, pictures, profile, register,
    tables, variables,
};
use crate::diag::{Diagnostic, Origin};
use crate::model::{Attendance, Circular, Edition, Format, Header, Imprint, Seal, Sourced, Table};

/// Reads a circular; `None`, with reports, where something required cannot be read. `sheets` are
/// tables that the tree does not hold.
pub fn circular(
    node: Node,
    sheets: Vec<Table>,
    file: Origin,
    cx: &mut Context,
) -> Option<Circular> {
    let node = flags::apply(node, cx);
    let office = batch::office(&node);
    let mut fields = Fields::read(node, keys::CIRCULAR, "公文", cx)?;
    for sheet in &sheets {
        check_name(&sheet.name, &TABLE, cx);
    }
    let mut tables = tables::tables(fields.take("tables"), cx);
    tables.extend(sheets);
    periods::last_period(fields.take_with_origin("last_period"), &mut tables, cx);
    let register = register::register(fields.take_with_origin("register"), &mut tables, cx);
    let variables = variables::variables(fields.take("variables"), &tables, cx);
    let batch = fields.take_with_origin("batch");
    let data = batch::Data {
        variables: &variables,
        tables: &tables,
        register: register.as_ref(),
    };
    let batch = batch.and_then(|field| batch::batch(field, office, &data, cx));
    let own = checks::checks(fields.take("checks"), cx);
    let paper = paper(&mut fields, &tables, "公文", file, cx);
    let mut paper = paper?;
    // The unit's before the circular's own, whose word counts.
    let checks = std::mem::take(&mut paper.checks).followed_by(own);
    Some(Circular {
        variables,
        tables: tables.into_iter().map(Arc::new).collect(),
        register: register.map(Arc::new),
        checks,
        batch: batch.map(Box::new),
        ..paper
    })
}

/// Reads a circular without the data that its words are computed from: of `tables` it takes the
/// names alone. `what` is what messages call it.
pub fn paper(
    fields: &mut Fields,
    tables: &[Table],
    what: &str,
    file: Origin,
    cx: &mut Context,
) -> Option<Circular> {
    let attachments = attachments::attachments(fields.take("attachments"), tables, cx);
    let format = forms::format(fields.take("format"), cx);
    let red_header = forms::red_header(fields.take("red_header"), cx);
    let profile = text(fields, "profile", "版式", cx);
    let (profile, checks) = profile::profile(profile, cx);
    let version = text(fields, "version", "版本", cx);
    if format != Format::Order {
        fields.require("title", &file, what, cx);
    }
    if !matches!(format, Format::Order | Format::Minutes) {
        fields.require("signature", &file, what, cx);
    }
    let header = header(format, fields, cx);
    let doc_date = fields.take("doc_date");
    let doc_date = doc_date.and_then(|node| forms::date(node, &DOC_DATE, cx));
    let imprint = imprint(fields, cx);
    check_dates(&header, doc_date.as_ref(), &imprint, cx);
    let kind = kind(fields, cx);
    let title = cx.required_text(fields.take("title"), "标题");
    if let (Format::Order, Some(title)) = (format, &title) {
        let message = "命令不印标题，这里的“标题”只作文件的名称和属性";
        let note = Diagnostic::note("body/title/not-printed", &title.origin, message);
        cx.report(note.hint("要印出的写在“发文机关标志”和“令号”里；不需要就删去这一行"));
    }
    let title = title.or_else(|| order_title(format, &header));
    let mut signatures = list(fields, "signature", "署名", cx);
    if signatures.is_empty() && matches!(format, Format::Order | Format::Minutes) {
        signatures.push(Sourced::new(String::new(), file.clone()));
    }
    let attendance = attendance(format, fields, cx);
    let template_dir = folder(fields, "template_dir", "模板目录", cx);
    let main_text = main_text::main_text(fields.take("main_text"), cx);
    let recipients = text(fields, "recipients", "主送机关", cx).map(without_colon);
    if let (Format::Order, Some(recipients)) = (format, &recipients) {
        let message = "命令的令号下面就是正文，没有主送机关";
        let hint = "删去这一行；要写明发给谁，写在正文里，或者写在“抄送机关”里";
        cx.error("body/recipients/order", &recipients.origin, message, hint);
    }
    let note = text(fields, "note", "附注", cx).map(without_brackets);
    let (seal, seals, stamps) = seals(fields, &signatures, cx);
    let mut signatures = signatures.into_iter();
    let signature = signatures.next();
    check_signers(&header, title.as_ref(), cx);
    let font_dir = folder(fields, "font_dir", "字体目录", cx);
    Some(Circular {
        origin: file,
        kind: kind?,
        format,
        red_header,
        edition: Edition::default(),
        profile,
        checks,
        version,
        header,
        title: title?,
        recipients,
        main_text,
        attachments,
        attendance,
        signature: signature?,
        joint_signatures: signatures.collect(),
        doc_date: doc_date?,
        seal,
        seals,
        stamps,
        note,
        imprint,
        variables: Vec::new(),
        tables: Vec::new(),
        withheld: Vec::new(),
        register: None,
        batch: None,
        template_dir,
        font_dir,
    })
}

/// 文种 names a folder of 模板目录, so it cannot be a path.
fn kind(fields: &mut Fields, cx: &mut Context) -> Option<Sourced<String>> {
    let kind = cx.required_text(fields.take("kind"), "文种")?;
    let dots = kind.value.trim().chars().all(|c| c == '.');
    if dots || kind.value.contains(['/', '\\']) {
        let message = format!("“{}”不能作文种", kind.value.trim());
        let hint = "写文种的名称，如“问题通报”，不写路径，不用“/”“\\”";
        cx.error("input/value/form", &kind.origin, message, hint);
        return None;
    }
    Some(kind)
}

/// An order shows no title; its file is named by its mark and number.
fn order_title(format: Format, header: &Header) -> Option<Sourced<String>> {
    let mark = header
        .issuer_mark
        .as_ref()
        .filter(|_| format == Format::Order)?;
    let number = header.order_number.as_ref();
    let number = number.map_or(String::new(), |number| format!("（{}）", number.value));
    Some(mark.clone().map(|mark| mark + &number))
}

/// A text, or a list of texts.
fn list(fields: &mut Fields, key: &str, what: &str, cx: &mut Context) -> Vec<Sourced<String>> {
    let Some(node) = fields.take(key) else {
        return Vec::new();
    };
    if node.text().is_some() {
        return cx.required_text(Some(node), what).into_iter().collect();
    }
    let items = cx
        .list(node, &format!("“{what}”"), true)
        .unwrap_or_default();
    let items = items.into_iter();
    items
        .filter_map(|item| cx.required_text(Some(item), what))
        .collect()
}

fn attendance(
    format: Format,
    fields: &mut Fields,
    cx: &mut Context,
) -> Vec<(Attendance, Sourced<String>)> {
    let mut all = Vec::new();
    for (attendance, chinese, english) in Attendance::ALL {
        let names = text(fields, english, chinese, cx);
        if let (Some(names), true) = (&names, format != Format::Minutes) {
            let message = format!("“{chinese}”只用于纪要，这份公文是{format}格式");
            let hint = format!("删去“{chinese}”，或者写上“格式: 纪要”");
            cx.error("body/attendance/format", &names.origin, message, hint);
        }
        all.extend(names.map(|names| (attendance, names)));
    }
    all
}

/// 印章, 印章图 and 签名章: the pictures of as many agencies as sign.
fn seals(
    fields: &mut Fields,
    signatures: &[Sourced<String>],
    cx: &mut Context,
) -> (
    Seal,
    Vec<crate::model::SealPicture>,
    Vec<crate::model::Stamp>,
) {
    let node = fields.take("seal");
    let origin = node.as_ref().map(|node| node.origin.clone());
    let mut seal = forms::seal(node, cx);
    let seals = pictures::seals(fields.take("seal_images"), cx);
    let stamps = pictures::stamps(fields.take("stamps"), cx);
    if origin.is_none() && !stamps.is_empty() {
        seal = Seal::Stamp;
    }
    if let (Seal::Stamp, Some(origin), true) = (seal, &origin, stamps.is_empty()) {
        let hint = "加上“签名章: [{职务: 县长}]”，有图的再写“图: 文件”";
        cx.error(
            "body/stamp/missing",
            origin,
            "盖签名章，却没有写签发人的职务",
            hint,
        );
    }
    if let Some(first) = seals.first()
        && seals.len() != signatures.len()
    {
        let (pictures, agencies) = (seals.len(), signatures.len());
        let message = format!("印章图有{pictures}个，署名的机关有{agencies}个");
        let hint = "给每个署名的机关写一个印章图，次序相同";
        cx.error("body/seal/count", &first.picture.origin, message, hint);
    }
    (seal, seals, stamps)
}

/// 签发人 stands on upward documents only (条例 第九条第六项).
fn check_signers(header: &Header, title: Option<&Sourced<String>>, cx: &mut Context) {
    const DOWNWARD: [&str; 6] = ["通报", "通知", "决定", "批复", "公告", "通告"];
    let (Some(signer), Some(title)) = (header.signers.first(), title) else {
        return;
    };
    let kind = DOWNWARD
        .iter()
        .find(|kind| title.value.trim().ends_with(*kind));
    if let Some(kind) = kind {
        let message = format!("签发人只标注在上行文，这份公文是{kind}");
        let diagnostic = Diagnostic::warning("header/signers/not-upward", &signer.origin, message)
            .hint("删去“签发人”；请示、报告等上行文才写")
            .related(&title.origin, "标题写在这里");
        cx.report(diagnostic);
    }
}

/// The page sets each signer by himself, two on a line (GB/T 9704—2012, 7.2.6).
fn check_one_signer(signer: &Sourced<String>, cx: &mut Context) {
    let marks = ['、', '，', ',', '；', ';', '/'];
    let mut names: Vec<&str> = signer.value.split(marks).map(str::trim).collect();
    if let [name] = names.as_slice() {
        // Two characters may be one name with a blank in it.
        let parts: Vec<&str> = name.split_whitespace().collect();
        if parts.iter().all(|part| part.chars().count() > 1) {
            names = parts;
        }
    }
    names.retain(|name| !name.is_empty());
    if names.len() > 1 {
        let message = format!("“签发人”把{}个人写成了一个", names.len());
        let hint = format!("写成列表，每人一项：[{}]", names.join(", "));
        cx.error("header/signers/in-one", &signer.origin, message, hint);
    }
}

fn header(format: Format, fields: &mut Fields, cx: &mut Context) -> Header {
    let mut marks = list(fields, "issuer_mark", "发文机关标志", cx).into_iter();
    let issuer_mark = marks.next();
    let joint_marks: Vec<Sourced<String>> = marks.collect();
    if let (Some(second), Format::Letter | Format::Minutes) = (joint_marks.first(), format) {
        let message = format!("{format}的发文机关标志只写一个机关");
        let hint = "只写主办机关；联合发文的其他机关写在“署名”里";
        cx.error("header/issuer-mark/joint", &second.origin, message, hint);
    }
    let order_number = fields.take("order_number");
    let order_number = order_number.and_then(|node| forms::order_number(node, cx));
    if let (Some(number), true) = (&order_number, format != Format::Order) {
        let hint = "写“发文字号”，或者写上“格式: 命令”";
        let message = format!("令号只用于命令，这份公文是{format}格式");
        cx.error("header/order-number/format", &number.origin, message, hint);
    }
    let signers = list(fields, "signers", "签发人", cx);
    signers
        .iter()
        .for_each(|signer| check_one_signer(signer, cx));
    let doc_number = fields.take("doc_number");
    let open_number = doc_number.as_ref().and_then(forms::open_number);
    let secrecy = fields.take("secrecy");
    let copy_number = fields.take("copy_number");
    let header = Header {
        secrecy: secrecy.and_then(|node| forms::secrecy(node, cx)),
        urgency: fields
            .take("urgency")
            .and_then(|node| forms::urgency(node, cx)),
        issuer_mark,
        joint_marks,
        order_number,
        signers,
        doc_number: doc_number
            .filter(|_| open_number.is_none())
            .and_then(|node| forms::doc_number(node, format, cx)),
        open_number,
        copy_number: None,
    };
    let empty = copy_number.as_ref().is_none_or(Node::is_empty);
    if let (Some(secrecy), true) = (&header.secrecy, empty) {
        let message = "涉密公文应当标注份号";
        let hint = "加一行“份号: 000001”，六位数字";
        cx.error("header/copy-number/missing", &secrecy.origin, message, hint);
    }
    Header {
        copy_number: copy_number.and_then(|node| forms::copy_number(node, cx)),
        ..header
    }
}

fn imprint(fields: &mut Fields, cx: &mut Context) -> Imprint {
    let print_date = fields.take("print_date").filter(|node| !node.is_empty());
    Imprint {
        cc_recipients: text(fields, "cc_recipients", "抄送机关", cx).map(without_full_stop),
        print_office: text(fields, "print_office", "印发机关", cx),
        print_date: print_date.and_then(|node| forms::date(node, &PRINT_DATE, cx)),
    }
}

/// Compares the dates of a circular: it is signed, then printed, and numbered in the year it is signed.
fn check_dates(
    header: &Header,
    doc_date: Option<&Sourced<crate::model::Date>>,
    imprint: &Imprint,
    cx: &mut Context,
) {
    let Some(signed) = doc_date else {
        return;
    };
    if let Some(printed) = imprint
        .print_date
        .as_ref()
        .filter(|p| p.value < signed.value)
    {
        let message = format!("印发日期{}早于成文日期{}", printed.value, signed.value);
        let diagnostic = Diagnostic::error(
            "imprint/print-date/before-doc-date",
            &printed.origin,
            message,
        )
        .hint("查对两个日期；印发日期是付印的日期")
        .related(&signed.origin, "成文日期写在这里");
        cx.report(diagnostic);
    }
    let number = header.doc_number.as_ref();
    if let Some(number) = number.filter(|n| i32::from(n.value.year) != signed.value.year()) {
        let (numbered, signed_in) = (number.value.year, signed.value.year());
        let message = format!("发文字号是{numbered}年的，成文日期却在{signed_in}年");
        let diagnostic =
            Diagnostic::warning("header/doc-number/year-differs", &number.origin, message)
                .hint("查对发文字号的年份和成文日期")
                .related(&signed.origin, "成文日期写在这里");
        cx.report(diagnostic);
    }
}

fn text(fields: &mut Fields, key: &str, what: &str, cx: &mut Context) -> Option<Sourced<String>> {
    let node = fields.take(key)?;
    cx.text(node, what)
        .filter(|text| !text.value.trim().is_empty())
}

fn folder(
    fields: &mut Fields,
    key: &str,
    what: &str,
    cx: &mut Context,
) -> Option<Sourced<PathBuf>> {
    let typed = text(fields, key, what, cx)?;
    let path = cx.path(&typed.value, &typed.origin);
    if !path.is_dir() {
        let message = format!("找不到{what}“{}”", typed.value);
        let hint = format!(
            "查找的位置是“{}”，从输入文件所在的文件夹算起",
            path.display()
        );
        cx.error("input/path/missing", &typed.origin, message, hint);
    }
    Some(Sourced::new(path, typed.origin))
}

/// The page adds the colon of 主送机关, so a typed one must not be printed twice.
pub fn without_colon(text: Sourced<String>) -> Sourced<String> {
    text.map(|text| text.trim_end().trim_end_matches(['：', ':']).to_owned())
}

/// The page adds the full stop of 抄送机关.
fn without_full_stop(text: Sourced<String>) -> Sourced<String> {
    text.map(|text| text.trim_end().trim_end_matches('。').to_owned())
}

/// The page adds the brackets of 附注; the text then begins one column further right.
fn without_brackets(text: Sourced<String>) -> Sourced<String> {
    let typed = text.value.trim_end();
    let inner = typed
        .strip_prefix(['（', '('])
        .and_then(|inner| inner.strip_suffix(['）', ')']))
        .filter(|inner| !inner.contains(['（', '(', '）', ')']));
    match inner {
        Some(inner) => Sourced::new(inner.to_owned(), text.origin.after("（")),
        None => Sourced::new(typed.to_owned(), text.origin),
    }
}
