"""What a programme's findings and ethics say, in sentences."""

from collections.abc import Sequence
from datetime import date

from portal.concerns.listing import Ethics, Risks, Severity, Sheet, Sort
from portal.concerns.queries import Line, Totals
from portal.concerns.standing import Expected, Look, Standing
from portal.findings.words import IN_SHORT
from portal.health.facts import Tried
from portal.kernel import clock
from portal.kernel.text import LazyString, ngettext
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.portfolio.words import FILTERS as PORTFOLIO
from portal.portfolio.words import REVIEWS, STATES, options, since, tested, within
from portal.programmes.models import Programme
from portal.web.show import day

__all__ = ["IN_SHORT", "STATES", "options", "within"]

SEVERITIES: dict[Severity, LazyString] = {
    Severity.SEVERE: _l("Graves (3 ou 4)"),
    Severity.CATASTROPHIC: _l("Catastrophiques (4)"),
}
ETHICS: dict[Ethics, LazyString] = {
    Ethics.OVERDUE: _l("Revue en retard"),
    Ethics.WAITING: _l("Revue à décider"),
    Ethics.STALE: _l("Décision à réexaminer"),
    Ethics.CONDITIONS: _l("Condition en retard"),
}
RISKS: dict[Risks, LazyString] = {
    Risks.HIGH: _l("Risque élevé ouvert"),
    Risks.OVERDUE: _l("Mesure en retard"),
}
SHEETS: dict[Sheet, LazyString] = {
    Sheet.PUBLISHED: _l("Publiée"),
    Sheet.MISSING: _l("Pas publiée"),
}
SORTS: dict[Sort, LazyString] = {
    Sort.SEVERITY: _l("Gravité des constats"),
    Sort.AGE: _l("Constat grave le plus ancien"),
    Sort.ETHICS: _l("Retard des revues"),
    Sort.RISKS: _l("Retard des mesures"),
    Sort.ORGANISATION: _l("Organisation"),
}
FILTERS: dict[str, LazyString] = {
    "severity": _l("Constats ouverts"),
    "ethics": _l("Revues éthiques"),
    "risks": _l("Risques"),
    "sheet": _l("Fiche de transparence"),
    "overdue": _l("En retard seulement"),
    "coach": PORTFOLIO["coach"],
    "track": PORTFOLIO["track"],
    "organisation": PORTFOLIO["organisation"],
    "sort": PORTFOLIO["sort"],
    "page": PORTFOLIO["page"],
}
COLUMNS: Sequence[LazyString] = (
    _l("Équipe"),
    _l("Constats ouverts"),
    _l("Dernier test"),
    _l("Revues éthiques"),
    _l("Risques"),
    _l("Fiche de transparence"),
)
LOOKS: dict[Look, LazyString] = {
    Look.WAIVED: _l("dispensée"),
    Look.ACCEPTED: _l("acceptée"),
    Look.ACCEPTED_WITH_CONDITIONS: _l("acceptée avec conditions"),
    Look.REFUSED: _l("refusée"),
    Look.SUBMITTED: _l("remise"),
    Look.IN_REVIEW: _l("en relecture"),
    Look.DRAFT: _l("en cours"),
    Look.NONE: _l("pas commencée"),
}
_DECIDED = frozenset({Look.ACCEPTED, Look.ACCEPTED_WITH_CONDITIONS, Look.REFUSED})
_GIVEN = frozenset({Look.SUBMITTED, Look.IN_REVIEW})


def ethics_offered(totals: Totals) -> Sequence[tuple[Ethics, LazyString]]:
    """What their reader may ask for: nothing that is not theirs to know."""
    hidden = {Ethics.CONDITIONS} if totals.conditions_late is None else set()
    return [(one, name) for one, name in ETHICS.items() if one not in hidden]


def risks_offered(totals: Totals) -> Sequence[tuple[Risks, LazyString]]:
    hidden = {Risks.OVERDUE} if totals.measures_late is None else set()
    return [(one, name) for one, name in RISKS.items() if one not in hidden]


def filters_named(names: Sequence[str]) -> str:
    return ", ".join(str(FILTERS[name]) for name in names)


def heading(programme: Programme) -> str:
    return _("%(programme)s : constats et éthique", programme=programme.name)


def expected(one: Expected, *, known: bool) -> str:
    """« Revue de cadrage : remise le 3 mars, attendue le 14 février (G3) ». `known`: whether who
    reads it would know of a draft, and so that there is none."""
    said = _("%(kind)s : %(look)s", kind=str(REVIEWS[one.kind]), look=_look(one, known=known))
    if not one.is_asked:
        return said
    when = {"said": said, "day": day(one.due_on), "gate": one.gate}
    if one.is_late:
        return _("%(said)s, en retard depuis le %(day)s (G%(gate)s)", **when)
    return _("%(said)s, attendue le %(day)s (G%(gate)s)", **when)


def _look(one: Expected, *, known: bool) -> str:
    look = str(LOOKS[one.look])
    review = one.review
    if one.look is Look.NONE and not known:
        return _("pas encore remise")
    on = None
    if review is not None and one.look in _DECIDED:
        on = review.decided_on
    elif review is not None and one.look in _GIVEN:
        on = review.submitted_on
    return _("%(look)s le %(day)s", look=look, day=day(on)) if on else look


def others_waiting(of: Standing) -> int:
    """Reviews to be decided of questionnaires that no gate asks for."""
    told = {one.review.number for one in of.expected if one.review}
    return sum(one.number not in told for one in of.waiting)


def counted(severity: int | None, number: int) -> str:
    """« 2 × gravité 3, majeure »."""
    return _("%(n)s × %(severity)s", n=number, severity=within(str(IN_SHORT[severity])))


def last_test(found: Tried | None) -> str:
    """« Tâche réussie : 4 sur 5 (36 à 98 %) »."""
    return tested(found or Tried())


def age(on: date) -> str:
    """« il y a 20 jours »."""
    return since(max(0, (clock.today_here() - on).days))


def sheet(line: Line) -> str:
    """How far the sheet is; of a team whose pages one does not read, only whether it is public."""
    of = line.standing
    if of.sheet == "published" and of.sheet_on:
        return _("Publiée le %(day)s", day=day(of.sheet_on))
    if of.sheet == "withdrawn" and of.sheet_on:
        return _("Retirée le %(day)s", day=day(of.sheet_on))
    if of.sheet == "begun":
        return _("En cours d’écriture")
    return _("Pas commencée") if line.sees.all else _("Pas publiée")


def teams(number: int, of: int) -> str:
    return ngettext(
        "dans %(num)s équipe sur %(of)s", "dans %(num)s équipes sur %(of)s", number, of=of
    )


def kept(number: int, of: int) -> str:
    """How many of them the filters let through."""
    if not number:
        return _("Aucune équipe sur %(all)s", all=of)
    return ngettext("%(num)s équipe sur %(all)s", "%(num)s équipes sur %(all)s", number, all=of)
