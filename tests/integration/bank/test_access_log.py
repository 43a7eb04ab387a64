"""Who opened which account: the log as its readers see it (SEC-02)."""

from __future__ import annotations

import os
import pwd

from customhouse.bank import access_log, reports
from customhouse.bank.exchange import Exchange
from tests.integration.bank.branch import CANARY, FRIDAY, TUESDAY, WEDNESDAY, Branch, instruction
from tests.integration.bank.operator_files import (
    acknowledgement,
    deliver,
    outbound,
    sent,
    settlement,
)

LOGIN = pwd.getpwuid(os.geteuid()).pw_name


def test_each_opening_names_token_purpose_and_login_and_no_number(
    branch: Branch, exchange: Exchange
) -> None:
    first, second, unused = branch.open_units(1, 2, 3)
    branch.instruct(instruction(1), instruction(2, unit=2), instruction(3))
    branch.run(TUESDAY)
    purpose = f"write {outbound(exchange)[0].name}"
    with branch.office() as office:
        everything = access_log.openings(office.connection, token=None, since=None, most=50)
        of_second = access_log.openings(office.connection, token=second, since=TUESDAY, most=50)
        later = access_log.openings(office.connection, token=None, since=WEDNESDAY, most=50)
        of_unused = access_log.openings(office.connection, token=unused, since=None, most=50)
        newest = access_log.openings(office.connection, token=None, since=None, most=1)
    assert {each.token for each in everything} == {first, second}
    assert {(each.purpose, each.opened_by) for each in everything} == {(purpose, LOGIN)}
    assert [each.token for each in of_second] == [second]
    assert (later, of_unused) == ([], [])
    assert newest == everything[:1]
    assert CANARY not in repr(everything)


def test_a_date_is_reported_with_its_files_items_alarms_and_openings(
    branch: Branch, exchange: Exchange
) -> None:
    branch.open_units(1, 2)
    branch.instruct(instruction(1), instruction(2, unit=2), instruction(3))
    branch.run(TUESDAY)
    (path,) = outbound(exchange)
    debits = sent(path)
    deliver(exchange, "a.ack.json", acknowledgement(path))
    deliver(exchange, "a.settlement.csv", settlement(debits, WEDNESDAY))
    deliver(exchange, "b.settlement.csv", b"junk\n")
    branch.run(WEDNESDAY)
    with branch.office() as office:
        tuesday = reports.day_figures(office.connection, TUESDAY)
        wednesday = reports.day_figures(office.connection, WEDNESDAY)
        opened = [access_log.purposes(office.connection, day) for day in (TUESDAY, WEDNESDAY)]
        friday = reports.day_figures(office.connection, FRIDAY)
    assert (tuesday.files_out, tuesday.entries_out, tuesday.cents_out) == (1, 3, 3 * 104_608)
    assert (tuesday.files_answered, tuesday.files_taken, tuesday.alarms_raised) == (0, 0, 0)
    assert (wednesday.files_out, wednesday.files_answered) == (0, 1)
    assert (wednesday.files_taken, wednesday.files_quarantined) == (2, 1)
    assert (wednesday.items_settled, wednesday.items_returned) == (3, 0)
    assert (wednesday.alarms_raised, wednesday.alarms_cleared) == (1, 0)
    assert opened == [[access_log.Purpose(f"write {path.name}", LOGIN, 2, 2)], []]
    assert friday.files_out == friday.files_taken == 0
