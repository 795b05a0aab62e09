//! The standard's terms as types: the data of one circular, each value with its place in the input.

mod aliases;
mod batch;
mod body;
mod braces;
mod checks;
mod date;
mod format;
mod header;
mod imprint;
mod names;
mod ordinal;
mod picture;
mod profile;
mod register;
mod table;
pub mod totals;

pub use aliases::{Aliases, COLUMNS, is_known_column};
pub use batch::{Batch, Form};
pub use body::{Attachment, AttachmentTable, Attendance, ColumnGroup, MainText, SECTIONS, Seal};
pub use braces::{full_width_mark, template_mark};
pub use checks::{Checks, LexiconEntry, RuleSetting};
pub use date::{Date, DateError};
pub use format::{Edition, Format, RedHeader};
pub use header::{
    CopyNumber, DocNumber, DocNumberError, Header, OrderNumber, Secrecy, SecrecyLevel, Urgency,
};
pub use imprint::Imprint;
pub use names::NameIndex;
pub use ordinal::{chinese_number, level_ordinal};
pub use picture::{Picture, PictureFormat, SealPicture, Stamp, seal_diameter};
pub use profile::{Departure, Inks, Profile, TypeSize, Typeface, is_red};
pub use register::{Register, Unit, named_units, sameness, without_blanks};
pub use table::{LAST_PERIOD, LEDGER, Scalar, Table, Value, ValueKind};

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::diag::Origin;

/// A value with its place in the user's file. For text the origin is that of its first character:
/// character (line, column) of the text stands at the origin plus as many lines and columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced<T> {
    pub value: T,
    pub origin: Origin,
}

impl<T> Sourced<T> {
    pub fn new(value: T, origin: Origin) -> Self {
        Sourced { value, origin }
    }

    /// Keeps the origin and changes the value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Sourced<U> {
        Sourced {
            value: change(self.value),
            origin: self.origin,
        }
    }
}

/// The place does not count.
impl<T: Hash> Hash for Sourced<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

/// 公文: the whole input of one circular. Texts named as templates are minijinja source and may
/// print values of `variables` and `tables`.
#[derive(Clone, Debug)]
pub struct Circular {
    /// The input file itself.
    pub origin: Origin,
    /// 文种: a built-in kind such as 季度检查通报, or the name of a folder under `template_dir`.
    pub kind: Sourced<String>,
    pub format: Format,
    pub red_header: RedHeader,
    pub edition: Edition,
    /// 版式 of the unit.
    pub profile: Profile,
    /// 版本 of a draft.
    pub version: Option<Sourced<String>>,
    pub header: Header,
    /// 标题 (template, plain text; a line break is a break wished for).
    pub title: Sourced<String>,
    /// 主送机关 (template, plain text).
    pub recipients: Option<Sourced<String>>,
    pub main_text: MainText,
    pub attachments: Vec<Attachment>,
    /// 出席, 请假 and 列席 of minutes, in the order of the page (templates, plain text).
    pub attendance: Vec<(Attendance, Sourced<String>)>,
    /// 发文机关署名; of 主办机关 where agencies issue jointly.
    pub signature: Sourced<String>,
    /// The other agencies of a joint issue, in order.
    pub joint_signatures: Vec<Sourced<String>>,
    /// 成文日期.
    pub doc_date: Sourced<Date>,
    pub seal: Seal,
    /// 印章图, for each agency in order; empty where there are none.
    pub seals: Vec<SealPicture>,
    /// 签名章, in order.
    pub stamps: Vec<Stamp>,
    /// 附注, without its brackets (template, plain text).
    pub note: Option<Sourced<String>>,
    pub imprint: Imprint,
    /// 变量, in the order of the file.
    pub variables: Vec<(Sourced<String>, Value)>,
    /// 表格, in the order of the file; one for all circulars that are made of them.
    pub tables: Vec<Arc<Table>>,
    /// The names of the tables that a notice to a unit does not see.
    pub withheld: Vec<String>,
    /// 机构名录, one for all circulars that are made of it.
    pub register: Option<Arc<Register>>,
    /// 批量: the notices to units that go with it.
    pub batch: Option<Box<Batch>>,
    /// 检查.
    pub checks: Checks,
    /// 模板目录: a folder of the unit's own text templates.
    pub template_dir: Option<Sourced<std::path::PathBuf>>,
    /// 字体目录: a folder of the unit's own faces.
    pub font_dir: Option<Sourced<std::path::PathBuf>>,
}

impl Circular {
    /// The parts that templates can print, by their names.
    pub fn named_parts(&self) -> Vec<(&'static str, Sourced<String>)> {
        let mut parts = vec![
            ("署名", self.signature.clone()),
            (
                "成文日期",
                self.doc_date.clone().map(|date| date.to_string()),
            ),
            ("文种", self.kind.clone()),
        ];
        let number = self.header.doc_number.clone();
        let number = number.map(|number| number.map(|number| number.to_string()));
        parts.extend(number.map(|number| ("发文字号", number)));
        parts
    }
}

/// Circulars that print the same hash alike: places, the paths of folders, 批量 and 检查 do not
/// count.
impl Hash for Circular {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Circular {
            origin: _,
            kind,
            format,
            red_header,
            edition,
            profile,
            version,
            header,
            title,
            recipients,
            main_text,
            attachments,
            attendance,
            signature,
            joint_signatures,
            doc_date,
            seal,
            seals,
            stamps,
            note,
            imprint,
            variables,
            tables,
            register,
            batch: _,
            checks: _,
            template_dir: _,
            font_dir: _,
            withheld: _,
        } = self;
        (kind, format, red_header, edition, profile, version).hash(state);
        (header, title).hash(state);
        (recipients, main_text, attachments, attendance).hash(state);
        (signature, joint_signatures, doc_date, note, imprint).hash(state);
        (seal, seals, stamps).hash(state);
        (variables, tables, register).hash(state);
    }
}
