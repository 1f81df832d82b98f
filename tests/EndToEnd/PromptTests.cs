using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using Xunit;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>pbm's prompt on a real terminal, against a real node.</summary>
public sealed class PromptTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkascale-prompt-");
    private NodeProcess _node = null!;
    private Tmux? _terminal;

    private string Prompt => $"[{_node.Management.Authority}] pbm>";

    private string History => Path.Combine(_directory.FullName, "history");

    public async Task InitializeAsync()
    {
        _node = NodeProcess.Start(new NodeProcessSettings(NodeProgram.Of(Repository.NodeProgram))
        {
            Name = "blue-1",
            Arguments = ["--store-path", Path.Combine(_directory.FullName, "store"), "--shards", "8"],
        });
        await _node.WaitUntilReady(TimeSpan.FromSeconds(60));
    }

    public async Task DisposeAsync()
    {
        if (_terminal is not null)
        {
            await _terminal.DisposeAsync();
        }

        await _node.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [InstalledFact("tmux")]
    public async Task Tab_completes_verbs_options_and_names_of_the_cluster()
    {
        var terminal = await OpenAsync();

        await terminal.PressAsync("clu", "Tab");
        await terminal.SeesLastAsync($"{Prompt} cluster");
        await terminal.PressAsync("-s", "Tab");
        await terminal.SeesLastAsync($"{Prompt} cluster-sharding");
        await terminal.PressAsync("C-c");
        await terminal.PressAsync("cluster show --wa", "Tab");
        await terminal.SeesLastAsync($"{Prompt} cluster show --watch");
        await terminal.PressAsync("C-c");
        await terminal.PressAsync("cluster leave b");
        await terminal.PressUntilLastAsync("Tab", $"{Prompt} cluster leave blue-1"); // names come from the node, which may be slow
    }

    [InstalledFact("tmux")]
    public async Task Lines_come_back_by_the_arrows_also_in_a_later_session()
    {
        var terminal = await OpenAsync();
        await terminal.PressAsync("cluster leader", "Enter");
        await terminal.SeesAsync("the leader is told", screen => screen.Any(line => line.StartsWith("blue-1 (", StringComparison.Ordinal)) && IsAtPrompt(screen));
        await terminal.PressAsync("Up");
        await terminal.SeesLastAsync($"{Prompt} cluster leader");
        await terminal.PressAsync("C-c", "C-d");
        await terminal.SeesAsync("pbm ends", screen => screen.Contains("ended 0"));
        await terminal.DisposeAsync();

        terminal = await OpenAsync();
        await terminal.PressAsync("Up");
        await terminal.SeesLastAsync($"{Prompt} cluster leader");
        Assert.Equal(["cluster leader"], await File.ReadAllLinesAsync(History));
    }

    [InstalledFact("tmux")]
    public async Task Ctrl_C_ends_a_watch_and_a_tail_and_the_prompt_stays()
    {
        var terminal = await OpenAsync();

        await terminal.PressAsync("shards map --watch 0.2", "Enter");
        await terminal.SeesAsync("the map is drawn", screen => screen[0].EndsWith("every 0.2 s; Ctrl-C ends", StringComparison.Ordinal) && screen.Any(line => line.Contains("blue-1")));
        var first = (await terminal.ScreenAsync())[0];
        await terminal.SeesAsync("it is drawn again", screen => screen[0] != first && screen[0].EndsWith("Ctrl-C ends", StringComparison.Ordinal));
        await terminal.PressAsync("C-c");
        await terminal.SeesLastAsync(Prompt);

        await terminal.PressAsync("cluster tail", "Enter");
        await terminal.SeesAsync("events are told", screen => screen.Any(line => line.Contains("CurrentClusterState", StringComparison.Ordinal)));
        await terminal.PressAsync("C-c");
        await terminal.SeesLastAsync(Prompt);

        await terminal.PressAsync("exit", "Enter");
        await terminal.SeesAsync("pbm ends", screen => screen.Contains("ended 0"));
    }

    [InstalledFact("tmux")]
    public async Task A_line_that_is_wrong_is_explained_and_the_next_one_works()
    {
        var terminal = await OpenAsync();

        await terminal.PressAsync("cluster dance", "Enter");
        await terminal.SeesAsync("it is refused", screen => screen.Contains("pbm: see --help") && IsAtPrompt(screen));
        await terminal.PressAsync("help cluster leader", "Enter");
        await terminal.SeesAsync("help is shown", screen => screen.Contains("  pbm cluster leader") && IsAtPrompt(screen));
        await terminal.PressAsync("use 127.0.0.1:1", "Enter");
        await terminal.SeesLastAsync("[127.0.0.1:1] pbm>");
        await terminal.PressAsync("cluster leader", "Enter");
        await terminal.SeesAsync("the node is not there", screen => screen.Any(line => line.StartsWith("pbm: no node answers: 127.0.0.1:1", StringComparison.Ordinal)));
        await terminal.PressAsync($"use {_node.Management.Authority}", "Enter");
        await terminal.SeesLastAsync(Prompt);
    }

    [InstalledFact("tmux")]
    public async Task Without_a_terminal_no_prompt_and_no_escape_code_is_written()
    {
        var file = Path.Combine(_directory.FullName, "piped");

        // timeout has it in the terminal's background, ends it and continues it; that it then ends was once a matter of luck.
        var watch = $"for time in 1 2 3 4 5; do timeout 2 env {Command} shards map --watch 0.2; done";
        await using var terminal = await Tmux.StartAsync(
            $"({Command} shards map; {Command} cluster show; {watch}; {Command}) > {file} 2>&1; echo done $?; sleep 100");
        await terminal.SeesAsync("the commands end", screen => screen.Any(line => line.StartsWith("done ", StringComparison.Ordinal)));

        var text = await File.ReadAllTextAsync(file);
        Assert.Contains("blue-1", text, StringComparison.Ordinal);
        Assert.Contains("pbm: Required command was not provided.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("pbm>", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', text);
    }

    private string Command => $"PBM_HISTORY={History} dotnet {Repository.PbmProgram} {_node.Management.Authority}";

    private bool IsAtPrompt(IReadOnlyList<string> screen) => screen.LastOrDefault(line => line.Length > 0) == Prompt;

    private async Task<Tmux> OpenAsync()
    {
        _terminal = await Tmux.StartAsync($"{Command}; echo ended $?; sleep 100");
        await _terminal.SeesLastAsync(Prompt);
        return _terminal;
    }
}
