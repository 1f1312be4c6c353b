//! What a stream promises whatever happens to its packets: bytes arrive in order, once, and never
//! wrong; and unless the link is as good as dead, all of them arrive.

use std::num::NonZeroUsize;

use proptest::prelude::*;

use super::super::netem::{
    Delay, Distribution, Event, Loss, Probability, Rate, Schedule, Slot, SlotDelay,
};
use super::super::stream::{Chop, StreamFaults};
use super::*;

fn percent(range: std::ops::Range<u32>) -> impl Strategy<Value = Probability> {
    range.prop_map(|percent| Probability::from_ppm(percent * 10_000))
}

fn event(range: std::ops::Range<u32>) -> impl Strategy<Value = Event> {
    (percent(range), percent(0..60)).prop_map(|(probability, correlation)| Event {
        probability,
        correlation,
    })
}

fn ms(range: std::ops::Range<u64>) -> impl Strategy<Value = Span> {
    range.prop_map(Span::from_millis)
}

fn shape() -> impl Strategy<Value = Distribution> {
    prop_oneof![
        Just(Distribution::Uniform),
        Just(Distribution::Normal),
        Just(Distribution::Pareto),
        Just(Distribution::ParetoNormal),
    ]
}

prop_compose! {
    /// Anything but loss: delays, damage, copies, overtaking, slow wires, slots, short queues.
    fn trouble()(
        (time, jitter, correlation, distribution) in (ms(1..400), ms(0..200), percent(0..60), shape()),
        [duplicate, reorder] in [event(0..30), event(0..30)],
        gap in 0_u32..5,
        rate in proptest::option::of((16_000_u64..2_000_000, -10_i32..40, 0_u32..60)),
        slot in proptest::option::of((ms(1..50), ms(0..50), 0_u32..5)),
        limit in 30_u32..1_000,
    ) -> Impairment {
        Impairment {
            limit,
            delay: Delay { time, jitter, correlation, distribution },
            duplicate,
            reorder,
            gap,
            rate: rate.map(|(bits, packet_overhead, cell_size)| Rate {
                bits,
                packet_overhead,
                cell_size,
                cell_overhead: 2,
            }),
            slot: slot.map(|(min, width, packets)| Slot {
                every: SlotDelay::Between { min, max: min + width },
                packets,
                bytes: 0,
            }),
            ..Impairment::default()
        }
    }
}

/// Loss that a stream outlives: a segment would have to be lost ten times in a row.
fn gentle() -> impl Strategy<Value = Impairment> {
    let loss = prop_oneof![
        Just(Loss::None),
        percent(0..5).prop_map(|probability| Loss::Random(Event {
            probability,
            correlation: Probability::NEVER,
        })),
        (percent(0..3), percent(80..100)).prop_map(|(p, r)| Loss::Gemodel {
            p,
            r,
            one_minus_h: Probability::from_ppm(900_000),
            one_minus_k: Probability::NEVER,
        }),
    ];
    (trouble(), loss, event(0..3)).prop_map(|(trouble, loss, corrupt)| Impairment {
        loss,
        corrupt: Event {
            correlation: Probability::NEVER,
            ..corrupt
        },
        ..trouble
    })
}

/// Anything at all, dead links included.
fn any() -> impl Strategy<Value = Impairment> {
    let loss = prop_oneof![
        event(0..101).prop_map(Loss::Random),
        [
            percent(0..101),
            percent(0..101),
            percent(0..101),
            percent(0..101)
        ]
        .prop_map(|[p, r, one_minus_h, one_minus_k]| Loss::Gemodel {
            p,
            r,
            one_minus_h,
            one_minus_k,
        }),
        [
            percent(0..50),
            percent(0..50),
            percent(0..50),
            percent(0..101),
            percent(0..50)
        ]
        .prop_map(|[p13, p31, p32, p23, p14]| Loss::State {
            p13,
            p31,
            p32,
            p23,
            p14,
        }),
    ];
    let schedule = proptest::option::of((ms(100..9_000), ms(100..9_000)));
    (trouble(), loss, event(0..60), 0_u32..20, schedule).prop_map(
        |(trouble, loss, corrupt, limit, schedule)| Impairment {
            limit,
            loss,
            corrupt,
            schedule: schedule.map(|(on, off)| Schedule { on, off }),
            ..trouble
        },
    )
}

