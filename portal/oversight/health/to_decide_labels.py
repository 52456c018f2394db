"""Stale gates, and coaches whom nobody sees any more, on the page of what is to decide."""

from collections.abc import Sequence
from dataclasses import replace

from portal.oversight.gates.acceptor_queries import list_acceptor_names_by_gate
from portal.oversight.gates.labels import staleness_causes, title
from portal.oversight.gates.reference_queries import read_reference_titles
from portal.oversight.gates.standing_labels import describe_first_turn, describe_turns
from portal.oversight.gates.state_rules import Staleness, list_unsettled_references
from portal.oversight.health import silent_coach_queries, stale_gate_queries
from portal.oversight.health.state_rules import count_silent_days_by_track
from portal.oversight.health.team_labels import name_of_track
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.platform.web.template_filters import ago
from portal.project.projects.queries import list_projects_by_ids
from portal.project.projects.to_decide_queries import WAITING_MAX, WaitingKind
from portal.project.projects.to_decide_rules import PATIENCE, WaitingLine, WaitingLineProject

STALE, COACHES, COACHLESS = "stale", "coaches", "coachless"


def list_stale_gate_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Stale gates that the actor accepts or, as a lead, follows; the oldest first."""
    return [
        WaitingLine(
            id=stale.project.id,
            project=WaitingLineProject.of(stale.project),
            path=f"/projects/{stale.project.slug}/gates/{stale.definition.number}",
            title=title(stale.definition),
            detail=describe_turns({stale.definition.number: stale.turns}) if stale.turns else "",
            since=stale.since,
            patience=PATIENCE if stale.is_own or not stale.turns else None,  # the time of others
            number=stale.definition.number,
            is_own=stale.is_own,
            is_ready=not stale.turns,
            is_assigned=not stale.is_own,
            whom=describe_first_turn(stale.turns),
        )
        for stale in stale_gate_queries.list_stale_gates_for_actor(actor)
    ]


def describe_stale_gates(lines: Sequence[WaitingLine]) -> Sequence[str]:
    """Whose turn it is, and what made each stale, with the titles of what changed and since when. Nine
    statements."""
    projects = list_projects_by_ids([line.project.id for line in lines])
    names = list_acceptor_names_by_gate(projects)
    gates = {(line.project.id, line.number) for line in lines}
    states = stale_gate_queries.read_stale_gate_states(projects, gates)
    references = read_reference_titles(
        {id_: list_unsettled_references(gates.values()) for id_, gates in states.items()}
    )
    details = []
    for line in lines:
        state = states[line.project.id].get(line.number)
        stale = _leave_out_said_day(line, state.stale) if state else ()
        cause = staleness_causes(stale, references.get(line.project.id))
        turn = line.detail or _describe_turn(line, names[line.project.id].get(line.number, ()))
        detail = " ".join(filter(None, (turn, cause)))
        is_said = line.patience is not None or any(each.since for each in stale)
        details.append(detail if is_said else ", ".join(filter(None, (detail, ago(line.since)))))
    return details


def _leave_out_said_day(line: WaitingLine, stale: Sequence[Staleness]) -> Sequence[Staleness]:
    """The causes without their day where it is one for all, and the line says that it waits since then."""
    is_said = line.patience is not None and all(each.since == line.since for each in stale)
    return [replace(each, since=None) for each in stale] if is_said else stale


def _describe_turn(line: WaitingLine, names: Sequence[str]) -> str:
    """Who looks at a gate that is proved again; "" where it is the reader."""
    if line.is_own:
        return ""
    if not names:
        return _("Personne ne peut l’accepter.")
    return _("Attend %(who)s.", who=", ".join(names))


WAITING = WaitingKind(
    code=STALE,
    title=lambda count: ngettext("Jalon périmé (%(num)s)", "Jalons périmés (%(num)s)", count),
    short=_l("Périmé"),
    list_lines=list_stale_gate_lines,
    describe=describe_stale_gates,
    dates_details=True,
    rank=5,
)


def list_silent_coach_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Teams of the programmes that the actor leads whose contact on a track is on alert, in
    nobody's charge; the longest silent first. They wait since nobody was seen, and are late once they are on
    alert for as long as others may wait."""
    return [
        WaitingLine(
            id=silent.project.id,
            project=silent.project,
            path=f"/projects/{silent.project.slug}/team#coaches",
            title=_name_silent_tracks(silent),
            since=silent.silent_since,
            listed_from=silent.signal.alert_from,
            patience=silent.days_before_alert + PATIENCE,
        )
        for silent in silent_coach_queries.list_teams_with_silent_coach(actor)[:WAITING_MAX]
    ]


def _name_silent_tracks(silent: silent_coach_queries.TeamWithSilentCoach) -> str:
    """The tracks that are on alert; the line says for how long the first of them is."""
    tracks = [
        name_of_track(silent.state.facts.tracks[key])
        for key, days in count_silent_days_by_track(silent.state, silent.signal).items()
        if days >= silent.days_before_alert
    ]
    return _("aucun coach vu\u00a0: %(tracks)s", tracks=", ".join(tracks)) if tracks else _("aucun coach vu")


def describe_silent_coaches(lines: Sequence[WaitingLine]) -> Sequence[str]:
    """The coaches of the silent tracks of each team, and how many teams they follow. Two statements."""
    loads = silent_coach_queries.list_silent_coach_loads([line.project.id for line in lines])
    return [", ".join(_describe_load(*load) for load in loads.get(line.project.id, ())) for line in lines]


def _describe_load(name: str, teams: int) -> str:
    return ngettext("%(name)s suit %(num)s équipe", "%(name)s suit %(num)s équipes", teams, name=name)


SILENT = WaitingKind(
    code=COACHES,
    title=lambda count: ngettext("Volet sans contact (%(num)s)", "Volets sans contact (%(num)s)", count),
    short=_l("Coach"),
    list_lines=list_silent_coach_lines,
    describe=describe_silent_coaches,
    rank=6,
)


def list_coachless_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Teams of the programmes that the actor leads without any coach, the longest first."""
    return [
        WaitingLine(
            id=project.id,
            project=project,
            path=f"/projects/{project.slug}/team#coach",
            title=_("aucun coach"),
            since=since,
            patience=PATIENCE,
        )
        for project, since in silent_coach_queries.list_coachless_teams(actor)[:WAITING_MAX]
    ]


VACANT = WaitingKind(
    code=COACHLESS,
    title=lambda count: ngettext("Équipe sans coach (%(num)s)", "Équipes sans coach (%(num)s)", count),
    short=_l("Sans coach"),
    list_lines=list_coachless_lines,
    rank=6,
)
