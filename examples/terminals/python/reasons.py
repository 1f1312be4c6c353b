"""What an answer of the host means: response codes (DE39) and reason codes (63.2), all as tables.

DE39 alone decides about success; 63.2 only explains.
"""

from __future__ import annotations

from iso8583 import Message

SUCCESS = {"00", "10", "11", "A2", "A4", "A5", "A6"}  # 10: part of the amount
UNSETTLED = {"09", "96", "98"}  # of a payment: the outcome is open; 68 is as well, unless P03 explains it
SIGN_IN = {"A0", "99", "77"}  # sign in before the next message
SAYS_NOTHING = {"09", "30", "90", "91", "92", "96", "97", "98"} | SIGN_IN  # of a query: not about the original
NOT_REVERSED = {"09", "30", "68", "90", "91", "92", "96", "97", "98"}  # of a reversal: it must be sent again

# What to advise for a reason, best first, unless a rule below knows better.
ADVICE = {
    "network.no-signal": ["move-to-signal", "switch-network", "other-method"],
    "network.timeout": ["retry", "switch-network", "other-method"],
    "network.host-unreachable": ["wait", "switch-network", "contact-carrier", "other-method"],
    "network.security": ["retry", "call-support", "other-method"],
    "device.scanner": ["other-method", "restart-device", "call-support"],
    "device.merchant-code": ["retry", "other-method", "contact-provider"],
    "device.interface": ["update-software", "call-support", "other-method"],
    "device.printer": ["restart-device", "call-support"],
    "device.storage": ["call-support", "other-method"],
    "device.batch-full": ["other-method", "call-support"],
    "device.busy": ["wait", "retry"],
    "device.power": ["retry"],
    "input.invalid": ["retry"],
    "input.unknown-order": ["retry", "call-support"],
    "code.unreadable": ["refresh-code", "clean-scanner", "enable-phone-payment", "connect-phone", "other-method"],
    "code.unknown": ["refresh-code", "other-method"],
    "code.expired": ["refresh-code"],
    "code.used": ["refresh-code"],
    "phone.network": ["connect-phone", "retry", "other-method"],
    "phone.os-outdated": ["update-phone", "other-method"],
    "phone.payment-disabled": ["enable-phone-payment", "other-method"],
    "phone.unconfirmed": ["connect-phone", "retry", "other-method"],
    "credit.not-activated": ["other-funding", "other-method"],
    "credit.limit": ["other-funding", "other-method"],
    "credit.overdue": ["other-funding", "other-method"],
    "credit.risk": ["other-method", "other-funding"],
    "host.declined": ["other-method", "other-funding"],
    "host.maintenance": ["wait", "contact-provider", "other-method"],
    "host.duplicate": ["refresh-code", "call-support", "other-method"],
    "cashier.cancelled": ["retry"],
}

_BY_REASON_CODE = {
    "P01": "phone.payment-disabled", "P02": "phone.os-outdated", "P03": "phone.network", "W01": "phone.unconfirmed",
    "C01": "code.expired", "C02": "code.used", "C03": "code.unknown",
    "B01": "credit.not-activated", "B02": "credit.limit", "B03": "credit.overdue", "B04": "credit.risk",
    "H01": "host.declined", "H02": "host.declined", "H03": "host.declined", "H04": "host.duplicate",
    "N01": "host.maintenance", "N02": "network.timeout", "N03": "host.maintenance", "D01": "device.interface",
    "T01": "host.declined", "T02": "host.declined", "K01": "network.security", "K02": "network.security",
}
_BY_RESPONSE_CODE = {
    "09": "phone.unconfirmed", "14": "code.unknown", "54": "code.expired", "58": "device.interface",
    "68": "network.timeout", "91": "host.maintenance", "94": "host.duplicate", "96": "host.maintenance",
    "98": "network.timeout", "99": "network.security", "A0": "network.security",
}
_SPECIAL_ADVICE = {
    "H03": ["other-funding", "other-method"], "H01": ["other-method", "other-funding"],
    "77": ["retry"], "90": ["wait", "retry"], "92": ["wait", "other-method"],
    "97": ["contact-provider", "other-method"],
}


def reason_code(answer: Message) -> str:
    """63.2 of an answer, empty where it has none."""
    return answer.fields.get(63, "")[3:6]


def explain(answer: Message) -> tuple[str, list[str]]:
    """(reason, advice) of an answer that is no success."""
    code, why = answer[39], reason_code(answer)
    if answer.header[5] == "6" and not is_unsettled(answer):
        return "device.interface", ADVICE["device.interface"]
    reason = _BY_REASON_CODE.get(why) or _BY_RESPONSE_CODE.get(code, "host.declined")
    return reason, _SPECIAL_ADVICE.get(why) or _SPECIAL_ADVICE.get(code) or ADVICE[reason]


def is_unsettled(answer: Message) -> bool:
    return answer[39] in UNSETTLED or answer[39] == "68" and reason_code(answer) != "P03"
