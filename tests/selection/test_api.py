"""Juries by the API: the rules of pages, and one's own sheet alone."""

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.selection.calls.models import CallState
from tests.support import api
from tests.support import calls as some
from tests.support import factories as make

PLACE = "/programmes/ami/calls/1/applications/1"


def entries(call, value=4, why="Parce que"):
    keys = some.entries(call, value)
    lines = [{"criterion": key, "value": value, "justification": why} for key in keys]
    return {"scores": lines}


def test_a_juror_declares_scores_and_sends_by_the_api(app, lead, call, jurors, leading):
    row = some.application(lead, call, problem="Trop de courriers")
    some.eligible(lead, row)
    some.move(lead, call, CallState.IN_REVIEW)
    some.assign(lead, row, *jurors[:2])
    first, second, direction = (api.client(app, person) for person in (*jurors[:2], leading))
    assert first.get(PLACE).get_json()["problem"] is None
    assert first.get(f"{PLACE}/sheet").status_code == 404
    rehearsed = first.post(f"{PLACE}/interests?dry_run=true", {"has_conflict": False}).get_json()
    assert (rehearsed["reads_whole"], rehearsed["problem"], rehearsed["version"]) == (False, None, 0)
    declared = first.post(f"{PLACE}/interests", {"has_conflict": False}).get_json()
    assert (declared["reads_whole"], declared["problem"]) == (True, "Trop de courriers")
    sheet = first.get(f"{PLACE}/sheet").get_json()
    assert sheet["sent_at"] is None
    version = sheet["version"]
    draft = first.put(f"{PLACE}/sheet", entries(call, why=""), if_match=f'"{version}"')
    assert draft.status_code == 200
    assert first.put(f"{PLACE}/sheet", entries(call), if_match=f'"{version}"').status_code == 412
    version = draft.get_json()["version"]
    bare = first.post(f"{PLACE}/sheet/send", entries(call, why=""), if_match=f'"{version}"')
    assert bare.status_code == 422
    assert "Justifiez" in bare.get_data(as_text=True)
    sent = first.post(f"{PLACE}/sheet/send", entries(call), if_match=f'"{version}"').get_json()
    assert sent["sent_at"]
    again = first.post(f"{PLACE}/sheet/send", entries(call), if_match=f'"{sent["version"]}"')
    assert (again.status_code, again.get_json()["code"]) == (409, "overtaken")
    assert again.get_json()["title"].startswith("C’est déjà fait")
    assert first.put(f"{PLACE}/sheet", entries(call), if_match=f'"{sent["version"]}"').status_code == 409
    assert direction.get(f"{PLACE}/sheet").status_code == 404
    second.post(f"{PLACE}/interests", {"has_conflict": True, "reason": "J’y travaille"})
    assert second.get(f"{PLACE}/sheet").status_code == 404
    assert second.get(PLACE).get_json()["problem"] is None


def test_a_token_alone_leads_a_juror_from_their_list_to_the_sheet_they_send(app, lead, call, jurors):
    row = some.application(lead, call, problem="Trop de courriers")
    some.eligible(lead, row)
    some.move(lead, call, CallState.IN_REVIEW)
    some.assign(lead, row, *jurors[:2])
    juror = api.client(app, jurors[0])

    def list_own():
        return juror.get("/jury/applications").get_json()["data"]

    (first,) = list_own()
    assert first == {
        "programme": "ami",
        "call": 1,
        "application": 1,
        "organisation": row.organisation,
        "title": row.title,
        "declaration": "awaited",
        "sheet": "none",
        "sent_at": None,
    }
    place = f"/programmes/{first['programme']}/calls/{first['call']}"
    one = f"{place}/applications/{first['application']}"
    assert juror.post(f"{one}/interests", {"has_conflict": False}).status_code == 200
    criteria = juror.get(f"{place}/criteria").get_json()["data"]
    assert {len(each["levels_fr"]) for each in criteria} == {6}
    scores = [{"criterion": each["key"], "value": 4, "justification": "Clair"} for each in criteria]
    read = juror.get(f"{one}/sheet")
    drafted = juror.put(f"{one}/sheet", {"scores": scores[:1]}, if_match=read.headers["ETag"])
    (drafting,) = list_own()
    assert (drafting["declaration"], drafting["sheet"]) == ("clear", "draft")
    sent = juror.post(f"{one}/sheet/send", {"scores": scores}, if_match=drafted.headers["ETag"])
    assert sent.status_code == 200
    (last,) = list_own()
    assert (last["sheet"], last["sent_at"]) == ("sent", sent.get_json()["sent_at"])
    some.declare(jurors[1], row, conflict=True)
    assert api.client(app, jurors[1]).get("/jury/applications").get_json()["data"] == []


def test_a_token_of_another_programme_lists_nothing_of_this_one(app, lead, call, jurors):
    row = some.application(lead, call)
    some.eligible(lead, row)
    some.move(lead, call, CallState.IN_REVIEW)
    some.assign(lead, row, jurors[0])
    elsewhere = make.programme(slug="autre")
    make.role(elsewhere.id, Role.JUROR, jurors[0])
    db.session.commit()
    assert len(api.client(app, jurors[0]).get("/jury/applications").get_json()["data"]) == 1
    limited = api.client(app, jurors[0], programme_id=elsewhere.id)
    assert limited.get("/jury/applications").get_json()["data"] == []
