using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.Hosting.Reports;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Regions;

namespace AkkaScale.Hosting.Steering;

/// <summary>What this node has of an entity in memory.</summary>
internal sealed class EntityLookTopic(TimeProvider time) : INodeTopic
{
    public const string Topic = "entity/look";

    /// <summary>An entity under load is durable for moments only: one of these is waited for, not for long.</summary>
    private const int Looks = 10;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    public string Name => Topic;

    public async Task<byte[]> AnswerAsync(NodeSession session, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var entity = Read(body);
        var look = await session.Region.LookAsync(entity);
        for (var looked = 1; look is { IsResident: true, State: null } && looked < Looks; looked++)
        {
            await Task.Delay(BetweenLooks, time, cancellationToken);
            look = await session.Region.LookAsync(entity);
        }

        return JsonSerializer.SerializeToUtf8Bytes(Show(look), SteeringJson.Default.EntityLookAnswer);
    }

    internal static EntityKey Read(ReadOnlyMemory<byte> body)
    {
        var question = JsonSerializer.Deserialize(body.Span, SteeringJson.Default.EntityQuestion);
        return question is { Kind: { } kind, Id: { } id }
            ? new EntityKey(kind, id)
            : throw new QuestionRefusedException("The question names no entity.");
    }

    private static EntityLookAnswer Show(EntityLook look)
    {
        if (look.State is not { } state)
        {
            return new EntityLookAnswer(look.IsResident, look.Version, null);
        }

        using var document = JsonDocument.Parse(state);
        return new EntityLookAnswer(look.IsResident, look.Version, document.RootElement.Clone());
    }
}
