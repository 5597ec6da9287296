"""The checks find what they are for, and leave the rest alone."""

from __future__ import annotations

import ast
import subprocess
import textwrap
from pathlib import Path

import pytest

from scripts.checks import imports, sizes, texts, tree
from scripts.checks.run import main


def parse(source: str) -> ast.Module:
    return ast.parse(textwrap.dedent(source))


def words(findings) -> str:
    return "\n".join(map(str, findings))


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("Xin chào", ""),
        ("Còn {minutes} phút", ""),
        ("{{nguyên văn}}", ""),
        (" Xin chào", "space"),
        ("Xin chào\n", "space"),
        ("", "empty"),
        ("Còn {minutes phút", "brace"),
        ("Còn {} phút", "without a name"),
        (3, "no text"),
    ],
)
def test_a_text_by_itself(value, complaint):
    found = words(texts.inspect_value("vi/a.b", value))
    assert (complaint in found) if complaint else not found


def test_languages_must_have_the_same_keys_and_placeholders():
    catalogs = {
        "vi": {"a.same": "{n} tin", "a.only_vi": "x", "a.differs": "{n} tin"},
        "en": {"a.same": "{n} tips", "a.only_en": "x", "a.differs": "{count} tips"},
    }
    found = {finding.where for finding in texts.compare(catalogs)}
    assert found == {"a.only_vi", "a.only_en", "a.differs"}


def test_call_with_an_unknown_key_or_an_unfilled_placeholder_is_found():
    module = parse(
        """
        from prompts.catalog import text
        text("a.greeting")
        text("a.minutes", "vi", minutes=3)
        text("a.minutes", "vi", **fields)
        text("a.minutes")
        text("a.nowhere")
        other("b.not_ours")
        """
    )
    catalog = {"a.greeting": "Xin chào", "a.minutes": "Còn {minutes} phút"}
    found = words(texts.inspect_calls("bot/x.py", module, catalog))
    assert found.splitlines() == [
        'bot/x.py:6: text("a.minutes") wants minutes',
        'bot/x.py:7: text("a.nowhere") does not exist',
    ]


def test_other_functions_called_text_are_left_alone():
    assert not list(texts.inspect_calls("x.py", parse('text("a.nowhere")'), {}))


def test_keys_are_used_by_constants_built_strings_and_pages():
    module = parse('KEY = "a.constant"\nbuilt = f"a.kind_{kind}"\nclock = f"{hour}.{minute}"')
    catalog = dict.fromkeys(("a.constant", "a.kind_law", "a.page", "a.idle"), "x")
    assert texts.unused(catalog, set(texts.used_shapes(module)), "{{ a.page }}") == ["a.idle"]


def test_long_modules_and_functions_are_found_and_docstrings_are_free():
    def function(name: str, lines: int, docstring: int = 0) -> str:
        doc = f'    """{chr(10) * docstring}"""\n' if docstring else ""
        return f"def {name}():\n{doc}" + "    x = 1\n" * (lines - 1)

    source = function("short", 30, docstring=20) + function("asks", 31) + function("over", 51)
    found = words(sizes.measure("bot/x.py", source))
    assert "short" not in found
    assert "warning: bot/x.py:52: asks has 31 lines" in found
    assert "\nbot/x.py:83: over has 51 lines" in f"\n{found}"
    assert words(sizes.measure("bot/x.py", "x = 1\n" * 401)) == "bot/x.py: 401 lines (limit 400)"


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("bot/cli.py", b"print()", ""),
        ("docs/picture.png", b"\0" * 1_000_000, ""),
        ("docs/picture.png", b"\0" * 1_000_001, "binary"),
        ("data/record.db", b"x", "data folder"),
        ("secrets/keys.py", b"", "in no layer"),
        ("main.py", b"", "at the top"),
        ("README.md", b"from https://" + b"pypi" + b".org/simple", "README.md:1: names"),
        ("requirements.lock", b"--index-url http://127.0.0.1/", "no address"),
    ],
)
def test_what_must_not_be_in_the_tree(name, content, complaint):
    found = words(tree.inspect(Path(name), content))
    assert (complaint in found) if complaint else not found


def test_only_packages_asked_for_by_name_are_imported():
    """A package that came along with another one goes when that one does."""
    module = parse("import json\nimport yaml\nfrom bot import messages\nfrom numpy.typing import NDArray\n")
    wanted = imports.declared(
        {"project": {"dependencies": ["PyYAML>=6"], "optional-dependencies": {"x": ["a[b]==1"]}}}
    )
    assert wanted == {"pyyaml", "a"}
    found = imports.undeclared("bot/x.py", module, wanted, {"yaml": ["PyYAML"], "numpy": ["numpy"]})
    assert words(found) == "bot/x.py:4: imports numpy, which pyproject.toml does not ask for"


def test_files_of_the_tree_are_those_git_would_take(tmp_path):
    from scripts.checks.project import tree_files

    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text("ignored\n")
    for name in ("ignored", "kept", "tên có dấu cách"):
        (tmp_path / name).touch()
    assert [str(file) for file in tree_files(tmp_path)] == [".gitignore", "kept", "tên có dấu cách"]


def test_a_check_that_does_not_exist_is_named(capsys):
    assert main(["sizes", "vibes"]) == 2
    assert "No such check: vibes" in capsys.readouterr().out
