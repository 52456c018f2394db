"""Forms of erasures and of terms of retention."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from wtforms import HiddenField, SelectMultipleField
from wtforms.validators import Length

from portal.people.privacy.erasure_models import REASON_MAX, MentionDecision
from portal.people.privacy.labels import DECISIONS
from portal.platform.kernel.retention import DAYS_MAX, DAYS_MIN
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form, build_choices_from_pairs, enum_coercer
from portal.platform.web.form_fields import integer_field, line_field, radio_field


class ErasureActionForm(CreateForm):
    """A form with a button only; its URL says what it does."""


class MentionsForm(Form):
    """The ticked texts, what becomes of the name in them, and why where it stays."""

    texts = SelectMultipleField(_l("Textes"))
    decision = radio_field(_l("Le nom y est"), DECISIONS, enum_coercer(MentionDecision))
    reason = line_field(_l("Pourquoi le garder"), REASON_MAX)

    def __init__(
        self, mentions: Sequence[tuple[UUID, str]], links: Mapping[UUID, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.texts.choices = build_choices_from_pairs((str(id_), text) for id_, text in mentions)
        self.texts.links = {  # type: ignore[attr-defined]  # our template's
            str(id_): address for id_, address in (links or {}).items()
        }

    @property
    def mention_ids(self) -> list[UUID]:
        return [UUID(text) for text in self.texts.data or ()]


class RetentionTermForm(EditForm):
    """The days of a term; empty for a programme that follows the installation's."""

    days = integer_field(_l("Jours de conservation"), DAYS_MIN, DAYS_MAX)
    previewed_days = HiddenField(validators=[Length(max=len(str(DAYS_MAX)))])

    def read_and_replace_previewed_days(self, usual: int) -> int | None:
        """The days whose effect was shown before; from now on, those of the form are; `usual` when empty."""
        typed = self.previewed_days.data or ""
        previewed = int(typed) if typed.isdecimal() else None
        self.previewed_days.data = str(usual if self.days.data is None else self.days.data)
        return previewed
