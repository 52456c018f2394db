"""What leads to an act around money, and what is not offered before its day."""

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from portal.funding.agreements import commands as agreements
from portal.funding.agreements.models import AgreementState, FundingAgreement, InstalmentState
from portal.funding.agreements.queries import list_attachments
from portal.funding.change_requests.commands import ChangeFacts, file_change_request
from portal.funding.change_requests.models import FundingChangeKind
from portal.funding.instalments import payment_commands
from portal.funding.instalments.past_waiting_queries import list_wait_starts_by_project
from portal.funding.instalments.plan_commands import InstalmentFacts
from portal.funding.instalments.waiting_queries import list_waiting_instalments
from portal.funding.operator_desk.queries import list_instalments_expected_soon
from portal.funding.reports.documents import build_document
from portal.funding.reports.exports import build_table
from portal.funding.reports.labels import headline
from portal.funding.reports.queries import read_report
from portal.oversight.committee_packs.programme_state_queries import read_programme_state
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotAllowed
from portal.platform.storage.intake import UploadIntake
from portal.project.projects import commands as projects
from portal.project.projects import projections as project_figures
from portal.project.projects.models import ProjectState
from portal.project.projects.queries import get_programme_of
from tests.support import factories as make
from tests.support import funding
from tests.support.browser import words_of

F = "/projects/heron/funding"


@pytest.fixture
def browse(browser_for):
    """The browser of one of the people around the money."""
    return lambda actor: browser_for(db.session.get_one(Person, actor.person_id))


def test_nothing_is_expected_or_paid_before_the_agreement_begins(project, people, browse):
    tomorrow = clock.today() + timedelta(days=1)
    funding.signed(project, people.operator, starts_on=tomorrow)
    (loaded,) = funding.instalments(project)
    report = read_report(get_programme_of(project), clock.now(), clock.today())
    assert [each.expected_on for each in report.teams[0].instalments] == [tomorrow]
    loaded.row.state = InstalmentState.CHECKED
    db.session.commit()
    page = browse(people.second).visit(f"{F}/instalments/1").main
    assert "Elle se verse à partir du" in page.get_text()
    assert not page.select(f"a[href='{F}/instalments/1/pay']")


def test_what_is_checked_waits_to_be_paid_once_the_agreement_has_begun(project, people):
    tomorrow = clock.today() + timedelta(days=1)
    funding.signed(project, people.operator, starts_on=tomorrow)
    (loaded,) = funding.instalments(project)
    funding.ask(people.lead, loaded)
    assert [each.number for each in list_waiting_instalments(people.second)] == [1]
    funding.check(people.operator, loaded)

    def read_waiting():
        past = list_wait_starts_by_project(people.second, [project.id], clock.now(), clock.DEFAULT_ZONE)
        return len(list_waiting_instalments(people.second)), len(past.get(project.id, ()))

    assert read_waiting() == (0, 0)
    with clock.frozen_at(clock.now() + timedelta(days=1)):
        assert read_waiting() == (1, 1)


def test_an_operator_reads_on_the_portfolio_what_is_to_examine_and_where(project, people, browse):
    funding.signed(project, people.operator)
    funding.ask(people.lead, funding.instalments(project)[0])
    path = f"/portfolio?programme={get_programme_of(project).slug}"
    tile = browse(people.second).visit(path).select_one(".tile")
    assert words_of(tile).startswith("1 à instruire")
    assert tile.a["href"] == "/funding"
    assert words_of(browse(people.direction).visit(path).select_one(".tile")).startswith("0 à décider")
    make.project(get_programme_of(project))  # its agreement is to prepare: none of what the tile counts
    head = words_of(browse(people.second).visit("/funding").select_one(".page-head"))
    assert "1 chose attend. 1 convention est à préparer." in head


def test_a_payment_that_came_back_after_the_end_of_its_agreement_is_the_next_one(project, people, browse):
    agreement = funding.signed(project, people.operator, *[InstalmentFacts(amount_cents=10_00)] * 2)
    first, _second = funding.instalments(project)
    funding.paid(people, first)
    agreements.end_agreement(people.direction, project, agreement, "Abandon", agreement.version)
    page = words_of(browse(people.second).visit(F).main)
    assert "La convention est close. Prochaine" not in page
    payment_commands.note_payment_failure(people.operator, first, "IBAN fermé", first.row.version)
    db.session.commit()
    page = words_of(browse(people.second).visit(F).main)
    assert "La convention est close. Prochaine tranche : la 1, le versement a échoué : à verser" in page
    assert "se demandent ici" not in page


