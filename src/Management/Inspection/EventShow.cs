using System.Text.Json;
using AkkaScale.Management.Facts;
using AkkaScale.Sharding.Reading;

namespace AkkaScale.Management.Inspection;

/// <summary>Events as they are shown. Pure.</summary>
internal static class EventShow
{
    /// <summary>
    /// Only the last event of a command keeps its id: those before it get it from there. It stays unknown where a page ends within a command.
    /// </summary>
    /// <param name="stored">In order.</param>
    public static IReadOnlyList<EntityEvent> Page(ShardKey shard, IReadOnlyList<StoredEntityEvent> stored)
    {
        var shown = new EntityEvent[stored.Count];
        string? command = null;
        for (var at = stored.Count - 1; at >= 0; at--)
        {
            var happened = stored[at];
            command = happened.CommandId is { } own ? Guid.TryParse(own, out var id) ? id.ToString() : own : command;
            shown[at] = new EntityEvent(
                happened.Version, happened.EventType, shard, happened.Epoch, command, happened.At,
                JsonElement.Parse(happened.Payload.Span));
        }

        return shown;
    }
}
