"""An alert as a page shows it: its tone and a badge of few words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from customhouse.agency.alerts import Alert

_BADGES: Final = {
    "overdue": ("alarm", "Overdue"),
    "due-soon": ("moving", "Due soon"),
    "on-no-statement": ("alarm", "On no statement"),
    "payer-unit-refused": ("alarm", "Payer unit refused"),
    "cap-beyond": ("alarm", "Beyond the daily cap"),
    "cap-near": ("moving", "Near the daily cap"),
}


@dataclass(frozen=True, slots=True)
class ToldAlert:
    """An alert, the CSS class of its tone, and its badge."""

    alert: Alert
    tone: str
    badge: str


def told_alert(alert: Alert) -> ToldAlert:
    """Say how urgent an alert is, in colour and in words."""
    tone, badge = _BADGES[alert.kind]
    return ToldAlert(alert, tone, badge)
