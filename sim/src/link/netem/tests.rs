//! What netem does to packets, and its text form.

use proptest::prelude::*;
use rand_chacha::rand_core::SeedableRng;

use super::*;
use crate::time::Span;

fn netem(impairment: &str) -> Netem {
    let impairment = impairment.parse().expect(impairment);
    Netem::new(&impairment, Chance::seed_from_u64(3))
}

fn ms(ms: u64) -> Time {
    Time::from_millis(ms)
}

/// The fates of `count` packets of 100 bytes, one a millisecond.
fn fates(impairment: &str, count: u64) -> Vec<Fate> {
    let mut netem = netem(impairment);
    (0..count).map(|n| netem.send(ms(n), 100)).collect()
}

/// The delays in microseconds of `count` packets sent a second apart.
fn delays(impairment: &str, count: u64) -> Vec<u64> {
    let mut netem = netem(impairment);
    (0..count)
        .map(|n| match netem.send(ms(n * 1_000), 100) {
            Fate::Delivered(delivery) => delivery.at.since(ms(n * 1_000)).as_micros(),
            other => panic!("{other:?}"),
        })
        .collect()
}

fn mean(values: &[u64]) -> u64 {
    values.iter().sum::<u64>() / values.len() as u64
}

/// The value below which `percent` of them lie.
fn quantile(values: &[u64], percent: usize) -> u64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}

#[test]
fn a_perfect_wire_delivers_at_once() {
    for fate in fates("", 10) {
        assert!(matches!(fate, Fate::Delivered(_)), "{fate:?}");
    }
    assert_eq!(delays("", 3), [0, 0, 0]);
}

#[test]
fn a_constant_delay_is_constant() {
    assert_eq!(delays("delay 80ms", 3), [80_000; 3]);
}

#[test]
fn each_distribution_has_its_shape() {
    let uniform = delays("delay 100ms 20ms", 20_000);
    assert!(uniform.iter().all(|d| (80_000..120_000).contains(d)));
    assert!(mean(&uniform).abs_diff(100_000) < 300);
    assert!(quantile(&uniform, 25).abs_diff(90_000) < 500);

    let normal = delays("delay 100ms 20ms distribution normal", 20_000);
    assert!(mean(&normal).abs_diff(100_000) < 500);
    assert!(quantile(&normal, 84).abs_diff(119_890) < 1_000);
    assert!(quantile(&normal, 16).abs_diff(80_110) < 1_000);

    let pareto = delays("delay 100ms 20ms distribution pareto", 20_000);
    assert!(quantile(&pareto, 50) < 95_000, "most are early");
    assert!(pareto.iter().max() > Some(&175_000), "a few are very late");
    assert!(
        pareto.iter().min() > Some(&86_000),
        "none is much too early"
    );

    let mixed = delays("delay 100ms 20ms distribution paretonormal", 20_000);
    assert!(quantile(&mixed, 50) < 98_000);
    assert!(mixed.iter().min() < Some(&80_000));
}

#[test]
fn a_delay_is_never_negative() {
    let delays = delays("delay 1ms 50ms distribution normal", 1_000);
    assert!(delays.contains(&0));
}

#[test]
fn jitter_wider_than_the_spacing_reorders_but_a_rate_keeps_the_order() {
    let overtakes = |impairment| {
        fates(impairment, 1_000)
            .iter()
            .filter(|fate| matches!(fate, Fate::Delivered(d) if d.overtakes))
            .count()
    };
    assert!(overtakes("delay 50ms 20ms") > 300);
    assert_eq!(overtakes("delay 50ms"), 0);
    assert_eq!(overtakes("delay 50ms 20ms rate 10mbit"), 0);
}

#[test]
fn reorder_with_a_gap_lets_every_fifth_packet_skip_the_delay() {
    let skipped: Vec<bool> = fates("delay 10ms reorder 100% gap 5", 10)
        .iter()
        .enumerate()
        .map(|(n, fate)| matches!(fate, Fate::Delivered(d) if d.at == ms(n as u64)))
        .collect();
    let fifth = [false, false, false, false, true];
    assert_eq!(skipped, [fifth, fifth].concat());
}

