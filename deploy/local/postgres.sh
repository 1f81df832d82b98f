# The private PostgreSQL of run.sh, which sources this: a server of its own under .run, on a free port of the loopback address.
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with run.sh

# initdb refuses root, so root runs it as nobody; with / as working directory, which every user may read.
as_database_user() {
    (
        cd / || exit 1
        if [ "$(id -u)" -eq 0 ]; then
            exec setpriv --reuid=nobody --regid=nogroup --clear-groups -- env HOME=/ "$@"
        fi
        exec "$@"
    ) 6<&- 8>&- 9>&-
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

# Where the database user cannot reach this checkout (one under /root, say), it lies in /var/tmp and postgres.dir says where.
postgres_dir() { cat "$run_dir/postgres.dir" 2>/dev/null || printf '%s/postgres' "$run_dir"; }

prepare_postgres_dir() {
    local dir
    if [ -f "$run_dir/postgres.dir" ] || [ -d "$run_dir/postgres" ]; then return; fi
    mkdir -m 700 "$run_dir/postgres" || return 1
    [ "$(id -u)" -eq 0 ] || return 0
    chown nobody:nogroup "$run_dir/postgres"
    as_database_user test -w "$run_dir/postgres" 2>/dev/null && return
    rmdir "$run_dir/postgres"
    dir="$(mktemp -d /var/tmp/akkascale-postgres.XXXXXX)" && chown nobody:nogroup "$dir" || return 1
    printf '%s' "$dir" >"$run_dir/postgres.dir"
    say "user nobody cannot reach $run_dir; the private PostgreSQL lies in $dir"
}

create_postgres() { # bin, dir
    say "creating a private PostgreSQL in $2"
    (umask 077 && od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$2/password")
    if [ "$(id -u)" -eq 0 ]; then chown nobody:nogroup "$2/password"; fi
    (
        umask 077
        as_database_user "$1/initdb" --pgdata "$2/data" --username akkascale --encoding UTF8 --locale C \
            --auth scram-sha-256 --pwfile "$2/password" --no-instructions
    ) >"$run_dir/logs/initdb.log" 2>&1 && return
    tail -n 20 "$run_dir/logs/initdb.log" >&2
    fail 1 "initdb failed; the whole log: $run_dir/logs/initdb.log"
}

# Sets connection and private_postgres.
start_postgres() {
    local bin dir password port attempt
    bin="$(postgres_bin)" || fail 1 "PostgreSQL is not installed (no /usr/lib/postgresql/*/bin/initdb).
Install the server, e.g. apt-get install postgresql, or give a running one with --connection-string."
    prepare_postgres_dir || fail 1 "cannot make a directory for the private PostgreSQL under $run_dir"
    dir="$(postgres_dir)"
    if [ ! -f "$dir/data/PG_VERSION" ]; then create_postgres "$bin" "$dir"; fi
    password="$(cat "$dir/password")" || fail 1 "the password of the private PostgreSQL is lost; start over with --fresh"
    stop_postgres
    for attempt in 1 2 3 4 5; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        port_taken "$port" && continue
        if as_database_user "$bin/pg_ctl" start --silent --wait --timeout 60 --pgdata "$dir/data" --log "$dir/log" \
            --options "-c port=$port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400" >/dev/null 2>&1; then
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
    as_database_user "$bin/pg_ctl" stop --silent --pgdata "$dir/data" --mode fast --timeout 20 >/dev/null 2>&1 ||
        as_database_user "$bin/pg_ctl" stop --silent --pgdata "$dir/data" --mode immediate --timeout 10 >/dev/null 2>&1 ||
        complain "the private PostgreSQL did not stop; its process id is in $dir/data/postmaster.pid"
}

empty_postgres() {
    local dir
    stop_postgres
    dir="$(postgres_dir)"
    rm -rf "${dir:?}/data" "$dir/log"
}
