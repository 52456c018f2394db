from uuid import UUID

import pytest
import sqlalchemy as sa

from portal.people.programmes import role_commands
from portal.people.programmes.models import INSTALLATION, Invitation, RoleAssignment
from portal.people.programmes.queries import actor_for
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.unchanged_answers import clear_cached_answers
from tests.support import factories as make
from tests.support.browser import words_of

HERE = "/projects/heron"
TEAM = f"{HERE}/team"
INVITED = {"email": "nour@demo.example", "role": "team_member", "share_of_time": "40"}


@pytest.fixture
def programme(app):
    return make.programme(slug="ami")


@pytest.fixture
def project(programme):
    return make.project(programme, slug="heron")


@pytest.fixture
def lead(programme, browser_for):
    return browser_for(make.role(programme.id, Role.PROGRAMME_LEAD))


@pytest.fixture
def porter(project, browser_for):
    return browser_for(make.role(project.id, Role.TEAM_LEAD))


@pytest.fixture
def member(project, browser_for):
    return browser_for(make.role(project.id, Role.TEAM_MEMBER))


def role_of(person) -> RoleAssignment:
    mine = sa.select(RoleAssignment).where(RoleAssignment.person_id == person.id)
    return db.session.scalars(mine.order_by(RoleAssignment.id.desc())).first()


def test_a_team_lead_invites_and_the_guest_joins_with_a_share(project, porter, browser_for):
    page = porter.submit(f"{HERE}/invitations", **INVITED)
    path = page.select_one("#link")["value"].removeprefix("http://127.0.0.1:8000")
    assert "nour@demo.example" in porter.visit(TEAM).text
    guest = browser_for(None)
    assert project.title_fr in words_of(guest.visit(path).main)
    secret = "une phrase assez longue"
    guest.submit(path, name="Nour Petit", password=secret, repeated=secret)
    row = words_of(guest.visit(TEAM).select_one("tbody tr:has(th:-soup-contains('Nour'))"))
    assert "Membre de l’équipe" in row
    assert "40 %" in row


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("email", "nour"),
        ("role", "coach"),
        ("share_of_time", "101"),
        ("share_of_time", "-1"),
        ("share_of_time", "beaucoup"),
        ("share_of_time", "9" * 5000),
    ],
)
def test_a_bad_invitation_is_refused_beside_its_field(porter, field, typed):
    page = porter.submit(f"{HERE}/invitations", expect=422, **INVITED | {field: typed})
    assert page.select_one(f"#{field}-messages .fr-message--error")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Invitation)) == 0


def test_a_double_click_invites_once(porter):
    for _ in range(2):
        porter.submit(f"{HERE}/invitations", **INVITED, form_key="same")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Invitation)) == 1


def test_an_invitation_is_withdrawn(porter, member):
    porter.submit(f"{HERE}/invitations", **INVITED)
    withdraw = porter.visit(TEAM).select_one("form[action$='/withdraw']")["action"]
    member.submit(withdraw, expect=403)
    assert "nour@demo.example" not in porter.submit(withdraw).text
    porter.submit(withdraw, expect=404)


def test_a_member_sees_the_team_and_no_form(project, member):
    page = member.visit(TEAM)
    assert not page.select("main form")
    assert "Invitations" not in page.main.text
    member.submit(f"{HERE}/invitations", expect=403, **INVITED)
    member.submit(f"{HERE}/coaches", expect=403)
    member.submit(f"{HERE}/reviewers", expect=403)


def test_a_team_lead_assigns_nobody(porter):
    porter.submit(f"{HERE}/coaches", expect=403)
    porter.submit(f"{HERE}/reviewers", expect=403)


@pytest.mark.parametrize("path", ["/invitations", "/coaches", "/reviewers"])
def test_strangers_find_nothing(project, browser_for, path):
    stranger = browser_for(make.role(make.project().id, Role.TEAM_LEAD))
    stranger.submit(HERE + path, expect=404, **INVITED)
    stranger.visit(TEAM, expect=404)


def test_an_empty_pool_says_where_coaches_come_from(project, lead, browser_for):
    page = lead.visit(TEAM)
    assert "Le programme n’a pas encore de coach" in page.text
    assert "Pour passer la main" not in page.text  # it is for who hands over
    porter = browser_for(make.role(project.id, Role.TEAM_LEAD))
    assert "Pour passer la main" in porter.visit(TEAM).text
    assert "Pour passer la main" not in lead.visit(TEAM).text
    assert not page.select("form[action$='/coaches']")


