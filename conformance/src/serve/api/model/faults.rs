//! Faults and their kinds.

use counterproof_sim::fault::{Fault, FaultId, FaultKind, Nth, Shape, Site};
use counterproof_sim::time::Span;
use counterproof_sim::vocabulary::{Lang, Operation, Vocabulary as _};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{word, word_or_none};
use crate::serve::service::Armed;
use crate::texts::cli as texts;

/// A kind of fault.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FaultKindView {
    /// Its id.
    pub kind: &'static str,
    /// In English.
    pub en: &'static str,
    /// In Chinese.
    pub zh: &'static str,
    /// Who acts on it.
    pub site: &'static str,
    /// Whether it strikes at messages, or holds until it is lifted.
    pub shape: ShapeView,
    /// Whether it can be armed here: not what acts at the terminal.
    pub here: bool,
}

/// How a fault is bounded.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ShapeView {
    /// Strikes at messages.
    Message,
    /// Holds until it is lifted.
    State,
}

impl From<FaultKind> for FaultKindView {
    fn from(kind: FaultKind) -> Self {
        let site = kind.site();
        Self {
            kind: kind.id(),
            en: kind.en(),
            zh: kind.zh(),
            site: site_id(site),
            shape: match kind.shape() {
                Shape::Message => ShapeView::Message,
                Shape::State => ShapeView::State,
            },
            here: matches!(site, Site::Host | Site::Wallet | Site::Phone),
        }
    }
}

/// Who acts on a fault, as an id.
pub const fn site_id(site: Site) -> &'static str {
    texts::site_name(site, Lang::En)
}

/// A fault to be armed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FaultRequest {
    /// What goes wrong.
    #[schemars(schema_with = "word::<FaultKind>")]
    pub kind: FaultKind,
    /// At messages of which operation [any].
    #[serde(default)]
    #[schemars(schema_with = "word_or_none::<Operation>")]
    pub operation: Option<Operation>,
    /// At the n-th of them only, counted from 1 from now on.
    #[serde(default)]
    pub nth: Option<u32>,
    /// At the first n of them.
    #[serde(default)]
    pub first: Option<u32>,
    /// By how many milliseconds, where the kind knows a length of time.
    #[serde(default)]
    pub by_ms: Option<u64>,
    /// DE39, where the kind knows a code.
    #[serde(default)]
    pub code: Option<String>,
}

impl FaultRequest {
    /// The fault; `None` where `nth` and `first` contradict each other or are zero.
    pub fn fault(self) -> Option<Fault> {
        let nth = match (self.nth, self.first) {
            (None, None) => Nth::Every,
            (Some(n), None) if n > 0 => Nth::Only(n),
            (None, Some(n)) if n > 0 => Nth::First(n),
            _ => return None,
        };
        let mut fault = Fault::state(self.kind).by(Span::from_millis(self.by_ms.unwrap_or(0)));
        fault.on = self.operation;
        fault.nth = nth;
        fault.code = self.code.map(Into::into);
        Some(fault)
    }
}

/// A fault that is armed.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FaultView {
    /// Its number.
    pub id: u32,
    /// What goes wrong.
    #[schemars(schema_with = "word::<FaultKind>")]
    pub kind: FaultKind,
    /// At messages of which operation.
    #[schemars(schema_with = "word_or_none::<Operation>")]
    pub operation: Option<Operation>,
    /// At the n-th of them only.
    pub nth: Option<u32>,
    /// At the first n of them.
    pub first: Option<u32>,
    /// By how many milliseconds.
    pub by_ms: u64,
    /// DE39.
    pub code: Option<String>,
    /// How often it did its work.
    pub fired: u64,
}

impl FaultView {
    /// A fault as it is armed.
    pub fn new(id: FaultId, armed: &Armed) -> Self {
        let fault = &armed.fault;
        let (nth, first) = match fault.nth {
            Nth::Every => (None, None),
            Nth::Only(n) => (Some(n), None),
            Nth::First(n) => (None, Some(n)),
        };
        Self {
            id: id.0,
            kind: fault.kind,
            operation: fault.on,
            nth,
            first,
            by_ms: fault.by.as_millis(),
            code: fault.code.as_deref().map(Into::into),
            fired: armed.fired,
        }
    }
}
