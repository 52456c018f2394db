"""What a person types about findings."""

from collections.abc import Sequence
from typing import Any, TypeGuard
from uuid import UUID

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.files.models import Attachment
from portal.findings.commands import FindingFacts
from portal.findings.listing import ToRetest
from portal.findings.models import LINE_MAX, REASON_MAX, TEXT_MAX, Finding, Retested
from portal.findings.retests import Said
from portal.findings.words import IN_SHORT, LABELS, RESULTS, severity_choices
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.user_tests.models import TestTask
from portal.user_tests.sessions import TestSession
from portal.web.forms import CreateForm, EditForm, Form, choices_of

NOTE_MAX = 300
_READ_AGAIN = _l("J’ai relu : ce texte ne désigne personne")
People = Sequence[tuple[UUID, str]]


class _FindingFields(Form):
    what = StringField(
        LABELS["what"],
        [DataRequired(_l("Écrivez ce qui s’est passé.")), Length(max=LINE_MAX)],
        description=_l("En une ligne, comme vous l’avez vu : ce que l’on fait, ce qui arrive."),
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
    detail = TextAreaField(
        LABELS["detail"],
        [Length(max=TEXT_MAX)],
        description=_l("Où, dans quel cas, ce que l’on attendait. Jamais de nom."),
        render_kw={"rows": 4},
    )
    owner = SelectField(LABELS["owner_id"], [Optional()], coerce=str)
    knowingly = BooleanField(_READ_AGAIN)

    def __init__(self, people: People, *, obj: Any = None, **usual: Any) -> None:
        super().__init__(obj=obj, **usual)
        self.people = people
        self.severity.choices = choices_of(severity_choices())
        self.owner.choices = choices_of([("", _l("Personne pour l’instant")), *people])
        if obj is not None:
            self.owner.data = str(obj.owner_id or "")
            self.severity.data = "" if obj.severity is None else str(obj.severity)

    def as_stored(self, row: Any) -> Form:
        return type(self)(self.people, formdata=None, obj=row)

    def facts(self) -> FindingFacts:
        given = {name: self.values[name] for name in ("what", "detail", "is_harm")}
        owner = UUID(self.owner.data) if _is_said(self.owner.data) else None
        return FindingFacts(severity=rated(self.severity.data), owner_id=owner, **given)


def rated(chosen: str | None) -> int | None:
    return int(chosen) if _is_said(chosen) else None


def _is_said(chosen: str | None) -> TypeGuard[str]:
    """Blanks alone choose nothing: an optional choice lets them pass."""
    return bool(chosen and chosen.strip())


class FindingForm(_FindingFields, EditForm):
    """A finding, mended."""


class _SeenFields(Form):
    """Tasks by their numbers, sessions by their codes."""

    tasks = SelectMultipleField(LABELS["tasks"], coerce=int)
    sessions = SelectMultipleField(LABELS["sessions"], coerce=int)

    def offer(self, tasks: Sequence[TestTask], sessions: Sequence[TestSession]) -> None:
        self.known_tasks = {task.number: task for task in tasks}
        self.known_sessions = {one.number: one for one in sessions}
        self.tasks.choices = choices_of(
            [
                (n, _("T%(n)s : %(title)s", n=n, title=one.title))
                for n, one in self.known_tasks.items()
            ]
        )
        self.sessions.choices = choices_of(
            [(n, one.code) for n, one in self.known_sessions.items()]
        )

    def chosen_tasks(self) -> list[TestTask]:
        return [self.known_tasks[n] for n in self.tasks.data or []]

    def chosen_sessions(self) -> list[TestSession]:
        return [self.known_sessions[n] for n in self.sessions.data or []]


class NewFindingForm(_SeenFields, _FindingFields, CreateForm):
    """What was seen in a round."""


class SeenForm(_SeenFields):
    """Where a finding was seen, in one round."""


class EvidenceForm(Form):
    """Files of sessions that show a finding."""

    files = SelectMultipleField(_l("Fichiers des séances qui le montrent"), coerce=str)

    def offer(self, files: Sequence[tuple[Attachment, int, bool]]) -> None:
        self.known = {str(file.id): file for file, _number, _chosen in files}
        self.files.choices = choices_of(
            [
                (file.id, _("P%(n)s : %(name)s", n=number, name=file.name))
                for file, number, _chosen in files
            ]
        )

    def chosen(self) -> list[Attachment]:
        return [self.known[id_] for id_ in self.files.data or []]


class RateForm(EditForm):
    """How severe it is, and nothing else."""

    severity = SelectField(LABELS["severity"], [Optional()])

    def __init__(self, *given: Any, **usual: Any) -> None:
        super().__init__(*given, **usual)
        self.severity.choices = choices_of(severity_choices())


class SettleForm(EditForm):
    """A minor one needs nothing more."""

    reason = TextAreaField(
        _l("Ce qui a été fait, ou pourquoi rien"),
        [Length(max=REASON_MAX)],
        description=_l("Jamais le nom d’un participant."),
        render_kw={"rows": 3},
    )
    knowingly = BooleanField(_READ_AGAIN)


class AcceptForm(EditForm):
    """Somebody lives with it, by name."""

    reason = TextAreaField(
        _l("Pourquoi vous l’acceptez"),
        [
            DataRequired(_l("Dites pourquoi : votre nom et cette raison resteront.")),
            Length(max=REASON_MAX),
        ],
        description=_l(
            "Ce que l’on risque, ce qui l’atténue, jusqu’à quand. Jamais le nom d’un participant."
        ),
        render_kw={"rows": 4},
    )
    knowingly = BooleanField(_READ_AGAIN)


class MergeForm(CreateForm):
    """Which other finding it is the same as."""

    into = SelectField(_l("C’est le même que"), [InputRequired(_l("Choisissez."))])

    def __init__(self, others: Sequence[Finding], **usual: Any) -> None:
        super().__init__(**usual)
        self.others = {one.number: one for one in others}
        named = [
            (
                n,
                _(
                    "Constat %(n)s : %(what)s (%(severity)s)",
                    n=n,
                    what=one.what,
                    severity=str(IN_SHORT[one.severity]).lower(),
                ),
            )
            for n, one in self.others.items()
        ]
        self.into.choices = choices_of([("", _l("Choisir un constat")), *named])

    def chosen(self) -> Finding:
        return self.others[int(self.into.data)]


class ActForm(Form):
    """One click."""


class RetestForm(Form):
    """A line for each finding: `result_<n>`, `note_<n>`, and `before_<n>`, what stood there."""

    knowingly = BooleanField(_READ_AGAIN)

    def answers(self) -> list[Said]:
        """Those that were given."""
        found = []
        for name, field in self._fields.items():
            if not name.startswith("result_") or not _is_said(field.data):
                continue
            n = int(name.removeprefix("result_"))
            before = self[f"before_{n}"].data
            found.append(
                Said(
                    n,
                    Retested(field.data),
                    self[f"note_{n}"].data,
                    Retested(before) if before in list(Retested) else None,
                )
            )
        return found

    def show_now(self, known: Sequence[ToRetest]) -> None:
        """What stands there now is what the next sending was shown."""
        for one in known:
            name = f"before_{one.finding.number}"
            if name in self:
                self[name].process(None, one.retest.result.value if one.retest else "")
                self[name].raw_data = None


def retest_form(known: Sequence[ToRetest]) -> type[RetestForm]:
    """A form with a line for each of these."""
    parts: dict[str, Any] = {}
    for one in known:
        n, kept = one.finding.number, one.retest
        result = kept.result.value if kept else None
        parts[f"result_{n}"] = RadioField(
            one.finding.what,
            [Optional()],
            choices=choices_of(RESULTS),
            default=result,
        )
        parts[f"note_{n}"] = StringField(
            _("Une note sur le constat %(n)s", n=n),
            [Length(max=NOTE_MAX)],
            default=kept.note if kept else "",
        )
        parts[f"before_{n}"] = HiddenField(default=result or "")
    return type("RetestFormOfRound", (RetestForm,), parts)
