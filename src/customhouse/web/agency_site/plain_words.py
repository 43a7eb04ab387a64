"""Plain words for what a filer meets on the pages about returned debits.

Codes that are not listed are shown as they are, never hidden. Decides nothing.
"""

from __future__ import annotations

from customhouse.formats.return_codes import RETURN_CODES

# What the payer's people can do about a return reason.
WHAT_TO_DO = {
    "R01": "Put the whole amount in the account, then authorize again.",
    "R08": "Have the stop taken off, then authorize again.",
    "R09": "Wait until the money is collected, then authorize again.",
    "R29": "Have the payer's bank let our debits through, then authorize again.",
}

WHAT_TO_DO_WHEN_REFUSED = "Settle it with the processor bank, then authorize again."


def return_reason(code: str) -> str:
    """Say in a sentence why the payer's bank returned a debit, in the words of the notice."""
    known = RETURN_CODES.get(code)
    return known.meaning if known is not None else "The payer's bank returned the debit."


def what_to_do(code: str) -> str:
    """Say in a sentence what to do about a returned debit."""
    return WHAT_TO_DO.get(code, "Settle it with the payer's bank, then authorize again.")
