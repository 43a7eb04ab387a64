"""Plain words for codes that a filer meets on the pages: charges and returned debits.

Codes that are not listed are shown as they are, never hidden. Decides nothing.
"""

from __future__ import annotations

from customhouse.formats.return_codes import RETURN_CODES

# Accounting class codes, CATAIR daily statement; 012 and 013 as on CBP Form 7501.
CHARGE_CLASSES = {
    "001": "Duty",
    "012": "Antidumping duty",
    "013": "Countervailing duty",
    "016": "Tax, distilled spirits",
    "017": "Tax, wine",
    "018": "Tax, tobacco",
    "022": "Tax, other",
    "044": "Interest",
    "053": "Beef fee",
    "054": "Pork fee",
    "055": "Honey fee",
    "056": "Cotton fee",
    "057": "Raspberry fee",
    "079": "Sugar fee",
    "090": "Potato fee",
    "102": "Lime fee",
    "103": "Mushroom fee",
    "104": "Watermelon fee",
    "105": "Softwood lumber fee",
    "106": "Blueberry fee",
    "107": "Avocado fee",
    "108": "Mango fee",
    "109": "Sorghum fee",
    "110": "Dairy product fee",
    "124": "Pecan fee",
    "125": "Christmas tree fee",
    "311": "Informal entry fee",
    "496": "Dutiable mail fee",
    "499": "Merchandise processing fee",
    "500": "Manual entry surcharge",
    "501": "Harbor maintenance fee",
    "672": "Duty, Puerto Rico coffee",
}

# What the payer's people can do about a return reason.
WHAT_TO_DO = {
    "R01": "Put the whole amount in the account, then authorize again.",
    "R08": "Have the stop taken off, then authorize again.",
    "R09": "Wait until the money is collected, then authorize again.",
    "R29": "Have the payer's bank let our debits through, then authorize again.",
}

WHAT_TO_DO_WHEN_REFUSED = "Settle it with the processor bank, then authorize again."


def charge_class(class_code: str) -> str:
    """Name an accounting class; one that is not listed is a fee."""
    return CHARGE_CLASSES.get(class_code, "Fee")


def return_reason(code: str) -> str:
    """Say in a sentence why the payer's bank returned a debit, in the words of the notice."""
    known = RETURN_CODES.get(code)
    return known.meaning if known is not None else "The payer's bank returned the debit."


def what_to_do(code: str) -> str:
    """Say in a sentence what to do about a returned debit."""
    return WHAT_TO_DO.get(code, "Settle it with the payer's bank, then authorize again.")
