"""From scheduled entries to a printed statement, its authorization and what the ledger says."""

from __future__ import annotations

from datetime import date

from customhouse.agency import outbox
from customhouse.agency.outbox import NewMessage
from customhouse.formats.abi_batch import read_answer
from customhouse.formats.abi_statement import from_block, totals_of
from tests.integration.agency.harbor import (
    BROKER,
    BROKER_UNIT,
    IMPORTER_X,
    IMPORTER_X_UNIT,
    IMPORTER_Y,
    MONDAY,
    OTHER_BROKER,
    PORT,
    TUESDAY,
    WEDNESDAY,
    Harbor,
    dispositions,
)

DUE_FOR_WEDNESDAY = "H3901B76  {entry}2112526"


def _statement(harbor: Harbor, filer: str = BROKER) -> tuple[str, int]:
    ((number, cents),) = harbor.rows(
        "select statement_number, total_cents from statement where filer_code = %s", filer
    )
    return number, cents


def _two_entries(harbor: Harbor) -> tuple[str, str]:
    first = harbor.entry(1, charges={"001": 100_000, "499": 3_358, "501": 1_250})
    second = harbor.entry(2, importer=IMPORTER_Y, charges={"001": 25_000, "499": 3_358})
    harbor.print()
    return first, second


def test_printed_statement_is_sent_and_adds_up(harbor: Harbor) -> None:
    """The PF batch holds every line, its totals are the sums, and a second run prints nothing."""
    _two_entries(harbor)
    again = harbor.print()
    assert again.statements == 0
    ((content,),) = harbor.rows("select content from abi_outbox where filer_code = 'B76'")
    batch = read_answer(content)
    statement = from_block(batch.blocks[0])
    assert (statement.status, statement.number, statement.port) == ("P", "3927328001", "3901")
    assert statement.preliminary == totals_of(statement.lines)
    assert statement.preliminary.amount_cents == 100_000 + 3_358 + 1_250 + 25_000 + 3_358
    assert harbor.violations() == []


def test_statements_go_by_port_filer_and_importer(harbor: Harbor) -> None:
    """Type 2 gathers a filer's entries of a port, type 3 those of one importer."""
    harbor.entry(1, charges={"001": 100})
    harbor.entry(2, charges={"001": 200}, port="3902")
    harbor.entry(3, charges={"001": 300}, payment_type="3")
    harbor.entry(4, charges={"001": 400}, payment_type="3", importer=IMPORTER_Y)
    harbor.entry(5, charges={"001": 500}, filer=OTHER_BROKER)
    harbor.print()
    rows = harbor.rows(
        "select filer_code, processing_port, payment_type, importer_number, total_cents,"
        " statement_number from statement order by statement_number"
    )
    assert [row[:5] for row in rows] == [
        ("B76", "3901", "2", None, 100),
        ("B76", "3901", "3", IMPORTER_X, 300),
        ("B76", "3901", "3", IMPORTER_Y, 400),
        ("B76", "3902", "2", None, 200),
        ("C08", "3901", "2", None, 500),
    ]
    assert [row[5] for row in rows] == [f"3927328{n:03}" for n in range(1, 6)]


def test_acceptance_posts_and_instructs_in_one_transaction(harbor: Harbor) -> None:
    """An accepted authorization is a pending transfer and an instruction of the same amount."""
    _two_entries(harbor)
    number, cents = _statement(harbor)
    assert dispositions(harbor.authorize(number, cents)) == ["D00"]
    ((kind, status, posted),) = harbor.rows("select kind, status::text, amount_cents from transfer")
    assert (kind, status, posted) == (1, "pending", cents)
    ((body,),) = harbor.rows("select body from bank_outbox")
    assert body["amount_cents"] == cents
    assert body["debit_on"] == "2026-11-27", "two banking days behind Tuesday, over Thanksgiving"
    assert harbor.violations() == []


