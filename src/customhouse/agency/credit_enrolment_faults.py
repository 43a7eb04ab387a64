"""What an enrolment for ACH Credit can be refused for, and what its commands refuse."""

from __future__ import annotations

from customhouse.faults import declare

ENROLMENT_MEMBERS_WRONG = declare(
    "enrolment-members-wrong",
    sentence="The form is not one JSON object with these members: {expected}; {seen}.",
    next_step="Add what is missing and leave out the rest.",
)
ENROLMENT_FIELD_WRONG = declare(
    "enrolment-field-wrong",
    sentence="The {field} of the form is {seen}, which is not {expected}.",
    next_step="Correct the {field}, then file the form again.",
)
ENROLMENT_PAYER_UNCLEAR = declare(
    "enrolment-payer-unclear",
    sentence="The form needs exactly one payer, a filer or an importer.",
    next_step="Give filer_code where a broker pays, else importer_number.",
)
ENROLMENT_OPEN = declare(
    "enrolment-open",
    sentence="Form {application_number} of {payer}, received {received_on}, is not decided yet.",
    next_step="Wait for its decision; a payer has one open form at a time.",
    http_status=409,
)
ENROLMENT_EXISTS = declare(
    "enrolment-exists",
    sentence="{payer} has an enrolment already; it is {state}.",
    next_step="File the form with the purpose change.",
    http_status=409,
)
ENROLMENT_OTHER_SUFFIX = declare(
    "enrolment-other-suffix",
    sentence="{payer} has joined with another suffix already, which counts for all of them.",
    next_step="Change that enrolment; of several suffixes give the one used most.",
    http_status=409,
)
# Also for a payer that is not registered: nobody learns from it what there is of somebody else.
ENROLMENT_FORM_NOT_TAKEN = declare(
    "enrolment-form-not-taken",
    sentence="No form of yours is taken for {payer}.",
    next_step="Check the number. If it is right, ask the payer or us: it sees what is on file.",
    http_status=409,
)
ENROLMENT_MISSING = declare(
    "enrolment-missing",
    sentence="{payer} has no enrolment that could be changed; it is {state}.",
    next_step="File the form with the purpose new.",
    http_status=409,
)
ENROLMENT_FORM_UNKNOWN = declare(
    "enrolment-form-unknown",
    sentence="There is no form {application_number}.",
    next_step="List the forms: customhouse credits enrolments list.",
    http_status=404,
)
ENROLMENT_FORM_DECIDED = declare(
    "enrolment-form-decided",
    sentence="Form {application_number} is {state}; only one that is received can be decided.",
    next_step="See how it stands: customhouse credits enrolments list --all.",
    http_status=409,
)
ENROLMENT_NOT_REMOVABLE = declare(
    "enrolment-not-removable",
    sentence="The enrolment of {payer} is {state}; only one that is approved or active is removed.",
    next_step="See how it stands: customhouse credits enrolments show {payer}.",
    http_status=409,
)
PAYER_IS_A_FILER = declare(
    "payer-is-a-filer",
    sentence="{payer} is a filer, whose sender's token is its token as a payer.",
    next_step="Renew that one: customhouse parties renew.",
    http_status=409,
)
PAYER_TOKEN_NOT_THERE = declare(
    "payer-token-not-there",
    sentence="{payer} has no token that could be revoked.",
    next_step="See who took it away, and when: customhouse credits token history {payer}.",
    http_status=409,
)
ENROLMENT_FILER_STRANGE = declare(
    "enrolment-filer-strange",
    sentence="Form {application_number} was not approved: {warning}",
    next_step="When the payer has confirmed the form, approve it again with --confirmed.",
    http_status=409,
)
PAYER_TOKEN_FILE_MISSING = declare(
    "payer-token-file-missing",
    sentence="{payer} is an importer and gets a token, but there is no file for it.",
    next_step="Name a new file: --credentials FILE.",
    exit_code=2,
)
