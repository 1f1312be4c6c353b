//! Whatever happens, in whatever order: no panic, no wake in the past, and the money right once
//! all is quiet.

use proptest::prelude::*;

use super::bench::Bench;
use super::host::Say;
use crate::pos::ReferenceTerminal;
use crate::terminal::{
    Boot, Bytes, Event, Flow, PrinterFault, Refusal, Reply, ScannerFault, StreamEnd, Symbology,
    Terminal,
};
use crate::time::{Span, Time};
use crate::vocabulary::Operation;

fn order() -> impl Strategy<Value = Box<str>> {
    (0..4_u8).prop_map(|n| format!("A{n}").into())
}

fn code() -> impl Strategy<Value = Box<str>> {
    prop_oneof![
        8 => (0..6_u8).prop_map(|n| format!("13123456789012345{n}").into()),
        1 => any::<String>().prop_map(Into::into),
    ]
}

/// Any event, sensible or not.
fn event() -> impl Strategy<Value = Event> {
    let conn = 0..6_u64;
    let link = prop_oneof![Just("cellular"), Just("wifi"), Just("carrier pigeon")];
    prop_oneof![
        4 => Just(Event::Wake),
        4 => (order(), prop_oneof![Just(100), any::<i64>()])
            .prop_map(|(order, amount)| Event::Pay { order, amount, flow: Flow::Scan }),
        2 => (order(), prop_oneof![Just(100), any::<i64>()])
            .prop_map(|(order, amount)| Event::Pay { order, amount, flow: Flow::Show }),
        2 => (order(), prop_oneof![0..200_i64, any::<i64>()])
            .prop_map(|(order, amount)| Event::Refund { order, amount }),
        1 => order().prop_map(|order| Event::Void { order }),
        1 => prop_oneof![Just(Event::Reprint), Just(Event::SelfTest), Just(Event::DeviceLog)],
        4 => code().prop_map(|text| Event::ScannerRead { text, symbology: Symbology::Qr }),
        1 => code().prop_map(|text| Event::ManualCode { text }),
        1 => Just(Event::Cancel),
        1 => Just(Event::SignIn),
        1 => order().prop_map(|order| Event::Status { order }),
        1 => prop_oneof![
            Just(ScannerFault::Dead), Just(ScannerFault::NoDecode),
            Just(ScannerFault::Timeout), Just(ScannerFault::Ok),
        ].prop_map(|kind| Event::ScannerFault { kind }),
        1 => prop_oneof![Just(PrinterFault::Jam), Just(PrinterFault::Ok)]
            .prop_map(|kind| Event::PrinterFault { kind }),
        2 => (link.clone(), any::<bool>()).prop_map(|(link, up)| {
            let link = link.into();
            if up { Event::LinkUp { link } } else { Event::LinkDown { link } }
        }),
        3 => conn.clone().prop_map(|conn| Event::HostOpened { conn }),
        1 => (conn.clone(), prop_oneof![
            Just(Refusal::Refused), Just(Refusal::Timeout),
            Just(Refusal::Unreachable), Just(Refusal::Tls),
        ]).prop_map(|(conn, reason)| Event::HostRefused { conn, reason }),
        1 => conn.clone().prop_map(|conn| Event::HostClosed { conn, reason: StreamEnd::Reset }),
        2 => (conn, prop::collection::vec(any::<u8>(), 0..80))
            .prop_map(|(conn, data)| Event::HostData { conn, data: Bytes(data) }),
        1 => Just(Event::Settle),
    ]
}

fn say() -> impl Strategy<Value = Say> {
    prop_oneof![
        6 => Just(Say::Default),
        2 => Just(Say::Lost),
        2 => Just(Say::Mute),
        1 => (0..130_000_u64).prop_map(Say::Late),
        1 => Just(Say::Closed),
        1 => Just(Say::BadMac),
        1 => Just(Say::NoMac),
        1 => Just(Say::Twice),
        1 => Just(Say::Header(3)),
        1 => Just(Say::Batch(5)),
        1 => Just(Say::BadCheckValue),
        1 => prop_oneof![Just("A0"), Just("99"), Just("77"), Just("96")]
            .prop_map(|code| Say::Code(code, "")),
        1 => Just(Say::Bytes(|frame| frame.chunks(3).map(<[u8]>::to_vec).collect())),
        1 => Just(Say::Bytes(|frame| vec![frame[..30].to_vec()])),
    ]
}

/// What a sale may get besides.
fn sale() -> impl Strategy<Value = Say> {
    prop_oneof![
        2 => say(),
        1 => prop_oneof![Just("09"), Just("98"), Just("96"), Just("10"), Just("68")]
            .prop_map(|code| Say::Book(code, "")),
        1 => prop_oneof![Just("05"), Just("51"), Just("54"), Just("94")]
            .prop_map(|code| Say::Code(code, "")),
    ]
}

/// What a message of a settlement may get.
fn settling() -> impl Strategy<Value = Say> {
    prop_oneof![
        3 => Just(Say::Default),
        1 => Just(Say::Lost),
        1 => Just(Say::Mute),
        1 => Just(Say::Closed),
        1 => prop_oneof![Just("96"), Just("30")].prop_map(|code| Say::Code(code, "")),
    ]
}

/// What the people at the counter, the network and the power do.
#[derive(Clone, Debug)]
enum Move {
    Pay(u8, u8),
    Cancel,
    SignIn,
    Status(u8),
    Show(u8, Option<u64>),
    Refund(u8, i64),
    Void(u8),
    Settle,
    Test,
    Paper(bool),
    Reprint,
    Link(bool, bool),
    Refuse(bool),
    Pass(u64),
    Cut,
    CutSoon(u32, Option<u32>),
    Keys,
}

