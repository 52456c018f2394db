"""Forms of versions, protocols, runs and pivots."""

from collections.abc import Sequence
from typing import Any

from wtforms import DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import (
    CreateForm,
    EditForm,
    Form,
    NumberField,
    choices_of,
    validate_plausible_date,
    validate_web_link,
)
from portal.project.framing.labels import DIRECTIONS
from portal.project.framing.metric_models import Direction
from portal.sprints.prototypes.commands import VersionFacts
from portal.sprints.prototypes.evaluation_commands import ProtocolPlan, RunFacts
from portal.sprints.prototypes.evaluation_models import SIZE_MAX, SUBGROUPS_MAX, VALUE_LIMIT
from portal.sprints.prototypes.labels import AUTOMATIONS, EXPOSURES
from portal.sprints.prototypes.models import (
    LINE_MAX,
    NAME_MAX,
    TEXT_MAX,
    URL_MAX,
    Automation,
    Exposure,
    PrototypeVersion,
)
from portal.sprints.prototypes.subgroup_rules import Subgroup, parse_subgroups
from portal.sprints.sprints.models import Sprint

_VALUE_RANGE = NumberRange(-VALUE_LIMIT, VALUE_LIMIT)
_CHOICE_REQUIRED = InputRequired(_l("Choisissez dans la liste."))
_DATE_REQUIRED = InputRequired(_l("Donnez une date."))
_NUMBER_REQUIRED = InputRequired(_l("Donnez un nombre."))
_DECIMAL_KEYBOARD = {"inputmode": "decimal"}
NO_SPRINT = 0


class _VersionFields(Form):
    released_on = DateField(_l("Sortie le"), [_DATE_REQUIRED, validate_plausible_date])
    changes = TextAreaField(
        _l("Ce qui change"),
        [DataRequired(_l("Dites ce qui change.")), Length(max=TEXT_MAX)],
        description=_l("Ce qu’on peut faire de nouveau, ce qui ne marche pas encore."),
        render_kw={"rows": 4},
    )
    link = StringField(
        _l("Lien pour l’essayer"),
        [Length(max=URL_MAX), validate_web_link],
        render_kw={"inputmode": "url"},
    )
    recording = StringField(
        _l("Ou un enregistrement"),
        [Length(max=URL_MAX), validate_web_link],
        description=_l("Une vidéo de la version qui marche."),
        render_kw={"inputmode": "url"},
    )
    sprint = SelectField(_l("Issue du sprint"), coerce=int)
    automation = RadioField(
        _l("Jusqu’où va-t-il ?"),
        [_CHOICE_REQUIRED],
        choices=choices_of(AUTOMATIONS),
        coerce=Automation,
    )
    exposure = RadioField(
        _l("Sur qui portent ses réponses ?"),
        [_CHOICE_REQUIRED],
        choices=choices_of(EXPOSURES),
        coerce=Exposure,
    )
    model_family = StringField(
        _l("Famille du modèle"),
        [Length(max=NAME_MAX)],
        description=_l("Forêt aléatoire, réseau convolutif, grand modèle de langue…"),
    )
    model_provider = StringField(
        _l("Fournisseur du modèle"),
        [Length(max=NAME_MAX)],
        description=_l("« L’équipe » si vous l’entraînez vous-mêmes."),
    )

    def __init__(self, sprints: Sequence[Sprint], *args: Any, obj: Any = None, **defaults: Any):
        super().__init__(*args, obj=obj, **defaults)
        self.sprints = {sprint.number: sprint for sprint in sprints}
        named = [(n, f"{n}. {sprint.goal}") for n, sprint in self.sprints.items()]
        self.sprint.choices = choices_of([(NO_SPRINT, _l("D’aucun sprint")), *named])
        if obj is not None:
            numbers_by_id = {sprint.id: n for n, sprint in self.sprints.items()}
            self.sprint.data = numbers_by_id.get(obj.sprint_id, NO_SPRINT)

    def as_stored(self, row: Any) -> Form:
        return type(self)(list(self.sprints.values()), formdata=None, obj=row)

    def facts(self) -> VersionFacts:
        names = VersionFacts.__dataclass_fields__.keys() - {"sprint_id"}
        sprint = self.sprints.get(self.sprint.data)
        fields = {name: self.values[name] for name in names}
        return VersionFacts(sprint_id=sprint.id if sprint else None, **fields)


class NewVersionForm(_VersionFields, CreateForm):
    """Release a version."""


class VersionForm(_VersionFields, EditForm):
    """Change a version."""


