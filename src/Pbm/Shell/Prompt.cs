using System.CommandLine;
using System.CommandLine.Parsing;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using RadLine;
using Spectre.Console;

namespace AkkaScale.Pbm.Shell;

/// <summary>
/// `[127.0.0.1:8558] pbm>`: commands as on the command line, one a line, with history and completion. Ctrl-C ends the command that runs, Ctrl-D or exit the
/// prompt. Node, token and colours given when pbm was started hold for every line that does not say otherwise.
/// </summary>
internal sealed class Prompt(RootCommand root, GlobalOptions global, ParseResult started)
{
    public const string End = "exit";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly string? _tokenFile = started.GetValue(global.TokenFile);
    private string? _node = started.GetValue(global.Node);

    /// <summary>Somebody is there to type and to read.</summary>
    public static bool IsPossible => !Console.IsInputRedirected && Screen.IsOutputTerminal;

    /// <summary>Words that precede each line.</summary>
    private IReadOnlyList<string> Before =>
    [
        .. _node is null ? [] : new[] { "--node", _node },
        .. _tokenFile is null ? [] : new[] { "--token-file", _tokenFile },
        .. started.GetValue(global.NoColor) ? new[] { "--no-color" } : [],
        .. started.GetValue(global.Json) ? new[] { "--json" } : [],
    ];

    /// <returns>The exit code of the last command.</returns>
    public async Task<int> RunAsync()
    {
        _node ??= await FindAsync().ConfigureAwait(false);
        var editor = Editor();
        var history = new PromptHistory(editor.History);
        var code = ExitCode.Ok;
        while (true)
        {
            var line = await ReadAsync(editor).ConfigureAwait(false);
            if (line is End or "quit")
            {
                return code;
            }

            if (!string.IsNullOrWhiteSpace(line))
            {
                history.Add(line);
                code = await RunAsync(line).ConfigureAwait(false);
            }
        }
    }

    private LineEditor Editor()
    {
        var editor = new LineEditor { Completion = new PromptCompletion(root, () => Before), Prompt = new NodePrompt(() => _node!) };
        editor.KeyBindings.Add<PreviousHistoryCommand>(ConsoleKey.UpArrow);
        editor.KeyBindings.Add<NextHistoryCommand>(ConsoleKey.DownArrow);
        editor.KeyBindings.Add<PreviousHistoryCommand>(ConsoleKey.P, ConsoleModifiers.Control);
        editor.KeyBindings.Add<NextHistoryCommand>(ConsoleKey.N, ConsoleModifiers.Control);
        editor.KeyBindings.Add<MoveHomeCommand>(ConsoleKey.A, ConsoleModifiers.Control);
        editor.KeyBindings.Add<MoveEndCommand>(ConsoleKey.E, ConsoleModifiers.Control);
        editor.KeyBindings.Add<DropLine>(ConsoleKey.C, ConsoleModifiers.Control);
        editor.KeyBindings.Add<EndOrDelete>(ConsoleKey.D, ConsoleModifiers.Control);
        return editor;
    }

    /// <returns>Null: the line was dropped.</returns>
    private async Task<string?> ReadAsync(LineEditor editor)
    {
        // While a line is typed Ctrl-C is a key like others; while a command runs it is a signal.
        Console.TreatControlCAsInput = true;
        try
        {
            return (await editor.ReadLine(CancellationToken.None).ConfigureAwait(false))?.Trim();
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private async Task<int> RunAsync(string line)
    {
        string[] words = [.. CommandLineParser.SplitCommandLine(line)];
        if (words is ["use", var address])
        {
            return Use(address);
        }

        if (words is ["help", .. var about])
        {
            words = [.. about, "--help"];
        }
        else if (words[0] == "pbm")
        {
            words = words[1..];
        }

        var given = AddressFirst.ToOption(words);
        var parsed = root.Parse([.. Before, .. given]);

        // Said twice the option would be refused: what the line says holds.
        var isNamed = given.Contains("--node") || given.Contains("--token-file");
        return await CommandRun.RunAsync(isNamed ? root.Parse(given) : parsed).ConfigureAwait(false);
    }

    private int Use(string address)
    {
        try
        {
            _node = NodeAddress.Candidates(address)[0].Authority;
            return ExitCode.Ok;
        }
        catch (UsageException problem)
        {
            Screen.Complain(problem.Message);
            return ExitCode.Usage;
        }
    }

    /// <summary>The first of the usual nodes that answers, or the first of them.</summary>
    private async Task<string> FindAsync()
    {
        var candidates = NodeAddress.Candidates(null);
        using var client = new ManagementClient(candidates, Patience);
        try
        {
            await client.GetAsync("/alive", ManagementJson.Default.ProblemShape, CancellationToken.None).ConfigureAwait(false);
            return client.Current.Authority;
        }
        catch (Exception problem) when (problem is NodeUnreachableException or NodeRefusedException)
        {
            Screen.Complain($"{problem.Message}; `use host:port` names another");
            return candidates[0].Authority;
        }
    }

    /// <summary>Names the node that is asked, which may change from line to line.</summary>
    private sealed class NodePrompt(Func<string> node) : ILineEditorPrompt
    {
        public (Markup Markup, int Margin) GetPrompt(ILineEditorState state, int line) =>
            new LineEditorPrompt($"[[{Markup.Escape(TerminalText.Escape(node()))}]] pbm>").GetPrompt(state, line);
    }
}
