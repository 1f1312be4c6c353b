//! What the cashier is told: final words, reasons, displays, receipts, the cancel key (TXN-05, 14,
//! 15, PWR-03, UX-01, UX-02).

use counterproof_sim::record::Fact;
use counterproof_sim::terminal::{Action, Event, Lines, Outcome, PaidOperation, Status};
use counterproof_sim::time::{Span, Time};
use counterproof_sim::vocabulary::Lang;

use super::answers::{final_without_knowing, own_answer};
use super::breach::{after_start, at, missing, say};
use super::money::words;
use super::practices::is_written_off;
use crate::history::{History, OrderStory, Said};
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// How long an order may stay without a final word once faults are over (edges 30).
fn patience(h: &History<'_>) -> Span {
    let t = &h.setup().timing;
    Span::from_millis(
        2 * t.response_timeout_ms
            + t.query_for_ms.max(t.show_for_ms)
            + 3 * t.reversal_retry_ms
            + 2 * t.reversal_round_ms
            + 2 * t.connect_timeout_ms
            + t.scan_timeout_ms
            + 60_000,
    ) + h.tolerance()
}

/// TXN-05: every order has a final word, in time.
pub(super) fn has_a_final_word(h: &History<'_>, found: &mut Vec<Breach>) {
    let Some(rest) = h.rest() else { return };
    for (order, said) in words(h) {
        let last = said.last();
        match last {
            Some(word) if word.outcome.status.is_final() => in_time(h, order, word.entry, found),
            Some(_) if is_written_off(h, order) => {}
            Some(word) => found.push(at(
                h,
                R::Txn05,
                word.entry,
                say(
                    format!("a final word on order {order}"),
                    format!("订单{order}有最终结果"),
                ),
                say("still unknown at rest", "平静后仍为未知"),
            )),
            None if answered_by_display(h, order) || never_seen(h, order) => {}
            None => found.push(missing(
                R::Txn05,
                say(
                    format!("a final word on order {order}"),
                    format!("订单{order}有最终结果"),
                ),
                say(
                    format!("no word in {}", after_start(h, h.at(rest))),
                    format!("{} 内没有任何结果", after_start(h, h.at(rest))),
                ),
            )),
        }
    }
}

/// An order that was refused with a display only: paid before, or unsupported.
fn answered_by_display(h: &History<'_>, order: &str) -> bool {
    h.payments_of(order).count() > 1
}

/// An order that the power failed in place of the answer to: the terminal may never have known of
/// it, and the cashier begins anew.
fn never_seen(h: &History<'_>, order: &str) -> bool {
    h.payments_of(order).all(|o| h.is_swallowed(o.opened))
}

fn in_time(h: &History<'_>, order: &str, word: usize, found: &mut Vec<Breach>) {
    let Some(opened) = h.payments_of(order).filter(|o| o.opened < word).last() else {
        return;
    };
    let disturbed = h.entries()[opened.opened..word]
        .iter()
        .filter(|e| {
            matches!(
                e.fact,
                Fact::Fired { .. }
                    | Fact::Lifted { .. }
                    | Fact::LinkState { .. }
                    | Fact::Boot { .. }
                    | Fact::PowerCut { .. }
                    | Fact::Told {
                        event: Event::Status { .. }
                    }
            )
        })
        .map(|e| e.at)
        .max();
    let from = disturbed
        .unwrap_or(Time::default())
        .max(h.at(opened.opened));
    if h.at(word) > from + patience(h) {
        found.push(at(
            h,
            R::Txn05,
            word,
            say(
                format!("a final word on order {order} within {}", patience(h)),
                format!("订单{order}在 {} 内有最终结果", patience(h)),
            ),
            say(
                format!("after {}", h.at(word).since(from)),
                format!("{} 之后", h.at(word).since(from)),
            ),
        ));
    }
}

