using System.Collections.Immutable;

namespace AkkaScale.LegacyCluster.Membership;

/// <summary>A row of the member table as one read of the store saw it.</summary>
/// <param name="Address">host:port of the cluster port, as peers connect to it.</param>
/// <param name="ManagementAddress">host:port of the management port.</param>
/// <param name="Roles">Lower-case role names: entity, gateway.</param>
/// <param name="Version">Version of the program, as in its assembly.</param>
/// <param name="RenewCounter">Grows by one with every renewal of the lease; observers watch it and no clock.</param>
/// <param name="JoinedAt">Wall clock of the member itself, for people only; nothing is decided by it.</param>
/// <param name="Reason">Why the member has its present status, in words for an operator.</param>
public sealed record MemberSnapshot(
    Incarnation Incarnation,
    string NodeName,
    string Address,
    string ManagementAddress,
    ImmutableArray<string> Roles,
    string Version,
    MemberStatus Status,
    long RenewCounter,
    DateTimeOffset JoinedAt,
    string Reason)
{
    /// <summary>
    /// Up members that it has not been connected with for a while although both read the store. Written only when it changes; the coordinator
    /// acts on it.
    /// </summary>
    public ImmutableArray<Incarnation> Unreachable { get; init; } = [];

    /// <summary>Role of members that host shards.</summary>
    public const string EntityRole = "entity";

    /// <summary>Role of members that serve the HTTP edge.</summary>
    public const string GatewayRole = "gateway";

    public bool HasRole(string role) => Roles.Contains(role);

    /// <summary>True while the member may hold a lease: joining, up or leaving.</summary>
    public bool IsLive => Status is MemberStatus.Joining or MemberStatus.Up or MemberStatus.Leaving;

    /// <summary>True when its shards may be taken: dead or removed.</summary>
    public bool IsGone => Status is MemberStatus.Dead or MemberStatus.Removed;
}
