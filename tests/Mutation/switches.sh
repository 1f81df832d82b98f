#!/usr/bin/env bash
# Breaks one rule of the engine at a time by its switch (src/Cluster/Broken.cs) and simulates whole clusters until one of them breaks a
# promise. A rule that only a defect elsewhere would need is noticed by no simulation; where it is a statement of the stores, these are compared with
# their model. A rule that nothing notices within the budget is a survivor: the exit code is the number of those.
set -uo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
readonly ROOT CONFIGURATION=Mutations SWITCHES="$ROOT/src/Cluster/Broken.cs"
readonly PROGRAM="$ROOT/tests/Simulation/bin/$CONFIGURATION/net10.0/AkkaScale.Tests.Simulation.dll"
readonly COMPARISON="$ROOT/tests/Store/Model/BrokenRuleTests.cs" # says which rules are statements
readonly BEGIN='<!-- switches: written by tests/Mutation/switches.sh -->' END='<!-- end of switches -->'

usage() {
    cat <<'TEXT'
Usage: tests/Mutation/switches.sh [--list] [--seeds N] [--seconds N] [--document FILE] [--no-build] [RULE ...]

Builds tests/Simulation once with the switches in it and runs its program with one rule broken after the other. Without a RULE all
are tried. First a run with no rule broken has to hold, or what follows would say nothing. For rules that are statements of the
stores and that no simulation has noticed, tests/Store is built and compares the broken stores with their model.

  --list           names the rules and ends
  --seeds N        seeds a rule is given before it counts as a survivor (default 20000)
  --seconds N      and the time (default 300)
  --document FILE  also replaces the table of switches in this Markdown file (docs/mutations.md)
  --no-build       runs what is there
  --help           this text

The exit code is the number of survivors; 100 when nothing can be said.
TEXT
}

rules() { sed -n '/Rules { get; }/,/];/p' "$SWITCHES" | grep -o '"[a-z-]*"' | tr -d '"'; }

# The words on a rule are those of its constant: "lease-deadline" is LeaseDeadline.
what() {
    local member
    member="$(printf '%s' "$1" | sed -E 's/(^|-)([a-z])/\U\2/g')"
    grep -B1 "const bool $member = " "$SWITCHES" | sed -n 's|.*<summary>\(.*\)</summary>.*|\1|p'
}

number() { case "$2" in '' | *[!0-9]*) printf '%s needs a number; see --help\n' "$1" >&2; exit 2 ;; esac; }

seeds=20000 seconds=300 document="" build=yes chosen=()
while [ $# -gt 0 ]; do
    case "$1" in
        --help | -h) usage; exit 0 ;;
        --list) for rule in $(rules); do printf '%-24s %s\n' "$rule" "$(what "$rule")"; done; exit 0 ;;
        --seeds) number "$1" "${2-}"; seeds="$2"; shift ;;
        --seconds) number "$1" "${2-}"; seconds="$2"; shift ;;
        --document) document="${2?--document needs a file; see --help}"; shift ;;
        --no-build) build=no ;;
        -*) printf "unknown option '%s'; see --help\n" "$1" >&2; exit 2 ;;
        *) chosen+=("$1") ;;
    esac
    shift
done
if [ ${#chosen[@]} -eq 0 ]; then mapfile -t chosen < <(rules); fi
for rule in "${chosen[@]}"; do
    rules | grep -qx -- "$rule" || { printf 'no rule %s; see --list\n' "$rule" >&2; exit 2; }
done
if [ -n "$document" ] && ! grep -qxF -- "$BEGIN" "$document"; then
    printf '%s has no line %s\n' "$document" "$BEGIN" >&2
    exit 2
fi

if [ "$build" = yes ]; then
    dotnet build "$ROOT/tests/Simulation" -c "$CONFIGURATION" -v q -nologo >&2 || { printf 'the switches do not build\n' >&2; exit 100; }
fi

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# Runs with one rule broken, or none; the output goes to a file. The program takes care of its time; the bound is for one that hangs.
simulate() { # rule, seeds, seconds
    local broken=()
    if [ -n "$1" ]; then broken=(--broken "$1"); fi
    timeout -k 10 $(($3 + 120)) dotnet "$PROGRAM" run --seeds "$2" --seconds "$3" --until-violation "${broken[@]}" >"$work/out" 2>"$work/errors"
}

# Whether both stores, with the rule broken, differ from the model. The tests pass when they do.
compare() { # rule
    grep -q "\"$1\"" "$COMPARISON" || return 1
    if [ "$build" = yes ] && [ ! -e "$work/built" ]; then
        dotnet build "$ROOT/tests/Store" -c "$CONFIGURATION" -v q -nologo >&2 || return 1
        touch "$work/built"
    fi
    timeout -k 10 300 dotnet test "$ROOT/tests/Store" -c "$CONFIGURATION" --no-build --nologo \
        --filter "FullyQualifiedName~BrokenRuleTests&DisplayName~$1" >"$work/comparison" 2>&1 &&
        grep -Eq 'Passed: +[1-9]' "$work/comparison"
}

printf 'with every rule in force: '
control_seconds=$((seconds < 60 ? seconds : 60))
if simulate "" "$seeds" "$control_seconds"; then
    sed -n 's/^\([0-9]* runs\) of.*/\1 hold/p' "$work/out"
else
    printf 'fails; nothing can be said about broken ones\n'
    cat "$work/out" "$work/errors"
    exit 100
fi

survivors=0
printf '| Switch | Broken by | Noticed | After |\n|---|---|---|---|\n' >"$work/table"
for rule in "${chosen[@]}"; do
    from=$SECONDS
    simulate "$rule" "$seeds" "$seconds"
    code=$?
    caught="$(sed -n 's/^caught by seed \([0-9]*\) after \([0-9]*\) runs: \(.*\)$/\1 \2 \3/p' "$work/out" | tail -n 1)"
    if [ "$code" -eq 1 ] && [ -n "$caught" ]; then
        read -r seed runs invariant <<<"$caught"
        noticed="$invariant, seed $seed" after="$runs $([ "$runs" -eq 1 ] && printf run || printf runs), $((SECONDS - from)) s"
    elif [ "$code" -eq 0 ] && compare "$rule"; then
        noticed="the stores differ from their model" after="$((SECONDS - from)) s"
    else
        survivors=$((survivors + 1))
        runs="$(sed -n 's/^\([0-9]* runs\) of.*/\1/p' "$work/out")"
        noticed="NOBODY" after="${runs:-no run}, $((SECONDS - from)) s"
        if [ "$code" -ne 0 ]; then noticed="NOBODY: exit code $code, $(tail -n 1 "$work/errors")"; fi
    fi
    printf '%-24s %-40s %s\n' "$rule" "$noticed" "$after"
    printf '| `%s` | %s | %s | %s |\n' "$rule" "$(what "$rule")" "$noticed" "$after" >>"$work/table"
done
printf '%s rules, %s not noticed\n' "${#chosen[@]}" "$survivors"

if [ -n "$document" ]; then
    awk -v begin="$BEGIN" -v end="$END" -v table="$work/table" '
        $0 == begin { print; while ((getline line < table) > 0) print line; skip = 1; next }
        $0 == end { skip = 0 }
        !skip { print }' "$document" >"$work/document" && cp "$work/document" "$document"
fi
exit "$survivors"
