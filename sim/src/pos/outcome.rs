//! What a response code means: success, waiting, undecided or a decline, and with which reason.
//! DE39 decides; the three characters of 63.2 only name the reason.
//!
//! Not here: what the terminal does about it (see [`super::engine`]), nor what it advises
//! ([`super::advice`]).

use super::defects::{Defect, Defects};
use crate::vocabulary::Reason;

/// DE39.
pub(super) type ResponseCode = [u8; 2];
/// The reason code in 63.2.
pub(super) type ReasonCode = [u8; 3];

/// What an answer to a request for money, or to a query of it, says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The money moved.
    Approved,
    /// The money in DE4 moved, which may be less than was asked for.
    Partly,
    /// The customer has yet to confirm.
    Waiting,
    /// The host does not know, or says that it has seen this before.
    Undecided(Reason),
    /// The host does not accept the message: wrong MAC.
    BadMac,
    /// The terminal has to sign in first; nothing was done.
    SignInFirst(Reason),
    /// Refused.
    Declined(Reason),
}

/// Whether the money moved, all of it or a part.
pub(super) const fn is_success(code: ResponseCode) -> bool {
    matches!(&code, b"00" | b"10" | b"11" | b"A2" | b"A4" | b"A5" | b"A6")
}

/// What the answer to a request for money says.
pub(super) fn judge(code: ResponseCode, reason: Option<ReasonCode>, defects: Defects) -> Verdict {
    match &code {
        b"10" if !defects.has(Defect::PartialAsFull) => Verdict::Partly,
        _ if is_success(code) => Verdict::Approved,
        b"09" if defects.has(Defect::WaitingApproves) => Verdict::Approved,
        b"09" => Verdict::Waiting,
        b"98" if defects.has(Defect::WalletSilenceDeclines) => {
            Verdict::Declined(Reason::NetworkTimeout)
        }
        b"96" if defects.has(Defect::MalfunctionDeclines) => Verdict::Declined(Reason::Maintenance),
        b"68" if reason == Some(*b"P03") || defects.has(Defect::OpenTimeoutDeclines) => {
            Verdict::Declined(Reason::PhoneNetwork)
        }
        b"96" => Verdict::Undecided(Reason::Maintenance),
        b"68" | b"98" => Verdict::Undecided(Reason::NetworkTimeout),
        b"94" => Verdict::Undecided(why(code, reason, defects)),
        b"A0" if defects.has(Defect::NoSignInAfterA0) => Verdict::Declined(Reason::NetworkSecurity),
        b"A0" => Verdict::BadMac,
        b"99" if defects.has(Defect::NoSignInAfter99) => Verdict::Declined(Reason::NetworkSecurity),
        b"99" | b"77" => Verdict::SignInFirst(why(code, reason, defects)),
        _ if defects.has(Defect::UnknownCodeApproves) && !is_known(code) => Verdict::Approved,
        _ => Verdict::Declined(why(code, reason, defects)),
    }
}

/// Whether the answer to a query says anything about the payment that was asked about.
pub(super) const fn tells_of_original(code: ResponseCode) -> bool {
    !matches!(
        &code,
        b"90" | b"91" | b"92" | b"96" | b"98" | b"30" | b"97" | b"A0" | b"99" | b"77"
    )
}

/// What the answer to a reversal says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReversalVerdict {
    /// It is through.
    Done,
    /// The terminal has to sign in first.
    SignInFirst(Reason),
    /// Nothing was done; it has to be sent again.
    Again(Reason),
}

/// What the answer to a reversal says. Any code that is definite is its end.
pub(super) fn judge_reversal(code: ResponseCode, defects: Defects) -> ReversalVerdict {
    match &code {
        b"25" if defects.has(Defect::NotFoundNotFinal) => {
            ReversalVerdict::Again(Reason::NetworkTimeout)
        }
        b"A0" if defects.has(Defect::MacErrorFinal) => ReversalVerdict::Done,
        b"A0" | b"99" | b"77" => ReversalVerdict::SignInFirst(why(code, None, defects)),
        b"96" | b"90" | b"91" | b"92" => ReversalVerdict::Again(Reason::Maintenance),
        b"98" | b"68" => ReversalVerdict::Again(Reason::NetworkTimeout),
        // Not accepted, so the money has not come back.
        b"30" | b"97" => ReversalVerdict::Again(why(code, None, defects)),
        _ => ReversalVerdict::Done,
    }
}

/// Why the host refused: by 63.2 where there is one that the terminal knows, else by DE39.
pub(super) fn why(code: ResponseCode, reason: Option<ReasonCode>, defects: Defects) -> Reason {
    let told = match reason.as_ref() {
        Some(b"P01") => Reason::PaymentDisabled,
        Some(b"P02") => Reason::PhoneOutdated,
        Some(b"P03") => Reason::PhoneNetwork,
        Some(b"C01") => Reason::CodeExpired,
        Some(b"C02") => Reason::CodeUsed,
        Some(b"C03") => Reason::CodeUnknown,
        Some(b"B01") => Reason::CreditNotActivated,
        Some(b"B02") => Reason::CreditLimit,
        Some(b"B03") => Reason::CreditOverdue,
        Some(b"B04") => Reason::CreditRisk,
        Some(b"N01") => Reason::Maintenance,
        Some(b"D01") => Reason::Interface,
        Some(b"H04") => Reason::Duplicate,
        Some(b"K01" | b"K02") => Reason::NetworkSecurity,
        _ => match &code {
            b"14" => Reason::CodeUnknown,
            b"54" => Reason::CodeExpired,
            b"58" => Reason::Interface,
            b"90" | b"91" | b"92" | b"96" => Reason::Maintenance,
            b"68" | b"98" => Reason::NetworkTimeout,
            b"94" => Reason::Duplicate,
            b"A0" | b"99" => Reason::NetworkSecurity,
            _ => Reason::Declined,
        },
    };
    misnamed(told, defects)
}

