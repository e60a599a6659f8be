"""Telling the framework where each parameter of a view comes from, so that views can stay plain.

Views are plain functions and run in a thread. A name in the address is from the path, ``data`` is
the body, ``visitor`` and ``request`` are the framework's, and everything else is from the query.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import partial, wraps
from typing import Annotated, Any, get_type_hints

import anyio.to_thread
from litestar.params import Body, KwargDefinition, PathParameter, QueryParameter

GIVEN = frozenset({"visitor", "request", "return"})


def spell_out(view: Callable[..., Any], path: str) -> Callable[..., Any]:
    """Return the view, in a thread, with every parameter's source written into its annotations."""
    in_path = set(re.findall(r"{(\w+):", path))
    hints = get_type_hints(view, include_extras=True)
    for name, kind in hints.items():
        if name in GIVEN or _says_its_source(kind):
            continue
        if name == "data":
            hints[name] = Annotated[kind, Body()]
        else:
            hints[name] = Annotated[kind, PathParameter() if name in in_path else QueryParameter()]

    # Litestar's own sync_to_thread wraps a view twice if another method has the same address.
    @wraps(view)
    async def call(**given: Any) -> Any:  # noqa: ANN401 - whatever the view takes and gives
        return await anyio.to_thread.run_sync(partial(view, **given))

    plain = inspect.signature(view)
    # Written over what wraps() copied; inspect stops at a __signature__.
    call.__annotations__ = hints
    call.__signature__ = plain.replace(  # type: ignore[attr-defined]
        parameters=[one.replace(annotation=hints[one.name]) for one in plain.parameters.values()],
        return_annotation=hints.get("return", plain.return_annotation),
    )
    return call


def _says_its_source(kind: object) -> bool:
    return any(isinstance(one, KwargDefinition) for one in getattr(kind, "__metadata__", ()))
