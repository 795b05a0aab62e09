//! A draft and its circular to a [`Document`]: the parts of the page in the standard's forms.

use super::words::{plain, show, value};
use super::{
    Attachment, Block, Cell, Document, HeadGroup, PictureBlock, SealMark, StampMark, TableBlock,
    Words, edition, parse,
};
use crate::compose::{Draft, DraftAttachment};
use crate::diag::{Diagnostic, Diagnostics, Origin};
use crate::model::{
    self, AttachmentTable, Circular, ColumnGroup, Format, Picture, RedHeader, Scalar, Sourced,
    Table, ValueKind, seal_diameter,
};

/// Builds the document; faults go to `diagnostics`, `None` where one is an error.
pub fn document(
    circular: &Circular,
    draft: &Draft,
    diagnostics: &mut Diagnostics,
) -> Option<Document> {
    let main_text = parse::blocks(&draft.main_text, &draft.marks, diagnostics);
    if main_text.is_empty() {
        let fault = Diagnostic::error("body/main-text/empty", &circular.origin, "正文是空的");
        diagnostics.push(fault.hint("在“正文”下写上文字，或选用有内置模板的文种"));
    }
    let attachments = circular
        .attachments
        .iter()
        .zip(&draft.attachments)
        .map(|(attachment, draft_of)| attached(circular, attachment, draft_of, draft, diagnostics))
        .collect();
    let header = &circular.header;
    let imprint = &circular.imprint;
    let part = |text: &Option<String>| text.as_ref().map(|text| plain(text, &draft.marks));
    let red_header = circular.edition.red_header.unwrap_or(circular.red_header);
    // Without a red header a letter is set as any other text.
    let format = match (circular.format, red_header) {
        (Format::Letter | Format::Minutes, RedHeader::None) => Format::General,
        (format, _) => format,
    };
    let mark = header.issuer_mark.as_ref();
    let mark = mark.filter(|_| red_header != RedHeader::None);
    let attended = circular.attendance.iter().zip(&draft.attendance);
    let document = Document {
        format,
        red_header,
        edition: circular.edition,
        joint_marks: match mark {
            Some(_) => header.joint_marks.iter().map(show).collect(),
            None => Vec::new(),
        },
        signers: header.signers.iter().map(show).collect(),
        attendance: attended
            .map(|((attendance, _), names)| (*attendance, plain(names, &draft.marks)))
            .collect(),
        joint_signatures: circular.joint_signatures.iter().map(show).collect(),
        seals: seals(circular),
        stamps: stamps(circular),
        copy_number: edition::copy_number(circular, diagnostics),
        secrecy: header.secrecy.as_ref().map(show),
        urgency: header.urgency.as_ref().map(show),
        issuer_mark: mark.map(show),
        doc_number: edition::doc_number(circular),
        title: plain(&draft.title, &draft.marks),
        recipients: part(&draft.recipients).map(|words| ending(words, '：', &[':', '：'])),
        main_text,
        attachments,
        signature: show(&circular.signature),
        doc_date: edition::date(circular, &circular.doc_date),
        date: circular.doc_date.value,
        seal: circular.seal,
        note: part(&draft.note).map(bracketed),
        cc_recipients: part(&draft.cc_recipients).map(|words| ending(words, '。', &['.', '。'])),
        print_office: imprint.print_office.as_ref().map(show),
        print_date: imprint
            .print_date
            .as_ref()
            .map(|day| edition::date(circular, day)),
        draft: edition::draft_line(circular),
        profile: circular.profile.clone(),
    };
    empty_parts(&document, circular, diagnostics);
    edition::check(circular, &document, diagnostics);
    let drawable = circular.stamps.iter().any(|stamp| stamp.picture.is_some());
    if circular.edition.seal && circular.seals.is_empty() && !drawable {
        let message = "要印印章，却没有印章的图";
        let fault = Diagnostic::error("body/seal/no-picture", &circular.signature.origin, message);
        diagnostics.push(fault.hint("加一行“印章图: 印章.svg”，或者去掉命令行的“--seal”"));
    }
    if let (Some(office), Format::Letter) = (&imprint.print_office, format) {
        let message = "信函格式的版记不印印发机关和印发日期";
        let fault = Diagnostic::warning("imprint/print/letter", &office.origin, message);
        diagnostics.push(fault.hint("删去“印发机关”和“印发日期”；GB/T 9704—2012，10.1"));
    }
    (!diagnostics.has_errors()).then_some(document)
}

/// The seals, each with its diameter by the rank of the agency that signs.
fn seals(circular: &Circular) -> Vec<SealMark> {
    let agencies = std::iter::once(&circular.signature).chain(&circular.joint_signatures);
    let seals = circular.seals.iter().zip(agencies);
    seals
        .map(|(seal, agency)| SealMark {
            picture: seal.picture.value.clone(),
            diameter: seal
                .diameter
                .unwrap_or_else(|| seal_diameter(&agency.value)),
            origin: seal.picture.origin.clone(),
        })
        .collect()
}

fn stamps(circular: &Circular) -> Vec<StampMark> {
    let stamps = circular.stamps.iter();
    stamps
        .map(|stamp| StampMark {
            office_title: show(&stamp.office_title),
            picture: stamp
                .picture
                .as_ref()
                .map(|picture| (picture.value.clone(), picture.origin.clone())),
            width: stamp.width,
        })
        .collect()
}

/// Gives words the mark that the standard wants at their end.
fn ending(mut words: Words, mark: char, typed: &[char]) -> Words {
    if let Some(last) = words.0.last_mut() {
        let bare = last.text.trim_end_matches(typed);
        last.text = format!("{bare}{mark}");
    }
    words
}

