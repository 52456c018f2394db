"""The shape of a definition's file: what may stand where, and what it becomes."""

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from portal.questionnaires.bilingual import ReadWords
from portal.questionnaires.definition import (
    KEY_MAX,
    NO,
    NOT_APPLICABLE,
    NOTHING,
    NUMBER_LIMIT,
    PARTLY,
    TEXT_MAX,
    VERSION_MAX,
    YES,
    Band,
    Cells,
    Choice,
    Condition,
    Duty,
    Item,
    Kind,
    Part,
    Questionnaire,
    Relief,
    Rule,
    Score,
    Section,
    Together,
    Verdict,
    When,
    Words,
)

_EMPTY = "is empty"


def _key() -> fields.String:
    """What names a questionnaire, and a part of it in links."""
    sentence = f"is a lower-case name of at most {KEY_MAX} letters, digits and _"
    pattern = rf"^[a-z][a-z0-9_]{{0,{KEY_MAX - 1}}}$"
    return fields.String(required=True, validate=validate.Regexp(pattern, error=sentence))


def _name() -> fields.String:
    """What names a part: as its original calls it, so that answers can be exchanged."""
    sentence = f"is a name of at most {KEY_MAX} letters, digits, - and _"
    pattern = rf"^[A-Za-z][A-Za-z0-9_-]{{0,{KEY_MAX - 1}}}$"
    return fields.String(required=True, validate=validate.Regexp(pattern, error=sentence))


class _Strict(Schema):
    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "is not known here"}  # noqa: RUF012  as marshmallow declares it


class WordsIn(_Strict):
    fr = fields.String(required=True, validate=validate.Length(1, TEXT_MAX, error=_EMPTY))
    en = fields.String(required=True, validate=validate.Length(1, TEXT_MAX, error=_EMPTY))

    @post_load
    def make(self, given: dict[str, Any], **_: Any) -> Words:
        return ReadWords(**given)


def _words(*, required: bool = True) -> fields.Nested:
    return fields.Nested(WordsIn, **({"required": True} if required else {"load_default": NOTHING}))


class ChoiceIn(_Strict):
    value = _name()
    label = _words()
    weight = fields.Float(load_default=0.0, validate=validate.Range(-1000, 1000))

    @post_load
    def make(self, given: dict[str, Any], **_: Any) -> Choice:
        return Choice(**given)


