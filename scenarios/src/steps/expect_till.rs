//! What must have come of refunds, voids, settlements and of what the device says of itself.

use counterproof_sim::fault::FaultKind;
use counterproof_sim::record::Fact;
use counterproof_sim::terminal::{
    Action, Outcome, PaidOperation, PartState, SelfTestParts, Status,
};
use counterproof_sim::time::{Span, Time};
use counterproof_sim::vocabulary::{Reason, Vocabulary, Word};

use super::Role::Then;
use super::Step;
use crate::case::Need;
use crate::verdict::Sentence;
use crate::world::{StepResult, World, outcomes};

pub(super) const STEPS: &[Step] = &[
    Step {
        id: "refund-is",
        role: Then,
        en: "the refund of order {string} is {status}",
        zh: "订单{string}的退货{status}",
        help_en: "The terminal's last word on the refund.",
        help_zh: "终端对该笔退货的最后说法。",
        needs: &[],
        run: |world, args| {
            let status = args.status();
            expect(world, args.text(), PaidOperation::Refund, status, None)
        },
    },
    Step {
        id: "refund-is-because",
        role: Then,
        en: "the refund of order {string} is {status} because of {reason}",
        zh: "订单{string}的退货{status}，原因为{reason}",
        help_en: "The terminal's last word on the refund, and its reason.",
        help_zh: "终端对该笔退货的最后说法及原因。",
        needs: &[],
        run: |world, args| {
            let (status, reason) = (args.status(), args.reason());
            expect(
                world,
                args.text(),
                PaidOperation::Refund,
                status,
                Some(reason),
            )
        },
    },
    Step {
        id: "void-is",
        role: Then,
        en: "the void of order {string} is {status}",
        zh: "订单{string}的撤销{status}",
        help_en: "The terminal's last word on the void.",
        help_zh: "终端对该笔撤销的最后说法。",
        needs: &[],
        run: |world, args| {
            let status = args.status();
            expect(world, args.text(), PaidOperation::Void, status, None)
        },
    },
    Step {
        id: "void-is-because",
        role: Then,
        en: "the void of order {string} is {status} because of {reason}",
        zh: "订单{string}的撤销{status}，原因为{reason}",
        help_en: "The terminal's last word on the void, and its reason.",
        help_zh: "终端对该笔撤销的最后说法及原因。",
        needs: &[],
        run: |world, args| {
            let (status, reason) = (args.status(), args.reason());
            expect(
                world,
                args.text(),
                PaidOperation::Void,
                status,
                Some(reason),
            )
        },
    },
    Step {
        id: "settled-balanced",
        role: Then,
        en: "the batch is settled and the totals agree",
        zh: "批次已结算，总计相符",
        help_en: "The terminal said that a batch was closed, with the acquirer's totals.",
        help_zh: "终端报告批次已关闭，且与收单方总计相符。",
        needs: &[],
        run: |world, _| expect_settled(world, true),
    },
    Step {
        id: "settled-unbalanced",
        role: Then,
        en: "the batch is settled and the totals differ",
        zh: "批次已结算，总计不符",
        help_en: "The terminal said that a batch was closed, and that the acquirer's totals were others.",
        help_zh: "终端报告批次已关闭，但与收单方总计不符。",
        needs: &[],
        run: |world, _| expect_settled(world, false),
    },
    Step {
        id: "settled-totals",
        role: Then,
        en: "the settlement counts {int} sale(s) of {amount} and {int} refund(s) of {amount}",
        zh: "结算共消费{int}笔{amount}，退货{int}笔{amount}",
        help_en: "What the terminal said of the batch that was closed last: sales, and voids and refunds together.",
        help_zh: "终端对最近结算批次的说法：消费，以及撤销与退货合计。",
        needs: &[],
        run: |world, args| {
            let wanted = [
                (args.int_at(0), args.amount_at(0)),
                (args.int_at(1), args.amount_at(1)),
            ];
            let seen = settled(world).map(|(entry, _, totals)| (entry, totals));
            if seen.is_none_or(|(_, totals)| totals != wanted) {
                let text = |t: [(i64, i64); 2]| {
                    format!("{}×{} fen, {}×{} fen", t[0].0, t[0].1, t[1].0, t[1].1)
                };
                let was = seen.map_or_else(|| "-".to_owned(), |(_, totals)| text(totals));
                world.breach(
                    Sentence::new(text(wanted), text(wanted)),
                    Sentence::new(was.clone(), was),
                    seen.map(|(entry, _)| entry),
                );
            }
            Ok(())
        },
    },
    Step {
        id: "not-settled",
        role: Then,
        en: "the batch is not settled",
        zh: "批次尚未结算",
        help_en: "Since the current action of cashier or customer the terminal has not said that a batch was closed.",
        help_zh: "自收银员或顾客当前操作以来，终端没有报告批次关闭。",
        needs: &[],
        run: |world, _| {
            let mark = world.mark;
            if let Some((entry, ..)) = settled(world).filter(|(entry, ..)| *entry >= mark) {
                world.breach(
                    Sentence::new("no batch closed", "没有关闭批次"),
                    Sentence::new("one was", "关闭了批次"),
                    Some(entry),
                );
            }
            Ok(())
        },
    },
    Step {
        id: "batch-in-use",
        role: Then,
        en: "the last {operation} was in batch {int}",
        zh: "最后一次{operation}属于批次{int}",
        help_en: "Batch number in DE60 of the last such message that left the terminal.",
        help_zh: "终端最后一次发出的该报文 60 域的批次号。",
        needs: &[],
        run: |world, args| {
            let (operation, wanted) = (args.operation(), args.int());
            let last = {
                let history = world.history();
                let last = history
                    .messages()
                    .rfind(|m| m.operation() == Some(operation));
                last.map(|m| (m.entry(), m.batch().map(i64::from)))
            };
            if last.is_none_or(|(_, batch)| batch != Some(wanted)) {
                let seen = last.and_then(|(_, batch)| batch);
                let seen = seen.map_or_else(|| "-".to_owned(), |batch| format!("{batch:06}"));
                world.breach(
                    Sentence::new(format!("batch {wanted:06}"), format!("批次 {wanted:06}")),
                    Sentence::new(seen.clone(), seen),
                    last.map(|(entry, _)| entry),
                );
            }
            Ok(())
        },
    },
    Step {
        id: "reprint-marked",
        role: Then,
        en: "the receipt says that it is a reprint",
        zh: "凭条带有重印标记",
        help_en: "A receipt since the current action of cashier or customer with a line that says so.",
        help_zh: "自当前操作以来打印的凭条带有重印标记。",
        needs: &[Need::Printer],
        run: |world, _| {
            let mark = world.mark;
            let printed = world.entries()[mark..].iter().find_map(|e| match &e.fact {
                Fact::Did {
                    action: Action::Print { lines, .. },
                } => Some(lines.joined()),
                _ => None,
            });
            let marked = printed
                .as_deref()
                .is_some_and(crate::checks::is_marked_reprint);
            if !marked {
                let seen = if printed.is_some() {
                    Sentence::new("a receipt without a mark", "没有标记的凭条")
                } else {
                    Sentence::new("no receipt", "没有凭条")
                };
                world.breach(
                    Sentence::new("a receipt marked as a reprint", "带重印标记的凭条"),
                    seen,
                    None,
                );
            }
            Ok(())
        },
    },
    Step {
        id: "receipt-has-host-clock",
        role: Then,
        en: "the receipt has the acquirer's date and time",
        zh: "凭条上是收单方的日期和时间",
        help_en: "Month and day, hours and minutes of the acquirer's clock stand on the last receipt.",
        help_zh: "最近的凭条印有收单方时钟的月日与时分。",
        needs: &[Need::Printer],
        run: |world, _| expect_host_clock(world),
    },
    Step {
        id: "self-test-well",
        role: Then,
        en: "the self-test finds the {part} well",
        zh: "自检显示{part}正常",
        help_en: "What the last self-test said of that part.",
        help_zh: "最近一次自检对该部件的结论。",
        needs: &[],
        run: |world, args| expect_part(world, args.part(), PartState::Ok),
    },
    Step {
        id: "self-test-faulty",
        role: Then,
        en: "the self-test finds the {part} faulty",
        zh: "自检显示{part}故障",
        help_en: "What the last self-test said of that part.",
        help_zh: "最近一次自检对该部件的结论。",
        needs: &[],
        run: |world, args| expect_part(world, args.part(), PartState::Fault),
    },
    Step {
        id: "self-test-host-open",
        role: Then,
        en: "the self-test does not blame the acquirer",
        zh: "自检没有归咎于收单主机",
        help_en: "The last self-test left the host out or found it well: no link could be reached.",
        help_zh: "最近一次自检未列出主机或显示其正常：没有链路可达。",
        needs: &[],
        run: |world, _| {
            let seen = self_test(world).map(|(entry, parts)| (entry, parts.host));
            if seen.is_none_or(|(_, host)| host == Some(PartState::Fault)) {
                world.breach(
                    Sentence::new("the host left out or well", "主机未列出或正常"),
                    Sentence::new("faulty", "故障"),
                    seen.map(|(entry, _)| entry),
                );
            }
            Ok(())
        },
    },
    Step {
        id: "log-has-faults",
        role: Then,
        en: "the device log has {int} entries or more, each with its time",
        zh: "设备日志至少有{int}条记录，并各有时间",
        help_en: "The device log that was handed over last: entries in order of time, none before the scenario began or after now, and one within ten seconds of every fault of the device and its repair.",
        help_zh: "最近交出的设备日志：按时间先后，均在场景开始之后、当前之前，且设备每次故障与修复十秒内都有记录。",
        needs: &[],
        run: |world, args| expect_log(world, args.int()),
    },
];

