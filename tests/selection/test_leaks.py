"""No score, comment, conflict or application leaks: to no role, programme, jury or stranger, by no
page, list, history, export, notification, attachment or status code."""

import statistics
import time

import pytest
from limits import parse

from portal.api.tokens import bearer_api
from portal.communication.notifications.models import Notification
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.outbox import OutboxMessage
from portal.selection.applications import commands as applications
from portal.selection.calls.models import Call
from portal.selection.deliberation.models import DecisionKind
from portal.selection.jury import assignment_commands
from portal.selection.jury.models import JurorScore
from tests.selection.canaries import CONFLICT, FILE, MESSAGE, SCORE, SECRET, outsiders, plant
from tests.selection.doors import EXPORTS, answer, list_paths, open_with_token
from tests.support import calls as some
from tests.support import factories as make
from tests.support.turns import share_of

# Independent of the database: what a statement selects is tested on both engines elsewhere.
pytestmark = pytest.mark.parametrize("house", ["sqlite"], indirect=True)
OWN_APPLICATIONS = "/api/v1/jury/applications"
SEARCHES = ("/search", "/go-to", "/api/v1/search")
PARTS = 3  # of the paths: each outsider tries one, another after each change of the code


@pytest.fixture(autouse=True)
def no_rate(monkeypatch):
    """One person, and one network, open all doors within a minute."""
    for rate in ("TOKEN_RATE", "NETWORK_RATE"):
        monkeypatch.setattr(bearer_api, rate, parse("100000 per minute"))


@pytest.fixture
def scene(programme, lead, call, jurors):
    return plant(programme, lead, call, jurors)


@pytest.fixture
def paths(app, scene, programme, call, jurors):
    rows, file = scene
    project = make.project(programme, slug="heron")
    shared = {"slug": programme.slug, "programme": programme.slug, "call": call.number, "language": "fr"}
    shared |= {"call_id": call.id, "file_id": file.id, "kind": "application", "key": "data", "appeal": 1}
    fills = [
        shared | {"number": row.number, "subject_id": row.id, "person_id": person.id}
        for row in rows
        for person in jurors
    ]
    place = {"programme": programme.slug, "number": call.number, "key": "data", "run": 1, "appeal": 1}
    by_api = [
        place | {"application": row.number, "person_id": person.id} for row in rows for person in jurors
    ]
    found = list_paths(app, [*fills, *by_api, {"slug": project.slug, "number": 1}])
    found = [path for path in found if "/projects/ami" not in path]  # a programme is no project
    return [*found, *(f"{door}?q={word}" for door in SEARCHES for word in ("CANARI", rows[0].title))]


def found_in(browser, paths, words):
    """Where a word stands that the reader may not read."""
    texts = {path: answer(browser, path)[2] for path in paths}
    return {
        (path, word)
        for path, text in texts.items()
        for word in words
        if word in text and word != path.partition("?q=")[2]  # a page repeats what is searched
    }


def test_nobody_outside_reads_anything(scene, paths, call, browser_for, tell):
    rows, file = scene
    own = [path for path in paths if "/calls/" in path or "/files/" in path]
    assert len(own) > 60
    words = [SECRET, SCORE, MESSAGE, FILE, *(row.title for row in rows), *(row.organisation for row in rows)]
    tried = 0
    programme = db.session.get_one(Programme, call.programme_id)
    for name, person in outsiders(programme, call).items():
        browser, tried_paths = open_with_token(browser_for, person), share_of(name, paths, PARTS)
        assert found_in(browser, tried_paths, words) == set(), name
        tried += len(tried_paths)
        for row in rows:  # the same answer as of an application that does not exist
            place = f"/programmes/ami/calls/{call.number}/applications"
            known, absent = answer(browser, f"{place}/{row.number}"), answer(browser, f"{place}/999")
            assert known[0] == absent[0], name
        for path in (f"/files/{file.id}", f"/files/of/application/{rows[0].id}"):
            assert answer(browser, path)[0] in {303, 404}, name
        for extension in EXPORTS:
            path = f"/programmes/ami/calls/{call.number}/applications/export.{extension}"
            assert browser.open(path, method="POST").status_code in {303, 401, 404}, name
    tell("call doors", tried=tried)


def test_a_juror_reads_no_other_score_and_no_other_application(scene, paths, jurors, browser_for):
    rows, _file = scene
    second = open_with_token(browser_for, jurors[1])  # sent nothing, judges the first application
    assert found_in(second, paths, [SCORE, MESSAGE, rows[1].title, rows[2].title]) == set()
    assert found_in(second, paths, [SECRET, FILE])
    third = open_with_token(browser_for, jurors[2])  # in conflict with the second
    assert found_in(third, paths, [SCORE, MESSAGE, SECRET, FILE, rows[0].title, rows[2].title]) == set()


def test_before_declaring_a_juror_reads_a_title(scene, paths, jurors, browser_for):
    rows, _file = scene
    browser = open_with_token(browser_for, jurors[0])
    place = f"/programmes/ami/calls/1/applications/{rows[1].number}"
    for door in (place, OWN_APPLICATIONS):
        text = answer(browser, door)[2]
        assert rows[1].title in text
        assert rows[1].organisation in text
        assert SECRET not in text
    below = [path for path in paths if path.startswith(f"{place}/")]
    assert {answer(browser, path)[0] for path in below} <= {303, 404}


