//! Figures of the finished text: a fault wherever a sentence or a table states a total and its parts
//! and the two differ, whether a template printed them or a hand typed them.
//!
//! A form of words is compared only where it can be read in one way; anything else is passed over,
//! because a false alarm would stop a correct circular.

mod counts;
mod names;
pub mod numbers;
mod parts;
mod rates;
mod tables;
mod totals;

pub use rates::percentage;

use super::passage::{Passage, passages};
use crate::diag::{Diagnostic, Diagnostics, Rule};
use crate::document::{Block, Document};

/// The rules of figures in the text.
pub const RULES: &[Rule] = &[
    Rule::new(
        "figures/total/differs-from-parts",
        "句中的总数与所列各部分之和不等",
    )
    .example(
        "共58条，其中甲镇49条、乙镇8条。",
        "共57条，其中甲镇49条、乙镇8条。",
    ),
    Rule::new(
        "figures/count/differs-from-list",
        "句中的个数与所列的个数不等",
    )
    .example("涉及3个单位：甲镇、乙镇。", "涉及2个单位：甲镇、乙镇。"),
    Rule::new(
        "figures/count/less-than-list",
        "“等×个”的个数少于前面已列出的个数",
    )
    .example("“甲”“乙”“丙”等2个账号", "“甲”“乙”“丙”等3个账号"),
    Rule::new(
        "figures/rate/differs-from-figures",
        "百分比与同一句里的两个数不符",
    )
    .example(
        "报送85条，被采用52条，采用率为63%。",
        "报送85条，被采用52条，采用率为61%。",
    ),
    Rule::new(
        "figures/table-total/differs-from-column",
        "表格的合计与这一列各行之和不等",
    ),
];

/// Compares totals with their parts in every sentence and table of the document.
pub fn check(document: &Document, diagnostics: &mut Diagnostics) {
    blocks(&document.main_text, diagnostics);
    for attachment in &document.attachments {
        blocks(&attachment.blocks, diagnostics);
    }
}

fn blocks(blocks: &[Block], diagnostics: &mut Diagnostics) {
    for passage in passages(blocks) {
        diagnostics.extend(faults(&passage));
    }
    for block in blocks {
        if let Block::Table(table) = block {
            diagnostics.extend(tables::faults(table));
        }
    }
}

/// The faults of one passage.
pub fn faults(passage: &Passage) -> Vec<Diagnostic> {
    let numbers = numbers::numbers(&passage.text);
    let mut faults = totals::faults(passage, &numbers);
    faults.extend(parts::faults(passage, &numbers));
    faults.extend(counts::faults(passage, &numbers));
    faults.extend(rates::faults(passage, &numbers));
    faults
}

#[cfg(test)]
mod tests;
