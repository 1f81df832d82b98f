namespace AkkaScale.Pbm.Shell;

/// <summary>What makes shells complete pbm's words; each asks `pbm complete`.</summary>
internal static class CompletionScripts
{
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    public static string Of(string shell) => shell switch
    {
        "bash" =>
            """
            # In ~/.bashrc: source <(pbm completion bash)
            _pbm() {
                local IFS=$'\n'
                COMPREPLY=($(pbm complete -- "${COMP_LINE:0:COMP_POINT}" 2>/dev/null))
                # bash splits words at colons too: what it has already is not to be written again.
                local word="${COMP_LINE:0:COMP_POINT}"; word="${word##* }"
                local colons="${word%"${word##*:}"}"
                COMPREPLY=("${COMPREPLY[@]#"$colons"}")
            }
            complete -F _pbm pbm
            """,
        "zsh" =>
            """
            # In ~/.zshrc, after compinit: source <(pbm completion zsh)
            _pbm() {
                local -a words_
                words_=("${(@f)$(pbm complete -- "${BUFFER[1,CURSOR]}" 2>/dev/null)}")
                [[ -n "${words_[1]}" ]] && compadd -- "${words_[@]}"
            }
            compdef _pbm pbm
            """,
        _ =>
            """
            # In ~/.config/fish/completions/pbm.fish: pbm completion fish | source
            complete -c pbm -f -a '(pbm complete -- (commandline -cp) 2>/dev/null)'
            """,
    };
}
