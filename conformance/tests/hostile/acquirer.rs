//! The simulated acquirer, besieged: by itself, in simulated time; and on a socket, through a link.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread;

use counterproof::live::clock::Clock;
use counterproof::live::shape::{Framing, Radio, Stamped};
use counterproof::live::timer::Alarm;
use counterproof_sim::host::{Host, HostOutput};
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::link::Link;
use counterproof_sim::link::profiles::Profile;
use counterproof_sim::random::Seeds;
use counterproof_sim::record::ConnId;
use counterproof_sim::terminal::StreamEnd;
use counterproof_sim::time::{Span, Time};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::port::besiege;
use super::program::high_water;
use super::wire::{Ends, account, behaviours, every_byte_flipped, sign_in};

/// The most memory that the siege may take, in KiB, the besieger included.
const MOST_MEMORY: u64 = 200 << 10;
const OPENING: Time = Time::from_millis(1_767_225_600_000);

fn host(now: Time) -> Host {
    Host::new(Dialect::cup(), &account(), now, &Seeds::new(1, "siege"))
}

/// What the host did with a connection in ten seconds: answers, and whether it closed it.
fn told(host: &mut Host, now: Time, conn: ConnId, bytes: &[u8]) -> (usize, bool) {
    host.opened(now, conn);
    host.received(now, conn, bytes);
    let seen = done(host, now, conn);
    host.ended(now, conn, StreamEnd::Reset);
    seen
}

fn done(host: &mut Host, now: Time, conn: ConnId) -> (usize, bool) {
    let (mut answers, mut closed) = (0, false);
    loop {
        while let Some(output) = host.poll() {
            match output {
                HostOutput::Write { conn: at, .. } if at == conn => answers += 1,
                HostOutput::Close { conn: at } | HostOutput::Reset { conn: at } => {
                    closed |= at == conn;
                }
                _ => {}
            }
        }
        match host.wake_at().filter(|at| *at <= now + Span::from_secs(10)) {
            Some(at) => host.wake(at),
            None => return (answers, closed),
        }
    }
}

#[test]
fn by_itself_the_acquirer_survives_everything_that_can_arrive() {
    let mut host = host(OPENING);
    let mut now = OPENING;
    let mut conns = (1..).map(ConnId);
    let mut wrong = Vec::new();
    let mut tell = |host: &mut Host, bytes: &[u8]| {
        now += Span::from_secs(60);
        told(host, now, conns.next().unwrap(), bytes)
    };
    for (name, bytes, ends) in behaviours() {
        let seen = tell(&mut host, &bytes);
        let as_due = match ends {
            Ends::Closed => seen == (0, true),
            Ends::Unanswered => seen == (0, false),
            Ends::Answered(frames) => seen == (frames, false),
            Ends::Anyhow => true,
        };
        if !as_due {
            wrong.push(format!("{name}: {ends:?}, seen {seen:?}"));
        }
        assert_eq!(tell(&mut host, &sign_in()), (1, false), "after {name}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for frame in every_byte_flipped() {
        let (answers, _) = tell(&mut host, &frame);
        assert!(answers <= 1);
    }
    // Wherever a frame is cut, it is the same frame.
    for cut in 0..sign_in().len() {
        now += Span::from_secs(60);
        let conn = ConnId(1_000_000 + cut as u32);
        let frame = sign_in();
        host.opened(now, conn);
        host.received(now, conn, &frame[..cut]);
        assert_eq!(done(&mut host, now, conn), (0, false), "cut at {cut}");
        host.received(now, conn, &frame[cut..]);
        assert_eq!(done(&mut host, now, conn), (1, false), "cut at {cut}");
        host.ended(now, conn, StreamEnd::Eof);
    }
    assert_eq!(
        told(
            &mut host,
            now + Span::from_secs(60),
            ConnId(9_999_999),
            &sign_in()
        ),
        (1, false)
    );
}

/// What sockets tell the task that owns the host.
enum Heard {
    Opened(UnboundedSender<Vec<u8>>),
    Bytes(Vec<u8>),
    Ended,
}

/// An acquirer on a port of its own, behind a link, for as long as the process lives.
fn listening() -> SocketAddr {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            serve(listener).await;
        });
    });
    told.recv().unwrap()
}

async fn serve(listener: TcpListener) {
    let clock = Clock::of_the_day();
    let none = counterproof_sim::link::netem::Impairment::default;
    let profile = Profile::custom("siege", none(), none());
    let link = Link::new(clock.now(), "siege", &profile, &Seeds::new(1, "siege"));
    let radio = Radio::start(link, clock, Box::new(|_, _| {})).unwrap();
    let (tell, mut heard) = unbounded_channel();
    tokio::spawn(async move {
        let mut next = 0;
        loop {
            let Ok((terminal, _)) = listener.accept().await else {
                continue;
            };
            next += 1;
            let (near, far) = duplex(4 << 10);
            tokio::spawn(converse(ConnId(next), far, tell.clone()));
            let radio = radio.clone();
            tokio::spawn(async move {
                radio
                    .relay(
                        Stamped::new(terminal),
                        async { Ok(near) },
                        Framing::TwoBytes,
                    )
                    .await;
            });
        }
    });
    let mut host = host(clock.now());
    let mut alarm = Alarm::new().unwrap();
    let mut lines = HashMap::new();
    loop {
        if let Some(instant) = host.wake_at().and_then(|at| clock.instant(at)) {
            alarm.set(instant);
        }
        tokio::select! {
            said = heard.recv() => match said.unwrap() {
                (conn, Heard::Opened(line)) => {
                    lines.insert(conn, line);
                    host.opened(clock.now(), conn);
                }
                (conn, Heard::Bytes(bytes)) => host.received(clock.now(), conn, &bytes),
                (conn, Heard::Ended) => {
                    lines.remove(&conn);
                    host.ended(clock.now(), conn, StreamEnd::Eof);
                }
            },
            () = alarm.rang() => {}
        }
        host.wake(clock.now());
        while let Some(output) = host.poll() {
            match output {
                HostOutput::Write { conn, bytes, .. } => {
                    if let Some(line) = lines.get(&conn) {
                        let _ = line.send(bytes);
                    }
                }
                HostOutput::Close { conn } | HostOutput::Reset { conn } => {
                    lines.remove(&conn);
                }
                _ => {}
            }
        }
    }
}

/// Between one connection and the host. Dropping its line closes it.
async fn converse(conn: ConnId, stream: DuplexStream, tell: UnboundedSender<(ConnId, Heard)>) {
    let (mut from, mut to) = tokio::io::split(stream);
    let (line, mut written) = unbounded_channel::<Vec<u8>>();
    tell.send((conn, Heard::Opened(line))).unwrap();
    let mut buffer = vec![0; 4 << 10];
    let hearing = async {
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            let heard = Heard::Bytes(buffer[..count].to_vec());
            tell.send((conn, heard)).unwrap();
        }
    };
    let writing = async {
        while let Some(bytes) = written.recv().await {
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = hearing => {}
        () = writing => {}
    }
    tell.send((conn, Heard::Ended)).unwrap();
}

#[test]
fn on_a_socket_the_acquirer_survives_a_siege() {
    besiege(listening());
    let memory = high_water(std::process::id());
    assert!(memory > 0 && memory < MOST_MEMORY, "{memory} KiB");
}
