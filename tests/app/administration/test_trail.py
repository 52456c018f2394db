"""The page of the trail: filters, what it never shows, verification by the worker, speed."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from portal.app.administration import trail, trail_labels, verifications
from portal.app.administration.action_labels import ACTION_LABELS
from portal.app.administration.models import TrailVerification, VerificationStage
from portal.app.administration.trail import TrailFilters, TrailLine
from portal.app.administration.trail_views import read_filters_and_invalid_names
from portal.communication.directory.history_queries import read_history
from portal.communication.directory.labels import EVENT_LABELS
from portal.communication.directory.subject_labels import SUBJECTS
from portal.people.programmes import role_commands as roles
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import audit, audit_verification, clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import ACTIONS, AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotAllowed, RuleBroken
from portal.platform.kernel.identifiers import lowest_id_at
from portal.platform.kernel.text import using_language
from tests.platform.kernel import tampering
from tests.support import factories as make
from tests.support.browser import words_of

URL = "/administration/trail"
ZONE = "Europe/Paris"


def lines(**filters: object) -> list[str]:
    return [line.action for line in trail.read_trail_page(TrailFilters(**filters), ZONE).lines]


def test_lines_are_filtered_by_person_kind_thing_and_period(admin, project):
    who, other = make.person(), make.person()
    actor = make.actor(who)
    audit.record(actor, audit.ACTIONS["sprint.closed"], project, scope_id=project.id)
    audit.record(make.actor(other), audit.ACTIONS["project.edited"], project, scope_id=project.id)
    audit.record(make.actor(other), audit.ACTIONS["person.disabled"], who, scope_id=None)
    db.session.commit()
    assert lines() == ["person.disabled", "project.edited", "sprint.closed"]
    assert lines(person=f" {who.email.upper()} ") == ["person.disabled", "sprint.closed"]
    assert lines(person=who.email, kind="sprint") == ["sprint.closed"]
    assert lines(person=str(who.id)) == lines(person=who.email)
    assert lines(person="nobody@demo.example") == []
    assert lines(kind="project") == ["project.edited"]
    assert lines(row_id=project.id) == ["project.edited", "sprint.closed"]
    assert lines(row_id=project.id, kind="sprint") == ["sprint.closed"]
    today = clock.today(ZONE)
    assert len(lines(since=today, until=today)) == 3
    assert lines(since=today + timedelta(days=1)) == lines(until=today - timedelta(days=1)) == []


def test_pages_follow_one_another_without_a_gap(admin, browser_for):
    tampering.write_lines(120)
    pages, before = [], None
    while True:
        page = trail.read_trail_page(TrailFilters(before=before), ZONE)
        pages.append([line.id for line in page.lines])
        if page.next_before is None:
            break
        before = page.next_before
    assert [len(page) for page in pages] == [20] * 6
    assert len({id_ for page in pages for id_ in page}) == 120
    link = browser_for(admin).visit(f"{URL}?kind=programme").find("a", string="Les lignes d’avant")
    assert "kind=programme" in link["href"]


def test_the_page_names_fields_and_never_what_stood_in_them(admin, project, browser_for):
    facts = {"name": "Nom secret", "number": 7}
    changes = {"goal": ("But secret", "Autre secret")}
    deed = audit.ACTIONS["sprint.closed"]
    audit.record(make.actor(make.person()), deed, project, scope_id=project.id, facts=facts, changes=changes)
    db.session.commit()
    text = words_of(browser_for(admin).visit(URL))
    assert "But" in text
    assert "goal" not in text
    assert "A clos le sprint 7" in text
    assert "secret" not in text


def test_a_filter_that_is_not_understood_is_left_out_and_named(admin, browser_for):
    inverted = read_filters_and_invalid_names({"since": "2026-03-02", "until": "2026-03-01"})
    assert inverted == (TrailFilters(since=date(2026, 3, 2)), ["until"])
    filters, ignored = read_filters_and_invalid_names(
        {"since": "hier", "row_id": "x", "kind": "nothing", "person": "a@b.fr"}
    )
    assert (filters, ignored) == (TrailFilters(person="a@b.fr"), ["kind", "row_id", "since"])
    page = words_of(browser_for(admin).visit(f"{URL}?since=abc&kind=zzz&row_id=x"))
    for name in ignored:
        assert str(trail_labels.FILTERS[name]) in page.partition("Nous n’en avons pas tenu compte")[2][:200]


def test_a_day_beyond_any_calendar_is_left_out_and_named(admin, browser_for):
    for day in ("9999-12-31", "0001-01-01"):
        assert read_filters_and_invalid_names({"since": day, "until": day}) == (
            TrailFilters(),
            ["since", "until"],
        )
        page = browser_for(admin).visit(f"{URL}?since={day}&until={day}")
        assert "Nous n’en avons pas tenu compte" in words_of(page)


OF_PEOPLE = {"person", "second_factor", "proconnect", "calendar_link"}


def test_every_kind_of_thing_has_a_name_of_its_own():
    assert set(SUBJECTS) == set(trail.list_action_kinds())
    named = [label for kind, label in trail_labels.list_action_kind_choices() if label != kind]
    assert len(named) == len(trail.list_action_kinds()), "none is shown by its code"
    of_people = {code for code in ACTIONS if code.partition(".")[0] in OF_PEOPLE}
    assert of_people <= EVENT_LABELS.keys()
    assert len(named) == len(set(named))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_action_is_shown_by_its_code(app, language):
    usual = {"id": UUID(int=1), "at": clock.now(), "who": "", "actor_id": None, "subject": "x"}
    usual |= {"subject_id": UUID(int=1), "place": None, "changed": ()}
    with using_language(language):
        for number in (None, 7):
            labels = {
                code: trail_labels.describe_trail_line(TrailLine(**usual, action=code, number=number))
                for code in ACTIONS
            }
            shown_raw = {code for code, label in labels.items() if code in label or "_" in label}
            assert not shown_raw
        assert labels["api_token.created"].startswith(
            {"fr": "Jeton d’accès créé", "en": "Access token"}[language]
        )
    assert ACTION_LABELS.keys() <= ACTIONS.keys(), "none of an action that is gone"


def test_the_worker_verifies_and_the_page_shows_how_far_it_is(admin, browser_for, monkeypatch):
    monkeypatch.setattr(audit_verification, "PROGRESS_EVERY", 10)
    tampering.write_lines(25)
    desk = browser_for(admin)
    page = desk.submit(f"{URL}/verifications")
    assert page.select_one("progress[max='100']")
    with pytest.raises(RuleBroken):
        verifications.request_verification(make.actor(admin))
    db.session.rollback()
    seen = []
    stored = verifications._store_progress
    monkeypatch.setattr(
        verifications, "_store_progress", lambda *facts: (seen.append(facts[1]), stored(*facts))
    )
    assert verifications.verify_due_trails() == 1
    row = db.session.query(TrailVerification).one()
    assert (row.stage, row.seals, row.fault_count) == (VerificationStage.WHOLE, row.total, 0)
    assert seen == [10, 20]
    assert row.anchor.startswith(f"{row.seals}:")
    assert "aucune n’a été changée" in words_of(desk.visit(URL))
    assert verifications.verify_due_trails() == 0


def test_a_line_that_was_changed_and_an_end_that_was_cut_off_are_found(admin, browser_for):
    changed = tampering.write_lines(5)[2].id
    actor, desk = make.actor(admin), browser_for(admin)
    verifications.request_verification(actor)
    db.session.commit()
    verifications.verify_due_trails()
    tampering.tamper("UPDATE audit_event SET action = 'nothing.happened' WHERE id = :id", id=changed)
    verifications.request_verification(actor)
    db.session.commit()
    verifications.verify_due_trails()
    row = verifications.list_verifications()[0]
    assert (row.stage, row.fault_count) == (VerificationStage.BROKEN, 1)
    assert "was changed" in words_of(desk.visit(URL))


def test_a_verification_that_dies_three_times_is_given_up(admin, browser_for):
    desk = browser_for(admin)
    verifications.request_verification(make.actor(admin))
    db.session.commit()
    for minutes in range(0, 80, 20):
        with clock.frozen_at(clock.now() + timedelta(minutes=minutes)):
            verifications._claim_verification()
    assert verifications.list_verifications()[0].stage is VerificationStage.FAILED
    assert "Relancez-la" in words_of(desk.visit(URL))


def test_who_may_ask_for_a_verification(project):
    with pytest.raises(NotAllowed):
        verifications.request_verification(make.actor(make.holder(Role.PROGRAMME_LEAD, project)))


MANY = 20_000


def test_a_long_trail_is_read_through_its_indexes(admin, project, statements):
    """The administrator's page of a person, and the filters of the trail, at 20,000 lines."""
    person = make.person()
    make.role(project.id, Role.TEAM_MEMBER, person)
    actor = make.actor(admin)
    roles.give_role(actor, INSTALLATION, person, Role.ADMINISTRATOR, action=roles.ASSIGNED)
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    db.session.execute(
        sa.insert(AuditEvent.__table__),
        [
            {
                "id": UUID(int=lowest_id_at(begun + timedelta(seconds=n)).int + n),
                "created_at": begun,
                "actor_id": admin.id,
                "action": "item.edited",
                "subject": "item",
                "subject_id": UUID(int=n + 10**6),
                "scope_id": project.id,
                "facts": {},
                "before": {},
                "after": {},
            }
            for n in range(MANY)
        ],
    )
    db.session.execute(sa.text("ANALYZE"))
    db.session.commit()
    plans = explain(lambda: read_history(person))
    for filters in (
        {"person": person.email},
        {"kind": "role"},
        {"row_id": person.id},
        {"person": person.email, "kind": "role"},
        {"since": clock.today(), "until": clock.today()},
    ):
        plans |= explain(lambda chosen=filters: lines(**chosen))
    assert len(plans) >= 5
    scanned = [sql for sql, plan in plans.items() if reads_all(plan)]
    assert scanned == []


def explain(read) -> dict[str, str]:
    """The plans of the statements on the trail that a function sends, by their text."""
    sent = []

    def note(_connection, cursor, sql, parameters, *_rest):
        if "FROM audit_event" in sql and not sql.startswith("EXPLAIN"):
            sent.append((sql, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        read()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    word = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN "
    connection = db.session.connection()
    return {
        sql: "\n".join(str(row) for row in connection.exec_driver_sql(word + sql, parameters))
        for sql, parameters in sent
    }


def reads_all(plan: str) -> bool:
    """Whether a plan reads the whole trail."""
    return "Seq Scan on audit_event" in plan or any(
        "SCAN audit_event" in line and "USING" not in line for line in plan.splitlines()
    )
