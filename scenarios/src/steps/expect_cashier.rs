//! What the cashier must have been told: outcomes, reasons, advice, displays, receipts.

use counterproof_sim::record::Fact;
use counterproof_sim::terminal::{Action, Event, Outcome, Status};
use counterproof_sim::time::Time;
use counterproof_sim::vocabulary::{Advice, Reason, Vocabulary, Word};

use super::Role::Then;
use super::Step;
use crate::case::Need;
use crate::history::OrderStory;
use crate::verdict::Sentence;
use crate::world::{StepResult, World};

pub(super) const STEPS: &[Step] = &[
    Step {
        id: "order-is",
        role: Then,
        en: "order {string} is {status}",
        zh: "订单{string}{status}",
        help_en: "The terminal's last word on the payment.",
        help_zh: "终端对该笔付款的最后说法。",
        needs: &[],
        run: |world, args| {
            let status = args.status();
            expect_outcome(world, args.text(), status_sentence(status), |o| {
                o.status == status
            })
        },
    },
    Step {
        id: "order-not-paid",
        role: Then,
        en: "order {string} ends without payment",
        zh: "订单{string}以未付款结束",
        help_en: "The last word is declined or cancelled: where nothing is charged, either is right.",
        help_zh: "最后的说法是拒绝或取消：未扣款时两者皆可。",
        needs: &[],
        run: |world, args| {
            let expected = Sentence::new("declined or cancelled", "被拒绝或已取消");
            expect_outcome(world, args.text(), expected, |o| {
                matches!(o.status, Status::Declined | Status::Cancelled)
            })
        },
    },
    Step {
        id: "order-approved-or-dead-scanner",
        role: Then,
        en: "order {string} is approved, unless the dead scanner had ended it",
        zh: "订单{string}成功，除非此前已因扫码器损坏而结束",
        help_en: "A terminal may end an order at once when its scanner is dead, or keep it open for the keypad – then the keypad has to serve.",
        help_zh: "扫码器损坏时，终端可以立即结束订单，也可以等待键盘输入；若等待，则键盘必须可用。",
        needs: &[],
        run: |world, args| {
            let order = args.text();
            let typed = world.entries().iter().rposition(|e| {
                matches!(
                    e.fact,
                    Fact::Told {
                        event: Event::ManualCode { .. }
                    }
                )
            });
            let ended_before = world.outcomes(order).any(|(entry, _, o)| {
                typed.is_none_or(|typed| entry < typed) && o.status.is_final()
            });
            let expected = if ended_before {
                Sentence::new("ended with device.scanner", "以 device.scanner 结束")
            } else {
                Sentence::new(
                    "approved: the order was open when the code was typed",
                    "成功：输入付款码时订单仍未结束",
                )
            };
            expect_outcome(world, order, expected, |o| {
                if ended_before {
                    let reason = o.reason.as_ref().and_then(Word::known);
                    o.status != Status::Approved && reason == Some(Reason::Scanner)
                } else {
                    o.status == Status::Approved
                }
            })
        },
    },
    Step {
        id: "order-was-unknown",
        role: Then,
        en: "order {string} was reported unknown meanwhile",
        zh: "期间订单{string}曾报告结果未知",
        help_en: "The terminal said that it did not know yet.",
        help_zh: "终端曾提示结果未知。",
        needs: &[],
        run: |world, args| {
            let order = args.text();
            world.heard_of(order)?;
            let told = world
                .outcomes(order)
                .any(|(_, _, o)| o.status == Status::Unknown);
            if !told {
                let expected = Sentence::new(
                    format!(
                        "an outcome `unknown` for order {order} while the terminal did not know"
                    ),
                    format!("结果未知期间对订单{order}报告 unknown"),
                );
                world.breach(expected, Sentence::new("none", "没有"), None);
            }
            Ok(())
        },
    },
    Step {
        id: "order-never-approved",
        role: Then,
        en: "order {string} was never reported approved",
        zh: "订单{string}从未报告成功",
        help_en: "No outcome of the order said approved.",
        help_zh: "该订单没有任何一次报告成功。",
        needs: &[],
        run: |world, args| {
            let order = args.text();
            world.heard_of(order)?;
            let approved = world
                .outcomes(order)
                .find(|(_, _, o)| o.status == Status::Approved)
                .map(|(i, ..)| i);
            if let Some(entry) = approved {
                world.breach(
                    Sentence::new(
                        format!("order {order} never approved"),
                        format!("订单{order}从未成功"),
                    ),
                    Sentence::new("an outcome `approved`", "报告了成功"),
                    Some(entry),
                );
            }
            Ok(())
        },
    },
    Step {
        id: "order-final-within",
        role: Then,
        en: "order {string} had its final word within {duration}",
        zh: "订单{string}在{duration}内有最终结果",
        help_en: "From opening the order to its final word, or since it was last opened.",
        help_zh: "从发起收款到最终结果的时间。",
        needs: &[],
        run: |world, args| {
            let order = args.text();
            world.heard_of(order)?;
            let opened = world.opened(order);
            let word = world
                .last_outcome(order)
                .filter(|(_, _, o)| o.status.is_final());
            let seen = word.map(|(i, at, _)| (i, at));
            let limit = opened + args.duration();
            match seen {
                Some((_, at)) if at <= limit => {}
                seen => {
                    let expected = Sentence::new(
                        format!("a final word within {}", args.duration()),
                        format!("{} 内有最终结果", args.duration()),
                    );
                    world.breach(
                        expected,
                        when_sentence(seen.map(|s| s.1), opened),
                        seen.map(|s| s.0),
                    );
                }
            }
            Ok(())
        },
    },
    Step {
        id: "reason-is",
        role: Then,
        en: "the reason is {reason}",
        zh: "原因为{reason}",
        help_en: "The reason of the last word on the current order.",
        help_zh: "当前订单最后说法所带的原因。",
        needs: &[],
        run: |world, args| expect_reason(world, args.reasons()),
    },
    Step {
        id: "reason-is-either",
        role: Then,
        en: "the reason is {reason} or {reason}",
        zh: "原因为{reason}或{reason}",
        help_en: "The reason of the last word on the current order: one of two.",
        help_zh: "当前订单最后说法所带的原因：二者之一。",
        needs: &[],
        run: |world, args| expect_reason(world, args.reasons()),
    },
    Step {
        id: "advice-holds",
        role: Then,
        en: "the advice is to {advice}",
        zh: "建议{advice}",
        help_en: "The advice of the last word on the current order holds this one.",
        help_zh: "当前订单最后说法的建议包含此项。",
        needs: &[],
        run: |world, args| expect_advice(world, args.advices()),
    },
    Step {
        id: "advice-holds-either",
        role: Then,
        en: "the advice is to {advice} or to {advice}",
        zh: "建议{advice}或{advice}",
        help_en: "The advice of the last word on the current order holds one of these.",
        help_zh: "当前订单最后说法的建议包含其中之一。",
        needs: &[],
        run: |world, args| expect_advice(world, args.advices()),
    },
    Step {
        id: "advice-names-the-phone",
        role: Then,
        en: "the advice names the phone as well",
        zh: "建议同时涉及手机",
        help_en: "The advice holds at least one of refresh-code, connect-phone, update-phone, enable-phone-payment.",
        help_zh: "建议至少包含 refresh-code、connect-phone、update-phone、enable-phone-payment 之一。",
        needs: &[],
        run: |world, _| {
            expect_advice(
                world,
                vec![
                    Advice::RefreshCode,
                    Advice::ConnectPhone,
                    Advice::UpdatePhone,
                    Advice::EnablePhonePayment,
                ],
            )
        },
    },
    Step {
        id: "advice-is-more-than-retry",
        role: Then,
        en: "the advice is more than to try again",
        zh: "建议不只是重试",
        help_en: "The advice of the last word on the current order holds something besides retry and wait.",
        help_zh: "当前订单最后说法的建议除 retry、wait 外还有别的。",
        needs: &[],
        run: |world, _| {
            let all = Advice::ALL.iter().copied();
            let more = all.filter(|advice| !matches!(advice, Advice::Retry | Advice::Wait));
            expect_advice(world, more.collect())
        },
    },
    Step {
        id: "reasons-differ",
        role: Then,
        en: "orders {string} and {string} have different reasons",
        zh: "订单{string}与订单{string}的原因不同",
        help_en: "Two causes that the network lets a terminal tell apart.",
        help_zh: "网络能够区分的两种情况，终端也要区分。",
        needs: &[],
        run: |world, args| {
            let (first, second) = (args.text(), args.text_at(1));
            world.heard_of(first)?;
            world.heard_of(second)?;
            let reason = |order| {
                world
                    .last_outcome(order)
                    .and_then(|(i, _, o)| o.reason.as_ref().map(|r| (i, r.as_str().to_owned())))
            };
            let (one, other) = (reason(first), reason(second));
            let expected = Sentence::new("two different reasons", "两个不同的原因");
            match (one, other) {
                (Some((_, one)), Some((_, other))) if one != other => {}
                (Some((entry, one)), Some(_)) => world.breach(
                    expected,
                    Sentence::new(format!("{one} for both"), format!("两者都是 {one}")),
                    Some(entry),
                ),
                (one, _) => {
                    let silent = if one.is_some() { second } else { first };
                    world.breach(
                        expected,
                        Sentence::new(
                            format!("no reason for order {silent}"),
                            format!("订单{silent}没有原因"),
                        ),
                        None,
                    );
                }
            }
            Ok(())
        },
    },
    Step {
        id: "display-speaks",
        role: Then,
        en: "the display says why in the language of the shop",
        zh: "显示屏用店内语言说明原因",
        help_en: "In the answer that ended the order, or reported it unknown, a display in the locale's language, not a bare code.",
        help_zh: "结束订单（或报告未知）的同一应答中有一条界面语言的提示，而不只是代码。",
        needs: &[],
        run: |world, _| {
            if !crate::checks::speaks_of_trouble(&world.history()) {
                world.breach(
                    Sentence::new("an outcome that is not an approval", "有一个不是成功的结果"),
                    Sentence::new("none", "没有"),
                    None,
                );
            }
            super::rules::expect_requirement(world, crate::requirements::Requirement::Ux02)
        },
    },
    Step {
        id: "display-carries-reason",
        role: Then,
        en: "the display reports {reason}",
        zh: "显示屏提示{reason}",
        help_en: "Since the current action of cashier or customer, a display with this reason.",
        help_zh: "自当前操作以来，有一条带此原因的提示。",
        needs: &[],
        run: |world, args| {
            let wanted = args.reasons();
            let shown = |entry: &counterproof_sim::record::Entry| {
                matches!(&entry.fact, Fact::Did { action: Action::Display { reason: Some(r), .. } }
                    if r.known().is_some_and(|r| wanted.contains(&r)))
            };
            if !world.entries()[world.mark..].iter().any(shown) {
                world.breach(
                    Sentence::new(
                        format!("a display with the reason {}", ids(&wanted)),
                        format!("带原因 {} 的提示", ids(&wanted)),
                    ),
                    Sentence::new("none", "没有"),
                    None,
                );
            }
            Ok(())
        },
    },
    Step {
        id: "receipt-printed",
        role: Then,
        en: "a receipt is printed",
        zh: "打印凭条",
        help_en: "At least one receipt since the current action of cashier or customer.",
        help_zh: "自当前操作以来至少打印一张凭条。",
        needs: &[Need::Printer],
        run: |world, _| expect_receipts(world, true),
    },
    Step {
        id: "receipt-if-approved",
        role: Then,
        en: "a receipt is printed if order {string} is approved",
        zh: "若订单{string}成功，则打印凭条",
        help_en: "Where the terminal may undo what it cannot print: only what stays approved has a receipt.",
        help_zh: "终端可以撤销打不出凭条的付款时使用：只有保留成功的才有凭条。",
        needs: &[Need::Printer],
        run: |world, args| {
            let order = args.text();
            let is_approved = world
                .history()
                .payments_of(order)
                .last()
                .and_then(OrderStory::final_status)
                .is_some_and(|status| status == Status::Approved);
            if is_approved {
                expect_receipts(world, true)?;
            }
            Ok(())
        },
    },
    Step {
        id: "no-receipt",
        role: Then,
        en: "no receipt is printed",
        zh: "没有打印凭条",
        help_en: "No receipt since the current action of cashier or customer.",
        help_zh: "自当前操作以来没有打印凭条。",
        needs: &[Need::Printer],
        run: |world, _| expect_receipts(world, false),
    },
    Step {
        id: "next-payment-works",
        role: Then,
        en: "the next payment works",
        zh: "下一笔付款成功",
        help_en: "The customer pays another 1.00 yuan with a fresh code, and it is approved and charged once.",
        help_zh: "顾客用新付款码再付 1.00 元，成功且只扣一次。",
        needs: &[],
        run: |world, _| {
            world.extra_orders += 1;
            let order = format!("NEXT-{}", world.extra_orders);
            world.bench().phone_mut().refresh();
            super::cashier::pay(world, &order, 100)?;
            let expected = status_sentence(Status::Approved);
            expect_outcome(world, &order, expected, |o| o.status == Status::Approved)
        },
    },
];

