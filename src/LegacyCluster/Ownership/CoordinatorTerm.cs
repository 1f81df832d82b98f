using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>Who coordinates. A new holder comes only with a higher term; there is no time lease of its own.</summary>
public sealed record CoordinatorTerm(Incarnation? Holder, long Term);
