//! What a sloppy vendor does: named defects of the reference terminal. Each changes exactly one
//! behaviour, by a branch at the place where that behaviour lives, so that the suite can show that
//! it catches it.
//!
//! Not here: the behaviours. What each defect breaks, it says itself:
//! [`Defect::requirement`].

mod catalogue;

use crate::vocabulary::{Vocabulary, vocabulary};

vocabulary! {
    /// A defect that the reference terminal can be given.
    Defect ("defect") {
        // CODE
        RefusesEcny = "refuses-ecny", "refuses e-CNY codes", "拒绝数字人民币付款码";
        CutsLongCodes = "cuts-long-codes", "cuts payment codes after eighteen digits", "付款码超过十八位被截断";
        SendsAnyDigits = "sends-any-digits", "sends any digits of a plausible length as a payment code", "不校验付款码号段";
        KeepsBlanks = "keeps-blanks", "does not strip the line end that a scanner adds", "不去除扫码器附加的空白";
        DoubleTriggerSends = "double-trigger-sends", "sends a second request for a double-triggered scan", "重复触发产生两笔请求";
        ForgetsDeclinedCodes = "forgets-declined-codes", "lets a code be used again after a decline", "拒绝后可再次使用同一付款码";
        ForgetsCodesAtRestart = "forgets-codes-at-restart", "forgets the codes that it has sent when the power fails", "断电后忘记已用付款码";
        ExpiredCodeReversed = "expired-code-reversed", "reverses a payment whose code had expired", "付款码过期仍发冲正";
        KeypadDeadWithScanner = "keypad-dead-with-scanner", "takes no code from the keypad when the scanner is dead", "扫码器损坏时键盘不可用";
        LongScanHangs = "long-scan-hangs", "hangs on a long scan", "超长扫码内容导致死机";
        DamagedCodeShown = "damaged-code-shown", "shows a code without a look at its check sum", "不校验收款码校验和";
        OtherAmountShown = "other-amount-shown", "shows a code with another amount", "展示金额不符的收款码";
        OtherCurrencyShown = "other-currency-shown", "shows a code in another currency", "展示币种不符的收款码";
        FaultyOrderLeftOpen = "faulty-order-left-open", "leaves an order open whose code is faulty", "收款码有误时不关闭订单";

        // TXN
        AmountRounded = "amount-rounded", "rounds the amount down to whole yuan", "金额向下取整到元";
        WrongEntryMode = "wrong-entry-mode", "says that the code was typed like a card number", "服务点输入方式码错误";
        NoCurrency = "no-currency", "leaves the currency out of the sale", "消费报文缺少货币代码";
        StanInMemory = "stan-in-memory", "keeps the STAN in memory only", "流水号只存内存";
        StanWrapsToZero = "stan-wraps-to-zero", "wraps the STAN to 000000", "流水号回绕到000000";
        StatusGuesses = "status-guesses", "answers a status look-up that failed with a guess", "状态查询失败时猜测结果";
        DeclinesPaidOrder = "declines-paid-order", "declines an order that is already paid when it is opened again", "已付订单再次收款时报失败";
        PaysApprovedAgain = "pays-approved-again", "charges an order again that is already approved", "已成功订单重复扣款";
        NoWordAfterReversal = "no-word-after-reversal", "says nothing when a reversal is through", "冲正完成后不给出最终结果";
        StanIgnored = "stan-ignored", "takes an answer with another STAN for its own", "不核对应答流水号";
        AmountIgnored = "amount-ignored", "takes an answer with another amount for its own", "不核对应答金额";
        TerminalIgnored = "terminal-ignored", "takes an answer to another terminal for its own", "不核对应答终端号";
        MerchantIgnored = "merchant-ignored", "takes an answer to another merchant for its own", "不核对应答商户号";
        TypeIgnored = "type-ignored", "takes an answer of another type for its own", "不核对应答消息类型";
        ProcessingIgnored = "processing-ignored", "takes an answer with another processing code for its own", "不核对应答处理码";
        LateAnswerRevives = "late-answer-revives", "lets a late approval revive a payment that it has given up", "迟到应答使已冲正交易复活";
        QueriesEverySecond = "queries-every-second", "queries every second", "每秒查询一次";
        WaitsForCustomerForEver = "waits-for-customer-for-ever", "never cancels a payment that the customer does not confirm", "顾客不确认时永不撤销";
        GapBeforeCancel = "gap-before-cancel", "lets the customer confirm for half a minute after its last query", "查询结束后延迟撤销";
        WaitingNotSaid = "waiting-not-said", "does not say that it waits for the customer", "等待顾客确认时不提示";
        WalletSilenceDeclines = "wallet-silence-declines", "takes 98 as a decline", "应答码98当作拒绝";
        MalfunctionDeclines = "malfunction-declines", "takes 96 as a decline", "应答码96当作拒绝";
        OpenTimeoutDeclines = "open-timeout-declines", "takes 68 without a final word as a decline", "无最终结果的68当作拒绝";
        UnknownCodeApproves = "unknown-code-approves", "takes a response code that it does not know as success", "未知应答码当作成功";
        WaitingApproves = "waiting-approves", "takes the wait for the customer as success", "等待顾客确认当作成功";
        DeclineReversed = "decline-reversed", "reverses after a plain decline", "普通拒绝后仍发冲正";
        PartialAsFull = "partial-as-full", "reports a partial approval with the full amount", "部分批准按全额报告";
        ZeroAmountSent = "zero-amount-sent", "sends a payment of nothing", "金额为零仍发送";
        LongAmountCut = "long-amount-cut", "cuts an amount that does not fit into twelve digits", "超长金额被截断发送";
        ReceiptWithoutRrn = "receipt-without-rrn", "prints receipts without the reference number", "凭条缺少参考号";
        ReprintUnmarked = "reprint-unmarked", "prints a receipt again without the mark", "重打印无标记";
        CancelledTooEarly = "cancelled-too-early", "says cancelled before the host has said so", "冲正应答前即报告已取消";
        CancelForgets = "cancel-forgets", "forgets a payment under way when the cancel key is pressed", "取消后遗忘在途交易";
        RefundsTooMuch = "refunds-too-much", "refunds more than is left of a payment", "退款超过剩余金额";
        VoidsTwice = "voids-twice", "sends a void of what it has voided", "重复撤销";
        GivesBackUnknown = "gives-back-unknown", "sends refunds of orders that did not succeed", "对未成功订单发起退款";
        RefundSentAgain = "refund-sent-again", "sends a refund without answer again", "退款无应答时重新发送";
        RefundSilenceForgotten = "refund-silence-forgotten", "reports a refund without answer as declined", "退款无应答误报为失败";
        NotFoundDeclines = "not-found-declines", "takes an order that the host has not seen as declined", "查无原交易时直接报失败";
        ReceiptWithoutOrder = "receipt-without-order", "prints receipts without the order", "凭条缺少订单号";

        // REV
        SilenceNotReversed = "silence-not-reversed", "does not reverse after silence", "超时无应答不冲正";
        SilenceReversedAs06 = "silence-reversed-as-06", "reverses silence with reason 06", "超时冲正原因码错误";
        NextSaleFirst = "next-sale-first", "lets the next payment go before the reversal after silence", "超时后先做下一笔再冲正";
        ReversalNewStan = "reversal-new-stan", "gives a reversal a STAN of its own", "冲正使用新流水号";
        ReversalZeroAmount = "reversal-zero-amount", "reverses an amount of zero", "冲正金额为零";
        ReversalNewBatch = "reversal-new-batch", "reverses in the batch of today's sign-in", "冲正使用新批次号";
        ReversalWithoutOriginal = "reversal-without-original", "does not say what it reverses", "冲正缺少原始信息域";
        ReversalAlwaysScanned = "reversal-always-scanned", "reverses everything as a scanned sale", "冲正一律按扫码消费填写";
        JournalAfterSend = "journal-after-send", "journals a request after it has been sent", "先发送后记日志";
        JournalDroppedAtTimeout = "journal-dropped-at-timeout", "deletes the journal's record when the reversal leaves", "发出冲正时即删除记录";
        GivesUpAfterRound = "gives-up-after-round", "gives a reversal up after one round", "一轮冲正失败后放弃";
        OneTryARound = "one-try-a-round", "sends a reversal once a round", "每轮只发一次冲正";
        SaleBeforeReversal = "sale-before-reversal", "takes a new payment while a reversal is pending", "冲正未完成即受理新交易";
        NotFoundNotFinal = "not-found-not-final", "does not take 25 as the end of a reversal", "冲正应答25不当作完成";
        MacErrorFinal = "mac-error-final", "takes A0 as the end of a reversal", "冲正应答A0当作完成";
        MacNotChecked = "mac-not-checked", "does not check the MAC of an answer", "不校验应答MAC";
        MissingMacAccepted = "missing-mac-accepted", "accepts an approval without a MAC", "接受缺少MAC的成功应答";
        BadMacReversedAs98 = "bad-mac-reversed-as-98", "reverses an approval with a wrong MAC as silence", "MAC错误按超时冲正";
        UnsentReversed = "unsent-reversed", "reverses a payment that was never sent", "未发送的交易也冲正";
        ScanTimeoutReversed = "scan-timeout-reversed", "reverses a payment for which no code was read", "扫码超时也冲正";
        CancelReversed = "cancel-reversed", "reverses a payment that was cancelled before it was sent", "发送前取消也冲正";
        YesterdayDropped = "yesterday-dropped", "drops a reversal of yesterday", "隔日冲正被丢弃";
        PowerReversedAs06 = "power-reversed-as-06", "reverses what a power cut left unfinished as if it had been cancelled", "断电后冲正原因码错误";
        FinishedAndReversed = "finished-and-reversed", "completes a payment after a power cut and reverses it as well", "断电后既完成又冲正";
        ApprovalNotRepeated = "approval-not-repeated", "says nothing more of an approval after a power cut", "断电后不再报告已批准的交易";
        ReconnectsTightly = "reconnects-tightly", "reconnects five times a second when the host is down", "主机故障时频繁重连";
        SignInStorm = "sign-in-storm", "repeats a sign-in that failed every second", "签到失败后每秒重试";

        // NET
        WaitsForSignal = "waits-for-signal", "waits minutes for a signal", "无信号时长时间等待";
        NoSignalMisnamed = "no-signal-misnamed", "blames the acquirer for a missing signal", "无信号误报为主机故障";
        Impatient = "impatient", "waits a fortieth of the time for an answer", "应答等待时间过短";
        OneLinkOnly = "one-link-only", "never tries its other link", "不切换备用链路";
        ResendsOnOtherLink = "resends-on-other-link", "sends a request again on another connection when the first one dies", "断线后在其他链路重发请求";
        WholeFramesOnly = "whole-frames-only", "reads only frames that come in one piece", "只能读取完整到达的帧";
        GarbageHangs = "garbage-hangs", "hangs on bytes that it cannot read", "收到乱码死机";
        UnsolicitedBelieved = "unsolicited-believed", "believes any approval that arrives while it waits", "等待时相信任何成功应答";
        MaintenanceMisnamed = "maintenance-misnamed", "reports maintenance as a decline", "系统维护误报为拒绝";
        MaintenanceRetried = "maintenance-retried", "tries again without end while the wallet is in maintenance", "系统维护时不停重试";
        GivesUpUntilRestart = "gives-up-until-restart", "does nothing more about a reversal until it is restarted", "重启前不再处理冲正";

        // SEC
        CheckValueIgnored = "check-value-ignored", "trades with keys whose check value is wrong", "密钥校验值错误仍交易";
        NoSignInAfterA0 = "no-sign-in-after-a0", "does not sign in again after A0", "应答A0后不重新签到";
        NoSignInAfter99 = "no-sign-in-after-99", "does not sign in again after 99", "应答99后不重新签到";
        HeaderIgnored = "header-ignored", "ignores the host's wish for a new sign-in", "忽略报文头签到要求";
        HostBatchIgnored = "host-batch-ignored", "does not take the host's batch", "签到后不采用主机批次号";
        CountsBatchItself = "counts-batch-itself", "counts its batch up instead of taking the host's", "批次号自行加一而不采用主机批次";
        CodeOnReceipt = "code-on-receipt", "prints the payment code", "凭条打印完整付款码";
        CodeInLog = "code-in-log", "logs the payment code", "日志记录完整付款码";
        CodeOnDisplay = "code-on-display", "displays the payment code", "屏幕显示完整付款码";
        KeyInLog = "key-in-log", "logs a working key", "日志记录工作密钥";
        KeyOnReceipt = "key-on-receipt", "prints a working key", "凭条打印工作密钥";
        KeyOnDisplay = "key-on-display", "displays a key whose check value is wrong", "屏幕显示校验失败的密钥";
        ClockNotTaken = "clock-not-taken", "does not take date and time from the host", "签到后不校准时钟";
        LeapDayUnknown = "leap-day-unknown", "does not know 29 February", "不认识2月29日";

        // PWR
        ForgetsBeforeStoring = "forgets-before-storing", "clears the journal before it stores the approval", "先清日志后存结果";
        RestartApproves = "restart-approves", "reports the order in flight as approved after a power cut", "断电重启后误报成功";
        SilentAfterRestart = "silent-after-restart", "says nothing by itself after a power cut", "断电重启后不主动给出结果";
        UnsentForgotten = "unsent-forgotten", "forgets an order that it had not sent when the power fails", "断电后忘记未发送的订单";
        DamageUnnoticed = "damage-unnoticed", "trades on with damaged storage and says nothing", "存储损坏不报告并继续交易";
        BackupIgnored = "backup-ignored", "does not read the backup of its storage", "不使用存储备份";
        LossStartsAnew = "loss-starts-anew", "starts anew when its storage is lost", "存储丢失后按新机继续交易";
        SettlementForgotten = "settlement-forgotten", "forgets a settlement when the power fails", "断电后忘记未完成的结算";
        RefundLostAtRestart = "refund-lost-at-restart", "forgets a refund under way when the power fails", "断电后忘记在途退款";

        // SET
        RefundsNotCounted = "refunds-not-counted", "leaves voids and refunds out of the totals", "结算总额不计退款和撤销";
        StaysInBatch = "stays-in-batch", "does not go on to the next batch", "结算后不进入新批次";
        UnbalancedNotSaid = "unbalanced-not-said", "reports totals that differ as balanced", "对账不平误报为平";
        DetailsNotUploaded = "details-not-uploaded", "ends an unbalanced batch without its details", "对账不平时不上送明细";
        EndsAsBalanced = "ends-as-balanced", "ends an unbalanced batch as a balanced one", "对账不平时按平账结束";
        OneUploadOnly = "one-upload-only", "uploads the first thirty-one details only", "只上送前三十一笔明细";
        BatchNeverFull = "batch-never-full", "takes payments in a full batch", "批次已满仍受理交易";
        SettlesBeforeReversal = "settles-before-reversal", "settles while a reversal is pending", "冲正未完成即结算";

        // PHN, CRD, DEV
        PaymentOffMisnamed = "payment-off-misnamed", "reports a payment function that is off as a decline", "支付功能关闭误报为拒绝";
        OutdatedMisnamed = "outdated-misnamed", "reports an outdated phone as a decline", "手机版本过低误报为拒绝";
        UnconfirmedMisnamed = "unconfirmed-misnamed", "blames its network when the customer does not confirm", "顾客未确认误报为网络超时";
        PhoneNotNamed = "phone-not-named", "advises only to clean the scanner when no code is read", "未读到码时不提示检查手机";
        NotActivatedMisnamed = "not-activated-misnamed", "reports credit that is not activated as a decline", "白条未激活误报为拒绝";
        LimitMisnamed = "limit-misnamed", "reports a credit limit as a decline", "白条额度不足误报为拒绝";
        OverdueMisnamed = "overdue-misnamed", "reports overdue credit as a limit", "白条逾期误报为额度不足";
        RiskAdvisesRetry = "risk-advises-retry", "advises to try again after risk control", "风控拒绝后建议重试";
        CreditDeclineSticks = "credit-decline-sticks", "refuses the next payment after a credit decline", "白条拒绝后下一笔也被拒绝";
        DeadScannerWaits = "dead-scanner-waits", "waits for ever for a dead scanner", "扫码器损坏时无限等待";
        DeadScannerAdvisesRetry = "dead-scanner-advises-retry", "advises only to try again when the scanner is dead", "扫码器损坏时只建议重试";
        DirtyScannerWaits = "dirty-scanner-waits", "waits for ever for a scanner that decodes nothing", "扫码窗口脏污时无限等待";
        PaperOutReverses = "paper-out-reverses", "reverses a payment whose receipt cannot be printed", "缺纸时冲正已成功交易";
        InterfaceMisnamed = "interface-misnamed", "reports a refused interface version as a decline", "接口版本不受支持误报为拒绝";
        InterfaceLocks = "interface-locks", "refuses every payment after its interface version was refused once", "接口版本被拒后更新仍不可用";

        // UX
        NoReason = "no-reason", "gives no reason for a decline", "拒绝时不给出原因";
        NoAdvice = "no-advice", "gives no advice", "不给出处理建议";
        EnglishOnly = "english-only", "displays English whatever the locale", "界面只有英文";
        BareCodes = "bare-codes", "displays a bare response code", "界面只显示应答码";
        UnknownNotShown = "unknown-not-shown", "displays nothing when the outcome is unknown", "结果未知时屏幕不提示";
        UsedAsExpired = "used-as-expired", "gives the same reason for a used and for an expired code", "已用码与过期码原因相同";
        OnlyRetryAdvised = "only-retry-advised", "advises only to try again where that cannot help", "无效时仍只建议重试";

        // OPS
        SelfTestAlwaysOk = "self-test-always-ok", "finds nothing in its self-test, ever", "自检永远正常";
        SelfTestStale = "self-test-stale", "does not look at scanner and printer in its self-test", "自检不检查扫码器和打印机";
        HostBlamedOnLink = "host-blamed-on-link", "blames its links when the host fails", "主机故障误报为链路故障";
        NotesInMemory = "notes-in-memory", "keeps the device log in memory only", "设备日志只存内存";
        RepairsNotNoted = "repairs-not-noted", "does not note repairs", "设备日志不记录恢复";
        NotesWithoutTimes = "notes-without-times", "hands the device log over without times", "设备日志没有时间";
    }
}

