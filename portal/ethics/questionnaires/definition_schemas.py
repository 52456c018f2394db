"""Marshmallow schemas of a definition file, and the objects that they load."""

from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from portal.ethics.questionnaires.bilingual_labels import LocalizedText
from portal.ethics.questionnaires.definition_rules import (
    KEY_MAX,
    NO,
    NO_TEXT,
    NOT_APPLICABLE,
    NUMBER_LIMIT,
    PARTLY,
    TEXT_MAX,
    VERSION_MAX,
    YES,
    BilingualText,
    Condition,
    ConditionGroup,
    Duty,
    ItemChoice,
    MatrixCellContent,
    MitigationRelief,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireItemKind,
    QuestionnaireSection,
    RiskOrMitigation,
    ScoreBand,
    ScoreDefinition,
    ScoreRule,
    VerdictDefinition,
    When,
)
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

_EMPTY: Any = _l("est vide")
_RANGE: Any = _l("va de {min} à {max}")
# What a field says of a value that it refuses, instead of the library's English.
_REFUSALS: dict[type[fields.Field[Any]], Any] = {
    fields.String: _l("n’est pas un texte"),
    fields.Number: _l("n’est pas un nombre"),
    fields.Boolean: _l("n’est ni true ni false"),
    fields.Date: _l("n’est pas une date"),
    fields.List: _l("n’est pas une liste"),
}


_OUT: Any = _l("est hors limites")
_VERSION: Any = _l("a %(n)s chiffres, minuscules et points au plus", n=VERSION_MAX)


def _make_key_field() -> fields.String:
    """The key of a questionnaire, a verdict or a duty."""
    sentence: Any = _l("est un nom en minuscules de %(n)s lettres, chiffres et _ au plus", n=KEY_MAX)
    pattern = rf"^[a-z][a-z0-9_]{{0,{KEY_MAX - 1}}}$"
    return fields.String(required=True, validate=validate.Regexp(pattern, error=sentence))


def _make_name_field() -> fields.String:
    """The key of an item, section or choice: as its original has it, so answers are portable."""
    sentence: Any = _l("est un nom de %(n)s lettres, chiffres, - et _ au plus", n=KEY_MAX)
    pattern = rf"^[A-Za-z][A-Za-z0-9_-]{{0,{KEY_MAX - 1}}}$"
    return fields.String(required=True, validate=validate.Regexp(pattern, error=sentence))


class _StrictSchema(Schema):
    class Meta:
        unknown = RAISE

    error_messages: ClassVar[dict[str, Any]] = {  # type: ignore[misc]  # the library copies it
        "unknown": _l("n’est pas connu ici"),
        "type": _l("n’est pas un ensemble de noms et de valeurs"),
    }

    def on_bind_field(self, _field_name: str, field_obj: fields.Field[Any]) -> None:
        invalid = [text for kind, text in _REFUSALS.items() if isinstance(field_obj, kind)]
        field_obj.error_messages = {
            **field_obj.error_messages,
            "required": _l("manque"),
            "null": _l("n’a pas de valeur"),
            "unknown": _l(
                "est l’un de ceux-ci : %(choices)s", choices=getattr(field_obj, "choices_text", "")
            ),
            **dict.fromkeys(("invalid", "too_large", "special"), *invalid or [_l("ne convient pas")]),
        }


class BilingualTextIn(_StrictSchema):
    fr = fields.String(required=True, validate=validate.Length(1, TEXT_MAX, error=_EMPTY))
    en = fields.String(required=True, validate=validate.Length(1, TEXT_MAX, error=_EMPTY))

    @post_load
    def make_bilingual_text(self, data: dict[str, Any], **_rest: Any) -> BilingualText:
        return LocalizedText(**data)


def _make_text_field(*, required: bool = True) -> fields.Nested:
    return fields.Nested(BilingualTextIn, **({"required": True} if required else {"load_default": NO_TEXT}))


