"""Payers' mail goes out once: over a real SMTP line, and as files where no server is set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from functools import partial
from pathlib import Path

import pytest

from customhouse.agency import mail_sending, mail_servers, payer_notices, paying_parties
from customhouse.agency.mail import Mail, message_of
from customhouse.agency.mail_sending import Post, Sent, send_waiting
from customhouse.agency.payer_notices import NewPayerNotice
from customhouse.faults import Refused
from customhouse.settings import COLLECTION_ACCOUNT, COLLECTION_ROUTING
from tests.integration.agency.forms import approve, prenote
from tests.integration.agency.harbor import IMPORTER_X, IMPORTER_Y, MONDAY, Harbor
from tests.integration.agency.mail_server import MailHouse
from tests.integration.agency.test_credit_enrolment import take

SENDER = "notices@customhouse.example"
X, Y = "treasury@imports-x.example", "treasury@imports-y.example"


@pytest.fixture
def house() -> Iterator[MailHouse]:
    with MailHouse() as running:
        yield running


@pytest.fixture
def enrolled(harbor: Harbor) -> Harbor:
    """Give a harbor with two importers that chose mail; a mail of each waits."""
    approve(harbor)
    approve(harbor, importer_number=IMPORTER_Y, contact_email=Y)
    return harbor


def post_to(url: str | None, folder: Path = Path("unused")) -> Post:
    return Post(partial(mail_servers.session_of, url, folder), SENDER)


def send(harbor: Harbor, post: Post) -> Sent:
    return send_waiting(harbor.connect, post, harbor.clock)


def states(harbor: Harbor) -> list[tuple]:
    return harbor.rows("select address, state, attempts from payer_mail order by notice_id")


@pytest.mark.requirement("NOT-02")
def test_each_mail_is_sent_once_with_one_message_id(enrolled: Harbor, house: MailHouse) -> None:
    """A second and a third run send nothing again."""
    assert send(enrolled, post_to(house.url)) == Sent(sent=2)
    assert send(enrolled, post_to(house.url)) == Sent()
    take(enrolled, prenote(1))
    assert send(enrolled, post_to(house.url)) == Sent(sent=1)
    assert [each.recipient for each in house.taken] == [X, Y, X]
    assert {each.sender for each in house.taken} == {SENDER}
    ids = [each.message["Message-ID"] for each in house.taken]
    assert len(set(ids)) == 3
    assert re.fullmatch(r"<notice-\d+-\d+@customhouse\.example>", ids[0])
    first = house.taken[0].message
    assert first["Subject"] == "Your enrolment for ACH Credit is approved"
    assert first["Auto-Submitted"] == "auto-generated"


def test_no_mail_holds_an_account_or_anothers_data(enrolled: Harbor, house: MailHouse) -> None:
    """G11: the agency's own account is told with the enrolment alone."""
    send(enrolled, post_to(house.url))
    first, second = (each.message.as_string() for each in house.taken)
    for text in (first, second):
        assert COLLECTION_ACCOUNT not in text
        assert COLLECTION_ROUTING not in text
    assert IMPORTER_Y not in first
    assert IMPORTER_X not in second


@pytest.mark.requirement("NOT-02")
def test_a_mail_that_may_have_been_taken_is_not_sent_again(
    enrolled: Harbor, house: MailHouse
) -> None:
    """The line breaks behind the text: the mail is uncertain until an officer decides."""
    house.breaks_off_behind_text = True
    assert send(enrolled, post_to(house.url)) == Sent(uncertain=1, waiting=1, silent=True)
    house.breaks_off_behind_text = False
    assert send(enrolled, post_to(house.url)) == Sent(sent=1)
    assert [each.recipient for each in house.taken] == [X, Y]
    with enrolled.connect() as connection:
        (unsent,) = mail_sending.unsent(connection)
        assert (unsent.address, unsent.state) == (X, "uncertain")
        mail_sending.send_again(connection, unsent.notice_id)
        with pytest.raises(Refused) as refused:
            mail_sending.send_again(connection, unsent.notice_id)
    assert refused.value.faults[0].code == "mail-not-unsent"
    assert send(enrolled, post_to(house.url)) == Sent(sent=1)
    again, former = house.taken[2].message, house.taken[0].message
    assert again["Message-ID"] == former["Message-ID"]


