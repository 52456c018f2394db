"""White space sent for a select or radio field is no choice, never passed on."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional

from portal.platform.kernel.access import Role
from portal.platform.web.base_form import Form, build_choices_from_pairs, enum_coercer
from tests.support import factories as make

BLANKS = [" ", "\t", "\u00a0", "\u3000", " \n"]
CHOICES = build_choices_from_pairs([("", "Aucun"), ("a", "A")])


class ChoiceForm(Form):
    optional = SelectField("1", [Optional()], choices=CHOICES)
    unchecked = SelectField("2", [Optional()], choices=CHOICES, validate_choice=False)
    coerced = SelectField(
        "3",
        [Optional()],
        choices=build_choices_from_pairs([("", "Aucun"), (Role.COACH, "Coach")]),
        coerce=enum_coercer(Role),
    )
    required = SelectField("4", [InputRequired()], choices=CHOICES)
    radio = RadioField("5", [Optional()], choices=CHOICES)
    several = SelectMultipleField("6", [Optional()], choices=CHOICES)


@pytest.mark.parametrize("blank", BLANKS)
def test_white_space_is_no_choice(app, blank):
    with app.test_request_context(method="POST"):
        names = list(ChoiceForm(formdata=None)._fields)
        form = ChoiceForm(formdata=MultiDict(dict.fromkeys(names, blank)))
        assert not form.validate()
    assert set(form.errors) - {"csrf_token"} == {"required"}
    assert (form.optional.data, form.unchecked.data, form.coerced.data) == ("", "", None)


def test_an_empty_optional_choice_is_none(app):
    with app.test_request_context(method="POST"):
        form = ChoiceForm(formdata=MultiDict({"optional": "", "required": "a", "several": "a"}))
        assert form.validate(), form.errors


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize(("path", "field"), [("coaching/new", "track"), ("recommendations/new", "gate")])
def test_pages_with_an_optional_choice_take_white_space_for_none(app, browser_for, path, field, blank):
    project = make.project(slug="heron")
    coach = browser_for(make.role(project.id, Role.COACH))
    page = coach.submit(f"/projects/heron/{path}", expect=422, **{field: blank})
    assert page.select_one(f"#{field}-messages .fr-message--error") is None
    assert page.select(".fr-message--error")  # what else the form demands
