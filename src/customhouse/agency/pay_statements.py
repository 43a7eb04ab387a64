"""The commands that pay many statements in one step, and that try it first without doing it.

Each statement still gets an authorization of its own, by the very rules and the very command that
the ABI door uses (DEB-16). What is added is around it: all that is due as one order, what stands
already, which entries explain a wrong amount, and how near a day comes to a declared cap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from psycopg import Connection
from psycopg.rows import class_row

from customhouse import faults
from customhouse.agency import parties
from customhouse.agency import pay_statements_store as sql
from customhouse.agency.authorization_facts import AuthorizationOutcome
from customhouse.agency.authorization_orders import MOST_STATEMENTS, Order, OrderedStatement
from customhouse.agency.authorize import BatchContext, authorize, preview
from customhouse.agency.daily_caps import DayLoad
from customhouse.agency.differences import Difference, StatementEntry, explain
from customhouse.agency.payer_unit_refusals import keep_refusals
from customhouse.faults import Fault, Refused

HOLD_FUNDS: Final = (
    "Hold the funds in the account from the moment of authorization. A debit date is an estimate:"
    " the payer's bank decides."
)


@dataclass(frozen=True, slots=True)
class LiveAttempt:
    """The authorization that stands for a statement: from which unit, how many cents, when."""

    statement_number: str
    attempt: int
    payer_unit_number: str
    amount_cents: int
    accepted_on: date
    debit_on: date


@dataclass(frozen=True, slots=True)
class OrderOutcome:
    """What became of one statement of an order, or would become of it.

    Without faults it is accepted: ``attempt`` and ``debit_on`` (an estimate, DEB-10) are there;
    ``debit_on_chosen`` tells that the payer asked for that day (DEB-15).
    ``live`` is the authorization that stands already where one does; ``difference`` tells of
    entries where the amount or the list of them is not the books'.
    """

    ordered: OrderedStatement
    faults: tuple[Fault, ...]
    attempt: int | None = None
    debit_on: date | None = None
    debit_on_chosen: bool = False
    live: LiveAttempt | None = None
    difference: Difference | None = None

    @property
    def accepted(self) -> bool:
        """Tell whether the statement is authorized by this order, or would be."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class OrderAnswer:
    """What became of an order: its outcomes in input order and the days on which it is debited.

    ``left_out`` are due statements that the payer unit can not pay, because they hold entries of
    other importers. ``has_more`` tells that more is due than one order takes. ``day_loads`` are
    there for a preview.
    """

    outcomes: tuple[OrderOutcome, ...]
    left_out: tuple[str, ...] = ()
    has_more: bool = False
    day_loads: tuple[DayLoad, ...] = ()

    @property
    def accepted_cents(self) -> int:
        """Give the sum of what was accepted."""
        return sum(each.ordered.amount_cents for each in self.outcomes if each.accepted)


def pay_statements(connection: Connection, order: Order, *, context: BatchContext) -> OrderAnswer:
    """Authorize what an order names, or all that is due, as one batch in the caller's transaction.

    An order that negates undoes what it names instead (DEB-04). Refused uses of payer units are
    kept (SEC-06). Raises Refused where the day is closed.
    """
    _require_open(context)
    order, left_out, has_more = _resolved(connection, order, context, lock=True)
    sound = _sound(order)
    judged = authorize(
        connection,
        order.filer_code,
        requests=[order.request_of(each) for each in sound],
        context=context,
        debit_dates=_debit_dates(order),
    )
    keep_refusals(connection, order.filer_code, outcomes=judged, context=context)
    outcomes = _with_live(connection, order.filer_code, _outcomes(order, judged))
    return OrderAnswer(outcomes, left_out, has_more)


def preview_payment(connection: Connection, order: Order, *, context: BatchContext) -> OrderAnswer:
    """Tell what ``pay_statements`` would do now, and why: nothing is locked, kept or done.

    Raises Refused where the day is closed.
    """
    _require_open(context)
    order, left_out, has_more = _resolved(connection, order, context, lock=False)
    judged = preview(
        connection,
        order.filer_code,
        requests=[order.request_of(each) for each in _sound(order)],
        context=context,
        debit_dates=_debit_dates(order),
    )
    outcomes = _with_live(connection, order.filer_code, _outcomes(order, judged))
    outcomes = _explained(connection, order.filer_code, outcomes)
    loads = _day_loads(connection, order, outcomes)
    return OrderAnswer(outcomes, left_out, has_more, loads)


def _resolved(
    connection: Connection, order: Order, context: BatchContext, *, lock: bool
) -> tuple[Order, tuple[str, ...], bool]:
    """Name the statements of an order for all that is due, each with its total on the books."""
    if order.statements is not None:
        return order, (), False
    values = {"filer_code": order.filer_code, "until": order.until, "limit": MOST_STATEMENTS + 1}
    found = connection.execute(sql.ALL_DUE_LOCKED if lock else sql.ALL_DUE, values).fetchall()
    statements = [OrderedStatement(number, cents) for number, cents in found[:MOST_STATEMENTS]]
    named = replace(order, statements=tuple(statements))
    has_more = len(found) > MOST_STATEMENTS
    if not _belongs_to_importer(connection, order, context):
        return named, (), has_more
    # One importer's unit pays that importer's statements: the rules themselves tell which.
    judged = preview(
        connection,
        order.filer_code,
        requests=[named.request_of(each) for each in statements],
        context=context,
    )
    foreign = {each.request.statement_number for each in judged if _is_of_others(each)}
    kept = tuple(each for each in statements if each.statement_number not in foreign)
    return replace(named, statements=kept), tuple(sorted(foreign)), has_more


