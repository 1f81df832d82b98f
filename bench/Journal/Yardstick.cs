using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace AkkaScale.Bench.Journal;

/// <summary>
/// pgbench with 64 clients, each inserting one row of 200 bytes by a prepared statement: what the machine can do right now.
/// </summary>
public sealed partial class Yardstick(string connectionString) : IDisposable
{
    private readonly string _script = Path.GetTempFileName();

    public async Task PrepareAsync()
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "CREATE TABLE yardstick (id bigserial PRIMARY KEY, payload bytea NOT NULL)", connection);
        await command.ExecuteNonQueryAsync();
        var hex = Convert.ToHexString(Load.Payload());
        await File.WriteAllTextAsync(_script, $"\\set n random(1, 1000000)\nINSERT INTO yardstick (payload) VALUES ('\\x{hex}');\n");
    }

    /// <summary>Rows a second.</summary>
    public async Task<double> RunAsync(TimeSpan duration)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        var start = new ProcessStartInfo(Find())
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "-h", target.Host!, "-p", $"{target.Port}", "-U", target.Username!, "-n", "-M", "prepared", "-c", "64", "-j", "2",
                "-T", $"{Math.Max(1, (int)duration.TotalSeconds)}", "-f", _script, target.Database!,
            },
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var found = Tps().Match(await output);
        return process.ExitCode == 0 && found.Success
            ? double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"pgbench ended with {process.ExitCode}: {await output}{await errors}");
    }

    public void Dispose() => File.Delete(_script);

    private static string Find() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin", "pgbench"))
            .FirstOrDefault(File.Exists) ?? "pgbench"
        : "pgbench";

    [GeneratedRegex(@"tps = ([0-9.]+) \(without initial")]
    private static partial Regex Tps();
}
