//! What a wallet host knows of a customer's means. Opening figures only: what was spent since is
//! the ledger's.

use serde::{Deserialize, Serialize};

use crate::money::Fen;

/// More than any scenario spends: 100 million yuan from every source.
const AMPLE: Fen = Fen::new(10_000_000_000_000_000);

/// Above this a wallet asks its customer for the password: 1,000.00 yuan (ours; wallets let their
/// customers choose).
pub const PASSWORD_ABOVE: Fen = Fen::new(100_000);

/// A customer of a wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    /// In the wallet, when the scenario begins.
    pub balance: Fen,
    /// On the bank card bound to it.
    pub card: Fen,
    /// Credit.
    pub baitiao: Baitiao,
    /// The most that one payment may be, if the wallet has such a limit.
    pub payment_limit: Option<Fen>,
    /// Above this the password is asked for.
    pub password_above: Fen,
}

impl Default for Customer {
    /// Somebody who can pay anything.
    fn default() -> Self {
        Self {
            balance: AMPLE,
            card: AMPLE,
            baitiao: Baitiao::default(),
            payment_limit: None,
            password_above: PASSWORD_ABOVE,
        }
    }
}

/// A customer's Baitiao account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baitiao {
    /// Its state.
    pub state: CreditState,
    /// The most that may be owed.
    pub limit: Fen,
}

impl Default for Baitiao {
    /// Activated, with an ample limit.
    fn default() -> Self {
        Self {
            state: CreditState::default(),
            limit: AMPLE,
        }
    }
}

/// State of a Baitiao account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CreditState {
    /// Never activated.
    NotActivated,
    /// In good order.
    #[default]
    Active,
    /// An instalment is overdue.
    Overdue,
    /// Stopped by risk control.
    Risk,
}
