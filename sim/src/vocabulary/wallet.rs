//! The wallets behind the switch (network.md §1).

use super::vocabulary;

vocabulary! {
    /// A wallet host; the id is what 63.1 of an answer carries.
    Wallet ("wallet") {
        WeChat = "WXP", "WeChat Pay", "微信支付";
        Alipay = "ALI", "Alipay", "支付宝";
        UnionPay = "CUP", "UnionPay", "云闪付";
        Jd = "JDB", "JD Pay", "京东支付";
        Ecny = "ECN", "e-CNY", "数字人民币";
    }
}
