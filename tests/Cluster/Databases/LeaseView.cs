using AkkaScale.Tests.Cluster.Hosting;

namespace AkkaScale.Tests.Cluster.Databases;

/// <summary>A row of the table <c>lease</c>.</summary>
internal sealed record LeaseView(string Name, string? Owner, long Epoch)
{
    private const string Mark = $"-shard-{ProbeShards.TypeName}-";

    /// <summary>The shard whose lease it is; null for a lease of something else. Akka gives the name.</summary>
    public string? Shard => Name.IndexOf(Mark, StringComparison.Ordinal) is >= 0 and var at ? Name[(at + Mark.Length)..] : null;
}
