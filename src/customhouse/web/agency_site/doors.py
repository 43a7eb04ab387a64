"""What every view of the agency's process needs: settings, connections, policy and the clock.

Each is made once a process. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from functools import cache, lru_cache
from typing import Any

from django.conf import settings as django_settings
from psycopg import Connection
from psycopg_pool import ConnectionPool

from customhouse import database
from customhouse.agency import business_day
from customhouse.agency.policy import Policy
from customhouse.business_days import BY_NAME
from customhouse.clock import Clock, RehearsalClock, SystemClock
from customhouse.faults import NO_BUSINESS_DAY, Fault, Refused
from customhouse.settings import Settings


def settings() -> Settings:
    """Give the settings that this process was started with."""
    return django_settings.CUSTOMHOUSE


@cache
def pool() -> ConnectionPool[Connection[Any]]:
    """Give this process's pool of connections to the agency's database."""
    return database.pool(settings(), "agency")


def connection() -> AbstractContextManager[Connection[Any]]:
    """Lend a connection for one transaction: committed at the end, rolled back on a fault."""
    return pool().connection()


@contextmanager
def reading() -> Iterator[Connection[Any]]:
    """Lend a connection for single queries, each by itself: a round trip instead of three."""
    with connection() as borrowed, database.each_alone(borrowed):
        yield borrowed


@cache
def policy() -> Policy:
    """Give the agency's policies as they are configured."""
    return Policy(
        final_statement=settings().final_statement_policy,
        debit_calendar=BY_NAME[settings().debit_calendar],
        cut_off=settings().cut_off,
    )


def clock(borrowed: Connection[Any]) -> Clock:
    """Give the clock: the machine's own, or in a rehearsal one on the agency's business date.

    Raises Refused (no-business-day) in a rehearsal that has not opened a day.
    """
    if settings().clock == "system":
        return SystemClock()
    day = business_day.latest(borrowed)
    if day is None:
        raise Refused(Fault(NO_BUSINESS_DAY))
    return _rehearsal_clock(day.business_date)


@lru_cache(maxsize=4)
def _rehearsal_clock(business_date: date) -> RehearsalClock:
    """Keep one clock a business date, so that instants grow from request to request."""
    return RehearsalClock(business_date)
