//! A table in the text.

use minijinja::Error;
use minijinja::value::Value;

use super::{fault, need_column, need_rows};
use crate::diag::Origin;
use crate::model::{self, Scalar};

/// The Markdown of a table in the text; each cell is printed by `print` with the places behind it.
pub fn table_markdown(
    rows: &Value,
    columns: Option<Vec<String>>,
    print: impl Fn(&model::Value, Vec<Origin>) -> String,
) -> Result<String, Error> {
    let rows = need_rows(rows)?;
    let sheet = &rows.sheet;
    let all = || sheet.columns().into_iter().map(str::to_owned).collect();
    let names: Vec<String> = columns.unwrap_or_else(all);
    if names.is_empty() {
        return Err(fault("“列”是空的，至少写一列；不写“列”就印全部的列"));
    }
    let mut indexes = Vec::new();
    for name in &names {
        let counted = name == "序号" && sheet.column(name).is_none();
        indexes.push(if counted {
            None
        } else {
            Some(need_column(&rows, name)?)
        });
    }
    let head = |(index, name): (&Option<usize>, &String)| match index
        .and_then(|index| sheet.table.columns().get(index))
    {
        Some(column) => {
            let text = Scalar::Text(column.value.clone());
            let places = vec![column.origin.clone()];
            print(&model::Value::scalar(text, column.origin.clone()), places)
        }
        None => name.clone(),
    };
    let line = |cells: Vec<String>| format!("|{}|\n", cells.join("|"));
    let mut text = line(indexes.iter().zip(&names).map(head).collect());
    text.push_str(&line(vec!["---".to_owned(); indexes.len()]));
    for (number, row) in rows.rows.iter().enumerate() {
        let cell = |index: &Option<usize>| match index {
            Some(index) => print(sheet.cell(*row, *index), sheet.places(*row, *index)),
            None => (number + 1).to_string(),
        };
        text.push_str(&line(indexes.iter().map(cell).collect()));
    }
    Ok(format!("\n\n{text}\n\n"))
}
