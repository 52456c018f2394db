"""What gates bring to the pages of programmes: templates, notices, uses of tracks, lost roles."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from flask import url_for

from portal.oversight.gates import acceptor_queries, definition_queries, labels, policy, queries
from portal.oversight.gates.acceptor_queries import GateWithoutAcceptor
from portal.oversight.gates.definition_documents import read_default_gates
from portal.oversight.gates.definition_rules import GateAcceptor, GateDefinition, StalenessCause
from portal.oversight.gates.framing_predicate_rules import PURPOSES_WRITTEN
from portal.oversight.gates.state_rules import GateSnapshot, GateStanding
from portal.oversight.gates.template_commands import apply_template
from portal.oversight.gates.template_documents import list_templates
from portal.people.programmes.models import Programme, RoleAssignment, Scope, Track
from portal.people.programmes.notice_labels import ProgrammeNotice, ProgrammeNoticeSource, RoleLossSource
from portal.people.programmes.queries import find_programme_of_scope, list_dependent_assignments
from portal.people.programmes.template_commands import ProgrammeTemplate
from portal.people.programmes.track_commands import TrackUseSource
from portal.platform.kernel.access import Actor
from portal.platform.kernel.months import months_after
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first, ngettext
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor
from portal.project.projects.gate_queries import ProjectGatesReader
from portal.project.projects.models import Project

TEAMS_NAMED_MAX = 5


def list_acceptor_gap_sentences(programme: Programme, gaps: Sequence[GateWithoutAcceptor]) -> Sequence[str]:
    """Return a sentence for each gate that nobody can accept, with who should and where."""
    tracks = definition_queries.read_track_names(programme.id)
    return [
        _(
            "%(gate)s\u00a0: %(who)s. %(where)s",
            gate=labels.title(gap.definition),
            who=labels.acceptor(gap.definition, tracks),
            where=_describe_acceptor_gap(gap),
        )
        for gap in gaps
    ]


def list_due_after_end_sentences(programme: Programme) -> Sequence[str]:
    """Return a sentence for each gate that is due after the programme's last month."""
    return [
        _(
            "%(gate)s : mois %(month)s, le programme en a %(months)s",
            gate=labels.title(definition),
            month=definition.terms.month,
            months=programme.months,
        )
        for definition in definition_queries.list_definitions(programme.id)
        if definition.terms.month > programme.months
    ]


def _describe_acceptor_gap(gap: GateWithoutAcceptor) -> str:
    if not gap.teams:
        return _("Personne n’a ce rôle dans le programme.")
    teams = ", ".join(team.short_name for team in gap.teams[:TEAMS_NAMED_MAX])
    more = len(gap.teams) - TEAMS_NAMED_MAX
    if more > 0:
        return _("Personne pour %(teams)s et %(n)s autres.", teams=teams, n=more)
    return _("Personne pour %(teams)s.", teams=teams)


def read_acceptor_gaps(programme: Programme, *without: UUID) -> Sequence[GateWithoutAcceptor]:
    """The gates that nobody can accept, `without` the roles of these ids: read by whoever sets up
    the programme, and the same until the trail grows."""
    key = "gaps", programme.id, without
    return cache_until_change(
        current_actor, key, lambda: acceptor_queries.list_acceptor_gaps(programme, without)
    )


def _list_notices(actor: Actor, programme: Programme) -> Sequence[ProgrammeNotice]:
    if not policy.can_read_set_up_notices(actor, programme):
        return []
    has_projects = definition_queries.has_projects(programme.id)
    can_set_up = policy.can_set_up_gates(actor, programme, has_projects=has_projects)
    gaps = read_acceptor_gaps(programme)
    roles, places = _describe_roles_to_fill(programme, gaps)
    late = list_due_after_end_sentences(programme)
    titled = (
        (
            ngettext("%(num)s rôle à pourvoir", "%(num)s rôles à pourvoir", roles),
            ngettext(
                "%(places)s. Faute de quoi, personne ne peut accepter un jalon.",
                "%(places)s. Faute de quoi, personne ne peut accepter %(num)s jalons.",
                len(gaps),
                places=places,
            ),
            list_acceptor_gap_sentences(programme, gaps),
        ),
        (
            _("Des jalons attendus après la fin du programme"),
            ngettext("%(num)s jalon", "%(num)s jalons", len(late)),
            late,
        ),
    )
    url = url_for("programme_gates.set_months_and_acceptors", programme=programme.slug) if can_set_up else ""
    return [
        ProgrammeNotice(title, brief, sentences, url, _("Dire qui accepte les jalons, et quand"))
        for title, brief, sentences in titled
        if sentences
    ]


def _describe_roles_to_fill(programme: Programme, gaps: Sequence[GateWithoutAcceptor]) -> tuple[int, str]:
    """How many roles are missing in the programme and in its teams, and which, place by place; any coach is
    not counted beside one of a track."""
    tracks = definition_queries.read_track_names(programme.id)
    programme_place = (programme.id, _("Dans le programme"))
    missing_by_place: dict[tuple[UUID, str], dict[GateAcceptor, set[str]]] = {}
    for gap in gaps:
        acceptor, name = gap.definition.terms.acceptor, labels.acceptor(gap.definition, tracks)
        for place in [(team.id, team.short_name) for team in gap.teams] or [programme_place]:
            missing_by_place.setdefault(place, {}).setdefault(acceptor, set()).add(name)
    names_by_place = {
        place: [
            name
            for acceptor, names in missing.items()
            if acceptor is not GateAcceptor.ANY_COACH or GateAcceptor.TRACK_COACH not in missing
            for name in sorted(names)
        ]
        for place, missing in missing_by_place.items()
    }
    described = [
        _(
            "%(place)s : %(roles)s",
            place=place,
            roles=", ".join(lower_first(name) for name in roles),
        )
        for (_id, place), roles in list(names_by_place.items())[:TEAMS_NAMED_MAX]
    ]
    if more := len(names_by_place) - len(described):
        described.append(ngettext("%(num)s autre équipe", "%(num)s autres équipes", more))
    return sum(map(len, names_by_place.values())), _(" ; ").join(described)


