using AkkaScale.Journal.Writing;

namespace AkkaScale.Journal.Reading;

/// <summary>What the snapshot store read of an entity beside its snapshot, for the journal to pick up.</summary>
internal sealed class HandOver(string persistenceId, Slice slice, long startedAt)
{
    public string PersistenceId => persistenceId;

    /// <summary>Lease and epoch of the moment before the reading began.</summary>
    public Slice Slice => slice;

    /// <summary>A timestamp of the clock, not a time.</summary>
    public long StartedAt => startedAt;

    /// <summary>Null until the reading has ended.</summary>
    public RecoveryRead? Read { get; set; }

    /// <summary>The number of the first event that was asked for.</summary>
    public long From { get; set; }
}
