using AkkaScale.Journal.Options;

namespace AkkaScale.Sharding.Events;

/// <summary>
/// A row for an answer without an event: refused, unchanged, another version than expected. It does not raise the entity's version. What
/// was once told to a client's key is told to it again, whatever the entity has become since.
/// </summary>
internal sealed record EntityAnswered(RememberedCommand Answered, DateTimeOffset At) : IHasCommandId
{
    public string CommandId => RememberedCommand.Text(Answered.CommandId);
}
