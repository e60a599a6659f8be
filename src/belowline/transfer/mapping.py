"""Rules by which a story's old address becomes the one that it has now. Pure.

Titles change their hosts, go to https, drop what stood before a path, and carry campaign names in
queries. Two stories whose addresses come out the same are one page, and their comments one thread.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from belowline.core.errors import InvalidInput

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class KeyFrom(StrEnum):
    """From what of its address a story's key is made."""

    LAST = "last"
    """The last part of the path, as the embed has it."""
    PATH = "path"
    """The whole path, with hyphens for its slashes."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How addresses are changed. Without any rule, query and fragment go and nothing else does."""

    hosts: Mapping[str, str] = field(default_factory=dict)
    """Old hosts and the ones that they became."""
    https: bool = False
    """Whether http becomes https."""
    keep_query: tuple[str, ...] = ()
    """Names in the query that tell stories apart, such as ``id``; everything else is dropped."""
    paths: Mapping[str, str] = field(default_factory=dict)
    """What a path began with and what that became; the longest that fits counts."""
    key_from: KeyFrom = KeyFrom.LAST

    def __post_init__(self) -> None:
        """Refuse rules that could not mean anything. Raises InvalidInput."""
        for old, new in self.hosts.items():
            for host in (old, new):
                if not _HOST.fullmatch(host):
                    raise _bad(f"{host!r} is not a host, such as www.courier.example.")
        for old, new in self.paths.items():
            if not (old.startswith("/") and new.startswith("/")):
                raise _bad(f"Both {old!r} and {new!r} must begin with a slash.")

    def as_options(self) -> dict[str, Any]:
        """Return the rules as plain values, to be told from others."""
        return {
            "hosts": dict(self.hosts),
            "https": self.https,
            "keep_query": sorted(self.keep_query),
            "paths": dict(self.paths),
            "key_from": self.key_from.value,
        }


def read_rules(text: str) -> Rules:
    """Read rules from a small TOML file; its names are those of :class:`Rules`.

    Raises:
        InvalidInput: it is not TOML, or says something that is no rule.
    """
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _bad(f"The file of rules is not TOML: {error}.") from error
    unknown = said.keys() - {one.name for one in fields(Rules)}
    if unknown:
        raise _bad(f"There is no rule {min(unknown)!r}.")
    kinds = {"hosts": dict, "https": bool, "keep_query": list, "paths": dict, "key_from": str}
    for name, value in said.items():
        if not isinstance(value, kinds[name]):
            raise _bad(f"The rule {name!r} cannot be {value!r}.")
    try:
        key_from = KeyFrom(said.get("key_from", KeyFrom.LAST))
    except ValueError as error:
        raise _bad("key_from is last or path.") from error
    names = [*said.get("keep_query", [])]
    pairs = [*said.get("hosts", {}).items(), *said.get("paths", {}).items()]
    if not all(isinstance(one, str) for one in (*names, *(two for pair in pairs for two in pair))):
        raise _bad(
            "Hosts, paths and names in queries are text. Rules that are neither stand above the "
            "first [heading]."
        )
    return Rules(
        {old.lower(): new.lower() for old, new in said.get("hosts", {}).items()},
        said.get("https", False),
        tuple(names),
        said.get("paths", {}),
        key_from,
    )


def map_url(url: str, rules: Rules) -> str | None:
    """Return the address that a story has now, or None if it never was an address.

    A host loses its capitals and a port that goes without saying. Mapping the result once more
    changes nothing, unless the rules lead in a circle.
    """
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port is not None else ""
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in {"http", "https"} or not host:
        return None
    host = f"[{host}]" if ":" in host else host
    named = host + ("" if port == _DEFAULT_PORTS[scheme] else port)
    named = rules.hosts.get(named, rules.hosts.get(host, named))
    scheme = "https" if rules.https else scheme
    kept = [pair for pair in parse_qsl(parts.query) if pair[0] in rules.keep_query]
    return urlunsplit((scheme, named, _path(parts.path or "/", rules), urlencode(sorted(kept)), ""))


def same_page(one: str, other: str) -> bool:
    """Say whether two addresses are one page's: scheme, www and a slash at the end aside."""
    return _bare(one) == _bare(other)


def ident_of(url: str) -> str:
    """Return what two mapped addresses share exactly if they are one page's."""
    return "\n".join(_bare(url))


def _bare(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return parts.netloc.removeprefix("www."), parts.path.rstrip("/"), parts.query


def _path(path: str, rules: Rules) -> str:
    for old in sorted(rules.paths, key=len, reverse=True):
        # At a slash only: /news is no beginning of /newsletter.
        if path == old or path.startswith(old if old.endswith("/") else f"{old}/"):
            return "/" + (rules.paths[old].rstrip("/") + "/" + path[len(old) :].lstrip("/")).lstrip(
                "/"
            )
    return path


def _bad(message: str) -> InvalidInput:
    return InvalidInput(message, field="rules", code="bad_mapping")
