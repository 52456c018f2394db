"""Pages of coverage, trends and comparisons."""

from datetime import date
from urllib.parse import urlencode

import pytest

from tests.support import factories as make
from tests.support import user_tests as tests
from tests.support.browser import words_of
from tests.support.project_file import group, version
from tests.user_tests.reports.conftest import P, T, people


def said(page):
    return words_of(page.main).replace("\xa0", " ").replace("\u202f", " ")


def rows(page, place=0):
    table = page.select("table")[place]
    return [
        [words_of(cell).replace("\xa0", " ") for cell in row.select("th,td")]
        for row in table.select("tbody tr")
    ]


# Coverage


def test_before_any_version_coverage_says_what_to_do_first(browser, project):
    page = browser.visit(f"{T}/coverage")
    assert page.find("a", string="Sortir une version")["href"] == f"{P}/file/prototypes/new"


def test_before_any_group_coverage_asks_for_whom_the_prototype_is(browser, project):
    version(project)
    page = browser.visit(f"{T}/coverage")
    assert page.find("a", string="Décrire un public")["href"] == f"{P}/file/groups/new"


def test_coverage_says_first_who_is_missing_and_where_to_add_them(browser, project, two):
    group(project, name="Les élus")
    version(project)
    tried = tests.round_(project, version(project))
    tests.aims_at(tried, two.group, 5)
    page = browser.visit(f"{T}/coverage")
    assert "Aucun public n’a encore essayé la version 4, la dernière." in said(page)
    missing = page.select(".fr-alert li")
    assert [words_of(one).replace("\xa0", " ") for one in missing] == [
        "Les contrôleurs : 5 participants visés sur la version 4, 0 sur 5. Ajouter une séance"
        " (Les contrôleurs)",
        "Les élus : aucune série n’invite ce public à essayer la version 4. Préparer une série (Les élus)",
    ]
    ways = [one.a["href"] for one in missing]
    assert ways == [f"{T}/3/sessions/new", f"{T}/new"]


def test_coverage_has_a_line_for_each_group_and_a_column_for_each_version(browser, project, two):
    left = group(project, name="Les partis", left_on=date(2026, 3, 3))
    group(project, name="Les oubliés", left_on=date(2026, 3, 3))
    people(two.first, two.tasks[0], left, two.person, "s")
    people(two.second, two.tasks[1], None, two.person, "f")
    page = browser.visit(f"{T}/coverage")
    heads = [words_of(one).replace("\xa0", " ") for one in page.select("table")[0].select("thead th")]
    assert heads[3:] == ["Version 2", "Version 1"]
    told = [[cell.split(" : ")[-1] for cell in row] for row in rows(page)]
    assert [row[0].split("Public")[-1].strip() for row in told] == [
        "Les contrôleurs",
        "Les partis (public abandonné)",
        "D’aucun public décrit",
    ]
    assert "16" in told[0][1]
    assert "8 sur 5" in told[0][3]
    assert "8 sur 5" in told[0][4]
    assert "la version 2 est sortie depuis" in told[1][2]
    assert "—" in told[1][3]


def test_rehearsals_and_what_never_began_cover_nobody(browser, project, person):
    tried = tests.planned(project)
    who = tests.db.session.get(tests.RoundGroup, (tried.id, group(project).id))
    assert who is None
    tests.session(tried, person, is_rehearsal=True)
    tests.session(tried, person, consent_on=None, started_at=None, ended_at=None)
    page = browser.visit(f"{T}/coverage")
    assert "Les contrôleurs : 5 participants visés sur la version 1, 0 sur 5." in said(page)


def test_access_needs_are_a_number_of_the_round_and_their_silence_is_missing(browser, two):
    page = browser.visit(f"{T}/coverage")
    assert "Série 2, version 2 : personne n’a dit si un participant avait un besoin d’accessibilité." in said(
        page
    )
    lines = rows(page, 1)
    assert "pas encore dit" in lines[0][3]
    assert lines[1][3].endswith("1")
    two.second.access_needs, two.second.no_access_needs = 0, "personne n’a répondu"
    tests.db.session.commit()
    page = browser.visit(f"{T}/coverage")
    assert "Aucune personne ayant un besoin d’accessibilité n’a essayé la version 2." in said(page)
    assert "aucun : personne n’a répondu" in rows(page, 1)[0][3]
    two.second.access_needs = 2
    tests.db.session.commit()
    assert "Rien ne manque sur la version 2." in said(browser.visit(f"{T}/coverage"))


def test_whoever_only_reads_is_told_what_is_missing_without_a_way_to_add_it(browser_for, project):
    tests.planned(project)
    coach = make.role(project.id, make.Role.COACH)
    missing = browser_for(coach).visit(f"{T}/coverage").select(".fr-alert li")
    assert missing
    assert not [one for one in missing if one.a]


# Trends


def test_a_trend_says_its_sentence_over_its_chart_and_has_its_table(browser, two):
    page = browser.visit(f"{T}/trend")
    chart = page.select_one(".chart")
    says = words_of(chart.figcaption).replace("\xa0", " ")
    assert says == (
        "S1 v1, puis S2 v2. 88 réussites de plus sur 100 (entre 40 de plus et 100 de plus ; n = 8 puis 8)."
        " C’est mieux."
    )
    assert len(chart.select("table tbody tr")) == 2
    assert "Série 1, version 1" in words_of(chart.table).replace("\xa0", " ")
    assert "SUS en français (F-SUS)" in said(page)
    assert len(page.select(".chart")) == 3