fn play() -> impl Strategy<Value = Move> {
    prop_oneof![
        5 => (0..4_u8, 0..9_u8).prop_map(|(order, code)| Move::Pay(order, code)),
        1 => Just(Move::Cancel),
        1 => Just(Move::SignIn),
        1 => (0..4_u8).prop_map(Move::Status),
        2 => (0..4_u8, prop::option::of(0..130_000_u64))
            .prop_map(|(order, paid)| Move::Show(order, paid)),
        2 => (0..4_u8, 1..120_i64).prop_map(|(order, amount)| Move::Refund(order, amount)),
        1 => (0..4_u8).prop_map(Move::Void),
        1 => Just(Move::Settle),
        1 => Just(Move::Test),
        1 => any::<bool>().prop_map(Move::Paper),
        1 => Just(Move::Reprint),
        2 => (any::<bool>(), any::<bool>()).prop_map(|(first, up)| Move::Link(first, up)),
        1 => any::<bool>().prop_map(Move::Refuse),
        6 => prop_oneof![0..2_000_u64, 0..200_000_u64].prop_map(Move::Pass),
        1 => Just(Move::Cut),
        2 => (1..6_u32, prop::option::of(0..5_u32)).prop_map(|(n, w)| Move::CutSoon(n, w)),
        1 => Just(Move::Keys),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_sequence_of_events_panics_or_wakes_in_the_past(
        events in prop::collection::vec((event(), 0..40_000_u64), 1..60),
        defects in prop::collection::vec(
            prop::sample::select(<crate::pos::Defect as crate::vocabulary::Vocabulary>::ALL), 0..3),
    ) {
        let mut terminal = ReferenceTerminal::with_defects(&defects);
        let mut setup = super::bench::setup();
        terminal.initialize(&setup).unwrap();
        let mut now = Time::from_millis(super::bench::START);
        for (event, pause) in events {
            now += Span::from_millis(pause);
            let mut reply = Reply::default();
            if terminal.event(now, &event, &mut reply).is_ok()
                && let Some(wake) = reply.wake_at
            {
                prop_assert!(wake > now && wake == wake.ceil_to_millis());
            }
            if pause == 0 {
                terminal.cut_power_during(now, &event, Some(1)).unwrap();
                setup.boot = Boot::Cold;
                setup.now = now.as_millis();
                terminal.initialize(&setup).unwrap();
            }
        }
    }

    #[test]
    fn once_all_is_quiet_the_money_is_where_the_terminal_says(
        moves in prop::collection::vec(play(), 1..25),
        sales in prop::collection::vec(sale(), 0..6),
        queries in prop::collection::vec(say(), 0..6),
        reversals in prop::collection::vec(say(), 0..6),
        sign_ins in prop::collection::vec(say(), 0..4),
        returns in prop::collection::vec(say(), 0..6),
        settlements in prop::collection::vec(settling(), 0..6),
    ) {
        let mut bench = Bench::new(&[]);
        bench.script(Operation::Sale, sales);
        bench.script(Operation::Query, queries);
        bench.script(Operation::Reversal, reversals);
        bench.script(Operation::SignIn, sign_ins);
        for operation in [Operation::Refund, Operation::Void, Operation::CodeOrder] {
            bench.script(operation, returns.clone());
        }
        for operation in [Operation::Settlement, Operation::BatchDetail, Operation::BatchEnd] {
            bench.script(operation, settlements.clone());
        }
        for step in moves {
            match step {
                Move::Pay(order, code) => {
                    let order = format!("A{order}");
                    bench.order(&order, 100);
                    bench.run(1);
                    bench.scan(&format!("13123456789012345{code}"));
                }
                Move::Cancel => bench.tell(Event::Cancel),
                Move::SignIn => bench.tell(Event::SignIn),
                Move::Status(order) => bench.tell(Event::Status { order: format!("A{order}").into() }),
                Move::Show(order, paid) => {
                    bench.show(&format!("A{order}"), 100);
                    if let Some(ms) = paid {
                        bench.run_until(bench.now + Span::from_millis(ms));
                        bench.host.customer_pays();
                    }
                }
                Move::Refund(order, amount) => bench.refund(&format!("A{order}"), amount),
                Move::Void(order) => bench.void(&format!("A{order}")),
                Move::Settle => bench.tell(Event::Settle),
                Move::Test => bench.tell(Event::SelfTest),
                Move::Paper(there) => bench.tell(Event::PrinterFault {
                    kind: if there { PrinterFault::Ok } else { PrinterFault::PaperOut },
                }),
                Move::Reprint => bench.tell(Event::Reprint),
                Move::Link(first, up) => bench.link(if first { "cellular" } else { "wifi" }, up),
                Move::Refuse(refuse) => bench.refusal = refuse.then_some(Refusal::Refused),
                Move::Pass(ms) => bench.run_until(bench.now + Span::from_millis(ms)),
                Move::Cut => bench.cut_power(),
                Move::CutSoon(events, writes) => {
                    bench.cut_at = Some((bench.events + events, writes));
                    bench.was_cut = false;
                }
                Move::Keys => bench.host.change_keys(),
            }
        }
        // The faults are over.
        bench.cut_at = None;
        bench.refusal = None;
        bench.host.script.clear();
        bench.link("cellular", true);
        bench.link("wifi", true);
        bench.run(600);
        bench.judge();
        for order in ["A0", "A1", "A2", "A3"] {
            let words = bench.outcomes(order);
            prop_assert!(words.last().is_none_or(|last| last.status.is_final()), "{order}");
        }
        prop_assert!(bench.wake.is_none());
    }
}
