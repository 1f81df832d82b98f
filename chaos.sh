#!/usr/bin/env bash
# Builds node and chaos, and runs a cluster of real processes into one fault after another; see --help.
set -uo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly ROOT PROGRAM="$ROOT/tests/Chaos/bin/Release/net10.0/AkkaScale.Tests.Chaos.dll"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

dotnet build "$ROOT/tests/Chaos" -c Release -v q --nologo >&2 || exit 1

# Everything below inherits this mark; whatever still carries it at the end was started here.
AKKASCALE_TEST_RUN="${AKKASCALE_TEST_RUN:-chaos-$$-$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')}"
export AKKASCALE_TEST_RUN
program=

marked_processes() {
    local file pid
    for file in /proc/[0-9]*/environ; do
        pid="${file#/proc/}" pid="${pid%/environ}"
        [ "$pid" = $$ ] && continue
        if { tr '\0' '\n' <"$file"; } 2>/dev/null | grep -qx "AKKASCALE_TEST_RUN=$AKKASCALE_TEST_RUN"; then
            printf '%s\n' "$pid"
        fi
    done
}

# Nothing is left to do unless the program itself was killed: it ends and removes what it made.
clean_up() {
    local pid space mounted
    [ -n "$program" ] || return
    ls -d "${TMPDIR:-/tmp}/akkascale-chaos-$program-"* >/dev/null 2>&1 || return
    for pid in $(marked_processes); do kill -KILL "$pid" 2>/dev/null; done
    for space in $(ip netns list | awk '{print $1}' | grep "^akkascale-$program-"); do ip netns del "$space"; done
    for mounted in $(awk -v run="/akkascale-chaos-$program-" 'index($2, run) {print $2}' /proc/mounts); do umount -l "$mounted"; done
    rm -rf "${TMPDIR:-/tmp}/akkascale-chaos-$program-"*
}
trap clean_up EXIT

# A session of its own: Ctrl-C on the terminal must reach the program alone, not the nodes and databases that it has started.
setsid dotnet "$PROGRAM" "$@" &
program=$!
trap 'kill -TERM "$program" 2>/dev/null' INT TERM
wait "$program"
code=$?
while kill -0 "$program" 2>/dev/null; do # a signal ends wait, not the program
    wait "$program"
    code=$?
done
exit "$code"
