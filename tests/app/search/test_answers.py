"""What the page of a search says: how much it found, what comes first, and what to try instead."""

from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup

from portal.coaching.coach_notes import commands as coach_notes
from portal.collaboration.discussions.commands import start_thread
from portal.collaboration.search.commands import rebuild_search_index
from portal.ethics.reviews import queries
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import factories as make
from tests.support import reviews
from tests.support.browser import words_of
from tests.support.project_file import assumption


@pytest.fixture
def project(app):
    return make.project(
        slug="heron",
        organisation="Hérons de Sologne",
        acronym="DDTM",
        title_fr="Compter",
        title_en="Counting",
    )


@pytest.fixture
def coach(project):
    return make.holder(Role.COACH, project)


@pytest.fixture
def browser(browser_for, coach):
    return browser_for(coach)


@pytest.fixture
def say(project, coach):
    sprint = make.sprint(project)

    def write(*bodies: str) -> None:
        for body in bodies:
            start_thread(make.actor(coach), sprint.discussion_id, body)
        db.session.commit()

    return write


def plain(node) -> str:
    return words_of(node).replace("\xa0", " ")


def hits(page: BeautifulSoup) -> list[str]:
    return [plain(each) for each in page.select("main ol.hits > li")]


def titles(page: BeautifulSoup) -> list[str]:
    return [plain(each) for each in page.select("main ol.hits a")]


def test_the_heading_counts_what_the_page_lists(browser, project, say):
    say("Un canari siffle.", "Un canari chante.")
    assumption(project, statement="Un canari suffit.")
    rebuild_search_index()
    db.session.commit()
    page = browser.visit("/search?q=canari&kind=assumption")
    assert plain(page.h1) == "1 résultat pour « canari »"
    assert plain(page.title).startswith("1 résultat")
    assert len(hits(page)) == 1
    assert plain(browser.visit("/search?q=canari&kind=comment").h1).startswith("2 résultats")
    whole = browser.visit("/search?q=canari")
    assert plain(whole.h1).startswith("3 résultats")
    assert len(whole.select("main .hits > li")) == 3


def test_guides_that_the_heading_counts_are_listed_after_texts(browser, say):
    say("Le carnet de la formation.")
    page = browser.visit("/search?q=carnet&kind=guide")
    count = int(plain(page.h1).split()[0])
    assert count == len(page.select("main ul.hits a")) or page.select(".fr-pagination")
    whole = browser.visit("/search?q=carnet")
    assert "0 sur" not in plain(whole.main)
    assert whole.select("main ul.hits a[href^='/guides/']")


def test_a_guide_shows_an_extract_with_the_words_marked(browser, project):
    for address in ("/search?q=carnet", "/search?q=carnet&kind=guide"):
        places = browser.visit(address).select("main ul.hits > li")
        guides = [place for place in places if place.select("a[href^='/guides/']")]
        untitled = [guide for guide in guides if "carnet" not in plain(guide.a).lower()]
        assert untitled
        assert all("carnet" in plain(guide.mark).lower() for guide in untitled), address


def test_a_kind_with_nothing_says_so_and_leads_to_the_others(browser, say):
    say("Un canari siffle.")
    page = browser.visit("/search?q=canari&kind=data_source")
    assert plain(page.h1) == "Rien pour « canari »"
    assert "Parmi ce que vous pouvez lire, de la sorte « Sources de données »." in plain(page.main)
    assert "Rien de cette sorte. Voir 1 résultat d’une autre sorte" in plain(page.main)
    tabs = [plain(tab) for tab in page.select(".tabs a")]
    assert tabs[:2] == ["Tout 1", "Sources de données 0"]  # the chosen one is in sight
    others = page.select_one("main p a.fr-link")["href"]
    assert hits(browser.visit(others)) == hits(browser.visit("/search?q=canari")) != []


def test_a_page_past_the_last_one_leads_back(browser, say):
    say("Un canari siffle.")
    for kind in ("", "&kind=comment", "&kind=guide"):
        words = "carnet" if "guide" in kind else "canari"
        page = browser.visit(f"/search?q={words}&page=999{kind}")
        assert "Il n’y a pas de page 999." in plain(page.main), kind
        last = page.select_one("main p a.fr-link[href^='/search']")["href"]
        assert browser.visit(last).select("main .hits a"), last


