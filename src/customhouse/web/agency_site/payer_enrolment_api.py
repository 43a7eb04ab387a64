"""``/api/v1/credit-enrolments``: join ACH Credit, change what was told, see how it stands (CRD-12).

A filer's sender files for its filers, and for an importer that has no token yet; an importer
changes its own enrolment with its own token. Where to push money is told to enrolled payers only.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from customhouse.agency import credit_enrolment_commands, credit_enrolment_views
from customhouse.agency.credit_enrolment_document import (
    LARGEST_BYTES,
    CollectionAccount,
    read_form,
    spelled,
    spelled_filing,
)
from customhouse.agency.credit_enrolments import (
    BY_THE_PAYER,
    EnrolmentForm,
    FiledBy,
    form_faults,
)
from customhouse.agency.paying_parties import PayingParty, payer_not_found
from customhouse.faults import Refused
from customhouse.web.agency_site import doors
from customhouse.web.agency_site.json_door import json_body
from customhouse.web.agency_site.payer_door import PayerToken, paying_party

router = Router(auth=PayerToken(), tags=["payer"])


@router.post("", response=None, summary="File the form to join ACH Credit, or to change it")
def file_form(request: HttpRequest) -> HttpResponse:
    """Take a form; the answer holds its number. Sent again while it is open, it is the same one."""
    _, body = json_body(request, LARGEST_BYTES)
    form = read_form(body)
    found = form_faults(form)
    if found:
        raise Refused(*found)
    _require_own(request, form)
    filed_by = _filed_by(request)
    with doors.connection() as connection:
        clock = doors.clock(connection)
        number = credit_enrolment_commands.file_form(
            connection, form, filed_by=filed_by, clock=clock
        )
    return JsonResponse({"application_number": number, "state": "received"}, status=201)


@router.get("", response=None, summary="See how your enrolment stands")
def enrolment(request: HttpRequest) -> HttpResponse:
    """Tell the payer's enrolment, and once it is approved where to push money and how."""
    payer = paying_party(request)
    settings = doors.settings()
    where = CollectionAccount(
        settings.collection_routing, settings.collection_account, settings.txp_profile
    )
    with doors.reading() as connection:
        found = credit_enrolment_views.enrolment_of(connection, payer)
    return JsonResponse(spelled(found, where))


@router.get("/{application_number}", response=None, summary="See how a form stands that you filed")
def form(request: HttpRequest, application_number: str) -> HttpResponse:
    """Tell the sender that filed a form how it stands; nothing of the payer's account."""
    known = request.auth  # type: ignore[attr-defined]
    sender_id = 0 if isinstance(known, PayingParty) else known.sender_id
    with doors.reading() as connection:
        found = credit_enrolment_views.form_of_sender(connection, application_number, sender_id)
    decided_on = found.decided_on
    return JsonResponse(
        {
            "application_number": found.application_number,
            "purpose": found.purpose,
            "state": found.state,
            "payer_identifier": found.payer_identifier,
            "received_on": found.received_on.isoformat(),
            "decided_on": None if decided_on is None else decided_on.isoformat(),
            "reason": found.reason,
            "filed_by": spelled_filing(found.filed_by),
        }
    )


def _filed_by(request: HttpRequest) -> FiledBy:
    known = request.auth  # type: ignore[attr-defined]
    if isinstance(known, PayingParty):
        return BY_THE_PAYER
    return FiledBy("sender", known.sender_id, known.filer_codes)


def _require_own(request: HttpRequest, form: EnrolmentForm) -> None:
    """Refuse (payer-not-found) what is not the asker's to file: the same as for an unknown payer.

    A sender may file for an importer that joins for the first time; a change of an importer's
    contact comes from the importer itself.
    """
    known = request.auth  # type: ignore[attr-defined]
    payer = form.payer_identifier
    if isinstance(known, PayingParty):
        is_own = payer == known.identifier
    elif form.filer_code is not None:
        is_own = payer in known.filer_codes
    else:
        is_own = form.purpose == "new"
    if not is_own:
        raise payer_not_found(payer)