def test_a_paused_team_is_expected_no_payment_and_waits_for_nobody(project, people, browse):
    later = InstalmentFacts(amount_cents=20_00, due_on=clock.today() + timedelta(days=30))
    funding.signed(project, people.operator, InstalmentFacts(amount_cents=10_00), later)
    funding.ask(people.lead, funding.instalments(project)[0])
    programme, leading = (
        get_programme_of(project),
        make.actor(make.role(project.programme_id, Role.PROGRAMME_LEAD)),
    )

    def look():
        moment = clock.now()
        report = read_report(programme, moment, clock.today())
        past = list_wait_starts_by_project(people.second, [project.id], moment, clock.DEFAULT_ZONE)
        waiting = len(list_waiting_instalments(people.second)), len(past.get(project.id, ()))
        coming = len(list_instalments_expected_soon(people.operator))
        due = read_programme_state(programme, moment, clock.today()).instalments
        assert len(due) == waiting[0]
        return (
            moment,
            report.forecast,
            [each.standstill for each in report.teams[0].instalments],
            waiting,
            coming,
        )

    before = look()
    assert before[1:] == (30_00, [None, None], (1, 1), 1)
    projects.pause_project(leading, project)
    db.session.commit()
    assert look()[1:] == (0, [ProjectState.PAUSED] * 2, (0, 0), 0)
    assert read_report(programme, before[0], clock.today()).forecast == 30_00
    pages = {
        f"/programmes/{programme.slug}/funding/report": "restent sans date, car leur équipe est en pause",
        F: "L’équipe est en pause depuis le",
        f"{F}/instalments/1": "L’équipe est en pause depuis le",
        f"{F}/instalments/1/check": "L’équipe est en pause depuis le",
    }
    for address, words in pages.items():
        assert words in words_of(browse(people.second).visit(address)), address
    projects.stop_project(leading, project, reason="r", learnings="l")
    db.session.commit()
    report = read_report(programme, clock.now(), clock.today())
    assert (report.forecast, report.sum_standstill(ProjectState.STOPPED)) == (0, 30_00)
    assert "leur convention est à clore" in headline(report)
    assert "la convention est à clore" in words_of(browse(people.operator).visit(F))


def test_what_is_expected_after_the_end_of_the_agreement_says_so(project, people, browse):
    ends_on = clock.today() + timedelta(days=20)
    later = InstalmentFacts(amount_cents=20_00, due_on=ends_on + timedelta(days=1))
    agreement = funding.signed(project, people.operator, InstalmentFacts(amount_cents=10_00), later)
    agreement.ends_on = ends_on
    db.session.commit()
    report = read_report(get_programme_of(project), clock.now(), clock.today())
    assert [each.is_after_end for each in report.teams[0].instalments] == [False, True]
    assert (report.forecast, report.after_end) == (30_00, 20_00)
    assert "20,00\u00a0€ sont attendus après la fin de leur convention" in headline(report)
    named = f"Après la fin de leur convention\u00a0: {project.short_name}."
    assert repr(named)[1:-1] in str(build_document(report, "fr"))
    observer = make.actor(make.role(project.programme_id, Role.OBSERVER))
    page = browse(observer).visit(f"/programmes/{report.slug}/funding/report").main
    link = page.select_one(".says a")
    assert (link.get_text(), link["href"].partition("#")[2]) == (project.short_name, "team-heron")
    assert "après la fin de sa convention" in page.select_one("#team-heron .teams__row").get_text()
    assert "il y faut un avenant" in list(build_table(report).rows)[1][-1]
    for address in (F, f"{F}/instalments/2"):
        assert "après la fin de la convention" in words_of(browse(people.operator).visit(address))
    assert "après la fin" not in words_of(browse(people.operator).visit(f"{F}/instalments/1"))


def test_before_the_programme_the_report_of_today_comes_without_an_alert(project, people, browse):
    funding.signed(project, people.operator)
    programme = get_programme_of(project)
    programme.starts_on = clock.today() + timedelta(days=1)
    db.session.commit()
    browser, address = browse(people.operator), f"/programmes/{programme.slug}/funding/report"
    assert not browser.visit(address).main.select(".fr-alert")
    before = browser.visit(f"{address}?on={clock.today() - timedelta(days=1)}").main.get_text()
    assert "Le programme ne commence que le" in before


def test_who_asked_neither_checks_nor_pays(project, people):
    funding.signed(project, people.operator)
    (loaded,) = funding.instalments(project)
    funding.ask(people.lead, loaded)
    asking = people.second  # who left the team since, for the operator
    loaded.row.asked_by_id = asking.person_id
    db.session.commit()
    with pytest.raises(NotAllowed, match="Qui demande ne contrôle pas"):
        funding.check(asking, loaded)
    db.session.rollback()
    funding.check(people.operator, loaded)
    for actor in (asking, people.operator):
        with pytest.raises(NotAllowed, match="Qui demande ou contrôle ne verse pas"):
            funding.pay(actor, loaded)
        db.session.rollback()


