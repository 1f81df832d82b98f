using System.Text.Json;
using AkkaScale.Pbm.Management;

namespace AkkaScale.Pbm.Steering;

/// <summary>
/// What is known of the map by somebody who watches it: changes come as events, or as the difference to another look. What was told once is not told again,
/// so that a watch may go from one to the other.
/// </summary>
public sealed class ShardWatch
{
    private readonly Dictionary<int, ShardShape> _known;

    public ShardWatch(ShardMap first) => _known = first.Shards.ToDictionary(shard => shard.Shard);

    /// <param name="at">Of this look.</param>
    public IReadOnlyList<ShardChange> Look(ShardMap now, string at)
    {
        var changes = new List<ShardChange>();
        foreach (var shard in now.Shards)
        {
            var former = _known.GetValueOrDefault(shard.Shard);
            if (former is null || former.Target != shard.Target || (former.Reason != shard.Reason && shard.Target != shard.Owner))
            {
                changes.Add(new ShardChange("ShardTargetChanged", at, shard.Shard, shard.Owner, shard.Target, shard.Epoch, shard.Reason));
            }

            if (former is null || former.Epoch != shard.Epoch || former.Owner != shard.Owner)
            {
                changes.Add(new ShardChange("ShardOwnerChanged", at, shard.Shard, former?.Owner, shard.Owner, shard.Epoch, shard.AcquiredBy));
            }

            _known[shard.Shard] = shard;
        }

        return changes;
    }

    /// <summary>Null: another kind of event, or nothing new.</summary>
    /// <exception cref="JsonException">Not such an event.</exception>
    public ShardChange? Take(string type, string data)
    {
        var told = type is "ShardOwnerChanged" or "ShardTargetChanged" ? JsonSerializer.Deserialize(data, LineJson.Default.ShardEventShape) : null;
        if (told is null || !_known.TryGetValue(told.Shard, out var former))
        {
            return null;
        }

        if (type == "ShardTargetChanged")
        {
            _known[told.Shard] = former with { Target = told.Target, Reason = told.Reason };
            return former.Target == told.Target && former.Reason == told.Reason
                ? null
                : new ShardChange(type, told.At, told.Shard, told.Owner, told.Target, former.Epoch, told.Reason);
        }

        _known[told.Shard] = former with { Owner = told.To, Epoch = told.Epoch, AcquiredBy = told.AcquiredBy };
        return former.Owner == told.To && former.Epoch == told.Epoch
            ? null
            : new ShardChange(type, told.At, told.Shard, told.From, told.To, told.Epoch, told.AcquiredBy);
    }
}
