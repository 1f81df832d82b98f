using System.Globalization;
using Akka.Cluster.Sharding;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Routing;

/// <summary>A program's own extractor, beside which shards can be touched.</summary>
internal sealed class SteeredExtractor(IMessageExtractor inside) : IMessageExtractor
{
    /// <summary>Ids that are asked for their shards before the region starts.</summary>
    private const int Samples = 64;

    /// <exception cref="ArgumentException">Its shards are not numbers from 0, below the count: nobody could name them.</exception>
    public static SteeredExtractor Of(string region, IMessageExtractor extractor, int shardCount)
    {
        for (var sample = 0; sample < Samples; sample++)
        {
            var shard = extractor.ShardId(FormattableString.Invariant($"sample-{sample}"), null);
            if (!int.TryParse(shard, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= shardCount)
            {
                throw new ArgumentException(
                    $"The region {region} has a shard \"{shard}\": to be steered its shards must be numbers from 0 to {shardCount - 1}.");
            }
        }

        return new SteeredExtractor(extractor);
    }

    public string? EntityId(object message) => message is TouchShard ? TouchShard.EntityId : inside.EntityId(message);

    public object? EntityMessage(object message) => message is TouchShard ? message : inside.EntityMessage(message);

    public string? ShardId(object message) => EntityId(message) is { } id ? ShardId(id, message) : null;

    public string ShardId(string entityId, object? messageHint = null) =>
        messageHint is TouchShard touch ? touch.Shard.ToString(CultureInfo.InvariantCulture) : inside.ShardId(entityId, messageHint);
}
