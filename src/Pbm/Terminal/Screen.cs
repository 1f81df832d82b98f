using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AkkaScale.Pbm.Terminal;

/// <summary>
/// Where output goes. Results to standard output, as tables or as JSON; progress and complaints to standard error.
/// Escape codes only to a terminal, and not with --no-color, NO_COLOR or TERM=dumb.
/// </summary>
internal sealed class Screen
{
    /// <summary>Lines of a pipe are not wrapped: another program reads them.</summary>
    private const int PipeWidth = 10_000;

    private readonly IAnsiConsole _out;
    private readonly bool _colours;

    public Screen(bool json, bool noColor)
    {
        Json = json;
        var plain = noColor || IsPlain;
        _colours = !plain && !Console.IsOutputRedirected;
        _out = Open(Console.Out, Console.IsOutputRedirected, plain);
        Progress = Open(Console.Error, Console.IsErrorRedirected, plain);
        IsProgressInteractive = !Console.IsErrorRedirected && !plain;
    }

    /// <summary>Standard output understands escape codes.</summary>
    public static bool IsOutputTerminal => !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public bool Json { get; }

    public bool IsProgressInteractive { get; }

    /// <summary>Standard error.</summary>
    public IAnsiConsole Progress { get; }

    public void WriteJson<T>(T value, JsonTypeInfo<T> shape) => Console.Out.WriteLine(JsonSerializer.Serialize(value, shape));

    public void Write(IRenderable renderable) => _out.Write(renderable);

    /// <param name="text">Escaped here.</param>
    public void WriteLine(string text, Color? color = null) =>
        _out.Write(new Text(TerminalText.Escape(text) + "\n", StyleOf(color)));

    /// <summary>Asks on standard error; where nobody can answer, the answer is no.</summary>
    public bool Confirm(string question)
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            return false;
        }

        Progress.Write(new Text($"{TerminalText.Escape(question)} [y/N] "));
        return Console.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    public static void Complain(string text) => Console.Error.WriteLine($"pbm: {TerminalText.Escape(text)}");

    public Table NewTable(params string[] columns)
    {
        var table = new Table { Border = Console.IsOutputRedirected ? TableBorder.None : TableBorder.Rounded };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)) { NoWrap = Console.IsOutputRedirected });
        }

        return table;
    }

    /// <summary>A cell; its text is escaped and never read as markup.</summary>
    public Text Cell(string? text, Color? color = null) =>
        new(TerminalText.Escape(text ?? "-"), StyleOf(color));

    /// <summary>Without escape codes Spectre would set colours through System.Console, which writes them to a terminal all the same.</summary>
    private Style StyleOf(Color? color) => color is { } c && _colours ? new Style(c) : Style.Plain;

    private static bool IsPlain =>
        Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || Environment.GetEnvironmentVariable("TERM") == "dumb";

    private static IAnsiConsole Open(TextWriter writer, bool redirected, bool plain)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected || plain ? AnsiSupport.No : AnsiSupport.Yes,
            ColorSystem = redirected || plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
            // Continuous-integration services would otherwise be recognised and sent escape codes.
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        if (redirected)
        {
            console.Profile.Width = PipeWidth;
        }

        return console;
    }
}
