using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.Sharding.Events;
using AkkaScale.Sharding.Options;

namespace AkkaScale.Sharding.Entities;

/// <summary>Folds an entity's snapshot and rows, in order, into its state.</summary>
internal sealed class EntityFold(EntityKey key, IEntityKind kind, EntityShardingOptions options)
{
    private readonly EntityState _state = new(key, kind, options);

    public long Rows { get; private set; }

    /// <exception cref="JsonException">A gap, a row of something else, an unknown event or an unreadable payload.</exception>
    public void Add(object row)
    {
        switch (row)
        {
            case EntityMemorySnapshot snapshot:
                Start(snapshot);
                return;
            case EntityEvent happened when happened.Kind == kind.Name:
                Event(happened);
                break;
            case EntityAnswered answered:
                Row(answered.At, answered.Answered);
                break;
            default:
                throw new JsonException($"{key} has a row that is none of its own: {row.GetType().Name}.");
        }

        Rows++;
    }

    public EntityState Finish()
    {
        _state.Durable = _state.Current;
        _state.DurableVersion = _state.Version;
        _state.RowsSinceSnapshot = Rows;
        return _state;
    }

    private void Start(EntityMemorySnapshot snapshot)
    {
        _state.Current = snapshot.State;
        _state.Version = snapshot.Version;
        _state.LastAt = snapshot.LastAt;
        foreach (var command in snapshot.Commands)
        {
            _state.Memory.Add(command, options.RememberedCommands);
        }

        if (snapshot.Truncated)
        {
            _state.Memory.MarkTruncated();
        }
    }

    private void Event(EntityEvent happened)
    {
        if (happened.Version != _state.Version + 1)
        {
            throw new JsonException($"{key} goes on at version {happened.Version} after {_state.Version}.");
        }

        var context = new EventContext(key.Id, happened.Version, happened.At);
        _state.Current = kind.Evolve(_state.Current, happened.EventType, happened.Payload, context);
        _state.Version = happened.Version;
        Row(happened.At, happened.Answered);
    }

    private void Row(DateTimeOffset at, RememberedCommand? answered)
    {
        _state.LastAt = at > _state.LastAt ? at : _state.LastAt;
        if (answered is { } command)
        {
            _state.Memory.Add(command, options.RememberedCommands);
        }
    }
}
