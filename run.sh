#!/usr/bin/env bash
# Runs an AkkaScale cluster on this machine: several processes over one store. Everything it writes lies in .run/.
set -uo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly ROOT SELF="${0##*/}"
readonly MAX_NODES=32 BALANCE_SECONDS=60

usage() {
    cat <<'TEXT'
Usage: ./run.sh [options] [-- node options]

  (no action)            builds, starts three nodes, waits until they are ready, stops them on Ctrl-C
  --join                 adds one node to the running cluster; Ctrl-C makes it leave in order
  --gateway-only         the same with a node that hosts no shards: it has the role gateway alone, and answers for everything
  --start NAME           starts again a node of the running cluster that has ended (node-2, say)
  --rolling-restart      builds, then stops and starts one node after the other; waits until each is ready and
                         has shards again before the next, and gives up at the first that does not come back
  --stop                 stops every node, and the private PostgreSQL if there is one
  --status               shows what runs
  --help                 this text

Options of a start:
  --nodes N              how many nodes (default 3, at most 32)
  --store KIND           sqlite (default) or postgres
  --connection-string S  an existing PostgreSQL (or AKKASCALE__STORE__CONNECTIONSTRING in the environment);
                         without one, --store postgres starts a private server under .run/postgres
  --fresh                empties the store first (the embedded one, or the private PostgreSQL)
  --detach               returns when the nodes are ready; end them with --stop
  --no-restart           leaves a node ended that was killed, or ended itself to be started again
  --no-build             takes the last build of this script as it is
  --program DIR          takes the node program in DIR as it is
  --gateway-port P       port of the first node's gateway (default 8080, the next nodes count up)
  --management-port P    the same for management (default 8558)
  --cluster-port P       the same for the cluster port (default 4053)
  --dir DIR              directory for logs, process ids and stores (default .run)

What follows -- goes to every node as it is, e.g. ./run.sh -- --AkkaScale:Cluster:TimeToLive 00:00:05

A node that was killed, declared dead or sent away, or did not join in time, is started again as a new member, at
most four times a minute. One that was refused, or has left, is not.
Exit codes: 0 in order; 1 a start failed (or the exit code of the node that failed); 2 wrong usage;
3 nothing runs (--status, --stop, --join, --start), or something runs already; 130 interrupted.
TEXT
}

# shellcheck source=deploy/local/processes.sh
. "$ROOT/deploy/local/processes.sh"
# shellcheck source=deploy/local/nodes.sh
. "$ROOT/deploy/local/nodes.sh"
# shellcheck source=deploy/local/program.sh
. "$ROOT/deploy/local/program.sh"
# shellcheck source=deploy/local/postgres.sh
. "$ROOT/deploy/local/postgres.sh"

exec 8>&2 # our own words, also where the shell's are silenced
say() { printf '%s\n' "$*"; }
complain() { printf '%s: %s\n' "$SELF" "$*" >&8; }
fail() { complain "$2"; exit "$1"; }

# ---------------------------------------------------------------------------------------------- options

action=up store="" connection="" nodes=3 fresh=no detach=no build=yes restart=yes start_name=""
gateway_base=8080 management_base=8558 cluster_base=4053
run_dir="$ROOT/.run" program="$ROOT/.run/program"
app="" private_postgres=no interrupted=no
node_args=()

check_port() { # option, port
    if ! [[ "$2" =~ ^[1-9][0-9]{0,4}$ ]] || [ "$2" -gt $((65535 - 2 * MAX_NODES)) ]; then
        fail 2 "$1 $2: not a port between 1 and $((65535 - 2 * MAX_NODES))"
    fi
}