def _belongs_to_importer(connection: Connection, order: Order, context: BatchContext) -> bool:
    number = order.payer_unit_number
    units = parties.usable_units(
        connection, order.filer_code, numbers=[number], on=context.business_date
    )
    unit = units.get(number)
    return unit is not None and unit.designated and unit.owner_importer_number is not None


def _is_of_others(outcome: AuthorizationOutcome) -> bool:
    return any(fault.code == faults.PAYER_UNIT_OTHER_IMPORTER.code for fault in outcome.faults)


def _require_open(context: BatchContext) -> None:
    """Raise Refused (day-closed) when the business date takes nothing more."""
    if context.day_closed:
        values = {"business_date": context.business_date.isoformat()}
        raise Refused(Fault(faults.DAY_CLOSED, values))


def _sound(order: Order) -> list[OrderedStatement]:
    """Give the items of an order whose form lets them be judged."""
    return [each for each in order.statements or () if not each.faults]


def _debit_dates(order: Order) -> dict[str, date]:
    """Give the day that the payer asks for, by statement: the item's own, else the order's."""
    asked = {each.statement_number: each.debit_on or order.debit_on for each in _sound(order)}
    return {number: day for number, day in asked.items() if day is not None}


def _outcomes(order: Order, judged: Sequence[AuthorizationOutcome]) -> tuple[OrderOutcome, ...]:
    """Put the outcomes of what was judged and of what could not be read back into input order."""
    following = iter(judged)
    return tuple(
        OrderOutcome(each, each.faults) if each.faults else _outcome(each, next(following))
        for each in order.statements or ()
    )


def _outcome(ordered: OrderedStatement, judged: AuthorizationOutcome) -> OrderOutcome:
    accepted = judged.acceptance
    if judged.negation is not None:
        return OrderOutcome(ordered, (), judged.negation.attempt)
    if accepted is None:
        return OrderOutcome(ordered, judged.faults)
    return OrderOutcome(
        ordered, (), accepted.attempt, accepted.debit_on, debit_on_chosen=accepted.debit_on_chosen
    )


def _with_live(
    connection: Connection, filer_code: str, outcomes: tuple[OrderOutcome, ...]
) -> tuple[OrderOutcome, ...]:
    """Add the authorization that stands to each statement refused because of it."""
    code = faults.STATEMENT_ALREADY_AUTHORIZED.code
    numbers = [
        each.ordered.statement_number
        for each in outcomes
        if any(fault.code == code for fault in each.faults)
    ]
    if not numbers:
        return outcomes
    values = {"filer_code": filer_code, "numbers": numbers}
    with connection.cursor(row_factory=class_row(LiveAttempt)) as cursor:
        rows = cursor.execute(sql.LIVE_ATTEMPTS, values).fetchall()
    live = {row.statement_number: row for row in rows}
    return tuple(
        replace(each, live=live.get(each.ordered.statement_number)) if each.faults else each
        for each in outcomes
    )


def _explained(
    connection: Connection, filer_code: str, outcomes: tuple[OrderOutcome, ...]
) -> tuple[OrderOutcome, ...]:
    """Add to each outcome the entries in which the caller's figures and the books differ."""
    numbers = [each.ordered.statement_number for each in outcomes if _needs_explaining(each)]
    if not numbers:
        return outcomes
    values = {"filer_code": filer_code, "numbers": numbers}
    totals: dict[str, int] = {}
    entries: dict[str, list[StatementEntry]] = {}
    for number, total_cents, *entry in connection.execute(sql.ENTRIES, values):
        totals[number] = total_cents
        entries.setdefault(number, []).append(StatementEntry(*entry))
    return tuple(_with_difference(each, totals, entries) for each in outcomes)


def _needs_explaining(outcome: OrderOutcome) -> bool:
    code = faults.AMOUNT_NOT_EQUAL.code
    wrong_amount = any(fault.code == code for fault in outcome.faults)
    return wrong_amount or outcome.ordered.entries is not None


def _with_difference(
    outcome: OrderOutcome, totals: dict[str, int], entries: dict[str, list[StatementEntry]]
) -> OrderOutcome:
    ordered = outcome.ordered
    number = ordered.statement_number
    if number not in totals or not _needs_explaining(outcome):
        return outcome
    difference = explain(
        ordered.amount_cents, totals[number], entries=entries[number], listed=ordered.entries
    )
    has_any = difference.difference_cents or difference.entries
    return replace(outcome, difference=difference) if has_any else outcome


def _day_loads(
    connection: Connection, order: Order, outcomes: Sequence[OrderOutcome]
) -> tuple[DayLoad, ...]:
    """Sum up what an order would add to its payer unit's debits, by day."""
    asked: dict[date, int] = {}
    for each in outcomes:
        if each.debit_on is not None:
            asked[each.debit_on] = asked.get(each.debit_on, 0) + each.ordered.amount_cents
    if not asked:
        return ()
    unit = order.payer_unit_number
    values = {
        "payer_unit_number": unit,
        "days": sorted(asked),
        "filer_code": order.filer_code,
    }
    rows = connection.execute(sql.DAY_LOADS, values)
    return tuple(
        DayLoad(
            payer_unit_number=unit,
            debit_on=day,
            live_cents=live_cents,
            # What other brokers take from an importer's unit is not this one's to know.
            told_cents=live_cents if owner == order.filer_code else own_cents,
            asked_cents=asked[day],
            daily_cap_cents=cap,
        )
        for cap, owner, day, live_cents, own_cents in rows
    )
