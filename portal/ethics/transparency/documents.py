"""The content of a sheet as plain data in both languages, for pages, PDF, JSON and storage.

It is made of rows of the project and of the team's texts. No person, participant or coach note is
ever read for it.
"""

import json
from hashlib import sha256
from typing import Any

from portal.ethics.transparency.field_rules import (
    TransparencyField,
    TransparencySectionKind,
    iterate_section_fields,
)
from portal.ethics.transparency.labels import (
    SECTIONS,
    TIERS,
    describe_audience,
    describe_automation,
    describe_exposure,
    describe_project_state,
    describe_tests,
)
from portal.ethics.transparency.queries import TransparencyFacts, TransparencySheetDraft
from portal.ethics.transparency.table_documents import (
    build_metrics_table,
    build_risks_table,
    build_sources_table,
    build_subgroups_table,
)
from portal.platform.kernel.text import LOCALES, ngettext, using_language
from portal.platform.kernel.text import gettext as _
from portal.platform.web.template_filters import day
from portal.sprints.prototypes.labels import verdict_sentence

FORMAT = "transparency-sheet/1"

Answer = dict[str, Any]


def build_bilingual_sheet(facts: TransparencyFacts, draft: TransparencySheetDraft) -> dict[str, Any]:
    """The whole sheet: format, slug of the project, and a sheet under each of `fr` and `en`."""
    sheets = {language: build_sheet(facts, draft, language) for language in LOCALES}
    return {"format": FORMAT, "project": facts.project.slug, **sheets}


def fingerprint_content(content: dict[str, Any]) -> str:
    """SHA-256, in hexadecimal, of a content as compact JSON in UTF-8 with sorted keys.

    Anybody can recompute it from the public JSON.
    """
    canonical_json = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(canonical_json.encode()).hexdigest()


def build_sheet(facts: TransparencyFacts, draft: TransparencySheetDraft, language: str) -> dict[str, Any]:
    """The sheet in one language. Texts that exist in the other one alone are marked with it."""
    with using_language(language):
        return {
            "language": language,
            "title": facts.project.title,
            "lead": facts.project.organisation,
            "note": _demonstration_notice() if facts.is_demonstration else "",
            "tiers": {str(tier): str(name) for tier, name in TIERS.items()},
            "parts": [
                _SheetBuilder(facts, draft, language).build_section(section)
                for section in TransparencySectionKind
            ],
        }


def _demonstration_notice() -> str:
    return _("Ceci est une démonstration : l’organisme est réel, ce que dit la fiche est inventé.")


