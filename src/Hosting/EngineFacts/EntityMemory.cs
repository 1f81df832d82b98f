using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.Hosting.Facts;
using AkkaScale.Hosting.Steering;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Regions;
using AkkaScale.LegacySharding.Shards;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Hosting.EngineFacts;

/// <summary>Finds an entity's owner and asks it what it has in memory.</summary>
internal sealed class EntityMemory(ClusterInspection inspection)
{
    private static readonly TimeSpan LookTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PassivateTimeout = TimeSpan.FromSeconds(3);

    public async Task<EntityOwner> FindAsync(EntityKey entity, CancellationToken cancellationToken)
    {
        var session = inspection.Session();
        var reading = await session.Store.Cluster.ReadAsync(cancellationToken);
        var shard = ShardHash.ShardOf(entity.Id, reading.Identity.ShardCount);
        var row = reading.Owners[shard];
        var name = ClusterInspection.Find(reading, row.Owner)?.NodeName;
        return new EntityOwner(session, new ShardKey(null, shard), row.Owner, name, row.Epoch);
    }

    /// <summary>Null: nobody owns it, or the owner does not answer in time.</summary>
    public static async Task<bool?> IsResidentAsync(EntityOwner owner, EntityKey entity, CancellationToken cancellationToken)
    {
        var session = owner.Session;
        var timeout = ClusterInspection.OwnerTimeout;
        try
        {
            return owner.Member is not { } member ? null
                : member == session.Self.Incarnation ? await session.Region.IsResidentAsync(entity).WaitAsync(timeout, cancellationToken)
                : (await session.Frames.AskStatsAsync(member, entity, timeout, cancellationToken)).IsResident;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Null: nobody owns it, the owner does not answer, or its state is too large to send.</summary>
    public static async Task<EntityLookAnswer?> LookAsync(EntityOwner owner, EntityKey entity, CancellationToken cancellationToken)
    {
        if (owner.Member is not { } member)
        {
            return null;
        }

        try
        {
            var answer = await owner.Session.Questions.AskAsync(
                member, EntityLookTopic.Topic, Question(entity), LookTimeout, cancellationToken);
            return JsonSerializer.Deserialize(answer, SteeringJson.Default.EntityLookAnswer);
        }
        catch (Exception silence) when (silence is TimeoutException or QuestionRefusedException or JsonException)
        {
            return null;
        }
    }

    /// <returns>False: it was not in memory.</returns>
    /// <exception cref="OrderRefusedException">It is busy, or its owner does not answer.</exception>
    public static async Task<bool> PassivateAsync(EntityOwner owner, EntityKey entity, CancellationToken cancellationToken)
    {
        if (owner.Member is not { } member)
        {
            return false;
        }

        try
        {
            var answer = await owner.Session.Questions.AskAsync(
                member, EntityPassivateTopic.Topic, Question(entity), PassivateTimeout, cancellationToken);
            var outcome = JsonSerializer.Deserialize(answer, SteeringJson.Default.PassivateAnswer)?.Outcome;
            return outcome == PassivateAnswer.Busy
                ? throw new OrderRefusedException(
                    StatusCodes.Status409Conflict,
                    $"{entity} has commands or writes under way, or its shard is moving: it stays in memory. Try again.")
                : outcome == PassivateAnswer.Passivated;
        }
        catch (TimeoutException)
        {
            throw new OrderRefusedException(
                StatusCodes.Status503ServiceUnavailable,
                $"The owner, node {owner.Name}, does not answer; whether {entity} left its memory is not known.");
        }
        catch (QuestionRefusedException refused)
        {
            throw new OrderRefusedException(
                StatusCodes.Status503ServiceUnavailable, $"The owner, node {owner.Name}, says: {refused.Message}");
        }
    }

    private static byte[] Question(EntityKey entity) =>
        JsonSerializer.SerializeToUtf8Bytes(new EntityQuestion(entity.Kind, entity.Id), SteeringJson.Default.EntityQuestion);
}

/// <param name="Member">Null: nobody owns the shard.</param>
internal sealed record EntityOwner(NodeSession Session, ShardKey Shard, Incarnation? Member, string? Name, long Epoch);
