"""Accounting class codes by name, as a statement and everything made from it calls them.

Names only; which classes are duty, tax or fee is for the rules of the statement.
Source: CATAIR, AE table 6 (user fees) and EQ/ER JM note 1 (collection classes).
"""

from __future__ import annotations

# 012 and 013 are those of CBP Form 7501; a statement has fields of their own for them.
CLASS_NAMES = {
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
    "201": "Prior disclosure, unliquidated",
    "202": "Prior disclosure, liquidated",
    "311": "Informal entry fee",
    "496": "Dutiable mail fee",
    "499": "Merchandise processing fee",
    "500": "Manual entry surcharge",
    "501": "Harbor maintenance fee",
    "672": "Duty, Puerto Rico coffee",
    "944": "Interest at liquidation",
}


def class_name(class_code: str) -> str:
    """Name an accounting class; one that is not listed is a fee, as the chapter warns of more."""
    return CLASS_NAMES.get(class_code, "Fee")
