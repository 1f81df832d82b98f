#!/usr/bin/env bash
# The long form of the fence races and of the outage in tests/Journal; the gate runs short ones. Builds first.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
readonly ROOT
if [ "${1-}" = --help ] || [ $# -gt 1 ]; then
    echo "Usage: tests/Journal/rounds.sh [N]   # N takeovers (1000) on each store, against a node that appends as fast as it can; an outage of half a minute"
    exit 2
fi
dotnet build "$ROOT/tests/Journal/Journal.csproj" -c Release -nologo -v quiet
AKKASCALE_RACES="${1:-1000}" AKKASCALE_OUTAGE_SECONDS=30 dotnet test "$ROOT/tests/Journal/Journal.csproj" -c Release --no-build --nologo \
    --filter "FullyQualifiedName~FenceRaceTests|FullyQualifiedName~An_outage_is_waited_for" --logger "console;verbosity=normal"
