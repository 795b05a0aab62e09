//! 批量: how one input becomes a notice to each unit.

use super::{Circular, Sourced};

/// 批量.
#[derive(Clone, Debug)]
pub struct Batch {
    /// 拆分列: the column by which rows are split among units.
    pub column: Sourced<String>,
    /// The names of the tables that are split by it. The notices see no other table but `shared`.
    pub split: Vec<String>,
    /// 共用表格: the tables that every notice sees whole.
    pub shared: Vec<Sourced<String>>,
    /// 类别: the groups of the register whose units get a notice; all where it is empty.
    pub groups: Vec<Sourced<String>>,
    /// 可提及: units, groups and words that a notice may name besides its own unit.
    pub may_name: Vec<Sourced<String>>,
    /// 文件名: the pattern of the names of files.
    pub file_name: Option<Sourced<String>>,
    /// 通知.
    pub notice: Form,
    /// 无问题通知: what units without findings get; nothing where they get none.
    pub quiet: Option<Form>,
}

/// The words of a notice before they are filled for a unit.
#[derive(Clone, Debug)]
pub struct Form {
    /// Holds no tables and no variables; its number is the first one.
    pub paper: Circular,
    /// The sections of the office's own text templates: name and source.
    pub templates: Vec<(String, Sourced<String>)>,
}
