"""What a pack tells of the programme beside its teams, as plain data."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from portal.funding.agreements.labels import amount_in_table
from portal.funding.agreements.models import InstalmentState
from portal.oversight.committee_packs.programme_state_queries import (
    DueInstalment,
    PackCall,
    ProgrammeState,
)
from portal.platform.kernel.text import LazyString, format_day, in_reader_language, lower_first, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.pdf.report_parts import Part, make_part, make_table
from portal.selection.calls.labels import STATES

AREA = "area"  # of the API, in a part that a token reads only with that area
NAMED_MAX = 6  # instalments that a line of the table names
_WAITING: Mapping[InstalmentState, LazyString] = {
    InstalmentState.REQUESTED: _l("Demandées, à contrôler"),
    InstalmentState.CHECKED: _l("Contrôlées, à verser"),
}
_NOTHING = _l("Aucune tranche n’est à contrôler ni à verser")


def list_programme_state_parts(state: ProgrammeState, names: Mapping[str, str]) -> Sequence[Part]:
    """A part for the calls, one for the instalments; `names` are those of the teams, by slug."""
    parts: list[Part] = []
    if state.calls:
        title = ngettext("L’appel", "Les appels", len(state.calls))
        part = make_part(title, [_describe_call(call) for call in state.calls])
        parts.append({**part, AREA: "selection"})
    if state.has_agreements:
        parts.append({**_build_instalments_part(state.instalments, names), AREA: "funding"})
    return parts


def keep_parts_of_areas(content: dict[str, Any], areas: Collection[str]) -> dict[str, Any]:
    """A page of a pack without the parts of other areas of the API; all of it where there is no area."""
    if not areas or "parts" not in content:
        return content
    parts = [part for part in content["parts"] if AREA not in part or part[AREA] in areas]
    return {**content, "parts": parts}


def _describe_call(call: PackCall) -> str:
    applications = ngettext("%(num)s candidature reçue", "%(num)s candidatures reçues", call.applications)
    return _(
        "%(title)s : %(state)s, du %(first)s au %(last)s, %(applications)s.",
        title=in_reader_language(call.title_fr, call.title_en or call.title_fr),
        state=lower_first(str(STATES[call.state])),
        first=format_day(call.opens_on),
        last=format_day(call.closes_on),
        applications=applications,
    )


def _build_instalments_part(instalments: Sequence[DueInstalment], names: Mapping[str, str]) -> Part:
    if not instalments:
        return make_part(str(_NOTHING))
    on_hold = [each for each in instalments if each.held_gates]
    awaited = [each for each in instalments if not each.held_gates]
    title = ngettext(
        "%(num)s tranche à contrôler ou à verser",
        "%(num)s tranches à contrôler ou à verser",
        len(awaited),
    )
    groups = [(label, [each for each in awaited if each.state is state]) for state, label in _WAITING.items()]
    rows = []
    for label, own in (*groups, (_l("Mises en attente d’un jalon"), on_hold)):
        if own:
            amount = amount_in_table(sum(each.amount_cents for each in own))
            rows.append([str(label), str(len(own)), amount, _name_teams(own, names)])
    columns = [_("Tranches"), _("Nombre"), _("Montant"), _("Équipes")]
    return make_part(
        title if awaited else str(_NOTHING),
        table=make_table(_("Par état, avec les équipes"), columns, rows, wide=(3,), amounts=(1, 2)),
    )


def _name_teams(instalments: Sequence[DueInstalment], names: Mapping[str, str]) -> str:
    """« DDTM 34 (tranche 2), INSEE (tranche 1, en attente de G5) »; then how many others."""
    texts = [
        _(
            "%(team)s (tranche %(n)s, en attente de %(gates)s)",
            team=names[each.slug],
            n=each.number,
            gates=", ".join(f"G{number}" for number in each.held_gates),
        )
        if each.held_gates
        else _("%(team)s (tranche %(n)s)", team=names[each.slug], n=each.number)
        for each in instalments[:NAMED_MAX]
    ]
    if (more := len(instalments) - NAMED_MAX) > 0:
        texts.append(ngettext("et %(num)s autre", "et %(num)s autres", more))
    return ", ".join(texts)
