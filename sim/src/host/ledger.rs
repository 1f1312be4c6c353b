//! The ledger: double-entry, in fen, append-only. It is the ground truth about money; nothing a
//! terminal says is ever believed.
//!
//! Not here: who may pay (the wallet hosts) and what a message does (the switch).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::key::{Key, MerchantId};
use crate::money::Fen;
use crate::vocabulary::{Vocabulary, Wallet, vocabulary};

vocabulary! {
    /// Where a customer's money comes from.
    Source ("source") {
        Balance = "balance", "balance", "余额";
        Card = "card", "bank card", "银行卡";
        Baitiao = "baitiao", "Baitiao credit", "白条";
    }
}

/// An account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// One funding source of a customer of a wallet.
    Customer {
        /// The wallet.
        wallet: Wallet,
        /// The customer's number there.
        customer: u32,
        /// The source.
        source: Source,
    },
    /// What the acquirer owes a merchant.
    Merchant(MerchantId),
}

impl Account {
    /// Whether it is a customer's.
    pub const fn is_customer(&self) -> bool {
        matches!(self, Self::Customer { .. })
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customer {
                wallet,
                customer,
                source,
            } => write!(f, "{}/{customer}/{}", wallet.id(), source.id()),
            Self::Merchant(merchant) => write!(f, "merchant/{merchant}"),
        }
    }
}

impl Serialize for Account {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Account {
    /// As it is displayed.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(from)?;
        account(&text).ok_or_else(|| serde::de::Error::custom(format_args!("no account: {text:?}")))
    }
}

fn account(text: &str) -> Option<Account> {
    let (owner, rest) = text.split_once('/')?;
    if owner == "merchant" {
        return Some(Account::Merchant(MerchantId::new(rest.as_bytes())));
    }
    let (customer, source) = rest.split_once('/')?;
    Some(Account::Customer {
        wallet: Wallet::from_id(owner)?,
        customer: customer.parse().ok()?,
        source: Source::from_id(source)?,
    })
}

/// Why money moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PostingKind {
    /// A customer paid.
    Sale,
    /// A sale was undone by a void.
    Void,
    /// A sale or a part of it was given back.
    Refund,
    /// A sale was given back, or a void or a refund taken back.
    Reversal,
}

/// One movement of money. It is never changed and never removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Posting {
    /// Counted from 1 in one ledger.
    pub id: u32,
    /// Why.
    pub kind: PostingKind,
    /// The transaction that moved it; for a reversal the one that was reversed.
    pub key: Key,
    /// The payment whose money it is: `key` itself for a sale, the original of a void or refund.
    pub payment: Key,
    /// The account that the money left.
    pub debit: Account,
    /// The account that it reached.
    pub credit: Account,
    /// How much, above zero.
    pub amount: Fen,
    /// The customer's wallet.
    pub wallet: Wallet,
}

/// All postings and what follows from them.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    postings: Vec<Posting>,
    balances: BTreeMap<Account, i64>,
    payments: BTreeMap<Key, i64>,
    /// How many postings somebody has seen.
    mark: usize,
}

impl Ledger {
    /// Moves money and returns the posting. Whether it may move was decided before.
    pub(super) fn post(&mut self, kind: PostingKind, key: Key, of: &Money) -> Posting {
        let customer = Account::Customer {
            wallet: of.wallet,
            customer: of.customer,
            source: of.source,
        };
        let merchant = Account::Merchant(of.merchant);
        let (debit, credit) = if of.to_merchant {
            (customer, merchant)
        } else {
            (merchant, customer)
        };
        let posting = Posting {
            id: self.postings.len() as u32 + 1,
            kind,
            key,
            payment: of.payment,
            debit,
            credit,
            amount: of.amount,
            wallet: of.wallet,
        };
        self.enter(posting);
        posting
    }

