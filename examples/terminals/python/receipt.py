"""The receipt of an approved transaction (签购单). The code appears masked, keys never."""

from __future__ import annotations

from texts import Texts, yuan

_LABELS = {
    "title": ("签购单", "SALES SLIP"), "merchant": ("商户存根", "MERCHANT COPY"), "customer": ("持卡人存根", "CUSTOMER COPY"),
    "again": ("*** 重打印 ***", "*** DUPLICATE ***"), "pay": ("扫码消费", "SCAN PAYMENT"),
    "refund": ("退货", "REFUND"), "void": ("撤销", "VOID"),
    "mid": ("商户号", "MERCHANT"), "tid": ("终端号", "TERMINAL"), "order": ("订单号", "ORDER"),
    "wallet": ("钱包", "WALLET"), "code": ("付款码", "CODE"), "batch": ("批次号", "BATCH"), "stan": ("凭证号", "TRACE"),
    "rrn": ("参考号", "RRN"), "auth": ("授权码", "AUTH"), "when": ("日期时间", "DATE/TIME"), "amount": ("金额", "AMOUNT"),
}


def receipt(texts: Texts, copy: str, entry: dict, merchant: str, terminal: str, again: bool = False) -> list[str]:
    """The lines of one copy; `entry` is the order as the terminal keeps it."""
    def label(key: str) -> str:
        return texts.say(_LABELS, key)

    word = entry["outcome"]
    facts = dict(entry, mid=merchant, tid=terminal, amount="RMB " + yuan(word["amount"]), rrn=word.get("rrn"))
    shown = ("mid", "tid", "order", "wallet", "code", "batch", "stan", "rrn", "auth", "when", "amount")
    return ([label("title"), label(copy)] + ([label("again")] if again else [])
            + [label(word["operation"])]
            + ["%s: %s" % (label(key), facts[key]) for key in shown if facts.get(key)])
