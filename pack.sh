#!/usr/bin/env bash
# The packages that others can use, with their symbols, and pbm as a tool.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
    cat <<'TEXT'
Usage: ./pack.sh [--no-build] [--configuration NAME] [FOLDER]

  --no-build            takes what was built before
  --configuration NAME  Release unless given
  FOLDER                where they go; .run/packages unless given
TEXT
}

build=yes configuration=Release folder=.run/packages
while [ $# -gt 0 ]; do
    case "$1" in
        --help | -h) usage; exit 0 ;;
        --no-build) build=no ;;
        --configuration) configuration="${2:?--configuration needs a name}"; shift ;;
        -*) echo "unknown option '$1'; see ./pack.sh --help" >&2; exit 2 ;;
        *) folder="$1" ;;
    esac
    shift
done
if [ "$build" = yes ]; then
    for project in Management TestKit Pbm; do # the first brings the others along
        dotnet build "src/$project" -c "$configuration" -nologo -v quiet
    done
fi
dotnet pack AkkaScale.sln -c "$configuration" --no-build -o "$folder" -nologo -v quiet