    /// Enters a posting as it was made.
    pub(super) fn enter(&mut self, posting: Posting) {
        let amount = posting.amount.get().cast_signed();
        *self.balances.entry(posting.debit).or_default() -= amount;
        *self.balances.entry(posting.credit).or_default() += amount;
        let net = if posting.debit.is_customer() {
            amount
        } else {
            -amount
        };
        *self.payments.entry(posting.payment).or_default() += net;
        self.postings.push(posting);
    }

    /// From here on [`Ledger::since_mark`] counts.
    pub(super) const fn mark(&mut self) {
        self.mark = self.postings.len();
    }

    /// The postings since the mark, which moves behind them.
    pub(super) fn since_mark(&mut self) -> &[Posting] {
        let from = std::mem::replace(&mut self.mark, self.postings.len());
        &self.postings[from..]
    }

    /// Every posting, oldest first.
    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }

    /// What the customer is charged for a payment, after voids, refunds and reversals, in fen.
    /// Never below zero in a ledger that is right.
    pub fn net(&self, payment: &Key) -> i64 {
        self.payments.get(payment).copied().unwrap_or_default()
    }

    /// The postings of a payment, oldest first.
    pub fn history(&self, payment: &Key) -> impl Iterator<Item = &Posting> {
        let payment = *payment;
        self.postings.iter().filter(move |p| p.payment == payment)
    }

    /// Every payment that ever moved money and what is charged for it now, by key.
    pub fn payments(&self) -> impl Iterator<Item = (&Key, i64)> {
        self.payments.iter().map(|(key, net)| (key, *net))
    }

    /// What an account has gained (above zero) or lost (below) since the ledger began, in fen.
    pub fn balance(&self, account: &Account) -> i64 {
        self.balances.get(account).copied().unwrap_or_default()
    }

    /// The sum over all accounts: zero in a ledger that is right.
    pub fn sum(&self) -> i64 {
        self.balances.values().sum()
    }
}

/// The money of one payment and which way it goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Money {
    pub payment: Key,
    pub wallet: Wallet,
    pub customer: u32,
    pub source: Source,
    pub merchant: MerchantId,
    pub amount: Fen,
    /// From the customer to the merchant, or back.
    pub to_merchant: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::key::TerminalId;

    fn key(stan: u32) -> Key {
        Key {
            terminal: TerminalId::new(b"10000001"),
            batch: 1,
            stan,
        }
    }

    fn money(stan: u32, fen: u64, to_merchant: bool) -> Money {
        Money {
            payment: key(stan),
            wallet: Wallet::Jd,
            customer: 1,
            source: Source::Baitiao,
            merchant: MerchantId::new(b"898310000000001"),
            amount: Fen::new(fen),
            to_merchant,
        }
    }

    #[test]
    fn what_leaves_one_account_reaches_another() {
        let mut ledger = Ledger::default();
        ledger.post(PostingKind::Sale, key(1), &money(1, 12_850, true));
        ledger.post(PostingKind::Sale, key(2), &money(2, 300, true));
        ledger.post(PostingKind::Refund, key(3), &money(1, 850, false));
        let (customer, merchant) = (ledger.postings()[0].debit, ledger.postings()[0].credit);
        assert_eq!(ledger.balance(&customer), -12_300);
        assert_eq!(ledger.balance(&merchant), 12_300);
        assert_eq!(ledger.sum(), 0);
        assert_eq!((ledger.net(&key(1)), ledger.net(&key(2))), (12_000, 300));
        assert_eq!(ledger.net(&key(3)), 0);
        let ids: Vec<_> = ledger.history(&key(1)).map(|p| p.id).collect();
        assert_eq!(ids, [1, 3]);
    }

    #[test]
    fn a_posting_reads_well_in_the_record() {
        let posting = Ledger::default().post(PostingKind::Sale, key(1), &money(1, 100, true));
        assert_eq!(
            serde_json::to_string(&posting).unwrap(),
            r#"{"id":1,"kind":"sale","key":{"terminal":"10000001","batch":1,"stan":1},"payment":{"terminal":"10000001","batch":1,"stan":1},"debit":"JDB/1/baitiao","credit":"merchant/898310000000001","amount":100,"wallet":"JDB"}"#
        );
    }
}
