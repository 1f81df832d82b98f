using System.Diagnostics;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Networks;
using Npgsql;

namespace AkkaScale.Tests.Chaos.Rig;

/// <summary>One PostgreSQL server on a host of its own. Its data lies on a file system of bounded size where the machine permits one, its log elsewhere.</summary>
internal sealed class DatabaseServer(SpecHost host, string directory) : IAsyncDisposable
{
    public const int Port = 5432;

    private const string Database = "chaos";
    private const int VolumeMegabytes = 2048;

    private const string Settings =
        "max_connections=200 checkpoint_timeout=60s logging_collector=off";

    private static readonly TimeSpan ReadyBound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(20);
    private static readonly Lazy<string> Binaries = new(FindBinaries);

    private readonly List<string> _log = [];
    private Process? _process;
    private bool _isBounded;

    public SpecHost Host { get; } = host;

    public string Name => Host.Name;

    public string Data => Path.Combine(directory, "data", "pg");

    /// <summary>What its data may take, or null where no bounded file system could be mounted.</summary>
    public string? Volume => _isBounded ? Path.Combine(directory, "data") : null;

    public bool IsRunning => _process is { HasExited: false };

    private string AdminString => $"Host={Host.Address};Port={Port};Username=postgres;Database=postgres;Timeout=5;Pooling=false";

    /// <summary>What nodes are told.</summary>
    public string ConnectionString => $"Host={Host.Address};Port={Port};Username=postgres;Database={Database}";

    /// <summary>A server with an empty database.</summary>
    public static async Task<DatabaseServer> StartAsync(SpecNetwork network, string directory)
    {
        var home = Path.Combine(directory, "db-1");
        Directory.CreateDirectory(home);
        var server = new DatabaseServer(await network.AddHostAsync("db-1"), home);
        try
        {
            await server.PrepareAsync(VolumeMegabytes);
            await server.InitializeAsync();
            await server.StartAsync();
            await server.ExecuteAsync($"CREATE DATABASE {Database} TEMPLATE template0");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the server has said lately.</summary>
    public string Tail()
    {
        lock (_log)
        {
            return string.Join('\n', _log.TakeLast(20));
        }
    }

    /// <summary>How often a server has said something, in all.</summary>
    public int Said(string text)
    {
        lock (_log)
        {
            return _log.Count(line => line.Contains(text, StringComparison.Ordinal));
        }
    }

    /// <summary>Makes room for data and log. Before anything is started on the host: what is mounted later is not seen there.</summary>
    /// <param name="megabytes">What the data may take.</param>
    private async Task PrepareAsync(int megabytes)
    {
        var volume = Path.Combine(directory, "data");
        Directory.CreateDirectory(volume);
        try
        {
            await HostCommand.RunAsync(EndBound, "mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0755", "tmpfs", volume);
            _isBounded = true;
        }
        catch (SpecFailedException)
        {
            _isBounded = false; // the nemesis that fills it is skipped then, and counted so
        }

        await HostCommand.RunAsync(EndBound, "chown", "nobody:nogroup", directory, volume);
    }

    /// <summary>As an empty server.</summary>
    private async Task InitializeAsync()
    {
        await RunAsServerAsync(
            Path.Combine(Binaries.Value, "initdb"), "-D", Data, $"--waldir={Path.Combine(directory, "wal")}", "-U", "postgres", "-A", "trust",
            "-E", "UTF8", "--locale=C", "--no-sync");
        await AllowAsync();
    }

    /// <summary>Starts it; returns when it answers.</summary>
    public async Task StartAsync()
    {
        string[] settings = [.. Settings.Split(' '), $"listen_addresses={Host.Address}", $"unix_socket_directories={directory}"];
        _process?.Dispose();
        _process = HostCommand.Start(
        [
            .. Host.Entering, .. AsServer, Path.Combine(Binaries.Value, "postgres"), "-D", Data, "-p", $"{Port}",
            .. settings.SelectMany(setting => new[] { "-c", setting }),
        ]);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await Eventually.Holds($"{Name} answers", ReadyBound, async () =>
        {
            if (_process.HasExited)
            {
                throw new SpecFailedException($"{Name} ended with {_process.ExitCode}:\n{Tail()}");
            }

            return await TryScalarAsync("SELECT 1") is null ? "it does not" : null;
        });
    }

    /// <summary>SIGQUIT, an immediate stop: as a crash of the server, whose log is then replayed. Returns when it is gone.</summary>
    public async Task StopImmediatelyAsync()
    {
        if (_process is not { HasExited: false } running)
        {
            return;
        }

        await HostCommand.RunAsync(EndBound, "kill", "-QUIT", $"{running.Id}");
        using var bound = new CancellationTokenSource(EndBound);
        try
        {
            await running.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            running.Kill();
            await running.WaitForExitAsync(CancellationToken.None);
        }
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var connection = new NpgsqlConnection(AdminString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <returns>Null also where the server does not answer.</returns>
    public async Task<object?> TryScalarAsync(string sql)
    {
        try
        {
            await using var connection = new NpgsqlConnection(AdminString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync();
        }
        catch (Exception error) when (error is NpgsqlException or IOException or TimeoutException or InvalidOperationException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopImmediatelyAsync();
        _process?.Dispose();
        if (_isBounded)
        {
            await HostCommand.RunAsync(EndBound, "umount", "-l", Path.Combine(directory, "data"));
        }
    }

    // PostgreSQL refuses to run as root. setpriv replaces itself, so the process id is the server's.
    private static string[] AsServer => ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"];

    private static Task RunAsServerAsync(params string[] command) => HostCommand.RunAsync(ReadyBound, [.. AsServer, .. command]);

    private Task AllowAsync() => File.AppendAllTextAsync(
        Path.Combine(Data, "pg_hba.conf"), "host all all all trust\n");

    private void Note(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.Add(line);
            if (_log.Count > 20_000)
            {
                _log.RemoveRange(0, 10_000);
            }
        }
    }

    private static string FindBinaries()
    {
        const string root = "/usr/lib/postgresql";
        return (Directory.Exists(root) ? Directory.GetDirectories(root).OrderDescending().Select(version => Path.Combine(version, "bin")) : [])
            .FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb")))
            ?? throw new SpecFailedException("No PostgreSQL server is installed: install one (e.g. the package postgresql).");
    }
}
