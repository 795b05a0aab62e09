//! What the user has set for the checks: diagnostics come in, they go out with the user's levels,
//! those left out on purpose apart.

use crate::diag::{Diagnostic, Diagnostics, Rule, Severity};
use crate::model::{Checks, RuleSetting};

/// The rules of 检查 itself.
pub const RULES: &[Rule] = &[UNKNOWN, FIXED, REASON];

const UNKNOWN: Rule = Rule::new("checks/rule/unknown", "“检查”里写的代码不存在").example(
    "text/mark/halfwidth: 略去（上级来文原样）",
    "text/mark/half-width: 略去（上级来文原样）",
);
const FIXED: Rule = Rule::new(
    "checks/rule/fixed",
    "这一错误使公文无法生成，不能略去或减轻",
)
.example("input/yaml/tab-indent: 警告", "改正缩进");
const REASON: Rule = Rule::new("checks/reason/missing", "略去一条规则却没有写理由").example(
    "text/mark/between-quotes: 略去",
    "text/mark/between-quotes: 略去（上级来文原样）",
);

/// A fault that the user has left out on purpose.
#[derive(Clone, Debug, PartialEq)]
pub struct Silenced {
    pub diagnostic: Diagnostic,
    pub reason: String,
}

/// Faults at the user's levels.
#[derive(Clone, Debug, Default)]
pub struct Settled {
    /// Sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    pub silenced: Vec<Silenced>,
}

impl Settled {
    /// Tells whether a circular may be made.
    pub fn has_errors(&self) -> bool {
        let error = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
        self.diagnostics.iter().any(error)
    }
}

/// Gives each fault the level that the user has set; this is the only place that does. `all` are the
/// rules of every stage.
pub fn settle(checks: &Checks, all: &[Rule], mut diagnostics: Diagnostics) -> Settled {
    let mut settings: Vec<&RuleSetting> = Vec::new();
    for setting in &checks.rules {
        match refused(setting, all) {
            Some(fault) => diagnostics.push(fault),
            None => settings.push(setting),
        }
    }
    let mut settled = Settled::default();
    for mut diagnostic in diagnostics.sorted() {
        // The unit's file comes first in the list, so that the circular's own word counts.
        let setting = settings
            .iter()
            .rev()
            .find(|setting| setting.code.value == diagnostic.code);
        match setting.map(|setting| (setting.level, &setting.reason)) {
            Some((Some(level), _)) => diagnostic.severity = level,
            Some((None, Some(reason))) => {
                let reason = reason.clone();
                settled.silenced.push(Silenced { diagnostic, reason });
                continue;
            }
            _ => {}
        }
        settled.diagnostics.push(diagnostic);
    }
    settled
}

/// Why a setting cannot hold.
fn refused(setting: &RuleSetting, all: &[Rule]) -> Option<Diagnostic> {
    let (code, origin) = (setting.code.value.as_str(), &setting.code.origin);
    let Some(rule) = all.iter().find(|rule| rule.code == code) else {
        let near = all
            .iter()
            .map(|rule| (strsim::osa_distance(code, rule.code), rule.code))
            .min();
        let near = near.filter(|(distance, _)| *distance * 3 <= code.len());
        let fault = UNKNOWN.fault(origin, format!("没有“{code}”这条规则"));
        return Some(fault.hint(match near {
            Some((_, near)) => format!("是否要写“{near}”"),
            None => "用“hongtou rules”查看所有代码".to_owned(),
        }));
    };
    if setting.level.is_none() && setting.reason.is_none() {
        let fault = REASON.fault(origin, format!("略去“{code}”没有写理由"));
        return Some(fault.hint("写作“略去（理由）”，如“略去（上级来文原样）”"));
    }
    if !is_settable(rule, setting.level) {
        let message = format!("“{code}”使公文无法生成，不能略去或减轻");
        return Some(
            FIXED
                .fault(origin, message)
                .hint("删去这一行，改正那个错误"),
        );
    }
    None
}

/// Tells whether the user may give a rule that level; `None` leaves it out. An error of another stage
/// means that nothing could be made, so it stays one.
pub fn is_settable(rule: &Rule, level: Option<Severity>) -> bool {
    let own = super::rules().any(|own| own.code == rule.code) && !rule.code.starts_with("checks/");
    own || rule.severity != Severity::Error || level == Some(Severity::Error)
}
