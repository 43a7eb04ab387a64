"""The one parser and renderer of fixed-column records."""

import pytest

from customhouse.formats.layout import Field, Kind, Layout, LayoutError, Reason

SAMPLE = Layout(
    "SAMPLE",
    "A record with one field of each sort",
    20,
    (
        Field("control_identifier", 1, 2, "AN", "M", constant="Q1"),
        Field("port", 3, 6, "N", "M"),
        Field("filler1", 7, 7, "S", "M"),
        Field("filer_code", 8, 10, "AN", "M"),
        Field("amount_cents", 11, 15, "N", "C"),
        Field("note", 16, 20, "X", "O"),
    ),
)
NACHA = Layout(
    "NACHA",
    "Nacha's two classes",
    10,
    (
        Field("record_type", 1, 1, "numeric", "M", constant="6"),
        Field("number", 2, 5, "numeric", "M"),
        Field("name", 6, 10, "alphanumeric", "R"),
    ),
)


def test_parse_gives_values_without_fillers_and_constants():
    values, faults = SAMPLE.parse("Q13901 B7600012A-B  ")
    assert faults == []
    assert values == {
        "port": "3901",
        "filer_code": "B76",
        "amount_cents": "00012",
        "note": "A-B",
    }


def test_conditional_number_may_be_blank_and_mandatory_one_may_not():
    values, faults = SAMPLE.parse("Q1     B76          ")
    assert values["amount_cents"] == ""
    assert [(f.field, f.column, f.reason) for f in faults] == [("port", 3, Reason.MISSING)]


def test_every_faulty_field_is_named_with_its_first_bad_column():
    _, faults = SAMPLE.parse("Q23A01xB7!0012     a")
    assert [(f.field, f.column, f.reason) for f in faults] == [
        ("control_identifier", 2, Reason.CONSTANT),
        ("port", 4, Reason.CHARACTERS),
        ("filler1", 7, Reason.FILLER),
        ("filer_code", 10, Reason.CHARACTERS),
        ("amount_cents", 15, Reason.CHARACTERS),
        ("note", 20, Reason.CHARACTERS),
    ]


@pytest.mark.parametrize("line", ["", "Q1", "Q13901 B7600012A-B   "])
def test_another_length_is_one_fault_of_the_record(line):
    values, faults = SAMPLE.parse(line)
    assert values == {}
    assert [f.reason for f in faults] == [Reason.LENGTH]


def test_render_justifies_and_fills():
    assert SAMPLE.render({"port": 7, "filer_code": "B76", "amount_cents": 12}) == (
        "Q10007 B7600012     "
    )
    assert NACHA.render({"number": "12", "name": "Ab c"}) == "60012Ab c "


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"port": 39011, "filer_code": "B76"}, "port holds 4 columns, got 5"),
        ({"port": 3901, "filer_code": "B761"}, "filer_code holds 3 columns"),
        ({"port": 3901, "filer_code": "b76"}, "filer_code: a character"),
        ({"port": 3901}, "filer_code: a mandatory field is blank"),
        ({"port": 3901, "filer_code": "B76", "amount_cents": -1}, "amount_cents: a character"),
        ({"port": 3901, "filer_code": "B76", "amont": 1}, "no field amont"),
        ({"port": 3901, "filer_code": "B76", "note": "é"}, "note: a character"),
    ],
)
def test_render_refuses_what_does_not_fit_and_never_truncates(values, words):
    with pytest.raises(LayoutError, match=words):
        SAMPLE.render(values)


def test_refusals_do_not_show_values():
    with pytest.raises(LayoutError) as caught:
        NACHA.render({"number": "123456789", "name": "Ab"})
    assert "123456789" not in str(caught.value)


def test_spaced_digits_need_one_digit_and_no_hole():
    layout = Layout("S", "", 4, (Field("amount", 1, 4, Kind.SPACED_DIGITS, "M"),))
    assert layout.parse("  12") == ({"amount": "  12"}, [])
    assert [f.reason for f in layout.parse("    ")[1]] == [Reason.MISSING]
    assert [f.reason for f in layout.parse("1 2 ")[1]] == [Reason.CHARACTERS]


@pytest.mark.parametrize(
    ("width", "fields"),
    [
        (3, (Field("a", 1, 1, "A", "M"), Field("b", 3, 3, "A", "M"))),
        (2, (Field("a", 1, 1, "A", "M"),)),
        (2, (Field("a", 1, 2, "A", "M", constant="X"),)),
        (2, (Field("a", 1, 1, "A", "M"), Field("a", 2, 2, "A", "M"))),
    ],
)
def test_a_layout_must_tile_its_columns(width, fields):
    with pytest.raises(LayoutError):
        Layout("BAD", "", width, fields)
