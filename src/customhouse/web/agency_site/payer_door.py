"""Who asks, at the doors of payers: an importer with its own token, or a filer's sender.

Every router of payers uses both parts::

    router = Router(auth=PayerToken(), tags=["..."])

    @router.get("/...")
    def view(request):
        payer = paying_party(request)  # PayingParty(party_id, kind, filer_code, importer_number)

A sender that transmits for several filers says which one pays: ``?filer_code=B76``. What a payer
may see is its view's query to say; another payer's thing and an unknown one are the same fault.
"""

from __future__ import annotations

import time
from typing import Any, Final

from django.http import HttpRequest
from ninja.security import HttpBearer

from customhouse.agency import parties, paying_parties
from customhouse.agency.parties import Sender
from customhouse.agency.paying_parties import PayingParty
from customhouse.faults import Fault, Refused, declare
from customhouse.web.agency_site import doors
from customhouse.web.agency_site.wrong_tokens import WrongTokens

TOKEN_TRIED_TOO_OFTEN = declare(
    "token-tried-too-often",
    sentence="Too many wrong tokens came from your address within a minute.",
    next_step="Wait a minute, then use the token that was given to you.",
    http_status=429,
)


_wrong_tokens: Final = WrongTokens()


class PayerToken(HttpBearer):
    """Knows an importer by its own token, or a sender by its token."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Give the PayingParty or the Sender whose token this is, or None.

        Raises Refused (token-tried-too-often).
        """
        address = str(request.META.get("REMOTE_ADDR", ""))
        if _wrong_tokens.refuses(address, token, now=time.monotonic()):
            raise Refused(Fault(TOKEN_TRIED_TOO_OFTEN))
        with doors.reading() as connection:
            found: PayingParty | Sender | None = paying_parties.of_token(connection, token)
            if found is None:
                found = parties.sender_by_token(connection, token)
        if found is None:
            _wrong_tokens.was_wrong(address, token, now=time.monotonic())
            return None
        _wrong_tokens.was_right(token)
        known_as = (
            {"payer": found.party_id}
            if isinstance(found, PayingParty)
            else {"sender": found.sender_id}
        )
        request.log_data = known_as  # type: ignore[attr-defined]
        return found


def paying_party(request: HttpRequest) -> PayingParty:
    """Give the payer of a request that PayerToken let in.

    Raises Refused: paying-filer-unclear where a sender has several filers and names none in
    ``?filer_code=``, payer-not-found where it names one that is not its own.
    """
    known = request.auth  # type: ignore[attr-defined]
    if isinstance(known, PayingParty):
        return known
    asked = request.GET.get("filer_code")
    with doors.reading() as connection:
        return paying_parties.of_filers(connection, known.filer_codes, asked=asked)
