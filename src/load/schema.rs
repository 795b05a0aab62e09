//! The table of keys goes out as JSON Schema for editors and as a table for the reference.

use serde_json::{Map, Value, json};

use super::keys::{
    ALL, ATTACHMENT, BATCH, CHECKS, CIRCULAR, Form, Key, NOT_IN_NOTICE, PROFILE, REGISTER, SEAL,
    SECTIONS, STAMP, TABLE,
};
use crate::model::{Format, RedHeader, TypeSize, Typeface};

/// The JSON Schema (draft 2020-12) of an input file; each key stands under its names.
pub fn schema() -> Value {
    titled("红头输入文件", mapping(CIRCULAR))
}

/// The schema of the file of a unit's habits.
pub fn profile_schema() -> Value {
    titled("红头版式文件", mapping(PROFILE))
}

fn titled(title: &str, mut schema: Value) -> Value {
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!(title);
    schema
}

fn mapping(keys: impl IntoIterator<Item = &'static Key> + Clone) -> Value {
    let mut properties = Map::new();
    for key in keys.clone() {
        for name in key.names() {
            let mut value = form(key.form);
            value["description"] = json!(description(key));
            properties.insert(name.to_owned(), value);
        }
    }
    let required: Vec<Value> = keys
        .into_iter()
        .filter(|key| key.required)
        .map(any_name)
        .collect();
    let mut mapping = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        mapping["allOf"] = json!(required);
    }
    mapping
}

/// Asks for a key under any of its names.
fn any_name(key: &Key) -> Value {
    let names: Vec<Value> = key
        .names()
        .map(|name| json!({ "required": [name] }))
        .collect();
    json!({ "anyOf": names })
}

fn form(form: Form) -> Value {
    let text = ["string", "number", "boolean", "null"];
    match form {
        Form::Text
        | Form::Template
        | Form::Markdown
        | Form::Pattern
        | Form::Folder
        | Form::File => {
            json!({ "type": text })
        }
        Form::Date => json!({ "type": text, "examples": ["2026年7月1日", "2026-07-01"] }),
        Form::CopyNumber => json!({ "type": text, "examples": ["000001"] }),
        Form::Secrecy => json!({ "type": text, "examples": ["机密★1年", "秘密★6个月"] }),
        Form::DocNumber => json!({ "type": text, "examples": ["明政办〔2021〕12号"] }),
        Form::Urgency => json!({ "enum": ["特急", "加急", null] }),
        Form::OrderNumber => json!({ "type": text, "examples": ["第12号"] }),
        Form::Format => one_of(Format::ALL.map(|(_, chinese, english)| [chinese, english])),
        Form::RedHeader => one_of(RedHeader::ALL.map(|(_, chinese, english)| [chinese, english])),
        Form::Seal => one_of([
            ["预留", "reserved"],
            ["不盖章", "none"],
            ["签名章", "stamp"],
        ]),
        Form::Seals => json!({ "anyOf": [
            { "type": ["string", "null"] },
            mapping(SEAL),
            { "type": "array", "items": { "anyOf": [{ "type": "string" }, mapping(SEAL)] } },
        ] }),
        Form::Stamps => json!({ "anyOf": [
            { "type": ["array", "null"], "items": mapping(STAMP) },
            mapping(STAMP),
        ] }),
        Form::Orientation => one_of([["纵", "portrait"], ["横", "landscape"]]),
        Form::YesNo => json!({ "enum": ["是", "否", true, false, null] }),
        Form::Red => json!({ "type": text, "examples": ["#ff0000"] }),
        Form::Inks => json!({ "type": text, "examples": ["M80 Y80", "C0 M100 Y100 K0"] }),
        Form::TableFace => {
            one_of(Typeface::OF_TABLES.map(|(_, chinese, english)| [chinese, english]))
        }
        Form::TitleFace => {
            one_of(Typeface::OF_TITLES.map(|(_, chinese, english)| [chinese, english]))
        }
        Form::TitleSize => one_of(TypeSize::ALL.map(|(_, chinese, english)| [chinese, english])),
        Form::Length => json!({ "type": ["number", "string", "null"] }),
        Form::Names => json!({
            "type": ["array", "string"], "items": { "type": ["string", "number"] }
        }),
        Form::Groups | Form::Aliases => json!({
            "type": ["object", "null"],
            "additionalProperties": { "type": ["array", "string"], "items": { "type": "string" } },
        }),
        Form::MainText => json!({ "anyOf": [{ "type": text }, mapping(SECTIONS)] }),
        Form::Attachments => json!({ "type": ["array", "null"], "items": mapping(ATTACHMENT) }),
        Form::Variables => json!({ "type": ["object", "null"] }),
        Form::Tables => json!({
            "type": ["object", "null"],
            "additionalProperties": { "anyOf": [form_of_rows(), mapping(TABLE)] },
        }),
        Form::Checks => json!({ "anyOf": [{ "type": ["string", "null"] }, mapping(CHECKS)] }),
        Form::Levels => json!({
            "type": ["object", "null"], "additionalProperties": { "type": "string" },
        }),
        Form::Rows => form_of_rows(),
        Form::LastPeriod => json!({ "type": ["object", "array", "string", "null"] }),
        Form::Batch => mapping(BATCH),
        Form::Notice => json!({ "anyOf": [{ "type": ["string", "null"] }, notice()] }),
        Form::Register => {
            let mut described = mapping(REGISTER);
            described["additionalProperties"] = json!(true);
            json!({ "anyOf": [{ "type": ["string", "null"] }, form_of_rows(), described] })
        }
    }
}

