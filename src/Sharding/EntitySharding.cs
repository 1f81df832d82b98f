using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using AkkaScale.Cluster;
using AkkaScale.Cluster.Logs;
using AkkaScale.Entities;
using AkkaScale.Journal;
using AkkaScale.Sharding.Allocation;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Figures;
using AkkaScale.Sharding.Loads;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Options;
using AkkaScale.Sharding.Reading;
using AkkaScale.Sharding.Routing;
using AkkaScale.Sharding.Stuck;

namespace AkkaScale.Sharding;

/// <summary>The entities of an actor system: a region, or a proxy, for each kind, and the client that asks them.</summary>
public sealed class EntitySharding : IExtension
{
    private readonly ExtendedActorSystem _system;
    private readonly Regions _regions;
    private readonly EntityClient _client;
    private readonly ShardMeters _meters;
    private readonly LoadBooks _loads;

    internal EntitySharding(ExtendedActorSystem system)
    {
        _system = system;
        var found = system.Settings.Setup.Get<EntityShardingSetup>();
        var setup = found.HasValue ? found.Value : new EntityShardingSetup(new EntityKindRegistry([]), new EntityShardingOptions(), TimeProvider.System);
        Map = SteeredRegions.For(system).Map;
        (Kinds, Options, Time) = (setup.Kinds, setup.Options, setup.Time);
        _regions = new Regions(system, Kinds.Names.ToDictionary(kind => kind, kind => new EntityRegion(kind, Options.ShardCount)));
        (Works, Stuck) = (new WorkBook(Time), new StuckBook(Time));
        Residents = new ResidentBook(Options.MaxResidentEntities, Time);
        _meters = new ShardMeters(_regions);
        _loads = new LoadBooks(Kinds.Names, Options.ShardCount, Options.Allocation.LoadHalfLife);
        Metrics.ObserveResidents(() => Residents.Count);
        _client = new EntityClient(Kinds, Options, _regions, Map, Metrics, Time);
        system.RegisterOnTermination(() =>
        {
            _client.Dispose();
            Metrics.Dispose();
        });
    }

    /// <summary>Asks entities wherever they live; before the system is a member it waits.</summary>
    public IEntityClient Client => _client;

    public EntityMetrics Metrics { get; } = new();

    /// <summary>Stored events of entities.</summary>
    public EntityHistory History => new(_system, Journal());

    internal EntityKindRegistry Kinds { get; }

    internal EntityShardingOptions Options { get; }

    internal TimeProvider Time { get; }

    internal ShardMapView Map { get; }

    /// <summary>Commands and reads of this process under way.</summary>
    internal int AsksUnderWay => _client.UnderWay;

    /// <summary>The entities that are in this node's memory.</summary>
    internal ResidentBook Residents { get; }

    internal WorkBook Works { get; }

    /// <summary>Entities, of all members, that do not let go of a message.</summary>
    internal StuckBook Stuck { get; }

    /// <exception cref="InvalidOperationException">WithEntities was not called.</exception>
    public static EntitySharding For(ActorSystem system) => system.Settings.Setup.Get<EntityShardingSetup>().HasValue
        ? Of(system)
        : throw new InvalidOperationException("The system has no entities: configure them by WithEntities.");

    /// <summary>Without WithEntities those of no kind.</summary>
    internal static EntitySharding Of(ActorSystem system) => system.WithExtension<EntitySharding, EntityShardingProvider>();

    internal EntityRegion RegionOf(string kind) => _regions.RegionOf(kind);

    /// <summary>Whether a query that began after this call has the shard's lease as this process's own.</summary>
    /// <exception cref="TimeoutException">The database did not answer in time.</exception>
    internal async Task<bool> ConfirmAsync(EntityKey entity, CancellationToken cancellationToken)
    {
        var membership = ClusterMembership.For(_system);
        var lease = membership.Map.NameOf(entity.Kind, RegionOf(entity.Kind).ShardId(entity.Id));
        if (membership.Book.EpochOf(lease) is not { } epoch)
        {
            return false;
        }

        var rows = await membership.Leases.Commands.RunAsync(session => session.Read([lease]))
            .WaitAsync(Options.ConfirmationTimeout, Time, cancellationToken);
        return rows is [var row] && row.Owner == membership.Incarnation && row.Epoch == epoch;
    }

