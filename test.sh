#!/usr/bin/env bash
# The whole gate: what it needs, build, format, and every test, on a machine with nothing but the .NET 10 SDK.
# The last line is "N passed, N failed" (", N skipped" where some were); the exit code is 0 when nothing failed.
set -uo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly ROOT CONFIGURATION=Release
readonly RESULTS="$ROOT/.run/test-results"
# Suites in the order in which they run, each with the seconds after which it is ended and counts as failed.
readonly SUITES=(Journal:480 Unit:300 Simulation:240 Cluster:900 MultiNode:900 EndToEnd:600 Console:420 Hostile:420 Chaos:420)
readonly HANG=180s # one test that does not come back is named, and its suite ended
readonly FORMAT_BOUND=900

usage() {
    cat <<'TEXT'
Usage: ./test.sh [--only SUITE] [--no-install]

  --only SUITE   unit, simulation, journal, cluster, multinode, endtoend, console, hostile or chaos;
                 may be repeated; leaves out the format check
  --no-install   installs nothing; tests that need what is missing fail, or are skipped and counted so
  --help         this text

Installs through apt what is missing: ICU, a PostgreSQL server (no cluster is created, none is started), nginx,
docker-compose, curl, tmux, iproute2, Chromium and a C compiler (for the shim that moves a node's clock).
The format check, with every analyzer, runs beside the first suites, on what time these leave. Results
lie in .run/test-results, logs of node processes in .run/test-logs. The long forms of what the gate does shortly: tests/Journal/rounds.sh,
tests/Cluster/rounds.sh, tests/MultiNode/rounds.sh, chaos.sh, and tests/Simulation as a program.
TEXT
}

say() { printf '%s\n' "$*"; }
heading() { printf '\n== %s\n' "$*"; }

install=yes only=()
while [ $# -gt 0 ]; do
    case "$1" in
        --help | -h) usage; exit 0 ;;
        --no-install) install=no ;;
        --only)
            [ $# -ge 2 ] || { say "--only needs a suite; see ./test.sh --help" >&2; exit 2; }
            only+=("${2,,}")
            shift
            ;;
        *) say "unknown option '$1'; see ./test.sh --help" >&2; exit 2 ;;
    esac
    shift
done
for name in "${only[@]}"; do
    case "$name" in
        unit | simulation | journal | cluster | multinode | endtoend | console | hostile | chaos) ;;
        *) say "unknown suite '$name'; see ./test.sh --help" >&2; exit 2 ;;
    esac
done

passed=0 failed=0 skipped=0 format_job=""
table=() skips=()
row() { table+=("$(printf '%-12s %8s %8s %8s %8s   %s' "$@")"); }

# ---------------------------------------------------------------------------------------------- what was started is ended

# Every process below inherits this mark; whatever still carries it at the end was started here.
AKKASCALE_TEST_RUN="$$-$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')"
export AKKASCALE_TEST_RUN
unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT # nodes need ICU
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en

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

end_strays() {
    local pid left
    left="$(marked_processes)"
    [ -n "$left" ] || return 0
    for pid in $left; do
        kill -TERM "$pid" 2>/dev/null
        kill -CONT "$pid" 2>/dev/null
    done
    for _ in $(seq 30); do
        left="$(marked_processes)"
        [ -n "$left" ] || return 0
        sleep 0.1
    done
    for pid in $left; do kill -KILL "$pid" 2>/dev/null; done
}
trap end_strays EXIT
trap 'exit 130' INT TERM

# ---------------------------------------------------------------------------------------------- what is needed

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
    else
        say "root is needed to run: $*" >&2
        return 1
    fi
}

apt_install() { as_root apt-get install -y -q --no-install-recommends "$@" </dev/null; }

has_icu() { PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | grep libicuuc >/dev/null; }

# Each Debian has one version of the library, and its number in the package's name.
install_icu() {
    local package
    package="$(apt-cache pkgnames libicu | grep -x 'libicu[0-9][0-9]*' | sort -V | tail -n 1)"
    [ -n "$package" ] && apt_install "$package"
}

has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

# Keeps apt from starting services (nginx, say) as it installs them. A policy that is there already stays.
forbid_services() {
    [ -e /usr/sbin/policy-rc.d ] && return
    printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null &&
        as_root chmod 755 /usr/sbin/policy-rc.d && policy=ours
}

