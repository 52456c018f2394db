"""The page of input rules says what the code does, and no text of a form is without a limit."""

import re
from collections.abc import Iterator
from pathlib import Path

from wtforms import StringField
from wtforms.fields.core import UnboundField
from wtforms.validators import AnyOf, EqualTo, Length, NumberRange, Regexp

from portal.app.application import factory
from portal.funding.agreements.forms import AmountField
from portal.platform.web.base_form import Form

ROOT = Path(factory.__file__).resolve().parents[3]
BOUNDS = (AnyOf, EqualTo, Length, NumberRange, Regexp)
# Read by a parser of their own, or compared with what the page showed and never stored.
PARSED = {
    *("NewPasswordForm.password", "ChangePasswordForm.password", "ArrangeForm.place", "BoardForm.move"),
    *("ScopeForm.back", "SessionEndForm.confirmed", "StartForm.first_day", "CloseSprintForm.planned_goal"),
    "EndOrReopenRoundForm.confirmed",
}
ORDERS = "vient après|vient avant|viennent après|venir après|[Ll]a somme des"
JUDGED = rf'RuleBroken\([^)]*_\("([^"]*(?:{ORDERS})[^"]*)"'


def rows() -> list[tuple[str, str]]:
    """(sentence, file) of each rule that judges several fields."""
    page = (ROOT / "docs/input-rules.md").read_text(encoding="utf-8")
    return re.findall(r"^\| [^|]+ \| « (.+?) » \| `(.+?)` \|$", page, re.MULTILINE)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def forms(base: type[Form] = Form) -> Iterator[type[Form]]:
    for form in base.__subclasses__():
        yield form
        yield from forms(form)


def unbounded(form: type[Form]) -> Iterator[str]:
    """Yield the text fields of a form that take any length."""
    for name in dir(form):
        field = getattr(form, name, None)
        if not isinstance(field, UnboundField) or not issubclass(field.field_class, StringField):
            continue
        given = [*field.args, *field.kwargs.values()]
        validators = [each for part in given if isinstance(part, list | tuple) for each in part]
        if not issubclass(field.field_class, AmountField) and not any(
            isinstance(v, BOUNDS) for v in validators
        ):
            yield f"{form.__name__}.{name}"


def test_every_text_of_a_form_has_a_limit():
    ours = [
        form for form in forms() if form.__module__.startswith("portal.") and "gallery" not in form.__module__
    ]
    assert len(ours) > 200
    assert {field for form in ours for field in unbounded(form)} - PARSED == set()


def test_a_text_without_a_limit_is_noticed():
    class LooseForm(Form):
        text = StringField("Texte", [])

    assert list(unbounded(LooseForm)) == ["LooseForm.text"]


def test_each_sentence_of_the_page_is_in_its_file():
    assert len(rows()) > 15
    for sentence, path in rows():
        assert sentence in plain((ROOT / path).read_text(encoding="utf-8")), sentence


def test_no_rule_about_an_order_or_a_sum_is_missing_on_the_page():
    listed = {sentence for sentence, _path in rows()}
    found = {
        plain(sentence)
        for path in (ROOT / "portal").rglob("*.py")
        for sentence in re.findall(JUDGED, path.read_text(encoding="utf-8"))
    }
    assert found
    assert found <= listed
