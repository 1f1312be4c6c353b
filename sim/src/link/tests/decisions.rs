//! The same seed and the same calls make the same decisions.

use super::*;

/// Everything a link tells, packets included, of a few connections under a profile.
fn told(profile: &str, seed: u64) -> Vec<(u64, Output)> {
    let mut rig = Rig::of(profiles::find(profile).expect(profile), seed);
    rig.link.set_tracing(true);
    for id in 0..5 {
        rig.link.connect(rig.now, ConnId(id), CONNECT_TIMEOUT);
        rig.run_for(20_000);
        for side in [Side::Terminal, Side::Host] {
            let _ = rig.link.write(rig.now, ConnId(id), side, pattern(3_000));
        }
        rig.run_for(20_000);
        rig.link.close(rig.now, ConnId(id), Side::Terminal);
        rig.run_for(1_000);
    }
    rig.told
}

#[test]
fn a_seed_repeats_and_another_differs() {
    for profile in profiles::all() {
        assert_eq!(
            told(&profile.name, 1),
            told(&profile.name, 1),
            "{}",
            profile.name
        );
    }
    for profile in ["excellent", "weak", "elevator", "crowded"] {
        assert_ne!(told(profile, 1), told(profile, 2), "{profile}");
    }
}

#[test]
fn directions_draw_apart() {
    let lossy = "delay 10ms loss random 10%";
    let fates = |down: &str| {
        let mut rig = Rig::new(lossy, down);
        rig.link.set_tracing(true);
        rig.link.connect(rig.now, CONN, CONNECT_TIMEOUT);
        // What goes up here does not depend on what comes down.
        rig.link.set_listener(Listener::Silent);
        rig.run_for(20_000);
        rig.told
    };
    assert_eq!(fates("delay 10ms"), fates("delay 10ms 5ms loss random 50%"));
}

#[test]
fn a_late_wake_decides_as_timely_ones_do() {
    let start = |seed| {
        let mut rig = Rig::of(profiles::find("basement").expect("exists"), seed).connected();
        rig.link.set_tracing(true);
        rig.write(Side::Terminal, &pattern(5_000));
        rig.write(Side::Host, &pattern(5_000));
        rig
    };
    for seed in [1, 2, 4] {
        let (mut timely, mut late) = (start(seed), start(seed));
        timely.run_for(100_000);
        late.now += Span::from_secs(100);
        late.link.wake(late.now);
        late.drain();
        let outputs = |rig: &Rig| rig.told.iter().map(|(_, o)| o.clone()).collect::<Vec<_>>();
        assert_eq!(outputs(&timely), outputs(&late));
    }
}

#[test]
fn an_elevator_is_entered_anywhere_and_asks_for_no_wakes() {
    let elevator = profiles::find("elevator").expect("exists");
    let delays: std::collections::BTreeSet<u64> = (0..50)
        .map(|seed| {
            let rig = Rig::of(elevator, seed);
            assert_eq!(rig.link.wake_at(), None);
            rig.link.impairment(Direction::Up).delay.time.as_millis()
        })
        .collect();
    assert!(delays.len() >= 2, "{delays:?}");
}

#[test]
fn phases_follow_one_another() {
    let file = r#"
        [[profile]]
        name = "tunnel"
        en = "Tunnel"
        zh = "隧道"
        reason = "a test"
        [[profile.phase]]
        lasts = "10s"
        up = "delay 10ms"
        down = "delay 10ms"
        [[profile.phase]]
        lasts = "5s"
        up = "loss random 100%"
        down = "loss random 100%"
    "#;
    let mut rig = Rig::of(&profiles::read(file).expect("well-formed")[0], 1);
    let connects_at = |rig: &mut Rig, id, ms: u64| {
        rig.now = T0 + Span::from_millis(ms);
        rig.told.clear();
        rig.link
            .connect(rig.now, ConnId(id), Span::from_millis(500));
        rig.run_for(600);
        rig.refused().is_none()
    };
    for (id, ms, connects) in [
        (1, 9_000, true),
        (2, 10_000, false),
        (3, 14_000, false),
        (4, 15_000, true),
        (5, 24_000, true),
        (6, 100_000, false),
    ] {
        assert_eq!(connects_at(&mut rig, id, ms), connects, "{ms} ms");
    }
}

#[test]
fn a_profile_without_network_says_so_and_the_next_brings_it_back() {
    let mut rig = Rig::of(profiles::find("no-signal").expect("exists"), 1);
    assert_eq!(rig.story(), "     0 carrier false\n");
    rig.told.clear();
    rig.link
        .set_profile(rig.now, profiles::find("good").expect("exists"));
    rig.drain();
    assert_eq!(rig.story(), "     0 carrier true\n");
}

#[test]
fn a_profile_that_refuses_gives_the_far_end_back_to_the_bench() {
    let mut rig = Rig::of(profiles::find("maintenance").expect("exists"), 1);
    rig.link.connect(rig.now, ConnId(1), CONNECT_TIMEOUT);
    rig.run_for(1_000);
    assert_eq!(
        rig.refused().map(|(_, reason)| reason),
        Some(Refusal::Refused)
    );
    rig.link
        .set_profile(rig.now, profiles::find("good").expect("exists"));
    rig.told.clear();
    rig.link.connect(rig.now, ConnId(2), CONNECT_TIMEOUT);
    rig.run_for(2_000);
    assert_eq!(rig.refused(), None);
}
