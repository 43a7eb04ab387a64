"""``customhouse credits file``, ``prenote`` and ``explain``: a payer's work without any server."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from customhouse.faults import Refused
from customhouse.formats import txp
from customhouse.formats.nacha_check import check_file
from customhouse.formats.nacha_file import read_items
from customhouse.formats.nacha_records import BatchHeader, Entry, FileHeader
from customhouse.trade.cli_credit_files import app
from customhouse.trade.client_payment_list import ListUnreadable, kind_of, read_list, read_payee

ACCOUNT = "990000000001"
CSV = """document_number,amount,settle_on,kind
3927328001,1046.08,2026-11-24,
39-27328 002,2500,2026-11-24,statement
39263280001,10.00,2026-11-25,bill
"""
# What instruct --json says, shortened.
HEAD = b"document_number,amount,settle_on\n"
ANSWER = {
    "business_date": "2026-11-23",
    "payer_identifier": "B76",
    "payee": {"name": "CUSTOMHOUSE", "routing": "123456780", "account": ACCOUNT},
    "documents": [
        {
            "document_number": "3927328001",
            "outcome": "ready",
            "kind": "statement",
            "amount_cents": 104608,
            "settle_on": "2026-11-24",
        },
        {
            "document_number": "3927328002",
            "outcome": "late",
            "kind": "statement",
            "amount_cents": 250000,
            "settle_on": "2026-11-24",
        },
    ],
}
BANK = (
    "--bank-routing",
    "010203046",
    "--company-id",
    "1123456789",
    "--company-name",
    "EXAMPLE HARBOR",
)


def run(*words: object) -> Result:
    """Run one command of the group in this process."""
    return CliRunner().invoke(app, [str(word) for word in words])


def refusal(result: Result) -> str:
    """Give the code of a refusal."""
    assert isinstance(result.exception, Refused), result.output
    return result.exception.faults[0].code


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a CSV list, an answer of instruct, and one of an enrolment."""
    (tmp_path / "list.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "answer.json").write_text(json.dumps(ANSWER), encoding="utf-8")
    payment = {"routing_number": "123456780", "account_number": ACCOUNT}
    (tmp_path / "enrolment.json").write_text(json.dumps({"payment": payment}), encoding="utf-8")
    return tmp_path


def _entries(path: Path) -> list[Entry]:
    with path.open("rb") as stream:
        return [item for item in read_items(stream) if isinstance(item, Entry)]


@pytest.mark.parametrize(("form", "entries"), [("CCD", 3), ("CTX", 2)])
def test_a_list_becomes_a_file_that_a_bank_takes(folder: Path, form: str, entries: int) -> None:
    path = folder / "pay.ach"
    given = ("--payer", "B76", "--payee", folder / "enrolment.json", "--created-on", "2026-11-23")
    result = run("file", folder / "list.csv", "-o", path, *given, *BANK, "--form", form)
    assert result.exit_code == 0, result.output
    assert ACCOUNT not in result.output
    assert "$3,556.08" in result.output
    assert list(check_file(io.BytesIO(path.read_bytes()))) == []
    assert len(_entries(path)) == entries
    assert run("explain", path).exit_code == 0


def test_the_answer_of_the_agency_is_a_list(folder: Path) -> None:
    path = folder / "pay.ach"
    assert run("file", folder / "answer.json", "-o", path, *BANK).exit_code == 0
    with path.open("rb") as stream:
        header, batch, *_ = read_items(stream)
    assert isinstance(header, FileHeader)
    assert isinstance(batch, BatchHeader)
    assert header.creation_date == date(2026, 11, 23)
    assert batch.effective_entry_date == date(2026, 11, 24)
    (entry,) = _entries(path)
    assert entry.remittance_text == "TXP*B76*90001*261124*3927328001*104608\\"
    run("file", folder / "answer.json", "-o", path, *BANK, "--late")
    assert [each.amount_cents for each in _entries(path)] == [104_608, 250_000]


def test_a_prenote_carries_no_money_and_an_addendum(folder: Path) -> None:
    path = folder / "prenote.ach"
    given = ("--settle-on", "2026-11-25", "--payee", folder / "enrolment.json", *BANK)
    assert run("prenote", "12-345678900", "-o", path, *given).exit_code == 0
    (entry,) = _entries(path)
    assert (entry.transaction_code, entry.amount_cents) == (24, 0)
    assert txp.read(entry.remittance_text).document_kind == "prenote"
    assert "no money" in run("explain", path).output


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("file", "list.csv", "-o", "x", *BANK), "payment-list-unreadable"),
        (("file", "list.csv", "-o", "x", "--payer", "B76", *BANK), "payee-missing"),
        (("file", "none.csv", "-o", "x", *BANK), "payment-list-unreadable"),
        (("file", "answer.json", "-o", "x", *BANK[:4]), "payment-file-not-ordered"),
        (("file", "answer.json", "-o", "x", *BANK, "--file-id", "a"), "payment-file-wrong"),
        (("file", "answer.json", "-o", "none/x", *BANK), "file-not-kept"),
        (("file", "answer.json", "-o", "x", *BANK, "--payee", "list.csv"), "payee-missing"),
        (("prenote", "B76", "-o", "x", "--settle-on", "2026-11-25", *BANK), "payee-missing"),
        (
            ("file", "answer.json", "-o", "x", *BANK, "--profile", "answer.json"),
            "payment-list-unreadable",
        ),
        (("explain", "none.ach"), "ach-file-unreadable"),
        (("explain", "list.csv"), "ach-file-not-shown"),
    ],
)
def test_what_cannot_be_done_is_refused_and_writes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: str
) -> None:
    monkeypatch.chdir(folder)
    assert refusal(run(*words)) == code
    assert not (folder / "x").exists()


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-11-28", "no banking day (Saturday); the next one is 2026-11-30"),
        ("2026-11-26", "no banking day (Thanksgiving Day); the next one is 2026-11-27"),
        ("2061-01-03", "it covers 2000 to 2060"),
    ],
)
def test_nothing_settles_on_a_day_on_which_banks_are_closed(
    folder: Path, day: str, why: str
) -> None:
    path, payee = folder / "x.ach", ("--payee", folder / "enrolment.json")
    prenote = run("prenote", "B76", "-o", path, "--settle-on", day, *payee, *BANK)
    assert refusal(prenote) == "payment-file-wrong"
    assert why in str(prenote.exception)
    (folder / "list.csv").write_text(CSV.replace("2026-11-25", day))
    paid = run("file", folder / "list.csv", "-o", path, "--payer", "B76", *payee, *BANK)
    assert refusal(paid) == "payment-list-unreadable"
    assert f"line 4: no payment settles on settle_on: {'' if day > '2060' else day}" in str(
        paid.exception
    )
    assert why in str(paid.exception)
    assert not path.exists()


