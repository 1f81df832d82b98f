using System.Collections.Immutable;
using Akka.Actor;
using AkkaScale.Sharding.Options;

namespace AkkaScale.Sharding.Routing;

/// <summary>The steered regions of an actor system, of kinds and of others, and where their shards are. Thread-safe.</summary>
internal sealed class SteeredRegions : IExtension
{
    private readonly Lock _lock = new();
    private readonly ExtendedActorSystem _system;
    private readonly TimeProvider _time;
    private ImmutableSortedDictionary<string, SteeredRegion> _regions =
        ImmutableSortedDictionary<string, SteeredRegion>.Empty.WithComparers(StringComparer.Ordinal);

    internal SteeredRegions(ExtendedActorSystem system)
    {
        _system = system;
        var setup = system.Settings.Setup.Get<SteeredRegionsSetup>();
        (_time, Allocation) = setup.HasValue ? (setup.Value.Time, setup.Value.Allocation) : (TimeProvider.System, new AllocationOptions());
    }

    public ShardMapView Map { get; } = new();

    /// <summary>How coordinators on this node move shards.</summary>
    public AllocationOptions Allocation { get; }

    /// <summary>In ordinal order of name.</summary>
    public IReadOnlyList<SteeredRegion> All => [.. Volatile.Read(ref _regions).Values];

    public static SteeredRegions For(ActorSystem system) => system.WithExtension<SteeredRegions, SteeredRegionsProvider>();

    public SteeredRegion? Find(string name) => Volatile.Read(ref _regions).GetValueOrDefault(name);

    /// <summary>To be called before the region starts: its coordinator may be here, and publishes its first map soon.</summary>
    public void Add(SteeredRegion region)
    {
        lock (_lock)
        {
            if (_regions.IsEmpty)
            {
                _system.ActorOf(ShardMapActor.Props(Map, Find, _time), ShardMapActor.Name);
            }

            _regions = _regions.SetItem(region.Name, region);
        }
    }
}