def test_a_lead_chooses_a_coach_and_a_reviewer_from_the_pool(project, programme, lead):
    coach = make.role(programme.id, Role.COACH, make.person(name="Camille Roux"))
    reviewer = make.role(programme.id, Role.ETHICS_REVIEWER, make.person(name="Nour Petit"))
    track = make.tracks_of(programme)["technical"]
    data = {"coach-person": coach.id, "coach-track": track.id}
    assert "technical : Camille Roux" in words_of(lead.submit(f"{HERE}/coaches", **data).main)
    page = lead.submit(f"{HERE}/coaches", expect=422, **data)
    assert "a déjà ce rôle" in page.select_one("#coach-person-messages").text
    said = lead.submit(f"{HERE}/reviewers", **{"reviewer-person": reviewer.id})
    assert "Relecture éthique : Nour Petit" in words_of(said.main)


def test_no_coach_is_chosen_beforehand(project, programme, lead):
    make.role(programme.id, Role.COACH, make.person(name="Camille Roux"))
    track = make.tracks_of(programme)["technical"]
    choice = lead.visit(TEAM).select_one("[name=coach-person]")
    names = [words_of(option) for option in choice.select("option")]
    assert names == ["Choisir un coach", "Camille Roux, aucune équipe dans vos programmes"]
    assert choice.select_one("option[selected]") in (None, choice.option)
    page = lead.submit(f"{HERE}/coaches", expect=422, **{"coach-person": "", "coach-track": track.id})
    assert "Choisissez un coach." in words_of(page.select_one("#coach-person-messages"))


def test_the_track_without_a_coach_comes_first(project, programme, lead):
    technical = make.tracks_of(programme)["technical"]
    make.role(programme.id, Role.COACH)
    make.role(project.id, Role.COACH, track_id=technical.id)
    chosen = lead.visit(TEAM).select_one("[name=coach-track] option[selected]")
    assert chosen["value"] != str(technical.id)


def test_a_coach_is_no_reviewer_of_the_same_project(project, programme, lead):
    person = make.role(programme.id, Role.ETHICS_REVIEWER)
    make.role(project.id, Role.COACH, person)
    page = lead.submit(f"{HERE}/reviewers", expect=422, **{"reviewer-person": person.id})
    assert "un seul de ces trois rôles" in page.select_one("#reviewer-person-messages").text


def test_whoever_coaches_a_project_is_not_invited_into_its_team(project, lead):
    coach = make.role(project.id, Role.COACH)
    typed = {"email": coach.email, "role": "team_member"}
    page = lead.submit(f"{HERE}/invitations", expect=422, **typed)
    assert "un seul de ces trois rôles" in page.select_one("#email-messages").text


def test_a_coach_of_one_project_may_review_another_of_the_programme(project, programme, lead):
    person = make.role(programme.id, Role.COACH)
    make.role(project.id, Role.COACH, person)
    role_commands.give_role(None, programme.id, person, Role.ETHICS_REVIEWER)
    db.session.commit()
    other = make.project(programme, slug="aigrette")
    lead.submit(f"/projects/{other.slug}/reviewers", **{"reviewer-person": person.id})
    assert actor_for(person.id).has_role_in(Role.ETHICS_REVIEWER, in_=other.id)


@pytest.mark.parametrize("typed", ["", "x", str(UUID(int=7)), "{}", "urn:uuid:1"])
def test_people_and_tracks_of_elsewhere_are_refused_beside_their_field(project, programme, lead, typed):
    coach = make.role(programme.id, Role.COACH)
    make.role(programme.id, Role.ETHICS_REVIEWER)
    track = make.tracks_of(programme)["technical"]
    sent = {"coach-person": typed, "coach-track": track.id}
    sound = {"coach-person": coach.id, "coach-track": typed}
    page = lead.submit(f"{HERE}/coaches", expect=422, **sent)
    assert page.select_one("#coach-person-messages .fr-message--error")
    page = lead.submit(f"{HERE}/coaches", expect=422, **sound)
    assert page.select_one("#coach-track-messages .fr-message--error")
    page = lead.submit(f"{HERE}/reviewers", expect=422, **{"reviewer-person": typed})
    assert page.select_one("#reviewer-person-messages .fr-message--error")


def test_a_share_of_time_is_set_and_a_bad_one_is_kept_to_mend(project, porter, member):
    person = make.role(project.id, Role.TEAM_MEMBER, make.person(name="Nour Petit"))
    url = f"{TEAM}/{role_of(person).id}/share"
    assert words_of(porter.visit(url).h1) == "Part de temps de Nour Petit"
    page = porter.submit(url, expect=422, share_of_time="150")
    assert page.select_one("[name=share_of_time]")["value"] == "150"
    assert "60 %" in words_of(porter.submit(url, share_of_time="60").main)
    porter.submit(url, share_of_time="")
    member.visit(url, expect=403)
    member.submit(url, expect=403, share_of_time="1")


def test_ending_a_role_asks_first_and_then_closes_the_project(project, porter, browser_for):
    person = make.role(project.id, Role.TEAM_MEMBER, make.person(name="Nour Petit"))
    gone, url = browser_for(person), f"{TEAM}/{role_of(person).id}/end"
    assert "Nour Petit" in words_of(porter.visit(url).select_one("#act h2"))
    gone.visit(HERE)
    gone.visit(url, expect=403)
    assert "Nour Petit" not in porter.submit(url).main.text
    gone.visit(HERE, expect=404)
    porter.submit(url, expect=404)


