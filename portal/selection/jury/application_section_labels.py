"""What the jury adds to the page of an application: interests, seats, scores once open."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.urls import path_to
from portal.selection.applications.commands import application_path
from portal.selection.applications.queries import LoadedApplication
from portal.selection.applications.section_queries import ApplicationPageSection
from portal.selection.calls.models import Call
from portal.selection.calls.queries import list_criteria
from portal.selection.calls.section_queries import CallTile, CallTiles
from portal.selection.jury import labels, policy, queries, sheet_labels
from portal.selection.jury.conflict_queries import (
    count_applications_without_lead,
    find_conflict_undo_obstacle,
    list_likely_conflicts,
    read_application_leadership,
)
from portal.selection.jury.forms import DeclareInterestForm
from portal.selection.jury.models import UNDO_TIME, InterestDeclaration
from portal.selection.jury.sheet_queries import find_next_awaited_application


def _read_interests_context(actor: Actor, loaded: LoadedApplication) -> Mapping[str, Any]:
    """The question put to a juror, and who leads the application, for leads of the call."""
    leadership = None
    if loaded.rights.leads_call:
        key = "leadership", loaded.application.id
        leadership = cache_until_change(
            actor, key, lambda: read_application_leadership(loaded.call, loaded.application)
        )
    return {
        "interest_form": DeclareInterestForm(formdata=None)
        if policy.is_declaration_awaited(loaded)
        else None,
        "undo_until": loaded.assignment.recused_at + UNDO_TIME
        if loaded.assignment and loaded.assignment.recused_at and not find_conflict_undo_obstacle(loaded)
        else None,
        "can_declare_found_interest": policy.can_declare_found_interest(loaded),
        "late_interest": labels.TOO_LATE_FOR_INTEREST
        if policy.is_late_interest_possible(loaded) and loaded.application.opened_at
        else "",
        "leadership": leadership,
        "why_not_judged": _find_why_not_judged(loaded),
        "is_shut_out": loaded.rights.leads_call and not loaded.rights.is_lead,
        "reader_id": actor.person_id,
        "jury_labels": labels,
        "next_application": _link_next_application(actor, loaded),
    }


def _link_next_application(actor: Actor, loaded: LoadedApplication) -> tuple[str, str] | None:
    """Label and path of what a juror who is through with an application does next."""
    awaiting = find_next_awaited_application(actor, loaded)
    if awaiting is None:
        return None
    title, place = awaiting.application.title, application_path(awaiting)
    if policy.can_score(awaiting):
        return _("Noter la suivante : %(title)s", title=title), f"{place}/sheet"
    return _("Se prononcer sur la suivante : %(title)s", title=title), place


def _find_why_not_judged(loaded: LoadedApplication) -> str:
    """Why a juror who never said whether they have an interest is asked no more; "" otherwise."""
    own = loaded.assignment
    if own is None or own.declaration is not InterestDeclaration.AWAITED or own.recused_at is not None:
        return ""
    return ". ".join(part.rstrip(".") for part in sheet_labels.describe_closed_sheet(loaded)) + "."


def _read_assigned_jurors_context(actor: Actor, loaded: LoadedApplication) -> Mapping[str, Any]:
    key = "seats", loaded.application.id, loaded.rights, actor.person_id
    return cache_until_change(actor, key, lambda: _build_assigned_jurors_context(actor, loaded))


def _build_assigned_jurors_context(actor: Actor, loaded: LoadedApplication) -> Mapping[str, Any]:
    seats = queries.list_application_jurors(loaded)
    likely = []
    if loaded.rights.is_lead and policy.can_assign_jurors(loaded):
        likely = list(list_likely_conflicts(actor, [loaded.call], [loaded.application.id]))
    scores = queries.list_opened_scores(loaded)
    is_opened = loaded.rights.reads_whole and loaded.application.opened_at is not None
    by_criterion = [
        (criterion, [each for each in scores if each.criterion.id == criterion.id])
        for criterion in (list_criteria(loaded.call) if is_opened else ())
    ]
    return {
        "seats": seats,
        "likely": likely,
        "scores": by_criterion,
        "missing_scores": sheet_labels.describe_missing_scores(
            loaded.call.scores_needed,
            [(criterion.name, [each.score.value for each in opened]) for criterion, opened in by_criterion],
            may_change=loaded.call.state in policy.JUDGING_STATES,
        ),
        "score_changes": queries.list_score_changes(loaded),
        "can_assign": policy.can_assign_jurors(loaded),
        "can_open": policy.can_open_scores(loaded),
        "can_score": policy.can_score(loaded),
        "can_change_score": policy.can_change_own_score(loaded),
        "can_declare_as_lead": loaded.rights.is_lead and policy.can_declare_interest(loaded),
        "own_sheet": loaded.assignment if loaded.rights.is_judge else None,
    }


INTERESTS = ApplicationPageSection(
    "selection/jury/interests.html", _read_interests_context, is_for_title=True
)
SEATS = ApplicationPageSection("selection/jury/seats.html", _read_assigned_jurors_context)


def _list_call_tiles(actor: Actor, programme: Programme, call: Call) -> Sequence[CallTile]:
    seats = queries.list_seats(actor, call)
    sent, assigned = sum(seat.sent for seat in seats), sum(seat.assigned for seat in seats)
    note = _("%(sent)s notes envoyées sur %(all)s", sent=sent, all=assigned) if assigned else _("à composer")
    path = path_to("jury.page", slug=programme.slug, call=call.number)
    return [CallTile(_("au jury"), path, str(len(seats)), note)]


def _list_call_page_warnings(_actor: Actor, call: Call) -> Sequence[str]:
    count = count_applications_without_lead(call)
    if not count:
        return []
    return [
        ngettext(
            "Pour %(num)s candidature, toutes les directions ont un intérêt : invitez-en une autre.",
            "Pour %(num)s candidatures, toutes les directions ont un intérêt : invitez-en une autre.",
            count,
        )
    ]


TILES = CallTiles(_list_call_tiles, _list_call_page_warnings)
