using AkkaScale.Entities;

namespace AkkaScale.Sharding.Entities;

/// <summary>Rows of one command that the journal has been asked to write, and everybody who waits for them.</summary>
/// <param name="rows">In order; persisted together.</param>
/// <param name="state">After them.</param>
/// <param name="version">After them.</param>
internal sealed class EntityWrite(CommandFlight flight, IReadOnlyList<object> rows, object state, long version, DateTimeOffset at)
{
    public CommandFlight Flight => flight;

    public IReadOnlyList<object> Rows => rows;

    public object State => state;

    public long Version => version;

    public DateTimeOffset At => at;

    /// <summary>Answers that saw this write, and so must not leave before it is durable.</summary>
    public List<(WaitingAsk Asked, EntityReply Reply)>? Held { get; private set; }

    public void Hold(WaitingAsk asked, EntityReply reply) => (Held ??= []).Add((asked, reply));
}
