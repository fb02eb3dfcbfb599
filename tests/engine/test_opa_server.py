"""The OPA server as an engine: the same answers as the default one, and nothing left behind."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from compliance.engine import opa_child
from compliance.engine.interface import EngineError, Entries, Evaluation, Measures
from compliance.engine.opa_answers import refusal, unreachable
from compliance.engine.opa_child import HOST, OpaChild
from compliance.engine.opa_server import BATCH, OpaServer, _ask_hello
from compliance.engine.rego_files import read_rego
from tests.engine.building import ENTRIES, ROOT, SOURCE, Built
from tests.engine.inputs import CLASH, SATISFIED, SHARED, TOO_MUCH, system, vendors

OTHER = {"other.rego": "package other\n\nanswer := 42\n"}


@pytest.fixture(scope="module")
def server(opa: Path, built: Built) -> Iterator[OpaServer]:
    with OpaServer.start(opa, built.bundle, ROOT, ENTRIES) as started:
        yield started


@pytest.fixture
def agency(opa: Path) -> Iterator[OpaChild]:
    """A server that runs already, with a policy of its own."""
    child = OpaChild(opa, OTHER, "other", _ask_hello)
    yield child
    child.close()


def url(child: OpaChild) -> str:
    return f"http://{HOST}:{child.port}"


def held(child: OpaChild) -> tuple[dict[str, str], object]:
    """The texts of the policies a server holds, and its data."""
    headers = {"Authorization": f"Bearer {child.token}"}
    policies = requests.get(url(child) + "/v1/policies", headers=headers, timeout=10).json()
    data = requests.get(url(child) + "/v1/data", headers=headers, timeout=10).json()
    return {policy["id"]: policy["raw"] for policy in policies["result"]}, data["result"]


def is_open(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=2).close()
    except OSError:
        return False
    return True


def wait_until(holds: Callable[[], bool], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


def documents() -> list[dict[str, Any]]:
    """Documents that differ in every fact, some with faults, more than fit into one request."""
    made = []
    for i in range(BATCH + 37):
        given = vendors({f"v{n}": (i + n) % 4 > 0 for n in range(i % 5)})
        facts: dict[str, Any] = {
            "name": ["payroll", "Pay roll", "", None, 7, "é\0\U0001f600"][i % 6],
            "encrypted": [True, False, None, "true"][i % 4],
            "public": [False, True, None][i % 3],
            "size": [2, None, "2"][i // 5 % 3],
            "links": CLASH if i % 41 == 3 else given,
            "silent": i % 53 == 5,
            "left": i % 2 == 0,
            "right": i % 31 == 2,
        }
        made.append(system(**facts))
    made.insert(50, {**SHARED, "device": {"id": "d"}})
    made.insert(60, {**SHARED, "agency": {"id": "a", "plan": True}})
    return made


def test_both_engines_give_the_same_statuses(server: OpaServer, built: Built) -> None:
    with built.engine() as engine:
        expected = list(engine.evaluate(documents()))
    answers = list(server.evaluate(documents()))
    assert [answer.statuses for answer in answers] == [answer.statuses for answer in expected]
    assert [[*answer.errors] for answer in answers] == [[*answer.errors] for answer in expected]
    assert sum(1 for answer in answers if answer.errors) == 7


def test_both_engines_give_the_same_measures(server: OpaServer, built: Built) -> None:
    with built.engine() as engine:
        expected = list(engine.measure(documents()))
    answers = list(server.measure(documents()))
    assert [answer.outcomes for answer in answers] == [answer.outcomes for answer in expected]
    assert [answer.error is None for answer in answers] == [
        answer.error is None for answer in expected
    ]
    assert any(answer.error for answer in answers)


def test_both_engines_give_the_same_explanations(server: OpaServer, built: Built) -> None:
    asked = dict.fromkeys(["encrypted", "named", "screened"], True)
    inputs = [{**document, "why": asked} for document in documents()]
    with built.engine(why=built.why) as engine:
        expected = list(engine.why(inputs))
    answers = list(server.why(inputs))
    assert json.dumps([answer.outcomes for answer in answers]) == json.dumps(
        [answer.outcomes for answer in expected]
    )
    assert [[*answer.errors] for answer in answers] == [[*answer.errors] for answer in expected]


def test_a_rule_in_conflict_is_an_error_and_the_others_stand(server: OpaServer) -> None:
    first, second = server.evaluate([system(links=CLASH), system()])
    assert first.statuses == {rule: SATISFIED[rule] for rule in SATISFIED if rule != "screened"}
    assert first.errors == {
        "screened": "function data.compliance.trial.rules.screened.answer produced conflicting "
        "values for the same inputs (screened.rego:4)"
    }
    assert second == Evaluation(SATISFIED)


def test_a_rule_that_works_without_end_is_an_error_and_the_others_stand(
    opa: Path, built: Built
) -> None:
    with OpaServer.start(opa, built.bundle, ROOT, ENTRIES, timeout=12) as server:
        first, second = server.evaluate([system(size=TOO_MUCH), system()])
    assert first.statuses == {rule: SATISFIED[rule] for rule in SATISFIED if rule != "counted"}
    assert first.errors == {"counted": "The evaluation took longer than 2 seconds."}
    assert second == Evaluation(SATISFIED)


def test_no_request_holds_more_than_a_batch(
    server: OpaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = []
    query = server._client.query_rule

    def count(document: dict[str, Any], path: str) -> object:
        sizes.append(len(document["documents"]))
        return query(document, path)

    monkeypatch.setattr(server._client, "query_rule", count)
    assert list(server.evaluate([system()] * 250)) == [Evaluation(SATISFIED)] * 250
    assert sizes == [100, 100, 50]


def test_documents_are_read_one_batch_ahead_at_most(server: OpaServer) -> None:
    read = []

    def endless() -> Iterator[dict[str, Any]]:
        while True:
            read.append(1)
            yield system()

    assert next(server.evaluate(endless())) == Evaluation(SATISFIED)
    assert len(read) == BATCH


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800"])
def test_what_json_cannot_hold_is_refused(server: OpaServer, value: object) -> None:
    with pytest.raises(ValueError, match=r"JSON|surrogates"):
        list(server.evaluate([system(name=value)]))


def test_a_policy_without_totals_measures_nothing(server: OpaServer) -> None:
    server_without = OpaServer(
        server._client,
        Entries(ENTRIES.results, None, ENTRIES.why, ENTRIES.batch, {}, {}),
        version="",
        timeout=1,
        resources=server._resources,
    )
    assert list(server_without.measure([system(), system()])) == [Measures(), Measures()]


@pytest.mark.parametrize("entry", [f"{ROOT}/other", f"{ROOT}/lib/values", ENTRIES.results])
def test_a_batch_entry_that_gives_no_list_is_refused(opa: Path, entry: str) -> None:
    wrong = Entries(
        ENTRIES.results, None, ENTRIES.why, entry, ENTRIES.statuses, ENTRIES.rules_by_kind
    )
    with (
        OpaServer.start(opa, SOURCE, ROOT, wrong) as server,
        pytest.raises(EngineError, match="does not give a list of index and value"),
    ):
        list(server.evaluate([system()]))


def test_it_runs_a_folder_of_rego_and_texts_alike(opa: Path) -> None:
    for source in (SOURCE, read_rego(SOURCE)):
        with OpaServer.start(opa, source, ROOT, ENTRIES) as server:
            assert list(server.evaluate([system()])) == [Evaluation(SATISFIED)]
            assert server.name == "opa"
            assert server.version == "OPA 1.22.2"


def test_the_server_answers_to_its_token_alone(server: OpaServer) -> None:
    child = server._child
    assert child is not None
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}):
        for path in ("/v1/data/compliance", "/v1/policies", "/v1/config", "/metrics", "/"):
            answer = requests.get(url(child) + path, headers=headers, timeout=10)
            assert answer.status_code == 401
    headers = {"Authorization": f"Bearer {child.token}"}
    assert requests.get(url(child) + "/v1/policies", headers=headers, timeout=10).ok


def test_the_environment_does_not_come_between(
    opa: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {HOST} login someone password else\n", "utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", f"http://{HOST}:9")
    monkeypatch.setenv("OPA_RUN_CONFIG_FILE", str(tmp_path / "missing.yaml"))
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with OpaServer.start(opa, SOURCE, ROOT, ENTRIES) as server:
        assert list(server.evaluate([system()])) == [Evaluation(SATISFIED)]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that temporary files go to."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def test_closing_stops_the_server_and_removes_its_files(opa: Path, temporary: Path) -> None:
    with OpaServer.start(opa, SOURCE, ROOT, ENTRIES) as server:
        assert server._child is not None
        port = server._child.port
        assert is_open(port)
        assert list(temporary.iterdir())
    assert not is_open(port)
    assert not list(temporary.iterdir())
    server.close()
    with pytest.raises(EngineError, match="does not answer any more"):
        list(server.evaluate([system()]))


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_exception_stops_the_server(
    opa: Path, temporary: Path, error: type[BaseException]
) -> None:
    ports = []

    def run() -> None:
        with OpaServer.start(opa, SOURCE, ROOT, ENTRIES) as server:
            assert server._child is not None
            ports.append(server._child.port)
            raise error

    with pytest.raises(error):
        run()
    assert not is_open(ports[0])
    assert not list(temporary.iterdir())


def test_ctrl_c_while_it_starts_leaves_nothing(
    opa: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ports = []

    def interrupt(port: int) -> str | None:
        ports.append(port)
        assert wait_until(lambda: is_open(port))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        OpaChild(opa, OTHER, "other", interrupt)
    assert not is_open(ports[0])
    assert not list(temporary.iterdir())


SCRIPT = """
import sys, time
from pathlib import Path
from compliance.engine.opa_server import OpaServer
from tests.engine.building import ENTRIES, ROOT, SOURCE
from tests.engine.inputs import system

