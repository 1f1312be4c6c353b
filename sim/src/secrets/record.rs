//! A record with its secrets masked: texts, codes, and the bytes of messages, which keep their length
//! and still decode. Bytes that travelled in pieces are looked at together, as the stream that they are.

use std::collections::BTreeMap;

use super::{Frames, Secrets};
use crate::iso8583::{Dialect, Packet, gbk};
use crate::record::{ConnId, Entry, Fact, Record};
use crate::terminal::{Action, Bytes, Event};

/// A stream of bytes: its direction, and which connection of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stream {
    /// What the terminal wrote; its numbers begin again with each boot.
    Written(u32, u64),
    /// What the terminal read.
    Read(u32, u64),
    /// What reached the acquirer.
    Received(ConnId),
    /// What the acquirer sent.
    Sent(ConnId),
}

impl Record {
    /// The same record with payment codes and keys masked. It tells the same story: entries, times
    /// and lengths are the same, and what decoded before still does.
    #[must_use]
    pub fn masked(&self, dialect: &Dialect) -> Self {
        let mut masked = self.clone();
        masked.mask(&self.secrets(dialect), dialect);
        masked
    }

    /// Masks this record itself, with the secrets that it knows.
    pub fn mask(&mut self, secrets: &Secrets, dialect: &Dialect) {
        self.change(|entries| {
            for entry in &mut *entries {
                secrets.mask_texts(&mut entry.fact);
            }
            secrets.mask_streams(entries, dialect);
        });
    }

    /// The payment codes that the record knows: presented, read, typed, and sent.
    pub fn secrets(&self, dialect: &Dialect) -> Secrets {
        let mut secrets = Secrets::default();
        let mut packet = Packet::default();
        for entry in self.entries() {
            match &entry.fact {
                Fact::Presented {
                    code: Some(code), ..
                } => secrets.learn(code),
                Fact::Told { event }
                | Fact::Unsupported { event }
                | Fact::PowerCut {
                    instead_of_answer_to: Some(event),
                } => secrets.learn_event(event),
                Fact::Received { frame, .. } => {
                    if dialect.parse_frame_into(frame, &mut packet).is_ok()
                        && let Some(code) = dialect.code().get(&packet.message)
                    {
                        secrets.learn(&gbk::decode(code));
                    }
                }
                _ => {}
            }
        }
        secrets
    }
}

impl Secrets {
    fn learn_event(&mut self, event: &Event) {
        if let Event::ScannerRead { text, .. } | Event::ManualCode { text } = event {
            self.learn(text);
        }
    }

    fn mask_box(&self, text: &mut Box<str>) {
        let masked = self.mask(text);
        if let std::borrow::Cow::Owned(masked) = masked {
            *text = masked.into();
        }
    }

    fn mask_texts(&self, fact: &mut Fact) {
        match fact {
            Fact::Step { text, .. } | Fact::Stray { why: text, .. } => self.mask_box(text),
            Fact::Judged {
                note: Some(note), ..
            } => self.mask_box(note),
            Fact::Presented {
                code: Some(code), ..
            } => self.mask_box(code),
            Fact::Told { event }
            | Fact::Unsupported { event }
            | Fact::PowerCut {
                instead_of_answer_to: Some(event),
            } => match event {
                Event::ManualCode { text } | Event::ScannerRead { text, .. } => self.mask_box(text),
                _ => {}
            },
            Fact::Did { action } => self.mask_action(action),
            _ => {}
        }
    }

    fn mask_action(&self, action: &mut Action) {
        match action {
            Action::Display { lines, .. } | Action::Print { lines, .. } => {
                *lines = lines.iter().map(|line| self.mask(line)).collect();
            }
            Action::Log { text, .. } => self.mask_box(text),
            Action::DeviceLog { entries } => {
                for entry in entries {
                    self.mask_box(&mut entry.kind);
                    self.mask_box(&mut entry.text);
                }
            }
            Action::Outcome(outcome) => {
                let texts = [&mut outcome.rrn, &mut outcome.host_code];
                for text in texts.into_iter().flatten() {
                    self.mask_box(text);
                }
            }
            // A code that the terminal shows to be scanned is for everybody's eyes, and long by
            // nature; only a customer's code in it is not.
            Action::ShowCode { payload } => {
                let mut bytes = payload.as_bytes().to_vec();
                self.hide_codes(&mut bytes);
                *payload = String::from_utf8_lossy(&bytes).into();
            }
            Action::HostOpen { .. }
            | Action::HostSend { .. }
            | Action::HostClose { .. }
            | Action::ScannerOn
            | Action::ScannerOff
            | Action::Settled { .. }
            | Action::SelfTest { .. } => {}
        }
    }

    fn mask_streams(&self, entries: &mut [Entry], dialect: &Dialect) {
        let mut streams: BTreeMap<Stream, (Vec<u8>, Vec<usize>)> = BTreeMap::new();
        let mut boots = 0;
        for (index, entry) in entries.iter_mut().enumerate() {
            boots += u32::from(matches!(entry.fact, Fact::Boot { .. }));
            if let Some((stream, bytes)) = bytes_of(&mut entry.fact, boots) {
                let (all, pieces) = streams.entry(stream).or_default();
                all.extend_from_slice(bytes);
                pieces.push(index);
            }
        }
        let mut frames = Frames::new(self, dialect);
        for (mut all, pieces) in streams.into_values() {
            frames.mask_stream(&mut all);
            let mut rest = &*all;
            for index in pieces {
                if let Some((_, bytes)) = bytes_of(&mut entries[index].fact, 0) {
                    let (piece, behind) = rest.split_at(bytes.len());
                    bytes.0.copy_from_slice(piece);
                    rest = behind;
                }
            }
        }
    }
}

/// The bytes of a message or a piece of one, and the stream in which they travelled.
fn bytes_of(fact: &mut Fact, boots: u32) -> Option<(Stream, &mut Bytes)> {
    match fact {
        Fact::Did {
            action: Action::HostSend { conn, data },
        } => Some((Stream::Written(boots, *conn), data)),
        Fact::Told {
            event: Event::HostData { conn, data },
        }
        | Fact::Unsupported {
            event: Event::HostData { conn, data },
        }
        | Fact::PowerCut {
            instead_of_answer_to: Some(Event::HostData { conn, data }),
        } => Some((Stream::Read(boots, *conn), data)),
        Fact::Received { conn, frame } => Some((Stream::Received(*conn), frame)),
        Fact::Stray { conn, bytes, .. } => Some((Stream::Received(*conn), bytes)),
        Fact::Sent { conn, frame } => Some((Stream::Sent(*conn), frame)),
        _ => None,
    }
}
