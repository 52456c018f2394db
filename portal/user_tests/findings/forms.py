"""Forms of findings."""

from collections.abc import Sequence
from typing import Any, TypeGuard
from uuid import UUID

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional

from portal.collaboration.files.models import Attachment
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import lower_first
from portal.platform.web.base_form import CreateForm, EditForm, Form, build_choices_from_pairs
from portal.platform.web.form_fields import build_dataclass_from_fields, line_field, text_field
from portal.user_tests.findings.commands import FindingFacts
from portal.user_tests.findings.labels import LABELS, RESULTS, SEVERITY_LABELS, severity_choices
from portal.user_tests.findings.list_queries import RetestCandidate
from portal.user_tests.findings.models import LINE_MAX, REASON_MAX, TEXT_MAX, Finding, RetestResult
from portal.user_tests.findings.retest_commands import RetestEntry
from portal.user_tests.rounds.models import TestTask
from portal.user_tests.rounds.session_models import TestSession

NOTE_MAX = 300
_READ_AGAIN = _l("J’ai relu : ce texte ne désigne personne")
People = Sequence[tuple[UUID, str]]


class _FindingFields(Form):
    what = line_field(
        LABELS["what"],
        LINE_MAX,
        required=_l("Écrivez ce qui s’est passé."),
        hint=_l("En une ligne, comme vous l’avez vu : ce que l’on fait, ce qui arrive."),
    )
    severity = SelectField(
        LABELS["severity"],
        [Optional()],
        description=_l("Fréquence, effet et persistance ensemble (échelle de Nielsen)."),
    )
    is_harm = BooleanField(
        _l("Préjudice possible pour quelqu’un"),
        description=_l("Un droit manqué, une décision fausse, une exclusion : l’éthique le lira."),
    )
    detail = text_field(
        LABELS["detail"],
        TEXT_MAX,
        rows=4,
        hint=_l("Où, dans quel cas, ce que l’on attendait. Jamais de nom."),
    )
    owner = SelectField(LABELS["owner_id"], [Optional()], coerce=str)
    knowingly = BooleanField(_READ_AGAIN)

    def __init__(self, people: People, *, obj: Any = None, **defaults: Any) -> None:
        super().__init__(obj=obj, **defaults)
        self.people = people
        self.severity.choices = build_choices_from_pairs(severity_choices())
        self.owner.choices = build_choices_from_pairs([("", _l("Personne pour l’instant")), *people])
        if obj is not None:
            self.owner.data = str(obj.owner_id or "")
            self.severity.data = "" if obj.severity is None else str(obj.severity)

    def make_form_from_stored(self, row: Any) -> Form:
        return type(self)(self.people, formdata=None, obj=row)

    def facts(self) -> FindingFacts:
        owner = UUID(self.owner.data) if _is_choice_made(self.owner.data) else None
        severity = parse_severity(self.severity.data)
        return build_dataclass_from_fields(self, FindingFacts, severity=severity, owner_id=owner)


def parse_severity(choice: str | None) -> int | None:
    return int(choice) if _is_choice_made(choice) else None


def _is_choice_made(choice: str | None) -> TypeGuard[str]:
    """Whether a choice was made: `Optional` lets blanks pass."""
    return bool(choice and choice.strip())


class EditFindingForm(_FindingFields, EditForm):
    """Change a finding."""


class _SightingFields(Form):
    """Tasks and sessions, chosen by number."""

    tasks = SelectMultipleField(LABELS["tasks"], coerce=int)
    sessions = SelectMultipleField(LABELS["sessions"], coerce=int)

    def set_choices(self, tasks: Sequence[TestTask], sessions: Sequence[TestSession]) -> None:
        self.known_tasks = {task.number: task for task in tasks}
        self.known_sessions = {session.number: session for session in sessions}
        self.tasks.choices = build_choices_from_pairs(
            [
                (n, _("T%(n)s : %(title)s", n=n, title=test_task.title))
                for n, test_task in self.known_tasks.items()
            ]
        )
        self.sessions.choices = build_choices_from_pairs(
            [(n, session.code) for n, session in self.known_sessions.items()]
        )

    def selected_tasks(self) -> list[TestTask]:
        return [self.known_tasks[n] for n in self.tasks.data or []]

    def selected_sessions(self) -> list[TestSession]:
        return [self.known_sessions[n] for n in self.sessions.data or []]


class NewFindingForm(_SightingFields, _FindingFields, CreateForm):
    """Note a finding in a round."""