/// Words of 64 bits that hold a bit for every defect.
const WORDS: usize = 4;

/// A set of defects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Defects([u64; WORDS]);

impl Defects {
    /// A set of these.
    pub fn of(defects: &[Defect]) -> Self {
        let mut set = [0; WORDS];
        for &defect in defects {
            set[defect as usize / 64] |= 1 << (defect as usize % 64);
        }
        Self(set)
    }

    /// The defects in it, in the order of the list.
    pub fn members(self) -> impl Iterator<Item = Defect> {
        let all = Defect::ALL.iter().copied();
        all.filter(move |defect| self.has(*defect))
    }

    /// Whether the defect is among them.
    pub const fn has(self, defect: Defect) -> bool {
        self.0[defect as usize / 64] & 1 << (defect as usize % 64) != 0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_defect_has_a_bit_an_id_and_names_of_its_own() {
        assert!(Defect::ALL.len() <= 64 * WORDS);
        for name in [Defect::id, Defect::en, Defect::zh] {
            let names: BTreeSet<_> = Defect::ALL.iter().map(|defect| name(*defect)).collect();
            assert_eq!(names.len(), Defect::ALL.len());
        }
        for defect in Defect::ALL {
            let members: Vec<_> = Defects::of(&[*defect]).members().collect();
            assert_eq!(members, [*defect]);
        }
    }
}
