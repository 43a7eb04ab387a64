"""Where a statement stands, in words for the person who has to pay it.

Turns states and dates into a badge, a sentence and a next step. Decides nothing about money.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from customhouse.agency.statement_views import StatementSummary
from customhouse.web.agency_site import plain_words

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
    """Name the total: paid only once its debit has settled, until then due or authorized."""
    if summary.state not in ("authorized", "final"):
        return "Total due"
    return "Total authorized" if summary.settled_on is None else "Total paid"