def test_a_run_that_was_killed_while_sending_leaves_it_uncertain(
    enrolled: Harbor, house: MailHouse
) -> None:
    enrolled.rows("update payer_mail set state = 'sending' where address = %s returning 1", X)
    assert send(enrolled, post_to(house.url)) == Sent(sent=1, uncertain=1)
    assert [each.recipient for each in house.taken] == [Y]


def test_a_refused_address_is_seen_by_an_officer(enrolled: Harbor, house: MailHouse) -> None:
    house.recipients[X] = "550 no such mailbox"
    house.recipients[Y] = "451 try later"
    sent = send(enrolled, post_to(house.url))
    assert sent.in_words() == "0 mails sent, 1 REFUSED, 1 wait"
    assert states(enrolled) == [(X, "refused", 1), (Y, "waiting", 1)]
    with enrolled.connect() as connection:
        (unsent,) = mail_sending.unsent(connection)
    assert (unsent.address, unsent.detail) == (X, "550 no such mailbox")
    del house.recipients[Y]
    assert send(enrolled, post_to(house.url)) == Sent(sent=1)
    assert states(enrolled)[1] == (Y, "sent", 2)


def test_a_text_that_the_server_will_not_have_is_refused(
    enrolled: Harbor, house: MailHouse
) -> None:
    house.answer_to_text = "554 not that"
    assert send(enrolled, post_to(house.url)) == Sent(refused=2)


def test_mail_waits_while_no_server_answers(enrolled: Harbor, tmp_path: Path) -> None:
    with MailHouse() as house:
        gone = house.url
    sent = send(enrolled, post_to(gone))
    assert sent.in_words() == "0 mails sent, 2 wait: the mail server does not answer"
    assert states(enrolled) == [(X, "waiting", 0), (Y, "waiting", 0)]
    assert send(enrolled, post_to(None, tmp_path / "mail")) == Sent(sent=2)


def test_without_a_server_each_mail_is_a_file(enrolled: Harbor, tmp_path: Path) -> None:
    """One that was being written when the run was killed is written again: it is the same file."""
    folder = tmp_path / "mail"
    assert send(enrolled, post_to(None, folder)) == Sent(sent=2)
    files = sorted(folder.iterdir())
    assert {path.suffix for path in files} == {".eml"}
    found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
    assert sorted(each["To"] for each in found) == [X, Y]
    enrolled.rows("update payer_mail set state = 'sending', finished_at = null returning 1")
    assert send(enrolled, post_to(None, folder)) == Sent(sent=2)
    assert sorted(folder.iterdir()) == files


def test_nobody_sends_beside_a_run_that_sends(enrolled: Harbor, house: MailHouse) -> None:
    with enrolled.connect() as connection:
        connection.execute("select pg_advisory_lock(7304418831)")
        assert send(enrolled, post_to(house.url)) == Sent()
    assert house.taken == []


def test_what_a_notice_says_comes_whole(enrolled: Harbor, house: MailHouse) -> None:
    """Dots at the start of a line, line breaks and long lines do not end or cut the mail."""
    text = "First line.\n.\n..Bcc: x@y.example\n" + "long " * 200
    with enrolled.connect() as connection:
        party = paying_parties.of_identifier(connection, IMPORTER_X)
        notice = NewPayerNotice(party.party_id, "balance-due", text, "k", "3927329001")
        payer_notices.put(connection, [notice], created_on=MONDAY, clock=enrolled.clock)
    send(enrolled, post_to(house.url))
    message = house.taken[-1].message
    assert message["Subject"] == "A balance is due: 3927329001"
    assert message["Bcc"] is None
    body = message.get_content().replace("\r\n", "\n")
    assert body.startswith(text.rstrip())


@pytest.mark.parametrize("address", ["a@b.example\nBcc: c@d.example", "a b", "<a@b.example>"])
def test_an_address_that_breaks_a_header_makes_no_message(harbor: Harbor, address: str) -> None:
    mail = Mail(1, 2, address, "balance-due", None, "Text.", harbor.clock.now())
    with pytest.raises(ValueError, match="cannot stand"):
        message_of(mail, SENDER)
