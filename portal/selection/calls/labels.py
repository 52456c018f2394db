"""Sentences and labels of calls."""

from collections.abc import Mapping, Sequence

from portal.platform.kernel import clock
from portal.platform.kernel.text import LazyString, format_day, format_number, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.calls.models import Call, CallCriterion, CallState, TieRule
from portal.selection.calls.rules import PUBLIC_TEXTS, list_missing_opening_fields, weights_sum_to_whole

STATES: Mapping[CallState, LazyString] = {
    CallState.DRAFT: _l("En préparation"),
    CallState.OPEN: _l("Ouvert"),
    CallState.CLOSED: _l("Clos"),
    CallState.IN_REVIEW: _l("Examiné par le jury"),
    CallState.DELIBERATED: _l("Délibéré"),
    CallState.PUBLISHED: _l("Résultats publiés"),
}
STATE_KINDS: Mapping[CallState, str] = {
    CallState.OPEN: "new",
    CallState.IN_REVIEW: "info",
    CallState.PUBLISHED: "success",
}
# What a lead does to bring a call to a state, from the state before.
MOVES: Mapping[CallState, LazyString] = {
    CallState.OPEN: _l("Ouvrir l’appel"),
    CallState.CLOSED: _l("Clore l’appel"),
    CallState.IN_REVIEW: _l("Confier l’examen au jury"),
    CallState.DELIBERATED: _l("Clore la délibération"),
    CallState.DRAFT: _l("Revenir à la préparation"),
}
MOVE_MESSAGES: Mapping[CallState, LazyString] = {
    CallState.OPEN: _l("L’appel est ouvert."),
    CallState.CLOSED: _l("L’appel est clos."),
    CallState.IN_REVIEW: _l("Le jury examine l’appel."),
    CallState.DELIBERATED: _l("La délibération est close."),
    CallState.DRAFT: _l("L’appel est revenu à la préparation."),
}
MOVES_BACK: Mapping[tuple[CallState, CallState], LazyString] = {
    (CallState.CLOSED, CallState.OPEN): _l("Rouvrir l’appel"),
    (CallState.DELIBERATED, CallState.IN_REVIEW): _l("Rouvrir la délibération"),
}
TIE_RULES: Mapping[TieRule, LazyString] = {
    TieRule.FIRST_CRITERION: _l("La meilleure moyenne au critère de plus fort poids"),
    TieRule.JURY: _l("Le jury tranche et motive"),
    TieRule.ALL: _l("Tous les ex æquo ont une place"),
}


def move_label(call: Call, state: CallState) -> str:
    """What brings a call to a state."""
    return str(MOVES_BACK.get((call.state, state)) or MOVES[state])


def dates(call: Call) -> str:
    """When a call opens and closes."""
    return _("du %(first)s au %(last)s", first=format_day(call.opens_on), last=format_day(call.closes_on))


def place_count_label(call: Call) -> str:
    return ngettext("%(num)s place", "%(num)s places", call.places)


def weight_line(criterion: CallCriterion) -> str:
    """The weight of a criterion and its minimum, as a line."""
    if criterion.minimum_tenths is None:
        return _("%(n)s %% du total", n=criterion.weight)
    minimum = format_number(criterion.minimum_tenths / 10)
    return _("%(n)s %% du total, %(minimum)s au moins sur 5", n=criterion.weight, minimum=minimum)


def list_texts(call: Call) -> list[tuple[str, str, str]]:
    """What a lead wrote for candidates and letters: name, language and text, "" where it is missing."""
    return [
        (_("Objet, en français"), "fr", call.purpose_fr),
        (_("Objet, en anglais"), "en", call.purpose_en),
        (_("Accompagnement offert, en français"), "fr", call.support_fr),
        (_("Accompagnement offert, en anglais"), "en", call.support_en),
        (_("Voies et délais de recours"), "fr", call.appeal_terms),
    ]


def list_missing_public_texts(call: Call) -> list[tuple[str, str]]:
    """What its public page lacks to be shown: the name of the field, and its label."""
    return [(field, name) for field, name in list_missing_for_opening(call) if field in PUBLIC_TEXTS]


def list_missing_for_opening(call: Call) -> list[tuple[str, str]]:
    """What a call lacks that opens: the name of the field, and its label."""
    return [(field, str(_OPENING_FIELDS[field])) for field in list_missing_opening_fields(call)]


_OPENING_FIELDS: Mapping[str, LazyString] = {
    "title_en": _l("le titre en anglais"),
    "purpose_fr": _l("l’objet en français"),
    "purpose_en": _l("l’objet en anglais"),
    "apply_url": _l("l’adresse où l’on dépose sa candidature"),
    "checklist": _l("les conditions d’éligibilité"),
    "results_on": _l("le jour des résultats"),
    "tie_rule": _l("ce qui départage les ex æquo"),
    "signatory_name": _l("qui signe les lettres"),
    "appeal_terms": _l("les voies et délais de recours"),
}


def opening_notice(call: Call) -> str:
    """« Il ouvre le 1er décembre 2026 », or that its day has come."""
    day = format_day(call.opens_on)
    if call.opens_on > clock.today():
        return _("Il ouvre le %(day)s", day=day)
    return _("Il devait ouvrir le %(day)s", day=day)


def wrong_weight_sum_sentence(call: Call, criteria: Sequence[CallCriterion]) -> str:
    """What the weights add up to, where it is not 100, and what waits for it; "" where it is."""
    total = sum(criterion.weight for criterion in criteria)
    if weights_sum_to_whole([criterion.weight for criterion in criteria]):
        return ""
    if call.state is CallState.DRAFT:
        return _("Les poids font %(n)s : il faut 100 pour ouvrir l’appel.", n=total)
    return _("Les poids font %(n)s : il faut 100 pour confier l’examen au jury.", n=total)
