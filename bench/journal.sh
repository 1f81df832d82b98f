#!/usr/bin/env bash
# Builds the journal's bench and runs it: stock and ours in turn, pgbench in the same run; see --help.
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
dotnet build "$ROOT/bench/Journal" -c Release -v q --nologo >&2
# Without tiered compilation the first rounds are not slower than the last.
DOTNET_TieredPGO=0 DOTNET_TieredCompilation=0 exec dotnet "$ROOT/bench/Journal/bin/Release/net10.0/AkkaScale.Bench.Journal.dll" "$@"
