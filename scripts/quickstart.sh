#!/usr/bin/env bash
# Sets everything up, builds the index over corpus/ and answers a question; a second run only answers.
#   bash scripts/quickstart.sh
#   bash scripts/quickstart.sh "二甲双胍有什么副作用？"
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
install ""
if [ ! -f index/manifest.json ] || [ -n "$(find corpus -newer index/manifest.json -type f -print -quit)" ]; then
    .venv/bin/rag index corpus --into index
fi
.venv/bin/ask --index index "${1:-Does intensive blood pressure lowering reduce deaths in people without diabetes?}"
