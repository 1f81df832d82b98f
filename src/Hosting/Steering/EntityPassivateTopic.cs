using System.Text.Json;
using AkkaScale.Hosting.Reports;
using AkkaScale.LegacySharding.Regions;

namespace AkkaScale.Hosting.Steering;

/// <summary>Takes an entity out of this node's memory.</summary>
internal sealed class EntityPassivateTopic(TimeProvider time) : INodeTopic
{
    public const string Topic = "entity/passivate";

    /// <summary>With <see cref="BetweenTries"/>: how long an entity that owes answers is waited for.</summary>
    private const int Tries = 50;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(20);

    public string Name => Topic;

    public async Task<byte[]> AnswerAsync(NodeSession session, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var entity = EntityLookTopic.Read(body);
        var outcome = await session.Region.PassivateAsync(entity);
        for (var tried = 1; outcome == PassivateOutcome.Busy && tried < Tries; tried++)
        {
            await Task.Delay(BetweenTries, time, cancellationToken);
            outcome = await session.Region.PassivateAsync(entity);
        }

        return JsonSerializer.SerializeToUtf8Bytes(new PassivateAnswer(Text(outcome)), SteeringJson.Default.PassivateAnswer);
    }

    private static string Text(PassivateOutcome outcome) => outcome switch
    {
        PassivateOutcome.Passivated => PassivateAnswer.Passivated,
        PassivateOutcome.NotResident => PassivateAnswer.NotResident,
        _ => PassivateAnswer.Busy,
    };
}
