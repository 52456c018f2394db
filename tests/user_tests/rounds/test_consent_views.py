"""Which consent texts of a round its page asks to read over."""

from datetime import date

from portal.platform.kernel.database import db
from portal.project.projects.queries import get_programme_of
from tests.support import user_tests as tests
from tests.support.browser import words_of
from tests.support.project_file import version

T = "/projects/heron/tests"
TYPED = {"prototype": "1", "title": "Lire la carte", "method": "moderated", "scale": "f_sus"}


def test_a_consent_is_the_proposed_one_until_its_words_change_or_somebody_read_it_over(browser, project):
    version(project)

    def proposed(number=1):
        lines = browser.visit(f"{T}/{number}").select("#asked + ul > li")
        return [words_of(line.a).split()[-1] for line in lines if "texte proposé" in words_of(line)]

    browser.submit(f"{T}/new", **TYPED)
    browser.submit(f"{T}/1/edit", **TYPED | {"method": "unmoderated"}, version=1)
    assert proposed() == ["français", "anglais"]  # the portal changed their words, nobody read them
    get_programme_of(project).test_retention += 1
    db.session.commit()
    assert proposed() == ["français", "anglais"]  # the more so as they tell an old term
    get_programme_of(project).test_retention -= 1
    browser.submit(f"{T}/1/consent/fr/edit", **tests.SAID, version=2)
    assert proposed() == ["anglais"]
    browser.submit(f"{T}/1/copy", prototype="1", title="Encore")
    assert proposed(2) == ["anglais"]
    form = browser.visit(f"{T}/1/consent/en/edit").main
    unchanged = {field["name"]: field.text.lstrip("\r\n") for field in form.select("textarea")}
    unchanged |= {name: form.select_one(f"[name={name}]")["value"] for name in ("dpo_contact", "version")}
    for _time in range(2):
        browser.submit(f"{T}/1/consent/en/edit", **unchanged)
    assert proposed() == []
    assert words_of(browser.visit(f"{T}/1/history").main).count("Consentement relu") == 1
    project.stopped_on, project.stop_reason, project.learnings = date(2026, 3, 12), "r", "l"
    db.session.commit()
    assert proposed(2) == []  # nobody can agree to it any more
