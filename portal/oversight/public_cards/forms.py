"""Forms of public cards: texts in both languages, confirmation before publishing."""

from typing import Any

from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.oversight.public_cards.labels import LANGUAGES, TITLES
from portal.oversight.public_cards.models import TEXT_MAX
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm


def _make_text_field(key: str, language: str) -> Any:
    label = _l("%(what)s, en %(language)s", what=TITLES[key], language=LANGUAGES[language])
    return TextAreaField(label, [Length(max=TEXT_MAX)], render_kw={"rows": 4, "lang": language})


class CardForm(EditForm):
    """The texts of a card."""

    objective_fr = _make_text_field("objective", "fr")
    objective_en = _make_text_field("objective", "en")
    data_fr = _make_text_field("data", "fr")
    data_en = _make_text_field("data", "en")
    ai_fr = _make_text_field("ai", "fr")
    ai_en = _make_text_field("ai", "en")
    gains_fr = _make_text_field("gains", "fr")
    gains_en = _make_text_field("gains", "en")


FIELD_PAIRS = tuple((f"{key}_fr", f"{key}_en") for key in TITLES)


class PublishCardForm(CreateForm):
    """Confirmation that the team agrees and that the card was proofread."""

    agreed = BooleanField(
        _l("L’équipe est d’accord, et j’ai relu la carte dans les deux langues"),
        [DataRequired(_l("Relisez la carte, puis cochez la case."))],
    )


class HideCardForm(CreateForm):
    """A button without fields."""