# The server's binaries alone: its package would create and start a cluster of the system's.
install_postgres() {
    apt_install postgresql-common || return 1
    as_root sed -i 's/^#\? *create_main_cluster *=.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf || return 1
    if apt-cache show postgresql-15 >/dev/null 2>&1; then apt_install postgresql-15; else apt_install postgresql; fi
}

install_missing() {
    local missing=() policy=none
    has_icu || missing+=(libicu)
    has_postgres || missing+=(postgresql)
    [ -x /usr/sbin/nginx ] || command -v nginx >/dev/null || missing+=(nginx)
    command -v docker-compose >/dev/null || missing+=(docker-compose)
    command -v curl >/dev/null || missing+=(curl)
    command -v tmux >/dev/null || missing+=(tmux)
    command -v ip >/dev/null || missing+=(iproute2)
    command -v chromium >/dev/null || missing+=(chromium)
    command -v cc >/dev/null || missing+=(gcc libc6-dev)
    if [ ${#missing[@]} -eq 0 ]; then
        say "nothing is missing"
        return
    fi
    say "missing: ${missing[*]}"
    if [ "$install" = no ]; then
        say "not installed (--no-install)"
        return
    fi
    command -v apt-get >/dev/null || { say "there is no apt-get here: install them by hand" >&2; return; }
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get update -q </dev/null || say "apt-get update failed; going on with the lists at hand" >&2
    forbid_services
    for package in "${missing[@]}"; do
        case "$package" in
            libicu) install_icu ;;
            postgresql) install_postgres ;;
            *) apt_install "$package" ;;
        esac || say "could not install $package" >&2
    done
    if [ "$policy" = ours ]; then as_root rm -f /usr/sbin/policy-rc.d; fi
}

# ---------------------------------------------------------------------------------------------- steps

# A step that is no test: nothing when it succeeds, one failure when it does not.
step() { # name, seconds, command…
    local name="$1" bound="$2" from=$SECONDS code
    shift 2
    heading "$name"
    timeout -k 10 "$bound" "$@" </dev/null
    code=$?
    count_step "$name" "$bound" "$code" "$((SECONDS - from))"
    return "$code"
}

count_step() { # name, bound, exit code, seconds it took
    local name="$1" bound="$2" code="$3" took="$4"
    if [ "$code" -eq 0 ]; then
        row "$name" - - - "$took s" ok
    else
        failed=$((failed + 1))
        row "$name" - 1 - "$took s" "exit code $code$([ "$code" -eq 124 ] && printf ' (over %s s)' "$bound")"
    fi
}

# Beside those suites that mind no busy machine, at the lowest priority; what it says is shown at the end. It has every analyzer's word
# as an error too, so that the build needs not do it a second time.
begin_format() {
    (
        from=$SECONDS
        renice -n 19 "$BASHPID" >/dev/null
        timeout -k 10 "$FORMAT_BOUND" dotnet format AkkaScale.sln --verify-no-changes --no-restore >"$RESULTS/format.log" 2>&1
        printf '%s %s\n' "$?" "$((SECONDS - from))" >"$RESULTS/format.outcome"
    ) </dev/null &
    format_job=$!
}

end_format() {
    local code took
    [ -n "$format_job" ] || return 0
    heading format
    wait "$format_job"
    format_job=""
    cat "$RESULTS/format.log"
    read -r code took <"$RESULTS/format.outcome" || code=1 took=0
    count_step format "$FORMAT_BOUND" "$code" "$took"
}

counter() { # trx file, name
    sed -n "s/.*<Counters [^>]*$2=\"\([0-9]*\)\".*/\1/p" "$1" | head -n 1
}

# Each test that was not run, with the reason it gives.
skips_of() { # trx file
    awk 'BEGIN { RS = "<UnitTestResult " } /outcome="NotExecuted"/ {
        name = $0; sub(/.*testName="/, "", name); sub(/".*/, "", name)
        why = $0; if (!sub(/.*<(Message|StdOut)>/, "", why)) why = "no reason given"; sub(/<.*/, "", why)
        gsub(/[\n\r]+/, " ", why); gsub(/&quot;/, "\"", name)
        print "skipped: " name ": " why
    }' "$1"
}

suite() { # name, seconds
    heading "$1"
    run_suite "$1" "$2"
    count_suite "$1" "$2"
    [ -n "$journal" ] || end_nodes_of_suite "$1"
}

# Journal waits for most of its time: suites that need no server run meanwhile.
journal=""
begin_journal() { # seconds
    journal_bound="$1"
    run_suite Journal "$1" >"$RESULTS/Journal.log" 2>&1 &
    journal=$!
}

