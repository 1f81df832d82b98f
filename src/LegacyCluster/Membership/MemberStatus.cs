namespace AkkaScale.LegacyCluster.Membership;

/// <summary>
/// Life of a member row: joining → up → leaving → removed, or from any of the first three → down → dead.
/// A renewal succeeds only in joining, up and leaving. Only <see cref="Dead"/> and <see cref="Removed"/> permit takeover.
/// </summary>
public enum MemberStatus
{
    Joining,
    Up,
    Leaving,
    Down,
    Dead,
    Removed,
}