def test_a_kind_named_beside_a_word_narrows_to_it_where_nothing_has_both(browser, project, say):
    say("La légende du canari.")
    assumption(project, statement="La légende suffit.")
    rebuild_search_index()
    db.session.commit()
    for words in ("hypothèse légende", "légende hypothèses", "assumption légende"):
        page = browser.visit(f"/search?q={words}")
        assert titles(page) == ["La légende suffit."], words
        assert "l’un d’eux nomme" in plain(page.main)
    assert len(hits(browser.visit("/search?q=légende"))) == 2
    assert hits(browser.visit("/search?q=message légende"))[0].startswith("Message")
    assert not hits(browser.visit("/search?q=hypothèse légende&kind=comment"))


def test_an_exclusion_leaves_out_each_form_of_its_word(browser, say):
    say("Prévenir les maires de la commune.", "Prévenir le maire.", "Prévenir la marine.", "Prévenir tout.")
    for words in ("prévenir -maire", "prévenir -maires"):
        found = " ".join(hits(browser.visit(f"/search?q={words}")))
        assert "tout" in found
        assert "marine" in found
        assert "maire." not in found
        assert "maires" not in found
    assert len(hits(browser.visit('/search?q=prévenir -"les maires"'))) == 3


def test_near_words_keep_the_others_and_are_offered_for_unknown_words_alone(browser, say):
    say("La fausse alerte de mars.", "Une alerte au canari dans la serre.")
    page = browser.visit("/search?q=canari alertte")
    links = {plain(a): a["href"] for a in page.select("main p a[href^='/search']")}
    assert list(links) == ["canari alerte"]
    phrase = browser.visit('/search?q="fausse alertte" mars')
    assert [plain(a) for a in phrase.select("main > * a, main p a") if "fausse" in a.text][-1:] == [
        '"fausse alerte" mars'
    ]
    both = browser.visit("/search?q=canari mars")
    assert "Mots proches" not in plain(both.main)


def test_a_near_name_is_offered_once(browser, say):
    say("La ddtm écoute.")
    page = browser.visit("/search?q=ddtn")
    near = plain(page.main).split("Mots proches : ")[1]
    assert near.lower().count("ddtm") == 1


def test_words_are_told_as_they_were_typed(browser, say):
    say("Le canari.")
    why = plain(browser.visit("/search?q=Canari Tournées").main)
    assert "« Tournées » – aucun résultat" in why
    assert "« Canari » – 1 résultat à lui seul" in why


def test_tallies_count_what_each_word_finds_alone(browser, project, say):
    """Pages, people, guides and texts, the beginnings of words too."""
    say("Un canari au carnet.", "Les équipes du canari.")
    for words in ("carnet zorglubia", "zorglubia équip", "canari zorglubia", '"canari au" zorglubia'):
        why = browser.visit(f"/search?q={words}")
        tallies = [plain(line) for line in why.select("main li") if "résultat" in line.text]
        assert len(tallies) == 2, words
        assert "« zorglubia » – aucun résultat" in tallies
        (alone,) = why.select("main li > a[href^='/search?q=']:not(.tabs a)")
        count = int(plain(browser.visit(alone["href"]).h1).split()[0])
        assert plain(alone.parent).endswith(
            f"– {count} résultat à lui seul" if count == 1 else f"– {count} résultats à lui seul"
        ), words


def test_near_words_that_find_nothing_are_not_offered(browser, say):
    say("La petite file attend.", "Une tarte au fil.", "Le bord: la forme.")
    for words in ('"tarte fille"', '"petite fill" tarte', "body:formes -forme"):
        assert "Mots proches" not in plain(browser.visit(f"/search?q={words}").main), words
    page = browser.visit('/search?q="petite fille"')
    links = {plain(a): a["href"] for a in page.select("main p a[href^='/search']")}
    assert list(links) == ['"petite file"']
    assert plain(browser.visit(links['"petite file"']).h1).startswith("1 résultat")


