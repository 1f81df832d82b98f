#!/usr/bin/env bash
# The packages that others can use, with their symbols, into a folder: .run/packages, or the one that is named.
# With --no-build it takes what was built before (dotnet build -c Release).
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
no_build=() into=.run/packages
for argument in "$@"; do
    case "$argument" in
        --help | -h) sed -n '2,3s/^# //p' "$0"; exit 0 ;;
        --no-build) no_build=(--no-build) ;;
        -*) echo "unknown option '$argument'; see ./pack.sh --help" >&2; exit 2 ;;
        *) into="$argument" ;;
    esac
done
for project in Entities Cluster Journal Sharding Management TestKit; do
    dotnet pack "src/$project" -c Release "${no_build[@]}" -o "$into" -v quiet --nologo
done
