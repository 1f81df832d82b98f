#!/bin/sh
# Peers connect to what a node advertises. Inside a container that is the container's own address, known only now.
set -eu
address="$(hostname -i | cut -d ' ' -f 1)"
export AKKASCALE__NODE__CLUSTERADVERTISE="${AKKASCALE__NODE__CLUSTERADVERTISE:-$address:4053}"
export AKKASCALE__NODE__MANAGEMENTADVERTISE="${AKKASCALE__NODE__MANAGEMENTADVERTISE:-$address:8558}"
exec dotnet /app/AkkaScale.Node.dll "$@"
