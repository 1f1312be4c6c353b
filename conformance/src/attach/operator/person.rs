//! The person at the keyboard: one for the whole run, whichever scenario asks.

use std::io::BufRead;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use super::super::live::{Input, Stamped};
use super::super::wire::WireError;

/// Whose every line goes to whoever asked last.
#[derive(Debug, Default)]
pub struct Person(Mutex<Ear>);

#[derive(Debug, Default)]
struct Ear {
    /// Who asked last: where lines go, and of which boot they are.
    asks: Option<(Sender<Stamped>, u64)>,
    has_left: bool,
}

impl Person {
    /// The one who types `lines`.
    pub fn who_types(lines: impl BufRead + Send + 'static) -> Arc<Self> {
        let person = Arc::new(Self::default());
        let typing = Arc::clone(&person);
        thread::spawn(move || {
            for line in lines.split(b'\n').map_while(Result::ok) {
                typing.ear().tell(|boot| Input::Line(boot, line));
            }
            let mut ear = typing.ear();
            ear.has_left = true;
            ear.leave();
        });
        person
    }

    /// What is typed from now on goes there, as of this boot. Where nobody types any more, that is told
    /// at once.
    pub(super) fn answers(&self, post: Sender<Stamped>, boot: u64) {
        let mut ear = self.ear();
        ear.asks = Some((post, boot));
        if ear.has_left {
            ear.leave();
        }
    }

    fn ear(&self) -> MutexGuard<'_, Ear> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ear {
    fn leave(&self) {
        self.tell(|boot| Input::LinesEnded(boot, WireError::Ended));
    }

    fn tell(&self, what: impl FnOnce(u64) -> Input) {
        if let Some((post, boot)) = &self.asks {
            let (at, what) = (Instant::now(), what(*boot));
            // Whoever asked may be done with asking.
            let _ = post.send(Stamped { at, what });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, BufReader, Read};
    use std::sync::mpsc::{Receiver, channel};

    use super::*;

    /// A keyboard: what is sent is typed, until the sender is dropped.
    struct Keyboard(Receiver<&'static [u8]>);

    impl Read for Keyboard {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let typed = self.0.recv().unwrap_or_default();
            buffer[..typed.len()].copy_from_slice(typed);
            Ok(typed.len())
        }
    }

    fn heard(inbox: &Receiver<Stamped>) -> String {
        match inbox.recv().expect("somebody types").what {
            Input::Line(boot, line) => format!("{boot}: {}", String::from_utf8_lossy(&line)),
            Input::LinesEnded(boot, _) => format!("{boot} ended"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_line_goes_to_who_asked_last_and_an_end_is_told_to_everyone_who_asks() {
        let (keys, keyboard) = channel();
        let person = Person::who_types(BufReader::new(Keyboard(keyboard)));
        let (post, first) = channel();
        person.answers(post, 1);
        keys.send(b"skip\n").unwrap();
        assert_eq!(heard(&first), "1: skip");

        let (post, second) = channel();
        person.answers(post, 1);
        keys.send(b"approved\n").unwrap();
        assert_eq!(heard(&second), "1: approved");
        assert!(first.try_recv().is_err());

        drop(keys);
        assert_eq!(heard(&second), "1 ended");
        let (post, third) = channel();
        person.answers(post, 7);
        assert_eq!(heard(&third), "7 ended");
    }
}
