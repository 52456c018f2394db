"""Forms of versions, protocols, runs and pivots."""

from collections.abc import Sequence
from typing import Any, ClassVar

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import (
    CreateForm,
    EditForm,
    Form,
    build_choices_from_pairs,
    validate_web_link,
)
from portal.platform.web.form_fields import (
    Text,
    build_dataclass_from_fields,
    day_field,
    decimal_field,
    integer_field,
    line_field,
    radio_field,
    text_field,
)
from portal.project.framing.labels import DIRECTIONS
from portal.project.framing.metric_models import MetricDirection
from portal.sprints.prototypes.commands import VersionFacts
from portal.sprints.prototypes.evaluation_commands import ProtocolPlan, RunFacts
from portal.sprints.prototypes.evaluation_models import SIZE_MAX, SUBGROUPS_MAX, VALUE_LIMIT
from portal.sprints.prototypes.labels import AUTOMATIONS, EXPOSURES
from portal.sprints.prototypes.models import (
    LINE_MAX,
    NAME_MAX,
    TEXT_MAX,
    URL_MAX,
    AutomationLevel,
    Exposure,
    PrototypeVersion,
)
from portal.sprints.prototypes.subgroup_rules import SubgroupFigure, parse_subgroups
from portal.sprints.sprints.models import Sprint

NO_SPRINT = NO_VERSION = 0


class _VersionFields(Form):
    released_on = day_field(_l("Sortie le"))
    changes = text_field(
        _l("Ce qui change"),
        TEXT_MAX,
        rows=4,
        required=_l("Dites ce qui change."),
        hint=_l("Ce qu’on peut faire de nouveau, ce qui ne marche pas encore."),
    )
    link = StringField(
        _l("Lien pour l’essayer"), [Length(max=URL_MAX), validate_web_link], render_kw={"inputmode": "url"}
    )
    recording = StringField(
        _l("Ou un enregistrement"),
        [Length(max=URL_MAX), validate_web_link],
        description=_l("Une vidéo de la version qui marche."),
        render_kw={"inputmode": "url"},
    )
    sprint = SelectField(_l("Issue du sprint"), coerce=int)
    automation = radio_field(_l("Jusqu’où va-t-il ?"), AUTOMATIONS, AutomationLevel)
    exposure = radio_field(_l("Sur qui portent ses réponses ?"), EXPOSURES, Exposure)
    model_family = line_field(
        _l("Famille du modèle"),
        NAME_MAX,
        hint=_l("Forêt aléatoire, réseau convolutif, grand modèle de langue…"),
    )
    model_provider = line_field(
        _l("Fournisseur du modèle"), NAME_MAX, hint=_l("« L’équipe » si vous l’entraînez vous-mêmes.")
    )

    def __init__(self, sprints: Sequence[Sprint], *args: Any, obj: Any = None, **defaults: Any):
        super().__init__(*args, obj=obj, **defaults)
        self.sprints = {sprint.number: sprint for sprint in sprints}
        named = [(n, f"{n}. {sprint.goal}") for n, sprint in self.sprints.items()]
        self.sprint.choices = build_choices_from_pairs([(NO_SPRINT, _l("D’aucun sprint")), *named])
        if obj is not None:
            numbers_by_id = {sprint.id: n for n, sprint in self.sprints.items()}
            self.sprint.data = numbers_by_id.get(obj.sprint_id, NO_SPRINT)

    def make_form_from_stored(self, row: Any) -> Form:
        return type(self)(list(self.sprints.values()), formdata=None, obj=row)

    def facts(self) -> VersionFacts:
        sprint = self.sprints.get(self.sprint.data)
        return build_dataclass_from_fields(self, VersionFacts, sprint_id=sprint.id if sprint else None)


class NewVersionForm(_VersionFields, CreateForm):
    """Release a version."""


class EditVersionForm(_VersionFields, EditForm):
    """Change a version."""


