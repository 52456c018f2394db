"""The sheet as plain data, in both languages: what is drawn, printed, sent as JSON and kept.

It holds what the project's objects say and what its team wrote, and names nobody: no person, no
participant, no note of a coach is ever read for it.
"""

import json
from hashlib import sha256
from typing import Any

from portal.kernel.text import LOCALES, in_language, ngettext
from portal.kernel.text import gettext as _
from portal.prototypes.words import verdict
from portal.transparency.contents import Field, Section, of_section
from portal.transparency.queries import Facts, Written
from portal.transparency.tables import metrics, risks, sources, subgroups
from portal.transparency.wording import (
    SECTIONS,
    TIERS,
    audience,
    automation,
    exposure,
    state,
    tests,
)
from portal.web.show import day

FORMAT = "transparency-sheet/1"

Answer = dict[str, Any]


def content(facts: Facts, written: Written) -> dict[str, Any]:
    """The whole sheet: `fr` and `en` say the same."""
    sheets = {language: sheet(facts, written, language) for language in LOCALES}
    return {"format": FORMAT, "project": facts.project.slug, **sheets}


def fingerprint(of: dict[str, Any]) -> str:
    """SHA-256 of a content as compact JSON in UTF-8, its keys sorted: whoever has the JSON can
    count it again."""
    kept = json.dumps(of, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(kept.encode()).hexdigest()


def sheet(facts: Facts, written: Written, language: str) -> dict[str, Any]:
    """One language. What a team wrote in French alone stands there in French, and says so."""
    with in_language(language):
        return {
            "language": language,
            "title": facts.project.title,
            "lead": facts.project.organisation,
            "note": _invented() if facts.is_demonstration else "",
            "tiers": {str(tier): str(name) for tier, name in TIERS.items()},
            "parts": [_Pen(facts, written, language).part(section) for section in Section],
        }


def _invented() -> str:
    return _("Ceci est une démonstration : l’organisme est réel, ce que dit la fiche est inventé.")


class _Pen:
    def __init__(self, facts: Facts, written: Written, language: str) -> None:
        self.facts = facts
        self.written = written
        self.language = language

    def part(self, section: Section) -> dict[str, Any]:
        told = {field.key: self._typed(field) for field in of_section(section)}
        answers, tables = getattr(self, f"_{section}")(told)
        return {
            "key": section.value,
            "tier": 1 if section is Section.OVERVIEW else 2,
            "title": str(SECTIONS[section]),
            "answers": answers,
            "tables": [table for table in tables if table["rows"]],
        }

    def _answer(self, key: str, name: str, text: str, language: str = "") -> Answer:
        return {
            "key": key,
            "name": name,
            "text": text or _("Pas renseigné."),
            "language": language or self.language,
            "is_missing": not text,
        }

    def _typed(self, field: Field) -> Answer:
        """In this language, or in the other one."""
        text, language = self.written.texts.get(field.names[self.language], ""), self.language
        if not text and field.is_bilingual:
            for other, name in field.names.items():
                if self.written.texts.get(name):
                    text, language = self.written.texts[name], other
        return self._answer(field.key, str(field.label), text, language)

    def _french(self, key: str, name: str, text: str) -> Answer:
        """What a project's file holds in the words of its team."""
        return self._answer(key, name, text, "fr" if text else "")

    def _overview(self, told: dict[str, Answer]) -> tuple[list[Answer], list[Any]]:
        version, groups = self.facts.version, [audience(one) for one in self.facts.groups]
        answers = [
            told["summary"],
            self._french("groups", _("Pour qui"), "\n".join(groups)),
            self._answer("automation", _("Qui décide"), automation(version)),
            self._answer("exposure", _("Qui lit ses réponses"), exposure(version)),
            self._answer("state", _("Où il en est"), state(self.facts)),
            told["recourse"],
            told["contact"],
        ]
        return answers + ([] if told["website"]["is_missing"] else [told["website"]]), []

    def _owner(self, told: dict[str, Answer]) -> tuple[list[Answer], list[Any]]:
        project, version = self.facts.project, self.facts.version
        provider = version.model_provider if version else ""
        return [
            self._french("organisation", _("Organisme"), project.organisation),
            told["department"],
            told["supplier"],
            self._french("provider", _("Fournisseur du modèle"), provider),
        ], []

    def _rationale(self, told: dict[str, Answer]) -> tuple[list[Answer], list[Any]]:
        problem = self._french("problem", _("Le problème"), self.facts.project.problem)
        return [problem, told["alternatives"]], [metrics(self.facts)]

    def _decision(self, told: dict[str, Answer]) -> tuple[list[Answer], list[Any]]:
        return list(told.values()), []

    def _tool(self, told: dict[str, Answer]) -> tuple[list[Answer], list[Any]]:
        facts, version = self.facts, self.facts.version
        said = ""
        if version is not None:
            said = _("Version %(n)s, %(day)s", n=version.number, day=day(version.released_on))
        answers = [
            self._answer("version", _("Version"), said),
            self._french("family", _("Famille de modèle"), version.model_family if version else ""),
            told["operations"],
            self._answer("evaluation", _("Résultat mesuré"), self._evaluation()),
            self._answer("tests", _("Essais avec des utilisateurs"), tests(facts.tests)),
            told["limits"],
            self._answer("code", _("Code source"), facts.project.repository_url),
        ]
        left = [one for one in facts.sources if not self.written.choice.takes_source(one.number)]
        if left:
            hidden = ngettext(
                "%(num)s source de données ne figure pas ici.",
                "%(num)s sources de données ne figurent pas ici.",
                len(left),
            )
            answers.append(self._answer("sources_left", _("Données non décrites"), hidden))
        return answers, [sources(facts, self.written.choice), subgroups(facts)]

    def _evaluation(self) -> str:
        facts = self.facts
        if facts.run is None or facts.protocol is None:
            return ""
        tried = _("Version %(n)s, %(day)s", n=facts.tried, day=day(facts.run.ran_on))
        return f"{verdict(facts.protocol, facts.run)} ({tried})"

    def _risks(self, told: dict[str, Answer]) -> tuple[list[Answer], list[Any]]:
        answers, choice = list(told.values()), self.written.choice
        left = [one for one in self.facts.risks if not choice.takes_risk(one.number)]
        if left:
            hidden = ngettext(
                "%(num)s risque ouvert ne figure pas ici.",
                "%(num)s risques ouverts ne figurent pas ici.",
                len(left),
            )
            answers.append(self._answer("risks_left", _("Risques non décrits"), hidden))
        return answers, [risks(self.facts, choice)]


def texts_of(of: dict[str, Any], *, without: frozenset[str] = frozenset()) -> str:
    """All that a content says, but the answers of these keys: to look for who somebody is."""
    lines = []
    for language in LOCALES:
        for part in of[language]["parts"]:
            lines += [one["text"] for one in part["answers"] if one["key"] not in without]
            lines += [cell for table in part["tables"] for row in table["rows"] for cell in row]
    return "\n".join(lines)
