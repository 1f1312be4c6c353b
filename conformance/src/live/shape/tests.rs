//! Real sockets with a link between them. Nothing here looks at a clock.

use std::io;
use std::num::NonZeroUsize;
use std::sync::mpsc;

use counterproof_sim::link::netem::{Fate, Impairment};
use counterproof_sim::link::profiles::{self, Profile};
use counterproof_sim::link::stream::{Chop, Flip, StreamFaults};
use counterproof_sim::link::{Direction, Link, Output, Side};
use counterproof_sim::random::Seeds;
use counterproof_sim::time::Span;
use proptest::collection::vec;
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;

use super::end::ROOM;
use super::*;
use crate::live::clock::Clock;

fn in_tokio<T>(future: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(future)
}

fn link(clock: &Clock, seed: u64, up: &str, down: &str) -> Link {
    let parse = |text: &str| text.parse::<Impairment>().expect(text);
    let profile = Profile::custom("rig", parse(up), parse(down));
    Link::new(clock.now(), "rig", &profile, &Seeds::new(seed, "shape"))
}

fn start(up: &str, down: &str) -> Radio {
    let clock = Clock::of_the_day();
    Radio::start(link(&clock, 1, up, down), clock, Box::new(|_, _| {})).expect("an alarm")
}

/// Both ends of a TCP connection.
async fn tcp() -> (TcpStream, Stamped) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let (near, far) = tokio::join!(TcpStream::connect(address), listener.accept());
    let far = Stamped::new(far.expect("accepted").0);
    (near.expect("connected"), far)
}

/// A terminal and a host, with the radio between them.
async fn over(radio: &Radio) -> (TcpStream, TcpStream) {
    let (terminal, terminals_far) = tcp().await;
    let (host, hosts_far) = tcp().await;
    let radio = radio.clone();
    tokio::spawn(async move {
        let called = async { Ok(hosts_far) };
        radio.relay(terminals_far, called, Framing::TwoBytes).await;
    });
    (terminal, host)
}

fn pattern(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n % 251) as u8).collect()
}

/// Sends all and ends; returns what came from the other end until it ended.
async fn talk(socket: TcpStream, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let (mut from, mut to) = socket.into_split();
    let mut heard = Vec::new();
    let sending = async {
        to.write_all(bytes).await?;
        to.shutdown().await
    };
    tokio::try_join!(sending, from.read_to_end(&mut heard))?;
    Ok(heard)
}

#[test]
fn both_ways_at_once_everything_arrives_and_both_hear_the_end() {
    in_tokio(async {
        let radio = start("delay 2ms loss random 1%", "delay 1ms 1ms rate 100mbit");
        let (terminal, host) = over(&radio).await;
        let (up, down) = (pattern(300_000), pattern(200_000));
        let heard = tokio::try_join!(talk(terminal, &up), talk(host, &down));
        let (by_terminal, by_host) = heard.expect("no reset");
        assert!(by_terminal == down && by_host == up);
    });
}

#[test]
fn a_question_after_which_the_terminal_closes_its_half_is_still_answered() {
    in_tokio(async {
        let (terminal, mut host) = over(&start("", "")).await;
        let asking = tokio::spawn(async move { talk(terminal, b"\0\x01?").await });
        let mut question = Vec::new();
        host.read_to_end(&mut question).await.expect("asked");
        assert_eq!(question, b"\0\x01?");
        host.write_all(b"\0\x01!").await.expect("open");
        drop(host);
        assert_eq!(asking.await.expect("ends").expect("answered"), b"\0\x01!");
    });
}

#[test]
fn a_reset_in_the_middle_of_a_message_comes_after_its_first_half() {
    in_tokio(async {
        let radio = start("", "");
        radio.change(|link, _| {
            let reset_after = Some(100);
            let faults = StreamFaults {
                reset_after,
                ..StreamFaults::default()
            };
            link.set_faults(Side::Terminal, &faults);
        });
        let (mut terminal, mut host) = over(&radio).await;
        host.write_all(&pattern(250)).await.expect("open");
        let mut heard = Vec::new();
        let ended = terminal.read_to_end(&mut heard).await;
        assert_eq!(heard, pattern(100));
        assert_eq!(
            ended.map_err(|e| e.kind()),
            Err(io::ErrorKind::ConnectionReset)
        );
        let ended = host.read_u8().await.map_err(|e| e.kind());
        assert_eq!(ended, Err(io::ErrorKind::ConnectionReset));
    });
}

