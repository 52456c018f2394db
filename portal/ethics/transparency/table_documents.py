"""The tables of a sheet as plain data, made from rows of the project. They name no person."""

from typing import Any

from flask_babel import format_decimal

from portal.ethics.risks.labels import LEVELS
from portal.ethics.transparency.queries import RowSelection, TransparencyFacts
from portal.platform.kernel.text import gettext as _
from portal.platform.web.template_filters import day
from portal.project.data_sources.labels import PERSONAL_IN_SHORT, SCREENINGS
from portal.project.framing.labels import amount_with_unit

Table = dict[str, Any]


def _make_table(key: str, name: str, columns: list[str], rows: list[list[str]]) -> Table:
    return {"key": key, "name": name, "columns": columns, "rows": rows}


def build_metrics_table(facts: TransparencyFacts) -> Table:
    """Impact metrics: baseline, target and last measurement."""
    columns = [_("Indicateur"), _("Départ"), _("Cible"), _("Dernière mesure")]
    rows = []
    for metric, last in facts.metrics:
        measured = "—"
        if last is not None:
            measured = _(
                "%(value)s, %(day)s",
                value=amount_with_unit(last.value, metric.unit),
                day=day(last.measured_on),
            )
        start, target = (
            amount_with_unit(metric.baseline, metric.unit),
            amount_with_unit(metric.target, metric.unit),
        )
        rows.append([metric.name, start, target, measured])
    return _make_table("metrics", _("Ce qu’il doit changer"), columns, rows)


def build_sources_table(facts: TransparencyFacts, selection: RowSelection) -> Table:
    """The selected data sources."""
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
        if selection.shows_source(source.number)
    ]
    return _make_table("sources", _("Données utilisées"), columns, rows)


def build_subgroups_table(facts: TransparencyFacts) -> Table:
    """The results of the last evaluation run by subgroup."""
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
    return _make_table("subgroups", _("Résultat par groupe"), columns, rows)


def build_risks_table(facts: TransparencyFacts, selection: RowSelection) -> Table:
    """The selected open risks, initial and residual, with the mitigations in place."""
    columns = [_("Risque"), _("Qui serait touché"), _("Au départ"), _("Aujourd’hui"), _("Mesures en place")]
    rows = [
        [
            risk.what,
            risk.affected,
            str(LEVELS[risk.initial_level]),
            str(LEVELS[risk.level]),
            _(" ; ").join(mitigation.what for mitigation in facts.mitigations[risk.id]) or _("aucune"),
        ]
        for risk in facts.risks
        if selection.shows_risk(risk.number)
    ]
    return _make_table("risks", _("Risques et mesures"), columns, rows)
