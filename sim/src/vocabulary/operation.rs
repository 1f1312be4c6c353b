//! What a message asks the acquirer for (network.md §2).

use super::vocabulary;

vocabulary! {
    /// The operation that a request stands for.
    Operation ("operation") {
        SignIn = "sign-in", "sign-in", "签到";
        Echo = "echo", "echo test", "回响测试";
        SignOff = "sign-off", "sign-off", "签退";
        Sale = "sale", "sale", "消费";
        CodeOrder = "code-order", "code order", "收款码下单";
        Query = "query", "query", "查询";
        Void = "void", "void", "撤销";
        Refund = "refund", "refund", "退货";
        Reversal = "reversal", "reversal", "冲正";
        Settlement = "settlement", "settlement", "结算";
        BatchDetail = "batch-detail", "batch detail", "批上送";
        BatchEnd = "batch-end", "batch end", "批上送结束";
    }
}

impl Operation {
    /// Whether its message moves money: an 0200 other than a query, or an 0220.
    pub const fn is_financial(self) -> bool {
        matches!(
            self,
            Self::Sale | Self::CodeOrder | Self::Void | Self::Refund
        )
    }
}
