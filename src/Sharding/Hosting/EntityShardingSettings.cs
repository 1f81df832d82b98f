using Akka.Configuration;
using AkkaScale.Sharding.Options;

namespace AkkaScale.Sharding.Hosting;

/// <summary>Every HOCON setting of entities that differs from Akka's default, and why.</summary>
internal static class EntityShardingSettings
{
    public static Config For(EntityShardingOptions options) => ConfigurationFactory.ParseString(
        $$"""
        akka.actor {
            # Nothing goes through Akka's reflection serializer: what has no serializer of its own is an error, not a surprise at an upgrade.
            serialization-settings.allow-unregistered-types = off
        }

        akka.cluster.sharding {
            role = {{options.Role}}
            passivate-idle-entity-after = {{FormattableString.Invariant($"{options.PassivateAfter.TotalMilliseconds:F0}ms")}}

            # What waits for a shard is bounded by the clients, who repeat what was lost; a region's buffer must not be the smaller bound.
            buffer-size = {{options.MaxAsks * 2}}
        }
        """);
}
