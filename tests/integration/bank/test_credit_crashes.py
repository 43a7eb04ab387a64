"""A crash anywhere while pushed payments are taken in, told and sent back; and the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from customhouse.bank import credits
from customhouse.bank.exchange import Exchange, digest
from customhouse.settings import Settings
from tests.conftest import MakeSettings
from tests.integration.bank.answers import answers
from tests.integration.bank.branch import TUESDAY, WEDNESDAY, Branch, branch_of
from tests.integration.bank.credit_files import STRANGER, Push, batch, entry, header, written
from tests.integration.bank.operator_files import deliver
from tests.integration.bank.test_credits import told

GOLDEN = Path(__file__).parents[2] / "golden" / "credits"
Ending = tuple[object, ...]


class Crash(BaseException):
    """Stands for the end of the process: nothing in the code may catch it."""


def delivered(settings: Settings) -> Branch:
    """Deliver two files with some of everything, the second repeats one entry of the first."""
    branch = branch_of(settings)
    exchange = Exchange(settings.exchange_directory)
    exchange.prepare()
    entries = [
        entry(Push(amount_cents=700), 1),
        entry(Push(amount_cents=0, code=24), 2),
        entry(Push(amount_cents=31, account=STRANGER), 3),
        entry(Push(amount_cents=32, code=27, texts=()), 4),
        entry(Push(amount_cents=33), 5),
    ]
    first = written([(batch(TUESDAY), entries)])
    reversal = [entry(Push(amount_cents=700, code=27, texts=()), 6)]
    later = [entry(Push(amount_cents=9), 7)]
    second = written(
        [
            (batch(TUESDAY), entries[:1]),
            (batch(TUESDAY, description="REVERSAL", number=2), reversal),
            (batch(WEDNESDAY, number=3), later),
        ],
        head=header(modifier="B"),
    )
    deliver(exchange, "a.cr.ach", first)
    deliver(exchange, "b.cr.ach", second)
    return branch


def ending_of(branch: Branch) -> Ending:
    """Give all that must be the same whether there was a crash or not."""
    exchange = Exchange(branch.settings.exchange_directory)
    return (
        tuple((path.name, digest(path)) for path in answers(exchange)),
        tuple(told(branch)),
        tuple(branch.rows("select kind, reference from alarm order by 1, 2")),
        tuple(
            branch.rows("select return_code, position, return_trace from entry_return order by 2")
        ),
        tuple(branch.rows("select name, state from answer_file order by 1")),
        tuple(branch.rows("select last_sequence from credit_cursor")),
    )


def crash_at(number: int) -> Callable[[str], None]:
    """Crash at the boundary of that number, from 0."""
    passed: list[str] = []

    def boundary(name: str) -> None:
        passed.append(name)
        if len(passed) == number + 1:
            raise Crash(name)

    return boundary


def test_a_crash_anywhere_changes_nothing_in_the_end(
    make_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """B1, B2, C2: same files with the same bytes, same messages, same alarms."""
    seen: list[str] = []
    with make_settings(tmp_path_factory.mktemp("undisturbed")) as settings:
        branch = delivered(settings)
        branch.run(TUESDAY, seen.append)
        branch.run(TUESDAY)
        ending = ending_of(branch)
    for wanted in ("inbound kept", "told credits", "planned answers", "sealed answers"):
        assert wanted in seen
    for number in range(len(seen)):
        with make_settings(tmp_path_factory.mktemp("crash")) as settings:
            branch = delivered(settings)
            with pytest.raises(Crash):
                branch.run(TUESDAY, crash_at(number))
            branch.run(TUESDAY)
            assert ending_of(branch) == ending, seen[number]


def test_a_file_of_returns_is_written_byte_for_byte(branch: Branch, exchange: Exchange) -> None:
    """CRD-10: the message to the payer's bank, as it was looked at once; again the same bytes."""
    for path in sorted(GOLDEN.glob("*.cr.ach")):
        deliver(exchange, path.name, path.read_bytes())
    branch.run(TUESDAY)
    (sent,) = answers(exchange)
    written_once = sent.read_bytes()
    assert written_once == (GOLDEN / "answer.ret.ach").read_bytes()
    sent.unlink()
    (exchange.archive("outbound") / sent.name).unlink()
    with branch.office() as office:
        office.connection.execute("update answer_file set state = 'sealed', released_at = null")
    branch.run(TUESDAY)
    assert sent.read_bytes() == written_once


def test_a_page_never_skips_what_is_told_beside_it(branch: Branch, exchange: Exchange) -> None:
    """Sequences have no gaps, so that a reader who keeps the last one misses nothing."""
    for number, day in enumerate((TUESDAY, WEDNESDAY)):
        entries = [entry(Push(amount_cents=place), place + 10 * number) for place in (1, 2, 3)]
        file = written([(batch(day), entries)], head=header(modifier="AB"[number]))
        deliver(exchange, f"{number}.cr.ach", file)
    branch.run(TUESDAY)
    assert [each.sequence for each in told(branch)] == [1, 2, 3]
    branch.run(WEDNESDAY)
    with branch.office() as office:
        page = credits.after(office.connection, 2, most=2)
    assert [each.sequence for each in page] == [3, 4]
