using AkkaScale.Cluster;
using AkkaScale.Cluster.Decisions;
using AkkaScale.Cluster.Orders;
using AkkaScale.Sharding.Loads;

namespace AkkaScale.Sharding.Allocation;

/// <summary>Notes what the coordinator of a region decides, with the numbers that it saw. Nothing here waits for the database.</summary>
internal sealed class DecisionNotes(ClusterMembership membership, string region, LoadBook? loads)
{
    /// <param name="homes">Addresses, before the moves.</param>
    /// <param name="weights">By the shard's number; 0, or none there: not known.</param>
    /// <param name="moving">Shards that were on their way already.</param>
    public void Moved(IReadOnlyList<AllocationMove> moves, List<AllocationMember> regions, Dictionary<int, string> homes, int[] weights, int moving)
    {
        if (moves.Count == 0)
        {
            return;
        }

        var names = regions.ToDictionary(each => each.Address, each => each.NodeName, StringComparer.Ordinal);
        var counts = homes.Values.CountBy(address => address, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        foreach (var move in moves)
        {
            var numbers = new Dictionary<string, double>
            {
                ["shardsFrom"] = counts.GetValueOrDefault(move.From),
                ["shardsTo"] = counts.GetValueOrDefault(move.To),
                ["moving"] = moving + moves.Count,
                ["nodes"] = regions.Count,
            };
            AddLoad(numbers, move, homes, weights);
            Note(move.Shard, ShardDecisionKind.Move, names.GetValueOrDefault(move.From), names.GetValueOrDefault(move.To) ?? move.To, move.Reason, numbers);
        }
    }

    private void AddLoad(Dictionary<string, double> numbers, AllocationMove move, Dictionary<int, string> homes, int[] weights)
    {
        if (weights.ElementAtOrDefault(move.Shard) is var weight && weight > 0)
        {
            numbers["weight"] = weight;
            numbers["weightFrom"] = WeightOf(move.From);
            numbers["weightTo"] = WeightOf(move.To);
        }

        if (loads?.Find(move.Shard) is { } load)
        {
            numbers["messagesPerSecond"] = Math.Round(load.Messages, 1);
            numbers["entities"] = Math.Round(load.Entities, 1);
        }

        double WeightOf(string address) => homes.Where(each => each.Value == address).Sum(each => weights.ElementAtOrDefault(each.Key));
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
