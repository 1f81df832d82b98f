using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AkkaScale.Cluster.Postgres;

/// <summary>The advisory lock that a session of an incarnation holds while it lives.</summary>
internal static class SessionLock
{
    /// <summary>
    /// Which locks of this database are held, as a list of keys: pg_locks shows the halves of a bigint key as two unsigned numbers.
    /// </summary>
    public const string Held =
        """
        SELECT (classid::bigint << 32) | objid::bigint AS key FROM pg_locks
        WHERE locktype = 'advisory' AND objsubid = 1 AND granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    /// <summary>Stored in the row, so that whoever looks for the lock need not know how it is made.</summary>
    public static long KeyOf(string incarnation) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(incarnation)));
}
