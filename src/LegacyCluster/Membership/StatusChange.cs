namespace AkkaScale.LegacyCluster.Membership;

/// <summary>
/// A compare-and-set on one member row: applied only if the row is in one of <paramref name="From"/> and, where
/// <paramref name="RenewCounter"/> is given, has exactly that renew counter.
/// </summary>
public sealed record StatusChange(
    Incarnation Member,
    IReadOnlyList<MemberStatus> From,
    MemberStatus To,
    long? RenewCounter,
    string Reason);
