using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Orders;
using AkkaScale.Management.Facts;

namespace AkkaScale.Management.Answers;

// The shapes of the management API, as docs/management-api.md lists them: members and the cluster as a whole.

/// <param name="Orders">About nodes, also about those that are away.</param>
internal sealed record MembersAnswer(
    string SelfNode, string? Leader, string? Oldest, IReadOnlyList<MemberAnswer> Members, IReadOnlyList<UnreachableAnswer> Unreachable,
    IReadOnlyList<NamedNodeOrder> Orders)
{
    public static MembersAnswer Of(ClusterMembers members) => new(
        members.Self, members.Leader, members.Oldest, [.. members.Members.Select(MemberAnswer.Of)],
        [.. members.Unreachable.Select(member => new UnreachableAnswer(member.Address, member.ObservedBy))],
        [.. members.Orders.Select(NamedNodeOrder.Of)]);
}

internal sealed record MemberAnswer(
    string Node, string NodeUid, string Status, IReadOnlyList<string> Roles, string Name, string ManagementAddress, string Version,
    int Shards, long RenewCounter, DateTimeOffset JoinedAt, string Reason, StandingNodeOrder? Order)
{
    public static MemberAnswer Of(MemberFacts member) => new(
        member.Address, member.Id, member.Status, member.Roles, member.Name, member.ManagementAddress, member.Version,
        member.Shards, member.Renewals, member.JoinedAt, member.Reason, member.Order is { } order ? StandingNodeOrder.Of(order) : null);
}

/// <summary>What was ordered about nodes of a name, until it is taken back.</summary>
/// <param name="Kind">cordon: it gets no more shards; drain: it gives all it has away as well.</param>
internal sealed record StandingNodeOrder(string Kind, string By, string Reason, DateTimeOffset At)
{
    public static StandingNodeOrder Of(NodeOrder order) => new(
        order.Kind.ToString().ToLowerInvariant(), order.By, order.Reason, new(order.At.ToUniversalTime(), TimeSpan.Zero));
}

/// <summary>The same with the name of the nodes that it holds for.</summary>
internal sealed record NamedNodeOrder(string Node, string Kind, string By, string Reason, DateTimeOffset At)
{
    public static NamedNodeOrder Of(NodeOrder order)
    {
        var standing = StandingNodeOrder.Of(order);
        return new(order.NodeName, standing.Kind, standing.By, standing.Reason, standing.At);
    }
}

/// <param name="State">cordoned, draining, or open: it takes shards.</param>
/// <param name="Shards">That live members of this name own.</param>
/// <param name="Message">What happens next, in words.</param>
internal sealed record NodeOrderAnswer(string Node, string State, int Shards, string Message)
{
    public static NodeOrderAnswer Of(NodeOrderOutcome ordered) => new(
        ordered.Node,
        ordered.Kind switch { NodeOrderKind.Cordon => "cordoned", NodeOrderKind.Drain => "draining", _ => "open" },
        ordered.Shards, ordered.Message);
}

/// <param name="Incarnations">Latest first.</param>
internal sealed record HistoryAnswer(IReadOnlyList<IncarnationAnswer> Incarnations);

/// <summary>One start of a node's process.</summary>
/// <param name="State">live, down, left or dead; the last two are final.</param>
/// <param name="Generation">Of the cluster that it was a member of; 0: it never joined.</param>
/// <param name="EndedAt">When it left, or was declared dead; null: not yet.</param>
/// <param name="Reason">Of its state, in words.</param>
internal sealed record IncarnationAnswer(
    string Name, string Node, string NodeUid, string State, string? Reason, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, long Generation, string Version)
{
    public static IncarnationAnswer Of(NodeRow row) => new(
        row.Name, row.Address, row.Incarnation, row.State.ToString().ToLowerInvariant(), row.Reason, Moment(row.StartedAt),
        row.EndedAt is { } ended ? Moment(ended) : null, row.Generation, row.Version);

    private static DateTimeOffset Moment(DateTime at) => new(at.ToUniversalTime(), TimeSpan.Zero);
}

internal sealed record UnreachableAnswer(string Node, IReadOnlyList<string> ObservedBy);

/// <param name="AllocationMode">`automatic`; `manual`: only orders move shards; null: no coordinator has said.</param>
internal sealed record StatusAnswer(
    string Cluster, string Self, string Store, int ShardCount, long Generation,
    CoordinatorAnswer? Coordinator, IReadOnlyDictionary<string, int> Members, ShardCountsAnswer Shards,
    IReadOnlyList<ShardRegionAnswer> Regions, bool Ready, string? AllocationMode)
{
    public static StatusAnswer Of(ClusterStatus status) => new(
        status.Cluster, status.SelfName, status.Store, status.ShardCount, status.Generation,
        status.Coordinator is { } leader ? new CoordinatorAnswer(leader.Name, leader.Address) : null,
        status.Members.ToDictionary(count => count.Key.ToLowerInvariant(), count => count.Value),
        new ShardCountsAnswer(status.Owned, status.Unowned, status.Moving),
        [.. status.Regions.Select(region => new ShardRegionAnswer(region.Name, region.ShardCount))],
        status.IsReady,
        status.IsManual is { } isManual ? isManual ? "manual" : "automatic" : null);
}

internal sealed record CoordinatorAnswer(string Name, string Node);

/// <param name="Moving">Null: no coordinator has told yet.</param>
internal sealed record ShardCountsAnswer(int Owned, int Unowned, int? Moving);

/// <param name="Message">In words, as Akka's cluster management answers.</param>
internal sealed record JoinAnswer(string Message, string Node, string Name)
{
    public static JoinAnswer Of(JoinOutcome joined) => new(joined.Message, joined.Address, joined.Name);
}

internal enum MemberOperation
{
    Down,
    Leave,
}

/// <param name="Status">What was written into the member's row.</param>
/// <param name="Message">What happens next, in words.</param>
/// <param name="TakeoverWithinSeconds">
/// At the latest then its shards may be taken over, also if its process says nothing; null for a leave, which hands them
/// over.
/// </param>
internal sealed record MemberOrderAnswer(
    string Operation, string Name, string Node, string NodeUid, string Status, string Message, double? TakeoverWithinSeconds)
{
    public static MemberOrderAnswer Of(MemberOperation operation, MemberOrderOutcome ordered) => new(
        operation.ToString(), ordered.Name, ordered.Address, ordered.MemberId, ordered.Status, ordered.Message,
        ordered.TakeoverWithin is { } within ? Math.Round(within.TotalSeconds, 1) : null);
}

/// <summary>Body of a join.</summary>
internal sealed record AddressRequest(string Address);

/// <summary>Body of an operation on a member: Down or Leave.</summary>
internal sealed record OperationRequest(string Operation);
