# Sourced by quickstart.sh and test.sh: makes .venv and installs the pinned versions, once for each change of the pins.
# Needs Python 3.11 or newer and nothing else; no root, no model hub, no key.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

find_python() {
    for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "error: Python 3.11 or newer is needed and was not found; install it, or name it: PYTHON=/path/to/python3 $0" >&2
    exit 1
}

# install EXTRAS: e.g. "" or "[test,pdf]"
install() {
    local stamp=".venv/installed$1"
    local wanted
    wanted=$(cat pyproject.toml constraints.txt | cksum)
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
        return
    fi
    [ -x .venv/bin/python ] || "$(find_python)" -m venv .venv
    echo "Installing into .venv (about 1.5 GB, a few minutes the first time) ..." >&2
    PIP_CONSTRAINT=constraints.txt .venv/bin/python -m pip install --quiet --disable-pip-version-check -e ".$1"
    echo "$wanted" > "$stamp"
}
