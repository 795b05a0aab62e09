//! What 机构名录 knows of a unit, and its order for rows.

use std::collections::BTreeMap;

use minijinja::Error;
use minijinja::value::Value;

use super::rows::{by_keys, need_one_kind, sort_keys};
use super::{Tools, each, fault, need_column, need_rows, scalar};
use crate::compose::objects::{Computed, Rows};
use crate::diag::Origin;
use crate::model::{self, Register, Scalar, Sourced, Unit};

fn need_register(tools: &Tools) -> Result<&Register, Error> {
    let register = tools.register.as_deref();
    register.ok_or_else(|| fault("没有“机构名录”，在输入文件里写上“机构名录”才能用这个过滤器"))
}

/// Changes the name of a unit, or each of a list, to something that the register knows of it.
fn known(
    value: &Value,
    tools: &Tools,
    change: impl Fn(&Unit) -> Option<Sourced<String>>,
    missing: &str,
) -> Result<Value, Error> {
    let register = need_register(tools)?;
    each(value, tools, |name| {
        let unit = register.find(name);
        let unit = unit.ok_or_else(|| fault(format!("机构名录里没有“{name}”")))?;
        let found = change(unit);
        let found = found.ok_or_else(|| fault(format!("机构名录里“{name}”没有{missing}")))?;
        Ok((found.value, vec![found.origin]))
    })
}

pub fn full(value: &Value, tools: &Tools) -> Result<Value, Error> {
    known(value, tools, |unit| Some(unit.name.clone()), "全称")
}

/// The usual short name; a unit without one goes by its full name.
pub fn short(value: &Value, tools: &Tools) -> Result<Value, Error> {
    let short = |unit: &Unit| Some(unit.short.first().unwrap_or(&unit.name).clone());
    known(value, tools, short, "简称")
}

pub fn group(value: &Value, tools: &Tools) -> Result<Value, Error> {
    known(value, tools, |unit| unit.group.clone(), "类别")
}

/// How a unit is addressed; its full name where the register says nothing else.
pub fn addressee(value: &Value, tools: &Tools) -> Result<Value, Error> {
    let addressee = |unit: &Unit| Some(unit.addressee.as_ref().unwrap_or(&unit.name).clone());
    known(value, tools, addressee, "主送称谓")
}

/// Orders rows by the register: by the group of their unit, then by `more`, then by the order of
/// the units; units that it does not know come last. Adds 类别 where the rows have no such column.
pub fn order(value: &Value, column: &str, more: &[String], tools: &Tools) -> Result<Value, Error> {
    let register = need_register(tools)?;
    let rows = need_rows(value)?;
    let index = need_column(&rows, column)?;
    let keys = sort_keys(&rows, more)?;
    for (column, _) in &keys {
        need_one_kind(&rows, *column, tools)?;
    }
    let place = |row: usize| {
        let place = register.place(scalar(rows.sheet.cell(row, index)).text());
        place.map(|place| (register.group_place(&register.units()[place]), place))
    };
    let mut sorted: Vec<_> = rows.rows.iter().map(|row| (*row, place(*row))).collect();
    sorted.sort_by(|(a, first), (b, second)| {
        let (first, second) = (
            first.unwrap_or((usize::MAX, 0)),
            second.unwrap_or((usize::MAX, 0)),
        );
        let by_group = first.0.cmp(&second.0);
        by_group
            .then_with(|| by_keys(&rows, &keys, *a, *b))
            .then(first.1.cmp(&second.1))
    });
    let mut sheet = rows.sheet.clone();
    if sheet.column("类别").is_none() {
        let mut cells = BTreeMap::new();
        for (row, place) in &sorted {
            let mut places = sheet.places(*row, index);
            let unit = place.map(|(_, place)| &register.units()[place]);
            let group = unit.and_then(|unit| unit.group.as_ref());
            places.extend(group.map(|group| group.origin.clone()));
            let text = group.map_or(Scalar::Empty, |group| Scalar::Text(group.value.clone()));
            let origin = places.first().cloned().unwrap_or(Origin::Program);
            cells.insert(*row, (model::Value::scalar(text, origin), places.into()));
        }
        sheet = sheet.with_column(Computed {
            name: "类别".into(),
            cells,
        });
    }
    let rows = sorted.into_iter().map(|(row, _)| row).collect();
    Ok(Value::from_object(Rows { sheet, rows }))
}
