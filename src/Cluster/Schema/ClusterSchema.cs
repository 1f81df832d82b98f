using AkkaScale.Cluster.Options;

namespace AkkaScale.Cluster.Schema;

/// <summary>The schemas of this project. Leases have one of their own, since the journal needs them without the members.</summary>
internal static class ClusterSchema
{
    public static MigrationSet Members(StoreKind store) => new(
        typeof(ClusterSchema).Assembly, $"{store}/Members", "cluster_schema", "The schema of the cluster's members", Refuse);

    public static MigrationSet Leases(StoreKind store) => Leases(store, Refuse);

    /// <param name="refuse">Makes the exception of whoever applies it.</param>
    public static MigrationSet Leases(StoreKind store, Func<string, Exception> refuse) => new(
        typeof(ClusterSchema).Assembly, $"{store}/Leases", "lease_schema", "The schema of the leases", refuse);

    public static Exception Refuse(string message) => new ClusterRefusedException(message);
}