#[test]
fn corruption_and_duplication_come_in_their_share() {
    let corrupted = fates("corrupt 10%", 10_000)
        .iter()
        .filter(
            |fate| matches!(fate, Fate::Delivered(d) if d.corrupted.is_some_and(|bit| bit < 800)),
        )
        .count();
    assert!((900..1_100).contains(&corrupted), "{corrupted}");
    let twice = fates("duplicate 10%", 10_000)
        .iter()
        .filter(|fate| matches!(fate, Fate::Duplicated(..)))
        .count();
    assert!((900..1_100).contains(&twice), "{twice}");
}

#[test]
fn one_of_two_copies_survives_a_loss_of_the_first() {
    // The kernel counts +1 for the copy and -1 for the loss.
    for fate in fates("loss random 100% duplicate 100%", 5) {
        assert!(matches!(fate, Fate::Delivered(_)), "{fate:?}");
    }
}

#[test]
fn ecn_marks_what_would_be_lost() {
    for fate in fates("loss random 100% ecn", 5) {
        assert!(
            matches!(fate, Fate::Delivered(Delivery { marked: true, .. })),
            "{fate:?}"
        );
    }
}

#[test]
fn a_rate_serialises_packets_one_behind_the_other() {
    let mut netem = netem("rate 8kbit");
    let at = |fate| match fate {
        Fate::Delivered(delivery) => delivery.at,
        other => panic!("{other:?}"),
    };
    // A byte a millisecond.
    assert_eq!(at(netem.send(ms(0), 100)), ms(100));
    assert_eq!(at(netem.send(ms(10), 50)), ms(150));
    assert_eq!(at(netem.send(ms(500), 50)), ms(550));
}

#[test]
fn cells_and_overheads_cost_what_they_cost_on_atm() {
    // The manual's example: 50 bytes need two cells, 106 bytes on the wire.
    let impairment: Impairment = "rate 8kbit 0 48 5".parse().expect("tc's words");
    let rate = impairment.rate.expect("has a rate");
    assert_eq!(rate.time_for(50), Span::from_millis(106));
    let impairment: Impairment = "rate 8kbit -14".parse().expect("tc's words");
    let rate = impairment.rate.expect("has a rate");
    assert_eq!(rate.time_for(50), Span::from_millis(36));
    assert_eq!(rate.time_for(10), Span::ZERO);
}

#[test]
fn a_full_queue_drops_its_tail_and_empties_with_time() {
    let mut netem = netem("limit 2 delay 10ms");
    assert!(matches!(netem.send(ms(0), 100), Fate::Delivered(_)));
    assert!(matches!(netem.send(ms(1), 100), Fate::Delivered(_)));
    assert_eq!(netem.send(ms(2), 100), Fate::Dropped(DropReason::Limit));
    assert!(matches!(netem.send(ms(10), 100), Fate::Delivered(_)));
    assert_eq!(netem.send(ms(10), 100), Fate::Dropped(DropReason::Limit));
}

#[test]
fn slots_release_packets_in_bunches() {
    let mut netem = netem("slot 20ms packets 3");
    let released: Vec<u64> = (0..9)
        .map(|n| match netem.send(ms(n), 100) {
            Fate::Delivered(delivery) => delivery.at.as_millis(),
            other => panic!("{other:?}"),
        })
        .collect();
    let bunches: std::collections::BTreeSet<u64> = released.iter().copied().collect();
    assert!(bunches.len() <= 4, "{released:?}");
    assert!(released.is_sorted(), "{released:?}");
    let widths: Vec<u64> = bunches
        .iter()
        .zip(bunches.iter().skip(1))
        .map(|(a, b)| b - a)
        .collect();
    assert!(widths.iter().skip(1).all(|&w| w == 20), "{released:?}");
}

#[test]
fn the_drop_list_counts_packets_from_one() {
    let dropped: Vec<usize> = fates("droplist 1,3,4", 6)
        .iter()
        .enumerate()
        .filter(|(_, fate)| **fate == Fate::Dropped(DropReason::DropList))
        .map(|(n, _)| n + 1)
        .collect();
    assert_eq!(dropped, [1, 3, 4]);
}

#[test]
fn the_schedule_begins_with_the_first_packet() {
    let mut netem = netem("schedule 5s 2s");
    for (at, passes) in [(3_000, true), (7_999, true), (8_000, false), (10_000, true)] {
        let fate = netem.send(ms(at), 100);
        assert_eq!(matches!(fate, Fate::Delivered(_)), passes, "{at}: {fate:?}");
    }
}

