using AkkaScale.Cluster;
using AkkaScale.Cluster.Decisions;
using AkkaScale.Cluster.Orders;

namespace AkkaScale.Sharding.Allocation;

/// <summary>Notes what the coordinator of a region decides, with the numbers that it saw. Nothing here waits for the database.</summary>
internal sealed class DecisionNotes(ClusterMembership membership, string region)
{
    /// <param name="homes">Addresses, before the moves.</param>
    /// <param name="moving">Shards that were on their way already.</param>
    public void Moved(IReadOnlyList<AllocationMove> moves, List<AllocationMember> regions, Dictionary<int, string> homes, int moving)
    {
        if (moves.Count == 0)
        {
            return;
        }

        var names = regions.ToDictionary(each => each.Address, each => each.NodeName, StringComparer.Ordinal);
        var counts = homes.Values.CountBy(address => address, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        foreach (var move in moves)
        {
            Note(move.Shard, ShardDecisionKind.Move, names.GetValueOrDefault(move.From), names.GetValueOrDefault(move.To) ?? move.To, move.Reason, new()
            {
                ["shardsFrom"] = counts.GetValueOrDefault(move.From),
                ["shardsTo"] = counts.GetValueOrDefault(move.To),
                ["moving"] = moving + moves.Count,
                ["nodes"] = regions.Count,
            });
        }
    }

    public void Housed(HomeRequest request, ChosenHome home)
    {
        var names = request.Regions.ToDictionary(each => each.Address, each => each.NodeName, StringComparer.Ordinal);
        var numbers = new Dictionary<string, double>
        {
            ["shardsTo"] = request.Homes.Values.Count(address => address == home.Address),
            ["nodes"] = request.Regions.Count,
        };
        if (home.Sent is { } sent)
        {
            numbers["handOverSeconds"] = Math.Round((request.Now - sent.At).TotalSeconds, 3);
        }

        Note(
            request.Shard, ShardDecisionKind.Home, home.Sent is { } move ? names.GetValueOrDefault(move.From) : null,
            names.GetValueOrDefault(home.Address) ?? home.Address, home.Reason ?? "", numbers);
    }

    public void Ended(ShardOrder order, string word)
    {
        var isThere = word == OrderReview.IsThere;
        Note(
            order.Shard, isThere ? ShardDecisionKind.Arrived : ShardDecisionKind.GivenUp, null, order.NodeName,
            isThere ? OrderWords.Of(order) : $"{OrderWords.Of(order)}; {word}", []);
    }

    /// <summary>
    /// Shards that were moved by order under a former coordinator, and still rest; none when the database does not tell. How long is told by the
    /// two nodes' wall clocks: who rests a little longer or shorter for that is none the worse.
    /// </summary>
    public async Task<IReadOnlyList<InheritedRest>> ReadRestsAsync(TimeSpan moveRest)
    {
        try
        {
            var now = membership.Time.GetUtcNow().UtcDateTime;
            return
            [
                .. (await membership.Decisions.ReadArrivalsAsync(region, now - moveRest)).Select(arrived => new InheritedRest(
                    arrived.Shard, arrived.To,
                    membership.Now + TimeSpan.FromTicks(Math.Clamp((arrived.At + moveRest - now).Ticks, 0, moveRest.Ticks)))),
            ];
        }
        catch (Exception)
        {
            return [];
        }
    }

    private string Coordinator =>
        membership.Snapshot.Nodes.GetValueOrDefault(membership.Incarnation)?.Name ?? membership.Options.NodeName ?? membership.Incarnation;

    private void Note(int shard, ShardDecisionKind kind, string? from, string to, string reason, Dictionary<string, double> numbers) =>
        membership.Decisions.Note(new ShardDecision(region, shard, kind, from, to, reason, numbers, Coordinator)
        {
            At = membership.Time.GetUtcNow().UtcDateTime,
        });
}
