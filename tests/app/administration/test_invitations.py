"""Invite many people from a list: a dry run that writes nothing, errors by line, then one button."""

import io

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from portal.app.administration import invitation_commands as commands
from portal.app.administration.invitation_commands import InvitationLineOutcome
from portal.app.administration.invitation_list import LINES_MAX, parse_invitation_list
from portal.people.programmes.models import Invitation
from portal.people.programmes.policy import ROLES_OF_SCOPES, roles_to_invite
from portal.people.programmes.queries import get_scope
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotAllowed, RuleBroken
from portal.platform.kernel.outbox import OutboxMessage
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.trail import audited_actions

URL = "/administration/invitations"
HEAD = "Adresse électronique;Rôle;Programme;Projet\n"


@pytest.fixture
def programme(project):
    return db.session.get_one(make.Programme, project.programme_id)


def invited() -> list[tuple[str, str]]:
    rows = db.session.scalars(sa.select(Invitation).order_by(Invitation.email)).all()
    return [(row.email, row.role.value) for row in rows]


def list_of(project, programme, people: int) -> str:
    lines = [f"p{n}@ministere.example;Membre de l’équipe;;{project.slug}" for n in range(people - 2)]
    lines += [f"coach@ministere.example;coach;{programme.name_fr};", "chef@ministere.example;Programme lead;"]
    return HEAD + "\n".join([*lines[:-1], f"{lines[-1]}{programme.slug};"])


def test_forty_people_are_checked_then_invited_by_one_button(admin, browser_for, project, programme):
    text = list_of(project, programme, 40)
    desk = browser_for(admin)
    page = desk.submit(f"{URL}/check", text=text)
    assert "40 personnes à inviter" in words_of(page)
    assert invited() == []
    assert "role.offered" not in audited_actions()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage)) == 0
    checked = page.select_one("form[action$='/administration/invitations'] textarea")
    key = page.select_one("form[action$='/administration/invitations'] [name=form_key]")["value"]
    desk.submit(URL, text=checked.text, form_key=key)
    assert len(invited()) == 40
    assert ("chef@ministere.example", "programme_lead") in invited()
    assert ("coach@ministere.example", "coach") in invited()
    assert audited_actions().count("role.offered") == 40
    kinds = db.session.scalars(sa.select(OutboxMessage.kind)).all()
    assert list(kinds) == ["invitation"] * 40
    desk.submit(URL, text=checked.text, form_key=key)  # clicked twice
    assert len(invited()) == 40
    again = desk.submit(f"{URL}/check", text=text)
    assert "40 déjà invitées" in words_of(again)
    desk.submit(URL, text=text, form_key="another", expect=422)


def test_each_line_says_what_is_wrong_and_one_wrong_line_invites_nobody(
    admin, browser_for, project, programme
):
    member = make.role(project.id, Role.TEAM_MEMBER)
    text = HEAD + "\n".join(
        [
            f"a@b.fr;Coach;{programme.slug};",
            f"pas une adresse;Coach;{programme.slug};",
            f";Coach;{programme.slug};",
            f"a@b.fr;Chef;{programme.slug};",
            "a@b.fr;Coach;Nulle part;",
            "a@b.fr;Membre de l'équipe;;Nulle équipe",
            f"a@b.fr;Coach;;{project.slug}",
            "a@b.fr;Coach;;",
            f"a@b.fr;team_member;{programme.slug};",
            f"a@b.fr;Coach;{programme.slug};",
            f"{member.email};team_member;;{project.slug}",
            f"{member.email};Porteur de projet;;{project.slug}",
            f"c@b.fr;Coach;{programme.slug};;de trop",
        ]
    )
    page = browser_for(admin).submit(f"{URL}/check", text=text)
    faults = {
        words_of(row.select_one("th")).removeprefix("Ligne"): words_of(row.select("td")[-1])
        for row in page.select("table tbody tr")
    }
    assert len(faults) == 13
    for line, words in {
        "3": "n’est pas une adresse",
        "4": "L’adresse manque",
        "5": "n’existe pas",
        "6": "Aucun programme",
        "7": "Aucun projet",
        "8": "ne se donne pas dans un projet",
        "9": "Dites dans quel programme",
        "10": "dites le projet",
        "11": "Déjà demandé à la ligne 2",
        "12": "A déjà ce rôle",
        "13": "invitez-la depuis la page du projet",
        "14": "plus de cases que de colonnes",
    }.items():
        assert words in faults[line], (line, faults[line])
    assert "À inviter" in faults["2"]
    browser_for(admin).submit(URL, text=text, form_key="k", expect=422)
    assert invited() == []


