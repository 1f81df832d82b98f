using System.Globalization;
using System.Runtime.InteropServices;
using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding.Entities;
using Microsoft.Data.Sqlite;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>How ids, times and bytes are kept in columns.</summary>
internal static class SqliteValues
{
    public static byte[] Blob(Guid id) => id.ToByteArray(bigEndian: true);

    public static byte[] Blob(Incarnation incarnation) => Blob(incarnation.Value);

    public static object Blob(Incarnation? incarnation) => incarnation is { } known ? Blob(known) : DBNull.Value;

    public static object Blob(PayloadHash hash) => hash.IsEmpty ? DBNull.Value : hash.ToArray();

    public static byte[] Blob(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Array!.Length == segment.Count ? segment.Array : bytes.ToArray();

    public static object NullIfEmpty(ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? DBNull.Value : Blob(bytes);

    public static long Microseconds(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>Written out: a cluster may have more shards than a statement may have parameters.</summary>
    public static string List(IReadOnlyList<int> shards) =>
        string.Join(',', shards.Select(shard => shard.ToString(CultureInfo.InvariantCulture)));

    public static Guid Id(SqliteDataReader row, int column) => new((byte[])row.GetValue(column), bigEndian: true);

    public static Incarnation Incarnation(SqliteDataReader row, int column) => new(Id(row, column));

    public static Incarnation? NullableIncarnation(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : Incarnation(row, column);

    public static byte[] Bytes(SqliteDataReader row, int column) => row.IsDBNull(column) ? [] : (byte[])row.GetValue(column);

    public static PayloadHash Hash(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? default : PayloadHash.FromBytes((byte[])row.GetValue(column));

    public static DateTimeOffset At(SqliteDataReader row, int column) =>
        DateTimeOffset.UnixEpoch.AddTicks(row.GetInt64(column) * TimeSpan.TicksPerMicrosecond);
}