end_journal() {
    [ -n "$journal" ] || return 0
    wait "$journal"
    journal=""
    heading Journal
    cat "$RESULTS/Journal.log"
    count_suite Journal "$journal_bound"
    end_nodes_of_suite Journal
}

run_suite() { # name, seconds
    local name="$1" bound="$2" from=$SECONDS delay=64
    # Hexadecimal, 100 by default. Nodes that live for seconds do not bring in what compiling their busy methods anew costs.
    case "$name" in Cluster | MultiNode | EndToEnd | Console | Hostile | Chaos) delay=1000 ;; esac
    DOTNET_TC_CallCountingDelayMs="$delay" timeout -k 10 "$bound" dotnet test "$ROOT/tests/$name/$name.csproj" -c "$CONFIGURATION" --no-build --nologo \
        --results-directory "$RESULTS/$name" --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" \
        --blame-hang-timeout "$HANG" --blame-hang-dump-type none </dev/null
    printf '%s %s\n' "$?" "$((SECONDS - from))" >"$RESULTS/$name.outcome"
}

count_suite() { # name, seconds
    local name="$1" bound="$2" code took trx="$RESULTS/$1/$1.trx" total executed ok bad lost=0 note=ok
    read -r code took <"$RESULTS/$name.outcome" || code=1 took=0
    if [ -f "$trx" ]; then
        total="$(counter "$trx" total)" executed="$(counter "$trx" executed)"
        ok="$(counter "$trx" passed)" bad="$(counter "$trx" failed)"
        total="${total:-0}" executed="${executed:-0}" ok="${ok:-0}" bad="${bad:-0}"
    else
        total=0 executed=0 ok=0 bad=0
    fi
    if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then
        lost=1 note="ended after $bound s"
    elif [ "$total" -eq 0 ]; then
        lost=1 note="no tests ran (exit code $code)"
    elif [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then
        lost=1 note="crashed (exit code $code)"
    elif [ "$bad" -ne 0 ]; then
        note="see above"
    fi
    bad=$((bad + lost))
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + total - executed))
    if [ "$total" -gt "$executed" ]; then skips+=("$(skips_of "$trx")"); fi
    row "$name" "$ok" "$bad" "$((total - executed))" "$took s" "$note"
}

# A test host that crashed leaves its node processes behind: they must not disturb the next suite.
end_nodes_of_suite() { # name
    local name="$1" pid
    for pid in $(marked_processes); do
        if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q 'AkkaScale\.Node\.dll\|AkkaScale\.Tests\.Cluster\.dll node\|postgresql/.*/postgres'; then
            say "ending a process that $name left behind: $pid"
            kill -KILL "$pid" 2>/dev/null
        fi
    done
}

wanted() { # suite
    local name
    [ ${#only[@]} -eq 0 ] && return 0
    for name in "${only[@]}"; do
        if [ "$name" = "${1,,}" ]; then return 0; fi
    done
    return 1
}

cd "$ROOT" || exit 1
rm -rf "${RESULTS:?}" "$ROOT/.run/test-logs"
mkdir -p "$RESULTS"

heading "what is needed"
install_missing

if step restore 240 dotnet restore AkkaScale.sln -p:Precompile=true &&
    step build 420 dotnet build AkkaScale.sln -c "$CONFIGURATION" --no-restore -p:Precompile=true -p:RunAnalyzers=false -warnaserror -nologo -v quiet &&
    step precompile 300 deploy/local/precompile.sh src/Node src/Pbm tests/*/; then
    [ ${#only[@]} -gt 0 ] || begin_format
    for entry in "${SUITES[@]}"; do
        name="${entry%:*}"
        # From here on processes that starve would be taken for dead.
        if [ "$name" = Cluster ]; then end_journal; end_format; fi
        wanted "$name" || continue
        if [ "$name" = Journal ]; then begin_journal "${entry#*:}"; else suite "$name" "${entry#*:}"; fi
    done
    end_journal
fi

heading "summary"
printf '%-12s %8s %8s %8s %8s\n' "" passed failed skipped time
for line in "${table[@]}"; do say "$line"; done
say "whole gate: $SECONDS s"
for line in "${skips[@]}"; do say "$line"; done
say
if [ "$skipped" -gt 0 ]; then
    say "$passed passed, $failed failed, $skipped skipped"
else
    say "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