fn status_sentence(status: Status) -> Sentence {
    match status {
        Status::Approved => Sentence::new("approved", "成功"),
        Status::Declined => Sentence::new("declined", "被拒绝"),
        Status::Cancelled => Sentence::new("cancelled", "已取消"),
        Status::Unknown => Sentence::new("unknown", "结果未知"),
    }
}

fn expect_outcome(
    world: &mut World,
    order: &str,
    expected: Sentence,
    right: impl Fn(&Outcome) -> bool,
) -> StepResult {
    world.heard_of(order)?;
    let (seen, entry) = match world.last_outcome(order) {
        Some((_, _, outcome)) if right(outcome) => return Ok(()),
        Some((index, _, outcome)) => {
            let mut seen = status_sentence(outcome.status);
            if let Some(reason) = &outcome.reason {
                seen.en.push_str(&format!(" ({})", reason.as_str()));
                seen.zh.push_str(&format!("（{}）", reason.as_str()));
            }
            (seen, Some(index))
        }
        None => (Sentence::new("no word at all", "没有任何结果"), None),
    };
    let expected = Sentence::new(
        format!("order {order}: {}", expected.en),
        format!("订单{order}：{}", expected.zh),
    );
    world.breach(expected, seen, entry);
    Ok(())
}

fn expect_reason(world: &mut World, wanted: Vec<Reason>) -> StepResult {
    let order = world.order.clone();
    world.heard_of(&order)?;
    let (seen, entry) = match world.last_outcome(&order) {
        Some((_, _, o))
            if o.reason
                .as_ref()
                .and_then(Word::known)
                .is_some_and(|r| wanted.contains(&r)) =>
        {
            return Ok(());
        }
        Some((i, _, o)) => (
            o.reason
                .as_ref()
                .map_or_else(|| "no reason".to_owned(), |r| r.as_str().to_owned()),
            Some(i),
        ),
        None => ("no outcome".to_owned(), None),
    };
    world.breach(
        Sentence::new(
            format!("order {order} with the reason {}", ids(&wanted)),
            format!("订单{order}的原因为 {}", ids(&wanted)),
        ),
        Sentence::new(seen.clone(), seen),
        entry,
    );
    Ok(())
}

