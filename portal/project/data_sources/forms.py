"""Forms of a data source, its access, its sample and its quality."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField

from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.storage.labels import size_in_words
from portal.platform.web.base_form import CreateForm, EditForm, Form, build_choices_from_pairs
from portal.platform.web.form_fields import (
    ANSWER_REQUIRED,
    build_dataclass_from_fields,
    day_field,
    integer_field,
    line_field,
    radio_field,
    text_field,
)
from portal.platform.web.uploads import StreamedUpload
from portal.project.data_sources.commands import DataQualityFacts, SampleMeasures, SourceFacts
from portal.project.data_sources.labels import ACCESS, FAITHFULNESS, FITNESS, PERSONAL, SCREENINGS
from portal.project.data_sources.models import (
    LINE_MAX,
    NAME_MAX,
    ROWS_MAX,
    TEXT_MAX,
    AccessState,
    DataSource,
    DpiaScreening,
    Faithfulness,
    Fitness,
    PersonalDataPresence,
)
from portal.project.data_sources.sample_rules import SAMPLE_MAX

_TOO_LARGE = _l(
    "Ce fichier fait %(size)s, et le portail en mesure %(largest)s au plus. Choisissez un extrait,"
    " ou tapez ses lignes et son empreinte.",
    size="{size}",
    largest=LazyString(size_in_words, SAMPLE_MAX),
)


class _SourceFields(Form):
    name = line_field(_l("Comment l’appelez-vous ?"), NAME_MAX, required=_l("Nommez la source."))
    holder = line_field(_l("Qui la détient ?"), LINE_MAX, hint=_l("Le service qui peut donner l’accord."))
    contents = text_field(
        _l("Que contient-elle ?"), TEXT_MAX, rows=3, hint=_l("Nature, période, volume, format.")
    )
    purpose = text_field(
        _l("À quoi servira-t-elle ?"),
        TEXT_MAX,
        rows=3,
        hint=_l(
            "Sa finalité dans le projet. L’écrire ou la changer après une revue acceptée rouvre les questions"
            " d’éthique."
        ),
    )
    personal = radio_field(_l("Ces données parlent-elles de personnes ?"), PERSONAL, PersonalDataPresence)
    legal_basis = line_field(
        _l("Base légale"), LINE_MAX, hint=_l("Mission d’intérêt public, texte précis, convention…")
    )
    screening = radio_field(
        _l("Une analyse d’impact (AIPD) est-elle nécessaire ?"), SCREENINGS, DpiaScreening
    )
    screening_note = line_field(
        _l("Pourquoi"),
        LINE_MAX,
        hint=_l("Avec qui l’avez-vous examiné, par un rôle : la déléguée à la protection des données."),
    )

    def facts(self) -> SourceFacts:
        return build_dataclass_from_fields(self, SourceFacts)


class NewSourceForm(_SourceFields, CreateForm):
    """Add a data source."""

    identified_on = day_field(_l("Repérée le"))


class EditSourceForm(_SourceFields, EditForm):
    """Edit a data source."""


class DataAccessForm(EditForm):
    """Record a change of access: the next state, or an earlier one."""

    access = RadioField(_l("Où en est l’accès ?"), [ANSWER_REQUIRED], coerce=AccessState)
    reached_on = day_field(_l("Depuis le"))
    note = line_field(
        _l("Note"), LINE_MAX, hint=_l("Par exemple le canal et la référence ; obligatoire si l’accès recule.")
    )

    def __init__(self, source: DataSource, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        allowed = {access for access in AccessState if access.rank <= source.access.rank + 1} - {
            source.access
        }
        # A sent state is always a choice: the command refuses it, perhaps as an edit conflict.
        sent = {self.access.data} if self.access.raw_data else set()
        choices = [access for access in reversed(AccessState) if access in allowed | sent]
        self.access.choices = build_choices_from_pairs((access, ACCESS[access]) for access in choices)

    def make_form_from_stored(self, row: Any) -> Form:
        form = type(self)(self.source, formdata=None, obj=row, data={"reached_on": row.access_on})
        form.access.choices = build_choices_from_pairs(ACCESS)
        return form


class SampleForm(EditForm):
    """Record a sample: a file that is measured while it is uploaded, or its measures typed."""

    csv = FileField(
        _l("Fichier CSV"),
        description=_l("20 Mo au plus. Il est mesuré au passage : rien n’en est gardé."),
        render_kw={"accept": ".csv,text/csv", "data-largest": SAMPLE_MAX, "data-too-large": _TOO_LARGE},
    )
    has_header = BooleanField(_l("La première ligne porte les noms des colonnes"))
    sample_rows = integer_field(_l("Ou tapez ses lignes"), 0, ROWS_MAX)
    sha256 = line_field(
        _l("Et son empreinte SHA-256"), 80, hint=_l("Celle que donne la commande sha256sum : 64 caractères.")
    )
    sample_on = day_field(_l("Reçu le"))

    def __init__(self, *args: Any, obj: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, obj=obj, **kwargs)
        if obj is not None:
            self.sha256.data = obj.sample_sha256
            self.has_header.data = True

    def sample_measures(self) -> SampleMeasures:
        """Return the measures of the sample.

        Raises `RuleBroken` on `csv` for an unreadable file, or without a file or both measures.
        """
        received_on = self.values["sample_on"]
        upload = self.csv.data
        if isinstance(getattr(upload, "stream", None), StreamedUpload) and upload.filename:
            rows, digest = self._measure_upload(upload.stream)
            return SampleMeasures(rows=rows, sha256=digest, received_on=received_on, measured=True)
        if self.sample_rows.data is None or not self.sha256.data:
            raise RuleBroken("csv", _("Choisissez un fichier, ou tapez ses lignes et son empreinte."))
        digest = "".join(self.sha256.data.lower().split())
        return SampleMeasures(
            rows=self.sample_rows.data, sha256=digest, received_on=received_on, measured=False
        )

    def _measure_upload(self, upload: StreamedUpload) -> tuple[int, str]:
        """Return the number of records without the header, and the SHA-256."""
        meter = upload.meter
        if meter.size > SAMPLE_MAX:
            raise RuleBroken("csv", str(_TOO_LARGE).format(size=size_in_words(meter.size)))
        if not meter.is_text or not meter.size:
            raise RuleBroken("csv", _("Ce fichier n’est pas du CSV. Exportez-le en CSV (UTF-8)."))
        if not meter.is_whole:
            raise RuleBroken("csv", _("Un guillemet y est ouvert et jamais fermé : vérifiez le CSV."))
        return max(0, meter.records - bool(self.has_header.data)), meter.sha256


class QualityForm(EditForm):
    """Record the quality of the data."""

    faithfulness = radio_field(_l("Que savez-vous de leur fidélité ?"), FAITHFULNESS, Faithfulness)
    fitness = radio_field(_l("Répondent-elles à la question du projet ?"), FITNESS, Fitness)
    quality_note = text_field(
        _l("Note de qualité"),
        TEXT_MAX,
        rows=5,
        hint=_l("Ce qui manque, ce qui est faux, qui est peu représenté, ce qu’on en fait."),
    )

    def quality(self) -> DataQualityFacts:
        return DataQualityFacts(**self.values)
