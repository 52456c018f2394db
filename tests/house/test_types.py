"""An answer says of which type it is, and its text in which encoding: `test_access` reads every route's."""

import pytest


def type_fault(declared: str, body: bytes) -> str:
    """What an answer does not say of its body: the type, and for text the encoding."""
    kind, _, parameters = declared.partition(";")
    if body and "/" not in kind:
        return "no type"
    is_text = kind.startswith("text/") or kind.endswith("+xml")
    return f"no encoding: {declared}" if is_text and "charset=utf-8" not in parameters.lower() else ""


@pytest.mark.parametrize(
    ("declared", "fault"),
    [
        ("", "no type"),
        ("text/html", "no encoding: text/html"),
        ("text/csv; charset=latin-1", "no encoding: text/csv; charset=latin-1"),
        ("text/calendar; charset=utf-8", ""),
        ("application/json", ""),
    ],
)
def test_an_answer_that_does_not_say_its_type_is_noticed(declared, fault):
    assert type_fault(declared, b"x") == fault
