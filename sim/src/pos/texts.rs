//! What the terminal's screen and printer say, in the two languages of the shop. The names of
//! reasons and advice are those of the vocabulary.

use crate::money::Fen;
use crate::vocabulary::Lang;

/// A fixed text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    ShowCode,
    TypeCode,
    Processing,
    Clearing,
    LookingUp,
    SigningIn,
    SignedIn,
    SignInFailed,
    StorageMended,
    Approved,
    PartlyApproved,
    ConfirmWithIssuer,
    Declined,
    Cancelled,
    Unknown,
    Problem,
    Refunded,
    Voided,
    ReturnCancelled,
    PayByScanning,
    PrintedLater,
    NoReceipt,
    Settling,
    Settled,
    SettledUnbalanced,
    SettlementFailed,
    Testing,
    TestPassed,
    TestFailed,
    LogHandedOver,
    Receipt,
    RefundReceipt,
    VoidReceipt,
    Instalments,
    Merchant,
    Terminal,
    Batch,
    Trace,
    Reference,
    DateTime,
    Order,
    Amount,
    MerchantCopy,
    CustomerCopy,
    Reprint,
}

impl Text {
    /// In that language.
    #[rustfmt::skip]
    pub(super) const fn of(self, lang: Lang) -> &'static str {
        let (en, zh) = match self {
            Self::ShowCode => ("Please scan the customer's payment code", "请扫顾客付款码"),
            Self::TypeCode => ("Please type the payment code", "请手工输入付款码"),
            Self::Processing => ("Processing, please wait", "正在处理，请稍候"),
            Self::Clearing => ("Clearing the last transaction", "正在处理上一笔交易"),
            Self::LookingUp => ("Looking the order up", "正在查询订单"),
            Self::SigningIn => ("Signing in", "正在签到"),
            Self::SignedIn => ("Signed in", "签到成功"),
            Self::SignInFailed => ("Sign-in failed", "签到失败"),
            Self::StorageMended => ("The storage was damaged and has been mended", "存储损坏，已从备份恢复"),
            Self::Approved => ("Approved", "交易成功"),
            Self::PartlyApproved => ("Partly approved; still to pay", "部分批准，还需支付"),
            Self::ConfirmWithIssuer => ("Please confirm with the issuer", "请向发卡行确认"),
            Self::Declined => ("Transaction failed", "交易失败"),
            Self::Cancelled => ("Payment cancelled, nothing was charged", "交易已取消，未扣款"),
            Self::Unknown => ("Result not known yet, please wait", "结果未知，请等待"),
            Self::Problem => ("Attention", "请注意"),
            Self::Refunded => ("Refunded", "退款成功"),
            Self::Voided => ("Voided", "撤销成功"),
            Self::ReturnCancelled => ("Cancelled, the payment stands", "操作已取消，原交易不变"),
            Self::PayByScanning => ("Please let the customer scan this code", "请顾客扫码付款"),
            Self::PrintedLater => ("The receipt will be printed later", "凭条稍后打印"),
            Self::NoReceipt => ("There is no receipt to print", "没有可打印的凭条"),
            Self::Settling => ("Settling, please wait", "正在结算，请稍候"),
            Self::Settled => ("Settled, the totals agree", "结算完成，对账平"),
            Self::SettledUnbalanced => ("Settled, the totals differ", "结算完成，对账不平"),
            Self::SettlementFailed => ("Settlement failed", "结算失败"),
            Self::Testing => ("Testing the device", "正在自检"),
            Self::TestPassed => ("The self-test found nothing", "自检正常"),
            Self::TestFailed => ("The self-test found a fault", "自检发现故障"),
            Self::LogHandedOver => ("The device log was handed over", "设备日志已导出"),
            Self::RefundReceipt => ("REFUND", "退货单"),
            Self::VoidReceipt => ("VOID", "撤销单"),
            Self::Instalments => ("BAITIAO INSTALMENTS ", "白条分期数 "),
            Self::Receipt => ("RECEIPT", "签购单"),
            Self::Merchant => ("MERCHANT ", "商户号 "),
            Self::Terminal => ("TERMINAL ", "终端号 "),
            Self::Batch => (" BATCH ", " 批次号 "),
            Self::Trace => (" TRACE ", " 流水号 "),
            Self::Reference => ("RRN ", "参考号 "),
            Self::DateTime => ("DATE ", "日期时间 "),
            Self::Order => ("ORDER ", "订单号 "),
            Self::Amount => ("AMOUNT RMB ", "金额 RMB "),
            Self::MerchantCopy => ("MERCHANT COPY", "商户存根"),
            Self::CustomerCopy => ("CUSTOMER COPY", "顾客存根"),
            Self::Reprint => ("*** REPRINT ***", "*** 重打印 ***"),
        };
        match lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }
}

/// Appends an amount in yuan with two decimals, after the name of the currency: `RMB 128.50`.
pub(super) fn push_yuan(text: &mut String, amount: Fen) {
    text.push_str("RMB ");
    push_amount(text, amount);
}

/// Appends an amount in yuan with two decimals.
pub(super) fn push_amount(text: &mut String, amount: Fen) {
    let mut digits = [0; AMOUNT];
    let start = write_amount(amount, &mut digits);
    push_ascii(text, &digits[start..]);
}

/// Room for the largest number with a point in it.
const AMOUNT: usize = 21;

/// Writes an amount so that it ends with `to`; the result is where it starts.
fn write_amount(amount: Fen, to: &mut [u8; AMOUNT]) -> usize {
    let (mut rest, mut place) = (amount.get(), AMOUNT);
    while rest > 0 || place > AMOUNT - 4 {
        place -= 1;
        if place == AMOUNT - 3 {
            to[place] = b'.';
        } else {
            to[place] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
    }
    place
}

/// Appends a number with at least so many digits.
pub(super) fn push_number(text: &mut String, number: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let (mut rest, mut place) = (number, digits.len());
    while rest > 0 {
        place -= 1;
        digits[place] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let place = place.min(digits.len() - width.min(digits.len()));
    push_ascii(text, &digits[place..]);
}

/// Appends digits and letters that came as bytes; what is not ASCII is left out.
pub(super) fn push_ascii(text: &mut String, bytes: &[u8]) {
    if bytes.is_ascii() {
        text.push_str(str::from_utf8(bytes).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_two_decimals_and_numbers_their_width() {
        for fen in [0, 5, 100, 12_850, 999_999_999_999, u64::MAX] {
            let mut text = String::new();
            push_amount(&mut text, Fen::new(fen));
            assert_eq!(text, Fen::new(fen).to_string());
            let mut named = String::new();
            push_yuan(&mut named, Fen::new(fen));
            assert_eq!(named, format!("RMB {text}"));
        }
        let mut text = String::new();
        push_number(&mut text, 42, 6);
        push_number(&mut text, 0, 1);
        push_number(&mut text, u64::MAX, 1);
        assert_eq!(text, format!("0000420{}", u64::MAX));
    }

    #[test]
    fn the_mark_of_a_reprint_is_one_that_people_look_for() {
        assert!(Text::Reprint.of(Lang::Zh).contains("重打印"));
        assert!(Text::Reprint.of(Lang::En).contains("REPRINT"));
    }
}
