"""The mail of a payer's notice: one message, one Message-ID, plain text (NOT-02).

It holds the notice and how to read on, no account number, no whole social security number and
nothing of anybody else. To whom it goes and whether it went are not known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

SUBJECTS: Final = {
    "enrolment-approved": "Your enrolment for ACH Credit is approved",
    "enrolment-changed": "Your enrolment for ACH Credit was changed",
    "enrolment-refused": "Your form for ACH Credit was refused",
    "enrolment-removed": "You are removed from ACH Credit",
    "contact-changed": "The contact of your enrolment was changed",
    "token-renewed": "Your token was renewed",
    "token-revoked": "Your token was revoked",
    "prenote-accepted": "Your zero-dollar entry was accepted",
    "prenote-refused": "Your zero-dollar entry was not accepted",
    "credit-unmatched": "A payment of yours could not be applied",
    "credit-question": "A payment of yours is asked about",
    "credit-refundable": "Money is owed back to you",
    "credit-returned": "A payment of yours goes back to your bank",
    "balance-due": "A balance is due",
    "claim-withdrawn": "Money that was owed back pays its statement",
    "statement-reopened": "A statement is to be paid anew",
    "statement-due": "A statement is to be paid",
    "statement-changed": "A statement to be paid was changed",
    "statement-cancelled": "A statement need not be paid any more",
}
# A social security number may be a payer's identifier; its inbox shows it, a mail does not.
_SOCIAL_SECURITY: Final = re.compile(
    r"(?<![0-9-])[0-9]{3}-[0-9]{2}-(?=[0-9]{4}(?![0-9]))", re.ASCII
)
OTHER_SUBJECT: Final = "Notice about your payments by ACH Credit"
FOOTER: Final = (
    "This and earlier notices are in your inbox: customhouse credits notices.\n"
    "Nobody reads answers to this mail."
)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that waits: whose notice it tells, and to which address it goes."""

    payer_party_id: int
    notice_id: int
    address: str
    kind: str
    statement_number: str | None
    text: str
    created_at: datetime

    @property
    def local_id(self) -> str:
        """Give what is before the @ of the Message-ID: the same at every attempt."""
        return f"notice-{self.payer_party_id}-{self.notice_id}"


def message_of(mail: Mail, sender: str) -> EmailMessage:
    """Give the message; ``sender`` is the address from which it comes.

    Raises ValueError where an address cannot stand in a header.
    """
    try:
        recipient = Address(addr_spec=mail.address)
    except (HeaderParseError, IndexError, ValueError):
        raise ValueError("the address cannot stand in a header") from None
    given_by = Address(display_name="Customhouse", addr_spec=sender)
    subject = SUBJECTS.get(mail.kind, OTHER_SUBJECT)
    if mail.statement_number is not None:
        subject = f"{subject}: {mail.statement_number}"
    message = EmailMessage(policy=SMTP)
    message["From"] = given_by
    message["To"] = recipient
    message["Subject"] = subject
    message["Date"] = mail.created_at
    message["Message-ID"] = f"<{mail.local_id}@{given_by.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    text = _SOCIAL_SECURITY.sub("***-**-", mail.text)
    message.set_content(f"{text}\n\n-- \n{FOOTER}\n")
    return message
