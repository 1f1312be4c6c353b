//! What the cashier does beside taking payments: refunds, voids, settlement, receipts, the device.

use counterproof_sim::fault::FaultKind;
use counterproof_sim::record::{Entry, Fact};
use counterproof_sim::terminal::{Action, Event, Flow, PaidOperation};
use counterproof_sim::time::Span;

use super::Role::{Given, When};
use super::Step;
use crate::case::Need;
use crate::verdict::Sentence;
use crate::world::{AFTERMATH, StepResult, World};

pub(super) const STEPS: &[Step] = &[
    Step {
        id: "cashier-refunds",
        role: When,
        en: "the cashier refunds {amount} of order {string}",
        zh: "收银员退货{amount}，订单{string}",
        help_en: "Refunds an order or a part of it and waits for the final word.",
        help_zh: "对订单全额或部分退货，并等待最终结果。",
        needs: &[Need::Flow(Flow::Refund)],
        run: |world, args| {
            let event = Event::Refund {
                order: args.text().into(),
                amount: args.amount(),
            };
            give_back(world, args.text(), PaidOperation::Refund, event)
        },
    },
    Step {
        id: "cashier-voids",
        role: When,
        en: "the cashier voids order {string}",
        zh: "收银员撤销订单{string}",
        help_en: "Voids an order of the current batch and waits for the final word.",
        help_zh: "撤销当前批次的订单，并等待最终结果。",
        needs: &[Need::Flow(Flow::Void)],
        run: |world, args| {
            let event = Event::Void {
                order: args.text().into(),
            };
            give_back(world, args.text(), PaidOperation::Void, event)
        },
    },
    Step {
        id: "cashier-settles",
        role: When,
        en: "the cashier settles",
        zh: "收银员结算",
        help_en: "Closes the batch and waits until the terminal says that it is settled, at most as long as an order may take.",
        help_zh: "结算本批次，等待终端报告结算完成，最长不超过一笔订单的时限。",
        needs: &[Need::Flow(Flow::Settle)],
        run: |world, _| {
            let from = world.entries().len();
            world.mark = from;
            world.give(Event::Settle)?;
            let bench = world.bench();
            let limit = bench.now() + bench.patience();
            let settled = |entry: &Entry| {
                matches!(
                    &entry.fact,
                    Fact::Did {
                        action: Action::Settled { .. }
                    }
                )
            };
            if bench.run_until(from, limit, settled).is_some() {
                let on = bench.now() + AFTERMATH;
                bench.run_to(on);
            }
            world.check()
        },
    },
    Step {
        id: "cashier-begins-settlement",
        role: When,
        en: "the cashier begins to settle",
        zh: "收银员开始结算",
        help_en: "Closes the batch and does not wait.",
        help_zh: "发起结算，不等待结果。",
        needs: &[Need::Flow(Flow::Settle)],
        run: |world, _| {
            world.mark = world.entries().len();
            world.give(Event::Settle)
        },
    },
    Step {
        id: "cashier-reprints",
        role: When,
        en: "the cashier has the last receipt printed again",
        zh: "收银员重打凭条",
        help_en: "Presses the reprint key.",
        help_zh: "按重打印键。",
        needs: &[Need::Printer],
        run: |world, _| at_the_device(world, Event::Reprint),
    },
    Step {
        id: "cashier-tests",
        role: When,
        en: "the cashier has the terminal test itself",
        zh: "收银员让终端自检",
        help_en: "Starts the self-test and waits for its result.",
        help_zh: "启动自检并等待结果。",
        needs: &[Need::SelfTest],
        run: |world, _| {
            let from = world.entries().len();
            world.mark = from;
            world.give(Event::SelfTest)?;
            let bench = world.bench();
            let limit = bench.now() + bench.patience();
            let found = bench.run_until(from, limit, |entry| {
                matches!(
                    &entry.fact,
                    Fact::Did {
                        action: Action::SelfTest { .. }
                    }
                )
            });
            let wanted = Sentence::new("the result of the self-test", "自检结果");
            world.expect_found(found, wanted)
        },
    },
    Step {
        id: "cashier-reads-log",
        role: When,
        en: "the cashier asks for the device log",
        zh: "收银员查看设备日志",
        help_en: "Has the terminal hand over its record of faults and repairs.",
        help_zh: "让终端交出其故障与维修记录。",
        needs: &[Need::DeviceLog],
        run: |world, _| at_the_device(world, Event::DeviceLog),
    },
    Step {
        id: "software-updated",
        role: When,
        en: "the terminal's software is updated",
        zh: "终端软件已更新",
        help_en: "The acquirer accepts the terminal's interface version from now on, and the terminal restarts.",
        help_zh: "收单方从此接受终端接口版本，终端随之重启。",
        needs: &[Need::PowerCut],
        run: |world, _| {
            let bench = world.bench();
            bench.lift_kind(FaultKind::InterfaceRefused);
            bench.cut_power();
            let on = bench.now() + RESTART;
            bench.run_to(on);
            world.check()
        },
    },
    Step {
        id: "batch-limit",
        role: Given,
        en: "a batch holds {int} payments",
        zh: "每批次最多{int}笔",
        help_en: "Entries that a batch can hold. Stands above the step that switches the terminal on.",
        help_zh: "一个批次可容纳的笔数。须写在终端开机之前。",
        needs: &[],
        run: |world, args| {
            let limit = u32::try_from(args.int()).unwrap_or(u32::MAX);
            world.setup()?.account.batch_limit = limit;
            Ok(())
        },
    },
];

/// A power cut of an update: long enough for every terminal to be back.
const RESTART: Span = Span::from_secs(30);

fn give_back(world: &mut World, order: &str, of: PaidOperation, event: Event) -> StepResult {
    world.order = order.into();
    let from = world.entries().len();
    world.mark = from;
    world.give(event)?;
    world.run_to_final_of(order, of, from);
    world.check()
}

/// Something that the device does by itself, at once.
fn at_the_device(world: &mut World, event: Event) -> StepResult {
    world.mark = world.entries().len();
    world.give(event)?;
    let bench = world.bench();
    let on = bench.now() + AFTERMATH;
    bench.run_to(on);
    world.check()
}
