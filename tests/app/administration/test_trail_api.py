"""The audit trail by the API: for administrators, with the page's filters, never with values."""

from portal.platform.kernel import audit
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import ACTIONS
from portal.platform.kernel.database import db
from tests.support import api
from tests.support import factories as make


def test_administrators_read_the_trail_page_by_page(app, admin, project):
    client = api.client(app, admin)
    author = make.person()
    for _time in range(3):
        audit.record(make.actor(author), ACTIONS["project.edited"], project, scope_id=project.id)
    db.session.commit()
    path = f"/trail?person={author.email}&kind=project&limit=2"
    first = client.get(path)
    assert [line["who"] for line in first.get_json()["data"]] == [author.name] * 2
    rest = client.get(first.headers["Link"].partition(">")[0].removeprefix("</api/v1")).get_json()
    assert (len(rest["data"]), rest["next_cursor"]) == (1, None)
    line = rest["data"][0]
    assert (line["action"], line["subject_id"]) == ("project.edited", str(project.id))
    assert "before" not in line
    assert "facts" not in line
    assert client.get("/trail?kind=nothing").status_code == 422
    assert client.get(f"/trail?row_id={author.id}&kind=project").get_json()["data"] == []


def test_a_programme_s_lead_reads_none_of_it(app, admin, project):
    lead = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    assert api.client(app, lead).get("/trail").status_code == 404
    assert api.client(app, admin, areas=("personal",)).get("/trail").status_code == 403
