using AkkaScale.TestKit;
using AkkaScale.TestKit.Networks;
using Npgsql;

namespace AkkaScale.Tests.Chaos.Rig;

/// <summary>A primary and a replica that every commit waits for. After a failover the two change places.</summary>
internal sealed class DatabasePair : IAsyncDisposable
{
    private const string Database = "chaos";
    private const int VolumeMegabytes = 2048;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private DatabasePair(DatabaseServer primary, DatabaseServer replica) => (Primary, Replica) = (primary, replica);

    public DatabaseServer Primary { get; private set; }

    public DatabaseServer Replica { get; private set; }

    public IEnumerable<DatabaseServer> Servers => [Primary, Replica];

    /// <summary>
    /// How nodes find the primary, whichever it is: both hosts are named, and only one that takes writes will do. What the driver remembers of a host is
    /// asked again after a second.
    /// </summary>
    public string ConnectionString { get; private init; } = "";

    public string PrimaryString => new NpgsqlConnectionStringBuilder(Primary.AdminString) { Database = Database }.ConnectionString;

    public static async Task<DatabasePair> StartAsync(SpecNetwork network, string directory, Shim? shim)
    {
        var servers = new List<DatabaseServer>();
        foreach (var name in new[] { "db-1", "db-2" })
        {
            var home = Path.Combine(directory, name);
            Directory.CreateDirectory(home);
            var server = new DatabaseServer(await network.AddHostAsync(name), home, shim?.Control());
            servers.Add(server);
            await server.PrepareAsync(VolumeMegabytes);
        }

        var pair = new DatabasePair(servers[0], servers[1])
        {
            ConnectionString = $"Host={string.Join(',', servers.Select(server => $"{server.Host.Address}:{DatabaseServer.Port}"))};"
                + $"Username=postgres;Database={Database};Target Session Attributes=primary;Host Recheck Seconds=1",
        };
        try
        {
            await pair.Primary.InitializeAsync();
            await pair.Primary.StartAsync();
            await pair.Primary.ExecuteAsync($"CREATE DATABASE {Database} TEMPLATE template0");
            await pair.AttachReplicaAsync();
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    /// <summary>The replica takes over; the former primary must have been stopped.</summary>
    public async Task FailOverAsync()
    {
        await Replica.PromoteAsync();
        (Primary, Replica) = (Replica, Primary);
    }

    /// <summary>Makes the replica anew from what the primary holds, and lets commits wait for it.</summary>
    public async Task AttachReplicaAsync()
    {
        await Replica.StopImmediatelyAsync();
        await Replica.CopyAsync(Primary);
        await Replica.StartAsync();
        await Primary.WaitForReplicaAsync(true);
        await WaitUntilSynchronousAsync();
    }

    public Task WaitUntilSynchronousAsync() => Eventually.Holds($"{Replica.Name} confirms every commit of {Primary.Name}", Bound, async () =>
        await Primary.TryScalarAsync("SELECT sync_state FROM pg_stat_replication") is "sync" ? null : $"it does not\n{Replica.Tail()}");

    public async ValueTask DisposeAsync()
    {
        await Primary.DisposeAsync();
        await Replica.DisposeAsync();
    }
}
