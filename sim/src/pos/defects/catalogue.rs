//! What each defect breaks: the requirement that catches it first, and what the terminal then does.

use super::Defect;

impl Defect {
    /// The id of the requirement (of the requirement catalogue) that it breaks first.
    pub const fn requirement(self) -> &'static str {
        self.entry().0
    }

    /// What a terminal with this defect does, in one sentence.
    pub const fn description(self) -> &'static str {
        self.entry().1
    }

    #[rustfmt::skip]
    const fn entry(self) -> (&'static str, &'static str) {
        match self {
            Self::RefusesEcny => ("CODE-01", "It does not know the prefix 01 and refuses every code of the digital renminbi as no payment code."),
            Self::CutsLongCodes => ("CODE-01", "A code of nineteen to twenty-four digits is sent with its first eighteen."),
            Self::SendsAnyDigits => ("CODE-02", "Any text of sixteen to twenty-four digits is sent to the host, whatever its prefix."),
            Self::KeepsBlanks => ("CODE-02", "A code that a scanner delivers with a line end is refused as no payment code."),
            Self::DoubleTriggerSends => ("CODE-03", "A second read of the code that is being paid with sends the request once more, with a new STAN."),
            Self::ForgetsDeclinedCodes => ("CODE-04", "A code leaves the memory of sent codes when the host declines it."),
            Self::ForgetsCodesAtRestart => ("CODE-04", "The memory of sent codes is not read back from the journal after a power cut."),
            Self::ExpiredCodeReversed => ("CODE-05", "A decline with 54 is answered with a reversal."),
            Self::KeypadDeadWithScanner => ("CODE-06", "While the scanner is reported dead, a typed code is ignored."),
            Self::LongScanHangs => ("CODE-08", "A scan of more than 1,024 characters stops the program until the next power cycle."),
            Self::DamagedCodeShown => ("CODE-07", "A payload that is cut off or whose CRC is wrong is shown all the same."),
            Self::OtherAmountShown => ("CODE-07", "The amount in the payload is not compared with the order's."),
            Self::OtherCurrencyShown => ("CODE-07", "The currency in the payload is not looked at."),
            Self::FaultyOrderLeftOpen => ("CODE-07", "An order whose code is faulty is reported declined, and no reversal closes it at the host."),
            Self::AmountRounded => ("TXN-01", "The request carries the order's amount rounded down to whole yuan."),
            Self::WrongEntryMode => ("TXN-01", "DE22 of a sale is 012 where a scanned code demands 032."),
            Self::NoCurrency => ("TXN-01", "DE49 is left out of the sale."),
            Self::StanInMemory => ("TXN-02", "After a power cut the numbers start at the first one again."),
            Self::StanWrapsToZero => ("TXN-02", "After 999999 comes 000000."),
            Self::StatusGuesses => ("TXN-03", "Where the network fails, a status look-up reports an approved order as declined."),
            Self::DeclinesPaidOrder => ("TXN-03", "A second payment of an approved order is answered with a decline of that order."),
            Self::PaysApprovedAgain => ("TXN-04", "A second payment of an approved order is taken as a new one."),
            Self::NoWordAfterReversal => ("TXN-05", "When the reversal is through, neither outcome nor display follows."),
            Self::StanIgnored => ("TXN-06", "DE11 of an answer is not compared."),
            Self::AmountIgnored => ("TXN-06", "DE4 of an answer is not compared."),
            Self::TerminalIgnored => ("TXN-06", "DE41 of an answer is not compared."),
            Self::MerchantIgnored => ("TXN-06", "DE42 of an answer is not compared."),
            Self::TypeIgnored => ("TXN-06", "The message type of an answer is not compared."),
            Self::ProcessingIgnored => ("TXN-06", "DE3 of an answer is not compared."),
            Self::LateAnswerRevives => ("TXN-07", "It keeps its connection open and reports as approved what it has reversed or is reversing, when the approval arrives late."),
            Self::QueriesEverySecond => ("TXN-08", "The query interval is one second, whatever the timing says."),
            Self::WaitsForCustomerForEver => ("TXN-08", "The window of queries never ends."),
            Self::GapBeforeCancel => ("TXN-08", "Queries end with the window, but the reversal goes out thirty seconds later."),
            Self::WaitingNotSaid => ("TXN-08", "09 leads to queries without outcome or display."),
            Self::WalletSilenceDeclines => ("TXN-09", "98 to a sale is final: declined, no query, no reversal."),
            Self::MalfunctionDeclines => ("TXN-09", "96 to a sale is final: declined, no query, no reversal."),
            Self::OpenTimeoutDeclines => ("TXN-09", "68 is final even without the reason P03."),
            Self::UnknownCodeApproves => ("TXN-10", "A response code outside the table is taken as success."),
            Self::WaitingApproves => ("TXN-10", "09 to a sale or a query is taken as success."),
            Self::DeclineReversed => ("TXN-10", "Every decline of a sale is answered with a reversal."),
            Self::PartialAsFull => ("TXN-11", "39 = 10 is reported with the amount of the order."),
            Self::ZeroAmountSent => ("TXN-13", "An amount of zero is taken, scanned for and sent."),
            Self::LongAmountCut => ("TXN-13", "Of an amount with more than twelve digits the last twelve are sent."),
            Self::ReceiptWithoutRrn => ("TXN-14", "The line with the retrieval reference number is missing."),
            Self::ReprintUnmarked => ("TXN-14", "A receipt that is printed again after a power cut looks like the first one."),
            Self::CancelledTooEarly => ("TXN-15", "The cancel key reports the order cancelled when the reversal leaves, not when it is answered."),
            Self::CancelForgets => ("TXN-15", "The cancel key after sending ends the order as cancelled, and nothing is reversed."),
            Self::RefundsTooMuch => ("TXN-12", "The amount of a refund is not compared with what is left of the payment."),
            Self::VoidsTwice => ("TXN-12", "A payment that was voided or partly refunded may be voided."),
            Self::GivesBackUnknown => ("TXN-12", "A refund or void of a payment that was declined or cancelled is sent to the host."),
            Self::RefundSentAgain => ("TXN-12", "A refund that got no answer is sent again with a new STAN."),
            Self::RefundSilenceForgotten => ("TXN-12", "A refund that got no answer is reported declined, and nothing is asked or reversed."),
            Self::NotFoundDeclines => ("TXN-12", "25 to a query is reported as a decline, and no reversal stops a request that is still on its way."),
            Self::ReceiptWithoutOrder => ("TXN-14", "The line with the order is missing."),
            Self::SilenceNotReversed => ("REV-01", "After the response time-out the order is reported cancelled, and nothing is reversed."),
            Self::SilenceReversedAs06 => ("REV-01", "DE39 of the reversal after silence is 06."),
            Self::NextSaleFirst => ("REV-01", "The reversal after silence waits two minutes, and a payment that is made meanwhile goes first."),
            Self::ReversalNewStan => ("REV-02", "DE11 of a reversal is a new number."),
            Self::ReversalZeroAmount => ("REV-02", "DE4 of a reversal is zero."),
            Self::ReversalNewBatch => ("REV-02", "DE60 and DE61 of a reversal carry the batch of the last sign-in, not that of the original."),
            Self::ReversalWithoutOriginal => ("REV-02", "DE61 is left out of a reversal."),
            Self::ReversalAlwaysScanned => ("REV-02", "DE22 of every reversal is 032, whatever that of the original was."),
            Self::JournalAfterSend => ("REV-03", "The record of a request becomes durable with the next event after it was sent."),
            Self::JournalDroppedAtTimeout => ("REV-03", "The record is deleted when the first reversal leaves, and lives on in memory only."),
            Self::GivesUpAfterRound => ("REV-04", "After three tries the reversal is dropped and the order reported cancelled."),
            Self::OneTryARound => ("REV-04", "A round of reversal is one sending."),
            Self::SaleBeforeReversal => ("REV-04", "A new payment goes out while a reversal is pending."),
            Self::NotFoundNotFinal => ("REV-05", "25 to a reversal counts as no answer."),
            Self::MacErrorFinal => ("REV-05", "A0 to a reversal counts as its end."),
            Self::MacNotChecked => ("REV-06", "DE64 of an answer is not looked at."),
            Self::MissingMacAccepted => ("REV-06", "An approval without DE64 is accepted; a wrong one is not."),
            Self::BadMacReversedAs98 => ("REV-06", "The reversal of an approval with a wrong MAC gives silence as its reason."),
            Self::UnsentReversed => ("REV-08", "A payment that found no connection is reversed."),
            Self::ScanTimeoutReversed => ("REV-08", "The scan time-out is followed by a reversal, though nothing was sent."),
            Self::CancelReversed => ("REV-08", "The cancel key while the terminal connects is followed by a reversal, though nothing was sent."),
            Self::YesterdayDropped => ("REV-09", "A reversal whose payment is of an earlier day is dropped without a word."),
            Self::PowerReversedAs06 => ("REV-07", "The reversal of what was in flight when the power failed gives the cancel key as its reason."),
            Self::FinishedAndReversed => ("REV-07", "The payment that was approved last before a power cut is reported approved again and reversed with 96."),
            Self::ApprovalNotRepeated => ("REV-07", "An approval that was stored when the power failed is neither said after the restart nor reversed."),
            Self::ReconnectsTightly => ("REV-10", "A reversal that found no connection is tried again after 200 ms, round or no round."),
            Self::SignInStorm => ("REV-10", "A sign-in that was refused or failed is tried again after a second, without end."),
            Self::WaitsForSignal => ("NET-01", "Without a link a payment waits for ten times the connect time-out."),
            Self::NoSignalMisnamed => ("NET-01", "Without a link the reason is network.host-unreachable."),
            Self::Impatient => ("NET-02", "The response time-out is a fortieth of what the timing says."),
            Self::OneLinkOnly => ("NET-03", "Only the first link is ever tried."),
            Self::ResendsOnOtherLink => ("NET-04", "When the connection dies under a sent request, the same bytes are sent again over the other link."),
            Self::WholeFramesOnly => ("NET-05", "A chunk of the stream that does not end with a frame is dropped."),
            Self::GarbageHangs => ("NET-06", "Bytes that do not decode stop the program until the next power cycle."),
            Self::UnsolicitedBelieved => ("NET-06", "While a sale waits, any 0210 with 39 = 00 is its approval, MAC or not."),
            Self::MaintenanceMisnamed => ("NET-08", "91 is reported as host.declined."),
            Self::MaintenanceRetried => ("NET-08", "91 leads to the same request with a new STAN, at once and without end."),
            Self::GivesUpUntilRestart => ("NET-09", "After a round of reversal nothing starts the next one but a restart."),
            Self::CheckValueIgnored => ("SEC-01", "Keys are taken from DE62 without a look at their check values."),
            Self::NoSignInAfterA0 => ("SEC-02", "A0 to a sale is a plain decline and does not make the keys invalid."),
            Self::NoSignInAfter99 => ("SEC-02", "99 does not make the keys invalid."),
            Self::HeaderIgnored => ("SEC-03", "Digit 6 of the header is not looked at."),
            Self::HostBatchIgnored => ("SEC-04", "60.2 of a sign-in's answer is not looked at."),
            Self::CountsBatchItself => ("SEC-04", "Where 60.2 of a sign-in's answer is another batch, the terminal adds one to its own."),
            Self::CodeOnReceipt => ("SEC-05", "The receipt has a line with the whole payment code."),
            Self::CodeInLog => ("SEC-05", "A log line with the whole payment code is written when the request leaves."),
            Self::CodeOnDisplay => ("SEC-05", "The display shows the whole payment code while the request is under way."),
            Self::KeyInLog => ("SEC-06", "A log line with the MAC key in clear is written at sign-in."),
            Self::KeyOnReceipt => ("SEC-06", "The receipt has a line with the MAC key in clear."),
            Self::KeyOnDisplay => ("SEC-06", "When a check value is wrong, the display shows the unwrapped MAC key."),
            Self::ClockNotTaken => ("SEC-07", "DE12 and DE13 of a sign-in's answer are not looked at."),
            Self::LeapDayUnknown => ("SEC-07", "29 February in DE13 of a sign-in's answer is no date to it, and its clock stays as it was."),
            Self::ForgetsBeforeStoring => ("PWR-01", "At an approval the record of the request is deleted in one write and the outcome stored in the next."),
            Self::RestartApproves => ("PWR-01", "An order whose request had left when the power failed is reported as approved."),
            Self::SilentAfterRestart => ("PWR-03", "After a power cut a pending reversal waits for the cashier's next operation, and no outcome is repeated."),
            Self::UnsentForgotten => ("PWR-03", "An order becomes durable only when its request leaves."),
            Self::DamageUnnoticed => ("PWR-02", "Whatever is found in the storage at a start counts as sound: what cannot be read is missing, and nobody is told."),
            Self::BackupIgnored => ("PWR-02", "At a start only the first copy of the journal is read; what it has lost is lost."),
            Self::LossStartsAnew => ("PWR-02", "Storage that cannot be read whole is emptied as at the factory, and trading goes on."),
            Self::SettlementForgotten => ("PWR-04", "A settlement that was under way when the power failed is not open any more."),
            Self::RefundLostAtRestart => ("TXN-12", "A refund that was under way when the power failed is neither asked about nor reversed, and gets no final word."),
            Self::RefundsNotCounted => ("SET-01", "The credits of a settlement are zero."),
            Self::StaysInBatch => ("SET-01", "After the end of a batch there is no sign-in, and the next payment goes out in the closed batch."),
            Self::UnbalancedNotSaid => ("SET-02", "Totals that differ are reported as matched, on the display and in the report."),
            Self::DetailsNotUploaded => ("SET-02", "After totals that differ the batch ends with 202 at once."),
            Self::EndsAsBalanced => ("SET-02", "After totals that differ the batch ends with 207."),
            Self::OneUploadOnly => ("SET-02", "Of more than thirty-one entries only the first thirty-one are uploaded."),
            Self::BatchNeverFull => ("SET-03", "The number of entries is not held against the limit."),
            Self::SettlesBeforeReversal => ("SET-04", "A settlement does not wait for reversals that are owed."),
            Self::PaymentOffMisnamed => ("PHN-01", "P01 is reported as host.declined."),
            Self::OutdatedMisnamed => ("PHN-02", "P02 is reported as host.declined."),
            Self::UnconfirmedMisnamed => ("PHN-03", "When the customer does not confirm in time, the reason is network.timeout."),
            Self::PhoneNotNamed => ("PHN-04", "When no code is read, the only advice is to clean the scanner."),
            Self::NotActivatedMisnamed => ("CRD-01", "B01 is reported as host.declined."),
            Self::LimitMisnamed => ("CRD-02", "B02 is reported as host.declined."),
            Self::OverdueMisnamed => ("CRD-03", "B03 is reported as credit.limit."),
            Self::RiskAdvisesRetry => ("CRD-04", "The advice with credit.risk is to try again, and nothing else."),
            Self::CreditDeclineSticks => ("CRD-05", "The payment after a credit decline is refused with the same reason, and nothing is sent."),
            Self::DeadScannerWaits => ("DEV-01", "With a dead scanner there is no scan time-out."),
            Self::DeadScannerAdvisesRetry => ("DEV-01", "The advice with device.scanner is to try again, and nothing else."),
            Self::DirtyScannerWaits => ("DEV-02", "With a scanner that decodes nothing there is no scan time-out."),
            Self::PaperOutReverses => ("DEV-03", "An approval that finds the printer without paper is reversed with 96."),
            Self::InterfaceMisnamed => ("DEV-04", "58 with D01 is reported as host.declined."),
            Self::InterfaceLocks => ("DEV-04", "After 58 with D01 every payment is refused with device.interface until factory boot."),
            Self::NoReason => ("UX-01", "A payment that the host declined is reported without a reason."),
            Self::NoAdvice => ("UX-01", "Outcomes and displays come without advice."),
            Self::EnglishOnly => ("UX-02", "The display is in English for every locale."),
            Self::BareCodes => ("UX-02", "The display of a problem is its response code or the word ERR."),
            Self::UnknownNotShown => ("UX-02", "The outcome unknown comes without a display."),
            Self::UsedAsExpired => ("UX-03", "A used code is reported as code.expired."),
            Self::OnlyRetryAdvised => ("UX-04", "The advice with host.declined is to try again, and nothing else."),
            Self::SelfTestAlwaysOk => ("OPS-01", "Every part of the self-test is ok, whatever was found."),
            Self::SelfTestStale => ("OPS-01", "Scanner and printer are ok in the self-test, whatever their drivers have reported."),
            Self::HostBlamedOnLink => ("OPS-03", "An echo without answer makes the link faulty and the host ok."),
            Self::NotesInMemory => ("OPS-02", "What was noted before a power cut is missing in the device log."),
            Self::RepairsNotNoted => ("OPS-02", "The device log tells of faults and never of their end."),
            Self::NotesWithoutTimes => ("OPS-02", "Every entry of the device log is of the year 1970."),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::vocabulary::Vocabulary;

    #[test]
    fn every_defect_says_in_a_sentence_what_it_does() {
        let sentences: BTreeSet<_> = Defect::ALL.iter().map(|d| d.description()).collect();
        assert_eq!(sentences.len(), Defect::ALL.len());
        assert!(sentences.iter().all(|sentence| sentence.ends_with('.')));
    }

    #[test]
    fn every_requirement_in_scope_has_its_broken_terminal() {
        let broken: BTreeSet<_> = Defect::ALL.iter().map(|d| d.requirement()).collect();
        let areas: [(&str, &[u8]); 12] = [
            ("CODE", &[1, 2, 3, 4, 5, 6, 7, 8]),
            ("TXN", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]),
            ("REV", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
            ("NET", &[1, 2, 3, 4, 5, 6, 8, 9]),
            ("SEC", &[1, 2, 3, 4, 5, 6, 7]),
            ("PWR", &[1, 2, 3, 4]),
            ("SET", &[1, 2, 3, 4]),
            ("PHN", &[1, 2, 3, 4]),
            ("CRD", &[1, 2, 3, 4, 5]),
            ("DEV", &[1, 2, 3, 4]),
            ("UX", &[1, 2, 3, 4]),
            ("OPS", &[1, 2, 3]),
        ];
        let expected: BTreeSet<_> = areas
            .iter()
            .flat_map(|(area, numbers)| numbers.iter().map(move |n| format!("{area}-{n:02}")))
            .collect();
        assert!(expected.iter().map(String::as_str).eq(broken));
    }
}
