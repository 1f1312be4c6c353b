//! The bytes of records. Numbers are big-endian, texts have their length before them, what may be
//! missing has a byte that says whether it is there.

use super::record::{Ended, Record, Sent, Word};
use crate::money::Fen;
use crate::pos::code::Code;
use crate::terminal::Status;
use crate::time::Time;
use crate::vocabulary::{Reason, Vocabulary};

const STATUSES: [Status; 4] = [
    Status::Approved,
    Status::Declined,
    Status::Cancelled,
    Status::Unknown,
];

impl Record<'_> {
    /// Appends the record's bytes.
    pub(super) fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::Founded { stan, batch } => {
                to.push(0);
                to.extend_from_slice(&stan.to_be_bytes());
                to.extend_from_slice(&batch.to_be_bytes());
            }
            Self::Numbered { stan } => {
                to.push(1);
                to.extend_from_slice(&stan.to_be_bytes());
            }
            Self::Accepted {
                order,
                operation,
                amount,
                at,
            } => {
                to.push(2);
                text(to, order);
                to.push(*operation as u8);
                to.extend_from_slice(&amount.get().to_be_bytes());
                to.extend_from_slice(&at.as_micros().to_be_bytes());
            }
            Self::Sent(sent) => {
                to.push(3);
                to.extend_from_slice(&sent.stan.to_be_bytes());
                to.extend_from_slice(&sent.batch.to_be_bytes());
                to.extend_from_slice(&sent.at.as_micros().to_be_bytes());
                if let Some(code) = &sent.code {
                    to.extend_from_slice(code.digits());
                }
            }
            Self::Reversing { code, cause, at } => {
                to.push(4);
                to.extend_from_slice(code);
                to.push(*cause as u8);
                to.extend_from_slice(&at.as_micros().to_be_bytes());
            }
            Self::Ended(Ended { order, word, at }) => {
                to.push(5);
                text(to, order);
                to.extend_from_slice(&at.as_micros().to_be_bytes());
                let status = STATUSES.iter().position(|other| *other == word.status);
                to.push(status.unwrap_or_default() as u8);
                maybe(to, word.reason.map(|reason| [reason as u8]).as_ref());
                maybe(to, word.moved.map(|fen| fen.get().to_be_bytes()).as_ref());
                maybe(to, word.rrn.as_ref());
                maybe(to, word.code.as_ref());
                maybe(to, word.clock.as_ref());
                maybe(to, word.instalments.map(|number| [number]).as_ref());
            }
            Self::Dropped { order } => {
                to.push(6);
                text(to, order);
            }
            Self::Settling { batch } => {
                to.push(7);
                to.extend_from_slice(&batch.to_be_bytes());
            }
            Self::Judged { matched } => to.extend_from_slice(&[8, (*matched).into()]),
            Self::Uploaded { records } => {
                to.push(9);
                to.extend_from_slice(&records.to_be_bytes());
            }
            Self::Settled { closed } => to.extend_from_slice(&[10, (*closed).into()]),
            Self::Noted { note, at } => {
                to.extend_from_slice(&[11, *note as u8]);
                to.extend_from_slice(&at.as_micros().to_be_bytes());
            }
            Self::Printing {
                order,
                operation,
                at,
                waits,
            } => {
                to.push(12);
                text(to, order);
                to.extend_from_slice(&at.as_micros().to_be_bytes());
                to.extend_from_slice(&[*operation as u8, (*waits).into()]);
            }
            Self::Lost => to.push(13),
        }
    }
}

impl<'a> Record<'a> {
    /// The record that these bytes are; `None` for anything that [`Record::write`] does not write.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut from = Reader(bytes);
        let record = match from.byte()? {
            0 => Self::Founded {
                stan: from.u32()?,
                batch: from.u32()?,
            },
            1 => Self::Numbered { stan: from.u32()? },
            2 => Self::Accepted {
                order: from.text()?,
                operation: from.word()?,
                amount: Fen::new(from.u64()?),
                at: Time::from_micros(from.u64()?),
            },
            3 => Self::Sent(Sent {
                stan: from.u32()?,
                batch: from.u32()?,
                at: Time::from_micros(from.u64()?),
                code: match from.rest() {
                    [] => None,
                    digits => Some(Code::stored(digits)?),
                },
            }),
            4 => Self::Reversing {
                code: from.take()?,
                cause: from.word()?,
                at: Time::from_micros(from.u64()?),
            },
            5 => Self::Ended(Ended {
                order: from.text()?,
                at: Time::from_micros(from.u64()?),
                word: Word {
                    status: *STATUSES.get(usize::from(from.byte()?))?,
                    reason: match from.maybe::<1>()? {
                        None => None,
                        Some([reason]) => Some(*Reason::ALL.get(usize::from(reason))?),
                    },
                    moved: from.maybe()?.map(|fen| Fen::new(u64::from_be_bytes(fen))),
                    rrn: from.maybe()?,
                    code: from.maybe()?,
                    clock: from.maybe()?,
                    instalments: from.maybe()?.map(|[number]| number),
                },
            }),
            6 => Self::Dropped {
                order: from.text()?,
            },
            7 => Self::Settling { batch: from.u32()? },
            8 => Self::Judged {
                matched: from.flag()?,
            },
            9 => Self::Uploaded {
                records: from.u32()?,
            },
            10 => Self::Settled {
                closed: from.flag()?,
            },
            11 => Self::Noted {
                note: from.word()?,
                at: Time::from_micros(from.u64()?),
            },
            12 => Self::Printing {
                order: from.text()?,
                at: Time::from_micros(from.u64()?),
                operation: from.word()?,
                waits: from.flag()?,
            },
            13 => Self::Lost,
            _ => return None,
        };
        from.0.is_empty().then_some(record)
    }
}