def snapshot(browser, paths, call):
    """Every page that a reader opens, and the exports."""
    pages = {path: answer(browser, path) for path in paths}
    for extension in ("csv", "json"):
        path = f"/programmes/ami/calls/{call.number}/applications/export.{extension}"
        pages[path] = answer(browser, path, method="POST")
    return pages


def differing(before, after):
    """The pages that differ, with the first words in which they do."""
    pairs = {path: (before[path], after[path]) for path in before if before[path] != after[path]}
    return {path: first_difference(one[2], other[2]) for path, (one, other) in pairs.items()}


def first_difference(one, other):
    lines = zip(one.split("\n"), other.split("\n"), strict=False)
    return next(((a, b) for a, b in lines if a != b), ("", ""))


def own_paths(paths):
    """Pages of calls, and those that tell of everything: home, inbox, feeds, to decide."""
    return [
        path
        for path in paths
        if "/calls" in path or path in {"/", "/jury", OWN_APPLICATIONS, "/inbox", "/to-decide", "/search"}
    ]


def test_values_change_no_page_of_a_lead_before_opening(scene, paths, leading, call, browser_for):
    browser = open_with_token(browser_for, leading)
    before = snapshot(browser, own_paths(paths), call)
    assert not any(SCORE in text for _status, _place, text in before.values())
    for score in db.session.query(JurorScore):
        score.value, score.justification = 0, "Autre chose"
    db.session.commit()
    assert differing(before, snapshot(browser, own_paths(paths), call)) == {}


def test_what_others_send_changes_no_page_of_a_juror_before_opening(scene, paths, jurors, call, browser_for):
    rows, _file = scene
    browser = open_with_token(browser_for, jurors[0])
    before = snapshot(browser, own_paths(paths), call)
    extra = some.juror(some_lead_of(call), call)
    some.assign(some_lead_of(call), rows[0], extra)
    some.judge(extra, rows[0], 1)  # one of two others
    assert differing(before, snapshot(browser, own_paths(paths), call)) == {}


def some_lead_of(call):
    return make.actor(make.role(call.programme_id, Role.PROGRAMME_LEAD))


def count_mail(person_id):
    """Notifications of a person, from which mails are made, and letters."""
    rows = (Notification, Notification.person_id), (OutboxMessage, OutboxMessage.person_id)
    return [db.session.query(model).filter(owner == person_id).count() for model, owner in rows]


def test_nothing_that_happens_to_an_application_reaches_a_lead_in_conflict(
    scene, paths, leading, jurors, browser_for
):
    rows, _file = scene
    lead, call, leading_id = make.actor(leading), db.session.get_one(Call, rows[0].call_id), leading.id
    assignment_commands.declare_interests(lead, some.load(lead, rows[0]), CONFLICT, has_conflict=True)
    db.session.commit()
    other, browser = some_lead_of(call), open_with_token(browser_for, leading)
    before, mail_before = snapshot(browser, paths, call), count_mail(leading_id)
    assert len(before) > 500
    texts = "".join(text for _status, _place, text in before.values())
    assert rows[0].title in texts
    assert FILE not in texts
    assert SCORE not in texts
    assert some.send(jurors[1], rows[0], 2)  # the last: scores open, and are ranked
    applications.write_message(other, some.load(other, rows[0]), MESSAGE)
    some.decide(other, rows[0], DecisionKind.LAUREATE)
    assert differing(before, snapshot(browser, paths, call)) == {}
    assert count_mail(leading_id) == mail_before
    seen = snapshot(
        open_with_token(browser_for, db.session.get_one(type(leading), other.person_id)),
        own_paths(paths),
        call,
    )
    assert any(SCORE in text for _status, _place, text in seen.values())


def test_sealed_and_absent_scores_take_the_same_time(scene, jurors, call, browser_for, tell):
    """200 tries each, in turn: the medians differ by less than what tries of one differ by."""
    rows, _file = scene
    browser = open_with_token(browser_for, jurors[1])
    place = f"/programmes/ami/calls/{call.number}/applications/{rows[0].number}"
    scores = db.session.query(JurorScore).all()
    saved = [(score.value, score.justification) for score in scores]
    times = {"sealed": [], "absent": []}
    for name in ("sealed", "absent") * 2:
        for score, (value, text) in zip(scores, saved, strict=True):
            score.value, score.justification = (value, text) if name == "sealed" else (None, "")
        db.session.commit()
        answer(browser, place)
        for _try in range(100):
            began = time.process_time()
            assert answer(browser, place)[0] == 200
            times[name].append(time.process_time() - began)
    sealed, absent = (statistics.median(each) for each in times.values())
    spread = statistics.quantiles(times["absent"], n=4)
    tell("sealed scores", **{"ms sealed": round(1000 * sealed, 1), "ms absent": round(1000 * absent, 1)})
    assert abs(sealed - absent) < max(spread[2] - spread[0], 0.1 * absent)