def test_titles_have_no_marks(browser, project, coach):
    coach_notes.write_note(make.actor(coach), project, "**Un doute** sur le _canari_.\n\nSuite.")
    db.session.commit()
    page = browser.visit("/search?q=canari")
    assert titles(page) == ["Un doute sur le canari."]
    assert [plain(each) for each in page.select("main ol.hits p.small")] == ["Suite."]


def test_titles_in_another_form_come_before_texts(browser, project, say):
    assumption(project, statement="Procès-verbaux d’infraction")
    rebuild_search_index()
    say(*(f"Le procès-verbal numéro {number}." for number in range(4)))
    assert titles(browser.visit("/search?q=procès-verbal"))[0] == "Procès-verbaux d’infraction"


def test_a_project_comes_before_what_its_things_are_called(browser, project):
    rebuild_search_index()
    for _n in range(2):
        assumption(project, statement="La DDTM compte.", number=_n + 1)
    assert titles(browser.visit("/search?q=DDTM"))[0].startswith("DDTM – Compter")


def test_an_unknown_kind_and_a_day_of_another_age_are_told(browser, say):
    say("Le canari.")
    page = browser.visit("/search?q=canari&kind=nope")
    assert "ne connaît pas la sorte « nope »" in plain(page.main)
    far = browser.visit("/search?q=canari&since=9999-12-31")
    assert "n’est pas un jour" not in far.text
    assert "entre 1900 et 2900" in plain(far.main)


def test_what_is_no_order_or_no_period_is_told_beside_its_field_and_kept(browser, say):
    say("Le canari.")
    page = browser.visit("/search?q=canari&order=oldest")
    field = page.select_one("#order")
    assert (field["aria-invalid"], field.select_one("[selected]")["value"]) == ("true", "oldest")
    assert "ne connaît pas l’ordre « oldest »" in plain(page.select_one("#order-error"))
    assert len(hits(page)) == 1
    assert "order=oldest" in page.select_one(".tabs a")["href"]
    reversed_days = browser.visit("/search?q=canari&since=2027-01-01&until=2026-12-01")
    assert "Les deux jours sont à l’envers" in plain(reversed_days.select_one("#until-error"))
    assert reversed_days.select_one("#since")["value"] == "2027-01-01"
    assert "depuis le 1er janv. 2027, jusqu’au 1er déc. 2026" in plain(reversed_days.main)


def test_a_review_opens_at_the_answer_that_has_the_words(browser, project):
    member = make.actor(make.holder(Role.TEAM_MEMBER, project))
    review = reviews.opened(member, project)
    record = queries.reload_review(review)
    section, item = next(
        (section, item)
        for section in record.definition.sections[1:]
        for item in section.items
        if item.says_why and item.when is None and not item.under
    )
    given = {item.key: reviews.answer_to(item), item.note_key: "Un canari lira le courrier."}
    reviews.answered(member, project, review, **given)
    (link,) = browser.visit("/search?q=lira le canari").select("main ol.hits a")
    assert link["href"] == f"/projects/heron/reviews/1/sections/{section.key}#q-{item.key}"
    opened = browser.visit(link["href"].split("#")[0])
    assert "Un canari lira le courrier." in opened.find(id=f"q-{item.key}").text
    (titled,) = browser.visit("/search?q=revue 1&kind=review").select("main ol.hits a")
    assert titled["href"] == "/projects/heron/reviews/1"


def test_the_stem_of_an_instalment_is_its_own(browser):
    urls = [a["href"] for a in browser.visit("/search?q=instalment").select("main ul.hits a")]
    assert not [url for url in urls if "install" in url]


def test_the_title_that_a_hit_shows_finds_it(browser, project):
    reviews.opened(make.actor(make.holder(Role.TEAM_MEMBER, project)), project)
    (title,) = titles(browser.visit("/search?q=revue&kind=review"))
    assert title.startswith("Revue 1")
    assert title in titles(browser.visit("/search?" + urlencode({"q": title})))


def test_a_person_is_found_on_their_line_of_the_team(browser, project):
    make.role(project.id, Role.TEAM_MEMBER, make.person(name="Camille Roux"))
    address = browser.visit("/search?q=camille").select_one("main ul.hits a")["href"]
    page, anchor = address.split("#")
    assert "Camille Roux" in words_of(browser.visit(page).find(id=anchor))
