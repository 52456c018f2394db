"""The calls of a programme for its page: in a few words, and among its first steps, with their jury."""

from collections.abc import Sequence

from flask import url_for

from portal.people.programmes.models import Programme
from portal.people.programmes.notice_labels import ProgrammeCalls
from portal.people.programmes.start_labels import (
    ProgrammeRoleCounts,
    ProgrammeStartPart,
    ProgrammeStartStep,
    ProgrammeStartStepSource,
    build_invitation_step,
)
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first, ngettext
from portal.project.projects.queries import programme_has_project
from portal.selection.calls import labels, policy, queries
from portal.selection.calls.models import Call, CallState


def describe_calls(actor: Actor, programme: Programme) -> tuple[str, str]:
    """« Appel : ouvert » and its path; of several, « Appels : » and the list, with the states of those whose
    results are not published, else of the latest; « Appels » where there is none."""
    calls = queries.list_calls(actor, programme)
    if not calls:
        return _("Appels"), url_for("calls.index", slug=programme.slug)
    states = [call.state for call, _programme in calls]
    unfinished = list(dict.fromkeys(state for state in states if state is not CallState.PUBLISHED))
    names = ", ".join(lower_first(str(labels.STATES[state])) for state in unfinished or states[:1])
    label = ngettext("Appel\u00a0: %(states)s", "Appels\u00a0: %(states)s", len(calls), states=names)
    if len(calls) > 1:
        return label, url_for("calls.index", slug=programme.slug)
    return label, url_for("calls.page", slug=programme.slug, call=calls[0][0].number)


CALLS = ProgrammeCalls(describe_calls)


def list_call_setup_steps(programme: Programme, counts: ProgrammeRoleCounts) -> Sequence[ProgrammeStartStep]:
    """Open a call, then invite its jury; none where teams are there without a call."""
    call = queries.find_latest_call(programme.id)
    if call is None and programme_has_project(programme.id):
        return []
    jury_step = build_invitation_step(
        programme,
        policy.JUROR,
        _("Inviter le jury"),
        _("Chaque juré déclare ses intérêts, puis note les candidatures qui lui sont confiées."),
        counts,
        part=ProgrammeStartPart.CALL,
        is_of_start_only=True,
    )
    first = _build_opening_step(programme, call) if call else _build_planning_step(programme)
    return [first, jury_step]


def _build_planning_step(programme: Programme) -> ProgrammeStartStep:
    return ProgrammeStartStep(
        _("Préparer l’appel"),
        _("Si les équipes sont déjà connues, créez leurs projets : cette étape disparaît."),
        is_done=False,
        url=url_for("calls.plan", slug=programme.slug),
        label=_("Préparer un appel"),
        other=(_("Créer un projet"), url_for("projects.new", programme=programme.slug)),
        is_of_start_only=True,
        part=ProgrammeStartPart.CALL,
    )


def _build_opening_step(programme: Programme, call: Call) -> ProgrammeStartStep:
    """Done once the call opened; it waits for its day where nothing is missing and its weights make 100."""
    missing = [name for _field, name in labels.list_missing_for_opening(call)]
    notice = labels.opening_notice(call)
    weights = labels.wrong_weight_sum_sentence(call, queries.list_criteria(call))
    if missing:
        note = _("%(notice)s. Il manque : %(what)s.", notice=notice, what=", ".join(missing))
    else:
        note = f"{notice}." if weights else _("%(notice)s. Rien ne manque.", notice=notice)
    return ProgrammeStartStep(
        _("Ouvrir l’appel"),
        f"{note} {weights}".strip(),
        call.state is not CallState.DRAFT,
        url_for("calls.page", slug=programme.slug, call=call.number),
        _("Voir l’appel"),
        is_waiting=not (missing or weights) and call.opens_on > clock.today(),
        is_of_start_only=True,
        part=ProgrammeStartPart.CALL,
    )


STEPS = ProgrammeStartStepSource(list_call_setup_steps)