class _ProtocolFields(Form):
    dated_on = day_field(_l("Daté du"), hint=_l("Le jour où l’équipe l’a fixé : les essais viennent après."))
    metric = line_field(
        _l("Ce qui est mesuré"),
        NAME_MAX,
        required=_l("Nommez la mesure."),
        hint=_l("Rappel, exactitude, temps gagné…"),
    )
    direction = radio_field(_l("Dans quel sens ?"), DIRECTIONS, MetricDirection)
    held_out = text_field(
        _l("Données mises de côté"),
        TEXT_MAX,
        rows=3,
        required=_l("Dites sur quelles données."),
        hint=_l("Que le modèle n’a jamais vues : comment elles ont été choisies."),
    )
    held_out_size = integer_field(_l("Nombre de cas"), 0, SIZE_MAX)
    baseline_name = line_field(
        _l("À quoi se compare-t-on ?"),
        LINE_MAX,
        hint=_l("La pratique d’aujourd’hui, ou la méthode la plus simple."),
    )
    baseline = decimal_field(_l("Son résultat"), VALUE_LIMIT)
    threshold = decimal_field(_l("Seuil à partir duquel c’est assez"), VALUE_LIMIT)

    def plan(self) -> ProtocolPlan:
        return build_dataclass_from_fields(self, ProtocolPlan)


class NewProtocolForm(_ProtocolFields, CreateForm):
    """Write a protocol, or one that replaces another."""


class EditProtocolForm(_ProtocolFields, EditForm):
    """Change a protocol that has no runs."""


class VersionChoiceForm(Form):
    """Base of forms that choose a version of the project by number, in the field `prototype`.

    `no_version` is the label of the choice of none, "" where a version is required.
    """

    no_version: ClassVar[Text] = ""
    prototype: SelectField

    def __init__(self, versions: Sequence[PrototypeVersion], *args: Any, obj: Any = None, **defaults: Any):
        super().__init__(*args, obj=obj, **defaults)
        self.versions = {version.number: version for version in versions}
        none = [(NO_VERSION, self.no_version)] if self.no_version else []
        named = [(n, _("Version %(n)s", n=n)) for n in self.versions]
        self.prototype.choices = build_choices_from_pairs([*none, *named])
        if obj is not None:
            numbers_by_id = {version.id: n for n, version in self.versions.items()}
            missing = NO_VERSION if none else None
            self.prototype.data = numbers_by_id.get(obj.prototype_version_id, missing)

    def make_form_from_stored(self, row: Any) -> Form:
        return type(self)(list(self.versions.values()), formdata=None, obj=row)


class _RunFields(VersionChoiceForm):
    ran_on = day_field(_l("Jour de l’essai"))
    prototype = SelectField(_l("Version essayée"), coerce=int)
    result = decimal_field(_l("Résultat"), VALUE_LIMIT)
    subgroups = text_field(
        _l("Résultats par sous-groupe"),
        TEXT_MAX,
        rows=4,
        hint=_l("Une ligne chacun : nom ; résultat ; nombre de cas. Au plus 50."),
    )
    code_reference = line_field(
        _l("Référence du code"), LINE_MAX, hint=_l("Le dépôt et le commit, ou l’étiquette.")
    )
    data_sha256 = line_field(_l("Empreinte SHA-256 des données"), 80, hint=_l("64 caractères."))
    note = text_field(_l("Note"), TEXT_MAX, rows=3)

    def validate_subgroups(self, field: TextAreaField) -> None:
        try:
            subgroups = parse_subgroups(field.data or "")
        except ValueError as fault:
            sentence = _("La ligne %(n)s ne se lit pas : nom ; résultat ; cas.", n=fault.args[0])
            raise ValidationError(sentence) from None
        if any(
            len(subgroup.name) > NAME_MAX or not _is_subgroup_within_limits(subgroup)
            for subgroup in subgroups
        ):
            raise ValidationError(_("Un nom ou un nombre y est trop grand."))
        if len(subgroups) > SUBGROUPS_MAX:
            raise ValidationError(_("Au plus %(n)s sous-groupes.", n=SUBGROUPS_MAX))

    def facts(self) -> RunFacts:
        return build_dataclass_from_fields(
            self,
            RunFacts,
            prototype=self.versions[self.prototype.data],
            data_sha256="".join((self.data_sha256.data or "").lower().split()),
            subgroups=parse_subgroups(self.subgroups.data or ""),
        )


def _is_subgroup_within_limits(subgroup: SubgroupFigure) -> bool:
    return abs(subgroup.result) <= VALUE_LIMIT and 0 <= (subgroup.size or 0) <= SIZE_MAX


class NewRunForm(_RunFields, CreateForm):
    """Note a run."""


class EditRunForm(_RunFields, EditForm):
    """Correct a run."""


class PivotForm(CreateForm):
    """Note a pivot."""

    decided_on = day_field(_l("Décidé le"))
    reason = text_field(
        _l("Pourquoi, et vers quoi"), TEXT_MAX, rows=5, required=_l("Dites pourquoi vous changez de voie.")
    )
