using System.Globalization;
using System.Text;
using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.Tests.Store.Model;

/// <summary>Rows as text: to compare two stores by, and to read when they differ. Wall clocks of the stores are left out.</summary>
internal static class StoreText
{
    public static string Of(IEnumerable<string> rows) => string.Join("; ", rows);

    public static string Of(Incarnation incarnation) => incarnation.ToString()[..8];

    public static string Of(Incarnation? incarnation) => incarnation is { } known ? Of(known) : "nobody";

    public static string Of(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);

    // Long ids by their ends: what is between them is theirs alone.
    public static string Of(EntityKey entity) => $"{entity.Kind}/{(entity.Id.Length > 40 ? $"{Escaped(entity.Id[..4])}..{Escaped(entity.Id[^4..])}({entity.Id.Length})" : Escaped(entity.Id))}";

    public static string Of(ReadOnlyMemory<byte> bytes) => bytes.Length == 0 ? "-" : Convert.ToHexString(bytes.Span);

    public static string Of(CoordinatorTerm term) => $"{Of(term.Holder)} in term {term.Term}";

    public static string Of(MemberSnapshot member) =>
        $"{Of(member.Incarnation)} {member.NodeName} {member.Address} {member.ManagementAddress} [{string.Join(',', member.Roles)}] {member.Version} {member.Status} "
        + $"{member.RenewCounter} {Of(member.JoinedAt)} \"{member.Reason}\" without [{string.Join(',', member.Unreachable.Select(Of))}]";

    public static string Of(ShardOwner row) => $"{row.Shard}: {Of(row.Owner)} at {row.Epoch} by {row.AcquiredBy}";

    public static string Of(ShardTarget row) => $"{row.Shard} to {Of(row.Target)} \"{row.Reason}\" by {Of(row.DecidedBy)} in term {row.Term}{(row.EndsMove is { } over ? $" ends {Of(over)}" : "")}";

    public static string Of(ShardDecision row) =>
        $"{row.Shard} nr {row.Nr} to {Of(row.Target)} \"{row.Reason}\" by {Of(row.DecidedBy)} in term {row.Term} {row.Numbers}";

    public static string Of(OwnershipRecord row) => $"{row.Shard}: {Of(row.Owner)} at {row.Epoch} by {row.AcquiredBy}";

    public static string Of(NodeOrder order) => $"{order.NodeName} {order.Kind} \"{order.Reason}\" {order.ByWhom} {Of(order.At)}";

    public static string Of(ShardPin pin) => $"{pin.Shard} on {pin.NodeName} \"{pin.Reason}\" {pin.ByWhom} {Of(pin.At)}";

    public static string Of(ShardMove move) =>
        $"{move.Shard} to {move.NodeName} at {move.ExpectedEpoch} \"{move.Reason}\" {move.ByWhom} {Of(move.At)}";

    public static string Of(IEnumerable<ShardEpoch> shards) =>
        string.Join(", ", shards.OrderBy(shard => shard.Shard).ThenBy(shard => shard.Epoch).Select(shard => $"{shard.Shard}@{shard.Epoch}"));

    public static string Of(JournalEvent row) =>
        $"{row.Shard}/{row.Position} @{row.Epoch} {Of(row.Entity)} #{row.SequenceNr} {row.EventType} {Of(row.Payload)} {Short(row.CommandId)} "
        + $"{Of(row.CommandHash)} {Of(row.Answer)} {Of(row.At)}";

    public static string Of(StoredResult result) =>
        $"{Of(result.Entity)} {Short(result.CommandId)} {Of(result.Hash)} #{result.SequenceNr} {Of(result.Answer)} {Of(result.At)}";

    public static string Of(EntitySnapshot snapshot) =>
        $"{Of(snapshot.Entity)} #{snapshot.SequenceNr} at {snapshot.Position} v{snapshot.StateVersion} {Of(snapshot.Payload)} {Of(snapshot.At)}";

    public static string Of(RememberedResults results) => $"[{Of(results.Results.Select(Of))}]{(results.Truncated ? " and more" : "")}";

    public static string Of(ShardSlice slice)
    {
        var text = new StringBuilder($"shard {slice.Shard} epoch {slice.Epoch}");
        Add("events", slice.Events.Select(Of));
        Add("results", slice.Results.Select(Of));
        Add("snapshots", slice.Snapshots.Select(Of));
        return text.ToString();

        void Add(string what, IEnumerable<string> rows)
        {
            if (rows.Any())
            {
                text.Append(CultureInfo.InvariantCulture, $"\n        {what}: {Of(rows)}");
            }
        }
    }

    public static string Of(ClusterReading reading) =>
        $"""
        generation {reading.Identity.Generation} of {reading.Identity.ShardCount} shards, coordinator {Of(reading.Coordinator)}
        members {Of(reading.Members.Select(Of))}
        owners {Of(reading.Owners.Select(Of))}
        targets {Of(reading.Targets.Select(Of))}
        orders {Of(reading.Orders.Select(Of))}
        pins {Of(reading.Pins.Select(Of))}
        moves {Of(reading.Moves.Select(Of))}
        """;

    public static string Short(Guid id) => id.ToString("N")[..8];

    private static string Of(PayloadHash hash) => hash.IsEmpty ? "-" : $"{hash.A:x}.{hash.D:x}";

    private static string Escaped(string text) => string.Concat(text.EnumerateRunes().Select(rune =>
        rune.Value is > 32 and < 127 ? rune.ToString() : $"\\u{{{rune.Value:x}}}"));
}
