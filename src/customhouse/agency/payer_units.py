"""The commands that issue payer units and designate filers for them (SEC-01, SEC-03, SEC-04).

A unit is issued in steps, so that no transaction waits for the bank: ``issue_payer_units`` writes
the rows, the caller commits, ``bind_payer_units`` tells the bank, ``take_back`` deletes what the
bank refused, and ``keep_prenotes`` keeps what it answered: until then no unit is effective. All can
be done again: the bank answers a known binding as it did before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import parties, party_rules, unit_prenotes
from customhouse.agency import parties_store as sql
from customhouse.agency import party_faults as faults
from customhouse.agency.parties import Designation, PayerUnit
from customhouse.agency.party_outcomes import PartyOutcome, Status, judge, well_formed
from customhouse.agency.party_references import require_filers, require_importers
from customhouse.agency.party_rules import item_fault, unit_name
from customhouse.clock import Clock
from customhouse.faults import Fault, Refused
from customhouse.rails import PayerUnitBinding, PrenoteNews

Bind = Callable[[PayerUnitBinding], PrenoteNews]
_Items = list[tuple[PayerUnit, list[Fault]]]


def issue_payer_units(connection: Connection, units: Sequence[PayerUnit]) -> list[PartyOutcome]:
    """Write payer units, giving the next free number to each that asks for none.

    The key of an outcome is the number. A unit that was issued before to the same owner for the
    same account is unchanged, or changed when it is given another first day or daily cap.
    """
    connection.execute(sql.LOCK_PARTIES)
    items: _Items = [(unit, party_rules.payer_unit_faults(unit)) for unit in units]
    items = require_filers(connection, items, codes=lambda unit: _one(unit.owner_filer_code))
    items = require_importers(
        connection, items, numbers=lambda unit: _one(unit.owner_importer_number)
    )
    stored = _stored(connection, well_formed(items))
    items = _numbered(connection, _held_against(items, stored))
    known = {_key(unit): unit for unit in stored}
    judged = judge("payer unit", items, key=_key, known=known)
    connection.execute(sql.INSERT_PAYER_UNITS, _rows(judged.registered))
    changed = {
        "numbers": [unit.payer_unit_number for unit in judged.changed],
        "effective": [unit.effective_on for unit in judged.changed],
        "caps": [unit.daily_cap_cents for unit in judged.changed],
    }
    connection.execute(sql.CHANGE_PAYER_UNITS, changed)
    return judged.outcomes


def bind_payer_units(
    outcomes: Sequence[PartyOutcome], units: Mapping[str, PayerUnit], *, bind: Bind
) -> list[PartyOutcome]:
    """Tell the bank of issued units, outside of any transaction, and give their outcomes again.

    ``units`` holds the stored units by number. A unit that the bank refuses is refused; one of
    which the bank could not be told is waiting, and loading it again tells the bank again.
    """
    return [outcome if outcome.refused else _bound(outcome, units, bind) for outcome in outcomes]


def take_back(
    connection: Connection, issued: Sequence[PartyOutcome], *, bound: Sequence[PartyOutcome]
) -> None:
    """Delete the units that were new and that the bank refused to bind."""
    numbers = [
        before.key
        for before, after in zip(issued, bound, strict=True)
        if after.refused and before.status == "registered"
    ]
    connection.execute(sql.DELETE_PAYER_UNITS, {"numbers": numbers})


def keep_prenotes(connection: Connection, bound: Sequence[PartyOutcome], *, clock: Clock) -> None:
    """Keep how the prenotes of bound units stand, as the bank answered (C19)."""
    heard = [outcome.prenote for outcome in bound if outcome.prenote is not None]
    unit_prenotes.keep(connection, heard, clock=clock)


def designate(connection: Connection, designations: Sequence[Designation]) -> list[PartyOutcome]:
    """Let filers use importers' payer units from a day on, or give such a use another last day."""
    connection.execute(sql.LOCK_PARTIES)
    items = [(each, party_rules.designation_faults(each)) for each in designations]
    items = require_filers(connection, items, codes=lambda each: (each.filer_code,))
    numbers = [each.payer_unit_number for each in well_formed(items)]
    units = parties.payer_units(connection, numbers)
    items = [(each, found or _unit_faults(each, units)) for each, found in items]
    with connection.cursor(row_factory=class_row(Designation)) as cursor:
        rows = cursor.execute(sql.DESIGNATIONS, {"numbers": numbers}).fetchall()
    key = party_rules.designation_key
    judged = judge("designation", items, key=key, known={key(row): row for row in rows})
    written = [*judged.registered, *judged.changed]
    values = {
        "numbers": [each.payer_unit_number for each in written],
        "filer_codes": [each.filer_code for each in written],
        "starts": [each.starts_on for each in written],
        "ends": [each.ends_on for each in written],
    }
    connection.execute(sql.PUT_DESIGNATIONS, values)
    return judged.outcomes


