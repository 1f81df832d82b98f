using System.Text.Json;
using AkkaScale.Cluster;
using AkkaScale.Cluster.Membership;
using AkkaScale.Hosting.Steering;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Regions;
using AkkaScale.Sharding.Shards;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Hosting.Management;

/// <summary>Shows an entity without waking it, and takes it out of its owner's memory.</summary>
internal sealed class EntityInspection(ClusterInspection inspection)
{
    private static readonly TimeSpan LookTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PassivateTimeout = TimeSpan.FromSeconds(3);

    /// <summary>From its owner's memory, if it is there and durable; else folded here from the journal.</summary>
    /// <exception cref="OrderRefusedException">The stored past cannot be folded.</exception>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<EntityStateAnswer> ShowAsync(IEntityKind kind, EntityKey entity, CancellationToken cancellationToken)
    {
        var session = inspection.Session();
        var (shard, owner, name) = await FindAsync(session, entity, cancellationToken);
        var look = owner is { } holder ? await LookAsync(session, holder, entity, cancellationToken) : null;
        if (look?.State is { } state)
        {
            return new EntityStateAnswer(entity.Kind, entity.Id, shard, name, look.Version, true, "owner", state);
        }

        try
        {
            var past = await EntityPast.ReadAsync(session.Store.Journal, kind, entity, cancellationToken);
            return new EntityStateAnswer(entity.Kind, entity.Id, shard, name, past.Version, look?.IsResident, "journal", Parse(past.State));
        }
        catch (JsonException unreadable)
        {
            throw new OrderRefusedException(
                StatusCodes.Status500InternalServerError, $"The stored past of {entity} cannot be folded: {unreadable.Message} Look at its events.");
        }
    }

    /// <exception cref="OrderRefusedException">It is busy, or its owner does not answer.</exception>
    public async Task<PassivatedAnswer> PassivateAsync(EntityKey entity, CancellationToken cancellationToken)
    {
        var session = inspection.Session();
        var (shard, owner, name) = await FindAsync(session, entity, cancellationToken);
        if (owner is not { } holder)
        {
            return new PassivatedAnswer(entity.Kind, entity.Id, shard, null, false);
        }

        var outcome = await PassivateAsync(session, holder, name, entity, cancellationToken);
        return outcome == PassivateAnswer.Busy
            ? throw new OrderRefusedException(
                StatusCodes.Status409Conflict, $"{entity} has commands or writes under way, or its shard is moving: it stays in memory. Try again.")
            : new PassivatedAnswer(entity.Kind, entity.Id, shard, name, outcome == PassivateAnswer.Passivated);
    }

    private static async Task<(int Shard, Incarnation? Owner, string? Name)> FindAsync(
        NodeSession session, EntityKey entity, CancellationToken cancellationToken)
    {
        var reading = await session.Store.Cluster.ReadAsync(cancellationToken);
        var shard = ShardHash.ShardOf(entity.Id, reading.Identity.ShardCount);
        var owner = reading.Owners[shard].Owner;
        return (shard, owner, reading.Members.FirstOrDefault(member => member.Incarnation == owner)?.NodeName);
    }

    private static byte[] Question(EntityKey entity) =>
        JsonSerializer.SerializeToUtf8Bytes(new EntityQuestion(entity.Kind, entity.Id), SteeringJson.Default.EntityQuestion);

    /// <summary>Null: the owner does not answer, or its state is too large to send.</summary>
    private static async Task<EntityLookAnswer?> LookAsync(NodeSession session, Incarnation owner, EntityKey entity, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await session.Questions.AskAsync(owner, EntityLookTopic.Topic, Question(entity), LookTimeout, cancellationToken);
            return JsonSerializer.Deserialize(answer, SteeringJson.Default.EntityLookAnswer);
        }
        catch (Exception silence) when (silence is TimeoutException or QuestionRefusedException or JsonException)
        {
            return null;
        }
    }

    private static async Task<string?> PassivateAsync(
        NodeSession session, Incarnation owner, string? name, EntityKey entity, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await session.Questions.AskAsync(owner, EntityPassivateTopic.Topic, Question(entity), PassivateTimeout, cancellationToken);
            return JsonSerializer.Deserialize(answer, SteeringJson.Default.PassivateAnswer)?.Outcome;
        }
        catch (TimeoutException)
        {
            throw new OrderRefusedException(
                StatusCodes.Status503ServiceUnavailable, $"The owner, node {name}, does not answer; whether {entity} left its memory is not known.");
        }
        catch (QuestionRefusedException refused)
        {
            throw new OrderRefusedException(StatusCodes.Status503ServiceUnavailable, $"The owner, node {name}, says: {refused.Message}");
        }
    }

    private static JsonElement? Parse(ReadOnlyMemory<byte> state)
    {
        if (state.IsEmpty)
        {
            return null;
        }

        using var document = JsonDocument.Parse(state);
        return document.RootElement.Clone();
    }
}