#[test]
fn a_reset_of_one_end_reaches_the_other() {
    in_tokio(async {
        let (mut terminal, mut host) = over(&start("", "")).await;
        host.write_all(b"x").await.expect("open");
        assert_eq!(terminal.read_u8().await.expect("open"), b'x');
        Stamped::new(terminal).reset();
        let ended = host.read_u8().await.map_err(|e| e.kind());
        assert_eq!(ended, Err(io::ErrorKind::ConnectionReset));
    });
}

#[test]
fn who_is_half_open_hears_nothing_and_is_not_told() {
    in_tokio(async {
        let radio = start("", "");
        radio.change(|link, _| {
            let sever_after = Some(4);
            let faults = StreamFaults {
                sever_after,
                ..StreamFaults::default()
            };
            link.set_faults(Side::Host, &faults);
        });
        let (mut terminal, mut host) = over(&radio).await;
        terminal.write_all(b"\0\x04only").await.expect("open");
        let mut heard = [0; 4];
        host.read_exact(&mut heard).await.expect("the beginning");
        assert_eq!(&heard, b"\0\x04on");
        host.write_all(b"lost").await.expect("does not know");
        // A connection that was made later is carried: what went before it was not.
        radio.change(|link, _| link.set_faults(Side::Host, &StreamFaults::default()));
        let (other, others_host) = over(&radio).await;
        let (_, asked) = tokio::join!(talk(other, b"ask"), talk(others_host, b"answer"));
        assert_eq!(asked.expect("carried"), b"ask");
        let nothing = |socket: &TcpStream| socket.try_read(&mut [0; 8]).map_err(|e| e.kind());
        assert_eq!(nothing(&terminal), Err(io::ErrorKind::WouldBlock));
        assert_eq!(nothing(&host), Err(io::ErrorKind::WouldBlock));
    });
}

#[test]
fn a_bit_that_flips_past_the_checksum_arrives_flipped() {
    in_tokio(async {
        let radio = start("", "");
        radio.change(|link, _| {
            let flip = Some(Flip { offset: 3, bit: 0 });
            let chop = Some(Chop {
                piece: NonZeroUsize::MIN,
                gap: Span::ZERO,
            });
            let faults = StreamFaults {
                flip,
                chop,
                ..StreamFaults::default()
            };
            link.set_faults(Side::Host, &faults);
        });
        let (terminal, host) = over(&radio).await;
        let (_, heard) = tokio::join!(talk(terminal, b"\0\x04ABCD"), talk(host, b""));
        assert_eq!(heard.expect("carried"), b"\0\x04ACCD");
    });
}

#[test]
fn without_a_network_a_connection_is_reset_and_the_host_not_called() {
    in_tokio(async {
        let clock = Clock::of_the_day();
        let none = profiles::find("no-signal").expect("exists");
        let link = Link::new(clock.now(), "rig", none, &Seeds::new(1, "shape"));
        let radio = Radio::start(link, clock, Box::new(|_, _| {})).expect("an alarm");
        let (mut terminal, far) = tcp().await;
        let never = async { panic!("called") };
        let relay = radio.relay::<Stamped, DuplexStream>(far, never, Framing::Raw);
        let (ended, ()) = tokio::join!(terminal.read_u8(), relay);
        let ended = ended.map_err(|e| e.kind());
        assert_eq!(ended, Err(io::ErrorKind::ConnectionReset));
    });
}

#[test]
fn a_host_that_cannot_be_called_is_a_reset() {
    in_tokio(async {
        let radio = start("delay 1ms", "");
        let (mut terminal, far) = tcp().await;
        let nobody = async { Err(io::ErrorKind::ConnectionRefused.into()) };
        let relay = radio.relay::<Stamped, DuplexStream>(far, nobody, Framing::Raw);
        let (ended, ()) = tokio::join!(terminal.read_u8(), relay);
        let ended = ended.map_err(|e| e.kind());
        assert_eq!(ended, Err(io::ErrorKind::ConnectionReset));
    });
}

