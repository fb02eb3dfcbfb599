"""`compliance inventory documents` is `compliance inventory inputs`."""

from tests.cli.running import AS_OF, run


def test_both_names_write_the_same() -> None:
    given = ("examples/minimal", "--policy", "hipaa", *AS_OF)
    documents = run("inventory", "documents", *given)
    inputs = run("inventory", "inputs", *given)
    assert documents.exit_code == inputs.exit_code == 0
    assert documents.stdout == inputs.stdout
    assert documents.stdout.startswith("{")


def test_help_says_that_they_are_one_command() -> None:
    assert "`compliance inventory inputs` is another" in run("inventory", "documents", "-h").stdout
    assert "`compliance inventory documents`" in run("inventory", "inputs", "-h").stdout
