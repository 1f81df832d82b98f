using Npgsql;

namespace AkkaScale.Tests.Support;

/// <summary>A database on a server of its own that listens on an address besides loopback, for nodes on hosts of a network made for a test.</summary>
public sealed class NetworkedPostgres : TestStore
{
    private readonly PrivatePostgres _server;
    private readonly string _access;

    private NetworkedPostgres(PrivatePostgres server, string connectionString, string access) =>
        (_server, ConnectionString, _access) = (server, connectionString, access);

    public string ConnectionString { get; }

    public PrivatePostgres Server => _server;

    public override IReadOnlyList<string> Arguments => ["--store", Postgres, "--connection-string", ConnectionString];

    public static async Task<NetworkedPostgres> StartAsync(string address, params string[] settings)
    {
        // Whom the server lets in: a file of its own, since the server's directory is not known before it starts. No secrets in it.
        var access = Path.GetTempFileName();
        await File.WriteAllTextAsync(access, "host all all all trust\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(access, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        var server = await PrivatePostgres.StartAsync([$"listen_addresses=127.0.0.1,{address}", $"hba_file={access}", .. settings]);
        var connectionString = new NpgsqlConnectionStringBuilder(await server.CreateDatabaseAsync()) { Host = address }.ConnectionString;
        return new NetworkedPostgres(server, connectionString, access);
    }

    public override async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        File.Delete(_access);
    }
}