/// How soon after a fault the device log must have it.
const NOTED_WITHIN: Span = Span::from_secs(10);

fn last_word<'w>(
    world: &'w World,
    order: &'w str,
    of: PaidOperation,
) -> Option<(usize, &'w Outcome)> {
    outcomes(world.entries(), order, of)
        .next_back()
        .map(|(entry, _, outcome)| (entry, outcome))
}

fn expect(
    world: &mut World,
    order: &str,
    of: PaidOperation,
    status: Status,
    reason: Option<Reason>,
) -> StepResult {
    world.heard_of(order)?;
    let seen = last_word(world, order, of).map(|(entry, o)| {
        let said = o.reason.as_ref().and_then(Word::known);
        // Where nothing moves, either word for it is right (edges 1).
        let same = match status {
            Status::Declined => matches!(o.status, Status::Declined | Status::Cancelled),
            _ => o.status == status,
        };
        let right = same && reason.is_none_or(|reason| said == Some(reason));
        let text = format!("{:?} {}", o.status, said.map_or("", Vocabulary::id)).to_lowercase();
        (entry, right, text)
    });
    if !seen.as_ref().is_some_and(|(_, right, _)| *right) {
        let what = match of {
            PaidOperation::Refund => ["the refund", "退货"],
            PaidOperation::Void => ["the void", "撤销"],
            PaidOperation::Pay => ["the payment", "付款"],
        };
        let because = reason.map_or("", Vocabulary::id);
        let word = format!("{status:?}").to_lowercase();
        let was = seen.as_ref().map_or("-", |(_, _, text)| text).to_owned();
        world.breach(
            Sentence::new(
                format!("{} of order {order}: {word} {because}", what[0]),
                format!("订单{order}的{}：{word} {because}", what[1]),
            ),
            Sentence::new(was.clone(), was),
            seen.map(|(entry, ..)| entry),
        );
    }
    Ok(())
}

