using System.Buffers;
using System.Collections.Concurrent;
using AkkaScale.Domain;
using AkkaScale.Domain.Tasks;
using AkkaScale.Entities;
using AkkaScale.Gateway.Comments;
using AkkaScale.Node.Comments;

namespace AkkaScale.Tests.Unit.Gateway;

/// <summary>
/// The task system's real kinds, run one command at a time in memory, with deduplication in the order that entities have it. Only the cluster is absent. The
/// n-th event of every entity happened n minutes after noon.
/// </summary>
internal sealed class InMemoryEntities : IEntityClient, ITaskComments
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly EntityKindRegistry _kinds = new(TaskSystem.Kinds);
    private readonly Dictionary<EntityKey, Entity> _entities = [];
    private readonly Lock _lock = new();

    /// <summary>Every command and read, as the gateway asked it.</summary>
    public ConcurrentQueue<EntityCommand> Asked { get; } = new();

    /// <summary>Gives another reply than the entity would, or null; or throws.</summary>
    public Func<EntityCommand, EntityReply?>? Instead { get; set; }

    /// <summary>Runs before comments are read; may throw.</summary>
    public Func<CancellationToken, Task> BeforeHistory { get; set; } = _ => Task.CompletedTask;

    public ValueTask<EntityReply> AskAsync(EntityCommand command, CancellationToken cancellationToken)
    {
        Asked.Enqueue(command);
        Assert.InRange(command.Timeout, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(30));
        return new(Instead?.Invoke(command) ?? Answer(command));
    }

    public async Task<CommentPage?> ReadAsync(string task, long after, long upTo, int limit, CancellationToken cancellationToken)
    {
        try
        {
            await BeforeHistory(cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }

        return await CommentPages.ReadAsync((above, wanted) => Task.FromResult(Comments(task, above, wanted)), after, upTo, limit);
    }

    private IReadOnlyList<StoredComment> Comments(string task, long above, int wanted)
    {
        lock (_lock)
        {
            return [.. _entities[new(TaskEntity.Kind, task)].Events
                .Where(stored => stored.Version > above && stored.EventType == CommentPages.EventType)
                .Take(wanted)];
        }
    }

    /// <summary>How many events the entity has.</summary>
    public long VersionOf(string kind, string id)
    {
        lock (_lock)
        {
            return _entities.TryGetValue(new(kind, id), out var entity) ? entity.Version : 0;
        }
    }

    private EntityReply Answer(EntityCommand ask)
    {
        var kind = _kinds.Find(ask.Entity.Kind)!;
        Assert.True(kind.Accepts(ask.Command));
        lock (_lock)
        {
            if (!_entities.TryGetValue(ask.Entity, out var entity))
            {
                _entities.Add(ask.Entity, entity = new(kind.InitialState));
            }

            if (ask.IsRead)
            {
                return Reply(ask, kind, entity, Decide(ask, kind, entity));
            }

            var commandId = Assert.NotNull(ask.CommandId);
            if (entity.Remembered.TryGetValue(commandId, out var first))
            {
                return first.Hash != ask.Hash
                    ? new(ReplyStatus.PayloadDiffers, "idempotency/payload-differs", "", entity.Version, false, false, null)
                    : first.Reply with { Replayed = true, Body = first.Reply.Version == entity.Version ? first.Reply.Body : null };
            }

            var reply = Reply(ask, kind, entity, Decide(ask, kind, entity));
            entity.Remembered.Add(commandId, (ask.Hash, reply));
            return reply;
        }
    }

    private static EntityDecision? Decide(EntityCommand ask, IEntityKind kind, Entity entity)
    {
        if (ask.Precondition is { } precondition)
        {
            return new(entity.State, [], precondition);
        }

        if (ask.ExpectedVersion is { } expected && expected != entity.Version)
        {
            return null;
        }

        // Through its JSON, as between nodes.
        var wire = new ArrayBufferWriter<byte>();
        kind.WriteCommand(wire, ask.Command);
        return kind.Decide(
            entity.State,
            kind.ReadCommand(new(wire.WrittenMemory)),
            new CommandContext(ask.Entity.Id, entity.Version, ask.ActingUser, Noon.AddMinutes(entity.Version + 1)));
    }

    private static EntityReply Reply(EntityCommand ask, IEntityKind kind, Entity entity, EntityDecision? decided)
    {
        if (decided is not { } decision)
        {
            return new(ReplyStatus.VersionMismatch, "version/mismatch", $"The entity is at version {entity.Version}.", entity.Version, false, false, null);
        }

        if (decision.Refusal is { } refusal)
        {
            return new(ReplyStatus.Refused, refusal.Code, refusal.Detail, entity.Version, false, false, null);
        }

        var created = entity.Version == 0;
        foreach (var happened in decision.Events)
        {
            entity.Version++;
            entity.Events.Add(new(entity.Version, happened.EventType, happened.Payload, Noon.AddMinutes(entity.Version)));
        }

        entity.State = decision.NewState;
        var status = decision.Events.Count == 0 ? ReplyStatus.Unchanged : ReplyStatus.Accepted;
        var body = new Body(kind, entity.State, ask.Entity.Id, entity.Version);
        return new(status, "", "", entity.Version, created && decision.Events.Count > 0, false, body);
    }

    private sealed class Entity(object initial)
    {
        public object State { get; set; } = initial;

        public long Version { get; set; }

        public List<StoredComment> Events { get; } = [];

        public Dictionary<Guid, (PayloadHash Hash, EntityReply Reply)> Remembered { get; } = [];
    }

    private sealed class Body(IEntityKind kind, object state, string id, long version) : IReplyBody
    {
        public void WriteTo(IBufferWriter<byte> output) => kind.WriteReply(output, state, id, version);
    }
}
