using Akka.Actor;
using Akka.Actor.Setup;
using AkkaScale.Domain;
using AkkaScale.Entities;
using AkkaScale.Sharding.Options;
using AkkaScale.Sharding.Serialization;

namespace AkkaScale.Tests.Unit.EntitySharding;

/// <summary>The serializer in a system of its own, whose clock a test moves.</summary>
public sealed class SerializerUnderTest : IAsyncLifetime
{
    private ActorSystem? _system;


    internal EntitySerializer Serializer { get; private set; } = null!;

    internal StillTime Time { get; } = new();

    public Task InitializeAsync()
    {
        var setup = new EntityShardingSetup(new EntityKindRegistry(TaskSystem.Kinds), new EntityShardingOptions(), Time);
        _system = ActorSystem.Create("serializer", ActorSystemSetup.Create(BootstrapSetup.Create(), setup));
        Serializer = new EntitySerializer((ExtendedActorSystem)_system);
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _system!.Terminate();

    internal sealed class StillTime : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromSeconds(100);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
