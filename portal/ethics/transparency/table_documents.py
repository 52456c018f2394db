"""The tables of a sheet, as plain data: what rows of the project say. Nobody is in them."""

from typing import Any

from flask_babel import format_decimal

from portal.ethics.risks.labels import LEVELS
from portal.ethics.transparency.queries import RowSelection, TransparencyFacts
from portal.platform.kernel.text import gettext as _
from portal.platform.web.template_filters import day
from portal.project.data_sources.labels import PERSONAL_IN_SHORT, SCREENINGS
from portal.project.framing.labels import amount

Table = dict[str, Any]


def _table(key: str, name: str, columns: list[str], rows: list[list[str]]) -> Table:
    return {"key": key, "name": name, "columns": columns, "rows": rows}


def build_metrics_table(facts: TransparencyFacts) -> Table:
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


def build_sources_table(facts: TransparencyFacts, choice: RowSelection) -> Table:
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
            source.name,
            source.holder or "—",
            source.purpose or "—",
            str(PERSONAL_IN_SHORT[source.personal]),
            source.legal_basis or "—",
            str(SCREENINGS[source.screening]),
        ]
        for source in facts.sources
        if choice.shows_source(source.number)
    ]
    return _table("sources", _("Données utilisées"), columns, rows)


def build_subgroups_table(facts: TransparencyFacts) -> Table:
    """The result of the last run for some of the cases alone."""
    metric = facts.protocol.metric if facts.protocol else ""
    columns = [_("Groupe"), metric or _("Résultat"), _("Cas")]
    rows = [
        [
            subgroup.name,
            format_decimal(subgroup.result),
            "—" if subgroup.size is None else format_decimal(subgroup.size),
        ]
        for subgroup in facts.subgroups
    ]
    return _table("subgroups", _("Résultat par groupe"), columns, rows)


def build_risks_table(facts: TransparencyFacts, choice: RowSelection) -> Table:
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
            risk.what,
            risk.affected,
            str(LEVELS[risk.initial_level]),
            str(LEVELS[risk.level]),
            " ; ".join(each.what for each in facts.mitigations[risk.id]) or _("aucune"),
        ]
        for risk in facts.risks
        if choice.shows_risk(risk.number)
    ]
    return _table("risks", _("Risques et mesures"), columns, rows)
