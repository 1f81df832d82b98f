using System.Collections.Immutable;
using AkkaScale.Cluster.Liveness;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Stuck;

/// <summary>The stuck entities of all members, as they have told. Thread-safe.</summary>
internal sealed class StuckBook(TimeProvider time)
{
    /// <summary>A member that is silent for longer than three of its turns has gone, or is cut off: nothing is known of its entities.</summary>
    private static readonly TimeSpan ForgetAfter = 3.5 * StuckEntityActor.Interval;

    private ImmutableDictionary<string, (TimeSpan At, ImmutableArray<StuckEntity> Entities)> _told =
        ImmutableDictionary<string, (TimeSpan, ImmutableArray<StuckEntity>)>.Empty;

    public IEnumerable<StuckEntity> All
    {
        get
        {
            var now = time.Monotonic();
            return Volatile.Read(ref _told).Values.Where(told => now - told.At < ForgetAfter)
                .SelectMany(told => told.Entities.Select(entity => entity with { For = entity.For + now - told.At }));
        }
    }

    /// <summary>The longest stuck entity of each shard that has one.</summary>
    public IReadOnlyDictionary<int, StuckEntity> Of(string region) => All.Where(entity => entity.Region == region)
        .GroupBy(entity => entity.Shard).ToDictionary(shard => shard.Key, shard => shard.MaxBy(entity => entity.For)!);

    public void TakeOver(StuckEntitiesTold told)
    {
        var entities = told.Entities.Select(each => new StuckEntity(told.Node, each.Region, each.Shard, each.Id, TimeSpan.FromSeconds(each.Seconds)));
        var taken = (time.Monotonic(), entities.ToImmutableArray());
        ImmutableInterlocked.Update(ref _told, book => told.Entities.Length == 0 ? book.Remove(told.Node) : book.SetItem(told.Node, taken));
    }
}