def test_explain_tells_what_is_wrong_with_each_entry(folder: Path) -> None:
    path = folder / "pay.ach"
    run("file", folder / "answer.json", "-o", path, *BANK, "--late")
    text = path.read_text(encoding="ascii")
    text = text.replace("*104608\\ ", "*1046.08\\").replace("*250000\\", "*250001\\")
    path.write_text(text, encoding="ascii")
    result = run("explain", path)
    assert result.exit_code == 7
    assert "The amount '1046.08' is not cents in digits alone" in result.output
    assert "Its addenda come to $2,500.01, the entry to $2,500.00" in result.output
    assert ACCOUNT not in result.output


def test_explain_knows_an_entry_that_is_no_credit_or_has_no_addendum(folder: Path) -> None:
    golden = Path(__file__).parents[2] / "golden" / "ach" / "ccd_debits.ach"
    assert "no credit: the bank refuses it" in run("explain", golden).output
    bare = Path(__file__).parents[2] / "golden" / "ach" / "ctx_credits.ach"
    result = run("explain", bare)
    assert result.exit_code == 7
    assert "It has no addendum" in result.output


@pytest.mark.parametrize(
    ("number", "kind"),
    [("3927328001", "statement"), ("3927328AAAA", "bill"), ("B7603245278", "entry")],
)
def test_a_number_tells_what_it_is(number: str, kind: str) -> None:
    assert kind_of(number) == kind


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"\xff", "not UTF-8"),
        (CSV.encode() + CSV.splitlines()[1].encode(), "line 5: 3927328001 stands there twice"),
        (b"", "it is empty; its first line names the columns: document_number, amount"),
        (b"\n\r\n", "it is empty"),
        (b"document_number,amount,settle_on\n", "holds no payment"),
        (b"document_number,amount,settle_on\n\xff", "not UTF-8 at line 2"),
        (b"document_number;amount;settle_on\n", "line 1: its columns are separated by semicolons"),
        (b"\xef\xbb\xbf\r\na\tb\r\n", "line 2: its columns are separated by tabs"),
        (b"number,amount,settle_on\n", "line 1: 'number' is no column; expected: document_number"),
        (b"3927328001,1.00,2026-11-24\n", "line 1: '3927328001' is no column"),
        (b"document_number,amount\n", "line 1: the column settle_on is missing"),
        (b"document_number,settle_on,kind,kind\n", "the column kind stands there twice"),
        (b"document_number,settle_on\n", "line 1: one column says how much"),
        (HEAD + b"3927328001,1,046.08,2026-11-24\n", "line 2 has 4 columns, where .* names 3: an"),
        (HEAD + b'3927328001,"1,046.08",2026-11-24\n', "line 2: the amount '1,046.08' is not"),
        (HEAD + b"\n3927328001,1\n", "line 3: settle_on is missing"),
        (HEAD + b'3927328001,"1,2026-11-24\n', "line 2: unexpected end of data"),
        (b"{", "no JSON at line 1"),
        (b"[]", "list of documents"),
        (b'{"documents": [1]}', "list of documents"),
        (b'{"documents": [{"outcome": "refused"}]}', "document 1 was refused"),
        (b"document_number,amount,settle_on\n12345678901,1,2026-11-24\n", "a bill or an entry"),
        (b"document_number,amount,settle_on\nX,1,2026-11-24\n", "is no number"),
        (b"document_number,amount,settle_on\n3927328001,1.5,2026-11-24\n", "line 2: the amount"),
        (b"document_number,amount,settle_on\n3927328001,,2026-11-24\n", "amount is missing"),
        (b"document_number,amount,settle_on\n3927328001,1,24.11.2026\n", "'24.11.2026', no date"),
        (b"document_number,amount,settle_on\n3927328001,1,2026-02-30\n", "no day of the calendar"),
        (b"document_number,amount_cents,settle_on\n3927328001,-5,2026-11-24\n", "not whole cents"),
    ],
)
def test_a_list_that_cannot_be_read_says_where_and_why(raw: bytes, why: str) -> None:
    with pytest.raises(ListUnreadable, match=why):
        read_list(raw, payer="B76", with_late=False)


