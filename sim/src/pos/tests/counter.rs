//! The counter: codes, scanner, keypad, languages, secrets.

use super::bench::{Bench, CODE, FRESH};
use super::host::Say;
use crate::terminal::{
    Action, Boot, Event, Flow, Reply, ScannerFault, Status, Terminal, TerminalError,
};
use crate::time::Span;
use crate::vocabulary::{Advice, Operation, Reason};

fn fault(kind: ScannerFault) -> Event {
    Event::ScannerFault { kind }
}

fn typed(text: &str) -> Event {
    Event::ManualCode { text: text.into() }
}

#[test]
fn what_is_no_payment_code_ends_the_order_at_once() {
    for text in [
        "https://qr.alipay.com/fkx0",
        "2512345678901234567890",
        "",
        "\u{0}",
    ] {
        let mut bench = Bench::new(&[]);
        bench.pay("A1", 100, text);
        bench.judge();
        bench.expect("A1", Status::Declined, Reason::CodeUnknown);
        bench.run(100);
        assert_eq!(bench.dials(), 0);
    }
}

#[test]
fn hostile_scans_are_refused_and_the_next_payment_works() {
    let hostile = [
        "9".repeat(65_536),
        "\u{1}\u{7f}\u{202e}".repeat(400),
        "0002".repeat(5_000),
    ];
    let mut bench = Bench::new(&[]);
    for text in &hostile {
        bench.pay("A1", 100, text);
        bench.expect("A1", Status::Declined, Reason::CodeUnknown);
        bench.order("A1", 100);
        bench.tell(typed(text));
        bench.expect("A1", Status::Declined, Reason::CodeUnknown);
    }
    bench.pay("A2", 100, CODE);
    bench.run(5);
    bench.judge();
    bench.expect("A2", Status::Approved, None);
}

#[test]
fn a_double_trigger_is_one_request_and_no_second_order() {
    let mut bench = Bench::new(&[]);
    bench.pay("A1", 100, CODE);
    bench.run_until(bench.now + Span::from_millis(120));
    bench.scan(&format!("{CODE}\r\n"));
    bench.run_until(bench.now + Span::from_millis(200));
    bench.expect("A1", Status::Approved, None);
    // In the next order it changes nothing either.
    bench.order("A2", 100);
    bench.scan(CODE);
    assert!(bench.outcomes("A2").is_empty());
    bench.run(1);
    bench.scan(FRESH);
    bench.run(5);
    bench.judge();
    bench.expect("A2", Status::Approved, None);
    assert_eq!(bench.host.count(Operation::Sale), 2);
}

#[test]
fn a_code_that_was_sent_is_never_sent_again() {
    for say in [Say::Default, Say::Code("05", "H01"), Say::Mute] {
        let mut bench = Bench::new(&[]);
        bench.script(Operation::Sale, [say]);
        bench.pay("A1", 100, CODE);
        bench.run(100);
        bench.pay("A2", 100, CODE);
        bench.expect("A2", Status::Declined, Reason::CodeUsed);
        bench.cut_power();
        bench.run(5);
        bench.pay("A3", 100, CODE);
        bench.run(5);
        bench.judge();
        bench.expect("A3", Status::Declined, Reason::CodeUsed);
        assert_eq!(bench.host.count(Operation::Sale), 1);
    }
}

#[test]
fn a_read_without_an_armed_scanner_is_ignored() {
    let mut bench = Bench::new(&[]);
    bench.scan(CODE);
    bench.tell(typed(CODE));
    bench.run(5);
    assert!(bench.did.is_empty());
    bench.pay("A1", 100, CODE);
    bench.scan(FRESH);
    bench.tell(typed(FRESH));
    bench.run(5);
    bench.judge();
    assert_eq!(bench.host.count(Operation::Sale), 1);
}

#[test]
fn without_a_code_the_scan_times_out() {
    for kind in [None, Some(ScannerFault::NoDecode)] {
        let mut bench = Bench::new(&[]);
        bench.order("A1", 100);
        bench.run(10);
        if let Some(kind) = kind {
            bench.tell(fault(kind));
        }
        bench.run(49);
        assert!(bench.outcomes("A1").is_empty());
        bench.run(1);
        bench.judge();
        bench.expect("A1", Status::Declined, Reason::CodeUnreadable);
        let advice = bench.advice("A1");
        assert!(advice.contains(&Advice::CleanScanner) && advice.contains(&Advice::RefreshCode));
        assert_eq!((bench.dials(), bench.wake), (0, None));
    }
    let mut bench = Bench::new(&[]);
    bench.order("A1", 100);
    bench.tell(fault(ScannerFault::Timeout));
    bench.expect("A1", Status::Declined, Reason::CodeUnreadable);
}

#[test]
fn with_a_dead_scanner_the_keypad_serves() {
    let mut bench = Bench::new(&[]);
    bench.tell(fault(ScannerFault::Dead));
    bench.order("A1", 100);
    assert_eq!(bench.display().1, Some(Reason::Scanner));
    bench.run(5);
    bench.tell(typed("1312 3456 7890 123456"));
    bench.run(5);
    bench.expect("A1", Status::Approved, None);
    assert_eq!(bench.host.seen[1].code.as_deref(), Some(CODE));
    bench.order("A2", 100);
    bench.run(60);
    bench.judge();
    bench.expect("A2", Status::Declined, Reason::Scanner);
    // A read shows that it is well again.
    bench.pay("A3", 100, FRESH);
    bench.run(5);
    bench.expect("A3", Status::Approved, None);
    bench.order("A4", 100);
    bench.run(60);
    bench.expect("A4", Status::Declined, Reason::CodeUnreadable);
}

