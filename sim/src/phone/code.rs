//! Payment codes: what a wallet's codes look like, whose a code is, and codes drawn from a
//! generator. The one table of prefixes and lengths (network.md §1).
//!
//! Not here: whether a code is known, fresh or used (its wallet host).

use std::fmt::{self, Write as _};

use rand_chacha::rand_core::Rng;
use serde::{Deserialize, Serialize};

use crate::iso8583::show::mask;
use crate::random::Chance;
use crate::time::{Span, Time};
use crate::vocabulary::Wallet;

/// How long a code is good, and after which the app draws a new one.
pub const LIFE: Span = Span::from_secs(60);

/// The codes of one wallet: their first digits and their total lengths.
struct Shape {
    wallet: Wallet,
    /// The first and the last prefix of a range of equally long ones.
    prefixes: (u32, u32),
    /// Digits of a prefix.
    width: usize,
    lengths: &'static [usize],
}

/// In the order in which they are asked: the longer prefix before the shorter one it lies in.
/// JD shows UnionPay-shaped codes; the range within them is ours, its own is not public.
const SHAPES: [Shape; 5] = [
    Shape {
        wallet: Wallet::WeChat,
        prefixes: (10, 15),
        width: 2,
        lengths: &[18],
    },
    Shape {
        wallet: Wallet::Alipay,
        prefixes: (25, 30),
        width: 2,
        // 22 digits are never a payment code: social insurance codes have them.
        lengths: &[16, 17, 18, 19, 20, 21, 23, 24],
    },
    Shape {
        wallet: Wallet::Jd,
        prefixes: (625_010, 625_010),
        width: 6,
        lengths: &[19],
    },
    Shape {
        wallet: Wallet::UnionPay,
        prefixes: (62, 62),
        width: 2,
        lengths: &[19],
    },
    Shape {
        wallet: Wallet::Ecny,
        prefixes: (1, 1),
        width: 2,
        lengths: &[19],
    },
];

impl Shape {
    fn fits(&self, code: &[u8]) -> bool {
        self.lengths.contains(&code.len())
            && code[..self.width]
                .iter()
                .try_fold(0, |prefix, digit| {
                    digit
                        .is_ascii_digit()
                        .then(|| prefix * 10 + u32::from(digit - b'0'))
                })
                .is_some_and(|prefix| (self.prefixes.0..=self.prefixes.1).contains(&prefix))
    }
}

/// The wallet that a code belongs to by its digits; `None` for what is no payment code, of nobody.
pub fn route(code: &str) -> Option<Wallet> {
    let code = code.as_bytes();
    if !code.iter().all(u8::is_ascii_digit) {
        return None;
    }
    SHAPES
        .iter()
        .find(|shape| shape.fits(code))
        .map(|shape| shape.wallet)
}

/// Draws a well-formed code of a wallet: any prefix of its range, any length it may have. Nobody
/// has issued it; [`IssuedCode`] and the wallet host make it a real one.
pub fn mint(wallet: Wallet, chance: &mut Chance) -> Box<str> {
    let Some(shape) = SHAPES.iter().find(|shape| shape.wallet == wallet) else {
        unreachable!("every wallet has a shape");
    };
    let (first, last) = shape.prefixes;
    let prefix = first + chance.next_u32() % (last - first + 1);
    let length = shape.lengths[chance.next_u32() as usize % shape.lengths.len()];
    loop {
        let mut code = String::with_capacity(length);
        // Writing to a string does not fail.
        let _ = write!(code, "{prefix:0width$}", width = shape.width);
        code.extend(
            (shape.width..length).map(|_| char::from(b'0' + (chance.next_u32() % 10) as u8)),
        );
        // A code of UnionPay's may have come out as one of JD's.
        if route(&code) == Some(wallet) {
            return code.into();
        }
    }
}

/// How the customer pays: what the app tells its wallet host with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payer {
    /// The customer's number at the wallet.
    pub customer: u32,
    /// From which funding source.
    pub funding: Funding,
    /// When the password is asked for.
    pub password: Password,
    /// Why the wallet must refuse this phone, if it must.
    pub barred: Option<Barred>,
}

impl Default for Payer {
    /// Customer 1, from the balance, under the wallet's own password rule.
    fn default() -> Self {
        Self {
            customer: 1,
            funding: Funding::Balance,
            password: Password::default(),
            barred: None,
        }
    }
}

/// A funding source as the customer chose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Funding {
    /// The wallet's balance.
    Balance,
    /// A bank card bound to the wallet.
    Card,
    /// Baitiao credit (JD Pay only), to be paid back in instalments.
    Baitiao(Plan),
}

/// In how many monthly instalments a payment on credit is paid back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Plan {
    /// At once, next month.
    #[default]
    One,
    /// 3.
    Three,
    /// 6.
    Six,
    /// 12.
    Twelve,
    /// 24.
    TwentyFour,
}