fn text(to: &mut Vec<u8>, text: &str) {
    to.extend_from_slice(&(text.len() as u32).to_be_bytes());
    to.extend_from_slice(text.as_bytes());
}

fn maybe<const N: usize>(to: &mut Vec<u8>, value: Option<&[u8; N]>) {
    to.push(value.is_some().into());
    if let Some(value) = value {
        to.extend_from_slice(value);
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (value, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*value)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take().map(|[byte]| byte)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_be_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_be_bytes)
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.u32()? as usize;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        str::from_utf8(text).ok()
    }

    fn flag(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn word<W: Vocabulary>(&mut self) -> Option<W> {
        W::ALL.get(usize::from(self.byte()?)).copied()
    }

    #[expect(
        clippy::option_option,
        reason = "nothing to read is not nothing written"
    )]
    fn maybe<const N: usize>(&mut self) -> Option<Option<[u8; N]>> {
        Some(match self.byte()? {
            0 => None,
            _ => Some(self.take()?),
        })
    }

    fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pos::defects::Defects;
    use crate::pos::notes::Note;
    use crate::vocabulary::Operation;

    fn records() -> Vec<Record<'static>> {
        let at = Time::from_millis(1_767_225_600_123);
        let code = Code::read("131234567890123456", Defects::default());
        let sent = |code| {
            Record::Sent(Sent {
                stan: 7,
                batch: 12,
                at,
                code,
            })
        };
        let approved = Word {
            status: Status::Approved,
            reason: None,
            moved: Some(Fen::new(12_850)),
            rrn: Some(*b"010123456789"),
            code: Some(*b"00"),
            clock: Some(*b"0101080000"),
            instalments: Some(3),
        };
        vec![
            Record::Founded { stan: 1, batch: 2 },
            Record::Numbered { stan: 999_999 },
            Record::Accepted {
                order: "A 订单",
                operation: Operation::Sale,
                amount: Fen::MAX,
                at,
            },
            sent(code),
            sent(None),
            Record::Reversing {
                code: *b"98",
                cause: Reason::NetworkTimeout,
                at,
            },
            Record::Ended(Ended {
                order: "A1",
                word: approved,
                at,
            }),
            Record::Ended(Ended {
                order: "",
                word: Word::failed(Status::Declined, Reason::CashierCancelled),
                at,
            }),
            Record::Dropped { order: "A1" },
            Record::Settling { batch: 12 },
            Record::Judged { matched: true },
            Record::Uploaded { records: 31 },
            Record::Settled { closed: false },
            Record::Noted {
                note: Note::PaperOut,
                at,
            },
            Record::Printing {
                order: "A1",
                operation: Operation::Refund,
                at,
                waits: true,
            },
            Record::Lost,
        ]
    }

    #[test]
    fn what_was_written_is_read_and_no_part_of_it_is() {
        for record in records() {
            let mut bytes = Vec::new();
            record.write(&mut bytes);
            assert_eq!(Record::read(&bytes), Some(record.clone()));
            let digits = matches!(record, Record::Sent(_));
            for end in 0..bytes.len() {
                assert!(
                    digits || Record::read(&bytes[..end]).is_none(),
                    "{record:?}"
                );
            }
        }
    }

    #[test]
    fn words_are_stored_by_their_place_in_the_vocabulary() {
        for (place, reason) in Reason::ALL.iter().enumerate() {
            assert_eq!(*reason as usize, place);
        }
        for (place, operation) in Operation::ALL.iter().enumerate() {
            assert_eq!(*operation as usize, place);
        }
        for (place, note) in Note::ALL.iter().enumerate() {
            assert_eq!(*note as usize, place);
        }
    }
}
