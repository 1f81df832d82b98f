#!/usr/bin/env bash
# Runs an AkkaScale cluster on this machine: several OS processes over one store.
# Everything it writes lies under .run/ (logs, process ids, the embedded store, a private PostgreSQL).
set -uo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly ROOT SELF="${0##*/}"
readonly READY_SECONDS=60 STOP_SECONDS=15 KILL_SECONDS=5 BALANCE_SECONDS=60
readonly MAX_NODES=32

usage() {
    cat <<'TEXT'
Usage: ./run.sh [options] [-- node options]

  (no action)            builds, starts three nodes, waits until they are ready, stops them on Ctrl-C
  --join                 adds one node to the running cluster; Ctrl-C makes it leave in order
  --start NAME           starts again a node of the running cluster that died (node-2, say)
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
  --no-build             takes the last Release build as it is
  --program DIR          takes the node program in DIR as it is
  --gateway-port P       port of the first node's gateway (default 8080, the next nodes count up)
  --management-port P    the same for management (default 8558)
  --cluster-port P       the same for the cluster port (default 4053)
  --dir DIR              directory for logs, process ids and stores (default .run)

What follows -- goes to every node as it is, e.g. ./run.sh -- --AkkaScale:Cluster:LeaseTtl 00:00:05
Exit codes: 0 in order; 1 a start failed (or the exit code of the node that failed); 2 wrong usage;
3 nothing runs (--status, --stop, --join, --start), or something runs already.
TEXT
}

exec 8>&2 # our own words, also where the shell's are silenced
say() { printf '%s\n' "$*"; }
complain() { printf '%s: %s\n' "$SELF" "$*" >&8; }
fail() { complain "$2"; exit "$1"; }

# ---------------------------------------------------------------------------------------------- options

action=up store="" connection="" nodes=3 fresh=no detach=no build=yes start_name=""
gateway_base=8080 management_base=8558 cluster_base=4053
run_dir="$ROOT/.run"
program="$ROOT/src/Node/bin/Release/net10.0"
app=app
node_args=()
private_postgres=no
interrupted=no

value_of() { # option, number of arguments left, value
    [ "$2" -ge 2 ] || fail 2 "$1 needs a value; see ./run.sh --help"
    printf '%s' "$3"
}

port_of() {
    local port
    port="$(value_of "$@")" || exit 2
    if ! [[ "$port" =~ ^[1-9][0-9]{0,4}$ ]] || [ "$port" -gt $((65535 - 2 * MAX_NODES)) ]; then
        fail 2 "$1 $port: not a port between 1 and $((65535 - 2 * MAX_NODES))"
    fi
    printf '%s' "$port"
}

parse() {
    while [ $# -gt 0 ]; do
        case "$1" in
            --help | -h) usage; exit 0 ;;
            --join | --stop | --status | --rolling-restart) action="${1#--}" ;;
            --start) start_name="$(value_of "$1" $# "${2-}")" || exit 2; action=start; shift ;;
            --fresh) fresh=yes ;;
            --detach) detach=yes ;;
            --no-build) build=no ;;
            --program) program="$(value_of "$1" $# "${2-}")" || exit 2; build=no; shift ;;
            --nodes) nodes="$(value_of "$1" $# "${2-}")" || exit 2; shift ;;
            --store) store="$(value_of "$1" $# "${2-}")" || exit 2; shift ;;
            --connection-string) connection="$(value_of "$1" $# "${2-}")" || exit 2; shift ;;
            --gateway-port) gateway_base="$(port_of "$1" $# "${2-}")" || exit 2; shift ;;
            --management-port) management_base="$(port_of "$1" $# "${2-}")" || exit 2; shift ;;
            --cluster-port) cluster_base="$(port_of "$1" $# "${2-}")" || exit 2; shift ;;
            --dir) run_dir="$(value_of "$1" $# "${2-}")" || exit 2; shift ;;
            --) shift; node_args=("$@"); break ;;
            *) fail 2 "unknown option '$1'; see ./run.sh --help" ;;
        esac
        shift
    done
    if ! [[ "$nodes" =~ ^[1-9][0-9]?$ ]] || [ "$nodes" -gt "$MAX_NODES" ]; then
        fail 2 "--nodes $nodes: not a number between 1 and $MAX_NODES"
    fi
    if [ "$store" != sqlite ]; then connection="${connection:-${AKKASCALE__STORE__CONNECTIONSTRING:-}}"; fi
    if [ -z "$store" ]; then
        # A connection string says what is wanted.
        if [ -n "$connection" ]; then store=postgres; else store=sqlite; fi
    fi
    case "$store" in
        sqlite) [ -z "$connection" ] || fail 2 "--connection-string is for --store postgres" ;;
        postgres) ;;
        *) fail 2 "--store $store: only sqlite and postgres are known" ;;
    esac
    [ -z "$start_name" ] || [[ "$start_name" =~ ^node-[0-9]+$ ]] ||
        fail 2 "--start $start_name: nodes are called node-1, node-2, …"
    mkdir -p "$run_dir/pids" "$run_dir/logs" || fail 1 "cannot write to $run_dir"
    run_dir="$(cd "$run_dir" && pwd)"
}

