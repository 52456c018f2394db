"""A round and findings: what it says of those of earlier versions, and how much it found."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.findings import policy, queries, words
from portal.findings.figures import read_found
from portal.findings.forms import retest_form
from portal.findings.listing import list_for_retest
from portal.findings.models import Finding
from portal.findings.retests import note_retests
from portal.kernel.engines import SAFE_METHODS
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.queries import get_project
from portal.projects.workplace import open_to_write, trail
from portal.usability import differences
from portal.usability import words as figures
from portal.user_tests.queries import has_sessions
from portal.web.actor import current_actor as actor
from portal.web.forms import submit
from portal.web.render import render, see_path

bp = Blueprint("retests", __name__, url_prefix="/projects/<slug>/tests")
ONE = "/<int(max=9999):number>/findings"


@bp.route(ONE, methods=["GET", "POST"])
def page(slug: str, number: int) -> Response:
    reading = request.method in SAFE_METHODS
    project = get_project(actor, slug) if reading else open_to_write(slug)
    round_, version = queries.get_round(actor, project, number)
    known = list_for_retest(actor, project, round_, version)
    kind = retest_form(known)
    form = kind(formdata=None) if reading else kind()

    def again(status: int = 200) -> Response:
        now = known if status == 200 else list_for_retest(actor, project, round_, version)
        form.show_now(now)
        return render(
            "findings/round.html",
            fragment="form",
            status=status,
            project=project,
            round=round_,
            version=version,
            trail=trail(
                project,
                (_("Tests"), url_for("rounds.index", slug=slug)),
                (_("Série %(n)s", n=number), url_for("rounds.page", slug=slug, number=number)),
            ),
            known=now,
            is_tried=has_sessions(round_),
            form=form,
            found=read_found(round_),
            can_write=policy.can_write(actor, project),
            words=words,
            figures=figures,
            differences=differences,
        )

    if reading:
        return again()

    def act(values: dict[str, Any]) -> Sequence[Finding]:
        said, knowingly = form.answers(), values["knowingly"]
        return note_retests(actor, project, round_, version, said, knowingly=knowingly)

    def done(changed: Sequence[Finding]) -> Response:
        flash(_said(changed))
        return see_path(url_for(".page", slug=slug, number=number))

    return submit(form, act, done, again)


def _said(changed: Sequence[Finding]) -> str:
    """How many were answered, and how many of these that closed."""
    if not changed:
        return _("Rien n’a changé.")
    told = ngettext("%(num)s constat vérifié", "%(num)s constats vérifiés", len(changed))
    closed = sum(one.closed_at is not None for one in changed)
    ends = ngettext("%(num)s clos", "%(num)s clos", closed)
    unrated = sum(one.closed_at is None and one.severity is None for one in changed)
    if not unrated:
        return _("%(told)s, %(ends)s.", told=told, ends=ends)
    return _(
        "%(told)s, %(ends)s. %(rest)s",
        told=told,
        ends=ends,
        rest=ngettext(
            "%(num)s reste ouvert : sa gravité n’est pas évaluée.",
            "%(num)s restent ouverts : leur gravité n’est pas évaluée.",
            unrated,
        ),
    )
