"""The receivers' banks, simulated: they pay every debit unless a script says otherwise.

A script names a statement and what its payer's bank does with the debit: send it back (R01, R03),
or pay it and notify a change (C01, C02, C05, C13). Each line is for one debit, so that a new
attempt at the same statement is paid. Prenotes are accepted in silence, unless the script has a
line for the receiver's name (EXAMPLE IMPORTER=R03). Not here: when a line falls due, which is the
operator's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from customhouse.rehearsal.ach_checks import PRENOTE_CODES
from customhouse.rehearsal.ach_reading import EntryItem
from customhouse.rehearsal.plain_files import read_json, write_json

# Nacha Operating Rules, Return Reason Codes: what a receiving bank may send for a corporate debit
# within two banking days; later than that it is a return to be dishonored.
RETURN_CODES = frozenset(
    {"R01", "R02", "R03", "R04", "R08", "R09", "R12", "R16", "R17", "R20", "R21", "R24", "R29"}
)
CHANGE_CODES = frozenset({"C01", "C02", "C05", "C13"})
LATEST_RETURN = 9

_SPELLING = re.compile(
    r"(?P<statement>[0-9]{7}[0-9A-Z]{3}|[A-Z][ -<>-~]{1,21})"
    r"=(?P<code>[RC][0-9]{2})(\+(?P<after>[0-9]))?(?P<insists>!)?"
)
_REMITTANCE = re.compile(
    r"RMR\*[A-Z]{2}\*(?P<statement>[0-9A-Z]+)\*\*(?P<dollars>[0-9]+\.[0-9]{2})\\"
)


class BadScript(ValueError):
    """A line of the script cannot be followed; the message says why."""


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """What a bank does with the next debit of one statement, or the next prenote to a receiver.

    ``statement_number`` is the statement's, or the receiver's name as the prenote has it.
    ``after`` counts banking days from settlement to the return or notification, 0 to 9; a return
    after more than 2 comes too late. ``insists`` is a bank that contests its dishonored return.
    """

    statement_number: str
    code: str
    after: int = 1
    insists: bool = False

    def __post_init__(self) -> None:
        if self.code not in RETURN_CODES | CHANGE_CODES:
            known = ", ".join(sorted(RETURN_CODES | CHANGE_CODES))
            raise BadScript(f"code {self.code} is not one of {known}")
        if not 0 <= self.after <= LATEST_RETURN:
            raise BadScript(f"{self.after} banking days after settlement: 0 to 9 are allowed")

    @classmethod
    def parse(cls, text: str) -> ScriptLine:
        """Read ``3927327001=R01`` or, two banking days after settlement, ``3927327001=R01+2``.

        ``3927327001=R29+5!`` comes too late, and is contested when it is dishonored.
        """
        match = _SPELLING.fullmatch(text)
        if match is None:
            raise BadScript(f"{text!r} is not of the form 3927327001=R01 or 3927327001=R01+2")
        after = int(match["after"] or 1)
        return cls(match["statement"], match["code"], after, match["insists"] is not None)


@dataclass(frozen=True, slots=True)
class Script:
    """The lines in the order in which they were added, kept in one plain file.

    Which of them were followed is in the operator's books, so that a day can be run again.
    """

    path: Path

    def lines(self) -> list[ScriptLine]:
        """Give every line, oldest first."""
        return [ScriptLine(**values) for values in read_json(self.path, empty=[])]

    def add(self, lines: Iterable[ScriptLine]) -> None:
        """Append lines and keep them; a statement may have more than one, for later attempts."""
        write_json(self.path, [asdict(line) for line in (*self.lines(), *lines)])

    def line_for(self, statement_number: str, followed: int) -> ScriptLine | None:
        """Give a statement's next line when so many were followed; None: the debit is just paid."""
        lines = [line for line in self.lines() if line.statement_number == statement_number]
        return lines[followed] if followed < len(lines) else None


def statement_number_of(entry: EntryItem) -> str:
    """Give the statement that a debit pays, from its identification number."""
    return entry.record["identification"].strip()


def is_prenote(entry: EntryItem) -> bool:
    """Tell a prenote from a live debit, by its transaction code (Nacha Operating Rules)."""
    return entry.record["transaction_code"] in PRENOTE_CODES


def receiver_of(entry: EntryItem) -> str:
    """Give the receiver's name, by which the script names a prenote."""
    return entry.record["name"].strip()


def remittance_agrees(entry: EntryItem) -> bool:
    """Tell whether the addendum names the same statement and amount as the entry (DEB-12)."""
    match = _REMITTANCE.fullmatch(entry.remittance)
    if match is None or match["statement"] != statement_number_of(entry):
        return False
    return int(match["dollars"].replace(".", "")) == entry.amount_cents


def corrected_data(entry: EntryItem, code: str) -> str:
    """Make up what the receiving bank wants changed, where the Nacha rules place it for each code.

    A new account number (C01) is the old one with its digits turned round, a new routing number
    (C02) the bank's own again, a new code (C05) the other kind of account.
    """
    record = entry.record
    if code == "C01":
        return changed_account(record["account"].strip())
    if code == "C02":
        return record["receiving_dfi"] + record["check_digit"]
    if code == "C05":
        return {"27": "37", "37": "27"}.get(record["transaction_code"], "27")
    return ""


def changed_account(account: str) -> str:
    """Give the number that a receiving bank tells in a C01: the old one turned round."""
    return account[::-1]
