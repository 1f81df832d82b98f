using System.CommandLine;
using AkkaScale.Pbm.Transfers;

namespace AkkaScale.Pbm.CommandLine;

/// <summary>Which store a command works on that needs no node.</summary>
internal static class StoreOptions
{
    public static readonly Option<string?> Path = new("--store-path") { Description = "Directory of an embedded store.", HelpName = "directory" };

    public static readonly Option<string?> Connection = new("--connection-string")
    {
        Description = "Of a PostgreSQL database; rather in AKKASCALE__STORE__CONNECTIONSTRING, as arguments show in lists of processes.",
        HelpName = "text",
    };

    public static readonly Option<string?> Program = new("--program")
    {
        Description = "The node's program, AkkaScale.Node.dll or its directory. Default: PBM_NODE_PROGRAM, else the build beside pbm.",
        HelpName = "path",
    };

    public static void AddTo(Command command)
    {
        command.Add(Path);
        command.Add(Connection);
        command.Add(Program);
    }

    /// <exception cref="UsageException">No store, or two.</exception>
    public static (IReadOnlyList<string> Arguments, string? Connection) Read(ParseResult parsed)
    {
        var path = parsed.GetValue(Path);
        var connection = parsed.GetValue(Connection) ?? (path is null ? Environment.GetEnvironmentVariable("AKKASCALE__STORE__CONNECTIONSTRING") : null);
        return (path, connection) switch
        {
            ({ Length: > 0 }, null) => (["--store", "sqlite", "--store-path", System.IO.Path.GetFullPath(path)], null),
            (null, { Length: > 0 }) => (["--store", "postgres"], connection),
            _ => throw new UsageException("name one store: --store-path directory, or --connection-string text"),
        };
    }

    public static NodeTool Tool(ParseResult parsed) => NodeTool.Find(parsed.GetValue(Program));
}
