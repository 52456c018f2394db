"""Browser tests: forty people invited from a file, a programme closed, and how these pages look."""

import pytest
import sqlalchemy as sa

from portal.app.administration.verifications import verify_due_trails
from portal.app.archives.jobs import make_due_archives
from portal.app.archives.verification import verify_archive
from portal.people.programmes.models import Invitation
from portal.platform.kernel.database import db

pytestmark = pytest.mark.browser

COUNT = 40
PAGES = (
    "/administration",
    "/administration/settings",
    "/administration/settings/change",
    "/administration/settings/banner",
    "/administration/settings/maintenance",
    "/administration/trail?kind=sprint",
    "/administration/trail?since=hier",
    "/administration/questionnaires",
    "/erasures",
    "/retention",
    "/retention/sessions",
)


def test_an_administrator_invites_forty_people_from_a_file(visitor, portal, tmp_path, width, script):
    domain = f"ministere{width}.example"
    lines = [f"p{n}@{domain};Coach;ami-ia-2018;" for n in range(COUNT)]
    lines[7] = f"p7@{domain};Coach;ami-ia-1998;"
    path = tmp_path / "liste.csv"
    path.write_text("\ufeffadresse;rôle;programme;projet\r\n" + "\r\n".join(lines), encoding="utf-8")
    window = visitor(width, script=script)
    window.enter("admin@demo.example", "/people")
    window.follow("Inviter depuis une liste")
    window.finds_no_fault()
    window.page.get_by_label("Fichier").set_input_files(path)
    window.press("Vérifier la liste")
    window.sees("1 ligne en erreur")
    window.sees("Aucun programme ne s’appelle")
    window.finds_no_fault()
    text = window.page.get_by_label("Ou son texte").input_value()
    window.fill("Ou son texte", text.replace("1998", "2018"))
    window.press("Vérifier la liste")
    window.finds_no_fault()
    window.press("Inviter 40 personnes")
    window.sees("40 personnes sont invitées")
    with portal.app.app_context():
        invited = sa.select(sa.func.count()).where(Invitation.email.endswith(f"@{domain}"))
        assert db.session.scalar(invited) == COUNT
        db.session.remove()


def test_a_lead_closes_a_programme_and_checks_its_archive(visitor, portal, tmp_path, width, script):
    window = visitor(width, script=script)
    window.enter("direction@demo.example", "/programmes/ami-ia-2018")
    window.click(window.page.locator("#content summary", has_text="Réglages"))
    window.follow("Clore")
    window.finds_no_fault()
    window.press("Faire une archive")
    window.sees("L’archive se prépare")
    with portal.app.app_context():
        make_due_archives()
    window.go("/programmes/ami-ia-2018/archive")
    window.sees("Prête")
    window.finds_no_fault()
    fingerprint = window.page.locator("td code").first.inner_text()
    with window.page.expect_download() as taken:
        window.press("Télécharger", within=window.page.locator("tbody tr").first)
    path = tmp_path / "archive.zip"
    taken.value.save_as(path)
    assert verify_archive(path, fingerprint).faults == []


def test_an_administrator_verifies_the_trail(visitor, portal, width, script):
    window = visitor(width, script=script)
    window.enter("admin@demo.example", "/administration/trail")
    window.press("Vérifier tout le journal")
    window.sees("La vérification commence")
    window.finds_no_fault()
    with portal.app.app_context():
        verify_due_trails()
    window.go("/administration/trail")
    window.sees("Journal entier")


def test_pages_of_the_administration_hold(visitor, width, script):
    window = visitor(width, script=script)
    window.enter("admin@demo.example")
    for path in PAGES:
        window.go(path)
        window.finds_no_fault()
