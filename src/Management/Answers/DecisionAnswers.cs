using AkkaScale.Cluster.Decisions;
using AkkaScale.Cluster.Orders;
using AkkaScale.Management.Facts;

namespace AkkaScale.Management.Answers;

// The shapes of the management API, as docs/management-api.md lists them: what coordinators decided about shards, and why.

/// <param name="Kind">move, home, arrived or gaveUp.</param>
/// <param name="From">Null: none, or not known.</param>
/// <param name="Numbers">What was behind it, by name; times in seconds.</param>
internal sealed record DecisionAnswer(
    long Nr, DateTimeOffset At, string Region, int Shard, string Kind, string? From, string To, string Reason,
    IReadOnlyDictionary<string, double> Numbers, string Coordinator)
{
    public static DecisionAnswer Of(ShardDecision decision) => new(
        decision.Nr, Moment(decision.At), decision.Region, decision.Shard,
        decision.Kind switch
        {
            ShardDecisionKind.Move => "move",
            ShardDecisionKind.Home => "home",
            ShardDecisionKind.Arrived => "arrived",
            _ => "gaveUp",
        },
        decision.From, decision.To, decision.Reason, decision.Numbers, decision.Coordinator);

    public static DateTimeOffset Moment(DateTime at) => new(at.ToUniversalTime(), TimeSpan.Zero);
}

/// <param name="Decisions">In order of their numbers.</param>
/// <param name="Latest">The highest number that there is.</param>
internal sealed record DecisionsAnswer(IReadOnlyList<DecisionAnswer> Decisions, long Latest)
{
    public static DecisionsAnswer Of(DecisionPage page) => new([.. page.Decisions.Select(DecisionAnswer.Of)], page.Latest);
}

/// <param name="Kind">move: once; pin: whenever the node is up.</param>
internal sealed record ShardOrderAnswer(string Kind, string Node, string By, string Reason, DateTimeOffset At)
{
    public static ShardOrderAnswer Of(ShardOrder order) => new(
        order.Kind == ShardOrderKind.Pin ? "pin" : "move", order.NodeName, order.By, order.Reason, DecisionAnswer.Moment(order.At));
}

/// <param name="Target">Where it is on its way to; null: it stays.</param>
/// <param name="Since">Null: no decision that is kept says so, as with Reason.</param>
/// <param name="Keeps">What keeps it from moving, in words.</param>
/// <param name="Decisions">The latest ten about it, the latest first.</param>
internal sealed record WhyAnswer(
    string Region, int Shard, string? Owner, string? OwnerUid, long Epoch, string? Target, DateTimeOffset? Since, string? Reason,
    ShardOrderAnswer? Order, IReadOnlyList<string> Keeps, IReadOnlyList<DecisionAnswer> Decisions)
{
    public static WhyAnswer Of(ShardStory story) => new(
        story.Shard.Key.Region, story.Shard.Key.Number, story.Shard.Owner, story.Shard.OwnerId, story.Shard.Epoch, story.Shard.Target,
        story.Since is { } since ? DecisionAnswer.Moment(since) : null, story.Reason,
        story.Order is { } order ? ShardOrderAnswer.Of(order) : null, story.Keeps, [.. story.Decisions.Select(DecisionAnswer.Of)]);
}
