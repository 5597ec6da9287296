"""`binhan doctor`: what is on, what is missing, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompts.catalog import text

if TYPE_CHECKING:
    from tests.bot.program import Program

PASSWORD = "matkhaucanary9"  # noqa: S105 - of nobody
PARTS = (
    "python",
    "data",
    "record",
    "embedder",
    "sentence_transformers",
    "endpoint",
    "model",
    "guides",
    "index",
    "tips",
    "telegram",
    "zalo",
    "sandbox",
    "libreoffice",
    "tesseract",
    "reading",
    "address",
)


def test_every_part_is_reported_in_words(program: Program):
    done = program.run("doctor")
    assert done.returncode == 0, done.stdout
    for part in PARTS:
        assert text(f"doctor.part_{part}", "vi") in done.stdout
    assert text("doctor.guides", "vi", guides=3, sections=5, unverified=3) in done.stdout
    assert text("doctor.index", "vi", documents=3, passages=5) in done.stdout


def test_service_is_looked_at_through_its_socket_and_told_as_json(served):
    findings = served[0].having(language="en").json("doctor")
    assert [finding["part"] for finding in findings] == list(PARTS)
    assert all(set(finding) == {"part", "state", "told"} for finding in findings)
    assert {finding["state"] for finding in findings} <= {"ok", "off"}
    assert all(finding["told"] for finding in findings)


def test_database_out_of_reach_ends_with_one_and_says_what_to_do(ripe: Program):
    url = f"postgresql+psycopg://an:{PASSWORD}@127.0.0.1:1/binhan"
    program = ripe.having(database_url=url)
    findings = {finding["part"]: finding for finding in program.json("doctor", code=1)}
    assert {part for part, finding in findings.items() if finding["state"] == "missing"} == {
        "record",
        "index",
    }
    assert findings["record"]["told"] == text("doctor.record_closed", "vi")
    assert "BINHAN_DATABASE_URL" in findings["record"]["told"]
    assert PASSWORD not in str(findings)


def test_missing_guides_and_a_missing_embedder_are_found_in_one_look(ripe: Program, tmp_path):
    empty = tmp_path / "khong-co"
    empty.mkdir()
    program = ripe.having(guides=str(empty), embedder="st:/khong/co/dau", language="en")
    findings = {finding["part"]: finding for finding in program.json("doctor", code=1)}
    assert findings["guides"]["told"] == text("doctor.guides_none", "en")
    assert findings["embedder"]["state"] == "missing"
    assert "/khong/co/dau" in findings["embedder"]["told"]
    assert findings["data"]["state"] == "ok"
