"""The tables of a sheet, as plain data: what rows of the project say. Nobody is in them."""

from typing import Any

from flask_babel import format_decimal

from portal.data_sources.words import PERSONAL_IN_SHORT, SCREENINGS
from portal.framing.words import amount
from portal.kernel.text import gettext as _
from portal.risks.words import LEVELS
from portal.transparency.queries import Choice, Facts
from portal.web.show import day

Table = dict[str, Any]


def _table(key: str, name: str, columns: list[str], rows: list[list[str]]) -> Table:
    return {"key": key, "name": name, "columns": columns, "rows": rows}


def metrics(facts: Facts) -> Table:
    """What should change, from where to where, and what was measured last."""
    columns = [_("Indicateur"), _("Départ"), _("Cible"), _("Dernière mesure")]
    rows = []
    for metric, last in facts.metrics:
        measured = "—"
        if last is not None:
            measured = _(
                "%(value)s, %(day)s",
                value=amount(last.value, metric.unit),
                day=day(last.measured_on),
            )
        start, target = amount(metric.baseline, metric.unit), amount(metric.target, metric.unit)
        rows.append([metric.name, start, target, measured])
    return _table("metrics", _("Ce qu’il doit changer"), columns, rows)


def sources(facts: Facts, choice: Choice) -> Table:
    columns = [
        _("Données"),
        _("Détenteur"),
        _("Finalité"),
        _("Parlent de personnes"),
        _("Base légale"),
        _("Analyse d’impact (AIPD)"),
    ]
    rows = [
        [
            one.name,
            one.holder or "—",
            one.purpose or "—",
            str(PERSONAL_IN_SHORT[one.personal]),
            one.legal_basis or "—",
            str(SCREENINGS[one.screening]),
        ]
        for one in facts.sources
        if choice.takes_source(one.number)
    ]
    return _table("sources", _("Données utilisées"), columns, rows)


def subgroups(facts: Facts) -> Table:
    """The result of the last run for some of the cases alone."""
    metric = facts.protocol.metric if facts.protocol else ""
    columns = [_("Groupe"), metric or _("Résultat"), _("Cas")]
    rows = [
        [
            one.name,
            format_decimal(one.result),
            "—" if one.size is None else format_decimal(one.size),
        ]
        for one in facts.subgroups
    ]
    return _table("subgroups", _("Résultat par groupe"), columns, rows)


def risks(facts: Facts, choice: Choice) -> Table:
    """Open risks, before any measure and today, with what is in place and proved."""
    columns = [
        _("Risque"),
        _("Qui serait touché"),
        _("Au départ"),
        _("Aujourd’hui"),
        _("Mesures en place"),
    ]
    rows = [
        [
            one.what,
            one.affected,
            str(LEVELS[one.level_before]),
            str(LEVELS[one.level]),
            " ; ".join(each.what for each in facts.mitigations[one.id]) or _("aucune"),
        ]
        for one in facts.risks
        if choice.takes_risk(one.number)
    ]
    return _table("risks", _("Risques et mesures"), columns, rows)
