#!/bin/sh
# Peers connect to what a node advertises. Inside a container that is the container's own address, known only now.
set -u
home="$(dirname "$0")"
address="$(hostname -i | cut -d ' ' -f 1)"
export AKKASCALE__NODE__CLUSTERADVERTISE="${AKKASCALE__NODE__CLUSTERADVERTISE:-$address:4053}"
export AKKASCALE__NODE__MANAGEMENTADVERTISE="${AKKASCALE__NODE__MANAGEMENTADVERTISE:-$address:8558}"

dotnet "$home/AkkaScale.Node.dll" "$@" &
node=$!
trap 'kill -TERM "$node" 2>/dev/null' TERM INT
wait "$node"
code=$?
# A signal ends a wait, not the node.
while kill -0 "$node" 2>/dev/null; do
    wait "$node"
    code=$?
done

# Whoever is refused would be refused again, with the same words: no restart policy is to try it for ever.
if [ "$code" -eq 64 ]; then
    echo "Refused, see above. This container waits to be stopped; correct what it is told, and make it anew." >&2
    trap 'kill "$sleeper"; exit 64' TERM INT
    while :; do
        sleep 3600 &
        sleeper=$!
        wait "$sleeper"
    done
fi
exit "$code"
