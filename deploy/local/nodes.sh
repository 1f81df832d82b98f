# The node processes of run.sh, which sources this: how they are known, started, watched over and ended.
# shellcheck shell=bash disable=SC2030,SC2031,SC2034,SC2154 # variables are shared with run.sh; subshells set their own copies

readonly READY_SECONDS=60 ENDS_PER_MINUTE=4

# pids/NAME is one line: process id, its start time, the three ports, and what is to become of it: "wanted", "leaving", or the
# exit code with which it ended for good. The last number in the name says which ports it has.
read_node() { # name; sets the six
    pid="" started="" gateway="" management="" cluster="" fate=""
    { read -r pid started gateway management cluster fate <"$run_dir/pids/$1"; } 2>/dev/null
}

write_node() { # name
    printf '%s\n' "$pid $started $gateway $management $cluster $fate" >"$run_dir/$1.new" && mv "$run_dir/$1.new" "$run_dir/pids/$1"
}

# Only of a node that is wanted still, and of that process where one is named: who stops one and who starts it again may meet.
set_fate() { # name, fate, [process id]
    (
        flock 7
        if read_node "$1" && [ "$fate" = wanted ] && [ "${3:-$pid}" = "$pid" ]; then
            fate="$2"
            write_node "$1"
        fi
    ) 7>"$run_dir/pids.lock"
}

is_running() { read_node "$1" && [ "$(start_time_of "$pid")" = "$started" ]; }

known_nodes() {
    local file
    for file in "$run_dir"/pids/*-*; do
        if [ -f "$file" ]; then printf '%s\n' "${file##*/}"; fi
    done | sort -t- -k2 -n
}

any_running() {
    local name
    for name in $(known_nodes); do
        if is_running "$name"; then return 0; fi
    done
    return 1
}

ports_of() { # number; sets the three ports
    gateway=$((gateway_base + $1 - 1)) management=$((management_base + $1 - 1)) cluster=$((cluster_base + $1 - 1))
}

taken_port_of() { # number; prints the first of its ports that somebody listens on
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

# In a session of its own, so that Ctrl-C in this terminal reaches this script alone and the nodes are stopped in order.
# The connection string goes by environment: arguments show in ps.
run_node() { # name
    export DOTNET_NOLOGO=1 AKKASCALE__STORE__CONNECTIONSTRING="$connection"
    cd "$run_dir/$app" || exit 1
    local roles=entity,gateway
    if [ "${1%-*}" = gateway ]; then roles=gateway; fi
    exec setsid dotnet AkkaScale.Node.dll --name "$1" --roles "$roles" --store "$store" --store-path "$run_dir/store" \
        --gateway-bind "127.0.0.1:$gateway" --management-bind "127.0.0.1:$management" --cluster-bind "127.0.0.1:$cluster" \
        --management-anonymous operator --AkkaScale:Node:AllowDrills true "${node_args[@]}"
}

# What an exit code says of a node that is to be started again; nothing of one that is not (docs/cluster.md).
why_again() {
    case "$1" in
        75) printf 'it did not join in time' ;;
        81) printf 'it was sent away' ;;
        82) printf 'it was declared dead' ;;
        83) printf 'the cluster was founded anew without it' ;;
        84) printf 'the others removed it' ;;
        137) printf 'it was killed' ;;
    esac
}

note() { printf '%s\n' "$*" >>"$run_dir/logs/run.log"; }

# In the background as long as the node is wanted: runs it, and again when it ended with a code that asks for it. A node that was stopped and started
# again meanwhile has another supervisor: this one goes by the process id that it wrote itself, 0 at first.
supervise() { # name
    local name="$1" log="$run_dir/logs/$1.log" own=0 code why word ends=() recent
    trap '' INT HUP # the terminal's: they are for this script, which stops the nodes in order
    while exec 7>"$run_dir/pids.lock" && flock 7 && read_node "$name" && [ "$fate" = wanted ] && [ "$pid" = "$own" ]; do
        printf '\n==== %s started %s\n' "$name" "$(date -u +%FT%TZ)" >>"$log"
        run_node "$name" </dev/null >>"$log" 2>&1 7>&- &
        own=$! pid=$! started="$(start_time_of $!)"
        write_node "$name"
        exec 7>&-
        wait "$own"
        code=$? why="$(why_again "$code")" ends=("$SECONDS" "${ends[@]:0:ENDS_PER_MINUTE}")
        read_node "$name" && [ "$fate" = wanted ] && [ "$pid" = "$own" ] || return
        recent=$((${#ends[@]} > ENDS_PER_MINUTE && ends[0] - ends[ENDS_PER_MINUTE] < 60))
        if [ -n "$why" ] && [ "$restart" = yes ] && [ "$recent" = 0 ]; then
            note "$name (process $pid) has ended: $why (exit code $code); it is started again"
            pause 1
            continue
        fi
        word="${why:+: $why}"
        if [ "$recent" = 1 ]; then word+=", too often within a minute"; fi
        if [ "$code" = 0 ]; then word=": it has left the cluster"; fi
        if [ "$code" = 85 ]; then word=": it has left without handing everything over, see its log"; fi
        set_fate "$name" "$code" "$own"
        note "$name (process $pid) has ended$word (exit code $code); again with ./run.sh --start $name"
        return
    done
}

launch() { # name
    ports_of "${1##*-}"
    pid=0 started=0 fate=wanted
    write_node "$1"
    say "starting $1: gateway http://127.0.0.1:$gateway, management http://127.0.0.1:$management, cluster port $cluster"
    supervise "$1" </dev/null >/dev/null 2>&1 8>&- 9>&- &
}

# What the log says since the last start of this node.
log_tail() {
    complain "$1: the end of $run_dir/logs/$1.log"
    # shellcheck disable=SC2016 # $ is sed's
    sed -n '/^==== /h;/^==== /!H;${x;p}' "$run_dir/logs/$1.log" | tail -n 25 | sed 's/^/    /' >&8
}

await_ready() { # names
    local name began=$SECONDS
    for name in "$@"; do
        while read_node "$name" && [[ "$(http_get "$management" /ready)" != "HTTP/1.1 200 "* ]]; do
            if [ "$interrupted" = yes ]; then return 130; fi
            if [[ "$fate" =~ ^[0-9]+$ ]]; then
                log_tail "$name"
                complain "$name ended with exit code $fate before it was ready"
                return "$((fate == 0 ? 1 : fate))"
            fi
            if [ "$((SECONDS - began))" -ge "$READY_SECONDS" ]; then
                log_tail "$name"
                complain "$name was not ready within $READY_SECONDS s"
                return 1
            fi
            pause 0.2
        done
        [ -n "$pid" ] || return 1 # stopped from another terminal
        say "$name is ready after $((SECONDS - began)) s (process $pid)"
    done
}

# Makes one node leave: nobody starts it again, and its line goes when its process has ended.
retire() { # name
    local code=0
    set_fate "$1" leaving
    if is_running "$1"; then
        say "stopping $1 (process $pid)"
        end_process "$1" "$pid" "$started" || code=1
    fi
    rm -f "$run_dir/pids/$1"
    return $code
}

stop_all() {
    local name job code=0 jobs=()
    for name in $(known_nodes); do
        retire "$name" &
        jobs+=($!)
    done
    for job in "${jobs[@]}"; do wait "$job" || code=1; done
    if [ "$private_postgres" = yes ]; then stop_postgres; fi
    return $code
}
