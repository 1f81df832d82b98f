#!/usr/bin/env bash
# Puts machine code into the output directories of the given projects, in place of what each process would compile for itself.
# Usage: precompile.sh PROJECT…   (after a Release build of Node and Pbm with -p:Precompile=true)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

for program in Node Pbm; do
    dotnet publish "src/$program" -c Release --no-build -p:Precompile=true -nologo -v quiet </dev/null
    for project in "$@"; do
        for compiled in "src/$program/obj/Release/net10.0/R2R"/*.dll; do
            place="${project%/}/bin/Release/net10.0/${compiled##*/}"
            if [ -f "$place" ]; then cp "$compiled" "$place"; fi
        done
    done
done
