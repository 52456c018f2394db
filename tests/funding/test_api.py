"""Agreements, payments and changes by the API: the rules and reasons of pages."""

import pytest

from portal.funding.agreements.queries import get_agreement
from portal.funding.instalments.payment_commands import (
    Payment,
    announce_recovery,
    book_recovery,
    pay_instalment,
)
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.queries import get_programme_of
from tests.support import api, funding
from tests.support import factories as make

PLACE = "/projects/heron"
PARTY = {"name": "Caisse de démonstration", "siret": "110 002 011 00044"}


@pytest.fixture
def ask(app, people):
    """Send a request as one of the people around the money, at a version; returns status and JSON."""
    clients = {
        name: api.client(app, db.session.get_one(Person, getattr(people, name).person_id))
        for name in ("lead", "member", "coach", "operator", "second", "direction")
    }

    def send(name, method, path, body=None, version=None):
        headers = {} if version is None else {"if_match": f'"{version}"'}
        answered = clients[name].ask(method, PLACE + path, body, **headers)
        return answered.status_code, answered.get_json(silent=True) or {}

    return send


def prepare(ask, people, **others):
    """A signed agreement of two halves; the first waits for G5 and a document."""
    today = clock.today()
    body = {"purpose": "Essayer", "parties": [PARTY], "amount_cents": 100_01, "number": "CONV-API"}
    body |= {"starts_on": f"{today.year - 1}-01-01", "ends_on": f"{today.year + 1}-12-31"}
    status, agreement = ask("operator", "PUT", "/agreement", body | others, 0)
    assert status == 200, agreement
    assert agreement["parties"] == [PARTY | {"siret": "11000201100044"}]
    shares = {"shares": [5000, 5000]}
    status, plan = ask("operator", "POST", "/agreement/shares", shares, agreement["version"])
    assert [each["amount_cents"] for each in plan["instalments"]] == [50_00, 50_01]
    first = plan["instalments"][0]
    body = {"amount_cents": 50_00, "gates": [5], "documents": [{"name": "Bilan"}]}
    status, first = ask("operator", "PUT", "/instalments/1", body, first["version"])
    assert (status, first["turn"]) == (200, "nobody")  # nothing is committed yet
    assert [lack["kind"] for lack in first["lacks"]] == ["gate", "document"]
    version = ask("operator", "GET", "/agreement")[1]["version"]
    file = funding.signable(people.project, people.operator)
    body = {"signed_on": today.isoformat(), "document": str(file.id)}
    status, agreement = ask("operator", "POST", "/agreement/sign", body, version)
    assert (status, agreement["state"]) == (200, "signed")
    return first


def read(ask, name="lead", path="/instalments/1"):
    return ask(name, "GET", path)[1]


def test_money_goes_its_way_by_the_api(app, project, people, ask):
    prepare(ask, people)
    first = read(ask)
    status, problem = ask("lead", "POST", "/instalments/1/ask", None, first["version"])
    assert status == 422
    assert "G5" in problem["detail"]
    funding.accept_gate(project, people.coach)
    loaded = funding.instalments(project)[0]
    file = funding.attached(loaded, db.session.get_one(Person, people.member.person_id), "bilan")
    handed = {"document": read(ask)["documents"][0]["id"], "file": str(file.id)}
    assert ask("member", "POST", "/instalments/1/documents", handed, read(ask)["version"])[0] == 200
    status, first = ask("lead", "POST", "/instalments/1/ask", None, read(ask)["version"])
    assert (status, first["state"], first["turn"], first["lacks"]) == (200, "asked", "operator", [])
    version = first["version"]
    assert ask("operator", "POST", "/instalments/1/check", {}, version - 1)[0] == 412
    status, first = ask("operator", "POST", "/instalments/1/check", {}, version)
    assert (status, first["state"], first["turn"]) == (200, "checked", "payer")
    payment = {"paid_on": clock.today().isoformat(), "reference": "VIR-9"}
    status, problem = ask("second", "POST", "/instalments/1/pay", payment, first["version"])
    assert (status, problem["code"]) == (403, "proof_required")  # asked again, on the page
    loaded = funding.instalments(project)[0]
    pay_instalment(people.second, loaded, Payment(paid_on=clock.today(), reference="VIR-9"), first["version"])
    db.session.commit()
    first = read(ask, "second")
    assert (first["state"], first["payment_reference"]) == ("paid", "VIR-9")
    accounts = [entry["account"] for entry in read(ask, path="/ledger")["data"]]
    assert accounts[:3] == ["paid", "checked", "asked"]
    programme = get_programme_of(project).slug
    reader = api.client(app, make.role(project.programme_id, Role.OBSERVER))
    report = reader.get(f"/programmes/{programme}/funding-report").get_json()
    assert report["totals"]["paid"] == 50_00
    assert report["totals"]["remaining"] == 50_01
    assert report["teams"][0]["agreement"] == "CONV-API"
    early = reader.get(f"/programmes/{programme}/funding-report?on=1999-01-01")
    assert early.status_code == 422
    assert early.get_json()["errors"][0]["pointer"] == "?on"