# ---------------------------------------------------------------------------------------------- processes

# A process is known by its id and its start time: an id alone may have been given to somebody else since.
start_time_of() {
    local stat
    stat="$(cat "/proc/$1/stat" 2>/dev/null)" || return 1
    stat="${stat##*) }"
    # shellcheck disable=SC2086 # the fields are split on purpose
    set -- $stat
    [ "$1" != Z ] || return 1 # ended, only not yet collected by its parent
    printf '%s' "${20}"
}

pid_file() { printf '%s/pids/%s' "$run_dir" "$1"; }

# Sets pid, started, gateway, management and cluster from a node's file: one line, five numbers.
read_node() {
    pid="" started="" gateway="" management="" cluster=""
    [ -f "$(pid_file "$1")" ] || return 1
    read -r pid started gateway management cluster <"$(pid_file "$1")" || [ -n "$pid" ]
}

is_running() { read_node "$1" && [ "$(start_time_of "$pid")" = "$started" ]; }

known_nodes() {
    local file
    for file in "$run_dir"/pids/node-*; do
        [ -f "$file" ] && printf '%s\n' "${file##*/}"
    done | sort -t- -k2 -n
}

any_running() {
    local name
    for name in $(known_nodes); do
        if is_running "$name"; then return 0; fi
    done
    return 1
}

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The status code of a GET, without curl: a machine with nothing but the SDK has none.
http_status() {
    local line=""
    {
        exec 3<>"/dev/tcp/127.0.0.1/$1" &&
            printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$2" "$1" >&3 &&
            IFS= read -r -t 2 line <&3
        exec 3<&- 3>&-
    } 2>/dev/null
    line="${line#HTTP/1.1 }"
    printf '%s' "${line%% *}"
}

# The body of a GET of a management route; empty without an answer.
http_body() {
    {
        exec 3<>"/dev/tcp/127.0.0.1/$1" &&
            printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$2" "$1" >&3 &&
            timeout 5 cat <&3
        exec 3<&- 3>&-
    } 2>/dev/null
}

# Ends one process: SIGTERM, a bounded wait, then SIGKILL with a word. SIGCONT lets a stopped one hear it.
end_process() { # what, pid, start time
    local deadline=$((SECONDS + STOP_SECONDS))
    kill -TERM "$2" 2>/dev/null && kill -CONT "$2" 2>/dev/null
    while [ "$(start_time_of "$2")" = "$3" ]; do
        if [ "$SECONDS" -ge "$deadline" ]; then
            complain "$1 (process $2) did not end within $STOP_SECONDS s; killing it"
            kill -KILL "$2" 2>/dev/null
            deadline=$((SECONDS + KILL_SECONDS))
            while [ "$(start_time_of "$2")" = "$3" ] && [ "$SECONDS" -lt "$deadline" ]; do pause 0.1; done
            return 1
        fi
        pause 0.1
    done
}

# Sleeps so that a signal to this script is answered at once: a trap waits for a foreground command.
pause() { sleep "$1" & wait $!; }

stop_nodes() {
    local name job result=0 waits=()
    : >"$run_dir/stopping"
    for name in $(known_nodes); do
        if is_running "$name"; then
            say "stopping $name (process $pid)"
            end_process "$name" "$pid" "$started" &
            waits+=($!)
        fi
    done
    for job in "${waits[@]}"; do wait "$job" || result=1; done
    rm -f "$run_dir"/pids/node-* "$run_dir/stopping"
    return $result
}

# ---------------------------------------------------------------------------------------------- what the cluster was started with