def test_every_fault_of_an_authorization_is_answered(harbor: Harbor) -> None:
    """A wrong one gets all its faults and changes nothing; a right one beside it goes through."""
    _two_entries(harbor)
    harbor.entry(9, filer=BROKER, charges={"001": 700}, print_date=WEDNESDAY)
    harbor.print(WEDNESDAY)
    rows = harbor.rows("select statement_number, total_cents from statement order by 1")
    (first, first_cents), (second, second_cents) = rows
    wrong = f"PT{IMPORTER_X_UNIT}01B76 {first}{first_cents + 1:010}"
    right = f"PT{BROKER_UNIT}02B76 {second}{second_cents:010}"
    answer = harbor.send(harbor.batch("RM", [wrong, right])).answer
    assert dispositions(answer) == ["D09", "D06", "D04", "998", "D00"]
    assert f"AMT {first_cents + 1:010} NOT STMT TOTAL {first_cents:010}" in answer
    assert harbor.rows("select statement_number from authorization_attempt") == [(second,)]


def test_somebody_elses_statement_is_as_unknown_as_no_statement(harbor: Harbor) -> None:
    """A7: the refusal does not tell whether the statement exists."""
    _two_entries(harbor)
    number, cents = _statement(harbor)
    real = harbor.authorize(number, cents, filer=OTHER_BROKER, unit="300001")
    unknown = harbor.authorize("3927328999", cents, filer=OTHER_BROKER, unit="300001")
    assert real.replace(number, "3927328999") == unknown
    assert dispositions(real) == ["D05", "D01", "998"]


def test_identical_batch_is_not_done_twice(harbor: Harbor) -> None:
    """Without a key: accepted again, done once; as another batch: refused as already authorized."""
    _two_entries(harbor)
    number, cents = _statement(harbor)
    first = harbor.authorize(number, cents)
    assert harbor.authorize(number, cents) == first
    other = harbor.batch("RM", [f"PT{BROKER_UNIT}02B76 {number}{cents:010}"]).replace(
        f"{'A3901B76':8}", "A3901B76"
    )
    changed = other[:59] + "SECOND TRY           " + other[80:]
    assert dispositions(harbor.send(changed).answer) == ["D03", "998"]
    assert dispositions(harbor.send(other, key="k2").answer) == ["D03", "998"]
    assert len(harbor.rows("select 1 from authorization_attempt")) == 1


def test_entry_moves_and_the_new_total_is_told_at_once(harbor: Harbor) -> None:
    """DEB-03: the answer gives the new total; the entry waits for its new day."""
    first, second = _two_entries(harbor)
    number, cents = _statement(harbor)
    record = f"H3901B76  {second}2112526"
    answer = harbor.send(harbor.batch("SU", [record])).answer
    assert dispositions(answer) == ["P12"]
    (line,) = [line for line in answer.splitlines() if line.startswith("H3")]
    assert (line[19:29], int(line[29:40])) == (number, cents - 28_358)
    assert _statement(harbor) == (number, cents - 28_358)
    harbor.print(WEDNESDAY)
    assert harbor.rows(
        "select statement_number from entry_summary where entry_number = %s", second
    ) == [("3927329001",)]
    assert harbor.violations() == []
    del first


def test_emptied_statement_is_cancelled(harbor: Harbor) -> None:
    """Both entries deleted in one batch: totals run down to zero and nothing can be authorized."""
    first, second = _two_entries(harbor)
    number, _ = _statement(harbor)
    records = [f"H3901B76  {entry}1" for entry in (first, second)]
    answer = harbor.send(harbor.batch("SU", records)).answer
    totals = [int(line[29:40]) for line in answer.splitlines() if line.startswith("H3")]
    assert totals == [28_358, 0]
    assert harbor.rows("select state, total_cents from statement") == [("cancelled", 0)]
    assert dispositions(harbor.authorize(number, 0)) == ["D02", "998"]
    assert harbor.violations() == []


