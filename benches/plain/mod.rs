//! What a benchmark compares with: a circular's own words in `notice.typ`, as one would write it in
//! plain Typst.

use std::path::Path;
use std::process::{Command, Stdio};

use hongtou::document::{Attachment, Block, Document, Words};
use serde_json::{Value, json};

/// The words of a circular as the data of the plain template.
pub fn data(document: &Document) -> Vec<u8> {
    let text = |words: &Option<Words>| words.as_ref().map(Words::text);
    let data = json!({
        "mark": text(&document.issuer_mark),
        "number": text(&document.doc_number),
        "title": document.title.text(),
        "unit": text(&document.recipients),
        "signature": document.signature.text(),
        "date": document.doc_date.text(),
        "paragraphs": document.main_text.iter().filter_map(paragraph).collect::<Vec<_>>(),
        "attachments": document.attachments.iter().map(attachment).collect::<Vec<_>>(),
    });
    serde_json::to_vec(&data).unwrap()
}

/// The typst command on a template with our faces.
pub fn typst(template: &Path, pdf: &Path) -> Command {
    let faces = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts");
    let mut command = Command::new(std::env::var_os("TYPST").unwrap_or("typst".into()));
    command.arg("compile").arg("--font-path").arg(faces);
    command.arg(template).arg(pdf).stderr(Stdio::null());
    command
}

fn paragraph(block: &Block) -> Option<Value> {
    match block {
        Block::Heading {
            level,
            ordinal,
            words,
            run_in,
        } => {
            let heading = ordinal.clone() + &words.text();
            Some(json!({ "level": level, "heading": heading, "text": run_in.text() }))
        }
        Block::Paragraph(words) => Some(json!({ "level": 0, "text": words.text() })),
        _ => None,
    }
}

/// The table of an attachment.
fn attachment(attachment: &Attachment) -> Value {
    let Some(Block::Table(table)) = attachment.blocks.first() else {
        panic!("the attachment is a table")
    };
    let head: Vec<String> = table.head.iter().map(Words::text).collect();
    let cells = table.rows.iter().flatten();
    let cells: Vec<String> = cells.map(|cell| cell.words.text()).collect();
    json!({ "title": attachment.title.text(), "head": head, "cells": cells })
}
