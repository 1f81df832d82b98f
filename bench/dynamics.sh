#!/usr/bin/env bash
# Builds node and bench, and does to a cluster of real processes what happens to clusters; see --help.
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
dotnet build "$ROOT/src/Node" -c Release -v q --nologo >&2
dotnet build "$ROOT/bench/Dynamics" -c Release -v q --nologo >&2
exec dotnet "$ROOT/bench/Dynamics/bin/Release/net10.0/AkkaScale.Dynamics.dll" "$@"
