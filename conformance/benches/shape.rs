//! How close a link on real sockets keeps to the delay that it was asked for, and what it costs when
//! it was asked for none; beside a direct connection, and beside Toxiproxy where the variable
//! `TOXIPROXY` names its server. Every path is measured in turns, several rounds in one run, because
//! only what was measured together can be compared.
//!
//! ```sh
//! TOXIPROXY=./toxiproxy-server cargo bench -p counterproof --bench shape
//! ```

#![expect(clippy::print_stdout, reason = "a bench tells")]
#![expect(clippy::unwrap_used, reason = "a bench may fail")]

use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::runtime::{Builder, Runtime};

const ROUNDS: usize = 3;
const FRAMES: usize = 150;
const FRAME: usize = 250;
const APART: Duration = Duration::from_millis(20);
const CONNECTIONS: usize = 64;
const LASTS: Duration = Duration::from_secs(3);

/// What stands between the two sockets.
#[derive(Clone, Copy, PartialEq)]
enum Path {
    Direct,
    Ours,
    Toxiproxy,
}

/// A path that is ready to be connected to.
struct Way {
    address: SocketAddr,
    child: Option<Child>,
}

impl Way {
    fn new(path: Path, to: SocketAddr, delay: Duration) -> Self {
        match path {
            Path::Direct => Self {
                address: to,
                child: None,
            },
            Path::Ours => ours(to, delay),
            Path::Toxiproxy => toxiproxy(to, delay),
        }
    }