def test_a_csv_of_the_same_day_gives_the_bytes_of_the_answer(folder: Path) -> None:
    by_answer, by_list = folder / "a.ach", folder / "b.ach"
    run("file", folder / "answer.json", "-o", by_answer, *BANK)
    (folder / "list.csv").write_bytes(HEAD + b"3927328001,1046.08,2026-11-24\n")
    payee = ("--payee", folder / "answer.json")
    given = ("--payer", "B76", *payee, "--created-on", "2026-11-23")
    run("file", folder / "list.csv", "-o", by_list, *given, *BANK)
    assert by_list.read_bytes() == by_answer.read_bytes()


def test_late_payments_that_are_left_out_are_counted(folder: Path) -> None:
    said = run("file", folder / "answer.json", "-o", folder / "pay.ach", *BANK)
    assert "left out: 1 late payment, which --late puts in" in said.output
    late = ANSWER | {"documents": ANSWER["documents"][1:]}  # type: ignore[index]
    with pytest.raises(ListUnreadable, match="every payment in it is late: --late"):
        read_list(json.dumps(late).encode(), payer=None, with_late=False)


def test_a_list_as_a_spreadsheet_leaves_it_is_read() -> None:
    """A mark of the byte order, CR LF, blanks, blank lines and empty cells behind the last one."""
    lines = (
        "\ufeff",
        " Document_Number , Amount ,SETTLE_ON,,",
        "3927328001, 1046.08 ,2026-11-24,,",
        ",,,,",
        '"3927328002",2.00,2026-11-24',
    )
    listed = read_list("\r\n".join(lines).encode(), payer="B76", with_late=False)
    assert [each.amount_cents for each in listed.payments] == [104_608, 200]


def test_a_list_without_a_payer_says_what_to_give() -> None:
    with pytest.raises(ListUnreadable, match="give --payer"):
        read_list(CSV.encode(), payer=None, with_late=False)


def test_a_wrong_payer_is_told_in_one_sentence(folder: Path) -> None:
    given = ("--payer", "B7", "--payee", folder / "enrolment.json")
    result = run("file", folder / "list.csv", "-o", folder / "x", *given, *BANK)
    assert refusal(result) == "payment-file-wrong"
    assert ".." not in str(result.exception)


def test_an_empty_file_is_told_to_be_empty(folder: Path) -> None:
    (folder / "empty.ach").touch()
    result = run("explain", folder / "empty.ach")
    assert refusal(result) == "ach-file-not-shown"
    assert "to its end: the file is empty." in str(result.exception)


def test_a_payee_must_be_there() -> None:
    for raw in (b"{}", b"[]", b"x", b'{"payment": null}', b'{"payee": {"routing": 5}}'):
        with pytest.raises(ListUnreadable):
            read_payee(raw)


def test_a_bill_beside_its_statement_is_refused() -> None:
    """Both are one debt: what instruct said of each would pay it twice."""
    statement = ANSWER["documents"][0] | {"statement_number": "3927328001"}  # type: ignore[index]
    bill = statement | {"document_number": "39263280001", "kind": "bill"}
    raw = json.dumps(ANSWER | {"documents": [statement, bill]}).encode()
    with pytest.raises(ListUnreadable, match="document 2 pays statement 3927328001"):
        read_list(raw, payer=None, with_late=False)
