"""Write the files that an operator brings with what payers push: CCD and CTX entries, addenda 05.

Rendered column by column from the rules, apart from the project's formats. The account numbers pass
through to the file; the representation of an entry shows none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from customhouse.rehearsal.ach_checks import HASH_SPAN, check_digit_of
from customhouse.rehearsal.ach_writing import Envelope, Sums, file_header, whole_file

CREDITS_ONLY, DEBITS_ONLY = "220", "225"
TRACE_SEQUENCES = 10_000_000


@dataclass(frozen=True, slots=True)
class Originator:
    """Who originates a batch, at which bank (eight digits), and what for."""

    odfi: str
    company_name: str
    company_identification: str
    description: str
    sec_code: str

    def __post_init__(self) -> None:
        if len(self.odfi) != 8:
            raise AssertionError("a batch names its bank by eight digits")


@dataclass(frozen=True, slots=True)
class PushedItem:
    """One entry as the payer's bank sends it; ``settles_on`` is a banking day, amount in cents.

    ``receiver`` is what stands in the columns 40 to 76 before a CTX count is written there.
    """

    originator: Originator
    transaction_code: str
    routing_number: str = field(repr=False)
    account_number: str = field(repr=False)
    amount_cents: int
    identification: str
    name: str
    addenda: tuple[str, ...]
    settles_on: date

    @property
    def is_debit(self) -> bool:
        """Tell whether the code takes money: its last digit is 5 to 9."""
        return self.transaction_code[1:] in "56789"

    @property
    def batch_key(self) -> tuple[Originator, bool, date]:
        """Give what entries of one batch have in common."""
        return (self.originator, self.is_debit, self.settles_on)


def traces_for(items: Sequence[PushedItem], first: int) -> list[str]:
    """Give each entry its trace number: its bank's eight digits and a sequence that goes on."""
    return [
        f"{item.originator.odfi}{(first + offset) % TRACE_SEQUENCES:07d}"
        for offset, item in enumerate(items)
    ]


def render_pushes(envelope: Envelope, traced: Iterable[tuple[str, PushedItem]]) -> bytes:
    """Render one file with a batch for each originator, side and settlement day, in that order."""
    groups: dict[tuple[Originator, bool, date], list[tuple[str, PushedItem]]] = {}
    for trace, item in traced:
        groups.setdefault(item.batch_key, []).append((trace, item))
    lines, totals = [file_header(envelope)], Sums()
    for number, group in enumerate(groups.values(), start=1):
        batch, sums = _batch(group, number)
        lines.extend(batch)
        totals.add(sums)
    return whole_file(lines, totals, batches=len(groups))


def _batch(group: Sequence[tuple[str, PushedItem]], number: int) -> tuple[list[str], Sums]:
    first = group[0][1]
    lines, sums = [_batch_header(first, number)], Sums()
    for trace, item in group:
        lines.append(_entry(trace, item))
        lines.extend(_addenda(trace, item))
        sums.count += 1 + len(item.addenda)
        sums.hashed += int(item.routing_number[:8])
        sums.debit += item.amount_cents if item.is_debit else 0
        sums.credit += 0 if item.is_debit else item.amount_cents
    sums.hashed %= HASH_SPAN
    lines.append(_batch_control(first, number, sums))
    return lines, sums


def _batch_header(item: PushedItem, number: int) -> str:
    who = item.originator
    return (
        f"5{_service_class(item)}{who.company_name[:16]:16}{'':20}"
        f"{who.company_identification[:10]:10}{who.sec_code}{who.description[:10]:10}{'':6}"
        f"{item.settles_on:%y%m%d}{item.settles_on:%j}1{who.odfi}{number:07d}"
    )


def _service_class(item: PushedItem) -> str:
    return DEBITS_ONLY if item.is_debit else CREDITS_ONLY


def _entry(trace: str, item: PushedItem) -> str:
    name = f"{item.name[:22]:22}"
    if item.originator.sec_code == "CTX":
        name = f"{len(item.addenda):04d}{item.name[:16]:16}  "
    return (
        f"6{item.transaction_code}{item.routing_number}{item.account_number:17}"
        f"{item.amount_cents:010d}{item.identification[:15]:15}{name}  "
        f"{'1' if item.addenda else '0'}{trace}"
    )


def _addenda(trace: str, item: PushedItem) -> list[str]:
    return [
        f"705{text:80}{sequence:04d}{trace[8:]}"
        for sequence, text in enumerate(item.addenda, start=1)
    ]


def _batch_control(item: PushedItem, number: int, sums: Sums) -> str:
    who = item.originator
    return (
        f"8{_service_class(item)}{sums.count:06d}{sums.hashed:010d}"
        f"{sums.debit:012d}{sums.credit:012d}{who.company_identification[:10]:10}"
        f"{'':19}{'':6}{who.odfi}{number:07d}"
    )


def bank_of(routing_number: str) -> str:
    """Give the eight digits of a bank whose check digit is right; raise ValueError otherwise."""
    eight = routing_number[:8]
    if len(routing_number) != 9 or check_digit_of(eight) != routing_number[8]:
        raise ValueError("the payer's bank has no routing number")
    return eight
