//! What was answered is never lost.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;

use super::terminal::{Terminal, code, codes, exchange};
use super::{Served, place};

const TERMINALS: usize = 8;
/// How often it is killed.
const KILLS: usize = 5;
/// Sales that are answered before each kill, all terminals together.
const ANSWERED: usize = 400;

/// Sells until the service is gone; returns what was answered.
fn sell(
    served: &Served,
    terminal: &mut Terminal,
    codes: &[String],
    answered: &AtomicUsize,
) -> Vec<u32> {
    let mut stream = served.connect();
    let mut sold = Vec::new();
    for payment_code in codes {
        let frame = terminal.sale(payment_code, 100);
        match exchange(&mut stream, &frame) {
            Ok(answer) => {
                assert_eq!(code(&answer), "00");
                sold.push(terminal.stan);
                answered.fetch_add(1, Ordering::SeqCst);
            }
            Err(_) => break,
        }
    }
    sold
}

/// Every movement of money.
fn ledger(served: &Served) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    loop {
        let page = served.get(&format!("/v1/ledger?after={}&limit=1000", all.len()));
        let page = page.as_array().unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend_from_slice(page);
    }
}

#[test]
fn a_kill_under_load_loses_no_sale_that_was_answered() {
    let place = place(TERMINALS);
    let mut served = Served::start(&place, &["--pace", "prompt"]);
    let mut terminals: Vec<_> = (0..TERMINALS).map(Terminal::number).collect();
    for terminal in &mut terminals {
        assert_eq!(terminal.sign_on(&mut served.connect()).unwrap(), "00");
    }
    let mut sold: BTreeSet<(String, u32)> = BTreeSet::new();
    for kill in 0..KILLS {
        let codes = codes(served.api, TERMINALS * 1_000);
        let answered = AtomicUsize::new(0);
        thread::scope(|scope| {
            let sellers: Vec<_> = terminals
                .iter_mut()
                .zip(codes.chunks(1_000))
                .map(|(terminal, codes)| {
                    let (served, answered) = (&served, &answered);
                    scope.spawn(move || {
                        let stans = sell(served, terminal, codes, answered);
                        let id = terminal.id.clone();
                        stans
                            .into_iter()
                            .map(move |stan| (id.clone(), stan))
                            .collect::<Vec<_>>()
                    })
                })
                .collect();
            // Somewhere else in the middle of everything each time.
            while answered.load(Ordering::SeqCst) < ANSWERED + 37 * kill {
                thread::yield_now();
            }
            served.kill_now();
            for seller in sellers {
                sold.extend(seller.join().unwrap());
            }
        });
        served.wait();
        // The keys are still in force: nobody signs on again.
        served = Served::start(&place, &["--pace", "prompt"]);
        let postings = ledger(&served);
        let mut booked = BTreeSet::new();
        for posting in &postings {
            let terminal = posting["terminal"].as_str().unwrap().to_owned();
            let stan = posting["stan"].as_u64().unwrap() as u32;
            assert_eq!(
                (&posting["kind"], &posting["amount"]),
                (&"sale".into(), &100.into())
            );
            assert!(booked.insert((terminal, stan)), "booked twice: {posting}");
        }
        let lost: Vec<_> = sold.difference(&booked).collect();
        assert!(lost.is_empty(), "answered and lost: {lost:?}");
        // Each terminal had at most one sale under way.
        assert!(booked.len() <= sold.len() + TERMINALS * (kill + 1));
        assert_eq!(served.get("/v1/health")["sum"], 0);
    }
    assert!(sold.len() >= ANSWERED * KILLS);
    // What was sold before the first kill is still a duplicate, and known to a query.
    let (mut stream, terminal) = (served.connect(), &mut terminals[0]);
    let query = terminal.query(2);
    assert_eq!(code(&exchange(&mut stream, &query).unwrap()), "00");
    let stan = std::mem::replace(&mut terminal.stan, 1);
    let again = terminal.sale("300000000000000001", 100);
    assert_eq!(code(&exchange(&mut stream, &again).unwrap()), "94");
    terminal.stan = stan;
}
