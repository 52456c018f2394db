"""Forms of calls."""

from typing import Any

from wtforms import HiddenField, SelectField
from wtforms.validators import Length, Optional, ValidationError

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form, build_choices_from_pairs, enum_coercer
from portal.platform.web.form_fields import (
    build_dataclass_from_fields,
    day_field,
    decimal_field,
    integer_field,
    line_field,
    link_field,
    text_field,
)
from portal.selection.calls.commands import CallFacts, CriterionFacts
from portal.selection.calls.labels import TIE_RULES
from portal.selection.calls.models import (
    APPEAL_DAYS,
    APPEAL_DAYS_MAX,
    FUNCTION_MAX,
    LEVEL_MAX,
    LEVELS,
    LINK_MAX,
    LOAD_MAX,
    MINIMUM_SCALE,
    NEEDED_MAX,
    PLACES_MAX,
    RETENTION_MAX,
    RETENTION_MONTHS,
    TEXT_MAX,
    TITLE_MAX,
    CallState,
    TieRule,
)


class _CallFields(Form):
    title_fr = line_field(_l("Titre en français"), TITLE_MAX, required=_l("Donnez un titre."))
    title_en = line_field(_l("Titre en anglais"), TITLE_MAX)
    opens_on = day_field(_l("Ouverture"))
    closes_on = day_field(_l("Clôture"))
    results_on = day_field(_l("Résultats"), optional=True)
    places = integer_field(_l("Places"), 1, PLACES_MAX, required=_l("Dites combien seront retenues."))
    scores_needed = integer_field(
        _l("Notes par candidature"), 1, NEEDED_MAX, required=_l("Dites combien de jurés notent."), default=3
    )
    load_max = integer_field(_l("Candidatures par juré, au plus"), 1, LOAD_MAX)
    tie_rule = SelectField(
        _l("Ce qui départage les ex æquo à la dernière place"),
        [Optional()],
        choices=build_choices_from_pairs([("", "—"), *TIE_RULES.items()]),
        coerce=enum_coercer(TieRule),
        description=_l("À fixer avant que le jury examine : cela ne change plus ensuite."),
    )
    checklist = text_field(
        _l("Conditions d’éligibilité"), TEXT_MAX, rows=4, hint=_l("Une par ligne : chacune se coche.")
    )
    purpose_fr = text_field(_l("Objet, en français"), TEXT_MAX, rows=4)
    purpose_en = text_field(_l("Objet, en anglais"), TEXT_MAX, rows=4)
    support_fr = text_field(_l("Accompagnement offert, en français"), TEXT_MAX, rows=3)
    support_en = text_field(_l("Accompagnement offert, en anglais"), TEXT_MAX, rows=3)
    apply_url = link_field(_l("Adresse où l’on dépose sa candidature"), LINK_MAX)
    signatory_name = line_field(_l("Qui signe les lettres"), FUNCTION_MAX)
    signatory_function = line_field(_l("Sa fonction"), FUNCTION_MAX)
    appeal_terms = text_field(
        _l("Voies et délais de recours"), TEXT_MAX, rows=4, hint=_l("Chaque lettre les reprend mot pour mot.")
    )
    appeal_days = integer_field(
        _l("Délai de recours, en jours"),
        1,
        APPEAL_DAYS_MAX,
        required=_l("Donnez un délai."),
        default=APPEAL_DAYS,
    )
    retention_months = integer_field(
        _l("Candidatures non retenues gardées, en mois"),
        1,
        RETENTION_MAX,
        required=_l("Donnez une durée."),
        default=RETENTION_MONTHS,
        hint=_l(
            "Après la dernière publication et le dernier recours ; les statistiques restent. D’ordinaire"
            " %(n)s, le temps de répondre aux recours et aux questions ; figé à la publication.",
            n=RETENTION_MONTHS,
        ),
    )

    def facts(self) -> CallFacts:
        """The values as commands take them."""
        return build_dataclass_from_fields(self, CallFacts)


class PlanCallForm(_CallFields, CreateForm):
    """Plan a call."""


class ChangeCallForm(_CallFields, EditForm):
    """Change a call."""


def _check_levels(_form: Form, field: Any) -> None:
    lines = split_levels(field.data)
    if len(lines) != LEVELS:
        raise ValidationError(_("Écrivez six lignes, de la note 0 à la note 5."))
    if any(len(line) > LEVEL_MAX for line in lines):
        raise ValidationError(_("Une ligne fait au plus %(n)s caractères.", n=LEVEL_MAX))


def split_levels(text: str) -> list[str]:
    """The lines of a field with words for each level."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


class ChangeCriterionForm(EditForm):
    """Change a criterion; the version is the call's."""

    name_fr = line_field(_l("Nom en français"), TITLE_MAX, required=_l("Donnez un nom."))
    name_en = line_field(_l("Nom en anglais"), TITLE_MAX)
    weight = integer_field(_l("Poids, en %"), 0, 100, required=_l("Donnez un poids."))
    minimum = decimal_field(_l("Moyenne minimale sur 5"), 5, optional=True)
    levels_fr = text_field(
        _l("Ce que veut dire chaque note, en français"),
        LEVELS * LEVEL_MAX + LEVELS,
        rows=8,
        required=_l("Écrivez six lignes, de la note 0 à la note 5."),
        hint=_l("Six lignes, de 0 à 5."),
    )
    levels_en = text_field(
        _l("Ce que veut dire chaque note, en anglais"),
        LEVELS * LEVEL_MAX + LEVELS,
        rows=8,
        required=_l("Écrivez six lignes, de la note 0 à la note 5."),
    )

    def validate_levels_fr(self, field: Any) -> None:
        _check_levels(self, field)

    def validate_levels_en(self, field: Any) -> None:
        _check_levels(self, field)

    def validate_minimum(self, field: Any) -> None:
        """Between 0 and 5, in tenths."""
        if field.data is not None and field.data < 0:
            raise ValidationError(_("Donnez un nombre entre 0 et 5."))

    def facts(self) -> CriterionFacts:
        """The values as `change_criterion` takes them."""
        minimum = self.minimum.data
        return CriterionFacts(
            name_fr=self.values["name_fr"],
            name_en=self.values["name_en"],
            weight=self.values["weight"],
            minimum_tenths=None if minimum is None else round(MINIMUM_SCALE * minimum),
            levels_fr=split_levels(self.values["levels_fr"]),
            levels_en=split_levels(self.values["levels_en"]),
        )


class ChangeCallStateForm(EditForm):
    """Bring a call to a state: a button each; `confirmed` once an early opening was told."""

    state = SelectField(
        choices=build_choices_from_pairs({state: state for state in CallState}),
        coerce=enum_coercer(CallState),
    )
    confirmed = HiddenField(validators=[Length(max=1)])
