using System.Diagnostics;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.Hostile;

/// <summary>
/// The cluster under attack: three node processes with gateways on one PostgreSQL, nginx with the shipped configuration in front of the first, and a bystander who works
/// all the while. <see cref="EndureAsync"/> holds every attack against what DESIGN and the table of hostile input promise.
/// </summary>
public sealed class Arena : IAsyncLifetime
{
    public const string Collection = "arena";
    public const string ClusterName = "arena";

    /// <summary>Far below the defaults, so that floods need not last for minutes.</summary>
    public const int MaxResidentEntities = 1_000;

    /// <summary>Bytes and requests of every attack meet this node; the bystander uses all.</summary>
    public const string TargetName = "node-1";

    private static readonly TimeSpan CalmWindow = TimeSpan.FromMilliseconds(700);

    /// <summary>For how long a calm that was measured is the one just before.</summary>
    private static readonly TimeSpan CalmHolds = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan JournalBound = TimeSpan.FromSeconds(20);

    private PrivatePostgres? _postgres;
    private Bystander? _bystander;
    private (Window Window, long At)? _calm;

    public ClusterFixture Cluster { get; private set; } = null!;

    public NodeProcess Target => Cluster.Node(TargetName);

    /// <summary>Null where nginx is not installed.</summary>
    public NginxProcess? Nginx { get; private set; }

    public JournalWatch Journal { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _postgres = await PrivatePostgres.StartAsync();
        var store = await PostgresTestStore.CreateAsync(_postgres);
        Cluster = await ClusterFixture.StartAsync(
            store, nodes: 3, "--cluster", ClusterName,
            "--AkkaScale:Sharding:MaxResidentEntities", $"{MaxResidentEntities}",
            "--AkkaScale:Node:MaxGatewayConnections", $"{Flood.GatewayBound}");
        Journal = new JournalWatch(store.ConnectionString);
        if (InstalledProgram.Find(NginxProcess.Program) is not null)
        {
            Nginx = await NginxProcess.StartAsync(Target.Settings.GatewayPort);
        }

        _bystander = await Bystander.StartAsync(Cluster.Gateways());
    }

    /// <summary>
    /// Carries an attack out and checks what must hold whatever it was: all processes alive, the members the same, memory bounded, the bystander served
    /// without an error and not more than three times as slowly as just before, and the journal grown by nothing but what was acknowledged.
    /// </summary>
    /// <param name="attack">Returns how many events it was acknowledged; may be run a second time when the machine itself was too slow to measure.</param>
    public async Task EndureAsync(string row, ITestOutputHelper output, Func<Task<long>> attack)
    {
        var bystander = _bystander!;
        for (var attempt = 1; ; attempt++)
        {
            var members = await Cluster.MembersAsync();
            var journal = await Journal.ReadAsync();
            var calm = await CalmAsync(bystander, isFresh: attempt > 1);
            await using var vitals = new Vitals(Cluster.Nodes);
            var acknowledged = 0L;
            var during = await bystander.WatchAsync(async () => acknowledged = await attack());
            var memory = await vitals.FinishAsync();
            var slower = new Slowdown(calm, during);
            Figures.Write(output, $"{row}: bystander p99 {slower}; memory {memory}; {acknowledged} events acknowledged");

            Assert.All(Cluster.Nodes, node => Assert.False(node.HasExited, node.Tail()));
            Assert.NotEqual(true, Nginx?.HasExited);
            Assert.Equal(members, await Cluster.MembersAsync());
            Assert.Empty(during.Troubles);
            await Eventually.Holds($"the journal grew by the {acknowledged} events acknowledged", JournalBound, async () =>
            {
                var grown = (await Journal.ReadAsync()).Foreign - journal.Foreign;
                return grown == acknowledged ? null : $"{grown} events: {await Journal.LatestAsync()}";
            });
            Assert.Equal("", (await Journal.ReadAsync()).Fault);
            Assert.True(memory.IsBounded, $"{row}: memory {memory}");
            if (slower.IsTolerable)
            {
                return;
            }

            Assert.True(attempt == 1, $"{row}: twice the bystander's p99 was {slower}");
        }
    }

    private async Task<Window> CalmAsync(Bystander bystander, bool isFresh)
    {
        if (isFresh || _calm is not { } known || Stopwatch.GetElapsedTime(known.At) > CalmHolds)
        {
            _calm = known = (await bystander.WatchAsync(() => Task.Delay(CalmWindow)), Stopwatch.GetTimestamp());
        }

        return known.Window;
    }

    /// <summary>A task of project p to attack; made when it is asked for first.</summary>
    public async Task TaskAsync(string id)
    {
        using var client = new GatewayClient(RawHttp.Bound);
        var before = (await Journal.ReadAsync()).Foreign;
        var expected = 0L;
        foreach (var (path, body) in new (string, object)[]
        {
            ("/users/tester", new { name = "Tester" }),
            ("/projects/p", new { name = "P", owner = "tester" }),
            ($"/tasks/{id}", new { project = "p", title = "T" }),
        })
        {
            var answer = await client.PutAsync(Target.Gateway, path, body);
            Assert.True(answer.IsSuccess, answer.ToString());
            expected += (int)answer.Status == 201 ? 1 : 0;
        }

        Assert.Equal(expected, (await Journal.ReadAsync()).Foreign - before);
    }

    /// <inheritdoc cref="EndureAsync(string,ITestOutputHelper,Func{Task{long}})"/>
    public Task EndureAsync(string row, ITestOutputHelper output, Func<Task> attack) => EndureAsync(row, output, async () =>
    {
        await attack();
        return 0;
    });

    public async Task DisposeAsync()
    {
        try
        {
            if (_bystander is not null)
            {
                await _bystander.DisposeAsync();
                await _bystander.CheckAsync(Journal);
                await Cluster.VerifyJournalAsync();
            }
        }
        finally
        {
            await EndAsync();
        }
    }

    private async Task EndAsync()
    {
        if (Nginx is not null)
        {
            await Nginx.DisposeAsync();
        }

        if (Cluster is not null)
        {
            await Cluster.DisposeAsync();
        }

        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }
    }
}

[CollectionDefinition(Arena.Collection)]
public sealed class ArenaCollection : ICollectionFixture<Arena>;
