"""Templates, compiled once for each language: words, addresses and files stand in them as text.

A page says some hundred things that are the same each time. Looking each up while the page is written costs more than
all else on it, so `_('Cohorts')`, `href('events.new')` and `asset('css/main.css')` are looked up when the template is
compiled. The source of a template knows nothing of it. Letters are left as they are.
"""

from collections.abc import Callable, MutableMapping
from types import FunctionType
from typing import Any

from flask.sansio.app import App
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from alumni.web.i18n import lang


class Straight(Context):
    """Calls macros and plain functions without looking first for all that they might be."""

    def call(self, callee: Any, /, *args: Any, **kwargs: Any) -> Any:
        is_macro = type(callee) is Macro
        if not is_macro and (type(callee) is not FunctionType or hasattr(callee, "jinja_pass_arg")):
            return super().call(callee, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return callee(self.eval_ctx, *args, **kwargs) if is_macro else callee(*args, **kwargs)


class Spoken(Template):
    """A template whose imports never see what is particular to one rendering, so they are run only once."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class Templates(Environment):
    """The environment of an app; each language has one of its own behind it."""

    # What says the same in one language whenever it is given the same, and what is called without a template's context.
    same: dict[str, Callable[..., str | None]] = {}  # noqa: RUF012
    words: Callable[[str], Markup]  # a text in the reader's language, its %(values)s not filled in
    straight: frozenset[str] = frozenset()
    language = ""
    template_class = Spoken
    context_class = Straight

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, **options)
        self.behind: dict[str, Templates] = {}

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Jinja's own is a chain of two dicts, which every rendering then copies name by name."""
        return {**self.globals, **d} if d else self.globals

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:
        code = lang()
        if self.language == code:
            return super()._load_template(name, globals)
        return self._in(code)._load_template(name, globals)

    def _in(self, code: str) -> "Templates":
        if code not in self.behind:
            made = self.overlay()
            made.language = code
            self.behind[code] = made
        return self.behind[code]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if self.language and not (name or "").startswith("emails/"):
            _Settled(self).visit(tree)
            tree.set_environment(self)
        return tree


class _Settled(NodeTransformer):
    """Puts text where a template calls what is the same each time; other calls of ours are made straight."""

    def __init__(self, templates: Templates) -> None:
        self.templates = templates

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs or not node.args:
            return node
        name, (first, *others) = node.node.name, node.args
        words = [arg.value for arg in node.args if isinstance(arg, nodes.Const)]
        values = {pair.key: pair.value.value for pair in node.kwargs if isinstance(pair.value, nodes.Const)}
        if len(words) == len(node.args) and len(values) == len(node.kwargs):
            text = self.templates.same[name](*words, **values) if name in self.templates.same else None
            return node if text is None else _literal(text, node)
        if name == "_" and words:
            pairs = [nodes.Pair(nodes.Const(pair.key), pair.value) for pair in node.kwargs]
            return nodes.Mod(_literal(self.templates.words(*words), node), nodes.Dict(pairs), lineno=node.lineno)
        if name in self.templates.straight:
            return nodes.Filter(first, name, others, node.kwargs, None, None, lineno=node.lineno)
        return node


def _literal(text: str | None, node: nodes.Node) -> nodes.Expr:
    literal = nodes.Const(str(text), lineno=node.lineno)
    return nodes.MarkSafe(literal, lineno=node.lineno) if isinstance(text, Markup) else literal
