#!/usr/bin/env bash
# Builds and runs: what a killed node costs on stock Akka.NET, on tuned Akka.NET, and with AkkaScale's plug-ins, in one run; see --help.
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
dotnet build "$ROOT/bench/StockKill" -c Release -p:RunAnalyzers=false -v q --nologo >&2
exec dotnet "$ROOT/bench/StockKill/bin/Release/net10.0/AkkaScale.StockKill.dll" "$@"