    /// What the process between has used of the processor.
    fn cpu(&self) -> Duration {
        let Some(child) = &self.child else {
            return Duration::ZERO;
        };
        let tasks = fs::read_dir(format!("/proc/{}/task", child.id())).unwrap();
        let nanos = tasks.map(|task| {
            let stat = fs::read_to_string(task.unwrap().path().join("schedstat"));
            let stat = stat.unwrap_or_default();
            let first = stat.split(' ').next().and_then(|n| n.parse().ok());
            first.unwrap_or(0)
        });
        Duration::from_nanos(nanos.sum())
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

fn ours(to: SocketAddr, delay: Duration) -> Way {
    let netem = format!("delay {}ms", delay.as_millis());
    let mut child = Command::new(env!("CARGO_BIN_EXE_counterproof"))
        .args(["link", "--to", &to.to_string(), "--netem", &netem])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    // Nobody reads the rest, which is a few lines.
    Way {
        address: line.split(' ').next().unwrap().parse().unwrap(),
        child: Some(child),
    }
}

fn toxiproxy(to: SocketAddr, delay: Duration) -> Way {
    let (control, address) = (free(), free());
    let child = Command::new(env::var_os("TOXIPROXY").unwrap())
        .args(["-host", "127.0.0.1", "-port", &control.port().to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while TcpStream::connect(control).is_err() {
        thread::sleep(Duration::from_millis(20));
    }
    let proxy =
        format!(r#"{{"name":"bench","listen":"{address}","upstream":"{to}","enabled":true}}"#);
    post(control, "/proxies", &proxy);
    if delay > Duration::ZERO {
        for stream in ["upstream", "downstream"] {
            let latency = delay.as_millis();
            let toxic = format!(
                r#"{{"type":"latency","stream":"{stream}","attributes":{{"latency":{latency}}}}}"#
            );
            post(control, "/proxies/bench/toxics", &toxic);
        }
    }
    Way {
        address,
        child: Some(child),
    }
}

fn free() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

fn post(to: SocketAddr, path: &str, body: &str) {
    let mut stream = TcpStream::connect(to).unwrap();
    let request = format!(
        "POST {path} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains(" 20"), "{answer}");
}

/// How much later than asked each frame arrived, in microseconds, in order of size.
fn errors(path: Path, delay: Duration) -> Vec<f64> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let way = Way::new(path, listener.local_addr().unwrap(), delay);
    let mut sender = TcpStream::connect(way.address).unwrap();
    sender.set_nodelay(true).unwrap();
    let (mut receiver, _) = listener.accept().unwrap();
    let start = Instant::now();
    let receiving = thread::spawn(move || {
        let mut frame = [0; FRAME];
        let mut errors = Vec::new();
        while receiver.read_exact(&mut frame).is_ok() {
            let now = start.elapsed();
            let sent = u64::from_le_bytes(frame[..8].try_into().unwrap());
            let took = now.as_nanos() as f64 - sent as f64;
            errors.push(took / 1e3 - delay.as_micros() as f64);
        }
        errors
    });
    // The first waits for the connection itself.
    for number in 0..=FRAMES {
        let mut frame = [0; FRAME];
        frame[..8].copy_from_slice(&(start.elapsed().as_nanos() as u64).to_le_bytes());
        sender.write_all(&frame).unwrap();
        thread::sleep(if number == 0 {
            4 * delay + APART
        } else {
            APART
        });
    }
    thread::sleep(2 * delay);
    drop(sender);
    let mut errors = receiving.join().unwrap().split_off(1);
    assert_eq!(errors.len(), FRAMES);
    errors.sort_by(f64::total_cmp);
    errors
}

fn percentile(sorted: &[f64], percent: usize) -> f64 {
    sorted[(sorted.len() * percent).div_ceil(100) - 1]
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Requests and responses a second, and what one costs the process between in microseconds.
fn cost(path: Path) -> (f64, f64) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let way = Way::new(path, listener.local_addr().unwrap(), Duration::ZERO);
    listener.set_nonblocking(true).unwrap();
    let echo = thread::spawn(move || runtime().block_on(echo(listener)));
    let (done, cpu, took) = runtime().block_on(async {
        let mut clients = Vec::new();
        for _ in 0..CONNECTIONS {
            let mut stream = tokio::net::TcpStream::connect(way.address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            exchange(&mut stream).await;
            clients.push(stream);
        }
        let (cpu, start) = (way.cpu(), Instant::now());
        let clients = clients.into_iter().map(|mut stream| {
            tokio::spawn(async move {
                let mut done = 0_u32;
                while start.elapsed() < LASTS {
                    exchange(&mut stream).await;
                    done += 1;
                }
                done
            })
        });
        let mut done = 0;
        for client in clients.collect::<Vec<_>>() {
            done += client.await.unwrap();
        }
        (done, way.cpu().saturating_sub(cpu), start.elapsed())
    });
    drop(way);
    echo.join().unwrap();
    let done = f64::from(done);
    (
        done / took.as_secs_f64(),
        cpu.as_nanos() as f64 / 1e3 / done,
    )
}

async fn exchange(stream: &mut tokio::net::TcpStream) {
    let mut frame = [7; FRAME];
    stream.write_all(&frame).await.unwrap();
    stream.read_exact(&mut frame).await.unwrap();
}

/// Answers each frame by itself, on as many connections as there will be.
async fn echo(listener: TcpListener) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    let mut tasks = Vec::new();
    for _ in 0..CONNECTIONS {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        tasks.push(tokio::spawn(async move {
            let mut frame = [0; FRAME];
            while stream.read_exact(&mut frame).await.is_ok()
                && stream.write_all(&frame).await.is_ok()
            {}
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
}

fn main() {
    // `cargo test --benches` only sees to it that this builds and begins.
    if env::args().any(|word| word == "--test") {
        return;
    }
    let mut paths = vec![("direct", Path::Direct), ("counterproof link", Path::Ours)];
    if env::var_os("TOXIPROXY").is_some() {
        paths.push(("toxiproxy", Path::Toxiproxy));
    }
    for round in 1..=ROUNDS {
        let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        println!("round {round}, load {}", load.trim_end());
        for &(name, path) in &paths {
            for millis in [50, 5] {
                let asked = match path {
                    Path::Direct => Duration::ZERO,
                    _ => Duration::from_millis(millis),
                };
                let errors = errors(path, asked);
                let (median, last) = (percentile(&errors, 50), percentile(&errors, 99));
                println!("  {name}: asked {asked:?}: late by {median:.0} us, p99 {last:.0} us");
            }
        }
        for &(name, path) in &paths {
            let (rate, cpu) = cost(path);
            println!("  {name}: {rate:.0} exchanges a second, {cpu:.2} us of CPU each between");
        }
    }
}