/// PWR-03: an order that was in flight when the power failed has its final word after the
/// restart, without being asked.
pub(super) fn final_word_after_restart(h: &History<'_>, found: &mut Vec<Breach>) {
    if h.rest().is_none() {
        return;
    }
    for cut in h.cuts() {
        let Some(boot) = h.boots().iter().find(|b| *b > cut) else {
            continue;
        };
        for order in h
            .orders()
            .iter()
            .filter(|o| o.opened < *cut && in_flight(o, *cut))
        {
            let word = order
                .said
                .iter()
                .find(|s| s.entry > *boot && s.outcome.status.is_final());
            let asked = h.entries()[*boot..word.map_or(h.entries().len(), |w| w.entry)]
                .iter()
                .any(|e| matches!(&e.fact, Fact::Told { event: Event::Status { order: o } } if **o == *order.order));
            if (word.is_none() || asked) && !is_written_off(h, order.order) {
                found.push(at(
                    h,
                    R::Pwr03,
                    *boot,
                    say(
                        format!(
                            "a final word on order {} after the restart, unasked",
                            order.order
                        ),
                        format!("重启后主动给出订单{}的最终结果", order.order),
                    ),
                    say("none", "没有"),
                ));
            }
        }
    }
}

/// Whether an order had no final word that the cashier can have seen before the cut.
fn in_flight(order: &OrderStory<'_>, cut: usize) -> bool {
    !order
        .said
        .iter()
        .any(|s| s.entry < cut && s.outcome.status.is_final())
}

/// TXN-15: the cancel key.
pub(super) fn cancelled(h: &History<'_>, found: &mut Vec<Breach>) {
    let was_cancelled = |order: &str, said: &Said<'_>| {
        let opened = h
            .payments_of(order)
            .filter(|o| o.opened < said.entry)
            .last();
        let from = opened.map_or(0, |o| o.opened);
        h.entries()[from..said.entry].iter().any(|e| {
            matches!(
                e.fact,
                Fact::Told {
                    event: Event::Cancel
                }
            )
        })
    };
    final_without_knowing(h, R::Txn15, was_cancelled, found);
    let keys = h.entries().iter().enumerate().filter(|(_, e)| {
        matches!(
            e.fact,
            Fact::Told {
                event: Event::Cancel
            }
        )
    });
    for (pressed, _) in keys {
        let Some(order) = h.orders().iter().rfind(|o| o.opened < pressed) else {
            continue;
        };
        if !in_flight(order, pressed) {
            continue;
        }
        let payments: Vec<_> = h
            .messages()
            .filter(|m| {
                m.is_financial() && m.order() == Some(order.order) && m.entry() > order.opened
            })
            .collect();
        let sent_before = payments.iter().any(|m| m.entry() < pressed);
        let next = h
            .orders()
            .iter()
            .find(|o| o.opened > order.opened)
            .map_or(usize::MAX, |o| o.opened);
        let after = payments
            .iter()
            .find(|m| m.entry() > pressed && m.entry() < next);
        if let Some(after) = after {
            found.push(at(
                h,
                R::Txn15,
                after.entry(),
                say(
                    "nothing sent after the cancel key",
                    "取消键之后不再发送请求",
                ),
                say("a request left", "发出了请求"),
            ));
        }
        if sent_before {
            let answered = payments.iter().any(|m| {
                own_answer(h, m).is_some_and(|a| a.entry < pressed && super::answers::decides(a))
            });
            let approved = order.said.iter().find(|s| {
                s.entry > pressed
                    && s.outcome.status == Status::Approved
                    && s.outcome.operation == PaidOperation::Pay
            });
            // The key that a power cut made a terminal forget is pressed again by the cashier.
            let forgotten = |said: &&Said<'_>| h.is_cut_between(pressed, said.entry);
            if let Some(said) = approved.filter(|said| !answered && !forgotten(said)) {
                found.push(at(
                    h,
                    R::Txn15,
                    said.entry,
                    say(
                        "an approval after the cancel key is not shown",
                        "取消之后到来的成功不得显示",
                    ),
                    say("reported approved", "报告成功"),
                ));
            }
        }
    }
}

/// UX-01: every outcome that is not an approval has a reason and an advice of the vocabulary.
pub(super) fn reason_and_advice(h: &History<'_>, found: &mut Vec<Breach>) {
    for (entry, outcome) in troubles(h) {
        let named = outcome.reason.as_ref().is_some_and(|r| r.known().is_some());
        let advised = outcome.advice.iter().any(|a| a.known().is_some());
        if named && advised {
            continue;
        }
        let order = &outcome.order;
        let what = if named {
            say("an advice of the vocabulary", "词汇表中的建议")
        } else {
            say("a reason of the vocabulary", "词汇表中的原因")
        };
        let seen = match &outcome.reason {
            Some(reason) if !named => say(
                format!("{:?}", reason.as_str()),
                format!("{:?}", reason.as_str()),
            ),
            _ => say("none", "没有"),
        };
        found.push(at(
            h,
            R::Ux01,
            entry,
            say(
                format!("order {order} with {}", what.en),
                format!("订单{order}带有{}", what.zh),
            ),
            seen,
        ));
    }
}

