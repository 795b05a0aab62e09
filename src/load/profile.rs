//! 版式: the file of a unit's habits comes in, the [`Profile`] goes out.

use super::context::Context;
use super::fields::Fields;
use super::read::LoadError;
use super::{checks, forms, keys};
use crate::model::{Checks, Profile, Sourced};

/// Points in a millimetre.
const MM: f64 = 72.0 / 25.4;

/// Reads the file that 版式 names, and what it sets for the checks.
pub fn profile(path: Option<Sourced<String>>, cx: &mut Context) -> (Profile, Checks) {
    let Some(path) = path else {
        return Default::default();
    };
    let file = cx.path(path.value.trim(), &path.origin);
    match cx.yaml(&file) {
        Ok(node) => node
            .and_then(|node| Fields::read(node, keys::PROFILE, "版式文件", cx))
            .map(|mut fields| {
                let checks = checks::checks(fields.take("checks"), cx);
                (read_fields(fields, cx), checks)
            })
            .unwrap_or_default(),
        Err(error) => {
            let message = match &error {
                LoadError::Missing { .. } => format!("找不到版式文件“{}”", path.value.trim()),
                other => format!("版式文件无法读取：{other}"),
            };
            let hint = format!(
                "查找的位置是“{}”，从输入文件所在的文件夹算起",
                file.display()
            );
            cx.error("input/profile/unreadable", &path.origin, message, hint);
            Default::default()
        }
    }
}

fn read_fields(mut fields: Fields, cx: &mut Context) -> Profile {
    let pitch = forms::measure(fields.take("pitch"), "行距", "磅", 26.0..=33.0, cx);
    let millimetres = |key: &str, what, range, fields: &mut Fields, cx: &mut Context| {
        forms::measure(fields.take(key), what, "毫米", range, cx)
    };
    let yes = |key: &str, what, fields: &mut Fields, cx: &mut Context| {
        forms::yes_or_no(fields.take(key), what, cx)
    };
    Profile {
        pitch: pitch.map(|pitch| pitch.map(|points| points / MM)),
        mark_height: millimetres("mark_height", "标志字高", 8.0..=30.0, &mut fields, cx),
        red_rule: millimetres("red_rule", "红线粗", 0.2..=2.0, &mut fields, cx),
        bold_level_3: yes("bold_level_3", "三级标题加粗", &mut fields, cx),
        mirrored: yes("mirrored", "双面镜像", &mut fields, cx),
        imprint_even: yes("imprint_even", "版记偶数页", &mut fields, cx),
        letter_rules_on_page: yes("letter_rules_on_page", "信函线按页面居中", &mut fields, cx),
        red: forms::red(fields.take("red"), cx),
        press_red: forms::press_red(fields.take("press_red"), cx),
        table_face: forms::table_face(fields.take("table_face"), cx),
        attachment_title_face: forms::title_face(fields.take("attachment_title_face"), cx),
        attachment_title_size: forms::title_size(fields.take("attachment_title_size"), cx),
    }
}
