//! Findings as SARIF 2.1.0, which code hosts and editors show at their lines.

use serde_json::{Value, json};

use super::check::Checked;
use crate::diag::{Diagnostic, Origin, Rule, Severity};
use crate::pipeline;

/// All findings as one run.
pub fn sarif(all: &[Checked]) -> String {
    let mut used: Vec<&str> = all
        .iter()
        .flat_map(|one| &one.diagnostics)
        .map(|diagnostic| diagnostic.code)
        .collect();
    used.sort_unstable();
    used.dedup();
    let rules = pipeline::rules().filter(|rule| used.contains(&rule.code));
    let rules: Vec<Value> = rules.map(rule).collect();
    let mut results = Vec::new();
    for one in all {
        results.extend(one.diagnostics.iter().map(|found| result(found, None)));
        results.extend(
            one.silenced
                .iter()
                .map(|silenced| result(&silenced.diagnostic, Some(&silenced.reason))),
        );
    }
    let report = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "hongtou",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{report:#}\n")
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn rule(rule: &Rule) -> Value {
    let basis = match rule.source {
        "" => rule.strength.label().to_owned(),
        source => format!("{}：{source}", rule.strength.label()),
    };
    json!({
        "id": rule.code,
        "shortDescription": { "text": rule.about },
        "help": { "text": basis },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

fn result(diagnostic: &Diagnostic, reason: Option<&str>) -> Value {
    let hint = diagnostic.hint.iter().map(|hint| format!("。建议：{hint}"));
    let message = hint.fold(diagnostic.message.clone(), |message, hint| message + &hint);
    let mut result = json!({
        "ruleId": diagnostic.code,
        "level": level(diagnostic.severity),
        "message": { "text": message },
        "locations": location(&diagnostic.origin, None).into_iter().collect::<Vec<_>>(),
    });
    let related = diagnostic.related.iter();
    let related: Vec<Value> = related
        .filter_map(|(origin, word)| location(origin, Some(word)))
        .collect();
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    if let Some(reason) = reason {
        result["suppressions"] = json!([{ "kind": "inSource", "justification": reason }]);
    }
    result
}

fn location(origin: &Origin, word: Option<&str>) -> Option<Value> {
    let mut location = match origin {
        Origin::Program => return None,
        Origin::Text { file, line, column } => json!({ "physicalLocation": {
            "artifactLocation": { "uri": uri(file) },
            "region": { "startLine": line, "startColumn": column },
        } }),
        Origin::Cell { file, .. } => json!({
            "physicalLocation": { "artifactLocation": { "uri": uri(file) } },
            "logicalLocations": [{ "fullyQualifiedName": origin.to_string() }],
        }),
    };
    if let Some(word) = word {
        location["message"] = json!({ "text": word });
    }
    Some(location)
}

/// A path as an address: letters that an address does not know are written in hexadecimal.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_addresses_with_line_and_column() {
        let origin = Origin::text(&"通报 1.yaml".into(), 3, 5);
        let place = &location(&origin, None).unwrap()["physicalLocation"];
        assert_eq!(
            place["artifactLocation"]["uri"],
            "%E9%80%9A%E6%8A%A5%201.yaml"
        );
        assert_eq!(place["region"]["startColumn"], 5);
    }
}