/// Whether there is any outcome that is not an approval.
pub(crate) fn speaks_of_trouble(h: &History<'_>) -> bool {
    troubles(h).next().is_some()
}

/// Every outcome that is not an approval.
fn troubles<'r>(h: &History<'r>) -> impl Iterator<Item = (usize, &'r Outcome)> {
    h.entries()
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| match &entry.fact {
            Fact::Did {
                action: Action::Outcome(outcome),
            } if outcome.status != Status::Approved => Some((index, &**outcome)),
            _ => None,
        })
}

/// UX-02: such an outcome comes with a display in the locale's language in the same answer.
pub(super) fn language_of_the_shop(h: &History<'_>, found: &mut Vec<Breach>) {
    let lang = Lang::of_locale(&h.setup().locale);
    for (entry, outcome) in troubles(h) {
        let shown = displays_with(h, entry);
        // A terminal that keeps its own time may lose its power between two breaths.
        let is_cut = |cut: &usize| *cut > entry && h.at(*cut) <= h.at(entry) + h.tolerance();
        if h.tolerance() > Span::ZERO && h.cuts().iter().any(is_cut) {
            continue;
        }
        let right = shown
            .iter()
            .any(|lines| lines.iter().any(|line| speaks(line, lang)));
        if !right {
            let seen = if shown.is_empty() {
                say("no display", "没有提示")
            } else {
                say("bare codes or another language", "只有代码或其他语言")
            };
            found.push(at(
                h,
                R::Ux02,
                entry,
                say(
                    format!(
                        "a display in the language of the shop for order {}",
                        outcome.order
                    ),
                    format!("订单{}的提示使用店内语言", outcome.order),
                ),
                seen,
            ));
        }
    }
}

/// The displays in the same answer as an action.
fn displays_with<'r>(h: &History<'r>, entry: usize) -> Vec<&'r Lines> {
    // A terminal that keeps its own time says what belongs together in several breaths.
    let (at, tolerance) = (h.at(entry), h.tolerance());
    let acts = |e: &usize| {
        (tolerance > Span::ZERO || h.at(*e) == at)
            && matches!(
                h.entries()[*e].fact,
                Fact::Did { .. }
                    | Fact::Dialled { .. }
                    | Fact::Refused { .. }
                    | Fact::LinkState { .. }
                    | Fact::Fired { .. }
            )
    };
    let in_a_breath = |e: &usize| tolerance > Span::ZERO && h.at(*e) <= at + tolerance;
    let before = (0..entry).rev().take_while(acts);
    let after = (entry + 1..h.entries().len()).take_while(|e| acts(e) || in_a_breath(e));
    before
        .chain(after)
        .filter_map(|e| match &h.entries()[e].fact {
            Fact::Did {
                action: Action::Display { lines, .. },
            } => Some(lines),
            _ => None,
        })
        .collect()
}

