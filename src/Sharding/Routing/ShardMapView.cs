using System.Collections.Immutable;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Routing;

/// <summary>Where a region's coordinator has its shards, as it last said so.</summary>
/// <param name="Version">Grows with every map that this process has taken over.</param>
/// <param name="Homes">Address of each shard's home, by number. What is not in it is allocated nowhere.</param>
/// <param name="Coordinator">Address of the node whose coordinator said so.</param>
/// <param name="At">By this process's own monotonic clock, when it heard it.</param>
internal sealed record RegionMap(long Version, ImmutableDictionary<int, string> Homes, string Coordinator, TimeSpan At)
{
    /// <inheritdoc cref="ShardMapPublished.Weights"/>
    public IReadOnlyList<int>? Weights { get; init; }

    /// <inheritdoc cref="ShardMapPublished.IsManual"/>
    public bool? IsManual { get; init; }
}

/// <summary>
/// The maps of all regions as coordinators publish them to every node. Thread-safe. What the coordinator has not told is not in it.
/// </summary>
internal sealed class ShardMapView
{
    private readonly Lock _lock = new();
    private ImmutableDictionary<string, RegionMap> _regions = ImmutableDictionary<string, RegionMap>.Empty;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Null: nothing was heard of that region yet.</summary>
    public RegionMap? Find(string region) => Volatile.Read(ref _regions).GetValueOrDefault(region);

    /// <summary>Address of the home; null: none, or not known.</summary>
    public string? HomeOf(string region, int shard) => Find(region)?.Homes.GetValueOrDefault(shard);

    /// <summary>Completes at the next change of any home, or when <see cref="Wake"/> is called.</summary>
    public Task WaitForChangeAsync()
    {
        lock (_lock)
        {
            return _changed.Task;
        }
    }

    /// <summary>Something else has changed that those who wait for a home should try again for: a member was removed.</summary>
    public void Wake()
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }

    public void TakeOver(ShardMapPublished map, TimeSpan at)
    {
        var (region, homes) = (map.Region, map.Homes());
        bool isOther;
        lock (_lock)
        {
            var before = _regions.GetValueOrDefault(region);
            isOther = before is null || before.Homes.Count != homes.Count
                || homes.Any(each => before.Homes.GetValueOrDefault(each.Key) != each.Value);
            _regions = _regions.SetItem(region, new RegionMap((before?.Version ?? 0) + 1, homes, map.Coordinator, at)
            {
                Weights = map.Weights,
                IsManual = map.IsManual,
            });
        }

        if (isOther)
        {
            Wake();
        }
    }
}
