# The program that run.sh runs, which sources this: it is built, and copied to where the nodes run it.
# shellcheck shell=bash disable=SC2154 # variables are run.sh's

# Without ICU the runtime ends with a page of stack; in its invariant mode it runs, and the nodes refuse to.
require_icu() {
    if [ "${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-}" = 1 ] || [ "${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-}" = true ]; then
        fail 2 "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT is set: nodes need ICU, to tell two spellings of one id; unset it"
    fi
    compgen -G '/usr/lib*/libicuuc.so*' >/dev/null || compgen -G '/usr/lib/*/libicuuc.so*' >/dev/null ||
        PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep libicuuc >/dev/null ||
        fail 1 "ICU is missing, which .NET needs for Unicode: install the package libicu (Debian 12: apt-get install libicu72)"
}

projects_of() { # project file; prints it and all that it refers to, some of them several times
    local reference
    printf '%s\n' "$1"
    sed -n 's/.*<ProjectReference Include="\([^"]*\)".*/\1/p' "$1" | while read -r reference; do
        projects_of "$(realpath "$(dirname "$1")/$reference")"
    done
}

# Says how far it is: on a terminal in one line that changes, else in a line for each project.
build_program() {
    local log="$run_dir/logs/build.log" began=$SECONDS total job built=0 last="" before=-1
    command -v dotnet >/dev/null || fail 1 "the .NET SDK is missing: there is no dotnet in the PATH"
    total="$(projects_of "$ROOT/src/Node/Node.csproj" | sort -u | wc -l)"
    say "building the node (Release, $total projects, then machine code; from scratch it takes a minute or more)"
    # Compile servers stay behind: they must not inherit the lock. Analysis is for those who change the code.
    dotnet publish "$ROOT/src/Node/Node.csproj" -c Release -p:Precompile=true -p:RunAnalyzers=false -o "$program" -nologo -v minimal \
        >"$log" 2>&1 6<&- 8>&- 9>&- &
    job=$!
    while kill -0 "$job" 2>/dev/null; do
        built="$(grep -c ' -> .*\.dll$' "$log")" last="$(sed -n 's/^ *\(.*\) -> .*\.dll$/\1/p' "$log" | tail -n 1)"
        if [ "$built" -ge "$total" ]; then last="machine code"; fi
        if [ -t 1 ]; then
            printf '\r\033[K  %s of %s projects, %s s (%s) ' "$built" "$total" "$((SECONDS - began))" "${last:-restore}"
        elif [ "$built" != "$before" ]; then
            say "  $built of $total projects, $((SECONDS - began)) s${last:+ ($last)}"
        fi
        before="$built"
        pause 0.3
    done
    if [ -t 1 ]; then printf '\r\033[K'; fi
    if ! wait "$job"; then
        tail -n 30 "$log" >&2
        fail 1 "the build failed; the whole log: $log"
    fi
    say "built in $((SECONDS - began)) s"
}

# The cluster runs from a copy of the build output: a later build must not change files under its feet.
prepare_program() {
    require_icu
    if [ "$build" = yes ]; then build_program; fi
    [ -f "$program/AkkaScale.Node.dll" ] || fail 1 "there is no build of the node in $program; leave --no-build out"
    app="app-$(date +%s)"
    cp -R "$program" "$run_dir/$app" || fail 1 "cannot copy the build to $run_dir/$app"
}

remove_other_programs() {
    local dir
    for dir in "$run_dir"/app-*; do
        if [ "$dir" != "$run_dir/$app" ]; then rm -rf "${dir:?}"; fi
    done
}
