//! The standing service under load: `cargo bench -p counterproof --bench serve`, or with `-- 64` for so many
//! connections only.
//!
//! In turns, in one run and from one load generator: a bare tokio echo of frames of the same size, and
//! `serve` – prompt pace, its store on – with sales and with queries, all with right MACs. Each
//! connection is a terminal of its own that has signed on, and sends its next frame when it has read the
//! answer to the last one. What counts is the ratio; absolute figures are the machine's. What the serving thread
//! used of a processor for each frame is told too: on a machine that does other things as well it wavers less.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot be set up has nothing else to say, and says what it measured"
)]

use std::net::{SocketAddr, TcpStream as Blocking};
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use counterproof::serve::api::Guard;
use counterproof::serve::{Addresses, Settings, Setup, serve};
use counterproof_sim::host::Pace;
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::terminal::TerminalAccount;
use counterproof_sim::time::Span;
use counterproof_sim::vocabulary::Lang;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;

use terminal::{MASTER, MERCHANT, Terminal, codes, http};

#[path = "../tests/serve/terminal.rs"]
mod terminal;

/// The one of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often each is measured, in turns.
const ROUNDS: usize = 5;
/// Frames of one measurement, over all connections.
const FRAMES: usize = 64_000;

/// The thread of the service, and that of the floor.
const SERVER: &str = "server";
const ECHO: &str = "echo";

fn main() {
    println!(
        "connections  load     frame   txn/s   of echo   p50 µs   p99 µs   p99 of echo's   CPU µs   of echo's"
    );
    for connections in counts() {
        let bench = Bench::start(connections);
        let mut results = [Vec::new(), Vec::new(), Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            let sales = bench.frames(FRAMES / connections, sale);
            let queries = bench.frames(FRAMES / connections, query);
            results[0].push(load(bench.echo, ECHO, &sales));
            results[1].push(load(bench.host, SERVER, &sales));
            results[2].push(load(bench.echo, ECHO, &queries));
            results[3].push(load(bench.host, SERVER, &queries));
        }
        let sizes = [bench.sale_size, bench.query_size];
        for (index, name) in ["sales", "queries"].into_iter().enumerate() {
            let echo = median(&results[index * 2]);
            let host = median(&results[index * 2 + 1]);
            for (name, size, of, echo) in [
                ("echo", sizes[index], &echo, &echo),
                (name, sizes[index], &host, &echo),
            ] {
                println!(
                    "{connections:>11}  {name:<8} {size:>4} B {:>7.0} {:>9.2} {:>8.0} {:>8.0} {:>15.2} {:>8.2} {:>11.2}",
                    of.rate,
                    of.rate / echo.rate,
                    of.p50,
                    of.p99,
                    of.p99 / echo.p99,
                    of.cpu,
                    of.cpu / echo.cpu,
                );
            }
        }
        bench.stop();
    }
}

/// Connections at once: those of the command line, or the usual ones.
fn counts() -> Vec<usize> {
    let asked: Vec<_> = std::env::args()
        .filter_map(|word| word.parse().ok())
        .collect();
    if asked.is_empty() {
        vec![1, 64, 1_000]
    } else {
        asked
    }
}

struct Bench {
    echo: SocketAddr,
    host: SocketAddr,
    api: SocketAddr,
    terminals: std::cell::RefCell<Vec<Terminal>>,
    sale_size: usize,
    query_size: usize,
    server: thread::JoinHandle<()>,
    _data: tempfile::TempDir,
}

impl Bench {
    fn start(connections: usize) -> Self {
        let data = tempfile::tempdir().unwrap();
        let accounts: Vec<_> = (0..connections).map(account).collect();
        let settings = Settings {
            setup: Setup {
                dialect: Dialect::cup(),
                terminals: accounts,
                pace: Pace::Prompt,
                idle: Span::from_secs(300),
                seed: 1,
            },
            listen: vec!["127.0.0.1:0".parse().unwrap()],
            api: "127.0.0.1:0".parse().unwrap(),
            guard: Guard::new(None),
            data: data.path().to_owned(),
            sync: false,
            most: 2_000,
            patience: Duration::from_secs(10),
            show_codes: false,
            lang: Lang::En,
        };
        let (ready, addresses) = channel::<Addresses>();
        let server = thread::Builder::new().name(SERVER.into());
        let server = server
            .spawn(move || serve(settings, |got| ready.send(got.clone()).unwrap()).unwrap())
            .unwrap();
        let addresses = addresses.recv().unwrap();
        let host = addresses.listen[0];
        let terminals = (0..connections).map(|number| {
            let mut terminal = Terminal::number(number);
            let mut stream = Blocking::connect(host).unwrap();
            assert_eq!(terminal.sign_on(&mut stream).unwrap(), "00");
            terminal
        });
        let terminals = terminals.collect();
        let mut bench = Self {
            echo: echo(),
            host,
            api: addresses.api,
            terminals: std::cell::RefCell::new(terminals),
            sale_size: 0,
            query_size: 0,
            server,
            _data: data,
        };
        bench.sale_size = bench.frames(1, sale)[0][0].len();
        bench.query_size = bench.frames(1, query)[0][0].len();
        bench
    }

