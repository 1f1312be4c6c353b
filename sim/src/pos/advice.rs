//! What the cashier should do about a reason.

use super::defects::{Defect, Defects};
use super::outcome::ResponseCode;
use crate::terminal::Status;
use crate::vocabulary::Advice::{
    self, CallSupport, CleanScanner, ConfirmOnPhone, ConnectPhone, ContactProvider,
    EnablePhonePayment, MoveToSignal, OtherFunding, OtherMethod, RefreshCode, RestartDevice, Retry,
    SwitchNetwork, UpdatePhone, UpdateSoftware, Wait,
};
use crate::vocabulary::Reason;

/// What to do now, best first. The code of the host tells declines apart that share a reason.
pub(super) fn advise(
    reason: Reason,
    code: Option<ResponseCode>,
    status: Status,
    defects: Defects,
) -> &'static [Advice] {
    if defects.has(Defect::NoAdvice) {
        return &[];
    }
    match reason {
        Reason::NoSignal => &[MoveToSignal, SwitchNetwork, OtherMethod],
        Reason::NetworkTimeout => &[Retry, SwitchNetwork, OtherMethod],
        Reason::HostUnreachable => &[Wait, SwitchNetwork, ContactProvider, OtherMethod],
        Reason::NetworkSecurity => &[Retry, CallSupport],
        Reason::Scanner if defects.has(Defect::DeadScannerAdvisesRetry) => &[Retry],
        Reason::Scanner => &[OtherMethod, RestartDevice, CallSupport],
        Reason::MerchantCode | Reason::Storage => &[CallSupport, OtherMethod],
        Reason::Interface => &[UpdateSoftware, CallSupport, OtherMethod],
        Reason::Printer => &[RestartDevice, CallSupport],
        Reason::BatchFull | Reason::Busy => &[Wait],
        Reason::Power | Reason::InvalidInput | Reason::UnknownOrder | Reason::CashierCancelled => {
            &[Retry]
        }
        Reason::CodeUnreadable if defects.has(Defect::PhoneNotNamed) => &[CleanScanner],
        Reason::CodeUnreadable => &[
            CleanScanner,
            RefreshCode,
            EnablePhonePayment,
            UpdatePhone,
            OtherMethod,
        ],
        Reason::CodeUnknown | Reason::CodeExpired | Reason::CodeUsed => &[RefreshCode],
        Reason::PhoneOutdated => &[UpdatePhone, OtherMethod],
        Reason::PaymentDisabled => &[EnablePhonePayment, OtherMethod],
        Reason::Unconfirmed if status == Status::Unknown => &[ConfirmOnPhone, ConnectPhone],
        Reason::Unconfirmed | Reason::PhoneNetwork => &[ConnectPhone, RefreshCode, OtherMethod],
        Reason::CreditNotActivated | Reason::CreditLimit | Reason::CreditOverdue => {
            &[OtherFunding, OtherMethod]
        }
        Reason::CreditRisk if defects.has(Defect::RiskAdvisesRetry) => &[Retry],
        Reason::CreditRisk => &[OtherMethod, OtherFunding],
        Reason::Maintenance => &[Wait, ContactProvider, OtherMethod],
        Reason::Duplicate => &[RefreshCode, OtherMethod],
        Reason::Declined if defects.has(Defect::OnlyRetryAdvised) => &[Retry],
        Reason::Declined => match code.as_ref() {
            Some(b"51") => &[OtherFunding, OtherMethod],
            Some(b"77") => &[Retry],
            Some(b"97") => &[ContactProvider, OtherMethod],
            _ => &[OtherMethod, OtherFunding],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Vocabulary;

    #[test]
    fn there_is_advice_for_every_reason() {
        for &reason in Reason::ALL {
            for status in [Status::Declined, Status::Cancelled, Status::Unknown] {
                assert!(!advise(reason, None, status, Defects::default()).is_empty());
            }
        }
    }

    #[test]
    fn a_scan_without_a_code_names_scanner_and_phone() {
        let advice = advise(
            Reason::CodeUnreadable,
            None,
            Status::Declined,
            Defects::default(),
        );
        assert!(advice.contains(&CleanScanner) && advice.contains(&EnablePhonePayment));
    }
}
