#!/usr/bin/env bash
# The long forms of the stories in tests/Cluster; the gate plays short ones. Builds first; logs lie in .run/test-logs/cluster.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
readonly ROOT

usage() {
    cat <<'TEXT'
Usage: tests/Cluster/rounds.sh STORY

  cold-starts [N]       N cold starts of five processes (30), a third of them with the founder killed, a third with it frozen
  late [SECONDS]        a database that starts SECONDS (60) after the nodes
  flapping [SECONDS]    a link that is cut for 4 s and healed for 4 s, for SECONDS (300)
  outage [SECONDS...]   the database away for each of these times (30 120)
  restarts [N]          N restarts (30) under one name and address
  losses                killed and stopped, on both stores
  races [N]             N times (60) two that found, join or prevail at one moment
  all                   all of them, as they stand above
TEXT
}

play() { # the part of a test's name
    dotnet test "$ROOT/tests/Cluster/Cluster.csproj" -c Release --no-build --nologo --filter "FullyQualifiedName~$1" \
        --logger "console;verbosity=normal"
}

[ $# -gt 0 ] || { usage; exit 2; }
story="$1"
shift
case "$story" in
    --help | -h) usage; exit 0 ;;
    cold-starts | late | flapping | outage | restarts | losses | races | all) ;;
    *) usage >&2; exit 2 ;;
esac
dotnet build "$ROOT/tests/Cluster/Cluster.csproj" -c Release -nologo -v quiet
case "$story" in
    cold-starts) AKKASCALE_COLD_STARTS="${1:-30}" play ColdStartTests ;;
    late) AKKASCALE_LATE_SECONDS="${1:-60}" play A_database_that_starts_late ;;
    flapping) AKKASCALE_FLAPPING_SECONDS="${1:-300}" play Who_flaps ;;
    outage) for seconds in "${@:-30 120}"; do for each in $seconds; do AKKASCALE_ALL_KINDS=1 AKKASCALE_OUTAGE_SECONDS="$each" play OutageTests; done; done ;;
    restarts) AKKASCALE_RESTARTS="${1:-30}" play Restarts_in_quick_succession ;;
    losses) AKKASCALE_ALL_KINDS=1 play LossTests ;;
    races) AKKASCALE_RACES="${1:-60}" play at_one_moment ;;
    all) for each in cold-starts late flapping outage restarts losses races; do "$0" "$each"; done ;;
esac
