//! `counterproof link`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};

use super::{Said, counterproof, run};

#[test]
fn bytes_go_over_the_link_and_are_counted_when_it_ends() {
    let host = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = host.local_addr().unwrap().to_string();
    let mut child = counterproof(&["link", "--to", &to, "--netem", "delay 1ms", "--seed", "3"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    let (address, rest) = line.split_once(' ').unwrap();
    let address = address.to_owned();
    assert_eq!(
        rest,
        format!("→ {to}: netem delay 1ms, seed 3; Ctrl-C ends it\n")
    );
    for way in ["up  ", "down"] {
        line.clear();
        out.read_line(&mut line).unwrap();
        let tc = "tc qdisc replace dev eth0 root netem delay 1ms";
        assert_eq!(line, format!("{way}  {tc}\n"));
    }

    let mut terminal = TcpStream::connect(address).unwrap();
    terminal.write_all(b"ping").unwrap();
    let (mut accepted, _) = host.accept().unwrap();
    let mut heard = [0; 4];
    accepted.read_exact(&mut heard).unwrap();
    assert_eq!(&heard, b"ping");
    accepted.write_all(b"pong").unwrap();
    terminal.read_exact(&mut heard).unwrap();
    assert_eq!(&heard, b"pong");

    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let mut counts = String::new();
    out.read_to_string(&mut counts).unwrap();
    assert!(child.wait().unwrap().success());
    assert!(counts.starts_with("up    packets: "), "{counts}");
    assert!(counts.contains("down  packets: "), "{counts}");
}

#[test]
fn every_phase_of_a_profile_is_told_in_both_languages() {
    for (lang, up) in [("en", "up    tc "), ("zh", "上行  tc ")] {
        let mut child = counterproof(&["--lang", lang, "link", "--to", "127.0.0.1:1"])
            .args(["--profile", "elevator"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut lines = Vec::new();
        for _ in 0..7 {
            let mut line = String::new();
            out.read_line(&mut line).unwrap();
            lines.push(line);
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let ups = lines.iter().filter(|line| line.starts_with(up)).count();
        assert!(ups >= 2, "{lines:?}");
    }
}

#[test]
fn what_cannot_be_is_said_before_anything_is_listened_at() {
    let mistakes: [(&[&str], &str); 4] = [
        (&["link"], "--to"),
        (
            &["link", "--to", "x:1", "--profile", "godo"],
            "did you mean good?",
        ),
        (
            &["link", "--to", "x:1", "--netem", "dely 5ms"],
            "word 1 (\"dely\")",
        ),
        (
            &["link", "--to", "x:1", "--listen", "nowhere"],
            "cannot listen at nowhere",
        ),
    ];
    for (words, expected) in mistakes {
        let Said { code, out, err } = run(words);
        assert_eq!((code, out.as_str()), (2, ""), "{words:?}");
        assert!(err.contains(expected), "{words:?}: {err}");
    }
}
