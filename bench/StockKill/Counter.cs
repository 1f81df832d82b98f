using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Persistence;

namespace AkkaScale.StockKill;

internal sealed record Add(string Id);

internal sealed record Added(long Number);

/// <summary>An entity that writes an event for each command.</summary>
internal sealed class Counter : ReceivePersistentActor
{
    public const string Region = "counter";
    public const int Shards = 50;

    private long _number;

    public Counter(string id)
    {
        PersistenceId = PersistenceIdOf(id);
        Recover<Added>(added => _number = added.Number);
        Command<Add>(_ => Persist(new Added(_number + 1), added =>
        {
            _number = added.Number;
            Sender.Tell(added);
        }));
    }

    public override string PersistenceId { get; }

    public static string PersistenceIdOf(string id) => $"{Region}-{id}";

    public static string? ShardOf(string persistenceId) =>
        persistenceId.StartsWith($"{Region}-", StringComparison.Ordinal) ? new Extractor().ShardId(persistenceId[(Region.Length + 1)..]) : null;

    /// <summary>Akka's own hash of an id into a number of shards.</summary>
    internal sealed class Extractor() : HashCodeMessageExtractor(Shards)
    {
        public override string? EntityId(object message) => (message as Add)?.Id;
    }
}