    /// So many frames for each connection.
    fn frames(
        &self,
        each: usize,
        make: fn(&mut Terminal, &mut dyn Iterator<Item = String>) -> Vec<u8>,
    ) -> Vec<Vec<Vec<u8>>> {
        let mut codes = std::iter::from_fn(|| Some(codes(self.api, 10_000))).flatten();
        let mut terminals = self.terminals.borrow_mut();
        let of_one =
            |terminal: &mut Terminal| (0..each).map(|_| make(terminal, &mut codes)).collect();
        terminals.iter_mut().map(of_one).collect()
    }

    fn stop(self) {
        http(self.api, "POST", "/v1/stop", &[], None).unwrap();
        self.server.join().unwrap();
    }
}

fn account(number: usize) -> TerminalAccount {
    TerminalAccount {
        id: Terminal::number(number).id.into(),
        merchant: MERCHANT.into(),
        tpdu: vec![0x60, 0x00, 0x03, 0x00, 0x00].into(),
        master_key: MASTER.to_vec().into(),
        first_stan: 1,
        first_batch: 1,
        batch_limit: 500,
    }
}

fn sale(terminal: &mut Terminal, codes: &mut dyn Iterator<Item = String>) -> Vec<u8> {
    terminal.sale(&codes.next().unwrap(), 12_850)
}

/// Of the first sale.
fn query(terminal: &mut Terminal, _: &mut dyn Iterator<Item = String>) -> Vec<u8> {
    terminal.query(2)
}

/// The floor: an echo on one thread of tokio's.
fn echo() -> SocketAddr {
    let (ready, address) = channel();
    let named = thread::Builder::new().name(ECHO.into());
    let floor = move || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            ready.send(listener.local_addr().unwrap()).unwrap();
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                stream.set_nodelay(true).unwrap();
                tokio::spawn(async move {
                    let mut buffer = vec![0; 4_096];
                    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
                        if stream.write_all(&buffer[..read]).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
    };
    named.spawn(floor).unwrap();
    address.recv().unwrap()
}

struct Result {
    rate: f64,
    p50: f64,
    p99: f64,
    /// Of a processor for each frame, where the system tells.
    cpu: f64,
}

/// The median of each figure.
fn median(results: &[Result]) -> Result {
    let of = |figure: fn(&Result) -> f64| {
        let mut figures: Vec<_> = results.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures[figures.len() / 2]
    };
    Result {
        rate: of(|result| result.rate),
        p50: of(|result| result.p50),
        p99: of(|result| result.p99),
        cpu: of(|result| result.cpu),
    }
}

/// What the threads of this name have used of a processor so far: nothing where the system does not tell.
fn used_by(name: &str) -> Duration {
    let Ok(threads) = std::fs::read_dir("/proc/self/task") else {
        return Duration::ZERO;
    };
    let of_one = |thread: PathBuf| {
        let is_called = std::fs::read_to_string(thread.join("comm")).ok()?;
        let used = std::fs::read_to_string(thread.join("schedstat")).ok()?;
        let used = used.split(' ').next()?.parse().ok()?;
        (is_called.trim() == name).then(|| Duration::from_nanos(used))
    };
    let threads = threads.filter_map(|thread| of_one(thread.ok()?.path()));
    threads.sum()
}

/// Sends the frames of each connection one after the other, each when the last one was answered, to a thread of
/// this name.
fn load(to: SocketAddr, server: &str, frames: &[Vec<Vec<u8>>]) -> Result {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut streams = Vec::new();
        for _ in frames {
            let stream = TcpStream::connect(to).await.unwrap();
            stream.set_nodelay(true).unwrap();
            streams.push(stream);
        }
        let (start, used) = (Instant::now(), used_by(server));
        let clients = streams.into_iter().zip(frames.iter().cloned());
        let clients: Vec<_> = clients
            .map(|(stream, frames)| tokio::spawn(client(stream, frames)))
            .collect();
        let mut latencies = Vec::new();
        for client in clients {
            latencies.extend(client.await.unwrap());
        }
        let took = start.elapsed();
        let used = used_by(server).saturating_sub(used);
        latencies.sort_unstable();
        let at = |percent: usize| latencies[latencies.len() * percent / 100].as_secs_f64() * 1e6;
        Result {
            rate: latencies.len() as f64 / took.as_secs_f64(),
            p50: at(50),
            p99: at(99),
            cpu: used.as_secs_f64() * 1e6 / latencies.len() as f64,
        }
    })
}

async fn client(mut stream: TcpStream, frames: Vec<Vec<u8>>) -> Vec<Duration> {
    let mut latencies = Vec::with_capacity(frames.len());
    let mut buffer = [0; 1_024];
    for frame in frames {
        let start = Instant::now();
        stream.write_all(&frame).await.unwrap();
        let mut have = 0;
        loop {
            have += stream.read(&mut buffer[have..]).await.unwrap();
            assert!(have > 0, "the server closed the connection");
            let whole = 2 + usize::from(u16::from_be_bytes([buffer[0], buffer[1]]));
            if have >= 2 && have == whole {
                break;
            }
        }
        latencies.push(start.elapsed());
    }
    latencies
}