class WhenIn(fields.Field[When]):
    """`{item: …, is: […]}`, `{all: [conditions]}` or `{any: [conditions]}`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **rest: Any) -> When:
        if isinstance(value, dict) and value.keys() == {"item", "is"}:
            among = value["is"]
            is_list = isinstance(among, list) and all(isinstance(one, str) for one in among)
            if isinstance(value["item"], str) and is_list and among:
                return Condition(value["item"], tuple(among))
        elif isinstance(value, dict) and value.keys() in ({"all"}, {"any"}):
            ((how, inner),) = value.items()
            if isinstance(inner, list) and inner:
                made = tuple(self._deserialize(one, attr, data, **rest) for one in inner)
                return Together(made, enough_one=how == "any")
        raise ValidationError("is no condition: {item: …, is: […]}, {all: […]} or {any: […]}")


def _bound(usual: float) -> fields.Float:
    limits = validate.Range(-NUMBER_LIMIT, NUMBER_LIMIT, error="is out of bounds")
    return fields.Float(load_default=usual, validate=limits)


class ItemIn(_Strict):
    key = _name()
    kind = fields.Enum(Kind, by_value=True, required=True)
    label = _words()
    help = _words(required=False)
    required = fields.Boolean(load_default=False)
    choices = fields.List(fields.Nested(ChoiceIn), load_default=list)
    columns = fields.List(fields.Nested(ChoiceIn), load_default=list)
    rows = fields.List(fields.Nested(ChoiceIn), load_default=list)
    cells = fields.Enum(Cells, by_value=True, load_default=Cells.TICK)
    note = fields.Boolean(load_default=False)
    says_why = fields.Boolean(load_default=False)
    when = WhenIn(load_default=None)
    least = _bound(-NUMBER_LIMIT)
    most = _bound(NUMBER_LIMIT)
    whole = fields.Boolean(load_default=False)
    past = fields.Boolean(load_default=False)
    long = fields.Boolean(load_default=False)
    sub = fields.List(fields.Nested("ItemIn"), load_default=list)

    @post_load
    def make(self, given: dict[str, Any], **_: Any) -> list[Item]:
        """The item and those under it, one after the other."""
        below: list[list[Item]] = given.pop("sub")
        columns = given.pop("columns")
        given["choices"] = tuple(given["choices"] or columns or _USUAL.get(given["kind"], ()))
        given["rows"] = tuple(given["rows"])
        given["note"] = given["note"] or given["says_why"] or given["kind"] is Kind.ASSESSED
        item = Item(**given)
        return [item, *(_below(one, item) for items in below for one in items)]


def _below(one: Item, above: Item) -> Item:
    return one if one.under else Item(**(vars(one) | {"under": above.key}))


_YES = Choice(value=YES, label=ReadWords("Oui", "Yes"))
_NO = Choice(value=NO, label=ReadWords("Non", "No"))
_PARTLY = Choice(value=PARTLY, label=ReadWords("En partie", "Partly"))
_NOT_APPLICABLE = Choice(value=NOT_APPLICABLE, label=ReadWords("Sans objet", "Not applicable"))
_USUAL = {Kind.YES_NO: (_YES, _NO), Kind.ASSESSED: (_YES, _PARTLY, _NO, _NOT_APPLICABLE)}


class SectionIn(_Strict):
    key = _name()
    title = _words()
    about = _words(required=False)
    when = WhenIn(load_default=None)
    part = fields.Enum(Part, by_value=True, load_default=Part.RISK)
    traits = fields.List(fields.String(), load_default=list)
    items = fields.List(
        fields.Nested(ItemIn), required=True, validate=validate.Length(1, error=_EMPTY)
    )

    @post_load
    def make(self, given: dict[str, Any], **_: Any) -> Section:
        given["items"] = tuple(item for items in given["items"] for item in items)
        given["traits"] = frozenset(given["traits"])
        return Section(**given)


class BandIn(_Strict):
    up_to = fields.Float(required=True)
    title = _words()

    @post_load
    def make(self, given: dict[str, Any], **_: Any) -> Band:
        return Band(**given)


class ReliefIn(_Strict):
    needed = fields.Float(required=True)
    percent = fields.Integer(required=True, validate=validate.Range(1, 100))

    @post_load
    def make(self, given: dict[str, Any], **_: Any) -> Relief:
        return Relief(**given)


class ScoreIn(_Strict):
    rule = fields.Enum(Rule, by_value=True, required=True)
    bands = fields.List(fields.Nested(BandIn), load_default=list)
    relief = fields.Nested(ReliefIn, load_default=None)

    @post_load
    def make(self, given: dict[str, Any], **_: Any) -> Score:
        return Score(given["rule"], tuple(given["bands"]), given["relief"])


class VerdictIn(_Strict):
    key = _key()
    title = _words()
    about = _words(required=False)
    when = WhenIn(required=True)

    @post_load
    def make(self, given: dict[str, Any], **_: Any) -> Verdict:
        return Verdict(**given)


class DutyIn(_Strict):
    key = _key()
    title = _words()
    about = _words(required=False)
    source = _words(required=False)
    when = WhenIn(load_default=None)
    levels = fields.List(fields.Integer(), load_default=list)
    verdicts = fields.List(fields.String(), load_default=list)
    since = fields.Date(load_default=None)
    to_check = fields.Boolean(load_default=False)

    @post_load
    def make(self, given: dict[str, Any], **_: Any) -> Duty:
        given["levels"], given["verdicts"] = tuple(given["levels"]), tuple(given["verdicts"])
        return Duty(**given)


class QuestionnaireIn(_Strict):
    key = _key()
    edition = fields.Integer(required=True, validate=validate.Range(1, 999))
    version = fields.String(
        load_default="",
        validate=validate.Regexp(
            rf"^[0-9a-z.]{{1,{VERSION_MAX}}}$",
            error=f"is at most {VERSION_MAX} digits, small letters and dots",
        ),
    )
    dated = fields.Date(required=True)
    title = _words()
    about = _words()
    source = _words(required=False)
    traits = fields.List(fields.String(), load_default=list)
    score = fields.Nested(ScoreIn, load_default=None)
    verdicts = fields.List(fields.Nested(VerdictIn), load_default=list)
    duties = fields.List(fields.Nested(DutyIn), load_default=list)
    passed_over = fields.List(fields.String(), load_default=list)
    sections = fields.List(
        fields.Nested(SectionIn), required=True, validate=validate.Length(1, error=_EMPTY)
    )

    @post_load
    def make(self, given: dict[str, Any], **_: Any) -> Questionnaire:
        for name in ("sections", "verdicts", "duties"):
            given[name] = tuple(given[name])
        for name in ("traits", "passed_over"):
            given[name] = frozenset(given[name])
        given["version"] = given["version"] or str(given["edition"])
        return Questionnaire(**given)