/// Whether a line is words of the language, not digits and codes.
fn speaks(line: &str, lang: Lang) -> bool {
    match lang {
        Lang::Zh => line.chars().any(is_han),
        Lang::En => {
            let words = line.split(|c: char| !c.is_alphabetic() && c != '\'');
            let words =
                words.filter(|w| w.chars().count() > 1 && w.chars().any(char::is_lowercase));
            words.count() >= 2 && !line.chars().any(is_han)
        }
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
}

/// TXN-14: an approval has a receipt with everything on it, and a receipt that is printed again
/// says so.
pub(super) fn receipt(h: &History<'_>, found: &mut Vec<Breach>) {
    reprints_marked(h, found);
    for order in h.orders() {
        let approved = order.said.iter().find(|s| {
            s.outcome.status == Status::Approved && s.outcome.operation == PaidOperation::Pay
        });
        let Some(said) = approved else { continue };
        let next = h
            .orders()
            .iter()
            .find(|o| o.opened > order.opened)
            .map_or(h.entries().len(), |o| o.opened);
        let printed: Vec<String> = h.entries()[order.opened..next]
            .iter()
            .filter_map(|e| match &e.fact {
                Fact::Did {
                    action: Action::Print { lines, .. },
                } => Some(lines.joined()),
                _ => None,
            })
            .collect();
        if printed.is_empty() {
            continue;
        }
        let wanted = receipt_items(h, order, said.outcome);
        let lacking = |text: &String| missing_items(text, &wanted);
        if printed.iter().any(|text| lacking(text).is_empty()) {
            continue;
        }
        if let Some(lacking) = printed.iter().map(lacking).min_by_key(Vec::len) {
            let (en, zh): (Vec<_>, Vec<_>) = lacking.into_iter().unzip();
            found.push(at(
                h,
                R::Txn14,
                said.entry,
                say(
                    format!("a receipt of order {} with merchant, terminal, date and time, amount, RRN and order", order.order),
                    format!("订单{}的凭条含商户、终端、日期时间、金额、参考号和订单号", order.order),
                ),
                say(format!("it lacks: {}", en.join(", ")), format!("缺少：{}", zh.join("、"))),
            ));
        }
    }
}

/// Whether a receipt carries the mark of a reprint (edges 36).
pub(crate) fn is_marked_reprint(text: &str) -> bool {
    const MARKS: [&str; 4] = ["重打印", "重印", "REPRINT", "DUPLICATE"];
    let text = text.to_uppercase();
    MARKS.iter().any(|mark| text.contains(mark))
}

/// Edges 36, 38: a copy that was printed before carries a mark.
fn reprints_marked(h: &History<'_>, found: &mut Vec<Breach>) {
    let mut printed = Vec::new();
    for (entry, e) in h.entries().iter().enumerate() {
        let Fact::Did {
            action: Action::Print { copy, lines },
        } = &e.fact
        else {
            continue;
        };
        let text = lines.joined();
        let of = |text: &str| {
            h.orders()
                .iter()
                .rposition(|o| o.opened < entry && text.contains(o.order))
        };
        let Some(order) = of(&text) else { continue };
        // A refund or void of the order has a receipt of its own.
        let given_back = h
            .given(0, entry)
            .filter(|(_, event)| matches!(event, Event::Refund { .. } | Event::Void { .. }))
            .count();
        let again = printed.contains(&(order, given_back, *copy));
        if again && !is_marked_reprint(&text) {
            found.push(at(
                h,
                R::Txn14,
                entry,
                say(
                    "a receipt printed again is marked as a reprint",
                    "重打印的凭条有重印标记",
                ),
                say("no mark", "没有标记"),
            ));
        }
        printed.push((order, given_back, *copy));
    }
}

type Item = (&'static str, &'static str, Vec<String>);

/// What must stand on the receipt: the item, and the spellings of which one must be there.
fn receipt_items(h: &History<'_>, order: &OrderStory<'_>, outcome: &Outcome) -> Vec<Item> {
    use counterproof_sim::iso8583::Field;
    let account = &h.setup().terminal;
    let amount = outcome.amount.unwrap_or(order.amount);
    let yuan = counterproof_sim::money::Fen::new(amount.unsigned_abs()).to_string();
    let mut items = vec![
        ("merchant", "商户号", vec![account.merchant.to_string()]),
        ("terminal", "终端号", vec![account.id.to_string()]),
        ("amount", "金额", vec![yuan]),
        ("order", "订单号", vec![order.order.to_owned()]),
    ];
    let payment = h
        .messages()
        .filter(|m| m.is_payment())
        .rfind(|m| m.order() == Some(order.order) && m.entry() > order.opened);
    let answer = payment
        .and_then(|p| own_answer(h, p))
        .map(|a| &a.packet.message);
    let Some(message) = answer else { return items };
    if let Some(rrn) = message.text(Field::RRN) {
        items.push(("RRN", "参考号", vec![rrn.trim().to_owned()]));
    }
    if let Some(date) = message.text(Field::DATE) {
        items.push(("date", "日期", vec![date.to_owned()]));
    }
    if let Some(time) = message.text(Field::TIME) {
        items.push((
            "time",
            "时间",
            vec![time.to_owned(), time.get(..4).unwrap_or(time).to_owned()],
        ));
    }
    items
}

/// The items that a receipt lacks. Dates and times are looked for in its digits alone.
fn missing_items(text: &str, wanted: &[Item]) -> Vec<(&'static str, &'static str)> {
    let mut digits = text.to_owned();
    digits.retain(|c| c.is_ascii_digit() || c == '\n');
    let plain = text.replace(',', "");
    let there = |item: &Item| {
        item.2
            .iter()
            .any(|spelling| plain.contains(spelling) || digits.contains(spelling))
    };
    wanted
        .iter()
        .filter(|item| !there(item))
        .map(|item| (item.0, item.1))
        .collect()
}
