//! What terminals do differently where the sources disagree.

use super::vocabulary;

vocabulary! {
    /// A point on which the sources disagree: sound terminals act in more than one way.
    Practice ("practice") {
        Silence = "silence", "a payment without an answer", "没有应答的付款";
        LateAnswer = "late-answer", "an approval that comes late", "迟到的成功应答";
        CutShort = "cut-short", "an approval that a power cut cut short", "被断电打断的成功付款";
        OldReversal = "old-reversal", "a payment left open overnight", "隔日未结清的付款";
        PrintFailure = "print-failure", "an approval whose receipt cannot be printed", "打不出凭条的成功付款";
        CancelKey = "cancel-key", "the cancel key after the request has left", "请求发出后按取消键";
        RefundSilence = "refund-silence", "a refund without an answer", "没有应答的退货";
    }
}

vocabulary! {
    /// What a terminal does at such a point.
    Way ("way") {
        Reversed = "reversed", "reversed", "冲正";
        Queried = "queried", "queried", "查询";
        Believed = "believed", "believed", "采信";
        Completed = "completed", "completed", "完成";
        Kept = "kept", "kept", "保留";
        Awaited = "awaited", "awaited", "等待应答";
        Dropped = "dropped", "dropped", "丢弃";
    }
}
