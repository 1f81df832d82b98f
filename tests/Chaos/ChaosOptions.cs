using System.Globalization;
using AkkaScale.Tests.Chaos.Nemeses;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Chaos;

/// <summary>What to run, from the command line.</summary>
internal sealed record ChaosOptions
{
    /// <summary>After it no further nemesis begins.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(150);

    public string Store { get; init; } = TestStore.Postgres;

    public int Nodes { get; init; } = 3;

    /// <summary>Done in a random order, again and again.</summary>
    public IReadOnlyList<string> Nemeses { get; init; } = [];

    /// <summary>Each once, then the run ends, whatever the time.</summary>
    public bool OnceEach { get; init; }

    public int Seed { get; init; } = Environment.TickCount & 0xFFFFFF;

    /// <summary>Where the HTML page is written; the history lies beside it.</summary>
    public string Report { get; init; } = Path.Combine(Repository.Root, ".run", "chaos", "report.html");

    public bool Json { get; init; }

    public int Entities { get; init; } = 200;

    public int Clients { get; init; } = 16;

    /// <summary>Mean pause of a client between two operations.</summary>
    public TimeSpan Think { get; init; } = TimeSpan.FromMilliseconds(60);

    public const string Help =
        """
        Usage: ./chaos.sh [options]

        Runs a cluster of real processes, each on a host of its own (a network namespace), does one terrible thing after another to it while clients
        work, and judges what they saw. Needs Linux, root and ip(8). Ends with 0 when nothing was violated and every nemesis had a visible effect.

          --duration TIME    150s, 10m or 1h; after it no further nemesis begins (default 150s)
          --store KIND       postgres (default) or sqlite
          --nodes N          entity nodes, 2 to 9 (default 3); a gateway of its own comes on top
          --nemesis NAME,…   only these, or families of them such as "stop"; see the list below (default: all)
          --seed N           of the schedule and of the clients (default: by the clock; printed)
          --report FILE      the page with the verdict (default .run/chaos/report.html); the history lies beside it as .jsonl
          --json             a summary as one line of JSON at the end, and no progress line
          --help             this text

        Ctrl-C ends the run; what was seen until then is judged.

        Example: ./chaos.sh --duration 10m --nemesis kill-9,stop,cut --seed 7

        Nemeses:
        """;

    /// <exception cref="FormatException">With what to write instead.</exception>
    public static ChaosOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new ChaosOptions();
        for (var at = 0; at < arguments.Count; at++)
        {
            var name = arguments[at];
            string Value() => ++at < arguments.Count ? arguments[at] : throw new FormatException($"{name} needs a value; see --help");
            options = name switch
            {
                "--duration" => options with { Duration = Time(Value()) },
                "--store" => options with { Store = OneOf(name, Value(), TestStore.Postgres, TestStore.Sqlite) },
                "--nodes" => options with { Nodes = Number(name, Value(), 2, 9) },
                "--nemesis" => options with { Nemeses = Names(Value()) },
                "--seed" => options with { Seed = Number(name, Value(), 0, int.MaxValue) },
                "--report" => options with { Report = Path.GetFullPath(Value()) },
                "--json" => options with { Json = true },
                _ => throw new FormatException($"unknown option '{name}'; see --help"),
            };
        }

        return options;
    }

    private static TimeSpan Time(string text)
    {
        var unit = text.Length > 0 ? text[^1] : ' ';
        var factor = unit switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        return factor > 0 && double.TryParse(text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number * factor is >= 1 and <= 86_400
            ? TimeSpan.FromSeconds(number * factor)
            : throw new FormatException($"--duration is '{text}': write for example 150s, 10m or 1h, at most 24h");
    }

    private static int Number(string name, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"{name} is '{text}': give a number from {least} to {most}");

    private static string OneOf(string name, string text, params string[] known) =>
        known.Contains(text) ? text : throw new FormatException($"{name} is '{text}': give one of {string.Join(", ", known)}");

    private static string[] Names(string text)
    {
        var names = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var unknown = names.Where(name => NemesisList.Named(name).Count == 0).ToArray();
        return unknown.Length == 0 && names.Length > 0
            ? names
            : throw new FormatException($"--nemesis: there is no '{string.Join("', '", unknown)}'; known are {string.Join(", ", NemesisList.All.Select(known => known.Name))}");
    }
}
