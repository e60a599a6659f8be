"""What the reference says about addresses: who may use each, and what goes in and comes out."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from types import ModuleType

from docs_text import first, noted, table

from belowline.core import terms
from belowline.core.clock import system_clock
from belowline.core.terms import (
    DecisionId,
    Privilege,
    ReaderId,
    Role,
    SanctionId,
    SanctionInForce,
    SanctionKind,
)
from belowline.readers.model import NOBODY, StandingFacts
from belowline.readers.standing import may
from belowline.web import answers, answers_rules, answers_thread, payloads
from belowline.web.addresses import ROUTES
from belowline.web.pages import why
from belowline.web.route import Route

SANCTIONED = {
    SanctionKind.WARNING: "warned",
    SanctionKind.SLOWED: "slowed down",
    SanctionKind.HOLD_FIRST: "held first",
    SanctionKind.SUSPENSION: "suspended",
    SanctionKind.WITHDRAWAL: "withdrawn",
    SanctionKind.REPORT_WARNING: "warned of reports",
    SanctionKind.REPORT_PAUSE: "reports paused",
}


def write_privileges() -> str:
    """Ask standing about every privilege for every kind of person."""
    said = noted(terms, "Privilege")
    people = list(everybody())
    now = system_clock()
    return table(
        ("privilege", *(name for name, _ in people), "what it is"),
        (
            (
                f"`{one.value}`",
                *("yes" if may(one, facts, now=now) is None else "–" for _, facts in people),
                said[one.name],
            )
            for one in Privilege
        ),
    )


def everybody() -> Iterator[tuple[str, StandingFacts]]:
    """Give one person of every role and of every standing."""
    yield "not signed in", NOBODY
    yield "reader", StandingFacts(ReaderId(1))
    for kind in SanctionKind:
        sanction = SanctionInForce(
            SanctionId(1),
            kind,
            system_clock().replace(year=2000),
            None,
            acknowledged=False,
            rule=None,
            decision_id=DecisionId(1),
        )
        yield SANCTIONED[kind], StandingFacts(ReaderId(1), None, (sanction,))
    for role in Role:
        yield role.value, StandingFacts(ReaderId(1), role)


def write_routes() -> str:
    """List every address with the privilege that it asks for."""
    return table(
        ("method", "address", "privilege"),
        ((one.method, f"`{address(one)}`", f"`{one.privilege.value}`") for one in ROUTES),
    )


def write_api() -> str:
    """List the addresses of the API with what goes in and comes out."""
    return table(
        ("method", "address", "takes", "gives", "what it does"),
        (
            (
                one.method,
                f"`{address(one)}`",
                shape(one, "data"),
                shape(one, "return"),
                first(one.view.__doc__),
            )
            for one in ROUTES
            if one.path.startswith("/api/")
        ),
    )


def address(route: Route) -> str:
    """Return a route's address without the framework's types."""
    return re.sub(r":\w+}", "}", route.path)


def shape(route: Route, part: str) -> str:
    """Return the name of what a view takes or gives, with a link if it is one of the bodies."""
    if part == "return" and route.answer is not None:
        name = "HTML" if route.answer is str else route.answer.__name__
    else:
        said = str(route.view.__annotations__.get(part, ""))
        name = re.sub(r"^Response\[(.*)\]$", r"\1", said).rpartition(".")[2]
        name = name.replace("None", "")
    return f"[{name}](#{name.lower()})" if name in bodies() else name


def write_bodies() -> str:
    """Describe the JSON bodies, field by field: first what is taken, then what is given."""
    tree = ast.parse(inspect.getsource(payloads))
    forms = [
        (f"`{one.targets[0].id}`", f"`{ast.unparse(one.value)}`")
        for one in tree.body
        if isinstance(one, ast.Assign)
        and isinstance(one.targets[0], ast.Name)
        and isinstance(one.value, ast.Subscript)
    ]
    parts = [f"### Forms of values\n\n{table(('name', 'what fits'), forms)}"]
    return "\n".join([*parts, *(write_body(module, node) for module, node in bodies().values())])


@cache
def bodies() -> dict[str, tuple[ModuleType, ast.ClassDef]]:
    """Return the structs of the API by name, each with the module that it stands in."""
    return {
        node.name: (module, node)
        for module in (payloads, answers, answers_thread, answers_rules, why)
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.ClassDef)
    }


def write_body(module: ModuleType, node: ast.ClassDef) -> str:
    """Describe one struct."""
    said = noted(module, node.name)
    base = ast.unparse(node.bases[0])
    more = f" Has the fields of [{base}](#{base.lower()}) too." if base != "Struct" else ""
    rows = [
        (
            f"`{one.target.id}`",
            f"`{ast.unparse(one.annotation)}`",
            "yes" if one.value is None else f"`{ast.unparse(one.value)}`",
            said[one.target.id],
        )
        for one in node.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    ]
    fields = table(("field", "type", "needed, or its default", "what it is"), rows) if rows else ""
    return f"### {node.name}\n\n{first(ast.get_docstring(node))}{more}\n\n{fields}"
