//! DE48 of a settlement (totals) and of a batch upload (details, end).

use thiserror::Error;

use super::digits::{number, write};
use crate::money::Fen;

/// Digits of one side of the totals.
const SIDE: usize = 31;

/// Characters of one detail.
const DETAIL: usize = 32;

/// Details that fit one message.
pub const DETAILS: usize = 31;

/// Why a DE48 cannot be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// Totals that are not 62 digits.
    #[error("DE48: totals are 62 digits, this is something else")]
    Totals,
    /// Details that are no count and records.
    #[error(
        "DE48: details are a count of two digits and 32 characters each, this is something else"
    )]
    Details,
    /// A batch end that is not four digits.
    #[error("DE48: a batch end is the number of records in four digits")]
    End,
    /// More details than one message takes.
    #[error("DE48: {0} details, one message takes 31: send several")]
    TooMany(usize),
}

/// The totals of a settlement, or the host's answer to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Domestic cards and codes: everything this simulation has.
    pub domestic: Side,
    /// Foreign cards.
    pub foreign: Side,
}

/// One half of the totals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// Sum of the sales, n12.
    pub debit: Fen,
    /// Number of sales, n3.
    pub debits: u16,
    /// Sum of voids and refunds, n12.
    pub credit: Fen,
    /// Number of voids and refunds, n3.
    pub credits: u16,
    /// 0 in a request; the host's judgement in its answer.
    pub code: u8,
}

/// The host's judgement: the totals agree (对账平).
pub const BALANCED: u8 = 1;
/// They differ (对账不平).
pub const UNBALANCED: u8 = 2;
/// The host could not tell (对账错误).
pub const FAILED: u8 = 3;

impl Totals {
    /// From the 62 digits of the field.
    ///
    /// # Errors
    /// For anything else.
    pub fn parse(value: &[u8]) -> Result<Self, Error> {
        if value.len() != 2 * SIDE {
            return Err(Error::Totals);
        }
        let (domestic, foreign) = value.split_at(SIDE);
        Ok(Self {
            domestic: Side::parse(domestic)?,
            foreign: Side::parse(foreign)?,
        })
    }

    /// The 62 digits. Numbers too large for their places lose their leading digits.
    pub fn digits(&self) -> [u8; 2 * SIDE] {
        let mut digits = [0; 2 * SIDE];
        let (domestic, foreign) = digits.split_at_mut(SIDE);
        self.domestic.write(domestic);
        self.foreign.write(foreign);
        digits
    }
}

impl Side {
    fn parse(digits: &[u8]) -> Result<Self, Error> {
        let amount = |from| Fen::from_digits(&digits[from..from + 12]).ok_or(Error::Totals);
        let count = |from| number(&digits[from..from + 3]).ok_or(Error::Totals);
        Ok(Self {
            debit: amount(0)?,
            debits: count(12)? as u16,
            credit: amount(15)?,
            credits: count(27)? as u16,
            code: number(&digits[30..]).ok_or(Error::Totals)? as u8,
        })
    }

    fn write(&self, digits: &mut [u8]) {
        digits[..12].copy_from_slice(&self.debit.n12());
        write(&mut digits[12..15], self.debits.into());
        digits[15..27].copy_from_slice(&self.credit.n12());
        write(&mut digits[27..30], self.credits.into());
        write(&mut digits[30..], self.code.into());
    }
}

/// One transaction of a batch upload (ours).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detail {
    /// Its STAN, n6.
    pub stan: u32,
    /// Its 60.1, n2.
    pub kind: u8,
    /// Its retrieval reference number, an12.
    pub rrn: [u8; 12],
    /// Its amount, n12, without sign.
    pub amount: Fen,
}

impl Detail {
    /// The details of one message: a count, then the records.
    ///
    /// # Errors
    /// When the bytes are not as many records as the count says.
    pub fn parse(value: &[u8]) -> Result<Vec<Self>, Error> {
        let (count, records) = value.split_first_chunk::<2>().ok_or(Error::Details)?;
        let count = number(count).ok_or(Error::Details)? as usize;
        let (records, rest) = records.as_chunks::<DETAIL>();
        if !rest.is_empty() || records.len() != count {
            return Err(Error::Details);
        }
        records.iter().map(Self::record).collect()
    }

