import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from compliance.inventory.reader import ReadError
from compliance.settings import Settings, SettingsError, find_settings, read_settings


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    return tmp_path / "compliance.yaml"


def problems(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_settings(path)
    return [str(one).replace(path.as_posix(), "F") for one in caught.value.problems]


def test_every_setting_is_read(settings_file: Path) -> None:
    settings_file.write_text(
        "policies: [hipaa@0.1.0, other]\n"
        "parameters: {hipaa: {idle_minutes: 10, methods: [a, b]}}\n"
        "marking: CONFIDENTIAL\n"
        "personal_data_allowed: [system.description]\n"
    )
    settings = read_settings(settings_file)
    assert settings.policies == ("hipaa@0.1.0", "other")
    assert settings.parameters == {"hipaa": {"idle_minutes": 10, "methods": ["a", "b"]}}
    assert settings.marking == "CONFIDENTIAL"
    assert settings.personal_data_allowed == ("system.description",)
    place = settings.position("parameters", "hipaa", "idle_minutes")
    assert str(place) == f"{settings_file.as_posix()}:2:36"


def test_no_file_means_no_settings() -> None:
    assert read_settings(None) == Settings()
    assert Settings().position("marking") is None


def test_an_unknown_key_is_an_error_with_its_place_and_a_suggestion(settings_file: Path) -> None:
    assert problems(settings_file, "policies: [hipaa]\nparamters: {}\n") == [
        "F:2:1: paramters: there is no setting paramters. "
        "Expected: one of policies, parameters, marking, inventory, personal_data_allowed. "
        "Did you mean parameters?"
    ]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("policies: hipaa\n", "F:1:11: policies: the value is no such setting. Expected: a list"),
        ("policies: [Hipaa!]\n", "F:1:12: policies[0]: the value is no such setting."),
        ("policies: []\n", "F:1:11: policies: the value"),
        ("policies: [a, a]\n", "F:1:11: policies: the value"),
        ("marking: 3\n", "F:1:10: marking: the value is no such setting. Expected: a text"),
        ('marking: "a\\nb"\n', "F:1:10: marking: the value"),
        ("personal_data_allowed: [name]\n", "F:1:25: personal_data_allowed[0]: the value"),
        ("parameters: {hipaa: 3}\n", "F:1:21: parameters.hipaa: the value"),
        ("parameters: {hipaa: {x: {y: 1}}}\n", "F:1:25: parameters.hipaa.x: the value"),
        ("parameters: {Hipaa: {}}\n", "F:1:14: parameters.Hipaa: 'Hipaa' is no id."),
        ("- a\n", "F:1:1: the value is no such setting. Expected: a mapping"),
    ],
)
def test_a_wrong_value_is_an_error_with_its_place(
    settings_file: Path, text: str, start: str
) -> None:
    [problem] = problems(settings_file, text)
    assert problem.startswith(start)


def test_all_problems_are_told_at_once_in_the_order_of_the_file(settings_file: Path) -> None:
    found = problems(settings_file, "marking: 1\nx: 2\npolicies: 3\n")
    assert [one.split(": ")[0] for one in found] == ["F:1:10", "F:2:1", "F:3:11"]


def test_broken_yaml_is_an_error_of_reading(settings_file: Path) -> None:
    settings_file.write_text("policies: [\n")
    with pytest.raises(ReadError):
        read_settings(settings_file)


def test_the_inventory_folder_comes_before_the_working_folder(tmp_path: Path) -> None:
    working = tmp_path / "a" / "b"
    inventory = tmp_path / "inventory"
    working.mkdir(parents=True)
    inventory.mkdir()
    (inventory / "systems.yaml").write_text("systems: []\n")
    assert find_settings([inventory], working) is None
    upward = tmp_path / "compliance.yaml"
    upward.write_text("policies: [hipaa]\n")
    assert find_settings([inventory], working) == upward
    own = inventory / "compliance.yaml"
    own.write_text("policies: [hipaa]\n")
    assert find_settings([inventory], working) == own
    assert find_settings([inventory / "systems.yaml"], working) == own
    assert find_settings([inventory, inventory / "systems.yaml"], working) == own


def test_two_settings_files_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "compliance.yaml").write_text("policies: [hipaa]\n")
    with pytest.raises(SettingsError, match="not clear which"):
        find_settings([tmp_path / "a", tmp_path / "b"], tmp_path)


def test_settings_that_cannot_be_found_are_not_left_out(settings_file: Path) -> None:
    settings_file.mkdir()
    with pytest.raises(SettingsError, match=r"compliance\.yaml: this is no file\."):
        find_settings([settings_file.parent], settings_file.parent)


@pytest.mark.parametrize("beside", [True, False])
def test_settings_of_another_name_are_not_left_out(settings_file: Path, beside: bool) -> None:
    if beside:
        settings_file.write_text("policies: [hipaa]\n")
    settings_file.with_suffix(".yml").write_text("policies: [hipaa]\n")
    with pytest.raises(SettingsError, match=r"compliance\.yml: .*compliance\.yaml as the name"):
        find_settings([settings_file.parent], settings_file.parent)
    with pytest.raises(SettingsError, match=r"compliance\.yml: "):
        find_settings([settings_file.parent / "systems.yaml"], settings_file.parent)


def test_a_link_to_no_settings_is_refused(settings_file: Path) -> None:
    try:
        settings_file.symlink_to("nowhere.yaml")
    except OSError:
        pytest.skip("links may not be made here")
    with pytest.raises(SettingsError, match=r"compliance\.yaml: the link leads to no file"):
        find_settings([settings_file.parent], settings_file.parent)


def test_the_schema_is_a_schema_and_its_examples_keep_to_it(root: Path) -> None:
    schema = json.loads((root / "schemas" / "compliance.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    for definition in schema["properties"].values():
        for example in definition["examples"]:
            Draft202012Validator(definition).validate(example)
