use counterproof_sim::iso8583::{
    Dialect, Field, MacKey, Message, Mti,
    de60::De60,
    keys::{Delivery, Key, WorkingKeys},
};
use counterproof_sim::pos::ReferenceTerminal;
use counterproof_sim::terminal::*;
use counterproof_sim::time::{Span, Time};
use std::time::{Duration, Instant};
fn main() {
    let master = vec![0x11u8; 16];
    let setup = Setup {
        protocol: 1,
        mode: Mode::Lockstep,
        now: 1767225600000,
        boot: Boot::Factory,
        terminal: TerminalAccount {
            id: "10000001".into(),
            merchant: "898310000000001".into(),
            tpdu: Bytes(vec![0x60, 0, 3, 0, 0]),
            master_key: Bytes(master.clone()),
            first_stan: 1,
            first_batch: 1,
            batch_limit: 500,
        },
        host: HostAddress {
            dialect: "cup".into(),
            links: vec![
                HostLink {
                    name: "cellular".into(),
                    address: "".into(),
                    tls: Tls::Off(false),
                },
                HostLink {
                    name: "wifi".into(),
                    address: "".into(),
                    tls: Tls::Off(false),
                },
            ],
        },
        storage: "".into(),
        locale: "zh-CN".into(),
        timing: Timing::default(),
    };
    let mut t = ReferenceTerminal::new();
    t.initialize(&setup).unwrap();
    let keys = WorkingKeys {
        pin: Key::new(&[0x22; 16]).unwrap(),
        mac: Key::new(&[0x33; 8]).unwrap(),
        track: None,
    };
    let de62 = keys
        .deliver(&Key::new(&master).unwrap(), Delivery::Double)
        .unwrap();
    let mac = MacKey::new(Dialect::cup().algorithm(), keys.mac.bytes()).unwrap();
    let mut now = Time::from_millis(1767225600000);
    let mut spent = [Duration::ZERO; 5];
    let mut reply = Reply::default();
    let n: u64 = std::env::args()
        .nth(1)
        .map_or(100_000, |n| n.parse().unwrap());
    let mut best = Duration::MAX;
    for round in 0..6 {
        if round > 0 {
            t.initialize(&setup).unwrap();
        }
        spent = [Duration::ZERO; 5];
        for i in 0..n {
            if i % 50 == 0 {
                t.initialize(&setup).unwrap();
            }
            let mut step =
                |k: usize, t: &mut ReferenceTerminal, now: Time, e: Event, reply: &mut Reply| {
                    let s = Instant::now();
                    reply.actions.clear();
                    t.event(now, &e, reply).unwrap();
                    spent[k] += s.elapsed();
                };
            now += Span::from_secs(2);
            step(
                0,
                &mut t,
                now,
                Event::Pay {
                    order: format!("O{i}").into(),
                    amount: 12850,
                    flow: Flow::Scan,
                },
                &mut reply,
            );
            step(
                1,
                &mut t,
                now,
                Event::ScannerRead {
                    text: format!("13{:016}", i + 1).into(),
                    symbology: Symbology::Qr,
                },
                &mut reply,
            );
            let conn = reply
                .actions
                .iter()
                .find_map(|a| {
                    if let Action::HostOpen { conn, .. } = a {
                        Some(*conn)
                    } else {
                        None
                    }
                })
                .unwrap();
            step(2, &mut t, now, Event::HostOpened { conn }, &mut reply);
            loop {
                let req = reply
                    .actions
                    .iter()
                    .find_map(|a| {
                        if let Action::HostSend { data, .. } = a {
                            Some(data.clone())
                        } else {
                            None
                        }
                    })
                    .unwrap();
                let p = Dialect::cup().parse_frame(&req).unwrap();
                let mut a = Message::new(p.message.mti().response());
                for f in [3, 4, 11, 25, 41, 42, 49, 60] {
                    a.copy(Field::new(f).unwrap(), &p.message);
                }
                a.set_text(Field::TIME, "080000");
                a.set_text(Field::DATE, "0101");
                a.set_text(Field::RRN, "123456789012");
                a.set_text(Field::RESPONSE, "00");
                a.set_text(Field::REASON, "WXPOK0OK");
                a.set_text(Field::ACQUIRER, "00096500");
                a.set_text(Field::SETTLEMENT_DATE, "0101");
                let mut out = Vec::new();
                if p.message.mti() == Mti::SIGN_IN {
                    a.set(Field::KEYS, &de62);
                    De60::management(1, 3).put(&mut a);
                    Dialect::cup().emit(p.tpdu, p.header, &a, &mut out).unwrap();
                } else {
                    Dialect::cup()
                        .emit_with_mac(p.tpdu, p.header, &a, &mac, &mut out)
                        .unwrap();
                }
                step(
                    3,
                    &mut t,
                    now,
                    Event::HostData {
                        conn,
                        data: Bytes(out),
                    },
                    &mut reply,
                );
                if p.message.mti() == Mti::SALE {
                    break;
                }
            }
            assert!(
                reply
                    .actions
                    .iter()
                    .any(|a| matches!(a, Action::Outcome(o) if o.status==Status::Approved))
            );
        }
        let total: Duration = spent.iter().sum();
        best = best.min(total);
        println!(
            "per payment {} ns  {:?}",
            total.as_nanos() / u128::from(n),
            spent.map(|d| d.as_nanos() / u128::from(n))
        );
    }
    println!("best {}", best.as_nanos() / u128::from(n));
    let s = Instant::now();
    for _ in 0..n * 5 {
        std::hint::black_box(Instant::now());
    }
    println!("clock {} ns", s.elapsed().as_nanos() / u128::from(n * 5));
}
