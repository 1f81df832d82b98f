# Processes and ports of this machine, for run.sh, which sources this.
# shellcheck shell=bash disable=SC2154 # variables are run.sh's

readonly STOP_SECONDS=15 KILL_SECONDS=5

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

# Sleeps so that a signal to this script is answered at once: a trap waits for a foreground command.
pause() { sleep "$1" & wait $!; }

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The whole answer to a GET; without curl, which a machine with nothing but the SDK does not have.
http_get() { # port, path
    {
        exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1:%s\r\n\r\n' "$2" "$1" >&3 && timeout 3 cat <&3
    } 2>/dev/null
}

# Ends one process: SIGTERM, a bounded wait, then SIGKILL with a word. SIGCONT lets a stopped one hear it.
end_process() { # what, process id, start time
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
