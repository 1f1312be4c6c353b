//! Everything that is done to an acquirer's port, given nothing but its address: the table of
//! [`super::wire`], and what takes several connections or patience. At the end the acquirer has to
//! sign a terminal in as if nothing had been.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::wire::{Ends, behaviours, every_byte_flipped, sign_in};

/// For an answer that comes. What does not come within it is a failure.
const PATIENCE: Duration = Duration::from_secs(30);
/// For an answer that does not come: what would be wrong comes at once.
const SHORTLY: Duration = Duration::from_millis(60);
/// Connections of a storm.
const STORM: usize = 2_000;

/// Does all of it.
pub fn besiege(address: SocketAddr) {
    for (name, bytes, ends) in behaviours() {
        let mut stream = connect(address);
        // It may be closed before all of it was taken.
        let _ = stream.write_all(&bytes);
        assert_eq!(seen(&mut stream, ends), Ok(()), "{name}");
    }
    is_sound(address, "the table");
    for frame in every_byte_flipped() {
        let _ = connect(address).write_all(&frame);
    }
    is_sound(address, "every byte flipped");
    dripping_is_waited_for(address);
    who_never_reads_is_nobodys_trouble(address);
    a_storm_passes(address);
    resets_pass(address);
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect_timeout(&address, PATIENCE).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Reads one frame.
fn answer(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut body = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut body)?;
    Ok(body)
}

fn seen(stream: &mut TcpStream, ends: Ends) -> Result<(), String> {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    match ends {
        Ends::Anyhow => Ok(()),
        Ends::Answered(frames) => {
            let answers = (0..frames).map(|_| answer(stream));
            let answers: Result<Vec<_>, _> = answers.collect();
            answers.map(|_| ()).map_err(|error| error.to_string())
        }
        Ends::Closed => match stream.read(&mut [0]) {
            Ok(0) => Ok(()),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => Ok(()),
            other => Err(format!("{other:?} in place of the end")),
        },
        Ends::Unanswered => {
            stream.set_read_timeout(Some(SHORTLY)).unwrap();
            match stream.read(&mut [0]) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
                other => Err(format!("{other:?} where nothing was due")),
            }
        }
    }
}

/// A terminal that does everything right is signed in.
fn is_sound(address: SocketAddr, after: &str) {
    let mut stream = connect(address);
    stream.write_all(&sign_in()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let body = answer(&mut stream).unwrap_or_else(|error| panic!("after {after}: {error}"));
    assert_eq!(&body[11..13], &[0x08, 0x10], "after {after}");
}

fn dripping_is_waited_for(address: SocketAddr) {
    let mut slow = connect(address);
    for byte in sign_in() {
        slow.write_all(&[byte]).unwrap();
    }
    is_sound(address, "another one that drips");
    assert_eq!(
        seen(&mut slow, Ends::Answered(1)),
        Ok(()),
        "a drip is a message"
    );
}

fn who_never_reads_is_nobodys_trouble(address: SocketAddr) {
    let mut deaf = connect(address);
    deaf.set_write_timeout(Some(SHORTLY)).unwrap();
    let many = sign_in().repeat(200);
    for _ in 0..200 {
        if deaf.write_all(&many).is_err() {
            break;
        }
    }
    is_sound(address, "one that never reads");
}

fn a_storm_passes(address: SocketAddr) {
    let mut open = Vec::new();
    for number in 0..STORM {
        // The acquirer may turn some away.
        let Ok(mut stream) = TcpStream::connect_timeout(&address, PATIENCE) else {
            continue;
        };
        let _ = stream.write_all(&sign_in()[..number % 40]);
        open.push(stream);
        if open.len() > 400 {
            open.clear();
        }
    }
    drop(open);
    is_sound(address, "a storm of connections");
}

fn resets_pass(address: SocketAddr) {
    for _ in 0..50 {
        let mut stream = connect(address);
        stream.write_all(&sign_in().repeat(3)).unwrap();
        // Answers that are not read when it is closed make a reset of it.
        let _ = stream.peek(&mut [0]);
    }
    is_sound(address, "resets");
}
