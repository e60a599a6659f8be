"""Which address a story has now, by rules that a newsroom writes down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.errors import InvalidInput
from belowline.transfer.mapping import KeyFrom, Rules, ident_of, map_url, read_rules, same_page

OLD = "http://WWW.Old.example:80/blog/2019/05/bridge/?id=7&utm=x#comments"


@pytest.mark.parametrize(
    ("rules", "becomes"),
    [
        pytest.param(
            Rules(), "http://www.old.example/blog/2019/05/bridge/", id="nothing but order"
        ),
        pytest.param(
            Rules({"www.old.example": "www.new.example"}),
            "http://www.new.example/blog/2019/05/bridge/",
            id="a host that moved",
        ),
        pytest.param(
            Rules(https=True), "https://www.old.example/blog/2019/05/bridge/", id="to https"
        ),
        pytest.param(
            Rules(keep_query=("id",)),
            "http://www.old.example/blog/2019/05/bridge/?id=7",
            id="a query that tells stories apart",
        ),
        pytest.param(
            Rules(paths={"/blog": "/news", "/blog/2019": "/archive/2019"}),
            "http://www.old.example/archive/2019/05/bridge/",
            id="the longest path that fits",
        ),
        pytest.param(
            Rules(paths={"/blo": "/x"}),
            "http://www.old.example/blog/2019/05/bridge/",
            id="paths end at a slash",
        ),
        pytest.param(
            Rules(paths={"/blog": "/"}), "http://www.old.example/2019/05/bridge/", id="to the top"
        ),
    ],
)
def test_an_old_address_becomes_the_one_of_today(rules: Rules, becomes: str) -> None:
    assert map_url(OLD, rules) == becomes


@pytest.mark.parametrize("url", ["", "mailto:a@b", "http://", "http://[::1", "http://a:x/", "/a"])
def test_what_was_never_an_address_becomes_none(url: str) -> None:
    assert map_url(url, Rules()) is None


def test_rules_are_read_from_a_small_file() -> None:
    told = """
    https = true
    keep_query = ["id"]
    key_from = "path"
    [hosts]
    "Old.example" = "new.example"
    [paths]
    "/blog" = "/news"
    """
    assert read_rules(told) == Rules(
        hosts={"old.example": "new.example"},
        https=True,
        keep_query=("id",),
        paths={"/blog": "/news"},
        key_from=KeyFrom.PATH,
    )


@pytest.mark.parametrize(
    "told",
    [
        "https = 1",
        "host = {}",
        "hosts = ",
        'key_from = "title"',
        "keep_query = [1]",
        '[hosts]\n"a b" = "c"',
        '[paths]\n"blog" = "/news"',
        '[hosts]\n"a.example" = "https://b.example"',
    ],
)
def test_a_rule_that_means_nothing_is_refused(told: str) -> None:
    with pytest.raises(InvalidInput):
        read_rules(told)


hosts = st.sampled_from(["a.example", "www.a.example", "b.example", "A.example:8080"])
parts = st.lists(st.sampled_from(["blog", "news", "2019", "x y", "é"]), max_size=3)
addresses = st.builds(
    lambda scheme, host, path, query: f"{scheme}://{host}/{'/'.join(path)}{query}",
    st.sampled_from(["http", "https", "HTTP"]),
    hosts,
    parts,
    st.sampled_from(["", "?id=1", "?b=2&id=1", "?id=1&id=2", "#top"]),
)
rulebooks = st.builds(
    Rules,
    st.sampled_from([{}, {"a.example": "www.b.example"}]),
    st.booleans(),
    st.sampled_from([(), ("id",), ("b", "id")]),
    st.sampled_from([{}, {"/blog": "/archive"}, {"/": "/old"}]),
)


@given(st.text(), rulebooks)
def test_no_text_is_too_odd_to_be_mapped_or_left(text: str, rules: Rules) -> None:
    mapped = map_url(text, rules)
    assert mapped is None or mapped.startswith(("http://", "https://"))


@given(addresses, rulebooks)
def test_mapping_settles_what_it_can(url: str, rules: Rules) -> None:
    mapped = map_url(url, rules)
    assert mapped is not None
    assert "#" not in mapped
    assert not rules.https or mapped.startswith("https://")
    if not rules.paths:
        assert map_url(mapped, rules) == mapped


@given(addresses, addresses, rulebooks)
def test_two_addresses_are_one_page_exactly_if_they_share_an_ident(
    one: str, other: str, rules: Rules
) -> None:
    first, second = map_url(one, rules), map_url(other, rules)
    assert first is not None
    assert second is not None
    assert same_page(first, second) == (ident_of(first) == ident_of(second))
