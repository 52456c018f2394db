"""No score, comment or conflict is in an export or in what is written back, before its moment.

A workbook is read as the whole of its parts: cells, names, properties, comments.
"""

import zipfile
from io import BytesIO

import pytest

from portal.people.programmes.models import Programme
from portal.platform.kernel.database import db
from portal.selection.applications import commands as applications
from portal.selection.calls.models import Call
from portal.selection.deliberation.models import DecisionKind
from portal.selection.jury import assignment_commands
from portal.selection.jury.models import JurorScore
from tests.selection.canaries import CONFLICT, MESSAGE, SCORE, SECRET, outsiders, plant, some_lead
from tests.selection.doors import open_with_token
from tests.support import calls as some
from tests.support import factories as make

# Independent of the database: what a statement selects is tested on both engines elsewhere.
pytestmark = pytest.mark.parametrize("house", ["sqlite"], indirect=True)
EXPORTS = ("csv", "xlsx", "json")
FILTERS = ("", "state=scored", "below=1", "dispersed=1", "conflict=1", "eligibility=yes")
PROPERTIES = "docProps/core.xml"  # holds the moment of writing


@pytest.fixture
def scene(programme, lead, call, jurors):
    return plant(programme, lead, call, jurors)[0]


def address(call, extension, query=""):
    return f"/programmes/ami/calls/{call.number}/applications/export.{extension}?{query}"


def export(browser, call, extension, query=""):
    """Return everything that an export holds, as text."""
    response = browser.open(address(call, extension, query), method="POST")
    assert response.status_code == 200, response.status_code
    if extension != "xlsx":
        return response.get_data(as_text=True)
    with zipfile.ZipFile(BytesIO(response.get_data())) as parts:
        names = [name for name in parts.namelist() if name != PROPERTIES]
        return "\n".join(f"{name}: {parts.read(name).decode()}" for name in names)


def export_all(browser, call):
    return {(kind, query): export(browser, call, kind, query) for kind in EXPORTS for query in FILTERS}


def lead_browser(browser_for, lead):
    return open_with_token(browser_for, db.session.get_one(make.Person, lead.person_id))


def test_nobody_outside_exports_anything(scene, call, jurors, browser_for, tell):
    programme = db.session.get_one(Programme, call.programme_id)
    people = outsiders(programme, call) | {f"juror {n}": each for n, each in enumerate(jurors)}
    absent = Call(number=98)
    for name, person in people.items():
        browser = open_with_token(browser_for, person)
        for extension in EXPORTS:
            response = browser.open(address(call, extension), method="POST")
            assert response.status_code in {303, 401, 404}, name
            assert response.mimetype == "text/html", name
            unknown = browser.open(address(absent, extension), method="POST")
            assert unknown.status_code == response.status_code, name
    tell("export doors", tried=len(people) * len(EXPORTS))


def test_values_change_no_export_before_opening(scene, leading, call, browser_for):
    browser = open_with_token(browser_for, leading)
    before = export_all(browser, call)
    whole = "".join(before.values())
    assert scene[0].title in before["xlsx", ""]
    assert not [word for word in (SCORE, MESSAGE, CONFLICT, SECRET) if word in whole]
    for score in db.session.query(JurorScore):
        score.value, score.justification = 0, "Autre chose"
    db.session.commit()
    assert export_all(browser, call) == before


def test_nothing_that_happens_to_an_application_changes_the_exports_of_a_lead_in_conflict(
    scene, leading, call, jurors, browser_for
):
    lead, other = make.actor(leading), some_lead(db.session.get_one(Programme, call.programme_id))
    assignment_commands.declare_interests(lead, some.load(lead, scene[0]), CONFLICT, has_conflict=True)
    db.session.commit()
    shut_out, free = open_with_token(browser_for, leading), lead_browser(browser_for, other)
    before, seen_before = export_all(shut_out, call), export_all(free, call)
    assert scene[0].title in before["xlsx", ""]  # the title alone
    hidden = {query for query in FILTERS if query and scene[0].title in before["xlsx", query]}
    assert hidden == set()
    assert CONFLICT not in "".join((*before.values(), *seen_before.values()))
    some.send(jurors[1], scene[0], 0)  # the last: scores open, and are ranked
    applications.write_message(other, some.load(other, scene[0]), MESSAGE)
    some.decide(other, scene[0], DecisionKind.LAUREATE)
    assert export_all(shut_out, call) == before
    seen = export_all(free, call)
    assert all(seen[kind, ""] != seen_before[kind, ""] for kind in EXPORTS)
    assert scene[0].title in seen["xlsx", "state=scored"]
    assert SCORE not in "".join(seen.values())  # no export holds a comment, sealed or open
