"""Gates of a programme: added, renamed, left out, reordered; who accepts them, and who cannot."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.oversight.gates import (
    acceptor_queries,
    commands,
    definition_queries,
    order_rules,
    programme_gate_commands,
    queries,
)
from portal.oversight.gates.definition_documents import read_default_gates
from portal.oversight.gates.definition_rules import PLACE_GAP, GateAcceptor
from portal.oversight.gates.programme_gate_commands import GateChangeReason, GateContent, GateMonthAndAcceptor
from portal.oversight.gates.state_rules import GateStanding, sum_progress
from portal.people.programmes import track_commands
from portal.people.programmes.models import INSTALLATION, RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotAllowed, RuleBroken
from portal.project.projects.gate_rules import GATE_NUMBER_MAX
from portal.project.projects.queries import get_programme_of
from tests.support import factories as make
from tests.support import gates

CONTENT = GateContent(name_fr="Données partagées", name_en="", predicates=["data_received"])
LEAD = GateMonthAndAcceptor(month=3, acceptor=GateAcceptor.DIRECTION, track="")
COACHED = (1, 2, 4, 5, 6, 7, 8, 10)  # gates that a coach accepts
KNOWN = GateChangeReason(because="b", knowingly=True)


@pytest.fixture
def programme(project):
    return get_programme_of(project)


def numbers(programme):
    return [each.number for each in definition_queries.list_definitions(programme.id)]


def add(actor, programme, **values):
    usual = {"content": CONTENT, "weight": 6, "assignment": LEAD, "change": KNOWN}
    given = usual | values
    return programme_gate_commands.add_gate(actor, programme, given.pop("content"), **given)


def edit(actor, programme, gate, position, **values):
    definition = definition_queries.get_definition(programme.id, gate)
    usual = {
        "name_fr": definition.name_fr,
        "name_en": definition.name_en,
        "predicates": definition.predicates,
    }
    programme_gate_commands.edit_gate(
        actor,
        programme,
        gate,
        GateContent(**usual | values),
        position=position,
        change=replace(KNOWN, read_edition=definition.edition),
    )


def test_an_added_gate_is_evaluated_asked_accepted_and_the_past_stays(project, lead, direction):
    gates.judged(project)
    programme, before = get_programme_of(project), clock.now()
    with pytest.raises(RuleBroken, match=project.short_name):
        add(direction, programme, change=GateChangeReason(because="b"))
    added = add(direction, programme)
    db.session.commit()
    assert (added.number, numbers(programme)[-1]) == (12, 12)
    state = queries.read_states(project)[-1]
    assert (state.definition.name_en, state.is_proved) == ("Données partagées", False)
    assert [each.value for each in state.definition.stale] == ["data_source_changed"]
    assert sum_progress(queries.read_states(project)).total == 106
    assert queries.find_discussion_id(project, 12) is not None
    commands.declare_gate(lead, project, 12)
    commands.waive_gate(direction, project, 12, "r")
    earlier = queries.read_histories_until([project], before)[project.id]
    assert sum_progress(queries.derive_states(project, earlier, before)).total == 100
    assert "gate_terms.added" in [line.action for line in db.session.query(AuditEvent)]


def test_an_english_name_that_nobody_wrote_follows_the_french_one(direction, programme):
    number = add(direction, programme).number
    edit(direction, programme, number, 13, name_fr="Données ouvertes")
    assert definition_queries.get_definition(programme.id, number).name_en == "Données ouvertes"
    edit(direction, programme, number, 13, name_en="Open data")
    edit(direction, programme, number, 13, name_fr="Données publiées")
    assert definition_queries.get_definition(programme.id, number).name_en == "Open data"


def test_what_an_added_gate_may_not_be(project, lead, direction, programme):
    with pytest.raises(NotAllowed):
        add(lead, programme)
    for values, field in (
        ({"content": replace(CONTENT, name_fr="PREMIER prototype de bout en bout")}, "name_fr"),
        ({"assignment": replace(LEAD, month=programme.months + 1)}, "month"),
        ({"assignment": replace(LEAD, acceptor=GateAcceptor.TRACK_COACH, track="gone")}, "track"),
    ):
        with pytest.raises(RuleBroken) as refused:
            add(direction, programme, **values)
        assert refused.value.field == field
    for number in range(12, GATE_NUMBER_MAX + 1):
        add(direction, programme, content=replace(CONTENT, name_fr=f"Jalon {number}"))
    with pytest.raises(RuleBroken, match="au plus 24"):
        add(direction, programme)


def test_a_gate_left_out_counts_nowhere_and_comes_back_as_it_was(project, coach, direction):
    gates.shown(project)
    gates.judged(project)
    programme = get_programme_of(project)
    evidence = queries.read_last_evaluation_rows_by_gate(project)[5].fingerprint
    commands.accept_gate(coach, project, 5, evidence)
    db.session.commit()
    before = clock.now()
    with pytest.raises(RuleBroken, match="accepté 10 → 0"):
        programme_gate_commands.leave_out_gate(direction, programme, 5, GateChangeReason(because="b"))
    programme_gate_commands.leave_out_gate(direction, programme, 5, KNOWN)
    db.session.commit()
    assert 5 not in numbers(programme)
    progress = sum_progress(queries.read_states(project))
    assert (progress.accepted, progress.total) == (0, 90)
    earlier = queries.read_histories_until([project], before)[project.id]
    assert sum_progress(queries.derive_states(project, earlier, before)).accepted == 10
    with pytest.raises(Conflict):
        programme_gate_commands.put_back_gate(direction, programme, 5, KNOWN)
    with pytest.raises(RuleBroken):
        programme_gate_commands.leave_out_gate(direction, programme, 5, replace(KNOWN, read_edition=1))
    programme_gate_commands.put_back_gate(direction, programme, 5, replace(KNOWN, read_edition=1))
    assert queries.read_states(project)[5].standing is GateStanding.ACCEPTED
    with pytest.raises(RuleBroken):
        programme_gate_commands.put_back_gate(direction, programme, 5, replace(KNOWN, read_edition=2))


def test_the_last_gate_stays(project, direction, programme):
    for number in range(1, 12):
        programme_gate_commands.leave_out_gate(direction, programme, number, KNOWN)
    with pytest.raises(RuleBroken, match="au moins un jalon"):
        programme_gate_commands.leave_out_gate(direction, programme, 0, KNOWN)


def test_a_project_that_is_over_keeps_the_gates_of_its_last_day(project, direction, programme):
    gates.judged(project)
    ended_on = clock.today() - timedelta(days=1)
    ended = make.project(programme, stopped_on=ended_on, stop_reason="r", learnings="l")
    programme_gate_commands.leave_out_gate(direction, programme, 5, KNOWN)
    add(direction, programme)
    assert sum_progress(queries.read_stored_states(project)).total == 96
    assert sum_progress(queries.read_stored_states(ended)).total == 100


def test_a_gate_is_renamed_and_asks_for_something_else(project, direction, programme):
    gates.judged(project)
    edit(direction, programme, 5, 6, name_fr="Une maquette", name_en="A mock-up")
    edit(direction, programme, 5, 6, predicates=["version_reachable", "target_users"])
    definition = definition_queries.get_definition(programme.id, 5)
    assert (definition.name_fr, definition.name_en) == ("Une maquette", "A mock-up")
    assert definition.predicates == ("version_reachable", "target_users")
    assert definition.thresholds == {"target_users": 5, "versions_later": 2, "days_later": 90}
    state = queries.read_stored_states(project)[5]
    assert [each.predicate for each in state.evaluation.results] == list(definition.predicates)
    with pytest.raises(RuleBroken, match="Rien ne change"):
        edit(direction, programme, 5, 6)
    with pytest.raises(RuleBroken) as refused:
        edit(direction, programme, 5, 6, name_fr="ÉQUIPE engagée")
    assert refused.value.field == "name_fr"


def test_gates_are_ordered_and_only_the_moved_one_changes(project, direction, programme):
    edit(direction, programme, 9, 1)
    assert numbers(programme) == [9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11]
    edit(direction, programme, 0, 12)
    assert numbers(programme) == [9, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 0]
    editions = {each.number: each.edition for each in definition_queries.list_definitions(programme.id)}
    assert {number for number, edition in editions.items() if edition} == {9, 0}
    assert queries.read_states(project)[0].definition.number == 9


def test_places_without_room_between_neighbours_are_given_anew():
    definitions = [replace(each, place=n) for n, each in enumerate(read_default_gates()[:3])]
    places = order_rules.compute_new_places(definitions, 2, 2)
    assert places == {0: PLACE_GAP, 2: 2 * PLACE_GAP, 1: 3 * PLACE_GAP}
    assert order_rules.compute_new_places(read_default_gates(), 4, 5) == {}
    assert order_rules.compute_new_places(read_default_gates(), 4, 99) == {4: 12 * PLACE_GAP}


def assignments(programme, **changed):
    rows = {
        each.number: GateMonthAndAcceptor(
            month=each.terms.month, acceptor=each.terms.acceptor, track=each.terms.track
        )
        for each in definition_queries.list_definitions(programme.id)
    }
    return rows | {int(key[1:]): value for key, value in changed.items()}


def test_months_and_acceptors_are_set_at_once(project, direction, programme):
    earlier = replace(LEAD, month=2)
    assign = programme_gate_commands.set_months_and_acceptors
    with pytest.raises(RuleBroken, match=project.short_name):
        assign(direction, programme, assignments(programme, g2=LEAD), GateChangeReason(because="b"))
    assign(direction, programme, assignments(programme, g2=LEAD, g4=earlier), KNOWN)
    definitions = definition_queries.read_definitions_by_programme([programme.id])[programme.id]
    assert [definitions[n].terms.month for n in (2, 4)] == [3, 2]
    assert definitions[2].terms.acceptor is GateAcceptor.DIRECTION
    with pytest.raises(Conflict):
        assign(direction, programme, assignments(programme), KNOWN)
    current = replace(KNOWN, read_edition=2)
    with pytest.raises(RuleBroken, match="Rien ne change"):
        assign(direction, programme, assignments(programme), current)
    gone = replace(LEAD, acceptor=GateAcceptor.TRACK_COACH, track="gone")
    late = replace(LEAD, month=programme.months + 1)
    for values, field in ((gone, "accepter_1"), (late, "month_1")):
        with pytest.raises(RuleBroken) as refused:
            assign(direction, programme, assignments(programme, g1=values), current)
        assert refused.value.field == field


def test_an_administrator_sets_the_acceptors_until_there_is_a_project(app):
    admin = make.actor(make.role(INSTALLATION, Role.ADMINISTRATOR))
    programme = make.programme()
    values = assignments(programme, g2=LEAD)
    programme_gate_commands.set_months_and_acceptors(admin, programme, values, KNOWN)
    make.project(programme)
    with pytest.raises(NotAllowed):
        programme_gate_commands.set_months_and_acceptors(admin, programme, values, KNOWN)


def gaps(programme, without=()):
    return {
        gap.definition.number: [team.short_name for team in gap.teams]
        for gap in acceptor_queries.list_acceptor_gaps(programme, without)
    }


def test_a_gap_is_a_gate_that_nobody_can_accept(project, programme):
    assert list(gaps(programme)) == list(range(12))
    make.role(programme.id, Role.PROGRAMME_LEAD)
    make.role(programme.id, Role.ETHICS_REVIEWER)
    assert gaps(programme) == {number: [] for number in COACHED}
    make.role(programme.id, Role.COACH)
    team = [project.short_name]
    assert gaps(programme) == dict.fromkeys(COACHED, team)
    person = gates.coach(project)
    assert gaps(programme) == {1: team, 10: team}
    person.disabled_at = clock.now()
    db.session.flush()
    assert 2 in gaps(programme)


def test_who_may_accept_is_named_and_never_a_member_of_the_team(project, programme, direction):
    coach = gates.coach(project)
    names = acceptor_queries.list_acceptor_names_by_gate([project])[project.id]
    assert names[2] == [coach.name]
    assert names[1] == []
    assert len(names[0]) == 1
    db.session.add(RoleAssignment(scope_id=project.id, person_id=coach.id, role=Role.TEAM_MEMBER))
    db.session.flush()
    assert acceptor_queries.list_acceptor_names_by_gate([project])[project.id][2] == []


def test_a_track_whose_coach_accepts_gates_stays_until_others_do(app):
    programme = make.programme()
    direction = make.actor(make.role(programme.id, Role.PROGRAMME_LEAD))
    track = make.tracks_of(programme)["strategic"]
    with pytest.raises(RuleBroken, match=r"G1\s: Problème, utilisateurs, mesure"):
        track_commands.remove_track(direction, programme, track)
    assert make.tracks_of(programme).keys() == {"technical", "strategic"}
    values = assignments(programme, g1=LEAD, g10=LEAD)
    programme_gate_commands.set_months_and_acceptors(direction, programme, values, KNOWN)
    track_commands.remove_track(direction, programme, track)
    assert make.tracks_of(programme).keys() == {"technical"}
