//! 图: paths come in, pictures with their bytes go out; a file that is no picture is reported.

use std::sync::Arc;

use super::context::Context;
use super::fields::Fields;
use super::node::{Kind, Node};
use super::read::{self, LoadError};
use super::{forms, keys};
use crate::model::{Picture, PictureFormat, SealPicture, Sourced, Stamp};

/// Reads the picture that a text names by its path.
pub fn picture(path: Sourced<String>, cx: &mut Context) -> Option<Sourced<Picture>> {
    let typed = path.value.trim().to_owned();
    let file = cx.path(&typed, &path.origin);
    cx.files.push(file.clone());
    let data = match read::bytes(&file) {
        Ok(data) => data,
        Err(error) => {
            let message = match error {
                LoadError::Missing { .. } => format!("找不到图“{typed}”"),
                _ => format!("图“{typed}”无法读取"),
            };
            let hint = format!(
                "查找的位置是“{}”，从输入文件所在的文件夹算起",
                file.display()
            );
            cx.error("pictures/file/missing", &path.origin, message, hint);
            return None;
        }
    };
    let Some(format) = PictureFormat::of(&data) else {
        let message = format!("“{typed}”不是能用的图");
        let hint = "图用 PNG、JPEG、SVG 或 PDF 文件";
        cx.error("pictures/file/format", &path.origin, message, hint);
        return None;
    };
    let data: Arc<[u8]> = data.into();
    let picture = Picture {
        path: typed,
        format,
        data,
    };
    Some(Sourced::new(picture, path.origin))
}

/// 印章图: paths, or mappings with a diameter.
pub fn seals(node: Option<Node>, cx: &mut Context) -> Vec<SealPicture> {
    let items = items(node, "“印章图”", true, cx);
    items
        .into_iter()
        .filter_map(|item| {
            if item.text().is_some() {
                let path = cx.required_text(Some(item), "印章图")?;
                let picture = picture(path, cx)?;
                return Some(SealPicture {
                    picture,
                    diameter: None,
                });
            }
            let mut fields = Fields::read(item, keys::SEAL, "印章图", cx)?;
            let diameter = length(fields.take("diameter"), "直径", 20.0..=70.0, cx);
            let path = cx.required_text(fields.take("image"), "图")?;
            Some(SealPicture {
                picture: picture(path, cx)?,
                diameter,
            })
        })
        .collect()
}

/// 签名章 of the persons who sign.
pub fn stamps(node: Option<Node>, cx: &mut Context) -> Vec<Stamp> {
    let items = items(node, "“签名章”", false, cx);
    items
        .into_iter()
        .filter_map(|item| {
            let mut fields = Fields::read(item, keys::STAMP, "签名章", cx)?;
            let office_title = cx.required_text(fields.take("office_title"), "职务");
            let width = length(fields.take("width"), "宽", 10.0..=80.0, cx);
            let path = fields.take("image").and_then(|node| cx.text(node, "图"));
            Some(Stamp {
                picture: path.and_then(|path| picture(path, cx)),
                office_title: office_title?,
                width,
            })
        })
        .collect()
}

/// The items of a list; one mapping alone is a list of one.
fn items(node: Option<Node>, what: &str, single: bool, cx: &mut Context) -> Vec<Node> {
    match node {
        Some(node) if matches!(node.kind, Kind::Map(_)) => vec![node],
        Some(node) => cx.list(node, what, single).unwrap_or_default(),
        None => Vec::new(),
    }
}

/// A length in millimetres.
pub fn length(
    node: Option<Node>,
    what: &str,
    range: std::ops::RangeInclusive<f64>,
    cx: &mut Context,
) -> Option<f64> {
    forms::measure(node, what, "毫米", range, cx).map(|length| length.value)
}
