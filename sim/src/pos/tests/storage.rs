//! Damaged storage.

use super::bench::{Bench, CODE, FRESH};
use super::host::Say;
use crate::terminal::{Boot, DamageKind, Event, PaidOperation, Status, StorageDamage, Terminal};
use crate::vocabulary::{Operation, Reason, Vocabulary};

/// A terminal that owes a reversal.
fn owing() -> Bench {
    let mut bench = Bench::new(&[]);
    bench.pay("A0", 100, FRESH);
    bench.run(5);
    bench.script(Operation::Sale, [Say::Mute]);
    bench.host.always.insert(Operation::Reversal, Say::Lost);
    bench.pay("A1", 100, CODE);
    bench.run(65);
    bench
}

fn says_so(bench: &Bench) -> bool {
    bench.did.iter().any(|(_, action)| {
        matches!(action, crate::terminal::Action::Display { reason: Some(reason), .. }
            if reason.known() == Some(Reason::Storage))
    })
}

#[test]
fn with_one_sound_copy_nothing_is_lost_and_the_damage_is_said() {
    for kind in DamageKind::ALL {
        for file in 0..4 {
            for place in [3, 77, 150, 333] {
                let mut bench = owing();
                let damage = StorageDamage {
                    kind: *kind,
                    file: Some(file),
                    place,
                };
                assert_eq!(bench.damage(damage), 1);
                bench.host.always.clear();
                bench.run(5);
                assert!(says_so(&bench), "{damage:?}");
                bench.run(100);
                bench.judge();
                assert_eq!(bench.last("A1").status, Status::Cancelled);
                bench.pay("A2", 100, "131234567890123457");
                bench.run(5);
                bench.judge();
                bench.expect("A2", Status::Approved, None);
                // It is said once.
                bench.did.clear();
                bench.cut_power();
                bench.run(5);
                assert!(!says_so(&bench));
            }
        }
    }
}

#[test]
fn without_a_sound_copy_no_money_moves_until_factory_boot() {
    for kind in DamageKind::ALL {
        let mut bench = Bench::new(&[]);
        bench.pay("A1", 100, CODE);
        bench.run(5);
        let damage = StorageDamage {
            kind: *kind,
            file: None,
            place: 77,
        };
        assert_eq!(bench.damage(damage), 4);
        // A second restart does not make it good.
        for order in ["B1", "B2"] {
            bench.pay(order, 100, FRESH);
            bench.run(5);
            bench.expect(order, Status::Declined, Reason::Storage);
            bench.refund("A1", 1);
            bench.tell(Event::Settle);
            bench.run(5);
            let (status, reason) = bench.words("A1", PaidOperation::Refund).pop().unwrap();
            assert_eq!((status, reason), (Status::Declined, Some(Reason::Storage)));
            assert_eq!(bench.host.count(Operation::Settlement), 0);
            bench.cut_power();
        }
        assert_eq!(bench.host.count(Operation::Sale), 1);
        bench.boot(Boot::Factory);
        bench.pay("C1", 100, FRESH);
        bench.run(5);
        bench.expect("C1", Status::Approved, None);
    }
}

#[test]
fn storage_in_use_is_out_of_reach() {
    let mut bench = Bench::new(&[]);
    let damage = StorageDamage {
        kind: DamageKind::Emptied,
        file: None,
        place: 0,
    };
    assert!(bench.terminal.damage_storage(damage).is_err());
    bench.terminal.cut_power().unwrap();
    assert_eq!(bench.terminal.damage_storage(damage), Ok(Some(4)));
}