impl Plan {
    /// All plans, shortest first.
    pub const ALL: [Self; 5] = [
        Self::One,
        Self::Three,
        Self::Six,
        Self::Twelve,
        Self::TwentyFour,
    ];

    /// The number of instalments.
    pub const fn instalments(self) -> u32 {
        match self {
            Self::One => 1,
            Self::Three => 3,
            Self::Six => 6,
            Self::Twelve => 12,
            Self::TwentyFour => 24,
        }
    }
}

/// When a wallet asks its customer for the password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Password {
    /// As the wallet does: above its threshold.
    #[default]
    ByWallet,
    /// For every payment.
    Always,
    /// For none.
    Never,
}

/// Why a wallet refuses a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Barred {
    /// The payment function is off at the provider.
    PaymentOff,
    /// System or app are too old.
    Outdated,
}

/// A code that a phone shows and that its wallet host knows of.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedCode {
    /// The digits.
    pub text: Box<str>,
    /// Whose it is.
    pub wallet: Wallet,
    /// When it was drawn, by the phone's clock, right or wrong.
    pub minted: Time,
    /// Who pays with it, and how.
    pub account: Payer,
}

impl fmt::Debug for IssuedCode {
    /// The digits masked: a code is as good as money for a minute.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedCode")
            .field("text", &mask(&self.text))
            .field("wallet", &self.wallet)
            .field("minted", &self.minted)
            .field("account", &self.account)
            .finish()
    }
}

impl IssuedCode {
    /// A code with these digits, drawn at `minted`. `None` where the digits are no payment code.
    pub fn with_text(text: &str, minted: Time, account: Payer) -> Option<Self> {
        route(text).map(|wallet| Self {
            text: text.into(),
            wallet,
            minted,
            account,
        })
    }

    /// Whether the code is outside of its life at `now`: too old, or from a future in which only a
    /// wrong clock can be.
    pub fn expired(&self, now: Time) -> bool {
        now.since(self.minted) > LIFE || self.minted.since(now) > LIFE
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::Seeds;
    use crate::vocabulary::Vocabulary;

    #[test]
    fn codes_are_routed_by_prefix_and_length() {
        for (code, wallet) in [
            ("101234567890123456", Some(Wallet::WeChat)),
            ("151234567890123456", Some(Wallet::WeChat)),
            ("161234567890123456", None),
            ("1012345678901234567", None),
            ("2512345678901234", Some(Wallet::Alipay)),
            ("301234567890123456789012", Some(Wallet::Alipay)),
            ("2512345678901234567890", None),
            ("311234567890123456", None),
            ("281234567890123", None),
            ("2812345678901234567890123", None),
            ("6250101234567890123", Some(Wallet::Jd)),
            ("6250111234567890123", Some(Wallet::UnionPay)),
            ("6211111111111111111", Some(Wallet::UnionPay)),
            ("621111111111111111", None),
            ("0112345678901234567", Some(Wallet::Ecny)),
            ("", None),
            ("1", None),
            ("10123456789012345a", None),
            ("１０1234567890123456", None),
        ] {
            assert_eq!(route(code), wallet, "{code}");
        }
    }

    #[test]
    fn alipay_codes_come_in_every_length_and_prefix_but_never_22_digits() {
        let mut chance = Seeds::new(1, "codes").component("phone");
        let codes: Vec<_> = (0..600)
            .map(|_| mint(Wallet::Alipay, &mut chance))
            .collect();
        for length in [16, 17, 18, 19, 20, 21, 23, 24] {
            assert!(codes.iter().any(|c| c.len() == length), "{length}");
        }
        for prefix in ["25", "26", "27", "28", "29", "30"] {
            assert!(codes.iter().any(|c| c.starts_with(prefix)), "{prefix}");
        }
        assert!(codes.iter().all(|c| c.len() != 22));
    }

    #[test]
    fn a_code_is_good_for_a_minute_either_side_of_its_clock() {
        let minted = Time::from_millis(1_000_000);
        let code = IssuedCode::with_text("6250101234567890123", minted, Payer::default()).unwrap();
        assert!(!code.expired(minted + LIFE));
        assert!(code.expired(minted + LIFE + Span::from_micros(1)));
        assert!(!code.expired(minted - LIFE));
        assert!(code.expired(minted - Span::from_secs(61)));
    }

    #[test]
    fn a_code_does_not_print_in_clear() {
        let code = IssuedCode::with_text("6250101234567890123", Time::default(), Payer::default());
        let shown = format!("{code:?}");
        assert!(shown.contains("625010*********0123"), "{shown}");
    }

    proptest! {
        #[test]
        fn every_minted_code_routes_to_its_wallet(seed: u64, wallet in prop::sample::select(Wallet::ALL)) {
            let mut chance = Seeds::new(seed, "codes").component("phone");
            let code = mint(wallet, &mut chance);
            prop_assert_eq!(route(&code), Some(wallet));
        }
    }
}