with OpaServer.start(Path(sys.argv[1]), SOURCE, ROOT, ENTRIES) as server:
    try:
        print(server._child.port, flush=True)
        time.sleep(600)
    except KeyboardInterrupt:
        time.sleep(1)
        print(*server.evaluate([system()]))
        raise
"""


def in_a_process(
    opa: Path, root: Path, temporary: Path, **options: Any
) -> tuple["subprocess.Popen[bytes]", int]:
    names = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(opa)],
        cwd=root,
        env={**os.environ, **names},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        **options,
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def test_the_sudden_end_of_the_process_stops_the_server(
    opa: Path, root: Path, tmp_path: Path
) -> None:
    process, port = in_a_process(opa, root, tmp_path)
    assert is_open(port)
    process.kill()
    process.communicate()
    assert wait_until(lambda: not is_open(port))
    assert wait_until(lambda: not list(tmp_path.iterdir()))


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_to_the_process_stops_the_server(
    opa: Path, root: Path, tmp_path: Path, name: str
) -> None:
    import signal

    process, port = in_a_process(opa, root, tmp_path)
    process.send_signal(signal.Signals[name])
    process.communicate()
    assert wait_until(lambda: not is_open(port))
    assert wait_until(lambda: not list(tmp_path.iterdir()))


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_ctrl_c_at_a_terminal_reaches_us_first(opa: Path, root: Path, tmp_path: Path) -> None:
    import signal

    process, port = in_a_process(opa, root, tmp_path, start_new_session=True)
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate()
    assert output.decode().split() == str(Evaluation(SATISFIED)).split()
    assert wait_until(lambda: not is_open(port))


def test_a_server_that_ends_is_told_with_its_log(opa: Path) -> None:
    with OpaServer.start(opa, SOURCE, ROOT, ENTRIES) as server:
        assert server._child is not None
        assert server._child._keeper is not None
        assert server._child._keeper.stdin is not None
        server._child._keeper.stdin.close()
        assert wait_until(lambda: not server._child or not server._child.running)
        with pytest.raises(EngineError, match="does not answer any more"):
            list(server.evaluate([system()]))


def test_rego_that_does_not_compile_is_told(opa: Path, temporary: Path) -> None:
    texts = {"wrong.rego": "package compliance.trial\n\nresults := missing\n"}
    with pytest.raises(EngineError, match=r"wrong\.rego:3: rego_unsafe_var_error"):
        OpaServer.start(opa, texts, ROOT, ENTRIES)
    assert not list(temporary.iterdir())


def test_rego_outside_its_root_is_told(opa: Path) -> None:
    with pytest.raises(EngineError, match=r"did not start.*other"):
        OpaServer.start(opa, OTHER, ROOT, ENTRIES)


@pytest.mark.parametrize("name", ["../outside.rego", "a/../../outside.rego", "", "/"])
def test_a_file_that_would_lie_elsewhere_is_refused(opa: Path, temporary: Path, name: str) -> None:
    with pytest.raises(EngineError, match="unusable name"):
        OpaServer.start(opa, {name: "package compliance.trial\n"}, ROOT, ENTRIES)
    assert not list(temporary.iterdir())


def test_an_altered_bundle_is_told(opa: Path, built: Built, tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(built.bundle.read_bytes()[:-200])
    with pytest.raises(EngineError, match=r"did not start.*unexpected EOF"):
        OpaServer.start(opa, broken, ROOT, ENTRIES)
    with pytest.raises(EngineError, match="cannot be read as a bundle"):
        read_rego(broken)


def test_a_program_that_is_no_server_is_told(temporary: Path) -> None:
    with pytest.raises(EngineError, match="did not start"):
        OpaServer.start(Path(sys.executable), SOURCE, ROOT, ENTRIES)
    assert not list(temporary.iterdir())


def test_a_port_that_is_taken_meanwhile_is_given_up_for_another(
    opa: Path, agency: OpaChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = opa_child._free_port
    ports = [agency.port, agency.port, find()]
    monkeypatch.setattr(opa_child, "_free_port", lambda: ports.pop(0))
    with OpaServer.start(opa, SOURCE, ROOT, ENTRIES) as server:
        assert ports == []
        assert list(server.evaluate([system()])) == [Evaluation(SATISFIED)]


@pytest.fixture
def web_server() -> Iterator[HTTPServer]:
    """A server that is no OPA and answers every request the same."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body: bytes = self.server.body  # type: ignore[attr-defined]
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Be silent."""

    with HTTPServer((HOST, 0), Handler) as served:
        thread = threading.Thread(target=served.serve_forever, args=(0.02,))
        thread.start()
        yield served
        served.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"1", b"[]", b'["result"]', b"{}", b'{"result": 7}', b"\xff"]
)
def test_another_server_on_the_port_is_not_taken_for_ours(
    web_server: HTTPServer, body: bytes
) -> None:
    web_server.body = body  # type: ignore[attr-defined]
    assert _ask_hello(web_server.server_port) is None


def test_it_uses_a_server_that_runs_already_and_leaves_it_as_it_was(
    agency: OpaChild, built: Built
) -> None:
    before = held(agency)
    for source in (SOURCE, built.bundle, read_rego(SOURCE)):
        with OpaServer.connect(url(agency), source, ROOT, ENTRIES, token=agency.token) as server:
            assert server.version == "OPA 1.22.2"
            first, second = server.evaluate([system(links=CLASH), system()])
            assert first.errors.keys() == {"screened"}
            assert second == Evaluation(SATISFIED)
            assert held(agency) != before
        assert held(agency) == before


def test_two_policies_of_one_root_never_share_a_server(agency: OpaChild) -> None:
    with OpaServer.connect(url(agency), SOURCE, ROOT, ENTRIES, token=agency.token) as server:
        with pytest.raises(EngineError, match=r"already holds packages under data\.compliance"):
            OpaServer.connect(url(agency), SOURCE, ROOT, ENTRIES, token=agency.token)
        assert list(server.evaluate([system()])) == [Evaluation(SATISFIED)]


def test_a_policy_that_does_not_compile_is_not_left_on_the_server(agency: OpaChild) -> None:
    texts = {**read_rego(SOURCE), "wrong.rego": "package compliance.trial.wrong\n\nx := missing\n"}
    with pytest.raises(EngineError, match=r"refuses the policy.*missing"):
        OpaServer.connect(url(agency), texts, ROOT, ENTRIES, token=agency.token)
    OpaServer.connect(url(agency), SOURCE, ROOT, ENTRIES, token=agency.token).close()


def test_what_cannot_be_removed_is_told(opa: Path) -> None:
    child = OpaChild(opa, OTHER, "other", _ask_hello)
    server = OpaServer.connect(url(child), SOURCE, ROOT, ENTRIES, token=child.token)
    child.close()
    with pytest.raises(EngineError, match=r"still holds 10 files.*start with compliance/trial/"):
        server.close()


def test_what_cannot_be_removed_does_not_hide_what_went_wrong_first(opa: Path) -> None:
    child = OpaChild(opa, OTHER, "other", _ask_hello)

    def run() -> None:
        with OpaServer.connect(url(child), SOURCE, ROOT, ENTRIES, token=child.token):
            child.close()
            raise RuntimeError("first")

    with pytest.raises(RuntimeError, match="first"):
        run()


@pytest.mark.parametrize("token", [None, "wrong"])
def test_a_server_that_refuses_is_told(agency: OpaChild, token: str | None) -> None:
    with pytest.raises(EngineError, match=r"refused a request \(401: request rejected.*token"):
        OpaServer.connect(url(agency), SOURCE, ROOT, ENTRIES, token=token)


def test_a_server_that_cannot_be_reached_is_told() -> None:
    port = opa_child._free_port()
    with pytest.raises(EngineError) as refused:
        OpaServer.connect(f"http://{HOST}:{port}", SOURCE, ROOT, ENTRIES)
    assert str(refused.value) == (
        f"The OPA server at http://{HOST}:{port} cannot be reached or is none: nothing answers "
        "there. Check the address and the port, and that the server runs."
    )


def test_a_name_that_no_machine_has_is_told() -> None:
    with pytest.raises(EngineError, match="no machine of that name is known"):
        OpaServer.connect("http://opa.invalid:8181", SOURCE, ROOT, ENTRIES)


def test_a_server_without_tls_is_told(web_server: HTTPServer) -> None:
    address = f"https://{HOST}:{web_server.server_port}"
    with pytest.raises(EngineError, match="no secure connection came about"):
        OpaServer.connect(address, SOURCE, ROOT, ENTRIES)


def test_words_for_what_a_connection_may_end_with() -> None:
    for error, words in (
        (requests.ReadTimeout("timed out"), "it gives no answer in time"),
        (requests.exceptions.ProxyError("403"), "the proxy that is set"),
        (requests.ConnectionError("reset"), "the connection broke off"),
        (requests.exceptions.ChunkedEncodingError(), "the connection broke off"),
    ):
        assert f"is none: {words}" in unreachable("http://x", error)


def test_a_web_server_that_gives_a_page_is_told() -> None:
    response = requests.Response()
    response.status_code = 404
    response.headers["Content-Type"] = "text/html; charset=utf-8"
    assert refusal(response) == (
        "What answers at the address is no OPA server: it gave a page and the status 404. Check "
        "the address and the port."
    )


def test_a_server_that_is_no_opa_is_told(web_server: HTTPServer) -> None:
    web_server.body = b"<html>"  # type: ignore[attr-defined]
    address = f"http://{HOST}:{web_server.server_port}"
    with pytest.raises(EngineError, match="cannot be reached or is none"):
        OpaServer.connect(address, SOURCE, ROOT, ENTRIES)


@pytest.mark.parametrize(
    "address",
    [
        "opa.example.gov",
        "opa.example.gov:8181",
        "ftp://opa.example.gov",
        "https://",
        "https://user:secret@opa.example.gov",
        "https://opa.example.gov:port",
        "https://opa.example.gov/?token=x",
        "http://[::1",
    ],
)
def test_a_wrong_address_is_told(address: str) -> None:
    with pytest.raises(EngineError, match="is no address of an OPA server"):
        OpaServer.connect(address, SOURCE, ROOT, ENTRIES)
