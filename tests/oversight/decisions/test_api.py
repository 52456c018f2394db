"""Decisions by the API: the operator reads and answers those that are put to them, as on pages."""

import json

from portal.oversight.decisions.models import DecisionAddressee
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import api
from tests.support import decisions as some
from tests.support import factories as make

D = "/projects/heron/decisions"


def test_the_operator_reads_and_answers_what_is_put_to_them_alone(app, project, person):
    some.decision(project, person, number=1)
    some.decision(project, person, number=2, addressee=DecisionAddressee.OPERATOR)
    operator = api.client(app, make.role(project.programme_id, Role.OPERATOR))
    slug = db.session.get_one(Programme, project.programme_id).slug
    assert [row["number"] for row in operator.get(D).get_json()["data"]] == [2]
    lines = [json.loads(line) for line in operator.get(f"/programmes/{slug}/decisions").text.splitlines()]
    assert [(row["number"], row["project"]) for row in lines] == [(2, project.slug)]
    answer = {"outcome": "granted", "text": "Oui."}
    assert operator.get(f"{D}/1").status_code == 404
    assert operator.post(f"{D}/1/answer", answer, if_match='"1"').status_code == 404
    assert operator.post(f"{D}/1/remind").status_code == 404
    read = operator.get(f"{D}/2")
    assert read.status_code == 200
    answered = operator.post(f"{D}/2/answer", answer, if_match=read.headers["ETag"])
    assert (answered.status_code, answered.get_json()["answer"]) == (200, "Oui.")
    assert operator.get("/projects/heron").status_code == 404


def test_an_operator_to_whom_nothing_is_put_reads_no_list(app, project, person):
    some.decision(project, person, number=1)
    operator = api.client(app, make.role(project.programme_id, Role.OPERATOR))
    assert operator.get(D).status_code == 404
    elsewhere = api.client(app, make.role(make.project(slug="far").programme_id, Role.OPERATOR))
    some.decision(project, person, number=2, addressee=DecisionAddressee.OPERATOR)
    assert elsewhere.get(D).status_code == elsewhere.get(f"{D}/2").status_code == 404
    team = api.client(app, person)
    assert [row["number"] for row in team.get(D).get_json()["data"]] == [1, 2]
