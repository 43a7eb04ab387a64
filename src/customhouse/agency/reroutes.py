"""Rules of copies on request (MO): which requests are right, and which statements each one means.

Pure: what is on file is loaded before, and the copies are made after. A copy is what was sent, not
what the statement is now. Source: CATAIR, Periodic Monthly Statement reroute conditions MS0 to MSD;
what a scope means is ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from customhouse.agency import reroute_faults as faults
from customhouse.faults import Fault
from customhouse.formats.abi_envelope import AnswerBlock
from customhouse.formats.abi_reroute import RerouteRequest
from customhouse.identifiers import IdentifierError, ImporterNumber

LONGEST_AGO = timedelta(days=60)
EVERY_FILER = "A"
_STATEMENT = re.compile(r"[0-9]{7}[0-9A-Z]{3}", re.ASCII)
_ANY_SUFFIX_TYPE = "5"


@dataclass(frozen=True, slots=True)
class RerouteFacts:
    """What is on file: the sender's filers, the importers named, whose the statements named are.

    ``statements`` holds only statements of the sender's filers.
    """

    business_date: date
    filer_codes: tuple[str, ...]
    importers: frozenset[str]
    statements: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The statements that one request means: sent on a day for filers, each condition held to.

    An empty text or None holds to nothing.
    """

    sent_on: date
    filer_codes: tuple[str, ...]
    port: str
    preliminary: bool
    final: bool
    statement_number: str
    importer_number: str
    client_branch: str

    def means(self, block: AnswerBlock) -> bool:
        """Tell whether the statement of a block that was sent is one of these."""
        heading = block.statement
        if heading is None or block.filer_code not in self.filer_codes:
            return False
        return (
            (self.preliminary if heading.status == "P" else self.final)
            and self.port in ("", block.port)
            and self.statement_number in ("", heading.number)
            and self.client_branch in ("", heading.client_branch)
            and self._is_importers(heading.importer_number, heading.payment_type)
        )

    def _is_importers(self, printed: str, payment_type: str) -> bool:
        if not self.importer_number:
            return True
        if payment_type == _ANY_SUFFIX_TYPE:
            return bool(printed) and self.importer_number.startswith(printed)
        return canonical(printed) == self.importer_number


@dataclass(frozen=True, slots=True)
class RerouteBlock:
    """The requests of one block, of which there should be exactly one, and where it stands."""

    port: str
    filer_code: str
    requests: tuple[RerouteRequest, ...]


def canonical(importer_number: str) -> str:
    """Spell an importer number as it is kept; empty when it is none."""
    try:
        return ImporterNumber.parse(importer_number).canonical
    except IdentifierError:
        return ""


def form_faults(block: RerouteBlock) -> list[Fault]:
    """Give every fault of a block that shows without looking anything up."""
    if not block.requests:
        return [Fault(faults.REROUTE_MISSING)]
    if len(block.requests) > 1:
        return [Fault(faults.REROUTE_REPEATED, {"count": len(block.requests)})]
    return list(_form_faults(block.requests[0]))


def judge(block: RerouteBlock, facts: RerouteFacts) -> Wanted | list[Fault]:
    """Give what a block's request means, or every fault for which it is refused."""
    found = form_faults(block)
    if not block.requests or len(block.requests) > 1:
        return found
    request = block.requests[0]
    found += _date_faults(request, facts)
    found += _file_faults(request, block, facts)
    sent_on = request.transmission_date
    if found or sent_on is None:
        return found
    everywhere = request.scope == EVERY_FILER
    return Wanted(
        sent_on=sent_on,
        filer_codes=facts.filer_codes if everywhere else (block.filer_code,),
        port="" if everywhere else block.port,
        preliminary=request.preliminary == "Y",
        final=request.final == "Y",
        statement_number=request.statement_number,
        importer_number=canonical(request.importer_number),
        client_branch=request.client_branch,
    )


def nothing_found(wanted: Wanted) -> Fault:
    """Give the fault of a request that means nothing that was sent."""
    return Fault(faults.REROUTE_NOTHING_FOUND, {"sent_on": wanted.sent_on.isoformat()})


def wanted_days(wanted: Sequence[Wanted]) -> list[tuple[str, date]]:
    """Give each filer and day whose messages have to be looked through, in order."""
    return sorted({(filer_code, one.sent_on) for one in wanted for filer_code in one.filer_codes})


def _form_faults(request: RerouteRequest) -> Iterator[Fault]:
    if request.transmission_date is None:
        yield Fault(faults.REROUTE_DATE_WRONG, {"sent_on": request.date_text or "(blank)"})
    flags = (request.preliminary, request.final)
    if any(flag not in ("Y", "N", "") for flag in flags):
        shown = " and ".join(flag or "blank" for flag in flags)
        yield Fault(faults.REROUTE_KIND_WRONG, {"flags": shown})
    elif "" in flags or "Y" not in flags:
        yield Fault(faults.REROUTE_KIND_MISSING)
    number = request.statement_number
    if number and not _STATEMENT.fullmatch(number):
        yield Fault(faults.REROUTE_STATEMENT_WRONG, {"statement_number": number})
    if request.scope not in ("", EVERY_FILER):
        yield Fault(faults.REROUTE_SCOPE_WRONG, {"scope": request.scope})
    if (request.importer_number or request.client_branch) and (number or request.scope):
        other = "a statement number" if number else "a scope"
        yield Fault(faults.REROUTE_FIELDS_CONFLICT, {"other": other})


def _date_faults(request: RerouteRequest, facts: RerouteFacts) -> Iterator[Fault]:
    sent_on = request.transmission_date
    if sent_on is None:
        return
    if sent_on > facts.business_date:
        yield Fault(faults.REROUTE_DATE_WRONG, {"sent_on": sent_on.isoformat()})
    elif facts.business_date - sent_on > LONGEST_AGO:
        values = {
            "sent_on": sent_on.isoformat(),
            "days": LONGEST_AGO.days,
            "business_date": facts.business_date.isoformat(),
        }
        yield Fault(faults.REROUTE_DATE_TOO_OLD, values)


def _file_faults(
    request: RerouteRequest, block: RerouteBlock, facts: RerouteFacts
) -> Iterator[Fault]:
    importer = request.importer_number
    if importer and canonical(importer) not in facts.importers:
        yield Fault(faults.REROUTE_IMPORTER_UNKNOWN, {"importer_number": importer})
    number = request.statement_number
    if not _STATEMENT.fullmatch(number):
        return
    owner = facts.statements.get(number)
    if owner is None:
        # Unknown and somebody else's are one: the answer never tells which it is.
        yield Fault(faults.REROUTE_STATEMENT_UNKNOWN, {"statement_number": number})
    elif owner != block.filer_code and request.scope != EVERY_FILER:
        values = {"statement_number": number, "filer_code": block.filer_code}
        yield Fault(faults.REROUTE_OTHER_FILER, values)