parse() {
    while [ $# -gt 0 ]; do
        case "$1" in
            --start | --nodes | --store | --connection-string | --program | --dir | --*-port)
                [ $# -ge 2 ] || fail 2 "$1 needs a value; see ./run.sh --help" ;;
        esac
        case "$1" in
            --help | -h) usage; exit 0 ;;
            --join | --gateway-only | --stop | --status | --rolling-restart) action="${1#--}" ;;
            --start) action=start start_name="$2"; shift ;;
            --fresh) fresh=yes ;;
            --detach) detach=yes ;;
            --no-restart) restart=no ;;
            --no-build) build=no ;;
            --program) program="$2" build=no; shift ;;
            --nodes) nodes="$2"; shift ;;
            --store) store="$2"; shift ;;
            --connection-string) connection="$2"; shift ;;
            --gateway-port) check_port "$1" "$2"; gateway_base="$2"; shift ;;
            --management-port) check_port "$1" "$2"; management_base="$2"; shift ;;
            --cluster-port) check_port "$1" "$2"; cluster_base="$2"; shift ;;
            --dir) run_dir="$2"; shift ;;
            --) shift; node_args=("$@"); break ;;
            *) fail 2 "unknown option '$1'; see ./run.sh --help" ;;
        esac
        shift
    done
    if ! [[ "$nodes" =~ ^[1-9][0-9]?$ ]] || [ "$nodes" -gt "$MAX_NODES" ]; then
        fail 2 "--nodes $nodes: not a number between 1 and $MAX_NODES"
    fi
    if [ "$store" != sqlite ]; then connection="${connection:-${AKKASCALE__STORE__CONNECTIONSTRING:-}}"; fi
    if [ -z "$store" ]; then # a connection string says what is wanted
        if [ -n "$connection" ]; then store=postgres; else store=sqlite; fi
    fi
    case "$store" in
        sqlite) [ -z "$connection" ] || fail 2 "--connection-string is for --store postgres" ;;
        postgres) ;;
        *) fail 2 "--store $store: only sqlite and postgres are known" ;;
    esac
    mkdir -p "$run_dir/pids" "$run_dir/logs" || fail 1 "cannot write to $run_dir"
    run_dir="$(cd "$run_dir" && pwd)"
}

# What the cluster was started with, for those that join it later.
save_cluster() {
    (
        umask 077 # the connection string may hold a password
        printf '%s\n' "store=$store" "connection=$connection" "private=$private_postgres" "restart=$restart" \
            "app=$app" "gateway=$gateway_base" "management=$management_base" "cluster=$cluster_base" >"$run_dir/cluster"
        printf '%s\0' "${node_args[@]}" >"$run_dir/node-args"
    )
}

setting() { sed -n "s/^$1=//p" "$run_dir/cluster" 2>/dev/null; }

