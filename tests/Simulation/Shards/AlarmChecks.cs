using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;
using AkkaScale.Sharding.Timers;
using AkkaScale.Tests.Unit.Sharding;

namespace AkkaScale.Tests.Simulation.Shards;

/// <summary>What the journal must say of timers: every ring is that of a timer that was set then, has come due, and has not rung before.</summary>
internal static class AlarmChecks
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Goes through one alarm's events; returns the timers that its state still names.</summary>
    public static IReadOnlyCollection<string> Check(EntityKey key, IEnumerable<JournalEvent> events, out int rings)
    {
        var set = new SortedDictionary<string, (long Version, DateTimeOffset Due)>(StringComparer.Ordinal);
        var rung = new HashSet<Guid>();
        var keeps = false;
        foreach (var row in events)
        {
            switch (row.EventType)
            {
                case "set":
                    var named = Read<AlarmWasSet>(row);
                    if (!set.TryGetValue(named.Name, out var present) || present.Due != named.Due)
                    {
                        set[named.Name] = (row.SequenceNr, named.Due);
                    }

                    break;
                case "cancelled":
                    set.Remove(Read<AlarmWasCancelled>(row).Name);
                    break;
                case "mode":
                    keeps = Read<ModeChanged>(row).Mode == AlarmMode.KeepsTimer;
                    break;
                case "rang":
                    var name = Read<Rang>(row).Name;
                    Expect(set.TryGetValue(name, out var timer), $"{key} rang for {name} at {row.SequenceNr}, which was not set");
                    Expect(row.CommandId == TimerCommandId.Of(key, name, timer.Version), $"{key} rang at {row.SequenceNr} for another setting of {name}");
                    Expect(rung.Add(row.CommandId), $"{key} rang twice for {name} set at {timer.Version}");
                    Expect(row.At >= timer.Due, $"{key} rang at {row.At:O} for {name}, due {timer.Due:O}");
                    if (!keeps)
                    {
                        set.Remove(name);
                    }

                    break;
            }
        }

        rings = rung.Count;
        return set.Keys;
    }

    private static T Read<T>(JournalEvent row) => JsonSerializer.Deserialize<T>(row.Payload.Span, Json)!;

    private static void Expect(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"An invariant is broken: {what}.");
        }
    }
}
