"""Compares the days behind the agency with the bank by itself, each morning, for its summary.

A difference is told in the summary and stays a violation (treasury-agrees) until it is gone. The
day must not fail because of it: a bank that cannot be asked is told of, too. What differs is shown
by ``customhouse treasury day``, and more days are compared by ``customhouse treasury check``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import psycopg

from customhouse.agency import treasury_checks_store as sql
from customhouse.agency import treasury_days
from customhouse.agency.bank_link import BankLink
from customhouse.agency.treasury_days import Connect
from customhouse.clock import Clock
from customhouse.faults import Refused
from customhouse.money import format_dollars


def look_back(connect: Connect, link: BankLink, *, business_date: date, clock: Clock) -> str:
    """Compare the days that nobody has compared, and those that differed; say what it found.

    Never raises because of the bank or of the comparison: the morning goes on.
    """
    try:
        return "; ".join(_found(connect, link, business_date=business_date, clock=clock))
    except Refused as refusal:
        return f"NOT COMPARED: {refusal.faults[0].sentence}"
    except psycopg.Error as error:
        return f"NOT COMPARED: the database said {type(error).__name__}"


def _found(connect: Connect, link: BankLink, *, business_date: date, clock: Clock) -> Iterator[str]:
    """Say how many days agree, then each that does not."""
    with connect() as connection:
        days = _days(connection, business_date)
    told = []
    for day in days:
        taking = treasury_days.take(connect, link, day=day, clock=clock)
        unfinished = taking.unfinished_words(business_date)
        if unfinished:
            told.append(f"{day} NOT OVER: {unfinished}")
            continue
        with treasury_days.compared(connect, taking, clock=clock) as compared:
            totals = compared.totals
        if totals.differing:
            gap = format_dollars(totals.difference_cents)
            told.append(f"{day} DIFFERS by {gap}, see customhouse treasury day {day}")
    agreeing = len(days) - len(told)
    yield f"{agreeing:,} day{'s agree' if agreeing != 1 else ' agrees'}"
    yield from told


def _days(connection: psycopg.Connection, business_date: date) -> list[date]:
    """Give the days of a week that were not compared since they are over, and those that differ.

    Run again, there is nothing left but what differs: a step has no second effect.
    """
    row = connection.execute(sql.FIRST_DATE).fetchone()
    begun = row[0] if row is not None and row[0] is not None else business_date
    first = max(begun, business_date - timedelta(days=treasury_days.DAYS_CHECKED))
    recent = {first + timedelta(days=n) for n in range((business_date - first).days)}
    compared = {day for (day,) in connection.execute(sql.COMPARED, {"since": first})}
    return sorted((recent - compared) | treasury_days.still_differing(connection, business_date))
