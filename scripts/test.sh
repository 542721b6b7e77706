#!/usr/bin/env bash
# Sets everything up and runs every check: lint, format, types, tests. Arguments go to pytest.
#   bash scripts/test.sh
#   bash scripts/test.sh -m slow          the full counts of the crash, hostile and soak suites
# Set ANAMNESIS_DATA to a folder with the public data sets (docs/data.md) to run the tests that use them.
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
install "[test,pdf]"
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/mypy
.venv/bin/pytest -n "${TEST_PROCESSES:-2}" --dist loadfile "$@"
