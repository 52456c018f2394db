"""What waits in calls, on the page of what is to decide: a line a matter of a call, or an appeal."""

from collections.abc import Callable, Mapping, Sequence

from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.project.projects.to_decide_queries import WaitingKind
from portal.project.projects.to_decide_rules import WaitingLine
from portal.selection.calls.to_decide_labels import build_call_in_place_of_project
from portal.selection.deliberation.waiting_queries import (
    CallMatterKind,
    WaitingCallMatter,
    list_waiting_call_matters,
)

CODE = "calls"
_TITLES: Mapping[CallMatterKind, Callable[[WaitingCallMatter], str]] = {
    CallMatterKind.OPENING: lambda each: (
        ngettext(
            "Appel à ouvrir : il lui manque %(num)s chose",
            "Appel à ouvrir : il lui manque %(num)s choses",
            each.count,
        )
        if each.count
        else _("Appel à ouvrir : rien ne lui manque")
    ),
    CallMatterKind.ELIGIBILITY: lambda each: ngettext(
        "%(num)s candidature dont l’éligibilité est à juger",
        "%(num)s candidatures dont l’éligibilité est à juger",
        each.count,
    ),
    CallMatterKind.CONFLICTS: lambda each: ngettext(
        "%(num)s intérêt probable à confirmer ou à écarter",
        "%(num)s intérêts probables à confirmer ou à écarter",
        each.count,
    ),
    CallMatterKind.LATE_SCORES: lambda each: ngettext(
        "%(num)s grille de notes en retard", "%(num)s grilles de notes en retard", each.count
    ),
    CallMatterKind.LETTERS: lambda each: ngettext(
        "%(num)s décision à publier, avec sa lettre",
        "%(num)s décisions à publier, avec leurs lettres",
        each.count,
    ),
    CallMatterKind.APPEAL: lambda each: _(
        "Recours à examiner : %(organisation)s, candidature %(n)s",
        organisation=each.organisation,
        n=each.number,
    ),
}
_PAGES: Mapping[CallMatterKind, str] = {
    CallMatterKind.OPENING: "",
    CallMatterKind.ELIGIBILITY: "/applications?state=received",
    CallMatterKind.CONFLICTS: "/jury",
    CallMatterKind.LATE_SCORES: "/jury",
    CallMatterKind.LETTERS: "/deliberation",
    CallMatterKind.APPEAL: "/applications/",
}
_PATIENCE: Mapping[CallMatterKind, int | None] = {  # days
    CallMatterKind.OPENING: None,  # it has a day
    CallMatterKind.ELIGIBILITY: 21,
    CallMatterKind.CONFLICTS: 21,
    CallMatterKind.LATE_SCORES: 21,
    CallMatterKind.LETTERS: 7,
    CallMatterKind.APPEAL: 60,
}
_ORDER = {matter: n for n, matter in enumerate(CallMatterKind)}


def list_lines(actor: Actor) -> Sequence[WaitingLine]:
    """What waits in the calls that the actor leads, the longest waiting first."""
    return sorted(map(_build_line, list_waiting_call_matters(actor)), key=lambda line: line.since)


def _build_line(each: WaitingCallMatter) -> WaitingLine:
    place = f"/programmes/{each.slug}/calls/{each.call}{_PAGES[each.matter]}"
    return WaitingLine(
        id=each.id,
        project=build_call_in_place_of_project(each.id, each.programme_id, each.call, each.title),
        path=f"{place}{each.number or ''}",
        title=_TITLES[each.matter](each),
        since=each.since,
        due_on=each.due_on,
        patience=_PATIENCE[each.matter],
        number=_ORDER[each.matter],
        is_own=True,
    )


WAITING = WaitingKind(
    code=CODE,
    title=lambda count: ngettext("Appel à candidatures (%(num)s)", "Appels à candidatures (%(num)s)", count),
    short=_l("Appel"),
    list_lines=list_lines,
    rank=4,
)
