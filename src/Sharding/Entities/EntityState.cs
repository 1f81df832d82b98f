using AkkaScale.Entities;
using AkkaScale.Sharding.Options;

namespace AkkaScale.Sharding.Entities;

/// <summary>One entity in memory. Mutable, owned by its actor.</summary>
internal sealed class EntityState(EntityKey key, IEntityKind kind, EntityShardingOptions options)
{
    public EntityKey Key => key;

    public IEntityKind Kind => kind;

    public EntityShardingOptions Options => options;

    /// <summary>With everything that was decided, durable or not.</summary>
    public object Current { get; set; } = kind.InitialState;

    /// <summary>Of <see cref="Current"/>: how many events the entity has.</summary>
    public long Version { get; set; }

    /// <summary>What is in the journal, as far as it has said.</summary>
    public object Durable { get; set; } = kind.InitialState;

    public long DurableVersion { get; set; }

    /// <summary>Durable ones, with and without events: what a recovery would fold.</summary>
    public long RowsSinceSnapshot { get; set; }

    /// <summary>Of the latest row; an entity's time never goes back.</summary>
    public DateTimeOffset LastAt { get; set; } = DateTimeOffset.MinValue;

    /// <summary>Only what is durable.</summary>
    public CommandMemory Memory { get; } = new();

    /// <summary>Commands that are being looked up or written, by id.</summary>
    public Dictionary<Guid, CommandFlight> Flights { get; } = [];

    /// <summary>What the journal has been asked to write and has not answered, oldest first.</summary>
    public Queue<EntityWrite> Writes { get; } = new();

    /// <summary>The newest of <see cref="Writes"/>.</summary>
    public EntityWrite? LastWrite { get; set; }

    public ConfirmationState Confirmations { get; } = new();

    /// <summary>Asks taken in and not yet answered: what the mailbox bound counts.</summary>
    public int Unanswered { get; set; }

    public bool IsStopping { get; set; }

    public bool HasEnded { get; set; }

    /// <summary>Owes nobody an answer: may leave memory.</summary>
    public bool IsQuiet => Unanswered == 0 && Writes.Count == 0 && !IsStopping && !HasEnded;
}
