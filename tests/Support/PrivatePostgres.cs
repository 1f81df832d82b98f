using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AkkaScale.Tests.Support;

/// <summary>
/// A PostgreSQL server for tests: one started for this purpose in a temporary directory, or the one that the environment variable
/// AKKASCALE_TEST_POSTGRES (connection string of a user who may create databases) names.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    public const string EnvironmentVariable = "AKKASCALE_TEST_POSTGRES";

    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);

    private readonly string _adminConnectionString;
    private readonly string? _directory;
    private readonly string[] _settings;
    private Process? _server;
    private int _databases;

    private PrivatePostgres(string adminConnectionString, string? directory, Process? server, string[] settings) =>
        (_adminConnectionString, _directory, _server, _settings) = (adminConnectionString, directory, server, settings);

    /// <summary>True when this object started the server, so that a test may do to it what it likes.</summary>
    public bool IsPrivate => _server is not null;

    /// <summary>Of the server's maintenance database.</summary>
    public string AdminConnectionString => _adminConnectionString;

    /// <param name="settings">Further server settings, e.g. "fsync=off"; with any the server is always a private one.</param>
    /// <exception cref="InvalidOperationException">No PostgreSQL is installed and none is named: install it or set the variable.</exception>
    public static async Task<PrivatePostgres> StartAsync(params string[] settings)
    {
        if (settings.Length == 0 && Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } given)
        {
            return new PrivatePostgres(given, null, null, []);
        }

        var binaries = FindBinaries();
        var directory = Directory.CreateTempSubdirectory("akkascale-pg-").FullName;
        try
        {
            await GiveToServerUserAsync(directory);
            await RunAsUserAsync(
                Path.Combine(binaries, "initdb"), "-D", Path.Combine(directory, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8",
                "--locale=C", "--no-sync");
            return await StartServerAsync(binaries, directory, settings);
        }
        catch
        {
            Delete(directory);
            throw;
        }
    }

    /// <summary>A fresh database; its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Environment.ProcessId}_{Guid.NewGuid():N}_{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(_adminConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE \"{name}\" TEMPLATE template0", connection);
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_adminConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>A streaming replica of this private server, ready to be read.</summary>
    public async Task<PrivatePostgres> StartStandbyAsync()
    {
        var primary = new NpgsqlConnectionStringBuilder(_adminConnectionString);
        var directory = Directory.CreateTempSubdirectory("akkascale-pg-").FullName;
        try
        {
            var binaries = FindBinaries();
            await GiveToServerUserAsync(directory);
            await RunAsUserAsync(
                Path.Combine(binaries, "pg_basebackup"), "-h", primary.Host!, "-p", $"{primary.Port}", "-U", "postgres", "-D",
                Path.Combine(directory, "data"), "-R", "-X", "stream", "-c", "fast", "--no-sync");
            return await StartServerAsync(binaries, directory, []);
        }
        catch
        {
            Delete(directory);
            throw;
        }
    }

    /// <summary>Ends a private server at once, as a crash does. Its directory stays until it is disposed.</summary>
    public Task CrashAsync() => StopAsync(_server ?? throw new InvalidOperationException("The server was not started here."));

    /// <summary>Ends a private server at once and starts it again on its directory and port; returns when it answers.</summary>
    public async Task CrashAndRestartAsync()
    {
        await CrashAsync();
        _server!.Dispose();
        var port = new NpgsqlConnectionStringBuilder(_adminConnectionString).Port;
        _server = Start(AsUser(Arguments(FindBinaries(), _directory!, port, _settings)));
        _ = _server.StandardError.ReadToEndAsync(); // a pipe that nobody reads would stop the server
        if (!await IsReadyAsync(_server, _adminConnectionString))
        {
            throw new InvalidOperationException("The private PostgreSQL did not come back.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            // An immediate stop: the directory is thrown away.
            await StopAsync(_server);
            _server.Dispose();
        }

        if (_directory is not null)
        {
            Delete(_directory);
        }
    }

    private static async Task<PrivatePostgres> StartServerAsync(string binaries, string directory, string[] settings)
    {
        // A port found free may be gone a moment later: another one is tried then.
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            var server = Start(AsUser(Arguments(binaries, directory, port, settings)));
            var output = server.StandardError.ReadToEndAsync();
            var admin = $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Timeout=5";
            if (await IsReadyAsync(server, admin))
            {
                return new PrivatePostgres(admin, directory, server, settings);
            }

            await StopAsync(server);
            server.Dispose();
            if (attempt == 3)
            {
                throw new InvalidOperationException($"The private PostgreSQL did not become ready: {await output}");
            }
        }
    }

    private static string[] Arguments(string binaries, string directory, int port, string[] settings) =>
    [
        Path.Combine(binaries, "postgres"), "-D", Path.Combine(directory, "data"), "-p", $"{port}", "-c", "listen_addresses=127.0.0.1",
        "-c", $"unix_socket_directories={directory}", "-c", "max_connections=200", "-c", "logging_collector=off",
        .. settings.SelectMany(setting => new[] { "-c", setting }),
    ];

    private static async Task<bool> IsReadyAsync(Process server, string connectionString)
    {
        var waited = Stopwatch.StartNew();
        while (!server.HasExited && waited.Elapsed < ReadyTimeout)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
                await connection.OpenAsync();
                return true;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(50);
            }
        }

        return false;
    }

    private static async Task StopAsync(Process server)
    {
        if (server.HasExited)
        {
            return;
        }

        await RunAsync("kill", "-QUIT", $"{server.Id}");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await server.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            server.Kill();
        }
    }

    private static string FindBinaries()
    {
        var candidates = new List<string>();
        if (Directory.Exists("/usr/lib/postgresql"))
        {
            candidates.AddRange(Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin")));
        }

        candidates.AddRange((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        return candidates.FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb")) && File.Exists(Path.Combine(path, "postgres")))
            ?? throw new InvalidOperationException(
                $"No PostgreSQL server found. Install one (e.g. the package postgresql), or set {EnvironmentVariable} to the connection string of a user who may create databases.");
    }

    // PostgreSQL refuses to run as root. setpriv replaces itself, so the process id is the server's.
    private static string[] AsUser(string[] arguments) => Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", .. arguments]
        : arguments;

    private static Task GiveToServerUserAsync(string directory) =>
        Environment.IsPrivilegedProcess ? RunAsync("chown", "nobody:nogroup", directory) : Task.CompletedTask;

    private static Task RunAsUserAsync(params string[] arguments) => RunAsync(AsUser(arguments));

    private static async Task RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{arguments[0]} ended with {process.ExitCode}: {await output}{await errors}");
        }
    }

    private static Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo(arguments[0], arguments[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment["LC_ALL"] = "C";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException($"{arguments[0]} cannot be started: {error.Message}", error);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Delete(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (IOException)
        {
            // What a dying server still writes is left to the system's cleaning of temporary directories.
        }
    }
}
