"""What the deliberation adds to the page of an application, and to those of a call and a project."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.urls import path_to
from portal.selection.applications.queries import LoadedApplication, list_members
from portal.selection.applications.section_queries import ApplicationPageSection
from portal.selection.calls.models import Call, CallState
from portal.selection.calls.queries import list_criteria
from portal.selection.calls.section_queries import CallTile, CallTiles
from portal.selection.deliberation import labels, policy, queries
from portal.selection.deliberation.appeal_rules import OPEN_STATES, list_appeal_limits


def _read_decision_context(actor: Actor, loaded: LoadedApplication) -> Mapping[str, Any]:
    key = "decision", loaded.application.id, loaded.rights, frozenset(actor.roles.items())
    return cache_until_change(actor, key, lambda: _build_decision_context(actor, loaded))


def _build_decision_context(actor: Actor, loaded: LoadedApplication) -> Mapping[str, Any]:
    decision = queries.find_decision(loaded)
    reasons = decision.reasons if decision else {}
    publication, appeals = queries.find_publication_of_decision(decision), queries.list_appeals(loaded)
    is_open = any(appeal.state in OPEN_STATES for appeal in appeals)
    named = [(each.name, reasons[each.key]) for each in list_criteria(loaded.call) if reasons.get(each.key)]
    return {
        "decision": decision,
        "decision_reasons": named if decision else [],
        "publication": publication,
        "appeals": appeals,
        "appeal_limits": list_appeal_limits(publication, appeals),
        "can_decide": policy.can_decide(loaded),
        "can_appeal": policy.can_receive_appeal(loaded) and not is_open,
        "can_found": policy.can_make_project(actor, loaded),
        "names_people": any(member.email for member in list_members(loaded.application)),
        "project_slug": queries.find_project_slug(loaded),
        "decision_labels": labels,
    }


DECISION = ApplicationPageSection("selection/deliberation/decision.html", _read_decision_context)


def _list_call_tiles(actor: Actor, programme: Programme, call: Call) -> Sequence[CallTile]:
    path = path_to("deliberation.page", slug=programme.slug, call=call.number)
    note = _("résultats publiés") if call.state is CallState.PUBLISHED else _("ordre du jour et décisions")
    if appealed := len(queries.list_openly_appealed_applications(actor, call)):
        note = ngettext("%(num)s recours à traiter", "%(num)s recours à traiter", appealed)
    return [CallTile(_("Délibération"), path, "", note)]


def _list_call_acts(actor: Actor, programme: Programme, call: Call) -> Sequence[tuple[str, str]]:
    """To publish, where a decision is not published yet."""
    if not (policy.can_publish(actor, call) and queries.list_unpublished_decisions(call)):
        return []
    return [
        (_("Publier les résultats"), path_to("deliberation.publish", slug=programme.slug, call=call.number))
    ]


def _list_undone_decisions(actor: Actor, call: Call) -> Sequence[str]:
    sentences = []
    if unscored := queries.count_applications_without_scores(actor, call):
        sentence = ngettext(
            "%(num)s candidature n’a ni notes ouvertes ni décision : le jury ne la noterait plus.",
            "%(num)s candidatures n’ont ni notes ouvertes ni décision : le jury ne les noterait plus.",
            unscored,
        )
        sentences.append(sentence)
    if undecided := len(queries.list_undecided_applications(actor, call)):
        sentence = (
            ngettext(
                "%(num)s autre candidature sans décision, à publier ensuite.",
                "%(num)s autres candidatures sans décision, à publier ensuite.",
                undecided,
            )
            if unscored
            else ngettext(
                "%(num)s candidature sans décision, à publier ensuite.",
                "%(num)s candidatures sans décision, à publier ensuite.",
                undecided,
            )
        )
        sentences.append(sentence)
    return sentences


TILES = CallTiles(_list_call_tiles, list_acts=_list_call_acts, list_undone=_list_undone_decisions)
