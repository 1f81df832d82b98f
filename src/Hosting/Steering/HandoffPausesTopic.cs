using System.Text.Json;
using AkkaScale.Hosting.Reports;
using AkkaScale.LegacySharding;

namespace AkkaScale.Hosting.Steering;

/// <summary>The last pauses that this node measured when it handed shards off.</summary>
internal sealed class HandoffPausesTopic(ShardingMetrics metrics) : INodeTopic
{
    public const string Topic = "handoff/pauses";

    public string Name => Topic;

    public Task<byte[]> AnswerAsync(NodeSession session, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var pauses = metrics.Pauses.Last().Select(pause => new PauseShape(pause.Residents, pause.Pause.TotalSeconds));
        return Task.FromResult(JsonSerializer.SerializeToUtf8Bytes(new PausesAnswer([.. pauses]), SteeringJson.Default.PausesAnswer));
    }
}