/// Names of which one is written, Chinese or English.
fn one_of<const N: usize>(names: [[&str; 2]; N]) -> Value {
    let names = names.into_iter().flatten().map(Value::from);
    let names: Vec<Value> = names.chain([Value::Null]).collect();
    json!({ "enum": names })
}

/// The keys of the whole file that a notice has too; none is required.
fn notice() -> Value {
    let mut notice = mapping(
        CIRCULAR
            .iter()
            .filter(|key| !NOT_IN_NOTICE.contains(&key.english)),
    );
    if let Some(notice) = notice.as_object_mut() {
        notice.remove("allOf");
    }
    notice
}

fn form_of_rows() -> Value {
    json!({ "type": ["array", "null"], "items": { "type": ["object", "array"] } })
}

fn description(key: &Key) -> String {
    match key.clause {
        "" => key.about.to_owned(),
        clause => format!("{}（GB/T 9704—2012，{clause}）", key.about),
    }
}

/// The keys as Markdown tables, for the README.
pub fn reference() -> String {
    let mut text = String::new();
    for (heading, keys) in ALL {
        text.push_str(&format!("### {heading}\n\n"));
        text.push_str(
            "| 键 | 英文名 | 必填 | 说明 | GB/T 9704—2012 |\n| --- | --- | --- | --- | --- |\n",
        );
        for key in *keys {
            text.push_str(&row(key));
        }
        text.push('\n');
    }
    text
}

fn row(key: &Key) -> String {
    let also: String = key
        .also
        .iter()
        .map(|name| format!("，也可写 `{name}`"))
        .collect();
    let required = if key.required { "是" } else { "" };
    let (chinese, english, about, clause) = (key.chinese, key.english, key.about, key.clause);
    format!("| `{chinese}`{also} | `{english}` | {required} | {about} | {clause} |\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_every_key_under_all_its_names() {
        let schema = schema();
        for name in ["标题", "title", "署名", "发文机关署名"] {
            let description = schema["properties"][name]["description"].as_str();
            assert!(description.is_some_and(|text| !text.is_empty()), "{name}");
        }
        assert_eq!(schema["additionalProperties"], json!(false));
        assert_eq!(schema["allOf"].as_array().map(Vec::len), Some(2));
    }

    #[test]
    fn the_reference_has_a_line_for_each_key() {
        let reference = reference();
        let rows = reference
            .lines()
            .filter(|line| line.starts_with("| `"))
            .count();
        assert_eq!(rows, ALL.iter().map(|(_, keys)| keys.len()).sum::<usize>());
        assert!(reference.contains("| `标题` | `title` | 是 |"));
    }
}
