namespace AkkaScale.LegacyCluster.Membership;

/// <summary>
/// One run of one process as a cluster member. New at every process start; ownership refers to it and never to a
/// host and port, so a restarted node is never mistaken for its former self.
/// </summary>
public readonly record struct Incarnation(Guid Value) : IComparable<Incarnation>
{
    public int CompareTo(Incarnation other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString("N");

    public static Incarnation Parse(string text) => new(Guid.Parse(text));
}
