"""`compliance inventory diff` as a user meets it."""

import json
from pathlib import Path

from tests.cli.running import AS_OF, run

OLD = "agency: {id: a}\nsystems: [{id: s, name: S, mfa: false}, {id: gone}]\n"
NEW = """\
agency: {id: a}
systems:
  - id: s
    name: S
    mfa: {value: true, source: Scan}
"""


def pair(folder: Path, new: str = NEW) -> tuple[Path, Path]:
    paths = folder / "old.yaml", folder / "new.yaml"
    for path, text in zip(paths, (OLD, new), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def test_text_names_what_where_and_from_where(tmp_path: Path) -> None:
    old, new = pair(tmp_path)
    result = run("inventory", "diff", old, new, *AS_OF)
    assert result.exit_code == 1
    assert result.stderr == "1 record removed, 1 record changed.\n"
    words = " ".join(result.stdout.split()).replace(tmp_path.as_posix(), "")
    assert words == (
        "- system/gone: removed /old.yaml:2:41 ~ system/s (S): changed /old.yaml:2:11 -> "
        "/new.yaml:3:5 ~ Multi-factor log-in for everyone (system.mfa): changed was: false "
        "[/old.yaml:2:33] is: true; asserted; source: Scan [/new.yaml:5:18]"
    )


def test_json_holds_the_same(tmp_path: Path) -> None:
    result = run("inventory", "diff", *pair(tmp_path), "--format", "json", *AS_OF)
    assert result.exit_code == 1
    data = json.loads(result.stdout)
    gone, changed = data["records"]
    assert (gone["subject"], gone["change"], gone["new"]) == ("system/gone", "removed", None)
    [fact] = changed["facts"]
    assert fact["path"] == "system.mfa"
    assert fact["old"]["value"] is False
    assert fact["new"]["value"] is True
    assert fact["new"]["provenance"] == {"assurance": "asserted", "source": "Scan"}
    assert fact["new"]["position"].endswith("new.yaml:5:18")


def test_nothing_different_is_status_0(tmp_path: Path) -> None:
    old, _ = pair(tmp_path)
    same = tmp_path / "same"
    same.mkdir()
    (same / "a.json").write_text('{"systems": [{"id": "gone"}, {"id": "s", "mfa": false, '
                                 '"name": "S"}], "agency": {"id": "a"}}')  # fmt: skip
    result = run("inventory", "diff", old, same, *AS_OF)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "Nothing is different.\n"


def test_an_inventory_with_errors_is_status_2(tmp_path: Path) -> None:
    result = run("inventory", "diff", *pair(tmp_path, "agency: {id: a, nam: b}"), *AS_OF)
    assert result.exit_code == 2
    assert "new.yaml:1:17" in result.stderr
    assert result.stdout == ""


def test_text_of_the_inventory_cannot_act_on_a_terminal(tmp_path: Path) -> None:
    new = NEW.replace("name: S", 'name: "S\\u202e\\u200b"')
    for form in ("text", "json"):
        result = run("inventory", "diff", *pair(tmp_path, new), "--format", form, *AS_OF)
        assert "\u202e" not in result.stdout
        assert "\\u202e" in result.stdout


def test_a_workbook_with_the_same_content_is_no_different(tmp_path: Path) -> None:
    old, _ = pair(tmp_path)
    book = tmp_path / "book.xlsx"
    assert run("inventory", "convert", old, "-o", book).exit_code == 0
    result = run("inventory", "diff", old, book, *AS_OF)
    assert (result.exit_code, result.stdout) == (0, "")
    changed = run("inventory", "diff", book, tmp_path / "new.yaml", *AS_OF)
    assert changed.exit_code == 1
    assert "book.xlsx:Systems!" in changed.stdout
