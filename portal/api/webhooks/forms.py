"""The form of a new webhook."""

from wtforms import SelectMultipleField

from portal.api.webhooks.models import NAME_MAX, URL_MAX
from portal.communication.directory.subject_labels import subject_kind_label
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, build_choices_from_pairs
from portal.platform.web.form_fields import line_field, link_field


class WebhookForm(CreateForm):
    """Name, address and kinds of events."""

    name = line_field(_l("Nom"), NAME_MAX, required=_l("Donnez un nom."))
    url = link_field(
        _l("Adresse"), URL_MAX, hint=_l("Elle commence par https:// et répond en quinze secondes.")
    )
    kinds = SelectMultipleField(_l("Ce qui est envoyé"), description=_l("Rien de choisi : tout."))

    def set_kinds(self, kinds: list[str]) -> None:
        """Offer these subjects of events."""
        labels = sorted((subject_kind_label(kind), kind) for kind in kinds)
        self.kinds.choices = build_choices_from_pairs((kind, f"{label} ({kind})") for label, kind in labels)
