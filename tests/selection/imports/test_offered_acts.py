"""What a lead's pages of a call offer is not refused."""

from portal.platform.kernel.database import db
from portal.platform.kernel.unchanged_answers import clear_cached_answers
from portal.selection.applications.models import ApplicationState
from portal.selection.calls.models import CallState
from tests.support.browser import words_of


def test_a_call_offers_nothing_that_its_state_refuses(source, site, under_review, call, leading, browser_for):
    browser, place = browser_for(leading), "/programmes/ami/calls/1"
    application = f"{place}/applications/{under_review.number}"
    offers = {
        f"{application}/open": (application, "Ouvrir les notes sans attendre"),
        f"{place}/imports/mapping": (f"{place}/imports", "Correspondance des champs"),
        f"{place}/edit": (place, "Modifier"),
    }

    def offered():
        pages = {path: label in words_of(browser.visit(page).main) for path, (page, label) in offers.items()}
        assert {path: browser.open(path).status_code == 200 for path in offers} == pages
        return list(pages.values())

    assert offered() == [True, False, True]
    under_review.state = ApplicationState.RECEIVED
    db.session.commit()
    clear_cached_answers()  # no audit event invalidates them here
    assert offered() == [False, False, True]
    call.state = CallState.PUBLISHED
    db.session.commit()
    clear_cached_answers()
    assert offered() == [False, False, False]
    version = browser.visit(f"{place}/imports/source").find("input", attrs={"name": "version"})["value"]
    page = browser.submit(
        f"{place}/imports/source", procedure_number="1234", token=site.token, version=version
    )
    assert page.h1.text.strip() == "Imports"  # where its decisions are sent from, with the new token
    assert "La démarche est lue. Dites" not in words_of(page)
    assert "La démarche est lue." in words_of(page)