#[test]
fn who_never_reads_slows_the_sender_down_and_does_not_fill_memory() {
    in_tokio(async {
        let radio = start("", "");
        let (mut terminal, far) = duplex(1 << 10);
        let (host, hosts_far) = duplex(1 << 10);
        let relay = tokio::spawn({
            let radio = radio.clone();
            async move {
                radio
                    .relay(far, async { Ok(hosts_far) }, Framing::Raw)
                    .await;
            }
        });
        let mut taken = 0;
        let piece = pattern(1 << 10);
        // Another connection that comes through has passed everything that waited before it.
        let (other, others_host) = over(&radio).await;
        let filling = async {
            loop {
                taken += terminal.write(&piece).await.expect("open");
            }
        };
        let much = pattern(3 * ROOM);
        let passing = async {
            tokio::try_join!(talk(other, &much), talk(others_host, b"")).expect("passes");
        };
        tokio::select! {
            () = filling => {}
            () = passing => {}
        }
        // On the way, in one piece more, and in the buffers of both sockets.
        assert!(taken <= ROOM + (16 << 10), "{taken}");
        drop((terminal, host));
        relay.await.expect("ends with its sockets");
    });
}

/// What became of the first packets of a direction.
fn fates(seed: u64) -> Vec<bool> {
    in_tokio(async {
        let clock = Clock::of_the_day();
        let mut link = link(&clock, seed, "duplicate 40%", "");
        link.set_tracing(true);
        let (see, seen) = mpsc::channel();
        let watcher: Watcher = Box::new(move |_, output| {
            if let Output::Packet(packet) = output
                && packet.direction == Direction::Up
                && packet.len > 0
            {
                let twice = matches!(packet.fate, Fate::Duplicated(..));
                let _ = see.send(twice);
            }
        });
        let radio = Radio::start(link, clock, watcher).expect("an alarm");
        let (mut terminal, mut host) = over(&radio).await;
        for n in 0..40_u8 {
            terminal.write_all(&[0, 1, n]).await.expect("open");
            let mut heard = [0; 3];
            host.read_exact(&mut heard).await.expect("open");
            assert_eq!(heard, [0, 1, n]);
            host.write_all(&heard).await.expect("open");
            terminal.read_exact(&mut heard).await.expect("open");
        }
        seen.try_iter().collect()
    })
}

#[test]
fn the_same_seed_and_the_same_traffic_make_the_same_decisions() {
    let first = fates(7);
    assert_eq!(first.len(), 40);
    assert_eq!(first, fates(7));
    assert_ne!(first, fates(8));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn everything_arrives_in_order_or_the_connection_ends(
        up in vec(vec(any::<u8>(), 0..700), 0..8),
        down in vec(any::<u8>(), 0..3_000),
        seed in any::<u64>(),
        piece in 1_usize..400,
        reset_after in proptest::option::weighted(0.4, 0_u64..4_000),
    ) {
        let up = up.concat();
        let (by_terminal, by_host) = in_tokio(async {
            let clock = Clock::of_the_day();
            let bad = "delay 1ms 1ms duplicate 10% reorder 20% loss random 2%";
            let mut link = link(&clock, seed, bad, bad);
            let chop = NonZeroUsize::new(piece).map(|piece| Chop { piece, gap: Span::ZERO });
            let faults = StreamFaults { chop, reset_after, ..StreamFaults::default() };
            link.set_faults(Side::Host, &faults);
            let radio = Radio::start(link, clock, Box::new(|_, _| {})).expect("an alarm");
            let (terminal, host) = over(&radio).await;
            tokio::join!(talk(terminal, &down), talk(host, &up))
        });
        // `talk` of the terminal sends what is for the host.
        let (for_host, for_terminal) = (down, up);
        match reset_after {
            Some(after) if after <= for_host.len() as u64 => {
                prop_assert!(by_host.is_err() || by_terminal.is_err());
            }
            _ => {
                prop_assert_eq!(by_host.expect("whole"), for_host);
                prop_assert_eq!(by_terminal.expect("whole"), for_terminal);
            }
        }
    }
}
