//! The code that a terminal shows (CODE-07).

use counterproof_sim::emvco::{self, Payload};
use counterproof_sim::record::Fact;
use counterproof_sim::terminal::Action;

use super::breach::{at, say};
use crate::history::History;
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// Renminbi, ISO 4217 numeric.
const RENMINBI: &str = "156";

/// CODE-07: a code on the screen is whole, and asks for the order's amount in renminbi.
pub(super) fn whole_and_for_the_order(h: &History<'_>, found: &mut Vec<Breach>) {
    for (entry, e) in h.entries().iter().enumerate() {
        let Fact::Did {
            action: Action::ShowCode { payload },
        } = &e.fact
        else {
            continue;
        };
        let Some(order) = h.orders().iter().rfind(|o| o.opened < entry) else {
            continue;
        };
        let wrong = match Payload::parse(payload) {
            Err(error) => Some(error.to_string()),
            Ok(code) if code.get(emvco::CURRENCY) != Some(RENMINBI) => {
                Some("another currency".to_owned())
            }
            Ok(code) => {
                let amount = code.amount().ok().flatten();
                let same = amount.is_some_and(|a| i64::try_from(a.get()) == Ok(order.amount));
                (!same).then(|| "another amount".to_owned())
            }
        };
        if let Some(wrong) = wrong {
            found.push(at(
                h,
                R::Code07,
                entry,
                say(
                    format!("only a whole code for order {} on the screen", order.order),
                    format!("屏幕只显示订单{}完整且正确的收款码", order.order),
                ),
                say(wrong.clone(), wrong),
            ));
        }
    }
}
