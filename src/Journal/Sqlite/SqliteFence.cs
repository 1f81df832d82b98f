using AkkaScale.Cluster.Sqlite;
using AkkaScale.Journal.Writing;

namespace AkkaScale.Journal.Sqlite;

/// <summary>Whether a slice may be written, read in the transaction that writes it.</summary>
internal static class SqliteFence
{
    /// <summary>$1 to $4 are cluster, lease, owner and epoch.</summary>
    public const string Held = "SELECT 1 FROM lease WHERE cluster = $1 AND name = $2 AND owner = $3 AND epoch = $4";

    public static bool Holds(SqliteSession session, SqliteStoreSettings settings, Slice slice) =>
        !slice.IsFenced
        || session.Prepare(settings.Held, settings.Names.Cluster, slice.Lease, settings.Names.Owner, slice.Epoch)
            .ExecuteScalar() is not null;
}
