//! What a message asks for, and the rules of form that it must keep: the table of operations of
//! network.md §2. Not here: keys, batches and money.

use thiserror::Error;

use super::key::{Key, MerchantId, TerminalId};
use crate::iso8583::de48::{Detail, Totals, parse_batch_end};
use crate::iso8583::de60::{self, De60};
use crate::iso8583::de61::{self, De61};
use crate::iso8583::keys::Delivery;
use crate::iso8583::{Dialect, Field, Message, Packet, de48};
use crate::money::Fen;
use crate::vocabulary::Operation;

/// The operation that a message asks for; `None` for an answer.
pub(super) fn operation(message: &Message) -> Option<Operation> {
    message.operation().filter(|_| !message.mti().is_response())
}

/// The transaction that a message makes; `None` where it does not say.
pub(super) fn key(message: &Message) -> Option<Key> {
    Some(Key {
        terminal: TerminalId::new(message.get(Field::TERMINAL)?),
        batch: De60::of(message).ok()?.batch,
        stan: number(message.get(Field::STAN)?),
    })
}

/// A request that keeps the rules of form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    pub operation: Operation,
    /// The transaction that it makes.
    pub key: Key,
    pub merchant: MerchantId,
    /// DE4; zero where the operation has none.
    pub amount: Fen,
    /// The transaction of DE61 that it is about.
    pub about: Option<Key>,
    /// 60.3.
    pub network: u16,
}

/// How a message breaks the rules of form. The text stands in the record for its maker.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum Flaw {
    #[error("{0} bytes follow the last field")]
    Leftover(usize),
    #[error("no operation of the dialect has this message type, DE3 and DE60")]
    Operation,
    #[error("{0} is missing")]
    Missing(Field),
    #[error("{field} is {found}: {place} must be {wanted}")]
    Value {
        field: Field,
        found: String,
        place: &'static str,
        wanted: &'static str,
    },
    #[error(transparent)]
    Type(#[from] de60::Error),
    #[error(transparent)]
    Original(#[from] de61::Error),
    #[error(transparent)]
    Totals(#[from] de48::Error),
    #[error("DE61 names another batch or STAN than DE60 and DE11: a reversal repeats both")]
    OtherOriginal,
    #[error("there is no payment code where the dialect has it")]
    NoCode,
}

/// The form of one operation.
struct Form {
    /// Fields that must be there besides DE11, 41, 42 and 60.
    fields: &'static [Field],
    /// Values that fields must have.
    values: &'static [(Field, &'static [&'static str], &'static str)],
    /// Allowed values of 60.1, and for people.
    kinds: &'static [u8],
    kinds_text: &'static str,
}

const CURRENCY: (Field, &[&str], &str) = (Field::CURRENCY, &["156"], "156");
const SCANNED: (Field, &[&str], &str) = (Field::ENTRY_MODE, &["032"], "032");
const SHOWN: (Field, &[&str], &str) = (Field::ENTRY_MODE, &["042"], "042");
const OF_ORIGINAL: (Field, &[&str], &str) = (
    Field::ENTRY_MODE,
    &["032", "042"],
    "that of the original, 032 or 042",
);
const CONDITION: (Field, &[&str], &str) = (Field::CONDITION, &["00"], "00");
const PAY: (Field, &[&str], &str) = (Field::PROCESSING_CODE, &["000000"], "000000");
const GIVE_BACK: (Field, &[&str], &str) = (Field::PROCESSING_CODE, &["200000"], "200000");
const ASK: (Field, &[&str], &str) = (Field::PROCESSING_CODE, &["310000"], "310000");
const EITHER: (Field, &[&str], &str) = (
    Field::PROCESSING_CODE,
    &["000000", "200000"],
    "that of the original, 000000 or 200000",
);
const CAUSE: (Field, &[&str], &str) = (
    Field::RESPONSE,
    &["98", "96", "A0", "06"],
    "98, 96, A0 or 06",
);

const fn form(operation: Operation) -> Form {
    let management = Form {
        fields: &[],
        values: &[],
        kinds: &[de60::MANAGEMENT],
        kinds_text: "00",
    };
    match operation {
        Operation::Echo | Operation::SignOff => management,
        Operation::SignIn => Form {
            fields: &[Field::KEYS, Field::REASON],
            ..management
        },
        Operation::Settlement => Form {
            fields: &[Field::TOTALS, Field::REASON],
            values: &[CURRENCY],
            ..management
        },
        Operation::BatchDetail | Operation::BatchEnd => Form {
            fields: &[Field::TOTALS],
            ..management
        },
        Operation::Sale => Form {
            fields: &[Field::AMOUNT],
            values: &[PAY, SCANNED, CONDITION, CURRENCY],
            kinds: &[de60::SALE],
            kinds_text: "22",
        },
        Operation::CodeOrder => Form {
            fields: &[Field::AMOUNT],
            values: &[PAY, SHOWN, CONDITION, CURRENCY],
            kinds: &[de60::CODE_ORDER],
            kinds_text: "62",
        },
        Operation::Query => Form {
            fields: &[],
            values: &[ASK, OF_ORIGINAL, CONDITION],
            kinds: &[de60::QUERY],
            kinds_text: "61",
        },
        Operation::Void => Form {
            fields: &[Field::AMOUNT, Field::RRN],
            values: &[GIVE_BACK, OF_ORIGINAL, CONDITION, CURRENCY],
            kinds: &[de60::VOID],
            kinds_text: "23",
        },
        Operation::Refund => Form {
            fields: &[Field::AMOUNT, Field::RRN],
            values: &[GIVE_BACK, OF_ORIGINAL, CONDITION, CURRENCY],
            kinds: &[de60::REFUND],
            kinds_text: "25",
        },
        Operation::Reversal => Form {
            fields: &[Field::AMOUNT],
            values: &[EITHER, OF_ORIGINAL, CONDITION, CAUSE, CURRENCY],
            kinds: &[de60::SALE, de60::CODE_ORDER, de60::VOID, de60::REFUND],
            kinds_text: "that of the original, 22, 62, 23 or 25",
        },
    }
}

/// Whether requests of this operation carry a MAC.
pub(super) const fn needs_mac(operation: Operation) -> bool {
    operation.is_financial() || matches!(operation, Operation::Query | Operation::Reversal)
}

/// Whether requests of this operation name an original in DE61.
const fn names_original(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::Query | Operation::Void | Operation::Refund | Operation::Reversal
    )
}

