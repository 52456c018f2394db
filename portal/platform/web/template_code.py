"""The code that Jinja makes of templates, with cheaper calls and texts: a page has hundreds of both.

Jinja asks of each call whether the function wants the context, binds the arguments of a macro one by
one, and makes markup of every text that it writes. What is rare, such as wrong arguments, is left to it.
"""

from collections.abc import Sequence
from types import FunctionType
from typing import Any

from jinja2 import Environment, nodes, pass_eval_context
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]  # the first is private

_WANTS_SETTINGS = vars(pass_eval_context(lambda: None))["jinja_pass_arg"]  # how Jinja marks a function


def init_environment(environment: Environment) -> None:
    """Compile and call the templates of this environment so. Call it before the first is compiled."""
    environment.code_generator_class = PageCodeGenerator
    environment.context_class = PageContext


def write_text(value: Any) -> str:
    """What a page shows of a value: markup as it is, anything else escaped.

    `_escape_inner` is private in MarkupSafe 3.0; `test_template_code.py` checks it with each upgrade.
    """
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[no-any-return]
    if kind is str:
        return _escape_inner(value)
    return escape(value)


class PageMacro(Macro):
    """A macro that binds the usual arguments at once."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._needs_caller = self.caller and not self.explicit_caller

    def draw(self, args: Sequence[Any], named: dict[str, Any]) -> Markup | None:
        """The markup for arguments by position and by name; None for those that Jinja is to bind."""
        by_position = len(args)
        if (
            self.catch_varargs
            or by_position > self._argument_count
            or not self._accepts_named(named, by_position)
        ):
            return None
        values = [*args]
        if by_position < self._argument_count:
            values += [named.pop(name, missing) for name in self.arguments[by_position:]]
        if self._needs_caller:
            values.append(named.pop("caller"))
        if self.catch_kwargs:
            values.append(named)
        return str.__new__(Markup, self._func(*values))

    def _accepts_named(self, named: dict[str, Any], by_position: int) -> bool:
        """Whether each argument by name has a place that none by position took, and nobody lacks."""
        if self._needs_caller and "caller" not in named:
            return False
        for name in named:
            if name in self.arguments:
                if name in self.arguments[:by_position]:
                    return False
            elif not (self.catch_kwargs or (self._needs_caller and name == "caller")):
                return False
        return True


class PageContext(Context):
    """The context of a template, which calls macros and plain functions without detours."""

    def call(self, called: Any, /, *args: Any, **named: Any) -> Any:
        kind = type(called)
        if kind is PageMacro:
            if self.eval_ctx.autoescape and (html := called.draw(args, named)) is not None:
                return html
        elif kind is FunctionType:
            wanted = called.__dict__.get("jinja_pass_arg")
            if wanted is None:
                return called(*args, **named)
            if wanted is _WANTS_SETTINGS:
                return called(self.eval_ctx, *args, **named)
        return super().call(called, *args, **named)


class PageCodeGenerator(CodeGenerator):
    """Code that makes a `PageMacro` of each macro, and writes texts by `write_text`.

    Calls leave out the variables of loops and blocks, which Jinja passes for functions that want the
    context: the portal has none.
    """

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        self.writeline(f"from {__name__} import PageMacro, write_text")
        super().visit_Template(node, frame)

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        self.write("Page")
        super().macro_def(macro_ref, frame)  # writes `Macro(…)`

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        flags = frame.loop_frame, frame.block_frame
        frame.loop_frame = frame.block_frame = False
        super().visit_Call(node, frame, forward_caller=forward_caller)
        frame.loop_frame, frame.block_frame = flags

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("write_text(")