def test_who_leaves_by_themselves_lands_on_the_list(project, browser_for):
    make.role(project.id, Role.TEAM_LEAD)
    me = make.role(project.id, Role.TEAM_LEAD)
    page = browser_for(me).submit(f"{TEAM}/{role_of(me).id}/end")
    assert words_of(page.h1) == "Projets"


def test_a_role_of_another_project_is_out_of_reach(project, porter):
    other = role_of(make.role(make.project().id, Role.TEAM_MEMBER))
    for verb in ("share", "end"):
        porter.visit(f"{TEAM}/{other.id}/{verb}", expect=404)
        porter.submit(f"{TEAM}/{other.id}/{verb}", expect=404)


def test_twenty_members_cost_what_one_costs(project, porter, statements):
    def cost() -> int:
        statements.clear()
        porter.visit(TEAM)
        return len(statements)

    one = cost()
    for _ in range(20):
        make.role(project.id, Role.TEAM_MEMBER)
    assert cost() == one


def test_a_second_role_in_the_team_is_offered_knowingly(project, lead):
    member = make.role(project.id, Role.TEAM_MEMBER, make.person(email="nour@demo.example"))
    typed = {"email": member.email, "role": "team_lead"}
    page = lead.submit(f"{HERE}/invitations", expect=422, **typed)
    told = words_of(page.select_one("#knowingly-messages"))
    assert "déjà dans l’équipe (membre de l’équipe)" in told
    assert page.select_one("[name=email]")["value"] == member.email
    page = lead.submit(f"{HERE}/invitations", **typed, knowingly="y")
    assert words_of(page.h1) == "Lien d’invitation"


def test_nobody_is_asked_about_a_second_role_without_a_first(project, lead):
    assert not lead.visit(TEAM).select("[name=knowingly]")
    page = lead.submit(f"{HERE}/invitations", email="neuf@demo.example", role="team_lead")
    assert words_of(page.h1) == "Lien d’invitation"


@pytest.mark.parametrize("held", [Role.COACH, Role.ETHICS_REVIEWER])
def test_who_coaches_or_reviews_a_project_is_not_invited_into_its_team(project, lead, held):
    person = make.role(project.id, held, make.person(email="nour@demo.example"))
    typed = {"email": person.email, "role": "team_member", "knowingly": "y"}
    page = lead.submit(f"{HERE}/invitations", expect=422, **typed)
    assert "un seul de ces trois rôles" in words_of(page.select_one("#email-messages"))


def test_an_invitation_leaves_its_trace_where_it_is_asked_for_and_is_sent_again(project, lead):
    """The team lead is offered first until there is one; sent again, one invitation and a new link."""
    assert lead.visit(TEAM).select_one("#invite ~ div [name=role] [selected]")["value"] == "team_lead"
    assert "invitation attend" not in words_of(lead.visit(HERE).main)
    shown = lead.submit(f"{HERE}/invitations", email="porteur@demo.example", role="team_lead")
    back = shown.find("a", string="C’est fait")["href"]
    assert back == f"{TEAM}#invite"
    first = shown.select_one("#link")["value"]
    assert "1 invitation attend une réponse." in words_of(lead.visit(HERE).main)
    form = lead.visit(back).find("button", string="Renvoyer l’invitation").parent
    values = {each["name"]: each["value"] for each in form.select("input[type=hidden]") if each.get("value")}
    assert lead.submit(form["action"], **values).select_one("#link")["value"] != first
    assert len(lead.visit(TEAM).find_all("button", string="Renvoyer l’invitation")) == 1
    make.role(project.id, Role.TEAM_LEAD)
    make.role(project.id, Role.TEAM_MEMBER)
    clear_cached_answers()
    assert not lead.visit(TEAM).select("#invite ~ div [name=role] [selected]")


@pytest.mark.parametrize("path", ["/programmes/ami", "/administrators"])
def test_an_invitation_to_a_programme_or_the_installation_is_sent_again(programme, browser_for, path):
    admin = browser_for(make.role(INSTALLATION, Role.ADMINISTRATOR))
    role = "programme_lead" if "ami" in path else "administrator"
    shown = admin.submit(f"{path}/invitations", email="a@demo.example", role=role)
    back = shown.find("a", string="C’est fait")["href"]
    form = admin.visit(back).find("button", string="Renvoyer l’invitation").parent
    values = {each["name"]: each["value"] for each in form.select("input[type=hidden]") if each.get("value")}
    assert admin.submit(form["action"], **values).select_one("#link")
    assert len(admin.visit(back).find_all("button", string="Renvoyer l’invitation")) == 1
