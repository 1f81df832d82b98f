using System.Collections.Immutable;

namespace AkkaScale.Cluster.Plugin;

/// <summary>Where the leases of a region's shards are held, as the database has it now.</summary>
internal sealed class LeaseHolders(ClusterMembership membership, string region)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <returns>
    /// Address of the living holder by shard, without shards that nobody living holds; null when the database did not answer in time.
    /// </returns>
    public async Task<IReadOnlyDictionary<string, string>?> ReadAsync(IReadOnlyList<string> shards)
    {
        if (shards.Count == 0)
        {
            return ImmutableDictionary<string, string>.Empty;
        }

        var byLease = shards.ToDictionary(shard => membership.Map.NameOf(region, shard), StringComparer.Ordinal);
        try
        {
            var holders = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var row in await membership.Leases.Commands
                .RunAsync(session => session.Read([.. byLease.Keys])).WaitAsync(Patience, membership.Time))
            {
                if (row.Owner is { } owner && membership.Snapshot.Nodes.TryGetValue(owner, out var node) && node.IsLive)
                {
                    holders[byLease[row.Name]] = node.Address;
                }
            }

            return holders;
        }
        catch (Exception)
        {
            return null;
        }
    }
}
