//! What must have gone over the wire, as it left the terminal and as the acquirer saw it.

use counterproof_sim::vocabulary::{Operation, Vocabulary};

use super::Role::Then;
use super::Step;
use crate::history::Message;
use crate::verdict::Sentence;
use crate::world::{StepResult, World};

pub(super) const STEPS: &[Step] = &[
    Step {
        id: "sent-count",
        role: Then,
        en: "the terminal has sent {int} {operation} message(s)",
        zh: "终端共发出{int}次{operation}",
        help_en: "How many such messages have left the terminal since it was first switched on.",
        help_zh: "终端开机以来共发出多少次该报文。",
        needs: &[],
        run: |world, args| {
            let wanted = usize::try_from(args.int()).unwrap_or(usize::MAX);
            expect_sent(
                world,
                args.operation(),
                &|n| n == wanted,
                &wanted.to_string(),
            )
        },
    },
    Step {
        id: "sent-at-least",
        role: Then,
        en: "the terminal has sent at least {int} {operation} message(s)",
        zh: "终端至少发出{int}次{operation}",
        help_en: "At least so many such messages have left the terminal.",
        help_zh: "终端至少发出这么多次该报文。",
        needs: &[],
        run: |world, args| {
            let wanted = usize::try_from(args.int()).unwrap_or(usize::MAX);
            expect_sent(
                world,
                args.operation(),
                &|n| n >= wanted,
                &format!("≥ {wanted}"),
            )
        },
    },
    Step {
        id: "sent-none",
        role: Then,
        en: "the terminal has sent no {operation}",
        zh: "终端没有发出{operation}",
        help_en: "No such message has left the terminal.",
        help_zh: "终端没有发出该报文。",
        needs: &[],
        run: |world, args| expect_sent(world, args.operation(), &|n| n == 0, "0"),
    },
    Step {
        id: "sent-nothing",
        role: Then,
        en: "nothing has been sent for order {string}",
        zh: "订单{string}没有发送任何请求",
        help_en: "No request of that order has left the terminal.",
        help_zh: "该订单没有任何请求发出。",
        needs: &[],
        run: |world, args| {
            let order = args.text();
            world.heard_of(order)?;
            let sent = world
                .history()
                .messages()
                .find(|m| {
                    m.order() == Some(order) && m.operation().is_some_and(Operation::is_financial)
                })
                .map(Message::entry);
            if sent.is_some() {
                world.breach(
                    Sentence::new(
                        format!("nothing sent for order {order}"),
                        format!("订单{order}没有发送请求"),
                    ),
                    Sentence::new("a request left", "已有请求发出"),
                    sent,
                );
            }
            Ok(())
        },
    },
    Step {
        id: "reversal-reason",
        role: Then,
        en: "the reversal carries the reason {string}",
        zh: "冲正原因为{string}",
        help_en: "DE39 of the last reversal that left the terminal.",
        help_zh: "最后一次冲正请求的39域。",
        needs: &[],
        run: |world, args| {
            let wanted = args.text();
            let last = {
                let history = world.history();
                let last = history
                    .messages()
                    .rfind(|m| m.operation() == Some(Operation::Reversal));
                last.map(|m| (m.entry(), m.field(39).unwrap_or_default()))
            };
            match last {
                Some((_, code)) if code == wanted => {}
                seen => world.breach(
                    Sentence::new(
                        format!("a reversal with the reason {wanted}"),
                        format!("原因为 {wanted} 的冲正"),
                    ),
                    seen.as_ref().map_or_else(
                        || Sentence::new("no reversal", "没有冲正"),
                        |(_, code)| Sentence::new(code.clone(), code.clone()),
                    ),
                    seen.map(|(entry, _)| entry),
                ),
            }
            Ok(())
        },
    },
    Step {
        id: "signed-in-again",
        role: Then,
        en: "the terminal has signed in again",
        zh: "终端已重新签到",
        help_en: "At least two sign-ins have left the terminal.",
        help_zh: "终端至少发出过两次签到。",
        needs: &[],
        run: |world, _| expect_sent(world, Operation::SignIn, &|n| n >= 2, "≥ 2"),
    },
    Step {
        id: "sale-over-link",
        role: Then,
        en: "the last {operation} went over the {link} link",
        zh: "最后一次{operation}走{link}链路",
        help_en: "The link of the connection on which the last such message left.",
        help_zh: "最后一次该报文所用的链路。",
        needs: &[crate::case::Need::Links(2)],
        run: |world, args| {
            let (operation, link) = (args.operation(), args.link());
            let last = {
                let history = world.history();
                let last = history
                    .messages()
                    .rfind(|m| m.operation() == Some(operation));
                last.map(|m| (m.entry(), m.link().to_owned()))
            };
            if last.as_ref().is_none_or(|(_, seen)| seen != link) {
                world.breach(
                    Sentence::new(
                        format!("the {} over {link}", operation.en()),
                        format!("{}走 {link}", operation.zh()),
                    ),
                    last.as_ref().map_or_else(
                        || Sentence::new("it was not sent", "未发送"),
                        |(_, seen)| Sentence::new(seen.clone(), seen.clone()),
                    ),
                    last.map(|(entry, _)| entry),
                );
            }
            Ok(())
        },
    },
    Step {
        id: "stan-of",
        role: Then,
        en: "the {ordinal} {operation} has the STAN {int}",
        zh: "第{ordinal}次{operation}的流水号为{int}",
        help_en: "DE11 of that message as it left the terminal.",
        help_zh: "该报文发出时的11域。",
        needs: &[],
        run: |world, args| {
            let (nth, operation, wanted) = (args.ordinal(), args.operation(), args.int());
            let found = {
                let history = world.history();
                let mut of = history
                    .messages()
                    .filter(|m| m.operation() == Some(operation));
                of.nth(nth.saturating_sub(1) as usize)
                    .map(|m| (m.entry(), m.stan()))
            };
            let right = found.is_some_and(|(_, stan)| stan.map(i64::from) == Some(wanted));
            if !right {
                world.breach(
                    Sentence::new(format!("STAN {wanted:06}"), format!("流水号 {wanted:06}")),
                    found.and_then(|(_, stan)| stan).map_or_else(
                        || Sentence::new("no such message", "没有该报文"),
                        |stan| Sentence::new(format!("{stan:06}"), format!("{stan:06}")),
                    ),
                    found.map(|(entry, _)| entry),
                );
            }
            Ok(())
        },
    },
    Step {
        id: "code-sent",
        role: Then,
        en: "the code that was shown is the code that was sent",
        zh: "发出的付款码与出示的一致",
        help_en: "The last sale carries exactly the code of the phone.",
        help_zh: "最后一次消费请求携带的正是手机上的付款码。",
        needs: &[],
        run: |world, _| {
            let (shown, sent) = {
                let history = world.history();
                let shown = history.codes().last().map(|(_, code)| code.to_owned());
                let last = history
                    .messages()
                    .rfind(|m| m.operation() == Some(Operation::Sale));
                (
                    shown,
                    last.map(|m| (m.entry(), m.code().map(str::to_owned))),
                )
            };
            let right = matches!(&sent, Some((_, code)) if code.is_some() && *code == shown);
            if !right {
                world.breach(
                    Sentence::new(
                        "the code exactly as it was read",
                        "与读取内容完全一致的付款码",
                    ),
                    if sent.is_some() {
                        Sentence::new("another code", "不一致的付款码")
                    } else {
                        Sentence::new("no sale was sent", "没有发出消费请求")
                    },
                    sent.map(|(entry, _)| entry),
                );
            }
            Ok(())
        },
    },
    Step {
        id: "connection-attempts",
        role: Then,
        en: "the terminal has dialled at most {int} time(s)",
        zh: "终端最多发起{int}次连接",
        help_en: "Connection attempts since the current action of cashier or customer.",
        help_zh: "自当前操作以来的连接次数。",
        needs: &[],
        run: |world, args| {
            let mark = world.mark;
            let dials = world.entries()[mark..]
                .iter()
                .filter(|e| matches!(e.fact, counterproof_sim::record::Fact::Dialled { .. }))
                .count();
            if dials as i64 > args.int() {
                world.breach(
                    Sentence::new(
                        format!("at most {} connection attempts", args.int()),
                        format!("最多 {} 次连接", args.int()),
                    ),
                    Sentence::new(dials.to_string(), dials.to_string()),
                    None,
                );
            }
            Ok(())
        },
    },
];

fn expect_sent(
    world: &mut World,
    operation: Operation,
    right: &dyn Fn(usize) -> bool,
    wanted: &str,
) -> StepResult {
    let (count, last) = {
        let history = world.history();
        let mut of = history
            .messages()
            .filter(|m| m.operation() == Some(operation));
        let first = of.next();
        let (more, last) = of.fold((0, None), |(n, _), m| (n + 1, Some(m.entry())));
        (
            usize::from(first.is_some()) + more,
            last.or(first.map(Message::entry)),
        )
    };
    if !right(count) {
        world.breach(
            Sentence::new(
                format!("{} messages sent: {wanted}", operation.en()),
                format!("{}报文发出次数：{wanted}", operation.zh()),
            ),
            Sentence::new(count.to_string(), count.to_string()),
            last,
        );
    }
    Ok(())
}
