//! `counterproof link`: a relay between a terminal and any host, over a simulated link.

use std::fmt::Write as _;
use std::io;

use counterproof_sim::link::netem::Impairment;
use counterproof_sim::link::profiles::{Phase, Profile};
use counterproof_sim::link::{Direction, Link};
use counterproof_sim::random::Seeds;
use counterproof_sim::vocabulary::Lang;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

use super::args::LinkArgs;
use super::console::Console;
use crate::exit::{Exit, Failure};
use crate::live::clock::Clock;
use crate::live::shape::listen::relay_all;
use crate::live::shape::{Framing, Radio};
use crate::run::select;
use crate::texts::link as texts;

/// Relays until it is interrupted, and then says what went over the link.
///
/// # Errors
/// When the profile or the impairment is unknown, or the address cannot be listened at.
pub fn link(args: &LinkArgs, console: Console) -> Result<Exit, Failure> {
    let profile = profile(args, console.lang)?;
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| broken(&error, console.lang))?;
    runtime.block_on(relay(args, &profile, console))
}

async fn relay(args: &LinkArgs, profile: &Profile, console: Console) -> Result<Exit, Failure> {
    let lang = console.lang;
    let unusable =
        |error: io::Error| Failure::usage(texts::cannot_listen(lang, &args.listen, error));
    let broken = |error: io::Error| broken(&error, lang);
    let listener = TcpListener::bind(&args.listen).await.map_err(unusable)?;
    let address = listener.local_addr().map_err(broken)?;
    let clock = Clock::of_the_day();
    let link = Link::new(clock.now(), "link", profile, &Seeds::new(args.seed, "link"));
    let radio = Radio::start(link, clock, Box::new(|_, _| {})).map_err(broken)?;
    let mut stop = signal(SignalKind::interrupt()).map_err(broken)?;
    let mut end = signal(SignalKind::terminate()).map_err(broken)?;

    let name = profile.name.as_str();
    let mut text = texts::listens(lang, address, &args.to, name, args.seed) + "\n";
    for phase in &profile.phases {
        text += &tc_lines(phase, lang);
    }
    console.print(&text)?;
    let framing = if args.frames {
        Framing::TwoBytes
    } else {
        Framing::Raw
    };
    tokio::select! {
        () = relay_all(listener, radio.clone(), args.to.clone(), framing) => {}
        _ = stop.recv() => {}
        _ = end.recv() => {}
    }
    console.print(&counted(&radio, lang).await)?;
    Ok(Exit::Conformant)
}

/// The condition that the options name.
fn profile(args: &LinkArgs, lang: Lang) -> Result<Profile, Failure> {
    match &args.netem {
        None => select::profile(&args.profile, lang).cloned(),
        Some(words) => {
            let impairment: Impairment = words
                .parse()
                .map_err(|error| Failure::usage(texts::bad_netem(lang, error)))?;
            let name = format!("netem {impairment}");
            Ok(Profile::custom(
                name.trim_end(),
                impairment.clone(),
                impairment,
            ))
        }
    }
}

/// A phase as tc would be told.
fn tc_lines(phase: &Phase, lang: Lang) -> String {
    let mut lines = String::new();
    if phase.lasts.as_micros() > 0 {
        let seconds = phase.lasts.as_millis() as f64 / 1_000.0;
        let _ = writeln!(lines, "{}", texts::phase(lang, seconds));
    }
    let ways = [(Direction::Up, &phase.up), (Direction::Down, &phase.down)];
    for (direction, impairment) in ways {
        let way = texts::way(lang, direction);
        let _ = writeln!(lines, "{way}  {}", impairment.tc_line("eth0"));
    }
    lines
}

/// What went over the link.
async fn counted(radio: &Radio, lang: Lang) -> String {
    let (told, counters) = tokio::sync::oneshot::channel();
    radio.change(|link, _| {
        let _ = told.send(*link.counters());
    });
    let Ok(counters) = counters.await else {
        return String::new();
    };
    let line = |direction: Direction| {
        let count = counters.of(direction);
        let way = texts::way(lang, direction);
        let (packets, lost) = (
            count.packets,
            count.lost + count.overflowed + count.corrupted,
        );
        texts::counted(lang, way, packets, count.bytes, lost, count.retransmitted) + "\n"
    };
    line(Direction::Up) + &line(Direction::Down)
}

fn broken(error: &io::Error, lang: Lang) -> Failure {
    Failure {
        exit: Exit::Broken,
        text: texts::broken(lang, error),
    }
}