def test_a_list_serves_again_after_some_accepted(admin, browser_for, project, programme):
    text = list_of(project, programme, 3)
    desk = browser_for(admin)
    desk.submit(URL, text=text, form_key="first")
    offer = db.session.scalars(sa.select(Invitation).where(Invitation.role == Role.TEAM_MEMBER)).one()
    make.role(project.id, Role.TEAM_MEMBER, make.person(email=offer.email))
    offer.accepted_at = clock.now()
    db.session.commit()
    more = text + f"\nneuf@ministere.example;Coach;{programme.slug};"
    page = words_of(desk.submit(f"{URL}/check", text=more))
    assert "1 personne à inviter" in page
    assert "3 déjà invitées" in page
    assert "A déjà ce rôle" in page
    desk.submit(URL, text=more, form_key="second")
    assert ("neuf@ministere.example", "coach") in invited()
    assert len(invited()) == 4


@pytest.mark.parametrize("text", ["", "a\n", "rôle;projet\nCoach;x", HEAD, "%PDF-1.4", 'a;b\n"x'])
def test_a_text_that_is_no_list_is_refused_beside_its_field(admin, browser_for, text):
    page = browser_for(admin).submit(f"{URL}/check", text=text, expect=422)
    assert page.select(".fr-message--error, .fr-error-text")


def test_a_list_too_long_is_refused(app):
    with pytest.raises(RuleBroken, match="500"):
        parse_invitation_list(HEAD + "a@b.fr;Coach;x;\n" * (LINES_MAX + 1))


def test_a_file_of_a_spreadsheet_in_the_manner_of_windows_is_read(admin, browser_for, project):
    content = f"e-mail;rôle;projet\r\né@x;{'Porteur de projet'};{project.slug}\r\n".encode("cp1252")
    desk = browser_for(admin)
    response = desk.open(f"{URL}/check", method="POST", data={"file": (io.BytesIO(content), "liste.csv")})
    assert response.status_code == 200
    assert "é@x" in response.text


def check_file(desk, content):
    return desk.open(f"{URL}/check", method="POST", data={"file": (io.BytesIO(content), "liste.txt")})


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_a_file_in_unicode_text_of_excel_is_read(admin, browser_for, programme, encoding):
    text = f"adresse\trôle\tprogramme\r\nneuve@ministere.example\tCoach\t{programme.slug}\r\n"
    mark = "" if encoding == "utf-16" else "\ufeff"
    response = check_file(browser_for(admin), (mark + text).encode(encoding))
    assert response.status_code == 200
    assert "1 personne à inviter" in response.text


@pytest.mark.parametrize("content", ["adresse;rôle\nx;Coach".encode("utf-16-le"), b"\xff\xfea", b"\x89PNG\0"])
def test_a_file_whose_characters_cannot_be_read_is_refused_beside_its_field(admin, browser_for, content):
    response = check_file(browser_for(admin), content)
    assert response.status_code == 422
    page = BeautifulSoup(response.text, "lxml")
    (fault,) = page.select(".fr-error-text, .fr-message--error")
    assert "Ce fichier n’est pas du texte lisible : enregistrez-le en UTF-8." in words_of(fault)
    assert fault.find_parent(class_="fr-upload-group") is not None


def test_administrators_alone_invite_by_a_list_and_see_no_more_roles_on_pages(admin, project, programme):
    lines = parse_invitation_list(list_of(project, programme, 3))
    lead = make.actor(make.holder(Role.PROGRAMME_LEAD, project))
    for command in (commands.preview_invitations, commands.invite_listed_people):
        with pytest.raises(NotAllowed):
            command(lead, lines)
    actor = make.actor(admin)
    assert [each.outcome for each in commands.preview_invitations(actor, lines)] == [
        InvitationLineOutcome.INVITED
    ] * 3
    assert roles_to_invite(actor, get_scope(project.id)) == ()
    assert Role.COACH not in roles_to_invite(actor, get_scope(programme.id))
    offered = {role for roles in ROLES_OF_SCOPES.values() for role in roles}
    assert offered == set(Role)


def test_two_projects_of_one_name_ask_for_the_programme(admin, project, programme):
    other = make.project(acronym=project.acronym)
    text = f"adresse;role;programme;projet\na@b.fr;team_lead;;{project.acronym}"
    (result,) = commands.preview_invitations(make.actor(admin), parse_invitation_list(text))
    assert "dites le programme" in result.reason
    slug = db.session.get_one(make.Programme, other.programme_id).slug
    (result,) = commands.preview_invitations(
        make.actor(admin), parse_invitation_list(text.replace(";;", f";{slug};"))
    )
    assert result.outcome is InvitationLineOutcome.INVITED