fn expect_advice(world: &mut World, wanted: Vec<Advice>) -> StepResult {
    let order = world.order.clone();
    world.heard_of(&order)?;
    let (seen, entry) = match world.last_outcome(&order) {
        Some((_, _, o))
            if o.advice
                .iter()
                .any(|a| a.known().is_some_and(|a| wanted.contains(&a))) =>
        {
            return Ok(());
        }
        Some((i, _, o)) => {
            let said: Vec<&str> = o.advice.iter().map(Word::as_str).collect();
            (
                if said.is_empty() {
                    "no advice".to_owned()
                } else {
                    said.join(", ")
                },
                Some(i),
            )
        }
        None => ("no outcome".to_owned(), None),
    };
    world.breach(
        Sentence::new(
            format!("order {order} with the advice {}", ids(&wanted)),
            format!("订单{order}的建议包含 {}", ids(&wanted)),
        ),
        Sentence::new(seen.clone(), seen),
        entry,
    );
    Ok(())
}

fn expect_receipts(world: &mut World, wanted: bool) -> StepResult {
    let mark = world.mark;
    let found = world.entries()[mark..].iter().position(|e| {
        matches!(
            &e.fact,
            Fact::Did {
                action: Action::Print { .. }
            }
        )
    });
    if found.is_some() != wanted {
        let some = Sentence::new("a receipt", "凭条");
        let none = Sentence::new("no receipt", "没有凭条");
        let (expected, seen) = if wanted { (some, none) } else { (none, some) };
        world.breach(expected, seen, found.map(|i| i + mark));
    }
    Ok(())
}

fn ids<V: Vocabulary>(words: &[V]) -> String {
    words.iter().map(|w| w.id()).collect::<Vec<_>>().join(" / ")
}

fn when_sentence(at: Option<Time>, since: Time) -> Sentence {
    at.map_or_else(
        || Sentence::new("none", "没有"),
        |at| {
            Sentence::new(
                format!("after {}", at.since(since)),
                format!("{} 之后", at.since(since)),
            )
        },
    )
}
