using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;

namespace AkkaScale.Journal.Care;

/// <summary>A row that an export carries: what entities have done. Epochs, owners and snapshots are not among them.</summary>
public abstract record StoreRow
{
    private StoreRow()
    {
    }

    public sealed record Event(JournalEvent Row) : StoreRow;

    /// <summary>An answer without an event: a refusal, or a command that changed nothing.</summary>
    public sealed record Result(StoredResult Row) : StoreRow;
}