/// The batch that was closed last: the entry, whether the totals agreed, and sales and refunds as
/// number and fen.
fn settled(world: &World) -> Option<(usize, bool, [(i64, i64); 2])> {
    let entries = world.entries();
    (0..entries.len())
        .rev()
        .find_map(|index| match &entries[index].fact {
            Fact::Did {
                action:
                    Action::Settled {
                        debits,
                        credits,
                        matched,
                        ..
                    },
            } => {
                let totals = [debits, credits].map(|t| {
                    (
                        i64::from(t.count),
                        i64::try_from(t.amount).unwrap_or(i64::MAX),
                    )
                });
                Some((index, *matched, totals))
            }
            _ => None,
        })
}

fn expect_settled(world: &mut World, balanced: bool) -> StepResult {
    let mark = world.mark;
    let seen = settled(world).filter(|(entry, ..)| *entry >= mark);
    if seen.is_none_or(|(_, matched, _)| matched != balanced) {
        let say = |agree: bool| {
            if agree {
                Sentence::new("a batch closed, the totals agree", "批次已关闭，总计相符")
            } else {
                Sentence::new("a batch closed, the totals differ", "批次已关闭，总计不符")
            }
        };
        let was = seen.map_or_else(
            || Sentence::new("no batch closed", "没有关闭批次"),
            |(_, matched, _)| say(matched),
        );
        world.breach(say(balanced), was, seen.map(|(entry, ..)| entry));
    }
    Ok(())
}

/// How far ahead the acquirer's clock was said to be.
fn clock_ahead(world: &World) -> Span {
    let mut ahead = world.entries().iter().filter_map(|e| match &e.fact {
        Fact::Armed { fault, .. } if fault.kind == FaultKind::ClockAhead => Some(fault.by),
        _ => None,
    });
    ahead.next_back().unwrap_or(Span::ZERO)
}

