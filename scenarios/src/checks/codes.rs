//! Payment codes and amounts: what may be sent at all (CODE-01…04, TXN-13).

use counterproof_sim::money::Fen;
use counterproof_sim::phone::route;
use counterproof_sim::vocabulary::Operation;

use super::breach::{at, say};
use crate::history::{History, Message};
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// A code for people: the first six and the last four digits.
fn masked(code: &str) -> String {
    if code.len() < 12 || !code.is_ascii() {
        return "****".to_owned();
    }
    format!("{}****{}", &code[..6], &code[code.len() - 4..])
}

/// CODE-01: a sale carries exactly a code that was read for its order.
pub(super) fn sends_what_was_read(h: &History<'_>, found: &mut Vec<Breach>) {
    for sale in h.sent(Operation::Sale) {
        let Some(code) = sale.code() else { continue };
        let was_read = h
            .orders()
            .iter()
            .any(|o| Some(o.order) == sale.order() && o.codes.iter().any(|(_, c)| *c == code));
        if !was_read {
            found.push(at(
                h,
                R::Code01,
                sale.entry(),
                say("the code exactly as it was read", "与读取内容完全一致的付款码"),
                say(format!("the code {}", masked(code)), format!("付款码 {}", masked(code))),
            ));
        }
    }
}

/// CODE-02: nothing but a payment code is sent.
pub(super) fn sends_payment_codes_only(h: &History<'_>, found: &mut Vec<Breach>) {
    for sale in h.sent(Operation::Sale) {
        let Some(code) = sale.code() else { continue };
        if route(code).is_none() {
            found.push(at(
                h,
                R::Code02,
                sale.entry(),
                say("what is no payment code refused locally", "非付款码应在本地拒绝"),
                say(
                    format!("a sale with a text of {} characters that is no payment code", code.len()),
                    format!("消费请求携带了 {} 个字符的非付款码", code.len()),
                ),
            ));
        }
    }
}

/// The sales that repeat the code of an earlier one.
fn repeated_codes<'h, 'r>(h: &'h History<'r>) -> impl Iterator<Item = (&'h Message<'r>, &'h Message<'r>)> {
    let sales: Vec<_> = h.sent(Operation::Sale).filter(|s| s.code().is_some()).collect();
    let pairs = (0..sales.len()).filter_map(move |n| {
        let again = sales[n];
        sales[..n].iter().find(|s| s.code() == again.code()).map(|first| (*first, again))
    });
    pairs.collect::<Vec<_>>().into_iter()
}

/// CODE-03: one read, one request.
pub(super) fn one_request_a_read(h: &History<'_>, found: &mut Vec<Breach>) {
    for (_, again) in repeated_codes(h) {
        found.push(at(
            h,
            R::Code03,
            again.entry(),
            say("one request of a double-triggered scan", "重复触发的扫码只有一笔请求"),
            say("a second request with the same code", "以同一付款码发出第二笔请求"),
        ));
    }
}

/// CODE-04: a code that was sent is never sent again.
pub(super) fn never_again(h: &History<'_>, found: &mut Vec<Breach>) {
    for (first, again) in repeated_codes(h) {
        let stan = first.stan().unwrap_or(0);
        found.push(at(
            h,
            R::Code04,
            again.entry(),
            say("a code sent once, never sent again", "发送过的付款码不再发送"),
            say(
                format!("the code of STAN {stan:06} sent again"),
                format!("再次发送流水号 {stan:06} 用过的付款码"),
            ),
        ));
    }
}

/// TXN-13: an amount that no payment can have is never sent.
pub(super) fn impossible_amounts(h: &History<'_>, found: &mut Vec<Breach>) {
    let possible = 1..=i64::try_from(Fen::MAX.get()).unwrap_or(i64::MAX);
    for order in h.orders().iter().filter(|o| !possible.contains(&o.amount)) {
        let sent = h.messages().find(|m| {
            m.is_financial() && m.order() == Some(order.order) && m.entry() > order.opened
        });
        if let Some(message) = sent {
            found.push(at(
                h,
                R::Txn13,
                message.entry(),
                say(
                    format!("the amount of {} fen refused before anything is sent", order.amount),
                    format!("金额 {} 分应在发送前拒绝", order.amount),
                ),
                say("a request left", "已发出请求"),
            ));
        }
    }
}
