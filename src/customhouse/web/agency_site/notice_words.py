"""A notice as it is shown today: what happened then, and what to do or what became of it since.

The stored sentence is of its day; everything that can change is said here, from the statement and
its attempts as they are now. Decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from customhouse.agency.notice_views import NoticeView
from customhouse.web.agency_site import plain_words
from customhouse.web.agency_site.template_tags import long_date


@dataclass(frozen=True, slots=True)
class ToldNotice:
    """A notice, the CSS class of its tone, and the sentence that is true of it now."""

    notice: NoticeView
    tone: str
    now: str


def told(notice: NoticeView) -> ToldNotice:
    """Say what to do about a notice, or in the past tense what became of it; red only if open."""
    if notice.kind in ("balance-due", "credit-unmatched", "credit-question"):
        return _told_payer(notice)
    if notice.kind == "statement-reopened":
        unpaid = notice.is_current
        return ToldNotice(notice, "alarm", "It is unpaid.") if unpaid else _past(notice)
    if notice.kind not in ("debit-returned", "debit-refused"):
        return ToldNotice(notice, "moving" if notice.is_current else "quiet", "")
    if notice.is_current:
        return ToldNotice(notice, "alarm", f"It is unpaid. {_advice(notice)}")
    return _past(notice)


def _past(notice: NoticeView) -> ToldNotice:
    return ToldNotice(notice, "quiet", _sequel(notice))


def _told_payer(notice: NoticeView) -> ToldNotice:
    """Say whether money that a payer pushed still waits, or what became of its statement."""
    if notice.kind == "balance-due":
        if notice.is_current:
            return ToldNotice(notice, "alarm", "It still waits.")
        return _past(notice)
    if notice.is_current:
        return ToldNotice(notice, "alarm", "It waits for your answer.")
    if notice.waits:
        return ToldNotice(notice, "quiet", "You have answered; an officer decides.")
    return ToldNotice(notice, "quiet", "The money does not wait any more.")


def _advice(notice: NoticeView) -> str:
    if notice.kind == "debit-refused":
        return plain_words.WHAT_TO_DO_WHEN_REFUSED
    return plain_words.what_to_do(notice.return_code or "")


def _sequel(notice: NoticeView) -> str:
    if notice.later_accepted_on is None and notice.paid_on is not None:
        return f"Paid by ACH Credit since, on {long_date(notice.paid_on)}."
    if notice.later_accepted_on is None:
        is_cancelled = notice.statement_state == "cancelled"
        return "Every entry was taken off it since; nothing is left to pay." if is_cancelled else ""
    again = f"Authorized again on {long_date(notice.later_accepted_on)}"
    if notice.later_state == "settled":
        return f"{again}, settled on {long_date(notice.later_settled_on)}."
    if notice.later_state == "returned":
        return f"{again}, returned again on {long_date(notice.later_returned_on)}."
    if notice.later_state == "refused":
        return f"{again}, then refused by the processor bank."
    return f"{again}; the debit is expected on {long_date(notice.later_debit_on)} (estimate)."
