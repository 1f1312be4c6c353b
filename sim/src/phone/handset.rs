//! The phone as a thing: its system, its clock, its screen, its network. Set up by a scenario;
//! faults of the catalogue override it while they hold.

use std::fmt;

use crate::time::{Span, Time};

/// Version of a phone's operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Major.
    pub major: u16,
    /// Minor.
    pub minor: u16,
}

impl Version {
    /// `major.minor`.
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// What a wallet app does on a system that is too old for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenOutdated {
    /// The wallet host refuses the payment.
    #[default]
    Refused,
    /// The app cannot refresh its code and shows an old one.
    StaleCode,
    /// The app shows no code.
    NoCode,
}

/// The payment function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PaymentFunction {
    /// On.
    #[default]
    On,
    /// Switched off in the app: no code is shown.
    OffInApp,
    /// Off at the provider: the code shows, the wallet host refuses it.
    OffAtProvider,
}

/// What the phone's clock says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// The right time.
    #[default]
    Right,
    /// Earlier than it is, by that much.
    Slow(Span),
    /// Later than it is, by that much.
    Fast(Span),
}

impl Clock {
    /// What it shows at `now`.
    pub fn shows(self, now: Time) -> Time {
        match self {
            Self::Right => now,
            Self::Slow(by) => now - by,
            Self::Fast(by) => now + by,
        }
    }
}

/// The screen before the scanner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// Brightness, 0 to 100 %.
    pub brightness: u8,
    /// How much of the code is lost in reflections, 0 to 100 %.
    pub glare: u8,
    /// A crack through the code.
    pub cracked: bool,
    /// Edge of the code on it, in millimetres.
    pub code_mm: u8,
}

impl Screen {
    /// Whether a sound scanner can read a code on it. The bounds are ours: a scanner wants a fifth
    /// of full brightness, error correction repairs a quarter of the code, and modules of a
    /// payment code under 12 mm are too small for a counter's optics.
    pub const fn legible(self) -> bool {
        self.brightness >= 20 && self.glare <= 25 && !self.cracked && self.code_mm >= 12
    }
}

impl Default for Screen {
    /// Bright, whole, large.
    fn default() -> Self {
        Self {
            brightness: 80,
            glare: 0,
            cracked: false,
            code_mm: 35,
        }
    }
}

/// The phone in the customer's hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handset {
    /// Its system.
    pub system: Version,
    /// The oldest system that the wallet app supports.
    pub app_needs: Version,
    /// What the app does below that.
    pub when_outdated: WhenOutdated,
    /// Its clock.
    pub clock: Clock,
    /// Its screen.
    pub screen: Screen,
    /// Whether it has a network of its own at the start; later it changes with
    /// [`super::Phone::set_online`].
    pub online: bool,
    /// The payment function.
    pub payment: PaymentFunction,
}

impl Handset {
    /// What the app does because the system is too old; `None` where it is not.
    pub fn outdated(&self) -> Option<WhenOutdated> {
        (self.system < self.app_needs).then_some(self.when_outdated)
    }
}

impl Default for Handset {
    /// A phone on which everything works.
    fn default() -> Self {
        Self {
            system: Version::new(15, 0),
            app_needs: Version::new(10, 0),
            when_outdated: WhenOutdated::default(),
            clock: Clock::default(),
            screen: Screen::default(),
            online: true,
            payment: PaymentFunction::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dark_glaring_cracked_or_tiny_screen_cannot_be_read() {
        let good = Screen::default();
        assert!(good.legible());
        for bad in [
            Screen {
                brightness: 19,
                ..good
            },
            Screen { glare: 26, ..good },
            Screen {
                cracked: true,
                ..good
            },
            Screen {
                code_mm: 11,
                ..good
            },
        ] {
            assert!(!bad.legible(), "{bad:?}");
        }
    }

    #[test]
    fn a_system_below_the_apps_minimum_is_outdated() {
        let mut phone = Handset::default();
        assert_eq!(phone.outdated(), None);
        phone.system = Version::new(9, 3);
        phone.when_outdated = WhenOutdated::NoCode;
        assert_eq!(phone.outdated(), Some(WhenOutdated::NoCode));
        assert_eq!(phone.system.to_string(), "9.3");
    }
}
