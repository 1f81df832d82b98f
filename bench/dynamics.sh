#!/usr/bin/env bash
# Builds node and bench, and does to a cluster of real processes what happens to clusters; see --help.
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# As run.sh and the image have it: machine code.
for project in src/Node src/Pbm bench/Dynamics; do
    dotnet build "$ROOT/$project" -c Release -p:Precompile=true -p:RunAnalyzers=false -v q --nologo >&2
done
"$ROOT/deploy/local/precompile.sh" src/Node >&2
exec dotnet "$ROOT/bench/Dynamics/bin/Release/net10.0/AkkaScale.Dynamics.dll" "$@"