def _stored(connection: Connection, units: Sequence[PayerUnit]) -> list[PayerUnit]:
    values = {
        "numbers": [unit.payer_unit_number for unit in units if unit.payer_unit_number],
        "tokens": [unit.account_token for unit in units],
    }
    with connection.cursor(row_factory=class_row(PayerUnit)) as cursor:
        return cursor.execute(sql.PAYER_UNITS, values).fetchall()


def _held_against(items: _Items, stored: Sequence[PayerUnit]) -> _Items:
    """Find the units issued before by their account, and refuse what would share one (SEC-03)."""
    by_token = {unit.account_token: unit for unit in stored}
    by_number = {unit.payer_unit_number: unit for unit in stored}
    seen: set[str] = set()
    held: _Items = []
    for unit, found in items:
        before = by_token.get(unit.account_token)
        if before is not None and unit.payer_unit_number is None:
            unit = replace(unit, payer_unit_number=before.payer_unit_number)
        if not found and unit.account_token in seen:
            found = [item_fault(faults.PARTY_REPEATED, unit_name(unit))]
        found = found or _sharing(unit, before, by_number.get(unit.payer_unit_number))
        if not found:
            seen.add(unit.account_token)
        held.append((_with_cap(unit, before), found))
    return held


def _with_cap(unit: PayerUnit, before: PayerUnit | None) -> PayerUnit:
    """Give a unit the cap that is to be stored: the one before where none is given, none for 0."""
    if unit.daily_cap_cents is not None:
        return replace(unit, daily_cap_cents=unit.daily_cap_cents or None)
    return replace(unit, daily_cap_cents=before.daily_cap_cents if before else None)


def _sharing(
    unit: PayerUnit, same_account: PayerUnit | None, same_number: PayerUnit | None
) -> list[Fault]:
    if same_account is not None and _identity(same_account) != _identity(unit):
        return [item_fault(faults.PAYER_UNIT_ACCOUNT_TAKEN, unit_name(unit))]
    if same_number is not None and _identity(same_number) != _identity(unit):
        values = {"payer_unit_number": unit.payer_unit_number}
        return [Fault(faults.PAYER_UNIT_NUMBER_TAKEN, values)]
    return []


def _identity(unit: PayerUnit) -> tuple[str | None, ...]:
    return (
        unit.payer_unit_number,
        unit.owner_filer_code,
        unit.owner_importer_number,
        unit.account_token,
    )


def _numbered(connection: Connection, items: _Items) -> _Items:
    """Give the next free number to each good unit without one."""
    asked = [unit.payer_unit_number for unit in well_formed(items) if unit.payer_unit_number]
    wanting = sum(1 for unit in well_formed(items) if unit.payer_unit_number is None)
    if not wanting:
        return items
    values = {"asked": asked, "count": wanting}
    free = iter([number for (number,) in connection.execute(sql.FREE_PAYER_UNIT_NUMBERS, values)])
    numbered: _Items = []
    for unit, found in items:
        if not found and unit.payer_unit_number is None:
            number = next(free, None)
            unit = replace(unit, payer_unit_number=number)
            found = [] if number else [Fault(faults.PAYER_UNIT_NUMBERS_USED_UP)]
        numbered.append((unit, found))
    return numbered


def _bound(outcome: PartyOutcome, units: Mapping[str, PayerUnit], bind: Bind) -> PartyOutcome:
    try:
        prenote = bind(PayerUnitBinding(outcome.key, units[outcome.key].account_token))
    except Refused as refusal:
        # Without an answer the bank may have bound it all the same: the number must stay taken.
        unanswered = any(fault.kind.http_status >= 500 for fault in refusal.faults)
        status: Status = "waiting" if unanswered else "refused"
        return replace(outcome, status=status, faults=refusal.faults)
    return replace(outcome, prenote=prenote)


def _unit_faults(designation: Designation, units: Mapping[str, PayerUnit]) -> list[Fault]:
    number = designation.payer_unit_number
    if number not in units:
        values = {"kind": "payer unit", "key": number}
        return [item_fault(faults.PARTY_NOT_REGISTERED, "This designation", **values)]
    if units[number].owner_filer_code is not None:
        return [Fault(faults.DESIGNATION_NOT_OF_IMPORTER, {"payer_unit_number": number})]
    return []


def _rows(units: Sequence[PayerUnit]) -> dict[str, object]:
    return {
        "numbers": [unit.payer_unit_number for unit in units],
        "filer_codes": [unit.owner_filer_code for unit in units],
        "importer_numbers": [unit.owner_importer_number for unit in units],
        "tokens": [unit.account_token for unit in units],
        "effective": [unit.effective_on for unit in units],
        "caps": [unit.daily_cap_cents for unit in units],
    }


def _key(unit: PayerUnit) -> str:
    return unit.payer_unit_number or f"of {unit.owner_filer_code or unit.owner_importer_number}"


def _one(text: str | None) -> tuple[str, ...]:
    return () if text is None else (text,)
