"""Schemas of public cards."""

from portal.oversight.public_cards import forms
from portal.oversight.public_cards.models import TEXTS, PublicCard
from portal.platform.kernel.text import LOCALES
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema

PublicCardSchema = row_schema(
    "PublicCardSchema",
    PublicCard,
    *("project_id", "shown_at", *(f"{name}_{language}" for name in TEXTS for language in LOCALES)),
)
CardTextsSchema = form_schema("CardTextsSchema", forms.CardForm)
