//! Why a certificate is not accepted. The sentences are in [`crate::texts::certificate`].

use crate::day::Day;

/// Why a certificate is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A file that belongs to it is not there, or cannot be read.
    Missing {
        /// The file.
        file: String,
        /// Why.
        why: String,
    },
    /// A file is something else.
    Form {
        /// The file.
        file: String,
        /// What is wrong with it.
        why: String,
    },
    /// A file is not as it was signed.
    Edited {
        /// The file.
        file: String,
    },
    /// A signature does not fit what it signs.
    Signature {
        /// The file.
        file: String,
        /// The key that it names.
        key: String,
    },
    /// A key has signed twice.
    SignedTwice {
        /// The file.
        file: String,
        /// The key.
        key: String,
    },
    /// Nobody signed.
    Unsigned {
        /// The file.
        file: String,
    },
    /// None of the signers, or too few of them, are trusted.
    Stranger {
        /// The file.
        file: String,
        /// How many trusted signers are asked for.
        needed: usize,
        /// How many there are.
        trusted: usize,
        /// The others.
        strangers: String,
    },
    /// There is no such profile here.
    Profile {
        /// Its name.
        name: String,
    },
    /// The profile demands something else here.
    ProfileChanged {
        /// Its name.
        name: String,
    },
    /// A dialect that is built in says something else here.
    Dialect {
        /// Its name.
        name: String,
    },
    /// The catalogue was another.
    Suite {
        /// The version that it was made with.
        version: String,
    },
    /// The scenarios are not those that the profile demands.
    Plan {
        /// How many there are.
        found: usize,
        /// How many are demanded.
        demanded: usize,
    },
    /// Something in it does not follow from the rest.
    Contradiction {
        /// The file.
        file: String,
        /// The member.
        what: &'static str,
    },
    /// It does not count yet.
    NotYet {
        /// The first day on which it does.
        issued: Day,
    },
    /// It does not count any more.
    Expired {
        /// The last day on which it did.
        expires: Day,
    },
    /// There are too few or too many leaves.
    Leaves {
        /// How many there are.
        found: usize,
        /// How many scenarios are demanded.
        demanded: usize,
    },
    /// A leaf is of another scenario than the one that is demanded there.
    Order {
        /// The line, from 1.
        line: usize,
        /// The scenario that is there.
        found: String,
        /// The one that is demanded.
        demanded: String,
    },
    /// A scenario is left out that the terminal claims to be able to do.
    Claimed {
        /// The scenario.
        id: String,
    },
    /// The evidence of a scenario is not there.
    NoEvidence {
        /// The scenario.
        id: String,
    },
    /// The evidence of a scenario is not what its leaf says.
    Case {
        /// The scenario.
        id: String,
    },
    /// There is evidence that no leaf stands for.
    Unproven {
        /// The scenario.
        id: String,
    },
    /// Another terminal was run.
    OtherTerminal {
        /// The one that the certificate is about.
        certified: String,
        /// The one that was run.
        found: String,
    },
    /// Scenarios went otherwise when they were run again.
    Replay {
        /// How many.
        differing: usize,
        /// How many were compared.
        compared: usize,
        /// The first of them.
        first: String,
    },
}
