using AkkaScale.Cluster.Orders;

namespace AkkaScale.Management.Facts;

/// <param name="Self">Address of the node that answers.</param>
/// <param name="Leader">Address of the node that coordinates; null: none.</param>
/// <param name="Oldest">Address; null: there is no member.</param>
/// <param name="Members">In order of name.</param>
internal sealed record ClusterMembers(
    string Self, string? Leader, string? Oldest, IReadOnlyList<MemberFacts> Members, IReadOnlyList<UnreachableMember> Unreachable)
{
    /// <summary>What was ordered about nodes, also about those that are away, in order of name.</summary>
    public IReadOnlyList<NodeOrder> Orders { get; init; } = [];
}

/// <summary>One life of a node's process in the cluster.</summary>
/// <param name="Id">Of this life: a restarted process is another member. Not to be taken apart.</param>
/// <param name="Address">Of its cluster port, as the cluster writes it.</param>
/// <param name="Status">Joining, Up, Leaving, Down or Dead.</param>
/// <param name="Shards">That it owns.</param>
/// <param name="Renewals">How often it has said that it lives.</param>
/// <param name="Reason">Of its status, in words.</param>
internal sealed record MemberFacts(
    string Id,
    string Address,
    string Name,
    string Status,
    IReadOnlyList<string> Roles,
    string ManagementAddress,
    string Version,
    int Shards,
    long Renewals,
    DateTimeOffset JoinedAt,
    string Reason)
{
    /// <summary>What was ordered about nodes of this name; null: it takes shards.</summary>
    public NodeOrder? Order { get; init; }
}

/// <param name="ObservedBy">Addresses of those that do not reach it; never empty.</param>
internal sealed record UnreachableMember(string Address, IReadOnlyList<string> ObservedBy);