def test_a_recovery_waits_for_the_team(project, people, ask):
    funding.signed(project, people.operator)
    funding.paid(people, funding.instalments(project)[0])
    loaded = funding.instalments(project)[0]
    body = {"amount_cents": 100, "reason": "Trop versé"}
    status, problem = ask("operator", "POST", "/instalments/1/recovery", body)
    assert (status, problem["code"]) == (403, "proof_required")
    announce_recovery(people.operator, loaded, 100, "Trop versé")
    db.session.commit()
    recovery = read(ask, path="/instalments/1/recovery")
    assert recovery["amount_cents"] == 100
    observed = {"observations": "Entendu"}
    path = "/instalments/1/recovery/observations"
    assert ask("member", "POST", path, observed, recovery["version"])[0] == 403
    status, recovery = ask("lead", "POST", path, observed, recovery["version"])
    assert (status, recovery["observations"]) == (200, "Entendu")
    booking = Payment(paid_on=clock.today(), reference="REV-1")
    path = "/instalments/1/recovery/book"
    sent = {"paid_on": clock.today().isoformat(), "reference": "REV-1"}
    assert ask("second", "POST", path, sent, recovery["version"])[1]["code"] == "proof_required"
    book_recovery(people.second, funding.instalments(project)[0], booking, recovery["version"])
    db.session.commit()
    assert ask("lead", "GET", "/instalments/1/recovery")[0] == 404
    (past,) = read(ask, path="/instalments/1/recoveries")["data"]
    assert (past["observations"], past["reference"]) == ("Entendu", "REV-1")


def test_a_delay_is_filed_granted_and_applied(project, people, ask):
    funding.signed(project, people.operator)
    status, change = ask("lead", "POST", "/change-requests", {"kind": "delay", "reason": "r", "days": 20})
    assert (status, change["state"], change["authority"]) == (201, "filed", "lead")
    other = {"kind": "delay", "reason": "r", "days": 5}
    assert ask("lead", "POST", "/change-requests", other)[0] == 422
    place = f"/change-requests/{change['number']}"
    assert ask("direction", "POST", f"{place}/messages", {"body": "Pourquoi ?"})[0] == 201
    answer = {"is_granted": True, "reasons": "Justifié"}
    assert ask("operator", "POST", f"{place}/decide", answer, change["version"])[0] == 403
    status, change = ask("direction", "POST", f"{place}/decide", answer, change["version"])
    assert (status, change["state"], change["decisions"][0]["days"]) == (200, "granted", 20)
    before = get_agreement(project).ends_on
    status, change = ask("direction", "POST", f"{place}/apply", None, change["version"])
    assert (status, change["state"]) == (200, "applied")
    db.session.expire_all()
    assert (get_agreement(project).ends_on - before).days == 20
    assert len(read(ask, path="/agreement/amendments")["data"]) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"amount_cents": 0}, "amount_cents"),
        ({"amount_cents": -1}, "amount_cents"),
        ({"amount_cents": 10**14}, "amount_cents"),
        ({"amount_cents": 12.345}, "amount_cents"),
        ({"amount_cents": "1 234,56"}, "amount_cents"),
        ({"parties": [PARTY | {"siret": "123"}]}, "parties"),
        ({"legal_commitment": "21"}, "legal_commitment"),
        ({"starts_on": "2026-05-02", "ends_on": "2026-05-01"}, "ends_on"),
    ],
)
def test_bad_agreements_are_refused_by_field(ask, body, field):
    status, problem = ask("operator", "PUT", "/agreement", body, 0)
    assert status == 422
    assert any(field in str(error) for error in problem["errors"]), problem


def test_shares_that_are_not_the_whole_are_refused(project, people, ask):
    agreement = funding.drafted(project, people.operator)
    for shares in ([5000, 4999], [10_000, 1]):
        status, problem = ask("operator", "POST", "/agreement/shares", {"shares": shares}, agreement.version)
        assert (status, "100" in str(problem["errors"])) == (422, True)


def test_a_coach_reads_states_and_no_amount(project, people, ask):
    prepare(ask, people)
    coach = read(ask, "coach")
    assert (coach["state"], coach["turn"]) == ("planned", "team")
    assert [lack["kind"] for lack in coach["lacks"]] == ["gate"]
    hidden = ("amount_cents", "statement_cents", "payment_reference", "documents")
    assert {name: coach[name] for name in hidden} == dict.fromkeys(hidden)
    agreement = read(ask, "coach", "/agreement")
    assert (agreement["state"], agreement["amount_cents"], agreement["parties"]) == ("signed", None, None)
    for path in ("/ledger", "/agreement/amendments", "/change-requests", "/instalments/1/steps"):
        assert ask("coach", "GET", path)[0] == 404
