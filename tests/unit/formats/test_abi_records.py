"""The record layouts of CATAIR: they tile 80 columns, and what is written can be read again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customhouse.formats.abi_conditions import NARRATIVES
from customhouse.formats.abi_records import LAYOUTS, OUR_LAYOUTS
from customhouse.formats.layout import Field, Layout

UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
TEXT = "".join(chr(code) for code in range(32, 127) if not chr(code).islower())


def test_all_47_records_and_2_of_ours_are_there_and_have_80_columns():
    assert len(LAYOUTS) == 47 + len(OUR_LAYOUTS)
    assert {"MO_QR", "MQ_QC"} == OUR_LAYOUTS
    assert {layout.width for layout in LAYOUTS.values()} == {80}


def test_names_are_in_the_style_of_the_code():
    for layout in LAYOUTS.values():
        for field in layout.fields:
            assert field.name == field.name.lower()
            assert field.name.isidentifier()


@pytest.mark.parametrize("code", sorted(NARRATIVES))
def test_every_narrative_fits_its_forty_columns(code):
    line = LAYOUTS["X1"].render(
        {"severity": "F", "condition_code": code, "narrative": NARRATIVES[code]}
    )
    assert LAYOUTS["X1"].parse(line)[0]["narrative"] == NARRATIVES[code]


def _texts(field: Field, characters: str) -> st.SearchStrategy[str]:
    minimum = 1 if field.designation == "M" else 0
    texts = st.text(characters, min_size=minimum, max_size=field.width).map(str.rstrip)
    return texts.filter(lambda text: len(text) >= minimum)


def _values(field: Field) -> st.SearchStrategy[str]:
    width = field.width
    digits = st.text(DIGITS, min_size=width, max_size=width)
    blank = st.just("")
    number = st.integers(0, 10**width - 1).map(str)
    if field.kind == "A":
        return _texts(field, UPPER + " ")
    if field.kind == "AN":
        return _texts(field, UPPER + DIGITS + " ")
    if field.kind == "X":
        return _texts(field, TEXT)
    if field.kind == "-N":
        signed = st.integers(1 - 10 ** (width - 1), 10**width - 1).map(lambda n: f"{n:{width}}")
        return st.one_of(blank, signed) if field.designation != "M" else signed
    if field.kind in {"D|S", "N|S"}:
        return st.one_of(blank, digits)
    assert field.kind in {"N", "D"}, field
    if field.designation == "M":
        return number.map(lambda text: text.zfill(width))
    return st.one_of(blank, digits)


def _records(layout: Layout) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({f.name: _values(f) for f in layout.fields if f.is_value})


@pytest.mark.parametrize("name", sorted(LAYOUTS))
@settings(max_examples=25)
@given(data=st.data())
def test_what_is_rendered_parses_to_the_same_values(name, data):
    layout = LAYOUTS[name]
    values = data.draw(_records(layout))
    line = layout.render(values)
    assert len(line) == 80
    assert layout.parse(line) == (values, [])


@pytest.mark.parametrize("name", sorted(LAYOUTS))
@settings(max_examples=25)
@given(line=st.text(max_size=85))
def test_no_text_makes_a_parser_raise(name, line):
    values, faults = LAYOUTS[name].parse(line)
    assert faults or LAYOUTS[name].render(values) == line
