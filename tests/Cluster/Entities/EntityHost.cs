using Akka.Actor;
using Akka.Hosting;
using Akka.TestKit;
using AkkaScale.Cluster.Leases;
using AkkaScale.Cluster.Liveness;
using AkkaScale.Entities;
using AkkaScale.Journal.Hosting;
using AkkaScale.Journal.Options;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Options;
using AkkaScale.Sharding.Serialization;
using AkkaScale.Sharding.Stuck;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace AkkaScale.Tests.Cluster.Entities;

/// <summary>
/// Entities over the real journal, without a cluster: a probe in place of their shard, a lease that the test gives and takes, and a door
/// in front of the journal behind which writes wait.
/// </summary>
internal sealed class EntityHost : IAsyncDisposable
{
    private const string Lease = "tally-1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly EntityDatabase _database;
    private readonly IHost _host;
    private readonly LeaseBook _book;
    private readonly ManualResetEventSlim _door;
    private readonly TestKit _kit;
    private readonly EntityServices _services;
    private long _epoch;
    private long _ids;

    private EntityHost(EntityDatabase database, IHost host, LeaseBook book, ManualResetEventSlim door, EntityShardingOptions options)
    {
        (_database, _host, _book, _door) = (database, host, book, door);
        var system = (ActorSystem)host.Services.GetService(typeof(ActorSystem))!;
        _kit = new TestKit(system);
        var kinds = system.Settings.Setup.Get<EntityShardingSetup>().Value.Kinds;
        Kind = (EntityKind<Tally, TallyCommand, TallyEvent>)kinds.Find(TallyKind.Name)!;
        Shard = _kit.CreateTestProbe();
        Residents = new ResidentBook(options.MaxResidentEntities, TimeProvider.System);
        _services = new EntityServices
        {
            Options = options,
            Time = TimeProvider.System,
            Logger = NullLogger.Instance,
            Residents = Residents,
            Works = new WorkBook(TimeProvider.System),
            IsServing = () => true,
            ConfirmAsync = (_, cancellationToken) => Confirm(cancellationToken),
            FindCommandAsync = new JournalLookUp(system).FindAsync,
            OnRecovered = (_, rows) => RecoveredRows = rows,
        };
    }

    public EntityKind<Tally, TallyCommand, TallyEvent> Kind { get; }

    public TestProbe Shard { get; }

    public ResidentBook Residents { get; }

    public Func<CancellationToken, Task<bool>> Confirm { get; set; } = _ => Task.FromResult(true);

    /// <summary>Of the latest recovery.</summary>
    public long RecoveredRows { get; private set; }

    public static async Task<EntityHost> StartAsync(
        EntityDatabase database, EntityShardingOptions? options = null, int snapshotEvery = 1_000)
    {
        options ??= new EntityShardingOptions();
        var book = new LeaseBook("me");
        var door = new ManualResetEventSlim(true);
        var setup = new EntityShardingSetup(new EntityKindRegistry([TallyKind.Create(snapshotEvery)]), options, TimeProvider.System);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddAkka("entities", akka =>
        {
            akka.Setups.Add(setup);
            akka
                .WithFencedSqlJournal(journal =>
                {
                    (journal.Store, journal.ConnectionString) = (database.Kind, database.ConnectionString);
                    (journal.Leases, journal.LeaseOf) = (book, _ => Lease);

                    // Called in the journal's actor for each event that is to be written.
                    journal.CommandIdOf = payload =>
                    {
                        door.Wait(Patience);
                        return ((IHasCommandId)payload).CommandId;
                    };
                })
                .WithCustomSerializer("entities", EntitySerializer.Types, system => new EntitySerializer(system))
                .AddHocon("akka { loglevel = OFF\n stdout-loglevel = OFF }", HoconAddMode.Prepend);
        });
        var host = builder.Build();
        await host.StartAsync();
        var made = new EntityHost(database, host, book, door, options);
        await made.TakeLeaseAsync();
        return made;
    }

    /// <summary>What is to be written from now on waits.</summary>
    public void CloseDoor() => _door.Reset();

    public void OpenDoor() => _door.Set();

    /// <summary>The database gives the lease to another; the book does not know yet, so that the next write is refused.</summary>
    public Task LoseLeaseAsync() => _database.ExecuteAsync($"UPDATE lease SET owner = 'other', epoch = {++_epoch} WHERE name = '{Lease}'");

    public async Task TakeLeaseAsync()
    {
        await _database.ExecuteAsync(
            $"DELETE FROM lease; INSERT INTO lease (cluster, name, owner, epoch) VALUES ('akkascale', '{Lease}', 'me', {++_epoch})");
        _book.Hold(Lease, _epoch);
    }

    public IActorRef Start(string id = "t-1") => Shard.ChildActorOf(EntityActor.Props(Kind, id, _services));

    /// <summary>Starts it with asks that lie in its mailbox before its recovery begins.</summary>
    public (IActorRef Entity, Task<EntityOutcome>[] Outcomes) StartWith(params EntityAsk[] asks)
    {
        var gate = new ManualResetEventSlim();
        var producer = new GatedProducer(new EntityActorProducer(Kind, asks[0].Entity.Id, _services), gate);
        var entity = Shard.ChildActorOf(Props.CreateBy(producer));
        var outcomes = asks.Select(ask => SendAsync(entity, ask)).ToArray();
        gate.Set();
        return (entity, outcomes);
    }

    public EntityAsk Ask(TallyCommand command, Guid? id = null, bool clientKey = false, int attempt = 0, string entity = "t-1") =>
        new(new EntityKey(TallyKind.Name, entity), command, id ?? NewId(), TimeProvider.System.Monotonic() + Patience)
        {
            IsClientKey = clientKey,
            IsRead = command is Show,
            Attempt = attempt,
        };

    public Guid NewId() => new((int)Interlocked.Increment(ref _ids), 0, 0, new byte[8]);

    public Task<EntityOutcome> SendAsync(IActorRef entity, EntityAsk ask) => entity.Ask<EntityOutcome>(ask, Patience);

    public async Task<EntityReply> ReplyAsync(IActorRef entity, EntityAsk ask)
    {
        var outcome = await SendAsync(entity, ask);
        return outcome.Reply ?? throw new InvalidOperationException($"No reply, but {outcome.Kind}: {outcome.Detail}");
    }

    public TestProbe Probe() => _kit.CreateTestProbe();

    /// <summary>Completes when the actor has ended.</summary>
    public async Task EndAsync(IActorRef entity)
    {
        var watcher = _kit.CreateTestProbe();
        await watcher.WatchAsync(entity);
        await watcher.ExpectTerminatedAsync(entity, Patience);
    }

    /// <summary>Tells it to stop as its shard would, and waits for it.</summary>
    public async Task StopAsync(IActorRef entity)
    {
        entity.Tell(StopEntity.Instance);
        await EndAsync(entity);
    }

    public async Task<IActorRef> RestartAsync(IActorRef entity)
    {
        await StopAsync(entity);
        return Start();
    }

    public async ValueTask DisposeAsync()
    {
        _door.Set();
        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class GatedProducer(IIndirectActorProducer inner, ManualResetEventSlim gate) : IIndirectActorProducer
    {
        public Type ActorType => inner.ActorType;

        public ActorBase Produce()
        {
            gate.Wait(Patience);
            return inner.Produce();
        }

        public void Release(ActorBase actor) => inner.Release(actor);
    }
}