class _ProtocolFields(Form):
    dated_on = DateField(
        _l("Daté du"),
        [_DATE_REQUIRED, validate_plausible_date],
        description=_l("Le jour où l’équipe l’a fixé : les essais viennent après."),
    )
    metric = StringField(
        _l("Ce qui est mesuré"),
        [DataRequired(_l("Nommez la mesure.")), Length(max=NAME_MAX)],
        description=_l("Rappel, exactitude, temps gagné…"),
    )
    direction = RadioField(
        _l("Dans quel sens ?"), [_CHOICE_REQUIRED], choices=choices_of(DIRECTIONS), coerce=Direction
    )
    held_out = TextAreaField(
        _l("Données mises de côté"),
        [DataRequired(_l("Dites sur quelles données.")), Length(max=TEXT_MAX)],
        description=_l("Que le modèle n’a jamais vues : comment elles ont été choisies."),
        render_kw={"rows": 3},
    )
    held_out_size = IntegerField(_l("Nombre de cas"), [Optional(), NumberRange(0, SIZE_MAX)])
    baseline_name = StringField(
        _l("À quoi se compare-t-on ?"),
        [Length(max=LINE_MAX)],
        description=_l("La pratique d’aujourd’hui, ou la méthode la plus simple."),
    )
    baseline = NumberField(
        _l("Son résultat"), [_NUMBER_REQUIRED, _VALUE_RANGE], render_kw=_DECIMAL_KEYBOARD
    )
    threshold = NumberField(
        _l("Seuil à partir duquel c’est assez"),
        [_NUMBER_REQUIRED, _VALUE_RANGE],
        render_kw=_DECIMAL_KEYBOARD,
    )

    def plan(self) -> ProtocolPlan:
        return ProtocolPlan(
            **{name: self.values[name] for name in ProtocolPlan.__dataclass_fields__}
        )


class NewProtocolForm(_ProtocolFields, CreateForm):
    """Write a protocol, or one that replaces another."""


class ProtocolForm(_ProtocolFields, EditForm):
    """Change a protocol that has no runs."""


class _RunFields(Form):
    ran_on = DateField(_l("Jour de l’essai"), [_DATE_REQUIRED, validate_plausible_date])
    prototype = SelectField(_l("Version essayée"), coerce=int)
    result = NumberField(
        _l("Résultat"), [_NUMBER_REQUIRED, _VALUE_RANGE], render_kw=_DECIMAL_KEYBOARD
    )
    subgroups = TextAreaField(
        _l("Résultats par sous-groupe"),
        [Length(max=TEXT_MAX)],
        description=_l("Une ligne chacun : nom ; résultat ; nombre de cas. Au plus 50."),
        render_kw={"rows": 4},
    )
    code_reference = StringField(
        _l("Référence du code"),
        [Length(max=LINE_MAX)],
        description=_l("Le dépôt et le commit, ou l’étiquette."),
    )
    data_sha256 = StringField(
        _l("Empreinte SHA-256 des données"), [Length(max=80)], description=_l("64 caractères.")
    )
    note = TextAreaField(_l("Note"), [Length(max=TEXT_MAX)], render_kw={"rows": 3})

    def __init__(
        self, versions: Sequence[PrototypeVersion], *args: Any, obj: Any = None, **defaults: Any
    ):
        super().__init__(*args, obj=obj, **defaults)
        self.versions = {version.number: version for version in versions}
        named = [(n, _("Version %(n)s", n=n)) for n in self.versions]
        self.prototype.choices = choices_of(named)
        if obj is not None:
            numbers_by_id = {version.id: n for n, version in self.versions.items()}
            self.prototype.data = numbers_by_id.get(obj.prototype_version_id)

    def as_stored(self, row: Any) -> Form:
        return type(self)(list(self.versions.values()), formdata=None, obj=row)

    def validate_subgroups(self, field: TextAreaField) -> None:
        try:
            subgroups = parse_subgroups(field.data or "")
        except ValueError as fault:
            sentence = _("La ligne %(n)s ne se lit pas : nom ; résultat ; cas.", n=fault.args[0])
            raise ValidationError(sentence) from None
        if any(
            len(subgroup.name) > NAME_MAX or not _is_within_limits(subgroup)
            for subgroup in subgroups
        ):
            raise ValidationError(_("Un nom ou un nombre y est trop grand."))
        if len(subgroups) > SUBGROUPS_MAX:
            raise ValidationError(_("Au plus %(n)s sous-groupes.", n=SUBGROUPS_MAX))

    def facts(self) -> RunFacts:
        names = ("ran_on", "result", "code_reference", "note")
        fields = {name: self.values[name] for name in names}
        return RunFacts(
            prototype=self.versions[self.prototype.data],
            data_sha256="".join((self.data_sha256.data or "").lower().split()),
            subgroups=parse_subgroups(self.subgroups.data or ""),
            **fields,
        )


def _is_within_limits(subgroup: Subgroup) -> bool:
    return abs(subgroup.result) <= VALUE_LIMIT and 0 <= (subgroup.size or 0) <= SIZE_MAX


class NewRunForm(_RunFields, CreateForm):
    """Note a run."""


class RunForm(_RunFields, EditForm):
    """Correct a run."""


class PivotForm(CreateForm):
    """Note a pivot."""

    decided_on = DateField(_l("Décidé le"), [_DATE_REQUIRED, validate_plausible_date])
    reason = TextAreaField(
        _l("Pourquoi, et vers quoi"),
        [DataRequired(_l("Dites pourquoi vous changez de voie.")), Length(max=TEXT_MAX)],
        render_kw={"rows": 5},
    )
