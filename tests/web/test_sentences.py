"""WTForms' own refusals, in our words and in the reader's language."""

import pytest
from flask_babel import force_locale
from wtforms import DateField, EmailField, IntegerField, StringField
from wtforms.validators import Email, InputRequired, Length, NumberRange

from portal.web.forms import Form


class Wrong(Form):
    day = DateField()
    number = IntegerField(validators=[NumberRange(1, 5)])
    above = IntegerField(validators=[NumberRange(1, 5)])
    address = EmailField(validators=[Email()])
    long = StringField(validators=[Length(max=2)])
    empty = StringField(validators=[InputRequired()])


TYPED = {
    "day": "31/31/2026",
    "number": "cinq",
    "above": "9",
    "address": "nobody",
    "long": "abc",
    "empty": "",
}
FRENCH = {
    "day": "Écrivez une date qui existe.",
    "number": "Écrivez un nombre entier.",
    "above": "Donnez un nombre entre 1 et 5.",
    "address": "Écrivez une adresse électronique, par exemple prenom.nom@ministere.gouv.fr.",
    "long": "Au plus 2 caractères.",
    "empty": "Ce champ est à remplir.",
}
ENGLISH = {
    "day": "Write a date that exists.",
    "number": "Write a whole number.",
    "above": "Give a number between 1 and 5.",
    "address": "Write an e-mail address, for example first.last@ministry.gouv.fr.",
    "long": "At most 2 characters.",
    "empty": "This field cannot stay empty.",
}


@pytest.mark.parametrize(("locale", "sentences"), [("fr", FRENCH), ("en", ENGLISH)])
def test_a_wrong_value_gets_one_sentence_of_ours(app, locale, sentences):
    with app.test_request_context("/", method="POST", data=TYPED), force_locale(locale):
        form = Wrong(meta={"csrf": False})
        assert not form.validate()
        assert {field.name: [str(e) for e in field.errors] for field in form.faults} == {
            name: [sentence] for name, sentence in sentences.items()
        }
