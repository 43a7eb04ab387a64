"""What a payer's mail says, and what it keeps to itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from customhouse.agency.mail import SUBJECTS, Mail, message_of

AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def mail(text: str = "Text.", kind: str = "balance-due") -> Mail:
    return Mail(7, 12, "treasury@payer.example", kind, "3927329001", text, AT)


def test_headers() -> None:
    message = message_of(mail(), "notices@customhouse.example")
    assert message["From"] == "Customhouse <notices@customhouse.example>"
    assert message["To"] == "treasury@payer.example"
    assert message["Message-ID"] == "<notice-7-12@customhouse.example>"
    assert message["Date"] == "Mon, 23 Nov 2026 14:00:00 +0000"
    assert message["Subject"] == f"{SUBJECTS['balance-due']}: 3927329001"


def test_a_kind_without_a_subject_of_its_own_has_one() -> None:
    assert message_of(mail(kind="something-new"), "a@b.example")["Subject"]


def test_the_same_mail_has_the_same_bytes() -> None:
    """So that the same mail written again is the same file."""
    assert (
        message_of(mail(), "a@b.example").as_bytes() == message_of(mail(), "a@b.example").as_bytes()
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("names you as 123-45-6789.", "names you as ***-**-6789."),
        ("payer 12-345678900 and 123456-12345", "payer 12-345678900 and 123456-12345"),
        ("collected on 2026-11-23", "collected on 2026-11-23"),
    ],
)
def test_a_social_security_number_is_not_mailed_whole(text: str, told: str) -> None:
    assert told in message_of(mail(text), "a@b.example").get_content()
