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

/// <summary>Where a shard without a home goes.</summary>
internal static class HomeChoice
{
    /// <summary>Above the time that an answer needs to show in the coordinator's homes.</summary>
    public static readonly TimeSpan RememberGivenFor = TimeSpan.FromSeconds(5);

    /// <summary>Address of the region; null when there is none.</summary>
    /// <remarks>
    /// A coordinator asks for all shards of a lost member at one time, and for one shard more than once: what was answered is remembered
    /// until it shows, and counts.
    /// </remarks>
    public static string? Make(SteeringState state, HomeRequest request)
    {
        foreach (var shown in state.Given
            .Where(each => request.Homes.ContainsKey(each.Key) || request.Now - each.Value.At >= RememberGivenFor)
            .Select(each => each.Key).ToList())
        {
            state.Given.Remove(shown);
        }

        var home = Wanted(state, request) ?? Emptiest(state, request);
        if (home is not null)
        {
            state.Given[request.Shard] = new GivenHome(home, request.Now);
        }

        return home;
    }

    /// <summary>
    /// What numbers do not decide: the lease's holder, the target of a move, an order's node, the answer to the same question just before.
    /// </summary>
    private static string? Wanted(SteeringState state, HomeRequest request)
    {
        var sent = state.Sent.TryGetValue(request.Shard, out var found) && request.Now - found.At < HolderFirstAllocation.RememberMovesFor
            ? found
            : (SentShard?)null;

        // A release is written after the shard has stopped: the row may still name the home that it was sent away from.
        if (request.Holder is { } holder && sent?.From != holder && request.Regions.Any(region => region.Address == holder))
        {
            return holder;
        }

        var taking = request.Regions.Where(region => request.Open.Contains(region.Address) && !state.Nodes.ContainsKey(region.NodeName))
            .OrderBy(region => region.Address, StringComparer.Ordinal).ToList();
        if (sent is { } move && taking.Exists(region => region.Address == move.To))
        {
            return move.To;
        }

        if (state.Orders.GetValueOrDefault(request.Shard) is { } order
            && taking.Find(region => region.NodeName == order.NodeName) is { } ordered)
        {
            return ordered.Address;
        }

        return state.Given.TryGetValue(request.Shard, out var given) && taking.Exists(region => region.Address == given.Address)
            ? given.Address
            : null;
    }

    /// <summary>Of those that can be reached, if there are any, and of them one that is not closed, if there is any: never none.</summary>
    private static string? Emptiest(SteeringState state, HomeRequest request)
    {
        var counts = request.Homes.Values
            .Concat(state.Given.Where(each => each.Key != request.Shard).Select(each => each.Value.Address))
            .CountBy(address => address, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        return request.Regions
            .OrderByDescending(region => request.Open.Contains(region.Address))
            .ThenBy(region => state.Nodes.ContainsKey(region.NodeName))
            .ThenBy(region => counts.GetValueOrDefault(region.Address))
            .ThenBy(region => region.NodeName, StringComparer.Ordinal)
            .ThenBy(region => region.Address, StringComparer.Ordinal)
            .Select(region => region.Address)
            .FirstOrDefault();
    }
}