    internal async Task StartAsync()
    {
        var isHost = Akka.Cluster.Cluster.Get(_system).SelfRoles.Contains(Options.Role);
        var services = Services();
        _system.ActorOf(StuckEntityActor.Props(Works, Stuck, entity => RegionOf(entity.Kind).NumberOf(entity.Id), Time), StuckEntityActor.Name);
        if (isHost)
        {
            _system.ActorOf(LoadActor.Props(Map, _meters, _loads, Kinds.Names, Time), LoadActor.Name);
        }

        foreach (var kind in Kinds.Names)
        {
            SteeredRegions.For(_system).Add(new SteeredRegion(kind, Options.ShardCount, Options.Role));
            _regions.Add(kind, isHost ? await StartRegionAsync(kind, services) : await StartProxyAsync(kind));
        }
    }

    /// <summary>That entities write to: the system's default one.</summary>
    internal FencedJournal Written() => FencedJournals.For(_system).Get(DefaultJournal);

    /// <summary>Null: the system's default journal is not a fenced one.</summary>
    internal FencedJournal? FindWritten() => FencedJournals.For(_system).Find(DefaultJournal);

    internal JournalInspection Journal() => Written().Inspection;

    private string DefaultJournal => _system.Settings.Config.GetString("akka.persistence.journal.plugin");

    private EntityServices Services()
    {
        var membership = ClusterMembership.For(_system);
        return new EntityServices
        {
            Options = Options,
            Time = Time,
            Logger = new AkkaLogger(Akka.Event.Logging.GetLogger(_system, typeof(EntityActor))),
            Residents = Residents,
            Works = Works,
            IsServing = () => membership.IsServing,
            ConfirmAsync = ConfirmAsync,
            FindCommandAsync = new JournalLookUp(_system).FindAsync,
            OnDelivered = Metrics.Delivered,
            MeterOf = _meters.Of,
            OnRecovered = (_, rows) => Metrics.Recovered(rows),
        };
    }

    private Task<IActorRef> StartRegionAsync(string kind, EntityServices services)
    {
        var region = RegionOf(kind);
        ClusterMembership.For(_system).RegisterRegion(kind, region.ShardOfPersistenceId);
        var entities = Kinds.Find(kind)!;
        return ClusterSharding.Get(_system).StartAsync(
            kind,
            TouchedActor.Or(id => EntityActor.Props(entities, id, services)),
            ClusterShardingSettings.Create(_system).WithRole(Options.Role),
            region,
            new SteeredAllocationStrategy(kind, Options.ShardCount, Options.Allocation, _loads.Find(kind), Map, Stuck),
            StopEntity.Instance);
    }

    private Task<IActorRef> StartProxyAsync(string kind) =>
        ClusterSharding.Get(_system).StartProxyAsync(kind, Options.Role, RegionOf(kind));

    private sealed class Regions(ActorSystem system, Dictionary<string, EntityRegion> regions) : IEntityRegions
    {
        private readonly ConcurrentDictionary<string, IActorRef> _refs = new(StringComparer.Ordinal);

        public EntityRegion RegionOf(string kind) => regions[kind];

        public IActorRef? Find(string kind) => _refs.GetValueOrDefault(kind);

        public void Add(string kind, IActorRef region) => _refs[kind] = region;

        public bool IsMember(string address)
        {
            var state = Akka.Cluster.Cluster.Get(system).State;
            return state.Members.Any(member =>
                member.Status is not (MemberStatus.Removed or MemberStatus.Down) && member.Address.ToString() == address
                && !state.Unreachable.Contains(member));
        }
    }
}
