#!/usr/bin/env bash
# Breaks one rule of the engine at a time in a copy of the tree and shows which test notices. A mutation that no test
# notices is a failure of the tests: the exit code is the number of those.
set -uo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
readonly ROOT RULES="$ROOT/tests/Mutation/rules" COPY="$ROOT/.run/mutation" CONFIGURATION=Release BOUND=300

usage() {
    cat <<'TEXT'
Usage: tests/Mutation/mutate.sh [--list] [--table FILE] [RULE ...]

Without a RULE all are tried. Each file in tests/Mutation/rules names a rule, the place, the text and what replaces it, and
the test suites that ought to notice, in the order they are run; the first that fails ends the search.

  --list        names the rules and ends
  --table FILE  also writes the outcome as a Markdown table
  --help        this text

Works on the committed tree, in .run/mutation. Of the unit and store tests those are run that concern the engine. A whole
run takes about a minute a rule.
TEXT
}

field() { sed -n "s/^$2: //p" "$1"; }
# The text between one marker line and the next.
block() { sed -n "/^--- $2\$/,/^--- /p" "$1" | sed '1d;/^--- /d'; }

table="" names=()
while [ $# -gt 0 ]; do
    case "$1" in
        --help | -h) usage; exit 0 ;;
        --list) for rule in "$RULES"/*.txt; do printf '%-28s %s\n' "$(basename "$rule" .txt)" "$(field "$rule" rule)"; done; exit 0 ;;
        --table) table="$2"; shift ;;
        -*) printf "unknown option '%s'; see --help\n" "$1" >&2; exit 2 ;;
        *) names+=("$1") ;;
    esac
    shift
done
[ ${#names[@]} -gt 0 ] || for rule in "$RULES"/*.txt; do names+=("$(basename "$rule" .txt)"); done

cleanup() { git -C "$ROOT" worktree remove --force "$COPY" 2>/dev/null; }
trap cleanup EXIT
cleanup
git -C "$ROOT" worktree add -q --detach "$COPY" HEAD || exit 2
if [ -n "$table" ]; then printf '| Rule | Broken by | Noticed by |\n|---|---|---|\n' >"$table"; fi

mutate() { # file of the rule
    block "$1" find >"$COPY/.find" && block "$1" replace >"$COPY/.replace"
    perl -0 -e '
        my ($file, $find, $replace) = @ARGV;
        sub text { open my $in, "<", $_[0] or die "$_[0]: $!\n"; my $text = <$in> // ""; $text =~ s/\n\z//; return $text }
        my ($source, $old, $new) = (text($file), text($find), text($replace));
        my $count = () = $source =~ /\Q$old\E/g;
        die "the text stands $count times in $file, not once\n" if $count != 1;
        $source =~ s/\Q$old\E/$new/;
        open my $out, ">", $file or die; print $out "$source\n";
    ' "$COPY/$(field "$1" file)" "$COPY/.find" "$COPY/.replace"
}

survivors=0
for name in "${names[@]}"; do
    rule="$RULES/$name.txt"
    [ -f "$rule" ] || { printf 'no rule %s; see --list\n' "$name" >&2; exit 2; }
    git -C "$COPY" checkout -q -- . || exit 2
    mutate "$rule" || { printf '%-28s CANNOT BE APPLIED\n' "$name"; survivors=$((survivors + 1)); continue; }
    noticed=""
    for suite in $(field "$rule" suites); do
        project="$COPY/tests/$suite"
        if ! dotnet build "$project" -c $CONFIGURATION -v q -p:RunAnalyzersDuringBuild=false >"$COPY/.build" 2>&1; then
            noticed="DOES NOT BUILD: $(grep -m1 'error' "$COPY/.build")"
            survivors=$((survivors + 1))
            break
        fi
        # The others know nothing of these rules.
        case "$suite" in
            Unit) filter="FullyQualifiedName~Unit.Sharding|FullyQualifiedName~Unit.Membership" ;;
            Store) filter="FullyQualifiedName~AppendTests|FullyQualifiedName~TakeoverRaceTests|FullyQualifiedName~FenceTests|FullyQualifiedName~ConfirmedReadTests" ;;
            *) filter="" ;;
        esac
        timeout $BOUND dotnet test "$project" -c $CONFIGURATION --no-build --blame-hang-timeout 60s ${filter:+--filter "$filter"} >"$COPY/.out" 2>&1
        if [ $? -ne 0 ]; then
            mapfile -t failed < <(sed -n 's/^ *\(\[xUnit.*\] *\)\{0,1\}Failed \([A-Za-z0-9_.+]*\).*/\2/p' "$COPY/.out" | sed 's/.*\.\([A-Za-z0-9]*\.[A-Za-z0-9_]*\)$/\1/' | sort -u)
            noticed="$suite: ${failed[0]:-a suite that does not end}"
            [ ${#failed[@]} -gt 1 ] && noticed="$noticed and $((${#failed[@]} - 1)) more"
            break
        fi
    done
    [ -n "$noticed" ] || { noticed="NOBODY"; survivors=$((survivors + 1)); }
    printf '%-28s %s\n' "$name" "$noticed"
    if [ -n "$table" ]; then printf '| %s | %s | %s |\n' "$(field "$rule" rule)" "$(field "$rule" what)" "\`$noticed\`" >>"$table"; fi
done
printf '%s rules, %s not noticed\n' "${#names[@]}" "$survivors"
exit "$survivors"