def test_a_single_round_has_figures_and_nothing_to_compare(browser, project, person):
    tried = tests.planned(project)
    doing = tests.task(tried, 3, is_primary=False)
    people(tried, doing, None, person, "sssf")
    page = browser.visit(f"{T}/trend?task=1.3")
    assert "3 sur 4 ont réussi" in said(page)
    assert "Une seule série pose cette tâche" in said(page)
    assert "Rien à comparer" not in said(page)


def test_only_tasks_of_the_same_lineage_are_followed(browser, two):
    tests.task(two.second, 2, title="Une autre tâche")
    page = browser.visit(f"{T}/trend")
    options = [words_of(one).replace("\xa0", " ") for one in page.select("#choose-task option")]
    assert options == ["Trouver une lettre (séries 1, 2), tâche principale", "Une autre tâche (série 2)"]
    page = browser.visit(f"{T}/trend?task=2.2")
    assert "Personne n’a encore essayé cette tâche." in said(page)


def test_a_trend_opens_on_a_task_that_was_asked_in_most_rounds(browser, project, two):
    tests.task(tests.round_(project, version(project)), title="Une tâche nouvelle")
    page = browser.visit(f"{T}/trend")
    assert words_of(page.select_one("#choose-task [selected]")).startswith("Trouver une lettre")


def test_nothing_to_follow_says_what_belongs_there(browser, project):
    assert "Rien à suivre encore" in said(browser.visit(f"{T}/trend"))
    assert "Rien à comparer encore" in said(browser.visit(f"{T}/compare"))


# Comparisons


def test_two_rounds_are_compared_in_words(browser, two):
    page = browser.visit(f"{T}/compare")
    assert "4 mesures en commun : mieux pour 3, moins bien pour 0, on ne peut pas encore dire pour 1" in said(
        page
    )
    lines = rows(page)
    assert "SUS en français (F-SUS)" in lines[0][0]
    assert "1 sur 8" in lines[1][1]
    assert "8 sur 8" in lines[1][2]
    assert "C’est mieux" in lines[1][3]
    assert "n = 8 puis 8" in lines[1][3]


def test_the_other_way_round_it_is_worse(browser, two):
    page = browser.visit(f"{T}/compare?before=2&after=1")
    assert page.select_one("#choose-before option[selected]")["value"] == "2"
    assert "mieux pour 0, moins bien pour 4" not in said(page)
    assert "C’est moins bien" in rows(page)[1][3]


def test_a_copied_round_is_first_compared_with_the_one_it_was_copied_from(browser, project, person, two):
    third = tests.round_(project, version(project), follows_id=two.first.id)
    people(third, tests.task(third, lineage=two.tasks[0].lineage), two.group, person, "ss")
    page = browser.visit(f"{T}/compare")
    chosen = [page.select_one(f"#choose-{side} option[selected]") for side in ("before", "after")]
    assert [one["value"] for one in chosen] == ["1", "3"]


def test_few_who_did_alike_cannot_tell_yet(browser, project, person):
    who = group(project)
    first, second = (tests.round_(project, version(project)) for _time in range(2))
    before = tests.task(first)
    after = tests.task(second, lineage=before.lineage)
    people(first, before, who, person, "sf")
    people(second, after, who, person, "ss")
    page = browser.visit(f"{T}/compare")
    assert "dont on ne peut pas encore dire si elles changent" in said(page)
    assert "On ne peut pas encore dire" in rows(page)[1][3]


def test_what_makes_two_rounds_differ_is_said_before_what_changed(browser, project, two):
    two.second.method = tests.SessionMethod.UNMODERATED
    two.second.scale = tests.RoundScale.UMUX_LITE
    tests.db.session.commit()
    people(two.second, two.tasks[1], group(project, name="Les élus"), two.person, "s")
    tests.task(two.second, 2, title="Une tâche de plus")
    page = browser.visit(f"{T}/compare")
    careful = said(page)
    assert "Les participants n’étaient pas des mêmes publics." in careful
    assert "accompagnée, puis non accompagnée" in careful
    assert "Les questionnaires diffèrent" in careful
    assert "série 2, T2 : Une tâche de plus" in careful
    assert "F-SUS" not in rows(page)[0][0]


@pytest.mark.parametrize(
    "query", ["before=9&after=1", "before=1&after=1", "before=&after=2", "before=-1&after=²"]
)
def test_a_choice_that_was_not_understood_is_named(browser, two, query):
    page = browser.visit(f"{T}/compare?{query}")
    assert "Un choix n’a pas été compris" in said(page)
    assert page.select_one("#choose-after option[selected]")["value"] == "2"


HOSTILE = ("'", '"><script>', "1.1.1", "²", "٣", "1e9", "-1", "9" * 400, "1.99999", "{{7*7}}")


def test_hostile_choices_choose_nothing_and_come_back_nowhere(browser, two):
    for value in HOSTILE:
        for address in ("trend", "compare"):
            given = {"task": value, "before": value, "after": value}
            page = browser.visit(f"{T}/{address}?{urlencode(given)}")
            assert "Un choix n’a pas été compris" in said(page)
            assert len(value) < 5 or value not in str(page.main)


# Numbers of statements


def test_fifty_rounds_cost_what_five_cost(browser, project, person, statements):
    who = group(project)
    first = tests.round_(project, version(project))
    doing = tests.task(first)
    tests.aims_at(first, who)
    people(first, doing, who, person, "sf")

    def add(count):
        for _time in range(count):
            one = tests.round_(project, version(project))
            tests.aims_at(one, who)
            people(one, tests.task(one, lineage=doing.lineage), who, person, "s")

    costs = []
    for more in (4, 45):
        add(more)
        for address in ("coverage", "trend", "compare"):
            browser.visit(f"{T}/{address}")
            statements.clear()
            browser.visit(f"{T}/{address}")
            costs.append(len(statements))
    assert costs[:3] == costs[3:]
    assert max(costs) < 25