class ChoiceIn(_StrictSchema):
    value = _make_name_field()
    label = _make_text_field()
    weight = fields.Float(load_default=0.0, validate=validate.Range(-1000, 1000, error=_RANGE))

    @post_load
    def make_choice(self, data: dict[str, Any], **_rest: Any) -> ItemChoice:
        return ItemChoice(**data)


class ConditionField(fields.Field[When]):
    """`{item: …, is: […]}`, or `all`, `any` or `none` of several: `{all: [conditions]}`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **rest: Any) -> When:
        if isinstance(value, dict) and value.keys() == {"item", "is"}:
            among = value["is"]
            is_list = isinstance(among, list) and all(isinstance(choice, str) for choice in among)
            if isinstance(value["item"], str) and is_list and among:
                return Condition(value["item"], tuple(among))
        elif isinstance(value, dict) and value.keys() in ({"all"}, {"any"}, {"none"}):
            ((how, inner),) = value.items()
            if isinstance(inner, list) and inner:
                conditions = tuple(self._deserialize(condition, attr, data, **rest) for condition in inner)
                return ConditionGroup(conditions, is_any=how == "any", is_none=how == "none")
        raise ValidationError(
            _("n’est pas une condition : {item: …, is: […]}, {all: […]}, {any: […]} ou {none: […]}")
        )


def _make_bound_field(usual: float) -> fields.Float:
    limits = validate.Range(-NUMBER_LIMIT, NUMBER_LIMIT, error=_OUT)
    return fields.Float(load_default=usual, validate=limits)


class ItemIn(_StrictSchema):
    key = _make_name_field()
    kind = fields.Enum(QuestionnaireItemKind, by_value=True, required=True)
    label = _make_text_field()
    help = _make_text_field(required=False)
    required = fields.Boolean(load_default=False)
    choices = fields.List(fields.Nested(ChoiceIn), load_default=list)
    columns = fields.List(fields.Nested(ChoiceIn), load_default=list)
    rows = fields.List(fields.Nested(ChoiceIn), load_default=list)
    cells = fields.Enum(MatrixCellContent, by_value=True, load_default=MatrixCellContent.TICK)
    note = fields.Boolean(load_default=False)
    says_why = fields.Boolean(load_default=False)
    when = ConditionField(load_default=None)
    least = _make_bound_field(-NUMBER_LIMIT)
    most = _make_bound_field(NUMBER_LIMIT)
    whole = fields.Boolean(load_default=False)
    past = fields.Boolean(load_default=False)
    long = fields.Boolean(load_default=False)
    sub = fields.List(fields.Nested("ItemIn"), load_default=list)

    @post_load
    def flatten_item(self, data: dict[str, Any], **_rest: Any) -> list[QuestionnaireItem]:
        """Flatten an item and its sub-questions into a list."""
        below: list[list[QuestionnaireItem]] = data.pop("sub")
        columns = data.pop("columns")
        data["choices"] = tuple(data["choices"] or columns or _DEFAULT_CHOICES.get(data["kind"], ()))
        data["rows"] = tuple(data["rows"])
        data["note"] = data["note"] or data["says_why"] or data["kind"] is QuestionnaireItemKind.ASSESSED
        item = QuestionnaireItem(**data)
        return [item, *(_attach_to_parent_item(sub_item, item) for items in below for sub_item in items)]


def _attach_to_parent_item(item: QuestionnaireItem, above: QuestionnaireItem) -> QuestionnaireItem:
    return item if item.under else QuestionnaireItem(**(vars(item) | {"under": above.key}))


_YES = ItemChoice(value=YES, label=LocalizedText("Oui", "Yes"))
_NO = ItemChoice(value=NO, label=LocalizedText("Non", "No"))
_PARTLY = ItemChoice(value=PARTLY, label=LocalizedText("En partie", "Partly"))
_NOT_APPLICABLE = ItemChoice(value=NOT_APPLICABLE, label=LocalizedText("Sans objet", "Not applicable"))
_DEFAULT_CHOICES = {
    QuestionnaireItemKind.YES_NO: (_YES, _NO),
    QuestionnaireItemKind.ASSESSED: (_YES, _PARTLY, _NO, _NOT_APPLICABLE),
}


class SectionIn(_StrictSchema):
    key = _make_name_field()
    title = _make_text_field()
    about = _make_text_field(required=False)
    when = ConditionField(load_default=None)
    part = fields.Enum(RiskOrMitigation, by_value=True, load_default=RiskOrMitigation.RISK)
    traits = fields.List(fields.String(), load_default=list)
    items = fields.List(fields.Nested(ItemIn), required=True, validate=validate.Length(1, error=_EMPTY))

    @post_load
    def make_section(self, data: dict[str, Any], **_rest: Any) -> QuestionnaireSection:
        data["items"] = tuple(item for items in data["items"] for item in items)
        data["traits"] = frozenset(data["traits"])
        return QuestionnaireSection(**data)


class BandIn(_StrictSchema):
    up_to = fields.Float(required=True)
    title = _make_text_field()

    @post_load
    def make_band(self, data: dict[str, Any], **_rest: Any) -> ScoreBand:
        return ScoreBand(**data)


class ReliefIn(_StrictSchema):
    needed = fields.Float(required=True)
    percent = fields.Integer(required=True, validate=validate.Range(1, 100, error=_RANGE))

    @post_load
    def make_relief(self, data: dict[str, Any], **_rest: Any) -> MitigationRelief:
        return MitigationRelief(**data)


class ScoreIn(_StrictSchema):
    rule = fields.Enum(ScoreRule, by_value=True, required=True)
    bands = fields.List(fields.Nested(BandIn), load_default=list)
    relief = fields.Nested(ReliefIn, load_default=None)

    @post_load
    def make_score(self, data: dict[str, Any], **_rest: Any) -> ScoreDefinition:
        return ScoreDefinition(data["rule"], tuple(data["bands"]), data["relief"])


class VerdictIn(_StrictSchema):
    key = _make_key_field()
    title = _make_text_field()
    about = _make_text_field(required=False)
    when = ConditionField(required=True)

    @post_load
    def make_verdict(self, data: dict[str, Any], **_rest: Any) -> VerdictDefinition:
        return VerdictDefinition(**data)


class DutyIn(_StrictSchema):
    key = _make_key_field()
    title = _make_text_field()
    about = _make_text_field(required=False)
    source = _make_text_field(required=False)
    when = ConditionField(load_default=None)
    levels = fields.List(fields.Integer(), load_default=list)
    verdicts = fields.List(fields.String(), load_default=list)
    since = fields.Date(load_default=None)
    to_check = fields.Boolean(load_default=False)

    @post_load
    def make_duty(self, data: dict[str, Any], **_rest: Any) -> Duty:
        data["levels"], data["verdicts"] = tuple(data["levels"]), tuple(data["verdicts"])
        return Duty(**data)


class QuestionnaireIn(_StrictSchema):
    key = _make_key_field()
    edition = fields.Integer(required=True, validate=validate.Range(1, 999, error=_RANGE))
    version = fields.String(
        load_default="",
        validate=validate.Regexp(
            rf"^[0-9a-z.]{{1,{VERSION_MAX}}}$",
            error=_VERSION,
        ),
    )
    dated = fields.Date(required=True)
    title = _make_text_field()
    about = _make_text_field()
    source = _make_text_field(required=False)
    traits = fields.List(fields.String(), load_default=list)
    score = fields.Nested(ScoreIn, load_default=None)
    verdicts = fields.List(fields.Nested(VerdictIn), load_default=list)
    duties = fields.List(fields.Nested(DutyIn), load_default=list)
    passed_over = fields.List(fields.String(), load_default=list)
    sections = fields.List(fields.Nested(SectionIn), required=True, validate=validate.Length(1, error=_EMPTY))

    @post_load
    def make_questionnaire(self, data: dict[str, Any], **_rest: Any) -> Questionnaire:
        for name in ("sections", "verdicts", "duties"):
            data[name] = tuple(data[name])
        for name in ("traits", "passed_over"):
            data[name] = frozenset(data[name])
        data["version"] = data["version"] or str(data["edition"])
        return Questionnaire(**data)
