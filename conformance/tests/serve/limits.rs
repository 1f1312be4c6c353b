//! Terminals that misbehave, and settings that are wrong.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use super::terminal::{Terminal, code, codes, exchange};
use super::{Served, command, place};

/// Whether the connection ends without a word, however.
fn ends(stream: &mut TcpStream) -> bool {
    matches!(stream.read(&mut [0; 64]), Ok(0) | Err(_))
}

#[test]
fn bytes_that_are_no_frame_end_their_connection_and_no_other() {
    let place = place(1);
    let served = Served::start(&place, &["--pace", "prompt"]);
    let (mut good, mut terminal) = (served.connect(), Terminal::number(0));
    for bad in [
        &[0xFF, 0xFF][..],
        &[0, 0],
        &[0, 5, 1, 2, 3, 4, 5],
        &[0x7F, 0xFF, 0xFF, 0xFF, 1],
    ] {
        let mut stream = served.connect();
        stream.write_all(bad).unwrap();
        assert!(ends(&mut stream), "{bad:?}");
    }
    // A frame that is none of the dialect is recorded and not answered; the connection stands.
    let mut junk = vec![0, 30];
    junk.extend_from_slice(&[0xAB; 30]);
    good.write_all(&junk).unwrap();
    assert_eq!(terminal.sign_on(&mut good).unwrap(), "00");
}

#[test]
fn a_frame_that_does_not_become_whole_ends_its_connection() {
    let place = place(1);
    let served = Served::start(&place, &["--pace", "prompt", "--frame-time", "100ms"]);
    let mut slow = served.connect();
    slow.write_all(&[0, 100, 1, 2, 3]).unwrap();
    assert!(ends(&mut slow));
    // Who says nothing at all is not slow.
    let mut patient = served.connect();
    assert_eq!(Terminal::number(0).sign_on(&mut patient).unwrap(), "00");
}

#[test]
fn a_connection_that_is_silent_for_too_long_is_closed() {
    let place = place(1);
    let served = Served::start(&place, &["--idle-time", "200ms"]);
    assert!(ends(&mut served.connect()));
}

#[test]
fn there_is_room_for_so_many_connections_and_no_more() {
    let place = place(1);
    let served = Served::start(&place, &["--pace", "prompt", "--max-connections", "2"]);
    let (mut first, mut second) = (served.connect(), served.connect());
    let mut terminal = Terminal::number(0);
    terminal.sign_on(&mut first).unwrap();
    terminal.sign_on(&mut second).unwrap();
    assert!(ends(&mut served.connect()));
    drop(first);
    // The place is free when the end of the connection was seen.
    let mut stream = served.connect();
    while terminal.sign_on(&mut stream).is_err() {
        stream = served.connect();
    }
}

#[test]
fn a_terminal_that_never_reads_is_given_up_and_others_are_served() {
    let place = place(2);
    let served = Served::start(&place, &["--pace", "prompt"]);
    let (mut deaf, mut terminal) = (served.connect(), Terminal::number(0));
    terminal.sign_on(&mut deaf).unwrap();
    let query = terminal.query(2).repeat(200);
    // Until the answers that nobody reads are too many, and the connection is torn.
    while deaf.write_all(&query).is_ok() {}
    let (mut stream, mut other) = (served.connect(), Terminal::number(1));
    other.sign_on(&mut stream).unwrap();
    let codes = codes(served.api, 1);
    let sale = other.sale(&codes[0], 1);
    assert_eq!(code(&exchange(&mut stream, &sale).unwrap()), "00");
}

#[test]
fn mistakes_of_settings_are_told_before_anything_is_served() {
    let place = place(1);
    let mut said = Vec::new();
    let mut wrong = |options: &[&str]| {
        let run = command(place.path(), options).output().unwrap();
        assert_eq!(run.status.code(), Some(2), "{options:?}");
        let text = String::from_utf8(run.stderr).unwrap();
        said.push(text.replace(&place.path().display().to_string(), "PLACE"));
    };
    std::fs::write(place.path().join("short"), "abc").unwrap();
    let short = place.path().join("short").display().to_string();
    wrong(&["--listen", "localhost"]);
    wrong(&["--listen", "192.0.2.1:1"]);
    wrong(&["--idle-time", "0s"]);
    wrong(&["--max-connections", "0"]);
    wrong(&["--dialect", "cub"]);
    wrong(&["--api-token-file", &short]);
    std::fs::write(
        place.path().join("terminals.toml"),
        "[[terminal]]\nid = 7\n",
    )
    .unwrap();
    wrong(&[]);
    std::fs::remove_file(place.path().join("terminals.toml")).unwrap();
    wrong(&[]);
    insta::assert_snapshot!(said.join(""));
}

#[test]
fn an_api_that_others_can_reach_needs_a_token() {
    let place = place(1);
    let mut command = command(place.path(), &[]);
    let words: Vec<_> = command.get_args().map(std::ffi::OsStr::to_owned).collect();
    let mut open = std::process::Command::new(command.get_program());
    open.args(words.iter().map(|word| {
        if word == "127.0.0.1:0" {
            "0.0.0.0:0".into()
        } else {
            word.clone()
        }
    }));
    open.env_remove("COUNTERPROOF_API_TOKEN");
    let run = open.output().unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("--api-token-file"));
    // Two services do not share their data.
    let _first = Served::start(&place, &[]);
    let run = command.output().unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("another process"));
}

#[test]
fn a_port_under_siege_serves_everybody_else_and_the_ledger_stays_whole() {
    // Nobody's number is a flipped byte away from this one's: a sign-in in its name gives it other keys.
    let place = place(6);
    let served = Served::start(&place, &["--pace", "prompt"]);
    let (mut stream, mut terminal) = (served.connect(), Terminal::number(5));
    assert_eq!(terminal.sign_on(&mut stream).unwrap(), "00");
    let siege = std::thread::spawn({
        let listen = served.listen;
        move || super::port::besiege(listen)
    });
    let mut sold = 0;
    while !siege.is_finished() {
        let frame = terminal.sale(&codes(served.api, 1)[0], 1);
        assert_eq!(code(&exchange(&mut stream, &frame).unwrap()), "00");
        sold += 1;
    }
    siege.join().unwrap();
    let health = served.get("/v1/health");
    assert_eq!(health["postings"], sold, "{health}");
    assert_eq!(health["sum"], 0, "{health}");
}