fn expect_host_clock(world: &mut World) -> StepResult {
    let ahead = clock_ahead(world);
    let entries = world.entries();
    let printed = (0..entries.len())
        .rev()
        .find_map(|index| match &entries[index].fact {
            Fact::Did {
                action: Action::Print { lines, .. },
            } => Some((index, lines.joined())),
            _ => None,
        });
    let right = printed.as_ref().is_some_and(|(index, text)| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        // The answer may be up to a minute older than the receipt, and a terminal counts on from
        // the last time that it was told.
        let at = entries[*index].at + ahead;
        [Span::ZERO, Span::from_secs(60)].iter().any(|back| {
            let civil = Time::from_micros(at.as_micros() - back.as_micros()).civil();
            let holds = |part: &[u8]| std::str::from_utf8(part).is_ok_and(|p| digits.contains(p));
            holds(&civil.mmdd()) && holds(&civil.hhmmss()[..4])
        })
    });
    if !right {
        world.breach(
            Sentence::new("the acquirer's date and time", "收单方的日期和时间"),
            printed.as_ref().map_or_else(
                || Sentence::new("no receipt", "没有凭条"),
                |_| Sentence::new("others", "其他日期或时间"),
            ),
            printed.map(|(index, _)| index),
        );
    }
    Ok(())
}

fn self_test(world: &World) -> Option<(usize, &SelfTestParts)> {
    let entries = world.entries();
    (0..entries.len())
        .rev()
        .find_map(|index| match &entries[index].fact {
            Fact::Did {
                action: Action::SelfTest { parts },
            } => Some((index, parts)),
            _ => None,
        })
}

fn expect_part(world: &mut World, part: &str, wanted: PartState) -> StepResult {
    let seen = self_test(world).map(|(entry, parts)| {
        let state = match part {
            "scanner" => Some(parts.scanner),
            "printer" => parts.printer,
            "storage" => Some(parts.storage),
            "host" => parts.host,
            link => parts.links.get(link).copied(),
        };
        (entry, state)
    });
    if seen.is_none_or(|(_, state)| state != Some(wanted)) {
        let was = match seen.and_then(|(_, state)| state) {
            Some(state) => format!("{state:?}").to_lowercase(),
            None => "-".to_owned(),
        };
        let word = format!("{wanted:?}").to_lowercase();
        world.breach(
            Sentence::new(format!("{part}: {word}"), format!("{part}：{word}")),
            Sentence::new(was.clone(), was),
            seen.map(|(entry, _)| entry),
        );
    }
    Ok(())
}

fn expect_log(world: &mut World, least: i64) -> StepResult {
    let entries = world.entries();
    let handed = (0..entries.len())
        .rev()
        .find_map(|index| match &entries[index].fact {
            Fact::Did {
                action: Action::DeviceLog { entries: log },
            } => Some((
                index,
                log.iter()
                    .map(|e| Time::from_millis(e.at))
                    .collect::<Vec<_>>(),
            )),
            _ => None,
        });
    let start = entries.first().map_or(Time::default(), |e| e.at);
    let (tolerance, clock) = world.clock();
    let told: Vec<Time> = entries
        .iter()
        .filter(|e| {
            matches!(
                &e.fact,
                Fact::Told {
                    event: counterproof_sim::terminal::Event::PrinterFault { .. }
                        | counterproof_sim::terminal::Event::ScannerFault { .. }
                }
            )
        })
        .map(|e| clock(e.at))
        .collect();
    let wrong = match &handed {
        None => Some(Sentence::new("no device log", "没有设备日志")),
        Some((index, log)) => {
            let now = clock(entries[*index].at) + tolerance;
            let unnoted = told.iter().find(|at| {
                !log.iter()
                    .any(|l| *l + tolerance >= **at && l.since(**at) <= NOTED_WITHIN + tolerance)
            });
            if i64::try_from(log.len()).unwrap_or(i64::MAX) < least {
                let count = log.len();
                Some(Sentence::new(
                    format!("{count} entries"),
                    format!("{count} 条"),
                ))
            } else if !log.is_sorted() || log.iter().any(|at| *at < start || *at > now) {
                Some(Sentence::new("times that cannot be", "时间有误"))
            } else {
                unnoted.map(|at| {
                    let after = at.since(start);
                    Sentence::new(
                        format!("nothing of what happened after {after}"),
                        format!("没有记录 {after} 时发生的事"),
                    )
                })
            }
        }
    };
    let handed = handed.map(|(index, _)| index);
    drop(clock);
    if let Some(seen) = wrong {
        world.breach(
            Sentence::new(
                "every fault and repair in the device log, with its time",
                "设备日志记有每次故障与修复及其时间",
            ),
            seen,
            handed,
        );
    }
    Ok(())
}
