"""The WebAssembly engine on a policy with rules that fault."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import wasmtime

from compliance.engine import instance, wasm
from compliance.engine.interface import EngineError, Entries, Evaluation, FaultError, Measures, Why
from compliance.engine.wasm import WasmEngine
from tests.engine.building import ENTRIES, FUEL, ROOT, Built, build_module
from tests.engine.inputs import CLASH, SATISFIED, SHARED, TOO_MUCH, system, vendors


@pytest.fixture
def engine(built: Built) -> Iterator[WasmEngine]:
    with built.engine(why=built.why) as made:
        yield made


def evaluate(engine: WasmEngine, document: dict[str, Any]) -> Evaluation:
    (evaluation,) = engine.evaluate([document])
    return evaluation


def why(engine: WasmEngine, document: dict[str, Any], *rules: str) -> Why:
    (answer,) = engine.why([{**document, "why": dict.fromkeys(rules, True)}])
    return answer


def test_statuses_come_in_the_order_of_the_documents(engine: WasmEngine) -> None:
    documents = [system(), system(encrypted=False), system(encrypted="yes"), system(public=True)]
    assert [answer.statuses for answer in engine.evaluate(documents)] == [
        SATISFIED,
        SATISFIED | {"encrypted": "gap"},
        SATISFIED | {"encrypted": "unknown"},
        SATISFIED | {"applies": "not_applicable"},
    ]


def test_statuses_are_sorted(engine: WasmEngine) -> None:
    assert list(evaluate(engine, system()).statuses) == sorted(SATISFIED)


def test_a_document_without_another_kind_is_about_the_agency(engine: WasmEngine) -> None:
    assert evaluate(engine, {**SHARED, "totals": {}}) == Evaluation({"planned": "unknown"})


def test_a_kind_without_rules_has_no_status(engine: WasmEngine) -> None:
    assert evaluate(engine, {**SHARED, "device": {"id": "d"}}) == Evaluation()


def test_documents_are_read_as_statuses_are_asked_for(engine: WasmEngine) -> None:
    def documents() -> Iterator[dict[str, Any]]:
        yield system()
        pytest.fail("the second document was read before it was needed")

    assert next(engine.evaluate(documents())).statuses == SATISFIED


def test_a_rule_in_conflict_is_an_error_and_the_others_stand(engine: WasmEngine) -> None:
    answer = evaluate(engine, system(links=CLASH))
    assert answer.statuses == {rule: SATISFIED[rule] for rule in SATISFIED if rule != "screened"}
    assert answer.errors == {"screened": "rules/screened.rego:4:1: var assignment conflict"}


def test_a_rule_that_works_without_end_is_an_error_and_the_others_stand(
    engine: WasmEngine,
) -> None:
    answer = evaluate(engine, system(size=TOO_MUCH))
    assert answer.statuses == {rule: SATISFIED[rule] for rule in SATISFIED if rule != "counted"}
    assert answer.errors == {
        "counted": "The evaluation needs more than the 50,000,000 steps the policy allows."
    }


def test_a_rule_that_takes_all_memory_is_an_error_and_the_others_stand(built: Built) -> None:
    with built.engine(fuel=FUEL * 100) as engine:
        answer = evaluate(engine, system(size=10_000_000))
    assert answer.statuses == {rule: SATISFIED[rule] for rule in SATISFIED if rule != "counted"}
    assert answer.errors == {
        "counted": "The evaluation needs more than the 256 MB of memory it may use."
    }


def test_a_rule_without_a_status_is_an_error_and_the_others_stand(engine: WasmEngine) -> None:
    answer = evaluate(engine, system(silent=True))
    assert answer.statuses == {rule: SATISFIED[rule] for rule in SATISFIED if rule != "stated"}
    assert answer.errors == {"stated": "The rule gave no status for this record."}


def test_faults_leave_no_trace_in_later_documents(engine: WasmEngine) -> None:
    documents = [system(links=CLASH), system(), system(size=TOO_MUCH), system(), system(silent=1)]
    answers = list(engine.evaluate(documents))
    assert [bool(answer.errors) for answer in answers] == [True, False, True, False, False]
    assert [answers[i].statuses for i in (1, 3, 4)] == [SATISFIED] * 3


def test_an_instance_gives_what_a_new_one_would(built: Built, engine: WasmEngine) -> None:
    documents = [
        system(
            name=["payroll", "Pay roll", "", None, "x" * i * 7][i % 5],
            encrypted=[True, False, None][i % 3],
            size=i % 6,
            links=vendors({f"v{n}": (i + n) % 4 > 0 for n in range(i % 5)}),
        )
        for i in range(60)
    ]
    alone: list[Evaluation] = []
    for document in documents:
        with built.engine() as new:
            alone.extend(new.evaluate([document]))
    assert list(engine.evaluate(documents)) == alone
    assert len({json.dumps(dict(answer.statuses)) for answer in alone}) > 5


@pytest.mark.parametrize(
    "name",
    ["a\0b", "\x00", "\x7f\x80\u2028\ufeff", "é", "\U0001f600\U0010ffff", '"\\/\b', "z" * 100_000],
)
def test_any_text_arrives_whole(built: Built, engine: WasmEngine, name: str) -> None:
    links = {"vendors": {"records": [{"id": name, "screened": True}], "complete": True}}
    answer = why(engine, system(links=links), "screened")
    assert answer.outcomes["screened"]["expect"]["elements"] == {name: {"expect.expect": True}}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800"])
def test_what_json_cannot_hold_is_refused(engine: WasmEngine, value: object) -> None:
    with pytest.raises(ValueError, match=r"JSON|surrogates"):
        evaluate(engine, system(name=value))


def test_a_large_document_is_evaluated_and_its_memory_given_back(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = count_instances(monkeypatch)
    large = system(note=["x" * 1000] * 20_000)
    with built.engine(fuel=FUEL * 100) as engine:
        answers = list(engine.evaluate([system(), system(), large, system(), system()]))
    assert [answer.statuses for answer in answers] == [SATISFIED] * 5
    assert len(made) == 2


def test_a_document_larger_than_the_memory_is_an_error(
    engine: WasmEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "MEMORY_LIMIT", 2**20)
    large, small = engine.evaluate([system(note="x" * 2**20), system()])
    assert large.statuses == {}
    assert large.errors.keys() == SATISFIED.keys()
    assert set(large.errors.values()) == {
        "The evaluation needs more than the 256 MB of memory it may use."
    }
    assert small == Evaluation(SATISFIED)


def test_a_document_nested_too_deeply_is_an_error(engine: WasmEngine) -> None:
    text = b'{"system":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}"
    program = engine._policy
    with pytest.raises(FaultError, match="nested too deeply"):
        program.call(ENTRIES.results, text)
    assert evaluate(engine, system()).statuses == SATISFIED


def test_ctrl_c_leaves_no_half_used_instance(
    engine: WasmEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert evaluate(engine, system()).statuses == SATISFIED
    made = count_instances(monkeypatch)

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(json, "loads", interrupt)
        with pytest.raises(KeyboardInterrupt):
            evaluate(engine, system())
    assert evaluate(engine, system()).statuses == SATISFIED
    assert len(made) == 1


def test_a_module_with_many_entry_points_has_room_for_their_names(
    opa: Path, tmp_path: Path
) -> None:
    names = [f"{'x' * 600}_{number}" for number in range(120)]
    statuses = "\n\n".join(f'{name} := "gap" if input.system.id' for name in names)
    results = ", ".join(f'"{name}": {name}' for name in names)
    source = tmp_path / "source"
    source.mkdir()
    text = f"package many\n\nresults := {{{results}}}\n\n{statuses}\n"
    (source / "many.rego").write_text(text, "utf-8")
    paths = {name: f"many/{name}" for name in names}
    module = build_module(opa, source, ["many/results", *paths.values()])
    entries = Entries("many/results", None, "", "", paths, {"system": tuple(names)})
    with WasmEngine(module, None, entries, fuel=FUEL) as engine:
        assert evaluate(engine, system()).statuses == dict.fromkeys(sorted(names), "gap")


def test_the_steps_of_one_document_do_not_count_for_the_next(built: Built) -> None:
    with built.engine(fuel=FUEL // 100) as engine:
        answers = list(engine.evaluate([system()] * 500))
    assert answers == [Evaluation(SATISFIED)] * 500


def test_measures(engine: WasmEngine) -> None:
    documents = [system(), system(encrypted=False), system(encrypted=None)]
    assert list(engine.measure(documents)) == [
        Measures({"planned/expect": "true"}),
        Measures({"planned/expect": "false"}),
        Measures(),
    ]


def test_measures_that_fault_are_an_error_of_the_record(engine: WasmEngine) -> None:
    first, second = engine.measure([system(left=True, right=True), system(left=True)])
    assert first.outcomes == {}
    assert first.error is not None
    assert "conflict" in first.error
    assert second == Measures({"planned/expect": "true", "planned/expect.1": "true"})


def test_a_policy_without_totals_measures_nothing(built: Built) -> None:
    entries = changed(measures=None)
    with built.engine(entries=entries) as engine:
        assert list(engine.measure([system(), system()])) == [Measures(), Measures()]


def test_why_answers_what_is_asked_in_one_order(engine: WasmEngine) -> None:
    answer = why(engine, system(encrypted=False), "named", "encrypted")
    assert answer.errors == {}
    assert json.dumps(answer.outcomes) == json.dumps(
        {
            "encrypted": {"expect": "false"},
            "named": {
                "expect": {"outcome": "unknown", "unknown_facts": ["agency.name", "system.name"]}
            },
        }
    )


def test_why_of_a_rule_that_faults_leaves_the_others(engine: WasmEngine) -> None:
    answer = why(engine, system(links=CLASH), "screened", "encrypted", "stated")
    assert answer.outcomes == {"encrypted": {"expect": "true"}}
    assert answer.errors == {
        "screened": "rules/screened.rego:4:1: var assignment conflict",
        "stated": "The policy gave no explanation of the rule for this record.",
    }


def test_why_that_is_not_asked_anything_answers_nothing(engine: WasmEngine) -> None:
    (answer,) = engine.why([system()])
    assert answer == Why()


def test_why_needs_its_module(built: Built) -> None:
    with (
        built.engine() as engine,
        pytest.raises(EngineError, match="no module for explanations"),
    ):
        list(engine.why([system()]))


def test_modules_are_compiled_when_they_are_asked(built: Built) -> None:
    with built.engine(why=b"no module") as engine:
        assert evaluate(engine, system()).statuses == SATISFIED
        with pytest.raises(EngineError, match="is not WebAssembly"):
            why(engine, system(), "encrypted")


def test_a_module_cut_short_is_refused(built: Built) -> None:
    with (
        WasmEngine(built.policy[:5000], None, ENTRIES, fuel=FUEL) as engine,
        pytest.raises(EngineError, match="is not WebAssembly"),
    ):
        evaluate(engine, system())


@pytest.mark.parametrize(
    "text",
    [
        "(module)",
        '(module (import "env" "memory" (memory 2)))',
        '(module (import "env" "other" (func)) (import "env" "memory" (memory 2)))',
        """(module (import "env" "memory" (memory 2))
            (global (export "opa_wasm_abi_version") i32 (i32.const 1))
            (global (export "opa_wasm_abi_minor_version") i32 (i32.const 1)))""",
        """(module (import "env" "memory" (memory 2))
            (global (export "opa_wasm_abi_version") i32 (i32.const 1))
            (global (export "opa_wasm_abi_minor_version") i32 (i32.const 2))
            (func (export "builtins") (result i32) unreachable)
            (func (export "opa_json_dump") (param i32) (result i32) unreachable))""",
        """(module (import "env" "memory" (memory 2)) (data (i32.const 8) "{\\"http.send\\": 0}")
            (global (export "opa_wasm_abi_version") i32 (i32.const 1))
            (global (export "opa_wasm_abi_minor_version") i32 (i32.const 2))
            (func (export "builtins") (result i32) i32.const 8)
            (func (export "opa_json_dump") (param i32) (result i32) local.get 0))""",
        """(module (import "env" "memory" (memory 2))
            (global (export "opa_wasm_abi_version") i32 (i32.const 1))
            (global (export "opa_wasm_abi_minor_version") i32 (i32.const 2))
            (func (export "builtins") (result i32) i32.const -8)
            (func (export "opa_json_dump") (param i32) (result i32) local.get 0))""",
        """(module (import "env" "memory" (memory 2)) (data (i32.const 8) "{")
            (global (export "opa_wasm_abi_version") i32 (i32.const 1))
            (global (export "opa_wasm_abi_minor_version") i32 (i32.const 2))
            (func (export "builtins") (result i32) i32.const 8)
            (func (export "opa_json_dump") (param i32) (result i32) local.get 0))""",
        """(module (import "env" "opa_abort" (func $a (param i32)))
            (import "env" "memory" (memory 2))
            (global (export "opa_wasm_abi_version") i32 (i32.const 1))
            (global (export "opa_wasm_abi_minor_version") i32 (i32.const 2))
            (func (export "builtins") (result i32) (call $a (i32.const 8)) i32.const 8)
            (func (export "opa_json_dump") (param i32) (result i32) local.get 0))""",
    ],
)
def test_a_module_that_is_no_policy_is_refused(text: str) -> None:
    module = bytes(wasmtime.wat2wasm(text))
    with (
        WasmEngine(module, None, ENTRIES, fuel=FUEL) as engine,
        pytest.raises(EngineError, match="not one that OPA compiled"),
    ):
        evaluate(engine, system())


def test_an_entry_point_the_module_lacks_is_refused(built: Built) -> None:
    entries = changed(results=f"{ROOT}/other")
    with (
        built.engine(entries=entries) as engine,
        pytest.raises(EngineError, match=f"no entry point {ROOT}/other"),
    ):
        evaluate(engine, system())


def test_results_that_lack_a_rule_are_not_taken_for_all(built: Built) -> None:
    listed = {**ENTRIES.rules_by_kind, "system": (*ENTRIES.rules_by_kind["system"], "planned")}
    with built.engine(entries=changed(rules_by_kind=listed)) as engine:
        assert evaluate(engine, system()).statuses == SATISFIED | {"planned": "unknown"}


def test_an_engine_that_was_closed_starts_afresh(engine: WasmEngine) -> None:
    assert evaluate(engine, system()).statuses == SATISFIED
    engine.close()
    engine.close()
    assert evaluate(engine, system()).statuses == SATISFIED


def test_it_tells_its_name_and_version(engine: WasmEngine) -> None:
    assert engine.name == "wasm"
    assert engine.version.startswith("wasmtime 5")


def changed(**values: Any) -> Entries:
    given = {name: getattr(ENTRIES, name) for name in ENTRIES.__slots__}
    return Entries(**{**given, **values})


def count_instances(monkeypatch: pytest.MonkeyPatch) -> list[instance.Instance]:
    made = []
    create = instance.Instance

    def count(*arguments: Any) -> instance.Instance:
        made.append(create(*arguments))
        return made[-1]

    monkeypatch.setattr(wasm, "Instance", count)
    return made
