namespace AkkaScale.Management.Inspection;

/// <summary>What the configuration calls things.</summary>
/// <param name="Store">sqlite or postgres.</param>
/// <param name="TakeoverWithin">At the latest then the shards of a member that was sent away may be taken over.</param>
internal sealed record InspectionNames(string Cluster, string Store, TimeSpan TakeoverWithin);