/// Reads a request and holds it against the rules.
pub(super) fn read(
    dialect: &Dialect,
    packet: &Packet,
    operation: Option<Operation>,
) -> Result<Request, Flaw> {
    let message = &packet.message;
    let operation = operation.ok_or(Flaw::Operation)?;
    if packet.leftover > 0 {
        return Err(Flaw::Leftover(packet.leftover));
    }
    let form = form(operation);
    let always = [Field::STAN, Field::TERMINAL, Field::MERCHANT];
    for field in always.iter().chain(form.fields) {
        needed(message, *field)?;
    }
    let de60 = De60::of(message)?;
    if !form.kinds.contains(&de60.kind) {
        return Err(value(message, Field::BATCH, "60.1", form.kinds_text));
    }
    for (field, allowed, wanted) in form.values {
        let found = needed(message, *field)?;
        if !allowed.iter().any(|a| a.as_bytes() == found) {
            return Err(value(message, *field, "it", wanted));
        }
    }
    check_network(message, operation, de60)?;
    let terminal = TerminalId::new(needed(message, Field::TERMINAL)?);
    let stan = number(needed(message, Field::STAN)?);
    let about = if names_original(operation) {
        let original = De61::of(message)?;
        if operation == Operation::Reversal && (original.batch, original.stan) != (de60.batch, stan)
        {
            return Err(Flaw::OtherOriginal);
        }
        Some(Key {
            terminal,
            batch: original.batch,
            stan: original.stan,
        })
    } else {
        None
    };
    check_content(dialect, message, operation)?;
    Ok(Request {
        operation,
        key: Key {
            terminal,
            batch: de60.batch,
            stan,
        },
        merchant: MerchantId::new(needed(message, Field::MERCHANT)?),
        amount: message
            .get(Field::AMOUNT)
            .and_then(Fen::from_digits)
            .unwrap_or_default(),
        about,
        network: de60.network,
    })
}

fn check_network(message: &Message, operation: Operation, de60: De60) -> Result<(), Flaw> {
    let (right, wanted) = match operation {
        Operation::SignIn => (
            Delivery::from_code(de60.network).is_some(),
            "001, 003 or 004",
        ),
        Operation::Echo => (de60.network == de60::ECHO, "301"),
        Operation::SignOff => (de60.network == de60::SIGN_OFF, "002"),
        Operation::Settlement | Operation::BatchDetail => (de60.network == de60::SETTLEMENT, "201"),
        Operation::BatchEnd => (
            matches!(
                de60.network,
                de60::BATCH_END_BALANCED | de60::BATCH_END_UNBALANCED
            ),
            "207 or 202",
        ),
        Operation::Sale
        | Operation::CodeOrder
        | Operation::Query
        | Operation::Void
        | Operation::Refund
        | Operation::Reversal => {
            if !de60.tail.digits().starts_with(b"60") {
                return Err(value(message, Field::BATCH, "60.4 and 60.5", "60"));
            }
            (de60.network == 0, "000")
        }
    };
    if right {
        Ok(())
    } else {
        Err(value(message, Field::BATCH, "60.3", wanted))
    }
}

/// What stands inside the fields that only one operation has.
fn check_content(dialect: &Dialect, message: &Message, operation: Operation) -> Result<(), Flaw> {
    match operation {
        Operation::Sale => {
            dialect.code().get(message).ok_or(Flaw::NoCode)?;
        }
        Operation::Settlement => {
            Totals::parse(needed(message, Field::TOTALS)?)?;
        }
        Operation::BatchDetail => {
            Detail::parse(needed(message, Field::TOTALS)?)?;
        }
        Operation::BatchEnd => {
            parse_batch_end(needed(message, Field::TOTALS)?)?;
        }
        _ => {}
    }
    Ok(())
}

fn needed(message: &Message, field: Field) -> Result<&[u8], Flaw> {
    message.get(field).ok_or(Flaw::Missing(field))
}

#[cold]
fn value(message: &Message, field: Field, place: &'static str, wanted: &'static str) -> Flaw {
    let found = message.get(field).unwrap_or_default();
    Flaw::Value {
        field,
        found: String::from_utf8_lossy(found).into_owned(),
        place,
        wanted,
    }
}

/// Digits as a number; the decoder has made sure that they are digits.
fn number(digits: &[u8]) -> u32 {
    Fen::from_digits(digits).map_or(0, |n| n.get() as u32)
}
