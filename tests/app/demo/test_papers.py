"""The pages of the demonstration's packs and reports to funders are full, and teams are rarely cut."""

from itertools import product

from portal.funding.reports.documents import build_document
from portal.funding.reports.queries import read_report
from portal.oversight.committee_packs.documents import build_summary_page
from portal.oversight.committee_packs.snapshot_queries import read_cohort, read_teams
from portal.oversight.committee_packs.team_page_documents import build_team_page
from portal.oversight.committee_packs.trend_queries import read_trend
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.text import using_language
from portal.platform.pdf.printer import DocumentKind, print_pdf
from tests.support.paper import list_page_fills, list_page_texts

LANGUAGES = ("fr", "en")


def print_pack(programme, language):
    moment, on = clock.now(), clock.today()
    with using_language(language):
        cohort = read_cohort(programme.id, moment, on)
        first = build_summary_page(cohort, read_trend(cohort, moment, on), language, moment, on)
        teams = [build_team_page(team) for team in read_teams(cohort, cohort.order, moment, on)]
    return teams, print_pdf(DocumentKind.PACK, {**first, "mark": "0" * 64, "teams": teams}, moment)


def test_the_pages_of_packs_are_full_and_most_teams_stand_on_one(told):
    teams_count = whole_count = 0
    for programme, language in product(db.session.query(Programme).all(), LANGUAGES):
        teams, pdf = print_pack(programme, language)
        *before, last = list_page_fills(pdf)
        assert min(before) > 0.6, (programme.slug, language, before)
        assert last > 0.2, (programme.slug, language, last)
        texts = list_page_texts(pdf)
        teams_count += len(teams)
        whole_count += sum(any(is_whole(team, text) for text in texts) for team in teams)
    assert whole_count > 0.6 * teams_count


def is_whole(team, page):
    """Whether a page has the title of a team and the last line of its news."""
    begin = page.find(join(team["lead"]))
    return begin >= 0 and page.find(join(team["parts"][-1]["points"][-1]), begin) >= 0


def join(text):
    return "".join(text.split())


def test_the_pages_of_the_reports_to_funders_are_full(told):
    for programme, language in product(db.session.query(Programme).all(), LANGUAGES):
        with using_language(language):
            content = build_document(read_report(programme, clock.now(), clock.today()), language)
        *before, last = list_page_fills(print_pdf(DocumentKind.REPORT, content, clock.now()))
        assert min(before) > 0.6, (programme.slug, language, before)
        assert last > 0.2, (programme.slug, language, last)  # a team with its instalments