load_cluster() {
    store="$(setting store)" connection="$(setting connection)" private_postgres="$(setting private)" app="$(setting app)"
    gateway_base="$(setting gateway)" management_base="$(setting management)" cluster_base="$(setting cluster)"
    if [ "$restart" = yes ]; then restart="$(setting restart)"; fi
    if [ ${#node_args[@]} -eq 0 ] && [ -s "$run_dir/node-args" ]; then
        mapfile -d '' -t node_args <"$run_dir/node-args"
        if [ "${#node_args[@]}" -eq 1 ] && [ -z "${node_args[0]}" ]; then node_args=(); fi
    fi
}

# Starts, joins and stops of one directory take turns.
lock() {
    exec 9>"$run_dir/lock"
    flock -w 120 9 || fail 1 "another ./run.sh has been starting or stopping in $run_dir for two minutes"
}
unlock() { exec 9>&-; }

empty_store() {
    if [ "$store" = sqlite ]; then
        say "emptying the embedded store"
        rm -rf "${run_dir:?}/store"
    elif [ -n "$connection" ]; then
        fail 2 "--fresh does not empty a database given by connection string: drop and create it yourself"
    else
        say "emptying the private PostgreSQL"
        empty_postgres
    fi
}

# ---------------------------------------------------------------------------------------------- actions

# Tells what the supervisors note, until Ctrl-C or until the condition no longer holds.
watch_while() { # command…
    local line
    trap 'interrupted=yes' INT TERM HUP
    while [ "$interrupted" = no ] && "$@"; do
        while IFS= read -r line <&6; do say "$line"; done
        pause 1
    done
    while IFS= read -r line <&6; do say "$line"; done
    trap '' INT TERM HUP # once is enough: what follows is bounded
}

# What has been noted so far is told no more.
open_notes() {
    touch "$run_dir/logs/run.log"
    exec 6<"$run_dir/logs/run.log"
    cat <&6 >/dev/null
}

up() {
    local number taken code names=()
    lock
    if any_running; then
        complain "the cluster runs already:"
        status >&2
        fail 3 "see it with ./run.sh --status, end it with ./run.sh --stop, add a node with ./run.sh --join"
    fi
    rm -f "$run_dir"/pids/*
    for number in $(seq 1 "$nodes"); do
        taken="$(taken_port_of "$number")" &&
            fail 1 "port ${taken#* } (${taken% *} of node-$number) is in use by another program; end it, or choose others with --${taken% *}-port"
        names+=("node-$number")
    done
    prepare_program
    remove_other_programs
    if [ "$fresh" = yes ]; then empty_store; fi
    trap 'trap "" INT TERM HUP; complain "stopped while starting"; stop_all; exit 130' INT TERM HUP
    if [ "$store" = postgres ] && [ -z "$connection" ]; then start_postgres; fi
    save_cluster
    open_notes
    for name in "${names[@]}"; do
        : >"$run_dir/logs/$name.log"
        launch "$name"
    done
    await_ready "${names[@]}"
    code=$?
    if [ "$code" -ne 0 ]; then
        stop_all
        exit "$code"
    fi
    unlock
    hints
    if [ "$detach" = yes ]; then return; fi
    say
    say "Ctrl-C stops all."
    watch_while is_known
    is_known || { say "stopped from another terminal"; return; }
    say
    lock
    stop_all
    exit $?
}

is_known() { [ -n "$(known_nodes)" ]; }

require_running() {
    any_running || fail 3 "no cluster runs here; start one with ./run.sh"
    load_cluster
}

# One node in this terminal's foreground until Ctrl-C, or detached.
add_node() { # name
    local code
    trap 'interrupted=yes' INT TERM HUP
    open_notes
    launch "$1"
    await_ready "$1"
    code=$?
    unlock
    if [ "$code" -eq 0 ] && [ "$interrupted" = no ]; then
        if [ "${1%-*}" = gateway ]; then say "  curl http://localhost:$gateway/tasks/moon   # it asks the node where the task lives"; fi
        if [ "$detach" = yes ]; then return; fi
        say "Ctrl-C makes $1 leave."
        watch_while is_wanted "$1"
    fi
    if read_node "$1" && [[ "$fate" =~ ^[0-9]+$ ]]; then
        if [ "$code" -eq 0 ]; then code="$fate"; fi
        if [ "$code" -ne 0 ]; then log_tail "$1"; fi
    else
        retire "$1" || code=1
    fi
    exit "$code"
}

is_wanted() { read_node "$1" && [ "$fate" = wanted ]; }

join() { # node or gateway
    local last number
    lock
    require_running
    last="$(known_nodes | tail -n 1)"
    number=$((${last##*-} + 1))
    while taken_port_of "$number" >/dev/null; do
        number=$((number + 1))
        [ "$number" -le $((MAX_NODES * 2)) ] || fail 1 "found no free ports for another node"
    done
    : >"$run_dir/logs/$1-$number.log"
    add_node "$1-$number"
}

start_again() {
    local taken
    lock
    is_known || fail 3 "no cluster runs here; start one with ./run.sh"
    load_cluster
    read_node "$start_name" || fail 3 "$start_name is not part of this cluster; add a node with ./run.sh --join"
    for _ in 1 2 3 4 5 6; do # it may be about to be started again by itself
        if is_running "$start_name"; then fail 3 "$start_name runs already (process $pid)"; fi
        if [ "$fate" = wanted ]; then pause 0.5; fi
    done
    taken="$(taken_port_of "${start_name##*-}")" &&
        fail 1 "port ${taken#* } (${taken% *} of $start_name) is in use by another program"
    detach=yes # a node that is started again is one of the cluster's own: it ends with the others
    add_node "$start_name"
}

# Waits until every shard has an owner, none is moving, and this node has its part again.
await_shards() { # node
    local deadline=$((SECONDS + BALANCE_SECONDS)) members
    if [ "${1%-*}" = gateway ]; then return; fi
    read_node "$1"
    while :; do
        members="$(http_get "$management" /cluster/members)"
        if [[ "$(http_get "$management" /cluster/status)" == *'"unowned":0,"moving":0'* &&
            "$members" =~ \"name\":\"$1\"[^}]*\"shards\":[1-9] ]]; then return; fi
        if [ "$interrupted" = yes ]; then return 130; fi
        if [ "$SECONDS" -ge "$deadline" ]; then
            complain "$1 has no shards, or shards are still moving, after $BALANCE_SECONDS s; see ./pbm shards map"
            return 1
        fi
        pause 0.3
    done
}

# In the order that the cluster advises (pbm cluster rollout): the coordinators' node last of those with shards. Who is not in the answer comes after.
rollout_order() { # names
    local name answer="" told=" "
    for name in "$@"; do
        read_node "$name"
        answer="$(http_get "$management" /cluster/rollout)"
        if [[ "$answer" == *'"steps":['* ]]; then break; fi
        answer=""
    done
    while [[ "$answer" =~ \"name\":\"([^\"]+)\" ]]; do
        told+="${BASH_REMATCH[1]} "
        answer="${answer#*"${BASH_REMATCH[0]}"}"
    done
    for name in $told; do
        if [[ " $* " == *" $name "* ]]; then printf '%s\n' "$name"; fi
    done
    for name in "$@"; do
        if [[ "$told" != *" $name "* ]]; then printf '%s\n' "$name"; fi
    done
}

# The new build goes beside the old one, which the nodes still run that come later.
rolling_restart() {
    local name names=() number=0 code=0
    lock
    require_running
    for name in $(known_nodes); do
        if is_running "$name"; then names+=("$name"); fi
    done
    prepare_program
    save_cluster
    mapfile -t names < <(rollout_order "${names[@]}")
    trap 'interrupted=yes' INT TERM HUP
    for name in "${names[@]}"; do
        if [ "$interrupted" = yes ]; then break; fi
        number=$((number + 1))
        say "($number of ${#names[@]}) $name: stops and gives its shards away"
        retire "$name"
        launch "$name"
        await_ready "$name" && await_shards "$name"
        code=$?
        if [ "$code" -eq 130 ]; then break; fi
        [ "$code" -eq 0 ] || fail "$code" "stopped at $name; the nodes after it still run the old build: ${names[*]:number}"
    done
    if [ "$interrupted" = yes ]; then
        complain "interrupted; not restarted: ${names[*]:number}"
        exit 130
    fi
    remove_other_programs
    say "all ${#names[@]} nodes are restarted"
}

stop() {
    local ran=no code
    lock
    if is_known; then ran=yes; fi
    private_postgres="$(setting private)"
    stop_all
    code=$?
    [ "$ran" = yes ] || fail 3 "nothing runs here"
    exit "$code"
}

status() {
    local name state running=no line='%-10s %-9s %-10s %-26s %s\n'
    is_known || { say "nothing runs here"; exit 3; }
    # shellcheck disable=SC2059 # one format for all lines
    printf "$line" NODE PROCESS STATE GATEWAY MANAGEMENT
    for name in $(known_nodes); do
        if is_running "$name"; then
            running=yes
            case "$(http_get "$management" /ready)" in
                "HTTP/1.1 200 "*) state=ready ;;
                "") state=silent ;;
                *) state="not ready" ;;
            esac
        else
            state=ended
        fi
        # shellcheck disable=SC2059
        printf "$line" "$name" "$pid" "$state" "http://127.0.0.1:$gateway" "http://127.0.0.1:$management"
    done
    say "store: $(setting store)$([ "$(setting private)" = yes ] && printf ' (private)')"
    [ "$running" = yes ] || exit 3
}

hints() {
    local first=$gateway_base second=$((gateway_base + (nodes > 1))) last=$((gateway_base + nodes - 1)) here="" gateways="" json
    json="-H 'X-Acting-User: ann' -H 'Content-Type: application/json' -d"
    if [ "$run_dir" != "$ROOT/.run" ]; then here=" --dir $(shown "$run_dir")"; fi
    if [ "$first" -ne 8080 ]; then gateways=" --gateway http://127.0.0.1:$first"; fi
    say
    say "Try, in another terminal:"
    if [ "$management_base" -ne 8558 ]; then say "  export PBM_NODE=127.0.0.1:$management_base"; fi
    cat <<TEXT
  curl -X PUT http://localhost:$first/users/ann $json '{"name":"Ann"}'
  curl -X PUT http://localhost:$first/projects/apollo $json '{"name":"Apollo","owner":"ann"}'
  curl -X PUT http://localhost:$second/tasks/moon $json '{"project":"apollo","title":"Land on the moon"}'
  curl -X POST http://localhost:$last/tasks/moon/complete -H 'X-Acting-User: ann' -H 'Idempotency-Key: first-try'
  curl http://localhost:$first/tasks/moon

  http://127.0.0.1:$management_base/console   # all of it in a browser, as it happens

  ./pbm                             # a prompt; Tab completes
  ./pbm cluster show                # who is in, who coordinates
  ./pbm shards map                  # which node has what
  ./pbm where task/moon             # where this task lives
  ./pbm entity events task/moon     # what was written
  ./pbm doctor                      # what is not as it should be, and what a loss would cost
  ./pbm journal verify              # checks the whole journal
  ./pbm drill kill node-$nodes --yes$gateways # loses a node: predicted against measured
  ./pbm load TRACE --verify$gateways # replays an activity trace through the gateways

  ./run.sh$here --join              # one more node
  ./run.sh$here --gateway-only      # one more that only answers
  kill -9 \$(cut -d' ' -f1 $(shown "$run_dir/pids/node-$nodes"))   # lose one: it is started again, as another member
  ./run.sh$here --rolling-restart   # a new build, one node after the other
  tail -f $(shown "$run_dir/logs")/node-*.log
TEXT
}

shown() { printf '%s' "${1#"$PWD/"}"; }

parse "$@"
case "$action" in
    up) up ;;
    join) join node ;;
    gateway-only) join gateway ;;
    start) start_again ;;
    rolling-restart) rolling_restart ;;
    stop) stop ;;
    status) status ;;
esac