/// Gives a note its brackets (GB/T 9704—2012, 7.3.6).
fn bracketed(mut words: Words) -> Words {
    let text = words.text();
    if !(text.starts_with('（') && text.ends_with('）')) {
        if let Some(first) = words.0.first_mut() {
            first.text.insert(0, '（');
        }
        if let Some(last) = words.0.last_mut() {
            last.text.push('）');
        }
    }
    words
}

fn empty_parts(document: &Document, circular: &Circular, diagnostics: &mut Diagnostics) {
    let parts = [
        ("标题", &document.title, &circular.title.origin),
        ("署名", &document.signature, &circular.signature.origin),
    ];
    let unsigned = matches!(circular.format, Format::Order | Format::Minutes);
    for (name, words, origin) in parts {
        if words.is_empty() && !(unsigned && name == "署名") {
            let message = format!("“{name}”是空的");
            let fault = Diagnostic::error("body/part/empty", origin, message);
            diagnostics.push(fault.hint("检查这里的模板，它没有写出任何文字"));
        }
    }
}

/// One attachment: its addressee, words, table and signature, in this order.
fn attached(
    circular: &Circular,
    attachment: &model::Attachment,
    part: &DraftAttachment,
    draft: &Draft,
    diagnostics: &mut Diagnostics,
) -> Attachment {
    let mut blocks = Vec::new();
    if let Some(recipients) = &part.recipients {
        let words = ending(plain(recipients, &draft.marks), '：', &[':', '：']);
        blocks.push(Block::Recipients(words));
    }
    if let Some(text) = &part.text {
        blocks.extend(parse::blocks(text, &draft.marks, diagnostics));
    }
    if let Some(signature) = &attachment.signature {
        let date = attachment.doc_date.as_ref().map(show);
        blocks.push(Block::Signature {
            name: show(signature),
            date,
        });
    }
    if let Some(wanted) = &attachment.table {
        blocks.extend(table(circular, wanted).map(Block::Table));
    }
    let mut picture = |picture: &Sourced<Picture>, pages: &[usize]| {
        blocks.push(Block::Picture(PictureBlock {
            picture: picture.value.clone(),
            pages: pages.to_vec(),
            origin: picture.origin.clone(),
        }));
    };
    attachment
        .images
        .iter()
        .for_each(|image| picture(image, &[]));
    if let Some((file, pages)) = &attachment.file {
        picture(file, pages);
    }
    if blocks.is_empty() {
        let message = "附件没有内容";
        let fault = Diagnostic::error(
            "body/attachment/no-content",
            &attachment.title.origin,
            message,
        );
        diagnostics.push(fault.hint("写上“正文”“表格”“图”或“外来文件”"));
    }
    let title = plain(&part.title, &draft.marks);
    if title.is_empty() {
        let message = "附件标题是空的";
        let fault = Diagnostic::error("body/part/empty", &attachment.title.origin, message);
        diagnostics.push(fault.hint("检查这里的模板，它没有写出任何文字"));
    }
    Attachment {
        title,
        issuer_mark: attachment.issuer_mark.as_ref().map(show),
        doc_number: attachment.doc_number.as_ref().map(show),
        landscape: attachment.landscape,
        separate: attachment.bound_separately,
        blocks,
    }
}

/// A table of the circular as an attachment prints it; the loader has checked the names.
fn table(circular: &Circular, wanted: &AttachmentTable) -> Option<TableBlock> {
    let table = circular
        .tables
        .iter()
        .find(|table| table.name.value == wanted.name.value)?;
    let columns = if wanted.columns.is_empty() {
        table.columns()
    } else {
        &wanted.columns
    };
    let head = columns.iter().map(show).collect();
    let row = |row: usize| {
        columns
            .iter()
            .map(|column| cell(table, row, &column.value))
            .collect()
    };
    let mut rows: Vec<Vec<Cell>> = (0..table.rows().len()).map(row).collect();
    for (index, column) in columns.iter().enumerate() {
        if wanted
            .merged
            .iter()
            .any(|merged| merged.value == column.value)
        {
            merge_down(&mut rows, index);
        }
    }
    let group = |group: &ColumnGroup| {
        let first = &group.columns.first()?.value;
        Some(HeadGroup {
            words: show(&group.heading),
            start: columns.iter().position(|column| column.value == *first)?,
            count: group.columns.len(),
        })
    };
    let mut groups: Vec<HeadGroup> = wanted.groups.iter().filter_map(group).collect();
    groups.sort_by_key(|group| group.start);
    Some(TableBlock {
        head,
        groups,
        rows,
        origin: table.name.origin.clone(),
    })
}

/// A cell by its column's name; 序号 counts rows where the table has no such column.
fn cell(table: &Table, row: usize, column: &str) -> Cell {
    let words = match table.column(column) {
        Some(index) => {
            let cell = &table.rows()[row][index];
            match &cell.kind {
                ValueKind::Scalar(Scalar::Empty) => Words::default(),
                ValueKind::Scalar(scalar) => value(scalar.text().trim(), &cell.origin),
                _ => Words::default(),
            }
        }
        None => Words::plain((row + 1).to_string(), &row_origin(table, row)),
    };
    Cell { words, rows: 1 }
}

fn row_origin(table: &Table, row: usize) -> Origin {
    table.rows()[row]
        .first()
        .map_or(&table.name.origin, |cell| &cell.origin)
        .clone()
}

/// Makes equal neighbours in a column one cell.
fn merge_down(rows: &mut [Vec<Cell>], column: usize) {
    let mut first = 0;
    for row in 1..rows.len() {
        let text = rows[row][column].words.text();
        if !text.is_empty() && text == rows[first][column].words.text() {
            rows[first][column].rows += 1;
            rows[row][column].rows = 0;
        } else {
            first = row;
        }
    }
}
