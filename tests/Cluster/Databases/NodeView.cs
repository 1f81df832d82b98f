namespace AkkaScale.Tests.Cluster.Databases;

/// <summary>A row of the table <c>node</c>.</summary>
internal sealed record NodeView(string Incarnation, string Name, long Generation, string State, string? Reason)
{
    public bool IsLive => State == "live";

    public bool WasSentAwayOrDied => State is "down" or "dead";

    public override string ToString() => $"{Name} ({Incarnation[^6..]}): {State}{(Reason is null ? "" : $", {Reason}")}";
}