def test_deletion_after_authorization_is_refused(harbor: Harbor) -> None:
    """A5: once authorized the total stands."""
    first, _ = _two_entries(harbor)
    number, cents = _statement(harbor)
    harbor.authorize(number, cents)
    answer = harbor.send(harbor.batch("SU", [f"H3901B76  {first}1"])).answer
    assert dispositions(answer) == ["P02"]
    assert _statement(harbor) == (number, cents)


def test_importer_unit_pays_only_its_own_importer(harbor: Harbor) -> None:
    """SEC-06: X's unit pays X's statement and not a mixed one."""
    harbor.entry(1, charges={"001": 100}, payment_type="3")
    harbor.entry(2, charges={"001": 200}, payment_type="3", importer=IMPORTER_Y)
    harbor.print()
    rows = dict(harbor.rows("select importer_number, statement_number from statement"))
    assert dispositions(harbor.authorize(rows[IMPORTER_X], 100, unit=IMPORTER_X_UNIT)) == ["D00"]
    refused = harbor.authorize(rows[IMPORTER_Y], 200, unit=IMPORTER_X_UNIT)
    assert dispositions(refused) == ["D06", "998"]
    ((payer, name),) = harbor.rows(
        "select t.payer_id, p.name from transfer t join party p on p.id = t.payer_id"
    )
    assert name == "Fictitious Imports X", payer


def test_closed_day_refuses_and_changes_nothing(harbor: Harbor) -> None:
    """While a day is closed each item is told to come again."""
    _two_entries(harbor)
    number, cents = _statement(harbor)
    with harbor.connect() as connection:
        connection.execute("update business_day set closed_at = opened_at")
    text = harbor.batch("RM", [f"PT{BROKER_UNIT}02B76 {number}{cents:010}"])
    assert dispositions(harbor.send(text, key="one-key").answer) == ["D14", "998"]
    assert harbor.rows("select 1 from authorization_attempt") == []
    harbor.open(WEDNESDAY)
    assert dispositions(harbor.send(text, key="one-key").answer) == ["D00"]


def test_odd_port_of_an_update_is_answered_and_spoils_no_other(harbor: Harbor) -> None:
    odd = harbor.entry(1, charges={"001": 10_000})
    good = harbor.entry(2, charges={"001": 2_000})
    harbor.print()
    records = [f"H39A1{BROKER}  {odd}1", f"H    {BROKER}  {odd}1", f"H{PORT}{BROKER}  {good}1"]
    answer = harbor.send(harbor.batch("SU", records)).answer
    assert dispositions(answer) == ["P17", "P17", "P12"]
    assert all(len(line) == 80 for line in answer.splitlines())
    assert harbor.rows("select total_cents from statement") == [(10_000,)]
    assert harbor.violations() == []


def test_statement_numbers_differ_at_both_ends_of_a_leap_fiscal_year(harbor: Harbor) -> None:
    # 1 October 2031 and 30 September 2032 are both day 274 of fiscal year 32.
    first, last = date(2031, 10, 1), date(2032, 9, 30)
    harbor.entry(1, charges={"001": 100}, print_date=first)
    harbor.print(first)
    harbor.entry(2, charges={"001": 100}, print_date=last)
    assert harbor.print(last).statements == 1
    numbers = harbor.rows("select statement_number from statement order by 1")
    assert numbers == [("3932274001",), ("3932274002",)]


def test_filer_that_cannot_be_printed_keeps_nobody_back(harbor: Harbor) -> None:
    """B10: a name that no record can hold stands in for whatever a filer's rows may hold."""
    harbor.entry(1, charges={"001": 100})
    harbor.entry(1, filer=OTHER_BROKER, charges={"001": 200})
    with harbor.connect() as connection:
        query = "update entry_summary set broker_reference = %s where filer_code = 'B76'"
        connection.execute(query, ("\u00e9",))
    run = harbor.print()
    assert (run.statements, run.total_cents) == (1, 200)
    assert run.failed == (f"{BROKER} (LayoutError)",)
    assert harbor.rows("select filer_code from statement") == [(OTHER_BROKER,)]
    with harbor.connect() as connection:
        connection.execute(query, ("REF1",))
    assert harbor.print_again().statements == 1


