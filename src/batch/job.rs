//! A job: one file of a plan, the circular itself or the notice to a unit.

use super::plan::{Notice, Plan};
use crate::model::DocNumber;

/// One file to make.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    pub plan: &'a Plan<'a>,
    /// Nothing for the circular that the notices go with.
    pub notice: Option<&'a Notice>,
}

impl<'a> Job<'a> {
    /// All jobs of a plan: the circular itself, then its notices.
    pub fn all(plan: &'a Plan<'a>) -> impl Iterator<Item = Job<'a>> {
        let notices = plan.notices.iter().map(Some);
        let all = std::iter::once(None).chain(notices);
        all.map(move |notice| Job { plan, notice })
    }

    /// The unit's full name; empty for the circular itself.
    pub fn unit(self) -> &'a str {
        self.notice.map_or("", |notice| &notice.unit)
    }

    /// 0 for the circular itself.
    pub fn serial(self) -> usize {
        self.notice.map_or(0, |notice| notice.serial)
    }

    /// The name of the file.
    pub fn file(self) -> &'a str {
        self.notice.map_or(&self.plan.file, |notice| &notice.file)
    }

    /// 发文字号, as it is printed.
    pub fn number(self) -> Option<String> {
        let own = self.plan.whole().header.doc_number.as_ref();
        let number = match self.notice {
            Some(notice) => notice.number.as_ref(),
            None => own.map(|number| &number.value),
        };
        number.map(DocNumber::to_string)
    }

    /// How many rows of this period it tells of.
    pub fn findings(self) -> usize {
        let all = || self.plan.notices.iter().map(|notice| notice.findings).sum();
        self.notice.map_or_else(all, |notice| notice.findings)
    }
}
