//! The code that the terminal shows to the customer: only one that is whole and whose amount and
//! currency are the order's.
//!
//! Not here: the order at the host and the queries (see [`super::engine`]).

use super::defects::{Defect, Defects};
use super::device::{Device, Stage, Task};
use crate::emvco::{AMOUNT, CURRENCY, Payload};
use crate::money::Fen;
use crate::terminal::Action;

/// ISO 4217: renminbi.
const RENMINBI: &str = "156";

/// Whether this is a code for that amount.
pub(super) fn is_fit(payload: &str, amount: Fen, defects: Defects) -> bool {
    if !payload.is_ascii() {
        return false;
    }
    let Ok(payload) = Payload::parse(payload) else {
        return defects.has(Defect::DamagedCodeShown);
    };
    let same_amount = payload.amount() == Ok(Some(amount));
    let same_currency = payload.get(CURRENCY) == Some(RENMINBI);
    let other_amount = payload.get(AMOUNT).is_some() && defects.has(Defect::OtherAmountShown);
    (same_amount || other_amount) && (same_currency || defects.has(Defect::OtherCurrencyShown))
}

impl Device {
    /// Shows the code. The next display replaces it.
    pub(super) fn show_payload(&mut self, payload: Box<str>) {
        self.shown = Some(payload.clone());
        self.out.push(Action::ShowCode { payload });
    }

    /// While the customer is to scan the code, what else was displayed meanwhile does not stay in
    /// its place.
    pub(super) fn keep_code_shown(&mut self) {
        if self.shown.is_none() {
            return;
        }
        if !matches!(self.task, Some(Task::Order(Stage::Asking(_)))) {
            self.shown = None;
            return;
        }
        let last = self.out.iter().rev().find_map(|action| match action {
            Action::ShowCode { .. } => Some(false),
            Action::Display { .. } => Some(true),
            _ => None,
        });
        if last == Some(true)
            && let Some(payload) = self.shown.clone()
        {
            self.out.push(Action::ShowCode { payload });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emvco::build;

    fn fits(payload: &str) -> bool {
        is_fit(payload, Fen::new(12_850), Defects::default())
    }

    #[test]
    fn only_a_whole_code_for_the_amount_in_renminbi_is_shown() {
        let of = |currency, amount| build(&[(CURRENCY, currency), (AMOUNT, amount)]).unwrap();
        let good = of("156", "128.50");
        assert!(fits(&good) && fits(&of("156", "128.5")));
        assert!(!fits(&of("840", "128.50")) && !fits(&of("156", "128.51")));
        assert!(!fits(&build(&[(CURRENCY, "156")]).unwrap()));
        for end in 0..good.len() {
            assert!(!fits(&good[..end]));
        }
        assert!(!fits(&good.replace("128.50", "128.60")));
    }
}
