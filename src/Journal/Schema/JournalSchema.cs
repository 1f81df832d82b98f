using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Schema;
using AkkaScale.Journal.Options;

namespace AkkaScale.Journal.Schema;

/// <summary>The schemas that a journal needs: its own, and the leases' of the cluster.</summary>
internal static class JournalSchema
{
    public static MigrationSet Journal(StoreKind store) => new(
        typeof(JournalSchema).Assembly, store.ToString(), "journal_schema", "The journal's schema", Refuse);

    public static MigrationSet Leases(StoreKind store) => ClusterSchema.Leases(store, Refuse);

    public static Exception Refuse(string message) => new JournalRefusedException(message);
}
