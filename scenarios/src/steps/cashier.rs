//! What the cashier does.

use counterproof_sim::record::Fact;
use counterproof_sim::terminal::{Event, Flow};

use super::Role::{Given, When};
use super::Step;
use crate::case::Need;
use crate::verdict::Sentence;
use crate::world::{AT_ONCE, StepResult, Stop, World};

pub(super) const STEPS: &[Step] = &[
    Step {
        id: "terminal-on",
        role: Given,
        en: "a terminal fresh from the factory",
        zh: "一台出厂状态的终端",
        help_en: "Switches the terminal on with empty storage. What must be said before (STAN, language, time) stands above.",
        help_zh: "终端以空存储开机。开机前的设定（流水号、语言、时间）须写在此步骤之前。",
        needs: &[],
        run: |world, _| {
            world.bench();
            world.check()
        },
    },
    Step {
        id: "terminal-signed-in",
        role: Given,
        en: "a terminal that has signed in",
        zh: "终端已签到",
        help_en: "Switches the terminal on and lets the cashier sign in.",
        help_zh: "终端开机，收银员签到。",
        needs: &[],
        run: |world, _| sign_in(world),
    },
    Step {
        id: "cashier-signs-in",
        role: When,
        en: "the cashier signs in",
        zh: "收银员签到",
        help_en: "Presses the sign-in key and waits for what comes of it.",
        help_zh: "按签到键并等待结果。",
        needs: &[],
        run: |world, _| sign_in(world),
    },
    Step {
        id: "cashier-opens-order",
        role: When,
        en: "the cashier takes {amount} for order {string}",
        zh: "收银员收款{amount}，订单{string}",
        help_en: "Opens a payment; the terminal now wants a code.",
        help_zh: "发起收款；终端随后等待付款码。",
        needs: &[],
        run: |world, args| open_order(world, args.text(), args.amount()),
    },
    Step {
        id: "cashier-opens-negative-order",
        role: When,
        en: "the cashier takes minus {amount} for order {string}",
        zh: "收银员收款负{amount}，订单{string}",
        help_en: "Opens a payment of less than nothing.",
        help_zh: "发起负金额收款。",
        needs: &[],
        run: |world, args| open_order(world, args.text(), -args.amount()),
    },
    Step {
        id: "customer-pays",
        role: When,
        en: "the customer pays {amount} for order {string}",
        zh: "顾客支付{amount}，订单{string}",
        help_en: "The whole payment: the cashier opens it, the customer shows the phone, and it runs to its final word.",
        help_zh: "完整的一笔付款：收银员发起，顾客出示手机，直到有最终结果。",
        needs: &[],
        run: |world, args| pay(world, args.text(), args.amount()),
    },
    Step {
        id: "customers-pay",
        role: When,
        en: "{int} customers pay {amount} each",
        zh: "{int}位顾客各支付{amount}",
        help_en: "So many whole payments one after another, each with a fresh code.",
        help_zh: "依次完成这么多笔付款，每笔都用新的付款码。",
        needs: &[],
        run: |world, args| {
            for n in 1..=args.int().min(MANY) {
                world.bench().phone_mut().refresh();
                pay(world, &format!("N{n}"), args.amount())?;
            }
            Ok(())
        },
    },
    Step {
        id: "cashier-types-phone-code",
        role: When,
        en: "the cashier types the code on the phone",
        zh: "收银员手工输入手机上的付款码",
        help_en: "Types the code that the phone shows at the keypad.",
        help_zh: "用键盘输入手机显示的付款码。",
        needs: &[Need::ManualCode],
        run: |world, _| {
            let Some(code) = world.bench().read_phone() else {
                return Err(Stop::Scenario(Sentence::new(
                    "the phone shows no code that could be typed",
                    "手机未显示可输入的付款码",
                )));
            };
            world.give(Event::ManualCode { text: code })
        },
    },
    Step {
        id: "cashier-types",
        role: When,
        en: "the cashier types {string}",
        zh: "收银员输入{string}",
        help_en: "Types something at the keypad where a code is wanted.",
        help_zh: "在需要付款码时用键盘输入内容。",
        needs: &[Need::ManualCode],
        run: |world, args| {
            world.give(Event::ManualCode {
                text: args.text().into(),
            })
        },
    },
    Step {
        id: "cashier-cancels",
        role: When,
        en: "the cashier presses cancel",
        zh: "收银员按取消键",
        help_en: "Presses the cancel key.",
        help_zh: "按取消键。",
        needs: &[],
        run: |world, _| {
            world.mark = world.entries().len();
            world.give(Event::Cancel)
        },
    },
    Step {
        id: "cashier-asks-status",
        role: When,
        en: "the cashier looks up order {string}",
        zh: "收银员查询订单{string}",
        help_en: "Looks the order up at the acquirer and waits for the word on it.",
        help_zh: "向收单方查询订单并等待结果。",
        needs: &[],
        run: |world, args| {
            let order = args.text();
            world.mark = world.entries().len();
            world.give(Event::Status {
                order: order.into(),
            })?;
            world.run_to_final(order, world.mark);
            world.check()
        },
    },
    Step {
        id: "order-comes-to-its-end",
        role: When,
        en: "the order comes to its end",
        zh: "等到订单有最终结果",
        help_en: "Lets time pass until the order has a final word, at most as long as a terminal may take.",
        help_zh: "等待订单有最终结果，最长不超过终端允许的时限。",
        needs: &[],
        run: |world, _| {
            let order = world.order.clone();
            let from = opened_at(world, &order);
            world.run_to_final(&order, from);
            world.check()
        },
    },
];

/// The most payments that one step makes.
const MANY: i64 = 1_000;

/// Where the order was last opened in the record.
fn opened_at(world: &World, order: &str) -> usize {
    let opens = |fact: &Fact| matches!(fact, Fact::Told { event: Event::Pay { order: o, .. } } if **o == *order);
    world
        .entries()
        .iter()
        .rposition(|entry| opens(&entry.fact))
        .unwrap_or(0)
}

fn sign_in(world: &mut World) -> StepResult {
    let from = world.entries().len();
    world.give(Event::SignIn)?;
    let bench = world.bench();
    let limit = bench.now() + bench.patience();
    bench.run_until(from, limit, |entry| {
        matches!(&entry.fact, Fact::SignedIn { .. })
    });
    let on = bench.now() + AT_ONCE;
    bench.run_to_rest(on);
    world.check()
}

/// Opens a payment.
fn open_order(world: &mut World, order: &str, amount: i64) -> StepResult {
    world.order = order.into();
    world.mark = world.entries().len();
    world.give(Event::Pay {
        order: order.into(),
        amount,
        flow: Flow::Scan,
    })
}

/// A whole payment, run to its final word.
pub(super) fn pay(world: &mut World, order: &str, amount: i64) -> StepResult {
    open_order(world, order, amount)?;
    let from = world.mark;
    world.bench().hold_phone();
    world.run_to_final(order, from);
    world.bench().take_away();
    world.check()
}