#[test]
fn a_direction_that_is_down_passes_nothing() {
    let mut netem = netem("");
    netem.set_up(false);
    assert_eq!(netem.send(ms(0), 100), Fate::Dropped(DropReason::Down));
    netem.set_up(true);
    assert!(matches!(netem.send(ms(1), 100), Fate::Delivered(_)));
}

#[test]
fn the_same_seed_decides_the_same() {
    let line = "delay 50ms 20ms 25% distribution pareto loss gemodel 5% 30% corrupt 1% \
                duplicate 5% 10% reorder 10% 50% gap 3 rate 1mbit slot 5ms 9ms packets 4";
    assert_eq!(fates(line, 2_000), fates(line, 2_000));
    assert_ne!(fates(line, 2_000), fates("delay 50ms 20ms", 2_000));
}

#[test]
fn tc_lines_read_like_tc() {
    let lines: Vec<String> = [
        "",
        "delay 80ms",
        "delay 80ms 20ms 25% distribution normal",
        "latency 100 10 drop 1",
        "loss random 0.5% 25%",
        "loss state 1%",
        "loss state 1% 10% 30% 50% 0.1%",
        "loss gemodel 1% 20% 90% 0.01% ecn",
        "delay 10ms reorder 25% 50% gap 5",
        "corrupt 0.1% 5% duplicate 1% 10%",
        "rate 5kbit 20 100 5 limit 64",
        "rate 2.5mbit -14",
        "slot 800us 2ms packets 32 bytes 4096",
        "slot distribution pareto 10ms 3ms",
        "delay 60ms droplist 2,5 schedule 5s 2s down",
    ]
    .iter()
    .map(|text| {
        text.parse::<Impairment>()
            .unwrap_or_else(|error| panic!("{text}: {error}"))
            .tc_line("eth0")
    })
    .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    tc qdisc replace dev eth0 root netem
    tc qdisc replace dev eth0 root netem delay 80ms
    tc qdisc replace dev eth0 root netem delay 80ms 20ms 25% distribution normal
    tc qdisc replace dev eth0 root netem delay 100us 10us loss random 1%
    tc qdisc replace dev eth0 root netem loss random 0.5% 25%
    tc qdisc replace dev eth0 root netem loss state 1% 99% 0% 100% 0%
    tc qdisc replace dev eth0 root netem loss state 1% 10% 30% 50% 0.1%
    tc qdisc replace dev eth0 root netem loss gemodel 1% 20% 90% 0.01% ecn
    tc qdisc replace dev eth0 root netem delay 10ms reorder 25% 50% gap 5
    tc qdisc replace dev eth0 root netem corrupt 0.1% 5% duplicate 1% 10%
    tc qdisc replace dev eth0 root netem limit 64 rate 5kbit 20 100 5
    tc qdisc replace dev eth0 root netem rate 2500kbit -14
    tc qdisc replace dev eth0 root netem slot 800us 2ms packets 32 bytes 4096
    tc qdisc replace dev eth0 root netem slot distribution pareto 10ms 3ms
    tc qdisc replace dev eth0 root netem delay 60ms # not in tc: droplist 2,5 schedule 5s 2s down
    ");
}

