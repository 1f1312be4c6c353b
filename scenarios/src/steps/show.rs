//! The other way round: the terminal shows a code and the customer scans it.

use counterproof_sim::record::{Entry, Fact};
use counterproof_sim::terminal::{Action, Event, Flow};

use super::Role::When;
use super::Step;
use crate::case::Need;
use crate::verdict::Sentence;
use crate::world::{StepResult, World};

const SHOW: &[Need] = &[Need::Flow(Flow::Show)];

pub(super) const STEPS: &[Step] = &[
    Step {
        id: "cashier-shows-code",
        role: When,
        en: "the cashier asks {amount} for order {string} by a code on the screen",
        zh: "收银员出码收款{amount}，订单{string}",
        help_en: "Opens a payment for which the terminal shows a code to the customer.",
        help_zh: "发起收款，由终端向顾客显示收款码。",
        needs: SHOW,
        run: |world, args| open(world, args.text(), args.amount()),
    },
    Step {
        id: "customer-scans-screen",
        role: When,
        en: "the customer scans the code on the screen",
        zh: "顾客扫描屏幕上的收款码",
        help_en: "Waits for the code and pays it with the phone, where phone and wallet do.",
        help_zh: "等待收款码出现，用手机扫描并支付（若手机与钱包允许）。",
        needs: SHOW,
        run: |world, _| {
            code_shown(world)?;
            world.bench().scan_shown();
            world.check()
        },
    },
    Step {
        id: "customer-pays-by-screen",
        role: When,
        en: "the customer pays {amount} for order {string} by the code on the screen",
        zh: "顾客扫收款码支付{amount}，订单{string}",
        help_en: "The whole payment: the cashier opens it, the terminal shows a code, the customer scans it, and it runs to its final word.",
        help_zh: "完整的一笔付款：收银员发起，终端显示收款码，顾客扫描，直到有最终结果。",
        needs: SHOW,
        run: |world, args| {
            let (order, amount) = (args.text(), args.amount());
            open(world, order, amount)?;
            let from = world.mark;
            code_shown(world)?;
            world.bench().scan_shown();
            world.run_to_final(order, from);
            world.check()
        },
    },
    Step {
        id: "code-is-shown",
        role: When,
        en: "the terminal shows a code",
        zh: "终端显示收款码",
        help_en: "Lets time pass until the terminal shows a code to the customer.",
        help_zh: "等到终端显示收款码。",
        needs: SHOW,
        run: |world, _| code_shown(world),
    },
];

fn open(world: &mut World, order: &str, amount: i64) -> StepResult {
    world.order = order.into();
    world.mark = world.entries().len();
    world.give(Event::Pay {
        order: order.into(),
        amount,
        flow: Flow::Show,
    })
}

fn code_shown(world: &mut World) -> StepResult {
    let from = world.mark;
    let bench = world.bench();
    let limit = bench.now() + bench.patience();
    let found = bench.run_until(from, limit, |entry: &Entry| {
        matches!(
            &entry.fact,
            Fact::Did {
                action: Action::ShowCode { .. }
            }
        )
    });
    world.expect_found(
        found,
        Sentence::new("a code on the screen", "屏幕上的收款码"),
    )
}