/// What happens, one after the other.
#[derive(Clone, Debug)]
enum Deed {
    Write(Side, usize),
    Down(u64),
    Wait(u64),
}

/// Deeds; the network is lost for less than `down` milliseconds at a time.
fn deeds(down: u64) -> impl Strategy<Value = Vec<Deed>> {
    let side = prop_oneof![Just(Side::Terminal), Just(Side::Host)];
    let deed = prop_oneof![
        4 => (side, prop_oneof![1_usize..300, 1_000_usize..6_000])
            .prop_map(|(side, len)| Deed::Write(side, len)),
        1 => (1..down).prop_map(Deed::Down),
        2 => (0_u64..3_000).prop_map(Deed::Wait),
    ];
    proptest::collection::vec(deed, 1..12)
}

fn chopped() -> impl Strategy<Value = StreamFaults> {
    proptest::option::of((1_usize..2_000, 0_u64..20)).prop_map(|chop| StreamFaults {
        chop: chop.and_then(|(piece, gap)| {
            Some(Chop {
                piece: NonZeroUsize::new(piece)?,
                gap: Span::from_millis(gap),
            })
        }),
        ..StreamFaults::default()
    })
}

/// Plays the deeds and then closes both ends; returns the link's story and what each end wrote.
fn play(
    up: Impairment,
    down: Impairment,
    faults: StreamFaults,
    deeds: &[Deed],
    seed: u64,
) -> (Rig, [Vec<u8>; 2]) {
    let mut rig = Rig::of(&Profile::custom("promise", up, down), seed);
    for side in [Side::Terminal, Side::Host] {
        rig.link.set_faults(side, &faults);
    }
    rig.link.connect(rig.now, CONN, Span::from_secs(600));
    let mut written = [Vec::new(), Vec::new()];
    rig.run_for(60_000);
    for deed in deeds {
        match deed {
            Deed::Write(side, len) => {
                let all = &mut written[*side as usize];
                let bytes = pattern(all.len() + len).split_off(all.len());
                if rig.link.write(rig.now, CONN, *side, bytes.clone()).is_ok() {
                    all.extend(bytes);
                }
                rig.drain();
            }
            Deed::Down(ms) => {
                rig.link.set_up(rig.now, false);
                rig.run_for(*ms);
                rig.link.set_up(rig.now, true);
            }
            Deed::Wait(ms) => rig.run_for(*ms),
        }
    }
    rig.run_for(3_600_000);
    for side in [Side::Terminal, Side::Host] {
        rig.close(side);
    }
    rig.run_for(3_600_000);
    (rig, written)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn all_bytes_arrive_once_and_in_order_over_any_link_short_of_death(
        up in gentle(), down in gentle(), faults in chopped(), deeds in deeds(2_000), seed: u64,
    ) {
        let (rig, written) = play(up, down, faults, &deeds, seed);
        for side in [Side::Terminal, Side::Host] {
            prop_assert_eq!(&rig.bytes(side), &written[side.peer() as usize]);
            prop_assert!(!matches!(rig.closed(side), Some((_, Closing::Reset))));
        }
        prop_assert_eq!(rig.link.wake_at(), None, "nothing is left over");
    }

    #[test]
    fn what_arrives_is_never_wrong_even_over_a_dying_link(
        up in any(), down in any(), faults in chopped(), deeds in deeds(90_000), seed: u64,
    ) {
        let (rig, written) = play(up, down, faults, &deeds, seed);
        for side in [Side::Terminal, Side::Host] {
            prop_assert!(written[side.peer() as usize].starts_with(&rig.bytes(side)));
            let ended = rig.told.iter().filter(|(_, o)| matches!(o, Output::Closed { side: at, .. } if *at == side));
            prop_assert!(ended.count() <= 1, "{}", rig.story());
        }
        prop_assert_eq!(rig.link.wake_at(), None, "nothing is left over");
    }
}
