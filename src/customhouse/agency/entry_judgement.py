"""Rules that hold an entry summary against what is on file: parties, branches, days.

Pure: what was looked up comes in as facts. How fields are read and held to each other is
``entry_summaries``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from customhouse import faults as shared
from customhouse.agency import due_dates, update_faults
from customhouse.agency import entry_faults as faults
from customhouse.agency.entry_fields import PAYMENT_TYPES
from customhouse.agency.entry_summaries import EntrySummary
from customhouse.agency.print_dates import PrintDates
from customhouse.faults import Fault


@dataclass(frozen=True, slots=True)
class IntakeFacts:
    """What the rules need to know: the days, and who is registered with what.

    ``filer_ports`` holds the ports of each filer that may be named, ``branch_ports`` those of
    them that use client branches. ``warehouse_dates`` are print dates of warehouse entries by
    their eleven characters.
    """

    dates: PrintDates
    filer_ports: Mapping[str, frozenset[str]]
    importer_numbers: Collection[str]
    branch_ports: Mapping[str, frozenset[str]] = field(default_factory=dict)
    warehouse_dates: Mapping[str, date] = field(default_factory=dict)
    # A file names few days and many entries: each is judged and counted once.
    _print_dates: dict[tuple[date, str], list[Fault]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _due_dates: dict[tuple[str, date, str, str], date | None] = field(
        default_factory=dict, repr=False, compare=False
    )

    def print_date_faults(self, day: date, port: str) -> list[Fault]:
        """Give every fault of a print date as a day of a port."""
        found = self._print_dates.get((day, port))
        if found is None:
            found = self.dates.faults_of(day, port)
            self._print_dates[day, port] = found
        return found

    def due_on(self, entry: EntrySummary) -> date | None:
        """Give the last day to pay an entry (DEB-14), None beyond the calendar."""
        return self.due_date(
            entry.entry_type,
            entry.entry_date,
            payment_type=entry.payment_type,
            port=entry.processing_port,
        )

    def due_date(
        self, entry_type: str, entry_date: date, *, payment_type: str, port: str
    ) -> date | None:
        """Give the last day to pay an entry of a type, entered on a day, paid in a way."""
        key = (entry_type, entry_date, payment_type, port)
        if key not in self._due_dates:
            calendar = self.dates.calendars.of(port)
            self._due_dates[key] = due_dates.due_on(
                entry_type, entry_date, payment_type=payment_type, calendar=calendar
            )
        return self._due_dates[key]


def judge(values: Mapping[str, Any], facts: IntakeFacts) -> list[Fault]:
    """Give every fault that the fields of an entry show against what is on file.

    A field that is absent from ``values`` could not be read, and is not judged.
    """
    found = []
    filer_code, port = values.get("filer_code"), values.get("processing_port")
    ports = facts.filer_ports.get(filer_code) if filer_code is not None else frozenset()
    if ports is None:
        found.append(Fault(faults.ENTRY_FILER_UNKNOWN, {"seen": filer_code}))
    elif filer_code is not None and port is not None and port not in ports:
        expected = ", ".join(sorted(ports))
        blamed = {"seen": port, "filer_code": filer_code, "expected": expected}
        found.append(Fault(faults.ENTRY_PORT_NOT_OF_FILER, blamed))
    importer_number = values.get("importer_number")
    if importer_number is not None and importer_number not in facts.importer_numbers:
        found.append(Fault(faults.ENTRY_IMPORTER_UNKNOWN, {"seen": importer_number}))
    return found + _branch_faults(values, facts) + _days_faults(values, facts)


def _branch_faults(values: Mapping[str, Any], facts: IntakeFacts) -> list[Fault]:
    """Hold the client branch to what is arranged for the filer's port (CATAIR AE 201, 219)."""
    if any(name not in values for name in ("filer_code", "processing_port", "client_branch")):
        return []
    filer_code, port = values["filer_code"], values["processing_port"]
    branch = values["client_branch"]
    if port not in facts.filer_ports.get(filer_code, ()):
        return []
    used = port in facts.branch_ports.get(filer_code, ()) and values.get("payment_type") != "1"
    if branch and not used:
        blamed = {"client_branch": branch, "filer_code": filer_code}
        return [Fault(shared.CLIENT_BRANCH_NOT_ARRANGED, blamed)]
    if used and not branch:
        missing = {"filer_code": filer_code, "port": port}
        return [Fault(update_faults.CLIENT_BRANCH_MISSING, missing)]
    return []


def _days_faults(values: Mapping[str, Any], facts: IntakeFacts) -> list[Fault]:
    """Judge the print date as a day, against the last day to pay and the warehouse entry."""
    print_date, port = values.get("print_date"), values.get("processing_port", "")
    payment_type = values.get("payment_type")
    if print_date is None or payment_type == "1":
        return []
    found = list(facts.print_date_faults(print_date, port))
    if payment_type in PAYMENT_TYPES and "entry_type" in values and "entry_date" in values:
        due_on = facts.due_date(
            values["entry_type"], values["entry_date"], payment_type=payment_type, port=port
        )
        if due_on is not None and print_date > due_on:
            blamed = {"print_date": print_date, "due_on": due_on}
            found.append(Fault(update_faults.PRINT_DATE_AFTER_DUE_DATE, blamed))
    warehouse_entry = values.get("warehouse_entry")
    if warehouse_entry and print_date < facts.warehouse_dates.get(warehouse_entry, print_date):
        named = {"print_date": print_date, "warehouse_entry": warehouse_entry}
        found.append(Fault(faults.WITHDRAWAL_BEFORE_WAREHOUSE, named))
    return found