#[test]
fn a_scanner_that_dies_and_recovers_keeps_the_order() {
    let mut bench = Bench::new(&[]);
    bench.order("A1", 100);
    bench.tell(fault(ScannerFault::Dead));
    bench.run(5);
    bench.tell(fault(ScannerFault::Ok));
    bench.run(5);
    bench.scan(CODE);
    bench.run(5);
    bench.judge();
    bench.expect("A1", Status::Approved, None);
}

#[test]
fn the_screen_speaks_the_shops_language() {
    for (locale, words) in [
        ("en-GB", ["Approved", "Transaction failed"]),
        ("zh-CN", ["交易成功", "交易失败"]),
    ] {
        let mut setup = super::bench::setup();
        setup.locale = locale.into();
        let mut bench = Bench::with_setup(&[], setup);
        bench.pay("A1", 100, CODE);
        bench.run(5);
        assert_eq!(bench.display().0[0], words[0]);
        bench.pay("A2", 100, CODE);
        assert_eq!(bench.display().0[0], words[1]);
    }
}

#[test]
fn neither_codes_nor_keys_leave_but_to_the_host() {
    let mut bench = Bench::new(&[]);
    bench.script(
        Operation::Sale,
        [Say::Default, Say::BadMac, Say::Code("05", "H01")],
    );
    let codes = [CODE, FRESH, "6212345678901234567"];
    for (order, code) in ["A1", "A2", "A3"].iter().zip(codes) {
        bench.pay(order, 100, code);
        bench.run(10);
    }
    let secrets = [
        "master-key",
        "6d61737465722d6b65792d31362d6279",
        "dab36167e6dfb5ef",
    ];
    for (_, action) in &bench.did {
        if !matches!(action, Action::HostSend { .. }) {
            let text = format!("{action:?}").to_lowercase();
            assert!(!codes.iter().any(|code| text.contains(code)), "{text}");
            assert!(!secrets.iter().any(|key| text.contains(key)), "{text}");
        }
    }
    let debug = format!("{:?}", bench.terminal);
    assert!(!debug.contains(CODE));
}

#[test]
fn what_it_does_not_claim_is_unsupported_and_changes_nothing() {
    let mut bench = Bench::new(&[]);
    bench.order("A1", 100);
    for event in [
        Event::Pay {
            order: "A1".into(),
            amount: 100,
            flow: Flow::Settle,
        },
        Event::ScannerImage { png: "".into() },
        Event::PowerCut,
    ] {
        let mut reply = Reply::default();
        let answer = bench.terminal.event(bench.now, &event, &mut reply);
        assert_eq!(
            answer,
            Err(TerminalError::Unsupported {
                event: event.name().to_owned()
            })
        );
        assert!(reply.actions.is_empty());
    }
    bench.scan(CODE);
    bench.run(5);
    bench.judge();
    bench.expect("A1", Status::Approved, None);
}

#[test]
fn a_terminal_without_power_or_with_bad_parameters_says_so() {
    let mut terminal = crate::pos::ReferenceTerminal::new();
    let mut reply = Reply::default();
    let now = crate::time::Time::from_millis(super::bench::START);
    assert!(matches!(
        terminal.event(now, &Event::Wake, &mut reply),
        Err(TerminalError::Broken { .. })
    ));
    let spoil: [fn(&mut crate::terminal::Setup); 7] = [
        |setup| setup.mode = crate::terminal::Mode::Live,
        |setup| setup.host.dialect = "klingon".into(),
        |setup| setup.host.links.clear(),
        |setup| setup.terminal.id = "123456789".into(),
        |setup| setup.terminal.first_stan = 0,
        |setup| setup.terminal.tpdu.0.clear(),
        |setup| setup.terminal.master_key.0.truncate(8),
    ];
    for spoil in spoil {
        let mut setup = super::bench::setup();
        spoil(&mut setup);
        assert!(matches!(
            terminal.initialize(&setup),
            Err(TerminalError::Broken { .. })
        ));
    }
}

#[test]
fn a_terminal_says_which_defects_it_was_built_with() {
    use crate::pos::{Defect, ReferenceTerminal};
    let build = |defects: &[Defect]| {
        let mut terminal = ReferenceTerminal::with_defects(defects);
        terminal.initialize(&super::bench::setup()).unwrap().build
    };
    assert_eq!(&*build(&[]), "built-in");
    assert_eq!(
        &*build(&[Defect::HeaderIgnored, Defect::StanInMemory]),
        "built-in, stan-in-memory, header-ignored"
    );
}

#[test]
fn a_reset_starts_as_asked() {
    let mut bench = Bench::new(&[]);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.boot(Boot::Factory);
    assert_eq!(bench.wake, None);
    bench.host = super::host::Host::new(&bench.setup.terminal.master_key.clone());
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.expect("A1", Status::Approved, None);
    assert_eq!(bench.host.seen[0].stan, "000001");
}
