"""Where a statement stands, in words for the person who has to pay it.

Turns states and dates into a badge, a sentence and a next step. Decides nothing about money.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from customhouse.agency.statement_views import StatementSummary
from customhouse.money import format_dollars
from customhouse.web.agency_site import plain_words
from customhouse.web.agency_site.template_tags import long_date

HOLD_FUNDS = "Hold the funds in the account from now on until they have left it."


@dataclass(frozen=True, slots=True)
class Progress:
    """A badge (its words and its CSS class), what it means, and what to do next."""

    badge: str
    tone: str
    meaning: str
    next_step: str = ""


STATES = {
    "preliminary": Progress(
        badge="To authorize",
        tone="waiting",
        meaning="This statement is preliminary. Nothing has been debited.",
        next_step=(
            "Take entries off with a statement update (SU) if you need to, then authorize exactly"
            " the total with a payment authorization (RM)."
        ),
    ),
    "authorized": Progress(
        badge="Authorized",
        tone="moving",
        meaning="The authorization was accepted. The day of acceptance counts as the payment date.",
        next_step=HOLD_FUNDS,
    ),
    "paid": Progress(
        badge="Paid",
        tone="done",
        meaning="ACH Credit has paid this statement in full.",
        next_step="Pay nothing more. Its final statement, the receipt, is on its way.",
    ),
    "final": Progress(
        badge="Final",
        tone="done",
        meaning="The final statement was issued. It is the receipt for this payment.",
    ),
    "cancelled": Progress(
        badge="Cancelled",
        tone="quiet",
        meaning="Every entry was taken off this statement. Nothing is left to pay on it.",
    ),
}


# Where statements stand, in the words of the list's filters.
FILTERS = {
    "reopened": "To pay again",
    **{state: progress.badge for state, progress in STATES.items()},
}


def progress_of(summary: StatementSummary) -> Progress:
    """Say where a statement stands; one that was returned says so and what to do about it."""
    if summary.paid_on is not None:
        return _paid_by_credit(summary)
    if summary.state == "preliminary" and summary.waiting_cents:
        return _with_waiting(_by_debit(summary), summary)
    return _by_debit(summary)


def _paid_by_credit(summary: StatementSummary) -> Progress:
    """Say that pushed money paid it: nothing is to be held, and none will be debited (CRD-03)."""
    paid = f"paid by ACH Credit: the payment was complete on {long_date(summary.paid_on)}."
    if summary.state == "final":
        meaning = f"The final statement was issued. This statement was {paid}"
        return replace(STATES["final"], meaning=meaning)
    return replace(
        STATES["paid"],
        meaning=f"This statement is {paid}",
        next_step=(
            "Pay nothing more. Its final statement, the receipt, goes out on the first business"
            f" day after {long_date(summary.paid_known_on)}."
        ),
    )


def _with_waiting(progress: Progress, summary: StatementSummary) -> Progress:
    """Add what has arrived and what is missing: a statement is never partly paid (CRD-06)."""
    arrived, missing = format_dollars(summary.waiting_cents), format_dollars(summary.missing_cents)
    if not summary.missing_cents:
        words = (
            f"{arrived} has arrived by ACH Credit, which is enough. It is applied by the end of"
            " the business day."
        )
        return replace(progress, next_step=words)
    words = (
        f"Push the missing {missing} with this statement's number; it is paid as of the day on"
        f" which all of it is there. Or authorize the whole total: the {arrived} that arrived then"
        " goes back."
    )
    if progress.tone == "alarm":
        told = f"{progress.next_step} {arrived} has arrived by ACH Credit and waits. {words}"
        return replace(progress, next_step=told)
    return Progress(
        badge="Waits for the rest",
        tone="waiting",
        meaning=(
            f"{arrived} has arrived by ACH Credit and {missing} is missing. A statement is never"
            " partly paid: nothing is applied until the rest arrives."
        ),
        next_step=words,
    )


def _by_debit(summary: StatementSummary) -> Progress:
    if summary.state == "preliminary" and summary.attempt_state == "refused":
        return Progress(
            badge="Refused",
            tone="alarm",
            meaning="The processor bank did not take the debit.",
            next_step=plain_words.WHAT_TO_DO_WHEN_REFUSED,
        )
    if summary.state == "preliminary" and summary.return_code:
        return Progress(
            badge="Returned",
            tone="alarm",
            meaning=(
                f"The debit was returned. {plain_words.return_reason(summary.return_code)}"
                f" (bank code {summary.return_code})"
            ),
            next_step=plain_words.what_to_do(summary.return_code),
        )
    if summary.state == "final" and summary.settled_on is None:
        # The receipt goes out before the debit where the policy says so (DEB-08, DEB-10).
        return replace(STATES["final"], next_step=HOLD_FUNDS)
    return STATES[summary.state]


def total_words(summary: StatementSummary) -> str:
    """Name the total: paid once its debit has settled or ACH Credit paid it; before that due."""
    if summary.paid_on is not None:
        return "Total paid"
    if summary.state not in ("authorized", "final"):
        return "Total due"
    return "Total authorized" if summary.settled_on is None else "Total paid"
