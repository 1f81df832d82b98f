#!/usr/bin/env bash
# Makes the transcript in docs/pbm.md anew: types docs/pbm-session.txt against three real nodes. A test of the gate does the same and compares.
set -euo pipefail

if [ $# -gt 0 ]; then
    printf 'Usage: docs/transcript.sh\n\nWrites the part of docs/pbm.md below "## Transcript" anew, from docs/pbm-session.txt.\n'
    [ "$1" = --help ] && exit 0 || exit 2
fi
root="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)"
dotnet build "$root/tests/EndToEnd" -c Release -v q --nologo
AKKASCALE_WRITE_TRANSCRIPT=1 dotnet test "$root/tests/EndToEnd" -c Release --no-build --nologo --filter FullyQualifiedName~TranscriptTests