#[test]
fn a_wrong_word_is_named_with_its_place_and_what_would_do() {
    let errors: Vec<String> = [
        "delya 80ms",
        "delay",
        "delay fast",
        "delay 80ms distribution normal",
        "delay 80ms 5ms distribution gauss",
        "loss 101%",
        "delay 1ms delay 2ms",
        "reorder 5%",
        "delay 1ms gap 5",
        "ecn",
        "slot 5ms 2ms",
        "droplist 3,1",
        "schedule 5s 0s",
        "rate 3bit",
    ]
    .iter()
    .map(|text| text.parse::<Impairment>().expect_err(text).to_string())
    .collect();
    insta::assert_snapshot!(errors.join("\n"), @r#"
    impairment, word 1 ("delya"): no such parameter; there are limit, delay, distribution, loss, ecn, corrupt, duplicate, reorder, gap, rate, slot, droplist, schedule and down
    impairment, word 1 ("delay"): a value is missing after it
    impairment, word 2 ("fast"): is not a time of at most an hour in whole microseconds, such as 120ms, 1.5s or 800us
    impairment, word 3 ("distribution"): needs a delay with jitter
    impairment, word 5 ("gauss"): no such distribution; there are uniform, normal, pareto and paretonormal
    impairment, word 2 ("101%"): is not a percentage from 0% to 100% with at most four decimals
    impairment, word 3 ("delay"): is there twice
    impairment, word 1 ("reorder"): needs a delay: there is nothing to overtake
    impairment, word 3 ("gap"): needs reorder
    impairment, word 1 ("ecn"): needs a loss model
    impairment, word 3 ("2ms"): the range is empty
    impairment, word 2 ("3,1"): must be packet numbers from 1 on, ascending, separated by commas
    impairment, word 3 ("0s"): the range is empty
    impairment, word 2 ("3bit"): is not a rate of at least 8bit a second, such as 64kbit or 2.5mbit
    "#);
}

fn probability() -> impl Strategy<Value = Probability> {
    (0_u32..=1_000_000).prop_map(Probability::from_ppm)
}

fn event() -> impl Strategy<Value = Event> {
    (1_u32..=1_000_000, 0_u32..=1_000_000).prop_map(|(p, c)| Event {
        probability: Probability::from_ppm(p),
        correlation: Probability::from_ppm(c),
    })
}

fn span() -> impl Strategy<Value = Span> {
    prop_oneof![1_u64..5_000, (1_u64..60).prop_map(|s| s * 1_000_000)].prop_map(Span::from_micros)
}

prop_compose! {
    fn any_impairment()(
        limit in 0_u32..2_000,
        (time, jitter, correlation, shape) in (span(), span(), probability(), 0_u8..4),
        loss in prop_oneof![
            Just(Loss::None),
            event().prop_map(Loss::Random),
            [probability(), probability(), probability(), probability(), probability()]
                .prop_map(|[p13, p31, p32, p23, p14]| Loss::State { p13, p31, p32, p23, p14 }),
            [probability(), probability(), probability(), probability()]
                .prop_map(|[p, r, one_minus_h, one_minus_k]| {
                    Loss::Gemodel { p, r, one_minus_h, one_minus_k }
                }),
        ],
        [corrupt, duplicate, reorder] in [event(), event(), event()],
        gap in 0_u32..9,
        rate in proptest::option::of((8_u64..3_000_000_000, -20_i32..60, 0_u32..100, -9_i32..9)),
        slot in proptest::option::of((span(), 0_u32..9, 0_u32..5_000)),
        drops in proptest::collection::btree_set(1_u32..100, 0..4),
        schedule in proptest::option::of((span(), span())),
        down: bool,
    ) -> Impairment {
        Impairment {
            limit,
            delay: Delay {
                time,
                jitter,
                correlation,
                distribution: [
                    Distribution::Uniform,
                    Distribution::Normal,
                    Distribution::Pareto,
                    Distribution::ParetoNormal,
                ][usize::from(shape)],
            },
            loss,
            ecn: loss != Loss::None && down,
            corrupt,
            duplicate,
            reorder,
            gap,
            rate: rate.map(|(bits, packet_overhead, cell_size, cell_overhead)| Rate {
                bits,
                packet_overhead,
                cell_size,
                cell_overhead,
            }),
            slot: slot.map(|(min, packets, bytes)| Slot {
                every: SlotDelay::Between { min, max: min + Span::from_millis(1) },
                packets,
                bytes,
            }),
            drop_list: drops.into_iter().collect(),
            schedule: schedule.map(|(on, off)| Schedule { on, off }),
            down,
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(impairment in any_impairment()) {
        let text = impairment.to_string();
        prop_assert_eq!(text.parse::<Impairment>(), Ok(impairment.clone()));
        let json = serde_json::to_string(&impairment).expect("a string");
        prop_assert_eq!(serde_json::from_str::<Impairment>(&json).expect("the same"), impairment);
    }

    #[test]
    fn no_packet_arrives_before_it_was_sent(impairment in any_impairment(), seed: u64) {
        let mut netem = Netem::new(&impairment, Chance::seed_from_u64(seed));
        for n in 0..50 {
            match netem.send(ms(n), 500) {
                Fate::Dropped(_) => {}
                Fate::Delivered(one) => prop_assert!(one.at >= ms(n)),
                Fate::Duplicated(one, two) => {
                    prop_assert!(one.at >= ms(n) && two.at >= ms(n));
                }
            }
        }
    }

    #[test]
    fn reading_never_panics(text in "[a-z0-9 %.,-]{0,60}") {
        let _ = text.parse::<Impairment>();
    }
}
