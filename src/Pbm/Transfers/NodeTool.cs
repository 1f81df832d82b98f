using System.Diagnostics;
using AkkaScale.Pbm.CommandLine;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;

namespace AkkaScale.Pbm.Transfers;

/// <summary>
/// Runs a verb of the node's program on a store that no node runs on. pbm itself knows no store; the program that does is started as a process.
/// </summary>
internal sealed class NodeTool(string program)
{
    private const string Variable = "PBM_NODE_PROGRAM";
    private const string FileName = "AkkaScale.Node.dll";

    private long _done;
    private long _all;

    public (long Done, long All) Progress => (Interlocked.Read(ref _done), Interlocked.Read(ref _all));

    /// <exception cref="UsageException">It is nowhere to be found.</exception>
    public static NodeTool Find(string? named)
    {
        var here = AppContext.BaseDirectory;
        var given = named ?? Environment.GetEnvironmentVariable(Variable);
        string[] candidates = given is { Length: > 0 }
            ? [given, Path.Combine(given, FileName)]
            :
            [
                Path.Combine(here, FileName),
                Path.Combine(here.Replace($"{Path.DirectorySeparatorChar}Pbm{Path.DirectorySeparatorChar}", $"{Path.DirectorySeparatorChar}Node{Path.DirectorySeparatorChar}", StringComparison.Ordinal), FileName),
                Path.Combine(here, "..", "..", "src", "Node", "bin", "Release", "net10.0", FileName),
            ];
        return candidates.FirstOrDefault(File.Exists) is { } found
            ? new NodeTool(Path.GetFullPath(found))
            : throw new UsageException($"the node's program {FileName} is not found{(given is null ? "" : $" at {given}")}: name it with --program, or in {Variable}");
    }

    /// <summary>Runs it to its end; what it complains of goes to standard error.</summary>
    /// <param name="connectionString">Goes by the environment, as arguments show in lists of processes.</param>
    /// <returns>Its exit code as one of pbm's, and what it printed.</returns>
    public async Task<(int ExitCode, string Output)> RunAsync(IReadOnlyList<string> arguments, string? connectionString, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments.Prepend(program))
        {
            start.ArgumentList.Add(argument);
        }

        if (connectionString is not null)
        {
            start.Environment["AKKASCALE__STORE__CONNECTIONSTRING"] = connectionString;
        }

        using var process = Process.Start(start) ?? throw new UsageException($"{program} cannot be started");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            while (await process.StandardError.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
            {
                Hear(line);
            }

            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
            return (Translate(process.ExitCode), await output.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    private void Hear(string line)
    {
        if (line.Split(' ') is ["progress", var done, var all] && long.TryParse(done, out var doneNumber) && long.TryParse(all, out var allNumber))
        {
            Interlocked.Exchange(ref _done, doneNumber);
            Interlocked.Exchange(ref _all, allNumber);
        }
        else if (line.Length > 0)
        {
            Screen.Complain(line);
        }
    }

    private static int Translate(int exitCode) => exitCode switch
    {
        0 => ExitCode.Ok,
        1 => ExitCode.Finding,
        64 => ExitCode.Usage,
        69 => ExitCode.Unreachable,
        _ => ExitCode.Fault,
    };
}