setting() { sed -n "s/^$1=//p" "$run_dir/cluster" 2>/dev/null; }

save_cluster() {
    (
        umask 077 # the connection string may hold a password
        printf '%s\n' "store=$store" "connection=$connection" "private=$private_postgres" \
            "app=$app" "gateway=$gateway_base" "management=$management_base" "cluster=$cluster_base" >"$run_dir/cluster"
        printf '%s\0' "${node_args[@]}" >"$run_dir/node-args"
    )
}

load_cluster() {
    store="$(setting store)" connection="$(setting connection)" private_postgres="$(setting private)"
    app="$(setting app)" && app="${app:-app}"
    gateway_base="$(setting gateway)" management_base="$(setting management)" cluster_base="$(setting cluster)"
    if [ ${#node_args[@]} -eq 0 ] && [ -f "$run_dir/node-args" ]; then
        mapfile -d '' -t node_args <"$run_dir/node-args"
        if [ "${#node_args[@]}" -eq 1 ] && [ -z "${node_args[0]}" ]; then node_args=(); fi
    fi
}

# Starts, joins and stops of the same directory take turns.
lock() {
    exec 9>"$run_dir/lock"
    flock -w 120 9 || fail 1 "another ./run.sh has been starting or stopping in $run_dir for two minutes"
}
unlock() { exec 9>&-; }

# ---------------------------------------------------------------------------------------------- PostgreSQL of our own

as_database_user() {
    if [ "$(id -u)" -eq 0 ]; then # initdb refuses root
        setpriv --reuid=nobody --regid=nogroup --clear-groups -- env HOME=/ "$@"
    else
        "$@"
    fi
}

postgres_bin() {
    local dir
    for dir in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5 -rn); do
        if [ -x "$dir/initdb" ] && [ -x "$dir/pg_ctl" ]; then
            printf '%s' "$dir"
            return
        fi
    done
    return 1
}

# The private server's directory. Where the database user cannot reach this checkout (one under /root, say),
# it lies in /var/tmp and .run/postgres.dir says where.
postgres_dir() {
    if [ -f "$run_dir/postgres.dir" ]; then
        cat "$run_dir/postgres.dir"
    else
        printf '%s/postgres' "$run_dir"
    fi
}

prepare_postgres_dir() {
    local dir
    [ -f "$run_dir/postgres.dir" ] || [ -d "$run_dir/postgres" ] && return
    mkdir "$run_dir/postgres" && chmod 700 "$run_dir/postgres" || return 1
    [ "$(id -u)" -eq 0 ] || return 0
    chown nobody:nogroup "$run_dir/postgres"
    as_database_user test -w "$run_dir/postgres" 2>/dev/null && return
    rmdir "$run_dir/postgres"
    dir="$(mktemp -d /var/tmp/akkascale-postgres.XXXXXX)" && chown nobody:nogroup "$dir" || return 1
    printf '%s' "$dir" >"$run_dir/postgres.dir"
    say "user nobody cannot reach $run_dir; the private PostgreSQL lies in $dir"
}

# Both initdb and the server are started with / as working directory, which every user may read.
start_postgres() {
    local bin dir password port attempt
    bin="$(postgres_bin)" || fail 1 "PostgreSQL is not installed (no /usr/lib/postgresql/*/bin/initdb).
Install the server, e.g. apt-get install postgresql, or give a running one with --connection-string."
    prepare_postgres_dir || fail 1 "cannot make a directory for the private PostgreSQL under $run_dir"
    dir="$(postgres_dir)"
    if [ ! -f "$dir/data/PG_VERSION" ]; then
        say "creating a private PostgreSQL in $dir"
        (umask 077 && od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$dir/password")
        if [ "$(id -u)" -eq 0 ]; then chown nobody:nogroup "$dir/password"; fi
        (
            cd / || exit 1
            umask 077
            as_database_user "$bin/initdb" --pgdata "$dir/data" --username akkascale --encoding UTF8 --locale C \
                --auth scram-sha-256 --pwfile "$dir/password" --no-instructions
        ) >"$run_dir/logs/initdb.log" 2>&1 || {
            tail -n 20 "$run_dir/logs/initdb.log" >&2
            fail 1 "initdb failed; the whole log: $run_dir/logs/initdb.log"
        }
    fi
    password="$(cat "$dir/password")" ||
        fail 1 "the password of the private PostgreSQL is lost; start over with --fresh"
    stop_postgres
    for attempt in 1 2 3 4 5; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        port_taken "$port" && continue
        if (cd / && as_database_user "$bin/pg_ctl" start --silent --wait --timeout 60 --pgdata "$dir/data" --log "$dir/log" \
            --options "-c port=$port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400") \
            >/dev/null 2>&1 8>&- 9>&-; then
            connection="Host=127.0.0.1;Port=$port;Username=akkascale;Password=$password;Database=postgres"
            private_postgres=yes
            say "private PostgreSQL is ready on port $port (log: $dir/log)"
            return
        fi
    done
    tail -n 20 "$dir/log" >&2
    fail 1 "the private PostgreSQL did not start after $attempt attempts; the whole log: $dir/log"
}

stop_postgres() {
    local bin dir
    dir="$(postgres_dir)"
    [ -f "$dir/data/postmaster.pid" ] && bin="$(postgres_bin)" || return 0
    start_time_of "$(head -n 1 "$dir/data/postmaster.pid")" >/dev/null || return 0
    say "stopping the private PostgreSQL"
    (cd / && as_database_user "$bin/pg_ctl" stop --silent --pgdata "$dir/data" --mode fast --timeout 20 ||
        as_database_user "$bin/pg_ctl" stop --silent --pgdata "$dir/data" --mode immediate --timeout 10) >/dev/null 2>&1 ||
        complain "the private PostgreSQL did not stop; its process id is in $dir/data/postmaster.pid"
}

empty_store() {
    if [ "$store" = sqlite ]; then
        say "emptying the embedded store"
        rm -rf "${run_dir:?}/store"
    elif [ -n "$connection" ]; then
        fail 2 "--fresh does not empty a database given by connection string: drop and create it yourself"
    else
        say "emptying the private PostgreSQL"
        stop_postgres
        local dir
        dir="$(postgres_dir)"
        rm -rf "${dir:?}/data" "$dir/log"
    fi
}

# ---------------------------------------------------------------------------------------------- nodes

# Without ICU the runtime ends with a page of stack; in its invariant mode it runs, and the nodes refuse to.
require_icu() {
    if [ "${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-}" = 1 ] || [ "${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-}" = true ]; then
        fail 2 "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT is set: nodes need ICU, to tell two spellings of one id; unset it"
    fi
    compgen -G '/usr/lib*/libicuuc.so*' >/dev/null || compgen -G '/usr/lib/*/libicuuc.so*' >/dev/null ||
        PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep libicuuc >/dev/null ||
        fail 1 "ICU is missing, which .NET needs for Unicode: install the package libicu (Debian 12: apt-get install libicu72)"
}

# The cluster runs from a copy of the build output: a later build must not change files under its feet.
prepare_program() {
    require_icu
    if [ "$build" = yes ]; then
        say "building (Release)"
        dotnet build "$ROOT/src/Node/Node.csproj" -c Release -nologo -v quiet -clp:NoSummary \
            >"$run_dir/logs/build.log" 2>&1 8>&- 9>&- || { # compile servers stay behind: they must not inherit the lock
            tail -n 30 "$run_dir/logs/build.log" >&2
            fail 1 "the build failed; the whole log: $run_dir/logs/build.log"
        }
    fi
    [ -f "$program/AkkaScale.Node.dll" ] || fail 1 "there is no build of the node in $program; leave --no-build out"
    rm -rf "${run_dir:?}/$app"
    cp -R "$program" "$run_dir/$app" || fail 1 "cannot copy the build to $run_dir/$app"
}

ports_of() { # node number; sets the three ports
    gateway=$((gateway_base + $1 - 1))
    management=$((management_base + $1 - 1))
    cluster=$((cluster_base + $1 - 1))
}

taken_port_of() { # prints the first port of a node that somebody else listens on
    local port
    ports_of "$1"
    for port in "gateway $gateway" "management $management" "cluster $cluster"; do
        if port_taken "${port#* }"; then
            printf '%s' "$port"
            return
        fi
    done
    return 1
}

# Starts one process in a session of its own, so that Ctrl-C in this terminal reaches this script alone
# and the nodes are stopped in order. The connection string goes by environment: arguments show in ps.
launch() { # node number
    local name="node-$1" log="$run_dir/logs/node-$1.log"
    ports_of "$1"
    printf '\n==== %s started %s\n' "$name" "$(date -u +%FT%TZ)" >>"$log"
    (
        export DOTNET_NOLOGO=1
        export AKKASCALE__STORE__CONNECTIONSTRING="$connection"
        cd "$run_dir/$app" || exit 1
        exec setsid dotnet AkkaScale.Node.dll --name "$name" --store "$store" --store-path "$run_dir/store" \
            --gateway-bind "127.0.0.1:$gateway" --management-bind "127.0.0.1:$management" \
            --cluster-bind "127.0.0.1:$cluster" --management-anonymous operator --AkkaScale:Node:AllowDrills true \
            --AkkaScale:Store:BackupPath "$run_dir/backups" "${node_args[@]}"
    ) </dev/null >>"$log" 2>&1 8>&- 9>&- &
    pid=$!
    started="$(start_time_of "$pid")"
    printf '%s %s %s %s %s\n' "$pid" "${started:-0}" "$gateway" "$management" "$cluster" >"$(pid_file "$name")"
}

# What the log says since the last start of this node.
log_tail() {
    complain "$1: the end of $run_dir/logs/$1.log"
    # shellcheck disable=SC2016 # $ is sed's
    sed -n '/^==== /h;/^==== /!H;${x;p}' "$run_dir/logs/$1.log" | tail -n 25 | sed 's/^/    /' >&8
}

await_ready() { # names
    local name deadline=$((SECONDS + READY_SECONDS)) code
    for name in "$@"; do
        while read_node "$name" && [ "$(http_status "$management" /ready)" != 200 ]; do
            if [ "$interrupted" = yes ]; then return 130; fi
            if ! is_running "$name"; then
                wait "$pid" 2>/dev/null
                code=$?
                log_tail "$name"
                complain "$name ended with exit code $code before it was ready"
                return "$((code == 0 || code == 127 ? 1 : code))"
            fi
            if [ "$SECONDS" -ge "$deadline" ]; then
                log_tail "$name"
                complain "$name was not ready within $READY_SECONDS s"
                return 1
            fi
            pause 0.2
        done
        say "$name is ready (process $pid): gateway http://127.0.0.1:$gateway, management http://127.0.0.1:$management"
    done
}

# ---------------------------------------------------------------------------------------------- actions

up() {
    local number taken code names=()
    lock
    if any_running; then
        complain "the cluster runs already:"
        status >&2
        fail 3 "see it with ./run.sh --status, end it with ./run.sh --stop, add a node with ./run.sh --join"
    fi
    rm -f "$run_dir"/pids/node-* "$run_dir/stopping"
    for number in $(seq 1 "$nodes"); do
        taken="$(taken_port_of "$number")" &&
            fail 1 "port ${taken#* } (${taken% *} of node-$number) is in use by another program; end it, or choose others with --${taken% *}-port"
        names+=("node-$number")
    done
    prepare_program
    if [ "$fresh" = yes ]; then empty_store; fi
    trap 'trap "" INT TERM; complain "stopped while starting"; stop_all; exit 130' INT TERM
    if [ "$store" = postgres ] && [ -z "$connection" ]; then start_postgres; fi
    save_cluster
    for number in $(seq 1 "$nodes"); do
        : >"$run_dir/logs/node-$number.log"
        launch "$number"
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
    watch_over
}

stop_all() {
    local result=0
    stop_nodes || result=1
    if [ "$private_postgres" = yes ]; then stop_postgres; fi
    return $result
}

# Waits, says when a node ends or comes back, and returns when all are gone or a signal arrives.
watch_over() {
    local name code
    local -A alive=()
    trap 'interrupted=yes' INT TERM
    for name in $(known_nodes); do alive[$name]="$pid"; done
    while [ "$interrupted" = no ]; do
        [ -n "$(known_nodes)" ] || { say "stopped from another terminal"; return 0; }
        for name in $(known_nodes); do
            if is_running "$name"; then
                [ -n "${alive[$name]-}" ] || say "$name runs (process $pid)"
                alive[$name]="$pid"
            elif [ -n "${alive[$name]-}" ] && [ -f "$(pid_file "$name")" ]; then
                alive[$name]=""
                if [ -f "$run_dir/stopping" ]; then continue; fi
                wait "$pid" 2>/dev/null
                code=$?
                if [ "$code" -eq 127 ]; then code=unknown; fi # not this script's child: started again from elsewhere
                say "$name (process $pid) has ended, exit code $code; again with ./run.sh --start $name"
            fi
        done
        for name in "${!alive[@]}"; do
            [ -z "${alive[$name]}" ] || [ -f "$(pid_file "$name")" ] || { say "$name has left"; unset "alive[$name]"; }
        done
        pause 1
    done
    trap '' INT TERM # once is enough: the stop is bounded
    say
    lock
    stop_all
    exit $?
} 2>/dev/null # the shell would print the whole command line of a node that was killed

require_running() {
    any_running || fail 3 "no cluster runs here; start one with ./run.sh"
    load_cluster
}

# One node in this terminal's foreground until Ctrl-C, or detached.
add_node() { # node number
    local name="node-$1" code
    trap 'interrupted=yes' INT TERM
    launch "$1"
    await_ready "$name"
    code=$?
    read_node "$name"
    unlock
    if [ "$code" -eq 0 ] && [ "$detach" = yes ] && [ "$interrupted" = no ]; then return; fi
    if [ "$code" -eq 0 ]; then say "Ctrl-C makes $name leave."; fi
    while [ "$code" -eq 0 ] && [ "$interrupted" = no ] && is_running "$name"; do pause 1; done
    if is_running "$name"; then
        trap '' INT TERM
        say "$name leaves"
        end_process "$name" "$pid" "$started" || code=1
        rm -f "$(pid_file "$name")"
    elif [ "$code" -eq 0 ] && [ -f "$(pid_file "$name")" ]; then
        wait "$pid" 2>/dev/null
        code=$?
        log_tail "$name"
        complain "$name has ended with exit code $code"
    fi
    exit "$code"
}

join() {
    local number last
    lock
    require_running
    last="$(known_nodes | tail -n 1)"
    number=$((${last#node-} + 1))
    while taken_port_of "$number" >/dev/null; do
        number=$((number + 1))
        [ "$number" -le $((MAX_NODES * 2)) ] || fail 1 "found no free ports for another node"
    done
    : >"$run_dir/logs/node-$number.log"
    add_node "$number"
}

start_again() {
    local taken number="${start_name#node-}"
    lock
    [ -n "$(known_nodes)" ] || fail 3 "no cluster runs here; start one with ./run.sh"
    load_cluster
    is_running "$start_name" && fail 3 "$start_name runs already (process $pid)"
    [ -f "$(pid_file "$start_name")" ] || fail 3 "$start_name was never part of this cluster; add a node with ./run.sh --join"
    taken="$(taken_port_of "$number")" &&
        fail 1 "port ${taken#* } (${taken% *} of $start_name) is in use by another program"
    detach=yes # a node that is started again is one of the cluster's own: it ends with the others
    add_node "$number"
}

# Waits until every shard has an owner, none is moving, and this node has its part again.
await_shards() { # node
    local name="$1" deadline=$((SECONDS + BALANCE_SECONDS)) status members
    read_node "$name"
    while :; do
        status="$(http_body "$management" /cluster/status)"
        members="$(http_body "$management" /cluster/members)"
        if [[ "$status" == *'"unowned":0,"moving":0'* && "$members" =~ \"name\":\"$name\"[^}]*\"shards\":[1-9] ]]; then return; fi
        if [ "$interrupted" = yes ]; then return 130; fi
        if [ "$SECONDS" -ge "$deadline" ]; then
            complain "$name has no shards, or shards are still moving, after $BALANCE_SECONDS s; see ./pbm shards map"
            return 1
        fi
        pause 0.3
    done
}

# The new build goes beside the old one, which the nodes still run that come later.
rolling_restart() {
    local name names=() number=0 code old
    lock
    require_running
    for name in $(known_nodes); do
        if is_running "$name"; then names+=("$name"); fi
    done
    old="$app"
    if [ "$old" = app ]; then app=app-next; else app=app; fi
    prepare_program
    private_postgres="$(setting private)"
    save_cluster
    trap 'interrupted=yes' INT TERM
    for name in "${names[@]}"; do
        number=$((number + 1))
        if [ "$interrupted" = yes ]; then break; fi
        say "($number of ${#names[@]}) $name: stops and gives its shards away"
        : >"$run_dir/stopping"
        read_node "$name"
        end_process "$name" "$pid" "$started"
        launch "${name#node-}"
        rm -f "$run_dir/stopping"
        await_ready "$name"
        code=$?
        if [ "$code" -eq 0 ]; then
            await_shards "$name"
            code=$?
        fi
        if [ "$code" -eq 130 ]; then break; fi
        [ "$code" -eq 0 ] || fail "$code" "stopped at $name; the nodes after it still run the old build: ${names[*]:number}"
    done
    if [ "$interrupted" = yes ]; then
        complain "interrupted; not restarted: ${names[*]:number}"
        exit 130
    fi
    rm -rf "${run_dir:?}/$old"
    say "all ${#names[@]} nodes are restarted"
}

stop() {
    lock
    local ran=no
    if [ -n "$(known_nodes)" ]; then ran=yes; fi
    private_postgres="$(setting private)"
    stop_all
    local code=$?
    [ "$ran" = yes ] || fail 3 "nothing runs here"
    exit "$code"
}

status() {
    local name state running=no
    [ -n "$(known_nodes)" ] || { say "nothing runs here"; exit 3; }
    printf '%-10s %-9s %-10s %-26s %s\n' NODE PROCESS STATE GATEWAY MANAGEMENT
    for name in $(known_nodes); do
        if is_running "$name"; then
            running=yes
            case "$(http_status "$management" /ready)" in
                200) state=ready ;;
                "") state=silent ;;
                *) state="not ready" ;;
            esac
        else
            state=ended
        fi
        printf '%-10s %-9s %-10s %-26s %s\n' "$name" "$pid" "$state" "http://127.0.0.1:$gateway" "http://127.0.0.1:$management"
    done
    say "store: $(setting store)$([ "$(setting private)" = yes ] && printf ' (private)')"
    [ "$running" = yes ] || exit 3
}

hints() {
    local first=$gateway_base second=$((gateway_base + (nodes > 1))) last=$((gateway_base + nodes - 1)) here="" gateways=""
    if [ "$run_dir" != "$ROOT/.run" ]; then here=" --dir $(shown "$run_dir")"; fi
    if [ "$first" -ne 8080 ]; then gateways=" --gateway http://127.0.0.1:$first"; fi
    say
    say "Try, in another terminal:"
    if [ "$management_base" -ne 8558 ]; then say "  export PBM_NODE=127.0.0.1:$management_base"; fi
    cat <<TEXT
  curl -X PUT http://localhost:$first/users/ann -H 'X-Acting-User: ann' -H 'Content-Type: application/json' -d '{"name":"Ann"}'
  curl -X PUT http://localhost:$first/projects/apollo -H 'X-Acting-User: ann' -H 'Content-Type: application/json' -d '{"name":"Apollo","owner":"ann"}'
  curl -X PUT http://localhost:$second/tasks/t-1 -H 'X-Acting-User: ann' -H 'Content-Type: application/json' -d '{"project":"apollo","title":"Land on the moon"}'
  curl -X POST http://localhost:$last/tasks/t-1/complete -H 'X-Acting-User: ann' -H 'Idempotency-Key: first-try'
  curl http://localhost:$first/tasks/t-1

  http://127.0.0.1:$management_base/console   # all of it in a browser, as it happens

  ./pbm                             # a prompt; Tab completes
  ./pbm cluster show                # who is in, who coordinates
  ./pbm shards map                  # which node owns what
  ./pbm where task/t-1              # where this task lives
  ./pbm entity events task/t-1      # what was written
  ./pbm doctor                      # what is not as it should be, and what a loss would cost
  ./pbm drill kill node-$nodes --yes$gateways # loses a node: predicted against measured
  ./pbm journal verify              # checks the whole journal
  ./pbm load TRACE --verify$gateways # replays an activity trace through the gateways

  ./run.sh$here --join              # one more node
  kill -9 \$(cut -d' ' -f1 $(shown "$(pid_file "node-$nodes")"))   # lose one
  ./run.sh$here --start node-$nodes # and have it back
  ./run.sh$here --rolling-restart # a new build, one node after the other
  tail -f $(shown "$run_dir/logs")/node-*.log
TEXT
}

shown() { printf '%s' "${1#"$PWD/"}"; }

parse "$@"
case "$action" in
    up) up ;;
    join) join ;;
    start) start_again ;;
    rolling-restart) rolling_restart ;;
    stop) stop ;;
    status) status ;;
esac