def _list_sentences_on_gates_losing_acceptor(scope: Scope, assignment: RoleAssignment) -> Sequence[str]:
    """The gates that nobody could accept any more once a role has ended."""
    programme = find_programme_of_scope(scope)
    if programme is None:
        return []
    ended = [each.id for each in (assignment, *list_dependent_assignments(scope, assignment))]
    before = {gap.definition.number: gap for gap in read_acceptor_gaps(programme)}
    new_gaps = [
        _leave_out_known_teams(gap, before.get(gap.definition.number))
        for gap in read_acceptor_gaps(programme, *ended)
        if gap != before.get(gap.definition.number)
    ]
    if not new_gaps:
        return []
    gates = [sentence.removesuffix(".") for sentence in list_acceptor_gap_sentences(programme, new_gaps)]
    return [_("Plus personne ne pourra accepter\u00a0: %(gates)s.", gates=_(" ; ").join(gates))]


def _leave_out_known_teams(
    gap: GateWithoutAcceptor, before: GateWithoutAcceptor | None
) -> GateWithoutAcceptor:
    earlier_teams = before.teams if before else ()
    return replace(gap, teams=[team for team in gap.teams if team not in earlier_teams])


def _list_gates_accepted_by_track(programme: Programme, track: Track) -> Sequence[GateDefinition]:
    """The gates that a coach of the track accepts."""
    return [
        definition
        for definition in definition_queries.list_definitions(programme.id)
        if definition.terms.acceptor is GateAcceptor.TRACK_COACH and definition.terms.track == track.key
    ]


def _describe_track_uses(programme: Programme, track: Track) -> str:
    """The gates that a coach of the track accepts, and where another acceptor is chosen."""
    gates = [labels.title(definition) for definition in _list_gates_accepted_by_track(programme, track)]
    if not gates:
        return ""
    return _(
        "Un coach de ce volet accepte des jalons (%(gates)s) : dites d’abord qui d’autre les"
        " accepte, dans Jalons, « Qui accepte, et quand ».",
        gates=_(" ; ").join(gates),
    )


def _list_links_to_gates_accepted_by_track(programme: Programme, track: Track) -> Sequence[tuple[str, str]]:
    """Each of these gates, from whose page another acceptor is chosen by whoever may."""
    return [
        (
            labels.title(definition),
            url_for("gate_terms.page", programme=programme.slug, gate=definition.number),
        )
        for definition in _list_gates_accepted_by_track(programme, track)
    ]


TEMPLATES = tuple(
    ProgrammeTemplate(
        key=template.key,
        name_fr=template.name_fr,
        name_en=template.name_en,
        months=template.months,
        tracks=[(track.name_fr, track.name_en) for track in template.tracks],
        gates=len(read_default_gates()) if template.has_gates else 0,
        fill=partial(apply_template, template=template),
    )
    for template in list_templates()
)


def _list_gate_choices(project: Project) -> Sequence[tuple[int, str]]:
    definitions = definition_queries.list_definitions(project.programme_id)
    return [(definition.number, labels.title(definition)) for definition in definitions]


def _list_gate_numbers_due_after_end(programme_id: UUID, starts_on: date, ends_on: date) -> Sequence[int]:
    """Gates are planned for the day that a month begins, so the last one for the day after the end."""
    return [
        definition.number
        for definition in definition_queries.list_definitions(programme_id)
        if months_after(starts_on, definition.terms.month) - timedelta(days=1) > ends_on
    ]


def _list_accepted_gate_numbers_relying_on_sources(project: Project) -> Sequence[int]:
    return [
        state.definition.number
        for state in _read_states(project)
        if state.standing is GateStanding.ACCEPTED
        and StalenessCause.DATA_SOURCE_CHANGED in state.definition.stale
    ]


def _list_gate_numbers_asking_purposes(project: Project) -> Sequence[int]:
    return [
        state.definition.number
        for state in _read_states(project)
        if state.standing is not GateStanding.WAIVED and PURPOSES_WRITTEN in state.definition.predicates
    ]


def _read_states(project: Project) -> Sequence[GateSnapshot]:
    key = "gates judging sources", project.id
    return cache_until_change(current_actor, key, lambda: queries.read_stored_states(project))


SECTIONS = (
    *TEMPLATES,
    ProjectGatesReader(
        _list_gate_choices,
        _list_gate_numbers_due_after_end,
        _list_accepted_gate_numbers_relying_on_sources,
        _list_gate_numbers_asking_purposes,
    ),
    ProgrammeNoticeSource(_list_notices),
    RoleLossSource(_list_sentences_on_gates_losing_acceptor),
    TrackUseSource(_describe_track_uses, _list_links_to_gates_accepted_by_track),
)
