"""Sentences and labels of calls."""

from collections.abc import Mapping, Sequence

from portal.platform.kernel.text import LazyString, format_day, format_number, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.calls.models import Call, CallCriterion, CallState, TieRule
from portal.selection.calls.rules import PUBLIC_TEXTS, weights_sum_to_whole

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
    names = {
        "title_en": _("le titre en anglais"),
        "purpose_fr": _("l’objet en français"),
        "purpose_en": _("l’objet en anglais"),
    }
    return [(field, names[field]) for field in PUBLIC_TEXTS if not getattr(call, field)]


def list_early_opening_consequences(call: Call, criteria: Sequence[CallCriterion]) -> list[str]:
    """What opening a call before its day means, and what is missing."""
    needed = (
        (call.title_en, _("le titre en anglais")),
        (call.purpose_fr, _("l’objet en français")),
        (call.purpose_en, _("l’objet en anglais")),
        (call.apply_url, _("l’adresse où l’on dépose sa candidature")),
        (call.checklist, _("les conditions d’éligibilité")),
        (call.results_on, _("le jour des résultats")),
        (call.tie_rule, _("ce qui départage les ex æquo")),
        (call.signatory_name, _("qui signe les lettres")),
        (call.appeal_terms, _("les voies et délais de recours")),
    )
    missing = [name for value, name in needed if not value]
    sentences = [
        _("Son ouverture est prévue le %(day)s : il s’ouvrirait aujourd’hui.", day=format_day(call.opens_on)),
        _("Sa page publique paraît aussitôt.") if call.shown_at else _("Sa page n’est pas publique."),
        _("Il manque : %(what)s.", what=", ".join(missing)) if missing else _("Rien ne manque."),
        wrong_weight_sum_sentence(call, criteria),
    ]
    return [sentence for sentence in sentences if sentence]


def wrong_weight_sum_sentence(call: Call, criteria: Sequence[CallCriterion]) -> str:
    """What the weights add up to, where it is not 100, and what waits for it; "" where it is."""
    total = sum(criterion.weight for criterion in criteria)
    if weights_sum_to_whole([criterion.weight for criterion in criteria]):
        return ""
    if call.state is CallState.DRAFT:
        return _("Les poids font %(n)s : il faut 100 pour ouvrir l’appel.", n=total)
    return _("Les poids font %(n)s : il faut 100 pour confier l’examen au jury.", n=total)