class _SheetBuilder:
    """Builds the sections; the method of each is named after its `TransparencySectionKind`."""

    def __init__(self, facts: TransparencyFacts, draft: TransparencySheetDraft, language: str) -> None:
        self.facts = facts
        self.draft = draft
        self.language = language

    def build_section(self, section: TransparencySectionKind) -> dict[str, Any]:
        typed_answers = {
            field.key: self._build_team_answer(field) for field in iterate_section_fields(section)
        }
        answers, tables = getattr(self, f"_build_{section}")(typed_answers)
        return {
            "key": section.value,
            "tier": 1 if section is TransparencySectionKind.OVERVIEW else 2,
            "title": str(SECTIONS[section]),
            "answers": answers,
            "tables": [table for table in tables if table["rows"]],
        }

    def _build_answer(self, key: str, name: str, text: str, language: str = "") -> Answer:
        return {
            "key": key,
            "name": name,
            "text": text or _("Pas renseigné."),
            "language": language or self.language,
            "is_missing": not text,
        }

    def _build_team_answer(self, field: TransparencyField) -> Answer:
        """The team's text in this language, or in the other one."""
        text, language = self.draft.texts.get(field.names[self.language], ""), self.language
        if not text and field.is_bilingual:
            for other, name in field.names.items():
                if self.draft.texts.get(name):
                    text, language = self.draft.texts[name], other
        return self._build_answer(field.key, str(field.label), text, language)

    def _build_answer_from_project(self, key: str, name: str, text: str) -> Answer:
        """A text of the project's file, which is in French."""
        return self._build_answer(key, name, text, "fr" if text else "")

    def _build_overview(self, typed_answers: dict[str, Answer]) -> tuple[list[Answer], list[Any]]:
        version = self.facts.version
        groups = [describe_audience(group) for group in self.facts.groups]
        answers = [
            typed_answers["summary"],
            self._build_answer_from_project("groups", _("Pour qui"), "\n".join(groups)),
            self._build_answer("automation", _("Qui décide"), describe_automation(version)),
            self._build_answer("exposure", _("Qui lit ses réponses"), describe_exposure(version)),
            self._build_answer("state", _("Où il en est"), describe_project_state(self.facts)),
            typed_answers["recourse"],
            typed_answers["contact"],
        ]
        website = typed_answers["website"]
        return answers + ([] if website["is_missing"] else [website]), []

    def _build_owner(self, typed_answers: dict[str, Answer]) -> tuple[list[Answer], list[Any]]:
        project, version = self.facts.project, self.facts.version
        provider = version.model_provider if version else ""
        return [
            self._build_answer_from_project("organisation", _("Organisme"), project.organisation),
            typed_answers["department"],
            typed_answers["supplier"],
            self._build_answer_from_project("provider", _("Fournisseur du modèle"), provider),
        ], []

    def _build_rationale(self, typed_answers: dict[str, Answer]) -> tuple[list[Answer], list[Any]]:
        problem = self._build_answer_from_project("problem", _("Le problème"), self.facts.project.problem)
        return [problem, typed_answers["alternatives"]], [build_metrics_table(self.facts)]

    def _build_decision(self, typed_answers: dict[str, Answer]) -> tuple[list[Answer], list[Any]]:
        return list(typed_answers.values()), []

    def _build_tool(self, typed_answers: dict[str, Answer]) -> tuple[list[Answer], list[Any]]:
        facts, version = self.facts, self.facts.version
        version_text = ""
        if version is not None:
            version_text = _("Version %(n)s, %(day)s", n=version.number, day=day(version.released_on))
        answers = [
            self._build_answer("version", _("Version"), version_text),
            self._build_answer_from_project(
                "family", _("Famille de modèle"), version.model_family if version else ""
            ),
            typed_answers["operations"],
            self._build_answer("evaluation", _("Résultat mesuré"), self._describe_evaluation()),
            self._build_answer("tests", _("Essais avec des utilisateurs"), describe_tests(facts.tests)),
            typed_answers["limits"],
            self._build_answer("code", _("Code source"), facts.project.repository_url),
        ]
        hidden_sources = [
            source for source in facts.sources if not self.draft.choice.shows_source(source.number)
        ]
        if hidden_sources:
            sentence = ngettext(
                "%(num)s source de données ne figure pas ici.",
                "%(num)s sources de données ne figurent pas ici.",
                len(hidden_sources),
            )
            answers.append(self._build_answer("sources_left", _("Données non décrites"), sentence))
        return answers, [build_sources_table(facts, self.draft.choice), build_subgroups_table(facts)]

    def _describe_evaluation(self) -> str:
        facts = self.facts
        if facts.run is None or facts.protocol is None:
            return ""
        version_text = _("Version %(n)s, %(day)s", n=facts.evaluated_version, day=day(facts.run.ran_on))
        return f"{verdict_sentence(facts.protocol, facts.run)} ({version_text})"

    def _build_risks(self, typed_answers: dict[str, Answer]) -> tuple[list[Answer], list[Any]]:
        answers, choice = list(typed_answers.values()), self.draft.choice
        hidden_risks = [risk for risk in self.facts.risks if not choice.shows_risk(risk.number)]
        if hidden_risks:
            sentence = ngettext(
                "%(num)s risque ouvert ne figure pas ici.",
                "%(num)s risques ouverts ne figurent pas ici.",
                len(hidden_risks),
            )
            answers.append(self._build_answer("risks_left", _("Risques non décrits"), sentence))
        return answers, [build_risks_table(self.facts, choice)]


def join_sheet_texts(content: dict[str, Any], *, without: frozenset[str] = frozenset()) -> str:
    """All texts of a content but the answers with the keys `without`, to find identifiers."""
    lines = []
    for language in LOCALES:
        for part in content[language]["parts"]:
            lines += [answer["text"] for answer in part["answers"] if answer["key"] not in without]
            lines += [cell for table in part["tables"] for row in table["rows"] for cell in row]
    return "\n".join(lines)
