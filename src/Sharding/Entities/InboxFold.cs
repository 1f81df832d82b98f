using AkkaScale.Entities;
using AkkaScale.Sharding.Ports;

namespace AkkaScale.Sharding.Entities;

/// <summary>What events do to the numbers accepted of each sender. The only place where these change, in memory and in recovery alike.</summary>
internal static class InboxFold
{
    public static EngineState Fold(EngineState engine, string eventType, MessageOrigin? origin) => origin is not { } accepted
        ? engine
        : eventType == EngineEvents.Closed
            ? engine with { Inbox = engine.Inbox.Remove(accepted.Sender) }
            : engine with { Inbox = engine.Inbox.SetItem(accepted.Sender, accepted.Nr) };
}
