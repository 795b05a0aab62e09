//! 版记: what stands at the foot of the last page (GB/T 9704—2012, 7.4).

use super::{Date, Sourced};

/// 版记.
#[derive(Clone, Debug, Default, Hash)]
pub struct Imprint {
    /// 抄送机关 (template, plain text).
    pub cc_recipients: Option<Sourced<String>>,
    /// 印发机关.
    pub print_office: Option<Sourced<String>>,
    /// 印发日期.
    pub print_date: Option<Sourced<Date>>,
}
