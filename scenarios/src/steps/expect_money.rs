//! What must have become of the money: the ledger's word, never the terminal's.

use counterproof_sim::money::Fen;

use super::Role::Then;
use super::Step;
use crate::verdict::Sentence;
use crate::world::{StepResult, World};

pub(super) const STEPS: &[Step] = &[
    Step {
        id: "order-charged",
        role: Then,
        en: "the customer has paid {amount} for order {string}",
        zh: "顾客实际支付{amount}，订单{string}",
        help_en: "What the ledger holds for the order now.",
        help_zh: "账本上该订单当前的净扣款。",
        needs: &[],
        run: |world, args| expect_net(world, args.text(), Fen::new(args.amount() as u64)),
    },
    Step {
        id: "order-not-charged",
        role: Then,
        en: "nothing is charged for order {string}",
        zh: "订单{string}没有扣款",
        help_en: "The ledger holds nothing for the order now: never charged, or given back.",
        help_zh: "账本上该订单当前没有净扣款：未扣或已退回。",
        needs: &[],
        run: |world, args| expect_net(world, args.text(), Fen::ZERO),
    },
    Step {
        id: "outcome-amount",
        role: Then,
        en: "the terminal reports {amount} for order {string}",
        zh: "终端报告金额{amount}，订单{string}",
        help_en: "The amount of the last word on the payment.",
        help_zh: "终端最后说法所带的金额。",
        needs: &[],
        run: |world, args| {
            let (order, amount) = (args.text(), args.amount());
            world.heard_of(order)?;
            let (seen, entry) = match world.last_outcome(order) {
                Some((_, _, o)) if o.amount == Some(amount) => return Ok(()),
                Some((i, _, o)) => (
                    o.amount.map_or_else(|| "no amount".to_owned(), yuan),
                    Some(i),
                ),
                None => ("no outcome".to_owned(), None),
            };
            world.breach(
                Sentence::new(
                    format!("order {order} reported with {}", yuan(amount)),
                    format!("订单{order}报告金额 {}", yuan(amount)),
                ),
                Sentence::new(seen.clone(), seen),
                entry,
            );
            Ok(())
        },
    },
];

fn expect_net(world: &mut World, order: &str, wanted: Fen) -> StepResult {
    world.heard_of(order)?;
    let net = world.history().net(order);
    if net != i128::from(wanted.get()) {
        world.breach(
            Sentence::new(
                format!("{wanted} yuan charged for order {order}"),
                format!("订单{order}扣款 {wanted} 元"),
            ),
            Sentence::new(
                format!("{} in the ledger", yuan(net as i64)),
                format!("账本上为 {}", yuan(net as i64)),
            ),
            None,
        );
    }
    Ok(())
}

fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}", Fen::new(fen.unsigned_abs()))
}
