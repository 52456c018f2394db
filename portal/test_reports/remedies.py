"""What got in people's way in a round, and what changes next: the second half of its report."""

from collections.abc import Sequence
from typing import Any

from portal.findings.models import SEVERE
from portal.findings.standing import Standing
from portal.findings.words import IN_SHORT, STANDINGS
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.test_reports.queries import Facts, Shown
from portal.user_tests.words import period

TOP = 10  # findings that are told one by one

Part = dict[str, Any]


def part(
    title: str,
    says: Sequence[str] = (),
    points: Sequence[str] = (),
    table: tuple[str, Sequence[str], Sequence[Sequence[str]]] | None = None,
    after: Sequence[str] = (),
    *,
    wide: int = 0,
) -> Part:
    """A chapter: sentences, a table (its name, its columns, its rows), points, sentences. On paper
    the column `wide` has twice the room of another."""
    told: Part = {"title": title, "says": list(says), "points": list(points), "after": list(after)}
    told["table"] = None
    if table and table[2]:
        name, columns, rows = table
        told["table"] = {
            "name": name,
            "columns": list(columns),
            "rows": [list(row) for row in rows],
            "wide": wide,
        }
    return told


def severe(facts: Facts) -> str:
    graves = [one for one in facts.found if (one.finding.severity or 0) >= SEVERE]
    open_ = sum(one.standing.is_open for one in graves)
    if not facts.found:
        return _("Aucun constat n’est noté.")
    if not graves:
        return ngettext(
            "%(num)s constat, aucun de grave.",
            "%(num)s constats, aucun de grave.",
            len(facts.found),
        )
    count = ngettext("%(num)s constat", "%(num)s constats", len(facts.found))
    return ngettext(
        "%(count)s, dont %(num)s grave (gravité 3 ou 4). Graves encore ouverts : %(open)s.",
        "%(count)s, dont %(num)s graves (gravité 3 ou 4). Graves encore ouverts : %(open)s.",
        len(graves),
        count=count,
        open=open_,
    )


def in_the_way(facts: Facts) -> Part:
    if not facts.found:
        return part(_("Ce qui a gêné"), says=[_("Aucun constat n’est noté.")])
    columns = [_("Gravité"), _("Constat"), _("Chez combien"), _("Où on en est")]
    rows = [_finding(facts, one) for one in facts.found[:TOP]]
    rest = len(facts.found) - TOP
    after = []
    if rest > 0:
        after.append(
            ngettext(
                "Et %(num)s autre constat, de moindre gravité.",
                "Et %(num)s autres constats, de gravité égale ou moindre.",
                rest,
            )
        )
    name = _("Les constats, les plus graves d’abord")
    return part(_("Ce qui a gêné"), table=(name, columns, rows), after=after, wide=1)


def _finding(facts: Facts, one: Shown) -> list[str]:
    what = one.finding.what
    if one.finding.is_harm:
        what = _("%(what)s (préjudice possible)", what=what)
    severity = str(IN_SHORT[one.finding.severity])
    return [severity, what, _seen(facts, one.seen), str(STANDINGS[one.standing])]


def _seen(facts: Facts, seen: int) -> str:
    """Of the round's participants, or of sessions once they are purged: then no round is known."""
    if not seen:
        return _("pas dit")
    if facts.known.is_purged:
        return ngettext("%(num)s séance", "%(num)s séances", seen)
    return _("%(seen)s sur %(n)s", seen=seen, n=facts.known.sums.sessions)


def what_next(facts: Facts) -> Part:
    points = [_item(one) for one in facts.found if one.item is not None and one.standing.is_open]
    points += [_kept(one) for one in facts.found if _is_kept(one)]
    decide = sum(
        one.standing in {Standing.OPEN, Standing.SEEN_AGAIN, Standing.DROPPED}
        and (one.finding.severity or 0) >= SEVERE
        for one in facts.found
    )
    if decide:
        points.append(
            ngettext(
                "%(num)s constat grave attend encore une décision.",
                "%(num)s constats graves attendent encore une décision.",
                decide,
            )
        )
    points.append(_after(facts))
    return part(_("Ce qui change ensuite"), points=points)


def _is_kept(one: Shown) -> bool:
    return one.standing is Standing.ACCEPTED and (one.finding.severity or 0) >= SEVERE


def _kept(one: Shown) -> str:
    """What is severe and stays, with why; who said so is on the finding's own page."""
    finding = one.finding
    return _(
        "%(what)s : gardé tel quel. %(why)s",
        what=finding.what.rstrip("."),
        why=finding.closing_reason,
    )


def _item(one: Shown) -> str:
    told = {"what": one.finding.what, "title": one.item.title if one.item else ""}
    if one.standing is Standing.TO_RETEST:
        return _("%(title)s : c’est fait, à vérifier au prochain test.", **told)
    if one.standing is Standing.SEEN_AGAIN:
        return _("%(title)s : c’est fait, mais le constat se voit encore.", **told)
    if one.standing is Standing.DROPPED:
        return _("%(title)s : abandonné.", **told)
    if one.sprint is not None:
        return _("%(title)s : au sprint %(n)s.", n=one.sprint, **told)
    return _("%(title)s : au carnet, sans sprint encore.", **told)


def _after(facts: Facts) -> str:
    after = facts.after
    if after is None:
        return _("Aucun autre test n’est encore prévu.")
    told = {"n": after.round.number, "version": after.version, "title": after.round.title}
    when = period(after.round)
    if when:
        return _(
            "Prochain test : « %(title)s » (série %(n)s), sur la version %(version)s, %(when)s.",
            when=when,
            **told,
        )
    return _("Prochain test : « %(title)s » (série %(n)s), sur la version %(version)s.", **told)
