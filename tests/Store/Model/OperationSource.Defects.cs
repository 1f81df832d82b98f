using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.Tests.Store.Model;

/// <summary>One thing wrong with a slice; two at a time would leave it open which of them the answer names.</summary>
internal sealed partial class OperationSource
{
    private static readonly string[] Defects =
    [
        "old epoch", "position gap", "position taken", "sequence gap", "sequence taken", "result twice", "result twice in slice",
        "snapshot ahead", "snapshot ahead of slice", "snapshot of nothing", "positions apart", "event of another shard", "NUL", "lone surrogate",
    ];

    private (ShardSlice Slice, string Tag) Spoil(ShardSlice slice)
    {
        var defect = Pick(Defects);
        return Chance(0.3) && Spoil(slice, defect) is { } spoilt ? (spoilt, defect) : (slice, "");
    }

    /// <summary>Null: this slice has nothing that could be wrong in this way.</summary>
    private ShardSlice? Spoil(ShardSlice slice, string defect)
    {
        var events = slice.Events;
        return defect switch
        {
            "old epoch" => slice with { Epoch = slice.Epoch - 1, Events = [.. events.Select(row => row with { Epoch = slice.Epoch - 1 })] },
            "position gap" when events.Count > 0 => slice with { Events = Shifted(events, 1) },
            "position taken" when events.Count > 0 && events[0].Position > 1 => slice with { Events = Shifted(events, -1) },
            "sequence gap" when events.Count > 0 => slice with { Events = Renumbered(events, 1) },
            "sequence taken" when events.Count > 0 && model.VersionOf(events[0].Entity) > 0 => slice with { Events = Renumbered(events, -1), Snapshots = [] },
            "positions apart" when events.Count > 1 => slice with { Events = [.. events.Take(events.Count - 1), .. Shifted([events[^1]], 1)] },
            "event of another shard" when events.Count > 0 => slice with { Events = [events[0] with { Shard = slice.Shard + 1 }, .. events.Skip(1)] },
            _ => SpoilOther(slice, defect),
        };
    }

    private ShardSlice? SpoilOther(ShardSlice slice, string defect)
    {
        var entities = Placed.Where(placed => placed.Shard == slice.Shard).Select(placed => placed.Entity).ToArray();
        var known = _storedResults.Where(result => entities.Contains(result.Entity)).ToArray();
        if (entities.Length == 0)
        {
            return null;
        }

        var entity = Pick(entities);
        return defect switch
        {
            "result twice" when known.Length > 0 => slice with { Results = [.. slice.Results, Again(Pick(known))] },
            "result twice in slice" when slice.Results.Count > 0 => slice with { Results = [.. slice.Results, slice.Results[0] with { Answer = Bytes(3) }] },
            "snapshot ahead" when slice.Events.All(row => row.Entity != entity) => slice with { Snapshots = [Snapshot(entity, 1) with { SequenceNr = model.VersionOf(entity) + 1 }] },
            "snapshot ahead of slice" when slice.Events.Count > 0 => slice with { Snapshots = [Snapshot(slice.Events[^1].Entity, 1) with { SequenceNr = slice.Events[^1].SequenceNr + 1 }] },
            "snapshot of nothing" => slice with { Snapshots = [Snapshot(entity, 1) with { SequenceNr = 0 }] },
            "NUL" => Unstorable(slice, "nul\0"),
            "lone surrogate" => Unstorable(slice, "half\ud800"),
            _ => null,
        };
    }

    private ShardSlice Unstorable(ShardSlice slice, string text)
    {
        var key = new EntityKey("thing", text);
        return Chance(0.5) ? slice with { Results = [Result(key, 0)] } : slice with { Snapshots = [Snapshot(key, 1)] };
    }

    private StoredResult Again((EntityKey Entity, Guid CommandId) known) =>
        new(known.Entity, known.CommandId, default, model.VersionOf(known.Entity), Bytes(3), At());

    private static List<JournalEvent> Shifted(IEnumerable<JournalEvent> events, int by) =>
        [.. events.Select(row => row with { Position = row.Position + by })];

    private static List<JournalEvent> Renumbered(IReadOnlyList<JournalEvent> events, int by) =>
        [.. events.Select(row => row.Entity == events[0].Entity ? row with { SequenceNr = row.SequenceNr + by } : row)];
}
