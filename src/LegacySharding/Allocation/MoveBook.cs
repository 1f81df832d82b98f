using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.LegacySharding.Allocation;

/// <summary>
/// Follows orders to move from reading to reading. The rows are the state: what a coordinator holds of its own is only since when it has seen a shard in its
/// place, so that its successor lets the shard rest anew, and for no longer.
/// </summary>
/// <param name="rest">For so long a shard that has arrived is left alone.</param>
/// <remarks>
/// An order is taken up while the shard is at the epoch that the order expects; from then on the target tells that it is under way, and a new epoch of the same
/// owner, after a write of unknown outcome say, does not end it. It ends when the shard has been there for the rest, or as soon as its node cannot take it.
/// </remarks>
internal sealed class MoveBook(TimeSpan rest)
{
    private readonly Dictionary<int, (ShardMove Move, TimeSpan Since)> _arrived = [];

    public MoveReview Review(
        ClusterReading reading, ImmutableArray<AllocationMember> hosts, ImmutableArray<ShardPlacement> placements, TimeSpan now)
    {
        if (reading.Moves.IsEmpty)
        {
            _arrived.Clear();
            return MoveReview.Nothing;
        }

        var wanted = ImmutableSortedDictionary.CreateBuilder<int, OrderedMove>();
        var resting = ImmutableSortedSet.CreateBuilder<int>();
        var ended = ImmutableSortedDictionary.CreateBuilder<int, (ShardMove Move, string Word)>();
        var pins = reading.Pins.ToDictionary(pin => pin.Shard, pin => pin.NodeName);
        foreach (var move in reading.Moves.Where(move => (uint)move.Shard < (uint)placements.Length))
        {
            var placement = placements[move.Shard];
            if (Obstacle(move, placement, hosts, pins.GetValueOrDefault(move.Shard)) is { } obstacle)
            {
                ended.Add(move.Shard, (move, Given(move, obstacle)));
            }
            else if (!IsThere(move, placement, hosts))
            {
                wanted.Add(move.Shard, OrderedMove.Of(move));
            }
            else if (now - SeenSince(move, now) < rest)
            {
                resting.Add(move.Shard);
            }
            else
            {
                ended.Add(move.Shard, (move, $"stays on {move.NodeName}, where {OrderedMove.Of(move).Who} moved it; takes part in the balance again"));
            }
        }

        Forget(shard => resting.Contains(shard) || ended.ContainsKey(shard));
        return new MoveReview(wanted.ToImmutable(), resting.ToImmutable(), ended.ToImmutable());
    }

    /// <summary>Why the order cannot be carried out, or not any more; null: it can.</summary>
    private static string? Obstacle(ShardMove move, ShardPlacement placement, ImmutableArray<AllocationMember> hosts, string? pin)
    {
        if (pin is not null && pin != move.NodeName && hosts.Any(host => host.IsOpen && host.NodeName == pin))
        {
            return $"the shard is pinned to {pin}";
        }

        var named = hosts.Where(host => host.NodeName == move.NodeName).ToArray();
        var isAimed = named.Any(host => host.Incarnation == placement.Target);
        var isOwner = named.Any(host => host.Incarnation == placement.Owner);

        // Of several of that name one will do. A cordoned node keeps what is on its way to it.
        return named.Length == 0 ? $"{move.NodeName} is not up"
            : named.All(host => host.IsDraining) ? $"{move.NodeName} is being drained"
            : !isAimed && !isOwner && named.All(host => !host.IsOpen) ? $"{move.NodeName} is cordoned"
            : !isAimed && !isOwner && placement.Epoch != move.ExpectedEpoch
                ? FormattableString.Invariant($"it was ordered for epoch {move.ExpectedEpoch}, and the shard is at epoch {placement.Epoch}")
            : null;
    }

    private static bool IsThere(ShardMove move, ShardPlacement placement, ImmutableArray<AllocationMember> hosts) =>
        placement.Owner is { } owner && owner == placement.Target
        && hosts.Any(host => host.Incarnation == owner && host.NodeName == move.NodeName);

    private static string Given(ShardMove move, string obstacle) =>
        $"the move to {move.NodeName} that {OrderedMove.Of(move).Who} ordered is given up: {obstacle}";

    private TimeSpan SeenSince(ShardMove move, TimeSpan now)
    {
        if (!_arrived.TryGetValue(move.Shard, out var known) || !known.Move.IsSameOrderAs(move))
        {
            _arrived[move.Shard] = known = (move, now);
        }

        return known.Since;
    }

    /// <summary>What has rested is kept until its order is gone: the write that takes it out may be refused.</summary>
    private void Forget(Func<int, bool> isKept)
    {
        foreach (var shard in _arrived.Keys.Where(shard => !isKept(shard)).ToArray())
        {
            _arrived.Remove(shard);
        }
    }
}
