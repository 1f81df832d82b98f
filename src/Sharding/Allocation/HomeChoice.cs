using AkkaScale.Cluster.Plugin;

namespace AkkaScale.Sharding.Allocation;

/// <summary>What a coordinator sees when a shard needs a home.</summary>
/// <param name="Holder">Address of its lease's living holder, if there is one and the database has answered.</param>
/// <param name="Regions">All that it may be given to.</param>
/// <param name="Open">Those of them that are up and can be reached.</param>
/// <param name="Homes">Of the other shards, on these regions.</param>
internal sealed record HomeRequest(
    TimeSpan Now, int Shard, string? Holder, IReadOnlyList<AllocationMember> Regions, IReadOnlySet<string> Open,
    IReadOnlyDictionary<int, string> Homes);

/// <summary>Where a shard goes.</summary>
/// <param name="Reason">Null: the same was answered just before.</param>
/// <param name="Sent">The hand-over that it ends; null: none is known.</param>
internal readonly record struct ChosenHome(string Address, string? Reason, SentShard? Sent);

/// <summary>Where a shard without a home goes.</summary>
internal static class HomeChoice
{
    /// <summary>Above the time that an answer needs to show in the coordinator's homes.</summary>
    public static readonly TimeSpan RememberGivenFor = TimeSpan.FromSeconds(5);

    /// <summary>Null when there is no region.</summary>
    /// <remarks>
    /// A coordinator asks for all shards of a lost member at one time, and for one shard more than once: what was answered is remembered
    /// until it shows, and counts.
    /// </remarks>
    public static ChosenHome? Make(SteeringState state, HomeRequest request)
    {
        foreach (var shown in state.Given
            .Where(each => request.Homes.ContainsKey(each.Key) || request.Now - each.Value.At >= RememberGivenFor)
            .Select(each => each.Key).ToList())
        {
            state.Given.Remove(shown);
        }

        if ((Wanted(state, request) ?? Emptiest(state, request)) is not { } home)
        {
            return null;
        }

        var isRepeat = state.Given.TryGetValue(request.Shard, out var given) && given.Address == home.Address;
        state.Given[request.Shard] = new GivenHome(home.Address, request.Now);
        return isRepeat ? home with { Reason = null } : home;
    }

    /// <summary>
    /// What numbers do not decide: the lease's holder, the target of a move, an order's node, the answer to the same question just before.
    /// </summary>
    private static ChosenHome? Wanted(SteeringState state, HomeRequest request)
    {
        var sent = state.Sent.TryGetValue(request.Shard, out var found) && request.Now - found.At < HolderFirstAllocation.RememberMovesFor
            ? found
            : (SentShard?)null;

        // A release is written after the shard has stopped: the row may still name the home that it was sent away from.
        if (request.Holder is { } holder && sent?.From != holder && request.Regions.Any(region => region.Address == holder))
        {
            return new ChosenHome(holder, "its lease is held there", sent);
        }

        var taking = request.Regions.Where(region => request.Open.Contains(region.Address) && !state.Nodes.ContainsKey(region.NodeName))
            .OrderBy(region => region.Address, StringComparer.Ordinal).ToList();
        if (sent is { } move && taking.Exists(region => region.Address == move.To))
        {
            return new ChosenHome(move.To, "it was sent there", sent);
        }

        if (state.Orders.GetValueOrDefault(request.Shard) is { } order
            && taking.Find(region => region.NodeName == order.NodeName) is { } ordered)
        {
            return new ChosenHome(ordered.Address, OrderWords.Of(order), sent);
        }

        return state.Given.TryGetValue(request.Shard, out var given) && taking.Exists(region => region.Address == given.Address)
            ? new ChosenHome(given.Address, null, sent)
            : null;
    }

    /// <summary>Of those that can be reached, if there are any, and of them one that is not closed, if there is any: never none.</summary>
    private static ChosenHome? Emptiest(SteeringState state, HomeRequest request)
    {
        var counts = request.Homes.Values
            .Concat(state.Given.Where(each => each.Key != request.Shard).Select(each => each.Value.Address))
            .CountBy(address => address, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var home = request.Regions
            .OrderByDescending(region => request.Open.Contains(region.Address))
            .ThenBy(region => state.Nodes.ContainsKey(region.NodeName))
            .ThenBy(region => counts.GetValueOrDefault(region.Address))
            .ThenBy(region => region.NodeName, StringComparer.Ordinal)
            .ThenBy(region => region.Address, StringComparer.Ordinal)
            .FirstOrDefault();
        return home is null
            ? null
            : new ChosenHome(
                home.Address,
                FormattableString.Invariant($"{home.NodeName} has the fewest, {counts.GetValueOrDefault(home.Address)}")
                    + (state.Nodes.ContainsKey(home.NodeName) ? ", and no other takes shards" : ""),
                Sent: null);
    }
}
