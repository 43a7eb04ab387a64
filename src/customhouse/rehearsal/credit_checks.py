"""What must hold of the money that payers pushed, checked against what the scenes foretold.

The ledger's figures are given; what waits and what is owed back was added up by the story while it
happened. Gives rows to show; decides nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from customhouse.money import format_dollars
from customhouse.rehearsal.stage import Stage
from customhouse.rehearsal.world_credits import CREDIT_PAYERS, FURNITURE, HARBOR, name_of
from customhouse.rehearsal.world_data import LAST_DAY

Check = tuple[str, bool, str]


def credit_checks(stage: Stage, *, unapplied: int, owed_back: int) -> Iterator[Check]:
    """Compare the ledger, in cents, with what the scenes foretold; ask the treasury's command."""
    happened = stage.happenings
    yield _equal("What waits at the desk is what was foretold", unapplied, happened.waits)
    yield _equal("What is owed back to payers is what was foretold", owed_back, happened.goes_back)
    foretold = sorted(happened.sent_back.items())
    yield (
        "Reversals, astray and strangers' money went back to the payers' banks",
        sorted(happened.came_back) == foretold,
        ", ".join(code for code, _ in foretold),
    )
    unpaid = [name for name, held in happened.pushed.items() if held.finals != 1]
    yield (
        "Every statement that payers pushed money for is final",
        bool(happened.pushed) and not unpaid,
        ", ".join(unpaid) or f"{len(happened.pushed)} statements",
    )
    said = stage.house.attempt("treasury", "day", LAST_DAY.isoformat())
    words = f"customhouse treasury day {LAST_DAY.isoformat()}"
    last = " ".join(said.output.strip().rpartition("\n")[2].split())
    yield (f"{words} finds no difference", said.code == 0, last[-80:])
    shown = stage.house.attempt("credits", "enrolments", "show", FURNITURE)
    lines = shown.output.splitlines()
    filed = next((line for line in lines if line.startswith("approved form")), "")
    yield (
        f"{name_of(FURNITURE)} joined by the form that its broker filed",
        shown.code == 0 and HARBOR in filed,
        " ".join(filed.split()[3:]),
    )
    mails = list((stage.house.data / "mail").glob("*.eml"))
    by_mail = [payer.name for payer in CREDIT_PAYERS if payer.told_by == "e-mail"]
    yield (f"{', '.join(by_mail)} was told by e-mail", bool(mails), f"{len(mails)} messages")


def _equal(what: str, seen: int, foretold: dict[str, int]) -> Check:
    wanted = sum(foretold.values())
    good = seen == wanted > 0
    return (what, good, f"{format_dollars(seen)} = {format_dollars(wanted)}")
