"""A pack as plain data, in one language: the source of its pages, its PDF and its fingerprint.

The portal names nobody in it: persons, participants, notes of coaches, what somebody in charge of a signal
wrote and drafts are never read for it. It holds
neither the time nor the person of its request, so that the same moment gives the same bytes.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from hashlib import sha256

from portal.oversight.committee_packs.first_page_documents import build_first_page_content, build_headline
from portal.oversight.committee_packs.programme_state_documents import list_programme_state_parts
from portal.oversight.committee_packs.snapshot_queries import PackCohort
from portal.oversight.committee_packs.team_page_documents import FORMAT, Content, short_name
from portal.oversight.committee_packs.trend_queries import PackTrend
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import in_reader_language, ngettext
from portal.platform.web.template_filters import day
from portal.platform.web.template_filters import moment as format_moment
from portal.user_tests.reports.finding_documents import ReportPart, make_report_part


def iterate_jsonl_lines(pages: Iterable[Content]) -> Iterator[bytes]:
    """The file whose SHA-256 is the fingerprint: one compact line a page, with sorted keys."""
    for page in pages:
        line = json.dumps(page, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        yield f"{line}\n".encode()


def compute_fingerprint(pages: Iterable[Content]) -> str:
    """The SHA-256 of `iterate_jsonl_lines`, in hexadecimal."""
    digest = sha256()
    for line in iterate_jsonl_lines(pages):
        digest.update(line)
    return digest.hexdigest()


def build_summary_page(
    cohort: PackCohort, trend: PackTrend, language: str, moment: datetime, on: date
) -> Content:
    """The first page: pictures of health and progress, decisions, changes, a line a team; after it the
    calls and the instalments of the programme, and how to read it all."""
    name = in_reader_language(cohort.name_fr, cohort.name_en)
    teams = {identity.slug: short_name(identity) for identity in cohort.names.values()}
    return {
        "format": FORMAT,
        "language": language,
        "programme": cohort.programme.slug,
        "as_of": moment.isoformat(),
        "title": build_headline(cohort, name),
        "lead": _describe_cohort(cohort, on),
        "occasion": _("Dossier de comité : %(name)s", name=name),
        "standing": _("Données du %(moment)s", moment=format_moment(moment)),
        "foot": _build_footer(cohort, name, on),
        "teams-name": _("Les équipes, celles qui ont besoin d’attention d’abord"),
        "sheet": build_first_page_content(cohort, trend, on),
        "parts": [*list_programme_state_parts(trend.programme, teams), _build_reading_guide_part()],
    }


def _describe_cohort(cohort: PackCohort, on: date) -> str:
    teams = ngettext("%(num)s équipe", "%(num)s équipes", len(cohort.order))
    return _(
        "%(teams)s, mois %(month)s sur %(months)s du programme, état au %(day)s",
        teams=teams,
        month=cohort.month,
        months=cohort.months,
        day=day(on),
    )


def _build_footer(cohort: PackCohort, name: str, on: date) -> str:
    foot = _("%(name)s, état au %(day)s", name=name, day=day(on))
    if not cohort.programme.is_demonstration:
        return foot
    return _("%(foot)s. Démonstration : tout est inventé, sauf les organismes.", foot=foot)


def _build_reading_guide_part() -> ReportPart:
    sentences = [
        _(
            "Déclaré : ce que dit l’équipe. Prouvé : toutes les preuves sont là. Accepté : et"
            " quelqu’un d’extérieur à l’équipe l’a reconnu, sans que rien l’ait périmé depuis."
        ),
        _(
            "Les équipes sont rangées par besoin d’aide, jamais par mérite : ce rang ajoute à la santé une"
            " demande d’aide, une météo menaçante, un sprint qui a dépassé sa date. Un projet arrêté dont on"
            " garde ce qui a été appris est une issue honorable."
        ),
    ]
    return make_report_part(_("Comment lire ce dossier"), says=sentences)
