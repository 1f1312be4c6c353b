//! Where the rules come from that requirements rest on: public texts and public code.

use counterproof_sim::vocabulary::Lang;

use super::Requirement;

/// A public text, or public code, that shows a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// What it is, in English.
    pub en: &'static str,
    /// The same in Chinese.
    pub zh: &'static str,
    /// Where it is.
    pub url: &'static str,
}

impl Source {
    /// What it is, in `lang`.
    pub const fn name(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }
}

const fn source(en: &'static str, zh: &'static str, url: &'static str) -> Source {
    Source { en, zh, url }
}

const SPECIFICATION: Source = source(
    "messages of directly connected POS terminals, version 1.0 (2001), from which today's dialect descends",
    "直联 POS 报文规范 1.0（2001 年），现行规范的前身",
    "https://github.com/RingsC/UnionPay.special",
);
const TEST_HOST: Source = source(
    "traffic captured at a UnionPay test host, with the client that made it",
    "银联测试主机的通信记录及其客户端",
    "https://github.com/moehuster/test_union_pay",
);
const SCAN_CLIENT: Source = source(
    "a client for UnionPay and aggregate codes, which checks answers before it believes them",
    "银联与聚合码客户端，采信应答前逐项核对",
    "https://github.com/yangyongzhen/go8583",
);
const REVERSING_TERMINAL: Source = source(
    "firmware of a payment terminal with a durable reversal record",
    "支付终端固件，冲正记录落盘",
    "https://github.com/alon0808/ProjectAfcApp",
);
const RESPONSE_CODES: Source = source(
    "a terminal application with its table of response codes and header digits",
    "终端应用及其应答码表、报文头处理要求",
    "https://github.com/caoguoqing/JLPay",
);
const TRANSACTION_TABLE: Source = source(
    "a terminal application with the fields of every transaction, settlement included",
    "终端应用及各交易（含结算）的域表",
    "https://github.com/teddy-lee/AIAUnionPay",
);
const WECHAT: Source = source(
    "WeChat Pay: payment by a code that is scanned",
    "微信支付：付款码支付",
    "https://pay.weixin.qq.com/doc/v2/merchant/4011937125",
);
const WECHAT_CANCEL: Source = source(
    "WeChat Pay: cancelling an order",
    "微信支付：撤销订单",
    "https://pay.weixin.qq.com/doc/v2/merchant/4011937361",
);
const ALIPAY: Source = source(
    "Alipay: errors and unknown results of barcode payments",
    "支付宝：条码支付的异常与未知结果处理",
    "https://docs.antom.com/ac/barcode_cn/error_handling",
);
const EMVCO: Source = source(
    "codes that a merchant shows, by EMVCo's format, with samples",
    "EMVCo 格式的商户收款码及样例",
    "https://github.com/dongri/emv-qrcode",
);
const JD_PAY: Source = source(
    "a client for JD Pay, with queries on Baitiao",
    "京东支付客户端，含白条查询",
    "https://github.com/Javen205/IJPay",
);
const CODES: Source = source(
    "which digits are whose payment code, as a checkout tells them apart",
    "收银程序区分各钱包付款码的规则",
    "https://github.com/MidnightDancing/offlineAPIDocs",
);

impl Requirement {
    /// The sources of the rules that it rests on; none where it rests on no rule.
    pub const fn sources(self) -> &'static [Source] {
        match self {
            Self::Code01 | Self::Code02 => &[CODES],
            Self::Code03
            | Self::Code04
            | Self::Code05
            | Self::Txn04
            | Self::Txn05
            | Self::Txn08
            | Self::Phn03
            | Self::Phn06 => &[WECHAT, ALIPAY],
            Self::Code07 => &[EMVCO],
            Self::Txn01 | Self::Sec07 => &[SPECIFICATION, TEST_HOST],
            Self::Txn02
            | Self::Txn14
            | Self::Pwr04
            | Self::Set01
            | Self::Set02
            | Self::Set03
            | Self::Set04 => &[SPECIFICATION, TRANSACTION_TABLE],
            Self::Txn06 => &[SCAN_CLIENT],
            Self::Txn07 | Self::Rev01 => &[SPECIFICATION, REVERSING_TERMINAL],
            Self::Txn09 => &[WECHAT, ALIPAY, RESPONSE_CODES],
            Self::Txn10 | Self::Txn11 | Self::Sec02 | Self::Sec03 | Self::Sec04 => {
                &[RESPONSE_CODES]
            }
            Self::Txn12 => &[SPECIFICATION, ALIPAY],
            Self::Txn15 => &[WECHAT_CANCEL, ALIPAY],
            Self::Rev02 => &[TRANSACTION_TABLE, REVERSING_TERMINAL],
            Self::Rev03 | Self::Rev04 | Self::Rev05 | Self::Rev09 | Self::Pwr01 | Self::Pwr03 => {
                &[REVERSING_TERMINAL]
            }
            Self::Rev06 | Self::Sec01 => &[SPECIFICATION, SCAN_CLIENT],
            Self::Rev07 | Self::Rev08 | Self::Net04 | Self::Dev03 => &[SPECIFICATION],
            Self::Crd01 | Self::Crd02 => &[JD_PAY],
            Self::Code06
            | Self::Code08
            | Self::Txn03
            | Self::Txn13
            | Self::Rev10
            | Self::Net01
            | Self::Net02
            | Self::Net03
            | Self::Net05
            | Self::Net06
            | Self::Net07
            | Self::Net08
            | Self::Net09
            | Self::Sec05
            | Self::Sec06
            | Self::Pwr02
            | Self::Phn01
            | Self::Phn02
            | Self::Phn04
            | Self::Phn05
            | Self::Crd03
            | Self::Crd04
            | Self::Crd05
            | Self::Dev01
            | Self::Dev02
            | Self::Dev04
            | Self::Ux01
            | Self::Ux02
            | Self::Ux03
            | Self::Ux04
            | Self::Ops01
            | Self::Ops02
            | Self::Ops03 => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirements::Basis;

    #[test]
    fn what_rests_on_a_rule_names_its_source_and_nothing_else_does() {
        for requirement in Requirement::ALL {
            let on_a_rule = requirement.basis().any(|basis| basis == Basis::Fact);
            assert_eq!(
                on_a_rule,
                !requirement.sources().is_empty(),
                "{requirement}"
            );
        }
    }
}
