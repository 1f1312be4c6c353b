"""Payment codes: which texts are one, whose, and how one is shown on paper."""

from __future__ import annotations

import re
from typing import Optional

# wallet, prefix and total length; 22 digits are social-insurance cards, never payment codes
_RULES = [(name, re.compile(rule)) for name, rule in (
    ("WeChat Pay", r"1[0-5][0-9]{16}"),
    ("Alipay", r"(?:2[5-9]|30)(?!.{20}$)[0-9]{14,22}"),
    ("JD Pay", r"625010[0-9]{13}"),
    ("UnionPay", r"62[0-9]{17}"),
    ("e-CNY", r"01[0-9]{17}"),
)]


def clean(text: str) -> str:
    """Without the blanks and line ends that scanners add."""
    return text.strip(" \t\n\r")


def wallet_of(code: str) -> Optional[str]:
    """The name of the wallet, or None where the text is not a payment code."""
    return next((name for name, rule in _RULES if rule.fullmatch(code)), None)


def masked(code: str) -> str:
    return code[:6] + "*" * (len(code) - 10) + code[-4:]