    fn record(record: &[u8; DETAIL]) -> Result<Self, Error> {
        let (stan, rest) = record.split_at(6);
        let (kind, rest) = rest.split_at(2);
        let (rrn, amount) = rest.split_first_chunk().ok_or(Error::Details)?;
        Ok(Self {
            stan: number(stan).ok_or(Error::Details)?,
            kind: number(kind).ok_or(Error::Details)? as u8,
            rrn: *rrn,
            amount: Fen::from_digits(amount).ok_or(Error::Details)?,
        })
    }

    /// The field for up to [`DETAILS`] details.
    ///
    /// # Errors
    /// For more.
    pub fn emit(details: &[Self]) -> Result<Vec<u8>, Error> {
        if details.len() > DETAILS {
            return Err(Error::TooMany(details.len()));
        }
        let mut value = vec![0; 2 + details.len() * DETAIL];
        let (count, records) = value.split_at_mut(2);
        write(count, details.len() as u64);
        for (detail, record) in details.iter().zip(records.chunks_exact_mut(DETAIL)) {
            write(&mut record[..6], detail.stan.into());
            write(&mut record[6..8], detail.kind.into());
            record[8..20].copy_from_slice(&detail.rrn);
            record[20..].copy_from_slice(&detail.amount.n12());
        }
        Ok(value)
    }
}

/// The field of a batch end: how many records were uploaded, four digits.
pub fn batch_end(records: u16) -> [u8; 4] {
    let mut digits = [0; 4];
    write(&mut digits, records.into());
    digits
}

/// How many records a batch end says were uploaded.
///
/// # Errors
/// For anything but four digits.
pub fn parse_batch_end(value: &[u8]) -> Result<u16, Error> {
    match number(value) {
        Some(records) if value.len() == 4 => Ok(records as u16),
        _ => Err(Error::End),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_sixty_two_digits_and_the_judgement_is_digit_31() {
        let totals = Totals {
            domestic: Side {
                debit: Fen::new(12_850),
                debits: 3,
                credit: Fen::new(50),
                credits: 1,
                code: BALANCED,
            },
            foreign: Side::default(),
        };
        let digits = totals.digits();
        assert_eq!(
            str::from_utf8(&digits).unwrap(),
            "0000000128500030000000000500011\
             0000000000000000000000000000000"
        );
        assert_eq!(digits[30], b'1');
        assert_eq!(Totals::parse(&digits), Ok(totals));
        assert_eq!(Totals::parse(&digits[1..]), Err(Error::Totals));
        let mut broken = digits;
        broken[40] = b' ';
        assert_eq!(Totals::parse(&broken), Err(Error::Totals));
    }

    #[test]
    fn details_are_counted_records() {
        let details = [
            Detail {
                stan: 1,
                kind: 22,
                rrn: *b"160311909096",
                amount: Fen::new(12_850),
            },
            Detail {
                stan: 999_999,
                kind: 25,
                rrn: *b"X00004002761",
                amount: Fen::MAX,
            },
        ];
        let value = Detail::emit(&details).unwrap();
        assert_eq!(
            value,
            b"0200000122160311909096000000012850\
              99999925X00004002761999999999999"
        );
        assert_eq!(Detail::parse(&value).unwrap(), details);
        assert_eq!(Detail::parse(&value[..33]), Err(Error::Details));
        assert_eq!(Detail::parse(b"00"), Ok(Vec::new()));
        assert_eq!(Detail::parse(b""), Err(Error::Details));
        assert_eq!(Detail::emit(&[details[0]; 32]), Err(Error::TooMany(32)));
        assert_eq!(Detail::emit(&[details[0]; 31]).unwrap().len(), 994);
    }

    #[test]
    fn a_batch_end_is_four_digits() {
        assert_eq!(&batch_end(31), b"0031");
        assert_eq!(parse_batch_end(b"0031"), Ok(31));
        assert_eq!(parse_batch_end(b"31"), Err(Error::End));
        assert_eq!(parse_batch_end(b"00x1"), Err(Error::End));
    }
}
