using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaScale.Hosting.Reports;

namespace AkkaScale.Hosting.EngineFacts;

/// <summary>How many entities of a kind each shard has in memory here.</summary>
internal sealed class KindCensus : INodeTopic
{
    public const string Topic = "shards/census";

    private static readonly TimeSpan ShardTimeout = TimeSpan.FromMilliseconds(500);

    public string Name => Topic;

    public async Task<byte[]> AnswerAsync(NodeSession session, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var kind = JsonSerializer.Deserialize(body.Span, KindCensusJson.Default.CensusQuestion)?.Kind ?? "";
        var counted = await session.Region.CensusAsync(kind, ShardTimeout, cancellationToken);
        return JsonSerializer.SerializeToUtf8Bytes([.. counted.Select(shard => new CensusCount(shard.Shard, shard.Residents))], KindCensusJson.Default.CensusCountArray);
    }
}

internal sealed record CensusQuestion(string Kind);

internal sealed record CensusCount(int Shard, int Residents);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CensusQuestion))]
[JsonSerializable(typeof(CensusCount[]))]
internal sealed partial class KindCensusJson : JsonSerializerContext;