def test_filer_whose_entry_is_held_waits_for_the_next_run(harbor: Harbor) -> None:
    harbor.entry(1, charges={"001": 100})
    harbor.entry(1, filer=OTHER_BROKER, charges={"001": 200})
    with harbor.connect() as holder:
        holder.execute("select from entry_summary where filer_code = 'B76' for update")
        run = harbor.print()
    assert (run.total_cents, run.failed) == (200, (f"{BROKER} (LockNotAvailable)",))
    assert harbor.print_again().total_cents == 100
    assert harbor.violations() == []


def test_listing_of_the_outbox_is_bounded_by_bytes(harbor: Harbor) -> None:
    sender_id = harbor.senders[BROKER].sender_id
    long, short = "A" * 5_000_000, "B" * 80
    messages = [
        NewMessage(sender_id, BROKER, "PF", reason="test", natural_key=key, content=content)
        for key, content in (("1", long), ("2", long), ("3", long), ("4", short))
    ]
    with harbor.connect() as connection:
        outbox.put_messages(connection, messages, created_on=MONDAY, clock=harbor.clock)
        assert len(outbox.waiting(connection, sender_id)) == 2
        for message in outbox.waiting(connection, sender_id):
            outbox.acknowledge(connection, sender_id, message.message_id, harbor.clock)
        assert [m.content for m in outbox.waiting(connection, sender_id)] == [long, short]


def test_dates_of_the_harbor() -> None:
    """The days the tests stand on follow each other."""
    assert (TUESDAY - MONDAY).days == (WEDNESDAY - TUESDAY).days == 1


def test_blocks_of_two_filers_are_answered_in_their_own_order(harbor: Harbor) -> None:
    """One sender for two filers, blocks in turn: each block has its own answers, counted anew."""
    harbor.entry(1, charges={"001": 100})
    harbor.entry(1, charges={"001": 200}, filer=OTHER_BROKER)
    harbor.print()
    numbers = dict(harbor.rows("select filer_code, statement_number from statement"))
    with harbor.connect() as connection:
        connection.execute(
            "insert into sender_filer values (%s, %s, false)",
            (harbor.senders[BROKER].sender_id, OTHER_BROKER),
        )
    harbor.renew_sender(BROKER)
    blocks = []
    for filer, unit in ((BROKER, BROKER_UNIT), (OTHER_BROKER, "999999"), (BROKER, BROKER_UNIT)):
        record = f"PT{unit}02{filer} {numbers[filer]}{100:010}"
        blocks += [f"B  3901{filer}RM", record, record, f"Y  3901{filer}RM"]
    text = harbor.batch("RM", ["PLACE"])
    start, end = text.splitlines()[0], text.splitlines()[-1]
    batch = "".join(f"{line:80}\n" for line in (start, *blocks, end))
    answer = harbor.send(batch).answer
    lines = answer.splitlines()
    occurrences = [int(line[10:16]) for line in lines if line.startswith("E0")]
    assert occurrences == [1, 2, 1, 2, 1, 2]
    accepted, refused = ["D00", "D03", "998"], ["D05", "D04", "998"] * 2
    assert dispositions(answer) == [*accepted, *refused, "D03", "998", "D03", "998"]
    assert harbor.violations() == []


def test_wrong_password_does_not_use_up_the_key(harbor: Harbor) -> None:
    """Rejected for the password, then sent right with the same key: it is judged."""
    _two_entries(harbor)
    number, cents = _statement(harbor)
    right = harbor.batch("RM", [f"PT{BROKER_UNIT}02B76 {number}{cents:010}"])
    wrong = f"{right[:8]}WRONG1{right[14:]}"
    rejected = harbor.send(wrong, key="one-key")
    assert rejected.rejected
    assert "X09" in rejected.answer
    assert dispositions(harbor.send(right, key="one-key").answer) == ["D00"]
