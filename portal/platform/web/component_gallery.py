"""A page with every component of the design system. Not served in production."""

from flask import Blueprint, Response
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import Form, build_choices_from_pairs
from portal.platform.web.rendering import render

bp = Blueprint("gallery", __name__)

CHOICES = build_choices_from_pairs([("a", _l("Première")), ("b", _l("Deuxième")), ("c", _l("Troisième"))])


class ExampleForm(Form):
    text = StringField(_l("Une ligne"))
    area = TextAreaField(_l("Un texte"))
    number = IntegerField(_l("Un nombre"))
    day = DateField(_l("Une date"))
    choice = SelectField(_l("Un choix dans une liste"), choices=CHOICES)
    pick = RadioField(_l("Un choix parmi peu"), choices=CHOICES)
    several = SelectMultipleField(_l("Plusieurs choix"), choices=CHOICES)
    tick = BooleanField(_l("Une case à cocher"))
    secret = PasswordField(_l("Un mot de passe"))


@bp.get("/ui")
def components() -> Response:
    form = ExampleForm(formdata=None)
    form.text.errors = [_("Cette ligne est vide.")]
    form.pick.errors = [_("Choisissez une réponse.")]
    return render("platform/web/ui/page.html", example_form=form)
