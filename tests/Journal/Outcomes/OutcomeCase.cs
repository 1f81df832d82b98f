using Akka.Actor;
using AkkaScale.Cluster.Options;
using AkkaScale.Journal;
using AkkaScale.Journal.Options;
using AkkaScale.Tests.Journal.Fencing;
using AkkaScale.Tests.Journal.Plugins;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Relays;

namespace AkkaScale.Tests.Journal.Outcomes;

/// <summary>Entities of several shards on a node that reaches its database by a relay; every write is remembered and looked for.</summary>
internal sealed class OutcomeCase : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private const int Shards = 4;

    private readonly Dictionary<string, List<string>> _written = [];

    private OutcomeCase(FencedDatabase database, PostgresRelay relay, FencedNode node) =>
        (Database, Relay, Node) = (database, relay, node);

    /// <summary>Past the relay.</summary>
    public FencedDatabase Database { get; private set; }

    public PostgresRelay Relay { get; }

    public FencedNode Node { get; }

    public EntityTally Tally { get; } = new();

    public List<(string Id, IActorRef Actor)> Entities { get; } = [];

    public static async Task<OutcomeCase> StartAsync(
        string connectionString, int entities = 40, Action<FencedJournalOptions>? more = null)
    {
        var database = await FencedDatabase.OpenAsync(connectionString);
        var relay = new PostgresRelay(database.ConnectionString);
        var node = await FencedNode.StartAsync(
            StoreKind.Postgres, relay.ConnectionString, more: options =>
            {
                options.StatementTimeout = TimeSpan.FromSeconds(1);
                more?.Invoke(options);
            });
        var self = new OutcomeCase(database, relay, node);
        await node.HoldAsync(database.Connection, Enumerable.Range(0, Shards).Select(shard => $"shard-{shard}").ToArray());
        self.Entities.AddRange(Enumerable.Range(0, entities).Select(number => self.Create($"shard-{number % Shards}/{number}")));
        await self.Tally.ReadyAsync(self.Entities.Select(entity => entity.Actor), Patience);
        return self;
    }

    /// <summary>One write each, all at once; done when every one of them is answered.</summary>
    public Task WriteAllAsync(string text) => Task.WhenAll(Entities.Select(entity => WriteAsync(entity.Id, entity.Actor, text)));

    public async Task WriteAsync(string id, IActorRef actor, string text)
    {
        List<string> texts;
        lock (_written)
        {
            texts = _written.TryGetValue(id, out var found) ? found : _written[id] = [];
        }

        texts.Add($"{id} {text}");
        Assert.Equal(texts.Count, await actor.Ask<long>($"{id} {text}", Patience));
    }

    /// <summary>A write that is remembered, of which nobody waits for the answer.</summary>
    public void Remember(string id, string text)
    {
        lock (_written)
        {
            _written[id].Add($"{id} {text}");
        }
    }

    public (string Id, IActorRef Actor) Create(string id) => (id, Node.System.ActorOf(Entity.Props(id, Tally)));

    /// <summary>
    /// Nobody stopped or failed; each entity has just what it was told to write, once, in the database and after a recovery.
    /// </summary>
    public async Task AssertNothingHappenedAsync(params string[] stoppedByTheTest)
    {
        Assert.DoesNotContain(Tally.All, each => each.What != "stopped" || !stoppedByTheTest.Contains(each.Id));
        foreach (var (id, texts) in _written)
        {
            Assert.Equal(texts, await Database.TextsAsync(id));
        }

        await JournalChecks.AssertSoundAsync(Database.Connection);
        foreach (var (id, actor) in Entities)
        {
            await actor.GracefulStop(Patience);
            Assert.Equal(_written[id], await Create(id).Actor.Ask<string[]>(new Entity.Texts(), Patience));
        }
    }

    /// <summary>After the server was restarted, the connection past the relay is a new one.</summary>
    public async Task ReconnectAsync()
    {
        await Database.DisposeAsync();
        Database = await FencedDatabase.OpenAsync(Database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await Relay.DisposeAsync();
        await Database.DisposeAsync();
    }
}
