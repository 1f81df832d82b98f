#!/usr/bin/env bash
# The long forms of the stories in tests/MultiNode; the gate plays short ones. Builds first; logs lie in .run/test-logs.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
readonly ROOT

usage() {
    cat <<'TEXT'
Usage: tests/MultiNode/rounds.sh STORY

  storm [N]          a node is killed, and N entities (10000) that it and others had in memory are asked at once
  away [SECONDS]     the database away for SECONDS (120) under requests
  stop [SECONDS...]  SIGTERM, and SIGKILL after each of these times (1 5 15 60) if it still runs
  two-go [N]         N times (20) two of three nodes go, one shortly after the other
  moves [N]          N times (10) a shard is moved, and its source, its target or the coordinator is lost in the middle of it
  passivation [N]    N entities (5000), of which each node may have 50 in memory
  stuck [SECONDS]    an entity spins for SECONDS (300) while its shard is moved and drained
  all                all of them, as they stand above
TEXT
}

play() { # the part of a test's name
    dotnet test "$ROOT/tests/MultiNode/MultiNode.csproj" -c Release --no-build --nologo --filter "FullyQualifiedName~$1" \
        --logger "console;verbosity=normal"
}

[ $# -gt 0 ] || { usage; exit 2; }
story="$1"
shift
case "$story" in
    --help | -h) usage; exit 0 ;;
    storm | away | stop | two-go | moves | passivation | stuck | all) ;;
    *) usage >&2; exit 2 ;;
esac
dotnet build "$ROOT/tests/MultiNode/MultiNode.csproj" -c Release -p:Precompile=true -p:RunAnalyzers=false -nologo -v quiet
case "$story" in
    storm) AKKASCALE_STORM_TASKS="${1:-10000}" play StormTests.All_that ;;
    away) AKKASCALE_AWAY_SECONDS="${1:-120}" play StormTests.While ;;
    stop) AKKASCALE_STOP_SECONDS="${*:-1 5 15 60}" play ShutdownTests ;;
    two-go) AKKASCALE_ROUNDS="${1:-20}" play TwoGoTests ;;
    moves) AKKASCALE_ROUNDS="${1:-10}" play MoveFaultTests ;;
    passivation) AKKASCALE_PASSIVATION_IDS="${1:-5000}" play PassivationTests ;;
    stuck) AKKASCALE_SPIN_SECONDS="${1:-300}" play StuckEntityTests ;;
    all) for each in storm away stop two-go moves passivation stuck; do "$0" "$each"; done ;;
esac
