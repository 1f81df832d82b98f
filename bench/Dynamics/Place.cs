using AkkaScale.TestKit.Networks;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Dynamics;

namespace AkkaScale.Dynamics;

/// <summary>
/// Where the processes of a run live: on this machine's loopback, or, with PostgreSQL where the machine permits it, on hosts of a network made
/// for the run, so that they can be cut. Store and network belong to the cluster that is started with them.
/// </summary>
internal sealed class Place : IAsyncDisposable
{
    private readonly PrivatePostgres? _own;

    private Place(TestStore store, PrivatePostgres? server, PrivatePostgres? own, SpecNetwork? network) =>
        (Store, Server, _own, Network) = (store, server, own, network);

    public TestStore Store { get; }

    /// <summary>The private server under the store; null for SQLite.</summary>
    public PrivatePostgres? Server { get; }

    public SpecNetwork? Network { get; }

    public string WhyNot => Server is null ? "They are for PostgreSQL." : SpecNetwork.WhyNot ?? "";

    public static async Task<Place> MakeAsync(string store)
    {
        if (store != TestStore.Postgres)
        {
            return new Place(new SqliteTestStore(), null, null, null);
        }

        if (SpecNetwork.WhyNot is null)
        {
            var network = await SpecNetwork.CreateAsync();
            var networked = await NetworkedPostgres.StartAsync(network.StoreAddress, "max_connections=400");
            return new Place(networked, networked.Server, null, network);
        }

        var server = await PrivatePostgres.StartAsync("max_connections=400");
        return new Place(await PostgresTestStore.CreateAsync(server), server, server, null);
    }

    public bool Has(FaultNeeds needs) => needs switch
    {
        FaultNeeds.DatabaseServer => Server is not null,
        FaultNeeds.Network => Network is not null,
        _ => true,
    };

    /// <summary>A server that the store does not end.</summary>
    public ValueTask DisposeAsync() => _own?.DisposeAsync() ?? ValueTask.CompletedTask;
}