class SightingForm(_SightingFields):
    """Where a finding was seen in a round."""


class EvidenceForm(Form):
    """Choose the session files that show a finding."""

    files = SelectMultipleField(_l("Fichiers des séances qui le montrent"), coerce=str)

    def set_choices(self, files: Sequence[tuple[Attachment, int, bool]]) -> None:
        self.files_by_id = {str(file.id): file for file, _number, _is_evidence in files}
        self.files.choices = build_choices_from_pairs(
            [
                (file.id, _("P%(n)s : %(name)s", n=number, name=file.name))
                for file, number, _is_evidence in files
            ]
        )

    def selected_files(self) -> list[Attachment]:
        return [self.files_by_id[id_] for id_ in self.files.data or []]


class RateForm(EditForm):
    """Rate a finding, beside the form that changes it."""

    severity = SelectField(LABELS["severity"], [Optional()], id="rate-severity")

    def __init__(self, *args: Any, **defaults: Any) -> None:
        super().__init__(*args, **defaults)
        self.severity.choices = build_choices_from_pairs(severity_choices())


class FindingSettleForm(EditForm):
    """Close a minor finding."""

    reason = text_field(
        _l("Ce qui a été fait, ou pourquoi rien"),
        REASON_MAX,
        rows=3,
        hint=_l("Jamais le nom d’un participant."),
    )
    knowingly = BooleanField(_READ_AGAIN)


class FindingAcceptForm(EditForm):
    """Accept a finding by name."""

    reason = text_field(
        _l("Pourquoi vous l’acceptez"),
        REASON_MAX,
        rows=4,
        required=_l("Dites pourquoi : votre nom et cette raison resteront."),
        hint=_l("Ce que l’on risque, ce qui l’atténue, jusqu’à quand. Jamais le nom d’un participant."),
    )
    knowingly = BooleanField(_READ_AGAIN)


class MergeForm(CreateForm):
    """Choose the finding to merge into."""

    into = SelectField(_l("C’est le même que"), [InputRequired(_l("Choisissez."))])

    def __init__(self, others: Sequence[Finding], **defaults: Any) -> None:
        super().__init__(**defaults)
        self.others = {finding.number: finding for finding in others}
        choices = [
            (
                n,
                _(
                    "Constat %(n)s : %(what)s (%(severity)s)",
                    n=n,
                    what=finding.what,
                    severity=lower_first(SEVERITY_LABELS[finding.severity]),
                ),
            )
            for n, finding in self.others.items()
        ]
        self.into.choices = build_choices_from_pairs([("", _l("Choisir un constat")), *choices])

    def selected_finding(self) -> Finding:
        return self.others[int(self.into.data)]


class RetestForm(Form):
    """Fields of each finding: `result_<n>`, `note_<n>`, and `before_<n>`: the stored result
    shown."""

    knowingly = BooleanField(_READ_AGAIN)

    def answers(self) -> list[RetestEntry]:
        """Return the entries with a result."""
        entries = []
        for name, field in self._fields.items():
            if not name.startswith("result_") or not _is_choice_made(field.data):
                continue
            n = int(name.removeprefix("result_"))
            before = self[f"before_{n}"].data
            entries.append(
                RetestEntry(
                    n,
                    RetestResult(field.data),
                    self[f"note_{n}"].data,
                    RetestResult(before) if before in list(RetestResult) else None,
                )
            )
        return entries

    def refresh_stored_results(self, candidates: Sequence[RetestCandidate]) -> None:
        """Set `before_<n>` to the stored results, for the next POST."""
        for candidate in candidates:
            name = f"before_{candidate.finding.number}"
            if name in self:
                self[name].process(None, candidate.retest.result.value if candidate.retest else "")
                self[name].raw_data = None


def make_retest_form_class(candidates: Sequence[RetestCandidate]) -> type[RetestForm]:
    """Return a form class with the fields of these findings."""
    fields: dict[str, Any] = {}
    for candidate in candidates:
        n, retest = candidate.finding.number, candidate.retest
        result = retest.result.value if retest else None
        fields[f"result_{n}"] = RadioField(
            candidate.finding.what, [Optional()], choices=build_choices_from_pairs(RESULTS), default=result
        )
        fields[f"note_{n}"] = StringField(
            _("Une note sur le constat %(n)s", n=n),
            [Length(max=NOTE_MAX)],
            default=retest.note if retest else "",
        )
        fields[f"before_{n}"] = HiddenField(default=result or "")
    return type("RetestFormOfRound", (RetestForm,), fields)