def test_who_checked_reads_at_once_that_another_pays(project, people, browse):
    funding.signed(project, people.operator)
    (loaded,) = funding.instalments(project)
    funding.ask(people.lead, loaded)
    funding.check(people.operator, loaded)
    answer = browse(people.operator).open(f"{F}/instalments/1/pay")
    assert answer.status_code == 403
    assert "une autre personne doit le faire" in answer.get_data(as_text=True)
    browse(people.second).visit(f"{F}/instalments/1/pay")


def test_the_signature_takes_its_document_and_names_what_has_no_condition(project, people, browse):
    row = funding.drafted(project, people.operator, amount_cents=30_00)
    for facts in (InstalmentFacts(amount_cents=10_00), InstalmentFacts(amount_cents=20_00, gates=[5])):
        funding.plan_commands.plan_instalment(people.operator, project, row, facts)
    db.session.commit()
    browser, sign = browse(people.operator), f"{F}/agreement/sign"
    page = browser.visit(sign).main
    assert page.select_one("form[enctype='multipart/form-data'] input[type=file][name=file]")
    assert not page.select("[name=document]")  # no file is attached yet
    assert "Se versent sans condition" in page.get_text()
    warned = [item.get_text() for item in page.select("li") if item.select(".fr-message--warning")]
    assert len(warned) == 1
    assert "Tranche 1" in warned[0]
    typed = {"signed_on": clock.today(), "version": row.version}
    assert "Joignez le document signé" in browser.submit(sign, expect=422, **typed).main.get_text()
    for content, name in ((b"", "vide.csv"), (b"MZ", "outil.exe")):  # checked as any other file
        browser.submit(sign, expect=422, **typed, file=(BytesIO(content), name))
    browser.submit(sign, **typed, file=(BytesIO(b"a;b\n1;2\n"), "signee.csv"))
    db.session.refresh(row)
    assert row.state is AgreementState.SIGNED
    (file,) = list_attachments(row.__tablename__, row.id)
    assert (row.document_id, row.document_sha256, file.name) == (file.id, file.sha256, "signee.csv")
    replaced = f"{F}/agreement/document"
    assert browser.visit(replaced).select_one("[name=document] option[value='" + str(file.id) + "']")
    other = {"file": (BytesIO(b"a;b\n3;4\n"), "autre.csv"), "reason": "Page manquante", "amendment": ""}
    browser.submit(replaced, **other, version=row.version)
    db.session.refresh(row)
    assert row.document_id != file.id


@pytest.mark.parametrize("act", ["sign", "document"])
def test_no_transaction_is_open_while_the_signed_document_is_checked(
    project, people, browse, monkeypatch, act
):
    """The check may take long; what somebody saves meanwhile is shown beside what was sent."""
    row = (funding.drafted if act == "sign" else funding.signed)(project, people.operator)
    db.session.commit()
    open_transactions, accept = [], UploadIntake.accept

    def accept_while_somebody_saves(self, *sent):
        open_transactions.append(db.session().in_transaction())
        statement = sa.update(FundingAgreement).values(version=FundingAgreement.version + 1)
        with db.engine.begin() as other:
            other.execute(statement)
        return accept(self, *sent)

    monkeypatch.setattr(UploadIntake, "accept", accept_while_somebody_saves)
    file = BytesIO(b"a;b\n5;6\n"), "signee.csv"
    typed = {"version": row.version, "signed_on": clock.today(), "reason": "r", "file": file}
    answer = browse(people.operator).submit(f"{F}/agreement/{act}", expect=409, **typed)
    assert open_transactions == [False]
    assert answer.select_one("main [name=version]")["value"] == str(typed["version"] + 1)


def test_a_lead_finds_the_rules_of_funding_and_the_agreements(project, people, browse):
    agreement = funding.signed(project, people.operator)
    slug = get_programme_of(project).slug
    lead, terms = browse(people.direction), f"/programmes/{slug}/funding/terms"
    assert lead.visit(f"/programmes/{slug}").select_one(f".page-head a[href='{terms}']")
    assert lead.visit("/reports").main.select_one("a[href='/agreements']")
    project.organisation, project.organisation_fold = "Préfecture de l’Hérault", "prefecture de l’herault"
    project.acronym = ""
    project_figures.update_project_figures([project.id])
    db.session.commit()
    named = words_of(lead.visit("/agreements?q=herault+PREFECTURE").main)
    assert "Préfecture de l’Hérault" in named
    assert "Préfecture" not in words_of(lead.visit("/agreements?q=gard").main)
    delay = ChangeFacts(kind=FundingChangeKind.DELAY, reason="r", days=30)
    change = file_change_request(people.lead, project, agreement, delay)
    db.session.commit()
    assert lead.visit(f"{F}/changes/{change.number}/decide").main.select_one(f"a[href='{terms}']")


def test_the_desk_counts_the_agreements_to_prepare(project, people, browse):
    page = browse(people.operator).visit("/funding")
    head = words_of(page.select_one(".page-head"))
    assert "1 convention est à préparer." in head
    assert "attend" not in head