/// The wrong reason that a defect gives.
fn misnamed(reason: Reason, defects: Defects) -> Reason {
    let (defect, wrong) = match reason {
        Reason::Maintenance => (Defect::MaintenanceMisnamed, Reason::Declined),
        Reason::PaymentDisabled => (Defect::PaymentOffMisnamed, Reason::Declined),
        Reason::PhoneOutdated => (Defect::OutdatedMisnamed, Reason::Declined),
        Reason::CreditNotActivated => (Defect::NotActivatedMisnamed, Reason::Declined),
        Reason::CreditLimit => (Defect::LimitMisnamed, Reason::Declined),
        Reason::CreditOverdue => (Defect::OverdueMisnamed, Reason::CreditLimit),
        Reason::CodeUsed => (Defect::UsedAsExpired, Reason::CodeExpired),
        Reason::Interface => (Defect::InterfaceMisnamed, Reason::Declined),
        _ => return reason,
    };
    if defects.has(defect) { wrong } else { reason }
}

/// Whether the response code is one of the table.
fn is_known(code: ResponseCode) -> bool {
    matches!(
        &code,
        b"01"
            | b"02"
            | b"03"
            | b"04"
            | b"05"
            | b"12"
            | b"13"
            | b"14"
            | b"15"
            | b"21"
            | b"22"
            | b"25"
            | b"30"
            | b"34"
            | b"38"
            | b"40"
            | b"41"
            | b"43"
            | b"45"
            | b"51"
            | b"54"
            | b"55"
            | b"57"
            | b"58"
            | b"59"
            | b"61"
            | b"62"
            | b"64"
            | b"65"
            | b"75"
            | b"79"
            | b"90"
            | b"91"
            | b"92"
            | b"97"
            | b"A1"
            | b"A3"
            | b"A7"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sale(code: [u8; 2], reason: [u8; 3]) -> Verdict {
        judge(code, Some(reason), Defects::default())
    }

    #[test]
    fn every_situation_of_the_network_has_its_reason() {
        for (code, reason, expected) in [
            (b"68", b"P03", Reason::PhoneNetwork),
            (b"57", b"P01", Reason::PaymentDisabled),
            (b"40", b"P02", Reason::PhoneOutdated),
            (b"54", b"C01", Reason::CodeExpired),
            (b"14", b"C03", Reason::CodeUnknown),
            (b"40", b"B01", Reason::CreditNotActivated),
            (b"51", b"B02", Reason::CreditLimit),
            (b"62", b"B03", Reason::CreditOverdue),
            (b"59", b"B04", Reason::CreditRisk),
            (b"51", b"H03", Reason::Declined),
            (b"05", b"H01", Reason::Declined),
            (b"61", b"H02", Reason::Declined),
            (b"91", b"N01", Reason::Maintenance),
            (b"58", b"D01", Reason::Interface),
            (b"97", b"T01", Reason::Declined),
        ] {
            assert_eq!(sale(*code, *reason), Verdict::Declined(expected));
        }
        assert_eq!(sale(*b"94", *b"C02"), Verdict::Undecided(Reason::CodeUsed));
        assert_eq!(sale(*b"94", *b"H04"), Verdict::Undecided(Reason::Duplicate));
        assert_eq!(
            sale(*b"77", *b"T02"),
            Verdict::SignInFirst(Reason::Declined)
        );
        assert_eq!(
            sale(*b"99", *b"K02"),
            Verdict::SignInFirst(Reason::NetworkSecurity)
        );
        assert_eq!(sale(*b"A0", *b"K01"), Verdict::BadMac);
    }

    #[test]
    fn without_a_reason_the_response_code_alone_is_mapped() {
        let bare = |code: &[u8; 2]| judge(*code, None, Defects::default());
        for code in [
            b"12", b"22", b"25", b"30", b"40", b"51", b"57", b"59", b"61", b"62", b"ZZ",
        ] {
            assert_eq!(bare(code), Verdict::Declined(Reason::Declined));
        }
        assert_eq!(bare(b"54"), Verdict::Declined(Reason::CodeExpired));
        assert_eq!(bare(b"94"), Verdict::Undecided(Reason::Duplicate));
        assert_eq!(bare(b"68"), Verdict::Undecided(Reason::NetworkTimeout));
    }

    #[test]
    fn a_reason_never_makes_a_success() {
        assert_eq!(sale(*b"05", *b"OK0"), Verdict::Declined(Reason::Declined));
        assert_eq!(sale(*b"00", *b"H01"), Verdict::Approved);
        assert_eq!(sale(*b"10", *b"OK1"), Verdict::Partly);
    }

    #[test]
    fn a_reversal_ends_with_any_definite_answer() {
        let judge = |code: &[u8; 2]| judge_reversal(*code, Defects::default());
        for code in [b"00", b"12", b"25", b"40", b"05", b"ZZ"] {
            assert_eq!(judge(code), ReversalVerdict::Done);
        }
        for code in [b"96", b"98", b"90", b"91", b"92", b"68", b"30", b"97"] {
            assert!(matches!(judge(code), ReversalVerdict::Again(_)));
        }
        for code in [b"A0", b"99", b"77"] {
            assert!(matches!(judge(code), ReversalVerdict::SignInFirst(_)));
        }
    }
}
